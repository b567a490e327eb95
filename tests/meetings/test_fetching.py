"""Feeds fetched from a real server on this machine that misbehaves in many named ways."""

import gzip
import re
import socket
import socketserver
import ssl
import stat
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from briefgen.meetings.fetch import FeedCopy, fetch_feeds, unique_names
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import Feed

SECRET = "s3cret-t0ken"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:one\r\n"
    b"DTSTART:20261123T090000Z\r\nSUMMARY:One\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"

Behaviour = Callable[[socket.socket, bytes], None]


class Server(socketserver.ThreadingTCPServer):
    """A server that answers each request by the next behaviour, the last one for ever."""

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviours: list[Behaviour] = []
        self.requests: list[bytes] = []
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        """Where it listens; holds a secret."""
        return f"http://127.0.0.1:{self.server_address[1]}/{SECRET}/basic.ics"

    def next_behaviour(self, request: bytes) -> Behaviour:
        """What to do now."""
        with self.lock:
            self.requests.append(request)
            return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what these tests are about."""


class Handler(socketserver.BaseRequestHandler):
    """One connection: the request's head, then the behaviour."""

    server: Server

    def handle(self) -> None:
        """Reads the head and misbehaves."""
        head = b""
        while b"\r\n\r\n" not in head and (piece := self.request.recv(4096)):
            head += piece
        self.server.next_behaviour(head)(self.request, head)


def answer(body: bytes = CALENDAR, status: str = "200 OK", **headers: str) -> Behaviour:
    """A whole answer with its length."""

    def behave(connection: socket.socket, _request: bytes) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    return behave


def raw(data: bytes) -> Behaviour:
    """Just these bytes, then the end."""
    return lambda connection, _request: connection.sendall(data)


def silent(connection: socket.socket, _request: bytes) -> None:
    """Says nothing and does not hang up."""
    connection.recv(1)


def drip_headers(connection: socket.socket, _request: bytes) -> None:
    """Sends headers without end, one now and then."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-A: y\r\n")
        time.sleep(0.05)


def drip_body(connection: socket.socket, _request: bytes) -> None:
    """Sends a body without end, slowly."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nBEGIN:VCALENDAR\r\n")
    while True:
        connection.sendall(b"X-A:b\r\n")
        time.sleep(0.05)


def endless_body(connection: socket.socket, _request: bytes) -> None:
    """Sends a body without end, fast."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nBEGIN:VCALENDAR\r\n")
    while True:
        connection.sendall(b"X-A:" + b"b" * 65536 + b"\r\n")


def gzip_bomb(connection: socket.socket, _request: bytes) -> None:
    """4 MB that would unpack to 4 GB."""
    packer = zlib.compressobj(9, wbits=31)
    piece = b"\0" * 1024 * 1024
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
    for _ in range(4096):
        connection.sendall(packer.compress(piece))


def reset(connection: socket.socket, _request: bytes) -> None:
    """Breaks the connection with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def echo_password(connection: socket.socket, request: bytes) -> None:
    """A calendar only for Robin and the right password."""
    wanted = b"Authorization: Basic cm9iaW46aHVudGVyMg=="
    found = wanted.lower() in request.lower()
    answer(status="200 OK" if found else "401 Unauthorized")(connection, request)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on this machine."""
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield running
        running.shutdown()


class Fetcher:
    """Fetches one feed of a workspace again and again."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.workspace = Workspace(root=folder)
        self.server = server

    def __call__(
        self,
        *behaviours: Behaviour,
        after: timedelta = timedelta(),
        accept_empty: bool = False,
        **settings: object,
    ) -> FeedCopy:
        """The feed as fetched now."""
        self.server.behaviours = list(behaviours)
        given = {"name": "work", "url": self.server.address, **settings}
        feed = Feed.model_validate({k: v for k, v in given.items() if v is not None})
        (copy,) = fetch_feeds(
            [feed],
            workspace=self.workspace,
            as_of=NOON + after,
            accept_empty=accept_empty,
            first_wait=0.01,
        )
        self.check_secrets(copy)
        return copy

    def check_secrets(self, copy: FeedCopy) -> None:
        """The address is in no message, and nothing kept is open to others."""
        assert SECRET not in repr(copy)
        assert SECRET not in "".join(str(problem) for problem in copy.problems)
        for path in self.workspace.memory.rglob("*"):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
            if path.is_file():
                assert SECRET.encode() not in path.read_bytes()


