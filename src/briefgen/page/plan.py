"""A plan: how a page is to be laid out, and how one that fitted is kept.

It holds sizes and the ids of blocks, nothing of what they say. A packet need not find again what a
brief has found: the plan is kept under the page's fingerprint, and the layout that follows it is
measured like any other before it is used.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import field

from briefgen.brief.brief import Brief, Section
from briefgen.brief.sections import SECTIONS
from briefgen.page.fingerprint import fingerprint
from briefgen.page.look import Look
from briefgen.workspace.atomic import make_folder, read_regular, temporary_file
from briefgen.workspace.value import Value

MOST_KEPT: Final = 500
"""About a month of a busy person's meetings."""


class Plan(Value, frozen=True, kw_only=True):
    """How a page is to be laid out.

    Attributes:
        left_out: ids of what is not on the page: blocks and mood lines.
        lines: how many ruled lines each stretch of them has, by its key.
        moved: the sections that stand in the right column because there is more room.
        short: how much the glance is cut to its height: 1 all but what is first, 2 that too.
        tight: whether each line is cut to one line of type, since what must stay is too much.
    """

    left_out: frozenset[str] = frozenset()
    lines: Mapping[str, int] = field(default_factory=dict)
    moved: frozenset[Section] = frozenset()
    short: int = 0
    tight: bool = False


def plan_file(brief: Brief, look: Look) -> Path:
    """Where the plan of a page is kept."""
    return look.cache.parent / "plans" / f"{fingerprint(brief, look)[:32]}.json"


def kept_plan(file: Path) -> Plan | None:
    """The plan that fitted; None where there is none that can be read."""
    try:
        kept = json.loads(read_regular(file))
        return Plan(
            left_out=frozenset(str(key) for key in kept["left_out"]),
            lines={str(key): int(count) for key, count in kept["lines"].items()},
            moved=frozenset(row.key for row in SECTIONS if row.key in kept["moved"]),
            short=int(kept["short"]),
            tight=bool(kept["tight"]),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def keep_plan(file: Path, plan: Plan) -> None:
    """Keep a plan, where a workspace has a memory to keep it in."""
    kept = {
        "left_out": sorted(plan.left_out),
        "lines": dict(plan.lines),
        "moved": sorted(plan.moved),
        "short": plan.short,
        "tight": plan.tight,
    }
    keep_file(file, json.dumps(kept))


def keep_file(file: Path, content: str) -> None:
    """Keep what can be found again, so that no disk is waited for and no fault matters."""
    if not file.parent.parent.is_dir():
        return
    with suppress(OSError):
        make_folder(file.parent)
        descriptor, temporary = temporary_file(file.parent)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(content)
        temporary.replace(file)
        _drop_oldest(file.parent)


def _drop_oldest(folder: Path) -> None:
    with os.scandir(folder) as entries:
        files = [(entry.stat().st_mtime_ns, entry.path) for entry in entries]
    for _, path in sorted(files)[:-MOST_KEPT]:
        Path(path).unlink(missing_ok=True)
