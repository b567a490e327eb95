"""The answers that come back in the form of the five minutes.

Several windows may hold the same form, and an editor the same file. So the form carries what was
on file when it was made: what was left as it was is no answer, and an answer to a question that
somebody else has answered otherwise meanwhile is a `Conflict`, never written over the other's.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Taken
from briefgen.reflection.answers import Answers
from briefgen.reflection.decisions import Decision, decided
from briefgen.reflection.open_items import PrintedLine, State
from briefgen.web.pages import Form
from briefgen.web.reflection_form import OWN, SHARED, Asking, on_file, split_words, typed_promises
from briefgen.workspace.validation import value_error
from briefgen.workspace.value import Value

_TAKEN: Final[Mapping[str, Taken]] = {
    "accepted": "accepted",
    "not yet": "not yet",
    "refused": "refused",
}


class Conflict(Value, frozen=True, kw_only=True):
    """A question that was answered otherwise meanwhile."""

    name: str
    field: str
    on_file: str


class Given(Value, frozen=True, kw_only=True):
    """What came back in a form."""

    answers: tuple[Answers, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    faults: tuple[str, ...] = ()


def given(asking: Asking, form: Form) -> Given:
    """The answers in a form, and where somebody else has answered meanwhile."""
    answers: list[Answers] = []
    conflicts: list[Conflict] = []
    faults: list[str] = []
    for contact in asking.reflected.contacts:
        found, clashes = _changed(asking, contact, form)
        conflicts += clashes
        found |= _lists(asking, contact, form)
        try:
            made = Answers.model_validate({"contact": contact.stem, **found})
        except ValidationError as error:
            faults += map(value_error, error.errors())
            continue
        for decision in (*_decisions(asking, contact, form), *_said(asking, contact, form)):
            made = decided(made, decision)
        answers.append(made)
    return Given(
        answers=tuple(one for one in answers if not one.is_empty),
        conflicts=tuple(conflicts),
        faults=tuple(dict.fromkeys(faults)),
    )


def _changed(
    asking: Asking, contact: ContactFile, form: Form
) -> tuple[dict[str, Any], list[Conflict]]:
    """The single answers that were changed in this form, and those changed elsewhere as well."""
    before: dict[str, Any] = {}
    with suppress(ValueError):
        held = json.loads(form.get(f"base:{contact.stem}") or "{}")
        before = held if isinstance(held, dict) else {}
    now = on_file(contact, asking)
    found: dict[str, Any] = {}
    conflicts = []
    for name in (*SHARED, *OWN):
        mine = form.get(name if name in SHARED else f"{name}:{contact.stem}")
        if not mine or mine == before.get(name) or mine == now.get(name):
            continue
        if now.get(name) not in {None, before.get(name)}:
            held = str(now[name])
            conflicts.append(Conflict(name=contact.contact.name, field=name, on_file=held))
        found[name] = mine
    return found, conflicts


def _lists(asking: Asking, contact: ContactFile, form: Form) -> dict[str, Any]:
    """What is added: signals, promises, a concern, an interest."""
    stem = contact.stem
    signals = [*form.all(f"signals:{stem}"), *split_words(form.get(f"other:{stem}"))]
    found: dict[str, Any] = {"signals": list(dict.fromkeys(signals))} if signals else {}
    alone = len(asking.reflected.contacts) == 1
    if lines := [line.key for line in _used(asking, contact, form)]:
        found["lines"] = lines
    promises = [
        {"by": one.by, "text": one.text, **({"due": one.due} if one.due else {})}
        for one in typed_promises(form)
        if alone or one.whom == stem
    ]
    if promises:
        found["promises"] = promises
    for name, listed in (("concern", "concerns"), ("interest", "interests")):
        if text := form.get(f"{name}:{stem}"):
            found[listed] = [text]
    return found


def _used(asking: Asking, contact: ContactFile, form: Form) -> Iterator[PrintedLine]:
    """The lines of the sheet that were used with this contact; the first has those about all."""
    first, ticked = asking.reflected.contacts[0], set(form.all("lines"))
    for line in asking.lines:
        owner = line.who if line.who in asking.items else first.stem
        if line.key in ticked and owner == contact.stem:
            yield line


def _said(asking: Asking, contact: ContactFile, form: Form) -> Iterator[Decision]:
    """The talking points of one's own among the lines that were used."""
    day = asking.reflected.occasion.day
    for line in _used(asking, contact, form):
        if line.item is not None and line.item.contact == contact.stem:
            yield Decision(item=line.item, state="used", day=day)


def _decisions(asking: Asking, contact: ContactFile, form: Form) -> Iterator[Decision]:
    """What became of the open items; those that are no longer open were decided elsewhere."""
    day = asking.reflected.occasion.day
    for item in asking.items[contact.stem]:
        moved = form.get(f"moved:{item.key}")
        state = form.get(f"item:{item.key}")
        wanted = next((s for s in item.states if s == state), None)
        if wanted == "apologised":
            taken = _TAKEN.get(form.get(f"taken:{item.key}"))
            yield Decision(item=item, state=wanted, day=day, taken=taken)
        elif wanted is not None and wanted != "moved":
            yield Decision(item=item, state=wanted, day=day)
        elif moved:
            with suppress(ValueError):
                due = date.fromisoformat(moved)
                if due != item.due:
                    to: State = "moved"
                    yield Decision(item=item, state=to, day=day, due=due)
