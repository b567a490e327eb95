"""One night, carried out and told of."""

import os
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from briefgen.cli import exit_status
from briefgen.cli.call import Call
from briefgen.cli.run import tell_left_out
from briefgen.delivery.conversation import Connect
from briefgen.delivery.report import summary
from briefgen.meetings.fetch import FeedCopy
from briefgen.night.failure import Alarm
from briefgen.night.log import Logbook
from briefgen.night.outcome import Night
from briefgen.night.run import carry_out, close_night
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import DAY_AND_TIME, Phrase, WrittenDay
from briefgen.workspace.problems import errors
from briefgen.workspace.settings import Settings

_MOST_REASONS = 10


def run_night(
    call: Call,
    workspace: Workspace,
    settings: Settings,
    *,
    as_of: datetime,
    copies: Sequence[FeedCopy],
    logbook: Logbook,
) -> tuple[Night, int]:
    """Carry a night out and tell of it; returns it with its exit status.

    The caller holds the lock. A night that breaks off is told of too, and ends the command with
    status 1.
    """
    began = time.monotonic()
    connect = Connect(environment=os.environ, learned=logbook.learn)
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
        raise SystemExit(exit_status.NOTHING_MADE) from None
    status = exit_status.of_night(night)
    _log(night, logbook)
    reasons = _reasons(night, logbook)
    empty = status == exit_status.NOTHING_MADE or night.in_the_dark
    # A feed without even a last good copy leaves no trace in the mail of the others' meetings.
    unheard = any(copy.content is None for copy in night.plan.day.copies)
    if empty or unheard or night.undelivered or night.faults:
        alarm.report_failure(reasons, status=status, by_mail=empty)
    ended = as_of + timedelta(seconds=time.monotonic() - began)
    close_night(workspace, night, ended=ended, status=status, reasons=reasons)
    if call.as_json:
        call.report(night.report.as_json())
    logbook.tell("ended", status=status, seconds=round(time.monotonic() - began, 1))
    call.say(night.in_a_line)
    return night, status


def _log(night: Night, logbook: Logbook) -> None:
    for problem in errors(night.report.problems):
        logbook.complain("problem", file=problem.file, line=problem.line, message=problem.message)
    for one in night.undelivered:
        logbook.complain(
            "undelivered", channel=one.channel, state=one.state, recipient=one.recipient,
            reason=one.reason,
        )  # fmt: skip


def _reasons(night: Night, logbook: Logbook) -> list[str]:
    told = [
        *night.faults,
        *(f"{one.channel} to {one.recipient}: {one.reason}" for one in night.undelivered),
        *(str(problem) for problem in errors(night.report.problems)),
    ]
    return [logbook.clean(reason) for reason in told[:_MOST_REASONS]]


def tell_plan(call: Call, night: Night) -> None:
    """What `--dry-run` says: what would be done, and why."""
    if call.as_json:
        call.report(night.report.as_json())
    call.tell_problems(night.report.problems)
    for brief in night.report.briefs:
        begin = call.said(WrittenDay(DAY_AND_TIME, brief.start))
        call.say(f"{call.state(brief.state)}  {begin}  {brief.path}")
    tell_left_out(call, night.report)
    for packet in night.packets:
        what = call.aligned(Phrase("packet"), 16)
        call.say(f"{call.state(packet.state)}  {what}  {packet.path}")
    for mail in night.plan.mails:
        if mail.decision.action != "nothing":
            verb = call.aligned(Phrase("mail") if mail.to_send else Phrase("no mail"), 9)
            what = Phrase(
                "{about} to {recipient}: {reason}",
                about=mail.topic.about,
                recipient=mail.recipient,
                reason=mail.reason,
            )
            call.say(f"{verb}  {call.said(what)}")
    folders = sorted({brief.path.rpartition("/")[0] for brief in night.report.briefs})
    call.say(summary(night.report, folders))
