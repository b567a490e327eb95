"""Meetings that a mail mentioned, and mails that mentioned them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from briefgen.delivery.ledger_entry import Delivery, State
from briefgen.delivery.mail_changes import Content
from briefgen.delivery.mailed_meetings import MailedMeeting, facts_of
from briefgen.workspace.language import language_of

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = datetime(2026, 11, 22, 22, 10, tzinfo=BERLIN)
TEN = datetime(2026, 11, 23, 10, tzinfo=BERLIN)
ENGLISH = language_of("en_GB")

REVIEW = MailedMeeting(
    uid="review@acme.example",
    recurrence_id=None,
    start=TEN,
    end=TEN + timedelta(hours=1),
    title="Review",
    place="Acme House",
    digest="a",
)
LUNCH = REVIEW.replace(
    uid="lunch@acme.example", title="Lunch", start=TEN + timedelta(hours=3), digest="b"
)


def told(*meetings: MailedMeeting) -> Content:
    """What there is to tell, of a calendar that was read well."""
    return Content(meetings=meetings)


def delivery(*meetings: MailedMeeting, state: State = "sent", number: int = 1) -> Delivery:
    """A message that mentioned these meetings."""
    return Delivery(
        number=number,
        channel="mail",
        about="day 2026-11-23",
        day=date(2026, 11, 23),
        recipient="robin@keller.example",
        version="v",
        message_id=f"<{number}@keller.example>",
        kind="first",
        state=state,
        attempts=1,
        resent=False,
        retry_at=None,
        reason="",
        job=None,
        facts=facts_of(meetings),
        changed=NIGHT.astimezone(UTC),
    )


def moved(meeting: MailedMeeting, **by: int) -> MailedMeeting:
    """The meeting at another time."""
    ahead = timedelta(**by)
    return meeting.replace(start=meeting.start + ahead, end=meeting.end + ahead, digest="moved")
