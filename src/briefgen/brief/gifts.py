"""Gifts: what does not fit somebody by what the file notes, as one table says (`gifts.yaml`)."""

import re
from functools import cache

from briefgen.brief.phrases import any_of
from briefgen.brief.words import fold
from briefgen.contacts.book import ContactFile
from briefgen.workspace.built_in import read_as
from briefgen.workspace.value import Value


class Row(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one of `noted` stands in the notes, nothing of `unfit` is offered.

    Attributes:
        rules: of which rules the lines are held back.
    """

    noted: tuple[str, ...]
    unfit: tuple[str, ...]
    rules: tuple[str, ...] = ("to-share",)


def unfit_gift(thing: str, file: ContactFile, rule: str) -> str | None:
    """Why a thing should not be brought to somebody, as their notes tell; None where it may."""
    found = [
        (why, noted)
        for why, row, noted, unfit in _table()
        if rule in row.rules and unfit.search(_flat(thing))
    ]
    if not found:
        return None
    contact = file.contact
    told = [file.noted, contact.notes or "", *(one.note for one in contact.life_events)]
    told += [one.text for one in contact.interests]
    flat = _flat("\n".join(told))
    return next((why for why, noted in found if noted.search(flat)), None)


@cache
def _table() -> tuple[tuple[str, Row, re.Pattern[str], re.Pattern[str]], ...]:
    rows = read_as(dict[str, Row], "brief/gifts.yaml")
    return tuple((why, row, any_of(row.noted), any_of(row.unfit)) for why, row in rows.items())


def _flat(text: str) -> str:
    return fold(text).replace("\u2019", "'")
