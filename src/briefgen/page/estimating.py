"""How high a block will probably be: where the first layout begins, never what is left out.

What stays on a page is decided from heights read back from a layout; an estimate only chooses
the size of type and the room to write that this layout is tried with.
"""

import math
from functools import cache
from typing import Any
from unicodedata import east_asian_width

from briefgen.brief.brief import Face
from briefgen.page.blocks import Block, Column, by_label
from briefgen.page.clipping import clip
from briefgen.page.contents import Contents
from briefgen.page.fit import GAP, Heights
from briefgen.page.sheet import LEADING, MILLIMETRES_A_POINT, least_writing
from briefgen.page.templates import FONTS, template_folder

_MEASURED_AT = 64
_WASTE = 1.04  # what is lost at the ends of lines
_RAGGED = 0.35  # of a line: the last one is begun, the ones before are not quite full


def estimate(contents: Contents, points: float, left_out: frozenset[str]) -> Heights:
    """How high everything but `left_out` will probably be in a size of type."""
    sheet = contents.sheet
    line = line_height(points)
    small = line_height(max(8.5, points * 0.89))
    widths: dict[Column, float] = {
        "band": sheet.measure / contents.abreast - 13,
        "side": sheet.side - 4,
        "main": sheet.measure if _alone(contents) else sheet.main - 4,
        "foot": sheet.measure,
    }
    blocks: dict[str, float] = {}
    columns: dict[Column, float] = {"band": 0, "side": 0, "main": 0, "foot": 0}
    sections: set[tuple[Column, str]] = set()
    for block in contents.blocks:
        if block.id in left_out or block.line.mark == "decides":
            continue
        height = _block_height(block, points=points, width=widths[block.column])
        blocks[block.id] = height
        columns[block.column] += 0 if block.prompt is not None else height
        if block.face is None and block.prompt is None:
            sections.add((block.column, block.section))
    for at in range(len(contents.prompts)):
        hints = [b for b in contents.blocks if b.prompt == at and b.id not in left_out]
        for label, mine in by_label(hints).items():
            said = " · ".join(f"{b.line.text} {b.line.note}" for b in mine)
            lines = lines_of(f"{label} {said}", points=max(8.5, points * 0.89), width=sheet.measure)
            columns["foot"] += lines * small * 0.985
    for column, section in sections:
        columns[column] += _HEADING + (4 if section == "repair" else 0)
    if contents.band:
        columns["band"] = _HEADING + _band(contents, points, small)
    else:
        columns["side"] += _HEADING + sum(
            _face(contents, at, points, small) for at in range(len(contents.faces))
        )
    if len(contents.faces) < len(contents.brief.faces) or contents.brief.uncounted:
        columns["band" if contents.band else "side"] += line
    around = _header(contents, points) + columns["band"] + _foot(contents, points, small)
    around += columns["foot"]
    writing = len(contents.prompts) * least_writing(sheet, len(contents.prompts))
    return Heights(
        blocks=blocks,
        columns=columns,
        headings={section: _HEADING * 0.55 for _, section in sections},
        room=sheet.floor - sheet.top - around - writing - GAP,
        around=around,
    )


_HEADING = 8.0  # a section's heading and the space around the section


def _alone(contents: Contents) -> bool:
    """Whether the wide column has the whole width."""
    return contents.band and all(block.column != "side" for block in contents.blocks)


def _block_height(block: Block, *, points: float, width: float) -> float:
    line = line_height(points)
    said = block.line
    text = " ".join(filter(None, (said.channel, said.text, said.note)))
    if block.section == "history":
        label = 3.7 if len(said.label) <= 7 else 5.2  # noqa: PLR2004  # as the stylesheet
        width -= label * points * MILLIMETRES_A_POINT - 4
        return lines_of(text, points=points, width=width) * line + 1.2
    if block.section != "agenda":
        text = f"{said.label} {text}" if said.label else text
    if block.section in {"person", "prompt"}:
        small = max(8.5, points * 0.89)
        return lines_of(text, points=small, width=width + 4) * line_height(small)
    return lines_of(text, points=points, width=width) * line + 0.5


