"""What the whole file says, read once for a meeting before a line is said.

Every rule asks here: which hard events there are and whom they name, what must not be asked, which
needs were met since, what was apologised for, where somebody no longer works, what one participant
says of another, and in which states each person is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from briefgen.brief.brief import LeftOut, Line, Value
from briefgen.brief.interim import (
    EventKind,
    event_kind,
    families_in,
    is_nothing,
    is_pitch,
    not_to_be_asked,
    relations_in,
)
from briefgen.brief.phrases import says
from briefgen.brief.states import CARE, STATES, State, silencing_state
from briefgen.brief.topics import Topics, share_words
from briefgen.brief.wording import last_day
from briefgen.brief.words import fold, words_of
from briefgen.contacts.contact import Apology, Interaction, LifeEvent, Promise
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.timeline import Dated

if TYPE_CHECKING:
    from briefgen.brief.occasion import Occasion, Person

_HARD_FOR: Final = timedelta(days=90)
_HARD_AHEAD: Final = timedelta(days=14)
FRESH: Final = timedelta(days=92)
"""So long a signal tells how somebody is."""
NEED_FOR: Final = timedelta(days=400)
"""After that a need is no longer called open."""
_LOOKED_AT: Final = 24
"""Of so many of the last interactions the words are weighed."""
_IN_CONTEXT: Final = 12
_PERSONAL: Final = frozenset(
    {"death", "grave_illness", "child_loss", "separation", "illness", "accident", "school_failure"}
)
"""Hard events that befall a person, who is then not spoken of as before."""
_WORRIED: Final = frozenset({"worry", "strain", "sorrow"})
_WIDER: Final = {
    "son": {"child"},
    "daughter": {"child"},
    "child": {"son", "daughter"},
    "mother": {"parent"},
    "father": {"parent"},
    "parent": {"mother", "father"},
    "husband": {"partner"},
    "wife": {"partner"},
    "partner": {"husband", "wife"},
    "brother": {"sibling"},
    "sister": {"sibling"},
}
"""A line on the children speaks of the son too."""
_COUPLE: Final = frozenset({"husband", "wife", "partner"})
_SENTENCES: Final = re.compile(r"(?<=[.!?。！？؟])\s*(?=\S)|;\s+")
_CAPITALISED: Final = re.compile(r"[^\W\d_][\w’'-]*")
_ASKS: Final = frozenset({"life-event", "good-news", "written", "date", "family", "to-share"})
"""Rules whose lines ask, or would make one ask."""
_OF_THEIR_LIFE: Final = _ASKS | {
    "interest", "occasion", "unsaid", "words", "birthday", "outcome", "situation", "approach",
}  # fmt: skip
_SHORTEST_NAME: Final = 3


class Event(Value, frozen=True, kw_only=True):
    """A life event on file and its kind.

    Attributes:
        at: its place in the file.
        first, last: the days it can have been; None where the year is not known.
        hidden: whether nothing of it may be said.
    """

    at: int
    event: LifeEvent
    kind: EventKind
    first: date | None
    last: date | None
    hidden: bool

    @property
    def is_hard(self) -> bool:
        """Whether it is a hard one."""
        return self.kind.kind == "hard"

    def days_since(self, day: date) -> int | None:
        """How long ago it is at least; negative where it lies ahead; None where nobody knows."""
        if self.first is None or self.last is None:
            return None
        if self.first <= day <= self.last:
            return 0
        return (day - self.last).days if self.last < day else (day - self.first).days


class Silence(Value, frozen=True, kw_only=True):
    """Somebody of whom nothing older is said, since something happened to them.

    Attributes:
        since: older lines are silent; None where the day is not known, and all are.
        names: as words without case and accents.
        relations: what they are to the contact, where no name tells them from others.
    """

    since: date | None
    names: frozenset[str]
    relations: frozenset[str]
    why: str


class Former(Value, frozen=True, kw_only=True):
    """An organization somebody has left.

    Attributes:
        until: when; None where it is not known.
        sure: False where only the address of the invitation says so.
    """

    organization: str
    until: PartialDate | None = None
    sure: bool = True


class Apologies(Value, frozen=True, kw_only=True):
    """How things stand with apologies to one person.

    Attributes:
        owed: whether one is due, and for what.
        pending: those not taken as one hoped, the newest first, with their places in the file.
    """

    owed: bool = False
    reason: str = ""
    pending: tuple[tuple[int, Apology], ...] = ()

    @property
    def proof(self) -> tuple[int, str] | None:
        """What would show that the apology is meant, and the place of the entry that says so."""
        return next(((at, one.proof) for at, one in self.pending if one.proof), None)


class Known:
    """What is known of one person of the meeting."""

    def __init__(self, person: "Person", knowledge: "Knowledge") -> None:
        self.person = person
        self._knowledge = knowledge
        codes = (person.occasion.vocabulary.language, "en", (person.contact.language or "")[:2])
        self.languages = tuple(dict.fromkeys(filter(None, map(str.casefold, codes))))

    # Events

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The life events on file, each with its kind."""
        tact = self.person.occasion.tact
        return tuple(
            Event(
                at=at,
                event=event,
                kind=event_kind(event, self.languages),
                first=event.date.first_day() if event.date else None,
                last=last_day(event.date) if event.date else None,
                hidden=event.visibility == "never" or tact.avoided_in(event.note) is not None,
            )
            for at, event in enumerate(self.person.contact.life_events)
        )

    @cached_property
    def _hard_now(self) -> tuple[Event, ...]:
        """Hard events of the last 90 days and the next 14, the gravest and then newest first."""
        day = self.person.occasion.day
        found = []
        for event in self.events:
            since = event.days_since(day)
            if event.is_hard and since is not None and -_HARD_AHEAD.days <= since <= _HARD_FOR.days:
                found.append(event)
        return tuple(sorted(found, key=lambda one: one.first or date.min, reverse=True))

    @cached_property
    def blows(self) -> tuple[Event, ...]:
        """Those that may be told, the gravest first."""
        told = [event for event in self._hard_now if not event.hidden]
        return tuple(sorted(told, key=_gravity))

    @property
    def in_grief(self) -> bool:
        """Whether a page of grief is asked for."""
        day = self.person.occasion.day
        return any(one.kind.is_grief and (one.days_since(day) or 0) >= 0 for one in self.blows)

    # States

    @cached_property
    def states(self) -> frozenset[State]:
        """Every state that counts for this person."""
        return frozenset(self._states())

    @property
    def ruling(self) -> State:
        """The strictest of them."""
        return next(state for state in STATES if state in self.states)

    def _states(self) -> Iterator[State]:
        care = list(self._care())
        if care:
            yield from care
            return
        person = self.person
        if self.wish is not None:
            yield "wish"
        elif person.status == "lapsed":
            yield "lapsed"
        elif self.never_met:
            yield "first"
        else:
            yield "steady"

    def _care(self) -> Iterator[State]:
        if self.blows:
            yield "grief" if self.in_grief else "blow"
        if any(event.hidden for event in self._hard_now):
            yield "hidden"
        if self.apologies.owed or self.apologies.pending:
            yield "apology"
        if self.person.status == "strained":
            yield "strained"
        if self._is_worried:
            yield "worried"

    @property
    def _is_worried(self) -> bool:
        person = self.person
        if not person.felt or person.occasion.day - person.felt[0].day > FRESH:
            return False
        vocabulary = person.occasion.vocabulary
        found = [vocabulary.find(word) for word in person.felt[0].interaction.signals]
        return any(signal is not None and signal.family.name in _WORRIED for signal in found)

    @property
    def never_met(self) -> bool:
        """Whether nothing at all is on file or in the calendar."""
        person = self.person
        return not (person.appointments or person.interactions or person.ever_in_calendar)

    # Needs

    @cached_property
    def need(self) -> Dated | None:
        """The newest interaction with a need that is not, or only partly, met."""
        return next(self._needs({"no", "partly"}), None)

    @cached_property
    def wish(self) -> Dated | None:
        """An open need for an offer or a price."""
        open_needs = self._needs({"no", "partly", None})
        asked = (
            one for one in open_needs if says("wish", one.interaction.needs or "", self.languages)
        )
        return next(asked, None)

    def _needs(self, met: set[str | None]) -> Iterator[Dated]:
        since = self.person.occasion.day - NEED_FOR
        for one in islice(self.person.interactions, _LOOKED_AT):
            if one.day >= since and one.interaction.needs and one.interaction.needs_met in met:
                yield one

    # Apologies

    @cached_property
    def apologies(self) -> Apologies:
        """What is owed, and what was made and not accepted."""
        person, day = self.person, self.person.occasion.known_until
        made = [
            (at, one)
            for at, one in enumerate(person.contact.apologies)
            if one.visibility != "never" and (one.date is None or one.date <= day)
        ]
        made.sort(key=lambda one: one[1].date or date.min, reverse=True)
        pending = tuple(one for one in made if one[1].taken in {"not yet", "refused"})
        relationship = person.contact.relationship
        owed = relationship is not None and relationship.apology_owed
        reason = (relationship.reason or "") if relationship else ""
        if owed and any(self._is_for(one, reason) for _, one in made):
            owed = False
        return Apologies(owed=owed, reason=reason, pending=pending)

    def _is_for(self, apology: Apology, reason: str) -> bool:
        """Whether an apology was made for the matter that one is owed for."""
        if not reason or not apology.for_:
            return True
        return share_words(apology.for_, reason, self.person.occasion.vocabulary.language)

    # Where they work

    @cached_property
    def former(self) -> Former | None:
        """The organization of the file, where they have left it."""
        contact = self.person.contact
        organization = contact.organization
        if organization is None:
            return None
        for event in self.events:
            if self._tells_of_leaving(event, organization):
                return Former(organization=organization, until=event.event.date)
        past = {name.casefold() for name in contact.past_organizations}
        if organization.casefold() in past:
            return Former(organization=organization)
        return (
            Former(organization=organization, sure=False) if self._writes_from_elsewhere else None
        )

    def _tells_of_leaving(self, event: Event, organization: str) -> bool:
        note = event.event.note
        is_past = event.first is None or event.first <= self.person.occasion.known_until
        lost = event.kind.family == "work_loss" or says("left_work", note, self.languages)
        return is_past and lost and _names(note, organization)

    @property
    def _writes_from_elsewhere(self) -> bool:
        """Whether the invitation names an address of theirs at a domain that is not the firm's."""
        return self.person.is_elsewhere

    # Silences

    @cached_property
    def silences(self) -> tuple[Silence, ...]:
        """Those to whom something hard happened, whom older lines no longer name."""
        return tuple(self._silences())

    def _silences(self) -> Iterator[Silence]:
        for event in self.events:
            if event.is_hard and (event.kind.family is None or event.kind.family in _PERSONAL):
                day = self.person.occasion.day
                if event.first is not None and event.first > day:
                    continue
                yield self._silence(event.event.note, event.first, event.kind.family)
        if not self._names_anybody:
            return
        for one in self.person.told[:_IN_CONTEXT]:
            summary = one.interaction.summary
            families = families_in(summary) if summary else []
            for sentence in _SENTENCES.split(summary or "") if families else ():
                found = [family for family in families_in(sentence) if family in _PERSONAL]
                if found:
                    yield self._silence(sentence, one.day, found[0])

    @cached_property
    def _names_anybody(self) -> bool:
        """Whether the file has anything that a silence could touch."""
        contact = self.person.contact
        return bool(
            contact.life_events or contact.interests or contact.talking_points or contact.to_share
        )

    def _silence(self, note: str, since: date | None, family: str | None) -> Silence:
        related = relations_in(note, self.languages)
        named = {fold(name) for one in related for name in one.names}
        named |= self._capitalised(note)
        relations = {one.relation for one in related}
        if family == "separation":
            relations |= _COUPLE
        if relations and not named:
            named = self._names_of(relations)
        return Silence(
            since=since, names=frozenset(named), relations=frozenset(relations), why=note
        )

    def _capitalised(self, note: str) -> set[str]:
        """Words of a note that may be names, but those of the contact and their organization."""
        contact = self.person.contact
        own = {fold(word) for word in words_of(f"{contact.name} {contact.organization or ''}")}
        own |= {
            fold(word) for word in words_of(" ".join((*contact.aliases, contact.call_me or "")))
        }
        found = set()
        for word in _CAPITALISED.finditer(note):
            bare = fold(word[0].removesuffix("'s").removesuffix("’s"))
            first = word.start() == 0
            if not word[0][0].isupper() or bare in own or len(bare) < _SHORTEST_NAME:
                continue
            if first and relations_in(word[0], self.languages):
                continue
            if bare not in _NO_NAMES and not (first and bare in _FIRST_WORDS):
                found.add(bare)
        return found

    def _names_of(self, relations: Iterable[str]) -> set[str]:
        """The names that stand beside a relation anywhere in the file."""
        wanted = set(relations)
        wanted |= {wider for one in wanted for wider in _WIDER.get(one, ())}
        return {
            fold(name)
            for text in self._every_text()
            for one in relations_in(text, self.languages)
            if one.relation in wanted
            for name in one.names
        }

    def _every_text(self) -> Iterator[str]:
        contact = self.person.contact
        yield from (event.note for event in contact.life_events)
        yield from (one.text for one in contact.interests)
        yield from (one.text for one in contact.talking_points)
        yield from (one.text for one in contact.to_share)
        yield from (one.interaction.summary or "" for one in self.person.told[:_LOOKED_AT])
        yield from [contact.notes] if contact.notes else []

    def silenced_by(self, text: str, written: date | None) -> str | None:
        """The hard event after which a text of that day is not said any more."""
        if not self.silences:
            return None
        words = {fold(word) for word in words_of(text)}
        for one in self.silences:
            if one.since is not None and written is not None and written > one.since:
                continue
            if not words.isdisjoint(one.names) or self._relates(text, one):
                return one.why
        return None

    def _relates(self, text: str, silence: Silence) -> bool:
        """Whether a text speaks of the relation alone, or of it and a name that is silenced."""
        wanted = set(silence.relations)
        wanted |= {wider for one in wanted for wider in _WIDER.get(one, ())}
        return any(
            one.relation in wanted
            and (not one.names or not silence.names.isdisjoint(map(fold, one.names)))
            for one in relations_in(text, self.languages)
        )

    @cached_property
    def not_asked(self) -> tuple[str, ...]:
        """What is not to be asked about, in the user's own words."""
        contact, vocabulary = self.person.contact, self.person.occasion.vocabulary
        texts = [point.text for point in contact.talking_points]
        adjusts = (
            one.interaction.reflection.adjust
            for one in self.person.told[:_IN_CONTEXT]
            if one.interaction.reflection and one.interaction.reflection.adjust
        )
        found = [
            what for text in (*texts, *adjusts) if (what := not_to_be_asked(text, self.languages))
        ]
        for approach in contact.approaches:
            if fold(approach.landed or "").strip(" .!") in vocabulary.badly:
                said = not_to_be_asked(f"do not {_to_ask(approach.tried)}", self.languages)
                found += [said] if said else []
        return tuple(found)

    def unasked_by(self, text: str) -> str | None:
        """What the user does not want to ask about, and a text asks about."""
        language = self.person.occasion.vocabulary.language
        return next((what for what in self.not_asked if share_words(what, text, language)), None)

    # Lines

    def refusal(self, line: Line) -> LeftOut | None:
        """Why a line of this person must not stand on the page; None where it may."""
        written = self._written(line)
        if line.rule in _OF_THEIR_LIFE | {"promise", "promise-of-theirs", "needs"}:
            said = f"{line.text} {line.note}"
            if (why := self.silenced_by(said, written)) is not None:
                return LeftOut(line=line, reason="silence", by=why)
        if line.rule in _ASKS and line.mark != "not-today":
            if (why := self.unasked_by(f"{line.text} {line.note}")) is not None:
                return LeftOut(line=line, reason="silence", by=why)
        state = silencing_state(line, self.states, sells=self._sells(line))
        return LeftOut(line=line, reason="state", by=state) if state else None

    def _sells(self, line: Line) -> bool:
        if line.rule not in _MAY_SELL or CARE.isdisjoint(self.states):
            return False
        return is_pitch(line.text, self.languages)

    def _written(self, line: Line) -> date | None:
        """The day of what a line says, as far as the file tells it."""
        return self.person.written_on(line)


