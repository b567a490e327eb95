"""What the brief says about the agenda: items, aims, quotations, or that there is none."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from briefgen.brief.additions import AddedItem, Additions
from briefgen.brief.agenda import AgendaItem
from briefgen.brief.brief import Glance, Line, Participant, Source
from briefgen.brief.events import mentions_grief
from briefgen.brief.names import plain_name, same_name
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.promises import DUE_OF_THEIRS
from briefgen.brief.refusals import forbidding
from briefgen.brief.states import CARE, silencing_state
from briefgen.brief.words import UNSPACED, fold, words_of
from briefgen.contacts.book import name_key

_FIRST_RANK: Final = 94
_LOWEST_RANK: Final = 70
_FEWEST_TO_COUNT: Final = 3
_MOST_SUGGESTED: Final = 3
_OUTCOME_FOR: Final = timedelta(days=365)


def lines(occasion: Occasion, items: Sequence[AgendaItem]) -> Iterator[Line]:
    """The agenda in its order, then the user's aims."""
    own = next((one for one in occasion.additions if one.notes.agenda), None)
    if own is not None:
        for at, item in enumerate(own.notes.agenda):
            rank = max(_LOWEST_RANK, _FIRST_RANK - at)
            yield _added(occasion, own, item, "agenda", at, rank=rank)
    elif items:
        yield from _invited(occasion, items)
    if items:
        yield from _about_whom(occasion, items)
    yield from _aims(occasion)


def with_suggestion(
    occasion: Occasion,
    lines: Sequence[Line],
    glance: Glance,
    kept: Callable[[list[Line]], tuple[Line, ...]],
) -> tuple[Line, ...]:
    """Without an agenda, one made from what is on file, if there is anything.

    It has what they owe, complained about and want, and only in a meeting with one person, since
    needs are not shown to others. Its lines are not repeated below.
    """
    person = occasion.people[0] if occasion.alone and occasion.people else None
    if person is None or occasion.edition == "table":
        return tuple(lines)
    rule = ("no-agenda",)
    if silencing_state(rule, person.states) or forbidding(person, rule):
        return tuple(lines)
    complaints = [
        line
        for line in lines
        if line.rule == "concern"
        and line.section == "say"
        and not mentions_grief(line.text, person.languages)
        and not ("blow" in person.states or person.says("of_everybody", person.noted_text(line)))
    ]
    owed: list[Line] = []
    wanted: list[Line] = []
    if CARE.isdisjoint(person.states):
        theirs = [line for line in lines if line.rule == "promise-of-theirs"]
        owed = [line for line in theirs if line.rank >= DUE_OF_THEIRS and line.note]
        if glance.lead is None or glance.lead.rule != "outcome":
            wanted = list(kept(_what_they_want(person)))
    items = [*(line for line in complaints if line.mark == "open"), *owed, *wanted]
    items = items[:_MOST_SUGGESTED]
    if items == owed[:_MOST_SUGGESTED]:
        return tuple(lines)  # asking for what is late is not an agenda by itself
    said = occasion.language.text("No agenda in the invitation. This may serve:")
    head = occasion.feed_line(
        "agenda", said, "no-agenda", rank=_FIRST_RANK, visibility="private", who=person.key
    )
    suggested = [
        line.replace(section="agenda", label=f"{number}.") for number, line in enumerate(items, 1)
    ]
    return (head, *suggested, *(line for line in lines if line not in items))


def _what_they_want(person: Person) -> list[Line]:
    """What they want to achieve, if it is recent and about work they still have."""
    situation, occasion = person.situation, person.occasion
    wanted = situation.desired_outcome
    as_of = situation.as_of.first_day() if situation.as_of else None
    is_fresh = as_of is not None and timedelta() <= occasion.day - as_of <= _OUTCOME_FOR
    if wanted is None or not is_fresh or person.firms.former is not None:
        return []
    said = occasion.language.text(
        "What would bring this closer: {outcome}?", outcome=wanted.rstrip(".?! ")
    )
    return [person.line("agenda", said, "no-agenda", "situation", rank=_LOWEST_RANK)]


def _invited(occasion: Occasion, items: Sequence[AgendaItem]) -> Iterator[Line]:
    """The items of the invitation, numbered, and quotations, which are not."""
    number = 0
    for at, item in enumerate(items):
        rank = max(_LOWEST_RANK, _FIRST_RANK - at)
        if item.quote:
            yield quoted(occasion, item, rank=_FIRST_RANK)
            continue
        number += 1
        yield occasion.feed_line(
            "agenda",
            item.text,
            "agenda",
            rank=rank,
            label=f"{number}.",
            note=_note(occasion, item.time, item.owner, _whom_to_ask(occasion, at)),
        )


