"""What somebody brings into a file: the fields of a new one, and what one that is there lacks."""

from collections.abc import Iterable, Sequence
from typing import Final

from briefgen.contacts.book import name_key
from briefgen.contacts.contact import Contact, Organization
from briefgen.contacts.exchange.identity import digits_of, numbers_of
from briefgen.contacts.exchange.person import Incoming, Past
from briefgen.contacts.splice import Addition, Append, Put, Value, Word
from briefgen.workspace.addresses import domain_of, is_freemail

TEXTS: Final = (
    "pronouns", "organization", "title", "timezone", "language", "country", "address", "birthday",
    "notes",
)  # fmt: skip
"""The fields that hold one text."""


def fields_of(incoming: Incoming) -> dict[str, Value]:
    """The fields of a new contact file."""
    events: list[Value] = [{"date": day, "note": note} for day, note in incoming.life_events]
    links: list[Value] = [_link(label, url) for label, url in incoming.links]
    fields: dict[str, Value] = {
        "name": incoming.name,
        **{name: getattr(incoming, name) for name in TEXTS},
        "emails": list(incoming.emails),
        "aliases": list(incoming.aliases),
        "telephones": list(incoming.telephones),
        "tags": list(incoming.tags),
        "interests": list(incoming.interests),
        "links": links,
        "life_events": events,
        "custom": dict(incoming.custom),
        "interactions": [_interaction(past) for past in incoming.interactions],
    }
    return {name: value for name, value in fields.items() if value}


def _text(incoming: Incoming, name: str) -> str | None:
    value = getattr(incoming, name)
    return None if value is None else str(value)


def _link(label: str, url: str) -> dict[str, Value]:
    return {"label": label, "url": url} if label else {"url": url}


def _interaction(past: Past) -> dict[str, Value]:
    made: dict[str, Value] = {
        "date": past.date,
        "channel": Word(past.channel),
        "summary": past.summary,
    }
    return {**made, "signals": list(past.signals)} if past.signals else made


def organization_fields(incoming: Incoming) -> tuple[dict[str, Value], list[str]]:
    """The fields of a new organization file; and what has no place in it."""
    fields: dict[str, Value] = {
        "name": incoming.name,
        "domains": list(_domains(incoming)),
        "notes": "\n".join(_lines(incoming)),
    }
    left = [name for name in ("birthday", "photo", "life_events") if getattr(incoming, name)]
    remarks = [f"not taken of an organization: {', '.join(left)}"] if left else []
    return {name: value for name, value in fields.items() if value}, remarks


def missing_lines(organization: Organization, incoming: Incoming) -> list[str]:
    """What the file of an organization does not say yet."""
    there = f"{organization.domains}\n{organization.notes}"
    return [line for line in (*_domains(incoming), *_lines(incoming)) if line not in there]


def _domains(incoming: Incoming) -> dict[str, None]:
    domains = map(domain_of, incoming.emails)
    return dict.fromkeys(domain for domain in domains if not is_freemail(domain))


def _lines(incoming: Incoming) -> list[str]:
    """What the notes of an organization say of it, line by line."""
    labelled = [
        ("Telephone", ", ".join(incoming.telephones)),
        ("Email", ", ".join(incoming.emails)),
        ("Address", incoming.address or ""),
        ("Web", ", ".join(url for _, url in incoming.links)),
        ("Tags", ", ".join(incoming.tags)),
        *incoming.custom,
    ]
    lines = [f"{label}: {text}" for label, text in labelled if text]
    return [*lines, *(incoming.notes or "").splitlines()]


def _new_interactions(contact: Contact, incoming: Incoming) -> list[Addition]:
    """Interactions that are not on file, in the order in which the file runs."""
    dates = [interaction.date for interaction in contact.interactions]
    newest_first = len(dates) > 1 and dates[0] > dates[-1]
    known = {(i.date, i.summary) for i in contact.interactions}
    return [
        Append(keys=("interactions",), value=_interaction(past), first=newest_first)
        for past in sorted(incoming.interactions, key=lambda past: past.date)
        if (past.date, past.summary) not in known
    ]


def _new_texts(contact: Contact, incoming: Incoming) -> tuple[list[Addition], list[str]]:
    """Texts that the file lacks; and those that give way to another that is there."""
    additions: list[Addition] = []
    kept: list[str] = []
    for name in TEXTS:
        there, given = getattr(contact, name), _text(incoming, name)
        if given is None or str(there) == given:
            continue
        if there is None:
            additions.append(Put(keys=(name,), value=getattr(incoming, name)))
        elif not (name == "notes" and given in str(there)):
            shown = given if len(given) <= _SHOWN else f"{given[:_SHOWN]}…"
            kept.append(f"{name} stays as it is, not '{shown}'")
    return additions, kept


def additions_to(contact: Contact, incoming: Incoming) -> tuple[list[Addition], list[str]]:
    """What the file does not have yet; and what of the import gives way to what is there."""
    additions, kept = _new_texts(contact, incoming)
    if name_key(incoming.name) not in {name_key(n) for n in (contact.name, *contact.aliases)}:
        kept.append(f"name stays as it is, not '{incoming.name}'")
    for name, values in missing_items(contact, incoming).items():
        additions += [Append(keys=(name,), value=value) for value in values]
    for label, text in incoming.custom:
        if label not in contact.custom:
            additions.append(Put(keys=("custom", label), value=text))
        elif contact.custom[label] != text:
            kept.append(f"custom '{label}' stays as it is, not '{text}'")
    return [*additions, *_new_interactions(contact, incoming)], kept


_SHOWN: Final = 200


def missing_items(contact: Contact, incoming: Incoming) -> dict[str, list[Value]]:
    """The items that lists of the file do not have yet."""
    names = {name_key(name) for name in (contact.name, *contact.aliases)}
    numbers = numbers_of(contact)
    links = {link.url for link in contact.links}
    events = {(str(event.date), event.note.casefold()) for event in contact.life_events}
    return {
        "emails": _not_in(contact.emails, incoming.emails),
        "telephones": [n for n in incoming.telephones if digits_of(n) not in numbers],
        "aliases": [a for a in incoming.aliases if name_key(a) not in names],
        "tags": _not_in(contact.tags, incoming.tags),
        "interests": _not_in([note.text for note in contact.interests], incoming.interests),
        "links": [_link(label, url) for label, url in incoming.links if url not in links],
        "life_events": [
            {"date": day, "note": note}
            for day, note in incoming.life_events
            if (str(day), note.casefold()) not in events
        ],
    }


def _not_in(there: Iterable[str], given: Sequence[str]) -> list[Value]:
    known = {item.casefold() for item in there}
    return [item for item in given if item.casefold() not in known]
