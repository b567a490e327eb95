"""What can be ticked off after a meeting: a contact's open items, and the sheet's lines.

Open items are promises, concerns, an apology, needs and things to share.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from briefgen.brief.brief import Brief, Line
from briefgen.brief.phrases import is_nothing
from briefgen.brief.sheet_memory import LineUse, mark_of
from briefgen.brief.words import share_words
from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Contact, Party, Visibility
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.entry import Figures
from briefgen.reflection.answers import ReflectedMeeting
from briefgen.workspace.document import Keys
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

Kind = Literal["promise", "apology", "concern", "need", "to_share", "talking_point"]
State = Literal["kept", "moved", "dropped", "apologised", "resolved", "met", "shared", "used"]

STATES: Final[Mapping[Kind, tuple[State, ...]]] = {
    "promise": ("kept", "moved", "dropped"),
    "apology": ("apologised",),
    "concern": ("resolved",),
    "need": ("met",),
    "to_share": ("shared",),
    "talking_point": ("used",),
}
"""The outcomes of each kind of open item, the usual one first."""

_NEED_DAYS: Final = 400
"""An older need no longer counts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenItem:
    """One open item.

    Attributes:
        contact: the stem of the contact's file.
        name: the contact's name.
        text: what it is, as on file; of an apology the reason, which may be empty.
        by: whose promise it is; None for other kinds.
        since: when it was promised, raised, owed or noted.
        due: when a promise is due, or until when a talking point makes sense.
        file, line: where it is written; the file relative to the workspace.
        keys: where in the file's data.
    """

    kind: Kind
    contact: str
    name: str
    text: str
    by: Party | None = None
    since: PartialDate | date | None = None
    due: date | None = None
    visibility: Visibility | None = None
    file: str
    line: int | None
    keys: Keys = field(repr=False)

    @property
    def key(self) -> str:
        """A name for the item in a form, which stays the same while its text and dates do."""
        parts = (self.contact, self.kind, self.by, flat(self.text), str(self.since))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]

    @property
    def states(self) -> tuple[State, ...]:
        """Its possible outcomes, the usual one first."""
        return STATES[self.kind]

    def began_since(self, day: date) -> bool:
        """Whether it was promised, raised or noted on this day or later."""
        since = self.since.first_day() if isinstance(self.since, PartialDate) else self.since
        in_a_meeting = self.kind in {"promise", "concern", "need"}
        return since is not None and (since > day or (in_a_meeting and since == day))

    def is_overdue(self, today: date) -> bool:
        """Whether it is a promise whose day has passed."""
        return self.kind == "promise" and self.due is not None and self.due < today


def flat(text: str) -> str:
    """A text as it is compared: without case, and with single spaces."""
    return " ".join(text.split()).casefold()


def open_items(
    contact: ContactFile, *, today: date, meeting: date | None = None
) -> tuple[OpenItem, ...]:
    """The open items of one contact: my promises by due date, theirs, and the rest.

    Args:
        contact: the contact.
        today: the day it is asked on.
        meeting: the day of the meeting that is reflected on; a need noted on it is not yet old.
    """
    return (
        *_promises(contact, "me"),
        *_promises(contact, "them"),
        *_apology(contact),
        *_concerns(contact),
        *_need(contact, today, before=meeting or date.max),
        *_to_share(contact),
        *_talking_points(contact, meeting or today),
    )


def open_items_of(
    contacts: Iterable[ContactFile], *, today: date, meeting: date | None = None
) -> tuple[OpenItem, ...]:
    """The open items of several contacts, in their order."""
    return tuple(
        item for contact in contacts for item in open_items(contact, today=today, meeting=meeting)
    )


def _item(
    contact: ContactFile,
    kind: Kind,
    keys: Keys,
    text: str,
    *,
    visibility: Visibility | None,
    by: Party | None = None,
    since: PartialDate | date | None = None,
    due: date | None = None,
) -> OpenItem:
    file, origin = contact.origin(*keys)
    return OpenItem(
        kind=kind,
        contact=contact.stem,
        name=contact.contact.name,
        text=text,
        by=by,
        since=since,
        due=due,
        visibility=visibility,
        file=file,
        line=contact.line(*keys),
        keys=origin,
    )


def _promises(contact: ContactFile, by: Party) -> list[OpenItem]:
    found = [
        _item(contact, "promise", ("promises", at), one.text, visibility=one.visibility,
              by=by, since=one.made, due=one.due)
        for at, one in enumerate(contact.contact.promises)
        if one.by == by and one.is_open
    ]  # fmt: skip
    return sorted(found, key=lambda item: item.due or date.max)


def promised_items(figures: Figures) -> Iterator[OpenItem]:
    """The open promises in a contact's figures, without places, so not for changes."""
    for one in figures.promises:
        if one.is_open:
            yield OpenItem(
                kind="promise",
                contact=figures.stem,
                name=figures.name,
                text=one.text,
                by=one.by,
                since=one.made,
                due=one.due,
                file=one.file or figures.file,
                line=one.line,
                keys=(),
            )


def _apology(contact: ContactFile) -> Iterator[OpenItem]:
    owed = contact.contact.relationship
    if owed is not None and owed.apology_owed and not _is_apologised(contact.contact):
        keys, reason = ("relationship",), owed.reason or ""
        yield _item(contact, "apology", keys, reason, visibility=owed.visibility, since=owed.since)


def _is_apologised(contact: Contact) -> bool:
    """Whether the apology that is owed has its entry in `apologies`: the same matter."""
    reason = contact.relationship.reason if contact.relationship else None
    if reason is None:
        return False
    language = contact.language or "en"
    return any(
        one.for_ is not None and share_words(reason, one.for_, language)
        for one in contact.apologies
    )


