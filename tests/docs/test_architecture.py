"""The page on how briefgen is built is true."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def test_every_file_it_names_exists() -> None:
    """Each answer to "where would I change …?" leads to a file or folder that is there."""
    named = re.findall(r"`((?:src|templates|tests)/[\w./-]*)`", PAGE)
    assert len(named) > 25
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_room_has_its_sentence() -> None:
    """The table of rooms is that of the package's folders with code in them."""
    told = re.findall(r"^\| `(\w+)/` \|", PAGE, re.MULTILINE)
    built = [path.parent.name for path in (ROOT / "src/briefgen").glob("*/__init__.py")]
    assert sorted(told) == sorted(set(built) - {"sample"})
