"""Texts for the user, kept in English and translated when they are shown.

Reports, logs and `--json` hold the English; only the outermost layer knows who is reading, and
translates with `Language.said`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Self


class Phrase(str):
    """A text for the user: as a `str` it is English; it also holds what a translation needs.

    Its values may be phrases and days too, or sequences, which are listed with commas.

    >>> Phrase("'{given}' is not a day", given="soon")
    "'soon' is not a day"
    """

    __slots__ = ("many", "message", "number", "values")

    message: str
    many: str
    number: int
    values: Mapping[str, object]

    def __new__(cls, message: str, /, **values: object) -> Self:
        """A message in English, with its `{named}` values."""
        return cls._made(message, "", 1, values)

    @classmethod
    def plural(cls, one: str, many: str, count: int, /, **values: object) -> Self:
        """The form that goes with `count`, which is also its `{count}`."""
        return cls._made(one, many, count, {"count": count, **values})

    @classmethod
    def passed_on(cls, message: str, values: Mapping[str, object]) -> str:
        """A message with the values that were given beside it; without values, the text itself."""
        return cls._made(message, "", 1, values) if values else message

    def filled(self, **values: object) -> Self:
        """The same message with other values: for tables of messages."""
        return self._made(self.message, self.many, self.number, values)

    @classmethod
    def listed(cls, parts: Sequence[str]) -> str:
        """Texts joined with commas."""
        return _joined(cls("{one}, {other}"), parts)

    @classmethod
    def chained(cls, parts: Sequence[str]) -> str:
        """Texts joined with semicolons."""
        return _joined(cls("{one}; {other}"), parts)

    @classmethod
    def _made(cls, message: str, many: str, count: int, values: Mapping[str, object]) -> Self:
        form = many if many and count != 1 else message
        made = super().__new__(cls, form.format_map(_listed(values)) if values else form)
        made.message, made.many, made.number, made.values = message, many, count, values
        return made

    def __str__(self) -> str:
        """Itself, so that an exception made of it can still be translated."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels to and from child processes whole."""
        return _again, (type(self), self.message, self.many, self.number, dict(self.values))


class WrittenDay(str):
    """A day or time: as a `str` in English form, translated as the language writes it.

    >>> WrittenDay("%a %d %b", date(2026, 12, 2))
    'Wed 02 Dec'
    """

    __slots__ = ("form", "moment")

    form: str
    moment: date

    def __new__(cls, form: str, moment: date) -> Self:
        """A day in one of `FORMS`, perhaps followed by ` %H:%M`."""
        made = super().__new__(cls, moment.strftime(form))
        made.form, made.moment = form, moment
        return made

    def __str__(self) -> str:
        """Itself, like a phrase."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels to and from child processes whole."""
        return WrittenDay, (self.form, self.moment)


STATES: Final = {
    "written": Phrase("written"),
    "planned": Phrase("planned"),
    "unchanged": Phrase("unchanged"),
    "failed": Phrase("failed"),
    "sent": Phrase("sent"),
    "unsure": Phrase("unsure"),
    "refused": Phrase("refused"),
    "intent": Phrase("not sent yet"),
    "sending": Phrase("being sent"),
}
"""The states of briefs, packets and deliveries, by their word in reports."""
NO_TITLE: Final = Phrase("(no title)")
"""Shown in place of a missing title."""

DAY_AND_TIME: Final = "%a %d %b %H:%M"
FORMS: Final = {"%a %d %b": "MMMEd", "%d %b %Y": "yMMMd", "%a %d %b %Y": "yMMMEd"}
"""How a day is written in English, with the CLDR skeleton for other languages."""


def as_kept(text: str) -> Any:  # noqa: ANN401  # what JSON can hold
    """A text in JSON form for a cache; `as_said` restores it."""
    if isinstance(text, WrittenDay):
        return str.__str__(text)
    if not isinstance(text, Phrase):
        return text
    values = {
        name: as_kept(value)
        if isinstance(value, str)
        else {"list": [as_kept(one) for one in value]}
        if isinstance(value, (list, tuple))
        else value
        if isinstance(value, (int, float))
        else str(value)
        for name, value in text.values.items()
    }
    return [text.message, text.many, text.number, values]


def as_said(kept: Any) -> Any:  # noqa: ANN401  # as above
    """The text that `as_kept` stored."""
    if isinstance(kept, dict):
        return tuple(map(as_said, kept["list"]))
    if not isinstance(kept, list):
        return kept
    message, many, count, values = kept
    return _again(Phrase, message, many, count, {k: as_said(v) for k, v in values.items()})


def _joined(form: Phrase, parts: Sequence[str]) -> str:
    *others, said = parts or [""]
    for other in reversed(others):
        said = form.filled(one=other, other=said)
    return said


def _again(
    cls: type[Phrase], message: str, many: str, count: int, values: Mapping[str, object]
) -> Phrase:
    return cls._made(message, many, count, values)  # its own module


def _listed(values: Mapping[str, object]) -> Mapping[str, object]:
    if not any(isinstance(value, (list, tuple)) for value in values.values()):
        return values
    return {
        name: ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
        for name, value in values.items()
    }


_UNSHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = "\u200c\u200d"
"""Several scripts, and emoji, need these."""


def plain_line(text: str, *, longest: int | None = None) -> str:
    r"""`text` on one line, without control and bidi characters, cut to `longest` with an ellipsis.

    >>> plain_line("550\tno\u202e such\r\nuser")
    '550 no such user'
    """
    line = " ".join(harmless(text).split())
    if longest is None or len(line) <= longest:
        return line
    return line[: longest - 1].rstrip() + "…"


def harmless(text: str) -> str:
    """`text` with its line breaks, but without control and bidi characters."""
    return "".join(
        character if _is_shown(character) or character == "\n" else " " for character in text
    )


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) not in _UNSHOWN or character in _JOINERS


# Texts from address books, mails and feeds, as a field of a contact file may hold them.


LONGEST_TEXT: Final = 2_000
LONGEST_NOTE: Final = 200_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_HIDDEN: Final = re.compile(r"[\u200b\u202a-\u202e\u2060\u2066-\u2069]")
"""Characters that reorder text or are invisible; address books put them into numbers."""


def one_line(text: str) -> str:
    """A text on one line, without controls and hidden signs, of a length that a field may have."""
    shown = _HIDDEN.sub("", text)
    return " ".join(_CONTROL.sub(" ", shown).split())[:LONGEST_TEXT].strip()


def some_lines(text: str) -> str:
    """A text of several lines, without other controls and hidden signs."""
    lines = _HIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    flat = "\n".join(_CONTROL.sub(" ", line).replace("\t", " ").rstrip() for line in lines)
    return flat.strip()[:LONGEST_NOTE].rstrip()
