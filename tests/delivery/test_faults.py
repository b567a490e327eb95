"""Nights with something broken around them: each fault costs what it touches and nothing else."""

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from night_house import CONTACT, LATER, NIGHT, House, event
from pypdf import PdfReader

from briefgen.night.log import LARGEST_LOG
from briefgen.night.steps import BROKEN_KEPT
from briefgen.workspace import atomic
from briefgen.workspace.atomic import (
    temporary_file,
)
from briefgen.workspace.folder import Locked, Workspace, only_run

BOTH = ["1000-review.pdf", "1400-lunch.pdf", "report.json"]


def test_codes_that_cannot_be_written_cost_nothing(house: House) -> None:
    """The briefs are made and mailed, and the file is named in a warning."""
    (house.root / ".briefgen" / "codes.json").mkdir(parents=True)
    (house.root / ".briefgen" / "codes.json" / "in-the-way").touch()
    report = house.night()
    assert report["status"] == 0
    assert house.files() == BOTH
    assert len(house.subjects) == 1
    (problem,) = report["problems"]
    assert (problem["file"], problem["severity"]) == (".briefgen/codes.json", "warning")


@pytest.mark.parametrize("name", ["lock", "codes.json", "days/2026-11-23.json", "failures.json"])
def test_a_pipe_in_place_of_a_file(house: House, name: str) -> None:
    """A pipe without a writer hangs nothing; where the lock is one, the night ends with 1."""
    path = house.root / ".briefgen" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    began = time.monotonic()
    result = house.run("nightly", "--json", as_of=NIGHT)
    assert time.monotonic() - began < 20
    assert result.exit_code == (1 if name == "lock" else 0)
    if name == "lock":
        assert "lock: not a regular file" in result.stderr
    else:
        assert house.files() == BOTH


def test_a_pipe_in_place_of_a_brief(house: House) -> None:
    """It is kept beside the brief, as any file that is not ours."""
    day = house.root / "briefings/2026-11-23"
    day.mkdir(parents=True)
    os.mkfifo(day / "1000-review.pdf")
    assert house.night()["status"] == 0
    assert stat.S_ISFIFO((day / "1000-review.yours-1.pdf").lstat().st_mode)
    assert house.files() == ["1000-review.pdf", "1000-review.yours-1.pdf", *BOTH[1:]]


def test_a_linked_lock_is_refused(house: House) -> None:
    """A link in place of the lock is no lock."""
    (house.root / ".briefgen").mkdir()
    (house.root / ".briefgen" / "lock").symlink_to(house.root / "elsewhere")
    assert house.run("nightly").exit_code == 1
    assert not (house.root / "elsewhere").exists()


def test_the_lock_says_who_holds_it_and_lets_go(tmp_path: Path) -> None:
    """Two runs never hold it at once; a fault in the block lets it go."""
    workspace = Workspace(root=tmp_path)
    second = only_run(workspace)
    with only_run(workspace), pytest.raises(Locked, match="another run is at work"), second:
        pass
    with pytest.raises(RuntimeError), only_run(workspace):
        raise RuntimeError
    with only_run(workspace):
        assert stat.S_IMODE((workspace.memory / "lock").stat().st_mode) == 0o600


def test_links_in_templates_are_not_followed(house: House) -> None:
    """A linked template prints no file from elsewhere: the built-in one serves, and it is said."""
    secret = house.root.parent / "secret.html"
    secret.write_text("<p>from elsewhere</p>")
    (house.root / "templates").mkdir()
    (house.root / "templates" / "mail.html.j2").symlink_to(secret)
    house.night()
    (message,) = house.office.mailbox.messages
    html = message.get_body(("html",)).get_content()
    assert "from elsewhere" not in html
    assert "Review" in html
    said = house.run("check").stdout
    assert "templates/mail.html.j2: is a link, which is not followed" in said