_MAY_SELL: Final = frozenset(
    {"written", "to-share", "promise", "approach", "occasion", "next-step"}
)
"""Rules whose lines the user wrote: what they may want to sell. What *they* said is no pitch."""
_FIRST_WORDS: Final = frozenset(
    {"his", "her", "their", "the", "moved", "lost", "had", "has", "after"}
)
_NO_NAMES: Final = frozenset(
    """
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday christmas easter told died
    """.split()  # noqa: SIM905  # a list of words reads better as words
)


def _gravity(event: Event) -> tuple[int, int]:
    graves = event.kind.gravity if event.kind.is_grief and event.kind.gravity is not None else 50
    return graves, -(event.first or date.min).toordinal()


def _to_ask(tried: str) -> str:
    """`asked about the house` as it stands after "do not"."""
    return re.sub(r"^ask(?:ed|ing)\b", "ask", tried, flags=re.IGNORECASE)


def _names(text: str, organization: str) -> bool:
    flat, words = fold(text), fold(organization).split()
    return fold(organization) in flat or (bool(words) and len(words[0]) > 3 and words[0] in flat)  # noqa: PLR2004


class Apart(Value, frozen=True, kw_only=True):
    """Two participants of whom one spoke of the other: nothing of it is on the sheet."""

    one: str
    other: str
    source: str


