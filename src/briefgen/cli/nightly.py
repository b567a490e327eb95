"""`briefgen nightly`: the unattended run."""

import os
import sys
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from briefgen.cli.call import Call, with_call
from briefgen.delivery.conversation import Connect
from briefgen.delivery.ledger import LedgerFault
from briefgen.night import exit_status
from briefgen.night.log import Logbook, LogFormat
from briefgen.night.unattended import report_no_beginning, run_unattended
from briefgen.page.system_libraries import require_pango
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import DAY_AND_TIME, Phrase, WrittenDay
from briefgen.workspace.settings import SETTINGS_FILE

if TYPE_CHECKING:
    from briefgen.night.plan import Night


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
        from briefgen.night.run import dry_night  # noqa: PLC0415  # half a second

        try:
            tell_plan(call, dry_night(workspace, settings, as_of=as_of))
        except LedgerFault as fault:
            call.fail(str(fault), exit_status.NOTHING_MADE)
        raise SystemExit(exit_status.DONE)
    logbook = Logbook(
        sys.stderr, form=log_format, zone=settings.zone, settings=settings, quiet=call.quiet
    )
    connect = Connect(environment=os.environ, learned=logbook.learn)
    try:
        require_pango()
        with call.alone(workspace):
            ran = run_unattended(workspace, settings, as_of=as_of, logbook=logbook, connect=connect)
    except OSError as error:
        reason = f"{error.filename or workspace.root}: {error.strerror or error}"
        report_no_beginning(
            workspace, settings, reason, as_of=as_of, logbook=logbook, connect=connect
        )
        call.fail(reason, exit_status.NOTHING_MADE)
    finally:
        logbook.close()
    if call.as_json and ran.report is not None:
        call.report(ran.report)
    if ran.line:
        call.say(ran.line)
    raise SystemExit(ran.status)


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


def tell_plan(call: Call, night: "Night") -> None:
    """What `--dry-run` says: what would be done, and why."""
    from briefgen.cli.run import tell_left_out  # noqa: PLC0415  # only for a dry run
    from briefgen.delivery.report import summary  # noqa: PLC0415  # loaded by then

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
