"""Which lines of printed sheets were used in their meetings, according to the reflections.

Each line of `.briefgen/lines` is a JSON object without names or words: the day, a hash of the
meeting, the line's rule, a hash of the line, and whether it was used.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from msgspec.structs import asdict

from briefgen.workspace.atomic import FILE_MODE, make_folder
from briefgen.workspace.folder import Workspace
from briefgen.workspace.value import Value


class LineUse(Value, frozen=True, kw_only=True):
    """One printed line, and whether it was used.

    Attributes:
        day: the meeting's, like `2026-11-23`.
        meeting: names the meeting; see `mark_of`.
        rule: the name of the rule that made the line.
        line: names the line, as above.
    """

    day: str
    meeting: str
    rule: str
    line: str
    used: bool


class Usage(Value, frozen=True, kw_only=True):
    """How often the lines of one rule were printed, and used."""

    printed: int = 0
    used: int = 0

    @property
    def share(self) -> float:
        """The share that was used; a half if nothing is known."""
        return self.used / self.printed if self.printed else 0.5

    def __str__(self) -> str:
        return f"{self.used} of {self.printed}"


def mark_of(*parts: str | None) -> str:
    """A hash that names a meeting or a line without saying which.

    A meeting's parts are its UID and recurrence id, a line's its rule, its person and its text.
    """
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def lines_file(workspace: Workspace) -> Path:
    """Where the uses are recorded."""
    return workspace.memory / "lines"


def read_line_uses(workspace: Workspace) -> tuple[LineUse, ...]:
    """Every use on record, each line of a meeting once: the last answer counts."""
    try:
        written = lines_file(workspace).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    found: dict[tuple[str, str, str], LineUse] = {}
    for text in written:
        try:
            use = LineUse(**json.loads(text))
        except (ValueError, TypeError):  # a line cut off by a full disk
            continue
        found[use.meeting, use.day, use.line] = use
    return tuple(found.values())


def add_line_uses(workspace: Workspace, uses: Iterable[LineUse]) -> None:
    """Record uses; two programs at once do not lose each other's.

    Raises:
        OSError: where they cannot be written.
    """
    written = "".join(json.dumps(asdict(use)) + "\n" for use in uses)
    path = lines_file(workspace)
    make_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        os.write(descriptor, written.encode())
    finally:
        os.close(descriptor)


_MOST_TOLD: Final = 5
_SETTLED: Final = timedelta(days=7)
"""How long after a meeting its reflection counts, so that no page changes when it arrives."""


def usage_for(uses: Iterable[LineUse], day: date) -> Mapping[str, Usage]:
    """How often each rule's lines were used, as far as it counts for a meeting on this day."""
    until = (day - _SETTLED).isoformat()
    return usage_by_rule(use for use in uses if use.day <= until)


def usage_by_rule(uses: Iterable[LineUse]) -> Mapping[str, Usage]:
    """How often each rule's lines were printed and used, the most used first."""
    printed: Counter[str] = Counter()
    used: Counter[str] = Counter()
    for use in uses:
        printed[use.rule] += 1
        used[use.rule] += use.used
    rules = sorted(printed, key=lambda rule: (-used[rule], -printed[rule], rule))
    return {rule: Usage(printed=printed[rule], used=used[rule]) for rule in rules}


def told_lines(usage: Mapping[str, Usage]) -> str:
    """Like `open promise 3/5, interest 1/8`: the rules whose lines were used most."""
    used = [(rule, held) for rule, held in usage.items() if held.used][:_MOST_TOLD]
    return ", ".join(f"{rule.replace('-', ' ')} {held.used}/{held.printed}" for rule, held in used)
