"""Fit: what stays on the one page, in which size of type, and how much room there is to write.

Everything is reckoned first: the largest type that all of it goes into, and only where the
smallest is too large still, what has to go. That plan is laid out and measured. A page that
turned out too full, or left room for more, is laid out again by the measured heights; a third
layout is the last.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from briefgen.brief.brief import Section
from briefgen.page.blocks import Block
from briefgen.page.measure import COLUMNS, Heights, fits, measured
from briefgen.page.sheet import SMALLEST, TYPE_SIZES, Sheet, least_writing
from briefgen.page.trim import BAND_FACTS, DETAILS, NOTES, Trimming
from briefgen.page.typeset import LaidOut

MOST_LAYOUTS: Final = 3
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
_SURE: Final = 5.0
_RANK_OF_OTHERS: Final = 60
"""What is no line of its own, as a mood line, is worth about as much as such a line."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a page is to be laid out.

    Attributes:
        points: the size of the body type.
        writing: millimetres to write under each question.
        left_out: ids of what is not on the page: blocks, mood lines, `BAND_FACTS`, `DETAILS`.
        cuts: the graphemes that text and note of a block may have.
        aside: as `Contents.aside`; only where a plan is kept.
    """

    points: float
    writing: float
    left_out: frozenset[str] = frozenset()
    cuts: Mapping[str, int] = field(default_factory=dict)
    aside: frozenset[Section] = frozenset()


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
        plan: Plan | None = self.reckoned
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

    @property
    def loss(self) -> int:
        """What of worth the reckoned plan leaves out: one line of high rank weighs several low."""
        gone = self.reckoned.left_out - self.never
        ranks = {block.id: block.line.rank for block in self.blocks}
        return sum(ranks.get(one, _RANK_OF_OTHERS) ** 2 for one in gone)

    @cached_property
    def reckoned(self) -> Plan:
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
        trimming = Trimming(self.blocks, heights, room=heights.room * _CAPPED_AT, notes={})
        trimming.leave_out_lines()
        people = {block.id for block in self.blocks if block.column == "band"} | {BAND_FACTS}
        return frozenset(trimming.gone - people)

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
            if block.id not in plan.left_out - self.never or block.column not in COLUMNS:
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
        trimming = Trimming(
            self.blocks, heights, room=heights.room, notes=NOTES, told=noted, cuts=dict(plan.cuts)
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
            laid,
            self.blocks,
            writing=plan.writing,
            sheet=self.sheet,
            least=self.least,
            prompts=self.prompts,
        )
        reckoned = self.estimate(plan)
        return replace(
            seen,
            blocks={**reckoned.blocks, **seen.blocks},
            headings={**reckoned.headings, **seen.headings},
        )
