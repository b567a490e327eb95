"""The picture of the trend, as SVG: one row for each contact along one line of time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from briefgen.brief.trend import BothQuestions, Trend
from briefgen.page.render import render_built_in
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

TEMPLATE: Final = "web/trend.svg.j2"
MOST_ROWS: Final = 40
_SHORTEST: Final = timedelta(days=60)
"""The least length of the timeline."""
_LETTER: Final = 6.2
"""The width of a small letter, with room to spare."""
_LONGEST_NAME: Final = 26
_ISOLATES: Final = "\u2068\u2069"


class _Layout(Value, frozen=True, kw_only=True):
    """The places of things, in pixels.

    Attributes:
        edge: where names begin.
        left, right: the ends of the timeline.
        legend: where the legend begins; `first_line` is its baseline.
        row: the height of a row; `line` is how far below its top the timeline is.
        beside: how far below the timeline the baseline of the words beside it is.
        silence: where the silence is written, which begins or ends there (`anchor`).
        columns: where the promises of both sides are written; empty if there is no room.
        months: how many months are named at most.
    """

    width: int
    edge: int
    left: int
    right: int
    legend: int
    first_line: int
    row: int
    line: int
    beside: int
    silence: int
    anchor: str
    columns: tuple[int, ...]
    months: int


_WIDE: Final = _Layout(
    width=900, edge=20, left=190, right=540, legend=400, first_line=30, row=46, line=19, beside=4,
    silence=556, anchor="start", columns=(668, 776), months=6,
)  # fmt: skip
_NARROW: Final = _Layout(
    width=390, edge=12, left=12, right=378, legend=12, first_line=76, row=66, line=38, beside=-24,
    silence=378, anchor="end", columns=(), months=5,
)  # fmt: skip


def trend_picture(
    trends: Sequence[Trend],
    both: BothQuestions,
    *,
    today: date,
    language: Language,
    narrow: bool = False,
) -> bytes:
    """Moods, reflections and silences of these contacts; with `narrow` as wide as a telephone.

    It is SVG 1.1, with a title and a description for those who do not see it (WAI-ARIA `img`).
    """
    layout, text = (_NARROW if narrow else _WIDE), language.text
    shown = trends[:MOST_ROWS]
    scale = _Scale(min([today - _SHORTEST, *(t.days[0] for t in shown if t.days)]), today, layout)
    title = trends[0].name if len(trends) == 1 else text("Your contacts")
    said = language.said(str(both))
    legend, below = _legend(layout, language)
    top = max(below, 50) + 42
    bottom = top + len(shown) * layout.row
    beyond = len(trends) - len(shown)
    context = {
        "layout": layout,
        "height": bottom + 30,
        "top": top,
        "bottom": bottom,
        "heading": _plain(language.labelled(text("How it goes"), title)),
        "description": _plain(f"{said}. {' '.join(_described(one, language) for one in shown)}"),
        "title": _plain(title),
        "both": said,
        "legend": legend,
        "heads": _heads(layout, language),
        "months": [
            (x, min(max(x, layout.left + 24), layout.width - 24), language.short_month(day))
            for day in scale.months()
            for x in [scale.x(day)]
        ],
        "rows": [
            _row(one, top + at * layout.row + layout.line, scale, language)
            for at, one in enumerate(shown)
        ],
        "more": language.plural("and {count} more", "and {count} more", beyond) if beyond else "",
    }
    return render_built_in(TEMPLATE, context).encode()


class _Scale(Value, frozen=True):
    """Converts days to places on the timeline."""

    first: date
    last: date
    layout: _Layout

    def x(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(self.layout.left + share * (self.layout.right - self.layout.left), 1)

    def months(self) -> Iterator[date]:
        """The first days of months, as many as there is room for."""
        whole = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        for number in range(1, whole + 1, max(1, -(-whole // self.layout.months))):
            year, month = divmod(self.first.month - 1 + number, 12)
            yield date(self.first.year + year, month + 1, 1)


def _legend(layout: _Layout, language: Language) -> tuple[list[tuple[float, int, str, str]], int]:
    """What the marks mean, on as many lines as the words of the language need; where it ends."""
    text = language.text
    words = {
        "high": text("good mood"),
        "neutral": text("neither"),
        "mixed": text("mixed"),
        "low": text("low mood"),
        "both": text("both questions answered"),
        "silent": text("silent too long"),
    }
    found = []
    x, y = float(layout.legend), layout.first_line
    for mark, word in words.items():
        room = 28 + _LETTER * len(word)
        if x + room > layout.width and x > layout.legend:
            x, y = float(layout.legend), y + 20
        found.append((round(x, 1), y, mark, word))
        x += room
    return found, y


def _heads(layout: _Layout, language: Language) -> list[tuple[int, str]]:
    text = language.text
    said = (text("silence"), text("my promises"), text("theirs"))
    places = (layout.silence, *layout.columns) if layout.columns else ()
    return list(zip(places, said, strict=False))


def _row(trend: Trend, y: int, scale: _Scale, language: Language) -> dict[str, Any]:
    layout, silence = scale.layout, trend.silence
    silent_from = None
    if silence.too_long_by and silence.last:
        silent_from = scale.x(max(scale.last - timedelta(silence.too_long_by), scale.first))
    name = _plain(trend.name)
    kept = zip(layout.columns, (trend.mine, trend.theirs), strict=False)
    return {
        "y": y,
        "beside": y + layout.beside,
        "name": name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…",
        "silent_from": silent_from,
        "days": [scale.x(day) for day in trend.days],
        "moods": [(scale.x(mood.date), mood.tone) for mood in trend.moods],
        "reflections": [(scale.x(one.date), one.both) for one in trend.reflections],
        "silent": _silent(trend, language),
        "promises": [(x, f"{one.on_time}/{one.decided}") for x, one in kept if one.decided],
    }


def _silent(trend: Trend, language: Language) -> str:
    """How long ago the last contact was, and how long would be too long."""
    silence = trend.silence
    if silence.days is None:
        return "–"
    ago = language.plural("{count} day ago", "{count} days ago", silence.days)
    if language.right_to_left:
        ago = f"\u2068{ago}\u2069"
    return f"{ago} / {silence.stay_in_touch}" if silence.stay_in_touch else ago


def _described(trend: Trend, language: Language) -> str:
    moods = [
        f"{language.short_date(mood.date)}: {', '.join(mood.signals)}" for mood in trend.moods[-3:]
    ]
    return f"{'; '.join((f'{trend.name}: {_silent(trend, language)}', *moods))}."


def _plain(text: str) -> str:
    """`text` without signs that XML or readers cannot use."""
    return "".join(sign if sign.isprintable() or sign in _ISOLATES else " " for sign in text)
