"""The fast path: one pass over the folded bytes that keeps only the events that can matter.

An event is kept if it, or the instance it replaces, can start in the window, if it is unusual, or
if it shares its UID with a kept one; otherwise superseded events would come back. If the structure
cannot be trusted, all of the feed is read.
"""

import re
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Final, NamedTuple

from briefgen.meetings.content import Block, Splitter, Structure, normalised, unfolded

SLACK: Final = timedelta(days=3)
"""Zones, whole days and midnight starts on both sides of the window."""
_VALUE = rb"(?:;(?:[^\":\n]|\"[^\"\n]*\")*)?:(\d{8})(?:T\d{6}Z?)?\r?\n(?![ \t\r\n])"
_START = re.compile(rb"\nDTSTART" + _VALUE)
_ORIGINAL = re.compile(rb"\nRECURRENCE-ID" + _VALUE)
_NOTABLE = re.compile(rb"\n(?:[a-z]|R|[DU](?:[a-z]|[A-Z-]*\r?\n[ \t]))")
"""Lines of rules and overrides, and names that may contain a start or UID."""
_PLAIN_R = re.compile(rb"\nR(?:RULE|DATE|ECURRENCE-ID|ESOURCES|ELATED-TO|EQUEST-STATUS)[:;]")
_SMALL_EDGE = re.compile(
    rb"^(?:begin|end):v(?:calendar|event|timezone|alarm|todo|journal|freebusy)[ \t]*(?=\r?$)",
    re.IGNORECASE | re.MULTILINE,
)
"""BEGIN and END of a component, in any case."""
_SMALL_NAME = re.compile(
    rb"(?<=\n)(?![A-Z-]+[:;])(?i:UID|DTSTAMP|DTSTART|DTEND|DURATION|SUMMARY|DESCRIPTION|LOCATION|"
    rb"ATTENDEE|ORGANIZER|SEQUENCE|STATUS|TRANSP|CLASS|CREATED|LAST-MODIFIED|RRULE|RDATE|EXDATE|"
    rb"RECURRENCE-ID|CATEGORIES|URL|PRIORITY|ACTION|TRIGGER|TZID)(?=[;:])"
)
"""Property names that some programs write in lower case throughout."""
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_UNTIL = re.compile(rb"[:;]UNTIL=(\d{8})[TZ;\d\r\n]")
_UID = re.compile(rb"\s*UID\s*(?:;[^:]*)?:(.*)", re.IGNORECASE | re.DOTALL)
_ODD_PARTY = re.compile(
    rb"\n[ \t]*(?:attendee|organizer)"
    rb"(?![^@\n]*:mailto:(?!imcea)[\w.+-]+@(?![^\s]*xn--)[\w.-]*[\w-]\n)"
)
"""A party whose real address may differ from the written one (lower case, unfolded)."""
_NEVER: Final = (b"99999999", b"00000000")
_HEAD: Final = 20_000
"""Bytes that show how a program spells names, which it does consistently."""
_BLANKS: Final = frozenset(b" \t\r\n")


class _Place(NamedTuple):
    """The position of an event in the bytes, and the calendar of the feed that it is in."""

    begin: int
    end: int
    calendar: int


def sieve(
    text: bytes, *, first: date, last: date, naming: AbstractSet[str] = frozenset()
) -> Structure | None:
    """The feed's structure with only the events that can start from `first` to `last`.

    Args:
        text: the feed's bytes, with CR only before LF, and without byte order mark and NUL.
        first: the first day of the window.
        last: the day after its last.
        naming: addresses, one of which an event must name, or share the UID of one that does;
            empty for all events.

    Returns:
        None if the structure cannot be trusted, so that all of the feed must be read.
    """
    span = _written(first, -SLACK), _written(last, SLACK)
    return _Sieve(text, span, naming=frozenset(map(str.encode, naming))).structure()


def structure_of_uids(text: bytes, uids: AbstractSet[str]) -> Structure | None:
    """The feed's structure with only the events of these UIDs, and unusual ones.

    Args:
        text: as for `sieve`.
        uids: the UIDs.

    Returns:
        None if the structure cannot be trusted, so that all of the feed must be read.
    """
    return _Sieve(text, _NEVER, uids=frozenset(map(str.encode, uids))).structure()


