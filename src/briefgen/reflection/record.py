"""Turns the answers of a reflection into additions to the contact's files.

Over 400 lines, because each kind of answer is written in a different way.
"""

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import (
    Apology,
    Birthday,
    Concern,
    Contact,
    Interaction,
    LifeEvent,
    Note,
)
from briefgen.contacts.layered_book import files_of
from briefgen.contacts.splice import Addition, Append, Put, Replace
from briefgen.contacts.yaml_text import Word, Writable
from briefgen.reflection.answers import (
    Answered,
    Answers,
    EarlierNeed,
    PromiseMade,
    ReflectedMeeting,
    interaction_of,
)
from briefgen.reflection.decisions import Decision, Settlement, apology_additions, settle
from briefgen.reflection.due_dates import due_day
from briefgen.reflection.open_items import Kind, OpenItem, State, find_items, flat, open_items
from briefgen.workspace.document import Keys
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem


def record(answered: Answered, contact: ContactFile, occasion: ReflectedMeeting) -> "Recording":
    """What these answers add to the contact's files; if there are problems, nothing is written.

    New entries go into the user's own file. An open item is closed in the file that holds it. If
    the meeting already has an interaction on file, that is amended: a changed answer replaces what
    is there, what is missing is added, and nothing is added twice.
    """
    recording = Recording(answered=answered, file=contact, occasion=occasion)
    if not answered.answers.is_empty:
        recording.record(answered.answers)
    return recording


_FIELDS = ("summary", "words", "signals", "needs", "needs_met", "unsaid", "stance")
_REFLECTION_FIELDS = ("needs_answered", "help_answered", "adjust")
_WORDS = frozenset({"needs_met", "stance", "needs_answered", "help_answered"})


