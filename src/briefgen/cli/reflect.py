"""`briefgen reflect`: the five minutes after a meeting.

Over 400 lines, because a dialogue, files, mails and a form all end in the same summary.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_meeting
from briefgen.cli.questions import Back, reply_yes_or, say_earlier_draft, show_unsaved
from briefgen.cli.window import (
    Around,
    around_options,
    day_around,
    days_of,
    report_unreadable,
    report_unreadable_contacts,
    the_meeting,
)
from briefgen.contacts.book import ContactFile
from briefgen.day.find import find_meetings
from briefgen.day.prepare import ChosenMeeting, Day
from briefgen.delivery.folder import slug
from briefgen.meetings.meeting import recurrence_text
from briefgen.night import exit_status
from briefgen.reflection.answers import Answered, Answers, Draft, is_draft, mark_of, read_answers
from briefgen.reflection.asked import unknown_signals
from briefgen.reflection.decisions import Written
from briefgen.reflection.follow_up import follow_up
from briefgen.reflection.form import form_name, reflection_form
from briefgen.reflection.form_answers import (
    FormAnswers,
    answers_of,
    is_mail,
    mail_parts,
    note_taken,
    read_form,
    read_inbox,
)
from briefgen.reflection.reflections import (
    Outcome,
    Reflected,
    contacts_of,
    ended,
    waiting,
)
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.document import MAX_BYTES, read_bytes
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors, unwritten
from briefgen.workspace.value import Value


@click.command("reflect")
@click.argument("meeting", required=False, shell_complete=complete_meeting)
@click.option("--due", is_flag=True, help="List the meetings that ended without a reflection.")
@click.option(
    "--from",
    "source",
    metavar="FILE",
    help="Take the answers from a file, a form, a mail, a folder of them, or - (pipe).",
)
@click.option("--form", is_flag=True, help="Make a form for the browser, which needs no server.")
@click.option("--follow-up", "with_mail", is_flag=True, help="Draft a short mail; it is not sent.")
@around_options
@with_call
def reflect(
    *,
    call: Call,
    meeting: str | None,
    due: bool,
    source: str | None,
    form: bool,
    with_mail: bool,
    date: str | None,
    days: int | None,
) -> None:
    """The five minutes after MEETING (default: the last one that ended), one question at a time.

    MEETING is a sheet's code, a UID, a time like 2026-11-23T10:00, or a piece of the title.
    Every question can be skipped with Enter. The answers go into the contacts' files.
    """
    if call.as_json and source is None and not due and not form:
        call.wrong_use(Phrase("--json needs the answers --from a file or -"))
    around = Around(date=date, days=days)
    if source is not None and Path(source).is_dir():
        take_folder(call, Path(source), around)
        return
    given = _answers_from(call, source) if source is not None else None
    meeting = _meeting_of(call, given, meeting)
    day = day_around(call, meeting, around)
    if due:
        _list_waiting(call, day)
        return
    reflected = begin(call, day, _the_meeting(call, day, meeting))
    if form:
        _write_form(call, reflected)
        return
    if given is not None:
        answered = given.answered
        if given.form is not None:
            answered, problems = answers_of(given.form, reflected)
            if errors(problems):
                call.refuse(problems)
            call.report_problems(problems)
        _report_unknown_signals(call, day, answered)
        reflected = replace(reflected, taken_up=given.draft)
        outcome = reflected.write(answered, keep_answers=source == "-")
    else:
        from briefgen.cli.reflect_dialogue import ask_and_write  # noqa: PLC0415  # only where asked

        _ask_if_ahead(call, reflected)
        answered, outcome = ask_and_write(call, reflected, day)
    wanted = with_mail and not outcome.problems
    mails = _follow_ups(call, reflected, answered) if wanted else ()
    _print_outcome(call, reflected, outcome, mails)


def _write_form(call: Call, reflected: Reflected) -> None:
    """Write the meeting's form into the day's folder."""
    day, chosen = reflected.day, reflected.chosen
    content = reflection_form(chosen, day)
    assert content is not None  # noqa: S101  # someone in it is on file
    path = day.workspace.briefings / chosen.meeting.day.isoformat() / form_name(chosen)
    write_whole(path, content)
    call.report({"form": day.workspace.relative(path)}, [])
    call.say(day.workspace.relative(path))


def begin(call: Call, day: Day, chosen: ChosenMeeting) -> Reflected:
    """A meeting to reflect on; ends with status 1 if nobody in it is on file."""
    reflected = Reflected.begin(chosen, day)
    text, title = day.language.text, reflected.title
    report_unreadable_contacts(call, day, chosen)
    if not reflected.contacts:
        message = text(
            "nobody in '{title}' has a file that can be read; make one with:", title=title
        )
        command = f"briefgen contacts new --meeting {chosen.code}"
        call.fail(f"{message}\n  {command}")
    if chosen.meeting.start > day.as_of:
        call.say(text("'{title}' has not begun yet", title=title))
    return reflected


def _ask_if_ahead(call: Call, reflected: Reflected) -> None:
    """Before the questions about a meeting that lies ahead, ask whether it is the right one."""
    if reflected.chosen.meeting.start <= reflected.day.as_of:
        return
    language = reflected.day.language
    try:
        goes_on = reply_yes_or(language.text("Reflect already?"), language, default=False) == "yes"
    except Back:
        goes_on = False
    if not goes_on:
        call.say(language.text("nothing was answered, so nothing is written"))
        raise SystemExit(exit_status.DONE)


class _Given(Value, frozen=True, kw_only=True):
    """The input of `--from`: the answers of a YAML file, or of a form.

    Attributes:
        draft: the file, if it is a draft of this workspace.
    """

    answered: tuple[Answered, ...] = ()
    form: FormAnswers | None = None
    draft: Draft | None = None


def _meeting_of(call: Call, given: _Given | None, meeting: str | None) -> str | None:
    """The MEETING to look for: a form names its own."""
    if given is None or given.form is None:
        return meeting
    code = given.form.code
    if meeting is not None and meeting.strip().upper() != code:
        call.wrong_use("the form is for {code}, not for '{meeting}'", code=code, meeting=meeting)
    return code


def _report_unknown_signals(call: Call, day: Day, answered: Sequence[Answered]) -> None:
    noted = [signal for one in answered for signal in one.answers.signals]
    for unknown in unknown_signals(noted, day.vocabulary):
        message = unknown.remark(day.language)
        if unknown.near and not unknown.misspelt:
            near = day.language.listed(unknown.near)
            message = f"{message}; " + day.language.text("did you mean {words}?", words=near)
        call.say(message)


def _list_waiting(call: Call, day: Day) -> None:
    found = waiting(day)
    call.report({"due": [_meeting_json(chosen) for chosen in found]}, day.problems)
    if not call.as_json:
        _say_waiting(call, day, found)
        report_unreadable(call, day)
    if day.calendar_lost:
        raise SystemExit(exit_status.NOTHING_MADE)


def _say_waiting(call: Call, day: Day, found: Sequence[ChosenMeeting]) -> None:
    for chosen in found:
        people = ", ".join(p.name or p.email or "?" for p in chosen.reported_participants())
        without = "" if contacts_of(chosen) else f"  ({day.language.text('nobody on file')})"
        language, meeting = day.language, chosen.meeting
        start = language.short_date(meeting.day, beside=day.as_of.date())
        start = f"{start} {language.clock_time(meeting.start)}"
        title = chosen.meeting.title or "(no title)"
        call.say(f"{start}  {chosen.code}  {title}  · {people}{without}")
    if not found and not day.calendar_lost:
        call.say(Phrase("no meeting waits for its reflection"))


def _the_meeting(call: Call, day: Day, wanted: str | None) -> ChosenMeeting:
    if wanted is None:
        if over := ended(day):
            return over[0]
        report_unreadable(call, day)
        days = days_of(day.window, "%d %b", until=day.as_of.date())
        call.fail("no meeting has ended in these days ({days}); see --date", days=days)
    return the_meeting(call, day, wanted)


def _answers_from(call: Call, source: str) -> _Given:
    """The answers in a file or pipe; ends the command if anything in them is wrong.

    A draft may be named relative to the workspace, wherever the command is typed.
    """
    workspace, draft = call.workspace, None
    if source == "-":
        content, name = sys.stdin.buffer.read(MAX_BYTES + 1), "(standard input)"
    else:
        name = source
        here, there = Path(source), workspace.root / source
        path = there if there.exists() and not here.exists() else here
        try:
            content = read_bytes(path)
        except OSError as error:
            call.wrong_use(f"{source}: {error.strerror}")
        if is_draft(path, workspace):
            draft = Draft(path=path, mark=mark_of(content))
    form = read_form(content, name)
    if form is not None:
        if not form.is_of(workspace):
            call.wrong_use("{name}: not a form of this workspace", name=name)
        if not form.fields:
            call.fail("{name} answers nothing", name=name)
        return _Given(form=form)
    answered, problems = read_answers(_written_in(content), name)
    if problems:
        call.refuse(problems)
    if all(one.answers.is_empty for one in answered):
        call.fail("{name} answers nothing", name=name)
    return _Given(answered=answered, draft=draft)


def _written_in(content: bytes) -> bytes:
    """The YAML in a file: the file itself, or the YAML attachment or else the text of a mail."""
    if not is_mail(content):
        return content
    parts = list(mail_parts(content))
    attached = (part for name, part in parts if name.casefold().endswith((".yaml", ".yml")))
    return next(attached, next((part for name, part in parts if not name), b""))


def _meeting_json(chosen: ChosenMeeting) -> dict[str, Any]:
    meeting = chosen.meeting
    return {
        "uid": meeting.uid,
        "recurrence_id": recurrence_text(meeting.recurrence_id),
        "start": meeting.start.isoformat(),
        "end": meeting.end.isoformat(),
        "title": meeting.title,
        "code": chosen.code,
        "participants": [
            {"name": p.name, "email": p.email, "contact": p.contact}
            for p in chosen.reported_participants()
        ],
    }


def _follow_ups(call: Call, reflected: Reflected, answered: Sequence[Answered]) -> tuple[Path, ...]:
    """Write a draft mail for each contact with answers into the day's folder."""
    day, meeting = reflected.day, reflected.chosen.meeting
    folder = day.workspace.briefings / meeting.day.isoformat()
    by_contact: dict[str, tuple[ContactFile, Answers]] = {}
    for one in answered:
        contact = reflected.contact_of(one)
        if contact is not None and not one.answers.is_empty:
            by_contact.setdefault(contact.stem, (contact, one.answers))
    written = []
    for contact, answers in by_contact.values():
        suffix = f"-{slug(contact.stem)}" if len(by_contact) > 1 else ""
        path = folder / f"{reflected.chosen.file_stem}{suffix}-follow-up.eml"
        content = follow_up(
            contact.contact,
            answers,
            day=meeting.day,
            settings=day.settings,
            language=day.language,
            vocabulary=day.vocabulary,
        )
        try:
            write_whole(path, content)
        except OSError as error:
            file = day.workspace.relative(path)
            call.report_problems([unwritten(file, error)])
        else:
            written.append(path)
    return tuple(written)


