"""Fit: what stays on the one page, in which size of type, and how much room there is to write.

Everything is reckoned first: the largest type that all of it goes into, and only where the
smallest is too large still, what has to go. That plan is laid out and measured. A page that
turned out too full, or left room for more, is laid out again by the measured heights; a third
layout is the last.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from briefgen.page.blocks import Block, Column
from briefgen.page.sheet import (
    LEADING,
    MILLIMETRES_A_POINT,
    SMALL,
    SMALLEST,
    TYPE_SIZES,
    Sheet,
    least_writing,
)
from briefgen.page.typesetting import LaidOut

MOST_LAYOUTS: Final = 3
GAP: Final = 4.0
"""Millimetres between the columns and the first question."""
BAND_FACTS: Final = "band"
"""Stands for the facts beneath people who stand side by side, which go all at once."""
DETAILS: Final = "details"
"""Stands for everything of the people but their names."""
_LOOSE: Final = 6.0
"""More than so many millimetres beyond the gap are used by another layout."""
_DOUBT: Final = 1.5
"""What a page is reckoned to be too high, so that it mostly fits at once."""
_SHRINKS: Final = 1.45
"""Heights go with this power of the size of type: lines get lower, and there are fewer."""
_GROWS: Final = 2.0
"""And when type grows, with this one, to be safe."""
_CAPPED_AT: Final = 2.0
_MOST_RECKONINGS: Final = 4
_LINES_WHEN_CUT: Final = 3
_SURE: Final = 5.0
_NOTES: Final[dict[Column, float]] = {"side": 2.0, "main": 1.2, "foot": 1.2, "band": 1.2}
"""Lines of type that say what was left out of a section."""
_MOOD_RANK: Final = 74
"""Their signals decide how to meet them: above older interactions, below promises and needs."""
_COLUMNS: Final[tuple[Column, ...]] = ("side", "main")
_LINE: Final = SMALLEST * LEADING * MILLIMETRES_A_POINT


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a page is to be laid out.

    Attributes:
        points: the size of the body type.
        writing: millimetres to write under each question.
        left_out: ids of what is not on the page: blocks, mood lines, `BAND_FACTS`, `DETAILS`.
        cuts: the graphemes that text and note of a block may have.
    """

    points: float
    writing: float
    left_out: frozenset[str] = frozenset()
    cuts: Mapping[str, int] = field(default_factory=dict)


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


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A layout that fits, the plan it follows, and how many it took."""

    laid: LaidOut
    plan: Plan
    layouts: int


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """One page being fitted.

    Attributes:
        blocks: what could be on it.
        never: ids of blocks that have no place on it.
        prompts: how many questions it asks.
        estimate: how high a page by some plan will probably be.
        lay_out: the layout by a plan.
    """

    blocks: tuple[Block, ...]
    never: frozenset[str]
    sheet: Sheet
    prompts: int
    estimate: Callable[[Plan], Heights]
    lay_out: Callable[[Plan], LaidOut]

    @property
    def least(self) -> float:
        """The least room to write beneath a question."""
        return least_writing(self.sheet, self.prompts)

    def fit(self) -> tuple[Fitted | None, int]:
        """The page that fits, and how many layouts were made; None where none did."""
        plan: Plan | None = self._reckoned()
        best: Fitted | None = None
        for count in range(1, MOST_LAYOUTS + 1):
            assert plan is not None  # noqa: S101  # the loop ends where there is none
            laid = self.lay_out(plan)
            heights = self._measured(laid, plan)
            if fits(laid):
                best = Fitted(laid=laid, plan=plan, layouts=count)
                plan = self._roomier(plan, heights)
            elif best is not None:
                return best, count
            else:
                sure = _SURE if count == MOST_LAYOUTS - 1 else 0
                plan = self._tighter(plan, replace(heights, room=heights.room - sure))
            if plan is None or count == MOST_LAYOUTS:
                return best, count
        return best, MOST_LAYOUTS

    def _reckoned(self) -> Plan:
        """The largest type that everything probably fits in; in the smallest, what fits."""
        plan = Plan(points=SMALLEST, writing=self.least, left_out=self.never)
        capped = self.never | self._capped(self.estimate(plan))
        for points in TYPE_SIZES:
            plan = Plan(points=points, writing=self.least, left_out=capped)
            heights = self.estimate(plan)
            if heights.spare >= _DOUBT:
                return replace(plan, writing=self._writing(heights))
        for _ in range(_MOST_RECKONINGS):
            less = replace(heights, room=heights.room - _DOUBT)
            fewer = self._fewer(plan, less)
            if fewer == plan:
                break
            plan, heights = fewer, self.estimate(fewer)
            if heights.spare >= _DOUBT:
                break
        return replace(plan, writing=self._writing(heights))

    def _capped(self, heights: Heights) -> frozenset[str]:
        """What is not even tried, because about two pages come before it."""
        trimming = _Trimming(self.blocks, heights, room=heights.room * _CAPPED_AT, notes={})
        trimming.leave_out_lines()
        return frozenset(trimming.gone)

    def _writing(self, heights: Heights) -> float:
        """The room to write when every question has its share of what is left."""
        return self.least + max(0.0, heights.spare - _DOUBT) / max(1, self.prompts)

    def _roomier(self, plan: Plan, heights: Heights) -> Plan | None:
        """A plan that uses what a fitting page leaves empty, or None where it is well used."""
        spare = heights.spare - self.prompts * (plan.writing - self.least)
        if spare <= _LOOSE:
            return None
        back = self._brought_back(plan, heights)
        if back:
            fuller = replace(plan, left_out=plan.left_out - back)
            seen = heights.spare - self.estimate(plan).spare
            expected = self.estimate(fuller)
            return replace(
                fuller, writing=self._writing(replace(expected, room=expected.room + seen))
            )
        if plan.left_out == self.never and not plan.cuts:
            for points in (size for size in TYPE_SIZES if size > plan.points):
                larger = heights.scaled(points / plan.points, _GROWS)
                if larger.spare >= 0:
                    return replace(plan, points=points, writing=self._writing(larger))
        return replace(plan, writing=self._writing(heights)) if self.prompts else None

    def _brought_back(self, plan: Plan, heights: Heights) -> frozenset[str]:
        """What was left out and would go in after all."""
        everything = self.estimate(replace(plan, left_out=self.never))
        shown = {block.section for block in self.blocks if block.id not in plan.left_out}
        height = dict(heights.columns)
        back: set[str] = set()
        for block in sorted(self.blocks, key=lambda one: one.worth, reverse=True):
            if block.id not in plan.left_out - self.never or block.column not in _COLUMNS:
                continue
            high = everything.blocks.get(block.id, 0.0)
            if block.section not in shown and block.face is None:
                high += everything.headings.get(block.section, 0.0)
            if high and height[block.column] + high <= heights.room - _DOUBT:
                height[block.column] += high
                shown.add(block.section)
                back.add(block.id)
        return frozenset(back)

    def _tighter(self, plan: Plan, heights: Heights) -> Plan:
        """The next plan for a page that is too full: less room to write, or type, or lines."""
        if heights.spare >= 0:
            return replace(plan, writing=self._writing(heights))
        for points in (size for size in TYPE_SIZES if size < plan.points):
            smaller = heights.scaled(points / plan.points, _SHRINKS)
            if smaller.spare >= 0:
                return replace(plan, points=points, writing=self._writing(smaller))
        return self._fewer(plan, heights.scaled(SMALLEST / plan.points, _SHRINKS))

    def _fewer(self, plan: Plan, heights: Heights) -> Plan:
        """A plan in the smallest type that cuts long lines, then leaves out those of least worth.

        Where even that is too much, people keep nothing but their names, and what must stay is
        cut to about a line each.
        """
        noted = {block.section for block in self.blocks if block.id in plan.left_out}
        trimming = _Trimming(
            self.blocks, heights, room=heights.room, notes=_NOTES, told=noted, cuts=dict(plan.cuts)
        )
        trimming.cut_long()
        trimming.leave_out_lines()
        trimming.leave_out_whole(BAND_FACTS)
        trimming.leave_out_whole(DETAILS)
        trimming.cut_hard()
        return Plan(
            points=SMALLEST,
            writing=self.least,
            left_out=plan.left_out | trimming.gone,
            cuts=trimming.cuts,
        )

    def _measured(self, laid: LaidOut, plan: Plan) -> Heights:
        """What a layout shows; of what it does not show, what was reckoned."""
        seen = measured(
            laid, self.blocks, plan=plan, sheet=self.sheet, least=self.least, prompts=self.prompts
        )
        reckoned = self.estimate(plan)
        return replace(
            seen,
            blocks={**reckoned.blocks, **seen.blocks},
            headings={**reckoned.headings, **seen.headings},
        )


def fits(laid: LaidOut) -> bool:
    """Whether a layout is one page in which nothing runs into the questions."""
    ends = max(laid.tops.get("side-end", 0), laid.tops["main-end"])
    return laid.pages == 1 and ends <= laid.tops["foot"] - 1


def measured(
    laid: LaidOut,
    blocks: tuple[Block, ...],
    *,
    plan: Plan,
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
        room=tops["foot"] + prompts * (plan.writing - least) - start - GAP,
        around=start - sheet.top + columns["foot"] - prompts * plan.writing,
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
        if block.column in _COLUMNS and block.id in places[block.column]
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


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """Something that can be left out: a line, or a mood line."""

    id: str
    worth: tuple[int, int]
    column: Column
    section: str
    must_stay: bool = False
    counts: bool = True


class _Trimming:
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

    def over(self, column: Column) -> bool:
        """Whether a column is still too high; the foot is where either of them is."""
        if column == "foot":
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
            here = block.column in _COLUMNS and block.id in self._high and block.id not in self.gone
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

    def _has_room_for(self, piece: _Piece) -> bool:
        high = self._high[piece.id]
        if piece.column == "foot":
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
        if column in _COLUMNS:
            self._now[column] -= height
        else:
            self._room += height

    def leave_out_whole(self, key: str) -> None:
        """Leave out the facts in a band, or the details of people, where there is no other way."""
        if not self.over("foot") or key not in self._high:
            return
        band = any(block.column == "band" for block in self._blocks) or key == BAND_FACTS
        self.gone.add(key)
        if key == BAND_FACTS:
            self.gone |= {block.id for block in self._blocks if block.column == "band"}
        self._lower("band" if band else "side", self._high[key])
