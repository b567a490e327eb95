"""`briefgen init`: your own workspace, in a conversation or from options."""

import base64
import os
import pty
import select
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import pytest
from caldav_server import caldav_server, make_calendar
from click.testing import CliRunner, Result

from briefgen.cli import main
from briefgen.upkeep import setup as setting_up
from briefgen.upkeep.setup import FeedAnswer
from briefgen.workspace.secrets import from_command
from briefgen.workspace.settings import read_settings
from briefgen.workspace.zone_data import UNKNOWN

AS_OF = "2026-11-22T10:00"
CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//sample//EN
BEGIN:VEVENT
UID:budget@park.example
DTSTAMP:20261101T000000Z
DTSTART:20261124T090000Z
DTEND:20261124T100000Z
SUMMARY:Budget talk
{people}END:VEVENT
END:VCALENDAR
"""
EMPTY = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//sample//EN\nEND:VCALENDAR\n"
PEOPLE = "ATTENDEE;CN=Zoe Park:mailto:zoe@park.example\n"
PASSWORD = "correct horse"


class Calendars(BaseHTTPRequestHandler):
    """A provider: an open feed, one without people, a login page, one behind a password."""

    def do_GET(self) -> None:
        """Answer with what the path stands for."""
        signed = base64.b64encode(f"robin:{PASSWORD}".encode()).decode()
        pages = {
            "/feed.ics": CALENDAR.format(people=PEOPLE),
            "/published.ics": CALENDAR.format(people=""),
            "/empty.ics": EMPTY,
            "/login.ics": "<!DOCTYPE html><title>Sign in</title>",
        }
        if self.path == "/locked.ics":
            allowed = self.headers.get("Authorization") == f"Basic {signed}"
            status, body = (200, CALENDAR.format(people=PEOPLE)) if allowed else (401, "")
        else:
            status, body = (200, pages[self.path]) if self.path in pages else (404, "")
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="calendar"')
        content = body.replace("\n", "\r\n").encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a calendar server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Calendars)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def init(*arguments: str, folder: Path) -> Result:
    """`briefgen init` without a terminal."""
    return CliRunner().invoke(main, ["init", str(folder), "--as-of", AS_OF, *arguments])


def test_without_a_terminal_it_asks_nothing_and_leaves_no_sample(tmp_path: Path) -> None:
    """A bare `init` makes settings that are valid, and nobody's sample data."""
    made = init(folder=tmp_path / "w")
    assert made.exit_code == 0, made.output
    settings, problems = read_settings(tmp_path / "w")
    assert settings is not None
    assert not problems
    assert settings.feeds == ()
    assert not list((tmp_path / "w/data/contacts").glob("*.yaml"))
    assert not (tmp_path / "w/data/calendar.ics").exists()


def test_every_answer_is_an_option(tmp_path: Path, provider: str) -> None:
    """Name, addresses, domain, zone, language, calendar and contacts, as a script gives them."""
    people = tmp_path / "people.csv"
    people.write_text("Name,Email\nZoe Park,zoe@park.example\n")
    made = init(
        "--name", "Robin: Keller", "--email", "robin@firm.example", "--domain", "firm.example",
        "--timezone", "Europe/Berlin", "--locale", "de_DE",
        "--calendar", f"{provider}/feed.ics", "--contacts", str(people), folder=tmp_path / "w",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert "Di., 24. Nov., 10:00 Budget talk" in made.output
    settings, problems = read_settings(tmp_path / "w")
    assert settings is not None
    assert not problems
    assert settings.me.name == "Robin: Keller"
    assert settings.me.internal_domains == ("firm.example",)
    assert (settings.timezone, settings.locale) == ("Europe/Berlin", "de_DE")
    assert (tmp_path / "w/data/contacts/zoe-park.yaml").exists()


def test_the_address_is_kept_as_a_secret(tmp_path: Path, provider: str) -> None:
    """The settings hold a command that prints the address; only the owner can read its file."""
    address = f"{provider}/feed.ics"
    init("--calendar", address, folder=tmp_path)
    settings, _ = read_settings(tmp_path)
    assert settings is not None
    assert address not in (tmp_path / "briefgen.yaml").read_text()
    command = settings.feeds[0].url_command
    assert command is not None
    assert from_command(command, setting="url_command", root=tmp_path).text == address
    kept = tmp_path / ".briefgen/secrets/calendar-address"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/login.ics", "It cannot be read: "),
        ("/gone.ics", "404"),
        ("/published.ics", "It does not say who is invited"),
    ],
)
def test_a_calendar_that_does_not_serve_is_said_in_one_sentence(
    path: str, said: str, tmp_path: Path, provider: str
) -> None:
    """A login page, a wrong address, a feed without people: the answers are kept all the same."""
    made = init("--name", "Robin", "--calendar", f"{provider}{path}", folder=tmp_path)
    assert made.exit_code == 0
    assert said in made.output
    settings, _ = read_settings(tmp_path)
    assert settings is not None
    assert settings.me.name == "Robin"


