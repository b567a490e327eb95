"""The steps of a night: briefs, packets, mail, paper, reports, old days.

What briefgen wrote for old days is removed after `keep` days, and nothing else.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from briefgen.day.make import look_of, mirror, write_briefs
from briefgen.day.pack import (
    PacketOutcome,
    PlannedPacket,
    make_packet_of_day,
    print_briefs_of_day,
    print_packet_of_day,
)
from briefgen.delivery.conversation import Connect
from briefgen.delivery.folder import REPORT_FILE, DayFolder, open_day
from briefgen.delivery.ledger import Ledger, LedgerFault
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.mail import Post, send_planned
from briefgen.delivery.print import settle
from briefgen.delivery.report import Outcome, Report
from briefgen.night.letters import Writer
from briefgen.night.log import log_event, rotate_log
from briefgen.night.plan import NightPlan
from briefgen.reflection.reminder import write_appointments
from briefgen.workspace.atomic import left_unfinished, read_regular
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, unwritten

BROKEN_KEPT: Final = 3
"""How many damaged ledgers that were set aside are kept."""


def write_night(night: NightPlan) -> Outcome:
    """Write the briefs, and make each day's folder mirror the plan."""
    day = night.day
    outcome = write_briefs(day.workspace, night.briefs, look_of(day))
    for brief in outcome.briefs:
        log_event("brief", path=brief.path, state=brief.state)
    if day.calendar_whole:
        missing = outcome.unwritten_days(day.workspace)
        days = [each for each in night.days if each not in missing]
        problems = [problem for each in days for problem in _mirror(night, each)]
        outcome = outcome.replace(problems=(*outcome.problems, *problems))
    return outcome


def _mirror(night: NightPlan, day: date) -> Iterator[Problem]:
    """Remove what is no longer in a day's plan; a file that cannot be removed is one problem."""
    workspace = night.day.workspace
    names = {one.named.name for one in night.briefs if one.named.day == day}
    try:
        for name in mirror(workspace, day, names | night.kept_names(day), edition=night.edition):
            log_event("removed", path=f"briefings/{day}/{name}")
    except OSError as error:
        message = Phrase("an outdated brief cannot be removed: {reason}", reason=error.strerror)
        yield Problem(file=f"briefings/{day}", message=message)


def mail_night(
    night: NightPlan, outcome: Outcome, ledger: Ledger, *, connect: Connect
) -> list[str]:
    """Send what is planned; returns what went wrong beyond single deliveries."""
    settings, workspace = night.day.settings, night.day.workspace
    mail = settings.mail
    if mail is None or not any(one.to_send for one in night.mails):
        return []
    writer = Writer(night=night, outcome=outcome, learned=connect.learned)
    post = Post(
        ledger=ledger,
        server=lambda: connect.server(mail, workspace),
        sender=mail.from_,
        sender_name=settings.me.name,
        language=night.day.language,
        as_of=night.day.as_of,
        wait_for_turn=connect.wait_for_turn,
        tell=lambda one: log_event(
            "mail",
            state=one.state,
            about=one.day.isoformat(),
            recipient=one.recipient,
            message_id=one.message_id,
            reason=one.reason,
        ),
    )
    try:
        send_planned(night.mails, writer.write, post)
    except LedgerFault as error:
        return [Phrase("{error}; what could not be recorded was not sent", error=error)]
    return []


def pack_night(night: NightPlan) -> tuple[PacketOutcome, ...]:
    """Make the days' packets; whatever happens to one of them, the mail must go."""
    made = [_packed(night, planned) for planned in night.packets]
    for packet in (one for one in made if one is not None):
        log_event("packet", path=packet.path, state=packet.state)
    return tuple(one for one in made if one is not None)


def _packed(night: NightPlan, planned: PlannedPacket) -> PacketOutcome | None:
    try:
        return make_packet_of_day(night.day, planned)
    except Exception as error:  # noqa: BLE001  # a packet only repeats the briefs
        return planned.failed(Phrase("could not be made: {error}", error=error))


