"""The trend: how meetings with contacts went according to their files."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import asdict

from briefgen.brief.brief import Mood
from briefgen.brief.signals import Vocabulary
from briefgen.contacts.contact import Contact, Degree, Party
from briefgen.contacts.dates import Span
from briefgen.contacts.entry import Figures, Promised, Talk
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

LAST = 10
"""How many of the last reflections count."""


class Reflection(Value, frozen=True, kw_only=True):
    """One meeting after which the two questions were put.

    Attributes:
        needs, help: the two answers; None if a question was skipped.
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
        """The last ones, oldest first."""
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
    """How long there was no contact, and how long is too long.

    Attributes:
        last: the day of the last interaction on file.
        days: since then.
        stay_in_touch: how long a silence is too long, as written in the file, or None.
        too_long_by: days beyond it, or None.
    """

    last: date | None = None
    days: int | None = None
    stay_in_touch: str | None = None
    too_long_by: int | None = None


class Promises(Value, frozen=True, kw_only=True):
    """How one side's promises turned out.

    A promise is kept on time if it was kept by its due date, or had none. Dropped ones do not
    count.
    """

    on_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0

    @classmethod
    def of(cls, promises: Iterable[Promised], *, by: Party, today: date) -> "Promises":
        """Those of one side, as of today."""
        mine = (one for one in promises if one.by == by and one.dropped is None)
        return cls(**Counter(_state(one, today) for one in mine))

    def __add__(self, other: "Promises") -> "Promises":
        return Promises(**(Counter(asdict(self)) + Counter(asdict(other))))

    @property
    def decided(self) -> int:
        """How many are known to be on time or not."""
        return self.on_time + self.late + self.overdue


def _state(promise: Promised, today: date) -> str:
    if promise.kept is not None:
        return "late" if promise.due is not None and promise.kept > promise.due else "on_time"
    return "overdue" if promise.due is not None and promise.due < today else "open"


class Trend(Value, frozen=True, kw_only=True):
    """The figures of one contact; everything oldest first.

    Attributes:
        stem, name: of the contact.
        days: of every interaction up to today.
        moods: the interactions with signals, and their tone.
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


def trend(of: Figures, *, vocabulary: Vocabulary, today: date) -> Trend:
    """The trend of one contact up to today."""
    talks = sorted((one for one in of.talks if one.date <= today), key=lambda one: one.date)
    reflections = tuple(found for one in talks if (found := _reflection(one)))
    return Trend(
        stem=of.stem,
        name=of.name,
        both=BothQuestions.of(reflections),
        reflections=reflections,
        moods=tuple(
            Mood(date=one.date, signals=one.signals, tone=vocabulary.tone(one.signals))
            for one in talks
            if one.signals
        ),
        days=tuple(one.date for one in talks),
        silence=_silence(of.stay_in_touch, talks, today),
        mine=Promises.of(of.promises, by="me", today=today),
        theirs=Promises.of(of.promises, by="them", today=today),
    )


def progress_of(
    contact: Contact, vocabulary: Vocabulary, today: date
) -> tuple[tuple[date, str], ...]:
    """Their own words when things went well, with the day, oldest first.

    In a good mood, or when a need was met and there was no bad one.
    """
    found = []
    for one in contact.interactions:
        tone = vocabulary.tone(one.signals) if one.signals else None
        well = tone == "high" or (one.needs_met == "yes" and tone not in {"low", "mixed"})
        if one.words and well and one.date <= today:
            found.append((one.date, one.words))
    return tuple(sorted(found, key=lambda one: one[0]))


def most_silent_first(trends: Iterable[Trend]) -> tuple[Trend, ...]:
    """Those silent for too long first, then by how long ago the last contact was."""
    return tuple(
        sorted(
            trends, key=lambda t: (-(t.silence.too_long_by or 0), -(t.silence.days or 0), t.name)
        )
    )


def _reflection(one: Talk) -> Reflection | None:
    if one.needs is None and one.help is None:
        return None
    return Reflection(date=one.date, needs=one.needs, help=one.help)


def _silence(written: str | None, talks: Sequence[Talk], today: date) -> Silence:
    if not talks:
        return Silence(stay_in_touch=written)
    last = talks[-1].date
    beyond = (today - Span.parse(written).after(last)).days if written else 0
    return Silence(
        last=last,
        days=(today - last).days,
        stay_in_touch=written,
        too_long_by=beyond if beyond > 0 else None,
    )


def all_reflections(contacts: Iterable[Figures], *, today: date) -> tuple[Reflection, ...]:
    """Every reflection on file, oldest first and one for each meeting.

    Both questions count as answered only if they were answered for everyone who took part.
    """
    meetings: dict[tuple[str, ...], list[Reflection]] = {}
    for contact in contacts:
        for talk in contact.talks:
            one = _reflection(talk)
            if one is None or talk.date > today:
                continue
            mark = (talk.uid, talk.recurrence_id or "") if talk.uid else (contact.stem,)
            meetings.setdefault((talk.date.isoformat(), *mark), []).append(one)
    merged = [next((o for o in found if not o.both), found[0]) for found in meetings.values()]
    return tuple(sorted(merged, key=lambda one: one.date))
