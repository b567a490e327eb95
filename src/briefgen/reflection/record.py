"""From the answers of a reflection to what is added to the contact's file.

Longer than other modules, since each kind of answer has its own way into the file.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Apology, Concern, Interaction
from briefgen.contacts.splice import Addition, Append, Put, Replace, Value, Word
from briefgen.reflection.answers import (
    Answered,
    Answers,
    EarlierNeed,
    Occasion,
    PromiseMade,
    interaction_of,
)
from briefgen.reflection.decisions import Decision, apology_additions, settle
from briefgen.reflection.due_dates import due_day
from briefgen.reflection.open_items import Kind, OpenItem, find_items, flat, open_items
from briefgen.workspace.document import Keys
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What a reflection adds to one contact's file.

    Attributes:
        additions: in the order in which they are spliced in.
        said: each addition in a few words, for the user.
        problems: answers that could not be taken.
    """

    additions: tuple[Addition, ...] = ()
    said: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def record(answered: Answered, contact: ContactFile, occasion: Occasion) -> Recording:
    """What these answers add to the contact's file; with problems nothing is to be written.

    Where the meeting has its interaction on file already it is amended: what is there and was
    answered otherwise gives way, what is missing is added, and nothing comes in twice.
    """
    recorder = _Recorder(answered=answered, contact=contact, occasion=occasion)
    recorder.record()
    return Recording(
        additions=tuple(recorder.additions),
        said=tuple(recorder.said),
        problems=tuple(recorder.problems),
    )


_PLAIN_FIELDS = ("summary", "words", "needs", "needs_met", "unsaid", "stance")
_REFLECTION_FIELDS = ("needs_answered", "help_answered", "adjust")
_WORDS = frozenset({"needs_met", "stance", "needs_answered", "help_answered"})


