"""The picture of the trend: one row for each contact along one line of time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from briefgen.brief.brief import Tone
from briefgen.brief.trend import BothQuestions, Trend
from briefgen.page.picture import Box, Dot, Picture, Rule, Shape, Words
from briefgen.workspace.language import Language

MOST_ROWS: Final = 40
_WIDTH: Final = 900
_LEFT: Final = 190
_RIGHT: Final = 690
_TOP: Final = 92
_ROW: Final = 46
_SHORTEST: Final = 60
"""Days the line of time has at least."""
_INK, _GREY, _PALE, _WARN = "#1a1a1a", "#595959", "#d9d9d9", "#9c3d00"
_HEIGHTS: Final[dict[Tone, int]] = {"high": -9, "neutral": 0, "mixed": 0, "low": 9}
_FILLS: Final[dict[Tone, str]] = {
    "high": "#ffffff",
    "neutral": "#d9d9d9",
    "mixed": "#8c8c8c",
    "low": "#1a1a1a",
}
"""Tones differ in height and in grey, so that they do in a photocopy too."""


def trend_picture(
    trends: Sequence[Trend], both: BothQuestions, *, today: date, language: Language
) -> Picture:
    """Moods, reflections and silences of these contacts as one picture.

    A dot is an interaction with signals, the higher the better the mood; the bar beneath is filled
    where both questions could be answered; a thick line at the end is a silence that is too long.
    """
    rows = trends[:MOST_ROWS]
    first = min((t.days[0] for t in rows if t.days), default=today)
    first = min(first, today - timedelta(days=_SHORTEST))
    scale = _Scale(first, today)
    shapes: list[Shape] = [*_head(trends, both), *_months(scale, len(rows), language)]
    for number, trend in enumerate(rows):
        shapes += _row(trend, _TOP + number * _ROW, scale)
    height = _TOP + len(rows) * _ROW + 30
    if len(trends) > MOST_ROWS:
        more = f"and {len(trends) - MOST_ROWS} more; name a contact to see it"
        shapes.append(Words(x=20, y=height - 12, text=more, fill=_GREY))
    return Picture(
        width=_WIDTH,
        height=height,
        title="How it goes with " + (trends[0].name if len(trends) == 1 else "your contacts"),
        description=f"{both}. " + " ".join(_said(trend) for trend in rows),
        shapes=tuple(shapes),
    )


class _Scale:
    """From days to places on the line of time."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last

    def x(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)

    def months(self) -> Iterator[date]:
        """The first days of months, not more of them than there is room for."""
        whole = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = max(1, -(-whole // 8))
        for number in range(1, whole + 1, step):
            year, month = divmod(self.first.month - 1 + number, 12)
            yield date(self.first.year + year, month + 1, 1)


def _head(trends: Sequence[Trend], both: BothQuestions) -> Iterator[Shape]:
    title = trends[0].name if len(trends) == 1 else "Your contacts"
    yield Words(x=20, y=30, text=title, size=18, bold=True)
    yield Words(x=20, y=50, text=str(both), size=13)
    x = 470.0
    for tone, word in (
        ("high", "high"),
        ("neutral", "neutral"),
        ("mixed", "mixed"),
        ("low", "low"),
    ):
        yield Dot(x=x, y=26, radius=5, stroke=_INK, fill=_FILLS[tone])  # type: ignore[index]
        yield Words(x=x + 10, y=30, text=word, size=11, fill=_GREY)
        x += 72
    yield Box(x=466, y=42, width=8, height=8, fill=_INK)
    yield Words(x=480, y=50, text="both questions answered", size=11, fill=_GREY)
    yield Rule(x1=620, y1=46, x2=640, y2=46, stroke=_WARN, width=4)
    yield Words(x=646, y=50, text="silent too long", size=11, fill=_GREY)
    yield Words(x=_RIGHT + 20, y=_TOP - 16, text="silent", size=11, fill=_GREY)
    yield Words(x=_RIGHT + 80, y=_TOP - 16, text="promises kept on time", size=11, fill=_GREY)


def _months(scale: _Scale, rows: int, language: Language) -> Iterator[Shape]:
    for day in scale.months():
        x = scale.x(day)
        yield Rule(x1=x, y1=_TOP - 10, x2=x, y2=_TOP + rows * _ROW, stroke=_PALE)
        shown = language.short_month(day)
        yield Words(x=x, y=_TOP - 16, text=shown, size=11, fill=_GREY, anchor="middle")


def _row(trend: Trend, top: float, scale: _Scale) -> Iterator[Shape]:
    middle = top + _ROW / 2 - 4
    yield Words(x=20, y=middle + 4, text=_clipped(trend.name), bold=True)
    end = scale.x(scale.last)
    yield Rule(x1=_LEFT, y1=middle, x2=end, y2=middle, stroke="#b0b0b0")
    silence = trend.silence
    if silence.too_long_by and silence.last:
        since = max(scale.last - timedelta(days=silence.too_long_by), scale.first)
        yield Rule(x1=scale.x(since), y1=middle, x2=end, y2=middle, stroke=_WARN, width=4)
    for day in trend.days:
        x = scale.x(day)
        yield Rule(x1=x, y1=middle - 4, x2=x, y2=middle + 4, stroke=_GREY)
    for mood in trend.moods:
        at = middle + _HEIGHTS[mood.tone]
        yield Dot(x=scale.x(mood.date), y=at, radius=5, stroke=_INK, fill=_FILLS[mood.tone])
    for reflection in trend.reflections:
        x = scale.x(reflection.date)
        if reflection.both:
            yield Box(x=x - 4, y=middle + 17, width=8, height=8, fill=_INK)
        else:
            yield from _frame(x - 4, middle + 17, 8)
    late = _WARN if silence.too_long_by else _INK
    shown = "-" if silence.days is None else f"{silence.days}d"
    if silence.stay_in_touch:
        shown += f" of {silence.stay_in_touch}"
    yield Words(x=_RIGHT + 20, y=middle + 4, text=shown, size=11, fill=late)
    kept = (("me", trend.mine), ("them", trend.theirs))
    texts = [f"{who} {p.on_time}/{p.decided}" for who, p in kept if p.decided]
    yield Words(x=_RIGHT + 80, y=middle + 4, text="  ".join(texts), size=11)


def _frame(x: float, y: float, side: float) -> Iterator[Shape]:
    yield Box(x=x, y=y, width=side, height=side, fill=_INK)
    yield Box(x=x + 1, y=y + 1, width=side - 2, height=side - 2, fill="#ffffff")


def _clipped(name: str) -> str:
    longest = 26
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _said(trend: Trend) -> str:
    moods = ", ".join(f"{mood.date}: {'/'.join(mood.signals)}" for mood in trend.moods[-3:])
    silent = (
        f"{trend.silence.days} days silent" if trend.silence.days is not None else "no word yet"
    )
    return f"{trend.name}: {silent}{f'; {moods}' if moods else ''}."
