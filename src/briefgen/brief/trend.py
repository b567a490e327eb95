"""The trend: how meetings with contacts went, by what their files say."""

from collections.abc import Iterable, Sequence
from datetime import date

from briefgen.brief.brief import Mood
from briefgen.brief.signals import Vocabulary
from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Contact, Degree, Interaction, Party, Promise, Situation
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

LAST = 10
"""How many of the last reflections count."""


class Reflection(Value, frozen=True, kw_only=True):
    """One meeting after which the two questions were put.

    Attributes:
        needs, help: the two answers; None where a question was skipped.
    """

    date: date
    needs: Degree | None
    help: Degree | None

    @property
    def both(self) -> bool:
        """Whether both questions could be answered."""
        return self.needs == "yes" and self.help == "yes"


class BothQuestions(Value, frozen=True, kw_only=True):
    """After how many of the last meetings both questions could be answered."""

    answered: int = 0
    meetings: int = 0

    @classmethod
    def of(cls, reflections: Sequence[Reflection]) -> "BothQuestions":
        """Of the last ones, oldest first."""
        last = reflections[-LAST:]
        return cls(answered=sum(one.both for one in last), meetings=len(last))

    def __str__(self) -> str:
        if not self.meetings:
            return Phrase("could answer both questions: no reflections yet")
        return Phrase.plural(
            "could answer both questions: {answered} of {count} meeting",
            "could answer both questions: {answered} of the last {count} meetings",
            self.meetings,
            answered=self.answered,
        )


class Silence(Value, frozen=True, kw_only=True):
    """How long there was no word, against how long is too long.

    Attributes:
        last: the day of the last interaction on file.
        days: since then.
        stay_in_touch: how long a silence is too long, as written; None where nothing is written.
        too_long_by: days beyond it, or None.
    """

    last: date | None = None
    days: int | None = None
    stay_in_touch: str | None = None
    too_long_by: int | None = None


class Promises(Value, frozen=True, kw_only=True):
    """What became of one side's promises.

    A promise is kept on time when it was kept by its due date, or kept and had none. A dropped one
    counts nowhere.
    """

    on_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0

    @classmethod
    def of(cls, promises: Iterable[Promise], *, by: Party, today: date) -> "Promises":
        """Those of one side, as of today."""
        counts = {"on_time": 0, "late": 0, "open": 0, "overdue": 0}
        for promise in promises:
            if promise.by == by and promise.dropped is None:
                counts[_state(promise, today)] += 1
        return cls(**counts)

    def __add__(self, other: "Promises") -> "Promises":
        return Promises(
            on_time=self.on_time + other.on_time,
            late=self.late + other.late,
            open=self.open + other.open,
            overdue=self.overdue + other.overdue,
        )

    @property
    def decided(self) -> int:
        """Those of which is known whether they were kept on time."""
        return self.on_time + self.late + self.overdue


def _state(promise: Promise, today: date) -> str:
    if promise.kept is not None:
        return "late" if promise.due is not None and promise.kept > promise.due else "on_time"
    return "overdue" if promise.due is not None and promise.due < today else "open"


class Trend(Value, frozen=True, kw_only=True):
    """How it goes with one contact; everything oldest first.

    Attributes:
        stem, name: of the contact.
        days: of every interaction up to today.
        moods: the interactions with signals, and their tone.
        situation: where they are and where they want to be, as far as it is known.
        progress: their own words when things went well, with the day.
    """

    stem: str
    name: str
    both: BothQuestions
    reflections: tuple[Reflection, ...]
    moods: tuple[Mood, ...]
    days: tuple[date, ...]
    silence: Silence
    mine: Promises
    theirs: Promises
    situation: Situation | None = None
    progress: tuple[tuple[date, str], ...] = ()


def trend(contact: ContactFile, *, vocabulary: Vocabulary, today: date) -> Trend:
    """The trend of one contact up to today."""
    held = contact.contact
    interactions = sorted((i for i in held.interactions if i.date <= today), key=lambda i: i.date)
    reflections = tuple(found for i in interactions if (found := _reflection(i)))
    return Trend(
        stem=contact.stem,
        name=held.name,
        both=BothQuestions.of(reflections),
        reflections=reflections,
        moods=tuple(
            Mood(date=i.date, signals=i.signals, tone=vocabulary.tone(i.signals))
            for i in interactions
            if i.signals
        ),
        days=tuple(i.date for i in interactions),
        silence=_silence(held, interactions, today),
        mine=Promises.of(held.promises, by="me", today=today),
        theirs=Promises.of(held.promises, by="them", today=today),
        situation=held.situation,
        progress=tuple(
            (i.date, i.words) for i in interactions if i.words and _is_progress(i, vocabulary)
        ),
    )


def _is_progress(interaction: Interaction, vocabulary: Vocabulary) -> bool:
    """Whether things had gone well: a good mood, or a need that was met and no bad one."""
    tone = vocabulary.tone(interaction.signals) if interaction.signals else None
    return tone == "high" or (interaction.needs_met == "yes" and tone not in {"low", "mixed"})


def most_silent_first(trends: Iterable[Trend]) -> tuple[Trend, ...]:
    """Those silent too long first, then by how long ago the last word was."""
    return tuple(
        sorted(
            trends, key=lambda t: (-(t.silence.too_long_by or 0), -(t.silence.days or 0), t.name)
        )
    )


def _reflection(interaction: Interaction) -> Reflection | None:
    given = interaction.reflection
    if given is None or (given.needs_answered is None and given.help_answered is None):
        return None
    return Reflection(date=interaction.date, needs=given.needs_answered, help=given.help_answered)


def _silence(contact: Contact, interactions: Sequence[Interaction], today: date) -> Silence:
    span = contact.relationship.stay_in_touch if contact.relationship else None
    written = str(span) if span else None
    if not interactions:
        return Silence(stay_in_touch=written)
    last = interactions[-1].date
    beyond = (today - span.after(last)).days if span else 0
    return Silence(
        last=last,
        days=(today - last).days,
        stay_in_touch=written,
        too_long_by=beyond if beyond > 0 else None,
    )


def all_reflections(contacts: Iterable[ContactFile], *, today: date) -> tuple[Reflection, ...]:
    """Every reflection on file, each meeting once: both answered only if so for all who took part.

    The oldest first.
    """
    meetings: dict[tuple[str, ...], list[Reflection]] = {}
    for contact in contacts:
        for interaction in contact.contact.interactions:
            found = _reflection(interaction)
            if found is None or interaction.date > today:
                continue
            key = interaction.meeting
            mark = (key.uid, key.recurrence_id or "") if key else (contact.stem,)
            meetings.setdefault((interaction.date.isoformat(), *mark), []).append(found)
    merged = [_worst(reflections) for reflections in meetings.values()]
    return tuple(sorted(merged, key=lambda one: one.date))


def _worst(reflections: Sequence[Reflection]) -> Reflection:
    return next((one for one in reflections if not one.both), reflections[0])
