"""People kept as Markdown notes with front matter, one a file, as in an Obsidian vault.

The front matter is read like a row of a table, its keys like columns. Headings that are dates
become interactions, and the rest of the note becomes notes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import yaml

from briefgen.contacts.book import name_key
from briefgen.contacts.exchange.charset import charset_of
from briefgen.contacts.exchange.columns import Column, read_columns, with_guesses
from briefgen.contacts.exchange.person import Incoming, Item, Options, Past, Refused, Remark
from briefgen.contacts.exchange.table import read_row
from briefgen.contacts.exchange.values import read_date
from briefgen.workspace.phrase import one_line, some_lines
from briefgen.workspace.value import Value

MAX_BYTES: Final = 1024 * 1024
"""The largest note that is read."""

_INLINE = re.compile(
    r"(?m)^[ \t]*(?:[-*] )?\**([^:\n*\[(]{1,40}?)\**::[ \t]*\**[ \t]*(\S[^\n]*)\n?"
    r"|[\[(]([^:\n*\[\]()]{1,40}?)::[ \t]*([^\n\])]+)[\])]"
)
"""A field in the text, `Email:: dana@acme.example` or `[Email:: …]`, as Dataview and Logseq do."""
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"(?P<item>[ \t]*[-*][ \t]+)?(?P<level>#{1,6})[ \t]+(?P<title>.*?)[ \t#]*\Z")
_WIKI = re.compile(r"!?\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]")
_DATED = re.compile(
    r"\W*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}"
    r"|\d{1,2}\.? [^\W\d_]{3,12}\.?,? \d{4}|[^\W\d_]{3,12} \d{1,2}, \d{4})\b\W*(.*)\Z"
)
_CHANNELS: Final = (
    ("call", r"call|phone|zoom|telefon|anruf|appel|llamada|chiamata"),
    ("email", r"e-?mail|courriel|correo"),
    ("visit", r"visit|besuch|visite|visita|bezoek"),
    ("message", r"message|chat|whatsapp|signal|sms|text|nachricht"),
    ("gift", r"gift|present|geschenk|cadeau|regalo"),
)
_PEOPLE_TAGS: Final = frozenset({"person", "people", "contact", "contacts", "crm"})
_TELLING: Final = frozenset(
    {"email", "telephone", "birthday", "organization", "first name", "last name", "name", "alias"}
)
"""Keys that show that a note is about a person."""


def read_note(path: Path, options: Options) -> Iterator[Item]:
    """The person of a note; a note about nobody is named and skipped."""
    content = path.read_bytes()[: MAX_BYTES + 1]
    if len(content) > MAX_BYTES:
        yield Refused(line=1, reason=f"larger than {MAX_BYTES // 2**20} MB")
        return
    charset = options.charset or charset_of(content)
    text = content.decode(charset.codec, errors="replace").removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    try:
        about = dict(_fields(_of_yaml(front[1]))) if front else {}
    except _BrokenFront as error:
        yield Refused(line=error.line, reason=f"the front matter cannot be read: {error}")
        return
    note = _note(_without_fields(text[front.end() :] if front else text, about))
    header, cells = list(about), list(about.values())
    columns = _columns(header, cells, {path.stem, note.heading}, options)
    kinds = {column.kind for column, cell in zip(columns, cells, strict=True) if cell}
    said = f"{about.get('tags', '')} {about.get('type', '')}"
    tags = set(re.split(r"[;,\s#]+", said.casefold()))
    if any("{{" in cell or "<%" in cell for cell in cells):
        yield Remark(text="a template for notes, and nobody's note")
        return
    if front is None and text.startswith("---\n"):
        yield Refused(line=1, reason="the front matter has no end; add a line of --- below it")
        return
    if not (kinds & _TELLING or tags & _PEOPLE_TAGS):
        yield Remark(text="not a note of a person: its front matter says nothing of one")
        return
    yield from (c.destination for c, cell in zip(columns, cells, strict=True) if cell)
    if not kinds & {"name", "first name", "last name"}:
        columns = (*columns, Column(place=len(cells), header="the note", kind="name"))
        cells = [*cells, note.heading or one_line(path.stem)]
    read = read_row(1, columns, cells, day_first=options.day_first)
    yield _with_note(read, note)


def _columns(
    header: list[str], cells: list[str], names: set[str], options: Options
) -> tuple[Column, ...]:
    """The keys as columns: a `title` that equals the note's title is the name."""
    keys = {name_key(name) for name in names if name}
    found = read_columns([key.replace("_", " ") for key in header], options.columns)
    made = []
    for column, cell in zip(with_guesses(found, [cells]), cells, strict=True):
        kind = column.kind or "custom"
        if column.header.casefold() == "title" and name_key(cell) in keys:
            kind = "name"
        made.append(column.replace(kind=kind))
    return tuple(made)


