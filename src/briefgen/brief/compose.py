"""Composing: from a meeting and its participants to the brief of it.

Each rule returns the lines it would say. Lines that must not be said are removed, the rest are
sorted and capped; `why` keeps the removed ones, with the reasons.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from operator import attrgetter
from typing import Final

from briefgen.brief import (
    discussion,
    grief,
    history,
    promises,
    repair,
    situation,
    stance,
)
from briefgen.brief.additions import Additions, additions_for
from briefgen.brief.agenda import items_of
from briefgen.brief.brief import (
    Beyond,
    Brief,
    Face,
    Kind,
    LeftOut,
    Line,
    Participant,
    Prompt,
    Section,
)
from briefgen.brief.faces import face_of, newcomers
from briefgen.brief.glance import Choice, choose_glance
from briefgen.brief.marks import marks, moved_mark
from briefgen.brief.match import colleagues, in_order, who_comes
from briefgen.brief.occasion import Occasion
from briefgen.brief.refusals import refusal
from briefgen.brief.sections import SECTIONS
from briefgen.brief.sheet_memory import Usage
from briefgen.brief.signals import Vocabulary
from briefgen.brief.talking_points import talking_points
from briefgen.brief.words import fold
from briefgen.contacts.book import ContactBook
from briefgen.contacts.contact import Stance
from briefgen.meetings.meeting import Meeting, PastMeeting, recurrence_text
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Edition, Settings

_MOST: Final[dict[Section, int]] = {
    row.key: row.most for row in SECTIONS if row.column != "foot" and row.key != "person"
}
"""About two pages."""
_section = attrgetter("section")
_SAID_APART: Final[dict[Section, Callable[[Line], str | None]]] = {
    "agenda": lambda _: "agenda",
    "bring": lambda _: "promise",  # kept even if the agenda names the same thing
    "promises": lambda _: "promise",
    "history": lambda line: line.label,
    "prompt": lambda line: line.who,
    "repair": lambda line: line.who,
}
"""The group within which a line must not repeat another; other sections share one group."""
_BY_RANK: Final = frozenset({"say", "repair"})


class Sieve:
    """Removes what must not be said, is said twice or is too much, and records why."""

    def __init__(self, occasion: Occasion, usage: Mapping[str, Usage], *, why: bool) -> None:
        self.occasion = occasion
        self.usage = usage
        self.why = why
        self.tact = occasion.tact
        self.left_out: list[LeftOut] = []
        self._said: set[tuple[str | None, str]] = set()

    def kept(self, lines: list[Line]) -> tuple[Line, ...]:
        """The lines that may be said, each once."""
        may = []
        for line, refused in self._judged(lines):
            if refused is not None:
                self.left_out.append(refused)
            elif self._is_said_already(line):
                self.left_out.append(LeftOut(line=line, reason="duplicate", by="said already"))
            else:
                may.append(line)
        return tuple(may)

    def kept_again(self, lines: list[Line]) -> tuple[Line, ...]:
        """The lines that may be said, whether or not they are said elsewhere."""
        return tuple(line for line, refused in self._judged(lines) if refused is None)

    def _judged(self, lines: list[Line]) -> Iterator[tuple[Line, LeftOut | None]]:
        """The lines, each with the reason why it must not be said."""
        hidden = self.tact.refusals(lines)
        for at, line in enumerate(lines):
            yield line, hidden.get(at) or refusal(self.occasion, line)

    def faces(self, faces: Sequence[Face]) -> tuple[Face, ...]:
        """The faces, with only those facts that may be said."""
        kept = set(map(id, self.kept([line for face in faces for line in face.lines])))
        return tuple(
            face
            if all(id(line) in kept for line in face.lines)
            else face.replace(lines=tuple(line for line in face.lines if id(line) in kept))
            for face in self.tact.tactful(faces)
        )

    def _is_said_already(self, line: Line) -> bool:
        """Whether an earlier line said the same, perhaps in another section or file."""
        if line.section == "person":
            return False
        apart = _SAID_APART.get(line.section)
        key = (apart and apart(line), fold(line.text).rstrip("."))
        if key in self._said:
            return True
        self._said.add(key)
        return False

    def _worth(self, line: Line) -> tuple[int, float]:
        """How a line is sorted within its section: by rank, then by use."""
        if line.section not in _BY_RANK:
            return 0, 0.0
        used = self.usage.get(line.rule, Usage()).share if line.section == "say" else 0.0
        return -line.rank, -used

    def capped(self, lines: Iterable[Line]) -> tuple[Line, ...]:
        """Advice by rank, the rest in order; if there are too many, the lowest ranks are left out.

        If `why` was asked for, a talking point says how often its kind was used.
        """
        ranked = [
            line.replace(use=str(self.usage[line.rule]))
            if self.why and line.section == "say" and line.rule in self.usage
            else line
            for line in sorted(lines, key=self._worth)
        ]
        beyond: set[int] = set()
        for section, most in _MOST.items():
            mine = [(at, line) for at, line in enumerate(ranked) if line.section == section]
            mine.sort(key=lambda one: (not one[1].must_stay, -one[1].rank, one[0]))
            beyond |= {at for at, _ in mine[most:]}
        self.left_out += [
            LeftOut(line=line, reason="rank", by=f"rank {line.rank}")
            for at, line in enumerate(ranked)
            if at in beyond
        ]
        return tuple(line for at, line in enumerate(ranked) if at not in beyond)


STANCES: Final[tuple[Stance, ...]] = ("listen", "teach", "advise", "coach")
_start = attrgetter("start")
_MOST_FACES: Final = 25
_CROWD: Final = 50
_OF_A_CROWD: Final = 8
_FITS: Final = 6
"""How much a talking point on the agenda gains in rank."""
_FIT_BY_THEMSELVES: Final = frozenset({"first-meeting"})
"""Rules whose lines are about the meeting anyway."""


def compose(
    meeting: Meeting,
    participants: Sequence[Participant],
    *,
    book: ContactBook,
    settings: Settings,
    language: Language,
    as_of: datetime,
    edition: Edition,
    past: tuple[PastMeeting, ...] = (),
    additions: tuple[Additions, ...] = (),
    neighbours: tuple[Meeting, ...] = (),
    coming_up: tuple[Meeting, ...] = (),
    code: str = "",
    calendar_as_of: datetime | None = None,
    calendar_cut: bool = False,
    vocabulary: Vocabulary,
    why: bool = False,
    in_confidence: bool = False,
    usage: Mapping[str, Usage] | None = None,
) -> Brief:
    """The brief of one meeting: everything that may be said, each line with its rank.

    Talking points of equal rank are sorted by how often their kind was used (`usage`).

    Ages are as of the meeting's local date; `as_of` only decides what can have happened by now.
    What was left out is in the brief only if `why` asks for it, so that nothing private reaches a
    page.
    """
    fitting = additions_for(meeting, additions)
    items = items_of(meeting, fitting)
    coming, declined = who_comes(participants, settings.me)
    today = as_of.astimezone(meeting.start.tzinfo).date()
    occasion = Occasion(
        meeting=meeting,
        day=meeting.day,
        known_until=min(today, meeting.day),
        edition=edition,
        settings=settings,
        language=language,
        book=book,
        vocabulary=vocabulary,
        participants=in_order(coming, edition),
        additions=fitting,
        past=_past(past, today, meeting.day),
        neighbours=neighbours,
        coming_up=coming_up,
        agenda=tuple(item.text for item in items),
        in_confidence=in_confidence and edition == "full",
    )
    sieve = Sieve(occasion, usage or {}, why=why)
    lines = sieve.capped(sieve.kept([*discussion.lines(occasion, items), *_lines(occasion)]))
    prompts = tuple(_prompts(occasion, sieve))
    hints = [line for prompt in prompts for line in prompt.lines]
    top = choose_glance(occasion, [*lines, *hints], sieve.kept_again)
    lines = tuple(line for line in lines if line not in top.taken)
    if not items:
        lines = discussion.with_suggestion(occasion, lines, top.glance, sieve.kept_again)
    shown, uncounted = _shown(occasion)
    faces = sieve.faces([face_of(participant, occasion) for participant in shown])
    if why:
        sieve.left_out += occasion.hidden()
    return Brief(
        edition=edition,
        uid=meeting.uid,
        recurrence_id=recurrence_text(meeting.recurrence_id),
        start=meeting.start,
        end=meeting.end,
        feed=meeting.feed,
        stamp=meeting.stamp,
        title=meeting.title.strip() or language.text("Meeting without a title"),
        place=meeting.place,
        join_link=meeting.join_link,
        organizations=_organizations(occasion),
        marks=marks(occasion, declined),
        moved_mark=moved_mark(occasion),
        kind=_kind(occasion),
        glance=top.glance,
        faces=_without_evidence(faces, top),
        colleagues=colleagues(meeting, settings.me),
        uncounted=uncounted,
        lines=lines,
        prompts=_without(prompts, top),
        left_out=tuple(sieve.left_out) if why else (),
        beyond=_beyond(occasion, lines),
        code=code,
        calendar_as_of=calendar_as_of,
        calendar_cut=calendar_cut,
    )


def _kind(occasion: Occasion) -> Kind:
    if occasion.alone and any(person.in_grief for person in occasion.people):
        return "grief"
    if occasion.is_first_meeting:
        return "first-meeting"
    return "usual"


def _without_evidence(faces: Iterable[Face], top: Choice) -> tuple[Face, ...]:
    """The faces, without a conversation that the glance already names as evidence."""
    evidence = top.glance.stance.evidence if top.glance.stance else ""
    return tuple(
        face.replace(lines=tuple(line for line in face.lines if not line.text.startswith(evidence)))
        if evidence
        else face
        for face in faces
    )


def _without(prompts: Iterable[Prompt], top: Choice) -> tuple[Prompt, ...]:
    """The questions without the hints and signals that the glance already has."""
    stance = top.glance.stance
    shown = stance.who if stance else None
    return tuple(
        prompt.replace(
            lines=tuple(
                line.replace(note="") if line.rule == "stance" and line.who == shown else line
                for line in prompt.lines
                if line not in top.taken
            )
        )
        for prompt in prompts
    )


def _past(past: Iterable[PastMeeting], today: date, day: date) -> tuple[PastMeeting, ...]:
    """Past meetings up to today and before the meeting's day.

    Whole days count, so that no page changes during a day.
    """
    return tuple(
        sorted((p for p in past if p.start.date() <= today and p.start.date() < day), key=_start)
    )


def _lines(occasion: Occasion) -> Iterator[Line]:
    yield from _points(occasion)
    yield from newcomers(occasion)
    yield from repair.lines(occasion)
    yield from promises.lines(occasion)
    yield from situation.lines(occasion)
    yield from situation.last_time(occasion)
    yield from history.lines(occasion)
    yield from grief.lines(occasion)


def _points(occasion: Occasion) -> list[Line]:
    """Talking points: all of them for the first three people, one for each of the others.

    The rules come in order of worth. A line on what the meeting is about ranks higher.
    """
    found: list[Line] = []
    for person in occasion.people:
        found += islice(talking_points(person), None if person.has_block else 1)
    touches = occasion.topics.touched_by([line.text for line in found])
    for at in touches:
        if found[at].rule not in _FIT_BY_THEMSELVES:
            found[at] = found[at].replace(rank=found[at].rank + _FITS)
    return found


def _shown(occasion: Occasion) -> tuple[tuple[Participant, ...], int]:
    """The participants that get a face, and how many others there are."""
    lists = [p for p in occasion.participants if p.attendee and p.attendee.kind == "GROUP"]
    people = [p for p in occasion.participants if p not in lists or p.contact is not None]
    most = _MOST_FACES
    if len(people) + occasion.meeting.attendees_left_out > _CROWD:
        known = sum(p.contact is not None for p in people)
        most = min(_MOST_FACES, max(_OF_A_CROWD, known))
    shown = tuple(people[:most])
    left = len(occasion.participants) - len(shown)
    return shown, left + occasion.meeting.attendees_left_out


def _organizations(occasion: Occasion) -> tuple[str, ...]:
    names = (
        person.contact.organization
        for person in occasion.people
        if person.contact.organization and person.firms.former is None
    )
    return tuple(dict.fromkeys(names))


def _prompts(occasion: Occasion, sieve: Sieve) -> Iterator[Prompt]:
    """The two questions and the user's own; in the table edition, the client's."""
    text = occasion.language.text
    if occasion.edition == "table":
        yield Prompt(question=text("What do you need from us?"))
        return
    first = sieve.kept(list(situation.needs(occasion)))
    second = sieve.kept(list(stance.lines(occasion)))
    yield Prompt(question=text("What do they need from me?"), lines=first)
    shown = {line.who for line in second if line.rule == "stance"}  # `avoid` may hide a signal
    suggested = stance.suggested(occasion, shown)
    yield Prompt(
        question=text("How can I help based on their emotional signals?"),
        lines=stance.in_one_voice(occasion, second, suggested),
        stances=STANCES,
        suggested=suggested,
    )
    own = next((one.notes.prompts for one in occasion.additions if one.notes.prompts), ())
    for question in (own or occasion.settings.prompts)[:1]:
        if not sieve.tact.avoided_in(question):
            yield Prompt(question=question)


def _beyond(occasion: Occasion, lines: Sequence[Line]) -> tuple[Beyond, ...]:
    """How many interactions of each file are not candidates for the page."""
    if occasion.edition == "table":
        return ()
    composed: dict[str, int] = {}
    for line in lines:
        if line.section == "history" and line.rule != "history-calendar":
            composed[line.source.file] = composed.get(line.source.file, 0) + 1
    return tuple(
        Beyond(section="history", file=person.file.file, count=count)
        for person in occasion.people
        if (count := len(person.interactions) - composed.get(person.file.file, 0)) > 0
    )
