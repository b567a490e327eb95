"""One unattended run. Where nothing has changed since the last night, it ends at once.

This module imports no more than it needs: such a night costs little more than starting.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from msgspec import ValidationError, convert
from msgspec.structs import asdict

from briefgen import __version__
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_file import open_ledger
from briefgen.meetings.fetch import FeedCopy, fetch_feeds
from briefgen.night import exit_status
from briefgen.night.log import NightRun, complain, tell
from briefgen.workspace.atomic import read_regular, write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.settings import SETTINGS_FILE, Settings
from briefgen.workspace.value import Value

MEMORY_FILE: Final = "last-night.json"
GRAIN: Final = 2_000_000_000
"""In nanoseconds: the coarsest clock of a file system, by which a second change can stay unseen."""


class Inputs(Value, frozen=True, kw_only=True):
    """Everything that decides what a night would do.

    Attributes:
        mark: a hash of all of it.
        newest: when a file of it was last changed, in nanoseconds of the file system's clock.
    """

    mark: str
    newest: int


class LastNight(Value, frozen=True, kw_only=True):
    """A night that left nothing undone.

    Attributes:
        inputs, outputs: hashes of what it read, and of what lay in the days' folders then.
        newest: as `Inputs.newest`.
        as_of: the time it went by.
        until: when something will be due although nothing has changed; None for not that day.
        report: what it reported.
    """

    inputs: str
    outputs: str
    newest: int
    as_of: datetime
    until: datetime | None
    report: dict[str, Any]

    def holds(self, inputs: Inputs, outputs: str, as_of: datetime) -> bool:
        """Whether a night now would find nothing to do."""
        return (
            (self.inputs, self.outputs) == (inputs.mark, outputs)
            and self.as_of <= as_of
            and (self.until is None or as_of < self.until)
        )

    def report_at(self, as_of: datetime) -> dict[str, Any]:
        """The report of a night now: what is still ahead, unchanged."""
        moment = as_of.isoformat(timespec="seconds")
        window = {**self.report["window"], "start": as_of.isoformat()}
        briefs = [{**one, "state": "unchanged"} for one in self._ahead("briefs", as_of)]
        skipped = self._ahead("skipped", as_of)
        return {
            **self.report, "as_of": moment, "window": window, "briefs": briefs, "skipped": skipped,
        }  # fmt: skip

    def _ahead(self, part: str, as_of: datetime) -> list[dict[str, Any]]:
        return [one for one in self.report[part] if datetime.fromisoformat(one["start"]) >= as_of]


def inputs_of(
    workspace: Workspace, copies: Sequence[FeedCopy], days: Sequence[date], settings: Settings
) -> Inputs:
    """What a night of these days would read; the feeds as they were just fetched.

    The zone is the machine's where the settings name none, and goes with it on a journey. Part of
    the settings may come from a team's roster.
    """
    zone = settings.zone
    marks = list(_marks(workspace.root / SETTINGS_FILE))
    shared = [Path(settings.shared_contacts)] if settings.shared_contacts else []
    for folder in (*_data(workspace), workspace.templates, *shared, *_program()):
        marks += _marks(folder)
    newest = max((changed for _, _, changed, _ in marks), default=0)
    feeds = [(c.name, hashlib.sha256(c.content or b"").hexdigest(), str(c.as_of)) for c in copies]
    told = repr(
        (__version__, zone.key, settings, [day.isoformat() for day in days], sorted(marks), feeds)
    )
    return Inputs(mark=hashlib.sha256(told.encode("utf-8", "replace")).hexdigest(), newest=newest)


def outputs_of(workspace: Workspace, days: Iterable[date]) -> str:
    """A hash of what is in the days' folders."""
    marks = [one for day in days for one in _marks(workspace.briefings / day.isoformat())]
    return hashlib.sha256(repr(sorted(marks)).encode("utf-8", "replace")).hexdigest()


def recall(workspace: Workspace) -> LastNight | None:
    """The last night that left nothing undone; None where there is none, or it is unreadable."""
    try:
        return convert(json.loads(read_regular(workspace.memory / MEMORY_FILE)), LastNight)
    except (OSError, ValueError, ValidationError):
        return None


def remember(workspace: Workspace, night: LastNight) -> None:
    """Keep what a night saw. A fault of that only makes the next one slower.

    Where a file was changed so recently, by the file system's clock, that it could change again
    without a new timestamp, nothing is kept.
    """
    path = workspace.memory / MEMORY_FILE
    try:
        write_whole(path, json.dumps(asdict(night), default=datetime.isoformat).encode())
        if path.stat().st_mtime_ns - night.newest < GRAIN:
            forget(workspace)
    except OSError:
        forget(workspace)