@pytest.fixture
def fetch(tmp_path: Path, server: Server) -> Fetcher:
    """Fetches a feed of a fresh workspace from the server."""
    return Fetcher(tmp_path, server)


def test_a_feed_is_fetched_and_kept(fetch: Fetcher) -> None:
    """A good answer is read and lies in `.briefgen/feeds/`, readable by its owner alone."""
    copy = fetch(answer())
    assert (copy.content, copy.state, copy.as_of, copy.problems) == (CALENDAR, "new", None, ())
    assert copy.events == 1
    assert [p.suffix for p in sorted(fetch.workspace.memory.glob("feeds/*"))] == [".ics", ".json"]


MISBEHAVIOURS: dict[str, tuple[Behaviour, str]] = {
    "silent": (silent, "silent|no whole answer"),
    "headers without end": (drip_headers, "no whole answer|broke|HTTP"),
    "body without end, slow": (drip_body, "no whole answer"),
    "body without end, fast": (endless_body, "larger than 1 MB"),
    "announced as huge": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nBEGIN"),
        "larger than 1 MB",
    ),
    "4 MB that unpack to 4 GB": (gzip_bomb, "larger than 1 MB"),
    "packed twice": (
        answer(gzip.compress(gzip.compress(CALENDAR)), Content_Encoding="gzip, gzip"),
        "compressed in a way",
    ),
    "packed, but is not": (answer(CALENDAR, Content_Encoding="gzip"), "compressed answer cannot"),
    "packed and cut": (
        answer(gzip.compress(CALENDAR)[:-30], Content_Encoding="gzip"),
        "compressed answer",
    ),
    "redirect to another host": (
        answer(b"", "302 Found", Location=f"http://localhost:9/{SECRET}"),
        "another host",
    ),
    "redirect to another scheme": (
        answer(b"", "301 Moved", Location="file:///etc/passwd"),
        "another host",
    ),
    "redirect to another port": (
        answer(b"", "307 Temporary", Location="http://127.0.0.1:9/x"),
        "another host",
    ),
    "redirects in a circle": (answer(b"", "302 Found", Location="/again"), "endlessly"),
    "redirect to nowhere": (answer(b"", "302 Found"), "without an address"),
    "login page with 200": (answer(b"<!DOCTYPE html><title>Sign in</title>"), "web page"),
    "error page with 200": (answer(b"<html><body>Oops</body></html>"), "web page"),
    "JSON with 200": (answer(b'{"error": "nope"}'), "not a calendar"),
    "nothing with 200": (answer(b""), "nothing came"),
    "no content": (answer(b"", "204 No Content"), "status 204"),
    "unauthorized": (answer(b"", "401 Unauthorized"), "user and password"),
    "forbidden": (answer(b"", "403 Forbidden"), "withdrawn"),
    "not found": (answer(b"", "404 Not Found"), "status 404"),
    "gone": (answer(b"", "410 Gone"), "gone for good"),
    "unavailable for ever": (answer(b"", "503 Service Unavailable"), "status 503"),
    "too many requests for ever": (answer(b"", "429 Too Many Requests"), "status 429"),
    "unchanged, unasked": (answer(b"", "304 Not Modified"), "unchanged"),
    "cut between events": (answer(CALENDAR[: CALENDAR.index(b"END:VCAL")]), "cut off"),
    "cut within an event": (answer(CALENDAR[: CALENDAR.index(b"SUMMARY")]), "cut off"),
    "shorter than announced": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + CALENDAR),
        "broke",
    ),
    "hangs up at once": (raw(b""), "broke"),
    "reset": (reset, "broke|could not be made"),
    "speaks no HTTP": (raw(b"220 mail.example ESMTP\r\n"), "HTTP"),
    "binary noise": (raw(bytes(range(256)) * 20), "HTTP"),
    "headers of a megabyte": (
        raw(b"HTTP/1.1 200 OK\r\nX-Big: " + b"x" * 1_000_000 + b"\r\n\r\n"),
        "HTTP",
    ),
    "suddenly empty": (answer(EMPTY), "suddenly empty"),
}


