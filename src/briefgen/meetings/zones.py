"""What a TZID means in one calendar of a feed: its own VTIMEZONE, or a well-known name."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo

from briefgen.meetings.content import Block, Calendar, Line, Property, property_of
from briefgen.meetings.recurrence import Budget, RuleError, TooMuch
from briefgen.meetings.rule_text import read_rule
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.zone_data import iana

if TYPE_CHECKING:
    from briefgen.meetings.zone_names import Meaning

_OFFSET = re.compile(r"([+-]?)(\d\d):?(\d\d)(?::?(\d\d))?\Z")
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_MOST_STEPS: Final = 500
"""Of one rule; clocks change a few times a year."""


class Zone(Protocol):
    """Converts between local times and instants; both are naive, instants in UTC."""

    def utc(self, local: datetime) -> datetime:
        """The instant of a local time; in a gap, by the offset before it; in a fold, the first."""
        ...

    def local(self, utc: datetime) -> datetime:
        """The local time at an instant."""
        ...


class KnownZone:
    """A zone of the IANA database, or a fixed offset."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def utc(self, local: datetime) -> datetime:
        """See `Zone`; `fold=0` is just what RFC 5545, 3.3.5 asks for, in gaps and folds."""
        offset = local.replace(tzinfo=self._zone, fold=0).utcoffset()
        return local - (offset or timedelta())

    def local(self, utc: datetime) -> datetime:
        """See `Zone`."""
        return utc.replace(tzinfo=UTC).astimezone(self._zone).replace(tzinfo=None, fold=0)


UTC_ZONE: Final = KnownZone(UTC)


class OwnZone:
    """A zone as a calendar's VTIMEZONE defines it (RFC 5545, 3.6.5).

    `changes` are (local time at which the old offset ends, old offset, new offset), in order.
    """

    def __init__(
        self, changes: Iterable[tuple[datetime, timedelta, timedelta]], *, before: timedelta
    ) -> None:
        self._before = before
        ordered = sorted(changes)
        self._offsets = [to for _, _, to in ordered]
        self._local = [at + max(timedelta(), to - old) for at, old, to in ordered]
        self._instants = [at - old for at, old, _ in ordered]

    def utc(self, local: datetime) -> datetime:
        """See `Zone`."""
        index = bisect_right(self._local, local)
        return local - (self._offsets[index - 1] if index else self._before)

    def local(self, utc: datetime) -> datetime:
        """See `Zone`."""
        index = bisect_right(self._instants, utc)
        return utc + (self._offsets[index - 1] if index else self._before)


class ZoneFault(Exception):  # noqa: N818  # a message with its line
    """A VTIMEZONE, or a part of it, that cannot be read."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def zone_name(block: Block) -> str:
    """The TZID a VTIMEZONE defines."""
    for line in block.lines:
        if (
            line.content[:4].upper() == b"TZID"
            and (found := property_of(line))
            and found.name == "TZID"
        ):
            return found.text.strip().strip('"')
    return ""


@lru_cache(maxsize=64)
def own_zone(lines: tuple[Line, ...]) -> tuple[Zone | None, tuple[ZoneFault, ...]]:
    """The zone a VTIMEZONE defines, or None; and what in it cannot be read.

    It is cached by the whole definition, never by its name.
    """
    faults: list[ZoneFault] = []
    changes: list[tuple[datetime, timedelta, timedelta]] = []
    location = ""
    first: list[tuple[datetime, bool, timedelta]] = []
    for kind, properties in _observances(lines):
        if kind == "":
            location = next((p.text.strip() for p in properties if p.name == "X-LIC-LOCATION"), "")
            continue
        try:
            found = _changes(properties)
        except ZoneFault as fault:
            faults.append(fault)
            continue
        changes += found
        first += [(found[0][0], kind == "STANDARD", found[0][1])] if found else []
    if located := iana(location):
        return KnownZone(located), tuple(faults)
    if not changes:
        return None, tuple(faults)
    return OwnZone(changes, before=min(first)[2]), tuple(faults)


def _observances(lines: Iterable[Line]) -> Iterable[tuple[str, list[Property]]]:
    outer: list[Property] = []
    inner: list[Property] | None = None
    for line in lines:
        if (found := property_of(line)) is None:
            continue
        kind = found.value.strip().upper()
        if found.name == "BEGIN" and kind in {"STANDARD", "DAYLIGHT"}:
            inner = []
        elif found.name == "END" and kind in {"STANDARD", "DAYLIGHT"}:
            if inner is not None:
                yield kind, inner
            inner = None
        else:
            (outer if inner is None else inner).append(found)
    yield "", outer


def _changes(properties: list[Property]) -> list[tuple[datetime, timedelta, timedelta]]:
    """Every change an observance makes, from 1970 to 2100.

    Raises:
        ZoneFault: if it cannot be read.
    """
    one = {found.name: found for found in reversed(properties)}
    if missing := {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"} - one.keys():
        line = properties[0].line if properties else 1
        raise ZoneFault(line, f"a time zone's part has no {min(missing)}")
    old, new = _offset(one["TZOFFSETFROM"]), _offset(one["TZOFFSETTO"])
    start = _local(one["DTSTART"])
    onsets = {start}
    for found in properties:
        if found.name == "RDATE":
            onsets |= {_local(found, piece) for piece in found.value.split(",")}
        elif found.name == "RRULE":
            onsets |= set(_ruled(found, start, old))
    return sorted((onset, old, new) for onset in onsets)


def _ruled(found: Property, start: datetime, old: timedelta) -> Iterable[datetime]:
    try:
        reading = read_rule(found.value)
        if reading is None:
            return []
        rule = reading.rule
        until = None
        if rule.until is not None:
            until = rule.until.moment or datetime.combine(rule.until.day, datetime.max.time())
            until = until + old if rule.until.in_utc else until
        first = max(start, datetime(_FIRST_YEAR, 1, 1))  # noqa: DTZ001  # local, without a zone
        last = datetime(_LAST_YEAR, 1, 1)  # noqa: DTZ001  # local, without a zone
        return list(
            rule.starts(
                start,
                first=first,
                last=last,
                until=until,
                whole_days=False,
                budget=Budget(_MOST_STEPS, each=_MOST_STEPS),
            )
        )
    except RuleError as error:
        raise ZoneFault(found.line, f"a time zone's rule cannot be followed: {error}") from None
    except (TooMuch, OverflowError):
        raise ZoneFault(found.line, "a time zone's rule has too many changes") from None


def _offset(found: Property) -> timedelta:
    given = _OFFSET.match(found.value.strip())
    if given:
        size = timedelta(hours=int(given[2]), minutes=int(given[3]), seconds=int(given[4] or 0))
        if size < timedelta(days=1):
            return -size if given[1] == "-" else size
    raise ZoneFault(found.line, f"{found.name}:{found.value.strip()[:20]} is no offset from UTC")


def _local(found: Property, value: str | None = None) -> datetime:
    text = (found.value if value is None else value).strip().rstrip("Zz")
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007  # local, without a zone
    except ValueError:
        message = f"a time zone's {found.name}:{text[:20]} is no local time"
        raise ZoneFault(found.line, message) from None


Tell = Callable[..., None]
"""Reports a problem: message, line, the event's UID (`field`), severity."""


