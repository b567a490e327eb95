"""Which events of a feed are versions of one another, and which of them count (3.8.7.4)."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime

from briefgen.meetings.details import party_address
from briefgen.meetings.event import Event

_NOBODY = frozenset({"unknownorganizer@calendar.google.com"})
"""What Google writes where it does not know the organizer."""


def by_uid(events: Iterable[Event]) -> Iterable[list[Event]]:
    """Events by UID, in the order of the feed; without a UID each is alone."""
    return _grouped(events, lambda event: event.uid or event.order)


def newest(versions: Sequence[Event]) -> list[Event]:
    """Of versions of one event the newest; of different events under one UID all.

    They are different where their organizer, or, at the same SEQUENCE, time or title differs.
    """
    kept: list[Event] = []
    for same in _grouped(versions, lambda event: event.organizer):
        highest = max(event.sequence for event in same)
        latest: dict[tuple[datetime, bool, str], Event] = {}
        for event in sorted(same, key=lambda e: (e.modified, e.stamp, e.order)):
            if event.sequence == highest:
                latest[event.start.utc, event.whole_days, event.title] = event
        kept += latest.values()
    return sorted(kept, key=lambda event: event.order)


def by_instance(overrides: Iterable[Event], master: Event | None) -> Iterable[list[Event]]:
    """Overrides by the instance that they replace."""

    def named(event: Event) -> Hashable:
        moment = event.replaces
        if moment.is_date or (master is not None and master.whole_days):
            return moment.day, event.this_and_future
        return moment.utc, event.this_and_future

    return _grouped(overrides, named)


def shared_out(
    masters: Sequence[Event], overrides: Sequence[Event]
) -> Iterable[tuple[Event | None, list[Event]]]:
    """Each series with its overrides; those without any series stand alone.

    An event of another organizer overrides nothing: whoever knows a UID could otherwise move a
    meeting, or the rest of a series, out of sight.
    """
    shared: dict[int, list[Event]] = {event.order: [] for event in masters}
    alone: list[Event] = []
    for event in overrides:
        own = [master for master in masters if _may_override(event, master)]
        (shared[_owner(own, event).order] if own else alone).append(event)
    of_masters = [(master, shared[master.order]) for master in masters]
    return [*of_masters, (None, alone)] if alone else of_masters


def _may_override(override: Event, master: Event) -> bool:
    """Whether both are of one organizer, as far as both say whose they are."""
    whose = {_organizer_address(event) for event in (override, master)} - {None}
    return len(whose) < 2  # noqa: PLR2004  # two of them differ


def _organizer_address(event: Event) -> str | None:
    found = event.when.one("ORGANIZER")
    address = party_address(found) if found else None
    return None if address in _NOBODY else address


def _owner(masters: Sequence[Event], override: Event) -> Event:
    """The series an override belongs to: the one that recurs at its time of day, else the first."""
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
