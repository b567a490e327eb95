"""`briefgen send` and `briefgen print`: mail or print what has been written."""

import os
import shlex
from datetime import date, datetime
from pathlib import Path

import click

from briefgen.cli.call import Call, parse_day, with_call
from briefgen.cli.window import ForDays
from briefgen.delivery.conversation import Connect, NoServer
from briefgen.delivery.folder import PACKET_FILE, DayFolder, open_day
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.ledger_file import open_whole_ledger
from briefgen.delivery.print import (
    PrintWish,
    job_of,
    lp_command,
    print_now,
    print_wish,
    settle,
)
from briefgen.night import exit_status
from briefgen.night.send import SendOutcome, send_day, write_mails
from briefgen.workspace.folder import only_run
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.secrets import NoSecret
from briefgen.workspace.settings import Edition, Settings


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
    if call.settings.mail is None:
        call.fail(Phrase("no `mail` in briefgen.yaml; `briefgen docs nightly` shows how"))
    if trial:
        raise SystemExit(_try_mail(call))
    wanted = parse_day(day, call.today)
    with only_run(call.workspace):
        sending = _send(call, wanted, dry_run=dry_run)
    raise SystemExit(_print_outcome(call, sending, wanted))


def _try_mail(call: Call) -> int:
    """Send a test mail and say what the server answered."""
    from briefgen.night.send import send_trial  # noqa: PLC0415  # only for a trial

    try:
        tried = send_trial(
            call.workspace, call.settings, as_of=call.now, connect=Connect(environment=os.environ)
        )
    except (NoServer, NoSecret) as error:
        call.fail("no test mail was sent: {error}", error=error)
    call.report({"tried": [{"recipient": o.recipient, "reason": o.reason} for o in tried]})
    for one in tried:
        _print_state(call, "refused" if one.reason else "sent", one.recipient, one.reason)
    return exit_status.PARTLY_DONE if any(one.reason for one in tried) else exit_status.DONE


def _print_state(call: Call, state: str, recipient: str, reason: str) -> None:
    why = f": {call.said(reason)}" if reason else ""
    call.say(f"{call.state(state, 8)} {recipient}{why}")


def _send(call: Call, day: date, *, dry_run: bool) -> SendOutcome:
    if dry_run:
        return write_mails(call.workspace, call.settings, day=day, as_of=call.now)
    return send_day(
        call.workspace,
        call.settings,
        day=day,
        as_of=call.now,
        connect=Connect(environment=os.environ),
    )


def _print_outcome(call: Call, sending: SendOutcome, day: date) -> int:
    deliveries = [one.as_json() for one in sending.deliveries]
    call.report({"deliveries": deliveries, "files": list(sending.files)})
    call.report_problems(sending.plan.day.problems)
    stale = [planned for planned in sending.plan.briefs if planned.there is None]
    for title in sending.missing:
        call.complain(
            "not written: {title}; make it with: briefgen run --date {day}", title=title, day=day
        )
    for title in (planned.named.brief.title for planned in stale):
        if title not in sending.missing:
            call.complain(
                "changed since written: {title}: briefgen run --date {day}", title=title, day=day
            )
    for fault in sending.faults:
        call.complain("error: {text}", text=fault)
    for path in sending.files:
        call.say(f"{call.state('written', 8)} {path}")
    for one in sending.deliveries:
        _print_state(call, one.state, one.recipient, one.reason)
    if sending.missing and len(sending.missing) == len(sending.plan.briefs):
        return exit_status.NOTHING_MADE
    if not sending.deliveries and not sending.files:
        call.say(_why_nothing(sending, day))
    return exit_status.of_deliveries(sending.deliveries, sending.faults)


def _why_nothing(sending: SendOutcome, day: date) -> str:
    if not sending.plan.briefs:
        return Phrase("nothing to send: no meeting of {day} needs a brief any more", day=day)
    return Phrase("nothing to send: it was sent, and nothing a reader would notice has changed")


