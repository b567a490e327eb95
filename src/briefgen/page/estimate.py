"""How high everything on a page will be, reckoned from the widths of the fonts' own signs.

Lines are broken as the typesetter breaks them, so that the first layout mostly is the last. What
fits is never decided here alone: every page is measured as it was laid out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Final

from briefgen.brief.brief import Face, Section
from briefgen.brief.terms import section_heading
from briefgen.page import wording
from briefgen.page.blocks import Block, Column, by_label
from briefgen.page.contents import Contents
from briefgen.page.fit import Plan
from briefgen.page.measure import GAP, Heights
from briefgen.page.mood import mood_line
from briefgen.page.sheet import MILLIMETRES_A_POINT, SMALL, SMALLEST, least_writing
from briefgen.page.trim import BAND_FACTS, DETAILS
from briefgen.page.widths import (
    LABEL_COLUMNS,
    Font,
    Run,
    broken_lines,
    has_wide_signs,
    label_column,
    text_width,
)

_HEADING: Final = 4.6
"""A section's heading; `_PART` is the space beneath a section, `_RULE` a heavy line."""
_PART: Final = 3.4
_RULE: Final = 0.5
_TOP: Final = 3.2
_HEADING_LINE: Final = 3.6
_EAST_ASIA: Final = 0.09
"""What their fonts add to the height of a line, in sizes of type."""
_SPREAD: Final = 0.07 * SMALLEST * MILLIMETRES_A_POINT
_FACE: Final = 2.6
_LI: Final = 0.5
_HISTORY_LI: Final = 1.08
_LOUD_FRAME: Final = 3.7
_LOUD_SIDES: Final = 5.5
_BOX: Final = 4.2


def estimate(contents: Contents, plan: Plan) -> Heights:
    """How high a page by this plan will be; nobody has laid it out yet."""
    return _Estimate(contents, plan).heights()


