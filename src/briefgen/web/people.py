"""People: found, shown, edited by a form or as the file itself, with undo."""

import hashlib
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from briefgen.brief.faces import initials
from briefgen.brief.wording import Wording
from briefgen.brief.words import fold
from briefgen.contacts.book import ContactFile, parse_contact
from briefgen.contacts.changes import (
    HeldFile,
    Undone,
    hold,
    is_of,
    new_batch,
    put_in_place,
    undo,
    versions_in,
)
from briefgen.contacts.pictures import small_picture
from briefgen.contacts.search import find_entries
from briefgen.contacts.splice import Put, Replace, splice
from briefgen.reflection.open_items import open_items
from briefgen.reflection.reflections import contacts_of
from briefgen.web import contact_form
from briefgen.web.contact_form import made_contact
from briefgen.web.desk import Desk, Notice
from briefgen.web.jobs import plain_fault
from briefgen.web.meetings import row_of
from briefgen.web.pages import Form, desk_of, link, onward, page
from briefgen.workspace.addresses import exact_address
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.document import Plain
from briefgen.workspace.problems import Problem, errors

_MOST: Final = 60
_NEW: Final = ("name", "organization", "title", "email")
_TIMELINE: Final = 30
_MEETINGS: Final = 6


def show_all(request: Request) -> Response:
    """Everyone, or the results of a search."""
    desk = desk_of(request)
    entries = desk.entries()
    wanted = request.query_params.get("q", "").strip()[:100]
    found = find_entries(entries, wanted) if wanted else sorted(entries, key=lambda e: fold(e.name))
    faulty = {p.file for p in errors(desk.day().problems)} - {entry.file for entry in entries}
    folder = f"{desk.workspace.relative(desk.workspace.contacts)}/"
    return page(
        request,
        "people.html.j2",
        here="people",
        wanted=wanted,
        today=desk.day().as_of.date(),
        found=found[:_MOST],
        more=max(len(found) - _MOST, 0),
        count=len(entries),
        unreadable=sorted(
            file.removeprefix(folder).removesuffix(".yaml")
            for file in faulty
            if file.startswith(folder) and file.endswith(".yaml")
        ),
    )


def _contact(request: Request) -> tuple[Desk, ContactFile]:
    """The contact that the address names; 404 if there is none."""
    desk = desk_of(request)
    contact = desk.day().book.by_stem(request.path_params["stem"])
    if contact is None:
        raise HTTPException(404)
    return desk, contact


def _held(request: Request) -> tuple[Desk, HeldFile]:
    """The file that the address names, even if it cannot be read as a contact."""
    desk = desk_of(request)
    stem = request.path_params["stem"]
    folder = desk.workspace.contacts
    paths = {path.stem: path for path in folder.glob("*.yaml")} if folder.is_dir() else {}
    if stem not in paths:
        raise HTTPException(404)
    held = hold(paths[stem], workspace=desk.workspace)
    if isinstance(held, Problem):
        raise HTTPException(404)
    return desk, held


def show(request: Request) -> Response:
    """A contact's file as a page."""
    desk, contact = _contact(request)
    day = desk.day()
    near = [
        row_of(desk, day, one, glance=False)
        for one in day.chosen
        if contact.stem in {c.stem for c in contacts_of(one)}
    ]
    return page(
        request,
        "person.html.j2",
        here="people",
        stem=contact.stem,
        contact=contact.contact,
        initials=initials(contact.contact.name),
        undoable=any(
            versions_in(folder)
            for folder in (desk.workspace.memory / "history").glob("*")
            if is_of(contact.stem, folder.name)
        ),
        items=open_items(contact, today=day.as_of.date()),
        timeline=[dated.interaction for dated in contact.timeline[:_TIMELINE]],
        earlier=max(len(contact.timeline) - _TIMELINE, 0),
        near=[row for row in near if row.state != "over"][:_MEETINGS],
        waits=next((row for row in reversed(near) if row.waits), None),
        today=day.as_of.date(),
        wording=Wording(language=day.language, day=day.as_of.date()),
        problems=sorted(
            (p for p in day.problems if p.file == contact.file), key=lambda p: p.line or 0
        ),
    )


def show_new(request: Request) -> Response:
    """An empty form for a new contact."""
    typed = dict.fromkeys(_NEW, "")
    return page(request, "new_person.html.j2", here="people", typed=typed, wrong="")


