"""Values as lines of YAML that every reader of YAML reads as the same values.

A text is unquoted only if nothing in it could mean anything else: `No`, `0301` and what looks like
a date are quoted, since other readers take them for a truth value, a number or a day.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import yaml

from briefgen.contacts.dates import PartialDate, Span

Writable: TypeAlias = (
    "str | bool | int | date | PartialDate | Span | Sequence[Writable] | Mapping[str, Writable]"
    " | None"
)
"""What can be added. In a mapping, None and empty lists and mappings are left out."""


class Word(str):
    """A word of the format, like `yes`, `me` or `listen`, written without quotes."""

    __slots__ = ()


class OneLine(str):
    """A text that is written on one line, because a block would run into what follows."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Style:
    """The indentation of a file, which new lines follow.

    Attributes:
        dash: how far a list's dashes are indented from their field.
        step: how far the fields of a mapping are indented from their field.
    """

    dash: int = 2
    step: int = 2

    @classmethod
    def of(cls, root: yaml.Node) -> "Style":
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


_ONE_LINE = 96
_FEW = 2


def field_lines(style: Style, column: int, key: str, value: Writable) -> list[str]:
    """The lines of `key: value` in a block mapping at `column`."""
    head = f"{' ' * column}{scalar(key)}:"
    if isinstance(value, Mapping):
        short = f"{head} {flow_text(value)}"
        if column and len(value) <= _FEW and _all_short(value.values()) and len(short) <= _ONE_LINE:
            return [short]
        lines = [head]
        for name, held in value.items():
            if not is_nothing(held):
                lines += field_lines(style, column + style.step, name, held)
        return lines
    if isinstance(value, Sequence) and not isinstance(value, str):
        short = f"{head} {flow_text(value)}"
        if (column or key in _SHORT_LISTS) and _all_short(value) and len(short) <= _ONE_LINE:
            return [short]
        lines = [head]
        for item in value:
            lines += item_lines(style, column + style.dash, item)
        return lines
    first, *rest = scalar_lines(as_text(value), column + style.step)
    return [f"{head} {first}", *rest]


_SHORT_LISTS = frozenset(
    {"emails", "aliases", "telephones", "past_organizations", "interests", "tags", "domains"}
)
"""Lists at the top of a file that are usually written in brackets."""


def _all_short(items: Iterable[Writable]) -> bool:
    return not any(isinstance(item, Mapping) or "\n" in str(item) for item in items)


def item_lines(
    style: Style, column: int, value: Writable, *, one_line: bool | None = None, gap: int = 2
) -> list[str]:
    """The lines of `- value` in a block list with its dashes at `column`.

    `one_line` is whether the item beside it is written in braces; None if there is none.
    """
    dash = f"{' ' * column}-{' ' * (gap - 1)}"
    if not isinstance(value, Mapping):
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [dash + flow_text(value)]
        first, *rest = scalar_lines(as_text(value), column + 2)
        return [dash + first, *rest]
    if one_line is None:
        one_line = not any(isinstance(held, Mapping) for held in value.values())
        one_line = one_line and "date" not in value
    if one_line and len(short := dash + flow_text(value)) <= _ONE_LINE and "\\n" not in short:
        return [short]
    lines: list[str] = []
    for name, held in value.items():
        if not is_nothing(held):
            lines += field_lines(style, column + gap, name, held)
    if not lines:
        return [dash + "{}"]
    return [dash + lines[0].lstrip(" "), *lines[1:]]


def flow_text(value: Writable) -> str:
    """A value on one line, as written within brackets."""
    if isinstance(value, Mapping):
        fields = (
            f"{scalar(key, flow=True)}: {flow_text(held)}"
            for key, held in value.items()
            if not is_nothing(held)
        )
        return "{" + ", ".join(fields) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow_text(item) for item in value) + "]"
    return scalar(as_text(value), flow=True)


def as_text(value: Writable) -> str:
    """A value as a text, or as a word of the format."""
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


def scalar(text: str, *, flow: bool = False) -> str:
    """A text on one line: unquoted if nothing in it could mean anything else, else in quotes."""
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
    """Whether YAML allows this character unescaped, and an editor shows it."""
    return sign.isprintable() or sign in "\u200c\u200d"


_TWO_HEX, _FOUR_HEX = 0xFF, 0xFFFF


def _escape(sign: str) -> str:
    code = ord(sign)
    if code <= _TWO_HEX:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _FOUR_HEX else f"\\U{code:08x}"


def scalar_lines(text: str, column: int) -> list[str]:
    """A text as it is written after `key: `; several lines as a block at `column`."""
    if "\n" not in text or isinstance(text, OneLine) or not _fits_block(text):
        return [scalar(text)]
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


def as_yaml(items: Sequence[Mapping[str, Writable]]) -> str:
    """A new YAML text that reads back as these mappings: one alone, or a list of several."""
    lines: list[str] = []
    for item in items:
        if len(items) == 1:
            for name, held in item.items():
                if not is_nothing(held):
                    lines += field_lines(Style(), 0, name, held)
        else:
            lines += item_lines(Style(), 0, item, one_line=False)
    return "".join(line + "\n" for line in lines)


def on_one_line(value: Writable) -> Writable:
    """The value, with texts of several lines marked to be written on one."""
    if isinstance(value, Mapping):
        return {key: on_one_line(held) for key, held in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [on_one_line(held) for held in value]
    return OneLine(value) if isinstance(value, str) and "\n" in value else value


def is_nothing(value: Writable) -> bool:
    """Whether a value is left out of a mapping."""
    return value is None or (isinstance(value, Sequence | Mapping) and len(value) == 0)
