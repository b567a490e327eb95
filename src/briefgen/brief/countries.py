"""The country a contact is in: as given, else as address, telephone or time zone tell it."""

from functools import cache
from typing import Literal

from briefgen.contacts.contact import Contact
from briefgen.workspace.value import Value


class Country(Value, frozen=True, kw_only=True):
    """A country, by its code (ISO 3166), and the field that tells it."""

    code: str
    told_by: Literal["country", "address", "telephones", "timezone"]


def country_of(contact: Contact) -> Country | None:
    """The country a contact is in; None where nothing tells it."""
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
    """By the name of a country that stands last in an address, in any language of the page."""
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
    import phonenumbers  # noqa: PLC0415  # slow to import; used only where nothing else tells

    try:
        code = phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return None
    return code if code and code.isalpha() else None


def _of_zone(zone: str) -> str | None:
    from babel.core import get_global  # noqa: PLC0415  # slow to import

    code = get_global("zone_territories").get(zone)
    return str(code) if code and code != "001" else None
