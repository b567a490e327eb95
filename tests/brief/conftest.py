"""A desk to compose briefs at: contacts as YAML, one meeting, and what stood in the calendar."""

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from whole_book import WholeBook

from briefgen.brief.additions import Additions
from briefgen.brief.brief import Brief, Line, Participant, Section
from briefgen.brief.compose import compose
from briefgen.brief.match import match
from briefgen.brief.select import reason_to_skip
from briefgen.brief.signals import read_vocabulary
from briefgen.contacts.book import ContactBook, ContactFile, OrganizationFile, parse_contact
from briefgen.contacts.contact import Organization
from briefgen.meetings.meeting import Attendee, Meeting, PastMeeting
from briefgen.workspace.document import parse_document
from briefgen.workspace.language import language_of
from briefgen.workspace.settings import Edition, Me, Settings
from briefgen.workspace.validation import validate

ZONE = ZoneInfo("Europe/Berlin")
ME = "robin@keller-advisory.example"
START = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)


def contact_file(text: str, stem: str = "dana-smith") -> ContactFile:
    """A contact from the text of its file, which must be without fault."""
    content = textwrap.dedent(text).encode()
    contact, problems = parse_contact(content, f"data/contacts/{stem}.yaml")
    assert contact is not None, problems
    assert problems == ()
    return contact


def organization_file(text: str, stem: str = "acme-logistics") -> OrganizationFile:
    """An organization from the text of its file."""
    file = f"data/organizations/{stem}.yaml"
    document, problems = parse_document(textwrap.dedent(text).encode(), file)
    assert document is not None, problems
    made, kept, faults = validate(Organization, document)
    assert made is not None, faults
    return OrganizationFile(stem=stem, file=file, organization=made, kept=kept)


def attendee(address: str | None, name: str = "", **given: object) -> Attendee:
    """An attendee who has accepted, unless told otherwise."""
    return Attendee(
        **{"name": name, "address": address, "participation": "ACCEPTED", **given}  # type: ignore[arg-type]
    )


def past(start: str, *addresses: str, **given: object) -> PastMeeting:
    """Something that stood in the calendar, like `past("2026-08-14T15:00", "dana@…")`."""
    fields: dict[str, object] = {
        "start": datetime.fromisoformat(start).replace(tzinfo=ZONE),
        "title": "Service review",
        "uid": f"past-{start}@calendar.example",
        "addresses": frozenset({ME, *addresses}),
        "participation": dict.fromkeys((ME, *addresses), "ACCEPTED"),
    }
    return PastMeeting(**(fields | given))  # type: ignore[arg-type]