def _face(contents: Contents, at: int, points: float, small: float) -> float:
    """One face in the narrow column without its facts."""
    face = contents.faces[at]
    photo = contents.sheet.photo
    width = contents.sheet.side - photo - 3
    type_size = max(8.5, points * 0.89)
    name = face.name + (" decides" if face.decides else "")
    about = lines_of(name, points=points * 1.16, width=width, bold=True) * points * 1.16 * 0.43
    for said in (face.role, face.remark, face.telephone, "photo?" if face.wants_photo else ""):
        about += lines_of(said or "", points=type_size, width=width) * small * 0.95
    mood = 0.0
    if len(face.mood) > 1:
        words = " · ".join(f"12 Nov {', '.join(one.signals[:2])}" for one in face.mood[-5:])
        mood = 8.4 + lines_of(words, points=type_size, width=contents.sheet.side) * small * 0.95
    return max(photo if face.initials or face.photo else 0, about) + mood + 2.6 + 0.8


def _band(contents: Contents, points: float, small: float) -> float:
    """The faces side by side, row by row."""
    abreast = contents.abreast
    width = contents.sheet.measure / abreast - 13
    heights = []
    for face in contents.faces:
        type_size = max(8.5, points * 0.89)
        name = lines_of(face.name, points=points, width=width, bold=True) * points * 0.43
        role = lines_of(f"{face.role}{face.remark}", points=type_size, width=width) * small * 0.95
        facts = small * _facts_lines(face, points=type_size, width=width + 11)
        heights.append(max(9.0, name + role) + facts + 2)
    rows = [heights[at : at + abreast] for at in range(0, len(heights), abreast)]
    return sum(max(row) for row in rows)


def _facts_lines(face: Face, *, points: float, width: float) -> int:
    """The lines of the one fact beneath a face in a band."""
    if not face.lines:
        return 0
    best = max(face.lines, key=lambda one: one.rank)
    return lines_of(f"{best.label} {best.text}", points=points, width=width - 2.4)


def _header(contents: Contents, points: float) -> float:
    title = text_width(contents.brief.title[:300], points=points * 2.15, bold=True)
    lines = min(2, math.ceil(title / contents.sheet.measure / 0.98))
    size = 2.15 if title < contents.sheet.measure * 1.86 else 1.65
    point = points * MILLIMETRES_A_POINT
    return point * (1.12 * 1.25 + 1.32 + size * 1.12 * lines) + 1.2 + 2.6 + 0.5 + 3.2


def _foot(contents: Contents, points: float, small: float) -> float:
    """The questions without the room to write, the strip for afterwards and the last line."""
    point = points * MILLIMETRES_A_POINT
    height = 0.0
    for prompt in contents.prompts:
        width = contents.sheet.measure
        lines = lines_of(prompt.question[:160], points=points * 1.42, width=width, bold=True)
        height += 0.5 + 1.6 + 2.4 + lines * point * 1.42 * 1.2
        height += small + 0.6 if prompt.stances else 0
    strip = 2
    return height + 0.5 + 1.4 + strip * small * 1.6 / LEADING + 1.2 + small


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
    advance = _advance_bold if bold else _advance
    return sum(map(advance, text)) * points * MILLIMETRES_A_POINT


def clipped_to(text: str, width: float, *, points: float, bold: bool = False) -> str:
    """`text`, or as much of it as goes into `width` millimetres on one line."""
    long = text_width(text, points=points, bold=bold)
    most = len(text)
    while long > width and most > 1:
        most = max(1, min(most - 1, int(most * width / long)))
        text = clip(text, most)
        long = text_width(text, points=points, bold=bold)
    return text


def line_height(points: float) -> float:
    """One line of type, in millimetres."""
    return points * LEADING * MILLIMETRES_A_POINT


@cache
def _advance(sign: str) -> float:
    """The width of a sign in sizes of type; wide where its script is."""
    return _of_font(sign, "Regular")


@cache
def _advance_bold(sign: str) -> float:
    return _of_font(sign, "Bold")


def _of_font(sign: str, weight: str) -> float:
    if east_asian_width(sign) in "WF":
        return 1.0
    width: float = _font(weight).getlength(sign)
    return width / _MEASURED_AT


@cache
def _font(weight: str) -> Any:  # noqa: ANN401  # Pillow's font
    from PIL import ImageFont  # noqa: PLC0415  # only where a page is made

    path = template_folder() / FONTS / f"SourceSans3-{weight}.ttf"
    return ImageFont.truetype(str(path), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)