@dataclass(kw_only=True)
class Recording:
    """What a reflection adds to one contact's files.

    Attributes:
        additions: to each file, in the order in which they are spliced in.
        said: each addition to a file in a few words, for the user.
        problems: answers that could not be used.
    """

    answered: Answered
    file: ContactFile
    occasion: ReflectedMeeting
    additions: dict[str, list[Addition]] = field(default_factory=lambda: defaultdict(list))
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)

    def record(self, answers: Answers) -> None:
        """Collect what these answers add."""
        # Open items come first, because a new interaction moves the places of others.
        for apology in answers.apologies:
            self._apology(apology)
        for number, need in enumerate(answers.earlier_needs):
            self._earlier_need(number, need)
        for number, text in enumerate(answers.shared):
            self._shared(number, text)
        for number, text in enumerate(answers.used):
            self._used(number, text)
        at = interaction_of(self.contact, self.occasion)
        if at is None:
            self._new_interaction(answers)
        else:
            place = self.file.origin("interactions", at)
            self._amend(place, self.contact.interactions[at], answers)
        for number, promise in enumerate(answers.promises):
            self._promise(number, promise)
        for event in _new(answers.life_events, self.contact.life_events, lambda one: one.note):
            self._life_event(event)
        for interest in _new(answers.interests, self.contact.interests, lambda one: one.text):
            self._interest(interest)
        for number, concern in enumerate(answers.concerns):
            self._concern(number, concern)
        self._birthday(answers.birthday)

    @property
    def contact(self) -> Contact:
        """What the file says."""
        return self.file.contact

    @property
    def language(self) -> Language:
        """The language of the descriptions."""
        return self.occasion.language

    def _add(self, addition: Addition, said: str, *, file: str | None = None) -> None:
        """Add to a file, by default the user's own."""
        self.additions[file or self.file.file].append(addition)
        self.said[file or self.file.file].append(said)

    def _open(self, kind: Kind) -> tuple[OpenItem, ...]:
        day = self.occasion.day
        items = open_items(self.file, today=day, meeting=day)
        return tuple(item for item in items if item.kind == kind)

    def _settlement(self, item: OpenItem, state: State, **how: Any) -> Settlement:  # noqa: ANN401  # fields of a decision
        decision = Decision(item=item, state=state, **{"day": self.occasion.day, **how})
        return settle(decision, self.file, self.language)

    def _settle(self, item: OpenItem, state: State, **how: Any) -> None:  # noqa: ANN401  # as above
        settlement = self._settlement(item, state, **how)
        self.additions[item.file] += settlement.additions
        self.said[item.file].append(settlement.said)

    def _no_such(
        self, items: Sequence[OpenItem], text: str, *keys: str | int, otherwise: str = ""
    ) -> None:
        """Report that a text names no open item, or more than one."""
        found = find_items(items, text)
        near = _near(text, items)
        message: str = otherwise
        if len(found) > 1:
            message = Phrase(
                "'{text}' matches {count} of them; write more of it", text=text, count=len(found)
            )
        elif near:
            message = Phrase("'{text}' is not there; did you mean '{near}'?", text=text, near=near)
        self.problems.append(self.answered.problem(message, *keys))

    def _new_interaction(self, answers: Answers) -> None:
        occasion, uid = self.occasion, self.occasion.uid.strip()
        reflection = {name: _value(name, getattr(answers, name)) for name in _REFLECTION_FIELDS}
        value: dict[str, Writable] = {
            "date": occasion.day,
            "channel": Word("meeting"),
            "meeting": {"uid": uid, "recurrence_id": occasion.recurrence_id} if uid else None,
            **{name: _value(name, getattr(answers, name)) for name in _FIELDS},
            "reflection": reflection if any(reflection.values()) else None,
        }
        days = [one.date for one in files_of(self.file)[0].contact.interactions]
        day = self.language.short_date(occasion.day)
        self._add(
            Append(keys=("interactions",), value=value, first=_is_newest_first(days)),
            self.language.text("the interaction of {date}", date=day),
        )

    def _amend(self, place: tuple[str, Keys], before: Interaction, answers: Answers) -> None:
        file, keys = place
        for name in _FIELDS:
            if name != "signals":
                self._field(file, (*keys, name), getattr(before, name), getattr(answers, name))
        for name in _REFLECTION_FIELDS:
            held = getattr(before.reflection, name) if before.reflection else None
            self._field(file, (*keys, "reflection", name), held, getattr(answers, name))
        for signal in _new(answers.signals, before.signals, str):
            said = self.language.text("signal: {item}", item=signal)
            self._add(Append(keys=(*keys, "signals"), value=signal), said, file=file)

    def _field(self, file: str, keys: Keys, before: str | None, answer: str | None) -> None:
        """One field of something that is on file."""
        if answer is None or answer == before:
            return
        name = str(keys[-1])
        value = _value(name, answer)
        said = f"{_field_names(self.language)[name]}: {answer}"
        if before is None:
            self._add(Put(keys=keys, value=value), said, file=file)
        else:
            changed = self.language.text("changed: {what}", what=said)
            self._add(Replace(keys=keys, value=value), changed, file=file)

    def _promise(self, number: int, promise: PromiseMade) -> None:
        due = None
        if promise.due is not None:
            try:
                due = due_day(promise.due, day=self.occasion.day, language=self.language)
            except ValueError as error:
                self.problems.append(self.answered.problem(str(error), "promises", number, "due"))
                return
        if self._is_closed(promise):
            return
        items = [item for item in self._open("promise") if promise.by in {None, item.by}]
        exact = [item for item in items if flat(item.text) == flat(promise.text)]
        if exact:
            made = [item for item in exact if item.since == promise.made]
            self._settle_promise((made or exact)[0], promise, due)
            return
        if promise.kept is not None or promise.dropped is not None:
            found = find_items(items, promise.text)
            if len(found) == 1:
                self._settle_promise(found[0], promise, due)
                return
            if found or _near(promise.text, items):
                self._no_such(items, promise.text, "promises", number)
                return
        self._new_promise(promise, due)

    def _is_closed(self, promise: PromiseMade) -> bool:
        """Whether it is on file as kept or dropped already, and no similar one is open."""
        wanted = flat(promise.text)
        held = [p for p in self.contact.promises if promise.by in {None, p.by}]
        if any(p.is_open and wanted in flat(p.text) for p in held):
            return False
        if promise.kept is not None or promise.dropped is not None:
            return any(wanted in flat(p.text) for p in held)
        made = {None, promise.made or self.occasion.day}
        return any(wanted == flat(p.text) and p.made in made for p in held)

    def _settle_promise(self, item: OpenItem, promise: PromiseMade, due: date | None) -> None:
        if promise.kept is not None:
            self._settle(item, "kept", day=promise.kept)
        elif promise.dropped is not None:
            self._settle(item, "dropped", day=promise.dropped)
        elif due is not None and due != item.due:
            if item.since == self.occasion.day and item.due is not None:
                # Made today: the date is corrected, not moved.
                said = self._settlement(item, "moved", due=due).said
                self._add(Replace(keys=(*item.keys, "due"), value=due), said, file=item.file)
            else:
                self._settle(item, "moved", due=due)

    def _new_promise(self, promise: PromiseMade, due: date | None) -> None:
        language, by = self.language, promise.by or "me"
        value: dict[str, Writable] = {
            "by": Word(by),
            "text": promise.text,
            "made": promise.made or self.occasion.day,
            "due": due,
            "kept": promise.kept,
            "dropped": promise.dropped,
            "visibility": _word(promise.visibility),
        }
        said = promise.text
        if due is not None:
            shown = language.short_date(due, beside=self.occasion.day)
            said = language.text("{promise} (by {date})", promise=said, date=shown)
        if by == "me":
            said = language.text("my promise: {promise}", promise=said)
        else:
            said = language.text("their promise: {promise}", promise=said)
        self._add(Append(keys=("promises",), value=value), said)

    def _apology(self, apology: Apology) -> None:
        relationship = self.contact.relationship
        day = apology.date or self.occasion.day
        matter = apology.for_ or (relationship.reason if relationship else None)
        for at, held in enumerate(self.contact.apologies):
            if held.date == day and flat(held.for_ or "") == flat(matter or ""):
                file, keys = self.file.origin("apologies", at)
                self._field(file, (*keys, "taken"), held.taken, apology.taken)
                return
        value: dict[str, Writable] = {
            "date": day,
            "for": matter,
            "taken": _word(apology.taken),
            "proof": apology.proof,
            "visibility": _word(apology.visibility),
        }
        is_owed = relationship is not None and relationship.apology_owed
        file = self.file.origin("relationship")[0] if is_owed else self.file.file
        self.additions[file] += apology_additions(relationship, value)
        self.said[file].append(self.language.text("apologised: {item}", item=matter or "…"))

    def _earlier_need(self, number: int, need: EarlierNeed) -> None:
        items = self._open("need")
        found = find_items(items, need.text)
        met = [i.needs for i in self.contact.interactions if i.needs and i.needs_met == need.met]
        if len(found) == 1:
            self._settle(found[0], "met", met=need.met)
        elif not _is_among(need.text, met):
            none = Phrase("no such need is open")
            self._no_such(items, need.text, "earlier_needs", number, otherwise=none)

    def _shared(self, number: int, text: str) -> None:
        items = self._open("to_share")
        found = find_items(items, text)
        if len(found) == 1:
            self._settle(found[0], "shared")
        elif not _is_among(text, [thing.text for thing in self.contact.to_share]):
            none = Phrase("'{text}' is nothing to share", text=text)
            self._no_such(items, text, "shared", number, otherwise=none)

    def _used(self, number: int, text: str) -> None:
        items = self._open("talking_point")
        found = find_items(items, text)
        if len(found) == 1:
            self._settle(found[0], "used")
            return
        used = (p.text for p in self.contact.talking_points if self.occasion.day in p.used)
        if any(flat(text) in flat(point) for point in used):
            return
        shared = find_items(self._open("to_share"), text)
        if not found and len(shared) == 1:
            self._settle(shared[0], "shared")
            return
        none = Phrase(
            "'{text}' is not a talking point of {name}; write its text",
            text=text,
            name=self.contact.name,
        )
        self._no_such(items, text, "used", number, otherwise=none)

    def _life_event(self, event: LifeEvent) -> None:
        expect = event.expect
        value: dict[str, Writable] = {
            "date": event.date,
            "note": event.note,
            "expect": {"after": expect.after, "note": expect.note} if expect else None,
            "visibility": _word(event.visibility),
        }
        said = self.language.text("life event: {item}", item=event.note)
        self._add(Append(keys=("life_events",), value=value), said)

    def _interest(self, interest: Note) -> None:
        value: Writable = interest.text
        if interest.visibility:
            value = {"text": interest.text, "visibility": Word(interest.visibility)}
        said = self.language.text("interest: {item}", item=interest.text)
        self._add(Append(keys=("interests",), value=value), said)

    def _concern(self, number: int, concern: Concern) -> None:
        items = self._open("concern")
        found = [item for item in items if flat(item.text) == flat(concern.text)]
        if concern.resolved is not None and not found:
            found = list(find_items(items, concern.text))
            known = self.contact.concerns
            if not found and any(flat(concern.text) in flat(held.text) for held in known):
                return
            if len(found) > 1 or (not found and _near(concern.text, items)):
                self._no_such(items, concern.text, "concerns", number)
                return
        if found:
            day = concern.resolved.first_day() if concern.resolved else None
            if day is not None:
                self._settle(found[0], "resolved", day=day)
            return
        value: dict[str, Writable] = {
            "date": concern.date or self.occasion.day,
            "text": concern.text,
            "resolved": concern.resolved,
            "visibility": _word(concern.visibility),
        }
        said = self.language.text("concern: {item}", item=concern.text)
        self._add(Append(keys=("concerns",), value=value), said)

    def _birthday(self, given: Birthday | None) -> None:
        held = self.contact.birthday
        if given is None or given == held:
            return
        if held is not None:
            file, _ = self.file.origin("birthday")
            message = f"{file} says {held}; change it there if that is wrong"
            self.problems.append(self.answered.problem(message, "birthday"))
            return
        said = self.language.text("birthday: {item}", item=str(given))
        self._add(Put(keys=("birthday",), value=given), said)


