"""A simple picture of lines, boxes, dots and words, written as SVG."""

from html import escape
from typing import Literal, TypeAlias

from briefgen.workspace.value import Value

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
