"""The values of single properties of a card: names in parts, labels, numbers, pictures."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

from briefgen.contacts.book import name_key
from briefgen.contacts.exchange.text import one_line
from briefgen.contacts.exchange.vcard_lines import Property
from briefgen.workspace.value import Value

_APPLE_LABEL = re.compile(r"\A_\$!<(.*)>!\$_\Z")


class StructuredName(Value, frozen=True, kw_only=True):
    """A name in parts (N)."""

    whole: str = ""
    filed: str = ""
    prefix: str = ""
    middle: str = ""
    suffix: str = ""

    def beside(self, name: str) -> Iterator[tuple[str, str]]:
        """The parts that the name does not show, each with its label."""
        parts = (("Salutation", self.prefix), ("Middle name", self.middle), ("Suffix", self.suffix))
        shown = name_key(name)
        return ((label, text) for label, text in parts if text and name_key(text) not in shown)


def whole_name(given: str, middle: str, family: str) -> str:
    """The parts in order; Chinese, Japanese and Korean names begin with the family's."""
    if re.match(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", family):
        return one_line(f"{family} {given}")
    return one_line(f"{given} {middle} {family}")


def structured_name(one: Property) -> StructuredName:
    """N put together."""
    parts = [one_line(part.replace(",", " ")) for part in one.components()]
    family, given, middle, prefix, suffix = [*parts, *[""] * 5][:5]
    whole = whole_name(given, middle, family)
    if whole and suffix:
        whole = f"{whole} {suffix}"
    filed = f"{family}, {given}" if family and given else ""
    return StructuredName(whole=whole, filed=filed, prefix=prefix, middle=middle, suffix=suffix)


def is_company(name: str, organization: Property | None, parts: Property | None) -> bool:
    """Whether a card's name is its organization's, and no part of it is a person's."""
    if not name or organization is None or one_line(organization.components()[0]) != name:
        return False
    return parts is None or not any(part.strip() for part in parts.components()[1:3])


def label_of(text: str) -> str:
    """What Apple calls a property, without the marks around its own words."""
    return one_line(_APPLE_LABEL.sub(r"\1", text.strip()))


def type_of(one: Property) -> str:
    """The TYPE of a link that says what it is, like LINKEDIN; home and work say nothing."""
    nothing = {"PREF", "INTERNET", "URL", "HOME", "WORK", "OTHER", "VOICE"}
    kinds = [k for k in one.parameters.get("TYPE", ()) if k not in nothing]
    shown = next(iter(kinds), "").lower()
    return {"linkedin": "LinkedIn", "github": "GitHub", "xing": "XING"}.get(shown, shown)


def rank_of(one: Property) -> int:
    """The preferred ones first (PREF=1, or TYPE=pref)."""
    preference = "".join(one.parameters.get("PREF", ()))
    return int(preference) if preference.isdecimal() else 1 if one.is_of("PREF") else 101


def by_preference(properties: Iterable[Property]) -> list[str]:
    """The values, the preferred ones first."""
    return [one.text for one in sorted(properties, key=rank_of) if one.text.strip()]


def number_of(text: str) -> str:
    """A telephone number as people read it; of a `tel:` address (RFC 3966) also its extension."""
    number = re.sub(r"(?i)\Atel:", "", one_line(text)).replace("%2D", "-")
    number, _, rest = number.partition(";")
    extension = re.search(r"(?i)ext=([\d-]+)", rest)
    return f"{number} ext. {extension[1]}" if extension else number


def photo_of(properties: Iterable[Property], remarks: list[str]) -> bytes | None:
    """The first picture that is in the card itself; addresses are not followed."""
    for one in properties:
        data = one.raw
        if found := re.match(rb"(?i)data:[^,;]*;base64,", data):
            data = data[found.end() :]
        elif not {"B", "BASE64"} & set(one.parameters.get("ENCODING", ())):
            if data.strip():
                remarks.append("a photo that is only named by an address is not fetched")
            continue
        try:
            return base64.b64decode(re.sub(rb"[\s\\]", b"", data), validate=True)
        except (binascii.Error, ValueError):
            remarks.append("the photo is broken")
    return None
