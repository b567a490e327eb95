"""`briefgen send`: mail what has been written."""

import os
from datetime import date, datetime

import click

from briefgen.cli.call import Call, parse_day, with_call
from briefgen.cli.window import ForDays
from briefgen.delivery.conversation import Connect, NoServer
from briefgen.delivery.ledger import LedgerFault
from briefgen.night import exit_status
from briefgen.night.send import Sending, send_day, write_mails
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.secrets import NoSecret
from briefgen.workspace.settings import Settings


@click.command(cls=ForDays)
@click.option(
    "--date",
    "day",
    metavar="DAY",
    default="tomorrow",
    help="A day, like thursday; else tomorrow.",
)
@click.option("--dry-run", is_flag=True, help="Write the mails as .eml files, and send nothing.")
@click.option("--test", "trial", is_flag=True, help="Send a short test mail, and no brief.")
@with_call
def send(*, call: Call, day: str, dry_run: bool, trial: bool) -> None:
    """Mail the briefs that have been written for a day, by default tomorrow."""
    workspace = call.workspace()
    settings = call.settings(workspace)
    if settings.mail is None:
        call.fail(
            Phrase("no `mail` in briefgen.yaml; `briefgen docs nightly` shows how"),
            exit_status.NOTHING_MADE,
        )
    as_of = call.as_of(settings.zone)
    if trial:
        raise SystemExit(_try_mail(call, workspace, settings, as_of))
    wanted = parse_day(day, as_of.date())
    try:
        with call.alone(workspace):
            sending = _send(workspace, settings, wanted, as_of, dry_run=dry_run)
    except (LedgerFault, NoSecret) as error:
        call.fail(str(error), exit_status.NOTHING_MADE)
    raise SystemExit(_tell(call, sending, wanted))


def _try_mail(call: Call, workspace: Workspace, settings: Settings, as_of: datetime) -> int:
    """Send a test mail and say what the server answered."""
    from briefgen.night.send import send_trial  # noqa: PLC0415  # only for a trial

    try:
        tried = send_trial(
            workspace, settings, as_of=as_of, connect=Connect(environment=os.environ)
        )
    except (NoServer, NoSecret) as error:
        call.fail(Phrase("no test mail was sent: {error}", error=error), exit_status.NOTHING_MADE)
    if call.as_json:
        call.report({"tried": [{"recipient": o.recipient, "reason": o.reason} for o in tried]})
    for one in tried:
        _tell_state(call, "refused" if one.reason else "sent", one.recipient, one.reason)
    return exit_status.PARTLY_DONE if any(one.reason for one in tried) else exit_status.DONE


def _tell_state(call: Call, state: str, recipient: str, reason: str) -> None:
    why = f": {call.said(reason)}" if reason else ""
    call.say(f"{call.state(state, 8)} {recipient}{why}")


def _send(
    workspace: Workspace, settings: Settings, day: date, as_of: datetime, *, dry_run: bool
) -> Sending:
    if dry_run:
        return write_mails(workspace, settings, day=day, as_of=as_of)
    return send_day(
        workspace,
        settings,
        day=day,
        as_of=as_of,
        connect=Connect(environment=os.environ),
        tell=lambda event, **fields: None,  # noqa: ARG005  # the lines below tell it
    )


def _tell(call: Call, sending: Sending, day: date) -> int:
    if call.as_json:
        deliveries = [one.as_json() for one in sending.deliveries]
        call.report({"deliveries": deliveries, "files": list(sending.files)})
    call.tell_problems(sending.plan.day.problems)
    stale = [planned for planned in sending.plan.briefs if planned.there is None]
    for title in sending.missing:
        call.complain(
            Phrase(
                "not written: {title}; make it with: briefgen run --date {day}",
                title=title,
                day=day,
            )
        )
    for title in (planned.named.brief.title for planned in stale):
        if title not in sending.missing:
            call.complain(
                Phrase(
                    "changed since written: {title}: briefgen run --date {day}",
                    title=title,
                    day=day,
                )
            )
    for fault in sending.faults:
        call.complain(Phrase("error: {text}", text=fault))
    for path in sending.files:
        call.say(f"{call.state('written', 8)} {path}")
    for one in sending.deliveries:
        _tell_state(call, one.state, one.recipient, one.reason)
    if sending.missing and len(sending.missing) == len(sending.plan.briefs):
        return exit_status.NOTHING_MADE
    if not sending.deliveries and not sending.files:
        call.say(_why_nothing(sending, day))
    return exit_status.of_deliveries(sending.deliveries, sending.faults)


def _why_nothing(sending: Sending, day: date) -> str:
    if not sending.plan.briefs:
        return Phrase("nothing to send: no meeting of {day} needs a brief any more", day=day)
    return Phrase("nothing to send: it was sent, and nothing a reader would notice has changed")
