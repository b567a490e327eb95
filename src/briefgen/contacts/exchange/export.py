"""Contacts for other programs, as vCard and CSV: who they are and how to reach them."""

import base64
import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from briefgen.contacts.contact import Contact, Link
from briefgen.contacts.dates import PartialDate

_FOLD_AT = 75
CUSTOM: Final = "X-BRIEFGEN-CUSTOM"
"""A field of your own, under its label; other programs find it in the notes."""


def vcard_text(
    contact: Contact, *, version: str, photo: bytes | None = None, with_notes: bool = False
) -> str:
    """A contact as a vCard 3.0 or 4.0: who they are and how to reach them.

    Your notes on them (tags, interests, life events, `custom`, `notes`) are included only
    `with_notes`.
    """
    family, given = _family_and_given(contact.name)
    lines = [
        "BEGIN:VCARD",
        f"VERSION:{version}",
        f"FN:{_escaped(contact.name)}",
        f"N:{_escaped(family)};{_escaped(given)};;;",
    ]
    lines += [f"NICKNAME:{','.join(map(_escaped, contact.aliases))}"] if contact.aliases else []
    lines += [f"EMAIL:{_escaped(address)}" for address in contact.emails]
    lines += [f"TEL:{_escaped(number)}" for number in contact.telephones]
    for name, value in (("ORG", contact.organization), ("TITLE", contact.title)):
        lines += [f"{name}:{_escaped(value)}"] if value else []
    lines += [f"ADR:;;{_escaped(contact.address)};;;;"] if contact.address else []
    lines += [f"X-ABADR:{contact.country.lower()}"] if contact.country else []
    for name, value in (
        ("LANG", contact.language), ("TZ", contact.timezone), ("PRONOUNS", contact.pronouns)
    ):  # fmt: skip
        lines += [f"{name}:{_escaped(value)}"] if value else []
    if contact.birthday is not None:
        lines.append(_date_line("BDAY", contact.birthday, version))
    labelled = [(f"URL:{link.url}", link.label) for link in _shown_links(contact)]
    if with_notes:
        lines += [f"CATEGORIES:{','.join(map(_escaped, contact.tags))}"] if contact.tags else []
        lines += [f"INTEREST:{_escaped(note)}" for note in _interests(contact)]
        lines += [f"NOTE:{_escaped(text)}"] if (text := _notes_of(contact)) else []
        labelled += [(_date_line("X-ABDATE", d, version), note) for d, note in _events(contact)]
        labelled += [
            (f"{CUSTOM}:{_escaped(text)}", label) for label, text in contact.custom.items()
        ]
    for number, (line, label) in enumerate(labelled, 1):  # as Apple and Google write labels
        lines.append(f"item{number}.{line}" if label else line)
        lines += [f"item{number}.X-ABLabel:{_escaped(label)}"] if label else []
    if photo is not None:
        data = base64.b64encode(photo).decode()
        kind = "png" if photo.startswith(b"\x89PNG") else "jpeg"
        head = (
            f"PHOTO:data:image/{kind};base64,"
            if version == "4.0"
            else (f"PHOTO;ENCODING=b;TYPE={kind.upper()}:")
        )
        lines.append(head + data)
    lines.append("END:VCARD")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _shown_links(contact: Contact) -> list[Link]:
    return [link for link in contact.links if link.visibility != "never"]


def _interests(contact: Contact) -> list[str]:
    return [note.text for note in contact.interests if note.visibility != "never"]


def _events(contact: Contact) -> list[tuple[PartialDate, str]]:
    """The life events that have a date."""
    shown = (event for event in contact.life_events if event.visibility != "never")
    return [(event.date, event.note) for event in shown if event.date is not None]


def _notes_of(contact: Contact) -> str:
    """The notes, after the labelled fields."""
    labelled = [f"{label}: {text}" for label, text in contact.custom.items()]
    return "\n".join([*labelled, *([contact.notes] if contact.notes else [])])


def _family_and_given(name: str) -> tuple[str, str]:
    given, _, family = name.rpartition(" ")
    return (family, given) if given else ("", name)


def _date_line(name: str, date: PartialDate, version: str) -> str:
    """A date as a property; one without a year as Apple writes it in 3.0, which has none."""
    if date.day is None:
        return f"{name}:{date}"
    if version == "4.0":
        year = "--" if date.year is None else f"{date.year:04}"
        return f"{name}:{year}{date.month:02}{date.day:02}"
    if date.year is None:
        return f"{name};X-APPLE-OMIT-YEAR=1604:1604-{date.month:02}-{date.day:02}"
    return f"{name}:{date}"


def _escaped(text: str) -> str:
    """A text as a value (RFC 6350, 3.4)."""
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 bytes, continued on lines that begin with a space (RFC 6350, 3.2)."""
    parts, part, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _FOLD_AT:
            parts.append(part)
            part, size = " ", 1
        part += sign
        size += width
    return "\r\n".join([*parts, part])


# CSV.

_HEADER: Final = (
    "Name", "Email", "Additional email addresses", "Alias", "Organization", "Job Title",
    "Telephones", "Time Zone", "Pronouns", "Birthday", "Address", "Country Code", "Language",
)  # fmt: skip
_NOTES_HEADER: Final = ("Tags", "Interests", "Notes")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def table_text(contacts: Iterable[Contact], *, with_notes: bool = False) -> str:
    """Contacts as CSV (RFC 4180) without cells that a spreadsheet would take for formulas.

    A labelled value takes two columns, as in Google's exports. Your notes on them are
    included only `with_notes`, as in `vcard_text`.
    """
    contacts = list(contacts)
    pairs = {
        "Website": [[(link.label or "", link.url) for link in _shown_links(c)] for c in contacts]
    }
    if with_notes:
        pairs["Event"] = [[(note, str(date)) for date, note in _events(c)] for c in contacts]
        pairs["Custom Field"] = [list(c.custom.items()) for c in contacts]
    counts = {what: max(map(len, found), default=0) for what, found in pairs.items()}
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([
        *_HEADER,
        *(_NOTES_HEADER if with_notes else ()),
        *(f"{what} {number + 1} - {side}" for what, count in counts.items()
          for number in range(count) for side in ("Label", "Value")),
    ])  # fmt: skip
    for at, contact in enumerate(contacts):
        labelled = [
            pair
            for what, count in counts.items()
            for pair in [*pairs[what][at], *[("", "")] * (count - len(pairs[what][at]))]
        ]
        cells = [*_cells(contact), *(_noted(contact) if with_notes else ())]
        writer.writerow([_guarded(cell) for cell in [*cells, *(c for p in labelled for c in p)]])
    return made.getvalue()


def _cells(contact: Contact) -> Iterator[str]:
    """Who someone is and how to reach them, in the order of the header."""
    yield from (contact.name, *(contact.emails[:1] or ("",)))
    yield from map("; ".join, (contact.emails[1:], contact.aliases))
    yield from (contact.organization or "", contact.title or "", "; ".join(contact.telephones))
    yield from (contact.timezone or "", contact.pronouns or "", str(contact.birthday or ""))
    yield from (contact.address or "", contact.country or "", contact.language or "")


def _noted(contact: Contact) -> Iterator[str]:
    yield from ("; ".join(contact.tags), "; ".join(_interests(contact)), contact.notes or "")


def _guarded(cell: str) -> str:
    """A cell that stays text: an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.lstrip(" '").startswith(_FORMULA) else cell
