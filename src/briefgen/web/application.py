"""The application: which address leads to which page, and who may see it."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from briefgen.web import (
    entry,
    five_minutes,
    health,
    jobs,
    meetings,
    pages,
    people,
    promises,
    today,
)
from briefgen.web.desk import Desk, SettingsUnreadable
from briefgen.web.guard import ENTRY, PHOTO_BYTES, Guard, Hosts
from briefgen.web.pages import Form, desk_of, page
from briefgen.workspace.phrase import Phrase

View = Callable[[Request], Response]
Change = Callable[[Request, Form], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

_MOST_FIELDS: Final = 500
_WORTH_PACKING: Final = 800


def application(desk: Desk, *, hosts: Hosts, phone: entry.Phone | None = None) -> ASGIApp:
    """The whole page, guarded.

    Args:
        desk: what the pages read.
        hosts: the names by which it may be asked for.
        phone: how telephones reach it; None where only this machine does.
    """
    inner = Starlette(
        routes=routes(), exception_handlers={HTTPException: _nothing, Exception: _nothing}
    )
    inner.state.desk = desk
    inner.state.phone = phone
    inner.state.jobs = jobs.Jobs()
    inner.state.promises = jobs.Kept[promises.Open](Phrase("Reading contacts"), "/promises")
    inner.state.counted = jobs.Kept[health.Counted](Phrase("Counting"), "/stats")
    inner.state.problems = jobs.Kept[health.Problems](Phrase("Looking"), "/problems")
    inner.state.findings = None
    return Guard(
        GZipMiddleware(inner, minimum_size=_WORTH_PACKING), hosts=hosts, complain=desk.complain
    )


def routes() -> list[BaseRoute]:
    """Every address, and what answers there."""
    return [
        Mount("/static", routes=[Route("/{name}", _open(pages.asset))]),
        Route("/sw.js", _open(pages.service_worker)),
        Route(ENTRY, _open(entry.show_entry), methods=["GET"]),
        Route(ENTRY, _open_change(entry.enter), methods=["POST"]),
        Route("/briefgen.crt", _open(entry.authority)),
        *_both("/devices", entry.show_devices),
        *_both("/devices/pair", change=entry.pair),
        *_both("/devices/revoke", change=entry.revoke),
        *_both("/out", change=entry.leave),
        *_both("/", today.show_today),
        *_both("/day/{day}", today.show_day),
        *_both("/day/{day}/mail", change=meetings.mail_day),
        *_both("/state", today.state),
        *_both("/m/{code}", meetings.show),
        *_both("/m/{code}/sheet", change=meetings.make_sheet),
        *_both("/m/{code}/sheet.pdf", meetings.sheet),
        *_both("/m/{code}/print", change=meetings.print_sheet),
        *_both("/m/{code}/contacts", change=meetings.make_contacts),
        *_both("/r/{code}", five_minutes.show, five_minutes.save),
        *_both("/r/{code}/draft", change=five_minutes.keep_draft),
        *_both("/jobs/{name}", jobs.show),
        *_both("/people", people.show_all),
        *_both("/people/new", people.show_new, people.make),
        *_both("/people/{stem}", people.show),
        *_both("/people/{stem}/edit", people.show_edit, people.edit),
        *_both("/people/{stem}/file", people.show_file, people.save_file),
        *_both("/people/{stem}/photo", people.photo, people.save_photo),
        *_both("/undo", change=people.undo_last),
        *_both("/promises", promises.show, promises.close),
        *_both("/more", health.show_more),
        *_both("/stats", health.show_stats),
        *_both("/stats/picture.svg", health.picture),
        *_both("/problems", health.show_problems),
        *_both("/doctor", health.show_doctor, health.examine),
    ]


def _both(path: str, view: View | None = None, change: Change | None = None) -> list[BaseRoute]:
    """A page, and what changes something there; both only with a session."""
    found: list[BaseRoute] = []
    if view is not None:
        found.append(Route(path, _with_session(_open(view)), methods=["GET"]))
    if change is not None:
        found.append(Route(path, _with_session(_open_change(change)), methods=["POST"]))
    return found


def _with_session(endpoint: Endpoint) -> Endpoint:
    async def checked(request: Request) -> Response:
        session = await run_in_threadpool(entry.session_of, request)
        if session is None:
            return await _answered(request, entry.closed)
        request.state.session = session
        return await endpoint(request)

    return checked


def _open(view: View) -> Endpoint:
    async def shown(request: Request) -> Response:
        return await _answered(request, view)

    return shown


def _open_change(change: Change) -> Endpoint:
    async def changed(request: Request) -> Response:
        async with request.form(
            max_files=1, max_fields=_MOST_FIELDS, max_part_size=PHOTO_BYTES
        ) as data:
            form = Form(data)

            def alone(asked: Request) -> Response:
                with desk_of(asked).changing:  # a retry may overtake its first attempt
                    return change(asked, form)

            return await _answered(request, alone)

    return changed


async def _answered(request: Request, view: View) -> Response:
    """What a view answers, or the page that says that the settings cannot be read."""
    try:
        return await run_in_threadpool(view, request)
    except SettingsUnreadable as unreadable:
        problems = unreadable.problems
        return page(request, "settings.html.j2", status=503, problems=problems)


async def _nothing(request: Request, error: Exception) -> Response:
    """A page that is not there, and every other refusal: the status and no word.

    Whoever is let in and goes there with a browser is not left with the browser's own page.
    """
    status = error.status_code if isinstance(error, HTTPException) else 500
    if request.method == "GET" and request.headers.get("sec-fetch-dest") == "document":
        request.state.session = await run_in_threadpool(entry.session_of, request)
        if request.state.session is not None:
            return page(request, "nothing.html.j2", status=status, missing=status == 404)  # noqa: PLR2004  # of HTTP
    return PlainTextResponse("", status_code=status)
