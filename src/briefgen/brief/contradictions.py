"""Contradictions within one file, and what its prose says that a field should: for `check`."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from briefgen.brief.event_kind import event_kind
from briefgen.brief.noted_words import reading_languages
from briefgen.brief.phrases import says
from briefgen.brief.topics import share_words
from briefgen.brief.words import fold
from briefgen.contacts.contact import Apology, Contact
from briefgen.workspace.document import Keys
from briefgen.workspace.phrase import Phrase

_SAME_TALK: Final = timedelta(days=3)
_NEW_FOR: Final = timedelta(days=365)

Contradiction = tuple[Keys, str]
"""Where it stands in the contact, and what does not fit."""


def contradictions(contact: Contact, today: date, language: str) -> Iterator[Contradiction]:
    """What a thoughtful reader of the file would ask about."""
    languages = reading_languages(language, contact.language)
    yield from _apologies_in_prose(contact, languages)
    yield from _apology_owed(contact, language)
    yield from _new_for_years(contact, today)
    yield from _left_work(contact, today, languages)
    yield from _expected_of_hard_events(contact, languages)


def _apologies_in_prose(contact: Contact, languages: tuple[str, ...]) -> Iterator[Contradiction]:
    """A summary that tells of an apology of which there is no entry."""
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
    """An apology that is owed for what was apologised for, or for something else."""
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
