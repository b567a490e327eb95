"""What a page shows of its brief, and where: the blocks and pieces that are measured."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from briefgen.brief.brief import Brief, Face, Line, Prompt, Section
from briefgen.brief.sections import SECTIONS, Column, Part, section_row
from briefgen.page.look import Look
from briefgen.page.people import People, people_of
from briefgen.page.photos import Photo, prepare_photo
from briefgen.page.plan import Plan
from briefgen.page.text import (
    bound,
    in_one_piece,
    length,
    tidy,
    unwidowed,
)
from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Size
from briefgen.workspace.value import Value

AGENDA_SHOWN: Final = 10
"""In the full edition; the others are counted."""
_LONGEST: Final = 360
_YEAR_BEHIND: Final = re.compile(r"\u00a0(?=\d{4}\Z)")
_LONGEST_LABEL: Final = 40
_LONGEST_NOTE: Final = 140
_LONGEST_ORIGIN: Final = 40
_CHARACTERS: Final[dict[Size, int]] = {"A4": 3000, "Letter": 2900, "A5": 1900}
"""The limit of what is tried: about 1.2 pages of lines."""
_A_LINE: Final = 25
"""What a line costs besides its characters."""


class Block(Value, frozen=True, kw_only=True):
    """What is left out or stays as a unit: mostly a line, sometimes a few that share a paragraph.

    Attributes:
        id: its id in the page, only a number, which reveals nothing of the brief.
        lines: what it says, already cut to the longest length of a line.
        order: its place among all blocks.
        must_stay: never left out.
        face: the index of the face it belongs to, or None.
        prompt: the index of the question it belongs to, or None.
    """

    id: str
    lines: tuple[Line, ...]
    order: int
    must_stay: bool = False
    face: int | None = None
    prompt: int | None = None

    @property
    def line(self) -> Line:
        """The first of its lines."""
        return self.lines[0]

    @property
    def section(self) -> Section:
        """The section of its lines."""
        return self.line.section

    @property
    def worth(self) -> tuple[int, int]:
        """The sorting key for leaving out: the lowest rank, and of equal ones the last."""
        rank = max(line.rank for line in self.lines)
        return (rank + section_row(self.section).worth, -self.order)

    @property
    def cost(self) -> int:
        """About how many characters of the page it takes."""
        said = sum(length(line.text) + length(line.note) for line in self.lines)
        return said + _A_LINE


def blocks_of(brief: Brief, *, faces: Sequence[Face], language: Language) -> tuple[Block, ...]:
    """Every line of the brief, in the order of the page."""
    found: list[Block] = []
    for row in SECTIONS:
        if row.key not in {"person", "prompt"}:
            found += _of_section(brief.section(row.key), row.key, len(found), language)
    for at, face in enumerate(faces):
        for lines in _paragraphs(face.lines):
            said = _readable(lines, "person", language)
            found.append(Block(id=f"b{len(found)}", lines=said, order=len(found), face=at))
    for at, prompt in enumerate(brief.prompts):
        for place, line in enumerate(prompt.lines):
            stays = place < section_row("prompt").stays
            said = _readable((line,), "prompt", language)
            found.append(
                Block(id=f"b{len(found)}", lines=said, order=len(found), must_stay=stays, prompt=at)
            )
    return tuple(found)


def _of_section(
    lines: Iterable[Line], section: Section, start: int, language: Language
) -> list[Block]:
    row = section_row(section)
    found: list[Block] = []
    kept = 0
    for at, line in enumerate(lines):
        counts = section == "agenda" or line.mark == "overdue"
        stays = line.must_stay and not row.stays
        if counts:
            kept += 1
            stays = kept <= row.stays
        said = _readable((line,), section, language)
        place = start + at
        found.append(Block(id=f"b{place}", lines=said, order=place, must_stay=stays))
    return found


def _paragraphs(lines: Iterable[Line]) -> list[tuple[Line, ...]]:
    """The facts of a face; interests share a paragraph."""
    interests = tuple(line for line in lines if line.rule == "interest")
    found: list[tuple[Line, ...]] = []
    for line in lines:
        if line.rule != "interest":
            found.append((line,))
        elif line is interests[0]:
            found.append(interests)
    return found


def within_reach(blocks: Sequence[Block], size: Size) -> frozenset[str]:
    """The ids of blocks that may be on the page: about 1.2 pages of them, by their worth."""
    room, kept = _CHARACTERS[size], []
    for block in sorted(blocks, key=lambda one: (one.must_stay, one.worth), reverse=True):
        room -= block.cost
        if room < 0 and not block.must_stay:
            break
        kept.append(block.id)
    return frozenset(kept)


def _readable(lines: Iterable[Line], section: Section, language: Language) -> tuple[Line, ...]:
    return tuple(readable(line.replace(section=section), language) for line in lines)


def readable(line: Line, language: Language) -> Line:
    """A line cut to the longest length, with its dates kept from breaking."""
    text = bound(tidy(line.text, _LONGEST), language)
    return line.replace(
        text=text if line.note and line.section != "history" else unwidowed(text, language),
        label=_label(line, language),
        channel=tidy(line.channel, _LONGEST_LABEL),
        note=in_one_piece(unwidowed(bound(tidy(line.note, _LONGEST_NOTE), language), language)),
        origin=bound(tidy(line.origin, _LONGEST_ORIGIN), language),
    )


def _label(line: Line, language: Language) -> str:
    """A line's label; the date of a note may go on two lines, with its year on the second."""
    label = bound(tidy(line.label, _LONGEST_LABEL), language)
    return _YEAR_BEHIND.sub(" ", label) if line.section == "history" else label


