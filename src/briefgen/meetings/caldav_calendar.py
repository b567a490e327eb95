"""A calendar on a CalDAV server (RFC 4791) as one feed; needs the extra `caldav`.

All of it is fetched once; after that the server is asked what is new (RFC 6578).
"""

import contextlib
import hashlib
import json
import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from briefgen.meetings.source import (
    Answer,
    FetchFault,
    ForAWhile,
    Request,
    Version,
    checked_address,
    too_large,
)
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase

_NOTHING: Final = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//briefgen//caldav//EN\r\n"
_END: Final = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, kw_only=True)
class CaldavSource:
    """A calendar on a CalDAV server."""

    request: Request
    workspace: Workspace

    def read(self, known: Version | None) -> Answer:  # noqa: ARG002  # it keeps what is new itself
        """See `Source`."""
        return Answer(content=read_caldav(self.request, self.workspace))


def read_caldav(request: Request, workspace: Workspace) -> bytes:
    """Every event of the calendar at an address, one VCALENDAR behind the other.

    Raises:
        FetchFault: where it cannot be had within its bounds; the message holds no address.
    """
    address = checked_address(request.address, allow_http=request.allow_http)
    name = hashlib.sha256(f"{address}\n{request.user}".encode()).hexdigest()[:32]
    kept = workspace.memory / "feeds" / f"{name}.caldav"
    outcome: list[bytes | FetchFault] = []
    asking = threading.Thread(
        target=lambda: outcome.append(_outcome(request, address, kept)), daemon=True
    )
    asking.start()
    asking.join(request.seconds)
    if not outcome:
        raise ForAWhile(f"no whole answer within {request.seconds:g} seconds")
    if isinstance(outcome[0], FetchFault):
        raise outcome[0]
    return outcome[0]


def _outcome(request: Request, address: str, kept: Path) -> bytes | FetchFault:
    """The feed, or why there is none; the library's errors hold the address and are dropped."""
    try:
        import caldav  # noqa: PLC0415  # an extra
        from caldav.lib import error  # noqa: PLC0415  # an extra
    except ImportError:
        return FetchFault(Phrase("needs the extra: pip install 'briefgen[caldav]'"))
    for library in ("caldav", "niquests", "urllib3"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    client_of: Any = caldav.DAVClient
    try:
        with client_of(
            url=address,
            username=request.user,
            password=request.password,
            timeout=max(1, int(request.seconds)),
        ) as client:
            return _feed(client.calendar(url=address), request, kept)
    except FetchFault as fault:
        return fault
    except error.AuthorizationError:
        return FetchFault(Phrase("the server asks for a user and password, or refuses those given"))
    except error.NotFoundError:
        return FetchFault(Phrase("the server knows no calendar under this address"))
    except Exception as unforeseen:  # noqa: BLE001  # each layer of it fails in a way of its own
        return ForAWhile(f"the CalDAV server could not be read ({type(unforeseen).__name__})")


def _feed(calendar: Any, request: Request, kept: Path) -> bytes:  # noqa: ANN401  # untyped
    """What is kept, brought up to date, as one feed."""
    token, items = _kept(kept)
    try:
        token, items = _updated(calendar, token, items, request)
    except FetchFault:
        raise
    except Exception:
        if token is None:
            raise
        token, items = _updated(calendar, None, {}, request)  # a token too old: all of it again
    content = _NOTHING + _END + b"".join(items[name].encode() for name in sorted(items))
    with contextlib.suppress(OSError):  # what is kept only saves time
        write_whole(kept, json.dumps({"token": token, "items": items}).encode())
    return content


def _kept(path: Path) -> tuple[str | None, dict[str, str]]:
    try:
        given = json.loads(path.read_bytes())
        return str(given["token"]), {str(name): str(text) for name, text in given["items"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, {}


def _updated(
    calendar: Any,  # noqa: ANN401  # untyped
    token: str | None,
    items: dict[str, str],
    request: Request,
) -> tuple[str, dict[str, str]]:
    """The items with what is new since the token, without what is gone, and the new token."""
    from caldav.lib import error  # noqa: PLC0415  # an extra

    items = dict(items)
    changes = calendar.objects_by_sync_token(token, load_objects=False)
    size = sum(map(len, items.values()))
    for changed in changes:
        name = str(changed.url.path)
        size -= len(items.pop(name, ""))
        try:
            changed.load()
        except error.NotFoundError:
            continue
        text = str(changed.data or "").strip()
        if not text.upper().startswith("BEGIN:VCALENDAR"):
            continue
        items[name] = text + "\r\n"
        size += len(items[name])
        if size > request.most_bytes:
            raise too_large(request.most_bytes)
    return str(changes.sync_token), items
