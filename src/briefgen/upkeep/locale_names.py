"""Languages and time zones as people name them: `German`, `deutsch`, `Berlin`, `ニューヨーク`."""

from collections.abc import Iterator, Mapping
from zoneinfo import available_timezones

from babel import Locale

from briefgen.contacts.book import name_key
from briefgen.upkeep.setup import DEFAULT_LOCALE, refusal
from briefgen.workspace.language import LANGUAGES, language_of


def locale_of(environment: Mapping[str, str]) -> str:
    """The locale that the system's variables name (`de_DE` of `de_DE.UTF-8`), else en_GB."""
    for variable in ("LC_ALL", "LC_TIME", "LANG"):
        name = environment.get(variable, "").partition(".")[0].partition("@")[0]
        if name in {"", "C", "POSIX"}:
            continue
        return DEFAULT_LOCALE if refusal(locale=name) else name
    return DEFAULT_LOCALE


def locale_meant(given: str, *, default: str) -> str:
    """The locale that a language's name in any of the languages means; else what was given.

    Args:
        given: like `german`, `Deutsch`, `Brazilian Portuguese`, `de` or `de_CH`.
        default: the locale that goes with the machine, taken where it is of that language.
    """
    wanted = name_key(given)
    for shown_in in LANGUAGES:
        for code, name in Locale.parse(shown_in).languages.items():
            if name_key(name) == wanted and not refusal(locale=code):
                return _with_country(code, default)
    return given


def _with_country(code: str, default: str) -> str:
    if "_" in code:
        return str(code)
    return next((one for one in (default, DEFAULT_LOCALE) if one[:2] == code), code)


def zone_meant(given: str, *, locale: str) -> str:
    """The time zone that a city's name means, in English or a language; else what was given."""
    if not refusal(timezone=given or None):
        return given
    wanted = name_key(given)
    found = (zone for zone in sorted(available_timezones()) if wanted in _names(zone, locale))
    return min(found, key=lambda zone: ("/" not in zone, zone.count("/")), default=given)


def _names(zone: str, locale: str) -> Iterator[str]:
    """A zone's own name, its city in English and in a language, as `name_key` has them."""
    city = zone.rpartition("/")[2].replace("_", " ")
    yield from map(name_key, (zone, city, language_of(locale).city(zone)))