def test_an_include_of_a_link_is_refused(house: House) -> None:
    """Nor does your own template reach a file elsewhere by an include."""
    folder = house.root / "templates"
    folder.mkdir()
    (house.root.parent / "secret.html").write_text("from elsewhere")
    (folder / "inner").symlink_to(house.root.parent)
    (folder / "mail.html.j2").write_text("{% include 'inner/secret.html' %}")
    house.night()
    html = house.office.mailbox.messages[0].get_body(("html",)).get_content()
    assert "from elsewhere" not in html


def test_leftovers_of_a_kill_go_at_the_next_start(house: House) -> None:
    """What a process that is no more left half-written is removed, wherever it lies."""
    house.night()
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
    (house.root / ".briefgen" / "plans").mkdir(exist_ok=True)
    old = [
        house.root / "data" / "contacts" / f".briefgen-{gone}-x.part",
        house.root / ".briefgen" / f".briefgen-{gone}-x.part",
        house.root / ".briefgen" / "plans" / "tmpabc.part",
    ]
    descriptor, mine = temporary_file(house.root / ".briefgen")
    os.close(descriptor)
    for path in old:
        path.write_text(CONTACT)
    for path in (*old, mine):
        age = 2 * 86_400 if path.name == "tmpabc.part" else 120
        os.utime(path, (time.time() - age, time.time() - age))
    house.night(LATER)
    house.calendar(event("a", "20261123T100000"))
    house.night("2026-11-22T23:20")
    assert [path for path in old if path.exists()] == []
    assert mine.exists(), "who writes it is still at work"


def test_a_log_does_not_grow_for_ever(house: House) -> None:
    """What a scheduler appends to is put aside when it is large; one old log is kept."""
    house.night()
    log = house.root / ".briefgen" / "nightly.log"
    log.write_bytes(b"x" * (LARGEST_LOG + 1))
    house.calendar(event("a", "20261123T100000"))
    house.night(LATER)
    assert not log.exists()
    assert log.with_name("nightly.log.1").stat().st_size == LARGEST_LOG + 1
    log.write_bytes(b"x" * LARGEST_LOG)
    house.calendar(event("a", "20261123T110000"))
    house.night("2026-11-22T23:20")
    assert log.exists()


def test_ledgers_that_were_set_aside_do_not_pile_up(house: House) -> None:
    """The last few stay to be looked at."""
    house.night()
    for day in range(1, 8):
        (house.root / ".briefgen" / f"state-broken-2026110{day}T220000.sqlite").touch()
    house.calendar(event("a", "20261123T100000"))
    house.night(LATER)
    left = sorted(path.name for path in (house.root / ".briefgen").glob("state-broken-*"))
    assert len(left) == BROKEN_KEPT
    assert left[-1] == "state-broken-20261107T220000.sqlite"


def test_a_feed_cut_on_its_first_night(house: House) -> None:
    """One of two meetings came: status 3, and page and mail say that the calendar was cut."""
    house.calendar(event("a", "20261123T100000"), event("b", "20261123T140000", title="Lunch"))
    calendar = house.root / "data" / "calendar.ics"
    whole = calendar.read_bytes()
    calendar.write_bytes(whole[: whole.index(b"SUMMARY:Lunch")])
    report = house.night()
    assert report["status"] == 3
    assert any("cut off" in problem["message"] for problem in report["problems"])
    text = house.office.mailbox.messages[0].get_body(("plain",)).get_content()
    assert "The calendar was cut off; meetings may be missing here." in text
    assert house.night(LATER)["status"] == 3, "until it comes whole"
    assert len(house.subjects) == 1
    calendar.write_bytes(whole)
    assert house.night("2026-11-22T23:30")["status"] == 0
    assert house.subjects[1:] == ["Updated: new meeting – Lunch"]


def test_the_page_says_that_the_calendar_was_cut(typeset_house: House) -> None:
    """Someone who holds the sheet knows that meetings may be missing."""
    calendar = typeset_house.root / "data" / "calendar.ics"
    calendar.write_bytes(calendar.read_bytes()[:-30])
    typeset_house.run("run")
    page = typeset_house.root / "briefings/2026-11-23/1000-review.pdf"
    assert "calendar cut off: meetings may be missing" in PdfReader(page).pages[0].extract_text()


