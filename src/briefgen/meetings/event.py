"""One VEVENT: its time, read at once; its other properties, read when they are needed."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, get_args

from briefgen.meetings.content import Line, Property, property_of, without_entities
from briefgen.meetings.markup import looks_like_html, plain_text
from briefgen.meetings.meeting import EventStatus
from briefgen.meetings.recurrence import Rule
from briefgen.meetings.structure import Block
from briefgen.meetings.times import Duration, Moment
from briefgen.workspace.value import Value

_KNOWN: Final = frozenset(
    {
        "ATTACH", "ATTENDEE", "CATEGORIES", "CLASS", "COLOR", "COMMENT", "CONFERENCE", "CONTACT",
        "CREATED", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "DURATION", "EXDATE", "EXRULE",
        "GEO", "IMAGE", "LAST-MODIFIED", "LOCATION", "NAME", "ORGANIZER", "PRIORITY", "RDATE",
        "RECURRENCE-ID", "REFRESH-INTERVAL", "RELATED-TO", "REQUEST-STATUS", "RESOURCES", "RRULE",
        "SEQUENCE", "SOURCE", "STATUS", "STRUCTURED-DATA", "STYLED-DESCRIPTION", "SUMMARY",
        "TRANSP", "UID", "URL", "ACKNOWLEDGED", "CONCEPT", "LINK", "REFID",
    }
)  # fmt: skip
_JOINABLE: Final = frozenset({"DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT", "X-ALT-DESC"})
"""Texts that may continue on a line that is no property."""
_NAME = re.compile(rb"\s*([A-Za-z0-9-]+)\s*[;:]")
_BEFORE_TITLE = re.compile(r"\A\s*[\[(【（]?([^:：\])】）]{2,20}?)\s*[:：\])】）]")  # noqa: RUF001  # as written


@cache
def _cancelled_words() -> frozenset[str]:
    """What programs write before the title of a cancelled meeting, in many languages."""
    from briefgen.workspace.built_in import read_built_in  # noqa: PLC0415  # rarely needed

    words = read_built_in("meetings/words.yaml")["cancelled"]
    assert isinstance(words, list)  # noqa: S101  # as the file is
    return frozenset(_folded(str(word)) for word in words)


def _folded(word: str) -> str:
    """A word without case; Turkish `İ` is `i`, and not `i` with a second dot."""
    return word.casefold().replace("\u0307", "")


class Extra(Value, frozen=True, kw_only=True):
    """A start that RDATE adds; `duration` where a PERIOD gives one of its own."""

    start: Moment
    duration: Duration | None = None


class Event(Value, frozen=True, kw_only=True):
    """When one VEVENT takes place, and how it relates to others with its UID.

    Attributes:
        rules: none where none can be followed; of several RFC 5545 says SHOULD NOT (3.8.5.3), and
            the older RFC 2445 adds them up.
        left_out_rules: EXRULE, which only the older RFC 2445 has.
        recurring: it has a rule or RDATE that could be read.
        whole_days: DTSTART is a date.
        recurrence_id: which instance it replaces; None for a series or single event.
        this_and_future: RANGE=THISANDFUTURE.
        method: METHOD of its calendar (RFC 5546), upper case; an empty text where it has none.
        order: its position in the feed.
    """

    uid: str
    start: Moment
    duration: Duration
    whole_days: bool
    rules: tuple[Rule, ...] = ()
    extras: tuple[Extra, ...] = ()
    left_out: tuple[Moment, ...] = ()
    left_out_rules: tuple[Rule, ...] = ()
    recurrence_id: Moment | None = None
    this_and_future: bool = False
    sequence: int = 0
    method: str = ""
    order: int = 0
    block: Block
    when: "Properties"

    @property
    def replaces(self) -> Moment:
        """The original start that an override names; only overrides have one."""
        assert self.recurrence_id is not None  # noqa: S101  # as every caller has seen
        return self.recurrence_id

    @property
    def recurring(self) -> bool:
        """Whether it is a series."""
        return self.recurrence_id is None and bool(self.rules or self.extras)

    @property
    def title(self) -> str:
        """SUMMARY, also where a program has written it for a web page."""
        title = without_entities(self.when.text("SUMMARY"))
        return plain_text(title) if "</" in title and looks_like_html(title) else title

    @property
    def organizer(self) -> str:
        """The organizer, to distinguish versions of one event from different events."""
        found = self.when.one("ORGANIZER")
        return found.value.strip().casefold() if found else ""

    @property
    def modified(self) -> str:
        """LAST-MODIFIED as written."""
        return self.when.text("LAST-MODIFIED")

    @property
    def stamp(self) -> str:
        """DTSTAMP as written."""
        return self.when.text("DTSTAMP")

    @property
    def status(self) -> EventStatus:
        """STATUS; cancelled too by METHOD, and by the titles that Exchange writes."""
        given = self.when.text("STATUS").upper()
        if self.method == "CANCEL" or given in {"CANCELLED", "CANCELED"}:
            return "CANCELLED"
        if self._is_called_off_by_title(given):
            return "CANCELLED"
        return given if given in get_args(EventStatus) else "CONFIRMED"  # type: ignore[return-value]

    def _is_called_off_by_title(self, status: str) -> bool:
        """Whether the title says "Canceled: …" or "[Canceled] …", and the time is free again.

        Exchange leaves STATUS:CONFIRMED on what was called off, and shows its time as free.
        """
        before = _BEFORE_TITLE.match(self.title)
        if before is None or _folded(before[1]) not in _cancelled_words():
            return False
        busy = self.when.text("X-MICROSOFT-CDO-BUSYSTATUS").upper()
        free = busy == "FREE" or self.when.text("TRANSP").upper() == "TRANSPARENT"
        return free or status not in get_args(EventStatus)


class Properties:
    """The properties of a VEVENT by name, each read when it is asked for.

    Attributes:
        faults: lines that are no property, with their numbers; after a text they continue it.
        triggers: those of alarms.
    """

    def __init__(self, block: Block) -> None:
        self._lines: dict[str, list[Line]] = {}
        self._read: dict[str, list[Property]] = {}
        self.faults: list[tuple[int, str]] = []
        self.triggers: list[Line] = []
        depth = 0
        text = ""
        for line in block.lines:
            named = _NAME.match(line.content)
            name = named[1].decode().upper() if named else ""
            if name in {"BEGIN", "END"}:
                depth += 1 if name == "BEGIN" else -1
            elif depth > 0:
                if name == "TRIGGER":
                    self.triggers.append(line)
            elif name and (not text or name in _KNOWN or name.startswith("X-")):
                text = name if name in _JOINABLE else ""
                self._lines.setdefault(name, []).append(line)
            elif text:
                whole = self._lines[text]
                whole[-1] = Line(whole[-1].number, whole[-1].content + b"\\n" + line.content)
                self._fault(line, f"a line break inside {text}; the line is joined to it")
            else:
                self._fault(line, "a line that is no `NAME:value`; it is passed over")

    def _fault(self, line: Line, message: str) -> None:
        self.faults.append((line.number, message))

    def lines(self, name: str) -> Sequence[Line]:
        """The lines of this name as written."""
        return self._lines.get(name, ())

    def every(self, name: str) -> Sequence[Property]:
        """The properties of this name, as far as they can be read."""
        if name not in self._lines:
            return ()
        if name not in self._read:
            read = map(property_of, self._lines[name])
            self._read[name] = [found for found in read if found is not None]
        return self._read[name]

    def one(self, name: str) -> Property | None:
        """The first property of this name."""
        found = self.every(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The first property of this name as text, or an empty one."""
        if name not in self._lines:
            return ""
        found = self.one(name)
        return found.text.strip() if found else ""

    def repeated(self, name: str) -> bool:
        """Whether there are several of this name."""
        return len(self.lines(name)) > 1
