"""The house: imports follow the arrows, and only the outermost layer reads the clock."""

import ast
import re
from pathlib import Path

import pytest

import briefgen

SOURCE = Path(briefgen.__file__).parent

FLOORS = (
    frozenset(
        {
            "addresses",
            "confidential",
            "document",
            "language",
            "languages",
            "lock",
            "logbook",
            "problems",
            "sample",
            "schema",
            "settings",
            "validation",
            "values",
            "waiting",
            "workspace",
            "writing",
        }
    ),
    frozenset({"contacts", "meetings"}),
    frozenset({"codes"}),
    frozenset({"brief"}),
    frozenset({"page"}),
    frozenset({"delivery"}),
)
"""From the ground up; a room may import from those below. Above them all lies the hall."""

HALL = len(FLOORS)
ROOMS = {"contacts", "meetings", "brief", "page", "delivery", "cli", "sample", "languages"}


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(SOURCE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room, or module of the ground floor or hall, that a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def floor_of(room: str) -> int:
    """How far up a room lies."""
    return next((number for number, rooms in enumerate(FLOORS) if room in rooms), HALL)


def imported_rooms(path: Path) -> set[str]:
    """The rooms whose code a module uses, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = node.module.split(".")
            if parts[0] == "briefgen":
                found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("briefgen.")}
    return found - {"__version__"}


def test_modules_are_found() -> None:
    """The other tests of this file look at a house with its five rooms in it."""
    rooms = {room_of(path) for path in modules()}
    assert {"contacts", "meetings", "brief", "page", "delivery", "cli"} <= rooms
    assert len(modules()) > 50


def test_there_are_no_other_rooms() -> None:
    """A new folder is given a place in the order of the data before it is built."""
    folders = {
        path.parent.relative_to(SOURCE).parts[0] for path in modules() if path.parent != SOURCE
    }
    assert folders <= ROOMS


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_follow_the_arrows(path: Path) -> None:
    """A module imports from its own room and from lower floors, never from its neighbours."""
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return
    for other in imported_rooms(path) - {room}:
        together = floor_of(other) == floor_of(room) and floor_of(room) in {0, HALL}
        assert floor_of(other) < floor_of(room) or together, f"{room} imports {other}"


def test_imports_are_seen() -> None:
    """The check above would notice: the command line does import preparing."""
    assert "preparing" in imported_rooms(SOURCE / "cli" / "run.py")


CLOCK = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.(?:time|localtime))\(")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_clock_is_read_once(path: Path) -> None:
    """Only `Call.as_of`, in the outermost layer, asks what time it is."""
    found = CLOCK.findall(path.read_text(encoding="utf-8"))
    allowed = 1 if path == SOURCE / "cli" / "call.py" else 0
    assert len(found) == allowed, found


def test_only_typesetting_imports_weasyprint() -> None:
    """What does not make a page does not wait for WeasyPrint."""
    pattern = re.compile(r"^\s*(?:import|from) weasyprint", re.MULTILINE)
    users = [p for p in modules() if pattern.search(p.read_text(encoding="utf-8"))]
    assert [p.relative_to(SOURCE).as_posix() for p in users] == ["page/typesetting.py"]
