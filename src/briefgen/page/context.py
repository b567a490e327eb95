"""What a template sees: the small, documented context of a page."""

from typing import Any, Final

from briefgen.brief.brief import Face, Prompt
from briefgen.brief.terms import section_heading, stance_word
from briefgen.page import wording
from briefgen.page.blocks import SECTIONS, Block, Column, by_label, tidy
from briefgen.page.contents import Contents
from briefgen.page.fit import Plan
from briefgen.page.mood import mood_line
from briefgen.page.sheet import SMALL, SMALLEST
from briefgen.page.trim import DETAILS
from briefgen.page.typeset import ASSETS
from briefgen.page.widths import clipped_to, label_column

RULE_PITCH: Final = 8.6
"""Millimetres between the lines to write on."""
TITLE_SIZE: Final = 2.15
LONG_TITLE_SIZE: Final = 1.65
"""The title in sizes of the body type, as the stylesheet has it."""
NAME_SIZE: Final = 1.16
"""The name of a person in sizes of the body type, as the stylesheet has it."""
_TITLE_LINES: Final = 2
_LOUD: Final = frozenset({"warning", "apology", "space"})
_LONGEST_TITLE: Final = 300


def context(contents: Contents, plan: Plan) -> dict[str, Any]:
    """The values of one layout, by the names that docs/templates.md explains."""
    brief, look = contents.brief, contents.look
    language = look.language
    title, long_title = _title(contents, plan)
    when, hours = wording.when(brief, language), wording.hours(brief, language)
    side, main = _parts(contents, "side", plan), _parts(contents, "main", plan)
    page = {
        "lang": str(language.locale).replace("_", "-"),
        "dir": "rtl" if language.right_to_left else "ltr",
        "paper": contents.sheet.css_class,
        "edition": brief.edition,
        "points": plan.points,
        "author": look.author,
        "document_title": title,
        "description": f"{when}, {hours}",
        "title": title,
        "long_title": long_title,
        "when": when,
        "hours": hours,
        "marks": [tidy(mark, 60) for mark in brief.marks[:4]],
        "facts": _facts(contents, plan),
        "band": contents.band,
        "abreast": contents.abreast,
        "faces": [_face(contents, at, face, plan) for at, face in enumerate(contents.faces)],
        "more_people": contents.more_people,
        "facts_left_out": _left_out(contents, "person", plan),
        "alone": contents.band and not side,
        "gone": _gone(contents, plan),
        "side": side,
        "main": main,
        "prompts": [_prompt(contents, at, one, plan) for at, one in enumerate(contents.prompts)],
        "code": brief.code,
        "foot": _foot(contents),
    }
    return {"page": page, "text": language.text, "plural": language.plural}


def plain_context(contents: Contents, plan: Plan, reason: str) -> dict[str, Any]:
    """The values of the text-only page."""
    values = context(contents, plan)
    lines = [reason, contents.brief.place, *(face.name for face in contents.faces)]
    lines += [contents.more_people]
    lines += [f"{b.line.label} {b.line.text}" for b in contents.blocks if b.id not in plan.left_out]
    values["page"]["plain"] = [tidy(text, 160) for text in lines if text.strip()]
    values["page"]["questions"] = [
        {"text": tidy(prompt.question, 160), "room": contents.sheet.writing}
        for prompt in contents.prompts[:2]
    ]
    return values


def _title(contents: Contents, plan: Plan) -> tuple[str, bool]:
    """The title in at most two lines, and whether it needs the smaller type for that."""
    title = tidy(contents.brief.title, _LONGEST_TITLE)
    room = contents.sheet.measure * _TITLE_LINES * 0.93
    large = clipped_to(title, room, points=plan.points * TITLE_SIZE, bold=True)
    if large == title:
        return title, False
    return clipped_to(title, room, points=plan.points * LONG_TITLE_SIZE, bold=True), True


def _facts(contents: Contents, plan: Plan) -> list[dict[str, str | None]]:
    """What stands beneath the title: place, link, organizations, how many people."""
    brief, language = contents.brief, contents.look.language
    facts: list[dict[str, str | None]] = []
    join = wording.web_link(brief.join_link)
    place = " ".join(brief.place.split())
    if place and not (join and place.startswith(join)):
        shown = clipped_to(place, contents.sheet.measure * 0.5, points=plan.points)
        link = wording.web_link(place) or wording.map_link(place)
        facts.append({"text": shown, "link": link})
    if join:
        said = language.text("online: {host}", host=tidy(wording.host(join), 40))
        facts.append({"text": said, "link": join})
    shown_roles = " ".join(face.role for face in contents.faces) + place
    new = [name for name in brief.organizations if name and name not in shown_roles]
    facts += [{"text": tidy(name, 40), "link": None} for name in new[:2]]
    people = len(brief.faces) + brief.uncounted
    if people > 1:
        count = language.plural("{count} person", "{count} people", people)
        facts.append({"text": count, "link": None})
    return facts