MOST_PROMPTS: Final = 3
LEAST_LINES: Final[dict[Size, int]] = {"A4": 4, "Letter": 4, "A5": 2}
"""The least rows to write in beside a question; the last uses the rule of the next band."""
_OWN_LINES: Final = 3
"""Rows for the user's own agenda, if the invitation has none."""
_FACTS_SHOWN: Final = 4
"""The most facts beneath a question; more would take the room for writing."""
_MOODS_SHOWN: Final[dict[Size, int]] = {"A4": 3, "Letter": 3, "A5": 2}
_MOOD_RANK: Final = 74
"""The rank of moods, which decide the stance: above older interactions, below promises and needs.

The first person's stay longest."""
_TELEPHONE_RANK: Final = 52
_ABOUT: Final = frozenset({"count", "clock", "answer", "before"})
"""The rules of facts shown right beneath a name; the others are what matters to them."""


class Piece(Value, frozen=True, kw_only=True):
    """Something in a column that has an id, in the order of the column.

    Attributes:
        block: its part of the brief; None for a heading, a person or a mood line.
        rank: its worth if it is not a block.
        must_stay: never left out, as long as its part is there.
    """

    id: str
    part: Part
    block: Block | None = None
    rank: int = 0
    must_stay: bool = False

    @property
    def worth(self) -> tuple[int, int]:
        """The sorting key for leaving out."""
        return self.block.worth if self.block is not None else (self.rank, 0)


