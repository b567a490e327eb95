"""`briefgen log`: what the last nights did."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_entry import Delivery, Night
from briefgen.delivery.ledger_file import read_ledger
from briefgen.night import exit_status
from briefgen.workspace.phrase import Phrase


@click.command()
@click.option("--deliveries", is_flag=True, help="Each mail and print job instead, newest first.")
@click.option("--last", type=click.IntRange(1, 10_000), default=14, help="How many.")
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
        call.say(_delivery_line(entry, f"{entry.changed.astimezone(zone):%Y-%m-%d %H:%M}"))
    for night in nights:
        call.say(_night_line(night, f"{night.as_of.astimezone(zone):%Y-%m-%d %H:%M}"))
        for reason in night.summary.get("reasons", ()):
            call.say(f"    {reason}")
    if not entries and not nights:
        call.say(Phrase("nothing yet; `briefgen nightly` makes the first entry"))


def _night_line(night: Night, moment: str) -> str:
    if night.status is None:
        return Phrase(
            "{moment}  broke off before its end; the next run takes up what it left", moment=moment
        )
    words = {0: Phrase("all done"), 1: Phrase("nothing made"), 3: Phrase("partly done")}
    counts = ", ".join(
        f"{count} {name}"
        for name, count in sorted(night.summary.items(), reverse=True)
        if count and isinstance(count, int)
    )
    return f"{moment}  {words.get(night.status, night.status)}: {counts or 'nothing to do'}"


def _night_json(night: Night) -> dict[str, object]:
    return {
        "as_of": night.as_of.isoformat(),
        "ended": night.ended.isoformat() if night.ended else None,
        "status": night.status,
        "summary": dict(night.summary),
    }


def _delivery_line(entry: Delivery, moment: str) -> str:
    state: str = entry.state
    if entry.open and entry.retry_at is not None:
        state = Phrase("{state}, to be tried again", state=state)
    elif state == "unsure":
        state = Phrase("unsure, may have arrived")
    kind = "" if entry.kind == "first" else f" ({entry.kind})"
    parts = [
        moment,
        Phrase(
            "{channel} for {day}{kind} to {recipient}: {state}",
            channel=entry.channel,
            day=entry.day,
            kind=kind,
            recipient=entry.recipient,
            state=state,
        ),
    ]
    if entry.reason:
        parts.append(entry.reason)
    if entry.job:
        parts.append(f"job {entry.job}")
    return "  ".join(parts)


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
