"""Past meetings, for the history: when something stood in the calendar with whom.

Who is named in which event of a feed is worked out once for each content and kept, so that the
history of a few people never brings the whole feed back.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from briefgen.meetings.content import normalised
from briefgen.meetings.copies import digest
from briefgen.meetings.feed_reader import FeedReader
from briefgen.meetings.fetching import FeedCopy
from briefgen.meetings.meeting import Meeting, Participation, Window
from briefgen.meetings.reading import FeedReading, read_feed
from briefgen.meetings.sieve import Place, Walk, can_be_sieved
from briefgen.meetings.structure import Structure
from briefgen.writing import write_whole

_VERSION: Final = b"briefgen mentions 1"
_SMALL: Final = 200_000
"""Bytes up to which a feed is simply read."""
_MOST_KEPT: Final = 8
"""Indexes kept of former contents."""
_ADDRESS = re.compile(rb"[^\s:;,\"<>=/?]+@[^\s:;,\"<>=/?]+")
_ODD_ADDRESS = re.compile(rb"[^\x21-\x7e]|[%'(\\\"<>?]|xn--")
_ANY: Final = b"*"
"""Stands for addresses that are only understood when they are read closely."""


@dataclass(frozen=True, kw_only=True)
class PastMeeting:
    """Something that stood in the calendar.

    Attributes:
        start: in the user's zone.
        addresses: the exact addresses of everyone named in it.
        participation: what each address answered.
    """

    start: datetime
    title: str = ""
    uid: str = ""
    recurrence_id: datetime | date | None = None
    addresses: frozenset[str] = frozenset()
    sequence: int = 0
    participation: Mapping[str, Participation] = field(default_factory=dict)


def past_meetings(
    copies: Sequence[FeedCopy],
    *,
    addresses: AbstractSet[str],
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    cache: Path,
) -> tuple[PastMeeting, ...]:
    """The meetings from `since` to `until` that name one of `addresses`, each once, by start.

    Args:
        copies: the feeds.
        addresses: exact and case folded.
        since: the first moment that counts.
        until: the moment behind the last.
        zone: the user's.
        cache: a folder for the indexes; it may be deleted at any time.

    Cancelled and all-day ones are left out: nobody met by them.
    """
    if not addresses or since >= until:
        return ()
    window = Window(start=since.astimezone(zone), end=until.astimezone(zone))
    found: dict[object, PastMeeting] = {}
    for number, copy in enumerate(copies):
        if copy.content is None:
            continue
        reading = _reading(copy, copy.content, addresses=addresses, window=window, cache=cache)
        for place, meeting in enumerate(reading.meetings):
            past = _past(meeting)
            if meeting.status == "CANCELLED" or meeting.all_day:
                continue
            if addresses.isdisjoint(past.addresses):
                continue
            key = meeting.key if meeting.uid else (number, place)
            if key not in found or found[key].sequence < past.sequence:
                found[key] = past
    return tuple(sorted(found.values(), key=lambda p: (p.start.astimezone(UTC), p.title, p.uid)))


def _past(meeting: Meeting) -> PastMeeting:
    people = [*meeting.attendees, *((meeting.organizer,) if meeting.organizer else ())]
    return PastMeeting(
        start=meeting.start,
        title=meeting.title,
        uid=meeting.uid,
        recurrence_id=meeting.recurrence_id,
        addresses=frozenset(one.address for one in people if one.address),
        sequence=meeting.sequence,
        participation={one.address: one.participation for one in reversed(people) if one.address},
    )


def _reading(
    copy: FeedCopy,
    content: bytes,
    *,
    addresses: AbstractSet[str],
    window: Window,
    cache: Path,
) -> FeedReading:
    """What a feed says of the window, at least all that names one of the addresses."""
    zone = window.zone
    if len(content) > _SMALL:
        text = content if can_be_sieved(content) else normalised(content)[1:]
        mentions = _mentions(text, copy.digest or digest(content), cache)
        if mentions is not None:
            return FeedReader(copy.name, window, zone).read(mentions.structure(addresses), content)
    return read_feed(content, feed=copy.name, window=window, zone=zone)


@dataclass(frozen=True, kw_only=True)
class _Mentions:
    """Which events of a text name whom: lines of `name<TAB>begin-end-calendar …`.

    Names are addresses, `uid:` and a UID where several events share it, and `gap` for what stands
    between the events.
    """

    text: bytes
    lines: bytes

    def places(self, name: bytes) -> list[Place]:
        """The events of a name."""
        at = self.lines.find(b"\n" + name + b"\t")
        if at < 0:
            return []
        stop = self.lines.find(b"\n", at + 1)
        listed = self.lines[at + len(name) + 2 : stop].split()
        return [Place(*map(int, one.split(b"-"))) for one in listed]

    def structure(self, addresses: Iterable[str]) -> Structure:
        """The feed with the events only that name one of the addresses, or share such a UID."""
        places = set(self.places(_ANY))
        for address in addresses:
            places.update(self.places(address.encode()))
        for uid in {_uid(self.text, place) for place in places}:
            places.update(self.places(b"uid:" + uid))
        walk = _GapWalk(self.text)
        for gap in self.places(b"gap"):
            walk.read_gap(gap)
        return walk.structure(places)


def _mentions(text: bytes, content_digest: str, cache: Path) -> _Mentions | None:
    """The index of a text: as kept, or worked out and kept; None where it must be read whole."""
    path = cache / f"{content_digest[:32]}.mentions"
    try:
        kept = path.read_bytes()
    except OSError:
        kept = b""
    if kept.startswith(_VERSION + b"\n") and kept.endswith(b"\nend\t\n"):
        return _Mentions(text=text, lines=kept)
    walk = _MentionWalk(text)
    if not walk.walk():
        return None
    lines = walk.lines()
    try:
        write_whole(path, lines)
        _forget_old(cache, path)
    except OSError:
        pass  # the index only saves time
    return _Mentions(text=text, lines=lines)


def _forget_old(cache: Path, newest: Path) -> None:
    others = sorted(
        (path for path in cache.glob("*.mentions") if path != newest),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in others[_MOST_KEPT - 1 :]:
        path.unlink(missing_ok=True)


def _uid(text: bytes, place: Place) -> bytes:
    at = text.find(b"\nUID:", place.begin, place.end)
    return _uid_at(text, at) if at >= 0 else b""


def _uid_at(text: bytes, at: int) -> bytes:
    stop = text.find(b"\n", at + 1)
    while text[stop + 1 : stop + 2] in {b" ", b"\t"}:
        stop = text.find(b"\n", stop + 1)
    uid = text[at + 5 : stop].replace(b"\r", b"").replace(b"\n ", b"").replace(b"\n\t", b"")
    return uid.strip().replace(b"\t", b" ")


class _GapWalk(Walk):
    """Reads what stands between events, where that is known."""

    def read_gap(self, gap: Place) -> None:
        """Read one gap."""
        self._gap(gap.begin, gap.end)


class _MentionWalk(Walk):
    """Notes who is named in which event."""

    def __init__(self, text: bytes) -> None:
        super().__init__(text)
        self._people: dict[bytes, list[bytes]] = {}
        self._uids: dict[bytes, list[bytes]] = {}
        self._gaps: list[bytes] = []

    def _gap(self, at: int, end: int) -> bool:
        self._gaps.append(b"%d-%d-0" % (at, end))
        return super()._gap(at, end)

    def visit(self, place: Place, inner: int, marks: list[int]) -> None:  # noqa: ARG002  # as `Walk`
        """Note the addresses of one event."""
        written = b"%d-%d-%d" % place
        uid = _uid(self.text, place)
        self._uids.setdefault(uid, []).append(written)
        raw = self.text[place.begin : place.end].lower()
        lines = raw.replace(b"\r\n ", b"").replace(b"\n ", b"")
        named: set[bytes] = set()
        if b"\n\t" in lines or not uid:
            lines = lines.replace(b"\r\n\t", b"").replace(b"\n\t", b"")
            named.add(_ANY)
        for begin in (b"\nattendee", b"\norganizer"):
            for rest in lines.split(begin)[1:]:
                named.update(_addresses_on(rest.partition(b"\n")[0]))
        for address in named:
            self._people.setdefault(address, []).append(written)

    def lines(self) -> bytes:
        """The index as it is kept."""
        shared = {b"uid:" + uid: p for uid, p in self._uids.items() if len(p) > 1}
        named = {**self._people, **shared, b"gap": self._gaps}
        written = (name + b"\t" + b" ".join(places) for name, places in named.items())
        return b"\n".join([_VERSION, *written, b"end\t", b""])


def _addresses_on(line: bytes) -> Iterable[bytes]:
    """Every address that stands on a line of a party; `*` where it takes a closer look."""
    at = line.rfind(b":mailto:")
    plain = at >= 0 and b"@" not in line[:at]
    found = [line[at + 8 :].strip()] if plain else _ADDRESS.findall(line)
    if not found or _ODD_ADDRESS.search(b"".join(found)):
        return (_ANY,)
    return found
