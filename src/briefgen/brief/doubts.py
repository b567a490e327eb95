"""Doubts: what on file cannot be true, contradicts itself or says too little.

The brief leaves such things out rather than say something wrong. `briefgen check` reports them, and
what prose in a file says that belongs in a field.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from briefgen.brief.apologies import settled_in
from briefgen.brief.deliveries import seems_kept
from briefgen.brief.events import event_kind, mentions_grief
from briefgen.brief.phrases import reading_languages, says
from briefgen.brief.signals import Vocabulary
from briefgen.brief.wording import last_day
from briefgen.brief.words import fold, share_words
from briefgen.contacts.book import ContactBook, ContactFile
from briefgen.contacts.contact import Apology, Contact, Interaction, LifeEvent, Organization
from briefgen.contacts.dates import OLDEST, OLDEST_YEARS, PartialDate
from briefgen.workspace.document import Keys, read_bytes
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, kept_problem
from briefgen.workspace.progress import waiting
from briefgen.workspace.validation import Kept

_MAY_BE_DOUBTFUL: Final = re.compile(rb"\b\d{4}\b|expect|signals|needs_met|life_events")
"""A contact file without any of this, like most imported ones, need not be read for doubts."""
_SAME_TALK: Final = timedelta(days=3)
_NEW_FOR: Final = timedelta(days=365)
_LEADS_FOR: Final = timedelta(days=90)
"""How long a hard event takes the lead of the sheet."""

Doubt = tuple[Keys, str]
"""Where it is in the contact, and what is wrong with it."""
_Day = date | PartialDate | None


def doubts_on_file(
    book: ContactBook,
    root: Path,
    *,
    today: date,
    vocabulary: Vocabulary,
    known: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    keep: Callable[[str, Sequence[Mapping[str, Any]]], object] = lambda _, __: None,
) -> Iterator[Problem]:
    """Every doubt about the contacts and organizations of a book, each a warning.

    `known` has the doubts kept for a file's path and content; all are passed to `keep`.
    """
    entries, known = book.entries(), known or {}
    with waiting(len(entries), Phrase("Checking contacts")) as step:
        for entry in entries:
            content = content_of(root / entry.file)
            mark = f"{entry.file} {hashlib.blake2b(content, digest_size=16).hexdigest()}"
            found = known.get(mark)
            if found is None:
                file = book.by_stem(entry.stem) if _MAY_BE_DOUBTFUL.search(content) else None
                told = doubts_in(file, today, vocabulary) if file else ()
                found = [one.as_kept() for one in told]
            keep(mark, found)
            yield from map(kept_problem, found)
            step(1)
    for one in book.organizations:
        yield from warnings_of(one.kept, _days(one.organization, today))


def doubts_in(file: ContactFile, today: date, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Every doubt about one contact, each a warning with its place in the file."""
    return warnings_of(file.kept, doubts(file.contact, today, vocabulary))


def content_of(path: Path) -> bytes:
    """The bytes of a file; none if it cannot be read."""
    try:
        return read_bytes(path)
    except OSError:
        return b""


def warnings_of(kept: Kept, found: Iterable[Doubt]) -> Iterator[Problem]:
    """A warning for each doubt, at its place in the file."""
    for keys, message in found:
        yield kept.document.problem(kept.origin(keys), message, "warning")


def doubts(contact: Contact, today: date, vocabulary: Vocabulary) -> Iterator[Doubt]:
    """What in a contact file cannot be true on `today`, or says too little to be printed."""
    languages = reading_languages(vocabulary.language, contact.language)
    yield from _ahead(("birthday",), contact.birthday, today)
    yield from _birthday(contact.birthday, today)
    yield from _relationship(contact, today)
    yield from _days(contact, today)
    for at, promise in enumerate(contact.promises):
        if promise.kept is not None and promise.dropped is not None:
            yield ("promises", at, "dropped"), Phrase("was kept and dropped; keep one of the two")
        if (kept := seems_kept(contact, promise, today, languages)) is not None:
            message = Phrase("may have been kept on {day}; if it was, add kept: {day}", day=kept)
            yield ("promises", at), message
    yield from _settled_in_prose(contact, today, languages)
    yield from _blows_in_prose(contact, today, languages)
    for at, event in enumerate(contact.life_events):
        yield from _life_event(("life_events", at), event, languages)
    yield from _left_work(contact, today, languages)
    yield from _apology_owed(contact, vocabulary.language)
    yield from _apologies_in_prose(contact, languages)
    for at, interaction in enumerate(contact.interactions):
        yield from _interaction(("interactions", at), interaction, today, vocabulary)


