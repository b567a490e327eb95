"""The day sheet as a page: the timeline drawn to scale, and beside it whom and what to think of."""

from collections.abc import Iterable
from datetime import UTC
from math import inf
from typing import Any, Final

from briefgen.brief.brief import Face
from briefgen.brief.day import DaySheet, Remark, Stop
from briefgen.page import wording
from briefgen.page.binding import bound
from briefgen.page.clip import clip, without_towers
from briefgen.page.look import Look
from briefgen.page.photos import Photo, prepare_photo
from briefgen.page.render import render_day
from briefgen.page.scripts import installed_fonts, legible_day, neutral
from briefgen.page.sheet import SHEETS
from briefgen.page.templates import DAY_STYLE, FONTS, find_template, template_folder
from briefgen.page.typeset import ASSETS, LaidOut, lay_out
from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem

LARGEST_SCALE: Final = 40.0
"""Millimetres an hour on an easy day; on a full one it is less."""
_END: Final = "aside-end"
FACES_SHOWN: Final = 12
_HIGHEST_GAP: Final = 20.0
_HEADER: Final = 34.0
_LEAST_STOP: Final = 17.0
_LEAST_GAP: Final = 8.0
_LONGEST_DAY: Final = 240
"""Minutes drawn of one meeting: a whole afternoon need not be longer on paper."""


def lay_out_day(sheet: DaySheet, look: Look) -> tuple[LaidOut, list[Problem]]:
    """The day sheet, in the largest scale in which it is one page; with very many meetings, more.

    What could not be shown comes with it.
    """
    sheet = legible_day(sheet, fonts=installed_fonts(template_folder() / FONTS))
    photos, problems = _photos(sheet.faces, look)
    style = find_template(DAY_STYLE, look.templates)
    assets = {photo.name: photo.data for photo in photos.values()}
    scale = _scale(sheet, look)
    for tried, below in _attempts(scale, beside=bool(sheet.stops)):
        page = _context(sheet, look, photos, scale=tried, below=below)
        html, mistakes = render_day(page, look)
        laid = lay_out(html, style=style, assets=assets)
        if laid.pages == 1 and (below or _is_whole(laid, html, look)):
            break
    return laid, [*problems, *mistakes]


def _attempts(scale: float, *, beside: bool) -> list[tuple[float, bool]]:
    """Scales, and whether what is to be remembered goes below the timeline; the last always does.

    There it runs on to as many pages as it needs.
    """
    tried = [(scale, False), (scale / 2, False)] if beside and scale else []
    return [*tried, (0.0, True)]


def _is_whole(laid: LaidOut, html: str, look: Look) -> bool:
    """Whether what stands beside the timeline has its end on the page.

    What goes beyond the page is not laid out at all. A template of the user's may have no end.
    """
    if f'id="{_END}"' not in html:
        return True
    return laid.tops.get(_END, inf) <= SHEETS[look.size].floor


def _scale(sheet: DaySheet, look: Look) -> float:
    """The largest scale that probably fits: 0 where even the words alone may not."""
    paper = SHEETS[look.size]
    room = paper.height - paper.top - paper.bottom - _HEADER
    scale = LARGEST_SCALE
    while scale >= 1 and _drawn(sheet, scale) > room:
        scale -= 1
    return scale if scale >= 1 else 0.0


def _drawn(sheet: DaySheet, scale: float) -> float:
    """The height of the timeline in a scale."""
    return sum(
        max(_LEAST_STOP, _height(stop, scale))
        + (max(_LEAST_GAP, _gap_height(stop, scale)) if stop.gap else 0)
        for stop in sheet.stops
    )


def _height(stop: Stop, scale: float) -> float:
    if stop.all_day:
        return 0.0
    minutes = (stop.end.astimezone(UTC) - stop.start.astimezone(UTC)).total_seconds() / 60
    return round(scale * min(max(minutes, 0), _LONGEST_DAY) / 60, 2)


def _gap_height(stop: Stop, scale: float) -> float:
    if stop.gap is None or stop.gap.kind == "overlap":
        return 0.0
    return round(min(scale * stop.gap.minutes / 60, _HIGHEST_GAP), 2)


