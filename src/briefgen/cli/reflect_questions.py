"""The questions of a reflection.

Over 400 lines, because each question asks, checks and stores its own kind of answer.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from briefgen.cli.questions import (
    CLEAR,
    code_of,
    listed,
    reply,
    reply_checked,
    reply_due,
    reply_one_of,
    reply_places,
    say_question,
    say_small,
)
from briefgen.cli.reflect_answers import AnswersSoFar, Question, clipped
from briefgen.cli.terminal import completing
from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import more_than_a_year
from briefgen.contacts.dates import PartialDate, Span
from briefgen.contacts.pictures import read_new_photo
from briefgen.reflection.asked import DEGREES, STANCES, read_asked, shown, unknown_signals
from briefgen.reflection.open_items import PrintedLine
from briefgen.workspace.problems import Problem

_KINDS: Final = ("life event", "interest", "birthday")


@dataclass(kw_only=True)
class Questions(AnswersSoFar):
    """The questions of one meeting, in order."""

    def all(self) -> tuple[Question, ...]:
        """The open items, the two questions, what is new, and the sheet's lines."""
        return (
            *self.open_items(),
            self._choice("needs_answered", DEGREES),
            self._text("needs"),
            self._choice("needs_met", DEGREES, needed="needs"),
            self._choice("help_answered", DEGREES),
            self._text("summary"),
            self._text("words"),
            self._signals(),
            self._choice("stance", STANCES),
            self._text("unsaid"),
            self._promises("me"),
            self._promises("them"),
            self._personal(),
            self._lines(),
            self._concerns(),
            *(self._photo(contact) for contact in self.contacts if not contact.contact.photo),
            self._text("adjust"),
        )

    def _title(self, name: str) -> str:
        return self.language.said(read_asked(name).title)

    def _about(self, name: str) -> str:
        return self.language.said(read_asked(name).about)

    def _text(self, name: str) -> Question:
        return self._of_each(name, self._words)

    def _words(self) -> str:
        """A line of answer in words: a bare no is none, and at a bare yes it is asked for."""
        while True:
            given = reply()
            word = given.casefold()
            if word in {"no", shown("no", code_of(self.language))}:
                return ""
            if word not in {"yes", shown("yes", code_of(self.language))}:
                return given
            say_small(f"    {self.language.text('In a few words:')}")

    def _choice(self, name: str, choices: Sequence[str], *, needed: str | None = None) -> Question:
        """A choice; with `needed`, only for contacts for whom that field is answered."""
        hint = listed(choices, self.language)
        return self._of_each(name, lambda: reply_one_of(choices, self.language), hint, needed)

    def _of_each(
        self, name: str, answer: Callable[[], str | None], hint: str = "", needed: str | None = None
    ) -> Question:
        """One answer for everyone, or a separate one for each."""
        title = self._title(name)

        def among() -> Sequence[ContactFile]:
            return [c for c in self.contacts if not needed or self.fields[c.stem].get(needed)]

        def ask() -> None:
            left = among()
            say_question(title, self._hint(self._so_far(name), hint))
            while left and (given := answer()):
                about = self._whom(left)
                for contact in about:
                    self._put(contact, name, given)
                left = self._others(left, about)

        return Question(
            title=title,
            about=self._about(name),
            ask=ask,
            shown=lambda: self._so_far(name),
            applies=lambda: bool(among()),
        )

    def _several(
        self,
        name: str,
        take: Callable[[str], None],
        *,
        clear: Callable[[], None],
        so_far: Callable[[], str],
        hint: str = "",
        more: str = "",
    ) -> Question:
        """Any number of answers, one after the other."""
        title = self._title(name)
        more = more or self.language.text("one more? (Enter for no)")

        def ask() -> None:
            say_question(title, self._hint(so_far(), hint))
            while text := self._words():
                if text == CLEAR:
                    clear()
                    continue
                take(text)
                say_small(f"    {more}")

        return Question(title=title, about=self._about(name), ask=ask, shown=so_far)

    def _signals(self) -> Question:
        question = self._title("signals")
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
                if again:  # a new answer replaces the previous one
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
        """The word, or the known one that the user meant by it."""
        text = self.language.text
        for unknown in unknown_signals([word], self.day.vocabulary):
            message = unknown.remark(self.language)
            if not unknown.near:
                say_small(f"    {message}")
                return word
            near = "  ".join(f"{n} {one}" for n, one in enumerate(unknown.near, start=1))
            if not unknown.misspelt:
                message = f"{message}; {text('did you mean:')}"
            say_small(f"    {message}  {near}  {text('Enter: keep it')}")
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

    def _promises(self, by: str) -> Question:
        def take(text: str) -> None:
            due = reply_due(self.reflected.occasion.day, self.language)
            promise = {"by": by, "text": text} | ({"due": due.isoformat()} if due else {})
            for contact in self._whom(self.contacts, one=True):
                self._add(contact, "promises", promise)

        def clear() -> None:
            for stem, promise in list(self._new_promises(by)):
                self.fields[stem]["promises"].remove(promise)

        def so_far() -> str:
            return "; ".join(clipped(promise) for _, promise in self._new_promises(by))

        return self._several(by, take, clear=clear, so_far=so_far)

    def _new_promises(self, by: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Promises made in this meeting; the open ones have their own questions."""
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

    def _personal(self) -> Question:
        names = ("life_events", "interests", "birthday")

        def take(text: str) -> None:
            about = self._whom(self.contacts, one=True)[0]
            otherwise = self.language.text("Enter: life event")
            say_small(f"    {listed(_KINDS, self.language)}  {otherwise}")
            kind = reply_one_of(_KINDS, self.language, "    > ")
            if kind == "interest":
                self._add(about, "interests", text)
            elif kind == "birthday":
                self._birthday(about, text)
            else:
                self._life_event(about, text)

        def clear() -> None:
            for name in names:
                self._clear(name)

        return self._several(
            "personal",
            take,
            clear=clear,
            so_far=lambda: "; ".join(told for name in names if (told := self._so_far(name))),
            hint=self.language.text("a life event, an interest, a birthday"),
            more=self.language.text("another thing? Enter: no"),
        )

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

    def _lines(self) -> Question:
        name = "lines" if self.reflected.has_sheet else "points"
        question = self._title(name)

        def so_far() -> str:
            return "; ".join(clipped(line.text) for line in self.reflected.lines if used(line))

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
            title=question,
            about=self._about(name),
            ask=ask,
            shown=so_far,
            applies=lambda: bool(self.reflected.lines),
        )

    def _name_of(self, line: PrintedLine) -> str:
        name = next((c.contact.name for c in self.contacts if c.stem == line.who), None)
        return f"  ({name})" if name else ""

    def _use(self, line: PrintedLine) -> None:
        owner = next((c for c in self.contacts if c.stem == line.who), self.contacts[0])
        self._add(owner, "lines", line.key)
        if line.item is not None:
            self._add(owner, "used", line.item.text)

    def _concerns(self) -> Question:
        on_file = {item.text for item in self.reflected.open_items if item.kind == "concern"}

        def text_of(concern: Any) -> str:  # noqa: ANN401  # a text, or the fields of one
            return str(concern["text"] if isinstance(concern, dict) else concern)

        def is_new(concern: Any) -> bool:  # noqa: ANN401  # as above
            return not isinstance(concern, dict) or concern["text"] not in on_file

        def so_far() -> str:
            given = (one for each in self.fields.values() for one in each.get("concerns", ()))
            return "; ".join(clipped(text_of(one)) for one in given if is_new(one))

        def take(text: str) -> None:
            for contact in self._whom(self.contacts, one=True):
                self._add(contact, "concerns", {"text": text})

        def clear() -> None:
            for given in self.fields.values():
                given["concerns"] = [one for one in given.get("concerns", ()) if not is_new(one)]

        return self._several("concerns", take, clear=clear, so_far=so_far)

    def _photo(self, contact: ContactFile) -> Question:
        title = read_asked("photo").title.filled(name=contact.contact.name)
        question = self.language.said(title)

        def ask() -> None:
            say_question(question, self.language.text("type where the picture is; Enter for none"))
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
            about=self._about("photo"),
            ask=ask,
            shown=lambda: clipped(self.fields[contact.stem].get("photo", "")),
        )


def _split(line: str) -> list[str]:
    """The words between commas, of any script."""
    return re.split("[,\u3001\u060c\uff0c]", line)


def _birthday(given: str) -> PartialDate:
    """A birthday; raises a ValueError if it cannot be one."""
    return more_than_a_year(PartialDate.parse(given))


def _expectation(given: str) -> dict[str, str]:
    """Like `4y Maya graduates`.

    Raises:
        ValueError: if it does not begin with a length of time, or nothing follows.
    """
    after, _, note = given.partition(" ")
    span = Span.parse(after.rstrip(":,"))
    if not note.strip():
        raise ValueError("write what follows behind it, like 4y Maya graduates")
    return {"after": str(span), "note": note.strip()}