@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_the_last_good_copy_serves(fetch: Fetcher, name: str) -> None:
    """Whatever the server does, the last good copy serves, with its time and the reason."""
    behaviour, reason = MISBEHAVIOURS[name]
    fetch(answer())
    tracemalloc.start()
    begun = time.monotonic()
    bound = 1 if name in ENDED_BY_TIME else 600
    copy = fetch(behaviour, after=timedelta(hours=30), timeout_seconds=bound, max_megabytes=1)
    seconds = time.monotonic() - begun
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert copy.content == CALENDAR
    assert copy.state == "copy"
    assert copy.as_of == NOON
    assert re.search(reason, copy.problems[0].message), copy.problems
    assert "22 Nov 2026, 12:00" in copy.problems[0].message
    assert seconds < 60
    assert peak < 30 * 1024 * 1024


ENDED_BY_TIME = {"silent", "headers without end", "body without end, slow"}
"""Those that nothing but the time allowed can end; the others end by themselves, however slowly."""


def test_there_are_many_misbehaviours() -> None:
    """The server above misbehaves in at least 25 ways."""
    assert len(MISBEHAVIOURS) >= 25


def test_without_a_good_copy_there_is_nothing_but_the_reason(fetch: Fetcher) -> None:
    """The first fetch fails: no content, one problem."""
    copy = fetch(answer(b"", "404 Not Found"))
    assert (copy.content, copy.state, len(copy.problems)) == (None, "none", 1)


def test_without_a_good_copy_whole_events_of_a_cut_feed_stand(fetch: Fetcher) -> None:
    """A cut feed is better than none, and is said to be cut; it is never kept as a good copy."""
    cut = CALENDAR[: CALENDAR.index(b"END:VCAL")]
    copy = fetch(answer(cut))
    assert copy.content == cut
    assert "cut off" in copy.problems[0].message
    assert fetch(answer(b"", "404 Not Found")).content is None


def test_what_is_temporary_is_tried_again(fetch: Fetcher, server: Server) -> None:
    """Two failures and a good answer make a good fetch."""
    copy = fetch(answer(b"", "503 Busy"), reset, answer())
    assert copy.content == CALENDAR
    assert len(server.requests) == 3


def test_the_rest_that_a_server_asks_for(fetch: Fetcher, server: Server) -> None:
    """Retry-After is waited for, as seconds or as a time by the server's own clock."""
    date = "Sun, 22 Nov 2026 12:00:00 GMT"
    then = "Sun, 22 Nov 2026 12:00:01 GMT"
    for asked in ({"Retry_After": "1"}, {"Retry_After": then, "Date": date}):
        began = time.monotonic()
        assert fetch(answer(b"", "503 Busy", **asked), answer()).content == CALENDAR
        assert time.monotonic() - began >= 1


def test_a_longer_rest_than_the_night_has_time_for(fetch: Fetcher, server: Server) -> None:
    """Nothing is asked before that time, and the fetch ends at once."""
    began = time.monotonic()
    copy = fetch(answer(b"", "429 Slow down", Retry_After="3600"))
    assert time.monotonic() - began < 5
    assert len(server.requests) == 1
    assert "asks for 3600 seconds of rest" in copy.problems[0].message


def test_what_is_final_is_not_tried_again(fetch: Fetcher, server: Server) -> None:
    """A 404 is asked for once."""
    fetch(answer(b"", "404 Not Found"))
    assert len(server.requests) == 1


def test_a_redirect_on_the_same_host_is_followed(fetch: Fetcher, server: Server) -> None:
    """Another path of the same server is fine."""
    copy = fetch(answer(b"", "302 Found", Location="/other.ics"), answer())
    assert copy.content == CALENDAR
    assert server.requests[1].startswith(b"GET /other.ics ")