@pytest.mark.parametrize(
    ("option", "value"),
    [("--timezone", "Mars/Base"), ("--locale", "xx_YY"), ("--email", "nobody"), ("--domain", "?")],
)
def test_an_answer_that_no_settings_take_is_refused(
    option: str, value: str, tmp_path: Path
) -> None:
    """Status 2, with the value, and nothing is written."""
    made = init(option, value, folder=tmp_path / "w")
    assert made.exit_code == 2
    assert value in made.output
    assert not (tmp_path / "w").exists()


def test_it_can_be_run_again_until_somebody_edits_the_file(tmp_path: Path, provider: str) -> None:
    """What was answered stays and what was missing is added; an edited file is never touched."""
    init("--name", "Robin", "--email", "robin@firm.example", folder=tmp_path)
    again = init("--calendar", f"{provider}/feed.ics", folder=tmp_path)
    assert again.exit_code == 0, again.output
    settings, _ = read_settings(tmp_path)
    assert settings is not None
    assert settings.me.name == "Robin"
    assert len(settings.feeds) == 1
    path = tmp_path / "briefgen.yaml"
    assert f"made {path}" in again.output
    assert f"{path}: not changed" in init(folder=tmp_path).output
    path.write_text(path.read_text() + "# mine\n")
    refused = init("--name", "Sam", folder=tmp_path)
    assert refused.exit_code == 2
    assert "exists already; nothing was changed" in refused.output
    assert "Robin" in path.read_text()


