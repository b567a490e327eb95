"""The questions of a reflection and the answers so far.

Longer than other modules, since each question is asked in a way of its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click

from briefgen.cli.open_item_questions import DEGREES, Fields, Question, open_item_questions
from briefgen.cli.questions import (
    CLEAR,
    code_of,
    completing,
    listed,
    reply,
    reply_checked,
    reply_due,
    reply_one_of,
    reply_places,
    say_question,
    say_small,
)
from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import more_than_a_year
from briefgen.contacts.dates import PartialDate, Span
from briefgen.contacts.new_photo import read_new_photo
from briefgen.day.prepare import Day
from briefgen.reflection.answer_words import shown
from briefgen.reflection.answers import Answers, given_in
from briefgen.reflection.printed_lines import PrintedLine
from briefgen.reflection.reflections import Reflected
from briefgen.reflection.signal_words import unknown_signals
from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem

STANCES: Final = ("listen", "teach", "advise", "coach")
_KINDS: Final = ("life event", "interest", "birthday")
_CHOICES: Final = frozenset({"needs_answered", "help_answered", "needs_met", "stance"})
_LONGEST: Final = 60
"""Characters of an earlier answer that are shown with its question."""


@dataclass(kw_only=True)
class Questions:
    """The questions of one meeting, and the answers so far by the contact's stem."""

    reflected: Reflected
    fields: Fields = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nothing is answered yet."""
        self.fields = {contact.stem: {} for contact in self.contacts}

    @property
    def day(self) -> Day:
        """What was read for the meeting."""
        return self.reflected.day

    @property
    def language(self) -> Language:
        """The language that is asked in."""
        return self.reflected.occasion.language

    @property
    def contacts(self) -> tuple[ContactFile, ...]:
        """Those of the meeting who are on file."""
        return self.reflected.contacts

    def answers(self) -> tuple[Answers, ...]:
        """What was answered, by contact; those who have no answers are left out."""
        several = len(self.contacts) > 1
        made = (
            Answers.model_validate({**given, **({"contact": stem} if several else {})})
            for stem, given in self.fields.items()
        )
        return tuple(answers for answers in made if not answers.is_empty)

    def take(self, stem: str, answers: Answers) -> None:
        """Go on from answers that were given before."""
        given = given_in(answers)
        given.pop("contact", None)
        self.fields[stem] |= given

    # Every question, in order.

    def all(self) -> tuple[Question, ...]:
        """What is open, the sheet's lines, the two questions, and what is new."""
        text = self.language.text
        return (
            *open_item_questions(self.reflected, self.fields),
            self._choice("needs_answered", text("Could you answer: What do they need from me?"),
                         DEGREES),
            self._text("needs", text("What did they need from you?")),
            self._choice("needs_met", text("Did they get it?"), DEGREES, needed="needs"),
            self._choice(
                "help_answered",
                text("Could you answer: How can I help based on their emotional signals?"),
                DEGREES,
            ),
            self._text("summary", text("What was said and decided?")),
            self._text("words", text("Their own words, worth keeping?")),
            self._signals(text("Which signals did you see?")),
            self._choice("stance", text("How did you meet them?"), STANCES),
            self._text("unsaid", text("What was left unsaid?")),
            self._promises("me", text("What did you promise?")),
            self._promises("them", text("What did they promise?")),
            self._personal(text("Something personal you learned?")),
            self._lines(
                text("Which lines of your sheet did you use?")
                if self.reflected.has_sheet
                else text("Which of your talking points did you use?")
            ),
            self._concerns(text("Did they raise a concern?")),
            *(self._photo(contact) for contact in self.contacts if not contact.contact.photo),
            self._text("adjust", text("What will you do differently next time?")),
        )  # fmt: skip

    # What is new.

    def _so_far(self, name: str) -> str:
        """What is answered already, in short."""
        given = {s: f[name] for s, f in self.fields.items() if f.get(name)}
        if not given:
            return ""
        if len(self.contacts) == 1:
            return self._clipped(name, next(iter(given.values())))
        names = {contact.stem: contact.contact.name for contact in self.contacts}
        told = (f"{names[stem]}: {self._clipped(name, value)}" for stem, value in given.items())
        return "; ".join(told)

    def _clipped(self, name: str, value: Any) -> str:  # noqa: ANN401  # any answer
        if name in _CHOICES:
            return shown(str(value), code_of(self.language))
        return _clipped(value)

    def _hint(self, answered: str, otherwise: str = "") -> str:
        if not answered:
            return otherwise
        so_far = self.language.text("so far: {answer}", answer=answered)
        return f"{otherwise} · {so_far}" if otherwise else so_far

    def _whom(self, among: Sequence[ContactFile], *, one: bool = False) -> Sequence[ContactFile]:
        """Whom of several an answer is about."""
        if len(among) == 1:
            return among
        names = "  ".join(f"{n} {c.contact.name}" for n, c in enumerate(among, start=1))
        every = "" if one else "  " + self.language.text("Enter: all")
        say_small(f"    {self.language.text('about whom?')}  {names}{every}")
        while True:
            found = reply_places([c.contact.name for c in among], self.language)
            if found and not (one and len(found) > 1):
                return [among[at] for at in found]
            if not found and not one:
                return among
            message = self.language.text("write one number, from 1 to {most}", most=len(among))
            click.echo(f"    {message}")

    def _text(self, name: str, question: str) -> Question:
        def ask() -> None:
            left: Sequence[ContactFile] = self.contacts
            say_question(question, self._hint(self._so_far(name)))
            while left and (given := reply()):
                about = self._whom(left)
                for contact in about:
                    self._put(contact, name, given)
                left = self._others(left, about)

        return Question(title=question, ask=ask, shown=lambda: self._so_far(name))

    def _put(self, contact: ContactFile, name: str, given: str) -> None:
        if given == CLEAR:
            self.fields[contact.stem].pop(name, None)
        else:
            self.fields[contact.stem][name] = given

    def _choice(
        self, name: str, question: str, choices: Sequence[str], *, needed: str | None = None
    ) -> Question:
        """A choice; with `needed` only for those of whom that field is answered."""

        def among() -> Sequence[ContactFile]:
            if needed is None:
                return self.contacts
            return [c for c in self.contacts if self.fields[c.stem].get(needed)]

        def ask() -> None:
            left = among()
            say_question(question, self._hint(self._so_far(name), listed(choices, self.language)))
            while left and (given := reply_one_of(choices, self.language)):
                about = self._whom(left)
                for contact in about:
                    self._put(contact, name, given)
                left = self._others(left, about)

        return Question(
            title=question,
            ask=ask,
            shown=lambda: self._so_far(name),
            applies=lambda: bool(among()),
        )

    def _others(
        self, asked: Sequence[ContactFile], about: Sequence[ContactFile]
    ) -> Sequence[ContactFile]:
        """Who of those asked about is left, each named as the question goes on."""
        left = [contact for contact in asked if contact not in about]
        if left:
            names = self.language.listed([contact.contact.name for contact in left])
            say_small("    " + self.language.text("and {names}?", names=names))
        return left

    def _add(self, contact: ContactFile, name: str, item: Any) -> None:  # noqa: ANN401  # one answer
        held = self.fields[contact.stem].get(name, [])
        if item not in held:
            self.fields[contact.stem][name] = [*held, item]

    def _clear(self, name: str) -> None:
        for given in self.fields.values():
            given.pop(name, None)

    def _signals(self, question: str) -> Question:
        vocabulary = self.day.vocabulary
        words = tuple(dict.fromkeys(s.words[0] for s in vocabulary.signals if s.words))

        def ask() -> None:
            hint = self.language.text("several with commas; Tab completes; ? shows them")
            say_question(question, self._hint(self._so_far("signals"), hint))
            left: Sequence[ContactFile] = self.contacts
            again = bool(self._so_far("signals"))
            while left:
                with completing(words):
                    line = reply()
                if line == CLEAR:
                    self._clear("signals")
                    return
                if line == "?":
                    say_small(
                        click.wrap_text(
                            ", ".join(words), initial_indent="    ", subsequent_indent="    "
                        )
                    )
                    continue
                given = [part.strip() for part in _split(line) if part.strip()]
                if not given:
                    return
                if again:  # what is typed takes the place of the answer before
                    self._clear("signals")
                    again = False
                given = [self._known(word) for word in given]
                about = self._whom(left)
                for contact in about:
                    for signal in given:
                        self._add(contact, "signals", signal)
                self._tell_stance(given)
                left = self._others(left, about)

        return Question(title=question, ask=ask, shown=lambda: self._so_far("signals"))

    def _known(self, word: str) -> str:
        """The word, or the one that was meant by a word that nothing is known by."""
        text = self.language.text
        for unknown in unknown_signals([word], self.day.vocabulary):
            message = text("'{word}' is not in the vocabulary and chooses no stance", word=word)
            if not unknown.near:
                say_small(f"    {message}")
                return word
            near = "  ".join(f"{n} {one}" for n, one in enumerate(unknown.near, start=1))
            say_small(f"    {message}; {text('did you mean:')}  {near}  {text('Enter: keep it')}")
            found = reply_places(unknown.near, self.language)
            return unknown.near[found[0]] if found else word
        return word

    def _tell_stance(self, signals: Sequence[str]) -> None:
        for signal in signals:
            found = self.day.vocabulary.find(signal)
            if found is not None:
                stance = shown(found.family.stance, code_of(self.language))
                say_small(
                    "    "
                    + self.language.text(
                        "{signal} asks for: {stance}", signal=signal, stance=stance
                    )
                )

    def _promises(self, by: str, question: str) -> Question:
        def ask() -> None:
            say_question(question, self._hint(self._promised(by)))
            while text := reply():
                if text == CLEAR:
                    self._clear_promises(by)
                    continue
                due = reply_due(self.reflected.occasion.day, self.language)
                promise = {"by": by, "text": text}
                if due is not None:
                    promise["due"] = due.isoformat()
                for contact in self._whom(self.contacts, one=True):
                    self._add(contact, "promises", promise)
                say_small("    " + self.language.text("another one? Enter: no"))

        return Question(title=question, ask=ask, shown=lambda: self._promised(by))

    def _new_promises(self, by: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Promises made in this meeting; those that were open are asked about by themselves."""
        on_file = {
            (item.contact, item.by, item.text)
            for item in self.reflected.open_items
            if item.kind == "promise"
        }
        for stem, given in self.fields.items():
            for promise in given.get("promises", []):
                side = promise.get("by", "me")
                if side == by and (stem, side, promise["text"]) not in on_file:
                    yield stem, promise

    def _promised(self, by: str) -> str:
        return "; ".join(_clipped(promise) for _, promise in self._new_promises(by))

    def _clear_promises(self, by: str) -> None:
        for stem, promise in list(self._new_promises(by)):
            self.fields[stem]["promises"].remove(promise)

    def _personal(self, question: str) -> Question:
        names = ("life_events", "interests", "birthday")

        def so_far() -> str:
            return "; ".join(told for name in names if (told := self._so_far(name)))

        def ask() -> None:
            hint = self.language.text("a life event, an interest, a birthday")
            say_question(question, self._hint(so_far(), hint))
            while text := reply():
                if text == CLEAR:
                    for name in names:
                        self._clear(name)
                    continue
                about = self._whom(self.contacts, one=True)[0]
                say_small(f"    {listed(_KINDS, self.language)}  "
                          + self.language.text("Enter: life event"))  # fmt: skip
                kind = reply_one_of(_KINDS, self.language, "    > ")
                if kind == "interest":
                    self._add(about, "interests", text)
                elif kind == "birthday":
                    self._birthday(about, text)
                else:
                    self._life_event(about, text)
                say_small("    " + self.language.text("another thing? Enter: no"))

        return Question(title=question, ask=ask, shown=so_far)

    def _life_event(self, about: ContactFile, note: str) -> None:
        text = self.language.text
        event: dict[str, Any] = {"note": note}
        month = f"{self.reflected.occasion.day:%Y-%m}"
        like = text("when? like 2026-09 or 2026-09-14")
        say_small(f"    {like}  " + text("Enter: {month}", month=month))
        event["date"] = reply_checked(PartialDate.parse, like, "    > ") or month
        like = text("what may follow, and after how long? like 4y Maya graduates")
        say_small(f"    {like}")
        follows = reply_checked(_expectation, like, "    > ")
        if follows:
            event["expect"] = _expectation(follows)
        self._add(about, "life_events", event)

    def _birthday(self, about: ContactFile, given: str) -> None:
        text = self.language.text
        held = about.contact.birthday
        if held is not None:
            click.echo("    " + text("{file} has one: {day}", file=about.file, day=held))
            return
        try:
            _birthday(given)
        except ValueError:
            like = text("on which day? like 03-26 or 1980-03-26")
            say_small(f"    {like}")
            given = reply_checked(_birthday, like, "    > ") or ""
        if given:
            self.fields[about.stem]["birthday"] = given

    def _lines(self, question: str) -> Question:
        def so_far() -> str:
            return "; ".join(_clipped(line.text) for line in self.reflected.lines if used(line))

        def used(line: PrintedLine) -> bool:
            return any(line.key in given.get("lines", ()) for given in self.fields.values())

        def ask() -> None:
            lines = self.reflected.lines
            say_question(question, self._hint(so_far(), self.language.text("numbers, like 1 3")))
            for number, line in enumerate(lines, start=1):
                whose = self._name_of(line) if len(self.contacts) > 1 else ""
                click.echo(f"    {number} {line.text}{whose}")
            found = reply_places([line.text for line in lines], self.language)
            if found is None:
                self._clear("lines")
                self._clear("used")
            for at in found or ():
                self._use(lines[at])

        return Question(
            title=question, ask=ask, shown=so_far, applies=lambda: bool(self.reflected.lines)
        )

    def _name_of(self, line: PrintedLine) -> str:
        name = next((c.contact.name for c in self.contacts if c.stem == line.who), None)
        return f"  ({name})" if name else ""

    def _use(self, line: PrintedLine) -> None:
        owner = next((c for c in self.contacts if c.stem == line.who), self.contacts[0])
        self._add(owner, "lines", line.key)
        if line.item is not None:
            self._add(owner, "used", line.item.text)

    def _concerns(self, question: str) -> Question:
        on_file = {item.text for item in self.reflected.open_items if item.kind == "concern"}

        def new() -> list[str]:
            return [
                one if isinstance(one, str) else one["text"]
                for given in self.fields.values()
                for one in given.get("concerns", ())
                if not isinstance(one, dict) or one["text"] not in on_file
            ]

        def ask() -> None:
            say_question(question, self._hint("; ".join(map(_clipped, new()))))
            while text := reply():
                if text == CLEAR:
                    self._clear_concerns(new())
                    continue
                for contact in self._whom(self.contacts, one=True):
                    self._add(contact, "concerns", {"text": text})
                say_small("    " + self.language.text("another one? Enter: no"))

        return Question(title=question, ask=ask, shown=lambda: "; ".join(map(_clipped, new())))

    def _clear_concerns(self, texts: Sequence[str]) -> None:
        for given in self.fields.values():
            kept = [one for one in given.get("concerns", ()) if _clipped(one) not in texts]
            given["concerns"] = kept

    def _photo(self, contact: ContactFile) -> Question:
        question = self.language.text("A photo of {name}?", name=contact.contact.name)

        def ask() -> None:
            say_question(question, self.language.text("there is none; the path of a picture"))
            while path := reply():
                if path == CLEAR:
                    self.fields[contact.stem].pop("photo", None)
                    return
                place = Path(path).expanduser().absolute()
                photo = read_new_photo(self.reflected.workspace, contact, place)
                if isinstance(photo, Problem):
                    click.echo(f"    {self.language.said(photo.message)}")
                    continue
                self.fields[contact.stem]["photo"] = str(place)
                return

        return Question(
            title=question,
            ask=ask,
            shown=lambda: _clipped(self.fields[contact.stem].get("photo", "")),
        )


def _split(line: str) -> list[str]:
    """Words between commas of any script."""
    return re.split("[,\u3001\u060c\uff0c]", line)


def _clipped(value: Any) -> str:  # noqa: ANN401  # any answer
    told = " ".join(_told(value).split())
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


def _told(value: Any) -> str:  # noqa: ANN401  # any answer
    if isinstance(value, list):
        return ", ".join(_told(item) for item in value)
    if isinstance(value, dict):
        due = f" ({value['due']})" if value.get("due") else ""
        return f"{value.get('text') or value.get('note')}{due}"
    return str(value)


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
