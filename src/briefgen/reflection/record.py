"""From the answers of a reflection to what is added to the contact's file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Contact, Interaction
from briefgen.contacts.splice import Addition, Append, Put, Replace, Value, Word, used
from briefgen.reflection.answers import Answered, Answers, PromiseMade
from briefgen.reflection.due_dates import due_date
from briefgen.workspace.document import Keys
from briefgen.workspace.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """The meeting that is reflected on, as contact files know it.

    Attributes:
        day: the user's day on which it was.
        uid: its UID, or an empty text.
        recurrence_id: the original start of an instance of a series, as reports write it.
        language: of natural due dates, like `en`.
    """

    day: date
    uid: str = ""
    recurrence_id: str | None = None
    language: str = "en"


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


def interaction_of(contact: Contact, occasion: Occasion) -> int | None:
    """Which interaction of the contact is that of this meeting; None where there is none yet."""
    for at, interaction in enumerate(contact.interactions):
        if _is_of(interaction, occasion):
            return at
    return None


def _is_of(interaction: Interaction, occasion: Occasion) -> bool:
    key = interaction.meeting
    if occasion.uid:
        return (
            key is not None
            and key.uid == occasion.uid.strip()
            and key.recurrence_id == occasion.recurrence_id
        )
    same_day = interaction.date == occasion.day and interaction.channel == "meeting"
    return key is None and same_day and interaction.reflection is not None


def answers_on_file(contact: Contact, occasion: Occasion) -> Answers | None:
    """What the interaction of this meeting says already; None where there is none."""
    at = interaction_of(contact, occasion)
    if at is None:
        return None
    interaction = contact.interactions[at]
    reflection = interaction.reflection
    return Answers(
        summary=interaction.summary,
        words=interaction.words,
        needs=interaction.needs,
        needs_met=interaction.needs_met,
        needs_answered=reflection.needs_answered if reflection else None,
        help_answered=reflection.help_answered if reflection else None,
        signals=interaction.signals,
        unsaid=interaction.unsaid,
        stance=interaction.stance,
        adjust=reflection.adjust if reflection else None,
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
        at = interaction_of(contact, self.occasion)
        if at is None:
            self._new_interaction(answers)
        else:
            self._amend(self._keys("interactions", at), contact.interactions[at], answers)
        for number, promise in enumerate(answers.promises):
            self._promise(number, promise)
        self._life_events(answers)
        self._interests(answers)
        self._concerns(answers)
        for number, text in enumerate(answers.used):
            self._used(number, text)
        self._birthday(answers)

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
        }
        if not any(value["reflection"].values()):  # type: ignore[union-attr]  # the mapping above
            value["reflection"] = None
        newest_first = _runs_backward([i.date for i in self.contact.contact.interactions])
        self._add(
            Append(keys=("interactions",), value=value, first=newest_first),
            f"the interaction of {occasion.day}",
        )

    def _amend(self, keys: Keys, before: Interaction, answers: Answers) -> None:
        for name in _PLAIN_FIELDS:
            self._field((*keys, name), getattr(before, name), getattr(answers, name))
        for name in _REFLECTION_FIELDS:
            held = getattr(before.reflection, name) if before.reflection else None
            self._field((*keys, "reflection", name), held, getattr(answers, name))
        known = {_flat(signal) for signal in before.signals}
        for signal in answers.signals:
            if _flat(signal) not in known:
                known.add(_flat(signal))
                self._add(Append(keys=(*keys, "signals"), value=signal), f"signal: {signal}")

    def _field(self, keys: Keys, before: str | None, answer: str | None) -> None:
        """One field of an interaction that is on file."""
        if answer is None or answer == before:
            return
        name = str(keys[-1])
        value = Word(answer) if name in _WORDS else answer
        if before is None:
            self._add(Put(keys=keys, value=value), f"{name.replace('_', ' ')}: {answer}")
        else:
            self._add(Replace(keys=keys, value=value), f"{name.replace('_', ' ')}, anew: {answer}")

    def _promise(self, number: int, promise: PromiseMade) -> None:
        day = self.occasion.day
        due = None
        if promise.due is not None:
            try:
                due = due_date(promise.due, day=day, language=self.occasion.language)
            except ValueError as error:
                self.problems.append(self.answered.problem(str(error), "promises", number, "due"))
                return
        made = promise.made or day
        for at, held in enumerate(self.contact.contact.promises):
            same = held.by == promise.by and _flat(held.text) == _flat(promise.text)
            if same and (held.made in {None, made} or held.kept is None):
                self._amend_promise(self._keys("promises", at), held.due, due)
                return
        value: dict[str, Value] = {
            "by": Word(promise.by),
            "text": promise.text,
            "made": made,
            "due": due,
            "kept": promise.kept,
            "visibility": _word(promise.visibility),
        }
        whose = "my promise" if promise.by == "me" else "their promise"
        until = f", due {due}" if due else ""
        self._add(Append(keys=("promises",), value=value), f"{whose}: {promise.text}{until}")

    def _amend_promise(self, keys: Keys, before: date | None, due: date | None) -> None:
        if due is None or due == before:
            return
        kind = Put if before is None else Replace
        self._add(kind(keys=(*keys, "due"), value=due), f"due {due}")

    def _life_events(self, answers: Answers) -> None:
        known = {_flat(event.note) for event in self.contact.contact.life_events}
        for event in answers.life_events:
            if _flat(event.note) in known:
                continue
            known.add(_flat(event.note))
            expect = event.expect
            value: dict[str, Value] = {
                "date": event.date,
                "note": event.note,
                "expect": {"after": expect.after, "note": expect.note} if expect else None,
                "visibility": _word(event.visibility),
            }
            self._add(Append(keys=("life_events",), value=value), f"life event: {event.note}")

    def _interests(self, answers: Answers) -> None:
        known = {_flat(interest.text) for interest in self.contact.contact.interests}
        for interest in answers.interests:
            if _flat(interest.text) in known:
                continue
            known.add(_flat(interest.text))
            value: Value = interest.text
            if interest.visibility:
                value = {"text": interest.text, "visibility": Word(interest.visibility)}
            self._add(Append(keys=("interests",), value=value), f"interest: {interest.text}")

    def _concerns(self, answers: Answers) -> None:
        known = {_flat(c.text) for c in self.contact.contact.concerns if c.resolved is None}
        for concern in answers.concerns:
            if _flat(concern.text) in known:
                continue
            known.add(_flat(concern.text))
            value: dict[str, Value] = {
                "date": concern.date or self.occasion.day,
                "text": concern.text,
                "resolved": concern.resolved,
                "visibility": _word(concern.visibility),
            }
            self._add(Append(keys=("concerns",), value=value), f"concern: {concern.text}")

    def _birthday(self, answers: Answers) -> None:
        held = self.contact.contact.birthday
        if answers.birthday is None or answers.birthday == held:
            return
        if held is not None:
            message = f"{self.contact.file} says {held}; change it there if that is wrong"
            self.problems.append(self.answered.problem(message, "birthday"))
            return
        addition = Put(keys=("birthday",), value=answers.birthday)
        self._add(addition, f"birthday: {answers.birthday}")

    def _used(self, number: int, text: str) -> None:
        contact, day = self.contact.contact, self.occasion.day
        points = _meant(text, [point.text for point in contact.talking_points])
        if len(points) == 1:
            point = contact.talking_points[points[0]]
            if day not in point.used:
                at = self._keys("talking_points", points[0])[1]
                self._add(used(int(at), day), f"used: {point.text}")
            return
        shared = _meant(text, [thing.text for thing in contact.to_share])
        if not points and len(shared) == 1:
            thing = contact.to_share[shared[0]]
            if thing.shared is None:
                keys = (*self._keys("to_share", shared[0]), "shared")
                self._add(Put(keys=keys, value=day), f"shared: {thing.text}")
            return
        if points:
            message = f"'{text}' fits {len(points)} talking points; write more of it"
        else:
            message = f"'{text}' is no talking point of {contact.name}'s file; write its text"
        self.problems.append(self.answered.problem(message, "used", number))


def _word(given: str | None) -> Word | None:
    return Word(given) if given else None


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _meant(wanted: str, texts: Sequence[str]) -> list[int]:
    """Which of the texts is this one, or else holds it."""
    flat = _flat(wanted)
    exact = [at for at, text in enumerate(texts) if _flat(text) == flat]
    return exact[:1] or [at for at, text in enumerate(texts) if flat in _flat(text)]


def _runs_backward(days: Sequence[date]) -> bool:
    """Whether a list runs from new to old, so that what is new belongs on top."""
    return len(days) > 1 and days[0] > days[-1] and all(_falling(days))


def _falling(days: Sequence[date]) -> Iterator[bool]:
    later: Iterable[date] = days[1:]
    for day, after in zip(days, later, strict=False):
        yield day >= after
