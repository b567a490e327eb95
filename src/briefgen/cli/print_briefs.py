"""`briefgen print`: print what has been written."""

import shlex
from datetime import datetime
from pathlib import Path

import click

from briefgen.cli.call import Call, parse_day, with_call
from briefgen.cli.window import ForDays
from briefgen.delivery.folder import DayFolder, open_day
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.ledger_repair import open_whole_ledger
from briefgen.delivery.print import (
    PrintWish,
    job_of,
    lp_command,
    print_now,
    print_wish,
    settle,
)
from briefgen.night import exit_status
from briefgen.page.packet import PACKET_FILE
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.settings import Edition, Settings


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
    """Print a day's packet, or its briefs where there is no packet of that edition."""
    workspace = call.workspace()
    settings = call.settings(workspace)
    as_of = call.as_of(settings.zone)
    folder = open_day(workspace, parse_day(day, as_of.date()))
    try:
        wish = _wish(folder, settings, edition=edition, copies=copies)
    except OSError as error:
        call.fail(
            Phrase(
                "{filename}: cannot be read: {reason}",
                filename=error.filename,
                reason=error.strerror,
            ),
            exit_status.NOTHING_MADE,
        )
    if wish is None:
        line = f"briefgen run --date {folder.day}" + (f" --edition {edition}" if edition else "")
        message = Phrase(
            "nothing to print in {path}; write it with: {line}",
            path=workspace.relative(folder.path),
            line=line,
        )
        call.fail(message, exit_status.NOTHING_MADE)
    if dry_run:
        command = lp_command(job_of(wish, settings))
        call.say(shlex.join(command))
        if call.as_json:
            call.report({"as_of": _stamp(as_of), "command": list(command), "deliveries": []})
        return
    repaired: list[str] = []
    try:
        with call.alone(workspace), open_whole_ledger(workspace, as_of, repaired) as ledger:
            open_ones = settle(ledger, as_of)
            delivery = print_now(wish, ledger=ledger, settings=settings, as_of=as_of)
    except LedgerFault as fault:
        call.fail(Phrase("nothing is printed: {fault}", fault=fault), exit_status.NOTHING_MADE)
    for repair in repaired:
        call.complain(Phrase("error: {text}", text=repair))
    for open_one in open_ones:
        _tell(call, open_one)
    _tell(call, delivery)
    if call.as_json:
        call.report({"as_of": _stamp(as_of), "deliveries": [delivery.as_json()]})
    raise SystemExit(exit_status.of_deliveries([delivery], repaired))


def _wish(
    folder: DayFolder, settings: Settings, *, edition: Edition | None, copies: int
) -> PrintWish | None:
    """What is to be printed; None where nothing is there.

    Raises:
        OSError: where it cannot be read.
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
    """The edition of the day's packet where it is the wanted one and no older than its briefs."""
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


def _tell(call: Call, delivery: Delivery) -> None:
    if delivery.state == "sent":
        call.say(Phrase("printing   {about}: job {job}", about=delivery.about, job=delivery.job))
        return
    reason = delivery.reason
    if delivery.state == "unsure":
        hint = Phrase("look at the printer before you print it again")
        reason = Phrase.chained([reason, hint])
    call.complain(f"{call.state(delivery.state, 0)}: {delivery.about}: {call.said(reason)}")
