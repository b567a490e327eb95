"""A simple picture of lines, boxes, dots and words, written as SVG or as PNG."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Final, Literal, TypeAlias

from briefgen.page.templates import template_folder

Anchor: TypeAlias = Literal["start", "middle", "end"]
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
    """The picture as PNG, two pixels for each unit."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415  # only where a PNG is asked for

    folder = template_folder() / "fonts"
    image = Image.new("RGB", (picture.width * _ZOOM, picture.height * _ZOOM), "#ffffff")
    draw = ImageDraw.Draw(image)
    for shape in picture.shapes:
        if isinstance(shape, Words):
            face = "SourceSans3-Semibold.ttf" if shape.bold else "SourceSans3-Regular.ttf"
            font = ImageFont.truetype(folder / face, round(shape.size * _ZOOM))
            place = {"start": "ls", "middle": "ms", "end": "rs"}[shape.anchor]
            at = (shape.x * _ZOOM, shape.y * _ZOOM)
            draw.text(at, shape.text, fill=shape.fill, font=font, anchor=place)
        elif isinstance(shape, Dot):
            centre = (shape.x * _ZOOM, shape.y * _ZOOM)
            draw.circle(centre, shape.radius * _ZOOM, shape.fill, shape.stroke, width=3)
        elif isinstance(shape, Rule):
            ends = _zoomed(shape.x1, shape.y1, shape.x2, shape.y2)
            draw.line(ends, fill=shape.stroke, width=max(1, round(shape.width * _ZOOM)))
        else:
            corners = _zoomed(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
            draw.rectangle(corners, fill=shape.fill)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _zoomed(*values: float) -> Sequence[float]:
    return [value * _ZOOM for value in values]