def make(request: Request, form: Form) -> Response:
    """Make the file of a new contact."""
    desk = desk_of(request)
    text = desk.language.text
    fields: dict[str, Plain] = {
        name: form.get(name) or None for name in ("name", "organization", "title")
    }
    wrong = "" if fields["name"] else text("Write a name.")
    owner = ""
    if email := form.get("email"):
        try:
            fields["emails"] = [exact_address(email)]
        except ValueError as error:
            wrong = desk.language.said(str(error))
        else:
            owners = desk.day().book.by_address(exact_address(email))
            if owners:
                wrong = text("{name} has this address already.", name=owners[0].contact.name)
                owner = owners[0].stem
    made = None if wrong else made_contact(desk, fields, batch=new_batch())
    if isinstance(made, Problem):
        wrong = desk.language.said(made.message)
    if wrong or made is None or isinstance(made, Problem):
        typed = {name: form.get(name) for name in _NEW}
        return page(
            request,
            "new_person.html.j2",
            status=422,
            here="people",
            typed=typed,
            wrong=wrong,
            owner=owner,
        )
    return onward(desk, link("people", made), Notice(text=text("The file was made."), undo=(made,)))


def show_edit(request: Request) -> Response:
    """The form of a contact."""
    desk, contact = _contact(request)
    return _edit_page(request, desk, contact)


def _edit_page(
    request: Request,
    desk: Desk,
    contact: ContactFile,
    *,
    typed: Form | None = None,
    edited: contact_form.Edited | None = None,
    notices: tuple[Notice, ...] = (),
    status: int = 200,
) -> Response:
    language = desk.language
    conflicts = edited.conflicts if edited else None
    return page(
        request,
        "edit_person.html.j2",
        status=status,
        here="people",
        notices=notices,
        stem=contact.stem,
        name=contact.contact.name,
        photo=contact.contact.photo is not None,
        fields=contact_form.fields(contact, language, typed=typed, conflicts=conflicts),
        lists=contact_form.list_fields(contact, language, typed),
        base=contact_form.base_of(contact),
        statuses=contact_form.STATUSES,
        long=contact_form.LONG,
    )


def edit(request: Request, form: Form) -> Response:
    """Splice the changes of the form into the file."""
    desk, held = _held(request)
    text = desk.language.text
    edited = contact_form.edited(held, form)
    problem = edited.problem
    if problem is None and edited.conflicts is None:
        problem = _put(desk, held, edited.content)
        if problem is None:
            changed = edited.content != held.content
            told = text("Saved.") if changed else text("Nothing was changed.")
            notice = Notice(text=told, undo=(held.stem,) if changed else ())
            return onward(desk, link("people", held.stem), notice)
    contact, _ = parse_contact(held.content, held.file)
    if contact is None:
        raise HTTPException(404)
    if problem is not None:
        told, status = text("This could not be saved."), 422
        lines: tuple[str, ...] = (problem.message,)
    else:
        told = text("Something was saved elsewhere meanwhile. Look at both, then save again.")
        lines, status = (), 409
    notice = Notice(text=told, mood="bad", lines=lines)
    return _edit_page(
        request, desk, contact, typed=form, edited=edited, notices=(notice,), status=status
    )


def _put(desk: Desk, held: HeldFile, content: bytes) -> Problem | None:
    keep = desk.settings.keep.history_versions
    problem = put_in_place(held, content, workspace=desk.workspace, keep=keep, batch=new_batch())
    desk.touch()
    return problem


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def show_file(request: Request) -> Response:
    """The file itself, with its problems beside the lines."""
    _, held = _held(request)
    return _file_page(request, held, held.content.decode(errors="replace"))


def _file_page(
    request: Request,
    held: HeldFile,
    typed: str,
    *,
    notices: tuple[Notice, ...] = (),
    theirs: str | None = None,
    status: int = 200,
) -> Response:
    contact, problems = parse_contact(typed.encode(errors="replace"), held.file)
    beside: dict[int, list[Problem]] = {}
    for problem in problems:
        beside.setdefault(problem.line or 1, []).append(problem)
    lines = typed.splitlines()
    return page(
        request,
        "person_file.html.j2",
        status=status,
        here="people",
        notices=notices,
        stem=held.stem,
        name=contact.contact.name if contact else held.stem,
        typed=typed,
        rows=max(len(lines) + 3, 12),
        wrong=[
            (number, lines[number - 1] if number <= len(lines) else "", found)
            for number, found in sorted(beside.items())
        ],
        mark=_mark(held.content),
        theirs=theirs,
    )


