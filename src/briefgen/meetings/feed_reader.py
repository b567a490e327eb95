"""One feed being read: from its structure to events, and from events to meetings."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import asdict

from briefgen.meetings.content import Structure, as_text, normalised, split, unfolded
from briefgen.meetings.details import LONGEST_TITLE, Details, faults_of, read_details
from briefgen.meetings.event import Event
from briefgen.meetings.event_reader import read_event
from briefgen.meetings.meeting import FeedReading, Meeting, Window
from briefgen.meetings.recurrence import Budget, TooMuch
from briefgen.meetings.series import Occurrence, Series, Span, override_occurrence
from briefgen.meetings.sieve import sievable, sieve, structure_of_uids
from briefgen.meetings.versions import (
    by_instance,
    by_uid,
    in_zone_of_series,
    newest,
    newest_instance,
    shared_out,
)
from briefgen.meetings.zones import KnownZone, Zone, ZoneScope
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, Severity, in_order

STEPS_FOR_A_FEED: Final = 2_000_000
STEPS_FOR_A_RULE: Final = 20_000
MOST_MEETINGS: Final = 50_000
_MOST_LINES_TOLD: Final = 10
_OF_ATTENDEES: Final = frozenset({"REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"})
"""Messages from attendees, which do not change the event itself (RFC 5546, 1.4)."""


class FeedReader:
    """Reads one feed for one window; used once."""

    def __init__(self, feed: str, window: Window, zone: ZoneInfo) -> None:
        self.feed = feed
        self.zone = zone
        self.home: Zone = KnownZone(zone)
        self.span = _span(window, zone)
        self.problems: list[Problem] = []
        self.budget = Budget(STEPS_FOR_A_FEED, each=STEPS_FOR_A_RULE)
        self._details: dict[int, Details] = {}
        self._scopes: list[ZoneScope] = []

    def read_bytes(
        self, content: bytes, *, small: int, naming: AbstractSet[str] = frozenset()
    ) -> FeedReading:
        """The meetings in a feed's bytes; see `read_feed`."""
        structure = None
        if len(content) > small:
            first, last = self.span.first_day, self.span.last_day
            structure = sieve(sievable(content), first=first, last=last, naming=naming)
        return self.read(structure or split(unfolded(normalised(content), 1)), content)

    def events_of(self, content: bytes, uids: AbstractSet[str]) -> list[Event]:
        """The events of these UIDs, whenever they are."""
        structure = structure_of_uids(sievable(content), uids)
        structure = structure or split(unfolded(normalised(content), 1))
        return [event for event in self.events(structure) if event.uid in uids]

    def read(self, structure: Structure, content: bytes) -> FeedReading:
        """The meetings of a feed that has been split; `content` is only for messages."""
        self._report_structure(structure, content)
        meetings: list[Meeting] = []
        for group in by_uid(self.events(structure)):
            try:
                meetings += self._meetings_of(group)
            except Exception as error:  # noqa: BLE001  # no event may cost the others
                self._report(_unforeseen(error), group[0].block.line, group[0].uid)
            if len(meetings) > MOST_MEETINGS:
                message = Phrase(
                    "more than {most_meetings} meetings in this span; the rest is left out",
                    most_meetings=MOST_MEETINGS,
                )
                self._report(message, None)
                break
        meetings.sort(key=Meeting.order)
        return FeedReading(
            meetings=tuple(meetings),
            problems=in_order(self.problems),
            is_calendar=bool(structure.calendars),
        )

    def events(self, structure: Structure) -> list[Event]:
        """Every event that can be read, in the order of the feed."""
        scopes = self._scopes = [
            ZoneScope(calendar, home=self.zone, tell=self._report)
            for calendar in structure.calendars
        ]
        events: list[Event] = []
        for order, block in enumerate(structure.events):
            scope = scopes[block.calendar]
            method = structure.calendars[block.calendar].method
            if method in _OF_ATTENDEES:
                message = Phrase(
                    "METHOD:{method} is someone's reply or request; left out",
                    method=method,
                )
                self._report(message, block.line, severity="warning")
                continue
            try:
                event = read_event(
                    block, order=order, scope=scope, method=method, tell=self._report
                )
            except Exception as error:  # noqa: BLE001  # no event may cost the others
                self._report(_unforeseen(error), block.line)
                continue
            if event is not None:
                events.append(event)
        return events

    def _report(
        self, message: str, line: int | None, field: str = "", severity: Severity = "error"
    ) -> None:
        self.problems.append(
            Problem(
                file=self.feed, line=line, field=field[:200], message=message, severity=severity
            )
        )

    def _report_structure(self, structure: Structure, content: bytes) -> None:
        for line, message in structure.faults:
            self._report(message, line)
        if not structure.calendars:
            begin = " ".join(as_text(content[:200]).split())[:60]
            what = (
                Phrase("it begins with '{begin}'", begin=begin) if begin else Phrase("it is empty")
            )
            self._report(
                Phrase("this is not a calendar: {what}; BEGIN:VCALENDAR is missing", what=what), 1
            )
        elif structure.cut:
            self._report(Phrase("the feed is cut off: its END:VCALENDAR is missing"), None)

    def _meetings_of(self, group: Sequence[Event]) -> Iterable[Meeting]:
        """The occurrences of one UID's events."""
        if len(group) == 1 and group[0].recurrence_id is not None and group[0].rules:
            # Outlook's copy of a series names an instance of one that is not in the feed.
            group = [group[0].replace(recurrence_id=None)]
        masters = newest([event for event in group if event.recurrence_id is None])
        overrides = [
            in_zone_of_series(event, masters) for event in group if event.recurrence_id is not None
        ]
        found: list[Occurrence] = []
        apart = len(masters) > 1
        for master, own in shared_out(masters, overrides):
            newest_own = [
                event for same in by_instance(own, master) for event in newest_instance(same)
            ]
            if master is not None:
                found += self._occurrences(master, newest_own)
                continue
            for event in newest_own:
                moment = event.replaces
                original = moment.local if moment.is_date else moment.utc
                shown = list(override_occurrence(event, self.span, original, None))
                if masters and (shown or self._replaces_one_in_window(event)):
                    message = Phrase(
                        "it claims to change a series of another organizer; shown beside it"
                    )
                    self._report(message, event.block.line, event.uid, "warning")
                found += shown
        self._report_strangers(masters if apart else [], found)
        return [self._meeting(occurrence) for occurrence in found]

    def _replaces_one_in_window(self, event: Event) -> bool:
        moment = event.replaces
        start = moment.local if moment.is_date else moment.utc
        return self.span.has(start, whole_days=moment.is_date) or event.this_and_future

    def _report_strangers(self, masters: Sequence[Event], found: Sequence[Occurrence]) -> None:
        """Report several events under one UID, if any of them is in the window."""
        orders = {occurrence.event.order for occurrence in found}
        if masters and any(event.order in orders for event in masters):
            lines = ", ".join(str(event.block.line) for event in masters[:_MOST_LINES_TOLD])
            message = Phrase(
                "different events under one UID (lines {lines}); all of them are shown", lines=lines
            )
            self._report(message, masters[1].block.line, masters[1].uid, "warning")

    def _occurrences(self, master: Event, overrides: Sequence[Event]) -> list[Occurrence]:
        scope = self._scopes[master.block.calendar]
        is_until_in_utc = any(rule.until and rule.until.in_utc for rule in master.rules)
        zones = (
            (scope.floating, self.home, *scope.own_zones())
            if master.whole_days and is_until_in_utc
            else ()
        )
        series = Series(master, overrides, self.home, zones)
        found: list[Occurrence] = []
        try:
            for occurrence in series.occurrences(self.span, self.budget):
                found.append(occurrence)  # noqa: PERF402  # what was found before a fault stays
        except TooMuch:
            message = Phrase(
                "RRULE takes too long to follow, or has too many times; some are left out"
            )
            self._report(message, master.block.line, master.uid)
        except OverflowError:
            self._report(
                Phrase("a date beyond what calendars can hold"), master.block.line, master.uid
            )
        for event in series.far_ranges:
            message = Phrase(
                "a change of this and all following times would move them by more than a "
                "year; it is not followed, and shown beside them"
            )
            self._report(message, event.block.line, master.uid, "warning")
        for day in sorted(series.doubtful_days):
            message = Phrase(
                "a changed time names only {day}, on which the series has several; it is "
                "unclear which one it replaces; all of them are shown",
                day=day,
            )
            self._report(message, overrides[0].block.line, master.uid, "warning")
        return found

    def _details_of(self, event: Event) -> Details:
        """An event's details, read once for all its occurrences."""
        if event.order not in self._details:
            self._details[event.order] = read_details(event.when)
            for line, message in faults_of(event.when):
                self._report(message, line, event.uid, "warning")
        return self._details[event.order]

    def _meeting(self, occurrence: Occurrence) -> Meeting:
        event = occurrence.event
        details = self._details_of(event)
        recurrence_id = occurrence.recurrence_id
        if isinstance(recurrence_id, datetime):
            recurrence_id = recurrence_id.replace(tzinfo=UTC)
        return Meeting(
            feed=self.feed,
            uid=event.uid,
            recurrence_id=recurrence_id,
            start=self._aware(occurrence.start, whole_days=occurrence.whole_days),
            end=self._aware(occurrence.end, whole_days=occurrence.whole_days),
            all_day=occurrence.whole_days,
            zone=event.start.zone_name,
            title=" ".join(event.title.split())[:LONGEST_TITLE],
            **asdict(details),
            status=event.status,
            sequence=event.sequence,
            replaced=(
                self._aware(occurrence.original, whole_days=occurrence.whole_days)
                if occurrence.original
                else None
            ),
            stamp=event.stamp,
            line=event.block.line,
        )

    def _aware(self, moment: datetime, *, whole_days: bool) -> datetime:
        if whole_days:
            return datetime.combine(moment.date(), time(), self.zone)
        return moment.replace(tzinfo=UTC).astimezone(self.zone)


def _unforeseen(error: Exception) -> str:
    return Phrase("the event cannot be read ({__name__}); left out", __name__=type(error).__name__)


def _span(window: Window, zone: ZoneInfo) -> Span:
    first, last = window.start.astimezone(zone), window.end.astimezone(zone)
    return Span(
        first=first.astimezone(UTC).replace(tzinfo=None),
        last=last.astimezone(UTC).replace(tzinfo=None),
        first_day=_day_from(first),
        last_day=_day_from(last),
    )


def _day_from(moment: datetime) -> date:
    """The first day whose midnight is not before `moment`."""
    return moment.date() if moment.time() == time() else moment.date() + timedelta(days=1)