class Knowledge:
    """What is known of all who meet, and what each says of the others."""

    def __init__(self, occasion: "Occasion") -> None:
        self._occasion = occasion
        self._known: dict[str, Known] = {}
        self.hidden: list[LeftOut] = []
        self.apart: dict[tuple[str, str], bool] = {}
        """Pairs of whom one spoke of the other, by their keys, and whether it was a complaint."""

    def of(self, person: "Person") -> Known:
        """What is known of one person."""
        if person.key not in self._known:
            self._known[person.key] = Known(person, self)
        return self._known[person.key]

    # What one says of another

    def interactions_of(self, person: "Person") -> tuple[Dated, ...]:
        """What happened, without what must not be read by others in the room, and as it is known.

        A need that was met later, or that is none, is told as such.
        """
        told = list(person.told)
        for at in self._naming_others(person):
            told[at] = self._without_others(person, told[at])
        kept = [one for one in told if one is not _SECRET]
        for at in range(min(len(kept), _LOOKED_AT)):
            kept[at] = self._as_known(person, kept, at)
        return tuple(kept)

    def _naming_others(self, person: "Person") -> list[int]:
        """The places of interactions in which another participant is named."""
        others = [one for one in self._occasion.people if one is not person]
        if not others:
            return []
        texts = [_every_word(one.interaction) for one in person.told]
        flat = fold("\0".join(texts))
        near = [other for other in others if any(name in flat for name in other.called.hints)]
        return [
            at
            for at, text in enumerate(texts)
            if near and any(other.called.in_text(text) for other in near)
        ]

    def _without_others(self, person: "Person", dated: Dated) -> Dated:
        one = dated.interaction
        for other in self._occasion.people:
            if other is person or not other.called.in_text(_every_word(one)):
                continue
            languages = self.of(person).languages
            if one.visibility == "never" or says("secret", _every_word(one), languages):
                self._hide(person, dated, other, "secret")
                return _SECRET
            self._hide(person, dated, other, "named")
            one = one.model_copy(update=_silenced(one, other))
        return Dated(dated.day, dated.at, one)

    def _hide(self, person: "Person", dated: Dated, other: "Person", why: str) -> None:
        line = person.line(
            "history", _every_word(dated.interaction), "of-another", "interactions", dated.at,
            label=person.short,
        )  # fmt: skip
        self.hidden.append(LeftOut(line=line, reason="present", by=f"{other.short} ({why})"))
        tone = self._occasion.vocabulary.tone(dated.interaction.signals)
        harsh = why == "secret" or tone in {"low", "mixed"} or bool(dated.interaction.unsaid)
        pair = (person.key, other.key)
        key = pair if pair in self.apart or pair[::-1] not in self.apart else pair[::-1]
        self.apart[key] = self.apart.get(key, False) or harsh

    def _as_known(self, person: "Person", kept: Sequence[Dated], at: int) -> Dated:
        """An interaction with its need as it is known by now, and without what tact hides in it."""
        dated, known = kept[at], self.of(person)
        one = dated.interaction
        changes: dict[str, object] = {}
        if one.needs and is_nothing(one.needs, known.languages):
            changes |= {"needs": None, "needs_met": None}
        elif one.needs and one.needs_met != "yes" and self._was_met(person, kept, at):
            changes["needs_met"] = "yes"
        if at < _IN_CONTEXT and one.summary and person.occasion.tact.avoided_in(one.summary):
            changes |= {"summary": self._tactful(person, one.summary), "words": None}
            changes |= {"unsaid": None, "signals": ()}
        if not changes:
            return dated
        return Dated(dated.day, dated.at, one.model_copy(update=changes))

    def _tactful(self, person: "Person", summary: str) -> str | None:
        """The sentences of a summary that mention nothing that is avoided."""
        parts = _SENTENCES.split(summary)
        kept = [part for part in parts if not person.occasion.tact.avoided_in(part)]
        return " ".join(part.strip() for part in kept) or None

    def _was_met(self, person: "Person", kept: Sequence[Dated], at: int) -> bool:
        """Whether a later interaction, a kept promise or a resolved concern met a need."""
        need, day = kept[at].interaction.needs or "", kept[at].day
        met = [
            later.interaction.needs
            for later in kept[:at]
            if later.interaction.needs and later.interaction.needs_met == "yes"
        ]
        until, contact = person.occasion.known_until, person.contact
        met += [p.text for p in contact.promises if _is_done(p, day, until)]
        for concern in contact.concerns:
            resolved = concern.resolved.first_day() if concern.resolved else None
            if resolved is not None and day <= resolved <= until:
                met.append(concern.text)
        return any(_answers(text, need, person.occasion.vocabulary.language) for text in met)

    # Lines

    def refusal(self, line: Line) -> LeftOut | None:
        """Why a line must not stand on the page, for the one it is about or another present."""
        occasion = self._occasion
        about = [p for p in occasion.people if p.key == line.who]
        if not about and line.rule == "no-agenda":
            about = list(occasion.people)
        for person in about:
            if (refused := self.of(person).refusal(line)) is not None:
                return refused
        if line.who is not None and line.rule in _TELLING:
            for other in occasion.people:
                if other.key != line.who and other.called.in_text(line.text):
                    return LeftOut(line=line, reason="present", by=other.short)
        if line.who is not None and line.rule in {"needs", "concern", "unsaid", "no-agenda"}:
            if self._asks_for_a_secret(line):
                return LeftOut(line=line, reason="present", by="a secret of another participant")
        return self._sells_to_somebody(line, about)

    def _sells_to_somebody(self, line: Line, about: Sequence["Person"]) -> LeftOut | None:
        """A pitch is out of place where anybody in the room is hurt or strained."""
        if line.rule not in _MAY_SELL:
            return None
        for other in self._occasion.people:
            known = self.of(other)
            state = next((s for s in STATES[:5] if s in known.states), None)
            if other not in about and state and is_pitch(line.text, known.languages):
                return LeftOut(line=line, reason="state", by=f"{other.short}: {state}")
        return None

    def _asks_for_a_secret(self, line: Line) -> bool:
        secrets = [
            one.line.text for one in self.hidden
            if one.by.endswith("(secret)") and one.line.who != line.who
        ]  # fmt: skip
        language = self._occasion.vocabulary.language
        return bool(secrets) and bool(Topics([line.text], language).touched_by(secrets))


