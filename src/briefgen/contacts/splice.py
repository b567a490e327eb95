"""Additions spliced into a contact file's text, so that every byte of the rest stays.

Nothing is ever dumped anew: the reader's marks say where a line belongs, the line is put there,
and the result is read again and must equal the old data plus the addition. Where it does not, the
answer is a `Problem` and no text.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TypeAlias

import yaml

from briefgen.contacts.dates import PartialDate, Span
from briefgen.contacts.reader import parse_contact
from briefgen.workspace.document import Document, Keys, Plain, parse_document
from briefgen.workspace.problems import Problem

Value: TypeAlias = (
    "str | bool | int | date | PartialDate | Span | Sequence[Value] | Mapping[str, Value] | None"
)
"""What can be added. In a mapping, None and empty lists and mappings are left out."""


class Word(str):
    """A word of the format's own, like `yes`, `me` or `listen`: written without quotes."""

    __slots__ = ()


class _OneLine(str):
    """A text that is written on one line, where a block would run into what follows."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Append:
    """One more item in the list at `keys`, which need not be there yet.

    With `first`, it is put before the others: for lists that run from new to old.
    """

    keys: Keys
    value: Value
    first: bool = False


@dataclass(frozen=True, kw_only=True)
class Put:
    """A field that is missing, or has nothing behind its colon."""

    keys: Keys
    value: Value


@dataclass(frozen=True, kw_only=True)
class Replace:
    """Another value for the field at `keys`, whose old value is taken out."""

    keys: Keys
    value: Value


Addition: TypeAlias = Append | Put | Replace


def used(point: int, day: date) -> Append:
    """That the talking point at this place was used on `day`."""
    return Append(keys=("talking_points", point, "used"), value=day)


def splice(content: bytes, additions: Sequence[Addition], *, file: str) -> bytes | Problem:
    """The bytes of a contact file with `additions` spliced in, or why that cannot be done.

    Every byte of `content` is still there, in order, but for what a `Replace` takes out and for a
    `~` or `null` that stood for nothing. What is given has been read again: its data are the old
    data and the additions, and it has no fault that the old file had not.
    """
    document, faults = parse_document(content, file)
    if document is None:
        return faults[-1]
    if document.given_twice:
        twice = document.given_twice[0]
        return document.problem(
            twice, f"'{twice[-1]}' stands twice; keep one, so that this can grow"
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
    """The first fault of the new text that the old one had not, wherever it stood then."""
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
    try:
        expected = _expected(document.data, addition)
    except _CannotAdd as error:
        return document.problem(addition.keys, str(error))
    on_one_line = replace(addition, value=_on_one_line(addition.value))
    for candidate in chain(_candidates(document, addition), _candidates(document, on_one_line)):
        again, faults = parse_document(candidate.encode(), document.file)
        if again is not None and again.data == expected and len(faults) <= state.faults:
            return _State(document=again, faults=len(faults))
    message = "written in a way that cannot be added to without changing the rest; add it by hand"
    return document.problem(addition.keys, message)


class _CannotAdd(Exception):  # noqa: N818  # a way out, never seen outside
    """The addition does not go with what the file holds."""


# What the file must say afterwards.


_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
"""Signs that the reader does not take, not even in quotes, and halves of signs."""


def without_unreadable(text: str) -> str:
    """The text without the control signs that no contact file may hold."""
    return _UNREADABLE.sub("", text)


def _plain(value: Value) -> Plain:
    """A value as the reader will give it."""
    if isinstance(value, str) and (sign := _UNREADABLE.search(value)):
        raise _CannotAdd(f"{ascii(sign[0])[1:-1]} is a control character; delete it")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return {key: _plain(held) for key, held in value.items() if not _is_nothing(held)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(held) for held in value]
    return None if value is None else str(value)


def _on_one_line(value: Value) -> Value:
    """The value, its texts of several lines marked to be written on one."""
    if isinstance(value, Mapping):
        return {key: _on_one_line(held) for key, held in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_on_one_line(held) for held in value]
    return _OneLine(value) if isinstance(value, str) and "\n" in value else value


def _is_nothing(value: Value) -> bool:
    return value is None or (isinstance(value, Sequence | Mapping) and len(value) == 0)


def _expected(data: dict[str, Plain], addition: Addition) -> dict[str, Plain]:
    """The data after the addition."""
    expected = deepcopy(data)
    *around, last = addition.keys
    holder: Plain = expected
    for at, key in enumerate(around):
        holder = _promoted(holder, key, addition.keys[0], last=at == len(around) - 1)
    value = _plain(addition.value)
    held = _held(holder, last)
    if isinstance(addition, Append):
        _expect_item(holder, last, held, value, first=addition.first)
    elif isinstance(addition, Put) and held is not None:
        raise _CannotAdd("is there already")
    elif isinstance(addition, Replace) and held is None:
        raise _CannotAdd("is not there, so that nothing can take its place")
    else:
        _set(holder, last, value)
    return expected


def _promoted(holder: Plain, key: str | int, section: str | int, *, last: bool) -> Plain:
    """What is at `key`; a plain text that stands for an item becomes that item."""
    held = _held(holder, key)
    if isinstance(held, str) and isinstance(key, int) and last:
        held = {_text_field(section): held}
        _set(holder, key, held)
    elif held is None and isinstance(key, str) and isinstance(holder, dict):
        held = holder[key] = {}
    return held


def _text_field(section: str | int) -> str:
    """The field that a plain text in a list of this name stands for."""
    return {"life_events": "note", "approaches": "tried"}.get(str(section), "text")


def _held(holder: Plain, key: str | int) -> Plain:
    if isinstance(holder, dict) and isinstance(key, str):
        return holder.get(key)
    if isinstance(holder, list) and isinstance(key, int) and key < len(holder):
        return holder[key]
    raise _CannotAdd("there is nothing of this kind here")


def _set(holder: Plain, key: str | int, value: Plain) -> None:
    assert isinstance(holder, dict | list)  # noqa: S101  # as _held has seen
    holder[key] = value  # type: ignore[index]  # a key of the holder's own kind


def _expect_item(holder: Plain, key: str | int, held: Plain, value: Plain, *, first: bool) -> None:
    if held is None:
        _set(holder, key, [value])
    elif isinstance(held, list):
        held.insert(0 if first else len(held), value)
    else:
        raise _CannotAdd("must be a list before something can be added to it")


# Where it goes. Each candidate is a whole new text; the first that reads back right is taken.


def _candidates(document: Document, addition: Addition) -> Iterator[str]:
    text = document.text
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if root is None:  # comments alone
        lines = _field_lines(_Style(), 0, *_nested(addition.keys, addition))
        yield _with_lines(text, len(text), lines)
        return
    path = _nodes(root, addition.keys)
    if len(path) == len(addition.keys) + 1:
        yield from _at_node(text, path, addition)
    elif isinstance(path[-1], yaml.ScalarNode):
        yield from _beneath_scalar(document, path, addition)
    elif isinstance(path[-1], yaml.MappingNode):
        key, value = _nested(addition.keys[len(path) - 1 :], addition)
        yield from _new_field(text, path, key, value)


def _nested(keys: Keys, addition: Addition) -> tuple[str, Value]:
    """The first of the missing fields, and its value with the others inside it."""
    value: Value = [addition.value] if isinstance(addition, Append) else addition.value
    for key in reversed(keys[1:]):
        value = {str(key): value}
    return str(keys[0]), value


def _nodes(root: yaml.Node, keys: Keys) -> list[yaml.Node]:
    """The nodes on the way to `keys`, as far as they are there."""
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
    """Candidates where the field itself is there."""
    node = path[-1]
    if isinstance(addition, Append) and isinstance(node, yaml.SequenceNode):
        if node.flow_style:
            yield _in_flow(text, node, _flow(addition.value), first=addition.first)
        else:
            yield from _new_item(text, path, addition)
    elif isinstance(addition, Replace):
        yield from _instead(text, path, addition.value)
    elif isinstance(node, yaml.ScalarNode):
        _, value = _nested(addition.keys[-1:], addition)
        yield from _into_empty(text, path, value)


def _beneath_scalar(document: Document, path: list[yaml.Node], addition: Addition) -> Iterator[str]:
    """Candidates where a plain text, or nothing, stands where a mapping is needed."""
    node, parent = path[-1], path[-2]
    text = document.text
    missing = addition.keys[len(path) - 1 :]
    if node.start_mark.index == node.end_mark.index or _says_nothing(node):
        key, value = _nested(missing, addition)
        yield from _into_empty(text, path, {key: value})
        return
    field = _text_field(addition.keys[0])
    start, end = node.start_mark.index, node.end_mark.index
    if _in_brackets(parent):
        key, value = _nested(missing, addition)
        more = f", {_scalar(key, flow=True)}: {_flow(value)}}}"
        yield f"{text[:start]}{{{field}: {text[start:end]}{more}{text[end:]}"
        return
    promoted = f"{text[:start]}{field}: {text[start:]}"
    again, _ = parse_document(promoted.encode(), document.file)
    if again is not None:
        yield from _candidates(again, addition)


def _in_brackets(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _says_nothing(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in {"", "~", "null"}


@dataclass(frozen=True, kw_only=True)
class _Style:
    """How this file is written, as far as new lines follow it.

    Attributes:
        dash: how far a list's dashes stand behind the field they belong to.
        step: how far the fields of a mapping stand behind the field they belong to.
    """

    dash: int = 2
    step: int = 2

    @classmethod
    def of(cls, root: yaml.Node) -> "_Style":
        """The style of the first list and the first mapping in the file."""
        dash = step = None
        for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
            if value.flow_style if isinstance(value, yaml.CollectionNode) else True:
                continue
            behind = value.start_mark.column - key.start_mark.column
            if isinstance(value, yaml.SequenceNode) and dash is None:
                dash = behind
            elif isinstance(value, yaml.MappingNode) and step is None:
                step = behind
        return cls(dash=2 if dash is None else dash, step=step or 2)


def _new_field(text: str, path: list[yaml.Node], key: str, value: Value) -> Iterator[str]:
    """A field more in the mapping at the end of `path`."""
    mapping = path[-1]
    assert isinstance(mapping, yaml.MappingNode)  # noqa: S101  # as _candidates has seen
    if mapping.flow_style:
        yield _in_flow(text, mapping, f"{_scalar(key, flow=True)}: {_flow(value)}")
        return
    column = mapping.start_mark.column
    lines = _field_lines(_Style.of(path[0]), column, key, value)
    for place in _places_behind(text, mapping, deeper_than=max(column - 1, 0)):
        yield _with_lines(text, place, lines)
    yield _with_lines(text, _line_start(text, mapping.value[-1][0].start_mark.index), lines)
    yield from _behind_cut_block(text, mapping, lines)


def _new_item(text: str, path: list[yaml.Node], addition: Append) -> Iterator[str]:
    """An item more in the block list at the end of `path`."""
    items = path[-1]
    column = items.start_mark.column
    beside = items.value[0 if addition.first else -1]
    one_line = _in_brackets(beside) if isinstance(beside, yaml.MappingNode) else None
    gap = beside.start_mark.column - column
    lines = _item_lines(
        _Style.of(path[0]),
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


def _into_empty(text: str, path: list[yaml.Node], value: Value) -> Iterator[str]:
    """A value for a field with nothing behind its colon."""
    node, parent = path[-1], path[-2]
    start, end = node.start_mark.index, node.end_mark.index
    if not _says_nothing(node):
        return
    if end > start:  # a `~` or `null` that stands for nothing
        yield text[:start] + _flow(value) + text[end:]
        return
    if isinstance(parent, yaml.MappingNode) and not parent.flow_style:
        key = next(name for name, held in parent.value if held is node)
        style = _Style.of(path[0])
        lines = _field_lines(style, key.start_mark.column, key.value, value)
        if len(lines) > 1 and lines[0].endswith(":"):
            yield _with_lines(text, _next_line(text, start), lines[1:])
    yield f"{text[:start]} {_flow(value)}{text[start:]}"


def _instead(text: str, path: list[yaml.Node], value: Value) -> Iterator[str]:
    """Another value in the place of the node at the end of `path`."""
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
        lines = _scalar_lines(value, column + _Style.of(path[0]).step)
        yield text[:start] + eol.join(lines) + text[end:]
    yield text[:start] + _flow(value) + text[end:]


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
    """Starts of lines behind all of `node` where a line can be put, the best one first.

    Comments that follow and stand deeper than the new line belong to what is before them.
    """
    last = _last_leaf(node)
    end = last.end_mark.index
    block = isinstance(last, yaml.ScalarNode) and last.style in ("|", ">")
    if block:  # its mark stands behind the blank lines after it
        start = last.start_mark.index
        header = _BREAK.split(text[start:end], maxsplit=1)[0]
        if "+" not in header.partition("#")[0]:
            content = start + len(text[start:end].rstrip())
            yield _behind_comments(text, _next_line(text, content), deeper_than)
        yield end
        return
    yield _behind_comments(text, _next_line(text, end), deeper_than)


def _behind_cut_block(text: str, node: yaml.Node, lines: Sequence[str]) -> Iterator[str]:
    """Behind a block of text that ends the file without a line break.

    A break after it would become part of it, unless its sign says `-`: the one byte that is added.
    """
    last = _last_leaf(node)
    if isinstance(last, yaml.ScalarNode) and last.style in ("|", ">"):
        sign = last.start_mark.index + 1
        cut = f"{text[:sign]}-{text[sign:]}"
        yield _with_lines(cut, len(cut), lines)


def _last_leaf(node: yaml.Node) -> yaml.Node:
    """The node whose end is the end of `node` itself, without the comments behind it."""
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
    """`lines` put into `text` at the start of a line, or behind a last line without an end."""
    eol = _eol(text, place)
    if place == len(text) and text and not _BREAK.match(text[-1]):
        return text + eol + eol.join(lines)
    return text[:place] + "".join(line + eol for line in lines) + text[place:]


# How it is written.

_ONE_LINE = 96
_FEW = 2


def _field_lines(style: _Style, column: int, key: str, value: Value) -> list[str]:
    """The lines of `key: value` in a block mapping at `column`."""
    head = f"{' ' * column}{_scalar(key)}:"
    if isinstance(value, Mapping):
        short = f"{head} {_flow(value)}"
        if column and len(value) <= _FEW and _all_short(value.values()) and len(short) <= _ONE_LINE:
            return [short]
        lines = [head]
        for name, held in value.items():
            if not _is_nothing(held):
                lines += _field_lines(style, column + style.step, name, held)
        return lines
    if isinstance(value, Sequence) and not isinstance(value, str):
        short = f"{head} {_flow(value)}"
        if (column or key in _SHORT_LISTS) and _all_short(value) and len(short) <= _ONE_LINE:
            return [short]
        lines = [head]
        for item in value:
            lines += _item_lines(style, column + style.dash, item)
        return lines
    first, *rest = _scalar_lines(_as_text(value), column + style.step)
    return [f"{head} {first}", *rest]


_SHORT_LISTS = frozenset({"emails", "aliases", "telephones", "past_organizations", "interests"})
"""Lists at the top of a file that are usually written in brackets."""


def _all_short(items: Iterable[Value]) -> bool:
    return not any(isinstance(item, Mapping) or "\n" in str(item) for item in items)


def _item_lines(
    style: _Style, column: int, value: Value, *, one_line: bool | None = None, gap: int = 2
) -> list[str]:
    """The lines of `- value` in a block list whose dashes stand at `column`.

    `one_line` is whether the item beside it is written in braces; None where there is none.
    """
    dash = f"{' ' * column}-{' ' * (gap - 1)}"
    if not isinstance(value, Mapping):
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [dash + _flow(value)]
        first, *rest = _scalar_lines(_as_text(value), column + 2)
        return [dash + first, *rest]
    if one_line is None:
        one_line = not any(isinstance(held, Mapping) for held in value.values())
        one_line = one_line and "date" not in value
    if one_line and len(short := dash + _flow(value)) <= _ONE_LINE and "\\n" not in short:
        return [short]
    lines: list[str] = []
    for name, held in value.items():
        if not _is_nothing(held):
            lines += _field_lines(style, column + gap, name, held)
    if not lines:
        return [dash + "{}"]
    return [dash + lines[0].lstrip(" "), *lines[1:]]


def _flow(value: Value) -> str:
    """A value on one line, as it can stand within brackets."""
    if isinstance(value, Mapping):
        fields = (
            f"{_scalar(key, flow=True)}: {_flow(held)}"
            for key, held in value.items()
            if not _is_nothing(held)
        )
        return "{" + ", ".join(fields) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(_as_text(value), flow=True)


def _as_text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, date | PartialDate | Span):
        return Word(value)
    if isinstance(value, bool):
        return Word("yes" if value else "no")
    return str(value)


_PLAIN = re.compile(
    r"[^\W_](?:[^\x00-\x1f:#\x7f-\xa0\u2028\u2029\ufeff]|:(?=[^\s:])|(?<=[^\s#])#)*\Z"
)
_FLOW_SIGNS = frozenset(",[]{}:#\"'")
_OTHER_TYPES = re.compile(
    r"(?i)(?:y|n|yes|no|on|off|true|false|null|~|[-+]?\.(?:inf|nan)"
    r"|[-+]?[0-9][0-9_,.:]*(?:e[-+]?[0-9]+)?|0[xob][0-9a-f_]+|\d{4}-\d{1,2}-\d{1,2}.*)\Z"
)
"""Texts that other YAML readers take for a truth value, a number or a date."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _scalar(text: str, *, flow: bool = False) -> str:
    """A text on one line: plain where nothing in it could mean anything else, else in quotes."""
    if _is_plain(text, flow=flow):
        return str(text)
    signs = (_ESCAPES.get(sign) or (sign if _is_printed(sign) else _escape(sign)) for sign in text)
    return f'"{"".join(signs)}"'