@dataclass(frozen=True)
class _Estimate:
    contents: Contents
    plan: Plan

    @property
    def rem(self) -> float:
        """Millimetres of the body type's size."""
        return self.plan.points * MILLIMETRES_A_POINT

    @property
    def small(self) -> float:
        """Points of small type."""
        return max(SMALLEST, self.plan.points * SMALL)

    def heights(self) -> Heights:
        """Every height of the page."""
        sheet, prompts = self.contents.sheet, len(self.contents.prompts)
        shown = [b for b in self.contents.blocks if b.id not in self.plan.left_out]
        blocks = {b.id: self._block(b) for b in shown if b.face is None and b.prompt is None}
        band = self.contents.band
        top = 0 if band else _TOP
        columns: dict[Column, float] = {
            "band": _TOP if band else 0, "side": top, "main": top, "foot": 0,
        }  # fmt: skip
        for section, mine in groupby(
            (b for b in shown if b.id in blocks), key=lambda b: (b.section, b.column)
        ):
            own = list(mine)
            columns[section[1]] += self._heading(*section) + sum(blocks[b.id] for b in own)
            columns[section[1]] += _LOUD_FRAME if _loud(own) else 0
            columns[section[1]] -= 0 if section[0] == "history" else _LI  # within the space beneath
        facts = {b.id: self._fact(b) for b in shown if b.face is not None}
        who: Column = "band" if band else "side"
        columns[who] += self._who(facts)
        hints = self._hints([b for b in shown if b.prompt is not None])
        columns["foot"] = self._foot() + sum(hints.values())
        self._add_notes(columns, shown)
        around = self._header() + columns["band"] + columns["foot"]
        writing = prompts * least_writing(sheet, prompts)
        return Heights(
            blocks={**blocks, **facts, **hints, **self._extras(facts)},
            columns=columns,
            headings=dict.fromkeys({b.section for b in shown if b.id in blocks}, _HEADING + _PART),
            room=sheet.floor - sheet.top - around - writing - GAP,
            around=around,
        )

    def _heading(self, section: Section, column: Column) -> float:
        """A section's heading with all the space around the section."""
        said = section_heading(section, self.contents.look.language).upper()
        spread = text_width(said, points=SMALLEST, bold=True) + len(said) * _SPREAD
        extra = _HEADING_LINE if spread > self._width(column) else 0
        taller = self._taller() * SMALLEST * MILLIMETRES_A_POINT
        return _HEADING + _PART + extra + taller

    def _lines(self, runs: Iterable[Run], width: float) -> int:
        return broken_lines(tuple(runs), width)

    def _taller(self, runs: Iterable[Run] | None = None) -> float:
        """What signs of East Asia add to a line; without runs, in one of the page's own words."""
        if runs is None:
            return _EAST_ASIA if self.contents.look.language.locale.language == "ja" else 0.0
        return _EAST_ASIA if has_wide_signs(runs) else 0.0

    def _body(self, text: str, font: Font = "Regular") -> Run:
        return Run(text, self.plan.points, font)

    def _fine(self, text: str, font: Font = "Regular") -> Run:
        return Run(text, self.small, font)

    def _width(self, column: Column) -> float:
        sheet = self.contents.sheet
        if column == "side":
            return sheet.side
        return sheet.measure if _alone(self.contents, self.plan) else sheet.main

    def _block(self, block: Block) -> float:
        """One line of a section."""
        said = _cut(block, self.plan).line
        width = self._width(block.column)
        runs = [self._body(said.text)]
        if said.channel:
            runs.insert(0, self._fine(f"{said.channel} "))
        if said.note:
            upright = block.section in {"say", "situation", "promises"}
            runs.append(self._fine(f" {said.note}", "Regular" if upright else "It"))
        between = _LI
        match block.section:
            case "history":
                width -= self._hanging(LABEL_COLUMNS[self._dates] * self.rem)
                between = _HISTORY_LI
            case "agenda":
                width -= self._hanging(1.5 * self.rem)
            case "promises":
                width -= self._hanging(_BOX)
            case "repair":
                width -= _LOUD_SIDES
            case _:
                width -= self._hanging(1.1 * self.rem)
        if said.label and block.section not in {"agenda", "history"}:
            runs.insert(0, self._body(self._labelled(said.label), "Bold"))
        elif self.contents.look.language.right_to_left:
            runs.insert(0, self._body(f"{said.label or '•'} ", "Bold"))
        bold = said.mark in {"warning", "apology"} and block.section == "repair"
        runs = [Run(run.text, run.points, "Bold" if bold else run.font) for run in runs]
        return self._lines(runs, width) * (1.32 + self._taller(runs)) * self.rem + between

    def _hanging(self, indent: float) -> float:
        """What an indent takes of each line; where a page runs from the right nothing hangs."""
        return 0.0 if self.contents.look.language.right_to_left else indent

    @cached_property
    def _dates(self) -> str:
        """The column that the dates of what was go into."""
        mine = (b for b in self.contents.blocks if b.section == "history")
        return label_column(b.line.label for b in mine if b.id not in self.plan.left_out)

    def _labelled(self, label: str) -> str:
        return f"{self.contents.look.language.text('{label}:', label=label)} "

    def _fact(self, block: Block) -> float:
        """One fact beneath a face."""
        if block.line.mark == "decides":
            return 0.0
        said = _cut(block, self.plan).line
        runs = [self._fine(said.text)]
        if said.label:
            runs.insert(0, self._fine(self._labelled(said.label), "Bold"))
        if said.note:
            runs.append(self._fine(f" {said.note}", "It"))
        wide = self._face_width() + (13 if self.contents.band else self._beside_photo()) - 2.4
        wide -= 3 if self.contents.band else 0
        leading = (1.3 + self._taller(runs)) * self.small * MILLIMETRES_A_POINT
        return self._lines(runs, wide) * leading

    def _face_width(self) -> float:
        """The millimetres for a name beside a photo."""
        sheet = self.contents.sheet
        if self.contents.band:
            return sheet.measure * (0.249 if self.contents.abreast > 3 else 0.332) - 13  # noqa: PLR2004
        return sheet.side - self._beside_photo()

    def _beside_photo(self) -> float:
        return 11 if self.contents.band else self.contents.sheet.photo * 1.2

    def _who(self, facts: Mapping[str, float]) -> float:
        """The heading and the faces, in rows."""
        abreast = self.contents.abreast if self.contents.band else 1
        high = [
            self._face(at, face)
            + sum(facts[b.id] for b in self.contents.facts(at) if b.id in facts)
            for at, face in enumerate(self.contents.faces)
        ]
        rows = [high[at : at + abreast] for at in range(0, len(high), abreast)]
        height = _HEADING + _PART + sum(map(max, rows))
        height += self._taller() * SMALLEST * MILLIMETRES_A_POINT
        height -= 0 if self.contents.band or not high else _FACE  # within the space beneath
        if self.contents.more_people:
            height += 1.32 * self.rem
        return height

    def _face(self, at: int, face: Face) -> float:
        """One face without its facts."""
        bare = DETAILS in self.plan.left_out
        width = self._face_width() + (self._beside_photo() if bare else 0)
        band = self.contents.band
        points = self.plan.points * (1.0 if band else 1.16)
        name = [Run(face.name, points, "Bold")]
        if face.decides:
            name.append(self._fine(f" {self.contents.look.language.text('decides')}xx"))
        leading = (1.2 * 1.16 if not band else 1.2) * self.rem
        about = self._lines(name, width) * leading
        telephone = "" if band else face.telephone or ""
        wants = "xxxxphoto?" if face.wants_photo and not band else ""
        for said in () if bare else (face.role, face.remark, telephone, wants):
            if said:
                runs = [self._fine(said)]
                leading = (1.25 + self._taller(runs)) * self.small * MILLIMETRES_A_POINT
                about += self._lines(runs, width) * leading
        photo = (9 if band else self.contents.sheet.photo) if _pictured(face) and not bare else 0
        return max(photo, about) + 0.8 + self._mood(at, face) + (2.0 if band else _FACE)

    def _mood(self, at: int, face: Face) -> float:
        if self.contents.band or f"m{at}" in self.plan.left_out:
            return 0.0
        language = self.contents.look.language
        mood = mood_line(face.mood, day=self.contents.brief.start.date(), language=language)
        if mood is None:
            return 0.0
        lines = self._lines([self._fine(mood.words)], self.contents.sheet.side)
        return 8.4 + lines * 1.25 * self.small * MILLIMETRES_A_POINT

    def _extras(self, facts: Mapping[str, float]) -> dict[str, float]:
        """What is left out as a whole: moods, the facts in a band, the details of faces."""
        found = {f"m{at}": self._mood(at, face) for at, face in enumerate(self.contents.faces)}
        found = {key: height for key, height in found.items() if height}
        whole = self._who(facts)
        if self.contents.band and BAND_FACTS not in self.plan.left_out and any(facts.values()):
            found[BAND_FACTS] = whole - self._who({})
        if DETAILS not in self.plan.left_out:
            gone = Plan(
                points=self.plan.points,
                writing=self.plan.writing,
                left_out=self.plan.left_out | {DETAILS},
                cuts=self.plan.cuts,
            )
            found[DETAILS] = whole - _Estimate(self.contents, gone)._who(facts)  # noqa: SLF001
        return found

    def _hints(self, shown: list[Block]) -> dict[str, float]:
        """Each hint's share of its paragraph."""
        found: dict[str, float] = {}
        for _, beneath in groupby(shown, key=lambda b: b.prompt):
            for label, mine in by_label(beneath).items():
                runs = [self._fine(self._labelled(label), "Bold")] if label else []
                for block in mine:
                    said = _cut(block, self.plan).line
                    runs += [self._fine(f" · {said.text} "), self._fine(said.note, "It")]
                lines = self._lines(runs, self.contents.sheet.measure)
                high = lines * (1.3 + self._taller(runs)) * self.small * MILLIMETRES_A_POINT
                long = sum(len(b.line.text) + len(b.line.note) + 3 for b in mine)
                for block in mine:
                    found[block.id] = (
                        high * (len(block.line.text) + len(block.line.note) + 3) / long
                    )
        return found

    def _add_notes(self, columns: dict[Column, float], shown: list[Block]) -> None:
        """What the page says of what is not on it."""
        contents = self.contents
        column_of: dict[str, Column] = {
            b.section: b.column for b in shown if b.face is None and b.prompt is None
        }
        if any(b.face is not None for b in contents.blocks):
            column_of["person"] = "band" if contents.band else "side"
        high = (1.32 + self._taller()) * self.small * MILLIMETRES_A_POINT
        language, named = contents.look.language, contents.brief.edition == "full"
        left_out = contents.left_out(self.plan.left_out)
        for section, files in left_out.items():
            if column := column_of.get(section):
                said = wording.left_out_note(section, files, language, named=named)
                width = contents.sheet.measure if column == "band" else self._width(column)
                columns[column] += _LI + self._lines([self._fine(said)], width) * high
        gone = {section: files for section, files in left_out.items() if section not in column_of}
        if gone:
            said = " · ".join(wording.gone_notes(gone, language, named=named))
            columns["main"] += _LI + self._lines([self._fine(said)], self._width("main")) * high

    def _header(self) -> float:
        sheet = self.contents.sheet
        title = " ".join(self.contents.brief.title.split())[:300]
        long = text_width(title, points=self.plan.points * 2.15, bold=True)
        lines = 1 if long <= sheet.measure else 2
        size = 2.15 if long < sheet.measure * 1.86 else 1.65
        high = 1.12 * (1.25 + self._taller()) + size * 1.12 * lines
        brief = self.contents.brief
        people = len(brief.faces) + brief.uncounted
        if brief.place.strip() or brief.join_link or brief.organizations or people > 1:
            high += 1.32
        return self.rem * high + 1.2 + 2.6 + _RULE

    def _foot(self) -> float:
        """The questions without hints and room to write, the strip beneath, the last line."""
        small, taller = self.small * MILLIMETRES_A_POINT, self._taller()
        height = 0.0
        for prompt in self.contents.prompts:
            asked = [Run(prompt.question[:160], self.plan.points * 1.42, "Bold")]
            lines = self._lines(asked, self.contents.sheet.measure)
            height += _RULE + 1.6 + 2.4 + lines * self.rem * 1.42 * (1.2 + taller)
            height += (1.3 + taller) * small + 0.6 if prompt.stances else 0
        strip = self._strip() * (1.6 + taller) * small
        return height + _RULE + 1.4 + strip + 1.2 + (1.3 + taller) * small

    def _strip(self) -> int:
        """The lines of what is filled in after the meeting."""
        text = self.contents.look.language.text
        a5 = self.contents.sheet.css_class == "a5"
        if self.contents.brief.edition == "full":
            choices = (text("yes"), text("partly"), text("no"))
            answers = sum(self._wide(f"    {word}") + _BOX for word in choices)
            questions = (text("Did I know what they need?"), text("How to help?"))
            asks = [self._wide(question) + answers for question in questions]
            blanks: tuple[str, ...] = () if a5 else (text("Signals seen"), text("Next time"))
            head, blank = text("Five minutes after"), 42.0
        else:
            asks, blanks = [], (text("Who"), text("What"), text("By when"))
            head, blank = text("Next steps"), 24.0 if a5 else 37.0
        asks += [self._wide(f"{one} ") + blank for one in blanks]
        used = text_width(head.upper(), points=SMALLEST, bold=True)
        used, lines = used + len(head) * _SPREAD, 1
        for ask in asks:
            used += 4 + ask
            if used > self.contents.sheet.measure + 3:
                lines += 1
                used = ask
        return lines

    def _wide(self, said: str) -> float:
        return text_width(said, points=self.small)


@lru_cache(maxsize=4096)
def _cut_block(block: Block, most: int) -> Block:
    return block.cut(most)


def _cut(block: Block, plan: Plan) -> Block:
    return _cut_block(block, plan.cuts[block.id]) if block.id in plan.cuts else block


def _alone(contents: Contents, plan: Plan) -> bool:
    """Whether the wide column has the whole width."""
    return contents.band and all(
        b.column != "side" for b in contents.blocks if b.id not in plan.left_out
    )


def _loud(blocks: list[Block]) -> bool:
    marks = {"warning", "apology", "space"}
    return any(b.section == "repair" and b.line.mark in marks for b in blocks)


def _pictured(face: Face) -> bool:
    return bool(face.photo or face.initials)
