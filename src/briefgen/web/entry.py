"""Letting in: a one-use token exchanged for a session; the devices, and the way out."""

import re
from io import BytesIO
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from briefgen.web.desk import Notice
from briefgen.web.pages import Form, desk_of, onward, page
from briefgen.web.sessions import SESSION_LIFE, Session
from briefgen.workspace.value import Value

_DAY: Final = 24 * 60 * 60
_DEVICES: Final = ("iPhone", "iPad", "Android", "Macintosh", "Windows", "Linux")
_BROWSERS: Final = (
    ("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


class Phone(Value, frozen=True, kw_only=True):
    """How a telephone reaches this machine; as `serve --phone` found it.

    Attributes:
        address: like `https://192.168.1.7:8443`.
        authority: the certificate to be trusted, as DER.
        fingerprint: its SHA-256, to be compared.
    """

    address: str
    authority: bytes
    fingerprint: str


def cookie_name(request: Request) -> str:
    """The session's cookie, with the port: those of one machine share their cookies.

    On https its name keeps other sites from setting it.
    """
    prefix = "__Host-" if request.url.scheme == "https" else ""
    return f"{prefix}briefgen-{request.url.port}"


def session_of(request: Request) -> Session | None:
    """The session that a request belongs to."""
    return desk_of(request).sessions.of(request.cookies.get(cookie_name(request), ""))


def show_entry(request: Request) -> Response:
    """A form that passes the token on: a mere GET, as of a link preview, does not use it up."""
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
    """What whoever has no session is shown: nothing.

    A browser that comes from another program (a camera that read a code, a mail) may hold back its
    cookie once; the page asks again from itself.
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
    """Who is let in, and the way to pair a telephone."""
    return _devices(request, None)


def pair(request: Request, _form: Form) -> Response:
    """Show a code that a telephone reads, good once and for five minutes."""
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
    """The certificate that a telephone is asked to trust; nobody needs a session to read it."""
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
    """Browser and machine, by what the browser says."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}/", agent)), "")
    machine = next((name for name in _DEVICES if name in agent), "")
    machine = "Mac" if machine == "Macintosh" else machine
    return ", ".join(part for part in (browser, machine) if part) or "?"
