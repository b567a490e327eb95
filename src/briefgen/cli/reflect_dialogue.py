"""The dialogue of a reflection: one question at a time, each skippable, none of it lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from briefgen.cli import exit_status
from briefgen.cli.call import Call
from briefgen.cli.questions import (
    broken_off_alike,
    completing,
    reply,
    reply_checked,
    reply_due,
    reply_numbers,
    reply_one_of,
    say_before,
    say_question,
    say_small,
    say_unkept,
    undisturbed,
)
from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import WrittenPoint, more_than_a_year
from briefgen.contacts.dates import PartialDate, Span
from briefgen.contacts.new_photo import read_new_photo
from briefgen.day.prepare import Day
from briefgen.reflection.answers import Answered, Answers
from briefgen.reflection.drafts import find_draft
from briefgen.reflection.record import answers_on_file
from briefgen.reflection.reflections import Outcome, Reflected
from briefgen.workspace.problems import Problem

DEGREES = ("yes", "partly", "no")
_LONGEST = 60
"""Signs of an earlier answer that are shown with its question."""
STANCES = ("listen", "teach", "advise", "coach")


def ask_and_write(
    call: Call, reflected: Reflected, day: Day
) -> tuple[tuple[Answered, ...], Outcome]:
    """Ask everything, and write the answers to the contacts' files.

    Ctrl-C, Ctrl-D, a closed window or a kill ends the command; the answers so far are kept as a
    draft.
    """
    dialogue = Dialogue.begin(call, reflected, day)
    with undisturbed():
        try:
            with broken_off_alike():
                dialogue.ask()
        except (click.Abort, KeyboardInterrupt, OSError):  # the last where the terminal is gone
            _keep(call, dialogue)
        answered = tuple(Answered(answers=one) for one in dialogue.answers())
        if not answered:
            call.say("nothing was answered, so that nothing is written")
            raise SystemExit(exit_status.DONE)
        outcome = dialogue.reflected.write(answered)
    click.echo()
    return answered, outcome


def _keep(call: Call, dialogue: "Dialogue") -> NoReturn:
    """Keep the answers so far, say where, and end."""
    reflected = dialogue.reflected
    try:
        kept = reflected.keep(dialogue.answers())
    except OSError as error:
        say_unkept(dialogue.answers())
        call.fail(f"the answers cannot be kept: {error.strerror}", exit_status.NOTHING_MADE)
    click.echo()
    if kept is not None:
        shown = reflected.workspace.relative(kept.path)
        call.say(f"the answers so far are kept in {shown}; go on with:")
        call.say(f"  briefgen reflect {reflected.chosen.code}")
        if kept.before is not None:
            code, before = reflected.chosen.code, reflected.workspace.relative(kept.before)
            say_before(call, code, before)
    raise SystemExit(exit_status.NOTHING_MADE)


@dataclass(kw_only=True)
class Dialogue:
    """The questions, and the answers so far by the contact's stem."""

    call: Call
    reflected: Reflected
    day: Day
    fields: dict[str, dict[str, Any]]

    @classmethod
    def begin(cls, call: Call, reflected: Reflected, day: Day) -> "Dialogue":
        """Show the meeting, and offer the draft of it or what is on file already."""
        meeting = reflected.chosen.meeting
        names = day.language.listed([contact.contact.name for contact in reflected.contacts])
        click.echo(
            click.style(f"{reflected.title}", bold=True) + f"  {meeting.start:%a %d %b %H:%M}"
        )
        click.echo(f"with {names}")
        say_small("Enter skips a question; Ctrl-C keeps a draft.")
        fields: dict[str, dict[str, Any]] = {contact.stem: {} for contact in reflected.contacts}
        made = cls(call=call, reflected=reflected, day=day, fields=fields)
        if not made._take_up_draft():
            made._take_up_file()
        return made

    @property
    def contacts(self) -> tuple[ContactFile, ...]:
        """Those of the meeting who are on file."""
        return self.reflected.contacts

    def answers(self) -> tuple[Answers, ...]:
        """What was answered, by contact; those who have no answers are left out."""
        several = len(self.contacts) > 1
        made = (
            Answers(**given, **({"contact": stem} if several else {}))
            for stem, given in self.fields.items()
        )
        return tuple(answers for answers in made if not answers.is_empty)

    def _take_up_draft(self) -> bool:
        draft, drafted, problems = find_draft(self.reflected.workspace, self.reflected.occasion)
        self.call.tell_problems(problems)
        if problems:
            message = "the draft of this meeting cannot be read; put it right, or delete it"
            self.call.fail(message, exit_status.NOTHING_MADE)
        if draft is None:
            return False
        click.echo()
        if not click.confirm("There is a draft from before. Go on with it?", default=True):
            return False
        for one in drafted:
            contact = self.reflected.contact_of(one)
            if contact is not None:
                given = one.answers.model_dump(
                    mode="json", exclude_none=True, exclude_defaults=True, exclude={"contact"}
                )
                self.fields[contact.stem] |= given
        self.reflected = replace(self.reflected, taken_up=draft)
        return True

    def _take_up_file(self) -> None:
        """Answers that are on file already are shown, and stay where they are not answered anew."""
        for contact in self.contacts:
            before = answers_on_file(contact.contact, self.reflected.occasion)
            if before is not None:
                click.echo(f"There is a reflection in {contact.file} already; it is amended.")
                given = before.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
                self.fields[contact.stem] |= given

    def ask(self) -> None:
        """Every question, in order."""
        self._choice("needs_answered", "Could you answer: What do they need from me?", DEGREES)
        self._text("needs", "What did they need from you?")
        needing = [c for c in self.contacts if self.fields[c.stem].get("needs")]
        self._choice("needs_met", "Did they get it?", DEGREES, among=needing)
        self._choice(
            "help_answered",
            "Could you answer: How can I help based on their emotional signals?",
            DEGREES,
        )
        self._text("summary", "What was said and decided?")
        self._text("words", "Their own words, worth keeping?")
        self._signals()
        self._choice("stance", "How did you meet them?", STANCES)
        self._text("unsaid", "What was left unsaid?")
        self._promises("me", "What did you promise?")
        self._promises("them", "What did they promise?")
        self._personal()
        for contact in self.contacts:
            self._used(contact)
        self._concerns()
        for contact in self.contacts:
            self._photo(contact)
        self._text("adjust", "What will you do differently next time?")

    def _so_far(self, name: str) -> str:
        """What is answered already, to be shown with the question."""
        given = {s: f[name] for s, f in self.fields.items() if f.get(name)}
        if not given:
            return ""
        if len(self.contacts) == 1:
            shown = _clipped(next(iter(given.values())))
        else:
            shown = "; ".join(f"{stem}: {_clipped(value)}" for stem, value in given.items())
        return f"so far: {shown}"

    def _whom(self, among: Sequence[ContactFile], *, one: bool = False) -> Sequence[ContactFile]:
        """Whom of several an answer is about."""
        if len(among) == 1:
            return among
        names = "  ".join(f"{n} {c.contact.name}" for n, c in enumerate(among, start=1))
        say_small(f"    about whom?  {names}{'' if one else '  Enter: all'}")
        while True:
            found = reply_numbers(len(among))
            if found and not (one and len(found) > 1):
                return [among[at] for at in found]
            if not found and not one:
                return among
            click.echo(f"    write one number, from 1 to {len(among)}")

    def _text(self, name: str, question: str) -> None:
        left: Sequence[ContactFile] = self.contacts
        say_question(question, self._so_far(name))
        while left and (given := reply()):
            about = self._whom(left)
            for contact in about:
                self.fields[contact.stem][name] = given
            left = self._others(left, about)

    def _choice(
        self,
        name: str,
        question: str,
        choices: Sequence[str],
        *,
        among: Sequence[ContactFile] | None = None,
    ) -> None:
        left = self.contacts if among is None else among
        if not left:
            return
        say_question(question, self._so_far(name) or _listed(choices))
        while left and (given := reply_one_of(choices)):
            about = self._whom(left)
            for contact in about:
                self.fields[contact.stem][name] = given
            left = self._others(left, about)

    def _others(
        self, asked: Sequence[ContactFile], about: Sequence[ContactFile]
    ) -> Sequence[ContactFile]:
        """Who of those asked about is left, each named as the question goes on."""
        left = [contact for contact in asked if contact not in about]
        if left:
            say_small(f"    and {', '.join(contact.contact.name for contact in left)}?")
        return left

    def _add(self, contact: ContactFile, name: str, item: Any) -> None:  # noqa: ANN401  # one answer
        held = self.fields[contact.stem].setdefault(name, [])
        self.fields[contact.stem][name] = [*held, item]

    def _signals(self) -> None:
        vocabulary = self.day.vocabulary
        words = tuple(dict.fromkeys(signal.words[0] for signal in vocabulary.signals))
        hint = "several with commas; Tab completes" if words else "several with commas"
        say_question("Which signals did you see?", self._so_far("signals") or hint)
        left: Sequence[ContactFile] = self.contacts
        while left:
            with completing(words):
                given = [part.strip() for part in reply().split(",") if part.strip()]
            if not given:
                return
            about = self._whom(left)
            for contact in about:
                for signal in given:
                    if signal not in self.fields[contact.stem].get("signals", []):
                        self._add(contact, "signals", signal)
            self._tell_stance(given)
            left = self._others(left, about)

    def _tell_stance(self, signals: Sequence[str]) -> None:
        for signal in signals:
            found = self.day.vocabulary.find(signal)
            if found is not None:
                stance = found.family.stance
                say_small(f"    {signal} asks for: {stance}")

    def _promises(self, by: str, question: str) -> None:
        say_question(question, self._promised(by))
        language = str(self.reflected.occasion.language.locale.language)
        while text := reply():
            due = reply_due(self.reflected.occasion.day, language)
            promise = {"by": by, "text": text}
            if due is not None:
                promise["due"] = due.isoformat()
            for contact in self._whom(self.contacts, one=True):
                self._add(contact, "promises", promise)
            say_small("    another one? Enter: no")

    def _promised(self, by: str) -> str:
        texts = [
            promise["text"]
            for given in self.fields.values()
            for promise in given.get("promises", [])
            if promise.get("by", "me") == by
        ]
        return f"so far: {'; '.join(texts)}" if texts else ""

    def _personal(self) -> None:
        say_question("Something personal you learned?", "a life event, an interest, a birthday")
        while text := reply():
            about = self._whom(self.contacts, one=True)[0]
            say_small("    life event, interest or birthday?  Enter: life event")
            kind = reply_one_of(("life event", "event", "interest", "birthday"), "    > ")
            if kind == "interest":
                self._add(about, "interests", text)
            elif kind == "birthday":
                self._birthday(about, text)
            else:
                self._life_event(about, text)
            say_small("    another thing? Enter: no")

    def _life_event(self, about: ContactFile, text: str) -> None:
        event: dict[str, Any] = {"note": text}
        month = f"{self.reflected.occasion.day:%Y-%m}"
        say_small(f"    when? like 2026-09 or 2026-09-14  Enter: {month}")
        event["date"] = reply_checked(PartialDate.parse, "    > ") or month
        say_small("    what may follow, and after how long? like 4y Maya graduates")
        follows = reply_checked(_expectation, "    > ")
        if follows:
            event["expect"] = _expectation(follows)
        self._add(about, "life_events", event)

    def _birthday(self, about: ContactFile, text: str) -> None:
        if about.contact.birthday is not None:
            click.echo(f"    {about.file} has one already: {about.contact.birthday}")
            return
        try:
            _birthday(text)
        except ValueError:
            say_small("    on which day? like 03-26 or 1980-03-26")
            text = reply_checked(_birthday, "    > ") or ""
        if text:
            self.fields[about.stem]["birthday"] = text

    def _used(self, contact: ContactFile) -> None:
        day = self.reflected.occasion.day
        points = [p for p in contact.contact.talking_points if _is_open(p, day)]
        if not points:
            return
        whose = f" ({contact.contact.name})" if len(self.contacts) > 1 else ""
        say_question(f"Which talking points did you use?{whose}", "numbers")
        for number, point in enumerate(points, start=1):
            click.echo(f"    {number} {point.text}")
        for at in reply_numbers(len(points)):
            self._add(contact, "used", points[at].text)

    def _concerns(self) -> None:
        say_question("Did they raise a concern?", self._so_far("concerns"))
        while text := reply():
            for contact in self._whom(self.contacts, one=True):
                self._add(contact, "concerns", text)
            say_small("    another one? Enter: no")

    def _photo(self, contact: ContactFile) -> None:
        if contact.contact.photo is not None:
            return
        say_question(f"A photo of {contact.contact.name}?", "there is none; the path of a picture")
        while path := reply():
            place = Path(path).expanduser().absolute()
            photo = read_new_photo(self.reflected.workspace, contact, place)
            if isinstance(photo, Problem):
                click.echo(f"    {photo.message}")
                continue
            self.fields[contact.stem]["photo"] = str(place)
            return


def _listed(choices: Sequence[str]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}"


def _clipped(value: Any) -> str:  # noqa: ANN401  # any answer
    shown = " ".join(_shown(value).split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _shown(value: Any) -> str:  # noqa: ANN401  # any answer
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, dict):
        return str(value.get("text") or value.get("note"))
    return str(value)


def _is_open(point: WrittenPoint, day: date) -> bool:
    return day not in point.used and not (point.until and point.until < day)


def _birthday(given: str) -> PartialDate:
    """Raises a ValueError where it is no day that can be a birthday."""
    return more_than_a_year(PartialDate.parse(given))


def _expectation(given: str) -> dict[str, str]:
    """Like `4y Maya graduates`.

    Raises:
        ValueError: where no length of time comes first, or nothing behind it.
    """
    after, _, note = given.partition(" ")
    span = Span.parse(after.rstrip(":,"))
    if not note.strip():
        raise ValueError("write what follows behind it, like 4y Maya graduates")
    return {"after": str(span), "note": note.strip()}
