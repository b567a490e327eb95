"""Fit: what stays on the one page, and how many lines there are to write on.

Everything that may be on the page is laid out first, with the least room to write. The measured
heights decide what stays and how the remaining space is used; that is laid out, and measured again.
"""

from collections.abc import Callable
from typing import Final

from briefgen.brief.sections import Column
from briefgen.page.contents import Contents, Piece
from briefgen.page.measure import (
    COLUMNS,
    Heights,
    Stretch,
    beyond_limit,
    fits,
    measured,
    overrun,
)
from briefgen.page.plan import MOST_SHORT, Plan
from briefgen.page.typeset import LaidOut
from briefgen.workspace.value import Value

MOST_LAYOUTS: Final = 3
_DOUBT: Final = 0.1
"""Millimetres that a column stays short of the questions."""
_WORTH_MOVING: Final = 0.1
"""How much less another arrangement must leave out to be worth it, as it changes heights too."""
_MOST_LINES: Final = 24


class Fitted(Value, frozen=True, kw_only=True):
    """A layout that fits, its plan, and whether it has the ids that are measured."""

    laid: LaidOut
    plan: Plan
    is_measured: bool = False


def fit(
    contents: Contents,
    lay_out: Callable[[Plan, bool], LaidOut],
    guess: Heights | None = None,
) -> tuple[Fitted | None, int, Heights | None]:
    """The page that fits, how many layouts were made, and the heights that they measured.

    `lay_out` makes a layout from a plan, either with every id that is measured, or as the final
    sheet with few, which costs less. The last one is final, so that a plan always makes the same
    bytes. With a `guess` of the heights nothing is measured if everything fits; if a guess does not
    lead to a page, it is made without.
    """
    fitted, layouts, heights = _fit(contents, lay_out, guess)
    if fitted is None and guess is not None:
        fitted, more, heights = _fit(contents, lay_out, None)
        layouts += more
    if fitted is not None and fitted.is_measured:
        fitted, layouts = fitted.replace(laid=lay_out(fitted.plan, False)), layouts + 1
    return fitted, layouts, heights


def _fit(
    contents: Contents, lay_out: Callable[[Plan, bool], LaidOut], guess: Heights | None
) -> tuple[Fitted | None, int, Heights | None]:
    plan = first_plan(contents, guess)
    heights = guess if plan.lines != contents.least_lines else None
    seen: Heights | None = None
    best: Fitted | None = None
    doubt = _DOUBT
    measuring = heights is None
    for count in range(1, MOST_LAYOUTS + 1):
        laid = lay_out(plan, measuring)
        cut = beyond_limit(laid) if plan.short < MOST_SHORT else 0.0
        if fits(laid) and (not cut or count == MOST_LAYOUTS):
            best = Fitted(laid=laid, plan=plan, is_measured=measuring)
        elif best is not None:
            return best, count, seen
        if measuring or heights is None:
            heights = seen = measured(laid, contents, plan).and_before(seen)
        elif best is not None:
            spare = -overrun(laid) - heights.pitch
            if spare <= 0:
                return best, count, seen
            doubt -= spare
        if best is None and (count > 1 or not measuring):  # the earlier heights are wrong
            doubt += 0.5 + (0.0 if cut else max(0.0, overrun(laid)))
        better = choose(contents, heights.replace(space=heights.space + cut), plan, doubt=doubt)
        better = better.replace(short=plan.short + (cut > 0))
        if better == plan and not measuring:
            return best, count, seen
        shape = (better.short, better.tight) != (plan.short, plan.tight)
        measuring = shape and count < MOST_LAYOUTS - 1
        plan = better
    return best, MOST_LAYOUTS, seen


def first_plan(contents: Contents, guess: Heights | None) -> Plan:
    """Everything with the least room to write; with a guess, the probable last plan."""
    everything = Plan(left_out=contents.never, lines=contents.least_lines)
    if guess is None:
        return everything
    guessed = choose(contents, guess, everything, doubt=_DOUBT)
    return guessed if guessed.left_out == contents.never else everything


def choose(contents: Contents, heights: Heights, before: Plan, *, doubt: float) -> Plan:
    """The plan for these heights: of two arrangements, the one that leaves out less."""
    if not contents.movable:
        return _Choice(contents, heights, before, doubt=doubt).plan()[1]
    lost, here = _Choice(contents, heights, before.replace(moved=frozenset()), doubt=doubt).plan()
    lost_there, there = _Choice(
        contents, heights, before.replace(moved=contents.movable), doubt=doubt
    ).plan()
    return there if lost_there < (1 - _WORTH_MOVING) * lost else here


