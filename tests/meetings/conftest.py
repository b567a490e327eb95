"""What the tests of the calendar share: feeds read as a user sees them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefgen.meetings.calendar import read_feed
from briefgen.meetings.meeting import FeedReading, Meeting, Window, recurrence_text, utc_text

CALENDARS = Path(__file__).parent / "calendars"
BERLIN = ZoneInfo("Europe/Berlin")

Seen = tuple[str, str | None, str, str]


def seen(meeting: Meeting) -> Seen:
    """UID, recurrence id, start and end of a meeting, as `feed show --json` gives them."""
    if meeting.all_day:
        start, end = meeting.start.date().isoformat(), meeting.end.date().isoformat()
    else:
        start, end = utc_text(meeting.start), utc_text(meeting.end)
    return meeting.uid, recurrence_text(meeting.recurrence_id), start, end


class Reading:
    """A feed as read, with ways to look at it."""

    def __init__(self, reading: FeedReading) -> None:
        self.meetings = reading.meetings
        self.problems = reading.problems
        self.is_calendar = reading.is_calendar

    @property
    def all(self) -> list[Seen]:
        """Every meeting."""
        return [seen(meeting) for meeting in self.meetings]

    def times(self, uid: str) -> list[tuple[str, str]]:
        """Start and end of each meeting of a UID."""
        return [(start, end) for one, _, start, end in self.all if one == uid]

    def starts(self, uid: str) -> list[str]:
        """The start of each meeting of a UID."""
        return [start for start, _ in self.times(uid)]

    def ids(self, uid: str) -> list[str | None]:
        """The recurrence id of each meeting of a UID."""
        return [recurrence_id for one, recurrence_id, _, _ in self.all if one == uid]

    def titles(self, uid: str) -> list[str]:
        """The title of each meeting of a UID."""
        return [meeting.title for meeting in self.meetings if meeting.uid == uid]

    def one(self, uid: str) -> Meeting:
        """The only meeting of a UID."""
        (meeting,) = (meeting for meeting in self.meetings if meeting.uid == uid)
        return meeting

    def messages(self, uid: str) -> list[str]:
        """What is wrong with a UID."""
        return [problem.message for problem in self.problems if problem.field == uid]


Read = Callable[..., Reading]


@pytest.fixture
def read() -> Read:
    """Reads a calendar of the `calendars` folder, or bytes, from a first to a last day."""

    def reading(
        given: str | bytes, first: str, last: str | None = None, zone: ZoneInfo = BERLIN
    ) -> Reading:
        content = (CALENDARS / f"{given}.ics").read_bytes() if isinstance(given, str) else given
        begin = date.fromisoformat(first)
        days = (date.fromisoformat(last or first) - begin).days + 1
        window = Window.of_days(begin, days, zone)
        return Reading(read_feed(content, feed="feed", window=window, zone=zone))

    return reading
