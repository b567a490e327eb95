"""`briefgen contacts new`."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_meeting
from briefgen.cli.contacts.change import run_editor
from briefgen.cli.questions import ask_line
from briefgen.cli.window import Around, around_options
from briefgen.contacts.book import read_contact
from briefgen.contacts.changes import new_batch, put_new
from briefgen.contacts.edits import NewContact, plan_contact
from briefgen.contacts.index import open_book
from briefgen.night import exit_status
from briefgen.reflection.asked import read_asked
from briefgen.workspace.addresses import exact_address
from briefgen.workspace.document import Plain
from briefgen.workspace.phrase import Phrase


@click.command("new")
@click.argument("name", required=False)
@click.option(
    "--meeting",
    shell_complete=complete_meeting,
    help="For each attendee of this meeting who has no file: a code, a time, part of its title.",
)
@around_options
@click.option("--email", "emails", multiple=True, help="An address; may be given several times.")
@click.option("--organization", help="Where they work.")
@click.option("--title", help="What they do there.")
@click.option("--edit/--no-edit", default=False, help="Open the file in your editor too.")
@with_call
def new(
    *,
    call: Call,
    name: str | None,
    meeting: str | None,
    date: str | None,
    days: int | None,
    emails: tuple[str, ...],
    organization: str | None,
    title: str | None,
    edit: bool,
) -> None:
    """Make a contact file for NAME, with comments that show what else it can hold.

    In a terminal it asks for the address and the organization that are not given; Enter skips.
    With --meeting, one for each attendee who has none: name, organization and zone from the feed.
    """
    workspace = call.workspace
    asking = sys.stdin.isatty() and sys.stdout.isatty() and not call.as_json and not call.quiet
    if name is None and meeting is None and asking:
        name = _asked(call, "name") or None
    if (name is None) == (meeting is None):
        call.wrong_use(Phrase("give either a NAME or --meeting MEETING"))
    addresses = [_address(email) for email in emails]
    if name is not None:
        _look_for_name(call, name.strip(), asking=asking)
    if name is not None and asking:
        addresses = addresses or _asked_addresses(call)
        organization = organization or _asked(call, "organization") or None
        title = title or _asked(call, "title") or None
    given: dict[str, Plain] = {
        "emails": list(addresses),
        "organization": organization,
        "title": title,
    }
    if name is not None:
        _look_for_address(call, addresses)
        people = [{"name": name.strip(), **given}]
    else:
        people = _from_meeting(call, meeting or "", Around(date=date, days=days))
    batch = new_batch()
    paths = tuple(_write_new(call, fields, batch=batch) for fields in people)
    files = [{"contact": path.stem, "file": workspace.relative(path)} for path in paths]
    call.report({"contacts": files})
    for path in paths:
        call.say("{file} made", file=workspace.relative(path))
    if name is not None and not addresses:
        call.say(
            "without an address your calendar finds them only by [contact: {stem}] in the title"
            " of a meeting of yours; add it with: briefgen contacts edit {stem}",
            stem=paths[0].stem,
        )
    if edit:
        run_editor(call, paths)
        for path in paths:
            call.report_problems(read_contact(path, workspace.relative(path))[1])


def _asked(call: Call, field: str, refused: Callable[[str], str] = lambda _: "") -> str:
    """The answer; empty if it was skipped."""
    asked = read_asked(f"contact_{field}", "cli/init_questions.yaml")
    return ask_line(asked, call.language, refused=refused)


def _asked_addresses(call: Call) -> list[str]:
    """The addresses in the answer, which may be several with commas."""

    def refused(answer: str) -> str:
        try:
            addresses(answer)
        except ValueError as error:
            return str(error)
        return ""

    def addresses(answer: str) -> list[str]:
        return [exact_address(part.strip()) for part in answer.split(",") if part.strip()]

    return addresses(_asked(call, "email", refused))


def _from_meeting(call: Call, wanted: str, around: Around) -> list[dict[str, Plain]]:
    """The fields of new files for a meeting's attendees."""
    from briefgen.cli.window import (  # noqa: PLC0415  # as above
        day_around,
        report_unreadable_contacts,
        the_meeting,
    )
    from briefgen.day.new_contacts import fields_of, unknown_attendees  # noqa: PLC0415  # reads feeds

    day = day_around(call, wanted, around)
    chosen = the_meeting(call, day, wanted)
    report_unreadable_contacts(call, day, chosen)
    attendees = unknown_attendees(chosen)
    if not attendees:
        call.fail("everyone in '{title}' has a file", exit_status.DONE, title=chosen.meeting.title)
    return [
        fields_of(attendee, chosen.meeting, book=day.book, settings=day.settings)
        for attendee in attendees
    ]


def _look_for_name(call: Call, name: str, *, asking: bool) -> None:
    """Mention the files with the same name, and ask whether another one is wanted."""
    book, _ = open_book(call.workspace)
    namesakes = book.by_name(name)
    for namesake in namesakes:
        call.say(
            "{file} has this name too; if it is the same person, keep one of them",
            file=namesake.file,
        )
    another = Phrase("Make another file of this name?")
    if namesakes and asking and not call.answers_yes(another, default=False):
        call.fail(Phrase("no file made"), exit_status.DONE)


def _look_for_address(call: Call, emails: Sequence[str]) -> None:
    """Refuse an address that is on file already."""
    book, _ = open_book(call.workspace)
    for email in emails:
        for owner in book.by_address(email):
            call.wrong_use(
                "{email} is in {file} already; change that file, or leave it out",
                email=email,
                file=owner.file,
            )


def _address(given: str) -> str:
    try:
        return exact_address(given)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--email") from None


def _write_new(call: Call, fields: dict[str, Plain], *, batch: str) -> Path:
    """Write a new contact file, never over one that is there."""
    planned = plan_contact(fields, call.workspace)
    if not isinstance(planned, NewContact):
        call.report_problems(planned)
        call.wrong_use(Phrase("no file made"))
    problem = put_new(planned.path, planned.content, workspace=call.workspace, batch=batch)
    if problem is not None:
        call.fail(f"{problem.place}: {call.said(problem.message)}")
    return planned.path
