"""How high a block will probably be: where the first layout begins, never what is left out.

What stays on a page is decided from heights read back from a layout; an estimate only chooses
the size of type and the room to write that this layout is tried with.
"""

import math
from functools import cache
from typing import Any

from briefgen.page.sheet import LEADING, MILLIMETRES_A_POINT
from briefgen.page.templates import FONTS, template_folder

_MEASURED_AT = 64
_WASTE = 1.04  # what is lost at the ends of lines
_RAGGED = 0.35  # of a line: the last one is begun, the ones before are not quite full


def lines_of(text: str, *, points: float, width: float, bold: bool = False) -> int:
    """The lines of type that `text` takes in a column of `width` millimetres."""
    if not text:
        return 0
    long = text_width(text, points=points, bold=bold)
    if long <= width:
        return 1
    return max(2, math.ceil(long * _WASTE / width - 1 + _RAGGED) + 1 if long > width * 2 else 2)


def text_width(text: str, *, points: float, bold: bool = False) -> float:
    """The width of `text` on one line, in millimetres."""
    units: float = _font("Bold" if bold else "Regular").getlength(text)
    return units / _MEASURED_AT * points * MILLIMETRES_A_POINT


def line_height(points: float) -> float:
    """One line of type, in millimetres."""
    return points * LEADING * MILLIMETRES_A_POINT


@cache
def _font(weight: str) -> Any:  # noqa: ANN401  # Pillow's font
    from PIL import ImageFont  # noqa: PLC0415  # only where a page is made

    path = template_folder() / FONTS / f"SourceSans3-{weight}.ttf"
    return ImageFont.truetype(str(path), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)
