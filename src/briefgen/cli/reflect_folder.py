"""`briefgen reflect --from FOLDER`: a folder or Maildir of forms that came back, each once."""

from pathlib import Path
from typing import Any

from briefgen.cli.call import Call
from briefgen.cli.window import Around, day_around
from briefgen.day.find import find_meetings
from briefgen.night import exit_status
from briefgen.reflection.form_answers import FormAnswers, answers_of, note_taken, read_inbox
from briefgen.reflection.reflections import Outcome, Reflected
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors


def take_folder(call: Call, folder: Path, around: Around) -> None:
    """Take every form in a folder that was not taken before; ends with 3 where some cannot be."""
    try:
        inbox = read_inbox(folder, call.workspace)
    except OSError as error:
        call.fail(f"{folder}: {error.strerror}", exit_status.WRONG_USE)
    problems: list[Problem] = [
        Problem(
            file=name, message=Phrase("a form that is not of this workspace"), severity="warning"
        )
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
    call.tell_problems(problems)
    call.say(
        Phrase(
            "{count} taken, {failed} not, {taken_before} taken before",
            count=len(taken),
            failed=failed,
            taken_before=inbox.taken_before,
        )
    )
    if failed:
        raise SystemExit(exit_status.PARTLY_DONE if taken else exit_status.NOTHING_MADE)


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
