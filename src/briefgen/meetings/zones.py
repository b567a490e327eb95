"""What a TZID means: IANA names, a calendar's own VTIMEZONE, Windows and display names, offsets."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from briefgen.meetings.content import Line, Property, property_of
from briefgen.meetings.recurrence import Budget, RuleError, TooMuch, read_rule
from briefgen.meetings.structure import Block

LONGEST_NAME: Final = 255
_OFFSET_NAME = re.compile(
    r"\(?(?:UTC|GMT)?\s*([+\-\u2212\u2013])\s*(\d{1,2})(?:[:.]?(\d\d))?\)?\Z", re.IGNORECASE
)
_DISPLAY = re.compile(
    r"\((?:UTC|GMT)\s*(?:([+\-\u2212\u2013])\s*(\d{1,2})[:.](\d\d))?\)\s*(.*)\Z", re.IGNORECASE
)
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?\Z")
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_UTC_NAMES: Final = frozenset(
    {"z", "utc", "gmt", "zulu", "tzone://microsoft/utc", "coordinated universal time"}
)


class Zone(Protocol):
    """A zone in which local times mean instants; both are naive, instants in UTC."""

    def utc(self, local: datetime) -> datetime:
        """The instant of a local time; in a gap by the offset before it, in a fold the first."""
        ...

    def local(self, utc: datetime) -> datetime:
        """The local time at an instant."""
        ...


class IanaZone:
    """A zone of the IANA database."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def utc(self, local: datetime) -> datetime:
        """See `Zone`; `fold=0` is just what RFC 5545, 3.3.5 asks for, in gaps and folds."""
        offset = local.replace(tzinfo=self._zone, fold=0).utcoffset()
        return local - (offset or timedelta())

    def local(self, utc: datetime) -> datetime:
        """See `Zone`."""
        return utc.replace(tzinfo=UTC).astimezone(self._zone).replace(tzinfo=None, fold=0)


class FixedZone:
    """A zone that is always at one offset."""

    def __init__(self, offset: timedelta) -> None:
        self._offset = offset

    def utc(self, local: datetime) -> datetime:
        """See `Zone`."""
        return local - self._offset

    def local(self, utc: datetime) -> datetime:
        """See `Zone`."""
        return utc + self._offset


UTC_ZONE: Final = FixedZone(timedelta())


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


@cache
def _iana_names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@cache
def iana(name: str) -> IanaZone | None:
    """The IANA zone of this name, upper and lower case the same; None where there is none."""
    if not name or len(name) > LONGEST_NAME or not name.isascii():
        return None
    try:
        return IanaZone(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        found = _iana_names().get(name.casefold().replace(" ", "_"))
        return IanaZone(ZoneInfo(found)) if found else None


def _signed(sign: str, hours: str, minutes: str | None) -> timedelta:
    size = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return size if sign == "+" else -size


@cache
def _windows() -> dict[str, str]:
    from babel.core import get_global  # noqa: PLC0415  # CLDR's table, read only where it is needed

    found = get_global("windows_zone_mapping")
    return {str(name).casefold(): str(zone) for name, zone in found.items()}


@cache
def named_zone(name: str) -> Zone | None:
    """The zone that a name alone tells: IANA, Windows, display name, path, or offset."""
    plain = " ".join(name.split()).strip("\"'")
    if plain.casefold() in _UTC_NAMES:
        return UTC_ZONE
    if found := iana(plain) or iana(_windows().get(plain.casefold(), "")):
        return found
    return _display_zone(plain) or _path_zone(plain) or _offset_zone(plain)


def _path_zone(name: str) -> Zone | None:
    """`/mozilla.org/20050126_1/Europe/Berlin` and its like: the longest ending that is IANA."""
    rest = name.strip("/")
    while "/" in rest:
        rest = rest.partition("/")[2]
        if found := iana(rest) if "/" in rest or rest.casefold() in _UTC_NAMES else None:
            return found
    return None


def _offset_zone(name: str) -> Zone | None:
    if not (found := _OFFSET_NAME.match(name)):
        return None
    offset = _signed(found[1], found[2], found[3])
    return FixedZone(offset) if abs(offset) <= timedelta(hours=18) else None


def _display_zone(name: str) -> Zone | None:
    from briefgen.meetings.display_names import zone_of_display_name  # noqa: PLC0415  # rarely met

    shown = _DISPLAY.match(name)
    cities = shown[4] if shown else name
    sign = ""
    if shown and shown[1]:
        sign = f"{'+' if shown[1] == '+' else '-'}{int(shown[2]):02d}:{shown[3]}"
    if found := iana(zone_of_display_name(cities, sign)):
        return found
    if shown is None:
        return None
    if found := iana(_windows().get(cities.casefold(), "")) or iana(cities):
        return found
    return FixedZone(_signed(shown[1], shown[2], shown[3])) if shown[1] else None


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


def own_zone(block: Block) -> tuple[Zone | None, tuple[ZoneFault, ...]]:
    """The zone a VTIMEZONE defines, or None; and what in it cannot be read."""
    return _own_zone(block.lines)


@lru_cache(maxsize=64)
def _own_zone(lines: tuple[Line, ...]) -> tuple[Zone | None, tuple[ZoneFault, ...]]:
    """As `own_zone`; kept by the whole definition, never by its name."""
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
        return located, tuple(faults)
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
        ZoneFault: where it cannot be read.
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
        rule = read_rule(found.value)
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
                budget=Budget(20_000, each=20_000),
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
            return size if given[1] == "+" else -size
    raise ZoneFault(found.line, f"{found.name}:{found.value.strip()[:20]} is no offset from UTC")


def _local(found: Property, value: str | None = None) -> datetime:
    text = (found.value if value is None else value).strip().rstrip("Zz")
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007  # local, without a zone
    except ValueError:
        message = f"a time zone's {found.name}:{text[:20]} is no local time"
        raise ZoneFault(found.line, message) from None