_PAST: Final = {
    "concerns": ("date", "resolved"),
    "approaches": ("date",),
    "life_events": ("date",),
    "promises": ("made", "kept"),
    "to_share": ("shared",),
    "interactions": ("date",),
}
"""The lists of a file, and the days in their items that cannot be in the future."""
_ORDERED: Final = (
    (
        "concerns", "resolved", "date",
        Phrase("{given} is before {other}, when it was raised; correct one of the dates"),
    ),
    (
        "promises", "kept", "made",
        Phrase("{given} is before {other}, when it was made; correct one of the dates"),
    ),
    (
        "promises", "due", "made",
        Phrase("{given} is before {other}, when it was made; correct one of the dates"),
    ),
    (
        "talking_points", "until", "from_",
        Phrase("{given} is before {other}, from when it makes sense; correct one of the dates"),
    ),
)  # fmt: skip
"""Two days in the items of a list, of which the first cannot be before the second."""
_AHEAD: Final = {
    "kept": Phrase(
        "{given} is in the future, but the promise counts as kept already; correct the date"
    ),
    "resolved": Phrase(
        "{given} is in the future, and until then it counts neither as open nor as resolved; "
        "correct the date"
    ),
    "since": Phrase(
        "{given} is in the future, and until then the brief shows no date for it; correct the date"
    ),
    "as_of": Phrase(
        "{given} is in the future, and until then it counts as undated; correct the date"
    ),
    "used": Phrase(
        "{given} is in the future, and until then it does not count as used; correct the date"
    ),
    "shared": Phrase("{given} is in the future, but it counts as shared already; correct the date"),
}
_UNTOLD: Final = Phrase(
    "{given} is in the future, and until then no brief mentions it; correct the date"
)


def _days(of: Contact | Organization, today: date) -> Iterator[Doubt]:
    """The days in a file that are in the future but cannot be, or in an impossible order.

    The day of a meeting that was reflected on before it began may well be in the future.
    """
    meetings = {one.date for one in getattr(of, "interactions", ()) if one.meeting is not None}
    if of.situation is not None:
        yield from _ahead(("situation", "as_of"), of.situation.as_of, today)
    for field, days in _PAST.items():
        for at, item in enumerate(getattr(of, field, ())):
            for day in days:
                yield from _ahead((field, at, day), getattr(item, day), today, meetings)
    for field, late, early, message in _ORDERED:
        for at, item in enumerate(getattr(of, field, ())):
            yield from _before(
                (field, at, late), getattr(item, late), getattr(item, early), message
            )
    for at, point in enumerate(getattr(of, "talking_points", ())):
        for place, used in enumerate(point.used):
            yield from _ahead(("talking_points", at, "used", place), used, today, meetings)


def _ahead(keys: Keys, given: _Day, today: date, known: Collection[date] = ()) -> Iterator[Doubt]:
    """A day that must be past, but is in the future and not one of those that are `known` to be."""
    first = given.first_day() if isinstance(given, PartialDate) else given
    if first is not None and first > today and first not in known:
        field = next(key for key in reversed(keys) if isinstance(key, str))
        yield keys, _AHEAD.get(field, _UNTOLD).filled(given=given)


def _before(keys: Keys, given: _Day, other: _Day, message: Phrase) -> Iterator[Doubt]:
    """A day that is before one that it cannot be before."""
    last = last_day(given) if isinstance(given, PartialDate) else given
    first = other.first_day() if isinstance(other, PartialDate) else other
    if last is not None and first is not None and last < first:
        yield keys, message.filled(given=given, other=other)


def _birthday(birthday: PartialDate | None, today: date) -> Iterator[Doubt]:
    if birthday is not None and birthday.year and today.year - birthday.year > OLDEST_YEARS:
        message = Phrase(
            "{birthday} would make them older than anyone, and no age is shown; correct the year",
            birthday=birthday,
        )
        yield ("birthday",), message


def _relationship(contact: Contact, today: date) -> Iterator[Doubt]:
    relationship = contact.relationship
    if relationship is None:
        return
    yield from _ahead(("relationship", "since"), relationship.since, today)
    message = Phrase(
        "{given} is before {other}, since when it has been so; correct one of the dates"
    )
    keys: Keys = ("relationship", "give_space_until")
    yield from _before(keys, relationship.give_space_until, relationship.since, message)
    since = relationship.since.first_day() if relationship.since else None
    first = since or min((one.date for one in contact.interactions), default=None)
    if relationship.status == "new" and first is not None and today - first > _NEW_FOR:
        message = Phrase(
            "began on {first}, and no longer counts as new; write steady, warm or strained",
            first=first,
        )
        yield ("relationship", "status"), message


def _life_event(keys: Keys, event: LifeEvent, languages: tuple[str, ...]) -> Iterator[Doubt]:
    """An expectation that is never printed, and a note that may or may not be of a hard event."""
    kind = event_kind(event, languages)
    if event.expect is not None and (event.date is None or event.date.year is None):
        message = Phrase(
            "needs to know since when: write the year of the event under date, or no brief asks"
        )
        yield (*keys, "expect"), message
    if event.expect is not None and kind.kind in {"hard", "confidential"}:
        message = Phrase("of a {kind} event it is never printed; delete it", kind=kind.kind)
        yield (*keys, "expect"), message
    if not kind.given and not kind.sure:
        message = Phrase(
            "may be hard or not ({said}), and counts as hard until you say; add kind: "
            "hard, good or neutral",
            said=", ".join(f"'{word}'" for word in kind.words),
        )
        yield (*keys, "note"), message


