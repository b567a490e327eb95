"""Additions spliced into a contact file's text, so that every byte of the rest stays.

Nothing is dumped again: the reader's marks say where a line belongs, the line is inserted there,
and the result is read again and must equal the old data plus the addition. Where it does not, the
answer is a `Problem` and no text.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from briefgen.contacts.book import parse_contact
from briefgen.contacts.splice_places import (
    Addition,
    Append,
    Put,
    Remove,
    Replace,
    candidates,
    text_field,
)
from briefgen.contacts.yaml_text import Word, Writable, as_yaml, is_nothing, on_one_line
from briefgen.workspace.document import Document, Keys, Plain, parse_document
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem

__all__ = [
    "Addition",
    "Append",
    "Put",
    "Remove",
    "Replace",
    "Word",
    "Writable",
    "as_yaml",
    "splice",
    "used",
    "without_unreadable",
]  # fmt: skip


def used(point: int, day: date) -> Append:
    """The addition that says that the talking point at this place was used on `day`."""
    return Append(keys=("talking_points", point, "used"), value=day)


def splice(content: bytes, additions: Sequence[Addition], *, file: str) -> bytes | Problem:
    """The bytes of a contact file with `additions` spliced in, or why that cannot be done.

    Every byte of `content` is still there, in order, except what a `Replace` or a `Remove` takes
    out and a `~` or `null` that stood for nothing. The result has been read again: its data are the
    old data and the additions, and it has no fault that the old file had not.
    """
    document, faults = parse_document(content, file)
    if document is None:
        return faults[-1]
    if document.given_twice:
        twice = document.given_twice[0]
        return document.problem(
            twice,
            Phrase("'{twice}' stands twice; keep one, so that this can grow", twice=twice[-1]),
        )
    state = _State(document=document, faults=len(faults))
    for addition in additions:
        spliced = _splice_one(state, addition)
        if isinstance(spliced, Problem):
            return spliced
        state = spliced
    mark = content[: len(content) - len(document.text.encode())]  # a byte order mark stays
    after = mark + state.document.text.encode()
    return _new_fault(content, after, file) or after


@dataclass(frozen=True, kw_only=True)
class _State:
    """The file with the additions so far, read again."""

    document: Document
    faults: int


def _new_fault(before: bytes, after: bytes, file: str) -> Problem | None:
    """The first fault of the new text that the old one did not have anywhere."""
    _, old = parse_contact(before, file)
    _, new = parse_contact(after, file)
    known = Counter(fault.message for fault in old)
    for fault in new:
        if not known[fault.message]:
            return fault
        known[fault.message] -= 1
    return None


def _splice_one(state: _State, addition: Addition) -> _State | Problem:
    document = state.document
    if isinstance(addition, Remove):
        addition = _with_what_it_empties(document.data, addition)
    try:
        expected = _expected(document.data, addition)
    except _CannotAdd as error:
        return document.problem(addition.keys, str(error))
    flat = replace(addition, value=on_one_line(addition.value))
    for candidate in chain(candidates(document, addition), candidates(document, flat)):
        again, faults = parse_document(candidate.encode(), document.file)
        if again is not None and again.data == expected and len(faults) <= state.faults:
            return _State(document=again, faults=len(faults))
    message = Phrase(
        "written in a way that cannot be added to without changing the rest; add it by hand"
    )
    return document.problem(addition.keys, message)


def _with_what_it_empties(data: Plain, removal: Remove) -> Remove:
    """The removal of the outermost field that would hold nothing afterwards."""
    around = [data]
    for key in removal.keys[:-1]:
        around.append(_held(around[-1], key) if isinstance(around[-1], dict | list) else None)
    keys = removal.keys
    while len(keys) > 1:
        if not _holds_only(around[len(keys) - 1], keys[-1], section=keys[0]):
            break
        keys = keys[:-1]
    return Remove(keys=keys)


def _holds_only(holder: Plain, key: str | int, *, section: str | int) -> bool:
    """Whether nothing is left of `holder` without what is at `key`."""
    match holder:
        case str():
            return key == text_field(section)
        case list():
            return key == 0 and len(holder) == 1
        case dict():
            return list(holder) == [key]
    return False


class _CannotAdd(Exception):  # noqa: N818  # a way out, never seen outside
    """The addition does not go with what the file holds."""


# What the file must say afterwards.


_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Characters that the reader refuses even in quotes, and lone surrogates."""


def without_unreadable(text: str) -> str:
    """The text without the control characters that no contact file may contain."""
    return _UNREADABLE.sub("", text)


def _plain(value: Writable) -> Plain:
    """A value as the reader will return it."""
    if isinstance(value, str) and (sign := _UNREADABLE.search(value)):
        raise _CannotAdd(
            Phrase("{ascii} is a control character; delete it", ascii=ascii(sign[0])[1:-1])
        )
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return {key: _plain(held) for key, held in value.items() if not is_nothing(held)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(held) for held in value]
    return None if value is None else str(value)


def _expected(data: dict[str, Plain], addition: Addition) -> dict[str, Plain]:
    """The data after the addition."""
    expected = deepcopy(data)
    *around, last = addition.keys
    if isinstance(addition, Remove):
        return _expect_gone(expected, addition.keys)
    holder: Plain = expected
    for at, key in enumerate(around):
        holder = _promoted(holder, key, addition.keys[0], last=at == len(around) - 1)
    value = _plain(addition.value)
    held = _held(holder, last)
    if isinstance(addition, Append):
        _expect_item(holder, last, held, value, first=addition.first)
    elif isinstance(addition, Put) and held is not None:
        raise _CannotAdd(Phrase("is there already"))
    elif isinstance(addition, Replace) and held is None:
        raise _CannotAdd(Phrase("is not there, so that nothing can take its place"))
    else:
        _set(holder, last, value)
    return expected


def _expect_gone(data: dict[str, Plain], keys: Keys) -> dict[str, Plain]:
    """The data without what is at `keys`."""
    holder: Plain = data
    for key in keys[:-1]:
        holder = _held(holder, key)
    if _held(holder, keys[-1]) is None:
        raise _CannotAdd(Phrase("is not there, so that nothing can be taken out"))
    del holder[keys[-1]]  # type: ignore[union-attr, arg-type]  # as _held has seen
    return data


def _promoted(holder: Plain, key: str | int, section: str | int, *, last: bool) -> Plain:
    """What is at `key`; a plain text that stands for an item becomes that item."""
    held = _held(holder, key)
    if isinstance(held, str) and last and (isinstance(key, int) or key == "next_step"):
        held = {text_field(section): held}
        _set(holder, key, held)
    elif held is None and isinstance(key, str) and isinstance(holder, dict):
        held = holder[key] = {}
    return held


def _held(holder: Plain, key: str | int) -> Plain:
    if isinstance(holder, dict) and isinstance(key, str):
        return holder.get(key)
    if isinstance(holder, list) and isinstance(key, int) and key < len(holder):
        return holder[key]
    raise _CannotAdd(Phrase("there is nothing of this kind here"))


def _set(holder: Plain, key: str | int, value: Plain) -> None:
    assert isinstance(holder, dict | list)  # noqa: S101  # as _held has seen
    holder[key] = value  # type: ignore[index]  # a key of the holder's own kind


def _expect_item(holder: Plain, key: str | int, held: Plain, value: Plain, *, first: bool) -> None:
    if held is None:
        _set(holder, key, [value])
    elif isinstance(held, list):
        held.insert(0 if first else len(held), value)
    else:
        raise _CannotAdd(Phrase("must be a list before something can be added to it"))
