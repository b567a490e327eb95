"""`briefgen log`: what the last nights did."""

from typing import Final

import click

from briefgen.cli.call import Call, with_call
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_entry import Delivery, Night
from briefgen.delivery.ledger_file import read_ledger
from briefgen.night import exit_status
from briefgen.workspace.phrase import STATES, Phrase


@click.command()
@click.option("--deliveries", is_flag=True, help="Each mail and print job instead, newest first.")
@click.option("--last", metavar="N", type=click.IntRange(1, 10_000), default=14, help="How many.")
@with_call
def log(*, call: Call, deliveries: bool, last: int) -> None:
    """What the last nights did, newest first; why a delivery failed."""
    workspace = call.workspace()
    try:
        with read_ledger(workspace.memory) as ledger:
            nights = () if deliveries else ledger.nights(last)
            entries = ledger.latest(last) if deliveries else ()
    except LedgerFault as error:
        call.fail(str(error), exit_status.NOTHING_MADE)
    if call.as_json:
        told = {"deliveries": [_delivery_json(entry) for entry in entries]} if deliveries else {}
        call.report(told or {"nights": [_night_json(night) for night in nights]})
        return
    zone = call.settings(workspace).zone
    for entry in entries:
        call.say(_delivery_line(call, entry, f"{entry.changed.astimezone(zone):%Y-%m-%d %H:%M}"))
    for night in nights:
        call.say(_night_line(night, f"{night.as_of.astimezone(zone):%Y-%m-%d %H:%M}"))
        for reason in night.summary.get("reasons", ()):
            call.say(f"    {reason}")
    if not entries and not nights:
        call.say(Phrase("nothing yet; `briefgen nightly` makes the first entry"))


_COUNTED: Final = STATES | {
    "problems": Phrase("problems"),
    "mail sent": Phrase("mail sent"),
    "mail failed": Phrase("mail failed"),
    "mail unsure": Phrase("mail unsure"),
    "print sent": Phrase("print sent"),
    "print failed": Phrase("print failed"),
    "print unsure": Phrase("print unsure"),
}
"""What a night counts, by the word that the ledger has for it."""


def _night_line(night: Night, moment: str) -> str:
    if night.status is None:
        return Phrase(
            "{moment}  broke off before its end; the next run takes up what it left", moment=moment
        )
    words = {0: Phrase("all done"), 1: Phrase("nothing made"), 3: Phrase("partly done")}
    counts = [
        Phrase("{count} {what}", count=count, what=_COUNTED.get(name, name))
        for name, count in sorted(night.summary.items(), reverse=True)
        if count and isinstance(count, int)
    ]
    return Phrase(
        "{moment}  {outcome}: {counts}",
        moment=moment,
        outcome=words.get(night.status, str(night.status)),
        counts=counts or [Phrase("nothing to do")],
    )


def _night_json(night: Night) -> dict[str, object]:
    return {
        "as_of": night.as_of.isoformat(),
        "ended": night.ended.isoformat() if night.ended else None,
        "status": night.status,
        "summary": dict(night.summary),
    }


def _delivery_line(call: Call, entry: Delivery, moment: str) -> str:
    state = STATES.get(entry.state, entry.state)
    if entry.open and entry.retry_at is not None:
        state = Phrase("{state}, to be tried again", state=state)
    elif state == "unsure":
        state = Phrase("unsure, may have arrived")
    kinds = {
        "first": Phrase("{channel} for {day} to {recipient}: {state}"),
        "update": Phrase("{channel} for {day} (update) to {recipient}: {state}"),
        "cancellation": Phrase("{channel} for {day} (cancellation) to {recipient}: {state}"),
    }
    line = kinds[entry.kind].filled(
        channel=Phrase("mail") if entry.channel == "mail" else Phrase("print"),
        day=entry.day,
        recipient=entry.recipient,
        state=state,
    )
    parts = [moment, line]
    if entry.reason:
        parts.append(entry.reason)
    if entry.job:
        parts.append(Phrase("job {job}", job=entry.job))
    return "  ".join(map(call.said, parts))


def _delivery_json(entry: Delivery) -> dict[str, object]:
    return {
        **entry.as_json(),
        "day": entry.day.isoformat(),
        "kind": entry.kind,
        "attempts": entry.attempts,
        "repeated": entry.resent,
        "retry_at": entry.retry_at.isoformat() if entry.retry_at else None,
        "reason": entry.reason,
        "job": entry.job,
        "changed": entry.changed.isoformat(),
    }
