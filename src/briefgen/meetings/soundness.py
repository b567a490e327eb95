"""Whether what was fetched is a whole calendar, judged without reading its events."""

import re
from dataclasses import dataclass

from briefgen.meetings.content import normalised

_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|\?xml|!--)", re.IGNORECASE)
_EDGES = re.compile(rb"\n[ \t]*(BEGIN|END)[ \t]*:[ \t]*(VCALENDAR|VEVENT)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Soundness:
    """What a fetched feed is worth.

    Attributes:
        events: how many events it holds.
        fault: why it must not take the place of a good copy; empty where nothing is wrong.
        readable: whether there is a calendar in it at all, so that it may serve where there is
            no good copy.
    """

    events: int = 0
    fault: str = ""
    readable: bool = True


def soundness(content: bytes) -> Soundness:
    """Judge bytes as they were fetched."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return Soundness(fault="nothing came, not even an empty calendar", readable=False)
    if _PAGE.match(content[:1000].removeprefix(b"\xef\xbb\xbf")):
        fault = (
            "a web page came instead of a calendar; the address may have expired, or needs a login"
        )
        return Soundness(fault=fault, readable=False)
    begun, ended, events, last = _edges(content)
    if not begun:
        fault = "this is no calendar: BEGIN:VCALENDAR is missing"
        return Soundness(fault=fault, readable=False)
    if events != ended or last != b"ENDVCALENDAR":
        return Soundness(events=events, fault="it is cut off before its end")
    return Soundness(events=events)


def _edges(content: bytes) -> tuple[bool, int, int, bytes]:
    """Whether a calendar begins, how many events end and begin, and the last edge there is."""
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
