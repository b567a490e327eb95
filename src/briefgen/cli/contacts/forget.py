"""`briefgen contacts forget`."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.lookup import stem_on_file
from briefgen.night import exit_status
from briefgen.upkeep.forget import Traces, find_traces, forget
from briefgen.workspace.folder import only_run
from briefgen.workspace.phrase import Phrase


@click.command("forget")
@click.argument("contact", shell_complete=complete_contact)
@click.option("--dry-run", is_flag=True, help="Only show what would be removed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_call
def forget_contact(*, call: Call, contact: str, dry_run: bool, yes: bool) -> None:
    """Remove CONTACT everywhere: file, photo, history, drafts, briefs, codes, ledger, caches.

    Shows first what will be removed, and asks. It cannot be undone. What stands in your calendar,
    in mail already sent, and in backups is not in briefgen's hands.
    """
    workspace = call.workspace
    stem = stem_on_file(call, contact, lambda stem: workspace.contacts / f"{stem}.yaml")
    try:
        traces = find_traces(workspace, stem)
        _show(call, traces, dry_run=dry_run)
        if dry_run:
            return
        if not yes:
            _ask(call, stem)
        with only_run(call.workspace):
            forget(workspace, traces)
    except OSError as error:
        message = Phrase(
            "{filename}: {reason}; once more goes on from here",
            filename=error.filename,
            reason=error.strerror,
        )
        call.fail(message, exit_status.PARTLY_DONE)
    call.say(Phrase("{stem} is forgotten", stem=stem))


def _show(call: Call, traces: Traces, *, dry_run: bool) -> None:
    workspace = call.workspace
    files = [workspace.relative(path) for path in (*traces.files, *traces.caches)]
    briefs = [
        workspace.relative(workspace.briefings / day.day.isoformat() / name)
        for day in traces.days
        for name in day.files
    ]
    codes = [code for day in traces.days for code in day.codes]
    told = {
        "contact": traces.stem,
        "dry_run": dry_run,
        "files": [*files, *briefs],
        "codes": codes,
        "deliveries": traces.entries,
        "logs": [workspace.relative(log) for log in traces.logs],
    }
    call.report(told, traces.mentions)
    for file in (*files, *briefs):
        call.say(Phrase("removes {file}", file=file))
    if codes:
        call.say(Phrase("removes the codes {codes}", codes=tuple(codes)))
    if traces.entries:
        call.say(
            Phrase.plural(
                "removes their name from {count} entry of the ledger",
                "removes their name from {count} entries of the ledger",
                traces.entries,
            )
        )
    for log in traces.logs:
        call.say(Phrase("removes the lines that name them from {log}", log=workspace.relative(log)))
    call.tell_problems(traces.mentions)


def _ask(call: Call, stem: str) -> None:
    try:
        agreed = call.answers_yes(
            Phrase("Forget {stem}? This cannot be undone", stem=stem), default=False, err=True
        )
    except click.Abort:
        call.wrong_use(Phrase("nobody is here to answer; nothing removed; use --yes"))
    if not agreed:
        call.fail(Phrase("nothing removed"), exit_status.DONE)
