"""YAML written by people, read strictly: every scalar as text, every value with its line.

The loader's own types (`no` is false, `12:30` is 750, the last of two equal keys wins) are not
used: a scalar stays as typed, and the field it belongs to decides what it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

import yaml

from briefgen.workspace.atomic import read_start
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, Severity

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20

Keys: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"

_SHOWN = 80
_MOST_TWICE = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line for the parser (YAML 1.1, 4.2), whose marks count lines this way."""
_COMMENT_AFTER = re.compile(r"[ \t]#(?=[^\s#!])")
_ANCHOR = Phrase("a `&` starts an anchor, which is not read here; quote it")
_ALIGNMENT = Phrase("not in line with the lines above; check the indentation and quotes")
_MENDS = {
    "mapping values are not allowed": Phrase("a colon in the value; quote it"),
    "found character '\\t'": Phrase("a tab is used to indent; use spaces"),
    "cannot start any token": Phrase(
        "the value begins with a character that YAML reserves; quote it"
    ),
    "expected <block end>": _ALIGNMENT,
    "did not find expected key": _ALIGNMENT,
    "did not find expected '-'": _ALIGNMENT,
    "no space after the colon": Phrase("a space is missing after the colon; write `field: value`"),
    "could not find expected ':'": Phrase("a `field: value` line without its colon"),
    "unexpected end of stream": Phrase("a quote or bracket is not closed"),
    "did not find expected ',' or ']'": Phrase(
        "brackets are not closed, or a text in them needs quotes"
    ),
    "did not find expected ',' or '}'": Phrase(
        "braces are not closed, or a text in them needs quotes"
    ),
    "did not find expected alphabetic": Phrase("a value begins with & or *; quote it"),
    "undefined tag handle": Phrase("a value begins with !; quote it"),
}
"""What libyaml says, in the user's words."""
_OPENED = (
    "while scanning a quoted scalar",
    "while parsing a flow",
    "while scanning a simple key",
)
"""Faults that libyaml notices late: the place to fix is where the construct began."""
_NO_SPACE = re.compile(r"[ -]*\w+:[^\s/]")
_NO_BREAK_SPACE = re.compile("[ -]*\\w+:[\u00a0\u2007\u202f\u3000]")
_EMPTY_WORDS = frozenset({"", "~", "null"})


@dataclass(frozen=True, kw_only=True)
class Document:
    """One YAML file as it was read.

    Attributes:
        file: the path the user knows it by, relative to the workspace.
        text: the file's text, without a byte order mark.
        data: mappings, lists, text, and None if nothing was given.
        lines: from the path of a value to the line it starts on, counted from 1.
        given_twice: the fields given twice; their values in `data` are not to be used.
    """

    file: str
    text: str
    data: dict[str, Plain]
    lines: Mapping[Keys, int] = field(repr=False)
    given_twice: tuple[Keys, ...] = ()

    def line(self, *keys: str | int) -> int | None:
        """The line of the value at `keys`, or of the nearest enclosing value that exists."""
        if keys in self.lines:
            return self.lines[keys]
        for length in range(len(keys), 0, -1):
            if (line := self.lines.get(keys[:length])) is not None:
                return line
        return None

    def problem(self, keys: Keys, message: str, severity: Severity = "error") -> Problem:
        """A problem at the place of the value at `keys`."""
        return Problem(
            file=self.file,
            line=self.line(*keys),
            field=field_name(keys),
            message=message,
            severity=severity,
        )


def field_name(keys: Keys) -> str:
    """`("emails", 1)` as `emails[1]`."""
    name = ""
    for key in keys:
        name += f"[{key}]" if isinstance(key, int) else f".{key}" if name else key
    return name


