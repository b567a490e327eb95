"""Grief: what the page says after a death, and other recent hard events."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.company import is_private
from briefgen.brief.events import Event
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.phrases import is_pitch, says_where
from briefgen.brief.relations import relations_in
from briefgen.brief.situation import path
from briefgen.brief.stance import care_order
from briefgen.brief.word_families import kinds, mentions_in
from briefgen.brief.words import fold
from briefgen.workspace.language import capitalised

_MOST: Final = 3
_LOOKED_AT: Final = 12
_FAMILY_FOR: Final = timedelta(days=5 * 365)
_OTHERS_FOR: Final = timedelta(days=365)


def blow_line(person: Person) -> Line | None:
    """The gravest recent hard event in sober words: `2 October, seven weeks ago: …`."""
    if not person.blows:
        return None
    event = person.blows[0]
    told, day = _in_words(person, event), event.event.date
    return person.line(
        "say",
        told,
        "hard-event",
        "life_events",
        event.at,
        rank=99,
        label=person.named,
        must_stay=True,
        mark="warning",
        origin=person.words.partial(day) if day and is_of_a_funeral(person, event) else "",
    )


def what_to_do(person: Person) -> Line:
    """What to do first after a hard event."""
    text, event = person.text, person.blows[0]
    since = event.days_since(person.day) or 0
    if since < 0:
        said = text("Wish them well; keep it short.")
    elif person.in_grief:
        said = text("Say that you are sorry; then listen.")
    elif event.kind.turned_well:
        said = text("Say that you are glad it turned out well.")
    elif event.of_a_pet:
        said = text("Say that you are sorry; then listen.")
    elif not event.kind.sure or _is_left_to_them(person, event):
        said = text("Leave it to {name} to speak of it.", name=person.short)
    else:
        said = text("Say that you are sorry to hear it, and ask what would help.")
    return person.line(
        "say", said, "hard-event", "life_events", event.at, rank=98, label=person.named, mark="ask"
    )


def _is_left_to_them(person: Person, event: Event) -> bool:
    """Whether a later note says that they want no advice, or not to speak of it."""
    later = [event.event.note]
    later += [
        f"{one.interaction.summary or ''} {one.interaction.words or ''}"
        for one in person.interactions_on_file[:_LOOKED_AT]
        if event.first is not None and one.day >= event.first
    ]
    later += [point.text for point in person.contact.talking_points]
    return any(
        person.says("left_to_them", text)
        and (text == event.event.note or person.share_words(text, event.event.note))
        for text in later
    )


def lines(occasion: Occasion) -> Iterator[Line]:
    """What to have ready if someone in grief brings it up, and other recent hard events."""
    told: list[Event] = []
    on_top = min(filter(leads, occasion.people), key=care_order, default=None)
    for person in occasion.people:
        if person.in_grief:
            yield from islice(_if_raised(person, told), _MOST)
        elif person is on_top:
            for event in person.blows[1:]:
                yield _raised(person, _in_words(person, event), "life_events", event.at)
        elif person.blows and may_be_mentioned(person):
            for event in person.blows:
                yield _raised(person, _in_words(person, event), "life_events", event.at)


def leads(person: Person) -> bool:
    """Whether their hard event leads; before others, only if it is new and no animal's death."""
    if not person.blows or not may_be_mentioned(person):
        return False
    return person.occasion.alone or not (person.blows[0].of_a_pet or is_known_to_both(person))


def asks_for_a_word(person: Person) -> bool:
    """Whether to mention it before all else: it is news, or they asked not to discuss it."""
    blow = person.blows[0]
    return not is_known_to_both(person) or _is_left_to_them(person, blow)


def is_known_to_both(person: Person) -> bool:
    """Whether it is less than grief, and you have already spoken about it."""
    blow = person.blows[0]
    return not blow.is_grief and person.was_spoken_of(blow)


def may_be_mentioned(person: Person) -> bool:
    """Whether the others may read of it: of a loss, but not of a dismissal."""
    if person.in_grief or person.occasion.alone:
        return True
    if any(is_private(one.event.note, person.languages) for one in person.blows):
        return False
    if person.blows and person.blows[0].of_a_pet:
        return True
    return person.occasion.presence.colleagues.superior_of(person) is None


