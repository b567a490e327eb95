"""One night, carried out, logged, and told of where it failed."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from briefgen.delivery.conversation import Connect
from briefgen.meetings.fetch import FeedCopy
from briefgen.night import exit_status
from briefgen.night.failure import Alarm
from briefgen.night.log import Logbook
from briefgen.night.outcome import Night
from briefgen.night.run import carry_out, close_night
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import errors
from briefgen.workspace.settings import Settings

_MOST_REASONS = 10


def run_night(
    workspace: Workspace,
    settings: Settings,
    *,
    as_of: datetime,
    copies: Sequence[FeedCopy],
    logbook: Logbook,
    connect: Connect,
) -> tuple[Night | None, int]:
    """Carry a night out; returns it with its exit status.

    The caller holds the lock. A night that breaks off is told of too; there is none then.
    """
    began = time.monotonic()
    alarm = Alarm(
        workspace=workspace, settings=settings, as_of=as_of, connect=connect, logbook=logbook
    )
    try:
        night = carry_out(
            workspace, settings, as_of=as_of, connect=connect, tell=logbook.tell, copies=copies
        )
    except Exception as error:  # noqa: BLE001  # whatever it was, somebody must hear of it
        logbook.crash(error)
        reason = Phrase("the night broke off: {error}", error=error)
        alarm.report_failure([reason], status=exit_status.NOTHING_MADE, by_mail=True)
        return None, exit_status.NOTHING_MADE
    status = exit_status.of_night(night)
    _log(night, logbook)
    reasons = reasons_of(night, logbook)
    empty = status == exit_status.NOTHING_MADE or night.in_the_dark
    # A feed without even a last good copy leaves no trace in the mail of the others' meetings.
    unheard = any(copy.content is None for copy in night.plan.day.copies)
    if empty or unheard or night.undelivered or night.faults:
        alarm.report_failure(reasons, status=status, by_mail=empty)
    ended = as_of + timedelta(seconds=time.monotonic() - began)
    close_night(workspace, night, ended=ended, status=status, reasons=reasons)
    logbook.tell("ended", status=status, seconds=round(time.monotonic() - began, 1))
    return night, status


def _log(night: Night, logbook: Logbook) -> None:
    for problem in errors(night.report.problems):
        logbook.complain("problem", file=problem.file, line=problem.line, message=problem.message)
    for one in night.undelivered:
        logbook.complain(
            "undelivered", channel=one.channel, state=one.state, recipient=one.recipient,
            reason=one.reason,
        )  # fmt: skip


def reasons_of(night: Night, logbook: Logbook) -> list[str]:
    """What went wrong in a night, without secrets."""
    told = [
        *night.faults,
        *(f"{one.channel} to {one.recipient}: {one.reason}" for one in night.undelivered),
        *(str(problem) for problem in errors(night.report.problems)),
    ]
    return [logbook.clean(reason) for reason in told[:_MOST_REASONS]]