def _field_names(language: Language) -> dict[str, str]:
    """The names of an interaction's fields."""
    text = language.text
    return {
        "summary": text("what was said"),
        "words": text("their words"),
        "needs": text("their need"),
        "needs_met": text("need met"),
        "unsaid": text("left unsaid"),
        "stance": text("stance"),
        "needs_answered": text("first question answered"),
        "help_answered": text("second question answered"),
        "adjust": text("next time"),
        "taken": text("apology taken"),
    }


def _word(given: str | None) -> Word | None:
    return Word(given) if given else None


def _value(name: str, answer: Any) -> Writable:  # noqa: ANN401  # any field
    return _word(answer) if name in _WORDS else answer


_One = TypeVar("_One")


def _new(given: Iterable[_One], held: Iterable[_One], text_of: Callable[[_One], str]) -> list[_One]:
    """The answers whose text is not on file, each once."""
    by_text: dict[str, _One] = {}
    for one in given:
        by_text.setdefault(flat(text_of(one)), one)
    known = {flat(text_of(one)) for one in held}
    return [one for said, one in by_text.items() if said not in known]


def _is_among(text: str, texts: Sequence[str]) -> bool:
    return flat(text) in {flat(one) for one in texts}


def _near(wanted: str, items: Sequence[OpenItem]) -> str | None:
    """The text of the item that was probably meant; None if none is similar."""
    by_flat = {flat(item.text): item.text for item in items}
    found = difflib.get_close_matches(flat(wanted), by_flat, n=1, cutoff=0.75)
    return by_flat[found[0]] if found else None


def _is_newest_first(days: Sequence[date]) -> bool:
    """Whether a list runs from new to old, so that new items belong at the top."""
    return len(days) > 1 and days[0] > days[-1] and list(days) == sorted(days, reverse=True)
