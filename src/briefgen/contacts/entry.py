"""What lists and statistics need of a contact, kept so that its file is not read for them."""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from briefgen.contacts.contact import COLLEAGUE, Contact, Degree, Party, Status
from briefgen.contacts.dates import PartialDate, Span
from briefgen.workspace.value import Value


class Entry(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A contact in a list.

    Attributes:
        stem, file: as in `ContactFile`.
        last: the day of the last interaction on file; None if there is none. due: the earliest day
            on which a promise of mine that is not kept is due.
        to_share: whether there is something to share that has not been shared.
    """

    stem: str
    file: str
    name: str
    aliases: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    organization: str | None = None
    title: str | None = None
    birthday: PartialDate | None = None
    status: Status | None = None
    stay_in_touch: Span | None = None
    last: date | None = None
    due: date | None = None
    to_share: bool = False

    @classmethod
    def of(cls, contact: Contact, *, stem: str, file: str) -> "Entry":
        """The entry of a contact; what others signed in the file does not count."""
        relationship = contact.relationship
        last, due = days_of(contact)
        return cls(
            stem=stem,
            file=file,
            name=contact.name,
            aliases=contact.aliases,
            emails=contact.emails,
            organization=contact.organization,
            title=contact.title,
            birthday=contact.birthday,
            status=relationship.status if relationship else None,
            stay_in_touch=relationship.stay_in_touch if relationship else None,
            last=last,
            due=due,
            to_share=any(item.shared is None for item in contact.to_share),
        )

    def silent_since(self, day: date) -> bool:
        """Whether nothing is on file after `day`, or nothing at all."""
        return self.last is None or self.last <= day

    def next_birthday(self, today: date) -> date | None:
        """The next birthday, today included; in common years 29 February falls on the 28th."""
        if self.birthday is None:
            return None
        days = (self.birthday.in_year(today.year + later) for later in (0, 1))
        return next((day for day in days if day and day >= today), None)

    @property
    def role(self) -> str:
        """Title and organization, as far as known."""
        return ", ".join(part for part in (self.title, self.organization) if part)

    def as_json(self) -> dict[str, object]:
        """The entry as reports write it."""
        return {
            "contact": self.stem,
            "file": self.file,
            "name": self.name,
            "emails": list(self.emails),
            "organization": self.organization,
            "title": self.title,
            "birthday": str(self.birthday) if self.birthday else None,
            "status": self.status,
            "last_interaction": self.last.isoformat() if self.last else None,
        }


Days: TypeAlias = tuple[date | None, date | None]


def days_of(contact: Contact, author: str | None = None) -> Days:
    """The day of the last interaction, and the earliest on which a promise of mine is due.

    Only what `author` signed counts; in a contact as its reader sees it, the reader's entries have
    no author.
    """
    talks = (one.date for one in contact.interactions if one.author == author)
    promises = (
        one.due
        for one in contact.promises
        if one.due and one.by == "me" and one.author == author and one.is_open
    )
    return max(talks, default=None), min(promises, default=None)


class Talk(Struct, frozen=True, array_like=True, kw_only=True):
    """An interaction in short: its day, its signals, and how the two questions were answered."""

    date: date
    signals: tuple[str, ...] = ()
    needs: Degree | None = None
    help: Degree | None = None
    uid: str | None = None
    recurrence_id: str | None = None
    author: str | None = None


class Promised(Struct, frozen=True, array_like=True, kw_only=True):
    """A promise on file, and the line where it is written."""

    by: Party
    text: str
    line: int | None
    made: date | None = None
    due: date | None = None
    kept: date | None = None
    dropped: date | None = None
    author: str | None = None
    file: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it was neither kept nor dropped."""
        return self.kept is None and self.dropped is None

    def is_overdue(self, today: date) -> bool:
        """Whether it is open and its day has passed."""
        return self.is_open and self.due is not None and self.due < today


class Figures(Value, frozen=True, kw_only=True):
    """The figures of one contact.

    Attributes:
        stem, file: as in `ContactFile`.
        stay_in_touch: how long a silence is too long, as written.
        talks, promises: in the order of the file.
    """

    stem: str
    file: str
    name: str
    stay_in_touch: str | None = None
    talks: tuple[Talk, ...] = ()
    promises: tuple[Promised, ...] = ()

    @classmethod
    def of(
        cls, held: Contact, *, stem: str, location: Callable[..., tuple[str, int | None]], file: str
    ) -> "Figures":
        """The figures of a contact; `location` as `ContactFile.location`."""
        span = held.relationship.stay_in_touch if held.relationship else None
        return cls(
            stem=stem,
            file=file,
            name=held.name,
            stay_in_touch=str(span) if span else None,
            talks=tuple(
                Talk(
                    date=one.date,
                    signals=one.signals,
                    needs=one.reflection.needs_answered if one.reflection else None,
                    help=one.reflection.help_answered if one.reflection else None,
                    uid=one.meeting.uid if one.meeting else None,
                    recurrence_id=one.meeting.recurrence_id if one.meeting else None,
                    author=one.author,
                )
                for one in held.interactions
            ),
            promises=tuple(
                Promised(
                    by=one.by,
                    text=one.text,
                    line=line,
                    made=one.made,
                    due=one.due,
                    kept=one.kept,
                    dropped=one.dropped,
                    author=one.author,
                    file=place if place != file else "",
                )
                for at, one in enumerate(held.promises)
                for place, line in [location("promises", at)]
            ),
        )

    @property
    def _is_signed(self) -> bool:
        return any(one.author for one in self.talks) or any(one.author for one in self.promises)

    def seen(self, is_mine: Callable[[str | None], bool]) -> "Figures":
        """What a reader sees, as in `layered_book.seen_by`: what others signed is not theirs."""
        if is_mine(None) and not self._is_signed:
            return self

        def promised(one: Promised) -> Promised:
            if one.by != "me":
                return one
            return replace(one, author=None) if is_mine(one.author) else replace(one, by=COLLEAGUE)

        return self.replace(
            talks=tuple(
                one if is_mine(one.author) else replace(one, needs=None, help=None)
                for one in self.talks
            ),
            promises=tuple(map(promised, self.promises)),
        )