def _is_plain(text: str, *, flow: bool) -> bool:
    if not _PLAIN.match(text) or text != text.strip() or text.endswith(":"):
        return False
    if flow and not _FLOW_SIGNS.isdisjoint(text):
        return False
    if not all(_is_printed(sign) for sign in text):
        return False
    return isinstance(text, Word) or not _OTHER_TYPES.match(text)


def _is_printed(sign: str) -> bool:
    """Whether YAML lets this sign stand as it is, and an editor shows it."""
    return sign.isprintable() or sign in "\u200c\u200d"


_TWO_HEX, _FOUR_HEX = 0xFF, 0xFFFF


def _escape(sign: str) -> str:
    code = ord(sign)
    if code <= _TWO_HEX:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _FOUR_HEX else f"\\U{code:08x}"


def _scalar_lines(text: str, column: int) -> list[str]:
    """A text as it stands behind `key: `; several lines as a block at `column`."""
    if "\n" not in text or isinstance(text, _OneLine) or not _fits_block(text):
        return [_scalar(text)]
    chomp = "" if text.endswith("\n") else "-"
    lines = text.removesuffix("\n").split("\n")
    return [f"|{chomp}", *(" " * column + line if line else "" for line in lines)]


def _fits_block(text: str) -> bool:
    """Whether the text reads back exactly from a literal block (YAML 1.1, 9.3.5)."""
    lines = text.removesuffix("\n").split("\n")
    if not lines[0] or lines[0][0] in " \t" or not lines[-1]:
        return False
    return all(
        line == line.rstrip() and all(_is_printed(sign) or sign == "\t" for sign in line)
        for line in lines
    )


def as_yaml(items: Sequence[Mapping[str, Value]]) -> str:
    """A new YAML text that reads back as these mappings: one alone, or a list of several."""
    lines: list[str] = []
    for item in items:
        if len(items) == 1:
            for name, held in item.items():
                if not _is_nothing(held):
                    lines += _field_lines(_Style(), 0, name, held)
        else:
            lines += _item_lines(_Style(), 0, item, one_line=False)
    return "".join(line + "\n" for line in lines)
