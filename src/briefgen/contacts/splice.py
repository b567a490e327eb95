"""Additions spliced into a contact file's text, so that every byte of the rest stays.

Nothing is dumped again: the reader's marks say where a line belongs, the line is inserted there,
and the result is read again and must equal the old data plus the addition. If it does not, the
answer is a `Problem` and no text.

Over 400 lines, because every place that can take an addition is tried and checked here.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TypeAlias

import yaml

from briefgen.contacts.book import parse_contact
from briefgen.contacts.yaml_text import (
    Style,
    Writable,
    field_lines,
    flow_text,
    is_nothing,
    item_lines,
    on_one_line,
    scalar,
    scalar_lines,
)
from briefgen.workspace.document import Document, Keys, Plain, parse_document
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Append:
    """One more item in the list at `keys`, which need not exist yet.

    With `first`, it is put before the others: for lists that run from new to old.
    """

    keys: Keys
    value: Writable
    first: bool = False


@dataclass(frozen=True, kw_only=True)
class Put:
    """A field that is missing, or empty after its colon."""

    keys: Keys
    value: Writable


@dataclass(frozen=True, kw_only=True)
class Replace:
    """A new value for the field at `keys`."""

    keys: Keys
    value: Writable


@dataclass(frozen=True, kw_only=True)
class Remove:
    """Removes the field or item at `keys`, and whatever would be empty without it."""

    keys: Keys
    value: Writable = None


Addition: TypeAlias = Append | Put | Replace | Remove


def candidates(document: Document, addition: Addition) -> Iterator[str]:
    """Whole new texts with the addition in it, the likeliest first."""
    text = document.text
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if root is None:  # only comments
        lines = field_lines(Style(), 0, *_nested(addition.keys, addition))
        yield _with_lines(text, len(text), lines)
        return
    path = _nodes(root, addition.keys)
    if isinstance(addition, Remove):
        yield from _without(text, path)
    elif len(path) == len(addition.keys) + 1:
        yield from _at_node(text, path, addition)
    elif isinstance(path[-1], yaml.ScalarNode):
        yield from _beneath_scalar(document, path, addition)
    elif isinstance(path[-1], yaml.MappingNode):
        key, value = _nested(addition.keys[len(path) - 1 :], addition)
        yield from _new_field(text, path, key, value)


def _nested(keys: Keys, addition: Addition) -> tuple[str, Writable]:
    """The first missing field, and its value with the others inside it."""
    value: Writable = [addition.value] if isinstance(addition, Append) else addition.value
    for key in reversed(keys[1:]):
        value = {str(key): value}
    return str(keys[0]), value


def _nodes(root: yaml.Node, keys: Keys) -> list[yaml.Node]:
    """The nodes on the way to `keys`, as far as they exist."""
    path = [root]
    for key in keys:
        node = path[-1]
        if isinstance(node, yaml.MappingNode):
            found = next((value for name, value in node.value if name.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            found = node.value[key] if key < len(node.value) else None
        else:
            found = None
        if found is None:
            break
        path.append(found)
    return path


def _at_node(text: str, path: list[yaml.Node], addition: Addition) -> Iterator[str]:
    """Candidates if the field itself exists."""
    node = path[-1]
    if isinstance(addition, Append) and isinstance(node, yaml.SequenceNode):
        if node.flow_style:
            yield _in_flow(text, node, flow_text(addition.value), first=addition.first)
        else:
            yield from _new_item(text, path, addition)
    elif isinstance(addition, Replace):
        yield from _instead(text, path, addition.value)
    elif isinstance(node, yaml.ScalarNode):
        _, value = _nested(addition.keys[-1:], addition)
        yield from _into_empty(text, path, value)


def _beneath_scalar(document: Document, path: list[yaml.Node], addition: Addition) -> Iterator[str]:
    """Candidates if there is a plain text, or nothing, and a mapping is needed."""
    node, parent = path[-1], path[-2]
    text = document.text
    missing = addition.keys[len(path) - 1 :]
    if node.start_mark.index == node.end_mark.index or _says_nothing(node):
        key, value = _nested(missing, addition)
        yield from _into_empty(text, path, {key: value})
        return
    field = text_field(addition.keys[0])
    start, end = node.start_mark.index, node.end_mark.index
    if _in_brackets(parent):
        key, value = _nested(missing, addition)
        more = f", {scalar(key, flow=True)}: {flow_text(value)}}}"
        yield f"{text[:start]}{{{field}: {text[start:end]}{more}{text[end:]}"
        return
    promoted = f"{text[:start]}{field}: {text[start:]}"
    if isinstance(parent, yaml.MappingNode):  # on a line of its own, one step deeper
        indent = " " * (parent.start_mark.column + Style.of(path[0]).step)
        promoted = f"{text[:start].rstrip(' ')}{_eol(text, start)}{indent}{field}: {text[start:]}"
    again, _ = parse_document(promoted.encode(), document.file)
    if again is not None:
        yield from candidates(again, addition)


def _in_brackets(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _says_nothing(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in {"", "~", "null"}


def _new_field(text: str, path: list[yaml.Node], key: str, value: Writable) -> Iterator[str]:
    """One more field in the mapping at the end of `path`."""
    mapping = path[-1]
    assert isinstance(mapping, yaml.MappingNode)  # noqa: S101  # as _candidates has seen
    if mapping.flow_style:
        yield _in_flow(text, mapping, f"{scalar(key, flow=True)}: {flow_text(value)}")
        return
    column = mapping.start_mark.column
    lines = field_lines(Style.of(path[0]), column, key, value)
    for place in _places_behind(text, mapping, deeper_than=max(column - 1, 0)):
        yield _with_lines(text, place, lines)
    yield _with_lines(text, _line_start(text, mapping.value[-1][0].start_mark.index), lines)
    yield from _behind_cut_block(text, mapping, lines)


def _new_item(text: str, path: list[yaml.Node], addition: Append) -> Iterator[str]:
    """One more item in the block list at the end of `path`."""
    items = path[-1]
    column = items.start_mark.column
    beside = items.value[0 if addition.first else -1]
    one_line = _in_brackets(beside) if isinstance(beside, yaml.MappingNode) else None
    gap = beside.start_mark.column - column
    lines = item_lines(
        Style.of(path[0]),
        column,
        addition.value,
        one_line=one_line,
        gap=gap if 1 < gap <= _WIDEST_GAP and not _is_nothing_at(beside) else 2,
    )
    if addition.first:
        place = _line_start(text, items.start_mark.index)
        if not text[place : items.start_mark.index].strip(" "):
            yield _with_lines(text, place, lines)
    else:
        for place in _places_behind(text, items, deeper_than=column):
            yield _with_lines(text, place, lines)
        yield from _behind_cut_block(text, items, lines)


_WIDEST_GAP = 8


def _is_nothing_at(node: yaml.Node) -> bool:
    return bool(node.start_mark.index == node.end_mark.index)


def _into_empty(text: str, path: list[yaml.Node], value: Writable) -> Iterator[str]:
    """A value for a field that is empty after its colon."""
    node, parent = path[-1], path[-2]
    start, end = node.start_mark.index, node.end_mark.index
    if not _says_nothing(node):
        return
    if end > start:  # a `~` or `null`
        yield text[:start] + flow_text(value) + text[end:]
        return
    if isinstance(parent, yaml.MappingNode) and not parent.flow_style:
        key = next(name for name, held in parent.value if held is node)
        style = Style.of(path[0])
        lines = field_lines(style, key.start_mark.column, key.value, value)
        if len(lines) > 1 and lines[0].endswith(":"):
            yield _with_lines(text, _next_line(text, start), lines[1:])
    yield f"{text[:start]} {flow_text(value)}{text[start:]}"


def _instead(text: str, path: list[yaml.Node], value: Writable) -> Iterator[str]:
    """Another value in place of the node at the end of `path`."""
    node = path[-1]
    in_flow = any(_in_brackets(around) for around in path[:-1])
    start = node.start_mark.index
    block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    end = node.end_mark.index
    if block or (isinstance(node, yaml.CollectionNode) and not _in_brackets(node)):
        end = start + len(text[start:end].rstrip())
    column = path[-2].start_mark.column
    if isinstance(value, str) and not in_flow:
        eol = _eol(text, start)
        lines = scalar_lines(value, column + Style.of(path[0]).step)
        yield text[:start] + eol.join(lines) + text[end:]
    yield text[:start] + flow_text(value) + text[end:]


def _without(text: str, path: list[yaml.Node]) -> Iterator[str]:
    """The text without the last node of `path`, its key and its lines."""
    if len(path) < len("xy"):
        return
    around, node = path[-2], path[-1]
    entries = [entry if isinstance(entry, tuple) else (entry, entry) for entry in around.value]
    at = next(at for at, (_, value) in enumerate(entries) if value is node)
    start = entries[at][0].start_mark.index
    if _in_brackets(around):
        if at:
            yield text[: entries[at - 1][1].end_mark.index] + text[node.end_mark.index :]
        elif len(entries) > 1:
            yield text[:start] + text[entries[1][0].start_mark.index :]
        return
    line = _line_start(text, start)
    if text[line:start].strip(" -"):
        return
    for end in _places_behind(text, node, deeper_than=len(text)):
        yield text[:line] + text[end:]


def _in_flow(text: str, node: yaml.CollectionNode, addition: str, *, first: bool = False) -> str:
    """`addition` as one more entry of a list or mapping in brackets."""
    if not node.value or first:
        at = node.start_mark.index + 1
        return f"{text[:at]}{addition}{', ' if node.value else ''}{text[at:]}"
    last = node.value[-1]
    at = (last[1] if isinstance(last, tuple) else last).end_mark.index
    return f"{text[:at]}, {addition}{text[at:]}"


_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_COMMENT = re.compile("(?:[ \t]*(?:\r\n|[\n\r]))*( *)#[^\n\r]*")


def _places_behind(text: str, node: yaml.Node, *, deeper_than: int) -> Iterator[int]:
    """The starts of lines after `node` where a line can be inserted, the best one first.

    Comments that follow and are indented deeper than the new line belong to what precedes them.
    """
    last = _last_leaf(node)
    end = last.end_mark.index
    block = isinstance(last, yaml.ScalarNode) and last.style in ("|", ">")
    if block:  # its end mark is after the blank lines that follow
        start = last.start_mark.index
        header = _BREAK.split(text[start:end], maxsplit=1)[0]
        if "+" not in header.partition("#")[0]:
            content = start + len(text[start:end].rstrip())
            yield _behind_comments(text, _next_line(text, content), deeper_than)
        yield end
        return
    yield _behind_comments(text, _next_line(text, end), deeper_than)


def _behind_cut_block(text: str, node: yaml.Node, lines: Sequence[str]) -> Iterator[str]:
    """After a block of text that ends the file without a line break.

    A break after it would become part of it, unless its sign says `-`: the one byte that is added.
    """
    last = _last_leaf(node)
    if isinstance(last, yaml.ScalarNode) and last.style in ("|", ">"):
        sign = last.start_mark.index + 1
        cut = f"{text[:sign]}-{text[sign:]}"
        yield _with_lines(cut, len(cut), lines)


def _last_leaf(node: yaml.Node) -> yaml.Node:
    """The innermost node that ends `node`, without the comments after it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _behind_comments(text: str, place: int, deeper_than: int) -> int:
    while (comment := _COMMENT.match(text, place)) and len(comment[1]) > deeper_than:
        place = _next_line(text, comment.end())
    return place


