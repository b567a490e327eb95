"""A feed's bytes to meetings: every occurrence in a window, and what could not be read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from briefgen.meetings.content import normalised, unfolded
from briefgen.meetings.details import LONGEST_TITLE, Details, read_details
from briefgen.meetings.event import Event, EventReader
from briefgen.meetings.meeting import Meeting, Window
from briefgen.meetings.recurrence import Budget, TooMuch
from briefgen.meetings.series import Occurrence, Series, Span, override_occurrence
from briefgen.meetings.sieve import SMALL, can_be_sieved, sieve
from briefgen.meetings.structure import Block, Structure, first_words, split
from briefgen.meetings.zones import IanaZone, Zone, iana, named_zone, own_zone, zone_name
from briefgen.problems import Problem, in_order

STEPS_FOR_A_FEED = 2_000_000
STEPS_FOR_A_RULE = 20_000
MOST_MEETINGS = 50_000


@dataclass(frozen=True, kw_only=True)
class FeedReading:
    """What a feed says of a window.

    Attributes:
        meetings: every occurrence that starts in the window, by start; none is left out.
        problems: what could not be read, with UID and line.
        is_calendar: whether there was a calendar to be read at all.
    """

    meetings: tuple[Meeting, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_calendar: bool = True


def read_feed(
    content: bytes, *, feed: str, window: Window, zone: ZoneInfo, small: int = SMALL
) -> FeedReading:
    """Every occurrence of a feed that starts in the window.

    Args:
        content: the feed as it came.
        feed: its name, for meetings and problems.
        window: which starts count.
        zone: the user's; floating times and zones that nobody knows are taken to be in it.
        small: bytes up to which a feed is read whole; of a larger one only what can matter is.
    """
    structure = structure_of(content, span=_span(window, zone), small=small)
    return read_structure(structure, content=content, feed=feed, window=window, zone=zone)


def read_structure(
    structure: Structure, *, content: bytes, feed: str, window: Window, zone: ZoneInfo
) -> FeedReading:
    """As `read_feed`, of a feed that has been cut already; `content` is only for messages."""
    return _Reading(feed, window, zone).read(structure, content)


def structure_of(content: bytes, *, span: Span, small: int) -> Structure:
    """A feed cut into calendars and events; of a large one only the events that can matter.

    Args:
        content: the feed as it came.
        span: the window.
        small: bytes up to which a feed is read whole.
    """
    if len(content) <= small:
        return split(unfolded(normalised(content)[1:], 1))
    text = content if can_be_sieved(content) else normalised(content)[1:]
    structure = sieve(text, first=span.first_day, last=span.last_day)
    if structure is None:
        structure = split(unfolded(normalised(content)[1:], 1))
    return structure


class _Reading:
    """One feed being read."""

    def __init__(self, feed: str, window: Window, zone: ZoneInfo) -> None:
        self.feed = feed
        self.zone = zone
        self.home: Zone = IanaZone(zone)
        self.span = _span(window, zone)
        self.window = window
        self.problems: list[Problem] = []
        self.budget = Budget(STEPS_FOR_A_FEED, each=STEPS_FOR_A_RULE)
        self._details: dict[int, Details] = {}

    def problem(self, message: str, line: int | None, field: str = "") -> None:
        self.problems.append(Problem(file=self.feed, line=line, field=field[:200], message=message))

    def read(self, structure: Structure, content: bytes) -> FeedReading:
        self._tell_structure(structure, content)
        events = self._events(structure)
        meetings: list[Meeting] = []
        for group in _by_uid(events):
            try:
                meetings += self._meetings_of(group)
            except Exception as error:  # noqa: BLE001  # no event may cost the others
                self.problem(_unforeseen(error), group[0].block.line, group[0].uid)
            if len(meetings) > MOST_MEETINGS:
                message = f"more than {MOST_MEETINGS} meetings in this span; the rest is left out"
                self.problem(message, None)
                break
        meetings.sort(
            key=lambda m: (m.start.astimezone(UTC), m.end.astimezone(UTC), m.title, m.uid)
        )
        return FeedReading(
            meetings=tuple(meetings),
            problems=in_order(self.problems),
            is_calendar=structure.begun or bool(structure.events),
        )

    def _tell_structure(self, structure: Structure, content: bytes) -> None:
        for fault in structure.faults:
            self.problem(fault.message, fault.line)
        if not structure.begun:
            begin = first_words(content)
            what = f"it begins with '{begin}'" if begin else "it is empty"
            self.problem(f"this is no calendar: {what}; BEGIN:VCALENDAR is missing", 1)
        elif structure.cut:
            self.problem("the feed is cut off: its END:VCALENDAR is missing", None)

    def _events(self, structure: Structure) -> list[Event]:
        reader = EventReader(self.feed)
        scopes = [
            _Scope(self, calendar.zones, calendar.zone_name) for calendar in structure.calendars
        ]
        events: list[Event] = []
        for order, block in enumerate(structure.events):
            scope = scopes[block.calendar]
            try:
                event = reader.read(
                    block,
                    order=order,
                    zone_of=scope.zone_of,
                    floating=scope.floating,
                    method=structure.calendars[block.calendar].method,
                )
            except Exception as error:  # noqa: BLE001  # no event may cost the others
                self.problem(_unforeseen(error), block.line)
                continue
            if event is not None:
                events.append(event)
        self.problems += reader.problems
        return events

    def _meetings_of(self, group: Sequence[Event]) -> list[Meeting]:
        """The occurrences of one UID's events."""
        masters = self._newest([event for event in group if event.recurrence_id is None])
        overrides = [event for event in group if event.recurrence_id is not None]
        found: list[Occurrence] = []
        for master, own in _shared_out(masters, overrides):
            if master is None:
                for event in self._newest_overrides(own, None):
                    moment = event.recurrence_id
                    assert moment is not None  # noqa: S101  # overrides have one
                    original = moment.local if moment.is_date else moment.utc
                    found += override_occurrence(event, self.span, original, None)
                continue
            found += self._occurrences(master, self._newest_overrides(own, master))
        return [self._meeting(occurrence) for occurrence in found]

    def _occurrences(self, master: Event, overrides: Sequence[Event]) -> list[Occurrence]:
        series = Series(master, overrides, self.home)
        found: list[Occurrence] = []
        try:
            for occurrence in series.occurrences(self.span, self.budget):
                found.append(occurrence)  # noqa: PERF402  # what was found before a fault stays
        except TooMuch:
            message = "RRULE takes too long to follow, or gives too many times; some are left out"
            self.problem(message, master.block.line, master.uid)
        except OverflowError:
            self.problem("a date beyond what calendars can hold", master.block.line, master.uid)
        return found

    def _newest(self, versions: list[Event]) -> list[Event]:
        """Of versions of one event the newest; of different events under one UID all."""
        if len(versions) < 2 or not versions[0].uid:  # noqa: PLR2004  # nothing to compare
            return versions
        kept: list[Event] = []
        for _, same in _grouped(versions, lambda event: event.organizer):
            highest = max(event.sequence for event in same)
            newest: dict[tuple[datetime, bool, str], Event] = {}
            for event in sorted(same, key=lambda e: (e.modified, e.stamp, e.order)):
                if event.sequence == highest:
                    newest[event.start.utc, event.whole_days, event.title] = event
            kept += newest.values()
        kept.sort(key=lambda event: event.order)
        if len(kept) > 1:
            lines = ", ".join(str(event.block.line) for event in kept)
            message = f"different events under one UID (lines {lines}); all of them are shown"
            self.problems.append(
                Problem(
                    file=self.feed,
                    line=kept[1].block.line,
                    field=kept[1].uid[:200],
                    message=message,
                    severity="warning",
                )
            )
        return kept

    def _newest_overrides(self, overrides: Sequence[Event], master: Event | None) -> list[Event]:
        def named(event: Event) -> object:
            moment = event.recurrence_id
            assert moment is not None  # noqa: S101  # overrides have one
            if moment.is_date or (master is not None and master.whole_days):
                return moment.day, event.this_and_future
            return moment.utc, event.this_and_future

        kept: list[Event] = []
        for _, same in _grouped(overrides, named):
            kept += self._newest(list(same))
        return kept

    def _meeting(self, occurrence: Occurrence) -> Meeting:
        event = occurrence.event
        details = self._details.get(event.order)
        if details is None:
            details = self._details[event.order] = read_details(event.block)
            for line, message in details.faults:
                self.problems.append(
                    Problem(
                        file=self.feed,
                        line=line,
                        field=event.uid[:200],
                        message=message,
                        severity="warning",
                    )
                )
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
            description=details.description,
            place=details.place,
            join_link=details.join_link,
            url=details.url,
            status=event.status,
            classification=details.classification,
            transparent=details.transparent,
            tentative=details.tentative,
            categories=details.categories,
            organizer=details.organizer,
            attendees=details.attendees,
            attendees_left_out=details.attendees_left_out,
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
    return f"the event cannot be read ({type(error).__name__}); left out"