def _in_words(person: Person, event: Event) -> str:
    words, text = person.words, person.text
    then, what = event.event.date, event.event.note.rstrip(".")
    assert then is not None  # noqa: S101  # an event without a date does not count as recent
    assert event.first is not None  # noqa: S101
    if is_of_a_funeral(person, event):
        return capitalised(what)
    day = words.full(then)
    if then.day is None or (event.days_since(person.day) or 0) < 0:
        return text("{date}: {what}", date=day, what=what)
    ago = words.ago_in_words(event.first)
    return text("{date}, {ago}: {what}", date=day, ago=ago, what=what)


def is_of_a_funeral(person: Person, event: Event) -> bool:
    """Whether a note is only about the funeral, so that its day is not that of the death."""
    told = [person.says("funeral", word) for word in event.kind.words]
    return event.is_grief and bool(told) and all(told)


def _if_raised(person: Person, told: list[Event]) -> Iterator[Line]:
    """What they may bring up; an event that is also in another file is printed once."""
    for event in person.blows[1:]:
        yield _raised(person, _in_words(person, event), "life_events", event.at)
    for event in person.events:
        twice = any(
            one.first == event.first and person.share_words(one.event.note, event.event.note)
            for one in told
        )
        if not twice and _may_be_raised(person, event):
            told.append(event)
            origin = person.words.partial(event.event.date) if event.event.date else ""
            said = capitalised(event.event.note.rstrip("."))
            yield _raised(person, said, "life_events", event.at, origin=origin)
    yield from _written(person)
    yield from _situation(person)


def _written(person: Person) -> Iterator[Line]:
    """The user's own points, if they sell nothing and name nobody who is mourned."""
    for at, point in enumerate(person.contact.talking_points):
        early = point.from_ is not None and person.day < point.from_
        late = point.until is not None and person.day > point.until
        if person.says("joke", point.text) or _is_glad(person, point.text):
            continue
        if early or late or is_pitch(point.text, person.languages):
            continue
        if person.silenced_by(point.text, point.from_) is None:
            matter = capitalised(_matter(point.text, person.languages))
            yield _raised(person, matter, "talking_points", at)


def _is_glad(person: Person, point: str) -> bool:
    """Whether a point is cheerful: a wedding, a birth, a promotion."""
    return bool(mentions_in(point, person.languages, strict=True, among=kinds().good))


def _matter(point: str, languages: tuple[str, ...]) -> str:
    """What a point asks about: `the new lens`, of `ask about the new lens`."""
    asks = says_where("asking", point, languages)
    return point[len(asks) :].strip() if asks and fold(point).startswith(asks) else point


def _situation(person: Person) -> Iterator[Line]:
    situation = person.situation
    if not (situation.current_state or situation.desired_outcome):
        return
    said = capitalised(path(person.occasion.language, situation))
    as_of = person.words.partial(situation.as_of) if situation.as_of else ""
    line = _raised(person, said, "situation", origin=as_of)
    if person.silenced_by(said, person.written_on(line)) is None:
        yield line


def _may_be_raised(person: Person, event: Event) -> bool:
    """Whether it is recent family news that names nobody who is mourned."""
    if event.kind.kind not in {"good", "neutral"} or event.hidden or event.first is None:
        return False
    note = event.event.note
    of_family = bool(relations_in(note, person.languages))
    ago = person.occasion.known_until - event.first
    if not timedelta() <= ago <= (_FAMILY_FOR if of_family else _OTHERS_FOR):
        return False
    if person.care.is_to_mind(note):
        return False
    expected = event.event.expect.note if event.event.expect else ""
    return person.silenced_by(f"{note} {expected}", event.first) is None


def _raised(person: Person, said: str, *place: str | int, origin: str = "") -> Line:
    if not (person.occasion.alone and person.in_grief):  # the heading says it there
        said = person.text("If {name} brings it up: {what}", name=person.short, what=said)
    return person.line("say", said, "if-raised", *place, rank=80, origin=origin, label="")
