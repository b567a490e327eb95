"""The answers of a reflection so far, and the questions about what is still open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import click

from briefgen.cli.questions import (
    CLEAR,
    code_of,
    listed,
    reply,
    reply_due,
    reply_key,
    reply_places,
    say_question,
    say_small,
)
from briefgen.contacts.book import ContactFile
from briefgen.day.prepare import Day
from briefgen.reflection.answers import Answers, given_in
from briefgen.reflection.asked import DEGREES, TAKEN, shown
from briefgen.reflection.decisions import Decision, decided, decision_in, undecided
from briefgen.reflection.open_items import OpenItem, item_title
from briefgen.reflection.reflections import Reflected
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

_CHOICES: Final = frozenset({"needs_answered", "help_answered", "needs_met", "stance"})
_LONGEST: Final = 60
"""The most characters of an earlier answer shown with its question."""
Fields: TypeAlias = dict[str, dict[str, Any]]
"""The answers so far, as JSON, by the contact's stem."""


class Question(Value, frozen=True, kw_only=True):
    """One question of the dialogue.

    Attributes:
        title: the question in a few words, for the overview of all answers.
        about: what `?` says about it.
        ask: asks it and stores the answer.
        shown: returns the answer so far, or an empty text.
        applies: whether to ask it, given the answers so far.
        of_open_item: whether it is about something that was open.
    """

    title: str
    about: str = ""
    ask: Callable[[], None]
    shown: Callable[[], str]
    applies: Callable[[], bool] = lambda: True
    of_open_item: bool = False


@dataclass(kw_only=True)
class AnswersSoFar:
    """The answers to a meeting's questions so far, by the contact's stem."""

    reflected: Reflected
    fields: Fields = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin without answers."""
        self.fields = {contact.stem: {} for contact in self.contacts}

    @property
    def day(self) -> Day:
        """The day of the meeting, with everything read for it."""
        return self.reflected.day

    @property
    def language(self) -> Language:
        """The language of the questions."""
        return self.reflected.occasion.language

    @property
    def contacts(self) -> tuple[ContactFile, ...]:
        """The participants who are on file."""
        return self.reflected.contacts

    def answers(self) -> tuple[Answers, ...]:
        """The answers of each contact; contacts without answers are left out."""
        several = len(self.contacts) > 1
        made = (
            Answers.model_validate({**given, **({"contact": stem} if several else {})})
            for stem, given in self.fields.items()
        )
        return tuple(answers for answers in made if not answers.is_empty)

    def take(self, stem: str, answers: Answers) -> None:
        """Start from earlier answers."""
        given = given_in(answers)
        given.pop("contact", None)
        self.fields[stem] |= given

    def _so_far(self, name: str) -> str:
        """The answer so far, shortened."""
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
        return clipped(value)

    def _hint(self, answered: str, otherwise: str = "") -> str:
        if not answered:
            return otherwise
        so_far = self.language.text("so far: {answer}", answer=answered)
        return f"{otherwise} · {so_far}" if otherwise else so_far

    def _whom(self, among: Sequence[ContactFile], *, one: bool = False) -> Sequence[ContactFile]:
        """Ask whom of several an answer is about."""
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

    def _put(self, contact: ContactFile, name: str, given: str) -> None:
        if given == CLEAR:
            self.fields[contact.stem].pop(name, None)
        else:
            self.fields[contact.stem][name] = given

    def _others(
        self, asked: Sequence[ContactFile], about: Sequence[ContactFile]
    ) -> Sequence[ContactFile]:
        """The contacts still to be asked about, whose names are shown."""
        left = [contact for contact in asked if contact not in about]
        if left:
            names = self.language.people([contact.contact.name for contact in left])
            say_small("    " + self.language.text("and {names}?", names=names))
        return left

    def _add(self, contact: ContactFile, name: str, item: Any) -> None:  # noqa: ANN401  # one answer
        held = self.fields[contact.stem].get(name, [])
        if item not in held:
            self.fields[contact.stem][name] = [*held, item]

    def _clear(self, name: str) -> None:
        for given in self.fields.values():
            given.pop(name, None)

    def open_items(self) -> tuple[Question, ...]:
        """A question for each open item; talking points are among the lines of the sheet."""
        items = (item for item in self.reflected.open_items if item.kind != "talking_point")
        return tuple(self._open_item(item) for item in items)

    def _open_item(self, item: OpenItem) -> Question:
        """The question what happened with an item."""
        title = item_title(item, self.reflected.day.as_of.date(), self.language)
        return Question(
            title=title,
            about=self.language.text(
                "A number, a word or its beginning. Enter leaves it as it is, and . leaves all the "
                "rest."
            ),
            ask=lambda: self._ask_item(item, title),
            shown=lambda: self._shown_state(item),
            of_open_item=True,
        )

    def _ask_item(self, item: OpenItem, title: str) -> None:
        states, taken = item.states, self._shown_state(item)
        choices: tuple[str, ...] = states
        if item.kind == "need":
            choices = DEGREES
        elif item.kind == "apology":
            choices = TAKEN
            title = f"{title}. " + self.language.text("Did you make it, and how was it taken?")
        hint = self.language.text("so far: {answer}", answer=taken) if taken else ""
        say_question(title, hint)
        leaves = self.language.text("Enter: still open")
        if taken:
            leaves = self.language.text("Enter: as it is")
        given = reply_key(
            choices, self.language, f"  {listed(choices, self.language)} · {leaves} > "
        )
        if given is None:
            return
        answers = Answers.model_validate(self.fields[item.contact])
        if given == CLEAR:
            self._set(item.contact, undecided(answers, item))
            return
        decision = self._decision(item, given)
        if decision is not None:
            self._set(item.contact, decided(answers, decision))

    def _decision(self, item: OpenItem, given: str) -> Decision | None:
        day = self.reflected.occasion.day
        if item.kind == "need":
            return Decision(item=item, state="met", day=day, met=given)  # type: ignore[arg-type]  # one of DEGREES
        if item.kind == "apology":
            proof = None
            if given != "accepted":
                say_small("    " + self.language.text("What would show them that you mean it?"))
                proof = reply("    > ") or None
            taken: Any = given
            return Decision(item=item, state="apologised", day=day, taken=taken, proof=proof)
        if given == "moved":
            due = reply_due(day, self.language)
            return Decision(item=item, state="moved", day=day, due=due) if due else None
        return Decision(item=item, state=given, day=day)  # type: ignore[arg-type]  # one of its states

    def _set(self, stem: str, answers: Answers) -> None:
        self.fields[stem] = {n: v for n, v in given_in(answers).items() if n != "contact"}

    def _shown_state(self, item: OpenItem) -> str:
        decision = decision_in(Answers.model_validate(self.fields[item.contact]), item)
        if decision is None:
            return ""
        told: dict[str, str] = {"met": decision.met, "apologised": decision.taken or "yes"}
        said = shown(told.get(decision.state, decision.state), code_of(self.language))
        return f"{said} ({decision.due})" if decision.due else said


def clipped(value: Any) -> str:  # noqa: ANN401  # any answer
    """An answer as one short line."""
    told = " ".join(_told(value).split())
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


def _told(value: Any) -> str:  # noqa: ANN401  # any answer
    if isinstance(value, list):
        return ", ".join(_told(item) for item in value)
    if isinstance(value, dict):
        due = f" ({value['due']})" if value.get("due") else ""
        return f"{value.get('text') or value.get('note')}{due}"
    return str(value)
