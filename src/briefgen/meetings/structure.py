"""Splits a feed's content lines into calendars, zones and events, one block for each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from briefgen.meetings.content import Line, property_of
from briefgen.workspace.value import Value

_EDGE = re.compile(rb"\s*(BEGIN|END)\s*:\s*([A-Za-z0-9-]+)\s*\Z", re.IGNORECASE)


class Block(Value, frozen=True, kw_only=True):
    """One VEVENT or VTIMEZONE as written in the feed.

    Attributes:
        calendar: the number of its VCALENDAR in the feed, from 0.
        line: of its BEGIN.
        lines: everything between BEGIN and END, nested components too.
        whole: whether its END was there.
    """

    calendar: int
    line: int
    lines: tuple[Line, ...]
    whole: bool = True


@dataclass(slots=True)
class Calendar:
    """The properties of a VCALENDAR that apply to all its events."""

    zone_name: str = ""
    method: str = ""
    zones: list[Block] = field(default_factory=list)


class Structure(Value, frozen=True, kw_only=True):
    """A feed split into its parts."""

    calendars: tuple[Calendar, ...]
    events: tuple[Block, ...]
    faults: tuple[tuple[int, str], ...] = ()
    """Structural faults: line and message."""
    cut: bool = False
    """Whether the end of the calendar is missing."""


class Splitter:
    """Takes content lines one by one, and tracks the open components."""

    def __init__(self) -> None:
        self.calendars: list[Calendar] = []
        self.events: list[Block] = []
        self.faults: list[tuple[int, str]] = []
        self.stack: list[str] = []
        self._block: tuple[int, list[Line]] | None = None
        self._block_depth = 0

    def take(self, line: Line) -> None:
        """Take the next content line."""
        edge = _EDGE.match(line.content) if line.content[:1] in b"BbEe \t" else None
        if edge is None:
            if self._block is not None:
                self._block[1].append(line)
            elif self.stack == ["VCALENDAR"]:
                self._calendar_property(line)
            return
        kind = edge[2].decode().upper()
        if edge[1].upper() == b"BEGIN":
            self._begin(kind, line)
        else:
            self._end(kind, line)

    def _begin(self, kind: str, line: Line) -> None:
        if kind in {"VEVENT", "VCALENDAR"} and self._block is not None:
            self._close(whole=False)
        if kind == "VCALENDAR":
            if self.stack:
                self.faults.append(
                    (line.number, f"END:{self.stack[0]} is missing before this line")
                )
            self.calendars.append(Calendar())
            self.stack = [kind]
            return
        if self._block is None and kind in {"VEVENT", "VTIMEZONE"}:
            self._block = (line.number, [])
            self._block_depth = len(self.stack)
        elif self._block is not None:
            self._block[1].append(line)
        self.stack.append(kind)

    def _end(self, kind: str, line: Line) -> None:
        if kind not in self.stack:
            message = f"END:{kind} without its BEGIN; it is passed over"
            self.faults.append((line.number, message))
            return
        at = len(self.stack) - 1 - self.stack[::-1].index(kind)
        if self._block is not None:
            if at == self._block_depth:
                self._close(whole=True)
            elif at < self._block_depth:
                self._close(whole=False)
            else:
                self._block[1].append(line)
        del self.stack[at:]

    def _close(self, *, whole: bool) -> None:
        assert self._block is not None  # noqa: S101  # as every caller has seen
        number, lines = self._block
        kind = self.stack[self._block_depth]
        if not self.calendars:
            self.calendars.append(Calendar())
        calendar = len(self.calendars) - 1
        block = Block(calendar=calendar, line=number, lines=tuple(lines), whole=whole)
        if kind == "VEVENT":
            self.events.append(block)
        else:
            self.calendars[-1].zones.append(block)
        del self.stack[self._block_depth :]
        self._block = None

    def _calendar_property(self, line: Line) -> None:
        name = line.content[:20].upper()
        if name.startswith((b"X-WR-TIMEZONE", b"TIMEZONE-ID", b"METHOD")) and (
            found := property_of(line)
        ):
            calendar = self.calendars[-1]
            if found.name == "METHOD":
                calendar.method = calendar.method or found.text.strip().upper()
            elif found.name in {"X-WR-TIMEZONE", "TIMEZONE-ID"}:
                calendar.zone_name = calendar.zone_name or found.text.strip()

    def finish(self) -> Structure:
        """What was found; what is still open is closed as cut off."""
        cut = bool(self.stack)
        if self._block is not None:
            self._close(whole=False)
        return Structure(
            calendars=tuple(self.calendars),
            events=tuple(self.events),
            faults=tuple(self.faults),
            cut=cut,
        )


def split(lines: Iterable[Line]) -> Structure:
    """Split content lines into calendars, zones and events; nothing is refused."""
    splitter = Splitter()
    for line in lines:
        splitter.take(line)
    return splitter.finish()
