"""Two further inputs of each kind that once fell, beside the tests of that kind.

`tests/hostile_kinds.md` lists the kinds with all their tests.
"""

import io
import json
import os
import sqlite3
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from night_house import CONTACT, LATER, NIGHT, House, event
from PIL import Image, PngImagePlugin
from whole_book import read_book

from briefgen.cli import main
from briefgen.contacts.pictures import small_picture
from briefgen.workspace.folder import Workspace
from briefgen.workspace.secrets import NoSecret, from_command, run_command, without_secrets

REVIEW = event("a", "20261123T100000")


def with_lines(one: str, *lines: str) -> str:
    """An event with more lines."""
    return one.replace("END:VEVENT", "".join(f"{line}\r\n" for line in lines) + "END:VEVENT")


# 1. One invitation makes a thousand briefs.


@pytest.mark.parametrize(
    "flood",
    [
        [with_lines(event("f", "20261123T060000", title="Flood"), "RRULE:FREQ=MINUTELY;COUNT=900")],
        [
            with_lines(
                event("f", f"20261123T{7 + n // 60:02}{n % 60:02}00", title="Flood"),
                f"RECURRENCE-ID:20261123T{7 + n // 60:02}{n % 60:02}00Z",
            )
            for n in range(600)
        ],
    ],
)
def test_a_flood_by_a_rule_or_by_exceptions(house: House, flood: list[str]) -> None:
    """Each minute by a rule, or each as an exception of one UID: twelve, and the honest one."""
    house.calendar(REVIEW, *flood)
    report = json.loads(house.run("list", "--json", "--date", "2026-11-23").stdout)
    titles = [brief["title"] for brief in report["briefs"]]
    assert titles.count("Flood") <= 12
    assert titles.count("Review") == 1
    assert report["problems"]


# 2. Conflict copies.


@pytest.mark.parametrize(
    "name",
    [
        "dana (SFConflict robin@keller.example 2026-11-23-10-10-10).yaml",
        "dana_ROBIN-PC_Nov-23-101010-2026_Conflict.yaml",
    ],
)
def test_copies_of_two_more_sync_tools(house: House, name: str) -> None:
    """Seafile's and Synology's: the plain file is used, and the copy is a warning."""
    (house.root / "data" / "contacts" / name).write_text(CONTACT.replace("Smith", "Smyth"))
    book, problems = read_book(Workspace(root=house.root))
    (found,) = book.by_address("dana@acme.example")
    assert found.contact.name == "Dana Smith"
    assert [problem.severity for problem in problems] == ["warning"]


# 3. A feed that is cut off on the first night.


@pytest.mark.parametrize("left", [b"\r\nEND:VCALEN", b"\r\nBEGIN:VEVENT\r\nSUMMARY:Gr\xc3"])
def test_a_feed_cut_at_two_more_places(house: House, left: bytes) -> None:
    """In its last line, or in the middle of a character: status 3, and what came is briefed."""
    calendar = house.root / "data" / "calendar.ics"
    calendar.write_bytes(calendar.read_bytes().removesuffix(b"\r\nEND:VCALENDAR\r\n") + left)
    report = house.night()
    assert report["status"] == 3
    assert len(report["briefs"]) == 2
    assert any("cut off" in problem["message"] for problem in report["problems"])


# 4. A damaged ledger.


def _anothers_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()


def _without_its_second_half(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("damage", [_anothers_database, _without_its_second_half])
def test_two_more_damaged_ledgers(house: House, damage: Callable[[Path], None]) -> None:
    """Another program's, or half of it: the night makes its briefs and says it once; mail goes."""
    if damage is _without_its_second_half:
        house.night("2026-11-21T22:10")
    (house.root / ".briefgen").mkdir(exist_ok=True)
    damage(house.root / ".briefgen" / "state.sqlite")
    report = house.night()
    assert report["status"] == 3
    assert len(house.files()) == 3
    assert len(house.subjects) == 1
    assert house.night(LATER)["status"] == 0
    assert len(house.subjects) == 1


# 5. Pictures.


def _bomb_of_text() -> bytes:
    made, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 60_000_000, zip=True)
    Image.new("RGB", (8, 8)).save(made, "PNG", pnginfo=info)
    return made.getvalue()


