"""Names: how a line calls somebody, and by which names a note speaks of them."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Final

from briefgen.brief.words import UNSPACED, fold
from briefgen.contacts.contact import Contact

HONORIFICS: Final = frozenset(
    {"dr", "prof", "herr", "frau", "mr", "mrs", "ms", "mme", "sir", "dra", "ing"}
)
_SHORTEST: Final = 3
_ALSO_WORDS: Final = frozenset(
    """
    will mark may grace hope rose bill frank art jack pat rob sue dawn summer faith joy drew chase
    grant june april autumn ivy pearl ruby amber sky max miles dean earl guy jim christian angel
    bob don gene ray rich rusty stew ward wade woody bea penny sunny reed glen cliff dale lane
    """.split()  # noqa: SIM905  # a list of words reads better as words
)
"""Given names that are also words; they count only where they are written as names."""


def short_names(names: Sequence[str], own: Sequence[str | None]) -> list[str]:
    """How lines name several people: the given name, told apart where two share it.

    Args:
        names: their full names.
        own: how each wants to be addressed, where that is known.
    """
    shorts = [wanted or given_name(name) for name, wanted in zip(names, own, strict=True)]
    folded = [fold(one) for one in shorts]
    return [
        _told_apart(
            name, short, [n for n, key in zip(names, folded, strict=True) if key == fold(short)]
        )
        for name, short in zip(names, shorts, strict=True)
    ]


def _told_apart(name: str, short: str, sharing: Sequence[str]) -> str:
    """`Anna B.` where the first letters of the surnames differ, else the whole name."""
    if len(sharing) == 1:
        return short
    letters = [_surname(one)[:1] for one in sharing]
    if not all(letters) or len(set(letters)) < len(letters) or UNSPACED.search(name):
        return name
    return f"{short} {_surname(name)[0]}."


def given_name(name: str) -> str:
    """The first of several words; the whole name where that would be wrong or rude."""
    words = name.split()
    if len(words) < 2 or UNSPACED.search(name) or words[0].endswith((".", ",")):  # noqa: PLR2004
        return name.rstrip(",") if len(words) == 1 else name
    if fold(words[0]) in HONORIFICS:
        return name
    return words[0] if len(words[0]) > 1 else name


def _surname(name: str) -> str:
    words = name.split()
    return words[-1] if len(words) > 1 else ""


def names_of(contact: Contact, firms: Collection[str]) -> tuple[str, ...]:
    """The names by which a note may speak of a contact; not those that are words of a firm's."""
    parts = [contact.name, *contact.aliases, contact.call_me or ""]
    parts += [given_name(contact.name), *map(_surname, (contact.name, *contact.aliases))]
    parts += [contact.name.split()[0]] if fold(contact.name.split()[0]) not in HONORIFICS else []
    found = dict.fromkeys(part for part in parts if part and fold(part) not in firms)
    return tuple(one for one in found if len(one) >= _SHORTEST or UNSPACED.search(one))


class Called:
    """The names by which a note may speak of somebody, ready to be looked for.

    Attributes:
        hints: of which a text that speaks of them has at least one, without case and accents.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        flat = {bare(name).casefold() for name in self._names}
        self.hints = frozenset(one for one in flat if not any(o in one for o in flat - {one}))

    def in_text(self, text: str) -> bool:
        """Whether a text speaks of them."""
        plain = bare(text)
        flat = plain.casefold()
        may_be = any(hint in flat for hint in self.hints)
        if may_be and any(one.search(plain) for one in self._spaced):
            return True
        return any(one in text.replace(" ", "") for one in self.unspaced)

    @cached_property
    def _spaced(self) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(name) for name in self._names if not UNSPACED.search(name))

    @cached_property
    def unspaced(self) -> tuple[str, ...]:
        """Those of a script that writes no spaces between words."""
        return tuple(name.replace(" ", "") for name in self._names if UNSPACED.search(name))


def _pattern(name: str) -> re.Pattern[str]:
    flags = 0 if name.casefold() in _ALSO_WORDS else re.IGNORECASE
    return re.compile(rf"(?<!\w){re.escape(bare(name))}(?!\w)", flags)


def bare(text: str) -> str:
    """A text without accents, its case kept."""
    if text.isascii():
        return text
    split = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in split if not unicodedata.combining(sign))