def test_a_page_that_loses_its_contact(house: House) -> None:
    """A file that is no longer found makes the night end with 3, once, and names it."""
    house.night()
    contact = house.root / "data/contacts/dana.yaml"
    contact.rename(contact.with_name("dana.txt"))
    report = house.night(LATER)
    assert report["status"] == 3
    said = "Dana Smith had the file dana.yaml last time, and no file is found now"
    assert {problem["message"] for problem in report["problems"]} == {said}
    assert house.night("2026-11-22T23:20")["status"] == 0
    contact.with_name("dana.txt").rename(contact)
    assert house.night("2026-11-22T23:30")["status"] == 0


def test_a_run_that_loses_a_contact_too(house: House) -> None:
    """`run` ends with 3 as well, and a list that writes nothing does not count as told."""
    assert house.run("run").exit_code == 0
    (house.root / "data/contacts/dana.yaml").unlink()
    assert house.run("list").exit_code == 3
    assert house.run("run").exit_code == 3
    assert house.run("run").exit_code == 0


ASCII = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "LANG": "C"}


@pytest.mark.parametrize(
    ("command", "closed"),
    [("list", ()), ("list", (1, 2)), ("run", (0, 1, 2)), ("nightly", ()), ("nightly", (0, 1, 2))],
)
def test_no_terminal_and_an_ascii_locale(
    typeset_house: House, command: str, closed: tuple[int, ...]
) -> None:
    """Names of every script come out right, and nothing is missing where the streams are closed."""
    house = typeset_house
    house.calendar(event("a", "20261123T100000", title="Grüne 日本"))
    environment = {**os.environ, **ASCII, "PYTHONPATH": os.pathsep.join(sys.path)}
    shut = "; ".join(f"os.close({number})" for number in closed) or "pass"
    start = f"import os, sys; {shut}; os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    call = [sys.executable, "-c", start, "-m", "briefgen", command]
    done = subprocess.run(
        [*call, "-w", str(house.root), "--as-of", NIGHT],
        env=environment, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    if command == "list" and not closed:
        assert "Grüne 日本".encode() in done.stdout
    if command != "list":
        assert "1000-grüne-日本.pdf" in house.files()


def test_a_reader_that_goes_away(house: House) -> None:
    """`nightly | head` is a night like any other; what was done is done."""
    house.night()
    command = f"{sys.executable} -m briefgen list -w {house.root} --as-of {NIGHT} --json"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    shell = shutil.which("bash") or "sh"
    done = subprocess.run(
        [shell, "-c", f"{command} | true; exit ${{PIPESTATUS[0]}}"],
        env=environment, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0


def test_the_command_for_failures_that_is_not_there(house: House) -> None:
    """The log names it."""
    house.settings("on_failure_command: no-such-command-here")
    house.office.mailbox.refused["robin@keller.example"] = "550 no such user"
    result = house.run("nightly", "--log-format", "json")
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    told = [line for line in lines if line["event"] == "told_of_failure"]
    assert told[0]["problem"] == "on_failure_command: `no-such-command-here` is not installed"


def test_a_page_whose_folder_could_not_be_synced(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is whole: it counts as made, with a problem, and the next night knows it as its own."""
    sync, day = atomic.sync_folder, house.root / "briefings" / "2026-11-23"

    def fail(folder: Path) -> None:
        sync(folder)
        if folder == day and not (day / "report.json").exists():
            raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(atomic, "sync_folder", fail)
        report = house.night()
    assert {brief["state"] for brief in report["briefs"]} == {"written"}
    said = "written, but a power cut may undo it: Input/output error"
    assert [problem["message"] for problem in report["problems"]][:1] == [said]
    house.calendar(event("a", "20261123T100000"), event("b", "20261123T150000", title="Lunch"))
    house.night(LATER)
    assert not any("yours" in name for name in house.files())