def _many_frames() -> bytes:
    made = io.BytesIO()
    frames = [Image.new("L", (60, 60), n % 256) for n in range(3000)]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    return made.getvalue()


@pytest.mark.parametrize("make", [_bomb_of_text, _many_frames])
def test_two_more_hostile_pictures(make: Callable[[], bytes]) -> None:
    """A PNG with 60 MB of compressed text, and a GIF of 3,000 frames: a moment, and no crash."""
    data = make()
    began = time.process_time()
    assert isinstance(small_picture(data), bytes | str)
    assert time.process_time() - began < 1


# 6. A file that cannot be written.


@pytest.mark.parametrize("name", ["codes.json", "days"])
def test_two_more_places_that_cannot_be_written(house: House, name: str) -> None:
    """Codes as a link to nowhere cost nothing; a file where the records belong is named."""
    memory = house.root / ".briefgen"
    memory.mkdir()
    if name == "days":
        (memory / name).write_text("a file where the folder should be")
    else:
        (memory / name).symlink_to(memory / "nowhere" / "codes.json")
    report = house.night()
    if name == "days":
        assert report["status"] != 0
        assert any(".briefgen/days" in problem["file"] for problem in report["problems"])
        (memory / name).unlink()
        report = house.night(LATER)
    assert report["status"] == 0
    assert len(house.files()) == 3


# 7. Secrets in an encoding.


@pytest.mark.parametrize(
    "said", ["p%c3%a4ss%2fword%20one", "70C3A4 7373 2F776F7264206F6E65".replace(" ", "")]
)
def test_two_more_encodings_of_a_secret(said: str) -> None:
    """Percent signs with small letters, and hexadecimal with large ones."""
    assert without_secrets(f"no: <{said}>", ["päss/word one"]) == "no: <…>"


# 8. What `forget` must find.


def test_a_name_in_two_forms_is_forgotten(house: House) -> None:
    """A log with decomposed accents, and a draft of a reflection: no form of the name is left."""
    contact = house.root / "data" / "contacts" / "jose.yaml"
    contact.write_text("version: 1\nname: José Núñez\nemails: [jose@acme.example]\n")
    memory = house.root / ".briefgen"
    (memory / "drafts").mkdir(parents=True)
    (memory / "drafts" / "2026-11-20-review.yaml").write_text("contact: jose\nsummary: José said\n")
    decomposed = unicodedata.normalize("NFD", "José Núñez")
    (memory / "nightly.log").write_text(f"mailed {decomposed}\nmailed Dana\n")
    line = ["contacts", "forget", "jose", "--yes", "-w", str(house.root)]
    assert CliRunner().invoke(main, line).exit_code == 0
    for path in house.root.rglob("*"):
        if path.is_file() and path.name != "state.sqlite":
            text = unicodedata.normalize("NFC", path.read_text(errors="replace"))
            assert "José" not in text, path


# 9. A copied UID that moves what follows.


@pytest.mark.parametrize(
    ("since", "start"),
    [("19700101T000000Z", "20990101T090000"), ("20261123T090000Z", "19700101T090000")],
)
def test_two_more_sweeps_of_a_copied_uid(house: House, since: str, start: str) -> None:
    """From 1970 on, or back to it: the honest meeting is shown, and a warning."""
    line = f"RECURRENCE-ID;RANGE=THISANDFUTURE:{since}"
    house.calendar(REVIEW, with_lines(event("a", start, title="Stranger"), line))
    report = json.loads(house.run("list", "--json", "--date", "2026-11-23").stdout)
    assert [brief["title"] for brief in report["briefs"]] == ["Review"]
    assert [problem["severity"] for problem in report["problems"]] == ["warning"]


# 10. A pipe or a device in place of a file.


