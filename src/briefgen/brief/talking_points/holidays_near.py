"""Public holidays where they are, as facts for planning; never a guess about a person.

The country is as given; else it is inferred from the address, a telephone number or the time zone,
and the line says so.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Final, Literal

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.contacts.contact import Contact
from briefgen.workspace.built_in import kept
from briefgen.workspace.value import Value

_AHEAD: Final = timedelta(days=7)


class Country(Value, frozen=True, kw_only=True):
    """A country, by its code (ISO 3166), and the field that says so."""

    code: str
    told_by: Literal["country", "address", "telephones", "timezone"]


def lines(person: Person) -> Iterator[Line]:
    """Each public holiday of the week that begins with the meeting, by the day where they are."""
    country = country_of(person.contact)
    if country is None:
        return
    today, language = person.local_day(), person.occasion.language
    text = language.text
    for day, name in holidays_between(country.code, today, today + _AHEAD, str(language.locale)):
        where = _in_words(person, country)
        if day == today:
            said = text("Today is {name} ({country})", name=name, country=where)
        else:
            is_near = day - today < _AHEAD  # a week ahead it is the weekday of today
            weekday = language.weekday(day) if is_near else language.day_and_month(day)
            said = text(
                "{weekday} is {name} ({country})", weekday=weekday, name=name, country=where
            )
        yield person.line("say", said, "holiday", country.told_by, rank=56)


def _in_words(person: Person, country: Country) -> str:
    text = person.text
    by = {
        "address": text("by the address"),
        "telephones": text("by the telephone number"),
        "timezone": text("by the time zone"),
    }.get(country.told_by)
    return text("{country}, {by}", country=country.code, by=by) if by else country.code


@lru_cache(maxsize=500)
def holidays_between(
    code: str, first: date, last: date, locale: str
) -> tuple[tuple[date, str], ...]:
    """The public holidays of a country, or of a part of one, by day, in a language where known."""
    years = range(first.year, last.year + 1)
    every = (one for year in years for one in _holidays_of(code, year, locale))
    found = ((date.fromisoformat(day), name) for day, name in every)
    return tuple((day, name) for day, name in found if first <= day <= last)


def _holidays_of(code: str, year: int, locale: str) -> list[tuple[str, str]]:
    """Those of a year, kept, since the library takes 4 MB for as long as a program runs."""
    library = find_spec("holidays")
    sources = [Path(library.origin)] if library is not None and library.origin else []
    found: list[tuple[str, str]] = kept(
        f"holidays.{code}.{year}.{locale}",
        sources,
        lambda: list(_calculated(code, year, locale)),
    )
    return found


def _calculated(code: str, year: int, locale: str) -> Iterator[tuple[str, str]]:
    holidays = _library()
    country, _, part = code.partition("-")
    try:
        known = holidays.country_holidays(country, subdiv=part or None, years=year)
    except NotImplementedError:
        return
    spoken = _spoken(known.supported_languages, locale)
    if spoken is not None:
        known = holidays.country_holidays(country, subdiv=part or None, years=year, language=spoken)
    yield from ((day.isoformat(), name) for day, name in sorted(known.items()))


def _library() -> ModuleType:
    """The library, made to read the rules of only the countries that are needed.

    Its package of countries reads those of all 250: 0.1 s and 8 MB. With an empty package in its
    place each country's module is still found.
    """
    import holidays  # noqa: PLC0415  # slow to import; most briefs need none

    every = find_spec("holidays.countries")
    if every is not None:
        sys.modules.setdefault(every.name, module_from_spec(every))
    return holidays


def _spoken(supported: tuple[str, ...], locale: str) -> str | None:
    """The library's language for the page's, else English, else none of them."""
    wanted = (locale, locale[:2], "en_US", "en_GB", "en")
    return next((one for want in wanted for one in supported if one.startswith(want)), None)


def country_of(contact: Contact) -> Country | None:
    """The country a contact is in; None if nothing says."""
    if contact.country is not None:
        return Country(code=contact.country, told_by="country")
    if contact.address and (code := _of_address(contact.address)):
        return Country(code=code, told_by="address")
    for number in contact.telephones:
        if code := _of_telephone(number):
            return Country(code=code, told_by="telephones")
    if contact.timezone and (code := _of_zone(contact.timezone)):
        return Country(code=code, told_by="timezone")
    return None


def _of_address(address: str) -> str | None:
    """By the country's name at the end of an address, in any language of the page."""
    last = address.replace("\n", ",").rpartition(",")[2].strip().casefold()
    return _names().get(last)


@cache
def _names() -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415  # slow to import; most contacts have no address

    found: dict[str, str] = {"usa": "US", "uk": "GB", "england": "GB", "u.s.a.": "US"}
    for language in ("en", "de", "fr", "es", "it", "nl", "pt", "ja", "ar"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():  # noqa: PLR2004  # not a continent
                found.setdefault(name.casefold(), code)
    return found


def _of_telephone(number: str) -> str | None:
    if not number.strip().startswith("+"):
        return None
    import phonenumbers  # noqa: PLC0415  # slow to import; used only as a last resort

    try:
        code = phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None
    return code if code and code.isalpha() else None


def _of_zone(zone: str) -> str | None:
    from babel.core import get_global  # noqa: PLC0415  # slow to import

    code = get_global("zone_territories").get(zone)
    return str(code) if code and code != "001" else None
