"""One meeting and the people in it, as their files and the calendar have them.

What the files mean when read as a whole is in `occasion.py`. Over 400 lines, because it offers
every field of a file that a rule needs.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from operator import attrgetter, ne
from typing import Final
from zoneinfo import ZoneInfo

from briefgen.brief.additions import Additions
from briefgen.brief.brief import Line, Mark, Participant, Section, Source
from briefgen.brief.company import NotNamed
from briefgen.brief.match import colleagues, domains_of
from briefgen.brief.names import NameSearch, names_of, short_names
from briefgen.brief.phrases import PhraseKind, reading_languages, says, says_any, says_where
from briefgen.brief.redaction import Tact
from briefgen.brief.relations import avoided_with, relations_in
from briefgen.brief.signals import Vocabulary
from briefgen.brief.word_families import languages_of, mentions_in
from briefgen.brief.wording import Wording, last_day
from briefgen.brief.words import Topics, content_stems, fold, sentences_of, share_words, words_of
from briefgen.contacts.book import ContactBook, ContactFile, Dated
from briefgen.contacts.contact import Contact, Interaction, Relationship, Visibility
from briefgen.contacts.dates import OLDEST, PartialDate
from briefgen.meetings.meeting import Meeting, PastMeeting
from briefgen.workspace.addresses import domain_of, is_freemail, within
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Edition, Settings
from briefgen.workspace.value import Value

BLOCKS: Final = 3
"""How many people have a block; everyone else has one line."""
SPOKEN: Final = frozenset({"meeting", "call", "visit"})
"""Channels in which people talk; the others are for writing or giving."""
_MOST_NAMES: Final = 3
"""More words than this before a verb are not a name."""
_WORD: Final = re.compile(r"[^\W_]+")
_DAY_OF: Final[dict[str | int, str]] = {
    "interactions": "date",
    "life_events": "date",
    "promises": "made",
    "talking_points": "from_",
    "concerns": "date",
    "situation": "as_of",
}
"""The field of an entry that says when it was written."""
_TEXT_OF: Final[dict[str | int, str]] = {
    "talking_points": "text",
    "to_share": "text",
    "promises": "text",
    "approaches": "tried",
}
"""The field of an entry that says what it is about, without the words a line puts around it."""

_ByCompany = Mapping[frozenset[str], Sequence[PastMeeting]]
"""The meetings of each set of invited addresses, by start."""


class Setting(Value, frozen=True, kw_only=True, dict=True):
    """One meeting, according to the calendar, the settings and the contact book.

    Attributes:
        day: the meeting's own local date, to which every age counts.
        known_until: the last day about which the file can know anything.
        participants: those who take part, the one who decides first.
        past: earlier meetings in the calendar, within `history.months`, by start.
        agenda: what is to be discussed, if anyone has said so.
        coming_up: the events of calendars that are marked `use: occasions`, by start.
        in_confidence: whether what was told in confidence may be shown, as only the terminal does.
    """

    meeting: Meeting
    day: date
    known_until: date
    edition: Edition
    settings: Settings
    language: Language
    book: ContactBook
    vocabulary: Vocabulary
    participants: tuple[Participant, ...] = ()
    additions: tuple[Additions, ...] = ()
    past: tuple[PastMeeting, ...] = ()
    neighbours: tuple[Meeting, ...] = ()
    agenda: tuple[str, ...] = ()
    coming_up: tuple[Meeting, ...] = ()
    in_confidence: bool = False

    @property
    def people(self) -> Sequence["Subject"]:
        """The participants with a file, in the order of the page."""
        raise NotImplementedError

    @cached_property
    def words(self) -> Wording:
        """Ages, dates and counts in the user's language."""
        return Wording(language=self.language, day=self.day)

    @cached_property
    def topics(self) -> Topics:
        """What the meeting is about, by its title and agenda.

        The invitation may be in the language of the participants, whatever the workspace uses.
        """
        told = (self.meeting.title, *self.agenda)
        theirs = (participant.contact for participant in self.participants)
        spoken = (file.contact.language for file in theirs if file is not None)
        own = reading_languages(self.vocabulary.language, *dict.fromkeys(spoken))
        return Topics(told, *languages_of("\n".join(told), own))

    @cached_property
    def celebrates(self) -> bool:
        """Whether the title or the agenda mentions a celebration."""
        said = "\n".join((self.meeting.title, *self.agenda))
        return says("celebration", said, reading_languages(self.vocabulary.language))

    @cached_property
    def guarded(self) -> NotNamed:
        """The people who may not be named on the sheet."""
        agenda = " ".join((self.meeting.title, *self.agenda))
        firms = [person.contact.organization or "" for person in self.people]
        entries = [one for one in self.book.entries() if (one.organization or "\n") not in agenda]
        team = colleagues(self.meeting, self.settings.me)
        return NotNamed(entries, ours=firms, colleagues=team)

    @cached_property
    def words_of_firms(self) -> frozenset[str]:
        """The words in the names of their organizations, without case and accents."""
        firms = {person.contact.organization or "" for person in self.people}
        return frozenset(fold(word) for firm in firms for word in firm.split())

    @cached_property
    def shorts(self) -> dict[str, str]:
        """How lines name each participant, by their keys."""
        wanted = [p.contact.contact.call_me if p.contact else None for p in self.participants]
        names = short_names([p.shown_name for p in self.participants], wanted)
        same = {name for name, count in Counter(names).items() if count > 1}
        return {
            p.key: _distinct_name(p, name) if name in same else name
            for p, name in zip(self.participants, names, strict=True)
        }

    @cached_property
    def tact(self) -> Tact:
        """What to avoid with the people in the meeting, and who may see what."""
        return Tact.with_words(
            (word for one in self.people for word in avoided_with(one.contact, one.languages)),
            language=self.vocabulary.language,
            edition=self.edition,
            languages=(one.contact.language for one in self.people),
        )

    @cached_property
    def alone(self) -> bool:
        """Whether only one person is met, so that lines need not name them."""
        return len(self.participants) == 1

    def feed_line(self, section: Section, text: str, rule: str, **fields: object) -> Line:
        """A line whose source is the feed; the client has it too."""
        source = Source(file=self.meeting.feed, line=self.meeting.line)
        given: dict[str, object] = {"visibility": "print", **fields}
        return Line(section=section, text=text, rule=rule, source=source, **given)  # type: ignore[arg-type]

    def ever(self, addresses: frozenset[str]) -> tuple[PastMeeting, ...]:
        """Every meeting with someone in the calendar, however old, by start."""
        return _with_any_of(addresses, self._ever_by_company)

    def appointments(self, addresses: frozenset[str]) -> tuple[PastMeeting, ...]:
        """The recent meetings with someone, by start, without those they declined."""
        invited = self.invitations(addresses)
        if not addresses & self._who_declined:
            return invited
        return tuple(
            one
            for one in invited
            if not any(one.participation.get(a) == "DECLINED" for a in addresses & one.addresses)
        )

    def invitations(self, addresses: frozenset[str]) -> tuple[PastMeeting, ...]:
        """The same, with those they declined."""
        return _with_any_of(addresses, self._past_by_company)

    @cached_property
    def _who_declined(self) -> frozenset[str]:
        return frozenset(
            address
            for one in self.past
            if "DECLINED" in one.participation.values()
            for address, answer in one.participation.items()
            if answer == "DECLINED"
        )

    @cached_property
    def _ever_by_company(self) -> _ByCompany:
        found: dict[frozenset[str], list[PastMeeting]] = {}
        for one in self.past[: bisect_left(self.past, self.meeting.start, key=_start)]:
            found.setdefault(one.addresses, []).append(one)
        return found

    @cached_property
    def _past_by_company(self) -> _ByCompany:
        """The past meetings that count, by start, for each set of invited addresses."""
        mine = frozenset(address.casefold() for address in self.settings.me.emails)
        until = self.meeting.start
        since = until - self.settings.history.span
        found: dict[frozenset[str], list[PastMeeting]] = {}
        first = bisect_left(self.past, since, key=_start)
        for one in self.past[first : bisect_left(self.past, until, key=_start)]:
            if "DECLINED" not in one.participation.values() or not _is_declined(one, mine):
                found.setdefault(one.addresses, []).append(one)
        return found

    @cached_property
    def never_two_at_once(self) -> bool:
        """Whether no two meetings of the past began at the same time."""
        starts = [one.start for one in self.past]
        return all(map(ne, starts, starts[1:]))


