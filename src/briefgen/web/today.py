"""Today and the days around it: who, when, the first line of each glance, and what waits."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from briefgen.brief.brief import Brief
from briefgen.brief.sections import glance_label, is_careful
from briefgen.day.prepare import ChosenMeeting, Day
from briefgen.reflection.reflections import contacts_of, waiting
from briefgen.web.desk import Desk
from briefgen.web.pages import desk_of, link, page
from briefgen.workspace.language import Language
from briefgen.workspace.problems import errors
from briefgen.workspace.value import Value

_WEEK: Final = 7


class Row(Value, frozen=True, kw_only=True):
    """A meeting in a list.

    Attributes:
        code: its sheet's code.
        time: from when till when.
        people: who is in it, in one line.
        stance, first, label: of its glance; empty where it has none.
        careful: whether its first line is about what is late, owed or needs care.
        state: whether it is over, runs, or is still to come.
        reflect: the address of its five minutes where they wait, or may be amended.
        waits: whether the five minutes have not been taken yet.
    """

    code: str
    day: date
    time: str
    title: str
    people: str
    stance: str = ""
    label: str = ""
    first: str = ""
    careful: bool = False
    state: Literal["over", "now", "ahead"]
    reflect: str | None = None
    waits: bool = False


def show_today(request: Request) -> Response:
    """The page of today."""
    desk = desk_of(request)
    return _shown(request, desk, desk.now().date())


def show_day(request: Request) -> Response:
    """The page of another day."""
    try:
        of = date.fromisoformat(request.path_params["day"])
        _ = of - timedelta(days=400), of + timedelta(days=400)
    except (ValueError, OverflowError):
        raise HTTPException(404) from None
    return _shown(request, desk_of(request), of)


def state(request: Request) -> Response:
    """How often files have changed: a page that is open asks, and loads itself again."""
    return JSONResponse({"changes": desk_of(request).changes})


def _shown(request: Request, desk: Desk, of: date) -> Response:
    day = desk.day(of)
    today = day.as_of.date()
    rows = [row_of(desk, day, one) for one in day.chosen if one.meeting.day == of]
    waits = _waiting(desk, of)
    return page(
        request,
        "today.html.j2",
        here="today",
        of=of,
        today=today,
        before=of - timedelta(days=1),
        after=of + timedelta(days=1),
        heading=heading(of, today, desk.language),
        rows=rows,
        following=None if rows else _day_after(day, of),
        waiting=waits,
        skipped=[one for one in day.skipped if one.meeting.day == of],
        lost=[p for p in errors(day.problems) if day.calendar_lost or p.file in _feeds(day)],
        stale=day.calendar_as_of,
        problems=len(errors(day.problems)),
        feeds=bool(day.settings.feeds),
        mail=day.settings.mail is not None,
    )


def _day_after(day: Day, of: date) -> date | None:
    """The next day with a meeting, where it is among those that are held ready."""
    return min((one.meeting.day for one in day.chosen if one.meeting.day > of), default=None)


def _feeds(day: Day) -> frozenset[str]:
    return frozenset(copy.name for copy in day.copies)


def heading(of: date, today: date, language: Language) -> str:
    """`Today`, `Tomorrow`, `Yesterday`, or the weekday."""
    text = language.text
    named = {-1: text("Yesterday"), 0: text("Today"), 1: text("Tomorrow")}
    return named.get((of - today).days) or language.weekday(of)


def day_place(of: date, today: date) -> str:
    """The address of a day's page."""
    return "/" if of == today else link("day", of.isoformat())


def _waiting(desk: Desk, shown: date) -> Sequence[Row]:
    """The meetings of the last week whose five minutes wait, except those that the page lists."""
    day = desk.day()
    since = day.as_of.date() - timedelta(days=_WEEK)
    return [
        row_of(desk, day, one, glance=False)
        for one in waiting(day)
        if contacts_of(one) and one.meeting.day >= since and one.meeting.day != shown
    ]


def row_of(desk: Desk, day: Day, chosen: ChosenMeeting, *, glance: bool = True) -> Row:
    """A meeting as lists show it."""
    meeting, language = chosen.meeting, desk.language
    times = [language.clock_time(meeting.start)]
    if meeting.end > meeting.start:
        times.append(language.clock_time(meeting.end))
    state: Literal["over", "now", "ahead"] = "ahead"
    if meeting.start <= day.as_of:
        state = "over" if meeting.end <= day.as_of else "now"
    brief = desk.brief(day, chosen) if glance else None
    stance, label, first = _glance(brief, language) if brief else ("", "", "")
    known = bool(contacts_of(chosen))
    return Row(
        code=chosen.code,
        day=meeting.day,
        time="–".join(times),
        title=meeting.title or language.text("(no title)"),
        people=language.listed([one.name for one in chosen.reported_participants()][:6]),
        stance=stance,
        label=label,
        first=first,
        careful=brief is not None and any(map(is_careful, brief.glance.lines[:1])),
        state=state,
        reflect=link("r", chosen.code) if known and state != "ahead" else None,
        waits=known and state == "over" and chosen in waiting(day),
    )


def _glance(brief: Brief, language: Language) -> tuple[str, str, str]:
    """The stance, and the label and text of the line that comes first."""
    glance = brief.glance
    stance = glance.stance.text if glance.stance is not None else ""
    if glance.lines and glance.lines[0].label == "first":
        line = glance.lines[0].lines[0]
        return stance, glance_label("first", language), line.text
    if glance.lead is not None:
        return stance, "", glance.lead.text
    if glance.lines:
        one = glance.lines[0]
        return stance, glance_label(one.label, language), one.lines[0].text
    return stance, "", ""
