"""A plan, which says how a page is laid out, and the fingerprint under which it is kept.

A plan has sizes and the ids of blocks, but none of their text. A packet reuses the plans of its
briefs; a layout made from one is measured like any other before it is used. The fingerprint also
tells whether a page would come out the same, without making it.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from msgspec import field, json

from briefgen import __version__
from briefgen.brief.brief import Brief, Section
from briefgen.brief.day import DaySheet
from briefgen.page.look import FONTS, Look, font_files, template_folder, template_folders
from briefgen.page.photos import photo_name
from briefgen.page.scripts import installed_fonts, legible_page
from briefgen.workspace.atomic import is_regular, make_folder, read_regular, temporary_file
from briefgen.workspace.value import Value

MOST_SHORT: Final = 2
"""How much a glance can be cut."""
MOST_KEPT: Final = 500
"""About a month of a busy person's meetings."""


class Plan(Value, frozen=True, kw_only=True):
    """How a page is to be laid out.

    Attributes:
        left_out: ids of what is not on the page: blocks and mood lines.
        lines: how many ruled lines each stretch of them has, by its key.
        moved: the sections that are in the right column because there is more room.
        short: how much the glance is cut: 1 for all except the first line, 2 for that too.
        tight: whether each line is cut to one line of type, since too much must stay.
    """

    left_out: frozenset[str] = frozenset()
    lines: Mapping[str, int] = field(default_factory=dict)
    moved: frozenset[Section] = frozenset()
    short: int = 0
    tight: bool = False


def plan_file(brief: Brief, look: Look) -> Path:
    """The file of a page's plan."""
    return look.cache.parent / "plans" / f"{fingerprint(brief, look)[:32]}.json"


def kept_plan(file: Path) -> Plan | None:
    """The plan that fitted; None if there is none that can be read."""
    try:
        return json.decode(read_regular(file), type=Plan)
    except (OSError, ValueError):
        return None


def keep_plan(file: Path, plan: Plan) -> None:
    """Keep a plan, if there is a cache for it."""
    keep_file(file, json.encode(plan, order="sorted"))


def keep_file(file: Path, content: bytes) -> None:
    """Write something that can be recomputed: without waiting for the disk, ignoring failures."""
    if not file.parent.parent.is_dir():
        return
    with suppress(OSError):
        make_folder(file.parent)
        descriptor, temporary = temporary_file(file.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        temporary.replace(file)
        _drop_oldest(file.parent)


def _drop_oldest(folder: Path) -> None:
    with os.scandir(folder) as entries:
        files = [(entry.stat().st_mtime_ns, entry.path) for entry in entries]
    for _, path in sorted(files)[:-MOST_KEPT]:
        Path(path).unlink(missing_ok=True)


_NOT_PRINTED = frozenset({"left_out", "line", "photo_line", "changes", "new", "new_mood"})
"""What a page does not show, or is not remade for; line numbers of sources change easily."""
_NOT_ON_SHEET = frozenset({"lines", "mood", "photo_line", "source", "attention"})
"""What the day sheet does not show of faces and contact files, or is not remade for."""


def fingerprint(brief: Brief, look: Look) -> str:
    """A hash of everything that decides the bytes of `make_page(brief, look)`.

    What was considered and left out of the brief is not part of it, nor is the time.
    """
    photos = [photo_name(face.photo, look=look) for face in brief.faces if face.photo]
    fonts = installed_fonts(template_folder() / FONTS)
    shown, look, _ = legible_page(brief, look, fonts=fonts)
    parts = (
        _plain(shown),
        (look.size, look.color, str(look.language.locale), look.author),
        tuple(photos),
        _templates(look.templates),
        tuple((path.name, path.stat().st_size) for path in font_files()),
        (__version__, _version("weasyprint")),
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def packet_fingerprint(
    sheet: DaySheet, briefs: Sequence[Brief], look: Look, *, two_sided: bool
) -> str:
    """A hash of everything that decides the bytes of `make_packet` of these."""
    parts = (
        _plain(sheet, _NOT_ON_SHEET),
        tuple(fingerprint(brief, look) for brief in briefs),
        two_sided,
        (look.size, look.color, str(look.language.locale), look.author),
        _templates(look.templates),
        (__version__, _version("weasyprint")),
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any, hidden: frozenset[str] = _NOT_PRINTED) -> Any:  # noqa: ANN401  # anything a brief holds
    """`value` in a form whose `repr` is the same for equal values."""
    if isinstance(value, Value) or is_dataclass(value):
        names = [name for name in _names_of(value) if name not in hidden]
        return tuple((name, _plain(getattr(value, name), hidden)) for name in names)
    if isinstance(value, tuple):
        return tuple(_plain(one, hidden) for one in value)
    return value.isoformat() if isinstance(value, date) else value


def _names_of(value: Any) -> tuple[str, ...]:  # noqa: ANN401  # a value of a brief, or a dataclass
    """The names of its fields."""
    if isinstance(value, Value):
        return value.__struct_fields__
    return tuple(one.name for one in fields(value))


def _templates(own: Path) -> tuple[tuple[str, str], ...]:
    """Every file of the templates, by name and content; the user's own ones first."""
    found: dict[str, str] = {}
    for folder in template_folders(own):
        for path in sorted(folder.iterdir()):
            if is_regular(path) and path.name not in found:
                found[path.name] = _digest(path, path.stat().st_mtime_ns)
    return tuple(sorted(found.items()))


@cache
def _digest(path: Path, changed: int) -> str:  # noqa: ARG001  # part of the key
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
