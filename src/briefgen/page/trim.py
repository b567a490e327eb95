"""Making a page less full on paper, before it is laid out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from briefgen.page.blocks import Block, Column
from briefgen.page.measure import COLUMNS, Heights
from briefgen.page.sheet import LEADING, MILLIMETRES_A_POINT, SMALL, SMALLEST

BAND_FACTS: Final = "band"
"""Stands for the facts beneath people who stand side by side, which go all at once."""
DETAILS: Final = "details"
"""Stands for everything of the people but their names."""
_LINES_WHEN_CUT: Final = 3
NOTES: Final[dict[Column, float]] = {"side": 2.0, "main": 1.2, "foot": 1.2, "band": 1.2}
"""Lines of type that say what was left out of a section."""
_MOOD_RANK: Final = 74
"""Their signals decide how to meet them: above older interactions, below promises and needs."""
_BAND_RANK: Final = 89
"""How long people have been known is worth less than an apology that is owed, or a strain."""
_LINE: Final = SMALLEST * LEADING * MILLIMETRES_A_POINT


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """Something that can be left out: a line, or a mood line."""

    id: str
    worth: tuple[int, int]
    column: Column
    section: str
    must_stay: bool = False
    counts: bool = True


class Trimming:
    """A page being made less full, step by step, on paper only.

    What stands beneath the questions makes room for both columns when it goes, so that all of a
    page's lines are weighed against each other.
    """

    def __init__(
        self,
        blocks: tuple[Block, ...],
        heights: Heights,
        *,
        room: float,
        notes: Mapping[Column, float],
        told: Iterable[str] = (),
        cuts: dict[str, int] | None = None,
    ) -> None:
        self.gone: set[str] = set()
        self.cuts = cuts if cuts is not None else {}
        self._blocks = blocks
        self._room = room
        self._notes = notes
        self._told = set(told)
        self._headings = heights.headings
        self._high = dict(heights.blocks)
        self._now = dict(heights.columns)
        self._pieces = sorted(self._all_pieces(), key=lambda one: one.worth)
        self._remaining: dict[str, int] = {}
        for piece in self._pieces:
            self._remaining[piece.section] = self._remaining.get(piece.section, 0) + 1

    def _all_pieces(self) -> Iterable[_Piece]:
        for block in self._blocks:
            if block.id in self._high and block.column != "band":
                yield _Piece(
                    id=block.id,
                    worth=block.worth,
                    column=block.column,
                    section=block.section,
                    must_stay=block.must_stay,
                )
        for key in self._high:
            if re.fullmatch("m[0-9]+", key):
                worth = (_MOOD_RANK, -int(key[1:]))
                yield _Piece(id=key, worth=worth, column="side", section=key, counts=False)
        if BAND_FACTS in self._high:
            yield _Piece(
                id=BAND_FACTS,
                worth=(_BAND_RANK, 0),
                column="band",
                section=BAND_FACTS,
                counts=False,
            )

    def over(self, column: Column) -> bool:
        """Whether a column is still too high; foot and band are where either of them is."""
        if column not in COLUMNS:
            return self.over("side") or self.over("main")
        return self._now[column] > self._room

    def cut_long(self) -> None:
        """Cut lines of many lines of type to a few, the least worth first."""
        self._cut_all(_LINES_WHEN_CUT, more_than=_LINES_WHEN_CUT + 1.3)

    def cut_hard(self) -> None:
        """Cut what is left to two lines of type, then to one."""
        for lines in (2, 1):
            self._cut_all(lines, more_than=lines + 0.8)

    def _cut_all(self, lines: int, *, more_than: float) -> None:
        for block in sorted(self._blocks, key=lambda one: one.worth):
            here = block.column in COLUMNS and block.id in self._high and block.id not in self.gone
            if here and self.over(block.column) and self._high[block.id] > more_than * _LINE:
                self._cut(block, lines)

    def _cut(self, block: Block, lines: int) -> None:
        height = self._high[block.id]
        target = lines * _LINE + 0.6
        most = min(self.cuts.get(block.id, block.length), block.length)
        self.cuts[block.id] = max(24, int(most * target / height * 0.92))
        self._high[block.id] = target
        self._now[block.column] -= height - target

    def leave_out_lines(self) -> None:
        """Leave out the lines of least worth, and then take back what there was room for."""
        taken = []
        for piece in self._pieces:
            if not self.over("foot"):
                break
            if self.over(piece.column) and not piece.must_stay and piece.id not in self.gone:
                self._drop(piece)
                taken.append(piece)
        for piece in reversed(taken):
            if self._has_room_for(piece):
                self._keep(piece)
        if BAND_FACTS in self.gone:
            self.gone |= {block.id for block in self._blocks if block.column == "band"}

    def _has_room_for(self, piece: _Piece) -> bool:
        high = self._high[piece.id]
        if piece.column not in COLUMNS:
            return max(self._now["side"], self._now["main"]) + high <= self._room
        return self._now[piece.column] + high + self._heading_of(piece) <= self._room

    def _heading_of(self, piece: _Piece) -> float:
        """What the section of a piece takes besides, where nothing else of it is on the page.

        That is its heading, and the note of what is left out, which then stands elsewhere.
        """
        if self._remaining[piece.section] or piece.column == "foot":
            return 0.0
        heading = self._headings.get(piece.section, 0.0)
        return heading + self._note(piece.column) if heading else 0.0

    def _note(self, column: Column) -> float:
        lines = self._notes.get(column, 0.0)
        return lines * SMALL * _LINE + 0.5 if lines else 0.0

    def _drop(self, piece: _Piece) -> None:
        self.gone.add(piece.id)
        self._remaining[piece.section] -= 1
        self._lower(piece.column, self._high[piece.id])
        if not piece.counts:
            return
        if piece.section not in self._told:
            self._told.add(piece.section)
            column: Column = "main" if piece.column == "foot" else piece.column
            self._lower(column, -self._note(column))
        self._lower(piece.column, self._heading_of(piece))

    def _keep(self, piece: _Piece) -> None:
        self._lower(piece.column, -self._high[piece.id] - self._heading_of(piece))
        self.gone.discard(piece.id)
        self._remaining[piece.section] += 1

    def _lower(self, column: Column, height: float) -> None:
        if column in COLUMNS:
            self._now[column] -= height
        else:
            self._room += height

    def leave_out_whole(self, key: str) -> None:
        """Leave out the facts in a band, or the details of people, where there is no other way."""
        if not self.over("foot") or key not in self._high or key in self.gone:
            return
        band = any(block.column == "band" for block in self._blocks) or key == BAND_FACTS
        self.gone.add(key)
        if key == BAND_FACTS:
            self.gone |= {block.id for block in self._blocks if block.column == "band"}
        self._lower("band" if band else "side", self._high[key])
