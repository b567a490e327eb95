"""A brief as text, Markdown, HTML or JSON, and why each line is in it."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from html import escape
from typing import Any, Final

from briefgen.brief.brief import Brief, Glance, LeftOut, Line, Prompt, Source
from briefgen.brief.sections import glance_label, named, sections_by_heading, stance_word
from briefgen.brief.sheet_memory import count_new, since_words
from briefgen.workspace.language import Language, language_of
from briefgen.workspace.value import Value

_NUMBER: Final = re.compile(r"\d+\.")
"""The label of an item of the agenda."""
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>#|~]|&(?=#?\w+;)|\A[-+=]")
_NUMBERED: Final = re.compile(r"\A(\d{1,9})([.)])")
"""Characters that mean something in Markdown: anywhere, before an entity, or at the beginning."""
_HIDDEN: Final = frozenset({"avoid", "visibility", "present", "confidence", "unfit"})


def as_json(brief: Brief) -> dict[str, Any]:
    """The whole brief as JSON holds it; times as RFC 3339 with offset."""
    fields = {name: _plain(getattr(brief, name)) for name in brief.__struct_fields__}
    return {**fields, "glance": glance_as_json(brief.glance)}


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
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def json_text(brief: Brief) -> str:
    """The brief as one JSON document."""
    return json.dumps(as_json(brief), ensure_ascii=False, indent=2)


def when(brief: Brief, language: Language) -> str:
    """`Monday 23 November 2026, 10:30–11:30`; with the day of the end if that is another."""
    start, end = language.clock_time(brief.start), language.clock_time(brief.end)
    if brief.end.date() != brief.start.date():
        end = f"{language.short_date(brief.end.date(), beside=brief.start.date())}, {end}"
    times = f"{start}–{end}" if brief.end > brief.start else start
    return language.text(
        "{date}, {time}", date=language.day_heading(brief.start.date()), time=times
    )


def _marks(brief: Brief, language: Language) -> Iterator[str]:
    """The marks beside the time, and what has changed since the last delivered sheet."""
    yield from brief.marks
    if brief.changes is not None and (
        changed := since_words(brief.changes, count_new(brief), language, beside=brief.start.date())
    ):
        yield changed


def _parts(brief: Brief, language: Language) -> Iterator[tuple[str, list[Line], Prompt | None]]:
    """What is under each heading, in the order of the page; then the questions."""
    for heading, rows in sections_by_heading(brief, language).items():
        yield heading, [line for _, lines in rows for line in lines], None
    for prompt in brief.prompts:
        yield prompt.question, list(prompt.lines), prompt


def as_text(brief: Brief, language: Language, *, why: bool = False) -> str:
    """The brief for a terminal; with `why` each line's rule, place and rank, and what is not in it.

    Names come first, then the sections in the order of the page, then the questions.
    """
    lines = [brief.title, when(brief, language)]
    lines += [part for part in (brief.place, ", ".join(brief.organizations)) if part]
    lines += [f"! {mark}" for mark in _marks(brief, language)]
    lines += [*_glance_as_text(brief.glance, language, why=why), ""]
    for face in brief.faces:
        told = (language.person(face.name), face.role, face.remark)
        lines.append(" — ".join(filter(None, told)))
        lines += [_line_as_text(line, language, why=why) for line in face.lines]
    lines += [f"+ {brief.uncounted}"] if brief.uncounted else []
    if brief.colleagues:
        lines.append(language.text("With you: {names}", names=language.people(brief.colleagues)))
    for heading, found, prompt in _parts(brief, language):
        lines += ["", heading.upper(), *(_line_as_text(line, language, why=why) for line in found)]
        if prompt is not None and prompt.stances:
            ticks = (
                f"[{'→' if one == prompt.suggested else ' '}] {stance_word(one, language)}"
                for one in prompt.stances
            )
            lines.append("  " + "  ".join(ticks))
    if why:
        lines += ["", *left_out_as_text(brief.left_out, language)]
    return "\n".join(lines).rstrip() + "\n"


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
    found = sorted(left_out, key=lambda one: -one.line.rank)
    yield from ["LEFT OUT"] if found else []
    for one in found:
        yield _line_as_text(one.line, language, why=True)
        yield f"      left out: {one.reason}{f' ({one.by})' if one.by else ''}"


def hidden_as_text(brief: Brief, language: Language) -> str:
    """What is hidden: avoided, private to someone, told in confidence, or never in a brief."""
    lines = []
    for one in brief.left_out:
        if one.reason in _HIDDEN:
            why = f"{one.by} (it says: {one.words})" if one.words else one.by
            lines.append(_line_as_text(one.line, language, why=True))
            lines.append(f"      hidden by {one.reason}: {why}")
    return "\n".join(lines or ["nothing is hidden"]) + "\n"


def as_markdown(brief: Brief, language: Language, *, why: bool = False) -> str:
    """The brief as Markdown."""
    lines = [f"# {_md(brief.title)}", "", _md(when(brief, language))]
    lines += ["", _md(brief.place)] if brief.place else []
    lines += [f"\n> {_md(mark)}" for mark in _marks(brief, language)]
    lines += ["", *_glance_as_markdown(brief.glance, language, why=why)]
    for face in brief.faces:
        about = " — ".join(_md(part) for part in (face.role, face.remark) if part)
        name = f"**{_md(language.person(face.name))}**"
        lines += ["", f"{name} — {about}" if about else name, ""]
        lines += [f"- {_md_line(line, language, why=why)}" for line in face.lines]
    for heading, found, prompt in _parts(brief, language):
        lines += ["", f"## {_md(heading)}", ""]
        lines += [f"- {_md_line(line, language, why=why)}" for line in found]
        for stance in prompt.stances if prompt else ():
            mark = " **←**" if prompt and stance == prompt.suggested else ""
            lines.append(f"- [ ] {stance_word(stance, language)}{mark}")
    if why and brief.left_out:
        lines += ["", "## Left out", ""]
        lines += [
            f"- {_md_line(one.line, language)} — {one.reason} {_md(one.by)}"
            for one in brief.left_out
        ]
    return "\n".join(lines).rstrip() + "\n"


def _glance_as_markdown(glance: Glance, language: Language, *, why: bool) -> Iterator[str]:
    if glance.stance is not None:
        evidence = f" — {_md(glance.stance.evidence)}" if glance.stance.evidence else ""
        yield f"**{_md(glance.stance.text)}**{evidence}\n"
    if glance.lead is not None:
        yield f"{_md_line(glance.lead, language, why=why)}\n"
    for one in glance.lines:
        heading = _md(glance_label(one.label, language))
        for line in one.lines:
            yield f"- **{heading}** {_md_line(line, language, why=why)}"
    if glance.lines:
        yield ""


def _md_line(line: Line, language: Language, *, why: bool = False) -> str:
    reason = f" `{line.rule}` `{_place(line.source)}`" if why else ""
    return _md(_said(line, language)) + reason


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