@dataclass(kw_only=True)
class _Recorder:
    """Gathers the additions of one contact's reflection."""

    answered: Answered
    contact: ContactFile
    occasion: Occasion
    additions: list[Addition] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def record(self) -> None:
        answers, contact = self.answered.answers, self.contact.contact
        if answers.is_empty:
            return
        self._settled(answers)
        at = interaction_of(contact, self.occasion)
        if at is None:
            self._new_interaction(answers)
        else:
            self._amend(self._keys("interactions", at), contact.interactions[at], answers)
        for number, promise in enumerate(answers.promises):
            self._promise(number, promise)
        self._life_events(answers)
        self._interests(answers)
        for number, concern in enumerate(answers.concerns):
            self._concern(number, concern)
        self._birthday(answers)

    def _settled(self, answers: Answers) -> None:
        """What became of open items; told first, and done first: a new interaction moves places."""
        for apology in answers.apologies:
            self._apology(apology)
        for number, need in enumerate(answers.earlier_needs):
            self._earlier_need(number, need)
        for number, text in enumerate(answers.shared):
            self._shared(number, text)
        for number, text in enumerate(answers.used):
            self._used(number, text)

    def _open(self, kind: Kind) -> tuple[OpenItem, ...]:
        day = self.occasion.day
        items = open_items(self.contact, today=day, meeting=day)
        return tuple(item for item in items if item.kind == kind)

    def _decide(self, decision: Decision) -> None:
        settlement = settle(decision, self.contact, self.language)
        self.additions += settlement.additions
        self.said.append(settlement.said)

    def _no_such(
        self, items: Sequence[OpenItem], text: str, *keys: str | int, what: str = ""
    ) -> Problem:
        """Say that a text names nothing that is open, or more than one thing."""
        found = find_items(items, text)
        near = _near(text, [item.text for item in items])
        if len(found) > 1:
            message: str = Phrase(
                "'{text}' fits {count} of them; write more of it", text=text, count=len(found)
            )
        elif near:
            message = Phrase("'{text}' is not there; did you mean '{near}'?", text=text, near=near)
        else:
            message = what
        self.problems.append(self.answered.problem(message, *keys))
        return self.problems[-1]

    @property
    def _author(self) -> str | None:
        """Who writes, in a file that others write too."""
        return self.occasion.author or None if self.contact.is_shared else None

    @property
    def language(self) -> Language:
        """Of what is said."""
        return self.occasion.language

    def _keys(self, *keys: str | int) -> Keys:
        """Where in the file the contact's value at `keys` stands."""
        return self.contact.kept.origin(keys)

    def _add(self, addition: Addition, said: str) -> None:
        self.additions.append(addition)
        self.said.append(said)

    def _new_interaction(self, answers: Answers) -> None:
        occasion = self.occasion
        meeting = {"uid": occasion.uid.strip(), "recurrence_id": occasion.recurrence_id}
        value: dict[str, Value] = {
            "date": occasion.day,
            "channel": Word("meeting"),
            "meeting": meeting if occasion.uid.strip() else None,
            "summary": answers.summary,
            "words": answers.words,
            "signals": answers.signals,
            "needs": answers.needs,
            "needs_met": _word(answers.needs_met),
            "unsaid": answers.unsaid,
            "stance": _word(answers.stance),
            "reflection": {
                "needs_answered": _word(answers.needs_answered),
                "help_answered": _word(answers.help_answered),
                "adjust": answers.adjust,
            },
            "author": self._author,
        }
        if not any(value["reflection"].values()):  # type: ignore[union-attr]  # the mapping above
            value["reflection"] = None
        newest_first = _runs_backward([i.date for i in self.contact.contact.interactions])
        self._add(
            Append(keys=("interactions",), value=value, first=newest_first),
            self.language.text(
                "the interaction of {date}", date=self.language.short_date(occasion.day)
            ),
        )

    def _amend(self, keys: Keys, before: Interaction, answers: Answers) -> None:
        for name in _PLAIN_FIELDS:
            self._field((*keys, name), getattr(before, name), getattr(answers, name))
        for name in _REFLECTION_FIELDS:
            held = getattr(before.reflection, name) if before.reflection else None
            self._field((*keys, "reflection", name), held, getattr(answers, name))
        known = {flat(signal) for signal in before.signals}
        for signal in answers.signals:
            if flat(signal) not in known:
                known.add(flat(signal))
                self._add(
                    Append(keys=(*keys, "signals"), value=signal),
                    self.language.text("signal: {item}", item=signal),
                )

    def _field(self, keys: Keys, before: str | None, answer: str | None) -> None:
        """One field of an interaction that is on file."""
        if answer is None or answer == before:
            return
        name = str(keys[-1])
        value = Word(answer) if name in _WORDS else answer
        said = f"{_field_names(self.language)[name]}: {answer}"
        if before is None:
            self._add(Put(keys=keys, value=value), said)
        else:
            changed = self.language.text("changed: {what}", what=said)
            self._add(Replace(keys=keys, value=value), changed)

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
        item = self._meant_promise(number, promise)
        if isinstance(item, OpenItem):
            self._settle_promise(item, promise, due)
        elif item is None:
            self._new_promise(promise, due)

    def _is_closed(self, promise: PromiseMade) -> bool:
        """Whether it is on file as kept or dropped already, and none like it is open."""
        wanted = flat(promise.text)
        settles = promise.kept is not None or promise.dropped is not None
        held = [p for p in self.contact.contact.promises if promise.by in {None, p.by}]
        if any(p.is_open and wanted in flat(p.text) for p in held):
            return False
        if settles:
            return any(wanted in flat(p.text) for p in held)
        made = {None, promise.made or self.occasion.day}
        return any(wanted == flat(p.text) and p.made in made for p in held)

    def _meant_promise(self, number: int, promise: PromiseMade) -> OpenItem | Problem | None:
        """The open promise that is meant; None where it is a new one."""
        items = [i for i in self._open("promise") if promise.by in {None, i.by}]
        exact = [item for item in items if flat(item.text) == flat(promise.text)]
        made = [item for item in exact if item.since == promise.made]
        if exact:
            return (made or exact)[0]
        if promise.kept is None and promise.dropped is None:
            return None
        found = find_items(items, promise.text)
        if len(found) == 1:
            return found[0]
        if found or _near(promise.text, [item.text for item in items]):
            return self._no_such(items, promise.text, "promises", number)
        return None

    def _settle_promise(self, item: OpenItem, promise: PromiseMade, due: date | None) -> None:
        day = self.occasion.day
        if promise.kept is not None:
            self._decide(Decision(item=item, state="kept", day=promise.kept))
        elif promise.dropped is not None:
            self._decide(Decision(item=item, state="dropped", day=promise.dropped))
        elif due is not None and due != item.due:
            decision = Decision(item=item, state="moved", day=day, due=due)
            if item.since == day and item.due is not None:  # made today: a slip that is put right
                said = settle(decision, self.contact, self.language).said
                self._add(Replace(keys=(*item.keys, "due"), value=due), said)
            else:
                self._decide(decision)

    def _new_promise(self, promise: PromiseMade, due: date | None) -> None:
        language, by = self.language, promise.by or "me"
        value: dict[str, Value] = {
            "by": Word(by),
            "text": promise.text,
            "made": promise.made or self.occasion.day,
            "due": due,
            "kept": promise.kept,
            "dropped": promise.dropped,
            "visibility": _word(promise.visibility),
            "author": self._author if by == "me" else None,
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
        relationship = self.contact.contact.relationship
        day = apology.date or self.occasion.day
        matter = apology.for_ or (relationship.reason if relationship else None)
        for at, held in enumerate(self.contact.contact.apologies):
            if held.date == day and flat(held.for_ or "") == flat(matter or ""):
                self._field((*self._keys("apologies", at), "taken"), held.taken, apology.taken)
                return
        value: dict[str, Value] = {
            "date": day,
            "for": matter,
            "taken": _word(apology.taken),
            "proof": apology.proof,
            "visibility": _word(apology.visibility),
        }
        self.additions += apology_additions(relationship, value)
        self.said.append(self.language.text("apologised: {item}", item=matter or "…"))

    def _earlier_need(self, number: int, need: EarlierNeed) -> None:
        items = self._open("need")
        found = find_items(items, need.text)
        if len(found) == 1:
            decision = Decision(item=found[0], state="met", day=self.occasion.day, met=need.met)
            self._decide(decision)
            return
        known = [i.needs for i in self.contact.contact.interactions if i.needs_met == need.met]
        if any(flat(text) == flat(need.text) for text in known if text):
            return
        what = Phrase("no such need is open")
        self._no_such(items, need.text, "earlier_needs", number, what=what)

    def _shared(self, number: int, text: str) -> None:
        items = self._open("to_share")
        found = find_items(items, text)
        if len(found) == 1:
            self._decide(Decision(item=found[0], state="shared", day=self.occasion.day))
        elif not any(flat(thing.text) == flat(text) for thing in self.contact.contact.to_share):
            what = Phrase("'{text}' is nothing to share", text=text)
            self._no_such(items, text, "shared", number, what=what)

    def _life_events(self, answers: Answers) -> None:
        known = {flat(event.note) for event in self.contact.contact.life_events}
        for event in answers.life_events:
            if flat(event.note) in known:
                continue
            known.add(flat(event.note))
            expect = event.expect
            value: dict[str, Value] = {
                "date": event.date,
                "note": event.note,
                "expect": {"after": expect.after, "note": expect.note} if expect else None,
                "visibility": _word(event.visibility),
            }
            self._add(
                Append(keys=("life_events",), value=value),
                self.language.text("life event: {item}", item=event.note),
            )

    def _interests(self, answers: Answers) -> None:
        known = {flat(interest.text) for interest in self.contact.contact.interests}
        for interest in answers.interests:
            if flat(interest.text) in known:
                continue
            known.add(flat(interest.text))
            value: Value = interest.text
            if interest.visibility:
                value = {"text": interest.text, "visibility": Word(interest.visibility)}
            self._add(
                Append(keys=("interests",), value=value),
                self.language.text("interest: {item}", item=interest.text),
            )

    def _concern(self, number: int, concern: Concern) -> None:
        items = self._open("concern")
        exact = [item for item in items if flat(item.text) == flat(concern.text)]
        if concern.resolved is not None and not exact:
            known = self.contact.contact.concerns
            exact = list(find_items(items, concern.text))
            if not exact and any(flat(concern.text) in flat(held.text) for held in known):
                return
            near = _near(concern.text, [item.text for item in items])
            if len(exact) > 1 or (near and not exact):
                self._no_such(items, concern.text, "concerns", number)
                return
        if exact:
            day = concern.resolved.first_day() if concern.resolved else None
            if day is not None:
                self._decide(Decision(item=exact[0], state="resolved", day=day))
            return
        value: dict[str, Value] = {
            "date": concern.date or self.occasion.day,
            "text": concern.text,
            "resolved": concern.resolved,
            "visibility": _word(concern.visibility),
        }
        addition = Append(keys=("concerns",), value=value)
        self._add(addition, self.language.text("concern: {item}", item=concern.text))

    def _birthday(self, answers: Answers) -> None:
        held = self.contact.contact.birthday
        if answers.birthday is None or answers.birthday == held:
            return
        if held is not None:
            message = f"{self.contact.file} says {held}; change it there if that is wrong"
            self.problems.append(self.answered.problem(message, "birthday"))
            return
        addition = Put(keys=("birthday",), value=answers.birthday)
        self._add(addition, self.language.text("birthday: {item}", item=str(answers.birthday)))

    def _used(self, number: int, text: str) -> None:
        day = self.occasion.day
        points = self._open("talking_point")
        found = find_items(points, text)
        if len(found) == 1:
            self._decide(Decision(item=found[0], state="used", day=day))
            return
        used = [p.text for p in self.contact.contact.talking_points if day in p.used]
        if any(flat(text) in flat(point) for point in used):
            return
        shared = find_items(self._open("to_share"), text)
        if not found and len(shared) == 1:
            self._decide(Decision(item=shared[0], state="shared", day=day))
            return
        what = Phrase(
            "'{text}' is no talking point of {name}; write its text",
            text=text,
            name=self.contact.contact.name,
        )
        self._no_such(points, text, "used", number, what=what)


def _field_names(language: Language) -> dict[str, str]:
    """What the fields of an interaction are called."""
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


def _near(wanted: str, texts: Sequence[str]) -> str | None:
    """The text that was probably meant; None where none is like it."""
    by_flat = {flat(text): text for text in texts}
    found = difflib.get_close_matches(flat(wanted), by_flat, n=1, cutoff=0.75)
    return by_flat[found[0]] if found else None


def _runs_backward(days: Sequence[date]) -> bool:
    """Whether a list runs from new to old, so that what is new belongs on top."""
    return len(days) > 1 and days[0] > days[-1] and list(days) == sorted(days, reverse=True)
