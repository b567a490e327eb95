"""Decisions on what was open: kept, moved, dropped, resolved, shared, apologised, met, used.

A decision becomes lines spliced into the contact's file (`settle`), or, while a reflection still
goes on, part of its answers (`decided`), so that drafts and files of answers hold it too.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from briefgen.brief.attention import tick_for
from briefgen.contacts.book import ContactFile, parse_contact
from briefgen.contacts.changes import CHANGED, change, hold, new_batch
from briefgen.contacts.contact import Degree, Relationship, Taken
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.layered_book import seen_by
from briefgen.contacts.splice import Addition, Append, Put, Replace
from briefgen.contacts.yaml_text import Word, Writable
from briefgen.reflection.answers import Answers, given_in
from briefgen.reflection.open_items import Kind, OpenItem, State, open_items
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The outcome of an open item.

    Attributes:
        state: one of the item's `states`.
        day: when: the day it was kept, dropped, resolved, shared, apologised for or used.
        due: of a promise that was moved, the new day.
        taken: of an apology, how it was taken.
        proof: of an apology, what would show that it is sincere.
        met: of a need, how far.
    """

    item: OpenItem
    state: State
    day: date
    due: date | None = None
    taken: Taken | None = None
    proof: str | None = None
    met: Degree = "yes"

    def __post_init__(self) -> None:
        """Refuse an outcome that such an item cannot have."""
        if self.state not in self.item.states:
            raise ValueError(f"a {self.item.kind} cannot be {self.state}")
        if (self.state == "moved") != (self.due is not None):
            raise ValueError("a promise is moved to a day, and nothing else is")


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What a decision changes in a file, and a short description of it."""

    additions: tuple[Addition, ...]
    said: str


def settle(decision: Decision, contact: ContactFile, language: Language) -> Settlement:
    """What the decision changes in the contact's file."""
    return Settlement(
        additions=tuple(_additions(decision, contact)), said=_said(decision, language)
    )


def _additions(decision: Decision, contact: ContactFile) -> Iterator[Addition]:
    item, day = decision.item, decision.day
    keys = item.keys
    match decision.state:
        case "kept" | "dropped" | "resolved" | "shared" as field:
            yield Put(keys=(*keys, field), value=day)
        case "used":
            yield Append(keys=(*keys, "used"), value=day)
        case "met":
            add = Put if _met_before(item, contact) is None else Replace
            yield add(keys=(*keys, "needs_met"), value=Word(decision.met))
        case "moved":
            if item.due is not None:
                yield Append(keys=(*keys, "moved"), value=item.due)
                yield Replace(keys=(*keys, "due"), value=decision.due)
            else:
                yield Put(keys=(*keys, "due"), value=decision.due)
        case "apologised":
            yield from apology_additions(
                contact.contact.relationship,
                {
                    "date": day,
                    "for": item.text or None,
                    "taken": Word(decision.taken) if decision.taken else None,
                    "proof": decision.proof,
                },
            )


def apology_additions(
    relationship: Relationship | None, apology: dict[str, Writable]
) -> Iterator[Addition]:
    """An apology that was made; the one owed for this matter is no longer owed."""
    yield Append(keys=("apologies",), value=apology)
    if relationship is not None and relationship.apology_owed:
        yield Replace(keys=("relationship", "apology_owed"), value=Word("no"))


def _met_before(item: OpenItem, contact: ContactFile) -> Degree | None:
    for at, interaction in enumerate(contact.contact.interactions):
        if contact.origin("interactions", at) == (item.file, item.keys):
            return interaction.needs_met
    return None


def _said(decision: Decision, language: Language) -> str:
    text, item = language.text, decision.item.text or decision.item.name
    day = language.short_date(decision.due or decision.day, beside=decision.day)
    return {
        "kept": text("kept: {item}", item=item),
        "dropped": text("dropped: {item}", item=item),
        "moved": text("moved to {date}: {item}", date=day, item=item),
        "resolved": text("resolved: {item}", item=item),
        "shared": text("shared: {item}", item=item),
        "used": text("used: {item}", item=item),
        "met": text("their need, met: {item}", item=item),
        "apologised": text("apologised: {item}", item=item),
    }[decision.state]


def decided(answers: Answers, decision: Decision) -> Answers:
    """The answers with a decision in them, as a person would write it into a file of answers."""
    name, entry = _as_answer(decision)
    given = given_in(undecided(answers, decision.item))
    return Answers.model_validate({**given, name: [*given.get(name, ()), entry]})


