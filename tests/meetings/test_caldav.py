"""A calendar on a real CalDAV server on this machine."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import caldav
import httpx2
import pytest
from caldav_server import PATIENCE, caldav_server, make_calendar

from briefgen.meetings.caldav_calendar import served_calendars
from briefgen.meetings.fetch import FeedCopy, fetch_feeds
from briefgen.meetings.source import FetchFault, Request
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import Feed

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def event(uid: str, title: str = "One") -> bytes:
    """One calendar object."""
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//briefgen//tests//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20261101T080000Z\r\nDTSTART:20261123T090000Z\r\n"
        f"DTEND:20261123T100000Z\r\nSUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[httpx2.Client]:
    """Radicale with an empty calendar of Robin's; the client speaks to that calendar."""
    with caldav_server(tmp_path) as client:
        make_calendar(client, "work", "Work")
        client.base_url = client.base_url.join("work/")
        yield client


def fetch(server: httpx2.Client, folder: Path, password: str = "hunter2") -> FeedCopy:
    """The calendar as fetched now."""
    (folder / "w").mkdir(exist_ok=True)
    feed = Feed(
        name="dav",
        url=str(server.base_url),
        kind="caldav",
        user="robin",
        password_command=f"echo {password}",
        timeout_seconds=PATIENCE,
    )
    (copy,) = fetch_feeds([feed], workspace=Workspace(root=folder / "w"), as_of=NOON)
    assert "hunter2" not in repr(copy)
    return copy


def test_a_caldav_calendar_is_a_feed(server: httpx2.Client, tmp_path: Path) -> None:
    """All events at first, then what is new, changed and gone; a wrong password is reported."""
    server.put("one.ics", content=event("one")).raise_for_status()
    server.put("two.ics", content=event("two")).raise_for_status()
    first = fetch(server, tmp_path)
    assert first.problems == ()
    assert (first.events, first.state) == (2, "new")
    server.put("one.ics", content=event("one", "Changed")).raise_for_status()
    server.put("three.ics", content=event("three")).raise_for_status()
    server.delete("two.ics").raise_for_status()
    second = fetch(server, tmp_path)
    assert second.content is not None
    assert (second.events, second.problems) == (2, ())
    assert b"SUMMARY:Changed" in second.content
    assert b"UID:three" in second.content
    assert b"UID:two" not in second.content
    refused = fetch(server, tmp_path, "wrong")
    assert refused.content == second.content
    assert "user and password" in refused.problems[0].message


def test_a_large_calendar_takes_few_requests(
    server: httpx2.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one for each event, which takes minutes where a server is far away."""
    for number in range(30):
        server.put(f"{number}.ics", content=event(str(number))).raise_for_status()
    asked: list[str] = []
    send = caldav.DAVClient.request

    def counted(client: caldav.DAVClient, url: str, *given: Any, **more: Any) -> Any:  # noqa: ANN401
        asked.append(url)
        return send(client, url, *given, **more)

    monkeypatch.setattr(caldav.DAVClient, "request", counted)
    assert fetch(server, tmp_path).events == 30
    assert len(asked) < 10


@pytest.mark.parametrize("path", ["", "/", "/robin/", "/.well-known/caldav"])
def test_the_address_of_server_or_user_leads_to_the_calendars(path: str, tmp_path: Path) -> None:
    """Root, home and well-known address: calendars of events by their names, no list of tasks."""
    with caldav_server(tmp_path) as server:
        make_calendar(server, "w", "Work")
        make_calendar(server, "h", "Home & garden".replace("&", "&amp;"))
        make_calendar(server, "t", "Chores", takes="VTODO")
        root = str(server.base_url).removesuffix("/robin/")
        request = Request(address=root + path, user="robin", password="hunter2", seconds=PATIENCE)
        found = [(one.name, one.address) for one in served_calendars(request)]
    assert found == [("Home & garden", f"{root}/robin/h/"), ("Work", f"{root}/robin/w/")]


def test_a_calendars_own_address_is_that_calendar(server: httpx2.Client) -> None:
    """No other calendar of the same user is offered."""
    make_calendar(server, "../other", "Other")
    request = Request(
        address=str(server.base_url), user="robin", password="hunter2", seconds=PATIENCE
    )
    assert [one.name for one in served_calendars(request)] == ["Work"]


def test_a_feed_with_the_users_address_holds_all_calendars(
    server: httpx2.Client, tmp_path: Path
) -> None:
    """The events of each calendar are there, and what goes from one of them goes from the feed."""
    make_calendar(server, "../other", "Other")
    server.put("one.ics", content=event("one")).raise_for_status()
    server.put("../other/two.ics", content=event("two")).raise_for_status()
    server.base_url = server.base_url.join("../")
    first = fetch(server, tmp_path)
    assert (first.events, first.problems) == (2, ())
    server.delete("other/two.ics").raise_for_status()
    second = fetch(server, tmp_path)
    assert second.content is not None
    assert b"UID:one" in second.content
    assert b"UID:two" not in second.content


@pytest.mark.parametrize(
    ("password", "path", "said"),
    [("wrong", "/", "user and password"), ("hunter2", "/robin/gone/", None)],
)
def test_what_no_calendar_is_found_by_is_said(
    password: str, path: str, said: str | None, tmp_path: Path
) -> None:
    """A wrong password is a fault; an address that is no calendar's leads to the user's own."""
    with caldav_server(tmp_path) as server:
        make_calendar(server, "w", "Work")
        root = str(server.base_url).removesuffix("/robin/")
        request = Request(address=root + path, user="robin", password=password, seconds=PATIENCE)
        if said is None:
            assert [one.name for one in served_calendars(request)] == ["Work"]
            return
        with pytest.raises(FetchFault, match=said):
            served_calendars(request)
