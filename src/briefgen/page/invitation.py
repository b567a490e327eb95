"""The meeting as a minimal iCalendar file, attached to the page: one click to the calendar."""

from datetime import UTC, date, datetime, time

from briefgen.brief.brief import Brief
from briefgen.page.typeset import Attached

_PRODUCT = "-//briefgen//briefgen//EN"
_STAMP = "%Y%m%dT%H%M%SZ"


def invitation(brief: Brief) -> Attached:
    """One VEVENT (RFC 5545, 3.6.1) with the feed's own UID, RECURRENCE-ID and DTSTAMP."""
    from icalendar import Calendar, Event  # noqa: PLC0415  # only where a page is made

    stamp = _stamp(brief)
    event = Event()
    event.add("uid", brief.uid or f"{brief.start.astimezone(UTC):{_STAMP}}@briefgen")
    event.add("dtstamp", stamp)
    if brief.recurrence_id:
        event.add("recurrence-id", _moment(brief.recurrence_id))
    if _all_day(brief):
        event.add("dtstart", brief.start.date())
        event.add("dtend", brief.end.date())
    else:
        event.add("dtstart", brief.start.astimezone(UTC))
        event.add("dtend", brief.end.astimezone(UTC))
    event.add("summary", brief.title)
    if brief.place:
        event.add("location", brief.place)
    if brief.join_link:
        event.add("url", brief.join_link)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add_component(event)
    return Attached(
        name="meeting.ics", description=brief.title, content=calendar.to_ical(), moment=stamp
    )


def _stamp(brief: Brief) -> datetime:
    """DTSTAMP as the feed writes it; the start where it writes none, so that no clock is read."""
    try:
        return datetime.strptime(brief.stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return brief.start.astimezone(UTC)


def _moment(recurrence_id: str) -> datetime | date:
    moment = datetime.fromisoformat(recurrence_id)
    return moment if "T" in recurrence_id else moment.date()


def _all_day(brief: Brief) -> bool:
    return brief.start.time() == brief.end.time() == time() and brief.end > brief.start
