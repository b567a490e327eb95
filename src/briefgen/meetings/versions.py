"""Which events of a feed are versions of one another, and which of them count (3.8.7.4).

A server's own export of one calendar is trusted: a series may be handed over, an organizer may
have a new address, an assistant may cancel. A message (METHOD:REQUEST and the like) or another
calendar may be by a stranger who knows nothing but the UID.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from briefgen.meetings.details import party_address, party_name
from briefgen.meetings.event import Event
from briefgen.workspace.addresses import is_freemail

_NOBODY = frozenset({"unknownorganizer@calendar.google.com"})
"""What Google writes if it does not know the organizer."""
_EXPORTS: Final = frozenset({"", "PUBLISH"})
"""METHOD of a calendar that a server exports as a whole."""
_MOST_ORGANIZERS: Final = 20
"""Organizers of one UID that are compared with each other; no honest feed has as many."""
_MOST_SERIES: Final = 50
_REVISED_AFTER: Final = timedelta(minutes=10)
"""DTSTAMPs closer together are from one export, and do not tell versions apart."""
_SHORTEST_NAME: Final = 3


def by_uid(events: Iterable[Event]) -> Iterable[list[Event]]:
    """Events by UID, in the order of the feed; without a UID each is alone."""
    return _grouped(events, lambda event: event.uid or event.order)


def newest(versions: Sequence[Event]) -> list[Event]:
    """The newest version of one event, or all of several different events under one UID.

    Events are different if their organizers are strangers, or if title or time differ at the same
    SEQUENCE; if only the time does, the later DTSTAMP is newer (RFC 5546, 2.1.5).
    """
    if len(versions) == 1:
        return list(versions)
    kept: list[Event] = []
    for same in _of_one_hand(versions):
        highest = max(event.sequence for event in same)
        latest: dict[tuple[datetime, bool, str], Event] = {}
        for event in sorted(same, key=lambda e: (e.modified, e.stamp, e.order)):
            if event.sequence == highest:
                latest[event.start.utc, event.whole_days, event.title] = event
        kept += _without_revised(list(latest.values()))
    return sorted(kept, key=lambda event: event.order)


def newest_instance(versions: Sequence[Event]) -> list[Event]:
    """The newest override of one instance: by SEQUENCE, then by DTSTAMP (RFC 5546, 2.1.5)."""
    if len(versions) == 1:
        return list(versions)
    kept: list[Event] = []
    for same in _of_one_hand(versions):
        highest = max((event.sequence, event.stamp, event.modified) for event in same)
        equal = (e for e in same if (e.sequence, e.stamp, e.modified) == highest)
        kept += {(e.start.utc, e.whole_days, e.title): e for e in equal}.values()
    return sorted(kept, key=lambda event: event.order)


def _without_revised(events: list[Event]) -> list[Event]:
    """The events, except those that one with the same title and a later stamp moved."""
    latest: dict[str, Event] = {}
    for event in events:
        if event.title not in latest or event.stamp > latest[event.title].stamp:
            latest[event.title] = event
    return [event for event in events if not _is_revised(event, latest[event.title])]


def _is_revised(event: Event, latest: Event) -> bool:
    try:
        moments = [datetime.strptime(e.stamp[:15], "%Y%m%dT%H%M%S") for e in (event, latest)]  # noqa: DTZ007
    except ValueError:
        return False
    return moments[1] - moments[0] > _REVISED_AFTER


def by_instance(overrides: Iterable[Event], master: Event | None) -> Iterable[list[Event]]:
    """Overrides by the instance that they replace."""

    def named(event: Event) -> Hashable:
        moment = event.replaces
        if moment.is_date or (master is not None and master.whole_days):
            return moment.day, event.this_and_future
        return moment.utc, event.this_and_future

    return _grouped(overrides, named)


def in_zone_of_series(override: Event, masters: Sequence[Event]) -> Event:
    """An override, with its series' zone, else its own start's, if RECURRENCE-ID has none."""
    named = override.replaces
    if not named.floating:
        return override
    series = next((one for one in masters if one.recurring), None) or next(iter(masters), override)
    if series.start.is_date or series.start.floating:
        series = override
    if series.start.is_date:
        return override
    return override.replace(recurrence_id=named.in_zone_of(series.start))


def shared_out(
    masters: Sequence[Event], overrides: Sequence[Event]
) -> Iterable[tuple[Event | None, list[Event]]]:
    """Each series with its overrides, and the overrides without a series.

    A stranger's event overrides nothing; otherwise anyone who knows a UID could hide a meeting, or
    the rest of a series.
    """
    known = masters[:_MOST_SERIES]
    shared: dict[int, list[Event]] = {event.order: [] for event in masters}
    alone: list[Event] = []
    for event in overrides:
        own = [master for master in known if _may_override(event, master)]
        (shared[_owner(own, event).order] if own else alone).append(event)
    of_masters = [(master, shared[master.order]) for master in masters]
    return [*of_masters, (None, alone)] if alone else of_masters


def _may_override(override: Event, master: Event) -> bool:
    whose = _organizer_of(override), _organizer_of(master)
    if None in whose or whose[0] == whose[1]:
        return True
    return _of_one_export(override, master) and _are_related(override, master)


def _of_one_hand(versions: Sequence[Event]) -> Iterable[list[Event]]:
    """Versions grouped by author, as far as it can be told."""
    groups = list(_grouped(versions, _identity))
    if not 1 < len(groups) <= _MOST_ORGANIZERS:
        return groups
    joined: list[list[Event]] = []
    for group in groups:
        first = group[0]
        other = next(
            (known for known in joined if _are_of_one_hand(known[-1], first)),
            None,
        )
        if other is None:
            joined.append(list(group))
        else:
            other += group
    return joined


def _identity(event: Event) -> Hashable:
    return _organizer_of(event), event.block.calendar, event.method in _EXPORTS


def _are_of_one_hand(one: Event, other: Event) -> bool:
    whose = _organizer_of(one), _organizer_of(other)
    if whose[0] == whose[1]:
        return True
    if not _of_one_export(one, other):
        return False
    return one.title == other.title if None in whose else _are_related(one, other)


def _of_one_export(one: Event, other: Event) -> bool:
    """Whether both are in one server's own export, which is trusted."""
    return one.block.calendar == other.block.calendar and {one.method, other.method} <= _EXPORTS


