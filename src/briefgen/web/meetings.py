"""A meeting: its brief on the screen, its sheet as PDF, on paper or by mail, and who is new."""

import os
from datetime import date
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from briefgen.brief.brief import Brief, Line
from briefgen.brief.sections import glance_label, is_careful, sections_by_heading, stance_word
from briefgen.contacts.changes import new_batch
from briefgen.contacts.entry import Entry
from briefgen.contacts.search import find_entries
from briefgen.day.new_contacts import fields_of, unknown_attendees
from briefgen.day.prepare import ChosenMeeting, Day, coded
from briefgen.delivery.folder import file_name, open_day
from briefgen.delivery.ledger_entry import Delivery
from briefgen.reflection.reflections import contacts_of
from briefgen.web import jobs
from briefgen.web.desk import Desk, Notice, told_of
from briefgen.web.jobs import Done
from briefgen.web.pages import Form, desk_of, link, onward, page
from briefgen.web.people import made_contact
from briefgen.web.today import day_place, heading, row_of
from briefgen.workspace.folder import only_run
from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem

_NAMESAKES: Final = 3


def meeting_of(request: Request) -> tuple[Desk, Day, ChosenMeeting]:
    """The meeting that the address names by its sheet's code.

    Raises:
        HTTPException: 404 where there is none.
    """
    desk = desk_of(request)
    found = desk.meeting(request.path_params["code"])
    if found is None:
        raise HTTPException(404)
    return desk, *found


def show(request: Request) -> Response:
    """The page of a meeting: its brief, as the sheet says it."""
    desk, day, chosen = meeting_of(request)
    language = desk.language
    brief = desk.brief(day, chosen)
    meeting = chosen.meeting
    return page(
        request,
        "meeting.html.j2",
        here="today",
        brief=brief,
        code=chosen.code,
        day_place=day_place(meeting.day, day.as_of.date()),
        when=heading(meeting.day, day.as_of.date(), language),
        row=row_of(desk, day, chosen, glance=False),
        labels=[
            (glance_label(one.label, language), one, is_careful(one)) for one in brief.glance.lines
        ],
        sections=_parts(brief, language),
        prompts=[
            (prompt, [(stance_word(one, language), one) for one in prompt.stances])
            for prompt in brief.prompts
        ],
        unknown=[
            (attendee, _namesakes(desk, attendee.name)) for attendee in unknown_attendees(chosen)
        ],
        reflect=link("r", chosen.code) if contacts_of(chosen) else None,
        mail=day.settings.mail is not None,
    )


def _parts(brief: Brief, language: Language) -> list[tuple[str, list[tuple[str, list[Line]]]]]:
    """The sections under their headings, their lines by the person they are about.

    What is in the order of time stays in it, and what is about nobody alone comes first.
    """
    names = {face.key: face.name for face in brief.faces} if len(brief.faces) > 1 else {}
    parts = []
    for said, rows in sections_by_heading(brief, language).items():
        groups: dict[str, list[Line]] = {"": []}
        ordered = any(row.ordered for row, _ in rows)
        for _, lines in rows:
            for line in lines:
                name = "" if ordered else names.get(line.who or "", "")
                groups.setdefault(name, []).append(line)
        parts.append((said, [(name, found) for name, found in groups.items() if found]))
    return parts


def _namesakes(desk: Desk, name: str) -> tuple[Entry, ...]:
    """The files of those who may be meant, where an address alone is new."""
    return find_entries(desk.entries(), name)[:_NAMESAKES] if name else ()


def make_sheet(request: Request, form: Form) -> Response:
    """Write the sheet, unless it is there as it would be made, and show it."""
    desk, day, chosen = meeting_of(request)
    table = form.get("edition") == "table"
    title = desk.language.text("Making the sheet")

    def work() -> Done:
        problems = _written(desk, day, chosen, table=table)
        if problems:
            lines = tuple(told_of(one, desk.language) for one in problems)
            text = desk.language.text("The sheet could not be made.")
            return link("m", chosen.code), (Notice(text=text, mood="bad", lines=lines),)
        return link("m", chosen.code, "sheet.pdf") + ("?edition=table" if table else ""), ()

    return jobs.start(request, title, work, back=link("m", chosen.code))


def _written(
    desk: Desk, day: Day, chosen: ChosenMeeting, *, table: bool = False
) -> tuple[Problem, ...]:
    """Write a meeting's sheet under the lock; why it could not be made."""
    from briefgen.day.make import plan, write_day  # noqa: PLC0415  # saves 4 MB until then

    with only_run(desk.workspace):
        known = coded(day, remember=True)
        (one,) = (c for c in known.chosen if c.meeting.key == chosen.meeting.key)
        edition = "table" if table else "full"
        planned = plan(known, "table" if table else "full", only=[one])
        report = write_day(known, planned, edition="table" if table else "full", partial=True)
    failed = [brief for brief in report.briefs if brief.state == "failed"]
    return report.problems if failed or not _file(desk, chosen, edition).is_file() else ()


def _file(desk: Desk, chosen: ChosenMeeting, edition: str) -> Path:
    folder = desk.workspace.briefings / chosen.meeting.day.isoformat()
    return folder / file_name(chosen.file_stem, "table" if edition == "table" else "full")


