"""The form of a contact: its single fields, and its lists with room for more.

A form carries what was on file when it was made. Changes that another program made to other
fields are kept; if both changed the same field, both values are shown and nothing is written.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from briefgen.contacts.book import ContactFile, parse_contact
from briefgen.contacts.changes import HeldFile, put_new
from briefgen.contacts.edits import NewContact, items_changed, plan_contact, set_field, unset_field
from briefgen.contacts.splice import Addition, Append, splice
from briefgen.web.desk import Desk
from briefgen.web.pages import Form
from briefgen.workspace.document import Keys, Plain
from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem

_PLAIN: Final[tuple[Keys, ...]] = (
    ("name",), ("call_me",), ("pronouns",), ("title",), ("organization",), ("birthday",),
    ("timezone",), ("country",), ("language",), ("address",),
    ("relationship", "status"), ("relationship", "reason"), ("relationship", "stay_in_touch"),
    ("situation", "current_state"), ("situation", "desired_outcome"),
    ("next_step", "text"), ("next_step", "due"), ("notes",),
)  # fmt: skip
"""Fields with one value."""
_LISTS: Final = (
    "emails", "telephones", "aliases", "interests", "avoid", "talking_points", "to_share",
    "agreed", "parked",
)  # fmt: skip
"""Lists whose items the form adds and removes."""
LONG: Final = frozenset({"notes", "situation.current_state", "situation.desired_outcome"})
"""Fields that need more than one line."""
STATUSES: Final = ("new", "steady", "warm", "strained", "lapsed")


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of the form.

    Attributes:
        name: of the input, like `relationship.status`.
        label: for the user.
        value: what it is filled with.
        on_file: what was written there meanwhile, if the field is in conflict.
    """

    name: str
    label: str
    value: str
    on_file: str | None = None


@dataclass(frozen=True, kw_only=True)
class Edited:
    """The outcome of a form: the new text of the file, its conflicts, or a problem."""

    content: bytes = b""
    conflicts: Mapping[str, str] | None = None
    problem: Problem | None = None


def values_of(contact: ContactFile) -> dict[str, str]:
    """The single fields as they are on file, as text."""
    held = contact.contact.model_dump(mode="json", by_alias=True)
    return {".".join(map(str, keys)): _at(held, keys) for keys in _PLAIN}


def _at(held: Any, keys: Keys) -> str:  # noqa: ANN401  # whatever JSON can hold
    for key in keys:
        held = held.get(key) if isinstance(held, Mapping) else None
    return str(held) if held is not None else ""


def base_of(contact: ContactFile) -> str:
    """What is on file, for the form to carry."""
    return json.dumps(values_of(contact), ensure_ascii=False)


def fields(
    contact: ContactFile,
    language: Language,
    *,
    typed: Form | None = None,
    conflicts: Mapping[str, str] | None = None,
) -> tuple[Field, ...]:
    """The single fields of the form, filled from the file or as typed."""
    labels = _labels(language)
    held = values_of(contact)
    clashes = conflicts or {}
    return tuple(
        Field(
            name=name,
            label=labels[name],
            value=_typed(typed, name) if typed is not None else value,
            on_file=clashes.get(name),
        )
        for name, value in held.items()
    )


def _typed(form: Form, name: str) -> str:
    return form.whole(name).strip() if name in LONG else form.get(name)


def lists(contact: ContactFile) -> dict[str, tuple[str, ...]]:
    """The texts of each list's items."""
    held = contact.contact.model_dump(mode="json", by_alias=True)
    return {name: tuple(_texts(held.get(name) or ())) for name in _LISTS}


def list_fields(
    contact: ContactFile, language: Language, typed: Form | None = None
) -> tuple[tuple[str, str, tuple[tuple[str, str], ...], str], ...]:
    """Each list: its name, its label, its items (as on file, as typed), and what to add."""
    labels = _labels(language)
    return tuple(
        (
            name,
            labels[name],
            tuple((one, typed.get(f"item:{name}:{one}") if typed else one) for one in items),
            typed.whole(f"add:{name}") if typed else "",
        )
        for name, items in lists(contact).items()
    )


def _texts(items: Any) -> Iterator[str]:  # noqa: ANN401  # a list as JSON
    for item in items:
        yield str(item.get("text")) if isinstance(item, Mapping) else str(item)


