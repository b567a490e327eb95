"""Fit: what stays on the one page, in which size of type, and how much room there is to write.

The page is laid out once with everything. If that is one page with room to write, it is the
brief. If not, each block's height is read back from that layout, a smaller type is taken before
anything is left out, and it is laid out again; a third layout is the last.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from briefgen.page.blocks import Block, Column
from briefgen.page.sheet import (
    LEADING,
    MILLIMETRES_A_POINT,
    SMALLEST,
    TYPE_SIZES,
    Sheet,
    least_writing,
)
from briefgen.page.typesetting import LaidOut

MOST_LAYOUTS: Final = 3
GAP: Final = 4.0
"""Millimetres between the columns and the first question."""
_LOOSE: Final = 12.0
"""More than so many millimetres beyond the gap are given to the questions by another layout."""
_SHRINKS: Final = 1.45
"""Heights go with this power of the size of type: lines get lower, and there are fewer."""
_GROWS: Final = 2.0
"""And when type grows, with this one, to be safe."""
_CAPPED_AT: Final = 2.0
_LINES_WHEN_CUT: Final = 3
_SURE: Final = 5.0
_NOTES: Final[dict[Column, float]] = {"side": 2.2, "main": 1.9}
"""Lines of type that say what was left out of a section."""
_HEADING: Final = 8.5
_COLUMNS: Final[tuple[Column, ...]] = ("side", "main")
_LINE: Final = SMALLEST * LEADING * MILLIMETRES_A_POINT


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a page is to be laid out.

    Attributes:
        points: the size of the body type.
        writing: millimetres to write under each question.
        left_out: ids of the blocks that are not on the page.
        cuts: the graphemes that the text of a block may have.
    """

    points: float
    writing: float
    left_out: frozenset[str] = frozenset()
    cuts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Heights:
    """What a layout measured, or an estimate of it, in millimetres.

    Attributes:
        blocks: each block with its distance to the next.
        columns: the height of each whole column.
        headings: for each section, from its heading to its first line.
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


def fit(
    blocks: tuple[Block, ...],
    *,
    never: frozenset[str],
    sheet: Sheet,
    prompts: int,
    estimate: Callable[[float, frozenset[str]], Heights],
    lay_out: Callable[[Plan], LaidOut],
) -> tuple[Fitted | None, int]:
    """The page that fits, and how many layouts were made; None where three did not find one."""
    capped = never | _capped(blocks, estimate(SMALLEST, never))
    plan = _first_plan(sheet, prompts, capped, estimate)
    best: Fitted | None = None
    known: dict[str, tuple[float, float]] = {}
    for count in range(1, MOST_LAYOUTS + 1):
        laid = lay_out(plan)
        heights = measured(laid, blocks, plan=plan, sheet=sheet, prompts=prompts)
        known |= {key: (high, plan.points) for key, high in heights.blocks.items()}
        if fits(laid):
            best = Fitted(laid=laid, plan=plan, layouts=count)
            next_plan = _roomier(
                plan, heights, blocks, capped, known=known, sheet=sheet, prompts=prompts
            )
        elif best is not None:
            return best, count
        else:
            sure = replace(heights, room=heights.room - (_SURE if count > 1 else 0))
            next_plan = _tighter(plan, sure, blocks, sheet=sheet, prompts=prompts)
        if next_plan is None:
            return best, count
        plan = next_plan
    return best, MOST_LAYOUTS


def measured(
    laid: LaidOut, blocks: tuple[Block, ...], *, plan: Plan, sheet: Sheet, prompts: int
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
    spare = prompts * (plan.writing - least_writing(sheet, prompts))
    return Heights(
        blocks=_distances(tops, blocks),
        columns=columns,
        headings=_headings(tops, blocks),
        room=tops["foot"] + spare - start - GAP,
        around=start - sheet.top + columns["foot"] - prompts * plan.writing,
    )


def _distances(tops: Mapping[str, float], blocks: tuple[Block, ...]) -> dict[str, float]:
    """For each block the way down to whatever comes next in its column."""
    found: dict[str, float] = {}
    places: dict[Column, dict[str, float]] = {"band": {}, "side": {}, "main": {}, "foot": {}}
    column_of = _columns_of(blocks)
    for key, top in tops.items():
        if column := column_of(key):
            places[column][key] = top
    for block in blocks:
        here = places[block.column]
        if block.id in here:
            top = here[block.id]
            found[block.id] = _way_down(top, here)
    for column in _COLUMNS:
        moods = (key for key in places[column] if key.startswith("m") and key[1:].isdigit())
        found |= {key: _way_down(tops[key], places[column]) for key in moods}
    return found


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


def fits(laid: LaidOut) -> bool:
    """Whether a layout is one page in which nothing runs into the questions."""
    ends = max(laid.tops.get("side-end", 0), laid.tops["main-end"])
    return laid.pages == 1 and ends <= laid.tops["foot"] - 1


def _capped(blocks: tuple[Block, ...], heights: Heights) -> frozenset[str]:
    """What is not even tried, because about two pages come before it."""
    left: set[str] = set()
    for column in _COLUMNS:
        left |= _left_out(blocks, heights, column, heights.room * _CAPPED_AT, note=0)[0]
    return frozenset(left)


def _first_plan(
    sheet: Sheet,
    prompts: int,
    capped: frozenset[str],
    estimate: Callable[[float, frozenset[str]], Heights],
) -> Plan:
    """The largest type that everything probably fits in, and the room to write that is left."""
    least = least_writing(sheet, prompts)
    for points in TYPE_SIZES:
        heights = estimate(points, capped)
        if heights.need <= heights.room:
            spare = (heights.room - heights.need) / max(1, prompts)
            return Plan(points=points, writing=least + spare, left_out=capped, cuts={})
    return Plan(points=SMALLEST, writing=least, left_out=capped, cuts={})


def _roomier(
    plan: Plan,
    heights: Heights,
    blocks: tuple[Block, ...],
    capped: frozenset[str],
    *,
    known: Mapping[str, tuple[float, float]],
    sheet: Sheet,
    prompts: int,
) -> Plan | None:
    """A plan that uses what a fitting page leaves empty, or None where it is well used."""
    if plan.left_out != capped:
        back = _brought_back(plan, heights, blocks, capped, known)
        if back:
            left_out = plan.left_out - back
            return replace(plan, left_out=left_out, writing=least_writing(sheet, prompts))
    if plan.left_out == capped and not plan.cuts:
        for points in (size for size in TYPE_SIZES if size > plan.points):
            larger = heights.scaled(points / plan.points, _GROWS)
            if larger.need <= larger.room:
                return replace(plan, points=points, writing=_writing(larger, sheet, prompts))
    writing = _writing(heights, sheet, prompts)
    if prompts and (writing - plan.writing) * prompts > _LOOSE:
        return replace(plan, writing=writing)
    return None


def _brought_back(
    plan: Plan,
    heights: Heights,
    blocks: tuple[Block, ...],
    capped: frozenset[str],
    known: Mapping[str, tuple[float, float]],
) -> set[str]:
    """What was left out and would go in after all, by the heights of an earlier layout."""
    shown = {block.section for block in blocks if block.id not in plan.left_out}
    height = dict(heights.columns)
    back: set[str] = set()
    for block in sorted(blocks, key=lambda one: one.worth, reverse=True):
        if block.id not in plan.left_out or block.id in capped or block.id not in known:
            continue
        if block.column not in _COLUMNS:
            continue
        high, points = known[block.id]
        high *= (plan.points / points) ** _SHRINKS
        high += 0 if block.section in shown or block.face is not None else _HEADING
        if height[block.column] + high <= heights.room - _LINE:
            height[block.column] += high
            shown.add(block.section)
            back.add(block.id)
    return back


def _writing(heights: Heights, sheet: Sheet, prompts: int) -> float:
    least = least_writing(sheet, prompts)
    return least + max(0.0, heights.room - heights.need) / max(1, prompts)


def _tighter(
    plan: Plan,
    heights: Heights,
    blocks: tuple[Block, ...],
    *,
    sheet: Sheet,
    prompts: int,
) -> Plan | None:
    """The next plan for a page that is too full: less room to write, smaller type, fewer lines."""
    if heights.need <= heights.room:
        return replace(plan, writing=_writing(heights, sheet, prompts))
    for points in (size for size in TYPE_SIZES if size < plan.points):
        smaller = heights.scaled(points / plan.points, _SHRINKS)
        if smaller.need <= smaller.room:
            writing = _writing(smaller, sheet, prompts)
            return replace(plan, points=points, writing=writing)
    smaller = heights.scaled(SMALLEST / plan.points, _SHRINKS)
    return _fewer(plan, smaller, blocks, sheet=sheet, prompts=prompts)


def _fewer(
    plan: Plan, heights: Heights, blocks: tuple[Block, ...], *, sheet: Sheet, prompts: int
) -> Plan:
    """A plan in the smallest type that cuts long lines, then leaves out those of least worth.

    Where even that is too much, what stands beneath the questions goes, and what must stay is cut
    to about a line each.
    """
    noted = frozenset(block.section for block in blocks if block.id in plan.left_out)
    trimming = _Trimming(
        blocks=blocks, heights=heights, cuts=dict(plan.cuts), room=heights.room, noted=noted
    )
    for column in _COLUMNS:
        trimming.cut_long(column)
        trimming.leave_out(column)
    if trimming.over("side"):
        trimming.clear_moods()
    if trimming.over("side") or trimming.over("main"):
        trimming.clear_foot()
        trimming.clear_band()
    for column in _COLUMNS:
        trimming.cut_hard(column)
    return Plan(
        points=SMALLEST,
        writing=least_writing(sheet, prompts),
        left_out=plan.left_out | trimming.gone,
        cuts=trimming.cuts,
    )


@dataclass(kw_only=True)
class _Trimming:
    """Columns being made lower, step by step, on paper only."""

    blocks: tuple[Block, ...]
    heights: Heights
    cuts: dict[str, int]
    room: float
    noted: frozenset[str]
    gone: set[str] = field(default_factory=set)
    _now: dict[Column, float] = field(init=False)
    _lower: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        self._now = dict(self.heights.columns)
        self._lower = dict(self.heights.blocks)

    def over(self, column: Column) -> bool:
        """Whether a column is still too high."""
        return self._now[column] > self.room

    def cut_long(self, column: Column) -> None:
        """Cut lines of many lines of type to a few, the least worth first."""
        for block in sorted(self._here(column), key=lambda one: one.worth):
            if self.over(column) and self._lower[block.id] > (_LINES_WHEN_CUT + 1.3) * _LINE:
                self._cut(block, _LINES_WHEN_CUT)

    def cut_hard(self, column: Column) -> None:
        """Cut what is left to two lines of type, then to one."""
        for lines in (2, 1):
            for block in sorted(self._here(column), key=lambda one: one.worth):
                if self.over(column) and self._lower[block.id] > (lines + 0.8) * _LINE:
                    self._cut(block, lines)

    def leave_out(self, column: Column) -> None:
        """Leave out the lines of least worth."""
        columns: dict[Column, float] = {**self._now}
        now = replace(self.heights, blocks=self._lower, columns=columns)
        here = tuple(self._here(column))
        left, self._now[column] = _left_out(
            here, now, column, self.room, note=_NOTES[column] * _LINE, noted=self.noted
        )
        self.gone |= left

    def clear_moods(self) -> None:
        """Leave out the mood lines."""
        for key in self._lower:
            if key.startswith("m"):
                self.gone.add(key)
                self._now["side"] -= self._lower[key]

    def clear_foot(self) -> None:
        """Leave out what stands beneath the questions."""
        self._clear("foot")

    def clear_band(self) -> None:
        """Leave out the facts beneath people who stand side by side."""
        self._clear("band")

    def _clear(self, column: Column) -> None:
        for block in self.blocks:
            if block.column == column:
                self.gone.add(block.id)
                self.room += self._lower.get(block.id, 0.0) if column == "foot" else 0.0

    def _here(self, column: Column) -> list[Block]:
        return [
            block
            for block in self.blocks
            if block.column == column and block.id in self._lower and block.id not in self.gone
        ]

    def _cut(self, block: Block, lines: int) -> None:
        height = self._lower[block.id]
        target = lines * _LINE + 0.6
        most = min(self.cuts.get(block.id, len(block.line.text)), len(block.line.text))
        self.cuts[block.id] = max(24, int(most * target / height * 0.92))
        self._lower[block.id] = target
        self._now[block.column] -= height - target


def _left_out(
    blocks: Iterable[Block],
    heights: Heights,
    column: Column,
    room: float,
    *,
    note: float,
    noted: frozenset[str] = frozenset(),
) -> tuple[set[str], float]:
    """What must go from a column so that it is no higher than `room`, the least worth first.

    `note` is the height of the line that says what was left out of a section; those in `noted`
    have one already. The height that the column has then comes with it.
    """
    here = [block for block in blocks if block.column == column and block.id in heights.blocks]
    height = heights.columns[column]
    remaining = Counter(block.section for block in here)
    gone: list[Block] = []
    told = set(noted)
    for block in sorted(here, key=lambda one: one.worth):
        if height <= room:
            break
        if block.must_stay:
            continue
        gone.append(block)
        height -= heights.blocks[block.id]
        remaining[block.section] -= 1
        if block.section not in told:
            told.add(block.section)
            height += note
        if not remaining[block.section]:
            height -= heights.headings.get(block.section, 0.0)
    back = set()
    for block in reversed(gone):
        if remaining[block.section] and height + heights.blocks[block.id] <= room:
            height += heights.blocks[block.id]
            back.add(block.id)
    return {block.id for block in gone} - back, height
