"""The web application: its routes, who may use them, and how a browser signs in."""

import re
from collections.abc import Awaitable, Callable
from io import BytesIO
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
    five_minutes,
    health,
    jobs,
    meetings,
    pages,
    people,
)
from briefgen.web.desk import Desk, Notice, SettingsUnreadable
from briefgen.web.guard import ENTRY, PHOTO_BYTES, Guard, Hosts
from briefgen.web.pages import Form, desk_of, onward, page
from briefgen.web.sessions import SESSION_LIFE, Session
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

View = Callable[[Request], Response]
Change = Callable[[Request, Form], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

_MOST_FIELDS: Final = 500
_WORTH_PACKING: Final = 800


class Phone(Value, frozen=True, kw_only=True):
    """How a telephone reaches this machine, as found by `serve --phone`.

    Attributes:
        address: like `https://192.168.1.7:8443`.
        authority: the certificate to trust, as DER.
        fingerprint: its SHA-256, for the user to compare.
    """

    address: str
    authority: bytes
    fingerprint: str


def application(desk: Desk, *, hosts: Hosts, phone: Phone | None = None) -> ASGIApp:
    """The web application behind its guard.

    Args:
        desk: the data of the pages.
        hosts: the host names it answers to.
        phone: how telephones reach it; None if only this machine is served.
    """
    inner = Starlette(
        routes=routes(), exception_handlers={HTTPException: _nothing, Exception: _nothing}
    )
    inner.state.desk = desk
    inner.state.phone = phone
    inner.state.jobs = jobs.Jobs()
    inner.state.promises = jobs.Kept[health.Open](Phrase("Reading contacts"), "/promises")
    inner.state.counted = jobs.Kept[health.Counted](Phrase("Counting"), "/stats")
    inner.state.problems = jobs.Kept[health.Problems](Phrase("Checking"), "/problems")
    inner.state.findings = None
    return Guard(
        GZipMiddleware(inner, minimum_size=_WORTH_PACKING), hosts=hosts, complain=desk.complain
    )


def routes() -> list[BaseRoute]:
    """Every route and its view."""
    return [
        Mount("/static", routes=[Route("/{name}", _open(pages.asset))]),
        Route("/sw.js", _open(pages.service_worker)),
        Route(ENTRY, _open(show_entry), methods=["GET"]),
        Route(ENTRY, _open_change(enter), methods=["POST"]),
        Route("/briefgen.crt", _open(authority)),
        *_both("/devices", show_devices),
        *_both("/devices/pair", change=pair),
        *_both("/devices/revoke", change=revoke),
        *_both("/out", change=leave),
        *_both("/", meetings.show_today),
        *_both("/day/{day}", meetings.show_day),
        *_both("/day/{day}/mail", change=meetings.mail_day),
        *_both("/state", meetings.state),
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
        *_both("/promises", health.show_promises, health.close_item),
        *_both("/more", health.show_more),
        *_both("/stats", health.show_stats),
        *_both("/stats/picture.svg", health.picture),
        *_both("/problems", health.show_problems),
        *_both("/doctor", health.show_doctor, health.examine),
    ]


def _both(path: str, view: View | None = None, change: Change | None = None) -> list[BaseRoute]:
    """The routes of a page and of its form; both need a session."""
    found: list[BaseRoute] = []
    if view is not None:
        found.append(Route(path, _with_session(_open(view)), methods=["GET"]))
    if change is not None:
        found.append(Route(path, _with_session(_open_change(change)), methods=["POST"]))
    return found


def _with_session(endpoint: Endpoint) -> Endpoint:
    async def checked(request: Request) -> Response:
        session = await run_in_threadpool(session_of, request)
        if session is None:
            return await _answered(request, closed)
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
                with desk_of(asked).changing:  # a retry may overtake the first try
                    return change(asked, form)

            return await _answered(request, alone)

    return changed


async def _answered(request: Request, view: View) -> Response:
    """The answer of a view, or the page that says that the settings cannot be read."""
    try:
        return await run_in_threadpool(view, request)
    except SettingsUnreadable as unreadable:
        problems = unreadable.problems
        return page(request, "settings.html.j2", status=503, problems=problems)


async def _nothing(request: Request, error: Exception) -> Response:
    """Answer a missing page or another refusal with its status alone.

    A browser that is signed in gets a page of ours instead of its own error page.
    """
    status = error.status_code if isinstance(error, HTTPException) else 500
    if request.method == "GET" and request.headers.get("sec-fetch-dest") == "document":
        request.state.session = await run_in_threadpool(session_of, request)
        if request.state.session is not None:
            return page(request, "nothing.html.j2", status=status, missing=status == 404)  # noqa: PLR2004  # of HTTP
    return PlainTextResponse("", status_code=status)


_DAY: Final = 24 * 60 * 60
_DEVICES: Final = ("iPhone", "iPad", "Android", "Macintosh", "Windows", "Linux")
_BROWSERS: Final = (
    ("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def cookie_name(request: Request) -> str:
    """The name of the session's cookie, with the port: a host's ports share their cookies.

    On https the prefix keeps other sites from setting it.
    """
    prefix = "__Host-" if request.url.scheme == "https" else ""
    return f"{prefix}briefgen-{request.url.port}"


def session_of(request: Request) -> Session | None:
    """The session that a request belongs to."""
    return desk_of(request).sessions.of(request.cookies.get(cookie_name(request), ""))


def show_entry(request: Request) -> Response:
    """A form that posts the token: a mere GET, as by a link preview, does not use it up."""
    return page(request, "enter.html.j2", token=request.query_params.get("token", "")[:100])


def enter(request: Request, form: Form) -> Response:
    """Exchange the token for a session."""
    desk = desk_of(request)
    admitted = desk.sessions.admit(form.get("token"), _device(request))
    if admitted is None:
        return page(request, "closed.html.j2", status=403, spent=True)
    secret, session = admitted
    response = onward(desk, "/")
    response.set_cookie(
        cookie_name(request),
        secret,
        max_age=SESSION_LIFE[session.kind].days * _DAY,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


def closed(request: Request) -> Response:
    """The page for a browser without a session.

    A browser opened by another program (a camera that read a code, a mail) may not send its cookie
    the first time, so the page reloads itself once.
    """
    again = request.method == "GET" and "again" not in request.query_params
    return page(request, "closed.html.j2", status=401, spent=False, again=again)


def leave(request: Request, _form: Form) -> Response:
    """End this session."""
    desk = desk_of(request)
    desk.sessions.revoke(request.state.session.name)
    request.state.session = None
    told = Notice(text=desk.language.text("This browser was signed out."))
    response = page(request, "closed.html.j2", notices=[told], spent=False, again=False)
    response.delete_cookie(
        cookie_name(request),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def show_devices(request: Request) -> Response:
    """The signed-in devices, and how to pair a telephone."""
    return _devices(request, None)


def pair(request: Request, _form: Form) -> Response:
    """Show a code for a telephone to read; it works once, within five minutes."""
    desk = desk_of(request)
    phone: Phone | None = request.app.state.phone
    if phone is None:
        return onward(desk, "/devices")
    token = desk.sessions.invite("phone")
    address = f"{phone.address}/in?token={token}"
    return _devices(request, _code(address, desk.language.text("The code to pair your telephone")))


def _devices(request: Request, invitation: str | None) -> Response:
    return page(
        request,
        "devices.html.j2",
        here="more",
        sessions=desk_of(request).sessions.all(),
        today=desk_of(request).now().date(),
        own=request.state.session.name,
        phone=request.app.state.phone,
        invitation=invitation,
    )


def revoke(request: Request, form: Form) -> Response:
    """End a session by its name."""
    desk = desk_of(request)
    desk.sessions.revoke(form.get("session"))
    text = desk.language.text("The device was signed out.")
    return onward(desk, "/devices", Notice(text=text))


def authority(request: Request) -> Response:
    """The certificate for a telephone to trust; it is public, so no session is needed."""
    phone: Phone | None = request.app.state.phone
    if phone is None:
        return PlainTextResponse("", status_code=404)
    return Response(
        phone.authority,
        media_type="application/x-x509-ca-cert",
        headers={"Content-Disposition": 'attachment; filename="briefgen.crt"'},
    )


def _code(address: str, title: str) -> str:
    import segno  # noqa: PLC0415  # only to pair

    drawn = BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(
        drawn,
        kind="svg",
        border=4,
        scale=5,
        xmldecl=False,
        svgns=False,
        title=title,
        light="#ffffff",
        svgclass="code",
        lineclass=None,
        omitsize=True,
    )
    return drawn.getvalue().decode()


def _device(request: Request) -> str:
    """The browser and its machine, from the User-Agent."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}/", agent)), "")
    machine = next((name for name in _DEVICES if name in agent), "")
    machine = "Mac" if machine == "Macintosh" else machine
    return ", ".join(part for part in (browser, machine) if part) or "?"