def undecided(answers: Answers, item: OpenItem) -> Answers:
    """The answers without any decision on this item."""
    given = given_in(answers)
    for state in item.states:
        name, entry = _any_answer(item, state)
        if name in given:
            given[name] = [held for held in given[name] if not _same(held, entry)]
    return Answers.model_validate(given)


def _same(held: Any, entry: Any) -> bool:  # noqa: ANN401  # answers as JSON
    """Whether two answers are about the same item, so that the later one counts."""
    if isinstance(held, dict) and isinstance(entry, dict):
        return all(held.get(name) == entry.get(name) for name in ("text", "by", "made", "for"))
    return bool(held == entry)


def decision_in(answers: Answers, item: OpenItem) -> Decision | None:
    """The outcome of an item according to the answers; None if they leave it open."""
    given = given_in(answers)
    for state in item.states:
        name, entry = _any_answer(item, state)
        field = {"moved": "due", "met": "text", "apologised": "date"}.get(state, state)
        for held in given.get(name, ()):
            if _same(held, entry) and (not isinstance(held, dict) or field in held):
                told = held if isinstance(held, dict) else {}
                due = date.fromisoformat(told["due"]) if state == "moved" else None
                met, taken = told.get("met", "yes"), told.get("taken")
                return Decision(item=item, state=state, day=date.min, due=due, met=met, taken=taken)
    return None


_FIELDS: Final[Mapping[Kind, str]] = {
    "promise": "promises",
    "apology": "apologies",
    "concern": "concerns",
    "need": "earlier_needs",
    "to_share": "shared",
    "talking_point": "used",
}
"""The field of `Answers` that holds decisions on each kind of item."""


def _any_answer(item: OpenItem, state: State) -> tuple[str, Any]:
    """An answer on an item, whatever its day."""
    due = date.min if state == "moved" else None
    return _as_answer(Decision(item=item, state=state, day=date.min, due=due))


def _as_answer(decision: Decision) -> tuple[str, Any]:
    item, day = decision.item, decision.day.isoformat()
    given: dict[str, Any] = {"text": item.text}
    match decision.state:
        case "kept" | "dropped":
            given |= {"by": item.by, "made": _iso(item.since), decision.state: day}
        case "moved":
            given |= {"by": item.by, "made": _iso(item.since), "due": _iso(decision.due)}
        case "resolved":
            given |= {"resolved": day}
        case "met":
            given |= {"met": decision.met}
        case "apologised":
            given = {"date": day, "for": item.text or None}
            given |= {"taken": decision.taken, "proof": decision.proof}
        case "shared" | "used":
            return _FIELDS[item.kind], item.text
    return _FIELDS[item.kind], {name: held for name, held in given.items() if held is not None}


def _iso(day: PartialDate | date | None) -> str | None:
    return str(day) if day is not None else None


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was added to one contact's file.

    Attributes:
        said: each addition in a few words; empty if all of it was on file already.
    """

    contact: str
    file: str
    said: tuple[str, ...]


_TRIES = 20
"""How often a decision is tried if other programs write the same file at the same time."""


def write_decision(
    decision: Decision, *, workspace: Workspace, settings: Settings, language: Language
) -> Written | Problem:
    """Write the outcome of an item; `briefgen contacts undo` takes it back.

    The file is read again first: if the item is no longer open in it, nothing is written.
    """
    for _ in range(_TRIES):
        result = _write_once(decision, workspace, settings, language)
        if not (isinstance(result, Problem) and result.message == CHANGED):
            break
    return result


def _write_once(
    decision: Decision, workspace: Workspace, settings: Settings, language: Language
) -> Written | Problem:
    held = hold(workspace.root / decision.item.file, workspace=workspace)
    if isinstance(held, Problem):
        return held
    contact, problems = parse_contact(held.content, decision.item.file)
    if contact is None:
        return problems[-1]
    # If a person has two files, items have the name of the user's own.
    contact = replace(seen_by(settings.me)(contact), stem=decision.item.contact)
    items = open_items(contact, today=decision.day)
    item = next((one for one in items if one.key == decision.item.key), None)
    if item is None:
        message = Phrase("'{item}' is no longer open here", item=decision.item.text)
        return Problem(file=held.file, message=message)
    settlement = settle(replace(decision, item=item), contact, language)
    result = change(
        held,
        settlement.additions,
        workspace=workspace,
        keep=settings.keep.history_versions,
        batch=new_batch(),
    )
    if isinstance(result, Problem):
        return result
    if decision.state in {"kept", "shared"}:
        with suppress(OSError):  # the file says it; the sheet looks there too
            tick_for(workspace, held.stem, decision.day, text=item.text)
    return Written(contact=held.stem, file=held.file, said=(settlement.said,))
