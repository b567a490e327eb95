"""One night, carried out and told of."""

import os
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from briefgen.cli import exit_status
from briefgen.cli.call import Call
from briefgen.cli.run import status_of
from briefgen.delivery.conversation import Connect
from briefgen.delivery.report import summary
from briefgen.meetings.fetch import FeedCopy
from briefgen.night.failure import mail_failure, tell_by_command
from briefgen.night.log import Logbook
from briefgen.night.outcome import Night
from briefgen.night.run import carry_out, close_night
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import errors
from briefgen.workspace.settings import Settings

DARK_AFTER: Final = timedelta(hours=6)
"""How long a feed may be lost before the user is told though no meeting is known of."""
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
    """Carry a night out and tell of it; gives it with its exit status. The caller holds the lock.

    A night that breaks off is told of too, and ends the command with status 1.
    """
    began = time.monotonic()
    connect = Connect(environment=os.environ, learned=logbook.learn)
    try:
        night = carry_out(
            workspace, settings, as_of=as_of, connect=connect, tell=logbook.tell, copies=copies
        )
    except Exception as error:  # noqa: BLE001  # whatever it was, somebody must hear of it
        logbook.crash(error)
        cry(
            workspace, settings, [f"the night broke off: {error}"],
            status=exit_status.NOTHING_MADE, by_mail=True, as_of=as_of, connect=connect,
            logbook=logbook,
        )  # fmt: skip
        raise SystemExit(exit_status.NOTHING_MADE) from None
    status = night_status(night)
    for problem in errors(night.report.problems):
        logbook.complain("problem", file=problem.file, line=problem.line, message=problem.message)
    for one in night.undelivered:
        logbook.complain(
            "undelivered", channel=one.channel, state=one.state, recipient=one.recipient,
            reason=one.reason,
        )  # fmt: skip
    reasons = _reasons(night, logbook)
    empty = status == exit_status.NOTHING_MADE or is_in_the_dark(night)
    # A feed without even a last good copy leaves no trace in the mail of the others' meetings.
    unheard = any(copy.content is None for copy in night.plan.day.copies)
    if empty or unheard or night.undelivered or night.faults:
        cry(
            workspace, settings, reasons,
            status=status, by_mail=empty, as_of=as_of, connect=connect, logbook=logbook,
        )  # fmt: skip
    ended = as_of + timedelta(seconds=time.monotonic() - began)
    close_night(workspace, night, ended=ended, status=status, reasons=reasons)
    if call.as_json:
        call.report(night.report.as_json())
    line = night_line(night)
    logbook.tell("ended", status=status, seconds=round(time.monotonic() - began, 1))
    call.say(line)
    return night, status


def is_in_the_dark(night: Night) -> bool:
    """Whether a feed has been lost for some time, and no brief is there that would say so.

    A day without meetings looks the same as one whose meetings nobody could read.
    """
    day = night.plan.day
    if day.calendar_whole or night.report.briefs:
        return False
    return day.calendar_as_of is None or day.as_of - day.calendar_as_of >= DARK_AFTER


def night_status(night: Night) -> int:
    """The exit status of a night: as of `run`, and 3 where a delivery failed."""
    status = status_of(night.plan.day, night.report)
    lost_packet = any(packet.state == "failed" for packet in night.packets)
    if status == exit_status.DONE and (night.undelivered or night.faults or lost_packet):
        return exit_status.PARTLY_DONE
    return status


def night_line(night: Night) -> str:
    """The one line for people."""
    folders = sorted({brief.path.rpartition("/")[0] for brief in night.report.briefs})
    parts = [summary(night.report, folders)]
    if packets := [one.path for one in night.packets if one.state == "written"]:
        parts.append(f"packed in {', '.join(packets)}")
    for channel, words in (("mail", "mailed to"), ("print", "printed on")):
        fresh = [one for one in night.fresh if one.channel == channel]
        if done := sorted({one.recipient for one in fresh if one.state == "sent"}):
            parts.append(f"{words} {', '.join(done)}")
        if undone := [one for one in night.undelivered if one.channel == channel]:
            parts.append(f"{channel} {undone[0].state}: {undone[0].reason}")
    return "; ".join(parts)


def _reasons(night: Night, logbook: Logbook) -> list[str]:
    told = [
        *night.faults,
        *(f"{one.channel} to {one.recipient}: {one.reason}" for one in night.undelivered),
        *(str(problem) for problem in errors(night.report.problems)),
    ]
    return [logbook.clean(reason) for reason in told[:_MOST_REASONS]]


def cry(
    workspace: Workspace,
    settings: Settings,
    reasons: Sequence[str],
    *,
    status: int,
    by_mail: bool,
    as_of: datetime,
    connect: Connect,
    logbook: Logbook,
) -> None:
    """Tell the user of a night that failed: by mail, or where that cannot be, by their command."""
    try:
        mailed = by_mail and mail_failure(
            workspace, settings, reasons, as_of=as_of, connect=connect
        )
    except Exception as error:  # noqa: BLE001  # then the command is all the more needed
        logbook.crash(error)
        mailed = False
    if mailed:
        logbook.tell("told_of_failure", by="mail")
        return
    if settings.on_failure_command is None:
        return
    fault = tell_by_command(
        settings.on_failure_command,
        [logbook.clean(reason) for reason in reasons],
        workspace=workspace,
        day=as_of.date(),
        environment=os.environ,
        status=status,
    )
    if fault:
        logbook.complain("told_of_failure", by="command", problem=fault)
    elif fault is not None:
        logbook.tell("told_of_failure", by="command")


def tell_plan(call: Call, night: Night) -> None:
    """What `--dry-run` says: what would be done, and why."""
    if call.as_json:
        call.report(night.report.as_json())
    call.tell_problems(night.report.problems)
    for brief in night.report.briefs:
        call.say(f"{brief.state:9}  {brief.start:%a %d %b %H:%M}  {brief.path}")
    for skipped in night.report.skipped:
        meeting = skipped.meeting
        call.detail(f"left out   {meeting.start:%a %d %b %H:%M}  {meeting.title}: {skipped.reason}")
    for packet in night.packets:
        call.say(f"{packet.state:9}  packet            {packet.path}")
    for mail in night.plan.mails:
        if mail.decision.action != "nothing":
            verb = "mail" if mail.to_send else "no mail"
            call.say(f"{verb:9}  {mail.topic.about} to {mail.recipient}: {mail.reason}")
    folders = sorted({brief.path.rpartition("/")[0] for brief in night.report.briefs})
    call.say(summary(night.report, folders))