def sheet(request: Request) -> Response:
    """The sheet as it was written."""
    desk, _, chosen = meeting_of(request)
    path = _file(desk, chosen, request.query_params.get("edition", "full"))
    if not path.is_file():
        return RedirectResponse(link("m", chosen.code), status_code=303)
    policy = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return FileResponse(
        path,
        media_type="application/pdf",
        filename=path.name,
        content_disposition_type="inline",
        headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"},
    )


def print_sheet(request: Request, _form: Form) -> Response:
    """Print the sheet of a meeting: the same printer, lock and ledger as `briefgen print`."""
    desk, day, chosen = meeting_of(request)
    text = desk.language.text
    back = link("m", chosen.code)

    def work() -> Done:
        from briefgen.delivery.ledger_repair import open_whole_ledger  # noqa: PLC0415  # saves memory
        from briefgen.delivery.print import print_now, print_wish, settle  # noqa: PLC0415  # until then

        problems = _written(desk, day, chosen)
        if problems:
            lines = tuple(told_of(one, desk.language) for one in problems)
            return back, (Notice(text=text("Nothing was printed."), mood="bad", lines=lines),)
        path = _file(desk, chosen, "full")
        sheets = open_day(desk.workspace, chosen.meeting.day).sheets([path])
        wish = print_wish(chosen.meeting.day, [path], what="briefs", edition="full", sheets=sheets)
        repaired: list[str] = []
        with (
            only_run(desk.workspace),
            open_whole_ledger(desk.workspace, day.as_of, repaired) as ledger,
        ):
            settle(ledger, day.as_of)
            done = print_now(wish, ledger=ledger, settings=day.settings, as_of=day.as_of)
        repairs = tuple(Notice(text=repair, mood="bad") for repair in repaired)
        return back, (_told_of_print(done, text("It is being printed."), desk), *repairs)

    return jobs.start(request, text("Printing"), work, back=back)


def _told_of_print(done: Delivery, printed: str, desk: Desk) -> Notice:
    if done.state == "sent":
        return Notice(text=printed)
    text = desk.language.text("Nothing was printed.")
    if done.state == "unsure":
        text = desk.language.text("Look at the printer: the sheet may have been printed.")
    return Notice(text=text, mood="bad", lines=(done.reason,) if done.reason else ())


def mail_day(request: Request, _form: Form) -> Response:
    """Write the sheets of a day, and mail what the ledger has not mailed: as `briefgen send`."""
    desk = desk_of(request)
    try:
        of = date.fromisoformat(request.path_params["day"])
    except ValueError:
        raise HTTPException(404) from None
    back = link("day", of.isoformat())
    title = desk.language.text("Mailing the briefs")
    return jobs.start(request, title, lambda: _mailed(desk, of, back), back=back)


def _mailed(desk: Desk, of: date, back: str) -> Done:
    from briefgen.day.make import plan, write_day  # noqa: PLC0415  # as below
    from briefgen.delivery.conversation import Connect  # noqa: PLC0415  # saves 8 MB until one mails
    from briefgen.night.send import send_day  # noqa: PLC0415  # as above

    text, settings = desk.language.text, desk.settings
    day = desk.day(of)
    with only_run(desk.workspace):
        known = coded(day, remember=True)
        edition = settings.page.edition
        ahead = [c for c in known.chosen if c.meeting.day == of and c.meeting.start > day.as_of]
        write_day(known, plan(known, edition, only=ahead), edition=edition, partial=True)
        sending = send_day(
            desk.workspace,
            settings,
            day=of,
            as_of=day.as_of,
            connect=Connect(environment=os.environ),
            tell=lambda event, **fields: None,  # noqa: ARG005  # the page shows it
        )
    undone = [one for one in sending.deliveries if one.state != "sent"]
    if sending.faults or undone:
        lines = (*sending.faults, *(one.reason for one in undone if one.reason))
        return back, (Notice(text=text("The mail was not sent."), mood="bad", lines=lines),)
    if not sending.deliveries:
        told = text("There is nothing new to mail: it was sent, and nothing has changed since.")
        return back, (Notice(text=told),)
    to = desk.language.listed(sorted({one.recipient for one in sending.deliveries}))
    return back, (Notice(text=text("Mailed to {recipient}.", recipient=to)),)


def make_contacts(request: Request, form: Form) -> Response:
    """Make a file for an attendee who has none, from what the feed says."""
    desk, day, chosen = meeting_of(request)
    wanted = form.get("attendee")
    found = [a for a in unknown_attendees(chosen) if wanted in {a.address, a.name}]
    back = link("m", chosen.code)
    if not found:
        return onward(desk, back)
    fields = fields_of(found[0], chosen.meeting, book=day.book, settings=day.settings)
    made = made_contact(desk, fields, batch=new_batch())
    if isinstance(made, Problem):
        told = desk.language.text("No file was made.")
        lines = (told_of(made, desk.language),)
        return onward(desk, back, Notice(text=told, mood="bad", lines=lines))
    told = desk.language.text("A file was made. Add what you know.")
    return onward(desk, link("people", made, "edit"), Notice(text=told))
