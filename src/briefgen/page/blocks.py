"""A brief as blocks: what can be measured or left out, one by one."""

from collections.abc import Iterable, Sequence
from typing import Final

import regex

from briefgen.brief.brief import Brief, Face, Line, Section
from briefgen.brief.sections import SECTIONS, section_row
from briefgen.page.text import JOINER, NO_BREAK, bound, clip, length, unwidowed, without_towers
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Size
from briefgen.workspace.value import Value

AGENDA_SHOWN: Final = 10
"""Of the full edition; the others are counted."""
_LONGEST: Final = 360
_LONGEST_LABEL: Final = 40
_LONGEST_NOTE: Final = 140
_LONGEST_ORIGIN: Final = 40
_CHARACTERS: Final[dict[Size, int]] = {"A4": 3000, "Letter": 2900, "A5": 1900}
"""What is not even tried, because about 1.2 pages of lines come before it."""
ZERO_WIDTH_SPACE: Final = "\u200b"
_LONG_WORD: Final = regex.compile(r"[^\s\u2068\u2069\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]{31,}")
"""A word that no line holds may break anywhere: else its ellipsis would stand in the margin."""
_PIECES: Final = regex.compile(r"\X{1,8}")
_ADDRESS: Final = regex.compile(r"(?<!\S)[^\s@]{1,64}@[^\s@]{4,}(?!\S)")
_SHORT_NOTE: Final = 20
_A_LINE: Final = 25
"""What a line costs besides its characters."""


class Block(Value, frozen=True, kw_only=True):
    """What is left out or stays as one: mostly a line, sometimes a few that share a paragraph.

    Attributes:
        id: its id in the page, made of its number alone: nothing of the brief is in it.
        lines: what it says, already within the longest length a line may have.
        order: its place among all blocks.
        must_stay: never left out.
        face: the index of the face it stands beneath, or None.
        prompt: the index of the question it stands beneath, or None.
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
        """What is left out first: the lowest rank, and of equal ones the last."""
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
    """The ids of blocks that may come onto the page: about 1.2 pages of them, by their worth."""
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
    """A line within the longest length it may have, its dates kept from breaking."""
    text = bound(tidy(line.text, _LONGEST), language)
    return line.replace(
        text=text if line.note else unwidowed(text, language),
        label=bound(tidy(line.label, _LONGEST_LABEL), language),
        channel=tidy(line.channel, _LONGEST_LABEL),
        note=_in_one_piece(bound(tidy(line.note, _LONGEST_NOTE), language)),
        origin=bound(tidy(line.origin, _LONGEST_ORIGIN), language),
    )


def _with_its_break(found: regex.Match[str]) -> str:
    name, _, host = found[0].partition("@")
    whole = [part.replace("-", f"-{JOINER}") for part in (name, host)]
    return f"{whole[0]}{ZERO_WIDTH_SPACE}@{whole[1]}"


def _in_one_piece(note: str) -> str:
    """A note, with no break in it where it is a short one: `with Dana`, `not met`."""
    return note.replace(" ", NO_BREAK) if length(note) <= _SHORT_NOTE else note


def tidy(text: str, most: int) -> str:
    """`text` on one line, in at most `most` graphemes; an address breaks before its sign."""
    clipped = clip(without_towers(" ".join(text.split())), most)
    clipped = _ADDRESS.sub(_with_its_break, clipped)
    return str(
        _LONG_WORD.sub(lambda found: ZERO_WIDTH_SPACE.join(_PIECES.findall(found[0])), clipped)
    )