def _note(occasion: Occasion, *parts: str | None) -> str:
    return occasion.words.series(part or "" for part in parts)


def _whom_to_ask(occasion: Occasion, at: int) -> str:
    """Whose title or interests fit an item if several people meet: `ask Grace`."""
    if occasion.edition == "table" or occasion.alone:
        return ""
    topics = occasion.topics.of_each[at + 1]
    for person in occasion.people:
        contact = person.contact
        told = [contact.title or "", *(one.text for one in contact.interests)]
        touched = occasion.topics.touched_by(told).values()
        if any(not one.isdisjoint(topics) for one in touched):
            return occasion.language.text("ask {name}", name=person.short)
    return ""


def _added(  # the parts of one line
    occasion: Occasion, own: Additions, item: AddedItem, field: str, at: int, *, rank: int
) -> Line:
    """A line from the user's own file; an agenda is in the table edition, an aim only if marked."""
    is_aim = field == "aims"
    return Line(
        section="agenda",
        text=item.text,
        rule="aim" if is_aim else "agenda",
        source=Source(file=own.file, line=own.kept.line(field, at)),
        rank=rank,
        label="" if is_aim else f"{at + 1}.",
        note=_note(occasion, item.time, item.owner),
        mark="aim" if is_aim else None,
        visibility=item.visibility or ("private" if is_aim else "print"),
    )


def _aims(occasion: Occasion) -> Iterator[Line]:
    for own in [one for one in occasion.additions if one.notes.aims][:1]:
        for at, aim in enumerate(own.notes.aims):
            line = _added(occasion, own, aim, "aims", at, rank=83 - at)
            yield line.replace(label=occasion.language.text("Aim"))


def _about_whom(occasion: Occasion, items: Sequence[AgendaItem]) -> Iterator[Line]:
    """A warning if most of the agenda is about the user's own side."""
    items = [item for item in items if not item.quote]
    if len(items) < _FEWEST_TO_COUNT:
        return
    us = sum(_is_about_us(occasion, item.text) for item in items)
    if us * 2 <= len(items):
        return
    said = occasion.language.text(
        "{us} of {count} items are about us. Turn one towards them.",
        us=us,
        count=len(items),
    )
    yield occasion.feed_line(
        "agenda", said, "agenda-about-us", rank=69, mark="warning", visibility="private"
    )


def _is_about_us(occasion: Occasion, text: str) -> bool:
    """Whether an item mentions the user's side and not the others."""
    vocabulary = occasion.vocabulary
    if not _contains_any(vocabulary.us, text) or _contains_any(vocabulary.them, text):
        return False
    flat = fold(text)
    names = (n for p in occasion.people for n in (p.short, p.contact.organization) if n)
    return not any(fold(name) in flat for name in names)


def _contains_any(known: frozenset[str], text: str) -> bool:
    """Whether a text contains one of these words; in unspaced scripts, anywhere."""
    if not known.isdisjoint(map(fold, words_of(text))):
        return True
    flat = fold(text)
    return bool(UNSPACED.search(flat)) and any(UNSPACED.search(w) and w in flat for w in known)


def quoted(occasion: Occasion, item: AgendaItem, *, rank: int) -> Line:
    """The line that quotes an item of the invitation; never numbered."""
    text = occasion.language.text
    writer = _writer(occasion, item)
    if writer:
        said = text("{name} writes: “{words}”", name=writer, words=item.text)
    else:
        said = text("“{words}”", words=item.text)
    return occasion.feed_line("agenda", said, "agenda", rank=rank, label="")


def _writer(occasion: Occasion, item: AgendaItem) -> str:
    """Who wrote an item, as lines name them; empty if that is the user or unknown."""
    if item.by_guest:
        return _called(occasion, occasion.participants[0]) if occasion.alone else ""
    if item.writer:
        if _signs(item.writer, occasion.settings.me.name):
            return ""
        signed = (p for p in occasion.participants if _signs(item.writer, p.shown_name))
        found = next(signed, None)
        return _called(occasion, found) if found else item.writer
    organizer = occasion.meeting.organizer
    if organizer is None:
        return ""
    for participant in occasion.participants:
        attendee = participant.attendee
        if attendee is not None and (
            (organizer.address and attendee.address == organizer.address)
            or same_name(attendee.name, organizer.name)
        ):
            return _called(occasion, participant)
    return ""


def _signs(writer: str, name: str) -> bool:
    """Whether a name in a closing is someone's: the whole name, or its first or last word."""
    words = name_key(plain_name(name)).split()
    return bool(words) and set(name_key(writer).split()) <= set(words)


def _called(occasion: Occasion, participant: Participant) -> str:
    person = occasion.person(participant)
    return person.short if person is not None else participant.shown_name
