"""How wide text is, and where its lines break, by the advances of the bundled fonts."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, Final, Literal, NamedTuple
from unicodedata import bidirectional, category, east_asian_width

from briefgen.page.clip import clip
from briefgen.page.sheet import MILLIMETRES_A_POINT
from briefgen.page.templates import FONTS, template_folder

_MEASURED_AT: Final = 64
_PIECE: Final = re.compile(
    r"[^\S\u00a0]+|(?:[^\s\-\u2010\u2013\u2014/]|\u00a0)*[\-\u2010\u2013\u2014/]?"
)
"""What stays together on a line: up to a space, behind a hyphen, a dash or a stroke."""
_SIGN: Final = re.compile("(?s:.)(?:\u2060.)*")
"""A sign of a script that breaks anywhere, with those that are joined to it."""
_TIGHT: Final = 0.995
"""Kerning brings signs a little nearer than their advances say."""
_ARABIC: Final = 0.52
"""The mean width of joined Arabic letters, which the bundled fonts do not have."""


LABEL_COLUMNS: Final = {"short": 3.7, "middle": 4.4, "": 5.2, "long": 6.2, "longest": 7.6}
"""Columns for the dates of what was, in sizes of type, by their names in the stylesheet."""
_ROOM: Final = 0.15

Font = Literal["Regular", "Bold", "It"]
"""A bundled font, as its file is called."""


class Run(NamedTuple):
    """Text in one type."""

    text: str
    points: float
    font: Font = "Regular"


def broken_lines(runs: tuple[Run, ...], width: float) -> int:
    """The lines of type that these runs take, one behind the other, in `width` millimetres."""
    lines, used, space = 1, 0.0, 0.0
    for run in runs:
        size = run.points * MILLIMETRES_A_POINT * _TIGHT
        for blank, advance in _pieces(run.text, run.font):
            wide = advance * size
            if blank:
                space += wide
                continue
            if used and used + space + wide > width:
                lines, used, space = lines + 1, 0.0, 0.0
            while wide > width > 0:
                lines, wide = lines + 1, wide - width
            used += space + wide
            space = 0.0
    return lines if used else 0


@lru_cache(maxsize=20_000)
def _pieces(text: str, font: Font) -> tuple[tuple[bool, float], ...]:
    """Each piece of a text: whether it is space, and its width in sizes of type."""
    return tuple((piece.isspace(), _advance(piece, font)) for piece in _split(text))


def _split(text: str) -> Iterator[str]:
    for found in _PIECE.finditer(text):
        piece = found[0]
        if piece.isascii() or not any(east_asian_width(sign) in "WF" for sign in piece):
            if piece:
                yield piece
        else:
            yield from _SIGN.findall(piece)


def has_wide_signs(runs: Iterable[Run]) -> bool:
    """Whether any of these runs has signs of East Asia, whose fonts make a line higher."""
    return any(_wide_in(run.text) for run in runs)


@lru_cache(maxsize=4096)
def _wide_in(text: str) -> bool:
    return not text.isascii() and any(east_asian_width(sign) in "WF" for sign in text)


def text_width(text: str, *, points: float, bold: bool = False) -> float:
    """The width of `text` on one line, in millimetres."""
    return _advance(text, "Bold" if bold else "Regular") * points * MILLIMETRES_A_POINT


def label_column(labels: Iterable[str]) -> str:
    """Which of `LABEL_COLUMNS` these labels, in bold type, go into with a space behind them."""
    widest = max((_labels_width(label) for label in labels), default=0.0)
    return next((name for name, wide in LABEL_COLUMNS.items() if widest + _ROOM < wide), "longest")


@lru_cache(maxsize=4096)
def _labels_width(label: str) -> float:
    return _advance(f"{label} ", "Bold")


def clipped_to(text: str, width: float, *, points: float, bold: bool = False) -> str:
    """`text`, or as much of it as goes into `width` millimetres on one line."""
    long = text_width(text, points=points, bold=bold)
    most = len(text)
    while long > width and most > 1:
        most = max(1, min(most - 1, int(most * width / long)))
        text = clip(text, most)
        long = text_width(text, points=points, bold=bold)
    return text


def _advance(text: str, font: Font) -> float:
    """The width of a text in sizes of type."""
    return sum(_of_font(sign, font) for sign in text)


@cache
def _of_font(sign: str, font: Font) -> float:
    """The width of a sign in sizes of type; wide where its script is."""
    if east_asian_width(sign) in "WF":
        return 1.0
    if category(sign) in {"Mn", "Me", "Cf"}:
        return 0.0
    if bidirectional(sign) == "AL":
        return _ARABIC
    width: float = _loaded(font).getlength(sign)
    return width / _MEASURED_AT


@cache
def _loaded(font: Font) -> Any:  # noqa: ANN401  # Pillow's font
    from PIL import ImageFont  # noqa: PLC0415  # only where a page is made

    path = template_folder() / FONTS / f"SourceSans3-{font}.ttf"
    return ImageFont.truetype(str(path), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)