class _Choice:
    """What stays on the page in one arrangement."""

    def __init__(self, contents: Contents, heights: Heights, before: Plan, *, doubt: float) -> None:
        self._contents = contents
        self._heights = heights
        self._before = before
        self._doubt = doubt
        self._pieces: dict[Column, list[Piece]] = {
            column: list(contents.pieces(column, before)) for column in COLUMNS
        }
        self._gone: set[str] = set(contents.never)
        self._lines = dict(contents.least_lines)

    def plan(self) -> tuple[int, Plan]:
        """The worth of what it leaves out, and the plan."""
        if any(self._over(column) > 0 for column in COLUMNS):
            self._lines.update(dict.fromkeys(self._contents.items, 0))
        self._leave_out()
        self._take_back()
        tight = any(self._over(column) > 0 for column in COLUMNS)
        self._fill()
        plan = self._before.replace(
            left_out=frozenset(self._gone),
            lines=dict(self._lines),
            tight=self._before.tight or tight,
        )
        return self._loss(), plan

    def _loss(self) -> int:
        """The worth of what is left out; a line of high rank weighs as much as several low ones."""
        pieces = (piece for column in COLUMNS for piece in self._pieces[column])
        gone = self._gone - self._contents.never
        return sum(piece.worth[0] ** 3 for piece in pieces if piece.id in gone)

    def _height(self, column: Column) -> float:
        """The height of a column, with the headings of parts that are not empty."""
        kept = [piece for piece in self._pieces[column] if piece.id not in self._gone]
        parts = {piece.part for piece in kept if not piece.id.startswith("h-")}
        if self._contents.own_agenda:
            parts.add("agenda")
        high = self._heights.ends.get(column, 0.0)
        for piece in kept:
            if not piece.id.startswith("h-") or piece.part in parts:
                high += self._heights.piece(column, piece.id)
        return high + sum(self._beside(stretch) for stretch in self._stretches(column))

    def _beside(self, stretch: Stretch) -> float:
        """The height that ruled lines add to a column, or to the agenda item beside them."""
        item = self._contents.items.get(stretch.key)
        if item is None:
            return stretch.high(self._lines[stretch.key])
        if item.id in self._gone:
            return 0.0
        return stretch.high(self._lines[stretch.key]) - stretch.height

    def _stretches(self, column: Column) -> list[Stretch]:
        return [one for one in self._heights.stretches.values() if one.column == column]

    def _foot(self) -> float:
        """The height of the foot, with its present lines and facts."""
        return self._heights.foot + sum(
            stretch.high(self._lines[stretch.key], self._gone) - stretch.height
            for stretch in self._stretches("foot")
        )

    def _over(self, column: Column) -> float:
        """How much too high a column is; negative if there is room."""
        return self._height(column) + self._foot() + self._doubt - self._heights.space

    def _leave_out(self) -> None:
        """Leave out what is worth least, wherever room is needed."""
        facts = {key: stretch for stretch in self._stretches("foot") for key in stretch.facts}
        for column, piece in self._by_worth():
            over = [self._over(one) > 0 for one in COLUMNS]
            if not any(over):
                return
            if column == "foot":
                stretch = facts.get(piece.id)
                if stretch is None or not stretch.is_led_by_facts(
                    self._lines[stretch.key], self._gone
                ):
                    continue
                self._gone.add(piece.id)
            elif over[COLUMNS.index(column)]:
                self._gone.add(piece.id)

    def _by_worth(self) -> list[tuple[Column, Piece]]:
        """What may be left out, the least worth first."""
        found: list[tuple[Column, Piece]] = [
            (column, piece)
            for column in COLUMNS
            for piece in self._pieces[column]
            if not piece.must_stay and not piece.id.startswith("h-")
        ]
        found += [
            ("foot", Piece(id=block.id, part="questions", block=block))
            for block in self._contents.of_part("questions")
            if not block.must_stay
        ]
        found = [one for one in found if one[1].id not in self._gone]
        return sorted(found, key=lambda one: one[1].worth)

    def _take_back(self) -> None:
        """Put back what there is room for, the most worth first."""
        for column in COLUMNS:
            gone = [p for p in self._pieces[column] if p.id in self._gone - self._contents.never]
            for piece in sorted(gone, key=lambda one: one.worth, reverse=True):
                self._gone.discard(piece.id)
                if self._over(column) > 0:
                    self._gone.add(piece.id)

    def _fill(self) -> None:
        """Fill the remaining space with lines to write on, the first stretch first."""
        grew = True
        while grew:
            grew = False
            for key in self._heights.stretches:
                gone = key in self._contents.items and self._contents.items[key].id in self._gone
                full = self._lines[key] >= _MOST_LINES or not self._heights.stretches[key].pitch
                if gone or full:
                    continue
                self._lines[key] += 1
                if all(self._over(column) <= 0 for column in COLUMNS):
                    grew = True
                else:
                    self._lines[key] -= 1
