"""Attacks on the page: each is refused, and says nothing."""

import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from served_pages import Served, make_workspace
from starlette.routing import Route

from briefgen.web import guard, server
from briefgen.web.application import routes
from briefgen.web.server import listen
from briefgen.web.sessions import Kind, Sessions
from briefgen.workspace.folder import Workspace, phone_is_paired, sessions_file

PAGES = ("/", "/people", "/people/dana-smith", "/promises", "/more", "/devices", "/state")


@pytest.mark.parametrize("path", PAGES)
def test_without_a_session_nothing_is_shown(served: Served, path: str) -> None:
    """Someone who reaches the port sees no name, no title, and not whether a page is there."""
    answer = served.ask(path, let_in=False)
    assert answer.status == 401
    assert not re.search(r"Dana|Lee|review|Coffee", answer.text)
    unknown = served.ask("/people/nobody", let_in=False)
    assert unknown.status == 401
    assert served.ask(path).status == 200


def test_a_code_of_a_sheet_tells_nothing_without_a_session(served: Served) -> None:
    """`/r/CODE` looks the same for a code that is in use and for one that is not."""
    code = served.code("Coffee with Lee")
    known, unknown = (served.ask(f"/r/{c}", let_in=False) for c in (code, "ZZZZ"))
    assert known.status == unknown.status == 401
    assert known.text.replace(code, "ZZZZ") == unknown.text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", ""]
)
def test_another_host_is_refused_before_routing(served: Served, host: str) -> None:
    """DNS rebinding: a name that points here is not a name of ours, with or without a session."""
    answer = served.ask("/", headers={"Host": host.format(port=served.port)})
    assert answer.status == 421
    assert answer.body == b""
    assert served.ask("/static/page.css", headers={"Host": "evil.example"}).status == 421


def test_two_hosts_are_refused(served: Served) -> None:
    """A second Host header cannot speak for the first."""
    head = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nHost: evil.example\r\n\r\n"
    assert b"200" not in raw(served.port, head.encode())[:20]


def raw(port: int, request: bytes, seconds: float = 5) -> bytes:
    """What a socket answers to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(request)
        return connection.recv(65536)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9"},
        {},
    ],
    ids=lambda headers: ",".join(headers.values()) or "says nothing",
)
def test_a_change_asked_for_from_elsewhere_is_refused(
    served: Served, headers: dict[str, str]
) -> None:
    """CSRF: neither another site, nor another port of this machine, nor who does not say."""
    before = served.contact("lee-wong")
    answer = served.ask(
        "/undo",
        method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded", **headers},
        body=b"stem=lee-wong",
    )
    assert answer.status == 403
    assert answer.body == b""
    assert served.contact("lee-wong") == before
    assert served.send("/undo", {"stem": "lee-wong"}).status == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_cannot_be_embedded_elsewhere(served: Served, site: str) -> None:
    """A script, picture or frame of another site, or of another port here, is refused."""
    for mode, dest in (("no-cors", "image"), ("no-cors", "script"), ("navigate", "iframe")):
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
        assert served.ask("/people/dana-smith", headers=headers).status == 403
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert served.ask("/", headers=link).status == 200


def test_no_get_hands_out_a_session(served: Served) -> None:
    """A preview that fetches the printed address neither gets a cookie nor uses the token up."""
    token = served.new_token()
    for _ in range(3):
        answer = served.ask(f"/in?token={token}", let_in=False)
        assert answer.status == 200
        assert "set-cookie" not in answer.headers
    assert served.send("/in", {"token": token}, let_in=False).status == 303


def test_a_token_is_good_once(served: Served) -> None:
    """The second who comes with it is turned away."""
    token = served.new_token()
    first = served.send("/in", {"token": token}, let_in=False)
    assert first.status == 303
    second = served.send("/in", {"token": token}, let_in=False)
    assert second.status == 403
    assert "set-cookie" not in second.headers


def test_a_token_from_another_site_is_not_taken(served: Served) -> None:
    """Nobody can sign a browser in from elsewhere, even with a good token."""
    token = served.new_token()
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert served.send("/in", {"token": token}, headers=headers, let_in=False).status == 403
    assert served.send("/in", {"token": token}, let_in=False).status == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(served: Served) -> None:
    """HttpOnly, SameSite=Strict, for the whole of this host."""
    answer = served.send("/in", {"token": served.new_token()}, let_in=False)
    parts = {part.strip().casefold() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= parts


class Clock:
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 14, tzinfo=ZoneInfo("UTC"))

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now


@pytest.mark.parametrize(("kind", "minutes"), [("phone", 5), ("desktop", 10)])
def test_a_token_is_good_for_minutes(tmp_path: Path, kind: Kind, minutes: int) -> None:
    """A minute before its end it lets in, at its end it does not."""
    clock = Clock()
    sessions = Sessions(Workspace(root=tmp_path), clock)
    early, late = sessions.invite(kind), sessions.invite(kind)
    clock.now += timedelta(minutes=minutes - 1)
    assert sessions.admit(early, "x") is not None
    clock.now += timedelta(minutes=1)
    assert sessions.admit(late, "x") is None


def test_a_session_ends_when_it_is_long_unused(tmp_path: Path) -> None:
    """Ninety days after its last use a telephone is out; each use counts again."""
    clock = Clock()
    workspace = Workspace(root=tmp_path)
    sessions = Sessions(workspace, clock)
    admitted = sessions.admit(sessions.invite("phone"), "Safari, iPhone")
    assert admitted is not None
    secret, _ = admitted
    clock.now += timedelta(days=89)
    assert sessions.of(secret) is not None
    clock.now += timedelta(days=89)
    assert sessions.of(secret) is not None
    assert phone_is_paired(workspace, clock.now)
    clock.now += timedelta(days=90)
    assert sessions.of(secret) is None
    assert not phone_is_paired(workspace, clock.now)


def test_what_is_on_disk_lets_nobody_in(served: Served) -> None:
    """The file of sessions is the owner's alone, and holds neither tokens nor secrets."""
    token = served.new_token()
    file = sessions_file(Workspace(root=served.root))
    held = file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert token not in held
    assert served.cookie not in held
    for mark in re.findall(r'"mark": "([0-9a-f]{64})"', held):
        assert (
            served.ask(
                "/", headers={"Cookie": f"briefgen-{served.port}={mark}"}, let_in=False
            ).status
            == 401
        )


