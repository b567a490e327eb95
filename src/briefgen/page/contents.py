"""What a page shows of its brief, ready to be laid out in one of a few arrangements.

A few people stand in a narrow column of their own; more of them stand side by side in a band above
the columns, and on the smallest paper above a single column.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

from briefgen.brief.brief import Brief, Face, Prompt, Section
from briefgen.page.blocks import Block, Column, blocks_of, faces_of
from briefgen.page.look import Look
from briefgen.page.photos import Photo, prepare_photo
from briefgen.page.sheet import SHEETS, Sheet
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Size

_MOST_PROMPTS: Final = 6
_MOST_IN_A_COLUMN: Final[dict[Size, int]] = {"A4": 4, "Letter": 4, "A5": 1}
_SIGNS_A_LINE: Final = {"side": 34, "main": 78}
_FACTS_IN_A_BAND: Final = 1
_EVEN: Final = 3
_NOTHING: Final[frozenset[Section]] = frozenset()
_PROMISED: Final[frozenset[Section]] = frozenset({"promises", "bring"})
_AGENDA: Final[frozenset[Section]] = frozenset({"agenda"})
"""These stand in the one column or the other, as there is room."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """One page's contents; nothing in them changes from one layout to the next.

    Attributes:
        blocks: every line that could be on the page.
        never: ids of blocks that have no place in this arrangement.
        faces: the participants that are shown.
        photos: the prepared photo of a face, by its index.
        band: whether the faces stand in a band.
    """

    brief: Brief
    look: Look
    sheet: Sheet
    blocks: tuple[Block, ...]
    never: frozenset[str]
    faces: tuple[Face, ...]
    prompts: tuple[Prompt, ...]
    photos: dict[int, Photo]
    band: bool
    problems: tuple[Problem, ...]

    @property
    def abreast(self) -> int:
        """How many people stand side by side; five or six make two even rows."""
        few = len(self.faces) <= 2 * _EVEN
        return _EVEN if few else self.sheet.abreast

    @classmethod
    def of(cls, brief: Brief, look: Look) -> "Contents":
        """The contents of a legible brief's page, with every problem of its photos."""
        problems: tuple[Problem, ...] = ()
        faces = tuple(map(_for_all_eyes if brief.edition == "table" else _as_is, faces_of(brief)))
        band = len(faces) > _MOST_IN_A_COLUMN[look.size]
        prompts = brief.prompts[:_MOST_PROMPTS]
        blocks = blocks_of(brief, faces=faces, prompts=prompts, band=band, language=look.language)
        blocks = _arranged(blocks, faces, single=_is_single(band=band, size=look.size))
        photos: dict[int, Photo] = {}
        for at, face in enumerate(faces):
            if face.photo:
                place = face.source.replace(line=face.photo_line)
                photo = prepare_photo(face.photo, look=look, source=place)
                if isinstance(photo, Photo):
                    photos[at] = photo
                else:
                    problems += (photo,)
        return cls(
            brief=brief,
            look=look,
            sheet=SHEETS[look.size],
            blocks=blocks,
            never=_beyond_the_band(blocks) if band else frozenset(),
            faces=faces,
            prompts=prompts,
            photos=photos,
            band=band,
            problems=problems,
        )

    def otherwise_arranged(self) -> Iterator["Contents"]:
        """With promises in the other column, and the agenda too where people stand in a band."""
        if _is_single(band=self.band, size=self.look.size):
            return
        choices = [_NOTHING, _PROMISED]
        if self.band:
            choices += [_AGENDA, _AGENDA | _PROMISED]
        there = {block.section for block in self.blocks}
        known = {self.aside}
        for aside in (choice & there for choice in choices):
            if aside not in known:
                known.add(aside)
                yield self.arranged(aside)

    @property
    def aside(self) -> frozenset[Section]:
        """The sections that stand in the narrow column because there is room for them."""
        mine = (block for block in self.blocks if block.section in _AGENDA | _PROMISED)
        return frozenset(block.section for block in mine if block.column == "side")

    def arranged(self, aside: Collection[Section]) -> "Contents":
        """With these sections in the narrow column, and the others that could be in the wide."""
        blocks = _moved(self.blocks, _AGENDA | _PROMISED, "main")
        return replace(self, blocks=_moved(blocks, aside, "side"))

    @property
    def more_people(self) -> str:
        """Like "and 14 more"; empty where everybody is shown."""
        count = len(self.brief.faces) - len(self.faces) + self.brief.uncounted
        if not count:
            return ""
        return self.look.language.plural("and {count} more", "and {count} more", count)

    def facts(self, at: int) -> tuple[Block, ...]:
        """The facts beneath a face, by its index."""
        return tuple(block for block in self.blocks if block.face == at)

    def left_out(self, ids: frozenset[str]) -> dict[str, dict[str, int]]:
        """How much of each section is not on the page, by file.

        That is the blocks with these ids, and what was too much to be a candidate at all.
        """
        counts: dict[str, dict[str, int]] = {}
        gone = [(b.section, b.line.source.file, 1) for b in self.blocks if b.id in ids]
        beyond = [(one.section, one.file, one.count) for one in self.brief.beyond]
        for section, file, count in gone + beyond:
            files = counts.setdefault(section, {})
            files[file] = files.get(file, 0) + count
        return counts


def _as_is(face: Face) -> Face:
    return face


def _for_all_eyes(face: Face) -> Face:
    """A face as the client may see it: name and role, and nothing of what is on file."""
    return face.replace(
        remark="",
        email=None,
        telephone=None,
        wants_photo=False,
        decides=False,
        mood=(),
    )


def _is_single(*, band: bool, size: Size) -> bool:
    """Whether there is only one column."""
    return band and size == "A5"


def _arranged(
    blocks: tuple[Block, ...], faces: tuple[Face, ...], *, single: bool
) -> tuple[Block, ...]:
    """The blocks with promises in the narrow column where the wide one would be much the longer."""
    if single:
        return _moved(blocks, {block.section for block in blocks if block.column == "side"}, "main")
    side = sum(_lines(block) for block in blocks if block.column == "side")
    if any(block.column == "side" and block.face is not None for block in blocks):
        side += 5 * len(faces)
    main = sum(_lines(block) for block in blocks if block.column == "main")
    going = sum(_lines(block) for block in blocks if block.section in _PROMISED)
    narrow = going * _SIGNS_A_LINE["main"] / _SIGNS_A_LINE["side"]
    if not going or main - going < side + narrow * 0.6:
        return blocks
    return _moved(blocks, _PROMISED, "side")


def _moved(
    blocks: tuple[Block, ...], sections: Collection[Section], column: Column
) -> tuple[Block, ...]:
    return tuple(
        replace(block, column=column) if block.section in sections else block for block in blocks
    )


def _lines(block: Block) -> int:
    """About so many lines; enough to choose an arrangement."""
    said = block.line
    signs = len(said.label) + len(said.channel) + len(said.text) + len(said.note)
    return 1 + signs // _SIGNS_A_LINE.get(block.column, 78)


def _beyond_the_band(blocks: tuple[Block, ...]) -> frozenset[str]:
    """In a band each face has room for the fact of highest worth alone."""
    facts: dict[int, list[Block]] = {}
    for block in blocks:
        if block.face is not None and block.column == "band":
            facts.setdefault(block.face, []).append(block)
    return frozenset(
        block.id
        for mine in facts.values()
        for block in sorted(mine, key=lambda one: one.worth, reverse=True)[_FACTS_IN_A_BAND:]
    )