def test_a_packed_feed_is_unpacked(fetch: Fetcher) -> None:
    """An honest gzip answer is read."""
    assert fetch(answer(gzip.compress(CALENDAR), Content_Encoding="gzip")).content == CALENDAR


def test_an_unchanged_feed_is_not_sent_again(fetch: Fetcher, server: Server) -> None:
    """ETag and Last-Modified are sent back; 304 makes the kept copy the fresh one."""
    modified = "Sun, 22 Nov 2026 08:00:00 GMT"
    fetch(answer(ETag='"v1"', Last_Modified=modified))
    copy = fetch(answer(b"", "304 Not Modified"), after=timedelta(hours=2))
    assert b'if-none-match: "v1"' in server.requests[1].lower()
    assert f"if-modified-since: {modified}".lower().encode() in server.requests[1].lower()
    assert (copy.content, copy.state, copy.as_of) == (CALENDAR, "unchanged", None)
    assert copy.good_at == NOON + timedelta(hours=2)


def test_a_server_that_always_says_unchanged_is_asked_in_full_each_day(
    fetch: Fetcher, server: Server
) -> None:
    """After a day the whole feed is asked for, whatever the server says of changes."""
    fetch(answer(ETag='"v1"'))
    changed = CALENDAR.replace(b"SUMMARY:One", b"SUMMARY:Moved")
    copy = fetch(answer(changed, ETag='"v1"'), after=timedelta(hours=25))
    assert b"if-none-match" not in server.requests[1].lower()
    assert (copy.content, copy.state) == (changed, "new")


def test_an_etag_that_changes_for_nothing_changes_nothing(fetch: Fetcher) -> None:
    """The content decides, not what the server says of it."""
    fetch(answer(ETag='"v1"'))
    assert fetch(answer(ETag='"v2"'), after=timedelta(hours=1)).state == "unchanged"


def test_a_damaged_copy_is_not_trusted(fetch: Fetcher) -> None:
    """A kept copy whose bytes are not those put there is fetched in full, and never serves."""
    fetch(answer(ETag='"v1"'))
    (kept,) = fetch.workspace.memory.glob("feeds/*.ics")
    kept.write_bytes(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    kept.chmod(0o600)
    assert fetch(answer(b"", "404 Not Found"), after=timedelta(days=2)).content is None
    copy = fetch(answer(b"", "304 Not Modified"), answer(), after=timedelta(hours=1))
    assert copy.content == CALENDAR


def test_an_emptied_feed_is_believed_when_the_user_says_so(fetch: Fetcher) -> None:
    """`--accept-empty` takes the emptied feed for what it is."""
    fetch(answer())
    assert fetch(answer(EMPTY), after=timedelta(hours=1)).content == CALENDAR
    accepted = fetch(answer(EMPTY), after=timedelta(hours=2), accept_empty=True)
    assert (accepted.content, accepted.as_of, accepted.problems) == (EMPTY, None, ())
    assert fetch(answer(EMPTY), after=timedelta(hours=3)).content == EMPTY


def test_an_emptied_feed_is_believed_after_three_days(fetch: Fetcher) -> None:
    """Three days after it was first seen empty, however often it was looked at."""
    fetch(answer())
    for hours in (1, 24, 48, 72):
        assert fetch(answer(EMPTY), after=timedelta(hours=hours)).content == CALENDAR
    assert fetch(answer(EMPTY), after=timedelta(hours=74)).content == EMPTY


def test_a_feed_that_fills_again_starts_the_three_days_anew(fetch: Fetcher) -> None:
    """An hour of emptiness is forgotten once the feed is back."""
    fetch(answer())
    fetch(answer(EMPTY), after=timedelta(hours=1))
    fetch(answer(), after=timedelta(hours=2))
    assert fetch(answer(EMPTY), after=timedelta(days=4)).content == CALENDAR


def test_another_address_is_another_feed(fetch: Fetcher, server: Server) -> None:
    """The old address's copy never serves for a new one of the same name."""
    fetch(answer())
    copy = fetch(answer(b"", "404 Not Found"), url=server.address + "?new=1")
    assert copy.content is None


def test_a_user_and_password_are_sent(fetch: Fetcher) -> None:
    """HTTP basic authentication, the password from a command."""
    wrong = fetch(echo_password)
    assert "user and password" in wrong.problems[0].message
    copy = fetch(echo_password, user="robin", password_command="echo hunter2")
    assert copy.content == CALENDAR
    assert "hunter2" not in repr(copy)


def test_an_address_may_come_from_a_command(fetch: Fetcher, server: Server) -> None:
    """`url_command` keeps the address out of the settings; its failures say nothing secret."""
    command = f"echo {server.address}"
    assert fetch(answer(), url=None, url_command=command).content == CALENDAR
    failed = fetch(answer(), url=None, url_command=f"false {SECRET}")
    assert failed.content == CALENDAR
    assert "url_command: `false` ended with status 1" in failed.problems[0].message


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (f"http://calendar.example/{SECRET}", "not encrypted"),
        (f"ftp://calendar.example/{SECRET}", "this is not an address"),
        ("https://", "this is not an address"),
        (f"https://[{SECRET}", "this is not an address"),
        (f"file:///{SECRET}", "this is not an address"),
    ],
)
def test_an_address_that_must_not_be_asked(fetch: Fetcher, address: str, reason: str) -> None:
    """Unencrypted on another machine, another scheme, or no address: refused unasked."""
    copy = fetch(answer(), url=address)
    assert copy.content is None
    assert reason in copy.problems[0].message