def _face(contents: Contents, at: int, face: Face, plan: Plan) -> dict[str, Any]:
    bare = DETAILS in plan.left_out
    photo = None if bare else contents.photos.get(at)
    width = _face_width(contents)
    small = max(SMALLEST, plan.points * SMALL)
    telephone = "" if contents.band or bare else tidy(face.telephone or "", 30)
    mine = [b for b in _shown(contents, plan) if b.face == at and b.line.mark != "decides"]
    mood = mood_line(
        () if contents.band or f"m{at}" in plan.left_out else face.mood,
        day=contents.brief.start.date(),
        language=contents.look.language,
    )
    return {
        "id": f"f{at}",
        "name": clipped_to(face.name, width * 1.7, points=plan.points * NAME_SIZE, bold=True),
        "mail": wording.mail_link(face.email),
        "role": "" if bare else clipped_to(face.role, width * 1.8, points=small),
        "remark": "" if bare else clipped_to(face.remark, width * 2.6, points=small),
        "decides": face.decides,
        "telephone": telephone,
        "call": wording.telephone_link(telephone),
        "initials": "" if bare else face.initials,
        "photo": f"{ASSETS}{photo.name}" if photo else "",
        "wants_photo": face.wants_photo and not photo and not contents.band and not bare,
        "lines": [_line(b, plan) for b in mine],
        "mood": mood,
    }


def _face_width(contents: Contents) -> float:
    """The millimetres beside a photo."""
    sheet = contents.sheet
    if contents.band:
        return sheet.measure / contents.abreast - 13
    return sheet.side - sheet.photo - 3


def _shown(contents: Contents, plan: Plan) -> tuple[Block, ...]:
    return tuple(block for block in contents.blocks if block.id not in plan.left_out)


def _line(block: Block, plan: Plan) -> dict[str, Any]:
    line = (block.cut(plan.cuts[block.id]) if block.id in plan.cuts else block).line
    return {
        "id": block.id,
        "label": line.label,
        "channel": line.channel,
        "text": line.text,
        "note": line.note,
        "mark": line.mark or "",
        "tabbed": block.section in {"agenda", "history"},
    }


def _parts(contents: Contents, column: Column, plan: Plan) -> list[dict[str, Any]]:
    """The sections of a column that have anything to say."""
    parts: list[dict[str, Any]] = []
    for section in SECTIONS:
        mine = [b for b in contents.blocks if b.section == section and b.column == column]
        mine = [block for block in mine if block.face is None and block.prompt is None]
        shown = [_line(block, plan) for block in mine if block.id not in plan.left_out]
        if shown:
            width = label_column(one["label"] for one in shown)
            parts.append(
                {
                    "section": section,
                    "heading": section_heading(section, contents.look.language),
                    "lines": shown,
                    "short": width == "short",
                    "label_column": width,
                    "loud": any(one["mark"] in _LOUD for one in shown),
                    "left_out": _left_out(contents, section, plan),
                }
            )
    return parts


def _gone(contents: Contents, plan: Plan) -> list[str]:
    """What is not on the page of sections that say so nowhere else: questions, and empty ones."""
    shown = {block.section for block in _shown(contents, plan)} | {"person"}
    gone = {
        section: files
        for section, files in contents.left_out(plan.left_out).items()
        if section == "prompt" or section not in shown
    }
    named = contents.brief.edition == "full"
    return wording.gone_notes(gone, contents.look.language, named=named)


def _left_out(contents: Contents, section: str, plan: Plan) -> str:
    """What of a section is not on the page, in words; empty where everything is."""
    files = contents.left_out(plan.left_out).get(section)
    if not files:
        return ""
    named = contents.brief.edition == "full"
    return wording.left_out_note(section, files, contents.look.language, named=named)


def _prompt(contents: Contents, at: int, prompt: Prompt, plan: Plan) -> dict[str, Any]:
    language = contents.look.language
    count = max(1, round(plan.writing / RULE_PITCH))
    return {
        "question": tidy(prompt.question, 160),
        "hints": _hints([b for b in _shown(contents, plan) if b.prompt == at], plan),
        "stances": [
            {"word": stance_word(stance, language), "suggested": stance == prompt.suggested}
            for stance in prompt.stances
        ],
        "rules": [round(plan.writing / count, 3)] * count,
    }


def _hints(blocks: list[Block], plan: Plan) -> list[dict[str, Any]]:
    """What is known beneath a question, in one paragraph for each person."""
    return [
        {"id": mine[0].id, "label": label, "lines": [_line(block, plan) for block in mine]}
        for label, mine in by_label(blocks).items()
    ]


def _foot(contents: Contents) -> str:
    brief, language = contents.brief, contents.look.language
    said = [language.text("For your eyes only")] if brief.edition == "full" else []
    if brief.calendar_as_of is not None:
        moment = brief.calendar_as_of
        day = language.short_date(moment.date(), beside=brief.start.date())
        time = language.clock_time(moment)
        said.append(language.text("calendar as of {day}, {time}", day=day, time=time))
    return " · ".join(said)