class ZoneScope:
    """The zones of one VCALENDAR: its own definitions are not visible outside it.

    Attributes:
        floating: the zone of times without one: X-WR-TIMEZONE's, else the user's.
    """

    def __init__(self, calendar: Calendar, *, home: ZoneInfo, tell: Tell) -> None:
        self._tell = tell
        self._home = home
        self._blocks = {_zone_key(zone_name(block)): block for block in reversed(calendar.zones)}
        self._blocks |= {zone_name(block): block for block in reversed(calendar.zones)}
        self._known: dict[str, Zone] = {}
        self.floating: Zone = KnownZone(home)
        if calendar.zone_name:
            self.floating = self.zone_of(calendar.zone_name, None)

    def zone_of(self, name: str, line: int | None) -> Zone:
        """The zone of a name: IANA, own VTIMEZONE, Windows and display names, the user's."""
        if name not in self._known:
            self._known[name] = self._find(name, line)
        return self._known[name]

    def own_zones(self) -> Iterable[Zone]:
        """The zones that the calendar's VTIMEZONEs define."""
        for block in dict.fromkeys(self._blocks.values()):
            zone, _ = own_zone(block.lines)
            if zone is not None:
                yield zone

    def _find(self, name: str, line: int | None) -> Zone:
        """The zone that a TZID means here.

        A name refers to the calendar's own VTIMEZONE unless it begins with a slash (RFC 5545,
        3.2.19, 3.6.5). Names like `Europe/Berlin` are the exception: calendars define IANA's zone
        under them, often reduced to a single year.
        """
        if "/" in name and (known := iana(name)) and known.key == name:
            return KnownZone(known)
        if name.startswith("/") and (found := _meaning(name)) and found.sure:
            return _zone_of(found)
        if (block := self._blocks.get(name) or self._blocks.get(_zone_key(name))) is not None:
            zone, faults = own_zone(block.lines)
            for fault in faults:
                self._tell(str(fault), fault.line)
            if zone is not None:
                return zone
        return self._named(name, line)

    def _named(self, name: str, line: int | None) -> Zone:
        meaning = _meaning(name, self._home)
        if meaning is None:
            message = Phrase(
                "the time zone '{name}' is not known; its times are taken to be yours",
                name=name[:60],
            )
            self._tell(message, line)
            return self.floating
        if not meaning.sure:
            message = Phrase(
                "the time zone '{name}' is taken to be {shown}", name=name[:60], shown=meaning.shown
            )
            self._tell(message, line, severity="warning")
        return _zone_of(meaning)


def _zone_key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _meaning(name: str, home: ZoneInfo | None = None) -> "Meaning | None":
    from briefgen.meetings.zone_names import meaning_of  # noqa: PLC0415  # most names need none of it

    return meaning_of(name, home)


def _zone_of(meaning: "Meaning") -> Zone:
    zone = meaning.zone
    return KnownZone(timezone(zone) if isinstance(zone, timedelta) else zone)