def appoint_night(night: NightPlan, outcome: Outcome) -> Outcome:
    """Put the appointments for reflection into the days' folders, if wanted."""
    day = night.day
    if not day.settings.nightly.reflection:
        return outcome
    problems = []
    for each in night.days:
        problem = write_appointments(day.workspace, each, night.briefs_of(each), day.language)
        if problem is not None:
            log_event("reflection", state="failed", path=problem.file)
            problems.append(problem)
    return outcome.replace(problems=(*outcome.problems, *problems))


def print_night(
    night: NightPlan,
    ledger: Ledger,
    *,
    packets: Sequence[PacketOutcome],
) -> list[str]:
    """Print the packets of the days ahead, or their briefs; returns failures other than jobs.

    If a packet could not be made, the previous one may still be there, and would be taken for the
    new one.
    """
    as_of = night.day.as_of
    lost = {packet.day for packet in packets if packet.state == "failed"}
    days = [day for day in night.days if day <= night.last_to_pack and day not in lost]
    try:
        settle(ledger, as_of)
        for job in _printed(night, days, ledger):
            log_event("print", state=job.state, about=job.day.isoformat(), job=job.job,
                 reason=job.reason)  # fmt: skip
    except (LedgerFault, OSError) as error:
        return [Phrase("nothing more was printed: {error}", error=error)]
    return []


def _printed(night: NightPlan, days: Sequence[date], ledger: Ledger) -> Iterator[Delivery]:
    day, as_of = night.day, night.day.as_of
    if day.settings.nightly.packet:
        jobs = (
            print_packet_of_day(day, planned, ledger=ledger, as_of=as_of)
            for planned in night.packets
            if planned.day in days
        )
    else:
        named = [one.named for one in night.briefs]
        jobs = (
            print_briefs_of_day(
                day, each, [n for n in named if n.day == each], ledger=ledger, as_of=as_of
            )
            for each in days
        )
    yield from (job for job in jobs if job is not None)


def remove_old_days(night: NightPlan, today: date) -> list[str]:
    """Remove what was written for days older than the settings keep; returns what could not be.

    `today` is the day from which their age counts.
    """
    workspace, keep = night.day.workspace, night.day.settings.keep.briefings_days
    faults: list[str] = []
    for path in remove_unfinished(workspace):
        log_event("removed", path=path)
    remove_broken_ledgers(workspace)
    rotate_log(workspace)
    for each in days_to_remove(workspace, today, keep_days=keep):
        try:
            left = remove_day(workspace, each)
        except OSError as error:
            faults.append(
                Phrase(
                    "{filename}: cannot be removed: {reason}",
                    filename=error.filename,
                    reason=error.strerror,
                )
            )
        else:
            log_event("removed", path=f"briefings/{each}", left=len(left))
    return faults


def write_reports(
    night: NightPlan, report: Report, deliveries: Sequence[Delivery]
) -> tuple[Problem, ...]:
    """Write each day's part of the report; returns what could not be written."""
    problems = []
    for each in night.days:
        folder = open_day(night.day.workspace, each)
        if not folder.path.is_dir():
            continue
        of_day = tuple(one.as_json() for one in deliveries if one.day == each)
        part = report.replace(deliveries=of_day)
        try:
            kept = night.kept_names(each) if night.day.calendar_whole else frozenset(folder.files)
            folder.write_report(part, partial=False, kept=kept)
        except OSError as error:
            shown = folder.workspace.relative(folder.path / REPORT_FILE)
            problems.append(unwritten(shown, error))
    return tuple(problems)


def days_to_remove(workspace: Workspace, today: date, *, keep_days: int) -> tuple[date, ...]:
    """The days with a record that are older than `keep_days`; none if that is 0."""
    if not keep_days:
        return ()
    oldest = today - timedelta(days=keep_days)
    return tuple(sorted(day for day in _recorded_days(workspace) if day < oldest))


def _recorded_days(workspace: Workspace) -> Iterator[date]:
    for record in (workspace.memory / "days").glob("????-??-??.json"):
        with suppress(ValueError):
            yield date.fromisoformat(record.stem)


def remove_day(workspace: Workspace, day: date) -> tuple[str, ...]:
    """Remove what briefgen wrote for a day; returns the names of the files that stay.

    A file that was changed since is someone's work: it stays, and so does its folder.

    Raises:
        OSError: if something cannot be removed; the record stays, so that the next run tries.
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

    The lock file, just written by the caller, has the time of this file system.
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
