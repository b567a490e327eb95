"""Promises both ways: mine that are late or due, those kept since, and theirs to ask for."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.presence import KEPT_FROM_OTHERS
from briefgen.brief.refusals import hints_at_a_confidence
from briefgen.brief.words import fold
from briefgen.contacts.contact import COLLEAGUE, Promise

_THEIRS_AHEAD_DAYS: Final = 14
"""Their promises due later than that need not be asked about."""
DUE_OF_THEIRS: Final = 66
"""The rank of a promise of theirs for today or earlier, or without a day."""
_LATE_IN_DAYS: Final = 100
"""How many days late a promise is before its line says since when instead."""
_LATEST: Final = 6
_ASKED_FOR_DAYS: Final = 365
_NEWS_FOR: Final = timedelta(days=90)


def lines(occasion: Occasion) -> Iterator[Line]:
    """Every open promise, mine by the days they are late, then theirs and my colleagues'."""
    mine: list[tuple[date, Line]] = []
    theirs: list[tuple[date, Line]] = []
    for person in occasion.people:
        for at, promise in enumerate(person.contact.promises):
            if not _is_open(person, promise) or _is_told_as_apology(person, promise):
                continue
            if promise.by == "me":
                mine.append((due_day(promise) or date.max, _mine(person, at, promise)))
            elif (line := _theirs(person, at, promise)) is not None:
                theirs.append((due_day(promise) or date.max, line))
    mine += list(_without_words(occasion, mine))
    for found in (mine, theirs):
        found.sort(key=lambda one: one[0])
        yield from (line for _, line in found)
    for person in occasion.people:
        yield from _next_step(person)


def kept_since(person: Person) -> Iterator[Line]:
    """Promises of mine kept since the last talk: good news to bring."""
    until = person.occasion.known_until
    since = person.last_talk.day if person.last_talk else until - _NEWS_FOR
    for at, promise in enumerate(person.contact.promises):
        if promise.kept is None or (promise.made is not None and promise.kept < promise.made):
            continue  # not kept, or a typing error
        if promise.by == "me" and since < promise.kept <= until and not _is_known(person, promise):
            yield person.line(
                "say",
                person.text(
                    "Done since you spoke: {what}. Say so.", what=promise.text.rstrip(".!? ")
                ),
                "done",
                "promises",
                at,
                rank=82,
                origin=person.words.on(promise.kept),
                mark="resolved",
            )


def _is_known(person: Person, promise: Promise) -> bool:
    """Whether they have thanked for it or mentioned it since."""
    kept = promise.kept or date.max
    since = [one for one in person.interactions_on_file[:_LATEST] if one.day >= kept]
    return any(
        person.says("thanks", text) or person.share_words(promise.text, text)
        for one in since
        if (text := one.interaction.summary or "")
    )


def _is_open(person: Person, promise: Promise) -> bool:
    """Whether it is open: made by now, and neither kept nor dropped."""
    made = promise.made is None or promise.made <= person.occasion.known_until
    return made and promise.is_open


def apologies_promised(person: Person) -> bool:
    """Whether a promise to apologise is due or late, so that it has its own line."""
    return any(
        (due := due_day(promise)) is not None
        and due <= person.day
        and _is_to_apologise(person, promise)
        and _is_open(person, promise)
        and promise.visibility != "never"
        and not _is_told_as_apology(person, promise)
        for promise in person.contact.promises
    )


def proof_promised(person: Person) -> bool:
    """Whether a promise of mine that is due or late would show that an apology was sincere."""
    proof = person.apologies.proof
    return proof is not None and any(
        promise.by == "me"
        and _is_open(person, promise)
        and promise.visibility != "never"
        and (due := due_day(promise)) is not None
        and due <= person.day
        and person.share_words(promise.text, proof[1])
        for promise in person.contact.promises
    )


def _is_to_apologise(person: Person, promise: Promise) -> bool:
    return promise.by == "me" and person.says("apologised", promise.text)


def _is_told_as_apology(person: Person, promise: Promise) -> bool:
    """Whether it is to apologise, and the page already says that one is owed, or one was made.

    What is due today or later is still open: an apology by phone does not replace a promised visit.
    """
    if not _is_to_apologise(person, promise):
        return False
    known = person.apologies
    if known.owed and (not known.reason or person.share_words(known.reason, promise.text)):
        return True
    due, made = due_day(promise), promise.made or date.min
    for one in person.contact.apologies:
        when = one.date or date.max
        if when > person.occasion.known_until and one.date is not None:
            continue
        is_later = when > made
        is_past = due is None or due < person.day
        same = one.for_ is None or person.share_words(one.for_, promise.text)
        if same and is_later and (one.taken == "accepted" or is_past):
            return True
    return False


def due_day(promise: Promise) -> date | None:
    """When it is due; a day before it was made is a typing error and does not count."""
    if promise.due is None or (promise.made is not None and promise.due < promise.made):
        return None
    return promise.due


def _mine(person: Person, at: int, promise: Promise) -> Line:
    occasion, day, due = person.occasion, person.day, due_day(promise)
    text, words = occasion.language.text, occasion.words
    said, rank, note = text("You promised: {promise}", promise=promise.text), 68, ""
    origin = _made(person, promise)
    overdue = due is not None and due < day
    if due is not None:
        origin = text("by {date}", date=words.on(due))
    elif promise.made is not None and person.says("relative", promise.text):
        made = words.on(promise.made)
        said = text("You promised on {date}: {promise}", date=made, promise=promise.text)
        origin = ""
    closed = person.later_notes.closed_on(promise.text, promise.made) if promise.made else None
    if closed is not None:
        rank, note, overdue = 57, text("still open? see {date}", date=words.on(closed)), False
    elif due is not None and due < day:
        rank, note = 96, _late(person, due)
    elif due == day:
        rank, note = 95, text("promised for today")
    elif due is not None:
        rank = 74 if (due - day).days <= _THEIRS_AHEAD_DAYS else 60
    return person.line(
        "bring" if due == day and closed is None else "promises",
        said,
        "promise",
        "promises",
        at,
        rank=rank,
        note=note,
        origin=origin,
        mark="overdue" if overdue else None if closed else "due",
        must_stay=overdue,
    )


