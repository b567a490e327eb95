"""`briefgen check`, what is wrong in the user's files, and `briefgen doctor`, on the machine."""

import os
from pathlib import Path

import click

from briefgen import __version__
from briefgen.cli.call import Call, with_call
from briefgen.cli.schema import stale_schemas
from briefgen.cli.terminal import columns_of
from briefgen.night import exit_status
from briefgen.page.check import template_problems
from briefgen.upkeep.check import all_problems, how_understood
from briefgen.upkeep.doctor import Finding, examine_machine, examine_workspace, guarded, program
from briefgen.workspace.folder import NoWorkspace, Workspace, find_workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import errors, in_order
from briefgen.workspace.settings import read_settings


@click.command()
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@with_call
def check(*, call: Call, strict: bool, watch: bool) -> None:
    """Find every problem in contacts, settings and templates."""
    status = check_once(call, strict=strict)
    if watch:
        from briefgen.workspace.watch import watch_workspace  # noqa: PLC0415  # only where asked for

        watch_workspace(call.workspace, lambda: check_once(call, strict=strict), say=call.say)
    raise SystemExit(status)


def check_once(call: Call, *, strict: bool) -> int:
    """Tell every problem there is now, and return the exit status."""
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


_MARKS = {"good": Phrase("good"), "poor": Phrase("poor"), "bad": Phrase("BAD")}


@click.command()
@click.option("--offline", is_flag=True, help="Ask no feed and no mail server.")
@with_call
def doctor(*, call: Call, offline: bool) -> None:
    """What is installed and reachable, and the one line that mends what is not.

    Ends with status 1 where something does not work.
    """
    findings = [Finding(subject="briefgen", message=f"{__version__}, {program()}")]
    findings += guarded(examine_machine, Phrase("this machine"))
    findings += _of_workspace(call, offline=offline)
    call.report({"findings": [finding.as_json() for finding in findings]})
    if not call.as_json:
        for finding in findings:
            call.say(_line(call, finding))
    if any(finding.health == "bad" for finding in findings):
        raise SystemExit(exit_status.NOTHING_MADE)


def _of_workspace(call: Call, *, offline: bool) -> list[Finding]:
    workspace = _workspace(call)
    if workspace is None:
        message = Phrase("none here; only the machine was looked at")
        mend = "briefgen init DIR"
        return [Finding(subject=Phrase("workspace"), health="poor", message=message, mend=mend)]
    found = [Finding(subject=Phrase("workspace"), message=str(workspace.root))]
    found += _of_another_version(workspace)
    settings, problems = read_settings(workspace.root)
    if settings is None:
        told = Phrase.chained(
            [
                Phrase("{label}: {text}", label=problem.place, text=problem.message)
                for problem in problems
            ]
        )
        mend = Phrase("edit {file}", file=workspace.root / "briefgen.yaml")
        return [*found, Finding(subject=Phrase("settings"), health="bad", message=told, mend=mend)]
    looks = guarded(
        lambda: examine_workspace(
            workspace,
            settings,
            as_of=call.as_of(settings.zone),
            environment=os.environ,
            offline=offline,
        ),
        "workspace",
    )
    return [*found, *looks]


def _of_another_version(workspace: Workspace) -> list[Finding]:
    """What in a workspace is left from another version of briefgen."""
    found = []
    if before := stale_schemas(workspace):
        message = Phrase(
            "set up by briefgen {before}; all of it is read as it is, and what has changed since"
            " is in: briefgen docs changes",
            before=before,
        )
        mend = "briefgen schema config --write"
        found = [Finding(subject=Phrase("version"), health="poor", message=message, mend=mend)]
    for problem in template_problems(workspace.templates):
        found.append(
            Finding(
                subject=problem.place,
                health="poor",
                message=problem.message,
                mend="briefgen check",
            )
        )
    return found


def _workspace(call: Call) -> Workspace | None:
    """The workspace, which a doctor can do without unless one is named."""
    if call.workspace_option is not None:
        return call.workspace
    try:
        return find_workspace(None, environment=os.environ, current=Path.cwd())
    except NoWorkspace:
        return None


def _line(call: Call, finding: Finding) -> str:
    width = max(columns_of(call.said(mark)) for mark in _MARKS.values())
    mark = call.aligned(_MARKS[finding.health], width)
    line = f"{mark}  {call.said(finding.subject)}: {call.said(finding.message)}"
    return f"{line}\n      → {call.said(finding.mend)}" if finding.mend else line
