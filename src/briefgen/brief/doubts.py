"""Doubts: what is on file but cannot be so, contradicts itself, or says too little to be told.

The brief leaves such things out rather than say something wrong; `briefgen check` reports them, and
what the prose of a file says that a field should.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from briefgen.brief.events import event_kind
from briefgen.brief.phrases import reading_languages, says
from briefgen.brief.signals import Vocabulary
from briefgen.brief.wording import last_day
from briefgen.brief.words import fold, share_words
from briefgen.contacts.book import ContactBook
from briefgen.contacts.contact import (
    Apology,
    Concern,
    Contact,
    Interaction,
    LifeEvent,
    Organization,
    Promise,
    Relationship,
    Situation,
    WrittenPoint,
)
from briefgen.contacts.dates import OLDEST, OLDEST_YEARS, PartialDate
from briefgen.workspace.document import Keys, read_bytes
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.progress import waiting
from briefgen.workspace.validation import Kept

_MAY_HOLD_ANY: Final = re.compile(rb"\b\d{4}\b|expect|signals|needs_met|life_events")
"""A contact file with nothing of that, as most of those imported, need not be read for doubts."""

Doubt = tuple[Keys, str]
"""Where it is in the contact, and what is wrong with it."""
_SAME_TALK: Final = timedelta(days=3)
_NEW_FOR: Final = timedelta(days=365)

Contradiction = tuple[Keys, str]
"""Where it is in the contact, and what does not fit."""


def doubts_on_file(
    book: ContactBook, root: Path, *, today: date, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Every doubt about the contacts and organizations of a book, each a warning."""
    entries = book.entries()
    with waiting(len(entries), Phrase("Checking contacts")) as step:
        for entry in entries:
            file = book.by_stem(entry.stem) if _may_hold_any(root / entry.file) else None
            if file is not None:
                yield from _problems(file.kept, doubts(file.contact, today, vocabulary))
            step(1)
    for organization in book.organizations:
        yield from _problems(
            organization.kept, organization_doubts(organization.organization, today)
        )


def _may_hold_any(path: Path) -> bool:
    try:
        return _MAY_HOLD_ANY.search(read_bytes(path)) is not None
    except OSError:
        return False


def _problems(kept: Kept, found: Iterable[Doubt]) -> Iterator[Problem]:
    for keys, message in found:
        yield kept.document.problem(kept.origin(keys), message, "warning")


def doubts(contact: Contact, today: date, vocabulary: Vocabulary) -> Iterator[Doubt]:
    """What in a contact file cannot be true on `today`, or says too little to be printed."""
    languages = reading_languages(vocabulary.language, contact.language)
    yield from _birthday(contact.birthday, today)
    if contact.relationship is not None:
        yield from _relationship(contact.relationship, today)
    yield from _situation(contact.situation, today)
    yield from _concerns(contact.concerns, today)
    for at, approach in enumerate(contact.approaches):
        yield from _ahead(("approaches", at, "date"), approach.date, today)
    for at, event in enumerate(contact.life_events):
        yield from _life_event(("life_events", at), event, today)
        yield from _kind(("life_events", at), event, languages)
    for at, promise in enumerate(contact.promises):
        yield from _promise(("promises", at), promise, today)
    for at, point in enumerate(contact.talking_points):
        yield from _written_point(("talking_points", at), point, today)
    for at, thing in enumerate(contact.to_share):
        yield from _ahead(("to_share", at, "shared"), thing.shared, today)
    yield from contradictions(contact, today, vocabulary.language)
    for at, interaction in enumerate(contact.interactions):
        yield from _interaction(("interactions", at), interaction, today, vocabulary)


def organization_doubts(organization: Organization, today: date) -> Iterator[Doubt]:
    """The same for an organization."""
    yield from _situation(organization.situation, today)
    yield from _concerns(organization.concerns, today)


_AHEAD: Final = {
    "kept": Phrase("{given} lies ahead, and the promise counts as kept already; mend the date"),
    "resolved": Phrase(
        "{given} lies ahead, and until then it counts neither as open nor as resolved; "
        "mend the date"
    ),
    "since": Phrase(
        "{given} lies ahead, and until then the brief gives no date for it; mend the date"
    ),
    "as_of": Phrase("{given} lies ahead, and until then it counts as undated; mend the date"),
    "used": Phrase("{given} lies ahead, and until then it does not count as used; mend the date"),
    "shared": Phrase("{given} lies ahead, and it counts as shared already; mend the date"),
}
_UNTOLD: Final = Phrase("{given} lies ahead, and until then no brief tells of it; mend the date")


