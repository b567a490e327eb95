"""Who is named in which event of a feed: worked out once for each content, and kept."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from briefgen.meetings.content import joined
from briefgen.meetings.sieve import Place, Walk
from briefgen.meetings.structure import Structure
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.value import Value

_FIRST_LINE: Final = b"briefgen mentions 4\n"
_LAST_LINE: Final = b"\nend\t\n"
_MOST_KEPT: Final = 8
"""Indexes kept of former contents."""
_FOLDED: Final = rb"[^\n]*+(?:\n[ \t][^\n]*+)*+"
_NAMING = re.compile(
    rb"\n(?:((?i:BEGIN|END):[^\r\n]*)|(?i:UID)[^\n:]*:(" + _FOLDED + rb")|"
    rb"(?i:ATTENDEE|ORGANIZER)(" + _FOLDED + rb")|([A-Za-z-]++\r?\n[ \t]))"
)
"""The lines that say which event it is and who is in it, folds and all; and a folded name."""
_PLAIN = re.compile(rb"[^\n@]*(?i::mailto:)([\w.+-]+@[\w.-]*[\w-])\Z")
_ADDRESS = re.compile(rb"[^\s:;,\"<>=/?]+@[^\s:;,\"<>=/?]+")
_ODD_ADDRESS = re.compile(rb"[^\x21-\x7e]|[%'(\\\"<>?#]|xn--|imcea", re.IGNORECASE)
_ANY: Final = b"*"
"""Stands for addresses that are only understood when they are read closely."""
_GAPS: Final = b"gaps"


class Mentions(Value, frozen=True, kw_only=True):
    """Which events of a text name whom.

    Attributes:
        text: the feed's bytes, fit for the sieve.
        lines: lines of `name<TAB>place …`. Names are addresses, `*` for those hard to read, `gaps`
            for what stands between the events, and `@1`, `@2`, … for all events of one UID; a
            place is `begin-end-calendar`, or one of the latter.
    """

    text: bytes
    lines: bytes

    def structure(self, addresses: Iterable[str]) -> Structure:
        """The feed with the events only that name one of the addresses, or share such a UID."""
        places = set(self._places(_ANY))
        for address in addresses:
            places.update(self._places(address.encode()))
        walk = Walk(self.text)
        for gap in self._places(_GAPS):
            walk.read_gap(gap.begin, gap.end)
        return walk.structure(places)

    def _places(self, name: bytes) -> Iterator[Place]:
        at = self.lines.find(b"\n" + name + b"\t")
        if at < 0:
            return
        stop = self.lines.find(b"\n", at + 1)
        for one in self.lines[at + len(name) + 2 : stop].split():
            if one.startswith(b"@"):
                yield from self._places(one)
            else:
                yield Place(*map(int, one.split(b"-")))


def mentions_in(text: bytes, *, digest: str, cache: Path) -> Mentions | None:
    """The index of a text, as kept or else made and kept; None where it must be read whole.

    Args:
        text: the feed's bytes, fit for the sieve.
        digest: SHA-256 of the feed.
        cache: a folder for the indexes; it may be deleted at any time.
    """
    path = cache / f"{digest[:32]}.mentions"
    with suppress(OSError):
        kept = path.read_bytes()
        if kept.startswith(_FIRST_LINE) and kept.endswith(_LAST_LINE):
            return Mentions(text=text, lines=kept)
    lines = _lines(text)
    if lines is None:
        return None
    with suppress(OSError):  # the index only saves time
        write_whole(path, lines)
        _forget_old(cache, path)
    return Mentions(text=text, lines=lines)


def _forget_old(cache: Path, newest: Path) -> None:
    others = sorted(
        (path for path in cache.glob("*.mentions") if path != newest),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in others[_MOST_KEPT - 1 :]:
        path.unlink(missing_ok=True)


class _Places(Walk):
    """Notes where the events stand, and what is between them."""

    def __init__(self, text: bytes) -> None:
        super().__init__(text)
        self.events: list[bytes] = []
        self.gaps: list[bytes] = []

    def visit(self, place: Place, inner: int) -> None:  # noqa: ARG002  # as `Walk`
        """Note an event."""
        self.events.append(b"%d-%d-%d" % place)

    def read_gap(self, at: int, end: int) -> bool:
        """Note a gap."""
        self.gaps.append(b"%d-%d-0" % (at, end))
        return super().read_gap(at, end)


def _lines(text: bytes) -> bytes | None:
    """The index as it is kept; None where the structure is not to be trusted."""
    places = _Places(text)
    if not places.walk():
        return None
    named, uids = _named(text)
    if len(named) != len(places.events):
        return None
    shared = (numbers for numbers in uids.values() if len(numbers) > 1)
    groups = {b"@%d" % group: numbers for group, numbers in enumerate(shared)}
    written = list(places.events)
    for name, numbers in groups.items():
        for number in numbers:
            written[number] = name
    people: dict[bytes, list[bytes]] = {}
    for place, names in zip(written, named, strict=True):
        for name in names:
            people.setdefault(name, []).append(place)
    whole = {name: [places.events[number] for number in groups[name]] for name in groups}
    entries = {**people, **whole, _GAPS: places.gaps}
    # Each once: a thousand copies of an event are one group, not a thousand times all of them.
    body = b"\n".join(name + b"\t" + b" ".join(dict.fromkeys(at)) for name, at in entries.items())
    return _FIRST_LINE + body + _LAST_LINE


def _named(text: bytes) -> tuple[list[set[bytes]], dict[bytes, list[int]]]:
    """The names of each event in turn, and the numbers of the events of each UID.

    Folds are joined in the lines alone that name somebody, each once however often it stands
    there, which halves the time; where a name is folded, or blank lines stand inside folds, in all.
    """
    has_blank_lines = b"\n\n" in text or b"\n\r\n" in text
    named = None if has_blank_lines else _named_in(text)
    return named or _named_in(joined(text)) or ([], {})


def _named_in(text: bytes) -> tuple[list[set[bytes]], dict[bytes, list[int]]] | None:
    """As `_named`; None where the name of a property is folded."""
    named: list[set[bytes]] = [set()]  # of what stands before the first event
    uids: dict[bytes, list[int]] = {}
    known: dict[bytes, tuple[bytes, ...]] = {}
    inner = 0
    nameless = False
    for edge, uid, party, folded_name in _NAMING.findall(text):
        if party:
            names = known.get(party)
            if names is None:
                names = known[party] = _names_on(joined(party).rstrip(b"\r"))
            named[-1].update(names)
        elif edge == b"BEGIN:VEVENT":
            named.append(set())
            inner, nameless = 0, True
        elif edge:
            inner += 1 if edge[:1] in b"Bb" else -1
        elif folded_name:
            return None
        elif uid and nameless and inner == 0:  # alarms have UIDs too
            uids.setdefault(joined(uid).strip(), []).append(len(named) - 2)
            nameless = False
    return named[1:], uids


def _names_on(party: bytes) -> tuple[bytes, ...]:
    """The names on a line of a party: a plain address, or what `_addresses_on` finds."""
    if plain := _PLAIN.match(party):
        return (_ANY if _ODD_ADDRESS.search(plain[1]) else plain[1].lower(),)
    return tuple(_addresses_on(party.lower()))


def _addresses_on(party: bytes) -> Iterable[bytes]:
    """Every address that stands on a line of a party; `*` where it takes a closer look."""
    at = party.rfind(b":mailto:")
    plain = at >= 0 and b"@" not in party[:at]
    found = [party[at + 8 :].strip()] if plain else _ADDRESS.findall(party)
    if not found or _ODD_ADDRESS.search(b"".join(found)):
        return (_ANY,)
    return found
