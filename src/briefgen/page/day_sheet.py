"""The day sheet: the day's meetings in the hand of the briefs, and whom and what to think of."""

from collections.abc import Iterable
from typing import Any, Final

from briefgen.brief.day import DaySheet, Remark, promised
from briefgen.brief.stops import Stop, summary
from briefgen.page.look import Look
from briefgen.page.render import render_day
from briefgen.page.scripts import installed_fonts, legible_day, neutral
from briefgen.page.templates import (
    DAY_STYLE,
    FONTS,
    STYLE,
    find_template,
    template_folder,
)
from briefgen.page.text import bound, clip, host_name, map_link, web_link, without_towers
from briefgen.page.typeset import LaidOut, lay_out
from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem

_LEAST_LINES: Final = 2
"""Ruled lines to carry over to tomorrow, where there is room for as many."""
_MOST_LINES: Final = 24
_MOST_NAMES: Final = 3


def lay_out_day(sheet: DaySheet, look: Look) -> tuple[LaidOut, list[Problem]]:
    """The day sheet on one page; with very many meetings, on more.

    What could not be shown comes with it.
    """
    sheet = legible_day(sheet, fonts=installed_fonts(template_folder() / FONTS))
    styles = (find_template(STYLE, look.templates), find_template(DAY_STYLE, look.templates))

    def laid_out(lines: int, *, long: bool) -> tuple[LaidOut, tuple[Problem, ...]]:
        html, mistakes = render_day(_context(sheet, look, lines=lines, long=long), look)
        return lay_out(html, style=styles), mistakes

    laid, mistakes = laid_out(_LEAST_LINES, long=False)
    room = _room(laid)
    if room is None:
        laid, mistakes = laid_out(0, long=True)
    elif (lines := _lines(laid, room)) != _LEAST_LINES:
        fuller, mistakes = laid_out(lines, long=False)
        laid = fuller if _room(fuller) is not None else laid
    return laid, list(mistakes)


def _room(laid: LaidOut) -> float | None:
    """The millimetres left on a page; None where it is too full, or has no such marks."""
    end, foot = laid.tops.get("day-end"), laid.tops.get("foot")
    if laid.pages != 1 or end is None or foot is None or end > foot:
        return None
    return foot - end


def _lines(laid: LaidOut, room: float) -> int:
    """How many lines to write on there is room for."""
    first, last = laid.tops.get("carry-w"), laid.tops.get("carry-e")
    if first is None or last is None or last <= first:
        return _LEAST_LINES
    pitch = (last - first) / _LEAST_LINES
    return min(_MOST_LINES, _LEAST_LINES + int(room / pitch))


def _context(sheet: DaySheet, look: Look, *, lines: int, long: bool) -> dict[str, Any]:
    language = look.language
    weekday, date = _heading(sheet, language)
    page = {
        "lang": str(language.locale).replace("_", "-"),
        "dir": "rtl" if language.right_to_left else "ltr",
        "paper": look.size.lower(),
        "edition": sheet.edition,
        "color": look.color,
        "long": long,
        "author": look.author,
        "document_title": language.text("Day sheet, {date}", date=sheet.heading),
        "weekday": weekday,
        "date": date,
        "summary": summary(sheet.stops, language),
        "free": sheet.free,
        "promised": promised(sheet, language),
        "stops": [_stop(stop, look) for stop in sheet.stops],
        "mine": _remarks(sheet.mine, language),
        "theirs": _remarks(sheet.theirs, language),
        "more_promises": _more(look, sheet.more_promises),
        "attention": _remarks(filter(None, [sheet.attention]), language),
        "birthdays": _remarks(sheet.unsaid(sheet.birthdays), language),
        "more_birthdays": _more(look, sheet.more_birthdays),
        "shares": _remarks(sheet.unsaid(sheet.shares), language),
        "lines": lines,
        "private": sheet.edition == "full",
        "calendar_as_of": _calendar_as_of(sheet, look),
    }
    return {"page": page, "text": language.text, "plural": language.plural}


def _heading(sheet: DaySheet, language: Language) -> tuple[str, str]:
    """The weekday, and the rest of the date, where the language writes them one after the other."""
    weekday = language.weekday(sheet.day)
    date = sheet.heading.replace(weekday, "", 1).strip(" ,،")
    return weekday, date


def _stop(stop: Stop, look: Look) -> dict[str, Any]:
    start, dash, until = stop.when.partition("–")
    return {
        "start": start.strip(),
        "until": f"{dash}{until.strip()}",
        "title": _tidy(stop.title, 160),
        "marks": [_tidy(mark, 60) for mark in stop.marks[:2]],
        "first": bound(_tidy(stop.first, 160), look.language),
        "stance": _tidy(stop.stance, 60),
        "where": _where(stop),
        "names": _names(stop, look.language),
        "code": stop.code,
        "gap": _tidy(stop.gap.text, 110)
        if stop.gap and stop.gap.kind in {"travel", "overlap"}
        else "",
    }


def _names(stop: Stop, language: Language) -> str:
    """Who is met: a few by name, of more the first and a count."""
    if len(stop.faces) <= _MOST_NAMES:
        return _tidy(stop.names, 120)
    count = len(stop.faces) - 1
    first = _tidy(stop.faces[0].name, 40)
    return language.plural("{name} and {count} more", "{name} and {count} more", count, name=first)


def _where(stop: Stop) -> list[dict[str, str | None]]:
    facts: list[dict[str, str | None]] = []
    join = web_link(stop.join_link)
    place = " ".join(stop.place.split())
    if place and not (join and "://" in place):
        link = web_link(place) or map_link(place)
        facts.append({"text": _tidy(place, 110), "link": link})
    if join:
        facts.append({"text": _tidy(host_name(join), 40), "link": join})
    return facts


def _remarks(remarks: Iterable[Remark], language: Language) -> list[dict[str, str]]:
    return [
        {
            "who": _tidy(remark.who, 40),
            "text": bound(_tidy(remark.text, 120), language),
            "note": bound(_tidy(remark.note, 50), language),
            "mark": remark.mark or "",
        }
        for remark in remarks
    ]


def _more(look: Look, count: int) -> str:
    if not count:
        return ""
    return look.language.plural("and {count} more", "and {count} more", count)


def _calendar_as_of(sheet: DaySheet, look: Look) -> str:
    moment, language = sheet.calendar_as_of, look.language
    if sheet.calendar_cut:
        return language.text("Calendar cut off: meetings may be missing")
    if moment is None:
        return ""
    day = language.short_date(moment.date(), beside=sheet.day)
    return language.text("Calendar as of {day}, {time}", day=day, time=language.clock_time(moment))


def _tidy(text: str, most: int) -> str:
    return clip(without_towers(neutral(text)), most)
