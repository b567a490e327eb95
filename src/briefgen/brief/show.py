"""Showing a brief outside the page: as text, Markdown, HTML or JSON, and why each line is in it."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from html import escape
from typing import Any, Final

from briefgen.brief.brief import (
    Brief,
    Glance,
    LeftOut,
    Line,
    Prompt,
    Source,
)
from briefgen.brief.said import count_new, since_words
from briefgen.brief.sections import glance_label, named, sections_by_heading, stance_word
from briefgen.workspace.language import Language, language_of
from briefgen.workspace.value import Value

_NUMBER: Final = re.compile(r"\d+\.")
"""The label of an item of the agenda."""
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>#|~]|&(?=#?\w+;)|\A[-+=]")
_NUMBERED: Final = re.compile(r"\A(\d{1,9})([.)])")
"""Characters that mean something in Markdown: anywhere, before an entity, or at the beginning."""


def as_json(brief: Brief) -> dict[str, Any]:
    """The whole brief as JSON holds it; times as RFC 3339 with offset."""
    plain = _plain(brief)
    assert isinstance(plain, dict)  # noqa: S101  # a brief is a value with fields
    return {**plain, "glance": glance_as_json(brief.glance)}


def glance_as_json(glance: Glance) -> dict[str, Any]:
    """The glance as `show --json` prints it."""
    return {
        "stance": glance.stance.text if glance.stance else None,
        "evidence": glance.stance.evidence if glance.stance else None,
        "lead": glance.lead.text if glance.lead else None,
        "lines": [
            {
                "label": one.label,
                "text": _said(line, language_of("en")),
                "rule": line.rule,
                "file": line.source.file,
                "line": line.source.line,
            }
            for one in glance.lines
            for line in one.lines
        ],
    }


def _plain(value: object) -> object:
    if isinstance(value, Value):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def json_text(brief: Brief) -> str:
    """The brief as one JSON document."""
    return json.dumps(as_json(brief), ensure_ascii=False, indent=2)


def when(brief: Brief, language: Language) -> str:
    """`Monday 23 November 2026, 10:30–11:30`; with the day of the end where that is another."""
    start, end = language.clock_time(brief.start), language.clock_time(brief.end)
    if brief.end.date() != brief.start.date():
        end = f"{language.short_date(brief.end.date(), beside=brief.start.date())}, {end}"
    times = f"{start}–{end}" if brief.end > brief.start else start
    return language.text(
        "{date}, {time}", date=language.day_heading(brief.start.date()), time=times
    )


def as_text(brief: Brief, language: Language, *, why: bool = False) -> str:
    """The brief for a terminal; with `why` each line's rule, place and rank, and what is not in it.

    Names come first, then the sections in the order of the page, then the questions.
    """
    lines = [brief.title, when(brief, language)]
    lines += [part for part in (brief.place, ", ".join(brief.organizations)) if part]
    lines += [f"! {mark}" for mark in (*brief.marks, *_since(brief, language))]
    lines += _glance_as_text(brief.glance, language, why=why)
    lines += ["", *_faces_as_text(brief, language, why=why)]
    lines += _colleagues(brief, language)
    for heading, found in _parts(brief, language):
        lines += ["", heading.upper(), *(_line_as_text(line, language, why=why) for line in found)]
    for prompt in brief.prompts:
        lines += ["", prompt.question.upper()]
        lines += [_line_as_text(line, language, why=why) for line in prompt.lines]
        if prompt.stances:
            ticks = (f"[{_tick(prompt, s)}] {stance_word(s, language)}" for s in prompt.stances)
            lines.append("  " + "  ".join(ticks))
    if why:
        lines += ["", *left_out_as_text(brief.left_out, language)]
    return "\n".join(lines).rstrip() + "\n"


def _since(brief: Brief, language: Language) -> list[str]:
    """What has changed since the sheet that was last delivered."""
    if brief.changes is None:
        return []
    count, day = count_new(brief), brief.start.date()
    told = since_words(brief.changes, count, language, beside=day)
    return [told] if told else []


def _glance_as_text(glance: Glance, language: Language, *, why: bool) -> Iterator[str]:
    stance = glance.stance
    if glance != Glance():
        yield ""
    if stance is not None:
        yield stance.text.upper()
        yield from [f"  {stance.evidence}"] if stance.evidence else []
        if why:
            yield f"      {stance.rule}, {_place(stance.source)}"
    if glance.lead is not None:
        yield _line_as_text(glance.lead, language, why=why)
    headings = [glance_label(one.label, language) for one in glance.lines]
    width = max(map(len, headings), default=0)
    for heading, one in zip(headings, glance.lines, strict=True):
        for line in one.lines:
            yield f"  {heading:<{width}}  {_said(line, language)}" + (_why(line) if why else "")


def _colleagues(brief: Brief, language: Language) -> list[str]:
    if not brief.colleagues:
        return []
    names = language.listed(brief.colleagues)
    return [language.text("With you: {names}", names=names)]


def _parts(brief: Brief, language: Language) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """What is under each heading, in the order of the page."""
    for heading, rows in sections_by_heading(brief, language).items():
        yield heading, tuple(line for _, lines in rows for line in lines)


def _tick(prompt: Prompt, stance: str) -> str:
    return "→" if stance == prompt.suggested else " "


def _faces_as_text(brief: Brief, language: Language, *, why: bool) -> Iterator[str]:
    for face in brief.faces:
        yield " — ".join(part for part in (face.name, face.role, face.remark) if part)
        for line in face.lines:
            yield _line_as_text(line, language, why=why)
    if brief.uncounted:
        yield f"+ {brief.uncounted}"


def _line_as_text(line: Line, language: Language, *, why: bool = False) -> str:
    return f"  {_said(line, language)}" + (_why(line) if why else "")


def _why(line: Line) -> str:
    use = f", used {line.use}" if line.use else ""
    return f"\n      {line.rule}, rank {line.rank}{use}, {_place(line.source)}"


def _place(source: Source) -> str:
    return source.file + (f":{source.line}" if source.line else "")


def _said(line: Line, language: Language) -> str:
    """A line with its label before it and its note after it."""
    label = line.label.rstrip(":")
    if _NUMBER.fullmatch(label):
        said = f"{label} {line.text}"
    elif line.channel:
        said = language.labelled(language.noted(label, line.channel), line.text)
    elif not label or line.text.startswith(label):  # the text says it
        said = line.text
    else:
        said = named(label, line.text, language)
    said = language.noted(said, line.note)
    return f"{said} [{line.origin}]" if line.origin else said


def left_out_as_text(left_out: Iterable[LeftOut], language: Language) -> Iterator[str]:
    """What was considered and left out, each with its reason and place."""
    found = tuple(left_out)
    if not found:
        return
    yield "LEFT OUT"
    for one in sorted(found, key=lambda one: -one.line.rank):
        yield _line_as_text(one.line, language, why=True)
        yield f"      left out: {one.reason}{f' ({one.by})' if one.by else ''}"


def hidden_as_text(brief: Brief, language: Language) -> str:
    """What is hidden: avoided, private to somebody, told in confidence, or for no brief at all."""
    reasons = {"avoid", "visibility", "present", "confidence", "unfit"}
    hidden = [one for one in brief.left_out if one.reason in reasons]
    if not hidden:
        return "nothing is hidden\n"
    lines = []
    for one in hidden:
        why = f"{one.by} (it says: {one.words})" if one.words else one.by
        lines += [
            _line_as_text(one.line, language, why=True),
            f"      hidden by {one.reason}: {why}",
        ]
    return "\n".join(lines) + "\n"


def as_markdown(brief: Brief, language: Language, *, why: bool = False) -> str:
    """The brief as Markdown."""
    lines = [f"# {_md(brief.title)}", "", _md(when(brief, language))]
    if brief.place:
        lines += ["", _md(brief.place)]
    lines += [f"\n> {_md(mark)}" for mark in (*brief.marks, *_since(brief, language))]
    lines += ["", *_glance_as_markdown(brief.glance, language, why=why)]
    for face in brief.faces:
        about = " — ".join(_md(part) for part in (face.role, face.remark) if part)
        lines += ["", f"**{_md(face.name)}**" + (f" — {about}" if about else ""), ""]
        lines += [f"- {_md(_said(line, language))}{_md_why(line, why=why)}" for line in face.lines]
    for heading, found in _parts(brief, language):
        lines += ["", f"## {_md(heading)}", ""]
        lines += [f"- {_md(_said(line, language))}{_md_why(line, why=why)}" for line in found]
    for prompt in brief.prompts:
        lines += ["", f"## {_md(prompt.question)}", ""]
        lines += [
            f"- {_md(_said(line, language))}{_md_why(line, why=why)}" for line in prompt.lines
        ]
        for stance in prompt.stances:
            mark = " **←**" if stance == prompt.suggested else ""
            lines.append(f"- [ ] {stance_word(stance, language)}{mark}")
    if why and brief.left_out:
        lines += ["", "## Left out", ""]
        lines += [
            f"- {_md(_said(o.line, language))} — {o.reason} {_md(o.by)}" for o in brief.left_out
        ]
    return "\n".join(lines).rstrip() + "\n"


def _glance_as_markdown(glance: Glance, language: Language, *, why: bool) -> Iterator[str]:
    if glance.stance is not None:
        evidence = f" — {_md(glance.stance.evidence)}" if glance.stance.evidence else ""
        yield f"**{_md(glance.stance.text)}**{evidence}\n"
    if glance.lead is not None:
        yield f"{_md(_said(glance.lead, language))}{_md_why(glance.lead, why=why)}\n"
    for one in glance.lines:
        heading = _md(glance_label(one.label, language))
        for line in one.lines:
            yield f"- **{heading}** {_md(_said(line, language))}{_md_why(line, why=why)}"
    if glance.lines:
        yield ""


def _md_why(line: Line, *, why: bool) -> str:
    if not why:
        return ""
    place = line.source.file + (f":{line.source.line}" if line.source.line else "")
    return f" `{line.rule}` `{place}`"


def _md(text: str) -> str:
    """A text in which the characters that mean something in Markdown are escaped."""
    flat = _MARKDOWN.sub(lambda found: f"\\{found[0]}", " ".join(text.split()))
    return _NUMBERED.sub(r"\1\\\2", flat)


def as_html(brief: Brief, language: Language, *, why: bool = False) -> str:
    """The brief as one plain HTML document, made from its Markdown."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only for HTML

    markdown = MarkdownIt("commonmark", {"html": False})
    body = str(markdown.render(as_markdown(brief, language, why=why)))
    code = str(language.locale).replace("_", "-")
    direction = "rtl" if language.right_to_left else "ltr"
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(code)}" dir="{direction}">\n<head>'
        f'<meta charset="utf-8"><title>{escape(brief.title)}</title></head>\n<body>\n'
        + body.replace("<li>[ ] ", "<li>☐ ")
        + "</body>\n</html>\n"
    )
