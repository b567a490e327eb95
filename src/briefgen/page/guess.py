"""A first guess of heights, learned from the layouts of earlier pages.

For each kind of thing it keeps how high texts of each length were, for any stylesheet. A guess
saves a layout if everything fits; the layout then made is measured like any other, so that a wrong
guess only costs a layout. No text of a page is kept.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from msgspec import field, json

from briefgen.brief.sections import Column
from briefgen.page.contents import Contents
from briefgen.page.look import PAGE, STYLE, find_template
from briefgen.page.measure import COLUMNS, Heights, Stretch
from briefgen.page.plan import keep_file
from briefgen.page.text import breadth
from briefgen.workspace.value import Value

Lengths: TypeAlias = dict[str, dict[int, float]]
"""For each kind, the lengths seen, and the last height of a text of that length."""
Slot: TypeAlias = tuple[str, str]
"""The slot of a height: a column or a stretch of lines, and the id in it."""
_NEAR: Final = 12
"""Nothing is guessed further from the lengths seen than this."""
_MOST_KINDS: Final = 400
_MOST_LENGTHS: Final = 200


class LearnedHeights(Value, frozen=True, kw_only=True):
    """The heights of earlier layouts, for one stylesheet, paper and language."""

    file: Path | None
    lengths: Lengths = field(default_factory=dict)

    def learn(self, kind: str, size: int, height: float) -> bool:
        """Keep the height of a text of this length; returns whether that is new."""
        seen = self.lengths.setdefault(kind, {})
        new = seen.get(size) != round(height, 2) and (size in seen or len(seen) < _MOST_LENGTHS)
        if new:
            seen[size] = round(height, 2)
        return new

    def height(self, kind: str, size: int) -> float | None:
        """The height of a text of about this length, or None; of two equally near, the higher."""
        seen = self.lengths.get(kind)
        if not seen:
            return None
        near = min(abs(size - other) for other in seen)
        if size + _NEAR < min(seen) or size - _NEAR > max(seen):
            return None
        return max(high for other, high in seen.items() if abs(size - other) == near)

    def save(self) -> None:
        """Keep it in the workspace, if there is one."""
        if self.file is None or len(self.lengths) > _MOST_KINDS:
            return
        keep_file(self.file, json.encode(self.lengths))


def learned(contents: Contents) -> LearnedHeights:
    """What is known about the stylesheet, paper and language of a page."""
    look = contents.look
    marks = [look.size, str(look.language.locale), contents.brief.edition]
    for name in (STYLE, PAGE):
        path = find_template(name, look.templates)
        marks += [str(path), str(path.stat().st_mtime_ns)]
    digest = hashlib.sha256("\n".join(marks).encode()).hexdigest()[:24]
    memory = look.cache.parent
    return _read(memory / "heights" / f"{digest}.json" if memory.is_dir() else None, digest)


@lru_cache(maxsize=32)
def _read(file: Path | None, _: str) -> LearnedHeights:
    """As it was kept; empty if there is nothing that can be read."""
    lengths: Lengths = {}
    if file is not None:
        with suppress(OSError, ValueError):
            lengths = json.decode(file.read_bytes(), type=Lengths)
    return LearnedHeights(file=file, lengths=lengths)


def learn(page: Mapping[str, Any], heights: Heights, known: LearnedHeights) -> None:
    """Keep the heights of a layout of this page."""
    if _is_simple(page):
        seen = _flat(heights)
        new = [
            known.learn(kind, size, seen[slot])
            for slot, kind, size in _things(page)
            if slot in seen
        ]
        if any(new):
            known.save()


def guess(page: Mapping[str, Any], known: LearnedHeights) -> Heights | None:
    """The heights of a page that has not been laid out; None if something on it is new."""
    if not _is_simple(page):
        return None
    found: dict[Slot, float] = {}
    for slot, kind, size in _things(page):
        high = known.height(kind, size)
        if high is None:
            return None
        found[slot] = high
    return _heights(found)


def _is_simple(page: Mapping[str, Any]) -> bool:
    """Whether there are few enough people for the texts to decide the height of the top."""
    return page["arrangement"] == "column" and page["edition"] == "full" and not page["tight"]


def _things(page: Mapping[str, Any]) -> Iterator[tuple[Slot, str, int]]:
    """Everything on a page that has a height: its slot, its kind, and its length."""
    yield ("top", "page"), "page", 0
    yield ("top", "title"), "title", breadth(page["title"])
    if page["where"]:
        yield ("top", "where"), "where", sum(breadth(fact["text"]) for fact in page["where"])
    if page["glance"]:
        yield from _of_glance(page["glance"], page["short"])
    people = page["faces"]
    for at, face in enumerate(people):
        yield from _of_face(face, at)
    if page["others"]:
        yield ("left", "others"), f"others/{bool(people)}", breadth(page["others"]["names"])
    for column in COLUMNS:
        first = column == "right" or not people
        for part in page[column]:
            yield from _of_part(part, column, first=first)
            first = False
        yield (column, "end"), f"end/{column}/{first}", 0
    for at, question in enumerate(page["questions"]):
        yield from _of_question(question, last=at == len(page["questions"]) - 1)
    yield ("foot", "rest"), f"foot/{bool(page['qr'])}", 0


def _of_glance(glance: Mapping[str, Any], short: int) -> Iterator[tuple[Slot, str, int]]:
    if glance["lead"]:
        yield ("top", "lead"), f"lead/{glance['quiet']}/{short}", _said(glance["lead"])
    rows = [(row, line) for row in glance["rows"] for line in row["lines"]]
    for at, (row, line) in enumerate(rows):
        kind = f"glance/{line['ticked']}/{row['key'] == 'first'}/{short}/{bool(glance['stance'])}"
        yield ("top", f"g{at}"), kind, _said(line)
    kind = f"around/{bool(glance['lead'])}/{len(rows)}/{bool(glance['stance'])}"
    yield ("top", "around"), kind, breadth(glance["evidence"])


def _of_face(face: Mapping[str, Any], at: int) -> Iterator[tuple[Slot, str, int]]:
    about = f"{at > 0}/{bool(face['remark'])}/{len(face['name'] + face['pronouns']) // 6}"
    yield (
        ("left", face["id"]),
        f"face/{about}",
        breadth(face["role"]) + breadth(face["remark"]) + 16 * face["decides"],
    )
    for line in face["lines"]:
        yield ("left", line["id"]), "fact", breadth(line["text"])
    if face["telephone"]:
        yield ("left", f"t{at}"), "telephone", len(face["telephone"])
    if face["mood"]:
        mood = face["mood"]
        longest = max(breadth(dot.words) for dot in mood.dots)
        yield ("left", f"m{at}"), f"mood/{mood.flat}/{len(mood.dots)}", longest


def _of_part(
    part: Mapping[str, Any], column: Column, *, first: bool
) -> Iterator[tuple[Slot, str, int]]:
    said = len(part["heading"]) + len(part["note"])
    yield (column, part["id"]), f"heading/{column}/{first}/{part['rules'] > 0}", said
    for line in part["lines"]:
        shape = f"{part['part']}/{column}/{part['grouped']}/{part['label_column']}"
        kind = f"{shape}/{line['ticked']}/{bool(line['outcome'])}/{len(line['origin']) // 5}"
        yield (column, line["id"]), kind, _said(line)
    if part["more"]:
        yield (column, "beyond"), f"beyond/{column}", len(part["more"])
    if part["rules"]:
        yield (column, "own"), "own", 0
        for name in ("around", "beside", "above", "pitch"):
            yield ("own", name), f"own/{name}", 0


def _of_question(question: Mapping[str, Any], *, last: bool) -> Iterator[tuple[Slot, str, int]]:
    key, facts = question["id"], question["facts"]
    for name in ("around", "above", "pitch"):
        yield (key, name), f"{name}/{last}/{bool(question['stances'])}", 0
    stays = [fact for fact in facts if fact["must_stay"]]
    kind = f"beside/{bool(question['stances'])}/{len(question['question']) // 4}/{len(stays)}"
    yield (key, "beside"), kind, sum(map(_said, stays)) + breadth(question["nothing"])
    for fact in facts:
        if not fact["must_stay"]:
            yield (key, fact["id"]), "known", _said(fact)


def _said(line: Mapping[str, Any]) -> int:
    """The length of a line with its label and note."""
    parts = ("label", "text", "outcome", "late", "when", "note")
    return breadth("".join(line[part] for part in parts if isinstance(line.get(part), str)))


def _flat(heights: Heights) -> dict[Slot, float]:
    """Measured heights by their slots."""
    found: dict[Slot, float] = {("top", key): high for key, high in heights.top.items()}
    found |= {(column, name): high for (column, name), high in heights.pieces.items()}
    found |= {(column, "end"): high for column, high in heights.ends.items()}
    for key, one in heights.stretches.items():
        found |= {
            (key, "around"): one.around,
            (key, "beside"): one.beside,
            (key, "above"): one.above,
            (key, "pitch"): one.pitch,
        }
        found |= {(key, fact): high for fact, high in one.facts.items()}
    rest = sum(one.height for one in heights.stretches.values() if one.column == "foot")
    return {**found, ("foot", "rest"): heights.foot - rest}


def _heights(found: Mapping[Slot, float]) -> Heights:
    """Guessed heights as if they were measured."""
    stretches = {}
    for key in dict.fromkeys(where for where, _ in found if where[0] == "q" or where == "own"):
        own = {name: high for (where, name), high in found.items() if where == key}
        around, beside = own.pop("around"), own.pop("beside")
        above, pitch = own.pop("above"), own.pop("pitch")
        stretch = Stretch(
            key=key, column="right" if key == "own" else "foot", height=0.0, around=around,
            beside=beside, above=above, pitch=pitch, facts=own,
        )  # fmt: skip
        stretches[key] = stretch
    top = {name: high for (where, name), high in found.items() if where == "top"}
    return Heights(
        pieces={
            (column, name): high
            for column in COLUMNS
            for (where, name), high in found.items()
            if where == column and name != "end"
        },
        ends={column: found[column, "end"] for column in COLUMNS},
        stretches=stretches,
        foot=found["foot", "rest"],
        space=2 * top["page"] - sum(top.values()),
        top=top,
    )
