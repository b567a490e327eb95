"""The checks before every page: host, origin, size and time of a request.

Changes of state are protected like in Go 1.25's `CrossOriginProtection` and datasette: browsers
tell with `Sec-Fetch-Site` or `Origin` where a request comes from, so forms need no tokens. The
host is checked first, against DNS rebinding.
"""

import asyncio
import os
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENTRY: Final = "/in"
"""Where a token is exchanged for a session; other paths need one before a body is read."""
BODY_BYTES: Final = 4 * 1024 * 1024
"""The most a form may hold: a contact file of one megabyte, with its characters escaped."""
PHOTO_BYTES: Final = 12 * 1024 * 1024
TOKEN_BYTES: Final = 2048
"""The most that may be sent without a session."""
BODY_SECONDS: Final = 60
"""How long a body may take to arrive."""
_MOST_HEADERS: Final = 60
_LONGEST_ADDRESS: Final = 2000
_SAFE: Final = frozenset({"GET", "HEAD"})
_METHODS: Final = _SAFE | {"POST"}
_STRANGE: Final = re.compile(r"[\x00-\x1f\x7f\\]|//|(?:^|/)\.\.?(?:/|$)")
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",  # with `no-referrer` forms would come from origin `null`
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER, _INODE = 1, 2, 7, 9  # columns of these
_NOBODY: Final = -1

Hosts = Mapping[str, frozenset[str]]
"""By scheme, the allowed host names, each with its port."""


def refusal(scope: Scope, hosts: Hosts) -> int | None:
    """The status with which a request is refused, whatever it asks for; None if it is allowed."""
    headers = Headers(scope=scope)
    host = headers.get("host", "").casefold()
    if len(headers.getlist("host")) != 1 or host not in hosts.get(scope["scheme"], ()):
        return 421
    own = f"{scope['scheme']}://{host}"
    return _misshapen(scope, headers) or _foreign(scope, headers, own)


def _misshapen(scope: Scope, headers: Headers) -> int | None:
    if scope["method"] not in _METHODS:
        return 405
    if len(headers) > _MOST_HEADERS:
        return 431
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _LONGEST_ADDRESS:
        return 414
    if _STRANGE.search(scope["path"]):
        return 404
    return None


def _foreign(scope: Scope, headers: Headers, own: str) -> int | None:
    if scope["method"] in _SAFE:
        return 403 if _is_embedded(headers) else None
    return None if _is_own(headers, own) else 403


def _is_embedded(headers: Headers) -> bool:
    """Whether another site embeds something of ours.

    A link from there is harmless: it carries no session.
    """
    if headers.get("sec-fetch-site") in {None, "same-origin", "none"}:
        return False
    leads_here = headers.get("sec-fetch-mode") == "navigate"
    return not (leads_here and headers.get("sec-fetch-dest") in {None, "document"})


def _is_own(headers: Headers, own: str) -> bool:
    """Whether the browser says that a change comes from one of our own pages."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return False
    return site in {None, "same-origin"} and (origin is None or origin.casefold() == own)


class Guard:
    """Refuses what must not be served, and adds the security headers to every answer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Hosts,
        complain: Callable[[str], None],
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.complain = complain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI has it."""
        if scope["type"] != "http":
            return
        sender = _Sender(send)
        refused = refusal(scope, self.hosts) or _from_another_user(scope)
        if refused is not None:
            await PlainTextResponse("", status_code=refused)(scope, receive, sender.send)
            return
        limit = _most_bytes(scope["path"])
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            await sender.instead(PlainTextResponse("", status_code=413), scope, receive)
            return
        try:
            await self.app(scope, _limited(receive, scope, limit), sender.send)
        except Exception as error:  # noqa: BLE001  # the client learns nothing about it
            self.complain(where_it_failed(error))
            await sender.instead(PlainTextResponse("", status_code=500), scope, receive)


def _most_bytes(path: str) -> int:
    if path == ENTRY:
        return TOKEN_BYTES
    return PHOTO_BYTES if path.endswith("/photo") else BODY_BYTES


def where_it_failed(error: BaseException) -> str:
    """The type and place of an internal error, without any of the data."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "briefgen" in frame.filename] or list(frames)
    place = f"{ours[-1].filename.rpartition('briefgen/')[2]}:{ours[-1].lineno}" if ours else "?"
    return f"briefgen: a fault of the page: {type(error).__name__} in {place}"


def _from_another_user(scope: Scope) -> int | None:
    client, server = scope.get("client"), scope.get("server")
    if client is None or server is None or not client[0].startswith("127."):
        return None
    if is_of_another_user((client[0], client[1]), (server[0], server[1])):
        return 403
    return None


def _limited(receive: Receive, scope: Scope, limit: int) -> Receive:
    """The body as it arrives, limited in size and time."""
    deadline = asyncio.get_running_loop().time() + BODY_SECONDS
    seen, whole = 0, scope["method"] in _SAFE

    async def limited() -> Message:
        nonlocal seen, whole
        if whole:  # what comes after the body is the disconnect
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None
        seen += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if seen > limit:
            raise HTTPException(413)
        return message

    return limited


class _Sender:
    """Adds the security headers to every answer."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun = False

    async def send(self, message: Message) -> None:
        """Send a message, with the headers."""
        if message["type"] == "http.response.start":
            self._begun = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await self._send(message)

    async def instead(self, response: Response, scope: Scope, receive: Receive) -> None:
        """Send another answer, if none has begun."""
        if not self._begun:
            response.headers["Connection"] = "close"
            await response(scope, receive, self.send)


def is_of_another_user(client: tuple[str, int], server: tuple[str, int]) -> bool:
    """Whether the client runs as another user of this machine; False if the system does not say.

    All users of a machine can reach its loopback address, and a cookie for 127.0.0.1 is sent to
    servers on all its ports, so coming from this machine proves nothing.
    """
    owner = _owner(_as_listed(client), _as_listed(server))
    return owner is not None and owner not in {os.getuid(), 0}


def _as_listed(end: tuple[str, int]) -> str:
    """`0100007F:1F90`, as the kernel lists 127.0.0.1:8080."""
    parts = bytes(int(part) for part in end[0].split("."))
    return f"{int.from_bytes(parts, sys.byteorder):08X}:{end[1]:04X}"


def _owner(local: str, remote: str) -> int | None:
    for table in _TABLES:
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            ends = fields[_LOCAL][-13:], fields[_REMOTE][-13:]
            if ends == (local, remote):  # a closed socket is listed as root's
                return int(fields[_USER]) if fields[_INODE] != "0" else _NOBODY
    return None
