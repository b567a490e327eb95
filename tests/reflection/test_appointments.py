from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

from icalendar import Calendar, Event
from small_workspaces import SETTINGS, Place

from briefgen.brief.brief import Brief
from briefgen.delivery.message import Attachment, Envelope, Letter, as_bytes
from briefgen.reflection.reminder import appointments
from briefgen.workspace.language import language_of

WITH = SETTINGS + "nightly: {days_ahead: 1, email: false, packet: false, reflection: true}\n"
FILE = "briefings/2026-11-23/reflection.ics"


def _blocks(place: Place) -> list[tuple[datetime, timedelta, str]]:
    calendar = Calendar.from_ical((place.root / FILE).read_bytes())
    return [(e.start.astimezone(UTC), e.end - e.start, str(e["summary"])) for e in calendar.events]


def test_five_minutes_after_each_meeting(place: Place) -> None:
    """The day's folder gets an .ics with a block behind each meeting, and its sheet's code."""
    place.write("briefgen.yaml", WITH)
    result = place.call("nightly")
    assert result.exit_code == 0, result.output
    five = timedelta(minutes=5)
    assert _blocks(place) == [
        (datetime(2026, 11, 23, 10, tzinfo=UTC), five, "Reflection: Q4 service review"),
        (datetime(2026, 11, 23, 14, tzinfo=UTC), five, "Reflection: Steering committee"),
    ]
    text = (place.root / FILE).read_text()
    code = place.report("list", "--date", "2026-11-23")["briefs"][0]["code"]
    assert f"briefgen reflect {code}" in text.replace("\n ", "").replace("\r", "")


def test_the_same_night_twice_rewrites_nothing(place: Place) -> None:
    """The same meetings make the same bytes, and the file is left alone."""
    place.write("briefgen.yaml", WITH)
    place.call("nightly")
    before = (place.root / FILE).stat()
    place.call("nightly", as_of="2026-11-22T22:20")
    after = (place.root / FILE).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def _brief(start: datetime, end: datetime, *, title: str = "Review") -> Brief:
    return Brief(
        edition="full",
        uid="a@b.example",
        recurrence_id=None,
        start=start,
        end=end,
        feed="data/calendar.ics",
        title=title,
        code="K7Q4",
    )


def _only_event(brief: Brief) -> Event:
    content = appointments([brief], language_of("en_GB"))
    assert content is not None
    (event,) = Calendar.from_ical(content).events
    return event


TEN, ELEVEN = datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_a_moved_meeting_moves_its_appointment() -> None:
    """The appointment keeps its UID, so that the calendar moves it and has it once."""
    first = _only_event(_brief(TEN, ELEVEN))
    later = timedelta(hours=5)
    second = _only_event(_brief(TEN + later, ELEVEN + later))
    assert first["uid"] == second["uid"]
    assert second.start - first.start == later


def test_a_hostile_title_stays_one_line_of_text() -> None:
    """A title with line ends and iCalendar's own signs adds no property."""
    title = "x\r\nATTENDEE:mailto:a@b.example, y; z\nBEGIN:VEVENT"
    event = _only_event(_brief(TEN, ELEVEN, title=title))
    assert "ATTENDEE" not in event
    assert not event.subcomponents[1:]


def test_a_meeting_of_whole_days_has_no_appointment() -> None:
    """There is no right after it."""
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    whole_day = _brief(midnight, midnight + timedelta(days=1))
    assert appointments([whole_day], language_of("en_GB")) is None


def test_the_mail_carries_the_appointments() -> None:
    """Beside the PDFs the message has the calendar, as one that mail programs open as such."""
    letter = Letter(
        subject="Tomorrow",
        text="Tomorrow\n",
        html="<p>Tomorrow</p>\n",
        attachments=(
            Attachment(name="brief.pdf", content=b"%PDF-"),
            Attachment(name="reflection.ics", content=b"BEGIN:VCALENDAR\r\n", calendar=True),
        ),
    )
    envelope = Envelope(
        sender="robin@keller-advisory.example",
        sender_name="Robin Keller",
        recipient="robin@keller-advisory.example",
        message_id="<1@keller-advisory.example>",
        moment=datetime(2026, 11, 22, 22, tzinfo=UTC),
    )
    message = message_from_bytes(as_bytes(letter, envelope), policy=default)
    attached = [(p.get_filename(), p.get_content_type()) for p in message.iter_attachments()]
    assert attached == [("brief.pdf", "application/pdf"), ("reflection.ics", "text/calendar")]
