"""The measured heights of everything in a layout, in millimetres.

Only the places of elements with an id are read; nothing here depends on the stylesheet.
"""

from collections.abc import Collection, Iterable, Mapping
from math import inf
from typing import Final

from msgspec import field

from briefgen.brief.sections import Column
from briefgen.page.contents import Contents
from briefgen.page.plan import Plan
from briefgen.page.typeset import LaidOut
from briefgen.workspace.value import Value

COLUMNS: Final[tuple[Column, ...]] = ("left", "right")
_HAIR: Final = 0.05
"""Rounding of the typesetter, in millimetres."""


class Stretch(Value, frozen=True, kw_only=True):
    """Ruled lines and the text beside them: the higher of the two decides.

    Attributes:
        key: like `q0` for the first question.
        column: `foot` for a question, `left` or `right` for lines among other things.
        height: of all of it, as measured; `around` is the space above and below both.
        beside: the height of the text that is always beside the lines.
        above: where the lines begin, from the top.
        pitch: of the lines.
        facts: the height of each fact that may be left out.
    """

    key: str
    column: Column
    height: float
    around: float
    beside: float
    above: float
    pitch: float
    facts: Mapping[str, float] = field(default_factory=dict)

    def high(self, lines: int, left_out: Collection[str] = ()) -> float:
        """Its height with that many lines, and without some of the facts."""
        return self.around + max(self._beside(left_out), self.above + lines * self.pitch)

    def is_led_by_facts(self, lines: int, left_out: Collection[str]) -> bool:
        """Whether leaving out a fact makes it less high."""
        return self._beside(left_out) > self.above + lines * self.pitch + _HAIR

    def _beside(self, left_out: Collection[str]) -> float:
        return self.beside + sum(h for key, h in self.facts.items() if key not in left_out)

    def and_before(self, before: "Stretch | None") -> "Stretch":
        """This one, with what only an earlier layout measured."""
        if before is None:
            return self
        facts = {**before.facts, **self.facts}
        return self.replace(pitch=self.pitch or before.pitch, facts=facts)


class Heights(Value, frozen=True, kw_only=True):
    """The heights of a page, in millimetres.

    Attributes:
        pieces: what each piece adds to its column; a heading with the space above it.
        ends: the space in a column below its last piece.
        stretches: the ruled lines.
        foot: the height of everything from the first question down.
        space: from the top of the columns to the bottom of the page.
        top: the height of each piece above the columns; `page` is the whole height.
    """

    pieces: Mapping[tuple[Column, str], float]
    ends: Mapping[Column, float]
    stretches: Mapping[str, Stretch]
    foot: float
    space: float
    top: Mapping[str, float] = field(default_factory=dict)

    @property
    def pitch(self) -> float:
        """The height of a row to write in; infinite if there is none."""
        return min((one.pitch for one in self.stretches.values() if one.pitch), default=inf)

    def piece(self, column: Column, key: str) -> float:
        """What a piece adds; if it was not measured in this column, what it adds to the other."""
        found = self.pieces.get((column, key))
        if found is None:
            found = next((high for (_, one), high in self.pieces.items() if one == key), 0.0)
        return found

    def and_before(self, before: "Heights | None") -> "Heights":
        """These heights, with those of pieces that only an earlier layout measured."""
        if before is None:
            return self
        stretches = {
            key: one.and_before(before.stretches.get(key)) for key, one in self.stretches.items()
        }
        return Heights(
            pieces={**before.pieces, **self.pieces},
            ends=self.ends,
            stretches={**before.stretches, **stretches},
            foot=self.foot,
            space=self.space,
            top=self.top,
        )


def fits(laid: LaidOut) -> bool:
    """Whether a layout is one page in which nothing runs into the questions."""
    lowest = max(laid.tops[f"{column}-end"] for column in COLUMNS)
    return laid.pages == 1 and lowest <= laid.tops["foot"] + _HAIR


def beyond_limit(laid: LaidOut) -> float:
    """How much too high the glance is, or zero."""
    limit = laid.tops.get("glance-limit")
    beyond = laid.tops["glance-end"] - limit if limit is not None else 0.0
    return beyond if beyond > _HAIR else 0.0


def overrun(laid: LaidOut) -> float:
    """How far the columns overlap the questions."""
    return max(laid.tops[f"{column}-end"] for column in COLUMNS) - laid.tops["foot"]