def _ahead(keys: Keys, given: date | PartialDate | None, today: date) -> Iterator[Doubt]:
    """What was, with a date that is still to come."""
    if (first := _first(given)) is not None and first > today:
        field = next(key for key in reversed(keys) if isinstance(key, str))
        yield keys, _AHEAD.get(field, _UNTOLD).filled(given=given)


def _first(given: date | PartialDate | None) -> date | None:
    return given.first_day() if isinstance(given, PartialDate) else given


def _last(given: date | PartialDate | None) -> date | None:
    return last_day(given) if isinstance(given, PartialDate) else given


def _before(
    keys: Keys,
    given: date | PartialDate | None,
    other: date | PartialDate | None,
    message: Phrase,
) -> Iterator[Doubt]:
    """Something that cannot have been before something else."""
    last, first = _last(given), _first(other)
    if last is not None and first is not None and last < first:
        yield keys, message.filled(given=given, other=other)


def _birthday(birthday: PartialDate | None, today: date) -> Iterator[Doubt]:
    yield from _ahead(("birthday",), birthday, today)
    if birthday is not None and birthday.year and today.year - birthday.year > OLDEST_YEARS:
        message = Phrase(
            "{birthday} would make them older than anybody, and no age is told; mend the year",
            birthday=birthday,
        )
        yield ("birthday",), message


def _relationship(relationship: Relationship, today: date) -> Iterator[Doubt]:
    yield from _ahead(("relationship", "since"), relationship.since, today)
    yield from _before(
        ("relationship", "give_space_until"),
        relationship.give_space_until,
        relationship.since,
        Phrase("{given} is before {other}, since when it has been so; mend one of the dates"),
    )


def _situation(situation: Situation | None, today: date) -> Iterator[Doubt]:
    if situation is not None:
        yield from _ahead(("situation", "as_of"), situation.as_of, today)


def _concerns(concerns: Sequence[Concern], today: date) -> Iterator[Doubt]:
    for at, concern in enumerate(concerns):
        resolved = ("concerns", at, "resolved")
        yield from _ahead(("concerns", at, "date"), concern.date, today)
        yield from _ahead(resolved, concern.resolved, today)
        yield from _before(
            resolved,
            concern.resolved,
            concern.date,
            Phrase("{given} is before {other}, when it was raised; mend one of the dates"),
        )


def _life_event(keys: Keys, event: LifeEvent, today: date) -> Iterator[Doubt]:
    yield from _ahead((*keys, "date"), event.date, today)
    if event.expect is not None and (event.date is None or event.date.year is None):
        message = Phrase(
            "needs to know since when: write the year of the event under date, or no brief asks"
        )
        yield (*keys, "expect"), message


def _kind(keys: Keys, event: LifeEvent, languages: tuple[str, ...]) -> Iterator[Doubt]:
    """An event whose words leave open whether it was a blow."""
    told = event_kind(event, languages)
    if not told.given and not told.sure:
        said = ", ".join(f"'{word}'" for word in told.words)
        message = Phrase(
            "may be hard or not ({said}), and counts as hard until you say; add kind: "
            "hard, good or neutral",
            said=said,
        )
        yield (*keys, "note"), message


def _promise(keys: Keys, promise: Promise, today: date) -> Iterator[Doubt]:
    yield from _ahead((*keys, "made"), promise.made, today)
    yield from _ahead((*keys, "kept"), promise.kept, today)
    for field, day in (("kept", promise.kept), ("due", promise.due)):
        yield from _before(
            (*keys, field),
            day,
            promise.made,
            Phrase("{given} is before {other}, when it was made; mend one of the dates"),
        )
    if promise.kept is not None and promise.dropped is not None:
        yield (*keys, "dropped"), Phrase("was kept and dropped; keep one of the two")


def _written_point(keys: Keys, point: WrittenPoint, today: date) -> Iterator[Doubt]:
    yield from _before(
        (*keys, "until"),
        point.until,
        point.from_,
        Phrase("{given} is before {other}, from when it makes sense; mend one of the dates"),
    )
    for at, used in enumerate(point.used):
        yield from _ahead((*keys, "used", at), used, today)