def _without_words(
    occasion: Occasion, mine: Sequence[tuple[date, Line]]
) -> Iterator[tuple[date, Line]]:
    """What is due or late and must not be read, each without what it is: nothing late is left out.

    Of one person it is one line, with the days on which it was promised. Where even `see her apart`
    would give something away, as before her superior, the line has no name.
    """
    apart: dict[str | None, list[tuple[date, Line]]] = {}
    for due, line in mine:
        person = occasion.person_of(line)
        if person is None or due > occasion.day or line.visibility == "never":
            continue
        refused = occasion.presence.refusal(line)
        nameless = refused.by == KEPT_FROM_OTHERS if refused else False
        if refused is None and hints_at_a_confidence(person, line):
            nameless = True
        if refused or nameless:
            apart.setdefault(None if nameless else line.who, []).append((due, line))
    for who, found in apart.items():
        due, line = min(found, key=lambda one: one[0])
        said = _said_apart(occasion, [one for _, one in found], nameless=who is None)
        line = line.replace(text=said, rule="promise-apart", origin="", label="", who=who)
        if who is not None:
            yield due, line
        else:  # after all that may be named
            yield date.max, line.replace(section="bring", mark="due")


def _said_apart(occasion: Occasion, found: Sequence[Line], *, nameless: bool) -> str:
    """That there are promises of some days, and not what; to be raised in private."""
    text, language = occasion.language.text, occasion.language
    owed = [(person, line) for line in found if (person := occasion.person_of(line)) is not None]
    days = sorted({made for person, line in owed if (made := person.written_on(line))})
    on = language.listed([occasion.words.on(day) for day in days])
    guarded, name = occasion.guarded, owed[0][0].short
    if nameless or (
        occasion.alone and not any(guarded.colleague_in(one.noted_text(line)) for one, line in owed)
    ):
        if len(days) > 1:
            return text("Your promises of {dates}", dates=on)
        return text("Your promise of {date}", date=on) if on else text("A promise of yours")
    if len(days) > 1:
        return text("See {name} apart: your promises of {dates}", name=name, dates=on)
    if on:
        return text("See {name} apart: your promise of {date}", name=name, date=on)
    return text("See {name} apart: a promise of yours", name=name)


def _late(person: Person, due: date) -> str:
    """`3 days late`; after a hundred days, `since May 2018`."""
    language, late = person.occasion.language, (person.day - due).days
    if late > _LATE_IN_DAYS:
        return language.text("since {month}", month=language.month(due))
    return language.plural("{count} day late", "{count} days late", late)


def _theirs(person: Person, at: int, promise: Promise) -> Line | None:
    """What they or a colleague of mine promised; nothing if the colleague is unknown."""
    day, due = person.day, due_day(promise)
    is_colleagues = promise.by == COLLEAGUE
    name = promise.author if is_colleagues else person.short
    if name is None or (due is not None and (due - day).days > _THEIRS_AHEAD_DAYS):
        return None
    if due is not None and (day - due).days > _ASKED_FOR_DAYS:
        return None  # nobody is asked for what was due a year ago
    is_due = not is_colleagues and (due is None or due <= day)
    note = _how_to_ask(person, promise, is_colleagues=is_colleagues)
    origin = person.text("by {date}", date=person.words.on(due)) if due else ""
    if note == person.text("do not press"):  # after which a date would be that of the pressing
        note, origin = person.occasion.words.joined((origin, note)), ""
    elif not due:
        origin = _made(person, promise)
    return person.line(
        "promises",
        person.text("{name} promised: {promise}", name=name, promise=promise.text),
        "promise-of-theirs",
        "promises",
        at,
        rank=DUE_OF_THEIRS if is_due else 56,
        label="",  # the text names them
        note=note,
        origin=origin,
        mark="theirs",
    )


def _how_to_ask(person: Person, promise: Promise, *, is_colleagues: bool) -> str:
    """How late a promise is that is not mine, and how to ask for it."""
    due = due_day(promise)
    text, late = person.text, due is not None and due < person.day
    if is_colleagues:
        return _late(person, due) if due is not None and late else ""
    if promise.made and (closed := person.later_notes.closed_on(promise.text, promise.made)):
        return text("still open? see {date}", date=person.occasion.words.on(closed))
    if person.is_bereaved or not {"worried", "blow"}.isdisjoint(person.states):
        return text("do not press")
    if due is not None and late:
        return text("{age} late: ask, but don’t press", age=person.words.age(due))
    return ""


def _made(person: Person, promise: Promise) -> str:
    """When it was made, and in which channel, if there is a note of that day."""
    if promise.made is None:
        return ""
    noted, on = person.noted_on(promise.made), person.words.on(promise.made)
    if noted is None:
        return on
    return person.words.dated(promise.made, noted.interaction.channel)


def _next_step(person: Person) -> Iterator[Line]:
    step = person.contact.next_step
    promised = [fold(one.text) for one in person.contact.promises if one.is_open]
    if step is None or fold(step.text) in promised:
        return
    yield person.line(
        "promises",
        person.text("Next step: {step}", step=step.text),
        "next-step",
        "next_step",
        rank=64,
        origin=person.text("by {date}", date=person.words.on(step.due)) if step.due else "",
    )