def read_document(path: Path, file: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """Read one YAML file, at most 1 MB and 20 levels; `file` is its name in problems."""
    try:
        content = read_bytes(path)
    except OSError as error:
        return None, (
            Problem(file=file, message=Phrase("cannot be read: {reason}", reason=error.strerror)),
        )
    return parse_document(content, file)


def read_bytes(path: Path) -> bytes:
    """The first megabyte of a regular file and one byte more, to recognise larger ones.

    Raises:
        OSError: if it cannot be read, or is a pipe or device, which might never end.
    """
    return read_start(path, MAX_BYTES + 1)


def parse_document(content: bytes, file: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """Read the bytes of one YAML file; None if nothing in it can be trusted."""
    builder, data, problems = _parse(content, file)
    if builder is None:
        return None, problems
    if not isinstance(data, dict):
        message = Phrase("must be `field: value` lines, not a list or a single text")
        return None, (*problems, Problem(file=file, line=1, message=message))
    return builder.document(data), problems


def parse_documents(content: bytes, file: str) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """Read YAML that is one mapping, or a list of them: one document each, in order."""
    builder, data, problems = _parse(content, file)
    if builder is None:
        return (), problems
    if isinstance(data, dict):
        return (builder.document(data),), problems
    found = []
    for at, item in enumerate(data if isinstance(data, list) else [data]):
        if not isinstance(item, dict):
            line = builder.lines.get((at,), 1)
            message = Phrase("must be `field: value` lines, or a list of such")
            return (), (*problems, Problem(file=file, line=line, message=message))
        found.append(builder.document(item, at))
    return tuple(found), problems


def _parse(content: bytes, file: str) -> tuple["_Builder | None", Plain, tuple[Problem, ...]]:
    """The builder and the data it built; None and the problems if nothing can be trusted."""
    if len(content) > MAX_BYTES:
        return None, None, (Problem(file=file, message=Phrase("larger than 1 MB; split it")),)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(file=file, line=line, message=Phrase("not UTF-8 text; save it as UTF-8"))
        return None, None, (problem,)
    builder = _Builder(file, text)
    try:
        data = builder.build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except _Refused as refused:
        problem = refused.problem
    except yaml.MarkedYAMLError as error:
        problem = _syntax_problem(file, text, error)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = Phrase("there is a control character here; delete it")
        problem = Problem(file=file, line=line, message=message)
    else:  # an empty file is an empty mapping
        return builder, {} if data is None else data, tuple(builder.problems)
    return None, None, (*builder.problems, problem)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _Refused(Exception):  # noqa: N818  # control flow inside the builder
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Open(NamedTuple):
    """A mapping or list whose end has not been read yet."""

    keys: Keys
    value: list[Plain] | dict[str, Plain]


class _Builder:
    """Turns YAML events into plain data, with a stack of its own."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.text_lines = _LINE_BREAK.split(text)
        self.lines: dict[Keys, int] = {}
        self.problems: list[Problem] = []
        self.given_twice: list[Keys] = []
        self._stack: list[_Open] = []
        self._key: str | None = None
        self._documents = 0

    def build(self, events: Iterator[yaml.Event]) -> Plain:
        root: Plain = None
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                if not self._stack:
                    root = self._scalar(event, ())
                elif self._expects_key():
                    self._take_key(event)
                else:
                    keys = self._next_keys()
                    self.lines.setdefault(keys, _line(event))
                    self._put(self._scalar(event, keys))
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                root = self._open(event, root)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._stack.pop()
                self._key = None
            elif isinstance(event, yaml.AliasEvent):
                raise self._refuse(
                    event, Phrase("a `*` starts an alias, which is not read here; quote it")
                )
            elif isinstance(event, yaml.DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    raise self._refuse(
                        event, Phrase("a second document (`---`); keep one in each file")
                    )
        return root

    def document(self, data: dict[str, Plain], *within: int) -> Document:
        """What was built, or the mapping at the place `within` of a list that was."""
        depth = len(within)
        lines = self.lines
        if within:
            inside = (
                (keys[depth:], line) for keys, line in lines.items() if keys[:depth] == within
            )
            lines = {keys: line for keys, line in inside if keys}
        given_twice = (keys[depth:] for keys in self.given_twice if keys[:depth] == within)
        return Document(
            file=self.file, text=self.text, data=data, lines=lines, given_twice=tuple(given_twice)
        )

    def _problem(self, event: yaml.Event, message: str, keys: Keys) -> Problem:
        return Problem(file=self.file, line=_line(event), field=field_name(keys), message=message)

    def _refuse(self, event: yaml.Event, message: str, keys: Keys = ()) -> _Refused:
        return _Refused(self._problem(event, message, keys))

    def _expects_key(self) -> bool:
        return isinstance(self._stack[-1].value, dict) and self._key is None

    def _next_keys(self) -> Keys:
        top = self._stack[-1]
        if isinstance(top.value, dict):
            assert self._key is not None  # noqa: S101  # a value is only read after its key
            return (*top.keys, self._key)
        return (*top.keys, len(top.value))

    def _take_key(self, event: yaml.ScalarEvent) -> None:
        top = self._stack[-1]
        assert isinstance(top.value, dict)  # noqa: S101  # as _expects_key has seen
        keys = (*top.keys, event.value)
        if event.anchor is not None:
            raise self._refuse(event, _ANCHOR)
        if event.value in top.value:
            first = self.lines[keys]
            message = Phrase(
                "'{value}' is given twice (first on line {first}); keep one",
                value=event.value,
                first=first,
            )
            if len(self.given_twice) >= _MOST_TWICE:
                raise self._refuse(event, message, keys)
            self.problems.append(self._problem(event, message, keys))
            self.given_twice.append(keys)
        self.lines.setdefault(keys, _line(event))
        self._key = event.value

    def _put(self, value: Plain) -> None:
        top = self._stack[-1]
        if isinstance(top.value, dict):
            assert self._key is not None  # noqa: S101  # a value is only read after its key
            top.value[self._key] = value
            self._key = None
        else:
            top.value.append(value)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, root: Plain) -> Plain:
        keys: Keys = ()
        if event.anchor is not None:
            raise self._refuse(event, _ANCHOR)
        if event.tag is not None:
            raise self._refuse(
                event, Phrase("'{tag}' is a tag, which is not read here; quote it", tag=event.tag)
            )
        if self._stack:
            if self._expects_key():
                raise self._refuse(
                    event, Phrase("a field's name cannot be a list or a mapping; quote it")
                )
            keys = self._next_keys()
        if len(self._stack) >= MAX_DEPTH:
            raise self._refuse(
                event, Phrase("nested deeper than {max_depth} levels", max_depth=MAX_DEPTH), keys
            )
        value: list[Plain] | dict[str, Plain]
        value = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self._stack:
            self.lines.setdefault(keys, _line(event))
            self._put(value)
        else:
            root = value
        self._stack.append(_Open(keys, value))
        self._key = None
        return root

    def _scalar(self, event: yaml.ScalarEvent, keys: Keys) -> str | None:
        if event.anchor is not None:
            raise self._refuse(event, _ANCHOR, keys)
        if event.tag is not None:
            message = Phrase(
                "the value begins with '{tag}', which YAML takes for a tag; quote it", tag=event.tag
            )
            raise self._refuse(event, message, keys)
        if event.style:  # quoted, or a block: taken literally
            if control := _CONTROL.search(event.value):
                shown = repr(control[0])[1:-1]
                raise self._refuse(
                    event, Phrase("{shown} is a control character; delete it", shown=shown), keys
                )
            return str(event.value)
        self._look_for_comment(event, keys)
        return None if event.value in _EMPTY_WORDS else str(event.value)

    def _look_for_comment(self, event: yaml.ScalarEvent, keys: Keys) -> None:
        """`Issue #3` is read as `Issue`: report it, since nobody means that as a comment."""
        end = event.end_mark
        if end is None or (line := end.line) >= len(self.text_lines):
            return
        around = self.text_lines[line]
        if event.value and _COMMENT_AFTER.match(around, end.column):
            lost = around[end.column :].strip()[:_SHOWN]
            message = Phrase(
                "'{lost}' is lost: an unquoted # begins a comment; quote the value", lost=lost
            )
            field = field_name(keys)
            self.problems.append(
                Problem(file=self.file, line=line + 1, field=field, message=message)
            )


def _syntax_problem(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    lines = _LINE_BREAK.split(text)
    mark = error.problem_mark or error.context_mark
    at = min(mark.line, len(lines) - 1) if mark else None
    said: str = error.problem or Phrase("not YAML")
    if at is not None and re.match(r"\s*\t", lines[at]):
        said = "found character '\\t'"
    elif error.context_mark and (error.context or "").startswith(_OPENED):
        at = min(error.context_mark.line, len(lines) - 1)
        if _NO_SPACE.match(lines[at]):
            said = "no space after the colon"
    for number, line in enumerate(lines):
        if _NO_BREAK_SPACE.match(line):  # looks like a space, and is none to YAML
            at, said = number, "no space after the colon"
            break
    message = next((mend for sign, mend in _MENDS.items() if sign in said), said)
    return Problem(file=file, line=None if at is None else at + 1, message=message)
