"""`briefgen check`: every problem in what the user wrote, with file and line."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.night import exit_status
from briefgen.upkeep.check import all_problems, how_understood
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import errors, in_order


@click.command()
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@with_call
def check(*, call: Call, strict: bool, watch: bool) -> None:
    """Find every problem in contacts, settings and templates."""
    workspace = call.workspace()
    status = check_once(call, workspace, strict=strict)
    if watch:
        from briefgen.workspace.watch import watch_workspace  # noqa: PLC0415  # only where asked for

        watch_workspace(workspace, lambda: check_once(call, workspace, strict=strict), say=call.say)
    raise SystemExit(status)


def check_once(call: Call, workspace: Workspace, *, strict: bool) -> int:
    """Tell every problem there is now, and give the exit status."""
    problems = in_order(all_problems(workspace, call.as_of))
    understood = how_understood(workspace)
    if call.as_json:
        call.report(
            {
                "problems": [problem.as_json() for problem in problems],
                "understood": [
                    {"file": one.file, "line": one.line, "field": one.field, "message": one.message}
                    for one in understood
                ],
            }
        )
    else:
        for problem in problems:
            click.echo(call.problem_line(problem))
        for one in understood:
            told = f"{one.place}: {call.said(one.message)}"
            click.echo(call.said(Phrase("{label}: {text}", label=Phrase("understood"), text=told)))
    wrong = len(errors(problems))
    warned = len(problems) - wrong
    counts = [
        Phrase.plural("{count} error", "{count} errors", wrong),
        Phrase.plural("{count} warning", "{count} warnings", warned),
    ]
    call.say(Phrase.listed(counts) if problems else Phrase("no problems"))
    return exit_status.of_problems(problems, strict=strict)
