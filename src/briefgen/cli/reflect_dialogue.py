"""The dialogue of a reflection: one question at a time, each skippable, none of it lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import click

from briefgen.cli.call import Call
from briefgen.cli.questions import (
    Back,
    Rest,
    explained,
    reply,
    reply_yes,
    say_earlier_draft,
    say_small,
    show_unsaved,
)
from briefgen.cli.reflect_answers import Question
from briefgen.cli.reflect_questions import Questions
from briefgen.cli.terminal import signals_as_interrupt, signals_ignored
from briefgen.day.prepare import Day
from briefgen.night import exit_status
from briefgen.reflection.answers import Answered, Answers, answers_on_file, find_draft
from briefgen.reflection.reflections import Outcome, Reflected
from briefgen.workspace.language import Language


def ask_and_write(
    call: Call, reflected: Reflected, day: Day
) -> tuple[tuple[Answered, ...], Outcome]:
    """Ask everything, show all answers, and write them to the contacts' files.

    A draft is saved after every answer; it survives Ctrl-C, Ctrl-D, a closed window and a kill.
    """
    dialogue = Dialogue.begin(call, reflected, day)
    with signals_ignored():
        try:
            with signals_as_interrupt():
                dialogue.ask()
        except (click.Abort, KeyboardInterrupt, OSError):  # OSError: the terminal is gone
            _keep(call, dialogue)
        answered = tuple(Answered(answers=one) for one in dialogue.answers())
        if not answered:
            dialogue.forget_draft()
            call.say(dialogue.language.text("nothing was answered, so nothing is written"))
            raise SystemExit(exit_status.DONE)
        outcome = dialogue.reflected.write(answered)
    click.echo()
    return answered, outcome


def _keep(call: Call, dialogue: "Dialogue") -> NoReturn:
    """Save the answers so far, say where, and end."""
    text = dialogue.language.text
    try:
        dialogue.save()
    except OSError as error:
        show_unsaved(dialogue.answers(), dialogue.language)
        reason = text("the answers cannot be kept: {reason}", reason=error.strerror)
        call.fail(reason)
    click.echo()
    reflected = dialogue.reflected
    if dialogue.answers() and reflected.taken_up is not None:
        shown = reflected.workspace.relative(reflected.taken_up.path)
        call.say(text("the answers so far are kept in {file}; go on with:", file=shown))
        call.say(f"  briefgen reflect {reflected.chosen.code}")
        if reflected.taken_up.before is not None:
            before = reflected.workspace.relative(reflected.taken_up.before)
            say_earlier_draft(call, reflected.chosen.code, before, dialogue.language)
    raise SystemExit(exit_status.NOTHING_MADE)


@dataclass(kw_only=True)
class Dialogue:
    """The questions of one meeting, asked in order, with a way back to any of them."""

    call: Call
    reflected: Reflected
    questions: Questions
    saved: tuple[Answers, ...] = ()
    told_of_disk: bool = False

    @classmethod
    def begin(cls, call: Call, reflected: Reflected, day: Day) -> "Dialogue":
        """Show the meeting, and start from a draft or from what is on file, if the user wants."""
        text = day.language.text
        meeting = reflected.chosen.meeting
        names = day.language.people([contact.contact.name for contact in reflected.contacts])
        when = f"{day.language.long_date(meeting.day)}, {day.language.clock_time(meeting.start)}"
        click.echo(click.style(reflected.title, bold=True) + f"  {when}")
        click.echo(text("with {names}", names=names))
        if reflected.own_file_notice:
            click.echo(reflected.own_file_notice)
        say_small(text("Enter skips a question, < goes back, - takes an answer away, ? explains."))
        say_small(text("Every answer is kept as a draft at once; Ctrl-C stops."))
        made = cls(call=call, reflected=reflected, questions=Questions(reflected=reflected))
        if not made._take_up_draft():
            made._take_up_file()
        return made

    @property
    def language(self) -> Language:
        """The language of the questions."""
        return self.questions.language

    def answers(self) -> tuple[Answers, ...]:
        """The answers of each contact."""
        return self.questions.answers()

    def _take_up_draft(self) -> bool:
        text = self.language.text
        draft, drafted, problems = find_draft(self.reflected.workspace, self.reflected.occasion)
        self.call.report_problems(problems)
        if problems:
            message = text("the draft of this meeting cannot be read; correct it, or delete it")
            self.call.fail(message)
        if draft is None:
            return False
        if not reply_yes(text("There is an earlier draft. Continue it?"), self.language):
            return False
        for one in drafted:
            contact = self.reflected.contact_of(one)
            if contact is not None:
                self.questions.take(contact.stem, one.answers)
        self.reflected = replace(self.reflected, taken_up=draft)
        self.saved = self.answers()
        return True

    def _take_up_file(self) -> None:
        """Start from the answers that are on file already."""
        for contact in self.reflected.contacts:
            before = answers_on_file(contact.contact, self.reflected.occasion)
            if before is not None:
                message = self.language.text(
                    "{file} has a reflection on this meeting; it is amended.", file=contact.file
                )
                click.echo(message)
                self.questions.take(contact.stem, before)
        self.saved = self.answers()

    def ask(self) -> None:
        """Ask every question, in order, and then show all the answers."""
        questions = self.questions.all()
        at = 0
        while at < len(questions):
            at = self._ask_one(questions, at)
        self._look(questions)

    def _ask_one(self, questions: Sequence[Question], at: int) -> int:
        """Ask a question; return the index of the next one."""
        question = questions[at]
        if not question.applies():
            return at + 1
        try:
            with explained(question.about):
                question.ask()
        except Back:
            before = (n for n in range(at - 1, -1, -1) if questions[n].applies())
            return next(before, at)
        except Rest:
            return next((n for n, q in enumerate(questions) if not q.of_open_item), len(questions))
        finally:
            self._save_quietly()
        return at + 1

    def _look(self, questions: Sequence[Question]) -> None:
        """Show all answers, until Enter accepts them."""
        text = self.language.text
        while self.answers():
            click.echo()
            click.echo(click.style(text("All answers again:"), bold=True))
            for number, question in enumerate(questions, start=1):
                if shown := question.shown():
                    click.echo(f"  {number:2} {question.title}  " + click.style(shown, bold=True))
                elif question.applies():
                    say_small(f"  {number:2} {question.title}")
            for problem in self.reflected.plan(
                [Answered(answers=one) for one in self.answers()]
            ).problems:
                click.echo(f"  {self.language.said(problem.message)}")
            try:
                given = reply(text("Enter writes it; a number goes back to that answer") + "  > ")
            except Back:
                given = str(len(questions))
            if not given:
                return
            if given.isdecimal() and 1 <= int(given) <= len(questions):
                self._ask_one(questions, int(given) - 1)
            else:
                click.echo("    " + text("write a number from 1 to {most}", most=len(questions)))

    def save(self) -> None:
        """Save the answers given so far as a draft, if they have changed.

        Raises:
            OSError: if it cannot be written.
        """
        answers = self.answers()
        if answers == self.saved:
            return
        if not answers:
            self.forget_draft()
        else:
            draft = self.reflected.keep(answers)
            before = self.reflected.taken_up.before if self.reflected.taken_up else None
            if draft is not None:
                draft = replace(draft, before=draft.before or before)
            self.reflected = replace(self.reflected, taken_up=draft)
        self.saved = answers

    def _save_quietly(self) -> None:
        """Save a draft; if that fails, say so once and go on."""
        try:
            self.save()
        except OSError as error:
            if not self.told_of_disk:
                self.told_of_disk = True
                message = self.language.text(
                    "no draft can be kept: {reason}", reason=error.strerror
                )
                click.echo(f"    {message}", err=True)

    def forget_draft(self) -> None:
        """Delete the draft, since all its answers were taken back."""
        if self.reflected.taken_up is not None:
            self.reflected.taken_up.path.unlink(missing_ok=True)
            self.reflected = replace(self.reflected, taken_up=None)