def forget(workspace: Workspace) -> None:
    """Forget the last night."""
    try:
        (workspace.memory / MEMORY_FILE).unlink(missing_ok=True)
    except OSError:
        return


def _data(workspace: Workspace) -> Iterator[Path]:
    """Where people write; folders that are kept elsewhere and linked to are looked into too."""
    yield workspace.root / "data"
    for folder in (workspace.contacts, workspace.organizations, workspace.meetings):
        if folder.is_symlink():
            yield folder


def _program() -> Iterator[Path]:
    """Where the program itself is: a new version may make other pages from the same words."""
    package = Path(__file__).parent.parent
    yield package
    yield package.parent.parent / "templates"
    spec = find_spec("weasyprint")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin)


def _marks(place: Path) -> Iterator[tuple[str, int, int, int]]:
    """What shows that a file, or any file below a folder, has changed.

    Its path, size, and the times of its last change in nanoseconds. Plain strings: there are
    hundreds of files each night, and making a `Path` of each takes longer than asking about it.
    """
    below = (
        f"{root}/{name}"
        for root, _, names in os.walk(place)
        for name in names
        if not name.endswith(".pyc")
    )
    for file in below if place.is_dir() else (str(place),):
        try:
            found = os.stat(file)  # noqa: PTH116  # as above
        except OSError:
            continue
        yield file, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What an unattended run came to.

    Attributes:
        status: as a command would exit.
        report: its JSON document; None where the night broke off.
        line: the same for people.
        reasons: why not all was done.
        waiting: how many mails wait for another try.
    """

    status: int
    report: Mapping[str, Any] | None = None
    line: str = ""
    reasons: tuple[str, ...] = ()
    waiting: int = 0


def run_unattended(run: NightRun) -> Ran:
    """Fetch, write, packet, mail and print, as the settings say. The caller holds the lock."""
    workspace, settings, as_of, logbook = run.workspace, run.settings, run.as_of, run.logbook
    tell("begun", as_of=as_of.isoformat(timespec="seconds"))
    days = [as_of.date() + timedelta(days=n) for n in range(1 + settings.nights_ahead(as_of))]
    copies = fetch_feeds(settings.feeds, workspace=workspace, as_of=as_of)
    inputs = inputs_of(workspace, copies, days, settings)
    last = recall(workspace)
    if last is not None and last.holds(inputs, outputs_of(workspace, days), as_of):
        told = _tell_of_nothing(workspace, last, as_of)
        if told is not None:
            return told
    forget(workspace)
    from briefgen.night.run import reasons_of, run_night  # noqa: PLC0415  # half a second

    night, status = run_night(run, copies)
    if night is None:
        return Ran(status=status)
    report = night.report.as_json()
    if status == exit_status.DONE and not night.undelivered:
        seen = LastNight(
            inputs=inputs.mark,
            newest=inputs.newest,
            outputs=outputs_of(workspace, days),
            as_of=as_of,
            until=night.due_at,
            report=report,
        )
        remember(workspace, seen)
    return Ran(
        status=status,
        report=report,
        line=night.in_a_line,
        reasons=tuple(reasons_of(night, logbook)),
        waiting=sum(one.stage in {"waiting", "unsure"} for one in night.undelivered),
    )


def _tell_of_nothing(workspace: Workspace, last: LastNight, as_of: datetime) -> Ran | None:
    """Report a night in which nothing has changed; None where the ledger cannot record it."""
    report = last.report_at(as_of)
    count = len(report["briefs"])
    try:
        with open_ledger(workspace.memory) as ledger:
            number = ledger.begin_night(as_of)
            summary = {"unchanged": count}
            ledger.end_night(number, ended=as_of, status=exit_status.DONE, summary=summary)
    except LedgerFault as fault:
        complain("problem", message=str(fault))
        return None
    tell("ended", status=exit_status.DONE, unchanged=count)
    line = Phrase.plural(
        "nothing has changed: {count} brief ahead",
        "nothing has changed: {count} briefs ahead",
        count,
    )
    return Ran(status=exit_status.DONE, report=report, line=line)


def report_no_beginning(run: NightRun, reason: str) -> None:
    """Report a night that could not even take the lock: a full or read-only disk, most often."""
    from briefgen.night.failure import report_failure  # noqa: PLC0415  # imports the page

    told = Phrase("the night could not begin: {reason}", reason=reason)
    report_failure(run, [told], status=exit_status.NOTHING_MADE, by_mail=True)
