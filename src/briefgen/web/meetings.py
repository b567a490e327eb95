"""The meetings of a day, and the page of one: its brief, sheet, mail and new people.

Over 400 lines, because lists and pages show a meeting in the same way.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from briefgen.brief.brief import Brief, Line
from briefgen.brief.sections import glance_label, is_careful, sections_by_heading, stance_word
from briefgen.contacts.changes import new_batch
from briefgen.contacts.entry import Entry
from briefgen.contacts.search import find_entries
from briefgen.day.new_contacts import fields_of, unknown_attendees
from briefgen.day.prepare import ChosenMeeting, Day, coded
from briefgen.delivery.folder import file_name, open_day
from briefgen.delivery.ledger_entry import Delivery
from briefgen.reflection.reflections import contacts_of, waiting
from briefgen.web import jobs
from briefgen.web.contact_form import made_contact
from briefgen.web.desk import Desk, Notice, shown_problem
from briefgen.web.jobs import Done
from briefgen.web.pages import Form, desk_of, link, onward, page
from briefgen.workspace.folder import only_run
from briefgen.workspace.language import Language, capitalised
from briefgen.workspace.problems import Problem, errors
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

_WEEK: Final = 7


class Row(Value, frozen=True, kw_only=True):
    """A meeting in a list.

    Attributes:
        code: its sheet's code.
        time: its start and end.
        people: who is in it, in one line.
        stance, label, first: from its glance; empty if it has none.
        careful: whether its first line is about something late, owed or delicate.
        state: whether it is over, running or still to come.
        reflect: the address of its five minutes, if they can be filled in or amended.
        waits: whether the five minutes are still to be filled in.
    """

    code: str
    day: date
    time: str
    title: str
    people: str
    stance: str = ""
    label: str = ""
    first: str = ""
    careful: bool = False
    state: Literal["over", "now", "ahead"]
    reflect: str | None = None
    waits: bool = False


def show_today(request: Request) -> Response:
    """The page of today."""
    desk = desk_of(request)
    return _shown(request, desk, desk.now().date())


def show_day(request: Request) -> Response:
    """The page of another day."""
    try:
        of = date.fromisoformat(request.path_params["day"])
        _ = of - timedelta(days=400), of + timedelta(days=400)
    except (ValueError, OverflowError):
        raise HTTPException(404) from None
    return _shown(request, desk_of(request), of)


def state(request: Request) -> Response:
    """How often files have changed: open pages poll this, and reload when it grows."""
    return JSONResponse({"changes": desk_of(request).changes})


def _shown(request: Request, desk: Desk, of: date) -> Response:
    day = desk.day(of)
    today = day.as_of.date()
    rows = [row_of(desk, day, one) for one in day.chosen if one.meeting.day == of]
    days = [one.meeting.day for one in day.chosen]
    feeds = {copy.name for copy in day.copies}
    return page(
        request,
        "today.html.j2",
        here="today",
        of=of,
        today=today,
        before=of - timedelta(days=1),
        after=of + timedelta(days=1),
        heading=heading(of, today, desk.language),
        rows=rows,
        following=None if rows else min((d for d in days if d > of), default=None),
        waiting=_waiting(desk, of) if of == today else (),
        skipped=[one for one in day.skipped if one.meeting.day == of],
        lost=[p for p in errors(day.problems) if day.calendar_lost or p.file in feeds],
        stale=day.calendar_as_of,
        problems=len(errors(day.problems)),
        feeds=bool(day.settings.feeds),
        mail=day.settings.mail is not None,
    )


def heading(of: date, today: date, language: Language) -> str:
    """`Today`, `Tomorrow`, `Yesterday`, or the weekday, with a capital in every language."""
    text = language.text
    named = {-1: text("Yesterday"), 0: text("Today"), 1: text("Tomorrow")}
    return named.get((of - today).days) or capitalised(language.weekday(of))


def day_place(of: date, today: date) -> str:
    """The address of a day's page."""
    return "/" if of == today else link("day", of.isoformat())


def _waiting(desk: Desk, shown: date) -> Sequence[Row]:
    """The meetings of the last week that wait for their five minutes, except those on the page."""
    day = desk.day()
    since = day.as_of.date() - timedelta(days=_WEEK)
    return [
        row_of(desk, day, one, glance=False)
        for one in waiting(day)
        if contacts_of(one) and one.meeting.day >= since and one.meeting.day != shown
    ]


def row_of(desk: Desk, day: Day, chosen: ChosenMeeting, *, glance: bool = True) -> Row:
    """A meeting as lists show it."""
    meeting, language = chosen.meeting, desk.language
    times = [language.clock_time(meeting.start)]
    if meeting.end > meeting.start:
        times.append(language.clock_time(meeting.end))
    state: Literal["over", "now", "ahead"] = "ahead"
    if meeting.start <= day.as_of:
        state = "over" if meeting.end <= day.as_of else "now"
    brief = desk.brief(day, chosen) if glance else None
    stance, label, first = _glance(brief, language) if brief else ("", "", "")
    known = bool(contacts_of(chosen))
    return Row(
        code=chosen.code,
        day=meeting.day,
        time="–".join(times),
        title=meeting.title or language.text("(no title)"),
        people=language.listed([one.name for one in chosen.reported_participants()][:6]),
        stance=stance,
        label=label,
        first=first,
        careful=brief is not None and any(map(is_careful, brief.glance.lines[:1])),
        state=state,
        reflect=link("r", chosen.code) if known and state != "ahead" else None,
        waits=known and state == "over" and chosen in waiting(day),
    )


