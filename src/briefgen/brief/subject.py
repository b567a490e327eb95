"""What knowledge is gathered from: one person in a meeting, and the meeting itself."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from briefgen.brief.brief import Line
from briefgen.brief.company import Guarded
from briefgen.brief.names import Called
from briefgen.brief.redaction import Tact
from briefgen.brief.signals import Vocabulary
from briefgen.brief.words import Topics
from briefgen.contacts.book import ContactBook, ContactFile, Dated
from briefgen.contacts.contact import Contact, Status
from briefgen.meetings.past import PastMeeting


class Setting(Protocol):
    """A meeting, as far as reading the files depends on it."""

    @property
    def day(self) -> date:
        """The meeting's own day."""

    @property
    def known_until(self) -> date:
        """The last day of which something on file can be true."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The signals, and the language of the notes."""

    @property
    def book(self) -> ContactBook:
        """The contact book."""

    @property
    def tact(self) -> Tact:
        """What is avoided with the people who meet."""

    @property
    def celebrates(self) -> bool:
        """Whether the meeting is a celebration."""

    @property
    def topics(self) -> Topics:
        """What the meeting is about."""

    @property
    def alone(self) -> bool:
        """Whether only one person is met."""

    @property
    def guarded(self) -> Guarded:
        """Those who may not be named: other clients, and the user's own colleagues who come."""

    @property
    def people(self) -> "Sequence[Subject]":
        """Those who meet and have a file."""


class Subject(Protocol):
    """One of them."""

    @property
    def key(self) -> str:
        """What distinguishes them from the others."""

    @property
    def short(self) -> str:
        """How lines name them."""

    @property
    def file(self) -> ContactFile:
        """Their file."""

    @property
    def contact(self) -> Contact:
        """What the file says."""

    @property
    def status(self) -> Status:
        """The status of the relationship."""

    @property
    def occasion(self) -> Setting:
        """The meeting."""

    @property
    def told(self) -> tuple[Dated, ...]:
        """What is on file from before the meeting, the newest first."""

    @property
    def last_talk(self) -> Dated | None:
        """The last time you spoke with them."""

    @property
    def felt(self) -> tuple[Dated, ...]:
        """The last interactions with signals."""

    @property
    def appointments(self) -> tuple[PastMeeting, ...]:
        """The recent meetings with them in the calendar."""

    @property
    def ever_in_calendar(self) -> tuple[PastMeeting, ...]:
        """All meetings with them in the calendar."""

    @property
    def called(self) -> Called:
        """The names by which a note may mention them."""

    @property
    def is_elsewhere(self) -> bool:
        """Whether they are invited at a domain that is not their organization's."""

    def written_on(self, line: Line) -> date | None:
        """The day of the entry that a line comes from."""

    def noted_text(self, line: Line) -> str:
        """What the file says where a line comes from."""

    def history_line(self, text: str, at: int) -> Line:
        """A line on one interaction, for what is left out."""