def _next_line(text: str, at: int) -> int:
    found = _BREAK.search(text, at)
    return found.end() if found else len(text)


def _line_start(text: str, at: int) -> int:
    start = 0
    for found in _BREAK.finditer(text, 0, at):
        start = found.end()
    return start


def _eol(text: str, place: int) -> str:
    """The line ending in use around `place`."""
    before = text[:place]
    for sign in ("\r\n", "\n", "\r"):
        if before.endswith(sign):
            return sign
    found = re.search("\r\n|\n|\r", text)
    return found[0] if found else "\n"


def _with_lines(text: str, place: int, lines: Sequence[str]) -> str:
    """`text` with `lines` inserted at the start of a line, or after a last line without a break."""
    eol = _eol(text, place)
    if place == len(text) and text and not _BREAK.match(text[-1]):
        return text + eol + eol.join(lines)
    return text[:place] + "".join(line + eol for line in lines) + text[place:]


def text_field(section: str | int) -> str:
    """The field that a plain text in a list of this name is short for."""
    return {"life_events": "note", "approaches": "tried"}.get(str(section), "text")


def used(point: int, day: date) -> Append:
    """The addition that says that the talking point at this place was used on `day`."""
    return Append(keys=("talking_points", point, "used"), value=day)


def splice(content: bytes, additions: Sequence[Addition], *, file: str) -> bytes | Problem:
    """The bytes of a contact file with `additions` spliced in, or why that cannot be done.

    Every byte of `content` is still there, in order, except what a `Replace` or a `Remove` takes
    out and a `~` or `null` for an empty value. The result has been read again: its data are the old
    data and the additions, and it has no fault that the old file did not have.
    """
    document, faults = parse_document(content, file)
    if document is None:
        return faults[-1]
    if document.given_twice:
        twice = document.given_twice[0]
        return document.problem(
            twice,
            Phrase(
                "'{twice}' is there twice; keep only one, so that this can be added",
                twice=twice[-1],
            ),
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


class _CannotAdd(Exception):  # noqa: N818  # only used within this module
    """The addition does not fit what the file holds."""


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
        raise _CannotAdd(Phrase("exists already"))
    elif isinstance(addition, Replace) and held is None:
        raise _CannotAdd(Phrase("does not exist, so nothing can replace it"))
    else:
        _set(holder, last, value)
    return expected


def _expect_gone(data: dict[str, Plain], keys: Keys) -> dict[str, Plain]:
    """The data without what is at `keys`."""
    holder: Plain = data
    for key in keys[:-1]:
        holder = _held(holder, key)
    if _held(holder, keys[-1]) is None:
        raise _CannotAdd(Phrase("does not exist, so nothing can be removed"))
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
    holder[key] = value  # type: ignore[index]  # a key of the holder's kind


def _expect_item(holder: Plain, key: str | int, held: Plain, value: Plain, *, first: bool) -> None:
    if held is None:
        _set(holder, key, [value])
    elif isinstance(held, list):
        held.insert(0 if first else len(held), value)
    else:
        raise _CannotAdd(Phrase("must be a list before something can be added to it"))