def sievable(content: bytes) -> bytes:
    """The text of a feed for the sieve: unchanged if that is possible, else normalised."""
    text = content if _is_plain(content) else normalised(content)
    edges = {found[0] for found in _SMALL_EDGE.finditer(text[:_HEAD])}
    if all(edge.isupper() for edge in edges):
        return text
    text = _SMALL_NAME.sub(lambda found: found[0].upper(), text)
    return _SMALL_EDGE.sub(lambda found: found[0].upper().rstrip(), text)


def _is_plain(content: bytes) -> bool:
    return (
        content[:15].upper() == b"BEGIN:VCALENDAR"
        and b"\0" not in content
        and b"\nBEGIN:" in content
        and not _LONE_RETURN.search(content)
    )


def joined(content: bytes) -> bytes:
    """The content lines of `unfolded` as one text: faster, but without line numbers."""
    content = content.replace(b"\r\n", b"\n")
    while b"\n\n" in content:
        content = content.replace(b"\n\n", b"\n")
    content = content.replace(b"\n ", b"")
    return content.replace(b"\n\t", b"") if b"\t" in content else content


def _written(day: date, by: timedelta) -> bytes:
    """A day as feeds write it, for comparison."""
    try:
        return (day + by).strftime("%Y%m%d").encode().zfill(8)
    except OverflowError:
        return b"00000000" if by < timedelta() else b"99999999"