def measured(laid: LaidOut, contents: Contents, plan: Plan) -> Heights:
    """The heights that a layout shows: from the top of each thing to the top of the next."""
    tops = laid.tops
    start = tops["body"]
    pieces: dict[tuple[Column, str], float] = {}
    ends: dict[Column, float] = {}
    for column in COLUMNS:
        keys = [piece.id for piece in contents.pieces(column, plan) if piece.id in tops]
        marks = [f"e-{part}" for part in contents.parts(column, plan)]
        if column == "left":
            marks += [f"e-f{at}" for at in range(len(contents.people.faces))] + ["e-people"]
        own = [key for key in plan.lines if key == "own" and key in tops]
        keys += [key for key in marks if key in tops]
        keys += own if column == "right" or contents.column_of("agenda", plan) == column else []
        for key, high in _distances(tops, keys, start, tops[f"{column}-end"]):
            if key.startswith("e-"):
                ends[column] = high
            else:
                pieces[column, key] = high
        ends.setdefault(column, tops[f"{column}-end"] - start if not keys else 0.0)
    return Heights(
        pieces=pieces,
        ends=ends,
        stretches=dict(_stretches(tops, contents, plan, pieces)),
        foot=tops["page-end"] - tops["foot"],
        space=tops["page-end"] - start,
        top=_top(tops),
    )


def _top(tops: Mapping[str, float]) -> dict[str, float]:
    """The heights above the columns: title, place, the lines of the glance, and the rest."""
    if "page" not in tops:  # a template of the user's
        return {}
    end = tops["body"]
    glance = tops.get("glance", end)
    found = {"page": tops["page-end"] - tops["page"]}
    found["title"] = tops.get("where", glance) - tops["page"]
    if "where" in tops:
        found["where"] = glance - tops["where"]
    order = [key for key in tops if key == "lead" or (key[0] == "g" and key[1:].isdigit())]
    if "glance" in tops:
        bottom = tops.get("glance-rows", end)
        below = [*(tops[key] for key in order[1:]), bottom]
        found |= {key: high - tops[key] for key, high in zip(order, below, strict=False)}
        found["around"] = end - glance - sum(found[key] for key in order)
    return found


def _distances(
    tops: Mapping[str, float], keys: Iterable[str], start: float, end: float
) -> Iterable[tuple[str, float]]:
    """What each thing adds: the distance to the next, and the space above it after an end."""
    order = sorted(keys, key=lambda key: (tops[key], not key.startswith("e-")))
    above: float | None = start
    for at, key in enumerate(order):
        below = tops[order[at + 1]] if at + 1 < len(order) else end
        top = tops[key] if above is None else above
        if not key.startswith("e-"):
            above = None
            yield key, below - top
        elif at + 1 < len(order):
            above = top
        else:
            yield key, below - top


def _stretches(
    tops: Mapping[str, float],
    contents: Contents,
    plan: Plan,
    pieces: Mapping[tuple[Column, str], float],
) -> Iterable[tuple[str, Stretch]]:
    places = {key: tops[_start_of(key, contents)] for key in plan.lines if f"{key}-w" in tops}
    feet = [place for key, place in places.items() if key.startswith("q")] + [tops["after"]]
    for key in sorted(places, key=lambda one: (one != "own", places[one])):
        top, count = places[key], plan.lines[key]
        first, last = tops[f"{key}-w"], tops[f"{key}-e"]
        in_foot = key.startswith("q")
        column: Column = "foot" if in_foot else contents.column_of("agenda", plan)
        below = min((foot for foot in feet if foot > top), default=last) if in_foot else last
        high = below - top if in_foot else pieces[column, _start_of(key, contents)]
        facts = _facts(tops, contents, key) if in_foot else {}
        beside = tops.get(f"{key}-f", top) - top
        yield (
            key,
            Stretch(
                key=key,
                column=column,
                height=high,
                around=high - max(beside, last - top),
                beside=beside - sum(facts.values()),
                above=first - top,
                pitch=(last - first) / count if count else 0.0,
                facts=facts,
            ),
        )


def _start_of(key: str, contents: Contents) -> str:
    """The id of the element at which a stretch of lines begins."""
    return contents.items[key].id if key in contents.items else key


def _facts(tops: Mapping[str, float], contents: Contents, key: str) -> dict[str, float]:
    """The facts beneath a question that could be left out, and the height of each."""
    mine = [b for b in contents.blocks if b.prompt == int(key[1:]) and b.id in tops]
    order = [tops[block.id] for block in mine] + [_end_of_facts(tops, key)]
    found: dict[str, float] = {}
    for at, block in enumerate(mine):
        if not block.must_stay:
            found[block.id] = order[at + 1] - order[at]
    return found


def _end_of_facts(tops: Mapping[str, float], key: str) -> float:
    """Where the facts beneath a question end: at the stances below them, or at the end."""
    end, stances = tops.get(f"{key}-f", 0.0), tops.get(f"{key}-s", 0.0)
    first = tops.get(f"{key}-w", 0.0)
    return stances if first < stances <= end else end