class Contents(Value, frozen=True, kw_only=True, dict=True):
    """One page's contents; nothing in them changes from one layout to the next.

    Attributes:
        blocks: every line that could be on the page.
        never: ids of blocks that are not on it.
        photos: the prepared photo of a face, by the index of the face.
    """

    brief: Brief
    look: Look
    blocks: tuple[Block, ...]
    never: frozenset[str]
    people: People
    photos: dict[int, Photo]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, brief: Brief, look: Look) -> "Contents":
        """The contents of a legible brief's page, and every problem with its photos."""
        brief = brief.replace(prompts=brief.prompts[:MOST_PROMPTS])
        people = people_of(brief, look.size, look.language)
        blocks = blocks_of(brief, faces=people.faces, language=look.language)
        problems: tuple[Problem, ...] = ()
        photos: dict[int, Photo] = {}
        for at, face in enumerate(people.faces):
            if face.photo and brief.edition == "full":
                place = face.source.replace(line=face.photo_line)
                photo = prepare_photo(face.photo, look=look, source=place)
                if isinstance(photo, Photo):
                    photos[at] = photo
                else:
                    problems += (photo,)
        return cls(
            brief=brief,
            look=look,
            blocks=blocks,
            never=_never(blocks, brief, people, look.size),
            people=people,
            photos=photos,
            problems=problems,
        )

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """The questions."""
        return self.brief.prompts

    @property
    def many(self) -> bool:
        """Whether people are shown in a band above the columns."""
        return self.people.arrangement != "column"

    @property
    def on_table(self) -> bool:
        """Whether it is the sheet that the client sees."""
        return self.brief.edition == "table"

    @cached_property
    def items(self) -> dict[str, Block]:
        """In the table edition, the agenda item beside each stretch of lines, by its key."""
        blocks = [block for block in self.blocks if block.section == "agenda"]
        return {f"i{at}": block for at, block in enumerate(blocks)} if self.on_table else {}

    @cached_property
    def agenda_beyond(self) -> int:
        """How many items of the agenda are not shown; only the first ones are."""
        count = sum(1 for block in self.blocks if block.section == "agenda")
        return 0 if self.on_table else max(0, count - AGENDA_SHOWN)

    @property
    def own_agenda(self) -> bool:
        """Whether there is room to write an agenda, since the invitation has none."""
        first = self.brief.kind == "first-meeting" and not self.on_table
        return first and not self.of_part("agenda")

    @property
    def movable(self) -> frozenset[Section]:
        """The sections that go to whichever column has more room."""
        there = not self.on_table and self.of_part("path")
        return frozenset({"situation"}) if there else frozenset()

    @cached_property
    def least_lines(self) -> dict[str, int]:
        """Each stretch of ruled lines, and the least number of them; the first to grow first."""
        if self.on_table:
            lines = dict.fromkeys(self.items, 1)
            return {**lines, **{f"q{at}": 3 for at in range(len(self.prompts))}}
        lines = {f"q{at}": LEAST_LINES[self.look.size] for at in range(len(self.prompts))}
        return {"own": _OWN_LINES, **lines} if self.own_agenda else lines

    def of_part(self, part: Part) -> tuple[Block, ...]:
        """The blocks of a part that may be on the page."""
        return tuple(
            block
            for block in self.blocks
            if section_row(block.section).part == part and block.id not in self.never
        )

    def facts(self, at: int) -> tuple[Block, ...]:
        """The facts shown right beneath a name."""
        return tuple(b for b in self.of_part("matters") if b.face == at and is_about(b))

    def matters(self) -> tuple[Block, ...]:
        """What matters to them, for everyone with a block."""
        return tuple(b for b in self.of_part("matters") if not is_about(b))

    def mood_of(self, face: Face) -> tuple[object, ...]:
        """The moods that a face shows."""
        return face.mood[-_MOODS_SHOWN[self.look.size] :]

    def column_of(self, part: Part, plan: Plan) -> Column:
        """The column of a part."""
        row = next(row for row in SECTIONS if row.part == part)
        if row.key in plan.moved or (self.on_table and row.column != "foot"):
            return "right"
        return row.among_many if self.many else row.column

    def parts(self, column: Column, plan: Plan) -> Iterator[Part]:
        """The parts of a column, in the order of the page; empty ones too."""
        order = dict.fromkeys(row.part for row in SECTIONS)
        if self.on_table:
            order = dict.fromkeys(sorted(order, key=lambda part: part == "agenda"))
        if column == "right" and "situation" in plan.moved:
            order = dict.fromkeys(sorted(order, key=lambda part: part == "last"))
        return (part for part in order if self.column_of(part, plan) == column)

    def pieces(self, column: Column, plan: Plan) -> Iterator[Piece]:
        """Everything in a column that may be on the page, from the top."""
        if column == "left" and not self.many and not self.on_table:
            yield from self._people()
        for part in self.parts(column, plan):
            blocks = self.matters() if part == "matters" else self.of_part(part)
            if part == "matters" and self.many:
                continue
            if blocks or (part == "agenda" and self.own_agenda):
                yield Piece(id=f"h-{part}", part=part)
            for block in blocks:
                yield Piece(id=block.id, part=part, block=block, must_stay=block.must_stay)
            if part == "agenda" and self.agenda_beyond:
                yield Piece(id="beyond", part=part, must_stay=True)

    def _people(self) -> Iterator[Piece]:
        for at, face in enumerate(self.people.faces):
            yield Piece(id=f"f{at}", part="people", must_stay=True)
            for block in self.facts(at):
                yield Piece(id=block.id, part="people", block=block)
            if face.telephone:
                yield Piece(id=f"t{at}", part="people", rank=_TELEPHONE_RANK - at)
            if len(self.mood_of(face)) > 1:
                yield Piece(id=f"m{at}", part="people", rank=_MOOD_RANK - at)
        if self.people.others or self.people.uncounted:
            yield Piece(id="others", part="people", must_stay=True)

    def left_out(self, ids: frozenset[str]) -> dict[str, dict[str, int]]:
        """How much of each section is not on the page, by file.

        That is the lines of the blocks with these ids, and what was not even a candidate.
        """
        counts: dict[str, dict[str, int]] = {}
        gone = [
            (line.section, line.source.file, 1)
            for block in self.blocks
            if block.id in ids
            for line in block.lines
        ]
        beyond = [(one.section, one.file, one.count) for one in self.brief.beyond]
        for section, file, count in gone + beyond:
            files = counts.setdefault(section, {})
            files[file] = files.get(file, 0) + count
        return counts


def is_about(block: Block) -> bool:
    """Whether a fact is shown right beneath the name."""
    return block.line.rule in _ABOUT


def _never(blocks: tuple[Block, ...], brief: Brief, people: People, size: Size) -> frozenset[str]:
    """The ids of blocks without a place: too long an agenda, people in a band, or low rank."""
    if brief.edition == "table":
        return frozenset(b.id for b in blocks if not section_row(b.section).on_table)
    agenda = [block.id for block in blocks if block.section == "agenda"]
    never = set(agenda[AGENDA_SHOWN:])
    if size == "A5":  # one row to write in beside a single fact
        never |= {b.id for b in blocks if b.prompt is not None and not b.must_stay}
    if people.arrangement != "column":
        never |= {block.id for block in blocks if block.face is not None}
    for at in range(len(brief.prompts)):
        mine = [b for b in blocks if b.prompt == at and not b.must_stay]
        mine.sort(key=lambda block: block.worth, reverse=True)
        never |= {block.id for block in mine[_FACTS_SHOWN - 1 :]}
    reached = within_reach([block for block in blocks if block.id not in never], size)
    return frozenset(block.id for block in blocks if block.id not in reached)
