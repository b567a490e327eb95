"""What a layout shows: how high everything on a page is, in millimetres."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from briefgen.page.blocks import Block, Column
from briefgen.page.sheet import Sheet
from briefgen.page.typeset import LaidOut

GAP: Final = 4.0
"""Millimetres between the columns and the first question."""
COLUMNS: Final[tuple[Column, ...]] = ("side", "main")


@dataclass(frozen=True, kw_only=True)
class Heights:
    """What a layout measured, or an estimate of it, in millimetres.

    Attributes:
        blocks: each block, and whatever else can be left out, with its distance to the next.
        columns: the height of each whole column.
        headings: what a section takes besides its lines.
        room: what the columns may have while each question has the least room to write.
        around: header and foot without the room to write.
    """

    blocks: Mapping[str, float]
    columns: Mapping[Column, float]
    headings: Mapping[str, float]
    room: float
    around: float

    @property
    def need(self) -> float:
        """The height of the higher column."""
        return max(self.columns["side"], self.columns["main"])

    @property
    def spare(self) -> float:
        """What is left when every question has its least room; negative where it is too little."""
        return self.room - self.need

    def scaled(self, ratio: float, power: float) -> "Heights":
        """The heights as they would be in type that is `ratio` as large."""
        factor = ratio**power
        around = self.around * ratio
        return Heights(
            blocks={key: height * factor for key, height in self.blocks.items()},
            columns={key: height * factor for key, height in self.columns.items()},
            headings={key: height * ratio for key, height in self.headings.items()},
            room=self.room + self.around - around,
            around=around,
        )


def fits(laid: LaidOut) -> bool:
    """Whether a layout is one page in which nothing runs into the questions."""
    ends = max(laid.tops.get("side-end", 0), laid.tops["main-end"])
    return laid.pages == 1 and ends <= laid.tops["foot"] - 1


def measured(
    laid: LaidOut,
    blocks: tuple[Block, ...],
    *,
    writing: float,
    sheet: Sheet,
    least: float,
    prompts: int,
) -> Heights:
    """The heights that a layout shows: from the top of each thing to the top of the next."""
    tops = laid.tops
    start = tops.get("band-end", tops["columns"])
    columns: dict[Column, float] = {
        "band": start - tops["columns"],
        "side": tops.get("side-end", start) - start,
        "main": tops["main-end"] - start,
        "foot": sheet.floor - tops["foot"],
    }
    return Heights(
        blocks=_distances(tops, blocks),
        columns=columns,
        headings=_headings(tops, blocks),
        room=tops["foot"] + prompts * (writing - least) - start - GAP,
        around=start - sheet.top + columns["foot"] - prompts * writing,
    )


def _distances(tops: Mapping[str, float], blocks: tuple[Block, ...]) -> dict[str, float]:
    """For each block of the columns the way down to whatever comes next in its column."""
    places: dict[Column, dict[str, float]] = {"band": {}, "side": {}, "main": {}, "foot": {}}
    column_of = _columns_of(blocks)
    for key, top in tops.items():
        if column := column_of(key):
            places[column][key] = top
    return {
        block.id: _way_down(places[block.column][block.id], places[block.column])
        for block in blocks
        if block.column in COLUMNS and block.id in places[block.column]
    }


def _way_down(top: float, others: Mapping[str, float]) -> float:
    return min((low - top for low in others.values() if low > top), default=0.0)


def _headings(tops: Mapping[str, float], blocks: tuple[Block, ...]) -> dict[str, float]:
    """For each section on the page the way from its heading to its first line."""
    found: dict[str, float] = {}
    for block in blocks:
        heading = tops.get(f"h-{block.section}")
        if heading is not None and block.id in tops and block.section != "person":
            found.setdefault(block.section, tops[block.id] - heading)
    return found


def _columns_of(blocks: tuple[Block, ...]) -> Callable[[str], Column | None]:
    """What tells the column of an element with an id; None for those between the columns."""
    own = {block.id: block.column for block in blocks}
    parts = {block.section: block.column for block in blocks if block.section != "person"}
    people: Column = "band" if any(block.column == "band" for block in blocks) else "side"
    ends: dict[str, Column] = {"side-end": "side", "main-end": "main", "after": "foot"}

    def column_of(key: str) -> Column | None:
        if key in own:
            return own[key]
        if key in ends:
            return ends[key]
        kind, _, section = key.partition("-")
        if kind in {"h", "o"}:
            return parts.get(section, people)  # type: ignore[call-overload,no-any-return]
        if re.fullmatch(r"[fm][0-9]+|more", key):
            return people
        return "foot" if re.fullmatch(r"[qw][0-9]+", key) else None

    return column_of