def test_a_file_is_a_feed(tmp_path: Path) -> None:
    """A path is read, kept, and its good copy serves when it is gone or cut."""
    path = tmp_path / "calendar.ics"
    path.write_bytes(CALENDAR)
    feed = Feed(path="calendar.ics")
    workspace = Workspace(root=tmp_path)

    def fetched(hours: int) -> FeedCopy:
        as_of = NOON + timedelta(hours=hours)
        return fetch_feeds([feed], workspace=workspace, as_of=as_of)[0]

    assert fetched(0).content == CALENDAR
    path.write_bytes(CALENDAR[:-20])
    assert (fetched(1).content, fetched(1).as_of) == (CALENDAR, NOON)
    path.unlink()
    assert fetched(2).problems[0].message.startswith("cannot be read: No such file")
    path.mkdir()
    assert "without any .ics file" in fetched(3).problems[0].message


def test_feeds_of_one_name_are_told_apart() -> None:
    """Two nameless addresses keep copies of their own."""
    feeds = [Feed(url="https://a.example/x"), Feed(url="https://b.example/y"), Feed(path="c.ics")]
    assert unique_names(feeds) == ("calendar", "calendar 2", "c.ics")


def test_several_addresses_are_fetched_at_once(tmp_path: Path, server: Server) -> None:
    """None is answered before all have been asked for; each keeps its place."""
    all_asked = threading.Barrier(3, timeout=300)

    def slow(connection: socket.socket, request: bytes) -> None:
        all_asked.wait()
        answer(CALENDAR.replace(b"UID:one", b"UID:" + request.split()[1][1:]))(connection, request)

    server.behaviours = [slow]
    base = server.address.rpartition("/")[0].rpartition("/")[0]
    feeds = [Feed(name=n, url=f"{base}/{n}", timeout_seconds=600) for n in ("a", "b", "c")]
    copies = fetch_feeds(feeds, workspace=Workspace(root=tmp_path), as_of=NOON)
    assert [copy.name for copy in copies] == ["a", "b", "c"]
    assert all(
        b"UID:" + n.encode() in (c.content or b"") for n, c in zip("abc", copies, strict=True)
    )


@pytest.fixture
def encrypted(server: Server, tmp_path: Path) -> Path:
    """Makes the server speak TLS; gives the authority's file."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return path


def test_webcal_is_https(
    fetch: Fetcher, server: Server, encrypted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A webcal address is fetched over TLS, and only from a server that can be trusted."""
    address = server.address.replace("http://", "webcal://")
    refused = fetch(answer(), url=address)
    assert refused.content is None
    assert "certificate cannot be trusted" in refused.problems[0].message
    monkeypatch.setenv("SSL_CERT_FILE", str(encrypted))
    assert fetch(answer(), url=address).content == CALENDAR