def test_a_session_is_listed_and_revoked(served: Served) -> None:
    """Another browser's session ends at a click; your own goes on."""
    answer = served.send(
        "/in",
        {"token": served.new_token()},
        let_in=False,
        headers={"User-Agent": "X Firefox/140.0 Linux"},
    )
    other = answer.headers["set-cookie"].split(";")[0]
    assert served.ask("/", headers={"Cookie": other}, let_in=False).status == 200
    page = served.ask("/devices").text
    assert "Firefox, Linux" in page
    (name,) = re.findall(r'name="session" value="(\w+)"', page)
    assert served.send("/devices/revoke", {"session": name}).status == 303
    assert served.ask("/", headers={"Cookie": other}, let_in=False).status == 401
    assert served.ask("/").status == 200


def test_two_workspaces_in_one_browser(serving: Callable[..., Served], tmp_path: Path) -> None:
    """Cookies know no ports: each page's has its own name, and is good for no other."""
    one, other = serving(), serving(make_workspace(tmp_path / "other"))
    one.let_in()
    other.let_in()
    both = f"briefgen-{one.port}={one.cookie}; briefgen-{other.port}={other.cookie}"
    for served in (one, other):
        assert served.ask("/", headers={"Cookie": both}, let_in=False).status == 200
    wrong = {"Cookie": f"briefgen-{other.port}={one.cookie}"}
    assert other.ask("/", headers=wrong, let_in=False).status == 401


def test_signing_out_ends_the_session(served: Served) -> None:
    """The cookie is good for nothing afterwards."""
    answer = served.send("/out", {})
    assert "signed out" in answer.text
    assert "data-go" not in answer.text
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert served.ask("/").status == 401


@pytest.mark.parametrize(
    "path",
    [
        "/people/../../briefgen.yaml",
        "/people/..%2f..%2fbriefgen.yaml",
        "/people/%2e%2e/%2e%2e/etc/passwd",
        "/static/../sessions.json",
        "/static/..%2fpage.css",
        "/static/base.html.j2",
        "//people",
        "/people\\dana-smith",
        "/people/dana-smith%00",
        "/people/dana-smith.yaml",
        "/people/data%2fcontacts%2fdana-smith/file",
        "/people/..%2fcontacts%2fdana-smith/file",
        "/briefings/2026-11-23/packet.pdf",
        "/.briefgen/web/sessions.json",
    ],
)
def test_no_path_leads_out_of_the_pages(served: Served, path: str) -> None:
    """Only what a page names is there; the answer is empty and the same for all."""
    answer = served.ask(path)
    assert answer.status == 404
    assert answer.body == b""


