"""`briefgen check` for the user's files, and `briefgen doctor` for the machine."""

import os
from typing import TYPE_CHECKING

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.terminal import columns_of
from briefgen.night import exit_status
from briefgen.upkeep.check import all_problems, how_understood
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import errors, in_order


@click.command()
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@with_call
def check(*, call: Call, strict: bool, watch: bool) -> None:
    """Find every problem in contacts, settings and templates."""
    status = check_once(call, strict=strict)
    if watch:
        from briefgen.workspace.watch import watch_workspace  # noqa: PLC0415  # only if asked for

        watch_workspace(call.workspace, lambda: check_once(call, strict=strict), say=call.say)
    raise SystemExit(status)


def check_once(call: Call, *, strict: bool) -> int:
    """Report every problem there is now, and return the exit status."""
    problems = in_order(all_problems(call.workspace, call.as_of))
    understood = how_understood(call.workspace)
    if call.as_json:
        told = [one.as_json() for one in understood]
        for each in told:
            del each["severity"]
        call.report({"problems": [one.as_json() for one in problems], "understood": told})
    else:
        for problem in problems:
            click.echo(call.problem_line(problem))
        for one in understood:
            text = f"{one.place}: {call.said(one.message)}"
            click.echo(call.said(Phrase("{label}: {text}", label=Phrase("understood"), text=text)))
    wrong = len(errors(problems))
    warned = len(problems) - wrong
    counts = [
        Phrase.plural("{count} error", "{count} errors", wrong),
        Phrase.plural("{count} warning", "{count} warnings", warned),
    ]
    call.say(Phrase.listed(counts) if problems else Phrase("no problems"))
    return exit_status.of_problems(problems, strict=strict)


if TYPE_CHECKING:
    from briefgen.upkeep.doctor import Finding

_MARKS = {"good": Phrase("good"), "poor": Phrase("poor"), "bad": Phrase("BAD")}


@click.command()
@click.option("--offline", is_flag=True, help="Ask no feed and no mail server.")
@with_call
def doctor(*, call: Call, offline: bool) -> None:
    """What is installed and reachable, and the one line that fixes what is not.

    Ends with status 1 if something does not work.
    """
    from briefgen.upkeep.doctor import examine  # noqa: PLC0415  # imports mail and typesetting

    findings = examine(call.workspace_if_any(), call.as_of, environment=os.environ, offline=offline)
    call.report({"findings": [finding.as_json() for finding in findings]})
    if not call.as_json:
        for finding in findings:
            call.say(_line(call, finding))
    if any(finding.health == "bad" for finding in findings):
        raise SystemExit(exit_status.NOTHING_MADE)


def _line(call: Call, finding: "Finding") -> str:
    width = max(columns_of(call.said(mark)) for mark in _MARKS.values())
    mark = call.aligned(_MARKS[finding.health], width)
    line = call.language.labelled(call.said(finding.subject), call.said(finding.message))
    line = f"{mark}  {line}"
    return f"{line}\n      → {call.said(finding.mend)}" if finding.mend else line
