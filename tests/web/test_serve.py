"""`briefgen serve` as it is typed."""

import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from served_pages import BROWSER, free_port, make_workspace

from briefgen.upkeep.doctor import install_line


def _heed_ctrl_c() -> None:
    """A run in the background ignores SIGINT, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Command:
    """A running `briefgen serve`, and what it says."""

    def __init__(
        self, root: Path, *options: str, until: str = "Ctrl-C ends it", **environment: str
    ) -> None:
        self.port = free_port()
        line = [sys.executable, "-m", "briefgen", "serve", "-w", str(root)]
        self.process = subprocess.Popen(
            [*line, "--port", str(self.port), "--as-of", "2026-11-23T14:00", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
            preexec_fn=_heed_ctrl_c,  # noqa: PLW1509  # nothing else runs in this process yet
        )
        self.said = ""
        assert self.process.stdout is not None
        for line_said in self.process.stdout:
            self.said += line_said
            if until in line_said:
                break

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and wait."""
        self.process.send_signal(how)
        status = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small workspace."""
    return make_workspace(tmp_path / "work")


@pytest.fixture
def command(root: Path) -> Iterator[Command]:
    """`briefgen serve`, running."""
    running = Command(root)
    yield running
    if running.process.poll() is None:
        running.end()


def status_of(address: str) -> int:
    """The status that an address answers with."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def let_in(command: Command) -> tuple[http.client.HTTPConnection, dict[str, str]]:
    """A connection, and the cookie that the printed address is exchanged for."""
    (token,) = re.findall(r"token=(\S+)", command.said)
    connection = http.client.HTTPConnection("127.0.0.1", command.port, timeout=20)
    own = {
        "Origin": f"http://127.0.0.1:{command.port}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/in", f"token={token}", own)
    answer = connection.getresponse()
    answer.read()
    return connection, {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def test_it_prints_an_address_and_ends_at_ctrl_c(command: Command, root: Path) -> None:
    """Only this machine is served, the token is in the address, Ctrl-C leaves quietly."""
    (address,) = re.findall(r"http://\S+", command.said)
    assert address.startswith(f"http://127.0.0.1:{command.port}/in?token=")
    assert status_of(address) == 200
    assert status_of(f"http://127.0.0.1:{command.port}/") == 401
    listening = Path("/proc/net/tcp").read_text() if Path("/proc/net/tcp").exists() else ""
    if listening:
        assert f"0100007F:{command.port:04X} 00000000:0000 0A" in listening
        assert f"00000000:{command.port:04X} 00000000:0000 0A" not in listening
    assert command.end(signal.SIGINT) == 0
    modes = [path.stat().st_mode & 0o077 for path in (root / ".briefgen/web").iterdir()]
    assert not any(modes)


def test_typed_again_it_prints_another_address(command: Command, root: Path) -> None:
    """The page that runs lets the second browser in too; nothing is started twice."""
    done = subprocess.run(
        [sys.executable, "-m", "briefgen", "serve", "-w", str(root), "--json"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    address = json.loads(done.stdout)["address"]
    assert f":{command.port}/in?token=" in address
    assert address not in command.said
    assert command.process.poll() is None


def test_an_arabic_terminal_prints_the_address_alone(root: Path) -> None:
    """No invisible character sticks to the token, so that a copied line lets one in."""
    settings = root / "briefgen.yaml"
    settings.write_text(settings.read_text() + "locale: ar\n")
    running = Command(root, until="token=")
    try:
        assert re.search(
            r"^  (http://127\.0\.0\.1:\d+/in\?token=[\w-]+)$", running.said, re.MULTILINE
        )
    finally:
        running.end()


def test_a_port_that_is_taken(command: Command, tmp_path: Path) -> None:
    """Another workspace cannot have it: one line says what to do."""
    other = make_workspace(tmp_path / "other")
    done = subprocess.run(
        [sys.executable, "-m", "briefgen", "serve", "-w", str(other), "--port", str(command.port)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "name another with --port" in done.stderr


def test_without_the_extra_it_says_what_to_type(root: Path) -> None:
    """No trace of Python, one line with the command."""
    program = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'starlette' else find(name, *rest)\n"
        f"sys.argv = ['briefgen', 'serve', '-w', {str(root)!r}]\n"
        "from briefgen.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert install_line("web") in done.stderr
    assert "Traceback" not in done.stderr


def test_it_sees_what_an_editor_saves(command: Command, root: Path) -> None:
    """Open pages ask how often files have changed, and the next page has the new name."""
    connection, cookie = let_in(command)

    def asked(path: str) -> str:
        connection.request("GET", path, headers=cookie)
        return connection.getresponse().read().decode()

    before = asked("/state")
    path = root / "data/contacts/lee-wong.yaml"
    path.write_text(path.read_text().replace("Lee Wong", "Lee Wong-Ortiz"))
    deadline = time.monotonic() + 20
    while asked("/state") == before:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert "Lee Wong-Ortiz" in asked("/people")
    connection.close()


def _look_around(command: Command) -> None:
    """Ask for 110 pages: a search, and every kind of page."""
    connection, cookie = let_in(command)

    def read(path: str) -> str:
        connection.request("GET", path, headers=cookie)
        return connection.getresponse().read().decode()

    today, people = read("/"), read("/people?q=dana+smyth")
    codes = re.findall(r"/m/(\w+)", today)
    stems = re.findall(r"/people/([^\"?/]+)", people)
    assert codes
    assert stems
    for _ in range(12):
        for path in ("/", "/promises", "/more", "/problems", "/stats", f"/m/{codes[0]}"):
            read(path)
        for path in (f"/r/{codes[0]}", *(f"/people/{stem}" for stem in stems)):
            read(path)
        for part in ("edit", "file"):
            read(f"/people/{stems[0]}/{part}")
    connection.close()


def test_at_rest_it_takes_little_memory(root: Path) -> None:
    """After 110 pages at most 80 MB, started again so that nothing is compiled in that process."""
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux tells")
    resident = 0
    for _ in range(2):
        command = Command(root, PYTHONDONTWRITEBYTECODE="")
        _look_around(command)
        time.sleep(3)  # it rests after a second and a half
        status = Path(f"/proc/{command.process.pid}/status").read_text()
        command.end()
        resident = int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0])
    assert resident <= 80 * 1024


@pytest.mark.skipif(BROWSER is None, reason="no chromium here")
def test_a_telephone_is_paired_and_saves_within_ninety_seconds(root: Path) -> None:
    """The code's address, over https, once; then the sheet's code leads to the five minutes."""
    from playwright.sync_api import sync_playwright

    command = Command(root, "--phone", "--host", "127.0.0.2")
    began = time.monotonic()  # when the code is shown
    try:
        (address,) = re.findall(r"(https://127\.0\.0\.2:\d+/in\?token=\S+)", command.said)
        base = address.partition("/in?")[0]
        assert "SHA-256" in command.said
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
            context = browser.new_context(
                viewport={"width": 390, "height": 844}, ignore_https_errors=True
            )
            page = context.new_page()
            page.goto(address, wait_until="commit")
            page.wait_for_url(f"{base}/")
            (cookie,) = context.cookies()
            assert cookie["name"] == f"__Host-briefgen-{command.port}"
            assert cookie["secure"]
            assert cookie["httpOnly"]
            code = page.get_by_role("link", name="Five minutes", exact=True).first
            place = code.get_attribute("href")
            assert place is not None
            page.goto(base + place)
            page.get_by_role("group", name="I knew what they needed").get_by_label("yes").check()
            page.get_by_label("Next time").fill("bring two options")
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Saved: Lee Wong").wait_for()
            spent = time.monotonic() - began
            stranger = browser.new_context(ignore_https_errors=True).new_page()
            stranger.goto(base + place)
            stranger.get_by_text("Nothing is shown without a session").wait_for()
            stranger.goto(address, wait_until="commit")
            stranger.get_by_text("used already").wait_for()
            browser.close()
        assert "bring two options" in (root / "data/contacts/lee-wong.yaml").read_text()
        assert spent < 90
        authority = urllib.request.urlopen(
            f"{base}/briefgen.crt", context=ssl._create_unverified_context(), timeout=10
        )
        with authority:
            der = authority.read()
        trusting = ssl.create_default_context(cadata=der)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{base}/", context=trusting, timeout=10).close()
        assert status_of(f"http://127.0.0.1:{command.port}/briefgen.crt") == 200
    finally:
        command.end()