def edited(held: HeldFile, form: Form) -> Edited:
    """The file's text with the changes of the form spliced in."""
    contact, problems = parse_contact(held.content, held.file)
    if contact is None:
        return Edited(problem=problems[0])
    before: dict[str, Any] = {}
    with suppress(ValueError):
        given = json.loads(form.get("base") or "{}")
        before = given if isinstance(given, dict) else {}
    additions: list[Addition] = []
    conflicts: dict[str, str] = {}
    for name, now in values_of(contact).items():
        mine, was = _typed(form, name), str(before.get(name, ""))
        whose = merged(mine, was, now)
        if whose == "both":
            conflicts[name] = now
        elif whose == "mine":
            changes = set_field(contact, name, mine) if mine else unset_field(contact, name)
            if isinstance(changes, Problem):
                return Edited(problem=changes)
            additions += changes
    if conflicts:
        return Edited(conflicts=conflicts)
    for name, items in lists(contact).items():
        shown = [item for item in items if form.has(f"item:{name}:{item}")]
        typed = {item: form.get(f"item:{name}:{item}") for item in shown}
        changed = {item: new for item, new in typed.items() if new != item.strip()}
        additions += items_changed(contact, name, changed)
    additions += _added(contact, form)
    if not additions:
        return Edited(content=held.content)
    content = splice(held.content, additions, file=held.file)
    if isinstance(content, Problem):
        return Edited(problem=content)
    return Edited(content=content)


def merged(mine: str, before: str, now: str) -> Literal["mine", "theirs", "both"]:
    """Whose value of a field to keep; `both` if each side changed it differently."""
    if mine in {before, now}:
        return "theirs"
    return "mine" if now == before else "both"


def _added(contact: ContactFile, form: Form) -> Iterator[Addition]:
    for name, items in lists(contact).items():
        known = {text.casefold() for text in items}
        gone = _typed_over(form, f"item:{name}:", items)
        for line in (*form.whole(f"add:{name}").splitlines(), *gone):
            text = line.strip()
            if text and text.casefold() not in known:
                known.add(text.casefold())
                yield Append(keys=(name,), value=text)


def _typed_over(form: Form, prefix: str, items: tuple[str, ...]) -> Iterator[str]:
    """New texts for items that someone else has changed or removed meanwhile."""
    for name, (typed, *_) in form.texts().items():
        was = name.removeprefix(prefix)
        if name.startswith(prefix) and was not in items and typed != was:
            yield typed


def _labels(language: Language) -> dict[str, str]:
    text = language.text
    return {
        "name": text("Name"),
        "call_me": text("What you call them"),
        "pronouns": text("Pronouns"),
        "title": text("What they do"),
        "organization": text("Organization"),
        "birthday": text("Birthday (03-26 or 1980-03-26)"),
        "timezone": text("Time zone, like America/New_York"),
        "country": text("Country, like US"),
        "language": text("Their language, like en"),
        "address": text("Postal address"),
        "relationship.status": text("How things stand"),
        "relationship.stay_in_touch": text("How long a silence is too long (6w, 3m)"),
        "relationship.reason": text("Why"),
        "situation.current_state": text("Where they are now"),
        "situation.desired_outcome": text("Where they want to be"),
        "next_step.text": text("Next step"),
        "next_step.due": text("By when (2026-12-15)"),
        "notes": text("Notes, never printed"),
        "emails": text("Email addresses"),
        "telephones": text("Telephones"),
        "aliases": text("Other forms of the name"),
        "interests": text("What matters to them"),
        "avoid": text("Never to be mentioned"),
        "talking_points": text("To say or ask"),
        "to_share": text("To bring"),
        "agreed": text("Agreed"),
        "parked": text("Parked"),
    }


def made_contact(desk: Desk, fields: Mapping[str, Plain], *, batch: str) -> str | Problem:
    """Make a contact file, never over an existing one; its stem, or why it was not made."""
    planned = plan_contact(fields, desk.workspace)
    if not isinstance(planned, NewContact):
        return planned[0]
    problem = put_new(planned.path, planned.content, workspace=desk.workspace, batch=batch)
    desk.touch()
    return problem or planned.path.stem
