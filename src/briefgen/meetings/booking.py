"""Invitations that a booking tool wrote: the guest's answers are kept, the rest is the tool's.

A booking is recognised by the tool's hosts, by links that cancel or move it, or by two of the lines
that such tools write; which these are is data: `booking.yaml`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from briefgen.meetings.invitation import BULLET, label_of, plain, words

_ADDRESS_ONLY: Final = re.compile(
    r"\W*(?:<?https?://\S+|(?:[^\s@]+\s){0,5}\S*[^\s@]+@[^\s@]+|\+?[\d\s().-]{7,}|[A-Z]\w+/\w+(?:/\w+)?)\W*\Z"
)
_LINK: Final = re.compile(r"\s*<?https?://[^\s>]+>?")
_CHANGING_LINK: Final = re.compile(
    r"(?i)https?://\S*[/?&=_-](?:cancel|reschedul|stornier|umbuch|annul|verzet|remarc)"
)
"""Anyone with such a link can cancel or move the meeting."""
_RULE: Final = re.compile(r"\s*[=_*~-]{3,}\s*\Z")
_QUESTION: Final = re.compile(r"[?？؟]\s*[:：]?\s*\Z")  # noqa: RUF001  # as written
_ASKED: Final = re.compile(r"(.+?[?？؟])\s*[:：]?\s*(.*)\Z")  # noqa: RUF001  # as written
_LABELLED: Final = re.compile(r"(?!\w+://)(?!.*\d:\d\d)([^:：]{1,160}?)\s*[:：]+\s*(?!//)(.*)\Z")  # noqa: RUF001
_SENTENCE: Final = re.compile(r".*[.!?。！？؟]\s*\Z")  # noqa: RUF001  # as written
_LONGEST_LABEL: Final = 160
_FEWEST_SIGNS: Final = 2
_WORDS_OF_A_LABEL: Final = 3
_WORDS_OF_A_QUESTION: Final = 5


@dataclass(slots=True)
class _Field:
    """A label, and the lines that follow it."""

    label: str
    shown: str
    values: list[str] = field(default_factory=list)
    closed: bool = False

    def awaits(self, line: str, following: Sequence[str]) -> bool:
        """Whether a line with a question mark is this field's missing answer."""
        if self.closed or self.values or self.kind != "free" or not _QUESTION.search(line):
            return False
        return not _QUESTION.search(self.shown) or not (following and following[0].strip())

    @property
    def kind(self) -> str:
        """Who wrote it: the `tool`, or the guest (`free` without its label, else `labelled`)."""
        words = self.label.replace("'s", "").split()
        if self.label in _known("answers"):
            return "free"
        if self.label in _known("particulars") | _known("descriptions"):
            return "tool"
        if _is_sign(self.label) or _is_title(self.label):
            return "tool"
        if _QUESTION.search(self.shown) or len(words) > _WORDS_OF_A_LABEL:
            return "free"
        if not _known("answers").isdisjoint(words):  # "Notes from Dana", "Dana wrote"
            return "free"
        return "tool" if words and words[-1] in _known("particulars") else "labelled"


@dataclass(frozen=True, slots=True)
class Booking:
    """What people wrote into a booking: the guest's answers, and the host's sentences."""

    answers: tuple[str, ...]
    prose: tuple[str, ...]


def read_booking(text: str) -> Booking:
    """What people wrote into the text of a booking."""
    fields, lines = _fields(text.split("\n"))
    prose = (line for line in lines if not (_LINK.search(line) or _of_tool(line)))
    return Booking(answers=tuple(dict.fromkeys(_answers(fields))), prose=tuple(prose))


def is_booking(lines: Sequence[str]) -> bool:
    """Whether a booking tool wrote these lines."""
    signs = sum(map(_is_sign, (plain(line[:_LONGEST_LABEL]) for line in lines)))
    labels = sum(
        labelled[0] in _known("particulars") for line in lines if (labelled := label_of(line))
    )
    if any(map(names_host, lines)):  # as in the signature of whoever uses such a tool, too
        return signs > 0 or labels >= _FEWEST_SIGNS
    return signs >= _FEWEST_SIGNS or (signs > 0 and labels >= _FEWEST_SIGNS)