@click.command("print", cls=ForDays)
@click.option("--date", "day", metavar="DAY", default="tomorrow", help="Else tomorrow.")
@click.option("--edition", type=click.Choice(["full", "table"]), help="Else the packet's own.")
@click.option(
    "--copies", metavar="N", type=click.IntRange(1, 99), default=1, help="How many of each."
)
@click.option("--dry-run", is_flag=True, help="Show the call of `lp`, and print nothing.")
@with_call
def print_briefs(
    *, call: Call, day: str, edition: Edition | None, copies: int, dry_run: bool
) -> None:
    """Print a day's packet, or its briefs if there is no packet of that edition."""
    settings, as_of = call.settings, call.now
    folder = open_day(call.workspace, parse_day(day, call.today))
    try:
        wish = _wish(folder, settings, edition=edition, copies=copies)
    except OSError as error:
        call.fail(
            "{filename}: cannot be read: {reason}", filename=error.filename, reason=error.strerror
        )
    if wish is None:
        line = f"briefgen run --date {folder.day}" + (f" --edition {edition}" if edition else "")
        call.fail(
            "nothing to print in {path}; write it with: {line}",
            path=call.workspace.relative(folder.path),
            line=line,
        )
    if dry_run:
        command = lp_command(job_of(wish, settings))
        call.say(shlex.join(command))
        call.report({"as_of": _stamp(as_of), "command": list(command), "deliveries": []})
        return
    repaired: list[str] = []
    try:
        with only_run(call.workspace), open_whole_ledger(call.workspace, as_of, repaired) as ledger:
            open_ones = settle(ledger, as_of)
            delivery = print_now(wish, ledger=ledger, settings=settings, as_of=as_of)
    except LedgerFault as fault:
        call.fail("nothing is printed: {fault}", fault=fault)
    for repair in repaired:
        call.complain("error: {text}", text=repair)
    for open_one in open_ones:
        _print_printed(call, open_one)
    _print_printed(call, delivery)
    call.report({"as_of": _stamp(as_of), "deliveries": [delivery.as_json()]})
    raise SystemExit(exit_status.of_deliveries([delivery], repaired))


def _wish(
    folder: DayFolder, settings: Settings, *, edition: Edition | None, copies: int
) -> PrintWish | None:
    """What to print; None if there is nothing.

    Raises:
        OSError: if it cannot be read.
    """
    day = folder.day
    if of_packet := _edition_of_packet(folder, edition):
        files = [folder.path / PACKET_FILE]
        sheets = folder.sheets(files)
        return print_wish(
            day, files, what="packet", edition=of_packet, copies=copies, sheets=sheets
        )
    wanted = edition or settings.page.edition
    if briefs := _briefs(folder, wanted):
        sheets = folder.sheets(briefs)
        return print_wish(day, briefs, what="briefs", edition=wanted, copies=copies, sheets=sheets)
    return None


def _edition_of_packet(folder: DayFolder, wanted: Edition | None) -> Edition | None:
    """The edition of the day's packet, if it is the wanted one and no older than its briefs."""
    packet = folder.files.get(PACKET_FILE)
    if packet is None or not packet.is_at(folder.path / PACKET_FILE):
        return None
    edition: Edition = "table" if packet.edition == "table" else "full"
    if wanted not in {None, edition}:
        return None
    made = (folder.path / PACKET_FILE).stat().st_mtime_ns
    newer = any(brief.stat().st_mtime_ns > made for brief in _briefs(folder, edition))
    return None if newer else edition


def _briefs(folder: DayFolder, edition: Edition) -> list[Path]:
    """The briefs of an edition that briefgen wrote for a day, in order of time."""
    names = sorted(
        name
        for name, file in folder.files.items()
        if file.edition == edition and name != PACKET_FILE
    )
    return [folder.path / name for name in names if (folder.path / name).is_file()]


def _stamp(as_of: datetime) -> str:
    return as_of.isoformat(timespec="seconds")


def _print_printed(call: Call, delivery: Delivery) -> None:
    about = delivery.about.removeprefix("day ")
    if delivery.state == "sent":
        call.say("printing   {about}: job {job}", about=about, job=delivery.job)
        return
    reason = delivery.reason
    if delivery.state == "unsure":
        hint = Phrase("look at the printer before you print it again")
        reason = Phrase.chained([reason, hint])
    call.complain(f"{call.state(delivery.state, 0)}: {about}: {call.said(reason)}")
