"""`briefgen nightly`: the unattended run."""

import os
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from briefgen.cli import exit_status
from briefgen.cli.call import Call, with_call
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_file import open_ledger
from briefgen.meetings.fetch import FeedCopy, fetch_feeds
from briefgen.night.last_night import (
    Inputs,
    LastNight,
    forget,
    inputs_of,
    outputs_of,
    recall,
    remember,
)
from briefgen.night.log import Logbook, LogFormat
from briefgen.page.system_libraries import require_pango
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.settings import SETTINGS_FILE, Settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Tell what would be done and why, and do nothing.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="The form of the log lines on standard error.",
)
@with_call
def nightly(*, call: Call, dry_run: bool, log_format: LogFormat) -> None:
    """Fetch, write, packet, mail and print, as `briefgen.yaml` says. Safe to repeat."""
    workspace = call.workspace()
    try:
        settings = call.settings(workspace)
    except SystemExit:
        if not dry_run:
            _tell_of_settings(workspace, call.as_of(ZoneInfo("UTC")).date())
        raise
    as_of = call.as_of(settings.zone)
    if dry_run:
        from briefgen.cli.night_run import tell_plan  # noqa: PLC0415  # half a second
        from briefgen.night.run import dry_night  # noqa: PLC0415  # as above

        try:
            tell_plan(call, dry_night(workspace, settings, as_of=as_of))
        except LedgerFault as fault:
            call.fail(str(fault), exit_status.NOTHING_MADE)
        raise SystemExit(exit_status.DONE)
    logbook = Logbook(
        sys.stderr, form=log_format, zone=settings.zone, settings=settings, quiet=call.quiet
    )
    try:
        require_pango()
        with call.alone(workspace):
            status = _night(call, workspace, settings, as_of, logbook)
    except OSError as error:
        reason = f"{error.filename or workspace.root}: {error.strerror or error}"
        _cannot_begin(workspace, settings, reason, as_of, logbook)
        call.fail(reason, exit_status.NOTHING_MADE)
    finally:
        logbook.close()
    raise SystemExit(status)


def _tell_of_settings(workspace: Workspace, day: date) -> None:
    """Run `on_failure_command` although something else in the settings is wrong, where it is there.

    Nothing else of them is followed, so that there is no mail.
    """
    from briefgen.night.failure import tell_by_command  # noqa: PLC0415  # as above
    from briefgen.workspace.document import read_document  # noqa: PLC0415  # only for broken settings

    document, _ = read_document(workspace.root / SETTINGS_FILE, SETTINGS_FILE)
    key = "on_failure_command"
    command = document.data.get(key) if document and (key,) not in document.given_twice else None
    if isinstance(command, str):
        tell_by_command(
            command,
            [Phrase("{file} cannot be followed; `briefgen check` tells why", file=SETTINGS_FILE)],
            workspace=workspace,
            day=day,
            environment=os.environ,
            status=exit_status.NOTHING_MADE,
        )


def _cannot_begin(
    workspace: Workspace, settings: Settings, reason: str, as_of: datetime, logbook: Logbook
) -> None:
    """Tell of a night that could not even take the lock: a full or read-only disk, most often."""
    from briefgen.delivery.conversation import Connect  # noqa: PLC0415  # brings the mail
    from briefgen.night.failure import Alarm  # noqa: PLC0415  # as above

    connect = Connect(environment=os.environ, learned=logbook.learn)
    alarm = Alarm(
        workspace=workspace, settings=settings, as_of=as_of, connect=connect, logbook=logbook
    )
    alarm.report_failure(
        [Phrase("the night could not begin: {reason}", reason=reason)],
        status=exit_status.NOTHING_MADE,
        by_mail=True,
    )


def _night(
    call: Call, workspace: Workspace, settings: Settings, as_of: datetime, logbook: Logbook
) -> int:
    """Whatever is to be done; where nothing has changed, hardly more than to say so."""
    logbook.tell("begun", as_of=as_of.isoformat(timespec="seconds"))
    days = [as_of.date() + timedelta(days=n) for n in range(1 + settings.nights_ahead(as_of))]
    copies = fetch_feeds(settings.feeds, workspace=workspace, as_of=as_of)
    inputs = inputs_of(workspace, copies, days, settings.zone)
    last = recall(workspace)
    quiet = last is not None and last.holds(inputs, outputs_of(workspace, days), as_of)
    if last is not None and quiet and _is_told(call, workspace, last, as_of, logbook):
        return exit_status.DONE
    forget(workspace)
    return _whole_night(
        call,
        workspace,
        settings,
        as_of=as_of,
        logbook=logbook,
        copies=copies,
        inputs=inputs,
        days=days,
    )


def _whole_night(
    call: Call,
    workspace: Workspace,
    settings: Settings,
    *,
    as_of: datetime,
    logbook: Logbook,
    copies: Sequence[FeedCopy],
    inputs: Inputs,
    days: Sequence[date],
) -> int:
    from briefgen.cli.night_run import run_night  # noqa: PLC0415  # half a second

    night, status = run_night(
        call, workspace, settings, as_of=as_of, copies=copies, logbook=logbook
    )
    settled = status == exit_status.DONE and not night.undelivered
    if settled:
        seen = LastNight(
            inputs=inputs.mark,
            newest=inputs.newest,
            outputs=outputs_of(workspace, days),
            as_of=as_of,
            until=night.due_at,
            report=night.report.as_json(),
        )
        remember(workspace, seen)
    return status


def _is_told(
    call: Call, workspace: Workspace, last: LastNight, as_of: datetime, logbook: Logbook
) -> bool:
    """Tell of a night in which nothing has changed; not where the ledger cannot take it down."""
    report = last.report_at(as_of)
    count = len(report["briefs"])
    try:
        with open_ledger(workspace.memory) as ledger:
            number = ledger.begin_night(as_of)
            summary = {"unchanged": count}
            ledger.end_night(number, ended=as_of, status=exit_status.DONE, summary=summary)
    except LedgerFault as fault:
        logbook.complain("problem", message=str(fault))
        return False
    if call.as_json:
        call.report(report)
    logbook.tell("ended", status=exit_status.DONE, unchanged=count)
    call.say(
        Phrase.plural(
            "nothing has changed: {count} brief ahead",
            "nothing has changed: {count} briefs ahead",
            count,
        )
    )
    return True
