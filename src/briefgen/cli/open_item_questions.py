"""The questions about what is open: was the promise kept, the apology made, the need met?"""

from collections.abc import Callable
from typing import Any, TypeAlias

from briefgen.cli.questions import (
    CLEAR,
    code_of,
    listed,
    reply,
    reply_due,
    reply_key,
    say_question,
    say_small,
)
from briefgen.reflection.answers import Answers, given_in
from briefgen.reflection.asked import DEGREES, TAKEN, shown
from briefgen.reflection.decisions import Decision, decided, state_of, undecided
from briefgen.reflection.open_items import OpenItem, item_title
from briefgen.reflection.reflections import Reflected
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

Fields: TypeAlias = dict[str, dict[str, Any]]
"""The answers so far, as JSON, by the contact's stem."""


class Question(Value, frozen=True, kw_only=True):
    """One question of the dialogue.

    Attributes:
        title: what is asked, in a few words; for the look at all answers.
        about: what `?` says of it.
        ask: asks it, and takes the answer.
        shown: the answer so far, or an empty text.
        applies: whether it is to be asked at all, as things are then.
        of_open_item: whether it is about something that was open.
    """

    title: str
    about: str = ""
    ask: Callable[[], None]
    shown: Callable[[], str]
    applies: Callable[[], bool] = lambda: True
    of_open_item: bool = False


def open_item_questions(reflected: Reflected, fields: Fields) -> tuple[Question, ...]:
    """A question for each open item; talking points stand among the lines of the sheet."""
    asked = _OpenItems(reflected=reflected, fields=fields)
    items = (item for item in reflected.open_items if item.kind != "talking_point")
    return tuple(asked.question(item) for item in items)


class _OpenItems(Value, frozen=True, kw_only=True):
    """Asks about open items, and takes the answers into `fields`."""

    reflected: Reflected
    fields: Fields

    @property
    def language(self) -> Language:
        """The language that is asked in."""
        return self.reflected.occasion.language

    def question(self, item: OpenItem) -> Question:
        """What became of this item?"""
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
        answers = Answers.model_validate(self.fields[item.contact])
        state = state_of(answers, item)
        if state is None:
            return ""
        code = code_of(self.language)
        if state == "met":
            met = next((n.met for n in answers.earlier_needs if n.text == item.text), "yes")
            return shown(met, code)
        if state == "apologised":
            taken = next((a.taken for a in answers.apologies if a.taken), None)
            return shown(taken or "yes", code)
        if state == "moved":
            due = next((p.due for p in answers.promises if p.text == item.text and p.due), "")
            return f"{shown(state, code)} ({due})"
        return shown(state, code)
