"""Old days: what briefgen wrote for them is removed when its time is over, and nothing else."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from briefgen.delivery.folder import REPORT_FILE, DayFolder, open_day
from briefgen.workspace.atomic import is_regular, left_unfinished, read_regular
from briefgen.workspace.folder import Workspace

LOG_FILE: Final = "nightly.log"
LARGEST_LOG: Final = 1024 * 1024
"""Some thousand nights."""
BROKEN_KEPT: Final = 3


def days_to_remove(workspace: Workspace, today: date, *, keep_days: int) -> tuple[date, ...]:
    """The days with a record that are older than `keep_days`; none where that is 0."""
    if not keep_days:
        return ()
    oldest = today - timedelta(days=keep_days)
    return tuple(sorted(day for day in _recorded_days(workspace) if day < oldest))


def _recorded_days(workspace: Workspace) -> Iterator[date]:
    for record in (workspace.memory / "days").glob("????-??-??.json"):
        with suppress(ValueError):
            yield date.fromisoformat(record.stem)


def remove_day(workspace: Workspace, day: date) -> tuple[str, ...]:
    """Remove what briefgen wrote for a day; returns the names of the files left, which are others'.

    A file that was changed since is somebody's work: it stays, and so does its folder.

    Raises:
        OSError: where something cannot be removed; the record stays, so that the next run tries.
    """
    folder = open_day(workspace, day)
    folder.without(folder.files)
    if _is_report(folder.path / REPORT_FILE):
        (folder.path / REPORT_FILE).unlink(missing_ok=True)
    left = _left_in(folder)
    if not left:
        with suppress(FileNotFoundError):
            folder.path.rmdir()
    folder.record.unlink(missing_ok=True)
    return left


def remove_unfinished(workspace: Workspace) -> tuple[str, ...]:
    """Remove what runs that were killed left half-written; returns the paths.

    The lock, which the caller has just taken, shows what time it is on this file system.
    """
    removed = []
    with suppress(OSError):
        now = (workspace.memory / "lock").stat().st_mtime
        folders = (workspace.briefings, workspace.memory, workspace.root / "data")
        for path in left_unfinished(folders, now):
            with suppress(OSError):
                path.unlink()
                removed.append(workspace.relative(path))
    return tuple(removed)


def rotate_log(workspace: Workspace) -> None:
    """Set a log that has grown large aside, in place of the one set aside before.

    Schedulers without a journal write to it. A process that has it open goes on with the old one.
    """
    log = workspace.memory / LOG_FILE
    with suppress(OSError):
        if is_regular(log) and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_name(f"{LOG_FILE}.1"))


def remove_broken_ledgers(workspace: Workspace) -> None:
    """Keep the last few ledgers that were set aside, and remove the others."""
    broken = sorted(workspace.memory.glob("state-broken-*.sqlite"))
    for path in broken[:-BROKEN_KEPT]:
        for beside in workspace.memory.glob(f"{path.name}*"):
            with suppress(OSError):
                beside.unlink()


def _left_in(folder: DayFolder) -> tuple[str, ...]:
    try:
        return tuple(sorted(path.name for path in folder.path.iterdir()))
    except FileNotFoundError:
        return ()


def _is_report(path: Path) -> bool:
    """Whether a file is a report that briefgen wrote."""
    try:
        stored = json.loads(read_regular(path))
    except (OSError, ValueError):
        return False
    return isinstance(stored, dict) and {"as_of", "window", "briefs", "skipped"} <= stored.keys()