def test_whoever_is_let_in_is_told_that_a_page_is_missing(served: Served) -> None:
    """In a browser, with the way back; a stranger still gets an empty answer for an odd address."""
    browser = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none"}
    for path in ("/people/nobody", "/no/such/page"):
        answer = served.ask(path, headers=browser)
        assert answer.status == 404
        assert "There is nothing here." in answer.text
        assert "/people/nobody" not in answer.text.partition("<main")[2]
    assert served.ask("/no/such/page", headers=browser, let_in=False).body == b""


def test_every_answer_is_safe_to_show(served: Served) -> None:
    """A strict policy without inline code, no sniffing, no frames, no cache, no referrer."""
    for path in (*PAGES, "/nothing", "/static/page.css", "/in"):
        headers = {k.casefold(): v for k, v in served.ask(path).headers.items()}
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "no-store" in headers["cache-control"] or path.startswith("/static/")
        assert "server" not in headers


def test_no_page_has_inline_code(served: Served) -> None:
    """Nothing in a page would need a weaker policy."""
    code = served.code("Coffee with Lee")
    for path in (*PAGES[:-1], f"/m/{code}", f"/r/{code}", "/people/lee-wong/edit", "/problems"):
        page = served.ask(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|javascript:", page)


def test_what_people_write_is_shown_as_text(serving: Callable[..., Served], tmp_path: Path) -> None:
    """Names, titles and notes with markup in them run nothing."""
    served = serving()
    served.let_in()
    nasty = "<script src=//evil.example></script><img src=x onerror=alert(1)>"
    path = served.root / "data/contacts/lee-wong.yaml"
    text = (
        path.read_text().replace("Lee Wong", f"'{nasty}'", 1).replace("a cost sheet", f"'{nasty}'")
    )
    path.write_text(text)
    served.desk.touch()
    code = served.code("Coffee with Lee")
    for place in ("/", f"/m/{code}", f"/r/{code}", "/people", "/people/lee-wong", "/promises"):
        page = served.ask(place).text
        assert "<script src=//" not in page
        assert "<img src=x" not in page
    assert "&lt;script" in served.ask("/people/lee-wong").text


def test_a_body_may_not_be_endless(served: Served) -> None:
    """Declared or not, what is larger than a form can be is not read to its end."""
    declared = served.ask(
        "/promises",
        method="POST",
        headers={**served.own, "Content-Length": str(guard.BODY_BYTES + 1)},
        body=b"x",
    )
    assert declared.status == 413
    piece = b"a=" + b"x" * (64 * 1024 - 2)
    head = (
        f"POST /promises HTTP/1.1\r\nHost: 127.0.0.1:{served.port}"
        f"\r\nCookie: briefgen-{served.port}={served.cookie}\r\nOrigin: {served.address}"
        "\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(head)
        try:
            for _ in range(2 + guard.BODY_BYTES // len(piece)):
                connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            answer = connection.recv(100)
        except (BrokenPipeError, ConnectionResetError):
            answer = b"HTTP/1.1 413"
    assert answer.startswith(b"HTTP/1.1 413")
    assert served.ask("/").status == 200


def test_who_is_not_let_in_may_send_little(served: Served) -> None:
    """Megabytes of tiny fields would be held in memory before anyone has shown a token."""
    body = b"a&" * 100_000
    headers = {"Content-Type": "application/x-www-form-urlencoded", **served.own}
    answer = served.ask("/in", method="POST", headers=headers, body=body, let_in=False)
    assert answer.status == 413
    assert served.send("/in", {"token": served.new_token()}, let_in=False).status == 303


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "+1", "1e3", "\u00b2", "1, 2"])
def test_a_strange_length_is_refused(served: Served, length: str) -> None:
    """What no number of bytes can be is a refusal, not a fault of ours."""
    head = f"POST /in HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Length: {length}\r\n\r\n"
    status = raw(served.port, head.encode("latin-1"))[:12]
    assert status in {b"HTTP/1.1 400", b"HTTP/1.1 403", b"HTTP/1.1 413"}
    assert served.complaints == []


def test_headers_may_not_be_endless(served: Served) -> None:
    """Neither many nor long ones, nor an address of kilobytes."""
    many = {f"X-{n}": "1" for n in range(100)}
    assert served.ask("/", headers=many).status == 431
    assert served.ask("/?q=" + "x" * 4000).status == 414
    long = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nX: {'x' * 40000}\r\n\r\n"
    assert b" 200 " not in raw(served.port, long.encode())[:20]


def test_a_slow_asker_is_left(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a request holds no connection for ever, and the others are served meanwhile."""
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.4)
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        assert served.ask("/state").status == 200
        with suppress(ConnectionResetError):
            assert connection.recv(100) == b""
    assert time.monotonic() - began < 5


def test_a_slow_form_is_left(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not end holds nobody up: neither its connection nor another change."""
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.4)
    head = (
        f"POST /promises HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nOrigin: {served.address}\r\n"
        f"Cookie: briefgen-{served.port}={served.cookie}\r\nContent-Length: 1000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\na="
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(head.encode())
        assert served.send("/undo", {"stem": "lee-wong"}).status == 303
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_other_methods_are_refused(served: Served) -> None:
    """The pages are asked for and sent to, and nothing else."""
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        assert served.ask("/", method=method, headers=served.own).status == 405


def test_a_fault_of_ours_tells_nothing(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The asker gets an empty answer, the terminal a place in the code; neither gets a name."""

    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("Dana Smith <dana.smith@acme.example>")

    monkeypatch.setattr("briefgen.web.people.find_entries", broken)
    answer = served.ask("/people?q=dana")
    assert answer.status == 500
    assert answer.body == b""
    deadline = time.monotonic() + 5
    while not served.complaints and time.monotonic() < deadline:
        time.sleep(0.02)
    (line,) = served.complaints
    assert "RuntimeError" in line
    assert "Dana" not in line


def test_nothing_private_is_logged(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    """Requests leave no trace on the terminal."""
    served.ask("/people?q=Dana")
    served.ask("/people/dana-smith")
    served.ask("/nothing/Dana")
    out, err = capfd.readouterr()
    assert "Dana" not in out + err
    assert "dana" not in out + err
    assert served.complaints == []


def test_only_this_machine_is_served() -> None:
    """The socket is bound to the loopback address, not to every one."""
    with listen("127.0.0.1", 0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose a connection is")
def test_another_user_of_this_machine_is_refused(served: Served) -> None:
    """Even with a stolen cookie: loopback belongs to every user of a machine."""
    import os

    if os.getuid() != 0:
        pytest.skip("only root can become somebody else")
    script = (
        "import os, http.client, sys; os.setgid(65534); os.setuid(65534)\n"
        f"c = http.client.HTTPConnection('127.0.0.1', {served.port})\n"
        f"c.request('GET', '/', headers={{'Cookie': 'briefgen-{served.port}={served.cookie}'}})\n"
        "print(c.getresponse().status)"
    )
    done = subprocess.run(
        ["/usr/bin/python3", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "403"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose a connection is")
def test_another_user_who_hangs_up_at_once_changes_nothing(served: Served) -> None:
    """A connection whose end was closed belongs to nobody, which lets nobody in."""
    import os

    if os.getuid() != 0:
        pytest.skip("only root can become somebody else")
    request = (
        f"POST /out HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nOrigin: {served.address}\r\n"
        f"Cookie: briefgen-{served.port}={served.cookie}\r\nContent-Length: 0\r\n\r\n"
    )
    script = (
        "import os, socket; os.setgid(65534); os.setuid(65534)\n"
        "for _ in range(20):\n"
        f"    c = socket.create_connection(('127.0.0.1', {served.port}))\n"
        f"    c.sendall({request.encode()!r})\n"
        "    c.close()\n"
    )
    subprocess.run(["/usr/bin/python3", "-c", script], check=True)
    time.sleep(3)
    assert served.ask("/").status == 200


def test_the_certificate_is_short_lived_and_ours(tmp_path: Path) -> None:
    """At most 397 days, for this machine's names; trusted by whoever trusts the authority alone."""
    from cryptography import x509

    from briefgen.web.server import certificates

    now = datetime.now(ZoneInfo("UTC"))
    workspace = Workspace(root=tmp_path)
    made = certificates(workspace, ["127.0.0.1", "robin.local"], now)
    again = certificates(workspace, ["127.0.0.1"], now)
    assert made.authority == again.authority
    key = tmp_path / ".briefgen/web/authority-key.pem"
    assert key.stat().st_mode & 0o077 == 0
    inside, outside = socket.socketpair()
    trusting = ssl.create_default_context(cadata=made.authority)
    trusting.check_hostname = True
    import threading

    def serve_once() -> None:
        with made.context.wrap_socket(inside, server_side=True) as wrapped:
            wrapped.recv(1)

    thread = threading.Thread(target=serve_once)
    thread.start()
    with trusting.wrap_socket(outside, server_hostname="127.0.0.1") as wrapped:
        der = wrapped.getpeercert(binary_form=True)
        wrapped.send(b"x")
    thread.join(5)
    assert der is not None
    leaf = x509.load_der_x509_certificate(der)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=397)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["robin.local"]


def test_a_key_and_a_certificate_of_another_are_made_again(tmp_path: Path) -> None:
    """A crash came between the two: what is served is signed by what a telephone is shown."""
    from briefgen.web.server import certificates

    now = datetime.now(ZoneInfo("UTC"))
    workspace, other = Workspace(root=tmp_path / "one"), Workspace(root=tmp_path / "two")
    certificates(workspace, ["127.0.0.1"], now)
    certificates(other, ["127.0.0.1"], now)
    key = "web/authority-key.pem"
    (workspace.memory / key).write_bytes((other.memory / key).read_bytes())
    made = certificates(workspace, ["127.0.0.1"], now)
    assert made.authority == certificates(workspace, ["127.0.0.1"], now).authority
    outgoing, incoming = ssl.MemoryBIO(), ssl.MemoryBIO()
    served = made.context.wrap_bio(incoming, outgoing, server_side=True)
    trusting = ssl.create_default_context(cadata=made.authority)
    asked = trusting.wrap_bio(outgoing, incoming, server_hostname="127.0.0.1")
    for _ in range(3):  # the handshake, each side in turn; a wrong signature raises
        with suppress(ssl.SSLWantReadError):
            asked.do_handshake()
        with suppress(ssl.SSLWantReadError):
            served.do_handshake()
    assert asked.getpeercert()


def _routes(method: str) -> list[str]:
    """Every address that a method is answered at, with something in its gaps."""
    found = [one for one in routes() if isinstance(one, Route) and method in (one.methods or ())]
    return [re.sub(r"\{\w+\}", "dana-smith", one.path) for one in found]


@pytest.mark.parametrize("path", _routes("POST"))
def test_each_change_wants_our_own_page_and_a_session(served: Served, path: str) -> None:
    """No address that changes something is forgotten, and a refusal changes no file."""
    before = {p: p.read_bytes() for p in served.root.rglob("*") if p.is_file()}
    for foreign in (
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": served.address, "Sec-Fetch-Site": "cross-site"},
    ):
        assert served.ask(path, method="POST", headers=foreign, body=b"stem=x").status == 403
    stranger = served.send(path, {"stem": "lee-wong"}, let_in=False)
    assert stranger.status == (403 if path == "/in" else 401)
    assert "set-cookie" not in stranger.headers
    assert {p: p.read_bytes() for p in served.root.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("path", _routes("GET"))
def test_no_address_hands_out_a_cookie_when_it_is_only_asked_for(served: Served, path: str) -> None:
    """Neither to a browser without a session, nor to a stranger with a valid token."""
    query = f"?token={served.new_token()}"
    assert "set-cookie" not in served.ask(path + query).headers
    assert "set-cookie" not in served.ask(path + query, let_in=False).headers


_TWO_LENGTHS = (
    "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    "GET /people HTTP/1.1\r\nHost: {own}\r\n\r\n"
)
_TWO_ORIGINS = "Origin: http://evil.example\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    "request_of",
    [
        "GET http://evil.example/people HTTP/1.1\r\nHost: {own}\r\n\r\n",
        "GET /people HTTP/1.0\r\n\r\n",
        "GET /people HTTP/1.1\r\nHost: {own}.\r\n\r\n",
        "GET /people HTTP/1.1\r\nHost: evil.example@{own}\r\n\r\n",
        "GET /people HTTP/1.1\r\nHost: {own}\r\nX-Forwarded-Host: evil.example\r\n\r\n",
        "POST /undo HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\n" + _TWO_LENGTHS,
        "POST /undo HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\n" + _TWO_ORIGINS,
        "GET /people HTTP/1.1\nHost: {own}\n\n",
        "GET\t/people HTTP/1.1\r\nHost: {own}\r\n\r\n",
    ],
)
def test_odd_requests_get_nothing(served: Served, request_of: str) -> None:
    """Another target, two lengths, two origins, an old protocol: no page, no name, no redirect."""
    own = f"127.0.0.1:{served.port}"
    answer = raw(served.port, request_of.format(own=own).encode()).decode(errors="replace")
    assert not re.search(r"HTTP/1.1 [23]|Dana|Lee|evil", answer), answer