def _interaction(
    keys: Keys, interaction: Interaction, today: date, vocabulary: Vocabulary
) -> Iterator[Doubt]:
    yield from _ahead((*keys, "date"), interaction.date, today)
    if interaction.date <= today - OLDEST:
        message = Phrase(
            "{date} is a lifetime ago, and no brief tells of it; mend the year",
            date=interaction.date,
        )
        yield (*keys, "date"), message
    if interaction.needs_met is not None and interaction.needs is None:
        yield (*keys, "needs_met"), Phrase("tells how far a need was met, but not which; add needs")
    for at, noted in enumerate(interaction.signals):
        if vocabulary.find(noted) is None:
            near = vocabulary.nearest(noted)
            message = (
                Phrase("'{noted}' is not in the vocabulary; did you mean '{near}'?")
                if near
                else Phrase("'{noted}' is not in the vocabulary; no stance follows from it")
            )
            yield (*keys, "signals", at), message.filled(noted=noted, near=near)
    for one, other in vocabulary.contradictions(interaction.signals):
        message = Phrase(
            "'{one}' and '{other}' contradict each other; keep the one that you saw last",
            one=one,
            other=other,
        )
        yield (*keys, "signals"), message


def contradictions(contact: Contact, today: date, language: str) -> Iterator[Contradiction]:
    """What a thoughtful reader of the file would ask about."""
    languages = reading_languages(language, contact.language)
    yield from _apologies_in_prose(contact, languages)
    yield from _apology_owed(contact, language)
    yield from _new_for_years(contact, today)
    yield from _left_work(contact, today, languages)
    yield from _expected_of_hard_events(contact, languages)


def _apologies_in_prose(contact: Contact, languages: tuple[str, ...]) -> Iterator[Contradiction]:
    """A summary that mentions an apology without an entry."""
    noted = [one.date for one in contact.apologies if one.date is not None]
    for at, interaction in enumerate(contact.interactions):
        summary, day = interaction.summary, interaction.date
        if summary is None or not says("apologised", summary, languages):
            continue
        if any(abs(one - day) <= _SAME_TALK for one in noted):
            continue
        message = Phrase(
            "tells of an apology; keep it as one: apologies: [{{date: {day}, for: …, "
            "taken: accepted, not yet or refused}}]",
            day=day,
        )
        yield ("interactions", at, "summary"), message


def _apology_owed(contact: Contact, language: str) -> Iterator[Contradiction]:
    """An apology still owed for something that was apologised for, or for something else."""
    relationship = contact.relationship
    if relationship is None or not relationship.apology_owed or not contact.apologies:
        return
    reason, keys = relationship.reason, ("relationship", "apology_owed")
    for apology in contact.apologies:
        if reason is None or apology.for_ is None or share_words(reason, apology.for_, language):
            yield keys, _answered(apology)
            return
    matters = [f"'{one.for_}'" for one in contact.apologies]
    message = Phrase(
        "counts as another matter than what you apologised for ({matters}); if it is the "
        "same, name it alike under apologies",
        matters=matters,
    )
    yield keys, message


def _answered(apology: Apology) -> str:
    if apology.taken in {"not yet", "refused"}:
        return Phrase(
            "the apology ({day}) was not accepted: the brief asks for what would show that "
            "it is meant (proof), and for no further apology; set apology_owed: no",
            day=apology.date or "?",
        )
    return Phrase(
        "is answered by the apology ({day}); set apology_owed: no", day=apology.date or "?"
    )


def _new_for_years(contact: Contact, today: date) -> Iterator[Contradiction]:
    relationship = contact.relationship
    if relationship is None or relationship.status != "new":
        return
    since = relationship.since.first_day() if relationship.since else None
    first = since or min((one.date for one in contact.interactions), default=None)
    if first is not None and today - first > _NEW_FOR:
        yield (
            ("relationship", "status"),
            Phrase(
                "began on {first}, and counts as new no more; write steady, warm or strained",
                first=first,
            ),
        )


def _left_work(
    contact: Contact, today: date, languages: tuple[str, ...]
) -> Iterator[Contradiction]:
    """An organization that a life event says they left."""
    if contact.organization is None:
        return
    firm = fold(contact.organization)
    for at, event in enumerate(contact.life_events):
        first = event.date.first_day() if event.date else None
        told = firm in fold(event.note) and (first is None or first <= today)
        lost = event_kind(event, languages).family == "work_loss"
        if told and (lost or says("left_work", event.note, languages)):
            message = Phrase(
                "life_events[{at}] says that they left; the brief tells it as former: "
                "move it to past_organizations",
                at=at,
            )
            yield ("organization",), message


def _expected_of_hard_events(
    contact: Contact, languages: tuple[str, ...]
) -> Iterator[Contradiction]:
    for at, event in enumerate(contact.life_events):
        kind = event_kind(event, languages).kind
        if event.expect is not None and kind in {"hard", "confidential"}:
            yield (
                ("life_events", at, "expect"),
                Phrase("of a {kind} event it is never printed; delete it", kind=kind),
            )