def _print_outcome(
    call: Call, reflected: Reflected, outcome: Outcome, mails: Sequence[Path]
) -> None:
    day = reflected.day
    relative, text = day.workspace.relative, day.language.text
    draft = relative(outcome.draft) if outcome.draft else None
    told = {
        "meeting": _meeting_json(reflected.chosen),
        "contacts": [
            {"contact": w.contact, "file": w.file, "added": list(w.said)} for w in outcome.written
        ],
        "draft": draft,
        "follow_up": [relative(path) for path in mails],
    }
    call.report(told, outcome.problems)
    for written in outcome.written:
        _say_added(call, written, day.language)
    if any(written.said for written in outcome.written):
        call.say(text("briefgen contacts undo undoes it"))
    for path in mails:
        call.say(f"{relative(path)}: " + text("a mail to open and change; nothing is sent"))
    call.report_problems(outcome.problems)
    show_unsaved(outcome.unkept, day.language)
    if draft is not None:
        folder = f"{relative(day.workspace.contacts)}/"
        wrong = any(not problem.file.startswith(folder) for problem in outcome.problems)
        if wrong:
            kept = text(
                "the answers are kept in {file}; correct there what is wrong, then:", file=draft
            )
        else:
            kept = text("the answers are kept in {file}; go on with:", file=draft)
        call.say(kept)
        call.say(f"  briefgen reflect {reflected.chosen.code} --from {draft}")
    if outcome.before is not None:
        say_earlier_draft(call, reflected.chosen.code, relative(outcome.before), day.language)
    if outcome.problems:
        raise SystemExit(exit_status.of_parts(len(outcome.written), len(outcome.problems)))