def _glance(brief: Brief, language: Language) -> tuple[str, str, str]:
    """The stance, and the label and text of the first line."""
    glance = brief.glance
    stance = glance.stance.text if glance.stance is not None else ""
    if glance.lines and glance.lines[0].label == "first":
        line = glance.lines[0].lines[0]
        return stance, glance_label("first", language), line.text
    if glance.lead is not None:
        return stance, "", glance.lead.text
    if glance.lines:
        one = glance.lines[0]
        return stance, glance_label(one.label, language), one.lines[0].text
    return stance, "", ""


_NAMESAKES: Final = 3


def meeting_of(request: Request) -> tuple[Desk, Day, ChosenMeeting]:
    """The meeting that the address names by its sheet's code.

    Raises:
        HTTPException: 404 if there is none.
    """
    desk = desk_of(request)
    found = desk.meeting(request.path_params["code"])
    if found is None:
        raise HTTPException(404)
    return desk, *found


def show(request: Request) -> Response:
    """The page of a meeting, with its brief."""
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
        unknown=[(one, _namesakes(desk, one.name)) for one in unknown_attendees(chosen)],
        reflect=link("r", chosen.code) if contacts_of(chosen) else None,
        mail=day.settings.mail is not None,
    )


def _parts(brief: Brief, language: Language) -> list[tuple[str, list[tuple[str, list[Line]]]]]:
    """The sections under their headings, with their lines grouped by person.

    Chronological sections keep their order; lines about no one person come first.
    """
    faces = {face.key: face for face in brief.faces} if len(brief.faces) > 1 else {}
    parts = []
    for said, rows in sections_by_heading(brief, language).items():
        groups: dict[str, list[Line]] = {"": []}
        ordered = any(row.ordered for row, _ in rows)
        for _, lines in rows:
            for line in lines:
                face = None if ordered else faces.get(line.who or "")
                name = language.person(face.name) if face else ""
                is_named = face and line.label.rstrip(":") == language.person(face.short)
                groups.setdefault(name, []).append(line.replace(label="") if is_named else line)
        parts.append((said, [(name, found) for name, found in groups.items() if found]))
    return parts


def _namesakes(desk: Desk, name: str) -> tuple[Entry, ...]:
    """The contacts that an attendee may be: perhaps only the address is new."""
    return find_entries(desk.entries(), name)[:_NAMESAKES] if name else ()


def make_sheet(request: Request, form: Form) -> Response:
    """Write the sheet, unless it is up to date, and show it."""
    desk, day, chosen = meeting_of(request)
    edition: Edition = "table" if form.get("edition") == "table" else "full"
    title, back = desk.language.text("Making the sheet"), link("m", chosen.code)

    def work() -> Done:
        if problems := _write_sheet(desk, day, chosen, edition):
            text = desk.language.text("The sheet could not be made.")
            return back, (_refused(text, problems, desk.language),)
        query = "?edition=table" if edition == "table" else ""
        return link("m", chosen.code, "sheet.pdf") + query, ()

    return jobs.start(request, title, work, back=back)


def _refused(text: str, problems: Iterable[Problem], language: Language) -> Notice:
    return Notice(
        text=text, mood="bad", lines=tuple(shown_problem(one, language) for one in problems)
    )


def _write_sheet(
    desk: Desk, day: Day, chosen: ChosenMeeting, edition: Edition = "full"
) -> tuple[Problem, ...]:
    """Write a meeting's sheet under the lock; return why that failed, if it did."""
    from briefgen.day.make import plan, write_day  # noqa: PLC0415  # saves 4 MB until then

    with only_run(desk.workspace):
        known = coded(day, remember=True)
        (one,) = (c for c in known.chosen if c.meeting.key == chosen.meeting.key)
        planned = plan(known, edition, only=[one])
        report = write_day(known, planned, edition=edition, partial=True)
    failed = [brief for brief in report.briefs if brief.state == "failed"]
    return report.problems if failed or not _file(desk, chosen, edition).is_file() else ()


def _file(desk: Desk, chosen: ChosenMeeting, edition: Edition) -> Path:
    folder = desk.workspace.briefings / chosen.meeting.day.isoformat()
    return folder / file_name(chosen.file_stem, edition)


def sheet(request: Request) -> Response:
    """The PDF of the sheet."""
    desk, _, chosen = meeting_of(request)
    path = _file(
        desk, chosen, "table" if request.query_params.get("edition") == "table" else "full"
    )
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
        from briefgen.delivery.ledger_file import open_whole_ledger  # noqa: PLC0415  # saves memory
        from briefgen.delivery.print import print_now, print_wish, settle  # noqa: PLC0415  # until then

        if problems := _write_sheet(desk, day, chosen):
            return back, (_refused(text("Nothing was printed."), problems, desk.language),)
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
        return back, (_print_notice(done, text("It is being printed."), desk), *repairs)

    return jobs.start(request, text("Printing"), work, back=back)


def _print_notice(done: Delivery, printed: str, desk: Desk) -> Notice:
    if done.state == "sent":
        return Notice(text=printed)
    text = desk.language.text("Nothing was printed.")
    if done.state == "unsure":
        text = desk.language.text("Look at the printer: the sheet may have been printed.")
    return Notice(text=text, mood="bad", lines=(done.reason,) if done.reason else ())


def mail_day(request: Request, _form: Form) -> Response:
    """Write the sheets of a day, and mail what has not been mailed, like `briefgen send`."""
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
        return onward(desk, back, _refused(told, [made], desk.language))
    told = desk.language.text("A file was made. Add what you know.")
    return onward(desk, link("people", made, "edit"), Notice(text=told))
