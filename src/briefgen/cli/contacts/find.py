"""`briefgen contacts find`."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.contacts.lookup import described, entries_of, tell_of_faulty
from briefgen.contacts.search import find_entries
from briefgen.night import exit_status
from briefgen.workspace.phrase import Phrase


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