class _Scope:
    """What zone names mean in one VCALENDAR: no definition is seen from outside of it."""

    def __init__(self, reading: _Reading, blocks: Sequence[Block], zone_given: str) -> None:
        self._reading = reading
        self._blocks = {zone_name(block): block for block in reversed(blocks)}
        self._known: dict[str, Zone] = {}
        self.floating = reading.home
        if zone_given:
            self.floating = self.zone_of(zone_given, None)

    def zone_of(self, name: str, line: int | None) -> Zone:
        """The zone of a name: IANA, own VTIMEZONE, Windows and display names, the user's."""
        if name not in self._known:
            self._known[name] = self._find(name, line)
        return self._known[name]

    def _find(self, name: str, line: int | None) -> Zone:
        if found := iana(name):
            return found
        block = self._blocks.get(name)
        if block is not None:
            zone, faults = own_zone(block)
            for fault in faults:
                self._reading.problem(str(fault), fault.line)
            if zone is not None:
                return zone
        if named := named_zone(name):
            return named
        message = f"the time zone '{name[:60]}' is not known; its times are taken to be yours"
        self._reading.problem(message, line)
        return self.floating if hasattr(self, "floating") else self._reading.home


def _span(window: Window, zone: ZoneInfo) -> Span:
    first_day = window.start.astimezone(zone)
    last = window.end.astimezone(zone)
    return Span(
        first=window.start.astimezone(UTC).replace(tzinfo=None),
        last=window.end.astimezone(UTC).replace(tzinfo=None),
        first_day=_day_from(first_day),
        last_day=_day_from(last),
    )


