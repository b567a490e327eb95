"""The answers of a reflection so far, and whom of several people an answer is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import click

from briefgen.cli.open_item_questions import Fields
from briefgen.cli.questions import CLEAR, code_of, reply_places, say_small
from briefgen.contacts.book import ContactFile
from briefgen.day.prepare import Day
from briefgen.reflection.answers import Answers, given_in
from briefgen.reflection.asked import shown
from briefgen.reflection.reflections import Reflected
from briefgen.workspace.language import Language

_CHOICES: Final = frozenset({"needs_answered", "help_answered", "needs_met", "stance"})
_LONGEST: Final = 60
"""Characters of an earlier answer that are shown with its question."""


@dataclass(kw_only=True)
class AnswersSoFar:
    """The answers to a meeting's questions so far, by the contact's stem."""

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
        return clipped(value)

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

    def _put(self, contact: ContactFile, name: str, given: str) -> None:
        if given == CLEAR:
            self.fields[contact.stem].pop(name, None)
        else:
            self.fields[contact.stem][name] = given

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


def clipped(value: Any) -> str:  # noqa: ANN401  # any answer
    """An answer in one short line."""
    told = " ".join(_told(value).split())
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


def _told(value: Any) -> str:  # noqa: ANN401  # any answer
    if isinstance(value, list):
        return ", ".join(_told(item) for item in value)
    if isinstance(value, dict):
        due = f" ({value['due']})" if value.get("due") else ""
        return f"{value.get('text') or value.get('note')}{due}"
    return str(value)
