"""The occasion: one meeting as the rules of the brief see it, and what is known about each person.

Each file is read as a whole before any line is made. Every rule looks up here which hard events
there are and whom they name, what must not be asked, which needs have been met, what was apologised
for, where someone no longer works, and which states each person is in. Over 400 lines, because each
of these depends on some of the others.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cached_property
from itertools import islice, takewhile
from typing import Final

from briefgen.brief.apologies import Apologies, apologies_of, is_done
from briefgen.brief.brief import LeftOut, Line, Participant
from briefgen.brief.care import Care
from briefgen.brief.company import every_word, is_off_the_record
from briefgen.brief.events import Event, events_of, hard_now
from briefgen.brief.former_firms import FormerFirms
from briefgen.brief.interactions import Interactions, LaterNotes, answers
from briefgen.brief.not_asked import NotAsked
from briefgen.brief.presence import Presence
from briefgen.brief.relations import relations_in
from briefgen.brief.silences import (
    NEAREST,
    Confidence,
    Silence,
    confidences_of,
    may_name,
    silences_in_notes,
    silences_of,
)
from briefgen.brief.states import STATES, State
from briefgen.brief.subject import Setting, Subject
from briefgen.brief.word_families import kinds, mentions_in
from briefgen.brief.wording import last_day
from briefgen.brief.words import fold, words_of
from briefgen.contacts.book import Dated
from briefgen.contacts.contact import Situation
from briefgen.contacts.dates import PartialDate

FRESH: Final = timedelta(days=92)
"""How long a signal counts as a present mood."""
NEED_FOR: Final = timedelta(days=400)
"""A need older than this no longer counts as open."""
_HEAVY_FOR: Final = timedelta(days=240)
"""How long a grave illness, or a hard event that only a note mentions, is taken to go on."""
_TOLD_WITHIN: Final = timedelta(days=92)
"""A note of a loss this close in time to a loss on file is about the same one."""
_BRIGHTER_AFTER: Final = timedelta(days=60)
"""How long before a note of good spirits a hard event may be and still count."""
_SNAPSHOT_FOR: Final = timedelta(days=270)
"""A situation older than this is dropped whole once any part of it is out of date."""
_A_YEAR: Final = 365
_LOST: Final = frozenset({"death", "child_loss", "pet_death"})
_AT_THAT_TIME: Final = timedelta(days=31)
_NOT_MET: Final[frozenset[str | None]] = frozenset({"no", "partly", None})
_WORRIED: Final = frozenset({"worry", "strain", "sorrow"})
"""Families of signals that call for care and few words."""
_CARE_IS_IN: Final = frozenset(
    {"apologies", "concerns", "interactions", "life_events", "relationship"}
)
"""Fields that show what care someone needs: if one cannot be read, assume the worst."""
_PRONOUNS: Final = (
    "he him his himself", "she her hers herself", "il lui", "elle", "ella", "hij hem", "ele dele",
    "ela dela",
)  # fmt: skip
"""Forms of pronouns that refer to one person and have no other meaning."""
_SIGNALS_FOR: Final = timedelta(days=365)
"""Older signals say nothing about today."""
_MOODS: Final = 5
_MOST_READ: Final = 240
"""For how many interactions, all people together, the words are examined."""


class Person(Subject):
    """A participant with a file, and what the file means when it is read as a whole."""

    occasion: "Occasion"

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The life events on file, each with its kind."""
        return events_of(self)

    @cached_property
    def blows(self) -> tuple[Event, ...]:
        """Hard events, recent or near, that may be mentioned; the gravest first."""
        found = hard_now(self.events, self.day)
        # A death also covers the illness before it.
        lost = [one for one in self.silences if one.family in _LOST]
        return tuple(
            one
            for one in found
            if not (self._is_unspoken(one) or self._is_kept_quiet(one) or self._is_left_alone(one))
            and not any(each.covers(one.event.note, one.first, self.languages) for each in lost)
        )

    def _is_left_alone(self, event: Event) -> bool:
        """Whether others are there and they do not want to discuss it; never for grief."""
        return not (event.is_grief or self.occasion.alone) and any(
            self.says("left_alone", one.interaction.summary or "")
            for one in self._mentions_of(event)
        )

    def was_spoken_of(self, event: Event) -> bool:
        """Whether you have talked with them since it was first noted."""
        talk = self.last_talk
        return talk is not None and any(one.day <= talk.day for one in self._mentions_of(event))

    def _mentions_of(self, event: Event) -> Iterator[Dated]:
        """The interactions since an event that mention it, or happened on the same day."""
        told = self.content_stems(event.event.note)
        for one in self.interactions_on_file:
            if event.first is None or one.day < event.first:
                return
            on_the_day = one.day == event.first == event.last
            if on_the_day or told & self.content_stems(one.interaction.summary or ""):
                yield one

    def _is_unspoken(self, event: Event) -> bool:
        """Whether an event must not be mentioned: avoided, not to be asked about, or a quarrel.

        Nor must an event of someone else who is there, except for a common loss.
        """
        note = event.event.note
        if event.hidden or self.not_asked.mentioned_in(note) is not None:
            return True
        if event.is_grief and not self._befell_another(event):
            return False
        quarrel = not event.kind.sure and self.says("harsh", note)
        others = (one for one in self.occasion.people if one is not self)
        return event.is_grief or quarrel or any(one.called.in_text(note) for one in others)

    def _is_known_to_all(self, event: Event) -> bool:
        """Whether the files of everyone there have the same event, so that it is no secret."""
        return all(
            any(
                (theirs.kind.family, theirs.first) == (event.kind.family, event.first)
                for theirs in other.events
            )
            for other in self.occasion.people
            if isinstance(other, Person)
        )

    def _befell_another(self, event: Event) -> bool:
        """Whether a grave illness is that of a relative who is there, and whose file has it too."""
        if event.kind.family != "grave_illness" or self.occasion.alone:
            return False
        if not relations_in(event.event.note, self.languages):
            return False
        return any(
            theirs.kind.family == event.kind.family
            and theirs.first == event.first
            and not relations_in(theirs.event.note, other.languages)
            for other in self.occasion.presence.colleagues.others_in(self, event.event.note)
            if isinstance(other, Person)
            for theirs in other.events
        )

    def _is_only_unasked(self, event: Event) -> bool:
        """Whether an event other than grief must not be asked about but is otherwise no secret."""
        is_unasked = self.not_asked.mentioned_in(event.event.note) is not None
        return is_unasked and not (event.hidden or event.is_grief)

    def _is_kept_quiet(self, event: Event) -> bool:
        """Whether others are there and a note says that you alone were told."""
        if self.occasion.alone or self._is_known_to_all(event):
            return False
        told = (every_word(one.interaction) for one in self._mentions_of(event))
        return any(is_off_the_record(text, self.languages) for text in (event.event.note, *told))

    @cached_property
    def in_grief(self) -> bool:
        """Whether the page should be one of grief."""
        return any(one.is_grief and (one.days_since(self.day) or 0) >= 0 for one in self.blows)

    @cached_property
    def mourns(self) -> bool:
        """Whether they have had a cause for grief within the last year."""
        return bool(self._griefs)

    @cached_property
    def is_bereaved(self) -> bool:
        """Whether their husband, wife, partner or child died within the last year."""
        return any(
            one.kind.family == "child_loss"
            or (
                one.kind.family == "death"
                and any(
                    near.relation in NEAREST
                    for near in relations_in(one.event.note, self.languages)
                )
            )
            for one in self._griefs
        )

    @cached_property
    def _griefs(self) -> tuple[Event, ...]:
        return tuple(
            one
            for one in self.events
            if one.is_grief
            and (since := one.days_since(self.day)) is not None
            and 0 <= since <= _A_YEAR
        )

    @cached_property
    def is_heavy(self) -> bool:
        """Whether something grave is still going on, so that cheerful lines are out of place."""
        day, grave = self.day, kinds().grief
        told = [
            one.since
            for one in self.silences_in_notes
            if one.family in grave and not self._is_on_file(one)
        ]
        told += [
            one.first
            for one in self.events
            if one.is_hard and one.kind.family == "grave_illness" and not one.kind.turned_well
        ]
        until = day - _HEAVY_FOR
        felt = self.felt[0] if self.felt else None
        if felt and self.occasion.vocabulary.tone(felt.interaction.signals) == "high":
            until = max(until, felt.day - _BRIGHTER_AFTER)
        return any(since is not None and until <= since <= day for since in told)

    def _is_on_file(self, told: Silence) -> bool:
        """Whether an event in a note is also on file, with a date of its own."""
        return any(
            one.kind.family == told.family
            and one.first is not None
            and told.since is not None
            and abs(told.since - one.first) <= _TOLD_WITHIN
            for one in self.events
        )

    @cached_property
    def care(self) -> Care:
        """What not to bring them, and what to keep in mind in the room."""
        return Care(self, self.events, self.later_notes)

    @cached_property
    def later_notes(self) -> LaterNotes:
        """Which older notes are out of date because of later ones."""
        return LaterNotes(self, self.events)

    @cached_property
    def situation(self) -> Situation:
        """Where they are and want to be, as far as later notes do not contradict it."""
        situation = self.contact.situation or Situation()
        day = (last_day(situation.as_of) if situation.as_of else None) or date.min
        now, wanted = situation.current_state, situation.desired_outcome
        still = self.later_notes.still_so(now, day) if now else ""
        wants = bool(wanted) and not self.later_notes.is_reached(wanted or "", day)
        if still == (now or "") and wants == bool(wanted):
            return situation
        if self.day - day > _SNAPSHOT_FOR:
            return Situation()  # it is old, and part of it is known to be wrong
        return situation.model_copy(
            update={"current_state": still or None, "desired_outcome": wanted if wants else None}
        )

    @cached_property
    def silences(self) -> tuple[Silence, ...]:
        """People to whom something hard happened, so that older lines must not name them."""
        return tuple(silences_of(self, self.events))

    @cached_property
    def confidences(self) -> tuple[Confidence, ...]:
        """What was told in confidence or must be in no brief, so that nothing may hint at it."""
        return tuple(confidences_of(self, self.events))

    @cached_property
    def interactions(self) -> Interactions:
        """Their interactions, as they may be printed."""
        return Interactions(
            self, self.occasion.presence, self.confidences, self.apologies, self.later_notes
        )

    # States

    @cached_property
    def states(self) -> frozenset[State]:
        """Every state this person is in."""
        care = frozenset(self._care())
        if care:
            return care
        if self.wish is not None:
            return frozenset({"wish"})
        if self.status == "lapsed":
            return frozenset({"lapsed"})
        return frozenset({"first" if self.never_met else "steady"})

    @property
    def ruling(self) -> State:
        """The strictest of these states."""
        over = {"strained"} if self.apologies.reconciled and len(self.states) > 1 else set()
        return next(state for state in STATES if state in self.states - over)

    def _care(self) -> Iterator[State]:
        if self.in_grief:
            yield "grief"
        hard = hard_now(self.events, self.day)
        hidden = [one for one in hard if self._is_unspoken(one) and not self._is_only_unasked(one)]
        told = [
            one
            for one in hard
            if one in self.blows or self._is_kept_quiet(one) or self._is_only_unasked(one)
        ]
        if not self.in_grief and any(not one.kind.turned_well for one in told):
            yield "blow"
        if hidden or not _CARE_IS_IN.isdisjoint(self.file.lost):
            yield "hidden"
        if self.apologies.owed or self.apologies.pending:
            yield "apology"
        if self.status == "strained":
            yield "strained"
        if self._is_worried:
            yield "worried"

    @property
    def _is_worried(self) -> bool:
        person = self
        if not person.felt or person.day - person.felt[0].day > FRESH:
            return False
        vocabulary = person.occasion.vocabulary
        found = [vocabulary.find(word) for word in person.felt[0].interaction.signals]
        return any(signal is not None and signal.family.name in _WORRIED for signal in found)

    @property
    def never_met(self) -> bool:
        """Whether the file and the calendar show no contact at all, however old.

        What is dated in the future is of a meeting that was reflected on before it began.
        """
        contact, until = self.contact, self.occasion.known_until
        days: tuple[PartialDate | date | None, ...] = (
            *(one.made for one in contact.promises),
            *(one.date for one in contact.life_events),
            *(one.date for one in contact.concerns),
            *(one.date for one in contact.approaches),
            *(one.date for one in contact.apologies),
        )
        firsts = (day.first_day() if isinstance(day, PartialDate) else day for day in days)
        is_noted = any(first is None or first <= until for first in firsts)
        is_told = self.relationship.reason or self.status in {"strained", "lapsed"}
        return not (
            self.file.lost
            or self.interactions_on_file
            or self.ever_in_calendar
            or is_noted
            or is_told
        )

    # Needs

    @cached_property
    def need(self) -> Dated | None:
        """The newest interaction with a need that is not known to be met."""
        return next(self._needs(_NOT_MET), None)

    @cached_property
    def wish(self) -> Dated | None:
        """The newest interaction with an open need for an offer or a price."""

        def is_wish(need: str) -> bool:
            return self.says("wish", need) and not self.says("no_wish", need)

        return next(self._needs(_NOT_MET, is_wish), None)

    def _needs(
        self, met: frozenset[str | None], is_meant: Callable[[str], bool] = bool
    ) -> Iterator[Dated]:
        since = self.day - NEED_FOR
        return self.interactions.with_need(
            lambda one: one.date >= since and one.needs_met in met and is_meant(one.needs or "")
        )

    def was_done_since(self, what: str, day: date | None) -> bool:
        """Whether a promise of mine about the same thing has been kept since a day."""
        language, until = self.language, self.occasion.known_until
        return any(
            is_done(one, day or date.min, until)
            and (
                answers(one.text, what, language)
                or (day is not None and one.made == day and self.share_words(one.text, what))
            )
            for one in self.contact.promises
        )

    @cached_property
    def apologies(self) -> Apologies:
        """Which apologies are owed, how earlier ones were taken, and what they closed."""
        return apologies_of(self)

    # Where they work

    @cached_property
    def firms(self) -> FormerFirms:
        """The firms that they have left."""
        return FormerFirms(self, self.events)

    @cached_property
    def not_asked(self) -> NotAsked:
        """What not to ask them about."""
        return NotAsked(self)

    @cached_property
    def _former_pronouns(self) -> frozenset[str]:
        """Pronouns they no longer use, if a life event is about new ones."""
        is_new = any(self.is_about_a_name(one.event.note) for one in self.events)
        return self._pronouns_of_others if is_new else frozenset()

    @cached_property
    def _pronouns_of_others(self) -> frozenset[str]:
        """Pronouns that cannot be theirs; none if theirs are not on file."""
        own = {fold(word) for word in words_of((self.contact.pronouns or "").replace("/", " "))}
        if not own:
            return frozenset()
        return frozenset(
            word for forms in _PRONOUNS if own.isdisjoint(forms.split()) for word in forms.split()
        )

    def speaks_of_another(self, sentence: str) -> bool:
        """Whether a sentence has a pronoun that is not theirs."""
        return not self._pronouns_of_others.isdisjoint(map(fold, words_of(sentence)))

    def is_of_a_former_name(self, day: date) -> bool:
        """Whether a day was before they took their present name or pronouns."""
        return any(
            one.first is not None and day < one.first and self.is_about_a_name(one.event.note)
            for one in self.events
        )

    def is_unfit_to_read(self, sentence: str) -> bool:
        """Whether a sentence of an old note uses a former name, or mentions what it must not."""
        names = self.former_names | self._former_pronouns
        if names and not names.isdisjoint(map(fold, words_of(sentence))):
            return True
        told = self.content_stems(sentence) if self.not_asked.not_mentioned else frozenset()
        return any(told & self.content_stems(what) for what in self.not_asked.not_mentioned)

    # Lines

    def silenced_by(self, text: str, written: date | None) -> str | None:
        """The hard event that forbids printing a text of that day."""
        every = self.silences
        if may_name(text):
            every = (*every, *self.silences_in_notes)
        return next((one.why for one in every if one.covers(text, written, self.languages)), None)

    def is_of_before(self, sentence: str, day: date) -> bool:
        """Whether a sentence of a note predates a death or a separation that it should reflect.

        It names them, or them both, or a plan that names them elsewhere in the file.
        """
        if not self.silences and not self.silences_in_notes:
            return False  # as with most files
        if self.silenced_by(sentence, day) is not None:
            return True
        for one in self.silences:
            if one.since is not None and day > one.since:
                continue
            if one.of_a_couple and self.says("both", sentence):
                return True
            if not self._plans_with(one).isdisjoint(self.content_stems(sentence)):
                return True
        return False

    def _plans_with(self, silence: Silence) -> frozenset[str]:
        """The words of plans with someone, and of what was expected of them."""
        contact = self.contact
        texts = [one.text for one in (*contact.interests, *contact.to_share)]
        texts += [one.text for one in contact.talking_points]
        texts += [one.note for one in contact.life_events if one.note != silence.why]
        plans = [text for text in texts if silence.covers(text, None, self.languages)]
        found = frozenset[str]().union(*(self.content_stems(text) for text in plans))
        return found - silence.names - self.content_stems(f"{contact.name} {silence.why}")

    @cached_property
    def silences_in_notes(self) -> tuple[Silence, ...]:
        """Silences because of hard events that only the latest notes mention."""
        return tuple(silences_in_notes(self))

    def is_of_an_old_blow(self, day: date) -> bool:
        """Whether a note is from the days of something hard, more than a year ago."""
        return (self.day - day).days > _A_YEAR and any(
            one.is_hard and one.first is not None and abs(day - one.first) <= _AT_THAT_TIME
            for one in self.events
        )

    @property
    def _well_again(self) -> Iterator[date]:
        """The days on which something hard was over; earlier moods no longer count."""
        for event in self.contact.life_events:
            day = event.date.first_day() if event.date else None
            if day is None or day > self.occasion.known_until:
                continue
            if mentions_in(event.note, self.languages, among=kinds().good_end):
                yield day

    @cached_property
    def felt(self) -> tuple[Dated, ...]:
        """The last interactions with signals, the newest first, of at most a year.

        For someone without a block, who has no mood line, only the last. None if the newest must
        not be shown: an older one would show another mood.
        """
        since, most = self.day - _SIGNALS_FOR, _MOODS if self.has_block else 1
        since = max([since, *self._well_again])
        of_late = takewhile(lambda one: one.day >= since, self.interactions)
        found = tuple(islice((one for one in of_late if one.interaction.signals), most))
        newest = next((one for one in self.interactions_on_file if one.interaction.signals), None)
        return found if found and newest and found[0].at == newest.at else ()


