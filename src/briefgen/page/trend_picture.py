"""The picture of the trend, as SVG: one row for each contact along one line of time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from html import escape
from typing import Final, Literal, TypeAlias

from briefgen.brief.brief import Tone
from briefgen.brief.trend import BothQuestions, Trend
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

_ISOLATES: Final = "\u2068\u2069"
MOST_ROWS: Final = 40
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
_SMALL: Final = 11
_LETTER: Final = 6.2
"""The width of a small letter, with room to spare."""
Anchor: TypeAlias = Literal["start", "middle", "end"]


class Box(Value, frozen=True, kw_only=True):
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str


class Dot(Value, frozen=True, kw_only=True):
    """A disc; hollow where it has no fill."""

    x: float
    y: float
    radius: float
    stroke: str
    fill: str = "#ffffff"


class Rule(Value, frozen=True, kw_only=True):
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = "#b0b0b0"
    width: float = 1


class Words(Value, frozen=True, kw_only=True):
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float = 12
    fill: str = "#1a1a1a"
    bold: bool = False
    anchor: Anchor = "start"


Shape: TypeAlias = Box | Dot | Rule | Words


class Picture(Value, frozen=True, kw_only=True):
    """Shapes on white, later ones on top.

    Attributes:
        title: what it shows, for those who do not see it.
        description: what it says, in words.
    """

    width: int
    height: int
    title: str
    description: str
    shapes: tuple[Shape, ...]


class _Layout(Value, frozen=True, kw_only=True):
    """Where things stand.

    Attributes:
        left, right: of the line of time.
        legend: where the legend begins.
        row: the height of a row.
        line: how far below the top of its row the line of time runs.
        silence: where the silence is written, before or after which.
        columns: where the promises of both sides are written; none where there is no room.
    """

    width: int
    left: int
    right: int
    legend: int
    row: int
    line: int
    silence: int
    columns: tuple[int, ...] = ()
    months: int = 8


_WIDE: Final = _Layout(
    width=900, left=190, right=605, legend=400, row=46, line=19, silence=621, columns=(733, 818)
)
_NARROW: Final = _Layout(
    width=390, left=12, right=378, legend=12, row=66, line=38, silence=378, months=5
)


def trend_picture(
    trends: Sequence[Trend],
    both: BothQuestions,
    *,
    today: date,
    language: Language,
    narrow: bool = False,
) -> Picture:
    """Moods, reflections and silences of these contacts as one picture.

    A dot is an interaction with signals, the higher the better the mood; the bar beneath is filled
    where both questions could be answered; a thick line at the end is a silence that is too long.
    With `narrow` it is as wide as a telephone.
    """
    layout = _NARROW if narrow else _WIDE
    rows = trends[:MOST_ROWS]
    first = min((t.days[0] for t in rows if t.days), default=today)
    first = min(first, today - timedelta(days=_SHORTEST))
    title = trends[0].name if len(trends) == 1 else language.text("Your contacts")
    legend, below = _legend(layout, 76.0 if narrow else 30.0, language)
    top = int(max(below, 50)) + 42
    scale = _Scale(first, today, layout)
    shapes: list[Shape] = [
        Words(x=20 if not narrow else 12, y=30, text=title, size=18, bold=True),
        Words(x=20 if not narrow else 12, y=50, text=language.said(str(both)), size=13),
        *legend,
        *_heads(layout, top, language),
        *_months(scale, top, len(rows), language),
    ]
    for number, trend in enumerate(rows):
        shapes += _row(trend, top + number * layout.row, scale, language)
    height = top + len(rows) * layout.row + 30
    if more := len(trends) - len(rows):
        text = language.plural("and {count} more", "and {count} more", more)
        shapes.append(Words(x=12, y=height - 12, text=text, fill=_GREY))
    return Picture(
        width=layout.width,
        height=height,
        title=f"{language.text('How it goes')}: {title}",
        description=f"{language.said(str(both))}. "
        + " ".join(_said(trend, language) for trend in rows),
        shapes=tuple(shapes),
    )


class _Scale:
    """From days to places on the line of time."""

    def __init__(self, first: date, last: date, layout: _Layout) -> None:
        self.first, self.last, self.layout = first, last, layout

    def x(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(self.layout.left + share * (self.layout.right - self.layout.left), 1)

    def months(self) -> Iterator[date]:
        """The first days of months, not more of them than there is room for."""
        whole = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = max(1, -(-whole // self.layout.months))
        for number in range(1, whole + 1, step):
            year, month = divmod(self.first.month - 1 + number, 12)
            yield date(self.first.year + year, month + 1, 1)


def _legend(layout: _Layout, y: float, language: Language) -> tuple[list[Shape], float]:
    """What the marks mean, on as many lines as the words of the language need; where it ends."""
    text = language.text
    words: dict[Tone, str] = {
        "high": text("good mood"),
        "neutral": text("neither"),
        "mixed": text("mixed"),
        "low": text("low mood"),
    }
    marks: list[tuple[Shape | None, str]] = [
        (Dot(x=5, y=-4, radius=5, stroke=_INK, fill=_FILLS[tone]), word)
        for tone, word in words.items()
    ]
    marks.append((Box(x=1, y=-8, width=8, height=8, fill=_INK), text("both questions answered")))
    marks.append((None, text("silent too long")))
    shapes: list[Shape] = []
    x = float(layout.legend)
    for mark, word in marks:
        room = 28 + _LETTER * len(word)
        if x + room > layout.width and x > layout.legend:
            x, y = float(layout.legend), y + 20
        match mark:
            case None:
                shapes.append(Rule(x1=x, y1=y - 4, x2=x + 10, y2=y - 4, stroke=_WARN, width=4))
            case Box() | Dot():
                shapes.append(mark.replace(x=x + mark.x, y=y + mark.y))
        shapes.append(Words(x=x + 15, y=y, text=word, size=_SMALL, fill=_GREY))
        x += room
    return shapes, y


def _heads(layout: _Layout, top: int, language: Language) -> Iterator[Shape]:
    if not layout.columns:
        return
    y = top - 16
    yield Words(x=layout.silence, y=y, text=language.text("silence"), size=_SMALL, fill=_GREY)
    said = (language.text("my promises"), language.text("theirs"))
    for x, text in zip(layout.columns, said, strict=True):
        yield Words(x=x, y=y, text=text, size=_SMALL, fill=_GREY)


def _months(scale: _Scale, top: int, rows: int, language: Language) -> Iterator[Shape]:
    layout = scale.layout
    for day in scale.months():
        x = scale.x(day)
        yield Rule(x1=x, y1=top - 10, x2=x, y2=top + rows * layout.row, stroke=_PALE)
        shown = language.short_month(day)
        middle = min(max(x, layout.left + 24), layout.width - 24)
        yield Words(x=middle, y=top - 16, text=shown, size=_SMALL, fill=_GREY, anchor="middle")


def _row(trend: Trend, top: float, scale: _Scale, language: Language) -> Iterator[Shape]:
    layout = scale.layout
    middle = top + layout.line
    beside = top + 14 if layout is _NARROW else middle + 4
    name = _clipped(trend.name)
    yield Words(x=12 if layout is _NARROW else 20, y=beside, text=name, bold=True)
    end = scale.x(scale.last)
    yield Rule(x1=layout.left, y1=middle, x2=end, y2=middle, stroke="#b0b0b0")
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
        yield Box(x=x - 4, y=middle + 17, width=8, height=8, fill=_INK)
        if not reflection.both:
            yield Box(x=x - 3, y=middle + 18, width=6, height=6, fill="#ffffff")
    yield Words(
        x=layout.silence,
        y=beside,
        text=_silent(trend, language),
        size=_SMALL,
        fill=_WARN if silence.too_long_by else _INK,
        anchor="end" if layout is _NARROW else "start",
    )
    for x, kept in zip(layout.columns, (trend.mine, trend.theirs), strict=False):
        if kept.decided:
            text = f"{kept.on_time}/{kept.decided}"
            yield Words(x=x, y=beside, text=text, size=_SMALL)


def _clipped(name: str) -> str:
    longest = 26
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _silent(trend: Trend, language: Language) -> str:
    """How long ago the last word was, and how long would be too long."""
    silence = trend.silence
    if silence.days is None:
        return "–"
    ago = language.plural("{count} day ago", "{count} days ago", silence.days)
    if language.right_to_left:
        ago = f"\u2068{ago}\u2069"
    return f"{ago} / {silence.stay_in_touch}" if silence.stay_in_touch else ago


def _said(trend: Trend, language: Language) -> str:
    moods = [
        f"{language.short_date(mood.date)}: {', '.join(mood.signals)}" for mood in trend.moods[-3:]
    ]
    return f"{'; '.join((f'{trend.name}: {_silent(trend, language)}', *moods))}."


def as_svg(picture: Picture) -> bytes:
    """The picture as SVG 1.1, with its title and description (WAI-ARIA `img`)."""
    width, height = picture.width, picture.height
    family = "'Source Sans 3', 'Source Sans Pro', sans-serif"
    attributes = (
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="title description" font-family="{family}"'
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>',
        f'<title id="title">{_text(picture.title)}</title>',
        f'<desc id="description">{_text(picture.description)}</desc>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *(_svg_shape(shape) for shape in picture.shapes),
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _text(text: str) -> str:
    kept = (sign if sign.isprintable() or sign in _ISOLATES else " " for sign in text)
    return escape("".join(kept))


def _svg_shape(shape: Shape) -> str:
    if isinstance(shape, Box):
        return (
            f'<rect x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}"'
            f' height="{shape.height:g}" fill="{shape.fill}"/>'
        )
    if isinstance(shape, Dot):
        return (
            f'<circle cx="{shape.x:g}" cy="{shape.y:g}" r="{shape.radius:g}"'
            f' stroke="{shape.stroke}" stroke-width="1.5" fill="{shape.fill}"/>'
        )
    if isinstance(shape, Rule):
        return (
            f'<line x1="{shape.x1:g}" y1="{shape.y1:g}" x2="{shape.x2:g}" y2="{shape.y2:g}"'
            f' stroke="{shape.stroke}" stroke-width="{shape.width:g}"/>'
        )
    weight = ' font-weight="600"' if shape.bold else ""
    anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
    return (
        f'<text x="{shape.x:g}" y="{shape.y:g}" font-size="{shape.size:g}" fill="{shape.fill}"'
        f"{weight}{anchor}>{_text(shape.text)}</text>"
    )
