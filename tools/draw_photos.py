"""Draws the sample contacts' portraits: flat faces of people who do not exist.

Run it from the repository's root: `python tools/draw_photos.py`.
"""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SCALE = 4
WIDTH, HEIGHT = 360, 450
FOLDER = Path("data/contacts/photos")

Colour = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """One face: its colours and hair style."""

    skin: Colour
    hair: Colour
    shirt: Colour
    ground: Colour
    style: str
    glasses: bool = False
    beard: bool = False


PORTRAITS = {
    "dana-smith": Portrait(
        skin=(233, 190, 160), hair=(92, 52, 32), shirt=(44, 74, 108), ground=(214, 226, 233),
        style="long",
    ),
    "lee-wong": Portrait(
        skin=(238, 205, 168), hair=(32, 28, 30), shirt=(70, 78, 84), ground=(226, 222, 208),
        style="short", glasses=True,
    ),
    "miriam-adler": Portrait(
        skin=(240, 205, 180), hair=(150, 146, 142), shirt=(122, 52, 64), ground=(236, 224, 214),
        style="bob", glasses=True,
    ),
    "eleni-papadaki": Portrait(
        skin=(222, 176, 140), hair=(52, 36, 28), shirt=(36, 104, 112), ground=(220, 232, 228),
        style="bun",
    ),
    "henrik-lund": Portrait(
        skin=(242, 208, 184), hair=(196, 168, 112), shirt=(60, 92, 70), ground=(222, 228, 216),
        style="short", beard=True,
    ),
    "grace-okafor": Portrait(
        skin=(112, 72, 50), hair=(30, 22, 20), shirt=(204, 142, 44), ground=(232, 224, 206),
        style="round",
    ),
    "priya-nair": Portrait(
        skin=(176, 122, 84), hair=(26, 22, 24), shirt=(104, 66, 120), ground=(228, 220, 232),
        style="long",
    ),
}  # fmt: skip


def darker(colour: Colour, by: float = 0.86) -> Colour:
    """The same colour in shade."""
    red, green, blue = (int(part * by) for part in colour)
    return red, green, blue


class Easel:
    """A canvas measured in pixels of the finished picture."""

    def __init__(self, ground: Colour) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), ground)
        self.draw = ImageDraw.Draw(self.image)

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """An ellipse around (x, y)."""
        box = [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE]
        self.draw.ellipse(box, fill=colour)

    def arc(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        angles: tuple[int, int],
        colour: Colour,
        width: float,
    ) -> None:
        """A part of an ellipse's outline."""
        box = [(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE]
        self.draw.arc(box, *angles, fill=colour, width=int(width * SCALE))

    def block(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        colour: Colour,
        radius: float = 0,
    ) -> None:
        """A rectangle with round corners."""
        box = [left * SCALE, top * SCALE, right * SCALE, bottom * SCALE]
        self.draw.rounded_rectangle(box, radius=radius * SCALE, fill=colour)

    def finished(self) -> Image.Image:
        """The picture, its edges smooth."""
        soft = self.image.filter(ImageFilter.GaussianBlur(SCALE / 3))
        return soft.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def draw(portrait: Portrait) -> Image.Image:
    """Paint from the back to the front."""
    easel = Easel(portrait.ground)
    easel.ellipse(180, 250, 230, 230, darker(portrait.ground, 0.96))
    hair_behind(easel, portrait)
    easel.ellipse(180, 470, 150, 130, portrait.shirt)
    easel.block(150, 255, 210, 365, darker(portrait.skin), 26)
    easel.ellipse(180, 352, 44, 26, darker(portrait.skin))
    easel.ellipse(104, 205, 14, 22, darker(portrait.skin))
    easel.ellipse(256, 205, 14, 22, darker(portrait.skin))
    easel.ellipse(180, 200, 78, 96, portrait.skin)
    if portrait.beard:
        easel.arc(180, 214, 76, 84, (12, 168), portrait.hair, 30)
    hair_in_front(easel, portrait)
    face(easel, portrait)
    return easel.finished()


def hair_behind(easel: Easel, portrait: Portrait) -> None:
    """The hair behind neck and shoulders."""
    match portrait.style:
        case "long":
            easel.block(84, 130, 276, 372, portrait.hair, 80)
        case "bob":
            easel.block(88, 110, 272, 290, portrait.hair, 80)
        case "round":
            easel.ellipse(180, 160, 120, 112, portrait.hair)
        case "bun":
            easel.ellipse(180, 78, 42, 38, portrait.hair)
            easel.ellipse(180, 172, 92, 98, portrait.hair)
        case _:
            easel.ellipse(180, 166, 86, 86, portrait.hair)


def hair_in_front(easel: Easel, portrait: Portrait) -> None:
    """The fringe."""
    box = [(100 * SCALE), (96 * SCALE), (260 * SCALE), (250 * SCALE)]
    easel.draw.chord(box, 192, 348, fill=portrait.hair)


def face(easel: Easel, portrait: Portrait) -> None:
    """Eyes, brows, nose, mouth, and perhaps glasses."""
    ink = (44, 34, 32)
    for x in (150, 210):
        easel.ellipse(x, 205, 6.5, 7.5, ink)
        easel.arc(x, 192, 18, 12, (205, 335), darker(portrait.hair, 0.8), 4.5)
        if portrait.glasses:
            easel.arc(x, 206, 24, 22, (0, 360), ink, 3.5)
    if portrait.glasses:
        easel.arc(180, 204, 9, 6, (190, 350), ink, 3.5)
    easel.arc(180, 226, 11, 14, (30, 150), darker(portrait.skin, 0.78), 3.5)
    easel.arc(180, 240, 28, 22, (25, 155), (150, 62, 60), 5)


def main() -> None:
    """Draw them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, portrait in PORTRAITS.items():
        draw(portrait).save(FOLDER / f"{name}.jpg", quality=86, optimize=True)


if __name__ == "__main__":
    main()
