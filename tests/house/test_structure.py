"""The house: imports follow the arrows, and only the outermost layer reads the clock."""

import ast
import re
from pathlib import Path

import pytest

import briefgen

SOURCE = Path(briefgen.__file__).parent

FLOORS = (
    frozenset({"workspace", "languages", "sample"}),
    frozenset({"contacts", "meetings"}),
    frozenset({"brief"}),
    frozenset({"page"}),
    frozenset({"delivery"}),
    frozenset({"day"}),
    frozenset({"reflection"}),
    frozenset({"night"}),
    frozenset({"upkeep"}),
    frozenset({"web"}),
    frozenset({"team"}),
    frozenset({"cli"}),
)
"""The rooms in the order of the data, from the ground up; a room imports only from those below."""

ROOMS = frozenset().union(*FLOORS)


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(SOURCE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room that a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def floor_of(room: str) -> int:
    """How far up a room lies."""
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def imported_rooms(path: Path) -> set[str]:
    """The rooms whose code a module uses, wherever in it the import is."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = node.module.split(".")
            if parts[0] == "briefgen":
                found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("briefgen.")}
    return found - {"__version__"}


def module_imports(path: Path, known: frozenset[str]) -> set[str]:
    """The modules of the package that a module imports as it is imported itself.

    A type-checking or late import inside a function is no part of a cycle at run time, but it
    still ties two modules together, so it counts.
    """
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("briefgen."):
            name = node.module.removeprefix("briefgen.")
            members = {f"{name}.{alias.name}" for alias in node.names} & known
            found |= members or ({name} & known)
    return found


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Each module can be read after those it imports: there is an order of them all."""
    named = {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts): path
        for path in modules()
        if path.name != "__init__.py"
    }
    imports = {name: module_imports(path, frozenset(named)) for name, path in named.items()}
    left = dict(imports)
    while free := {name for name, needed in left.items() if not needed & left.keys()}:
        left = {name: needed for name, needed in left.items() if name not in free}
    assert not left, f"these modules import each other in a circle: {sorted(left)}"


_LONG = 400


def test_a_long_module_says_why() -> None:
    """A module of over 400 lines has the reason in its docstring, or it is split."""
    long = [path for path in modules() if len(path.read_text("utf-8").splitlines()) > _LONG]
    without = [
        path.relative_to(SOURCE).as_posix()
        for path in long
        if "Over 400 lines"
        not in " ".join((ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split())
    ]
    assert long, "nothing was looked at"
    assert not without, f"split these, or say why not in their docstrings: {without}"


def test_nothing_lies_loose_beside_the_rooms() -> None:
    """Every module has a room; only the package's own two files lie outside."""
    loose = {path.name for path in modules() if path.parent == SOURCE}
    assert loose == {"__init__.py", "__main__.py"}


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
        assert floor_of(other) < floor_of(room), (
            f"{path.relative_to(SOURCE)} imports from {other}/, which does not lie below {room}/: "
            f"move what it needs down, or this module up (docs/architecture.md has the order)"
        )


def test_imports_are_seen() -> None:
    """The check above would notice: the command line does import the day's room."""
    assert "day" in imported_rooms(SOURCE / "cli" / "run.py")


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
    assert [p.relative_to(SOURCE).as_posix() for p in users] == ["page/typeset.py"]