def _day_from(moment: datetime) -> date:
    """The first day whose midnight is not before `moment`."""
    return moment.date() if moment.time() == time() else moment.date() + timedelta(days=1)


def _by_uid(events: Iterable[Event]) -> Iterable[list[Event]]:
    """Events by UID, in the order of the feed; without a UID each is alone."""
    groups: dict[str | int, list[Event]] = {}
    for event in events:
        groups.setdefault(event.uid or event.order, []).append(event)
    return groups.values()


def _grouped(
    events: Iterable[Event], key: Callable[[Event], object]
) -> Iterable[tuple[object, list[Event]]]:
    groups: dict[object, list[Event]] = {}
    for event in events:
        groups.setdefault(key(event), []).append(event)
    return groups.items()


def _shared_out(
    masters: Sequence[Event], overrides: Sequence[Event]
) -> Iterable[tuple[Event | None, list[Event]]]:
    """Each series with its overrides; those without any series stand alone, at the end."""
    if not masters:
        return [(None, list(overrides))]
    shared: dict[int, list[Event]] = {event.order: [] for event in masters}
    for event in overrides:
        owner = _owner(masters, event)
        shared[owner.order].append(event)
    return [(master, shared[master.order]) for master in masters]


def _owner(masters: Sequence[Event], override: Event) -> Event:
    """The series an override belongs to: the one that recurs at its time of day, else the first."""
    moment = override.recurrence_id
    assert moment is not None  # noqa: S101  # overrides have one
    series = [event for event in masters if event.recurring] or list(masters)
    for event in series:
        if event.whole_days == moment.is_date and (
            moment.is_date or event.start.zone.local(moment.utc).time() == event.start.local.time()
        ):
            return event
    return series[0]