class _Sieve:
    """One pass over a feed, from event to event, that keeps what can matter.

    Args:
        text: with CR only before LF, and without byte order mark and NUL.
        span: the first and last day that count, as feeds write them.
        naming: addresses, one of which an event in the span must name; empty for anyone.
        uids: UIDs of which every event is kept.
    """

    def __init__(
        self,
        text: bytes,
        span: tuple[bytes, bytes],
        *,
        naming: frozenset[bytes] = frozenset(),
        uids: frozenset[bytes] = frozenset(),
    ) -> None:
        self.text = text
        self.low, self.high = span
        names = b"|".join(map(re.escape, naming))
        self.naming = re.compile(b":mailto:(?:" + names + rb")\n") if naming else None
        self.splitter = Splitter()
        self.kept: list[_Place] = []
        self.kept_uids = set(uids)
        self.passed: dict[bytes, list[_Place]] = {}
        self._notable = _NOTABLE.finditer(text)
        self._mark = next(self._notable, None)
        self._counted_to = 0
        self._line = 1

    def structure(self) -> Structure | None:
        """The feed's structure with the kept events; None if it cannot be trusted."""
        if not self._walk():
            return None
        for uid in self.kept_uids & self.passed.keys():
            self.kept += self.passed[uid]
        between = self.splitter.finish()
        return Structure(
            calendars=between.calendars,
            events=(*map(self._block, sorted(self.kept)), *between.events),
            faults=between.faults,
            cut=between.cut,
        )

    def _walk(self) -> bool:
        """Walk from event to event; whether the structure can be trusted."""
        text = self.text
        line_end = b"\r\n" if b"\r\n" in text[:2000] else b"\n"
        opening, closing = b"\nBEGIN:VEVENT" + line_end, b"\nEND:VEVENT" + line_end
        at = 0
        begin = text.find(opening)
        while begin >= 0:
            if begin >= at and not self._read_gap(at, begin + 1):
                return False
            end = text.find(closing, begin)
            inner = text.find(b"\nBEGIN:", begin + 1)
            if self.splitter.stack != ["VCALENDAR"]:
                return False
            if end < 0:
                return self._read_tail(begin + 1) if text.find(opening, begin + 1) < 0 else False
            following = text.find(opening, inner) if inner >= 0 else inner
            if 0 <= following < end:
                return False
            place = _Place(begin, end, len(self.splitter.calendars) - 1)
            self._visit(place, inner if 0 <= inner < end else end)
            at = end + len(closing)
            begin = following
        return self._read_gap(at, len(text)) and self.splitter.stack in ([], ["VCALENDAR"])

    def _uid(self, begin: int, end: int) -> bytes | None:
        """The UID in a part of an event; None if it needs a closer look."""
        text = self.text
        if (at := text.find(b"\nUID:", begin, end)) < 0:
            return None
        stop = text.find(b"\n", at + 1)
        if text[stop + 1] not in _BLANKS:
            return text[at + 5 : stop].strip()
        while text[stop + 1] in b" \t":
            stop = text.find(b"\n", stop + 1)
        return joined(text[at + 5 : stop]).strip() if text[stop + 1] not in _BLANKS else None

    def _read_gap(self, at: int, end: int) -> bool:
        """Read what is between events; returns whether it is as expected."""
        if at < end:
            between = self.text[at:end].replace(b"\r\n", b"\n")
            for line in unfolded(between, self._number(at)):
                self.splitter.take(line)
        return not (self.splitter.events or self.splitter.faults)

    def _read_tail(self, at: int) -> bool:
        """Read the last event, which is cut off."""
        for line in unfolded(self.text[at:].replace(b"\r\n", b"\n"), self._number(at)):
            self.splitter.take(line)
        return True

    def _number(self, offset: int) -> int:
        """The number of the line at an offset."""
        if offset < self._counted_to:
            self._counted_to, self._line = 0, 1
        self._line += self.text.count(b"\n", self._counted_to, offset)
        self._counted_to = offset
        return self._line

    def _block(self, place: _Place) -> Block:
        number = self._number(place.begin + 1)
        inside = self.text[self.text.index(b"\n", place.begin + 1) + 1 : place.end]
        lines = tuple(unfolded(inside.replace(b"\r\n", b"\n").rstrip(b"\r"), number + 1))
        return Block(calendar=place.calendar, line=number, lines=lines)

    def _visit(self, place: _Place, inner: int) -> None:
        """Keep an event, or skip it but remember it by its UID.

        Args:
            place: where it is.
            inner: where its own first properties end: at its END, or at a nested component.
        """
        text, (begin, end, _) = self.text, place
        marks = self._marks_in(begin, end)
        uid = self._uid(begin, inner)
        start_at = text.find(b"\nDTSTART", begin, inner)
        start = _START.match(text, start_at) if start_at >= 0 else None
        if start is None or uid is None:
            self.kept.append(place)
            self.kept_uids |= self._uids_read(place)
            return
        day = start[1]
        if marks:
            matters = self._may_recur(marks, day) or inner < marks[-1]
        else:
            matters = self.low <= day <= self.high
        if matters and self._names_one(begin, end):
            self.kept.append(place)
            self.kept_uids.add(uid)
        else:
            self.passed.setdefault(uid, []).append(place)

    def _marks_in(self, begin: int, end: int) -> list[int]:
        """Offsets of an event's unusual lines; events are visited in order."""
        marks: list[int] = []
        mark = self._mark
        while mark is not None and mark.start() < end:
            if mark.start() > begin:
                marks.append(mark.start())
            mark = next(self._notable, None)
        self._mark = mark
        return marks

    def _names_one(self, begin: int, end: int) -> bool:
        """Whether an event may name one of the people asked for."""
        if self.naming is None:
            return True
        lines = joined(self.text[begin : end + 1]).lower()
        return bool(self.naming.search(lines) or _ODD_PARTY.search(lines))

    def _uids_read(self, place: _Place) -> set[bytes]:
        """The UIDs of an unusual event."""
        inside = self.text[place.begin + 1 : place.end].replace(b"\r\n", b"\n")
        found = (_UID.match(line.content) for line in unfolded(inside, 1))
        return {match[1].strip() for match in found if match}

    def _may_recur(self, marks: list[int], day: bytes) -> bool:
        """Whether an event with rules, overrides, or unusual names can matter."""
        text = self.text
        rules: list[int] = []
        original: int | None = None
        for at in marks:
            if _PLAIN_R.match(text, at) is None or text.startswith(b"DATE", at + 2):
                return True
            if text.startswith(b"RULE", at + 2):
                rules.append(at)
            elif text.startswith(b"ECUR", at + 2):
                original = at
        if rules:
            return self.low <= day <= self.high or (
                day <= self.high and not (len(rules) == 1 and self._is_over(rules[0]))
            )
        if self.low <= day <= self.high:
            return True
        if original is None:
            return False
        found = _ORIGINAL.match(text, original)
        return found is None or self.low <= found[1] <= self.high or b"RANGE" in found[0].upper()

    def _is_over(self, at: int) -> bool:
        """Whether a rule has provably ended before the window."""
        text = self.text
        stop = text.find(b"\n", at + 1)
        if text[stop + 1] in _BLANKS:
            return False
        until = _UNTIL.search(text, at, stop + 1)
        return until is not None and until[1] < self.low