def save_file(request: Request, form: Form) -> Response:
    """Replace the text of the file; a text that cannot be read stays in the form."""
    desk, held = _held(request)
    text = desk.language.text
    typed = form.whole("content")
    content = typed.encode(errors="replace")
    if b"\r\n" in held.content:
        content = content.replace(b"\n", b"\r\n")
    if form.get("mark") != _mark(held.content):
        if content == held.content:
            return onward(desk, link("people", held.stem), Notice(text=text("Saved already.")))
        notice = Notice(
            text=text("The file was changed elsewhere meanwhile. Nothing was saved yet."),
            mood="bad",
            lines=(text("Your text is in the field; the present file is below it."),),
        )
        theirs = held.content.decode(errors="replace")
        return _file_page(request, held, typed, notices=(notice,), theirs=theirs, status=409)
    contact, problems = parse_contact(content, held.file)
    if contact is None or (errors(problems) and not form.get("anyway")):
        notice = Notice(text=text("Nothing was saved yet: see the lines below."), mood="bad")
        return _file_page(request, held, typed, notices=(notice,), status=422)
    problem = _put(desk, held, content)
    if problem is not None:
        notice = Notice(text=text("This could not be saved."), mood="bad", lines=(problem.message,))
        return _file_page(request, held, typed, notices=(notice,), status=507)
    changed = content != held.content
    told = text("Saved.") if changed else text("Nothing was changed.")
    undo_it = (held.stem,) if changed else ()
    return onward(desk, link("people", held.stem), Notice(text=told, undo=undo_it))


def photo(request: Request) -> Response:
    """A contact's photo, prepared as for the page."""
    from briefgen.page.look import Look  # noqa: PLC0415  # saves memory if there are no photos
    from briefgen.page.photos import prepare_photo  # noqa: PLC0415  # as above

    desk, contact = _contact(request)
    if contact.contact.photo is None:
        raise HTTPException(404)
    look = Look.of(desk.workspace, desk.settings, desk.language)
    made = prepare_photo(contact.contact.photo, look=look)
    if isinstance(made, Problem):
        raise HTTPException(404)
    return Response(
        made.data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=300"}
    )


def save_photo(request: Request, form: Form) -> Response:
    """Store a picture, small and without metadata, and write its name into the file."""
    desk, held = _held(request)
    text = desk.language.text
    back = link("people", held.stem)
    contact, _ = parse_contact(held.content, held.file)
    if contact is None:
        raise HTTPException(404)
    data = form.file("photo")
    picture = small_picture(data) if data else text("No picture was chosen.")
    if isinstance(picture, str):
        return onward(desk, f"{back}/edit", Notice(text=picture, mood="bad"))
    name = f"photos/{held.stem}-{hashlib.sha256(picture).hexdigest()[:6]}.jpg"
    put = Put if contact.contact.photo is None else Replace
    content = splice(held.content, (put(keys=("photo",), value=name),), file=held.file)
    if isinstance(content, Problem):
        return onward(desk, f"{back}/edit", Notice(text=content.message, mood="bad"))
    try:
        write_whole(desk.workspace.contacts / name, picture)
    except OSError as error:
        return onward(desk, f"{back}/edit", Notice(text=plain_fault(desk, error), mood="bad"))
    problem = _put(desk, held, content)
    if problem is not None:
        return onward(desk, f"{back}/edit", Notice(text=problem.message, mood="bad"))
    return onward(desk, back, Notice(text=text("The photo was saved."), undo=(held.stem,)))


def undo_last(request: Request, form: Form) -> Response:
    """Undo the last change of these contacts, like `briefgen contacts undo`."""
    desk = desk_of(request)
    text = desk.language.text
    known = {path.stem for path in desk.workspace.contacts.glob("*.yaml")}
    results = [result for stem in form.all("stem") for result in undo(desk.workspace, stem)]
    desk.touch()
    problems = [result for result in results if isinstance(result, Problem)]
    if problems:
        lines = tuple(problem.message for problem in problems)
        notice = Notice(text=text("This could not be taken back."), mood="bad", lines=lines)
    elif any(isinstance(result, Undone) for result in results):
        notice = Notice(text=text("The last change was taken back."))
    else:
        notice = Notice(text=text("There is no change to take back."), mood="bad")
    stems = [stem for stem in form.all("stem") if stem in known]
    return onward(desk, link("people", stems[0]) if len(stems) == 1 else "/", notice)
