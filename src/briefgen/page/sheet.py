"""The sheet: what paper there is, and in which sizes of type a page may be set."""

from dataclasses import dataclass
from typing import Final

from briefgen.workspace.settings import Size

TYPE_SIZES: Final = (10.5, 10.0, 9.5, 9.0, 8.5)
"""Points of the body type, in the order in which they are tried."""
SMALLEST: Final = TYPE_SIZES[-1]
LEADING: Final = 1.32
"""Line height, as the stylesheet has it, in sizes of type."""
SMALL: Final = 0.89
"""Small type in sizes of the body type, as the stylesheet has it; never below the smallest."""
MILLIMETRES_A_POINT: Final = 25.4 / 72


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One paper's measures in millimetres, as the stylesheet has them.

    Attributes:
        css_class: what the stylesheet calls it.
        width, height: of the paper.
        margin: left and right; `top` and `bottom` the others.
        side: the width of the narrow column; `gutter` lies between it and the wide one.
        writing: the least room to write under each of the two questions.
        abreast: how many people stand side by side in a band.
        photo: the side of a photo in the narrow column.
    """

    css_class: str
    width: float
    height: float
    margin: float
    top: float
    bottom: float
    side: float
    gutter: float
    writing: float
    abreast: int
    photo: float

    @property
    def measure(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    @property
    def main(self) -> float:
        """The width of the wide column."""
        return self.measure - self.side - self.gutter

    @property
    def floor(self) -> float:
        """Where the page's content must end, from the top of the paper."""
        return self.height - self.bottom


SHEETS: Final[dict[Size, Sheet]] = {
    "A4": Sheet(
        css_class="a4", width=210, height=297, margin=15, top=13, bottom=11,
        side=56, gutter=8, writing=18, abreast=4, photo=15,
    ),
    "Letter": Sheet(
        css_class="letter", width=215.9, height=279.4, margin=16, top=13, bottom=11,
        side=57, gutter=8, writing=18, abreast=4, photo=15,
    ),
    "A5": Sheet(
        css_class="a5", width=148, height=210, margin=11, top=9, bottom=8,
        side=41, gutter=5, writing=12, abreast=3, photo=11,
    ),
}  # fmt: skip


def least_writing(sheet: Sheet, prompts: int) -> float:
    """The least room under each of so many questions; many questions share what two would have."""
    return sheet.writing if prompts <= 2 else max(6.0, 2 * sheet.writing / prompts)  # noqa: PLR2004
