"""A simple picture of lines, boxes, dots and words, written as SVG or as PNG."""

from contextlib import closing
from dataclasses import dataclass, replace
from html import escape
from io import BytesIO
from typing import Final, Literal, TypeAlias

from briefgen.page.templates import PLAIN_STYLE, template_folder
from briefgen.page.typeset import lay_out

Anchor: TypeAlias = Literal["start", "middle", "end"]
_PIXELS_IN_A_POINT: Final = 96 / 72
_BASELINE: Final = 0.85
"""How far below the top of a line of Source Sans 3 its baseline lies, in parts of its size."""
_ZOOM: Final = 2
"""Pixels of the PNG for each unit of the picture."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A disc; hollow where it has no fill."""

    x: float
    y: float
    radius: float
    stroke: str
    fill: str = "#ffffff"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = "#b0b0b0"
    width: float = 1


@dataclass(frozen=True, kw_only=True)
class Words:
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float = 12
    fill: str = "#1a1a1a"
    bold: bool = False
    anchor: Anchor = "start"


Shape: TypeAlias = Box | Dot | Rule | Words


@dataclass(frozen=True, kw_only=True)
class Picture:
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
    return escape("".join(sign if sign.isprintable() else " " for sign in text))


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


def as_png(picture: Picture) -> bytes:
    """The picture as PNG, two pixels for each unit; typeset like a page, so in every script."""
    import pypdfium2  # noqa: PLC0415  # only where a PNG is asked for

    pdf = lay_out(_as_html(picture), style=template_folder() / PLAIN_STYLE).pdf()
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        image = document[0].render(scale=_ZOOM * _PIXELS_IN_A_POINT).to_pil()
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _as_html(picture: Picture) -> str:
    """The shapes as SVG, and its words beside it: the typesetter's SVG knows no right-to-left."""
    words = [shape for shape in picture.shapes if isinstance(shape, Words)]
    others = tuple(shape for shape in picture.shapes if not isinstance(shape, Words))
    sheet = (
        f"@page {{size: {picture.width}px {picture.height}px; margin: 0}}"
        " body {margin: 0} svg {display: block}"
        " p {position: absolute; margin: 0; line-height: 1; white-space: nowrap; width: 100%}"
    )
    return (
        f'<html lang="en"><head><title>{_text(picture.title)}</title><style>{sheet}</style></head>'
        f"<body>{as_svg(replace(picture, shapes=others)).decode()}"
        f"{''.join(_as_paragraph(one, picture.width) for one in words)}</body></html>"
    )


def _as_paragraph(words: Words, width: int) -> str:
    left = {"start": 0, "middle": -width / 2, "end": -width}[words.anchor] + words.x
    side = {"start": "left", "middle": "center", "end": "right"}[words.anchor]
    weight = "600" if words.bold else "400"
    return (
        f'<p style="left: {left:g}px; top: {words.y - words.size * _BASELINE:g}px;'
        f" text-align: {side}; font: {weight} {words.size:g}px/1 'Source Sans 3';"
        f' color: {words.fill}">{_text(words.text)}</p>'
    )
