"""Invitations that a booking tool wrote: what the guest answered is kept, the rest is the tool's.

A booking is known by the tool's hosts, or by two of the lines that such tools write in every
language; what the tool asks, and what it knows by itself, is data (`booking.yaml`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from briefgen.meetings.invitation import label_of, plain
from briefgen.workspace.built_in import read_built_in

_ADDRESS_ONLY: Final = re.compile(
    r"\W*(?:<?https?://\S+|[^\s@]+@[^\s@]+|\+?[\d\s().-]{7,}|[A-Z]\w+/\w+(?:/\w+)?)\W*\Z"
)
_LINK: Final = re.compile(r"\s*<?https?://[^\s>]+>?")
_QUESTION: Final = re.compile(r"[?？؟]\s*[:：]?\s*\Z")  # noqa: RUF001  # as written
_ASKED: Final = re.compile(r"(.+?[?？؟])\s*[:：]?\s*(.*)\Z")  # noqa: RUF001  # as written
_LONGEST_LABEL: Final = 160
_FEWEST_SIGNS: Final = 2


@dataclass(slots=True)
class _Field:
    """A label, and the lines that stand behind and beneath it."""

    label: str
    shown: str
    values: list[str] = field(default_factory=list)
    closed: bool = False


def answers_of(text: str) -> tuple[str, ...]:
    """What the guest wrote into the text of a booking."""
    return tuple(dict.fromkeys(_answers(_fields(text.split("\n")))))


def is_booking(lines: Sequence[str]) -> bool:
    """Whether a booking tool wrote these lines."""
    signs = sum(plain(line[:_LONGEST_LABEL]).startswith(tuple(_known("signs"))) for line in lines)
    labels = sum(
        labelled[0] in _known("particulars") for line in lines if (labelled := label_of(line))
    )
    if any(map(names_host, lines)):  # as in the signature of whoever uses such a tool, too
        return signs > 0 or labels >= _FEWEST_SIGNS
    return signs >= _FEWEST_SIGNS or (signs > 0 and labels >= _FEWEST_SIGNS)


def names_host(line: str) -> bool:
    """Whether a link to a booking tool stands on a line."""
    return _hosts().search(line.casefold()) is not None


@cache
def _hosts() -> re.Pattern[str]:
    hosts = "|".join(map(re.escape, sorted(_known("hosts"))))
    return re.compile(rf"https?://(?:[\w.-]+\.)?(?:{hosts})(?![\w-])")


@cache
def _known(name: str) -> frozenset[str]:
    data: Any = read_built_in("meetings/booking.yaml")
    words = frozenset(str(word).casefold() for word in data[name])
    return words if name == "hosts" else frozenset(plain(word) for word in words)


def _fields(lines: Sequence[str]) -> list[_Field]:
    found: list[_Field] = []
    for line in lines:
        if not line.strip():
            if found and found[-1].values:
                found[-1].closed = True
            continue
        if names_host(line):
            if found:
                found[-1].closed = True
            continue
        begun = _begun(line)
        if begun is not None:
            found.append(begun)
        elif found and not found[-1].closed:
            found[-1].values.append(line.strip())
    return found


def _begun(line: str) -> _Field | None:
    """The field that a line begins; None where it goes on with the one before."""
    asked = _ASKED.match(line[: 2 * _LONGEST_LABEL])
    if asked is not None and len(asked[1]) <= _LONGEST_LABEL:
        return _Field(plain(asked[1]), asked[1], [asked[2]] if asked[2] else [])
    if labelled := _long_label(line):
        label, shown, value = labelled
        return _Field(label, shown, [value] if value else [])
    bare = plain(line[:_LONGEST_LABEL])
    if bare in _known("particulars") | _known("answers"):
        return _Field(bare, line.strip())
    if bare.startswith(tuple(_known("signs"))):
        return _Field(bare, line.strip(), closed=True)
    return None


def _long_label(line: str) -> tuple[str, str, str] | None:
    """`Please share anything that will help: prices`: labels here are whole sentences."""
    found = re.match(r"(?!\w+://)([^:：]{1,160}?)\s*[:：]+\s*(?!//)(.*)\Z", line)  # noqa: RUF001
    if found is None:
        return None
    return plain(found[1]), found[1].strip(" *"), found[2].strip()


def _answers(fields: Sequence[_Field]) -> Iterator[str]:
    for one in fields:
        if one.label in _known("particulars") or one.label.startswith(tuple(_known("signs"))):
            continue
        values = [_LINK.sub("", value).strip(" \t:：") for value in one.values]  # noqa: RUF001
        said = " ".join(value for value in values if value and not _ADDRESS_ONLY.match(value))
        if not said:
            continue
        free = (
            one.label in _known("answers")
            or _QUESTION.search(one.shown) is not None
            or len(one.label.split()) > 3  # noqa: PLR2004  # a sentence that asks for something
        )
        yield said if free else f"{one.shown}: {said}"
