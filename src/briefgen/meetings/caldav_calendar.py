"""A calendar on a CalDAV server (RFC 4791), as one feed."""

from briefgen.meetings.transport import FetchFault, Request
from briefgen.workspace import Workspace


def read_caldav(request: Request, workspace: Workspace) -> bytes:  # noqa: ARG001  # see below
    """The calendar at an address as one feed.

    Raises:
        FetchFault: always, until the server can be asked.
    """
    raise FetchFault("calendars on a CalDAV server cannot be read yet; use their feed address")