def _distinct_name(participant: Participant, name: str) -> str:
    """A name to tell apart people who share a whole name: `Tom Hale Senior`, or by what they do."""
    if participant.contact is None:
        return name
    contact = participant.contact.contact
    longer = (one for one in contact.aliases if fold(one).startswith(f"{fold(name)} "))
    other = next(longer, None) or (contact.title and f"{name} ({contact.title})")
    return other or name


_start = attrgetter("start")


def _with_any_of(addresses: frozenset[str], past: _ByCompany) -> tuple[PastMeeting, ...]:
    """The meetings to which one of some addresses was invited, by start."""
    found = [meetings for company, meetings in past.items() if not addresses.isdisjoint(company)]
    return tuple(found[0] if len(found) == 1 else sorted(chain.from_iterable(found), key=_start))


def _is_declined(one: PastMeeting, mine: frozenset[str]) -> bool:
    """Whether the user declined under each of their addresses."""
    answers = {one.participation.get(address) for address in mine & one.addresses}
    return "DECLINED" in answers and not answers & {"ACCEPTED", "TENTATIVE"}


class Subject:
    """A participant with a file, and what the rules ask of it.

    Attributes:
        key: as `Participant.key`.
        contact: what the file says.
        short: how lines name them: the given name, or the whole name if two share it.
        named: the same as a label; empty if nobody else is met.
        place: among the people of the page, from 0.
        depth: how many interactions have their words examined.
        has_block: whether they have a block; everyone after the third has one line.
        status: the state of the relationship; steady if the file does not say.
        addresses: all of their addresses.
        interactions_on_file: those from before this meeting, the newest first.
        language: the user's, in which words are compared.
        languages: those in which the notes on them are read.
        day, words, text: of the meeting: its day, and the words and messages of its language.
        appointments: the meetings with them in the calendar, by start.
    """

    def __init__(
        self,
        participant: Participant,
        file: ContactFile,
        *,
        short: str,
        occasion: Setting,
        place: int,
        depth: int,
    ) -> None:
        contact, attendee = file.contact, participant.attendee
        self.participant = participant
        self.key = participant.key
        self.file = file
        self.contact = contact
        self.short = short
        self.named = "" if occasion.alone else occasion.language.person(short)
        self.occasion = occasion
        self.place = place
        self.depth = depth
        self.has_block = place < BLOCKS
        self.language = occasion.vocabulary.language
        self.languages = reading_languages(self.language, contact.language)
        self.day = occasion.day
        self.words = occasion.words
        self.text = occasion.language.text
        self.relationship = contact.relationship or Relationship()
        self.status = self.relationship.status
        own = (attendee.address,) if attendee and attendee.address else ()
        self.addresses = frozenset((*own, *contact.emails))
        self.interactions_on_file = _interactions(file, occasion)
        self._places: dict[tuple[str, str, int | None], tuple[str | int, ...]] = {}
        self.appointments = occasion.appointments(self.addresses)

    def says(self, kind: PhraseKind, noted: str) -> bool:
        """Whether a note on them contains a phrase of a kind."""
        return says(kind, noted, self.languages)

    def says_any(self, kinds: Collection[PhraseKind], noted: str) -> bool:
        """Whether a note on them contains a phrase of any of some kinds."""
        return says_any(kinds, noted, self.languages)

    def share_words(self, one: str, other: str) -> bool:
        """Whether two notes on them share at least one word, in any of its forms."""
        return share_words(one, other, self.language)

    def content_stems(self, noted: str) -> frozenset[str]:
        """The stems of everything that a note on them is about."""
        return content_stems(noted, self.language)

    @cached_property
    def last(self) -> Dated | None:
        """Your last interaction."""
        return next(self._ones_own(), None)

    def _ones_own(self) -> Iterator[Dated]:
        """Their interactions with you rather than with a colleague."""
        return (one for one in self.interactions_on_file if one.interaction.author is None)

    @cached_property
    def last_talk(self) -> Dated | None:
        """The last time you spoke with them, and not with someone else about them."""
        spoken = (one for one in self._ones_own() if one.interaction.channel in SPOKEN)
        return next((one for one in spoken if not self._was_with_another(one)), None)

    def _was_with_another(self, one: Dated) -> bool:
        """Whether a note begins with someone else getting in touch: `Silke rang: …`."""
        first = next(iter(sentences_of(one.interaction.summary or "")), "")
        rang = says_where("rang", first, self.languages)
        if rang is None:
            return False
        who = fold(first).partition(rang)[0].strip()
        if not who or len(who.split()) > _MOST_NAMES or self.called.in_text(first[: len(who)]):
            return False
        others = (person for person in self.occasion.people if person is not self)
        return (
            any(person.called.in_text(first[: len(who)]) for person in others)
            or any(who == fold(entry.name) for entry in self.occasion.book.entries())
            or bool(relations_in(first[: len(who)], self.languages))
        )

    @cached_property
    def last_contact(self) -> date | None:
        """The day of your last interaction, or of an appointment that neither side declined."""
        days = [self.last.day] if self.last else []
        days += [one.start.date() for one in self.appointments[-1:]]
        return max(days, default=None)

    @cached_property
    def called(self) -> NameSearch:
        """The names by which a note may mention them."""
        return NameSearch(names_of(self.contact, self.occasion.words_of_firms))

    @cached_property
    def ever_in_calendar(self) -> tuple[PastMeeting, ...]:
        """Every meeting with them in the calendar, by start."""
        return self.occasion.ever(self.addresses)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the invitation goes to a domain that is known not to be their organization's."""
        attendee, organization = self.participant.attendee, self.contact.organization
        if attendee is None or attendee.address is None or organization is None:
            return False
        domain = domain_of(attendee.address)
        if is_freemail(domain) or fold(organization).split()[0] in domain:
            return False
        known = domains_of(self.occasion.book, self.file, organization)
        return bool(known) and not within(domain, known)

    def place_of(self, line: Line) -> tuple[str | int, ...]:
        """Where in the file a line about them comes from, like `("promises", 0)`."""
        return self._places.get((line.rule, line.text, line.source.line), ())

    def _entry(self, place: Sequence[str | int]) -> object:
        """The value in the file at a place, like a promise; None without a place."""
        found: object = self.contact if place else None
        for key in place:
            match key, found:
                case int(), tuple():
                    found = found[key]
                case str(), Contact():
                    found = getattr(found, key)
        return found

    def written_on(self, line: Line) -> date | None:
        """The day of the entry that a line comes from, if the file has it."""
        place = self.place_of(line)
        then = getattr(self._entry(place), _DAY_OF.get(place[0], ""), None) if place else None
        if isinstance(then, PartialDate):
            return last_day(then) if place[0] == "situation" else then.first_day()
        return then

    def noted_on(self, day: date) -> Dated | None:
        """The last interaction of a day."""
        last = next((one for one in self.interactions_on_file if one.day <= day), None)
        return last if last is not None and last.day == day else None

    def line(
        self,
        section: Section,
        text: str,
        rule: str,
        *place: str | int,
        visibility: Visibility | None = None,
        rank: int = 50,
        label: str | None = None,
        note: str = "",
        channel: str = "",
        origin: str = "",
        mark: Mark | None = None,
        must_stay: bool = False,
    ) -> Line:
        """A line whose source is the file's value at `place`.

        It is private unless its entry is marked; lines from interactions always are.
        """
        source, text = self.source(*place), self.said_by_name(text)
        self._places[rule, text, source.line] = place
        return Line(
            section=section,
            text=text,
            rule=rule,
            source=source,
            rank=rank,
            label=self.named if label is None else label,
            channel=channel,
            note=note,
            origin=origin,
            who=self.key,
            mark=mark,
            must_stay=must_stay,
            visibility=visibility or self._visibility(place) or "private",
        )

    def _visibility(self, place: Sequence[str | int]) -> Visibility | None:
        if not place or place[0] == "interactions":
            return None
        return getattr(self._entry(place), "visibility", None)

    def source(self, *place: str | int) -> Source:
        """The file and the line of a place in it."""
        file, line = self.file.location(*place) if place else (self.file.file, None)
        return Source(file=file, line=line or 1)

    def noted_text(self, line: Line) -> str:
        """What the file says at the source of a line, without the words around it."""
        place = self.place_of(line)
        return str(
            getattr(self._entry(place), _TEXT_OF.get(place[0], ""), line.text)
            if place
            else line.text
        )

    @cached_property
    def former_names(self) -> frozenset[str]:
        """Names they no longer use, if a life event is about a new one."""
        if not any(self.is_about_a_name(one.note) for one in self.contact.life_events):
            return frozenset()
        return self._own_and_other_names[1]

    @cached_property
    def _own_and_other_names(self) -> tuple[frozenset[str], frozenset[str]]:
        """The words of their name and of what to call them, and those of their aliases alone."""
        contact = self.contact
        own = frozenset(map(fold, words_of(f"{contact.name} {contact.call_me or ''}")))
        return own, frozenset(map(fold, words_of(" ".join(contact.aliases)))) - own

    def said_by_name(self, text: str) -> str:
        """A text without a name that they no longer use."""
        if not self.former_names:
            return text
        return _WORD.sub(lambda one: "…" if fold(one[0]) in self.former_names else one[0], text)

    def is_about_a_name(self, note: str) -> bool:
        """Whether a note on them is about their present name or pronouns."""
        if mentions_in(note, self.languages, among=("identity",)):
            return True
        words = set(map(fold, words_of(note)))
        own, others = self._own_and_other_names
        return not words.isdisjoint(own) and not words.isdisjoint(others)

    def history_line(self, text: str, at: int) -> Line:
        """A line on one interaction, for what is left out."""
        label = self.occasion.language.person(self.short)
        return self.line("history", text, "of-another", "interactions", at, label=label)

    def local_day(self) -> date:
        """The meeting's day where this person is."""
        zone = self.contact.timezone
        start = self.occasion.meeting.start
        return (start.astimezone(ZoneInfo(zone)) if zone else start).date()

    def local_time(self) -> datetime | None:
        """The meeting's start on their clock, if it differs from the user's."""
        if self.contact.timezone is None:
            return None
        start = self.occasion.meeting.start
        local = start.astimezone(ZoneInfo(self.contact.timezone))
        return local if local.utcoffset() != start.utcoffset() else None


def _interactions(file: ContactFile, occasion: Setting) -> tuple[Dated, ...]:
    """What happened before a meeting, the newest first.

    What cannot have been is left out: in the future, a lifetime ago, or this very meeting.
    """
    until, oldest = occasion.known_until, occasion.day - OLDEST
    every = file.timeline
    first, last = 0, len(every)
    while first < last and every[first].day > until:
        first += 1
    while last > first and every[last - 1].day <= oldest:
        last -= 1
    while (
        first < last
        and every[first].day == occasion.day
        and _is_this(every[first].interaction, occasion.meeting)
    ):
        first += 1
    told = every[first:last]
    if file.days_never_told:
        told = tuple(one for one in told if one.interaction.visibility != "never")
    return told


def _is_this(interaction: Interaction, meeting: Meeting) -> bool:
    """Whether an interaction of the meeting's own day is the meeting itself."""
    if interaction.meeting is not None:
        return interaction.meeting.uid == meeting.uid
    return interaction.channel in {"meeting", "visit"}
