"""A brief as blocks: what can be measured, cut or left out, one by one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from briefgen.brief.brief import Brief, Face, Line, Prompt, Section
from briefgen.page.binding import bound
from briefgen.page.clip import clip, length, without_towers
from briefgen.workspace.language import Language

Column = Literal["band", "side", "main", "foot"]

FACES_SHOWN: Final = 8
_LONGEST: Final = {"agenda": 700, "history": 420}
_LONGEST_OTHER: Final = 360
_LONGEST_LABEL: Final = 40
_LONGEST_NOTE: Final = 140
_LEAST_NOTE: Final = 16
_LEAST_TEXT: Final = 20
_FIRST_AGENDA: Final = 3
_OVERDUE_KEPT: Final = 3

SECTIONS: Final[tuple[Section, ...]] = (
    "repair", "agenda", "say", "bring", "promises", "history",
    "situation", "reflection", "person", "prompt",
)  # fmt: skip
"""In the order of the page."""
_COLUMNS: Final[dict[Section, Column]] = {
    "agenda": "main",
    "say": "main",
    "bring": "main",
    "promises": "main",
    "history": "main",
    "situation": "side",
    "repair": "main",
    "reflection": "side",
    "person": "side",
    "prompt": "foot",
}


@dataclass(frozen=True, kw_only=True)
class Block:
    """One line of the brief with its place on the page.

    Attributes:
        id: its id in the page, made of its number alone: nothing of the brief is in it.
        line: what it says, already within the longest length a line may have.
        column: where it stands.
        order: its place among all lines.
        must_stay: never left out.
        face: the index of the face it stands beneath, or None.
        prompt: the index of the question it stands beneath, or None.
    """

    id: str
    line: Line
    column: Column
    order: int
    must_stay: bool
    face: int | None = None
    prompt: int | None = None

    @property
    def section(self) -> Section:
        """The section of its line."""
        return self.line.section

    @property
    def worth(self) -> tuple[int, int]:
        """What is left out first: the lowest rank, and of equal ones the last."""
        return (self.line.rank, -self.order)

    @property
    def length(self) -> int:
        """The graphemes of its text and note."""
        return length(self.line.text) + length(self.line.note)

    def cut(self, most: int) -> "Block":
        """The same block with at most `most` graphemes in text and note; a long note goes first."""
        note = clip(self.line.note, max(_LEAST_NOTE, most - length(self.line.text)))
        text = clip(self.line.text, max(_LEAST_TEXT, most - length(note)))
        return replace(self, line=self.line.replace(text=text, note=note))


def blocks_of(
    brief: Brief,
    *,
    faces: tuple[Face, ...],
    prompts: tuple[Prompt, ...],
    band: bool,
    language: Language,
) -> tuple[Block, ...]:
    """Every line of the brief, in the order of the page."""
    found: list[Block] = []
    for section in SECTIONS:
        lines = brief.section(section)
        found += _numbered(lines, section, len(found))
    for at, face in enumerate(faces):
        found += _numbered(face.lines, "person", len(found), face=at, band=band)
    for at, prompt in enumerate(prompts):
        found += _numbered(prompt.lines, "prompt", len(found), prompt=at)
    return tuple(_bound(block, language) for block in found)


def _bound(block: Block, language: Language) -> Block:
    """A block whose dates are kept on one line."""
    line = block.line
    text, label = bound(line.text, language), bound(line.label, language)
    note = bound(line.note, language)
    return replace(block, line=line.replace(text=text, label=label, note=note))


def _numbered(
    lines: Iterable[Line],
    section: Section,
    start: int,
    *,
    face: int | None = None,
    prompt: int | None = None,
    band: bool = False,
) -> list[Block]:
    found: list[Block] = []
    overdue = 0
    for at, line in enumerate(lines):
        must = line.must_stay or (section == "agenda" and at < _FIRST_AGENDA)
        if section == "promises" and line.mark == "overdue":
            overdue += 1
            must = overdue <= _OVERDUE_KEPT
        found.append(
            Block(
                id=f"b{start + at}",
                line=_within_lengths(line.replace(section=section)),
                column="band" if band else _COLUMNS[section],
                order=start + at,
                must_stay=must,
                face=face,
                prompt=prompt,
            )
        )
    return found


def _within_lengths(line: Line) -> Line:
    return line.replace(
        text=tidy(line.text, _LONGEST.get(line.section, _LONGEST_OTHER)),
        label=tidy(line.label, _LONGEST_LABEL),
        channel=tidy(line.channel, _LONGEST_LABEL),
        note=tidy(line.note, _LONGEST_NOTE),
    )


def tidy(text: str, most: int) -> str:
    """`text` on one line, in at most `most` graphemes."""
    return clip(without_towers(" ".join(text.split())), most)


def by_label(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    """Blocks by the label they carry, in the order in which these come up."""
    found: dict[str, list[Block]] = {}
    for block in blocks:
        found.setdefault(block.line.label, []).append(block)
    return found


def faces_of(brief: Brief) -> tuple[Face, ...]:
    """The faces that are shown, their texts within their longest lengths."""
    return tuple(
        face.replace(
            name=tidy(face.name, 60),
            role=tidy(face.role, 90),
            remark=tidy(face.remark, 90),
            initials=tidy(face.initials, 2).removesuffix("…"),
        )
        for face in brief.faces[:FACES_SHOWN]
    )
