"""`briefgen check`: every problem in what the user wrote, with file and line."""

import click

from briefgen.brief.additions import read_additions
from briefgen.brief.doubts import doubts_on_file
from briefgen.brief.signals import read_vocabulary
from briefgen.cli import exit_status
from briefgen.cli.call import Call, with_call
from briefgen.contacts.index import open_book
from briefgen.page.check import photo_problems, template_problems
from briefgen.page.look import Look
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import language_of
from briefgen.workspace.problems import Problem, errors, in_order
from briefgen.workspace.settings import Settings, read_settings


@click.command()
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@with_call
def check(*, call: Call, strict: bool, watch: bool) -> None:
    """Find every problem in contacts, settings and templates."""
    workspace = call.workspace()
    status = check_once(call, workspace, strict=strict)
    if watch:
        from briefgen.cli.watch import watch_workspace  # noqa: PLC0415  # only where asked for

        watch_workspace(workspace, lambda: check_once(call, workspace, strict=strict), say=call.say)
    raise SystemExit(status)


def check_once(call: Call, workspace: Workspace, *, strict: bool) -> int:
    """Tell every problem there is now, and give the exit status."""
    problems = in_order(all_problems(call, workspace))
    if call.as_json:
        call.report({"problems": [problem.as_json() for problem in problems]})
    else:
        for problem in problems:
            click.echo(f"{problem.severity}: {problem}")
    wrong = len(errors(problems))
    warned = len(problems) - wrong
    counts = f"{_counted(wrong, 'error')}, {_counted(warned, 'warning')}"
    call.say(counts if problems else "no problems")
    return exit_status.NOTHING_MADE if wrong or (strict and warned) else exit_status.DONE


def _counted(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def all_problems(call: Call, workspace: Workspace) -> tuple[Problem, ...]:
    """Everything wrong in settings, contacts, organizations, meetings' files and templates."""
    settings, problems = read_settings(workspace.root)
    book, in_book = open_book(workspace)
    _, in_additions = read_additions(workspace)
    language = language_of(settings.locale if settings else "en_GB")
    vocabulary, in_vocabulary = read_vocabulary(workspace.templates, language)
    today = call.as_of((settings or Settings()).zone).date()
    doubtful = doubts_on_file(book, workspace.root, today=today, vocabulary=vocabulary)
    in_templates = template_problems(workspace.templates)
    in_photos = photo_problems(book, Look.of(workspace, settings or Settings(), language))
    in_files = (*in_book, *doubtful, *in_photos, *in_additions)
    return (*problems, *in_files, *in_vocabulary, *in_templates)