def _interaction(
    keys: Keys, interaction: Interaction, today: date, vocabulary: Vocabulary
) -> Iterator[Doubt]:
    if interaction.date <= today - OLDEST:
        message = Phrase(
            "{date} is a lifetime ago, and no brief mentions it; correct the year",
            date=interaction.date,
        )
        yield (*keys, "date"), message
    if interaction.needs_met is not None and interaction.needs is None:
        yield (*keys, "needs_met"), Phrase("says how far a need was met, but not which; add needs")
    for at, noted in enumerate(interaction.signals):
        near = vocabulary.misspelt(noted)
        if near or vocabulary.find(noted) is None:
            near = near or vocabulary.nearest(noted)
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


def _apologies_in_prose(contact: Contact, languages: tuple[str, ...]) -> Iterator[Doubt]:
    """A summary that mentions an apology without an entry."""
    noted = [one.date for one in contact.apologies if one.date is not None]
    for at, interaction in enumerate(contact.interactions):
        summary, day = interaction.summary, interaction.date
        if summary is None or not says("apologised", summary, languages):
            continue
        if not any(abs(one - day) <= _SAME_TALK for one in noted):
            message = Phrase(
                "mentions an apology; record it as one: apologies: [{{date: {day}, for: …, "
                "taken: accepted, not yet or refused}}]",
                day=day,
            )
            yield ("interactions", at, "summary"), message


def _blows_in_prose(contact: Contact, today: date, languages: tuple[str, ...]) -> Iterator[Doubt]:
    """A summary of the last months that mentions a death or the like without an event."""
    hard = (one for one in contact.life_events if event_kind(one, languages).kind == "hard")
    days = [one.date.first_day() for one in hard if one.date is not None]
    for at, interaction in enumerate(contact.interactions):
        day, summary = interaction.date, interaction.summary
        if summary is None or not today - _LEADS_FOR <= day <= today:
            continue
        if any(one is not None and abs(one - day) <= _LEADS_FOR for one in days):
            continue
        if mentions_grief(summary, languages):
            message = Phrase(
                "may tell of a blow; if it is one, keep it: life_events: [{{date: {day}, "
                "kind: hard, note: …}}]",
                day=day,
            )
            yield ("interactions", at, "summary"), message
            return


def _settled_in_prose(contact: Contact, today: date, languages: tuple[str, ...]) -> Iterator[Doubt]:
    """A complaint without `resolved` of which a note says that it is over."""
    notes = (one for one in contact.interactions if one.date <= today)
    closed = list(settled_in(contact, notes, languages)) if contact.concerns else []
    for at, concern in enumerate(contact.concerns):
        raised = concern.date.first_day() if concern.date else None
        on = next((one.on for one in closed if one.covers(concern.text, raised)), None)
        if concern.resolved is None and on is not None:
            message = Phrase("may be over since {day}; if it is, add resolved: {day}", day=on)
            yield ("concerns", at), message


def _apology_owed(contact: Contact, language: str) -> Iterator[Doubt]:
    """An apology still owed for something that was apologised for, or for something else."""
    relationship = contact.relationship
    if relationship is None or not relationship.apology_owed or not contact.apologies:
        return
    reason, keys = relationship.reason, ("relationship", "apology_owed")
    for apology in contact.apologies:
        if reason is None or apology.for_ is None or share_words(reason, apology.for_, language):
            yield keys, _answered(apology)
            return
    message = Phrase(
        "counts as a different matter from what you apologised for ({matters}); if it is the "
        "same, use the same words under apologies",
        matters=[f"'{one.for_}'" for one in contact.apologies],
    )
    yield keys, message


def _answered(apology: Apology) -> str:
    if apology.taken in {"not yet", "refused"}:
        return Phrase(
            "the apology ({day}) was not accepted: the brief asks for what would show that "
            "it is sincere (proof), and not for another apology; set apology_owed: no",
            day=apology.date or "?",
        )
    return Phrase(
        "is answered by the apology ({day}); set apology_owed: no", day=apology.date or "?"
    )


def _left_work(contact: Contact, today: date, languages: tuple[str, ...]) -> Iterator[Doubt]:
    """An organization that a life event says they left."""
    firm = fold(contact.organization or "")
    for at, event in enumerate(contact.life_events if firm else ()):
        first = event.date.first_day() if event.date else None
        told = firm in fold(event.note) and (first is None or first <= today)
        lost = event_kind(event, languages).family == "work_loss"
        if told and (lost or says("left_work", event.note, languages)):
            message = Phrase(
                "life_events[{at}] says that they left; the brief shows it as former: move "
                "it to past_organizations",
                at=at,
            )
            yield ("organization",), message
