"""Calendars on a CalDAV server (RFC 4791): found by name, and read; needs the extra `caldav`."""

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar
from urllib.parse import urljoin

from briefgen.meetings.source import (
    Answer,
    FetchFault,
    Request,
    TemporaryFault,
    Version,
    checked_address,
    too_large,
)
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

_NOTHING: Final = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//briefgen//caldav//EN\r\n"
_END: Final = b"END:VCALENDAR\r\n"
_CALDAV: Final = "urn:ietf:params:xml:ns:caldav"
_EVERY_EVENT: Final = f"""<C:calendar-query xmlns:D="DAV:" xmlns:C="{_CALDAV}">
<D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR">
<C:comp-filter name="VEVENT"/></C:comp-filter></C:filter></C:calendar-query>"""
"""RFC 4791, 7.8."""
_MULTI_STATUS: Final = 207
_T = TypeVar("_T")


class ServedCalendar(Value, frozen=True, kw_only=True):
    """A calendar of events on a server.

    Attributes:
        name: what its owner calls it.
        address: its own address, https or on this machine.
    """

    name: str
    address: str


class CaldavSource(Value, frozen=True, kw_only=True):
    """A calendar on a CalDAV server, or all those of a user."""

    request: Request

    def read(self, known: Version | None) -> Answer:  # noqa: ARG002  # see `Source`
        """See `Source`; one request for each calendar."""
        return Answer(content=_asked(self.request, lambda at: _content(at, self.request)))


def served_calendars(request: Request) -> tuple[ServedCalendar, ...]:
    """The calendars of events at an address, or of the user whose server it is.

    The address may be that of a calendar, of the folder of them, of the user or of the server
    (RFC 4791, 6.2.1; RFC 5397; RFC 6764, 5).

    Raises:
        FetchFault: if the server cannot be asked; the message contains no address.
    """
    return _asked(request, lambda address: tuple(_served(address, request)))


def _asked(request: Request, work: Callable[[str], _T]) -> _T:
    """The result of `work` for the address, within the request's time limit.

    Raises:
        FetchFault: if it fails; the library's errors contain the address and are dropped.
    """
    address = checked_address(request.address, allow_http=request.allow_http)
    outcome: list[_T | FetchFault] = []
    asking = threading.Thread(target=lambda: outcome.append(_outcome(work, address)), daemon=True)
    asking.start()
    asking.join(request.seconds)
    if not outcome:
        raise TemporaryFault(f"no whole answer within {request.seconds:g} seconds")
    if isinstance(outcome[0], FetchFault):
        raise outcome[0]
    return outcome[0]


def _outcome(work: Callable[[str], _T], address: str) -> _T | FetchFault:
    try:
        from caldav.lib import error  # noqa: PLC0415  # an extra
        from niquests import exceptions as network  # noqa: PLC0415  # comes with it
    except ImportError:
        return FetchFault(Phrase("needs the extra: pip install 'briefgen[caldav]'"))
    for library in ("caldav", "niquests", "urllib3"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    try:
        return work(address)
    except FetchFault as fault:
        return fault
    except Exception as failure:  # noqa: BLE001  # each layer of the library raises other errors
        lasting: dict[type[Exception], str] = {
            error.AuthorizationError: Phrase(
                "the server asks for a user and password, or refuses those given"
            ),
            error.NotFoundError: Phrase("there is no calendar at this address"),
            network.SSLError: Phrase("the server's certificate cannot be trusted"),
        }
        for kind, message in lasting.items():
            if isinstance(failure, kind):
                return FetchFault(message)
        if isinstance(failure, network.ConnectionError):
            return TemporaryFault(Phrase("the server cannot be reached, or there is no network"))
        return TemporaryFault(
            Phrase("the CalDAV server could not be read ({kind})", kind=type(failure).__name__)
        )


def _client(address: str, request: Request) -> Any:  # noqa: ANN401  # untyped
    import caldav  # noqa: PLC0415  # an extra

    client_of: Any = caldav.DAVClient
    return client_of(
        url=address,
        username=request.user,
        password=request.password,
        timeout=max(1, int(request.seconds)),
    )


def _served(address: str, request: Request) -> Iterator[ServedCalendar]:
    """The calendar at the address itself; else those of its user; else of `.well-known/caldav`."""
    from caldav.lib import error  # noqa: PLC0415  # an extra

    faults: list[Exception] = []
    for place in (address, urljoin(address, "/.well-known/caldav")):
        try:
            with _client(place, request) as client:
                found = _holding_events(client.propfind(place, client.CALENDAR_LIST_PROPS, 0))
                if not found:
                    homes = client.principal().calendar_home_set.url
                    homes = client.propfind(str(homes), client.CALENDAR_LIST_PROPS, 1)
                    found = _holding_events(homes)
                for name, path in found:
                    own = checked_address(str(client.url.join(path)), allow_http=request.allow_http)
                    yield ServedCalendar(name=name, address=own)
        except (error.AuthorizationError, FetchFault):
            raise
        except Exception as fault:  # noqa: BLE001  # the library fails in many ways where no DAV is
            faults.append(fault)
            continue
        if found:
            return
    if faults:
        raise faults[0]


def _holding_events(response: Any) -> list[tuple[str, str]]:  # noqa: ANN401  # untyped
    """Name and path of each calendar that takes events, by their names."""
    found = []
    for result in response.results or ():
        given = result.properties
        kinds = given.get("{DAV:}resourcetype") or ()
        takes = given.get(f"{{{_CALDAV}}}supported-calendar-component-set") or ("VEVENT",)
        if f"{{{_CALDAV}}}calendar" in kinds and "VEVENT" in takes:
            path = str(result.href)
            name = str(given.get("{DAV:}displayname") or "").strip()
            found.append((name or path.rstrip("/").rpartition("/")[2], path))
    return sorted(found)


def _content(address: str, request: Request) -> bytes:
    """Every event of the calendar, or of all of them, one VCALENDAR after the other."""
    from caldav.lib import error  # noqa: PLC0415  # an extra

    texts: list[str] = []
    for place in [one.address for one in _served(address, request)] or [address]:
        with _client(place, request) as client:
            response = client.report(place, _EVERY_EVENT, 1)
        if response.status != _MULTI_STATUS or response.tree is None:
            raise error.ReportError(f"status {response.status}")
        found = response.tree.iter(f"{{{_CALDAV}}}calendar-data")
        texts += sorted(text for one in found if (text := (one.text or "").strip()))
        if sum(map(len, texts)) > request.most_bytes:
            raise too_large(request.most_bytes)
    calendars = (text for text in texts if text.upper().startswith("BEGIN:VCALENDAR"))
    return _NOTHING + _END + b"".join(f"{text}\r\n".encode() for text in calendars)