class Terminal:
    """`briefgen init` in a real terminal."""

    def __init__(self, *words: str, folder: Path) -> None:
        self.screen = ""
        self.child, self.descriptor = pty.fork()
        if self.child == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a run in the background ignores it
            os.chdir(folder)
            os.environ |= {"TERM": "xterm", "INPUTRC": "/dev/null", "LANG": "en_GB.UTF-8"}
            os.environ.pop("DISPLAY", None)
            os.environ.pop("WAYLAND_DISPLAY", None)
            os.execv(sys.executable, [sys.executable, "-m", "briefgen", "init", "w", *words])

    def answer(self, question: str, keys: str) -> None:
        """Wait until the question is shown, then type."""
        self.wait_for(question)
        self.reply(keys)

    def reply(self, keys: str) -> None:
        """Wait for the prompt, then type."""
        self.wait_for("> ")
        os.write(self.descriptor, f"{keys}\r".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C at the prompt."""
        self.wait_for("> ")
        os.write(self.descriptor, b"\x03")

    def wait_for(self, text: str) -> None:
        """Read what the terminal shows until `text` is there; forget what came before it."""
        while text not in self.screen:
            ready, _, _ = select.select([self.descriptor], [], [], 60)
            assert ready, f"no {text!r} in {self.screen}"
            self.screen += os.read(self.descriptor, 4096).decode(errors="replace")
        self.screen = self.screen.partition(text)[2]

    def __enter__(self) -> Self:
        """Begin to look at it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Kill it where the test failed."""
        if kind is not None:
            os.kill(self.child, signal.SIGKILL)

    def end(self, status: int = 0) -> None:
        """Wait for the command to end, well or with another status."""
        while self.screen:
            try:
                self.screen = os.read(self.descriptor, 4096).decode(errors="replace")
            except OSError:  # as Linux says that nobody writes any more
                break
        _, ended = os.waitpid(self.child, 0)
        os.close(self.descriptor)
        assert os.waitstatus_to_exitcode(ended) == status


def test_the_conversation_ends_with_the_first_brief(tmp_path: Path, provider: str) -> None:
    """Name, address, a wrong calendar, then one behind a password: a brief is made."""
    terminal = Terminal("--as-of", AS_OF, folder=tmp_path)
    try:
        terminal.answer("Your name", "Robin Keller")
        terminal.answer("Your mail addresses", "robin@firm")
        terminal.wait_for("not an email address")
        terminal.answer("Your mail addresses", "robin@firm.example")
        terminal.answer("mail domains", "??")
        terminal.wait_for("not the name of a domain or server: '??'")
        terminal.answer("mail domains", "")
        terminal.answer("time zone", "Berlin")
        terminal.wait_for("Europe/Berlin")
        terminal.answer("Language", "")
        terminal.answer("Your calendar", "?")
        terminal.wait_for("Secret address in iCal format")
        terminal.answer("Your calendar", f"{provider}/gone.ics")
        terminal.wait_for("404")
        terminal.answer("Use this address anyway?", "perhaps")
        terminal.wait_for("one of: 1 yes")
        terminal.reply("no")
        terminal.answer("Your calendar", f"{provider}/gone.ics")
        terminal.wait_for("404")
        terminal.answer("Use this address anyway?", f"{provider}/locked.ics")
        terminal.answer("User name", "robin")
        terminal.answer("Password", PASSWORD)
        terminal.wait_for("next: Tue 24 Nov 10:00 Budget talk")
        terminal.answer("Your contacts", "")
        terminal.answer("Make each day's briefs the night before?", "")
        terminal.answer("Send yourself the briefs by mail?", "")
        terminal.wait_for("Making the brief for your next meeting: Budget talk")
        terminal.wait_for("That was your first brief; it is in:")
        terminal.wait_for("  w/briefings/2026-11-24")
        terminal.wait_for("briefgen contacts new --meeting 'Budget talk'")
    except BaseException:
        os.kill(terminal.child, signal.SIGKILL)
        raise
    terminal.end()
    assert list((tmp_path / "w/briefings/2026-11-24").glob("*.pdf"))
    assert PASSWORD not in (tmp_path / "w/briefgen.yaml").read_text()


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("192.0.2.7/dav/robin.ics", "https://192.0.2.7/dav/robin.ics"),
        ("192.0.2.7:8080", "https://192.0.2.7:8080"),
        ("[2001:db8::7]/cal.ics", "https://[2001:db8::7]/cal.ics"),
        ("127.0.0.1:5232/robin/", "http://127.0.0.1:5232/robin/"),
        ("localhost:5232", "http://localhost:5232"),
        ("caldav.provider.example", "https://caldav.provider.example"),
        ("work.ics", "work.ics"),
        ("calendars/work", "calendars/work"),
    ],
)
def test_an_address_needs_no_scheme(
    typed: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server's name or number is an address, encrypted but for this machine; else a file."""
    monkeypatch.chdir(tmp_path)
    assert FeedAnswer.of(typed).place == place


def test_a_locale_that_names_no_language_is_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`LANG=C`, as on servers and in containers, is no language to offer."""
    for variable in ("LC_ALL", "LC_TIME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    init(folder=tmp_path)
    settings, _ = read_settings(tmp_path)
    assert settings is not None
    assert settings.locale == "en_GB"


def test_an_empty_calendar_is_asked_about(tmp_path: Path, provider: str) -> None:
    """No meeting in thirty days may be the address of a server; a file has no such doubt."""
    empty = tmp_path / "empty.ics"
    empty.write_text(EMPTY)
    asked = "is it the address of the calendar itself"
    assert asked in init("--calendar", f"{provider}/empty.ics", folder=tmp_path / "v").output
    assert asked not in init("--calendar", str(empty), folder=tmp_path / "w").output


def test_a_servers_calendars_are_offered_by_name(tmp_path: Path) -> None:
    """The address of the server, a wrong password, the right one, one calendar of two chosen."""
    people = CALENDAR.format(people=PEOPLE).replace("\n", "\r\n").encode()
    with caldav_server(tmp_path) as server:
        make_calendar(server, "a", "Family")
        make_calendar(server, "b", "Work")
        server.put("b/budget.ics", content=people).raise_for_status()
        root = str(server.base_url).removesuffix("robin/")
        words = ("--name", "Robin", "--email", "robin@firm.example", "--domain", "firm.example")
        words += ("--timezone", "Europe/Berlin", "--locale", "en_GB", "--calendar", root)
        terminal = Terminal("--as-of", AS_OF, *words, folder=tmp_path)
        try:
            terminal.wait_for("The server asks who you are.")
            terminal.answer("User name", "robin")
            terminal.answer("Password", "wrong")
            terminal.wait_for("refuses this user name or password")
            terminal.answer("User name", "")
            terminal.answer("Password", "hunter2")
            terminal.wait_for("1  Family")
            terminal.answer("2  Work", "3")
            terminal.wait_for("write numbers from 1 to 2 or names")
            terminal.reply("wo")
            terminal.wait_for(
                "1 meeting from now to Mon 21 Dec, next: Tue 24 Nov 10:00 Budget talk"
            )
            terminal.answer("Your contacts", "")
            terminal.answer("Make each day's briefs the night before?", "")
            terminal.answer("Send yourself the briefs by mail?", "")
            terminal.wait_for("That was your first brief")
        except BaseException:
            os.kill(terminal.child, signal.SIGKILL)
            raise
        terminal.end()
    settings, _ = read_settings(tmp_path / "w")
    assert settings is not None
    assert [(one.name, one.kind, one.user) for one in settings.feeds] == [
        ("Work", "caldav", "robin")
    ]
    kept = [path.read_text() for path in (tmp_path / "w/.briefgen/secrets").iterdir()]
    assert kept == ["hunter2\n"], "no wrong password stays behind"


@pytest.mark.parametrize(
    ("names", "read"), [((), ["Family", "Work"]), (("--calendar-name", "work"), ["Work"])]
)
def test_options_choose_the_calendars_of_a_server(
    names: tuple[str, ...], read: list[str], tmp_path: Path
) -> None:
    """All of them, or those that are named."""
    with caldav_server(tmp_path) as server:
        make_calendar(server, "a", "Family")
        make_calendar(server, "b", "Work")
        made = init(
            "--calendar", str(server.base_url), "--calendar-user", "robin",
            "--calendar-password-command", "echo hunter2", *names, folder=tmp_path / "w",
        )  # fmt: skip
    assert made.exit_code == 0, made.output
    settings, _ = read_settings(tmp_path / "w")
    assert settings is not None
    assert [one.name for one in settings.feeds] == read


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("http://127.0.0.1:1/feed.ics", "cannot be reached, or there is no network"),
        ("gone.ics", "neither a web address nor a file"),
        ("no address", "neither a web address nor a file"),
    ],
)
def test_no_network_or_no_file_is_one_sentence(place: str, said: str, tmp_path: Path) -> None:
    """What is wrong with the address, and the other answers stay."""
    made = init("--name", "Robin", "--calendar", place, folder=tmp_path / "w")
    assert made.exit_code == 0, made.output
    (line,) = [line for line in made.output.splitlines() if line.startswith("It cannot be read: ")]
    assert said in line
    settings, _ = read_settings(tmp_path / "w")
    assert settings is not None
    assert settings.me.name == "Robin"


def test_a_file_is_named_as_seen_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`init w --calendar my.ics` means the file beside the new workspace, not one in it."""
    (tmp_path / "my.ics").write_text(CALENDAR.format(people=PEOPLE).replace("\n", "\r\n"))
    monkeypatch.chdir(tmp_path)
    made = init("--calendar", "my.ics", folder=Path("w"))
    assert "1 meeting" in made.output
    settings, _ = read_settings(tmp_path / "w")
    assert settings is not None
    assert settings.feeds[0].path == str(tmp_path / "my.ics")


def test_a_machine_without_a_zone_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no zone is found, `init` says that times are in UTC; with --timezone it does not."""
    monkeypatch.setattr("briefgen.cli.init.local_zone", lambda: UNKNOWN)
    assert "times are in UTC" in init(folder=tmp_path / "a").output
    assert "UTC" not in init("--timezone", "Europe/Berlin", folder=tmp_path / "b").output


def test_help_for_the_calendar_comes_in_other_languages_too(tmp_path: Path) -> None:
    """A question without its own explanation has none in any language."""
    with Terminal(*ANSWERED[:-1], "de_DE", folder=tmp_path) as terminal:
        terminal.answer("Ihr Kalender", "?")
        terminal.wait_for("Google")
        terminal.wait_for("„Privatadresse im iCal-Format“")
        terminal.interrupt()
        terminal.end(1)


ANSWERED = (
    "--name", "Robin", "--email", "robin@firm.example", "--domain", "firm.example",
    "--timezone", "Europe/Berlin", "--locale", "en_GB",
)  # fmt: skip


def test_what_to_do_from_here_is_told_in_the_language_too(tmp_path: Path) -> None:
    """Each command beside what it shows."""
    with Terminal(*ANSWERED[:-1], "es_MX", folder=tmp_path) as terminal:
        terminal.answer("Su calendario", "")
        terminal.answer("Sus contactos", "")
        terminal.answer("por correo", "")
        terminal.wait_for("sus reuniones, y por qué algunas no tienen hoja")
        terminal.end()


def test_every_question_explains_itself_and_shows_its_default(tmp_path: Path) -> None:
    """`?` says what an answer is for and asks again; a yes or no shows what Enter means."""
    (tmp_path / "my.ics").write_text(CALENDAR.format(people=PEOPLE).replace("\n", "\r\n"))
    with Terminal("--as-of", AS_OF, folder=tmp_path) as terminal:
        terminal.answer("Your name", "?")
        terminal.wait_for("as it appears on the sheet")
        terminal.reply("Robin")
        terminal.answer("Your mail addresses", "?")
        terminal.wait_for("at which people invite you")
        terminal.reply("robin@firm.example")
        terminal.answer("mail domains", "")
        terminal.answer("time zone", "new york")
        terminal.answer("Language", "?")
        terminal.wait_for("like German")
        terminal.reply("British English")
        terminal.answer("Your calendar", "my.ics")
        terminal.answer("Your contacts", "?")
        terminal.wait_for("Google Contacts")
        terminal.reply("nothing.csv")
        terminal.wait_for("There is no file")
        terminal.answer("Your contacts", "")
        terminal.answer("Make each day's briefs the night before?", "?")
        terminal.wait_for("A timer of this machine")
        terminal.reply("")
        terminal.wait_for("Send yourself the briefs by mail?")
        terminal.wait_for("[no] >")
        os.write(terminal.descriptor, b"\r")
        terminal.wait_for("briefgen list --date today --days 30 --why")
        terminal.end()
    settings, _ = read_settings(tmp_path / "w")
    assert settings is not None
    assert (settings.timezone, settings.locale) == ("America/New_York", "en_GB")


def test_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    """The answers so far stay, and the next call asks only for the rest."""
    with Terminal(folder=tmp_path) as terminal:
        terminal.answer("Your name", "Robin")
        terminal.wait_for("several with commas")
        terminal.interrupt()
        terminal.wait_for("your answers are kept, continue with: briefgen init w")
        terminal.end(1)
    with Terminal(folder=tmp_path) as terminal:
        terminal.wait_for("several with commas")
        terminal.interrupt()
        terminal.end(1)
    settings, _ = read_settings(tmp_path / "w")
    assert settings is not None
    assert settings.me.name == "Robin"


def test_a_mail_server_that_does_not_answer_is_asked_for_again(tmp_path: Path) -> None:
    """No test mail is offered for it; what was typed is the default the second time."""
    with Terminal("--as-of", AS_OF, *ANSWERED, folder=tmp_path) as terminal:
        terminal.answer("Your calendar", "")
        terminal.answer("Your contacts", "")
        terminal.answer("Send yourself the briefs by mail?", "yes")
        terminal.answer("Your mail server", "mail.nowhere.invalid")
        terminal.answer("User name", "")
        terminal.answer("Password", PASSWORD)
        terminal.wait_for("It does not work yet")
        terminal.answer("Correct it?", "")
        terminal.wait_for("[mail.nowhere.invalid]")
        os.write(terminal.descriptor, b"\r")
        terminal.answer("User name", "")
        terminal.answer("Enter keeps the one you typed", "")
        terminal.answer("Correct it?", "no")
        terminal.wait_for("try again with: briefgen doctor")
        terminal.wait_for("The workspace is ready")
        terminal.end()
    settings, _ = read_settings(tmp_path / "w")
    assert settings is not None
    assert settings.mail is not None
    assert settings.mail.host == "mail.nowhere.invalid"
    kept = tmp_path / "w/.briefgen/secrets/mail-password"
    assert kept.read_text() == f"{PASSWORD}\n"


@pytest.mark.parametrize(
    ("given", "locale"),
    [
        ("german", "de"),
        ("Deutsch", "de"),
        ("english", "en_GB"),
        ("Brazilian Portuguese", "pt_BR"),
        ("日本語", "ja"),
        ("de-CH", "de-CH"),
    ],
)
def test_a_language_is_understood_by_its_name(given: str, locale: str, tmp_path: Path) -> None:
    """In English or in itself; with the machine's country where that is of this language."""
    made = init("--locale", given, folder=tmp_path)
    assert made.exit_code == 0, made.output
    settings, _ = read_settings(tmp_path)
    assert settings is not None
    assert settings.locale == locale


@pytest.mark.parametrize(
    ("given", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("singapore", "Asia/Singapore"),
        ("Wien", "Europe/Vienna"),
        ("UTC", "UTC"),
        ("Europe/Paris", "Europe/Paris"),
    ],
)
def test_a_zone_is_understood_by_its_city(given: str, zone: str, tmp_path: Path) -> None:
    """In English, or in the language of the workspace."""
    setup = setting_up.find_zone(given, locale="de_DE")
    assert setup == zone
    made = init("--timezone", given, "--locale", "de_DE", folder=tmp_path)
    assert made.exit_code == 0, made.output


def test_a_zone_that_is_almost_right_is_named(tmp_path: Path) -> None:
    """One wrong letter in a city, or in the whole name; what is far from every zone is not."""
    for given in ("Londen", "Europe/Londn"):
        refused = init("--timezone", given, "--locale", "en_GB", folder=tmp_path)
        assert f"unknown time zone '{given}'; did you mean Europe/London?" in refused.output
    far = init("--timezone", "Middle Earth", folder=tmp_path)
    assert "write it like Europe/Berlin" in far.output