def names_host(line: str) -> bool:
    """Whether a line has a link to a booking tool, or one that changes the booking."""
    return "://" in line and (
        _CHANGING_LINK.search(line) is not None
        or _hosts().search(re.sub(r"/u/\d+/", "/", line.casefold())) is not None
    )


@cache
def _hosts() -> re.Pattern[str]:
    hosts = "|".join(map(re.escape, sorted(_known("hosts"))))
    return re.compile(rf"https?://(?:[\w.-]+\.)?(?:{hosts})(?![\w-])")


def _known(name: str) -> frozenset[str]:
    return words(name, "booking")


def _is_sign(text: str) -> bool:
    """Whether a normalised line begins in a way that only booking tools use."""
    return _begins(text, "signs")


def _is_title(text: str) -> bool:
    return _begins(text, "titles")


def _begins(text: str, name: str) -> bool:
    return any(
        text.startswith(known) and not (known.isascii() and text[len(known) :][:1].isalnum())
        for known in _known(name)
    )


def _of_tool(line: str) -> bool:
    """Whether a line outside all fields is about the booking itself, or is no sentence."""
    text = plain(line)
    if _is_title(text) or any(stem in text for stem in _known("tools")):
        return True
    return len(text.split()) < _WORDS_OF_A_QUESTION and not _SENTENCE.match(line)


def _fields(lines: Sequence[str]) -> tuple[list[_Field], list[str]]:
    """The fields of a booking, and the lines that belong to none."""
    found = [_Field("", "", closed=True)]
    prose: list[str] = []
    for at, line in enumerate(lines):
        last, text = found[-1], line.strip()
        if not text:
            prose.append("")
            last.closed |= bool(last.values) or last.kind == "tool"
        elif _RULE.match(line):
            if prose and prose[-1] == lines[at - 1].strip():  # a heading, underlined
                prose.pop()
        elif names_host(line):
            last.closed = True
        elif last.awaits(line, lines[at + 1 :]):
            last.values.append(text)
        elif begun := _begun(line) or _begun_bare(lines, at):
            if begun.label in _known("descriptions"):  # the host's, the same for every guest
                prose += begun.values
                begun = _Field(begun.label, begun.shown, closed=True)
            found.append(begun)
        else:
            (prose if last.closed else last.values).append(text)
    return found, prose


def _begun(line: str) -> _Field | None:
    """The field that a line begins; None if it continues the previous one."""
    head = line[: 2 * _LONGEST_LABEL]
    for pattern in (_ASKED, _LABELLED):
        found = pattern.match(head)
        if found is not None and len(found[1]) <= _LONGEST_LABEL:
            value = found[2].strip()
            return _Field(plain(found[1]), found[1].strip(" *"), [value] if value else [])
    bare = plain(line[:_LONGEST_LABEL])
    if _is_sign(bare):
        return _Field(bare, line.strip(), closed=True)
    known = any(bare in _known(name) for name in ("particulars", "answers", "descriptions"))
    return _Field(bare, line.strip()) if known else None


def _begun_bare(lines: Sequence[str], at: int) -> _Field | None:
    """A question without a question mark: a line of several words, not continued on the next."""
    begins = at == 0 or not lines[at - 1].strip()
    following = lines[at + 1].strip() if at + 1 < len(lines) else ""
    words = len(lines[at].split())
    if not begins or not following or following[0].islower() or words < _WORDS_OF_A_QUESTION:
        return None
    if _SENTENCE.match(lines[at]) or lines[at].rstrip().endswith((",", "،")):
        return None
    return _Field(plain(lines[at][:_LONGEST_LABEL]), lines[at].strip())


def _answers(fields: Sequence[_Field]) -> Iterator[str]:
    for one in fields:
        if (kind := one.kind) == "tool":
            continue
        values = [_LINK.sub("", value).strip(" \t:：") for value in one.values]  # noqa: RUF001
        values = [value for value in values if value and not _ADDRESS_ONLY.match(value)]
        items = [found["rest"] for value in values if (found := BULLET.match(value))]
        is_list = len(items) == len(values) > 1
        said = "; ".join(items) if is_list else " ".join(values)
        if said:
            yield said if kind == "free" else f"{one.shown}: {said}"
