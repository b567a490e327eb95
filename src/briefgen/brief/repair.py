"""Repair: what a strained, lapsed or new relationship changes on the page."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from briefgen.brief.brief import Line, Mark
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.redaction import mentions
from briefgen.brief.signals import Vocabulary
from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Visibility
from briefgen.contacts.dates import PartialDate

_OF_THEIRS: Final = frozenset(
    {"concern", "words", "unsaid", "life-event", "birthday", "date", "answers", "approach"}
    | {"newcomer", "silence", "new-organization", "first-meeting"}
)
_GOOD: Final = ("warm", "steady")
_MOST_GOOD: Final = 2


def lines(occasion: Occasion) -> Iterator[Line]:
    """For each strained, lapsed or new relationship what it asks for."""
    for person in occasion.people:
        match person.status:
            case "strained":
                yield from _strained(person)
            case "lapsed":
                yield from _lapsed(person)
            case "new":
                yield from _new(person)
            case _:
                yield from _space(person)
    yield from _apology(occasion)


def pitches(line: Line, vocabulary: Vocabulary) -> str | None:
    """The word of selling in something to say, for where a relationship is strained.

    What they said, and what happens in their lives, is no pitch, whatever words it has.
    """
    if line.section != "say" or line.rule in _OF_THEIRS:
        return None
    words = (word for word in vocabulary.pitch if mentions(line.text, word, vocabulary.language))
    return next(words, None)


def _strained(person: Person) -> Iterator[Line]:
    text = person.occasion.language.text
    yield from _space(person)
    yield _what_happened(person)
    yield _line(
        person,
        text("Be direct: ask what is wrong, and listen to the end."),
        rank=93,
        mark="ask",
    )
    yield from _good_contacts(person)
    yield _line(person, text("No pitch today."), rank=73, mark="not-today")


def _what_happened(person: Person) -> Line:
    relationship, text = person.contact.relationship, person.occasion.language.text
    since = _since(person, relationship.since if relationship else None)
    reason = relationship.reason.rstrip(".") if relationship and relationship.reason else ""
    if since and reason:
        said = text("Strained {since}: {reason}.", since=since, reason=reason)
    elif reason:
        said = text("Strained: {reason}.", reason=reason)
    elif since:
        said = text("Strained {since}; the reason is not on file.", since=since)
    else:
        said = text("Strained; the reason is not on file.")
    return _line(person, said, rank=97, mark="warning")


def _since(person: Person, since: PartialDate | None) -> str:
    """`since 2 Nov`; empty where it is not known, or is yet to come."""
    first = since.first_day() if since else None
    if since is None or (first is not None and first > person.occasion.known_until):
        return ""
    return person.occasion.words.since(since)


def _space(person: Person) -> Iterator[Line]:
    relationship = person.contact.relationship
    until = relationship.give_space_until if relationship else None
    if until is None or person.occasion.day >= until:
        return
    text = person.occasion.language.text
    said = text(
        "You meant to give {name} space until {date}. Does this meeting have to be?",
        name=person.short,
        date=person.occasion.words.on(until),
    )
    yield _line(person, said, rank=99, mark="space", must_stay=True, label="")


def _apology(occasion: Occasion) -> Iterator[Line]:
    """One line, whomever an apology is owed to."""
    owed = [
        person
        for person in occasion.people
        if person.contact.relationship and person.contact.relationship.apology_owed
    ]
    if not owed:
        return
    language = occasion.language
    if occasion.alone:
        said = language.text("You owe an apology: give it first, plainly, once.")
    else:
        names = language.listed([person.short for person in owed])
        said = language.text(
            "You owe {names} an apology: give it first, plainly, once.", names=names
        )
    shown = [p.contact.relationship.visibility for p in owed if p.contact.relationship]
    visibility: Visibility | None = "never" if "never" in shown and len(owed) == 1 else None
    yield owed[0].line(
        "repair",
        said,
        "apology",
        "relationship",
        visibility=visibility,
        rank=96,
        label="",
        mark="apology",
    )


def _good_contacts(person: Person) -> Iterator[Line]:
    """Others in the same organization with whom things stand well."""
    organization = person.contact.organization
    if organization is None:
        return
    book = person.occasion.book
    candidates = (
        book.by_stem(entry.stem)
        for status in _GOOD
        for entry in book.colleagues(organization)
        if entry.stem != person.file.stem and entry.status == status
    )
    good = (file for file in candidates if file is not None and _stands(file) in _GOOD)
    others = list(islice(good, _MOST_GOOD))  # each is read, so that no more are than are named
    if not others:
        return
    language = person.occasion.language
    names = language.listed([file.contact.name for file in others])
    said = language.text(
        "On good terms at {organization}: {names}.", organization=organization, names=names
    )
    if any(_avoids(other, said, person.occasion) for other in others):
        return
    yield _line(person, said, rank=70, label="")


def _stands(file: ContactFile) -> str | None:
    relationship = file.contact.relationship
    if relationship is None or relationship.visibility == "never":
        return None
    return relationship.status


def _avoids(file: ContactFile, said: str, occasion: Occasion) -> bool:
    language = occasion.vocabulary.language
    return any(mentions(said, word, language) for word in file.contact.avoid)


def _lapsed(person: Person) -> Iterator[Line]:
    yield from _space(person)
    occasion, text = person.occasion, person.occasion.language.text
    relationship = person.contact.relationship
    reason = relationship.reason.rstrip(".") if relationship and relationship.reason else ""
    if person.last is not None:
        age = occasion.words.age(person.last.day)
        said = text("No word for {age}: {reason}.", age=age, reason=reason)
        if not reason:
            said = text("No word for {age}.", age=age)
    else:
        since = _since(person, relationship.since if relationship else None)
        said = text("Lapsed {since}: {reason}.", since=since, reason=reason)
        if not (since and reason):
            said = text("The contact has lapsed.")
    yield _line(person, said, rank=90, mark="warning")
    yield _line(
        person,
        text("Begin with {name}, not with business: ask what has changed.", name=person.short),
        rank=87,
        mark="ask",
        label="",
    )


def _new(person: Person) -> Iterator[Line]:
    text = person.occasion.language.text
    relationship = person.contact.relationship
    reason = relationship.reason.rstrip(".") if relationship and relationship.reason else ""
    since = _since(person, relationship.since if relationship else None)
    if reason and since:
        said = text("New {since}: {reason}.", since=since, reason=reason)
    elif reason:
        said = text("New: {reason}.", reason=reason)
    else:
        said = text("A new relationship.")
    yield _line(person, said, rank=82)
    yield _line(person, text("Ask twice as much as you tell."), rank=59)


def _line(
    person: Person,
    said: str,
    *,
    rank: int,
    mark: Mark | None = None,
    must_stay: bool = False,
    label: str | None = None,
) -> Line:
    relationship = person.contact.relationship
    return person.line(
        "repair",
        said,
        f"relationship-{person.status}",
        "relationship",
        visibility=relationship.visibility if relationship else None,
        rank=rank,
        mark=mark,
        must_stay=must_stay,
        label=label,
    )
