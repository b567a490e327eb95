"""Fit: what stays on the one page, in which size of type, and how much room there is to write.

The page is laid out once with everything. If that is one page with room to write, it is the
brief. If not, each block's height is read back from that layout, a smaller type is taken before
anything is left out, and it is laid out again; a third layout is the last.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from briefgen.page.blocks import Block, Column
from briefgen.page.sheet import SMALLEST, TYPE_SIZES, Sheet, least_writing
from briefgen.page.typesetting import LaidOut

MOST_LAYOUTS: Final = 3
GAP: Final = 4.0
"""Millimetres between the columns and the first question."""
_LOOSE: Final = 9.0
"""More than so many millimetres beyond the gap are given to the questions by another layout."""
_SHRINKS: Final = 1.45
"""Heights go with this power of the size of type: lines get lower, and there are fewer."""
_GROWS: Final = 2.0
"""And when type grows, with this one, to be safe."""
_CAPPED_AT: Final = 2.0
_LINES_WHEN_CUT: Final = 3


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
        room: what the columns may have while each question has the least room to write.
        around: header and foot without the room to write.
    """

    blocks: Mapping[str, float]
    columns: Mapping[Column, float]
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
    sheet: Sheet,
    prompts: int,
    estimate: Callable[[float, frozenset[str]], Heights],
    lay_out: Callable[[Plan], LaidOut],
) -> tuple[Fitted | None, int]:
    """The page that fits, and how many layouts were made; None where three did not find one."""
    capped = _capped(blocks, estimate(SMALLEST, frozenset()))
    plan = _first_plan(sheet, prompts, capped, estimate)
    best: Fitted | None = None
    for count in range(1, MOST_LAYOUTS + 1):
        laid = lay_out(plan)
        heights = measured(laid, blocks, plan=plan, sheet=sheet, prompts=prompts)
        if _fits(laid):
            best = Fitted(laid=laid, plan=plan, layouts=count)
            next_plan = _roomier(plan, heights, capped, sheet=sheet, prompts=prompts)
        elif best is not None:
            return best, count
        else:
            next_plan = _tighter(plan, heights, blocks, sheet=sheet, prompts=prompts)
        if next_plan is None:
            return best, count
        plan = next_plan
    return best, MOST_LAYOUTS


def measured(
    laid: LaidOut, blocks: Iterable[Block], *, plan: Plan, sheet: Sheet, prompts: int
) -> Heights:
    """The heights that a layout shows: from the top of each thing to the top of the next."""
    tops = laid.tops
    start = tops["columns"]
    columns: dict[Column, float] = {
        "side": tops["side-end"] - start,
        "main": tops["main-end"] - start,
        "foot": sheet.floor - tops["foot"],
    }
    spare = prompts * (plan.writing - least_writing(sheet, prompts))
    return Heights(
        blocks=_distances(tops, blocks),
        columns=columns,
        room=tops["foot"] + spare - start - GAP,
        around=start - sheet.top + columns["foot"] - prompts * plan.writing,
    )


def _distances(tops: Mapping[str, float], blocks: Iterable[Block]) -> dict[str, float]:
    """For each block the way down to whatever comes next in its column."""
    found: dict[str, float] = {}
    blocks = tuple(blocks)
    own = {block.id: block.column for block in blocks}
    ends: dict[Column, str] = {"side": "side-end", "main": "main-end", "foot": "after"}
    for column, end in ends.items():
        here = [tops[key] for key, place in own.items() if place == column and key in tops]
        others = [top for key, top in tops.items() if key not in own and top <= tops[end]]
        marks = sorted({*here, *others})
        for key, place in own.items():
            if place == column and key in tops:
                below = [top for top in marks if top > tops[key] + 0.01]
                found[key] = (below[0] if below else tops[end]) - tops[key]
    return found


def _fits(laid: LaidOut) -> bool:
    ends = max(laid.tops["side-end"], laid.tops["main-end"])
    return laid.pages == 1 and ends <= laid.tops["foot"] - 1


def _capped(blocks: tuple[Block, ...], heights: Heights) -> frozenset[str]:
    """What is not even tried, because about two pages come before it."""
    left: set[str] = set()
    for column in ("side", "main"):
        left |= _left_out(blocks, heights, column, heights.room * _CAPPED_AT, note=0)
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
    plan: Plan, heights: Heights, capped: frozenset[str], *, sheet: Sheet, prompts: int
) -> Plan | None:
    """A plan that uses what a fitting page leaves empty, or None where it is well used."""
    if plan.left_out == capped and not plan.cuts:
        for points in (size for size in TYPE_SIZES if size > plan.points):
            larger = heights.scaled(points / plan.points, _GROWS)
            if larger.need <= larger.room:
                return replace(plan, points=points, writing=_writing(larger, sheet, prompts))
    writing = _writing(heights, sheet, prompts)
    if prompts and (writing - plan.writing) * prompts > _LOOSE:
        return replace(plan, writing=writing)
    return None


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
    """A plan in the smallest type that cuts long lines, then leaves out those of least worth."""
    line = SMALLEST * 1.32 * 25.4 / 72
    cuts = dict(plan.cuts)
    left = set(plan.left_out)
    for column in ("side", "main"):
        over = heights.columns[column] - heights.room
        if over <= 0:
            continue
        here = [block for block in blocks if block.column == column and block.id in heights.blocks]
        lower = dict(heights.blocks)
        for block in sorted(here, key=lambda one: one.worth):
            height = lower[block.id]
            most = line * _LINES_WHEN_CUT + 1
            if over > 0 and height > most + line:
                share = most / height
                cuts[block.id] = max(60, int(len(block.line.text) * share * 0.94))
                lower[block.id] = most
                over -= height - most
        if over > 0:
            columns: dict[Column, float] = {**heights.columns, column: heights.room + over}
            now = replace(heights, blocks=lower, columns=columns)
            left |= _left_out(blocks, now, column, heights.room, note=2 * line)
    return Plan(
        points=SMALLEST,
        writing=least_writing(sheet, prompts),
        left_out=frozenset(left),
        cuts=cuts,
    )


def _left_out(
    blocks: Iterable[Block], heights: Heights, column: Column, room: float, *, note: float
) -> set[str]:
    """What must go from a column so that it is no higher than `room`, the least worth first.

    `note` is the height of the line that says what was left out of a section.
    """
    here = [block for block in blocks if block.column == column and block.id in heights.blocks]
    height = heights.columns[column]
    gone: list[Block] = []
    noted: set[str] = set()
    for block in sorted(here, key=lambda one: one.worth):
        if height <= room:
            break
        if block.must_stay:
            continue
        gone.append(block)
        height -= heights.blocks[block.id]
        if block.section not in noted:
            noted.add(block.section)
            height += note
    back = set()
    for block in reversed(gone):
        if height + heights.blocks[block.id] <= room:
            height += heights.blocks[block.id]
            back.add(block.id)
    return {block.id for block in gone} - back