def _concerns(contact: ContactFile) -> Iterator[OpenItem]:
    for at, one in enumerate(contact.contact.concerns):
        if one.resolved is None:
            keys = ("concerns", at)
            yield _item(
                contact, "concern", keys, one.text, visibility=one.visibility, since=one.date
            )


def _to_share(contact: ContactFile) -> Iterator[OpenItem]:
    for at, one in enumerate(contact.contact.to_share):
        if one.shared is None:
            yield _item(contact, "to_share", ("to_share", at), one.text, visibility=one.visibility)


def _need(contact: ContactFile, today: date, *, before: date) -> Iterator[OpenItem]:
    """The newest need before this meeting, if it was not met."""
    for dated in contact.timeline:
        one = dated.interaction
        if one.date >= before or one.needs is None or is_nothing(one.needs):
            continue
        if (today - one.date).days <= _NEED_DAYS and one.needs_met != "yes":
            keys = ("interactions", dated.at)
            yield _item(contact, "need", keys, one.needs, visibility=one.visibility, since=one.date)
        return


def _talking_points(contact: ContactFile, day: date) -> Iterator[OpenItem]:
    for at, one in enumerate(contact.contact.talking_points):
        if day not in one.used and not (one.until and one.until < day):
            keys = ("talking_points", at)
            yield _item(contact, "talking_point", keys, one.text, visibility=one.visibility,
                        since=one.from_, due=one.until)  # fmt: skip


def find_items(items: Sequence[OpenItem], wanted: str) -> tuple[OpenItem, ...]:
    """The items with this text, else those that contain it, or all of its words."""
    text = flat(wanted)
    if exact := tuple(item for item in items if flat(item.text) == text):
        return exact
    if holding := tuple(item for item in items if text and text in flat(item.text)):
        return holding
    words = text.split()
    return tuple(item for item in items if words and all(w in flat(item.text) for w in words))


def item_title(item: OpenItem, today: date, language: Language) -> str:
    """Like `You promised Dana Smith: send the plan  (due 20 Nov, 3 days late)`."""
    text, name, what = language.text, item.name, item.text or "…"
    if item.kind == "promise" and item.by == "them":
        title = text("{name} promised you: {promise}", name=name, promise=what)
    else:
        title = {
            "promise": text("You promised {name}: {promise}", name=name, promise=what),
            "apology": text("You owe {name} an apology: {reason}", name=name, reason=what),
            "concern": text("{name} complained: {concern}", name=name, concern=what),
            "need": text("{name} needed: {need}", name=name, need=what),
            "to_share": text("To share with {name}: {thing}", name=name, thing=what),
            "talking_point": what,
        }[item.kind]
    return f"{title}{_when(item, today, language)}"


def _when(item: OpenItem, today: date, language: Language) -> str:
    """In brackets: the due date and how late it is, or since when it is open."""
    if item.kind == "promise":
        if item.due is None:
            return ""
        due = language.text("due {date}", date=language.short_date(item.due, beside=today))
        if item.is_overdue(today):
            late = (today - item.due).days
            due = f"{due}, " + language.plural("{count} day late", "{count} days late", late)
        return f"  ({due})"
    since = item.since.first_day() if isinstance(item.since, PartialDate) else item.since
    if since is None or item.kind in {"apology", "talking_point", "to_share"}:
        return ""
    return f"  ({language.short_date(since, beside=today)})"


_LABELS = frozenset({"first", "bring", "ask", "then"})
"""The lines of the glance that say what to do; the others are facts."""
_SECTIONS = frozenset({"say", "bring"})


class PrintedLine(Value, frozen=True, kw_only=True):
    """A line of the sheet that could be used.

    Attributes:
        key: its name in a form and in `Answers.lines`.
        who: the stem of the contact it is about, or None.
        item: the user's own talking point that it prints, or None.
    """

    key: str
    text: str
    rule: str
    who: str | None
    item: OpenItem | None = None


def printed_lines(brief: Brief, items: Sequence[OpenItem]) -> tuple[PrintedLine, ...]:
    """The lines of a brief to be ticked, and talking points that had no room on it.

    What `items` ask about anyway (promises, concerns, needs, things to share) is not asked twice.
    """
    by_place = {(item.file, item.line): item for item in items}
    found: dict[str, PrintedLine] = {}
    for line in _lines(brief):
        item = by_place.get((line.source.file, line.source.line))
        if item is not None and item.kind != "talking_point":
            continue
        key = mark_of(line.rule, line.who, line.text)
        text = item.text if item else line.text
        found.setdefault(
            item.key if item else key,
            PrintedLine(key=key, text=text, rule=line.rule, who=line.who, item=item),
        )
    for item in items:
        if item.kind == "talking_point" and item.key not in found:
            found[item.key] = PrintedLine(
                key=item.key, text=item.text, rule="written", who=item.contact, item=item
            )
    return tuple(found.values())


def _lines(brief: Brief) -> Iterator[Line]:
    """The lines that could be used, without those that are new since the delivered sheet."""
    of_glance = (line for one in brief.glance.lines if one.label in _LABELS for line in one.lines)
    below = (line for line in brief.lines if line.section in _SECTIONS)
    return (line for line in (*of_glance, *below) if not line.new)


def line_uses(
    lines: Sequence[PrintedLine], used: Collection[str], occasion: ReflectedMeeting
) -> tuple[LineUse, ...]:
    """The records of a meeting's lines, of which those with a key in `used` were used."""
    meeting = mark_of(occasion.uid, occasion.recurrence_id)
    return tuple(
        LineUse(
            day=occasion.day.isoformat(),
            meeting=meeting,
            rule=line.rule,
            line=line.key,
            used=line.key in used,
        )
        for line in lines
    )
