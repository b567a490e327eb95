"""One unattended run: whatever is to be done, or hardly more than to say that nothing is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from briefgen.delivery.conversation import Connect
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_file import open_ledger
from briefgen.meetings.fetch import fetch_feeds
from briefgen.night import exit_status
from briefgen.night.last_night import (
    LastNight,
    forget,
    inputs_of,
    outputs_of,
    recall,
    remember,
)
from briefgen.night.log import Logbook
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.settings import Settings


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


def run_unattended(
    workspace: Workspace,
    settings: Settings,
    *,
    as_of: datetime,
    logbook: Logbook,
    connect: Connect,
) -> Ran:
    """Fetch, write, packet, mail and print, as the settings say. The caller holds the lock."""
    logbook.tell("begun", as_of=as_of.isoformat(timespec="seconds"))
    days = [as_of.date() + timedelta(days=n) for n in range(1 + settings.nights_ahead(as_of))]
    copies = fetch_feeds(settings.feeds, workspace=workspace, as_of=as_of)
    inputs = inputs_of(workspace, copies, days, settings)
    last = recall(workspace)
    if last is not None and last.holds(inputs, outputs_of(workspace, days), as_of):
        told = _tell_of_nothing(workspace, last, as_of, logbook)
        if told is not None:
            return told
    forget(workspace)
    from briefgen.night.whole import reasons_of, run_night  # noqa: PLC0415  # half a second

    night, status = run_night(
        workspace, settings, as_of=as_of, copies=copies, logbook=logbook, connect=connect
    )
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


def _tell_of_nothing(
    workspace: Workspace, last: LastNight, as_of: datetime, logbook: Logbook
) -> Ran | None:
    """Tell of a night in which nothing has changed; None where the ledger cannot take it down."""
    report = last.report_at(as_of)
    count = len(report["briefs"])
    try:
        with open_ledger(workspace.memory) as ledger:
            number = ledger.begin_night(as_of)
            summary = {"unchanged": count}
            ledger.end_night(number, ended=as_of, status=exit_status.DONE, summary=summary)
    except LedgerFault as fault:
        logbook.complain("problem", message=str(fault))
        return None
    logbook.tell("ended", status=exit_status.DONE, unchanged=count)
    line = Phrase.plural(
        "nothing has changed: {count} brief ahead",
        "nothing has changed: {count} briefs ahead",
        count,
    )
    return Ran(status=exit_status.DONE, report=report, line=line)


def report_no_beginning(
    workspace: Workspace,
    settings: Settings,
    reason: str,
    *,
    as_of: datetime,
    logbook: Logbook,
    connect: Connect,
) -> None:
    """Tell of a night that could not even take the lock: a full or read-only disk, most often."""
    from briefgen.night.failure import Alarm  # noqa: PLC0415  # brings the page

    alarm = Alarm(
        workspace=workspace, settings=settings, as_of=as_of, connect=connect, logbook=logbook
    )
    alarm.report_failure(
        [Phrase("the night could not begin: {reason}", reason=reason)],
        status=exit_status.NOTHING_MADE,
        by_mail=True,
    )