@pytest.mark.parametrize("name", ["data/contacts/lee.yaml", "templates/brief.css", "briefgen.yaml"])
def test_pipes_in_more_places(house: House, name: str) -> None:
    """A contact, a style and the settings themselves: nothing hangs."""
    path = house.root / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    line = [sys.executable, "-m", "briefgen", "list", "-w", str(house.root), "--as-of", NIGHT]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(line, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == (2 if name == "briefgen.yaml" else 0), done.stderr.decode()
    assert b"Traceback" not in done.stderr


# 11. What is left lying.


def test_leftovers_in_the_history_and_a_log_that_is_a_link(house: House) -> None:
    """A half-written version goes; a log that is a link elsewhere is not rotated away."""
    house.night()
    left = house.root / ".briefgen" / "history" / "dana" / ".briefgen-4194305-x.part"
    left.parent.mkdir(parents=True)
    left.write_text(CONTACT)
    os.utime(left, (0, 0))
    outside = house.root.parent / "outside.log"
    outside.write_bytes(b"x" * 6_000_000)
    (house.root / ".briefgen" / "nightly.log").symlink_to(outside)
    assert house.night(LATER)["status"] == 0
    assert not left.exists()
    assert outside.stat().st_size == 6_000_000


# 12. A command that prints for ever, or goes on in silence.


def test_a_command_that_prints_for_ever_after_its_address(tmp_path: Path) -> None:
    """The address is taken from a stream without end; one line without end is refused."""
    endless = "sh -c 'echo https://feed.example; cat /dev/zero'"
    began = time.monotonic()
    found = from_command(endless, setting="url_command", root=tmp_path)
    assert found.text == "https://feed.example"
    with pytest.raises(NoSecret, match="longer than 4096"):
        from_command("cat /dev/zero", setting="url_command", root=tmp_path)
    assert time.monotonic() - began < 20
    assert len(run_command("cat /dev/zero", root=tmp_path).output) == 64 * 1024


# 13. A wrong clock.


@pytest.mark.parametrize("wrong", [("2027-11-21T22:00", "2027-11-22T22:00"), ("2016-01-01T22:00",)])
def test_two_more_wrong_clocks(house: House, wrong: tuple[str, ...]) -> None:
    """Two nights a year ahead, or one ten years back: the day is not mailed again."""
    house.night()
    sent = len(house.subjects)
    for night in wrong:
        house.night(night)
    house.night(LATER)
    assert len(house.subjects) == sent


# 14. Links in templates.


@pytest.mark.parametrize("name", ["brief.css", "signals.yaml"])
def test_two_more_linked_templates(house: House, name: str) -> None:
    """Style and vocabulary: not followed, said by `check`, and the page is made."""
    outside = house.root.parent / name
    outside.write_text("outside")
    (house.root / "templates").mkdir()
    (house.root / "templates" / name).symlink_to(outside)
    assert f"templates/{name}: is a link, which is not followed" in house.run("check").stdout
    assert house.night()["status"] == 0


# 15. Locale and streams.


@pytest.mark.parametrize("variable", ["PYTHONIOENCODING=latin-1", "LC_ALL=xx_YY.EUC-JP"])
def test_two_more_locales(house: House, variable: str) -> None:
    """Latin-1 asked for, or a locale that is not there: names of every script come out."""
    house.calendar(event("a", "20261123T100000", title="Grüne 日本"))
    name, _, value = variable.partition("=")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), name: value}
    line = [sys.executable, "-m", "briefgen", "list", "-w", str(house.root), "--as-of", NIGHT]
    done = subprocess.run(line, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert "Grüne 日本".encode() in done.stdout


# 16. Answers of servers, tables that are none.


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256))])
def test_tables_that_are_none_are_refused_in_json(
    house: House, tmp_path: Path, content: bytes
) -> None:
    """An empty file, and a picture by the name of a table: one JSON document, and a status."""
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    line = ["contacts", "import", str(path), "--json", "-w", str(house.root)]
    done = CliRunner().invoke(main, line)
    assert done.exit_code != 0
    json.loads(done.stdout)