_SECRET: Final = Dated(date.min, -1, Interaction(date=date.min))
"""In the place of an interaction of which nothing may be said."""
_TELLING: Final = frozenset(
    {"words", "unsaid", "needs", "concern", "written", "approach", "adjust"}
)
"""Rules whose lines tell what somebody said or felt."""


def _every_word(one: Interaction) -> str:
    return "\n".join(part for part in (one.summary, one.words, one.unsaid, one.needs) if part)


def _silenced(one: Interaction, other: "Person") -> dict[str, object]:
    """What is left of an interaction without the sentences and items that name somebody."""
    changes: dict[str, object] = {}
    if one.summary and other.called.in_text(one.summary):
        kept = [part for part in _SENTENCES.split(one.summary) if not other.called.in_text(part)]
        changes["summary"] = " ".join(part.strip() for part in kept) or None
    for field in ("words", "unsaid", "needs"):
        said = getattr(one, field)
        if said and other.called.in_text(said):
            changes[field] = None
    if "needs" in changes:
        changes["needs_met"] = None
    return changes


def _is_done(promise: Promise, since: date, until: date) -> bool:
    return promise.kept is not None and since <= promise.kept <= until and promise.by == "me"


def _answers(text: str, need: str, language: str) -> bool:
    """Whether most of what a need is about stands in a text."""
    topics = Topics([need], language)
    wanted = topics.of_each[0]
    touched = topics.touched_by([text]).get(0, frozenset())
    return bool(wanted) and len(touched) * 2 > len(wanted)
