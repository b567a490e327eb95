"""Mourning: whether something hard befell a contact of late, for lists made of files alone."""

from datetime import date, timedelta
from typing import Final

from briefgen.brief.event_kind import event_kind
from briefgen.brief.noted_words import reading_languages
from briefgen.brief.wording import last_day
from briefgen.contacts.contact import Contact

_FOR: Final = timedelta(days=90)


def was_hit_of_late(contact: Contact, day: date, language: str) -> bool:
    """Whether a hard event is within 90 days before a day: no cheer, and nothing asked for."""
    languages = reading_languages(language, contact.language)
    for event in contact.life_events:
        first = event.date.first_day() if event.date else None
        last = last_day(event.date) if event.date else None
        if first is None or last is None or first > day or day - last > _FOR:
            continue
        if event_kind(event, languages).kind == "hard":
            return True
    return False
