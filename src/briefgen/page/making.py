"""Making a page: a brief fitted on one sheet and typeset."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from briefgen.brief.brief import Brief, Face, Prompt
from briefgen.page import estimating, wording
from briefgen.page.blocks import SECTIONS, Block, Column, blocks_of, faces_of
from briefgen.page.clipping import clip, without_towers
from briefgen.page.fit import Heights, Plan, fit
from briefgen.page.look import Look
from briefgen.page.page import MadePage, Omission
from briefgen.page.photos import Photo, prepare_photo
from briefgen.page.rendering import render, render_plain
from briefgen.page.scripts import installed_fonts, legible
from briefgen.page.sheet import SHEETS, SMALLEST, Sheet, least_writing
from briefgen.page.styles import style_problems
from briefgen.page.templates import (
    FONTS,
    PAGE,
    PLAIN_STYLE,
    STYLE,
    find_template,
    has_own_templates,
    template_folder,
)
from briefgen.page.typesetting import ASSETS, LaidOut, lay_out
from briefgen.problems import Problem

_RULE_PITCH = 8.4  # millimetres: room for handwriting
_LONGEST_TITLE = 150
_LONGEST_PLACE = 90
_LONGEST_QUESTION = 160
_MOST_PROMPTS = 6


def make_page(brief: Brief, look: Look) -> MadePage:
    """The brief as exactly one page.

    What is missing or broken (a photo, a template, a font) is a problem of the page that is made
    without it.
    """
    return fit_page(brief, look).made()


def plain_page(brief: Brief, look: Look, *, reason: str = "") -> MadePage:
    """The text-only page that always fits: every line of it is one line of type.

    `reason` tells the reader why it takes the place of the page; empty where nobody need know.
    """
    return fit_plain(brief, look, reason=reason).made()


@dataclass(frozen=True, kw_only=True)
class FittedPage:
    """A brief laid out on one page, not yet written: alone, or bound with others in a packet."""

    laid: LaidOut
    omitted: tuple[Omission, ...] = ()
    problems: tuple[Problem, ...] = ()
    layouts: int = 1
    plain: bool = False

    def made(self) -> MadePage:
        """The page as a document of its own."""
        return MadePage(
            pdf=self.laid.pdf(),
            omitted=self.omitted,
            problems=self.problems,
            layouts=self.layouts,
            plain=self.plain,
        )


def fit_page(brief: Brief, look: Look) -> FittedPage:
    """The brief in the layout that fits one page, or else in the plain one."""
    shown, problems = legible(brief, fonts=installed_fonts(template_folder() / FONTS))
    own = has_own_templates(look.templates)
    page = (_fit_by_own_templates if own else _fit_by_built_in_templates)(shown, look)
    return replace(page, problems=(*problems, *page.problems)) if problems else page


def _fit_by_built_in_templates(brief: Brief, look: Look) -> FittedPage:
    return _Maker(brief=brief, look=replace(look, templates=template_folder())).fitted()


def _fit_by_own_templates(brief: Brief, look: Look) -> FittedPage:
    """The page by the user's templates; by the built-in ones where theirs make no page of it."""
    try:
        page = _Maker(brief=brief, look=look).fitted()
    except Exception as error:  # noqa: BLE001  # their ids and styles can lead a layout anywhere
        why = f"cannot be laid out ({_said(error)})"
    else:
        if not page.plain:
            return replace(page, problems=(*page.problems, *style_problems(look.templates)))
        why = "does not make one page of this brief"
    page = _fit_by_built_in_templates(brief, look)
    message = f"{why}; the built-in template was used instead"
    problem = Problem(file=f"{look.templates.name}/{PAGE}", message=message)
    return replace(page, problems=(*page.problems, problem))


def fit_plain(brief: Brief, look: Look, *, reason: str = "") -> FittedPage:
    """The text-only page, laid out; `reason` as for `plain_page`."""
    brief, problems = legible(brief, fonts=installed_fonts(template_folder() / FONTS))
    maker = _Maker(brief=replace(brief, faces=tuple(_without_photo(brief))), look=look)
    html = render_plain(maker.plain_context(reason))
    laid = lay_out(html, style=template_folder() / PLAIN_STYLE)
    every = frozenset(block.id for block in maker.blocks)
    shown = frozenset(block.id for block in maker.plain_blocks())
    plan = Plan(points=SMALLEST, writing=0, left_out=every - shown, cuts={})
    return FittedPage(laid=laid, omitted=maker.omitted(plan), problems=problems, plain=True)


def _without_photo(brief: Brief) -> Iterator[Face]:
    return (replace(face, photo=None) for face in brief.faces)