def _with_note(read: Incoming | Refused, note: "_Note") -> Incoming | Refused:
    """The person of the front matter, with what the note itself says."""
    if isinstance(read, Refused):
        return read
    notes = some_lines("\n\n".join(part for part in (read.notes, note.rest) if part))
    tags = tuple(tag for tag in read.tags if tag.casefold().lstrip("#") not in _PEOPLE_TAGS)
    return replace(read, interactions=note.past, notes=notes or None, tags=tags)


class _BrokenFront(Exception):  # noqa: N818  # names what is wrong
    """Front matter that cannot be read: why, and on which line of the note."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


def _of_yaml(text: str) -> dict[Any, Any]:
    """The front matter's fields, whose values are only texts, lists and mappings.

    Raises:
        _BrokenFront: if it is not a mapping, or not YAML.
    """
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.CSafeLoader)):
            raise _BrokenFront("it has an alias (*)")
        data = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506  # only texts, lists and mappings
    except (yaml.YAMLError, RecursionError) as error:
        reason = getattr(error, "problem", None) or "not YAML"
        mark = getattr(error, "problem_mark", None)
        raise _BrokenFront(str(reason), mark.line + 2 if mark else 1) from None
    if data in (None, ""):
        return {}
    if not isinstance(data, dict):
        raise _BrokenFront("it is no list of `key: value`")
    return data


def _fields(data: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    """Each field and its text, with lists joined and links replaced by their text.

    A field inside another, like `email` in `contact`, has its own name.
    """
    for given, value in data.items():
        key = one_line(str(given))
        if not isinstance(value, dict):
            yield key, _flat(value)
            continue
        for inner, text in _fields(value):
            (column,) = read_columns([inner], {})
            is_telling = column.kind is not None and inner not in data
            yield inner if is_telling else f"{key} {inner}", text


def _without_fields(text: str, about: dict[str, str]) -> str:
    """The text without the fields in it, which are added to those of the front matter."""
    known = {key.casefold() for key in about}

    def take(found: re.Match[str]) -> str:
        key = one_line(found[1] or found[3])
        if key.casefold() in known:
            return found[0]
        about[key] = _flat(found[2] or found[4])
        return ""

    return _INLINE.sub(take, text)


def _flat(value: Any) -> str:  # noqa: ANN401  # whatever YAML can hold
    if isinstance(value, list):
        return "; ".join(_flat(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_flat(item)}" for key, item in value.items())
    return _WIKI.sub(r"\1", str(value)).strip()


class _Note(Value, frozen=True, kw_only=True):
    """The text below the front matter.

    Attributes:
        heading: its title (`# Dana Smith`), if it has one. past: the text under dated headings.
        rest: everything else.
    """

    heading: str
    past: tuple[Past, ...]
    rest: str


def _note(text: str) -> _Note:
    heading = ""
    rest: list[str] = []
    past: list[tuple[Past, list[str]]] = []
    into = rest
    level = indent = 0
    for line in text.splitlines():
        found = _HEADING.match(line)
        if found is None:
            item = re.match(r"([ \t]*)[-*][ \t]", line)
            if into is not rest and indent >= 0 and item and len(item[1]) <= indent:
                into = rest  # Logseq: a heading is an item of a list, and so is what follows it
            into.append(_WIKI.sub(r"\1", line))
            continue
        title = _WIKI.sub(r"\1", found["title"])
        if (one := _dated(title)) is not None:
            into, level = [], len(found["level"])
            indent = len(line) - len(line.lstrip()) if found["item"] else -1
            past.append((one, into))
        elif len(found["level"]) == 1 and not heading:
            heading, into = one_line(title), rest
        elif into is not rest and len(found["level"]) > level:
            into.append(title)
        else:
            into = rest
            rest.append(title)
    made = tuple(_filled(one, lines) for one, lines in past)
    return _Note(heading=heading, past=made, rest=_without_empty_headings(rest, text))


def _dated(title: str) -> Past | None:
    """The interaction that a heading like `2026-11-02 Call` begins."""
    if (parts := _DATED.match(title)) is None:
        return None
    try:
        day = read_date(parts[1]).first_day()
    except ValueError:
        return None
    if day is None:
        return None
    what = parts[2].casefold()
    channel = next((name for name, words in _CHANNELS if re.search(rf"\b(?:{words})", what)), None)
    return Past(date=day, channel=channel or "meeting", summary=one_line(parts[2]))


def _filled(one: Past, lines: list[str]) -> Past:
    text = some_lines("\n".join(lines))
    summary = "\n".join(part for part in (one.summary, text) if part)
    return one.replace(summary=summary or one.channel.capitalize())


def _without_empty_headings(rest: list[str], text: str) -> str:
    """The rest of the note, without headings that have nothing left under them."""
    found = map(_HEADING.match, text.splitlines())
    titles = {_WIKI.sub(r"\1", one["title"]) for one in found if one}
    kept: list[str] = []
    for line in reversed(rest):
        follows = next((one for one in reversed(kept) if one.strip()), "")
        if line in titles and (not follows or follows in titles):
            continue
        kept.append(line)
    return some_lines("\n".join(reversed(kept)))
