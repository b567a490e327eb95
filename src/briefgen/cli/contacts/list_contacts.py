"""`briefgen contacts list`, `find` and `duplicates`."""

from datetime import date
from typing import Final

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.contacts.lookup import described, entries_of, tell_of_faulty
from briefgen.contacts.dates import Span
from briefgen.contacts.entry import Entry
from briefgen.contacts.search import duplicates as find_duplicates
from briefgen.contacts.search import find_entries
from briefgen.night import exit_status
from briefgen.workspace.phrase import Phrase


class SpanType(click.ParamType[Span]):
    """A length of time: a number and d, w, m (months) or y."""

    name = "span"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Span:
        """The span, or wrong use (status 2)."""
        if isinstance(value, Span):
            return value
        try:
            return Span.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _before(today: date, span: Span) -> date:
    """The day that lies `span` before today, by days where months would not fit."""
    return date.fromordinal(max(1, 2 * today.toordinal() - span.after(today).toordinal()))


@click.command("list")
@click.option("--silent", type=SpanType(), help="Only those not heard of for this long, like 60d.")
@click.option(
    "--birthday", type=SpanType(), help="Only those with a birthday within this, like 30d."
)
@click.option("--strained", is_flag=True, help="Only those where the relationship is strained.")
@with_call
def list_contacts(
    *, call: Call, silent: Span | None, birthday: Span | None, strained: bool
) -> None:
    """Every contact on file; with options, only those that fit all of them."""
    workspace = call.workspace()
    today = call.as_of(call.settings(workspace).zone).date()
    entries, problems = entries_of(workspace)
    if strained:
        entries = tuple(entry for entry in entries if entry.status == "strained")
    if silent is not None:
        entries = tuple(e for e in entries if e.silent_since(_before(today, silent)))
        entries = tuple(sorted(entries, key=lambda e: (e.last or date.min, e.name)))
    if birthday is not None:
        entries = _with_birthday(entries, today, birthday.after(today))
    if call.as_json:
        listed = [_as_json(entry, today) for entry in entries]
        call.report({"contacts": listed, "problems": [p.as_json() for p in problems]})
        return
    for entry in entries:
        parts = _parts(entry, today, show_birthday=birthday is not None)
        call.say(" · ".join(map(call.said, parts)))
    if not entries:
        call.say(Phrase("No contact fits."))
    tell_of_faulty(call, problems)


def _with_birthday(entries: tuple[Entry, ...], today: date, until: date) -> tuple[Entry, ...]:
    """Those whose birthday falls from today to `until`, the next first."""
    days = [(entry.next_birthday(today), entry) for entry in entries]
    near = [(day, entry) for day, entry in days if day is not None and day <= until]
    return tuple(entry for _, entry in sorted(near, key=lambda found: (found[0], found[1].name)))


def _as_json(entry: Entry, today: date) -> dict[str, object]:
    day = entry.next_birthday(today)
    silent = (today - entry.last).days if entry.last else None
    return {
        **entry.as_json(),
        "silent_days": silent,
        "next_birthday": day.isoformat() if day else None,
    }


def _parts(entry: Entry, today: date, *, show_birthday: bool) -> list[str]:
    parts = [described(entry)]
    if show_birthday and (day := entry.next_birthday(today)):
        parts.append(Phrase("birthday {day}", day=day))
    if entry.last is None:
        parts.append(Phrase("no interaction on file"))
    else:
        parts.append(_last(entry.last, (today - entry.last).days))
    if entry.status in {"strained", "lapsed", "new"}:
        parts.append(_STATUS[entry.status])
    return parts


_STATUS: Final = {
    "strained": Phrase("strained"),
    "lapsed": Phrase("lapsed"),
    "new": Phrase("new"),
}


def _last(day: date, days: int) -> str:
    if days <= 0:
        return Phrase("last {day}", day=day)
    if days == 1:
        return Phrase("last {day} (yesterday)", day=day)
    return Phrase.plural(
        "last {day} ({count} day ago)", "last {day} ({count} days ago)", days, day=day
    )


@click.command("find")
@click.argument("text")
@click.option(
    "--limit", metavar="N", type=click.IntRange(1), default=20, help="At most so many; default 20."
)
@with_call
def find(*, call: Call, text: str, limit: int) -> None:
    """The contacts whose name, address, title or organization comes near TEXT, the nearest first.

    Ends with status 1 where there is none.
    """
    entries, problems = entries_of(call.workspace())
    found = find_entries(entries, text)[:limit]
    if call.as_json:
        listed = [entry.as_json() for entry in found]
        call.report({"contacts": listed, "problems": [p.as_json() for p in problems]})
    for entry in found:
        call.say(f"{described(entry)} · {entry.file}")
    tell_of_faulty(call, problems)
    if not found:
        call.say(Phrase("No contact comes near '{text}'.", text=text))
        raise SystemExit(exit_status.NOTHING_MADE)


@click.command("duplicates")
@with_call
def duplicates(*, call: Call) -> None:
    """Pairs of files that may be one person: one address in both, one name, or nearly one."""
    entries, problems = entries_of(call.workspace())
    pairs = find_duplicates(entries)
    if call.as_json:
        listed = [
            {"files": [pair.first.file, pair.second.file], "reason": pair.reason} for pair in pairs
        ]
        call.report({"duplicates": listed, "problems": [p.as_json() for p in problems]})
    for pair in pairs:
        call.say(
            Phrase(
                "{one} and {other}: {reason}",
                one=pair.first.file,
                other=pair.second.file,
                reason=pair.reason,
            )
        )
    if not pairs:
        call.say(Phrase("No two files look like one person."))
    tell_of_faulty(call, problems)