@dataclass(kw_only=True)
class _Maker:
    """One page in the making: everything that does not change from one layout to the next."""

    brief: Brief
    look: Look
    sheet: Sheet = field(init=False)
    blocks: tuple[Block, ...] = field(init=False)
    faces: tuple[Face, ...] = field(init=False)
    prompts: tuple[Prompt, ...] = field(init=False)
    photos: dict[int, Photo] = field(init=False, default_factory=dict)
    problems: list[Problem] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.sheet = SHEETS[self.look.size]
        self.blocks = blocks_of(self.brief)
        self.faces = faces_of(self.brief)
        self.prompts = self.brief.prompts[:_MOST_PROMPTS]
        for at, face in enumerate(self.faces):
            if face.photo:
                photo = prepare_photo(face.photo, look=self.look, source=face.source)
                if isinstance(photo, Photo):
                    self.photos[at] = photo
                else:
                    self.problems.append(photo)

    def fitted(self) -> FittedPage:
        """The page, in the layout that fits, or else the plain one."""
        fitted, layouts = fit(
            self.blocks,
            sheet=self.sheet,
            prompts=len(self.prompts),
            estimate=self.estimate,
            lay_out=self.laid_out,
        )
        if fitted is None:
            return replace(fit_plain(self.brief, self.look), layouts=layouts)
        return FittedPage(
            laid=fitted.laid,
            omitted=self.omitted(fitted.plan),
            problems=tuple(dict.fromkeys(self.problems)),
            layouts=layouts,
        )

    def plain_blocks(self) -> tuple[Block, ...]:
        """What the text-only page says besides who and when."""
        return tuple(b for b in self.blocks if b.must_stay and b.column == "main")[:8]

    def plain_context(self, reason: str) -> dict[str, Any]:
        """What the text-only template sees."""
        prompts = self.prompts[:3]
        lines = [reason] if reason else []
        lines += [self.brief.place, *(face.name for face in self.faces), self._more_people()]
        lines += [f"{b.line.label} {b.line.text}".strip() for b in self.plain_blocks()]
        context = self.context(Plan(points=SMALLEST, writing=1, cuts={}))
        context["page"]["plain"] = [_tidy(text, 160) for text in lines if text.strip()]
        context["page"]["questions"] = [
            {"text": _tidy(prompt.question, 160), "room": self.sheet.writing} for prompt in prompts
        ]
        return context

    def laid_out(self, plan: Plan) -> LaidOut:
        """One layout of a plan."""
        html, problems = render(self.context(plan), self.look)
        self.problems += problems
        assets = {photo.name: photo.data for photo in self.photos.values()}
        style = find_template(STYLE, self.look.templates)
        return lay_out(html, style=style, assets=assets)

    def omitted(self, plan: Plan) -> tuple[Omission, ...]:
        """What a plan leaves out, by section and file."""
        counts: dict[tuple[str, str], int] = {}
        for block in self.blocks:
            if block.id in plan.left_out:
                key = (block.section, block.line.source.file)
                counts[key] = counts.get(key, 0) + 1
        return tuple(
            Omission(section=section, count=count, file=file)
            for (section, file), count in counts.items()
        )

    def estimate(self, points: float, left_out: frozenset[str]) -> Heights:
        """How high everything would probably be in a size of type."""
        line = estimating.line_height(points)
        blocks: dict[str, float] = {}
        columns: dict[Column, float] = {"side": line * 1.6, "main": 0.0, "foot": 0.0}
        sections = set()
        for block in self.blocks:
            if block.id in left_out:
                continue
            width = {"side": self.sheet.side, "main": self.sheet.main}.get(
                block.column, self.sheet.measure
            )
            text = " ".join(
                filter(
                    None, [block.line.label, block.line.channel, block.line.text, block.line.note]
                )
            )
            lines = estimating.lines_of(text, points=points, width=width)
            blocks[block.id] = lines * line
            columns[block.column] += lines * line
            if block.section not in sections:
                sections.add(block.section)
                columns[block.column] += 2 * line
        columns["side"] += 3 * line * len(self.faces)
        title = estimating.lines_of(
            self.brief.title, points=points * 2.1, width=self.sheet.measure, bold=True
        )
        header = line * (3 + 2 * min(2, title))
        foot = columns["foot"] + line * 5 + len(self.prompts) * 2 * line
        writing = len(self.prompts) * least_writing(self.sheet, len(self.prompts))
        return Heights(
            blocks=blocks,
            columns=columns,
            room=self.sheet.floor - self.sheet.top - header - foot - writing,
            around=header + foot,
        )

    def context(self, plan: Plan) -> dict[str, Any]:
        """What the template sees."""
        brief, language = self.brief, self.look.language
        page = {
            "lang": str(language.locale).replace("_", "-"),
            "dir": "rtl" if language.right_to_left else "ltr",
            "paper": self.sheet.css_class,
            "edition": brief.edition,
            "points": plan.points,
            "author": self.look.author,
            "description": f"{wording.when(brief, language)}, {wording.hours(brief, language)}",
            "document_title": _tidy(brief.title, _LONGEST_TITLE),
            "title": _tidy(brief.title, _LONGEST_TITLE),
            "when": wording.when(brief, language),
            "hours": wording.hours(brief, language),
            "marks": [_tidy(mark, 60) for mark in brief.marks[:4]],
            "facts": self._facts(),
            "faces": [self._face(at, face, plan) for at, face in enumerate(self.faces)],
            "more_people": self._more_people(),
            "side": self._parts("side", plan),
            "main": self._parts("main", plan),
            "prompts": [self._prompt(at, prompt, plan) for at, prompt in enumerate(self.prompts)],
            "code": brief.code,
            "calendar_as_of": self._calendar_as_of(),
        }
        return {"page": page, "text": language.text, "plural": language.plural}

    def _facts(self) -> list[dict[str, str | None]]:
        brief, text = self.brief, self.look.language.text
        facts: list[dict[str, str | None]] = []
        if brief.place.strip():
            place = _tidy(brief.place, _LONGEST_PLACE)
            link = wording.web_link(brief.place.strip()) or wording.map_link(brief.place)
            facts.append({"text": place, "link": link})
        if link := wording.web_link(brief.join_link):
            facts.append({"text": text("Join link"), "link": link})
        people = len(brief.faces) + brief.uncounted
        count = self.look.language.plural("{count} person", "{count} people", people)
        return [*facts, {"text": count, "link": None}]

    def _more_people(self) -> str:
        count = len(self.brief.faces) - len(self.faces) + self.brief.uncounted
        if not count:
            return ""
        return self.look.language.plural("and {count} more", "and {count} more", count)

    def _face(self, at: int, face: Face, plan: Plan) -> dict[str, Any]:
        photo = self.photos.get(at)
        return {
            "id": f"f{at}",
            "name": face.name,
            "role": face.role,
            "remark": face.remark,
            "initials": face.initials,
            "photo": f"{ASSETS}{photo.name}" if photo else "",
            "blocks": [self._view(b, plan) for b in self._on_page(plan) if b.face == at],
        }

    def _on_page(self, plan: Plan) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.id not in plan.left_out)

    def _view(self, block: Block, plan: Plan) -> Mapping[str, str]:
        line = (block.cut(plan.cuts[block.id]) if block.id in plan.cuts else block).line
        return {
            "id": block.id,
            "label": line.label,
            "channel": line.channel,
            "text": line.text,
            "note": line.note,
            "mark": line.mark or "",
        }

    def _parts(self, column: Column, plan: Plan) -> list[dict[str, Any]]:
        parts = []
        for section in SECTIONS:
            mine = [b for b in self.blocks if b.section == section and b.column == column]
            mine = [b for b in mine if b.face is None and b.prompt is None]
            if not mine:
                continue
            shown = [block for block in mine if block.id not in plan.left_out]
            files: dict[str, int] = {}
            for block in mine:
                if block.id in plan.left_out:
                    file = block.line.source.file
                    files[file] = files.get(file, 0) + 1
            note = ""
            if files:
                note = wording.left_out_note(
                    section, files, self.look.language, named=self.brief.edition == "full"
                )
            parts.append(
                {
                    "section": section,
                    "heading": wording.heading(section, self.look.language),
                    "blocks": [self._view(block, plan) for block in shown],
                    "left_out": note,
                }
            )
        return parts

    def _prompt(self, at: int, prompt: Prompt, plan: Plan) -> dict[str, Any]:
        count = max(1, int(plan.writing / _RULE_PITCH))
        stances = [
            {"word": stance, "suggested": stance == prompt.suggested} for stance in prompt.stances
        ]
        return {
            "question": _tidy(prompt.question, _LONGEST_QUESTION),
            "blocks": [self._view(b, plan) for b in self._on_page(plan) if b.prompt == at],
            "stances": stances,
            "rules": [round(plan.writing / count, 3)] * count,
        }

    def _calendar_as_of(self) -> str:
        moment, language = self.brief.calendar_as_of, self.look.language
        if moment is None:
            return ""
        day = language.short_date(moment.date(), beside=self.brief.start.date())
        return language.text(
            "Calendar as of {day}, {time}", day=day, time=language.clock_time(moment)
        )


def _said(error: Exception) -> str:
    """What went wrong in a layout, as far as it helps to mend a template."""
    if isinstance(error, KeyError):
        return f"no element has the id {error}"
    return f"{type(error).__name__}: {error}"[:200]


def _tidy(text: str, most: int) -> str:
    return clip(without_towers(" ".join(text.split())), most)
