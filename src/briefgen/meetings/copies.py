"""The last good copy of each feed, in `.briefgen/feeds/`, and which bytes may replace it."""

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from briefgen.meetings.content import normalised
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|\?xml|!--)", re.IGNORECASE)
_EDGES = re.compile(rb"\n[ \t]*(BEGIN|END)[ \t]*:[ \t]*(VCALENDAR|VEVENT)\b", re.IGNORECASE)

_NAMED_BY: Final = 16
"""Digits of a copy's digest in its file name."""


class Copy(Value, frozen=True, kw_only=True):
    """What is known of a feed's last good copy.

    Attributes:
        digest: SHA-256 of its bytes.
        source: SHA-256 of where it came from; another source is another feed.
        events: how many events it holds.
        good_at: when it was last known to be what the feed says.
        whole_at: when it was last fetched in full.
        empty_since: when the feed was first seen empty though this copy is not.
        etag, last_modified: what the server said of this version.
    """

    digest: str
    source: str
    events: int
    good_at: datetime
    whole_at: datetime
    empty_since: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None


class Shelf:
    """Where the copies of one feed are stored."""

    def __init__(self, workspace: Workspace, name: str, source: str | None) -> None:
        slug = re.sub(r"[^a-z0-9]+", "-", name.casefold())[:40].strip("-")
        stem = f"{slug or 'feed'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        self._about = workspace.memory / "feeds" / f"{stem}.json"
        self.source = hashlib.sha256(source.encode()).hexdigest() if source else None

    def about(self) -> Copy | None:
        """What is known of the copy; None if there is none, or it is from another source."""
        try:
            copy = msgspec.json.decode(self._about.read_bytes(), type=Copy)
        except (OSError, ValueError):
            return None
        return copy if self.source in {None, copy.source} else None

    def content(self, copy: Copy) -> bytes | None:
        """The copy's bytes; None if they are not the ones that were stored."""
        try:
            content = self._place(copy).read_bytes()
        except OSError:
            return None
        return content if digest(content) == copy.digest else None

    def put(self, copy: Copy, content: bytes | None) -> None:
        """Replace the copy; without bytes, only what is known about it.

        The bytes are written first, under a new name, so that a kill leaves either the old copy or
        the new one.

        Raises:
            OSError: if it cannot be written.
        """
        place = self._place(copy)
        if content is not None and not _holds(place, content):
            write_whole(place, content)
        write_whole(self._about, msgspec.json.encode(copy))
        others = self._about.parent.glob(f"{self._about.stem}-{'?' * _NAMED_BY}.ics")
        for other in others:
            if content is not None and other != place:
                other.unlink(missing_ok=True)

    def _place(self, copy: Copy) -> Path:
        return self._about.with_name(f"{self._about.stem}-{copy.digest[:_NAMED_BY]}.ics")

    @property
    def index_folder(self) -> Path:
        """Where results derived from the copy may be stored."""
        return self._about.parent


def _holds(path: Path, content: bytes) -> bool:
    """Whether a file named by its digest is complete, by its size; reading 13 MB takes 20 ms."""
    try:
        return path.stat().st_size == len(content)
    except OSError:
        return False


def digest(content: bytes) -> str:
    """SHA-256 of a feed's bytes."""
    return hashlib.sha256(content).hexdigest()


class Soundness(Value, frozen=True, kw_only=True):
    """Whether a fetched feed is usable.

    Attributes:
        events: how many events it holds.
        fault: why it must not replace a good copy; empty if nothing is wrong.
        readable: whether it contains a calendar at all, so that it can be used if there is no
            good copy.
    """

    events: int = 0
    fault: str = ""
    readable: bool = True


def soundness(content: bytes) -> Soundness:
    """Whether fetched bytes are usable."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return Soundness(fault=Phrase("nothing came, not even an empty calendar"), readable=False)
    if _PAGE.match(content[:1000].removeprefix(b"\xef\xbb\xbf")):
        fault = Phrase(
            "a web page came instead of a calendar; the address may have expired, or needs a login"
        )
        return Soundness(fault=fault, readable=False)
    begun, ended, events, last = _edges(content)
    if not begun:
        fault = Phrase("this is not a calendar (iCalendar, .ics)")
        return Soundness(fault=fault, readable=False)
    if events != ended or last != b"ENDVCALENDAR":
        return Soundness(events=events, fault=Phrase("it is cut off before its end"))
    return Soundness(events=events)


def _edges(content: bytes) -> tuple[bool, int, int, bytes]:
    """Whether a calendar begins, how many events end and begin, and the last of these lines."""
    begun, ended = content.count(b"BEGIN:VEVENT"), content.count(b"END:VEVENT")
    closing = content.rfind(b"END:VCALENDAR")
    plain = content.find(b"BEGIN:VCALENDAR") >= 0 and closing >= 0
    if plain and begun == ended and closing > content.rfind(b"BEGIN:"):
        return True, ended, begun, b"ENDVCALENDAR"
    edges = [(m[1].upper(), m[2].upper()) for m in _EDGES.finditer(b"\n" + normalised(content))]
    last = b"".join(edges[-1]) if edges else b""
    return (
        (b"BEGIN", b"VCALENDAR") in edges,
        edges.count((b"END", b"VEVENT")),
        edges.count((b"BEGIN", b"VEVENT")),
        last,
    )