def _say_added(call: Call, written: Written, language: Language) -> None:
    """Print what was added to a file: one thing beside its name, several on their own lines."""
    said = written.said or (language.text("all of it was there already"),)
    told = [f"{written.file}: {said[0]}"] if len(said) == 1 else [f"{written.file}:", *said]
    call.say("\n  ".join(told))


def take_folder(call: Call, folder: Path, around: Around) -> None:
    """Take every new form in a folder; ends with status 3 if some of them cannot be used."""
    try:
        inbox = read_inbox(folder, call.workspace)
    except OSError as error:
        call.wrong_use(f"{folder}: {error.strerror}")
    problems: list[Problem] = [
        Problem(file=name, message=Phrase("a form from another workspace"), severity="warning")
        for name in inbox.strangers
    ]
    taken: list[dict[str, Any]] = []
    failed = 0
    for form in inbox.forms:
        outcome = _take(call, form, around)
        problems += outcome.problems
        if errors(outcome.problems):
            failed += 1
            continue
        note_taken(form, call.workspace)
        for written in outcome.written:
            call.say(f"{form.file}: {written.file}: {', '.join(written.said)}")
        contacts = [{"contact": w.contact, "file": w.file} for w in outcome.written]
        taken.append({"file": form.file, "code": form.code, "contacts": contacts})
    call.report({"taken": taken}, problems)
    call.report_problems(problems)
    call.say(
        "{count} taken, {failed} not, {taken_before} taken before",
        count=len(taken),
        failed=failed,
        taken_before=inbox.taken_before,
    )
    if failed:
        raise SystemExit(exit_status.of_parts(len(taken), failed))


def _take(call: Call, form: FormAnswers, around: Around) -> Outcome:
    day = day_around(call, form.code, around)
    found = find_meetings(day, form.code)
    if len(found) != 1:
        message = Phrase("no meeting has the code {code} any more", code=form.code)
        return Outcome(problems=(Problem(file=form.file, message=message),))
    reflected = Reflected.begin(found[0], day)
    answered, problems = answers_of(form, reflected)
    if errors(problems):
        return Outcome(problems=problems)
    outcome = reflected.write(answered, keep_answers=False)
    return Outcome(written=outcome.written, problems=(*problems, *outcome.problems))
