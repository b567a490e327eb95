"""`briefgen contacts duplicates`."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.contacts.lookup import entries_of, tell_of_faulty
from briefgen.contacts.search import duplicates as find_duplicates
from briefgen.workspace.phrase import Phrase


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
