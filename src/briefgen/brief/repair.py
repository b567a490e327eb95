"""Repair: what a strained, lapsed or new relationship changes on the page, and apologies."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

from briefgen.brief.brief import Line, Mark
from briefgen.brief.company import is_private
from briefgen.brief.occasion import FRESH, Occasion, Person
from briefgen.brief.phrases import reading_languages
from briefgen.brief.promises import apologies_promised, proof_promised
from briefgen.brief.redaction import mentions
from briefgen.brief.refusals import REPROACH
from briefgen.brief.relations import avoided_with
from briefgen.brief.wording import last_day
from briefgen.brief.words import fold
from briefgen.contacts.book import ContactFile

_GOOD: Final = ("warm", "steady")
_MOST_GOOD: Final = 2
_NEW_FOR: Final = timedelta(days=365)


def lines(occasion: Occasion) -> Iterator[Line]:
    """Lines for each strained, lapsed or new relationship, and for apologies."""
    for person in occasion.people:
        yield from _space(person)
        match person.status:
            case "strained":
                yield from _strained(person)
            case "lapsed":
                yield from _lapsed(person)
            case "new":
                yield from _new(person)
        yield from _apology(person)


def _strained(person: Person) -> Iterator[Line]:
    text, known = person.text, person.apologies
    if _is_no_matter_for_others(person):
        return
    if not known.reconciled:
        yield from _what_happened(person)
        if known.owed or not person.contact.apologies:  # else they have said what is wrong
            yield _line(person, text("Ask what is wrong, and hear it out."), rank=89, mark="ask")
        yield from _good_contacts(person)
    yield _line(person, text("No pitch today."), rank=73, mark="not-today", rule="no-pitch")


def _is_no_matter_for_others(person: Person) -> bool:
    """Whether others are there, and a strain is about money they owe, or something private."""
    reason = person.relationship.reason or ""
    return not person.occasion.alone and (
        person.says("dunning", reason) or is_private(reason, person.languages)
    )


def _what_happened(person: Person) -> Iterator[Line]:
    """Since when, and why; a reason that reproaches them is shown only in the terminal."""
    since, reason = _since(person), _reason(person)
    complaints = {fold(one.text).rstrip(".") for one in person.contact.concerns if not one.resolved}
    if person.apologies.owed or fold(reason) in complaints:
        reason = ""  # the line of the apology or the complaint says it
    presence = person.occasion.presence
    if reason and (_reproaches(person, reason) or presence.is_among_strangers(person)):
        said = _strained_since(person, since, reason)
        yield _line(person, said, rank=92, mark="warning", rule=REPROACH)
        reason = ""
    yield _line(person, _strained_since(person, since, reason), rank=92, mark="warning")


def _strained_since(person: Person, since: str, reason: str) -> str:
    text = person.text
    if since and reason:
        return text("Strained {since}: {reason}", since=since, reason=reason)
    if reason:
        return text("Strained: {reason}", reason=reason)
    if since:
        return text("Strained {since}.", since=since)
    if person.relationship.reason:
        return text("Strained.")
    return text("Strained; the reason is not on file.")


def _reproaches(person: Person, reason: str) -> bool:
    """Whether a reason reproaches the person across the table: `he threatened to leave`."""
    return any(person.says(kind, reason) for kind in ("harsh", "blame", "unkind"))


def _reason(person: Person) -> str:
    return (person.relationship.reason or "").rstrip(".")


def _since(person: Person) -> str:
    """`since 2 Nov`; empty if it is not known, or is yet to come."""
    since = person.relationship.since
    first = since.first_day() if since else None
    if since is None or (first is not None and first > person.occasion.known_until):
        return ""
    return person.words.since(since)


def _space(person: Person) -> Iterator[Line]:
    until = person.relationship.give_space_until
    if until is None or person.day >= until:
        return
    said = person.text(
        "You meant to give {name} space until {date}. Can this wait?",
        name=person.short,
        date=person.words.on(until),
    )
    yield _line(person, said, rank=99, mark="space", must_stay=True, label="", rule="space")


def _apology(person: Person) -> Iterator[Line]:
    """One reminder: of the apology that is owed, or of how earlier ones were taken."""
    known, text = person.apologies, person.text
    if known.owed:
        said = _owed(person, known.reason.rstrip("."))
        if person.occasion.presence.is_among_strangers(person):
            said = text("A word with {name} alone, before the others.", name=person.short)
        yield _line(person, said, rank=97, mark="apology", rule="apology", label="")
        yield from _proof(person)
        return
    if not known.pending:
        return
    if apologies_promised(person) or proof_promised(person):  # the line of the promise says it
        yield from _proof(person)
        return
    at, last = known.pending[0]
    days = [person.words.on(one.date) for _, one in reversed(known.pending) if one.date]
    dates = person.occasion.language.listed(days)
    if known.proof is not None and dates:
        said = text("You apologised on {dates}. Bring: {proof}", dates=dates, proof=known.proof[1])
    elif known.proof is not None:
        said = text("You apologised. Bring: {proof}", proof=known.proof[1])
    elif dates:
        said = text(
            "You apologised on {dates}, and it is not settled. Ask what would settle it.",
            dates=dates,
        )
    else:
        said = text("You apologised, and it is not settled. Ask what would settle it.")
    yield person.line(
        "repair",
        said,
        "apology",
        "apologies",
        known.proof[0] if known.proof else at,
        visibility=last.visibility or person.relationship.visibility or "private",
        rank=97,
        label="" if person.occasion.alone else person.named,
        mark="apology",
    )


def _proof(person: Person) -> Iterator[Line]:
    """What would show that an earlier apology was sincere."""
    known = person.apologies
    if known.proof is not None:
        at, proof = known.proof
        said = person.text("To show that the last apology was meant: {proof}", proof=proof)
        yield person.line("repair", said, "proof", "apologies", at, rank=88, visibility="private")


def _owed(person: Person, reason: str) -> str:
    text = person.text
    if person.occasion.alone and reason:
        return text("Apologise, plainly and once: {reason}", reason=reason)
    if person.occasion.alone:
        return text("You owe an apology. Make it first, plainly, once.")
    if reason:
        return text("Apologise to {name}: {reason}", name=person.short, reason=reason)
    return text("You owe {name} an apology. Make it first, plainly, once.", name=person.short)


def _good_contacts(person: Person) -> Iterator[Line]:
    """Others in the same organization with whom the relationship is good."""
    organization = person.contact.organization
    if organization is None or person.firms.former is not None:
        return
    book = person.occasion.book
    here = {one.file.stem for one in person.occasion.people}
    candidates = (
        book.by_stem(entry.stem)
        for status in _GOOD
        for entry in book.colleagues(organization)
        if entry.stem not in here and entry.status == status
    )
    good = (file for file in candidates if file is not None and _stands(file) in _GOOD)
    others = list(islice(good, _MOST_GOOD))  # each is read, so only as many as are named
    if not others:
        return
    language = person.occasion.language
    names = language.people([file.contact.name for file in others])
    said = language.text(
        "On good terms at {organization}: {names}", organization=organization, names=names
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
    avoided = avoided_with(file.contact, reading_languages(language, file.contact.language))
    return any(mentions(said, word, language) for word in avoided)


def _lapsed(person: Person) -> Iterator[Line]:
    if not _came_back(person):
        yield from _out_of_touch(person)
    yield _line(
        person,
        person.text(
            "Begin with {name}, not with business: ask what has changed.", name=person.short
        ),
        rank=87,
        mark="ask",
        label="",
    )


def _came_back(person: Person) -> bool:
    """Whether there was recent contact after it had lapsed."""
    since = last_day(person.relationship.since) if person.relationship.since else None
    newest = person.interactions_on_file[0].day if person.interactions_on_file else None
    return (
        since is not None and newest is not None and newest > since and person.day - newest <= FRESH
    )


def _out_of_touch(person: Person) -> Iterator[Line]:
    text, reason = person.text, _reason(person)
    if reason:
        yield _line(person, text("Out of touch: {reason}", reason=reason), rank=90, mark="warning")
    if person.last_contact is None:
        since = _since(person)
        if since and not reason:
            said = text("Out of touch {since}.", since=since)
            yield _line(person, said, rank=90, mark="warning")
    elif (person.day - person.last_contact).days > _NEW_FOR.days:
        yield _line(person, person.words.last_spoke(person.last_contact), rank=90, mark="warning")
    elif not reason:
        age = person.words.silence(person.last_contact)
        said = text("You have not been in touch for {age}.", age=age)
        yield _line(person, said, rank=90, mark="warning")


def _new(person: Person) -> Iterator[Line]:
    """Why it is new; after a year it no longer is."""
    reason, since = _reason(person), _since(person)
    if not person.relationship.reason or not is_new(person):
        return
    if since:
        said = person.text("New {since}: {reason}", since=since, reason=reason)
    else:
        said = person.text("New: {reason}", reason=reason)
    yield _line(person, said, rank=82)


def is_new(person: Person) -> bool:
    """Whether it began within a year."""
    began = person.relationship.since.first_day() if person.relationship.since else None
    if began is None and person.interactions_on_file:
        began = person.interactions_on_file[-1].day
    return began is None or person.day - began <= _NEW_FOR


def _line(
    person: Person,
    said: str,
    *,
    rank: int,
    mark: Mark | None = None,
    must_stay: bool = False,
    label: str | None = None,
    rule: str | None = None,
) -> Line:
    return person.line(
        "repair",
        said,
        rule or f"relationship-{person.status}",
        "relationship",
        rank=rank,
        mark=mark,
        must_stay=must_stay,
        label=label,
    )
