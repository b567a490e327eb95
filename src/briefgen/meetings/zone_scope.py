"""What zone names mean in one calendar of a feed."""

from collections.abc import Callable

from briefgen.meetings.structure import Calendar
from briefgen.meetings.zones import Zone, iana, named_zone, own_zone, zone_name

Tell = Callable[[str, int | None], None]
"""Takes what is wrong, and its line."""


class ZoneScope:
    """The zones of one VCALENDAR: no definition of its own is seen from outside of it.

    Attributes:
        floating: the zone of times without one: X-WR-TIMEZONE's, else the user's.
    """

    def __init__(self, calendar: Calendar, *, home: Zone, tell: Tell) -> None:
        self._tell = tell
        self._blocks = {zone_name(block): block for block in reversed(calendar.zones)}
        self._known: dict[str, Zone] = {}
        self.floating = home
        if calendar.zone_name:
            self.floating = self.zone_of(calendar.zone_name, None)

    def zone_of(self, name: str, line: int | None) -> Zone:
        """The zone of a name: IANA, own VTIMEZONE, Windows and display names, the user's."""
        if name not in self._known:
            self._known[name] = self._find(name, line)
        return self._known[name]

    def _find(self, name: str, line: int | None) -> Zone:
        if found := iana(name):
            return found
        if name in self._blocks:
            zone, faults = own_zone(self._blocks[name])
            for fault in faults:
                self._tell(str(fault), fault.line)
            if zone is not None:
                return zone
        if named := named_zone(name):
            return named
        message = f"the time zone '{name[:60]}' is not known; its times are taken to be yours"
        self._tell(message, line)
        return self.floating
