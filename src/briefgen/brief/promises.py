"""Promises both ways: mine overdue first, what is due today to bring, theirs as a gentle ask."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Occasion, Person
from briefgen.contacts.contact import Promise

_THEIRS_AHEAD_DAYS: Final = 14
"""What they promised for later than that need not be asked for."""
_MUST_STAY: Final = 3


def lines(occasion: Occasion) -> Iterator[Line]:
    """Every open promise, mine by the days they are late, then theirs."""
    mine: list[tuple[date, Line]] = []
    theirs: list[tuple[date, Line]] = []
    for person in occasion.people:
        for at, promise in enumerate(person.contact.promises):
            if not _is_open(person, promise):
                continue
            if promise.by == "me":
                mine.append((due_day(promise) or date.max, _mine(person, at, promise)))
            elif (line := _theirs(person, at, promise)) is not None:
                theirs.append((due_day(promise) or date.max, line))
    for found in (mine, theirs):
        found.sort(key=lambda one: one[0])
        yield from (line for _, line in found)


def _is_open(person: Person, promise: Promise) -> bool:
    """Whether it stands: made, as far as is known, and neither kept nor dropped."""
    made = promise.made is None or promise.made <= person.occasion.known_until
    return made and promise.is_open


def due_day(promise: Promise) -> date | None:
    """When it is due; a day before it was made is a slip of the pen and tells nothing."""
    if promise.due is None or (promise.made is not None and promise.due < promise.made):
        return None
    return promise.due


def _mine(person: Person, at: int, promise: Promise) -> Line:
    occasion, day, due = person.occasion, person.occasion.day, due_day(promise)
    language, words = occasion.language, occasion.words
    label, rank = language.text("I promised"), 68
    overdue = due is not None and due < day
    if due is not None and due < day:
        late = (day - due).days
        label = language.plural("{count} day late", "{count} days late", late)
        rank = 98
    elif due == day:
        label, rank = language.text("due today"), 95
    elif due is not None:
        label = language.text("due {date}", date=words.on(due))
        rank = 74 if (due - day).days <= _THEIRS_AHEAD_DAYS else 60
    said = promise.text
    if not occasion.alone:
        said = language.text("{promise} (to {name})", promise=promise.text, name=person.short)
    return person.line(
        "bring" if due == day else "promises",
        said,
        "promise",
        "promises",
        at,
        visibility=promise.visibility,
        rank=rank,
        label=label,
        origin=_made(person, promise),
        mark="overdue" if overdue else "due",
        must_stay=overdue,
    )


def _theirs(person: Person, at: int, promise: Promise) -> Line | None:
    day, due = person.occasion.day, due_day(promise)
    if due is not None and (due - day).days > _THEIRS_AHEAD_DAYS:
        return None
    language, words = person.occasion.language, person.occasion.words
    said = language.text("{promise}; ask gently", promise=promise.text.rstrip("."))
    if due is not None and due > day:
        said = language.text("{promise}; no need to press", promise=promise.text.rstrip("."))
    label = language.text("{name} promised", name=person.short)
    when = language.text("for {date}", date=words.on(due)) if due else ""
    return person.line(
        "promises",
        said,
        "promise-of-theirs",
        "promises",
        at,
        visibility=promise.visibility,
        rank=66 if due is None or due <= day else 56,
        label=label,
        origin=words.joined((when, _made(person, promise))),
        mark="theirs",
    )


def _made(person: Person, promise: Promise) -> str:
    """When it was made, and where, if there is a note of that day."""
    if promise.made is None:
        return ""
    words, text = person.occasion.words, person.occasion.language.text
    noted = person.noted_on(promise.made)
    on = words.on(promise.made)
    if noted is None:
        return text("made {date}", date=on)
    channel = words.channel(noted.interaction.channel)
    return text("made {date}, {channel}", date=on, channel=channel)
