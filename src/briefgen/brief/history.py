"""History: what was, from notes and calendar, chosen and not just newest.

A calendar proves an appointment, a note proves a talk. An event that stands in both is one, and
one that several participants share stands once, with who was there.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice, takewhile
from operator import itemgetter
from typing import Final

from briefgen.brief.brief import Line, Value
from briefgen.brief.occasion import BLOCKS, SPOKEN, Occasion, Person
from briefgen.brief.topics import weights
from briefgen.contacts.contact import Interaction, Visibility
from briefgen.contacts.timeline import Dated
from briefgen.meetings.past import PastMeeting

_LATEST: Final = 2
_EACH: Final = 4
_EACH_OF_SEVERAL: Final = 2
_MOST: Final = 18
"""A few more than the page takes, should tact hide some of them."""
_IN_CALENDAR: Final = 2
_CALENDAR_DAYS: Final = 400


class _Entry(Value, frozen=True, kw_only=True):
    person: Person
    dated: Dated
    rank: int
    rule: str
    others: tuple[Person, ...] = ()


def lines(occasion: Occasion) -> Iterator[Line]:
    """What was, the newest first, each event once."""
    found: list[_Entry] = []
    for place, person in enumerate(occasion.people):
        found += _chosen(person) if place < BLOCKS else _last_only(person)
    best = sorted(_merged(found), key=lambda one: -one.rank)[:_MOST]
    entries = [(one.dated.day, _line(one)) for one in best]
    entries += [(day, line) for day, line in _in_calendar(occasion)]
    entries.sort(key=lambda one: one[0], reverse=True)
    return (line for _, line in entries)


def _last_only(person: Person) -> Iterator[_Entry]:
    for dated in person.interactions[:1]:
        yield _Entry(person=person, dated=dated, rank=57, rule="last")


def _chosen(person: Person) -> Iterator[_Entry]:
    """The last two, then open threads, then what touches the agenda, then a few more."""
    taken: set[int] = set()

    def entries(found: Iterable[Dated], rule: str, rank: int, step: int) -> Iterator[_Entry]:
        for place, one in enumerate(found):
            taken.add(one.at)
            yield _Entry(person=person, dated=one, rank=rank - step * place, rule=rule)

    yield from entries(person.interactions[:_LATEST], "last", 86, 8)
    alone = len(person.occasion.people) == 1
    most = _EACH if alone else _EACH_OF_SEVERAL
    yield from entries(_open_threads(person, taken)[:most], "open", 62, 1)
    yield from entries(_touching(person, taken)[:most], "agenda", 58, 1)
    rest = (one for one in person.interactions if one.at not in taken)
    yield from entries(list(islice(rest, most)), "earlier", 34, 2)


def _open_threads(person: Person, taken: Collection[int]) -> list[Dated]:
    """Interactions whose need was not met, or with a promise not kept."""
    waiting = {promise.made for promise in person.contact.promises if promise.is_open}
    found: list[Dated] = []
    for one in islice(person.interactions, person.depth):
        unmet = one.interaction.needs is not None and one.interaction.needs_met in {"no", "partly"}
        if one.at not in taken and (unmet or one.day in waiting):
            found.append(one)
            if len(found) == _EACH:
                break
    return found


def _touching(person: Person, taken: Collection[int]) -> list[Dated]:
    """Interactions that share words with the agenda, those with the rarest words first."""
    looked_at = person.interactions[: person.depth]
    touches = person.occasion.topics.touched_by(
        [one.interaction.summary or "" for one in looked_at]
    )
    worth = weights(touches.values())
    scored = [
        (sum([worth[topic] for topic in found]), looked_at[place])
        for place, found in touches.items()
        if looked_at[place].at not in taken
    ]
    scored.sort(key=itemgetter(0), reverse=True)  # of equals, the newest
    return [one for _, one in scored[:_EACH]]


def _merged(entries: Sequence[_Entry]) -> Iterator[_Entry]:
    """Events that several participants share, once, with all of them."""
    kept: dict[object, _Entry] = {}
    for entry in entries:
        key = _event(entry.dated.interaction, entry)
        before = kept.get(key)
        if before is None:
            kept[key] = entry
        elif before.person is not entry.person:
            best = before if before.rank >= entry.rank else entry
            kept[key] = before.replace(
                rank=best.rank,
                rule=best.rule,
                others=(*before.others, entry.person),
            )
    yield from kept.values()


def _event(interaction: Interaction, entry: _Entry) -> object:
    if interaction.meeting is not None:
        return interaction.date, interaction.meeting.uid
    if interaction.summary:
        return interaction.date, interaction.channel, interaction.summary.casefold()
    return entry.person.file.stem, entry.dated.at


def _line(entry: _Entry) -> Line:
    person, one = entry.person, entry.dated.interaction
    words = person.occasion.words
    full = person.occasion.edition == "full"
    return person.line(
        "history",
        _said(person, one),
        f"history-{entry.rule}",
        "interactions",
        entry.dated.at,
        visibility=_visibility(entry),
        rank=entry.rank,
        label=words.on(one.date),
        channel=words.channel(one.channel),
        note=words.joined(_remarks(entry)) if full else "",
    )


def _visibility(entry: _Entry) -> Visibility | None:
    """Who may see it: an event that is hidden in one of several files is hidden.

    Without a summary there is only what they felt and needed, which is private.
    """
    one = entry.dated.interaction
    if any(one.date in other.file.days_never_told for other in entry.others):
        return "never"
    return one.visibility if one.summary else None


def _said(person: Person, one: Interaction) -> str:
    text = person.occasion.language.text
    if one.summary:
        return one.summary
    if one.words:
        return text("“{words}”", words=one.words.strip("\"'“”"))
    return one.needs or text("no note of what was said")


def _remarks(entry: _Entry) -> Iterator[str]:
    language, one = entry.person.occasion.language, entry.dated.interaction
    if not entry.person.occasion.alone:
        names = [entry.person.short, *(other.short for other in entry.others)]
        yield language.text("with {names}", names=language.listed(names))
    if one.signals:
        yield ", ".join(one.signals)
    if entry.rule == "open" and one.needs and one.needs_met != "yes":
        yield language.text("still needed: {needs}", needs=one.needs.rstrip("."))


def _in_calendar(occasion: Occasion) -> Iterator[tuple[date, Line]]:
    """The last appointments of which there is no note."""
    found: dict[int, tuple[PastMeeting, list[Person]]] = {}
    since = occasion.day - timedelta(days=_CALENDAR_DAYS)
    since = max((since, *(_reach(person) for person in occasion.people)))
    recent = [(person, _since(since, person.appointments)) for person in occasion.people[:BLOCKS]]
    each = {id(past): past for _, appointments in recent for past in appointments}
    noted = _noted(each.values(), occasion.people)
    for person, appointments in recent:
        unnoted = (one for one in appointments if id(one) not in noted)
        for past in islice(unnoted, _IN_CALENDAR):
            found.setdefault(id(past), (past, []))[1].append(person)
    latest = sorted(found.values(), key=lambda one: one[0].start, reverse=True)[:_IN_CALENDAR]
    text = occasion.language.text
    for past, people in latest:
        names = occasion.language.listed([person.short for person in people])
        note = text("in your calendar; no note")
        if not occasion.alone:
            note = f"{text('with {names}', names=names)}; {note}"
        yield (
            past.start.date(),
            occasion.feed_line(
                "history",
                past.title or text("a meeting without a title"),
                "history-calendar",
                rank=26,
                label=occasion.words.on(past.start.date()),
                channel=occasion.words.channel("meeting"),
                note=note,
                visibility="private",
            ),
        )


def _reach(person: Person) -> date:
    """The day from which on those interactions that are looked at are all there are."""
    timeline = person.interactions
    return timeline[person.depth - 1].day if len(timeline) > person.depth else date.min


def _since(day: date, appointments: Sequence[PastMeeting]) -> list[PastMeeting]:
    """The appointments from a day on, the newest first."""
    return list(takewhile(lambda one: one.start.date() >= day, reversed(appointments)))


def _noted(appointments: Collection[PastMeeting], people: Iterable[Person]) -> frozenset[int]:
    """The appointments, by `id`, told by somebody's note: who took part has one of that day."""
    days = frozenset([past.start.date() for past in appointments])
    told: dict[date, list[frozenset[str]]] = {}
    for person in people:
        for one in person.interactions[: person.depth]:
            if one.day in days and one.interaction.channel in SPOKEN:
                told.setdefault(one.day, []).append(person.addresses)
    return frozenset(
        id(past)
        for past in appointments
        for addresses in told.get(past.start.date(), ())
        if not addresses.isdisjoint(past.addresses)
    )
