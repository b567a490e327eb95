"""Contacts for other programs: vCard and CSV, of who they are and how they are reached."""

import base64
import csv
import io
from collections.abc import Iterable
from typing import Final

from briefgen.contacts.contact import Contact, Link
from briefgen.contacts.dates import PartialDate

_FOLD_AT = 75


def vcard_text(
    contact: Contact, *, version: str, photo: bytes | None = None, with_notes: bool = False
) -> str:
    """A contact as a vCard 3.0 or 4.0: who they are and how they are reached.

    What you noted of them (`tags`, `custom`, `notes`) goes along only `with_notes`.
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
    lines += _link_lines(contact)
    lines += [f"LANG:{contact.language}"] if contact.language and version == "4.0" else []
    lines += [f"TZ:{_escaped(contact.timezone)}"] if contact.timezone else []
    if contact.birthday is not None:
        lines += _birthday_line(contact.birthday, version)
    if with_notes:
        lines += [f"CATEGORIES:{','.join(map(_escaped, contact.tags))}"] if contact.tags else []
        lines += [f"NOTE:{_escaped(text)}"] if (text := _notes_of(contact)) else []
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


def _link_lines(contact: Contact) -> list[str]:
    """A URL each, with its label as Apple and Google write it."""
    lines = []
    for number, link in enumerate(_shown_links(contact), 1):
        lines.append(f"item{number}.URL:{link.url}" if link.label else f"URL:{link.url}")
        lines += [f"item{number}.X-ABLabel:{_escaped(link.label)}"] if link.label else []
    return lines


def _notes_of(contact: Contact) -> str:
    """The notes, after what has a label of its own."""
    labelled = [f"{label}: {text}" for label, text in contact.custom.items()]
    return "\n".join([*labelled, *([contact.notes] if contact.notes else [])])


def _family_and_given(name: str) -> tuple[str, str]:
    given, _, family = name.rpartition(" ")
    return (family, given) if given else ("", name)


def _birthday_line(birthday: PartialDate, version: str) -> list[str]:
    year, month, day = birthday.year, birthday.month, birthday.day
    if version == "4.0":
        if year is not None and day is None:
            return [f"BDAY:{birthday}"]
        shown = f"{year:04}" if year is not None else "--"
        return [f"BDAY:{shown}{month:02}{day:02}"]
    if year is not None and day is not None:
        return [f"BDAY:{birthday}"]
    if day is not None:
        return [f"BDAY;X-APPLE-OMIT-YEAR=1604:1604-{month:02}-{day:02}"]
    return []


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
    "Telephones", "Time Zone", "Pronouns", "Birthday", "Address", "Country", "Language", "Links",
)  # fmt: skip
_NOTES_HEADER: Final = ("Tags", "Custom", "Notes")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def table_text(contacts: Iterable[Contact], *, with_notes: bool = False) -> str:
    """Contacts as CSV (RFC 4180) that no spreadsheet takes for formulas: who, and how reached.

    What you noted of them (`tags`, `custom`, `notes`) goes along only `with_notes`.
    """
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow((*_HEADER, *(_NOTES_HEADER if with_notes else ())))
    for contact in contacts:
        cells = (
            contact.name,
            *(contact.emails[:1] or ("",)),
            "; ".join(contact.emails[1:]),
            "; ".join(contact.aliases),
            contact.organization or "",
            contact.title or "",
            "; ".join(contact.telephones),
            contact.timezone or "",
            contact.pronouns or "",
            str(contact.birthday or ""),
            contact.address or "",
            contact.country or "",
            contact.language or "",
            " ".join(link.url for link in _shown_links(contact)),
            *(_noted(contact) if with_notes else ()),
        )
        writer.writerow([_guarded(cell) for cell in cells])
    return made.getvalue()


def _noted(contact: Contact) -> tuple[str, str, str]:
    """What you noted, in three cells."""
    custom = "; ".join(f"{label}: {text}" for label, text in contact.custom.items())
    return "; ".join(contact.tags), custom, contact.notes or ""


def _guarded(cell: str) -> str:
    """A cell that stays text: an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.lstrip(" '").startswith(_FORMULA) else cell