@dataclass
class Desk:
    """Everything one brief is composed of; change what the test is about."""

    contacts: tuple[ContactFile, ...] = ()
    organizations: tuple[OrganizationFile, ...] = ()
    attendees: tuple[Attendee, ...] | None = None
    past: tuple[PastMeeting, ...] = ()
    additions: tuple[Additions, ...] = ()
    neighbours: tuple[Meeting, ...] = ()
    coming_up: tuple[Meeting, ...] = ()
    locale: str = "en_GB"
    as_of: datetime | None = None
    me: Me = field(default_factory=lambda: Me(name="Robin Keller", emails=(ME,)))
    settings_given: dict[str, object] = field(default_factory=dict)
    read: ContactBook | None = None

    def with_contacts(self, *texts: str) -> "Desk":
        """Contacts from the texts of their files; the stem is made of the name.

        The second of two with one name gets a number, as in a folder.
        """
        self.contacts = ()
        for text in texts:
            taken = sum(one.contact.name == _name(text) for one in self.contacts)
            self.contacts += (_filed(text, f"-{taken + 1}" if taken else ""),)
        return self

    @property
    def settings(self) -> Settings:
        """The settings of the user."""
        return Settings(me=self.me, **self.settings_given)  # type: ignore[arg-type]

    def meeting(self, **given: object) -> Meeting:
        """A meeting of the user's with everyone on the desk."""
        people = self.attendees
        if people is None:
            people = tuple(
                attendee(c.contact.emails[0], c.contact.name)
                for c in self.contacts
                if c.contact.emails
            )
        fields: dict[str, object] = {
            "feed": "data/calendar.ics",
            "uid": "q4@calendar.example",
            "start": START,
            "end": START + timedelta(hours=1),
            "title": "Q4 service review",
            "organizer": attendee(ME, "Robin Keller"),
            "attendees": (attendee(ME, "Robin Keller"), *people),
            "line": 12,
        }
        return Meeting(**(fields | given))  # type: ignore[arg-type]

    @property
    def book(self) -> ContactBook:
        """The contact book: what was read of a folder, or the contacts on the desk."""
        if self.read is not None:
            return self.read
        return WholeBook(contacts=self.contacts, organizations=self.organizations)

    def match(self, meeting: Meeting) -> tuple[Participant, ...]:
        """Who takes part."""
        return match(meeting, book=self.book, me=self.me)

    def reason(self, meeting: Meeting) -> str | None:
        """Why a meeting gets no brief."""
        return reason_to_skip(meeting, self.match(meeting), settings=self.settings)

    def compose(
        self,
        edition: Edition = "full",
        *,
        why: bool = False,
        in_confidence: bool = False,
        **given: object,
    ) -> Brief:
        """The brief of the meeting that the given fields make."""
        meeting = self.meeting(**given)
        language = language_of(self.locale)
        vocabulary, problems = read_vocabulary(Path("/nowhere"), language)
        assert problems == ()
        return compose(
            meeting,
            self.match(meeting),
            book=self.book,
            settings=self.settings,
            language=language,
            as_of=self.as_of or meeting.start - timedelta(hours=12),
            edition=edition,
            past=self.past,
            additions=self.additions,
            neighbours=self.neighbours,
            coming_up=self.coming_up,
            vocabulary=vocabulary,
            why=why,
            in_confidence=in_confidence,
        )


def _name(text: str) -> str:
    return textwrap.dedent(text).split("name:", 1)[1].splitlines()[0].strip()


def _filed(text: str, number: str = "") -> ContactFile:
    return contact_file(text, "-".join(_name(text).lower().split()) + number)


def every_line(brief: Brief) -> tuple[Line, ...]:
    """Every line of a brief, those of the glance, the faces and the prompts too."""
    of_faces = (line for face in brief.faces for line in face.lines)
    of_prompts = (line for prompt in brief.prompts for line in prompt.lines)
    return (*brief.glance.every_line, *brief.lines, *of_faces, *of_prompts)


def section(brief: Brief, name: Section) -> tuple[Line, ...]:
    """The lines of a section, those that the glance took among them."""
    taken = tuple(line for line in brief.glance.every_line if line.section == name)
    if name in {"say", "repair"}:
        return tuple(sorted((*taken, *brief.section(name)), key=lambda line: -line.rank))
    return (*brief.section(name), *taken) if name == "agenda" else (*taken, *brief.section(name))


def texts(lines: Iterable[Line]) -> list[str]:
    """What lines say, with the label before and the note and the origin behind."""
    return [_whole(one) for one in lines]


def _whole(line: Line) -> str:
    label = f"{line.label} | " if line.label else ""
    behind = "; ".join(part for part in (line.note, line.origin) if part)
    return f"{label}{line.text}{f' ({behind})' if behind else ''}"


def by_rule(brief: Brief, rule: str) -> list[str]:
    """What the lines of one rule say."""
    return texts(line for line in every_line(brief) if line.rule == rule)


def on_top(brief: Brief, label: str) -> list[str]:
    """What is beside a label of the glance."""
    return [line.text for one in brief.glance.lines if one.label == label for line in one.lines]


def day(text: str) -> date:
    """A date from its ISO form."""
    return date.fromisoformat(text)


@pytest.fixture
def desk() -> Desk:
    """An empty desk."""
    return Desk()


Composer = Callable[..., Brief]
