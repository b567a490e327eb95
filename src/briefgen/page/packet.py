"""The packet: the day sheet and the day's briefs as one tagged document, ready to print.

The day sheet has the day's meetings in the style of the briefs, and what to remember.
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, Final, TypeAlias

from msgspec import field

from briefgen.brief.brief import Brief
from briefgen.brief.day import DaySheet, Remark, promised
from briefgen.brief.stops import Stop, summary
from briefgen.page.context import paper_values
from briefgen.page.look import (
    DAY_STYLE,
    FONTS,
    PLAIN_STYLE,
    STYLE,
    Look,
    find_template,
    template_folder,
)
from briefgen.page.make import fit_page, fit_plain
from briefgen.page.people import shortened
from briefgen.page.render import render_day
from briefgen.page.scripts import installed_fonts, legible_day, neutral
from briefgen.page.text import (
    NO_BREAK,
    SHORT_FACT,
    bound,
    clip,
    in_one_piece,
    unwidowed,
    where_facts,
    without_towers,
)
from briefgen.page.typeset import BoundPart, LaidOut, bind, lay_out
from briefgen.workspace.language import Language, capitalised
from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value

_LEAST_LINES: Final = 2
"""The most ruled lines for what to carry over to tomorrow."""
_MOST_LINES: Final = 24
_LONGEST_NAME: Final = 40
_MOST_LAYOUTS: Final = 4
_HAIR: Final = 0.05
"""Rounding of the typesetter, in millimetres."""
_PARTS: Final = ("shares", "birthdays", "attention", "theirs", "mine")
"""The parts other than the meetings, in the order in which they are left out."""
_FIRST_TO_GO: Final = ("shares", "birthdays", "attention")
_URGENT: Final = frozenset({"overdue", "due"})

Parts: TypeAlias = dict[str, list[dict[str, str]]]
"""The remarks of each part, as the template names them."""


class _Plan(Value, frozen=True, kw_only=True):
    """How a day sheet is laid out.

    Attributes:
        lines: how many ruled lines there are to carry over to tomorrow.
        left_out: the ids of remarks without room.
        short: whether titles, names and places of meetings are cut to one line of type.
        long: whether the sheet may run on to more pages.
    """

    lines: int = _LEAST_LINES
    left_out: frozenset[str] = frozenset()
    short: bool = False
    long: bool = False


def lay_out_day(sheet: DaySheet, look: Look) -> tuple[LaidOut, list[Problem]]:
    """The day sheet on one page, with the problems of its template.

    Like a brief it is laid out with everything first; what was measured decides what is left out,
    the least important first. If there are too many meetings it runs on to more pages.
    """
    sheet = legible_day(sheet, fonts=installed_fonts(template_folder() / FONTS))
    styles = (find_template(STYLE, look.templates), find_template(DAY_STYLE, look.templates))
    parts = _parts(sheet, look.language)
    plan, best = _Plan(), None
    for _ in range(_MOST_LAYOUTS):
        html, mistakes = render_day(_context(sheet, parts, look, plan), look)
        laid = lay_out(html, style=styles)
        room = _room(laid)
        if room is None:  # a template of the user's without the ids
            return laid, list(mistakes)
        if room < 0 and best is not None:
            break
        if room >= 0:
            best = laid
        better = _with_more(plan, laid, room) if room >= 0 else _with_less(plan, parts, laid)
        if better == plan:
            break
        plan = better
    if best is None:
        long = _Plan(lines=0, long=True)
        html, mistakes = render_day(_context(sheet, parts, look, long), look)
        best = lay_out(html, style=styles)
    return best, list(mistakes)


def _room(laid: LaidOut) -> float | None:
    """The millimetres left on the page, negative if it is too full."""
    end, foot = laid.tops.get("day-end"), laid.tops.get("foot")
    return None if end is None or foot is None else foot - end + _HAIR


def _with_more(plan: _Plan, laid: LaidOut, room: float) -> _Plan:
    """The plan with as many lines to write on as fit."""
    if not plan.lines:
        return plan
    return plan.replace(lines=min(_MOST_LINES, plan.lines + int(room / _pitch(laid, plan))))


def _pitch(laid: LaidOut, plan: _Plan) -> float:
    return (laid.tops["carry-e"] - laid.tops["carry-w"]) / plan.lines


def _with_less(plan: _Plan, parts: Parts, laid: LaidOut) -> _Plan:
    """The plan that fits with these heights: fewer lines to write on, then fewer remarks.

    Promises are left out only when the meetings have been cut too.
    """
    tops = laid.tops
    over = tops["day-end"] - tops["foot"]
    if plan.lines:
        lines = plan.lines - ceil(over / _pitch(laid, plan))
        if lines > 0:
            return plan.replace(lines=lines)
        over -= tops["day-end"] - tops["s-carry"]
    before = set(plan.left_out)
    gone = set(before)
    for part, remark in _optional(parts):
        if over <= _saved(parts, gone - before, before, tops):
            break
        if part in _FIRST_TO_GO or plan.short:
            gone.add(remark["id"])
    enough = over <= _saved(parts, gone - before, before, tops)
    return plan.replace(lines=0, left_out=frozenset(gone), short=plan.short or not enough)


def _optional(parts: Parts) -> list[tuple[str, dict[str, str]]]:
    """What may be left out, the least important first; my urgent promises never are."""
    found = [(part, one) for part in _PARTS for one in reversed(parts[part])]
    found = [(part, one) for part, one in found if part != "mine" or one["mark"] not in _URGENT]
    return sorted(found, key=lambda one: one[1]["mark"] in _URGENT)


def _saved(parts: Parts, gone: set[str], before: set[str], tops: Mapping[str, float]) -> float:
    """The millimetres saved without these remarks, which were there when measured."""
    saved = 0.0
    marks = sorted(top for key, top in tops.items() if key.startswith(("s-", "day-end")))
    for part in _PARTS:
        shown = [one["id"] for one in parts[part] if one["id"] not in before]
        if shown and gone.issuperset(shown):
            top = tops[f"s-{part}"]
            saved += next((mark for mark in marks if mark > top), top) - top
        else:
            ends = [*(tops[key] for key in shown), tops.get(f"e-{part}", 0.0)]
            saved += sum(ends[at + 1] - ends[at] for at, key in enumerate(shown) if key in gone)
    return saved


def _parts(sheet: DaySheet, language: Language) -> Parts:
    """Everything except the meetings."""
    remarks: dict[str, Iterable[Remark]] = {
        "mine": sheet.mine,
        "theirs": sheet.theirs,
        "attention": filter(None, [sheet.attention]),
        "birthdays": sheet.unsaid(sheet.birthdays),
        "shares": sheet.unsaid(sheet.shares),
    }
    return {
        part: [_remark(one, f"{part}-{at}", language) for at, one in enumerate(found)]
        for part, found in remarks.items()
    }


def _context(sheet: DaySheet, parts: Parts, look: Look, plan: _Plan) -> dict[str, Any]:
    language = look.language
    weekday, date = _heading(sheet, language)
    page = {
        **paper_values(look),
        "edition": sheet.edition,
        "long": plan.long,
        "short": plan.short,
        "document_title": language.text("Day sheet, {date}", date=sheet.heading),
        "weekday": weekday,
        "date": date,
        "summary": summary(sheet.stops, language),
        "free": bound(sheet.free, language),
        "promised": promised(sheet, language),
        "stops": [_stop(stop, look) for stop in sheet.stops],
        **{
            part: [one for one in remarks if one["id"] not in plan.left_out]
            for part, remarks in parts.items()
        },
        "more_promises": _more(look, sheet.more_promises),
        "more_birthdays": _more(look, sheet.more_birthdays),
        "lines": plan.lines,
        "private": sheet.edition == "full",
        "remarks": _remarks(sheet, look, len(plan.left_out)),
    }
    return {"page": page, "text": language.text, "plural": language.plural}


def _heading(sheet: DaySheet, language: Language) -> tuple[str, str]:
    """The weekday and the rest of the date, if the language writes them in this order."""
    weekday = capitalised(language.weekday(sheet.day))
    date = sheet.heading.replace(weekday, "", 1).strip(" ,،")
    return weekday, date


def _stop(stop: Stop, look: Look) -> dict[str, Any]:
    start, dash, until = stop.when.partition("–")
    return {
        "start": start.strip(),
        "until": f"{dash}{until.strip()}",
        "title": _tidy(stop.title, 160),
        "marks": [in_one_piece(_tidy(mark, 60), SHORT_FACT) for mark in stop.marks[:2]],
        "first": _said(stop.first, 160, look.language),
        "stance": _tidy(stop.stance, 60),
        "where": where_facts(neutral(stop.place), stop.join_link, look.language),
        "names": _names(stop),
        "code": stop.code,
        "gap": _tidy(stop.gap.text, 110)
        if stop.gap and stop.gap.kind in {"travel", "overlap"}
        else "",
    }


def _names(stop: Stop) -> str:
    """The people met, with no name broken; a long first of several is shortened."""
    names = neutral(stop.names)
    for face in stop.faces:
        name = neutral(face.name)
        names = names.replace(name, shortened(name, _LONGEST_NAME).replace(" ", NO_BREAK))
    return _tidy(names, 130)


def _remark(remark: Remark, key: str, language: Language) -> dict[str, str]:
    return {
        "id": key,
        "who": shortened(without_towers(neutral(remark.who)), _LONGEST_NAME),
        "text": _said(remark.text, 120, language),
        "note": bound(_tidy(remark.note, 50), language),
        "mark": remark.mark or "",
    }


def _more(look: Look, count: int) -> str:
    if not count:
        return ""
    return look.language.plural("and {count} more", "and {count} more", count)


def _remarks(sheet: DaySheet, look: Look, left_out: int) -> list[str]:
    """The small things at the foot."""
    moment, language = sheet.calendar_as_of, look.language
    said = []
    if left_out:
        said.append(
            language.plural("{count} more line on file", "{count} more lines on file", left_out)
        )
    if sheet.calendar_cut:
        said.append(language.text("Calendar cut off: meetings may be missing"))
    elif moment is not None:
        day, time = (
            language.short_date(moment.date(), beside=sheet.day),
            language.clock_time(moment),
        )
        said.append(language.text("Calendar as of {day}, {time}", day=day, time=time))
    return said


def _said(text: str, most: int, language: Language) -> str:
    return unwidowed(bound(_tidy(text, most), language), language)


def _tidy(text: str, most: int) -> str:
    return clip(without_towers(neutral(text)), most)


class PacketContents(Value, frozen=True, kw_only=True):
    """The contents of a packet.

    Attributes:
        sheet: of the same day as the briefs.
        briefs: in the edition that is wanted, in order of time.
        two_sided: blank pages let each brief start on the front of a sheet, a right-hand page.
        plain: the places of briefs that can only be typeset as text, and why.
    """

    sheet: DaySheet
    briefs: tuple[Brief, ...]
    two_sided: bool = False
    plain: Mapping[int, str] = field(default_factory=dict)


class MadePacket(Value, frozen=True, kw_only=True):
    """A typeset packet.

    Attributes:
        pdf: the document.
        pages: how many, including blank ones.
        problems: what could not be shown.
    """

    pdf: bytes
    pages: int
    problems: tuple[Problem, ...] = ()


def make_packet(contents: PacketContents, look: Look) -> MadePacket:
    """The day sheet, then each brief on its own page, as one document."""
    day, problems = lay_out_day(contents.sheet, look)
    heading = contents.sheet.heading
    parts = [BoundPart(laid=day, label=heading, bookmark=heading)]
    for at, brief in enumerate(contents.briefs):
        if contents.two_sided and sum(part.laid.pages for part in parts) % 2:
            parts.append(BoundPart(laid=_blank(look), label=""))
        reason = contents.plain.get(at)
        fitted = fit_page(brief, look) if reason is None else fit_plain(brief, look, reason=reason)
        problems += fitted.problems
        time = look.language.clock_time(brief.start)
        parts.append(BoundPart(laid=fitted.laid, label=time, bookmark=f"{time} {brief.title}"))
    return MadePacket(
        pdf=bind(parts),
        pages=sum(part.laid.pages for part in parts),
        problems=tuple(dict.fromkeys(problems)),
    )


def _blank(look: Look) -> LaidOut:
    """The back of a sheet."""
    language = str(look.language.locale).replace("_", "-")
    paper = look.size.lower()
    html = (
        f'<html lang="{language}" class="{paper}"><head><title>-</title></head><body></body></html>'
    )
    return lay_out(html, style=template_folder() / PLAIN_STYLE)