def _photos(faces: Iterable[Face], look: Look) -> tuple[dict[str, Photo], list[Problem]]:
    photos: dict[str, Photo] = {}
    problems = []
    for face in list(faces)[:FACES_SHOWN]:
        if face.photo:
            place = face.source.replace(line=face.photo_line)
            photo = prepare_photo(face.photo, look=look, source=place)
            if isinstance(photo, Photo):
                photos[face.key] = photo
            else:
                problems.append(photo)
    return photos, problems


def _context(
    sheet: DaySheet, look: Look, photos: dict[str, Photo], *, scale: float, below: bool
) -> dict[str, Any]:
    language = look.language
    more_faces = max(0, len(sheet.faces) - FACES_SHOWN) + sheet.more_faces
    page = {
        "lang": str(language.locale).replace("_", "-"),
        "dir": "rtl" if language.right_to_left else "ltr",
        "paper": SHEETS[look.size].css_class,
        "edition": sheet.edition,
        "author": look.author,
        "document_title": language.text("Day sheet, {date}", date=sheet.heading),
        "heading": sheet.heading,
        "summary": _summary(sheet, look),
        "below": below,
        "stops": [_stop(stop, look, scale) for stop in sheet.stops],
        "faces": [_face(face, photos) for face in sheet.faces[:FACES_SHOWN]],
        "more_faces": _more(look, more_faces),
        "mine": _remarks(sheet.mine, look.language),
        "theirs": _remarks(sheet.theirs, look.language),
        "more_promises": _more(look, sheet.more_promises),
        "birthdays": _remarks(sheet.birthdays, look.language),
        "more_birthdays": _more(look, sheet.more_birthdays),
        "shares": _remarks(sheet.shares, look.language),
        "calendar_as_of": _calendar_as_of(sheet, look),
    }
    return {"page": page, "text": language.text, "plural": language.plural}


def _summary(sheet: DaySheet, look: Look) -> str:
    """Like `3 meetings · 5 people`; nothing where there are no meetings."""
    plural = look.language.plural
    if not sheet.stops:
        return ""
    parts = [plural("{count} meeting", "{count} meetings", len(sheet.stops))]
    if people := len(sheet.faces) + sheet.more_faces:
        parts.append(plural("{count} person", "{count} people", people))
    return " · ".join(parts)


def _stop(stop: Stop, look: Look, scale: float) -> dict[str, Any]:
    start, _, until = stop.when.partition("–")
    return {
        "start": start.strip(),
        "until": f"–{until.strip()}" if until else "",
        "title": _tidy(stop.title, 110),
        "marks": [_tidy(mark, 60) for mark in stop.marks[:2]],
        "where": _where(stop, look),
        "names": _tidy(stop.names, 160),
        "code": stop.code,
        "height": _height(stop, scale),
        "gap": stop.gap
        and {
            "kind": stop.gap.kind,
            "text": _tidy(stop.gap.text, 110),
            "height": _gap_height(stop, scale),
        },
    }


def _where(stop: Stop, look: Look) -> list[dict[str, str | None]]:
    facts: list[dict[str, str | None]] = []
    if stop.organizations:
        facts.append({"text": _tidy(look.language.listed(stop.organizations), 80), "link": None})
    if stop.place.strip():
        place = stop.place.strip()
        link = wording.web_link(place) or wording.map_link(place)
        facts.append({"text": _tidy(place, 80), "link": link})
    if link := wording.web_link(stop.join_link):
        facts.append({"text": look.language.text("Join link"), "link": link})
    return facts


def _face(face: Face, photos: dict[str, Photo]) -> dict[str, str]:
    photo = photos.get(face.key)
    return {
        "name": _tidy(face.name, 30),
        "initials": face.initials,
        "photo": f"{ASSETS}{photo.name}" if photo else "",
    }


def _remarks(remarks: Iterable[Remark], language: Language) -> list[dict[str, str]]:
    return [
        {
            "who": _tidy(remark.who, 40),
            "text": bound(_tidy(remark.text, 90), language),
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
    if moment is None:
        return ""
    day = language.short_date(moment.date(), beside=sheet.day)
    return language.text("Calendar as of {day}, {time}", day=day, time=language.clock_time(moment))


def _tidy(text: str, most: int) -> str:
    return clip(without_towers(neutral(text)), most)
