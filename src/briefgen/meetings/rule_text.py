"""The text of a recurrence rule to a `Rule`; harmless slips are ignored, and reported.

Only a rule that makes no sense is refused: without a frequency, with an interval of 0, or in
another calendar than the Gregorian.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final, get_args

from briefgen.meetings.recurrence import (
    Frequency,
    Rule,
    RuleError,
    Skip,
    Until,
)
from briefgen.workspace.value import Value

_WEEKDAYS: Final = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
MOMENT: Final = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?\Z",
    re.IGNORECASE,
)
"""A date or time, also in the extended form of ISO 8601."""
_DAY = re.compile(
    r"([+-]?\d{1,2})?(?:(MO)N?|(TU)E?S?|(WE)D?(?:NES)?|(TH)U?(?:RS?)?|(FR)I?|(SA)T?(?:UR)?|(SU)N?)"
    r"(?:DAY)?\Z"
)
_BLANK_IN_DAY = re.compile(r"(?<=\d)\s+(?=[A-Z])")
_NUMBER = re.compile(r"[+-]?\d{1,9}\Z")
_WHOLE = re.compile(r"\+?(\d{1,40})(?:\.0+)?\Z")
_NEXT_PART = re.compile(r"\s*[;,&](?=\s*[A-Z][A-Z-]*=)|\s*;")
_VCALENDAR_RULE = re.compile(
    r"(D|W|MP|MD|YM|YD)(\d{1,4})((?:\s+(?:\d{1,3}[+-]?|LD|MO|TU|WE|TH|FR|SA|SU))*)"
    r"(?:\s+#(\d{1,5})|\s+(\d{8}(?:T\d{6}Z?)?))?\Z"
)
_VCALENDAR_KINDS: Final = {
    "D": ("DAILY", ""), "W": ("WEEKLY", "BYDAY"), "MP": ("MONTHLY", "BYDAY"),
    "MD": ("MONTHLY", "BYMONTHDAY"), "YM": ("YEARLY", "BYMONTH"), "YD": ("YEARLY", "BYYEARDAY"),
}  # fmt: skip
"""What a rule of vCalendar 1.0 begins with, as a frequency and the part that its words are."""
_MOST_WEEKS: Final = 53
_MOST_COUNTED: Final = 10**9


class RuleReading(Value, frozen=True, kw_only=True):
    """A rule, and the slips that were ignored."""

    rule: Rule
    slips: tuple[str, ...] = ()


@lru_cache(maxsize=1024)
def read_rule(text: str) -> RuleReading | None:
    """An RRULE's value, read and checked; upper and lower case are the same (3.3.10).

    Returns:
        None if it is empty, as if it were missing.

    Raises:
        RuleError: if it makes no sense.
    """
    parts = _Parts(text)
    unnamed = any(piece.strip() and "=" not in piece for piece in text.split(";"))
    return parts.rule() if parts.given or unnamed else None


@dataclass(slots=True)
class _Parts:
    """The parts of a rule, and what was ignored."""

    text: str
    given: dict[str, str] = field(default_factory=dict)
    slips: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        text = re.sub(r"\\n\Z|\\|\"", "", self.text.strip())
        text = " ".join(text.split()).strip("' ").upper()
        text = text.replace("&AMP;", ";")
        while text.startswith("RRULE:"):
            self.slips.append("'RRULE:' stands twice")
            text = text.removeprefix("RRULE:").strip()
        text = _of_vcalendar(text) or text
        for piece in _NEXT_PART.split(text):
            if piece.strip():
                self._take(piece.strip())

    def _take(self, piece: str) -> None:
        name, equals, value = (part.strip() for part in piece.partition("="))
        value = value.strip(", ")
        if not equals or not value:
            self.slips.append(f"'{piece[:20]}' says nothing")
        elif self.given.setdefault(name, value) != value:
            self.slips.append(f"{name[:20]} stands twice; the first one counts")

    def rule(self) -> RuleReading:
        frequency = self.given.pop("FREQ", "")
        if frequency not in get_args(Frequency):
            raise RuleError(f"FREQ={frequency[:20] or '(missing)'} is no frequency of RFC 5545")
        if (scale := self.given.pop("RSCALE", "GREGORIAN")) != "GREGORIAN":
            raise RuleError(
                f"RSCALE={scale[:20]} counts in another calendar, which is not followed"
            )
        rule = Rule(
            frequency=frequency,  # type: ignore[arg-type]  # as checked above
            interval=self._interval(),
            count=self._count(),
            until=self._until(),
            skip=self._skip(),
            months=self._numbers("BYMONTH", 1, 12),
            weeks=self._numbers("BYWEEKNO", 1, _MOST_WEEKS, signed=True),
            year_days=self._numbers("BYYEARDAY", 1, 366, signed=True),
            month_days=self._numbers("BYMONTHDAY", 1, 31, signed=True),
            days=self._days_of_week(frequency),
            hours=self._numbers("BYHOUR", 0, 23),
            minutes=self._numbers("BYMINUTE", 0, 59),
            seconds=self._numbers("BYSECOND", 0, 59),
            positions=self._numbers("BYSETPOS", 1, 366, signed=True),
            week_start=self._week_start(),
        )
        unknown = (name for name in self.given if not name.startswith("X-"))
        self.slips += [f"{name[:20]} is no part of a rule" for name in unknown]
        return RuleReading(rule=self._agreeing(rule), slips=tuple(self.slips))

    def _pop(self, name: str) -> str:
        return self.given.pop(name, "")

    def _interval(self) -> int:
        if not (given := self._pop("INTERVAL")):
            return 1
        if (whole := _WHOLE.match(given)) and int(whole[1]) > 0:
            return min(int(whole[1]), _MOST_COUNTED)
        raise RuleError(f"INTERVAL={given[:20]} must be a number above 0")

    def _count(self) -> int | None:
        if not (given := self._pop("COUNT")):
            return None
        if (whole := _WHOLE.match(given)) and int(whole[1]) > 0:
            return min(int(whole[1]), _MOST_COUNTED)
        if whole:
            raise RuleError("COUNT=0 repeats nothing")
        self.slips.append(f"COUNT={given[:20]} counts nothing")
        return None

    def _skip(self) -> Skip:
        given = self._pop("SKIP") or "OMIT"
        if given in get_args(Skip):
            return given  # type: ignore[return-value]  # as checked
        self.slips.append(f"SKIP={given[:20]} is no way of skipping")
        return "OMIT"

    def _week_start(self) -> int:
        given = self._pop("WKST")
        if given and given[:2] not in _WEEKDAYS:
            self.slips.append(f"WKST={given[:20]} is no weekday")
        return _WEEKDAYS.get(given[:2], 0)

    def _numbers(
        self, name: str, least: int, most: int, *, signed: bool = False
    ) -> tuple[int, ...]:
        found = set()
        for piece in re.split(r"[,\s]+", self._pop(name)):
            number = int(piece) if _NUMBER.match(piece) else None
            size = None if number is None else abs(number) if signed else number
            if number is not None and size is not None and least <= size <= most:
                found.add(number)
            elif piece:
                self.slips.append(f"{name}={piece[:20]} is outside of what RFC 5545 allows")
        return tuple(sorted(found))

    def _days_of_week(self, frequency: str) -> tuple[tuple[int, int], ...]:
        found: dict[tuple[int, int], None] = {}
        for piece in re.split(r"[,\s]+", _BLANK_IN_DAY.sub("", self._pop("BYDAY"))):
            named = _DAY.match(piece)
            if not piece or named is None:
                self.slips += [f"BYDAY={piece[:20]} is no weekday"] if piece else []
                continue
            ordinal = int(named[1] or 0)
            if ordinal and (frequency not in {"MONTHLY", "YEARLY"} or abs(ordinal) > _MOST_WEEKS):
                self.slips.append(f"the number in BYDAY={piece} does not go with FREQ={frequency}")
                ordinal = 0
            found[ordinal, _WEEKDAYS[named[named.lastindex or 2]]] = None
        return tuple(found)

    def _until(self) -> Until | None:
        if not (given := self._pop("UNTIL")):
            return None
        found = MOMENT.match(given)
        read = _moment(found) if found else None
        if read is None:
            self.slips.append(f"UNTIL={given[:20]} is neither a date nor a time")
            return None
        until, slip = read
        if slip:
            self.slips.append(
                f"UNTIL={given[:20]} is no day there is; the last one before it counts"
            )
        return until

    def _agreeing(self, rule: Rule) -> Rule:
        """The rule without the parts that RFC 5545 forbids beside its frequency (3.3.10)."""
        frequency = rule.frequency
        if rule.weeks and frequency != "YEARLY":
            rule = rule.replace(weeks=())
            self.slips.append(f"BYWEEKNO does not go with FREQ={frequency}")
        if rule.year_days and frequency in {"DAILY", "WEEKLY", "MONTHLY"}:
            rule = rule.replace(year_days=())
            self.slips.append(f"BYYEARDAY does not go with FREQ={frequency}")
        if rule.month_days and frequency == "WEEKLY":
            rule = rule.replace(month_days=())
            self.slips.append(f"BYMONTHDAY does not go with FREQ={frequency}")
        if rule.weeks and any(ordinal for ordinal, _ in rule.days):
            self.slips.append("a numbered weekday in BYDAY does not go with BYWEEKNO")
            rule = rule.replace(days=tuple((0, weekday) for _, weekday in rule.days))
        if rule.positions and rule.replace(positions=()).is_plain:
            self.slips.append("BYSETPOS stands without another BY part")
            rule = rule.replace(positions=())
        return rule


def _of_vcalendar(text: str) -> str:
    """A rule of vCalendar 1.0 (`MP1 3+ TU #0`) as iCalendar writes it; else an empty text.

    `#` counts periods, of which each has as many times as there are days named; none means two,
    and `#0` for ever.
    """
    found = _VCALENDAR_RULE.match(text)
    if not found:
        return ""
    kind, interval, named, count, until = found.groups()
    ordinal, days = "", []
    for word in named.split():
        if turned := re.fullmatch(r"(\d{1,3})([+-])", word):
            ordinal = f"{'-' if turned[2] == '-' else ''}{turned[1]}"
            days += [] if kind == "MP" else [ordinal]
        else:
            days.append("-1" if word == "LD" else f"{ordinal}{word}")
    frequency, part = _VCALENDAR_KINDS[kind]
    parts = [f"FREQ={frequency}", f"INTERVAL={interval}"]
    parts += [f"{part}={','.join(days)}"] if days and part else []
    if until:
        parts.append(f"UNTIL={until}")
    elif count != "0":
        parts.append(f"COUNT={int(count or 2) * max(1, len(days))}")
    return ";".join(parts)


def offset_of(text: str) -> timedelta:
    """`+0100` or `-05:30`."""
    size = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return size if text[0] == "+" else -size


def _moment(found: re.Match[str]) -> tuple[Until, bool] | None:
    """An UNTIL as matched; and whether it names a day that its month does not have."""
    year, month, number = int(found[1]), int(found[2]), int(found[3])
    day, slip = None, False
    while day is None and number > 0:
        try:
            day = datetime(year, month, number).date()  # noqa: DTZ001  # a date
        except ValueError:
            if not 1 <= month <= 12 or not year >= 1 or number > 31:  # noqa: PLR2004  # a calendar's
                return None
            number, slip = number - 1, True
    if day is None:
        return None
    if found[4] is None:
        return Until(day=day), slip
    hour, minute, second = int(found[4]), int(found[5]), min(59, int(found[6] or 0))
    try:
        moment = datetime.combine(day, time(hour % 24, minute, second))
    except ValueError:
        return None
    if hour >= 24:  # noqa: PLR2004  # midnight, written as the end of the day
        moment += timedelta(days=hour // 24)
    zone = found[7] or ""
    if zone not in {"", "Z"}:
        moment -= offset_of(zone)
    return Until(day=moment.date(), moment=moment, in_utc=bool(zone)), slip