@dataclass(frozen=True, slots=True)
class _Organizer:
    """An event's organizer; the name distinguishes only organizers without an address."""

    name: str
    local: str
    domain: str
    called: str = field(compare=False)


def _organizer_of(event: Event) -> _Organizer | None:
    """An event's organizer, if it names one."""
    found = event.when.one("ORGANIZER")
    if found is None:
        return None
    address = party_address(found) or ""
    if address in _NOBODY:
        return None
    name = party_name(found).casefold()
    if not address and not name:
        return None
    local, _, domain = address.rpartition("@")
    return _Organizer("" if address else name, local, domain, name)


def _are_related(one: Event, other: Event) -> bool:
    """Whether two organizers may be one person, or colleagues.

    They share a name, a mail domain (`jane@corp.example`, `jane.doe@corp.onmicrosoft.example`) or
    words before the @; or only the address has changed, with the same title on the same day. A
    stranger never moves a whole series.
    """
    first, second = _organizer_of(one), _organizer_of(other)
    if first is None or second is None:
        return True
    house = first.domain.split(".")[0]
    if house and house == second.domain.split(".")[0] and not is_freemail(first.domain):
        return True
    if first.called and first.called == second.called:
        return True
    if _words(first.local) & _words(second.local):
        return True
    sweeps = one.this_and_future or other.this_and_future
    if sweeps or "CANCELLED" in {one.status, other.status} or one.title != other.title:
        return False
    was = one.recurrence_id or other.recurrence_id or other.start
    return was.day == (other if one.recurrence_id is None else one).start.day


def _words(local: str) -> set[str]:
    return {word for word in re.split(r"[^a-z]+", local) if len(word) >= _SHORTEST_NAME}


def _owner(masters: Sequence[Event], override: Event) -> Event:
    """The series of an override: the one that recurs at its time of day, else the first."""
    moment = override.replaces
    series = [event for event in masters if event.recurring] or list(masters)
    for event in series:
        if event.whole_days == moment.is_date and (
            moment.is_date or event.start.zone.local(moment.utc).time() == event.start.local.time()
        ):
            return event
    return series[0]


def _grouped(events: Iterable[Event], key: Callable[[Event], Hashable]) -> Iterable[list[Event]]:
    groups: dict[Hashable, list[Event]] = {}
    for event in events:
        groups.setdefault(key(event), []).append(event)
    return groups.values()
