"""How it goes and what is wrong: stats with their picture, problems, and the doctor."""

import os
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from briefgen.brief.line_use import read_line_uses, told_lines, usage_by_rule
from briefgen.brief.signals import read_vocabulary
from briefgen.brief.trend import BothQuestions, Trend, all_reflections, most_silent_first, trend
from briefgen.contacts.layered_book import open_layered_book
from briefgen.reflection.reflections import Rate, reflection_rate
from briefgen.web import jobs
from briefgen.web.desk import Desk
from briefgen.web.pages import Form, desk_of, page
from briefgen.workspace.problems import in_order
from briefgen.workspace.value import Value

if TYPE_CHECKING:
    from briefgen.upkeep.doctor import Finding

_ROWS: Final = 60
_RATE_DAYS: Final = 60
"""How far back meetings are looked for, as in `briefgen stats`."""
_MOST_PROBLEMS: Final = 300


class Counted(Value, frozen=True, kw_only=True):
    """The stats as they were when they were counted."""

    changes: int
    today: date
    trends: tuple[Trend, ...]
    both: BothQuestions
    rate: Rate
    lines: str


def show_more(request: Request) -> Response:
    """The way to everything that is not needed every day."""
    return page(request, "more.html.j2", here="more", phone=request.app.state.phone is not None)


def show_stats(request: Request) -> Response:
    """How it goes with everybody; counted when asked for, since every file is read."""
    desk = desk_of(request)
    counted: Counted | None = request.app.state.counted
    if counted is None or counted.changes != desk.changes or counted.today != desk.now().date():
        return count(request, None)
    trends = counted.trends
    return page(
        request,
        "stats.html.j2",
        here="more",
        both=counted.both,
        rate=counted.rate,
        lines=counted.lines,
        trends=trends[:_ROWS],
        more=max(len(trends) - _ROWS, 0),
        mine=_promises(trends, mine=True),
        theirs=_promises(trends, mine=False),
        changes=desk.changes,
    )


def _promises(trends: tuple[Trend, ...], *, mine: bool) -> tuple[int, int, int]:
    """How many were kept on time, of how many decided, and how many are overdue."""
    found = [one.mine if mine else one.theirs for one in trends]
    on_time, decided = sum(p.on_time for p in found), sum(p.decided for p in found)
    return on_time, decided, sum(p.overdue for p in found)


def count(request: Request, _form: Form | None) -> Response:
    """Read every file and count."""
    desk = desk_of(request)
    state = request.app.state

    def work() -> jobs.Done:
        state.counted = _counted(desk)
        return "/stats", ()

    return jobs.start(request, desk.language.text("Counting"), work, back="/more")


def _counted(desk: Desk) -> Counted:
    changes, today, language = desk.changes, desk.now().date(), desk.language
    vocabulary, _ = read_vocabulary(desk.workspace.templates, language)
    settings = desk.settings
    book, _ = open_layered_book(desk.workspace, settings.shared_contacts, me=settings.me)
    contacts = tuple(book)
    trends = most_silent_first(trend(one, vocabulary=vocabulary, today=today) for one in contacts)
    both = BothQuestions.of(all_reflections(contacts, today=today))
    return Counted(
        changes=changes,
        today=today,
        trends=trends,
        both=both,
        rate=reflection_rate(desk.last_days(_RATE_DAYS)) if desk.settings.feeds else Rate(),
        lines=told_lines(usage_by_rule(read_line_uses(desk.workspace))),
    )


def picture(request: Request) -> Response:
    """The picture of the trend; with `narrow` as wide as a telephone."""
    from briefgen.page.trend_picture import trend_picture  # noqa: PLC0415  # saves memory

    counted: Counted | None = request.app.state.counted
    if counted is None:
        raise HTTPException(404)
    drawn = trend_picture(
        counted.trends,
        counted.both,
        today=counted.today,
        language=desk_of(request).language,
        narrow="narrow" in request.query_params,
    )
    return Response(drawn, media_type="image/svg+xml")


def show_problems(request: Request) -> Response:
    """Every problem in what the user wrote, as `briefgen check` reports it."""
    from briefgen.upkeep.check import all_problems  # noqa: PLC0415  # seldom; saves memory until then

    desk = desk_of(request)
    problems = in_order(all_problems(desk.workspace, lambda _zone: desk.now()))
    folder = f"{desk.workspace.relative(desk.workspace.contacts)}/"
    return page(
        request,
        "problems.html.j2",
        here="more",
        problems=[
            (problem, problem.file.removeprefix(folder).removesuffix(".yaml"))
            if problem.file.startswith(folder)
            else (problem, None)
            for problem in problems[:_MOST_PROBLEMS]
        ],
        more=max(len(problems) - _MOST_PROBLEMS, 0),
    )


def show_doctor(request: Request) -> Response:
    """What was found when it was last looked."""
    findings: tuple[Finding, ...] | None = request.app.state.findings
    return page(request, "doctor.html.j2", here="more", findings=findings)


def examine(request: Request, _form: Form) -> Response:
    """Look at machine, feeds, mail server and printer."""
    desk = desk_of(request)
    state = request.app.state

    def work() -> jobs.Done:
        # Seldom; saves memory until then.
        from briefgen.upkeep.doctor import (  # noqa: PLC0415
            examine_machine,
            examine_workspace,
            guarded,
        )

        settings = desk.settings
        found = [*guarded(examine_machine, "this machine")]
        found += guarded(
            lambda: examine_workspace(
                desk.workspace, settings, as_of=desk.now(), environment=os.environ
            ),
            "workspace",
        )
        state.findings = tuple(found)
        return "/doctor", ()

    return jobs.start(request, desk.language.text("Looking"), work, back="/doctor")