class Occasion(Setting, frozen=True, kw_only=True, dict=True):
    """One meeting as the rules see it."""

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """The participants with a file, in the order of the page."""
        known = [(p, p.contact) for p in self.participants if p.contact is not None]
        depth = max(20, _MOST_READ // max(1, len(known)))
        return tuple(
            Person(
                participant,
                file,
                short=self.shorts[participant.key],
                occasion=self,
                place=at,
                depth=depth,
            )
            for at, (participant, file) in enumerate(known)
        )

    @property
    def is_first_meeting(self) -> bool:
        """Whether nobody has been met before; False if an unused file may be theirs."""
        is_unclear = any(one.may_be_on_file for one in self.participants)
        known = self.people
        return bool(self.participants) and not is_unclear and all(p.never_met for p in known)

    def person(self, participant: Participant) -> Person | None:
        """The person for a participant; None without a file."""
        return self._by_key.get(participant.key)

    def person_of(self, line: Line) -> Person | None:
        """The person a line is about."""
        return self._by_key.get(line.who or "")

    @cached_property
    def _by_key(self) -> dict[str, Person]:
        return {person.key: person for person in self.people}

    @cached_property
    def presence(self) -> Presence:
        """What one of them must not read about, or from, another."""
        return Presence(self)

    def hidden(self) -> Iterator[LeftOut]:
        """What is kept off the sheet from the interactions; computed only on request."""
        for one in self.people:
            yield from one.interactions.hidden()
