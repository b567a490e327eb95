"""What lists, searches and completion need of a contact, without the rest of its file."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from msgspec import field
from msgspec.json import Decoder
from msgspec.structs import asdict

from briefgen.contacts.contact import Contact, Promise, Status
from briefgen.contacts.dates import PartialDate, Span
from briefgen.workspace.value import Value


class Entry(Value, frozen=True, kw_only=True):
    """A contact in a list.

    Attributes:
        stem, file: as in `ContactFile`.
        last: the day of the last interaction on file; None where there is none.
        due: the earliest day on which a promise of mine that is not kept is due.
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
    def of(cls, contact: Contact, *, stem: str, file: str, author: str | None = None) -> "Entry":
        """The entry of a contact; of talks and promises, those that `author` signed count.

        In a contact as its reader sees it, the reader's own are not signed.
        """
        relationship = contact.relationship
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
            last=max((i.date for i in contact.interactions if i.author == author), default=None),
            due=min((p.due for p in contact.promises if p.due and _is_of(p, author)), default=None),
            to_share=any(item.shared is None for item in contact.to_share),
        )

    def silent_since(self, day: date) -> bool:
        """Whether nothing is on file after `day`; nothing at all is silence too."""
        return self.last is None or self.last <= day

    def next_birthday(self, today: date) -> date | None:
        """The next birthday, today included; in common years 29 February falls on the 28th."""
        if self.birthday is None or self.birthday.month is None or self.birthday.day is None:
            return None
        for year in (today.year, today.year + 1):
            try:
                day = date(year, self.birthday.month, self.birthday.day)
            except ValueError:
                day = date(year, 2, 28)
            if day >= today:
                return day
        return None

    @property
    def role(self) -> str:
        """Title and organization, as they are known."""
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


def record_of(contact: Contact, *, stem: str, file: str) -> dict[str, Any]:
    """The entry of a file as JSON holds it, whoever reads it; `entry_in` reads it back."""
    entry = Entry.of(contact, stem=stem, file=file)
    said = {key: value for key, value in asdict(entry).items() if value not in (None, (), False)}
    plain = (str, bool, tuple)
    record = {k: v if isinstance(v, plain) else str(v) for k, v in said.items()}
    authors = {i.author for i in contact.interactions} | {p.author for p in contact.promises}
    days = {}
    for author in sorted(filter(None, authors)):
        one = Entry.of(contact, stem=stem, file=file, author=author)
        days[author] = [str(day) if day else None for day in (one.last, one.due)]
    return {**record, "signed": days} if days else record


class _Kept(Entry, frozen=True, kw_only=True):
    """An entry as JSON holds it; `signed` are the days `last` and `due` of each author."""

    birthday: str | None = None  # type: ignore[assignment]  # as text
    stay_in_touch: str | None = None  # type: ignore[assignment]  # as text
    signed: dict[str, tuple[date | None, date | None]] = field(default_factory=dict)


class _Facts(Value, frozen=True, kw_only=True):
    entry: _Kept | None = None


_DECODER: Final = Decoder(_Facts)


def entry_in(facts: str, is_mine: Callable[[str | None], bool]) -> Entry | None:
    """The entry in the JSON that the index keeps of a file; None where there is none.

    Of talks and promises, those count whose author the reader is; an author None signed nothing.
    Read by the types of its fields: of 10,000 contacts in 30 ms, which takes `json` 200.
    """
    kept = _DECODER.decode(facts).entry
    if kept is None:
        return None
    said = asdict(kept)
    signed = said.pop("signed")
    if signed or not is_mine(None):
        of_authors = {None: (kept.last, kept.due), **signed}
        mine = [days for author, days in of_authors.items() if is_mine(author)]
        said["last"] = max((last for last, _ in mine if last), default=None)
        said["due"] = min((due for _, due in mine if due), default=None)
    if kept.birthday is not None:
        said["birthday"] = PartialDate.parse(kept.birthday)
    if kept.stay_in_touch is not None:
        said["stay_in_touch"] = Span.parse(kept.stay_in_touch)
    return Entry(**said)


def _is_of(promise: Promise, author: str | None) -> bool:
    return promise.by == "me" and promise.author == author and promise.is_open
