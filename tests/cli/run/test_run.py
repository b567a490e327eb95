"""`briefgen run`: from contacts and a calendar to one-page PDF briefs."""

import fcntl
import json
import re
import shutil
import stat
from pathlib import Path

import pytest
from small_workspaces import DANA, REVIEW, SETTINGS, Place, event

from briefgen.cli import main

PROMPTS = ("What do they need from me?", "How can I help based on their emotional signals?")


def words(place: Place, path: str) -> str:
    """The text of a brief's page, its white space folded."""
    return " ".join(place.pdf(path).pages[0].extract_text().split())


def test_a_brief_is_one_page_with_what_matters(place: Place) -> None:
    """Title, time, person, agenda, history, talking point and both questions are on one page."""
    report = place.report("run")
    (brief,) = report["briefs"]
    assert brief["state"] == "written"
    assert brief["path"] == "briefings/2026-11-23/1000-q4-service-review.pdf"
    assert len(place.pdf(brief["path"]).pages) == 1
    text = words(place, brief["path"])
    for expected in (
        "Q4 service review",
        "10:00",
        "Dana Smith",
        "Acme Logistics",
        "VP Operations",
        "Where the booking screen stands",
        "Service levels",
        "Went through the missed go-live",
        "Lisbon",
        *PROMPTS,
    ):
        assert expected in text


def test_the_words_of_the_page_can_be_found(place: Place) -> None:
    """Spaces are read back as plain ones, even where the feed writes others."""
    place.feed(REVIEW.replace("Q4 service review", "Q4\u00a0service\u2002review"))
    (brief,) = place.report("run")["briefs"]
    text = place.pdf(brief["path"]).pages[0].extract_text().replace("\n", " ")
    for question in PROMPTS:
        assert question in text
    assert "Acme Logistics" in text


def test_the_report_has_the_agreed_shape(place: Place) -> None:
    """The keys of the JSON document are those that others rely on."""
    report = place.report("run")
    assert set(report) == {"as_of", "window", "briefs", "skipped", "problems", "deliveries"}
    assert report["as_of"] == "2026-11-22T22:10:00+01:00"
    assert report["window"] == {
        "start": "2026-11-23T00:00:00+01:00",
        "end": "2026-11-24T00:00:00+01:00",
    }
    (brief,) = report["briefs"]
    assert {key: brief[key] for key in brief if key not in {"code", "omitted"}} == {
        "uid": "review@calendar.example",
        "recurrence_id": None,
        "start": "2026-11-23T10:00:00+01:00",
        "end": "2026-11-23T11:00:00+01:00",
        "title": "Q4 service review",
        "path": "briefings/2026-11-23/1000-q4-service-review.pdf",
        "pages": 1,
        "edition": "full",
        "state": "written",
        "participants": [
            {"name": "Dana Smith", "email": "dana.smith@acme.example", "contact": "dana-smith"}
        ],
    }
    assert len(brief["code"]) == 4


def test_files_are_for_their_owner_alone(place: Place) -> None:
    """Briefs are 0600 in folders 0700, the memory too."""
    place.call("run")
    for path in [*(place.root / "briefings").rglob("*"), *(place.root / ".briefgen").rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_a_second_run_rewrites_nothing(place: Place) -> None:
    """With nothing changed every brief stays as it is, hours later too."""
    place.call("run")
    path = place.root / "briefings/2026-11-23/1000-q4-service-review.pdf"
    before = path.stat().st_mtime_ns, path.stat().st_ino
    (brief,) = place.report("run", as_of="2026-11-22T23:40")["briefs"]
    assert brief["state"] == "unchanged"
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_a_change_on_file_rewrites_its_brief(place: Place) -> None:
    """A new talking point makes the brief again; `--force` does so without a change."""
    place.call("run")
    place.write("data/contacts/dana-smith.yaml", DANA.replace("Lisbon", "Porto"))
    (brief,) = place.report("run")["briefs"]
    assert brief["state"] == "written"
    assert "Porto" in words(place, brief["path"])
    (brief,) = place.report("run", "--force")["briefs"]
    assert brief["state"] == "written"


def test_a_dry_run_writes_nothing(place: Place) -> None:
    """`--dry-run` says what would be written and leaves the disk as it was."""
    (brief,) = place.report("run", "--dry-run")["briefs"]
    assert brief["state"] == "planned"
    assert not (place.root / "briefings").exists()
    assert not (place.root / ".briefgen/codes.json").exists()


def test_the_last_line_counts(place: Place) -> None:
    """People read at the end what was written, left out, and wrong."""
    lunch = event("l@c.example", "20261123T120000", "20261123T130000", "Team", attendees=())
    place.feed(REVIEW, lunch)
    place.write("data/contacts/x.yaml", "nam: X\n")
    last = place.call("run").stdout.splitlines()[-1]
    assert last.startswith("1 brief written to briefings/2026-11-23, 1 meeting left out, ")
    assert "problem" in last


def test_a_table_edition_has_its_own_file(place: Place) -> None:
    """The edition for the table lies beside the full one, without private lines."""
    place.call("run")
    (brief,) = place.report("run", "--edition", "table")["briefs"]
    assert brief["path"].endswith("/1000-q4-service-review-table.pdf")
    text = words(place, brief["path"])
    assert "Lisbon" not in text
    assert "go-live" not in text
    assert "What do you need from us?" in text
    assert not any(prompt in text for prompt in PROMPTS)
    assert "1000-q4-service-review.pdf" in place.files()


def test_only_leaves_the_rest(place: Place) -> None:
    """`--only` makes one brief and keeps the others' files and their part of the report."""
    other = event("o@c.example", "20261123T140000", "20261123T150000", "Walk through Newark")
    place.feed(REVIEW, other)
    place.call("run")
    report = place.report("run", "--only", "walk", "--force")
    assert [brief["title"] for brief in report["briefs"]] == ["Walk through Newark"]
    assert {"1000-q4-service-review.pdf", "1400-walk-through-newark.pdf"} < set(place.files())
    stored = (place.root / "briefings/2026-11-23/report.json").read_text(encoding="utf-8")
    assert "Q4 service review" in stored


def test_a_moved_meeting_takes_its_brief_along(place: Place) -> None:
    """The brief at the old time goes; a file someone else put there stays."""
    place.call("run")
    mine = place.write("briefings/2026-11-23/my notes.pdf", "mine")
    place.feed(REVIEW.replace("T100000", "T150000").replace("T110000", "T160000"))
    place.call("run")
    assert place.files() == ["1500-q4-service-review.pdf", "my notes.pdf", "report.json"]
    assert mine.read_text() == "mine"


def test_a_brief_that_was_written_on_is_kept(place: Place) -> None:
    """Notes made in the PDF are set aside when the brief is made again, never overwritten."""
    place.call("run")
    path = place.root / "briefings/2026-11-23/1000-q4-service-review.pdf"
    path.write_bytes(path.read_bytes() + b"% my ink\n")
    place.call("run")
    assert path.with_name("1000-q4-service-review.yours-1.pdf").read_bytes().endswith(b"my ink\n")
    assert not path.read_bytes().endswith(b"my ink\n")


def test_nothing_is_removed_when_the_calendar_is_lost(place: Place) -> None:
    """A missing feed file is status 1, and yesterday's briefs stay and are mentioned."""
    place.call("run")
    (place.root / "data/calendar.ics").unlink()
    shutil.rmtree(place.root / ".briefgen/feeds")
    for command in ("run", "nightly"):
        assert place.call(command).exit_code == 1
        assert "1000-q4-service-review.pdf" in place.files()
        day = json.loads((place.root / "briefings/2026-11-23/report.json").read_text())
        assert [brief["title"] for brief in day["briefs"]] == ["Q4 service review"]


def test_without_any_calendar_nothing_can_be_made(place: Place) -> None:
    """A feed that was never there is a problem with its name, and status 1."""
    (place.root / "data/calendar.ics").unlink()
    result = place.call("run", "--json")
    assert result.exit_code == 1
    assert "data/calendar.ics" in result.stdout


def test_a_day_without_meetings_is_no_fault(place: Place) -> None:
    """Nothing to do is done: status 0."""
    result = place.call("run", "--date", "2026-11-29")
    assert result.exit_code == 0
    assert "no meeting needs a brief" in result.stdout


def test_problems_elsewhere_do_not_change_the_status(place: Place) -> None:
    """A broken contact file is reported, and the brief of another is made: status 0."""
    place.write("data/contacts/broken.yaml", "name: [\n")
    result = place.call("run")
    assert result.exit_code == 0
    assert "data/contacts/broken.yaml" in result.stderr


def test_no_workspace_is_wrong_use(tmp_path: Path, place: Place) -> None:
    """Without briefgen.yaml there is nothing to work in: status 2, and how to make one."""
    result = place.runner.invoke(main, ["run", "-w", str(tmp_path / "nowhere")])
    assert result.exit_code == 2
    assert "briefgen init" in result.stderr


def test_unreadable_settings_stop_the_run(place: Place) -> None:
    """A misspelt setting is status 1, with its line and what was meant."""
    place.write("briefgen.yaml", SETTINGS + "pages: {size: A4}\n")
    result = place.call("run")
    assert result.exit_code == 1
    assert "briefgen.yaml:8: pages: unknown field 'pages'; did you mean 'page'?" in result.stderr


def test_a_second_run_at_once_stands_back(place: Place) -> None:
    """While another run holds the lock, this one ends with 75 and writes nothing."""
    memory = place.root / ".briefgen"
    memory.mkdir(mode=0o700)
    with (memory / "lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        result = place.call("run")
    assert result.exit_code == 75
    assert not (place.root / "briefings").exists()


def test_a_meeting_in_no_calendar(place: Place) -> None:
    """`--with` and `--at` make a brief for a call that nobody entered; no later run removes it."""
    report = place.report("run", "--with", "dana-smith", "--at", "2026-11-23T16:30")
    (brief,) = report["briefs"]
    assert brief["title"] == "Meeting with Dana Smith"
    assert brief["start"] == "2026-11-23T16:30:00+01:00"
    assert "Lisbon" in words(place, brief["path"])
    place.call("run")
    assert Path(brief["path"]).name in place.files()
    day = json.loads((place.root / "briefings/2026-11-23/report.json").read_text())
    assert [one["title"] for one in day["briefs"]] == ["Q4 service review", brief["title"]]
    shown = place.call("show", brief["code"])
    assert shown.stdout.startswith("Meeting with Dana Smith\nMonday 23 November 2026, 16:30")


def test_with_names_a_contact_as_every_command_does(place: Place) -> None:
    """A piece of the name that only one has is enough; what is unclear is told, with status 2."""
    for name in ("dana", "Dana Smith", "dana.smith@acme.example", "dana-smith.yaml"):
        report = place.report("run", "--with", name, "--at", "2026-11-23T16:30", "--dry-run")
        assert report["briefs"][0]["title"] == "Meeting with Dana Smith"
    place.write("data/contacts/dan.yaml", "name: Dan Smith\n")
    unclear = place.call("run", "--with", "smith", "--at", "16:30")
    assert unclear.exit_code == 2
    assert "'smith' fits 2 contacts:" in unclear.stderr


def test_the_next_meeting_may_be_running(place: Place) -> None:
    """At ten past ten `--next` gives the meeting that began at ten; later there is none."""
    (brief,) = place.report("run", "--next", as_of="2026-11-23T10:10")["briefs"]
    assert brief["title"] == "Q4 service review"
    assert place.report("run", "--next", as_of="2026-11-23T11:00")["briefs"] == []


def test_an_attendee_without_a_file_is_shown_as_such(place: Place) -> None:
    """Nobody is dropped and nobody is taken for another."""
    stranger = "CN=Dana Smith:mailto:dana.smith@acme.example.evil.example"
    place.feed(
        event("s@c.example", "20261123T100000", "20261123T110000", "Call", attendees=(stranger,))
    )
    (brief,) = place.report("run")["briefs"]
    assert brief["participants"][0]["contact"] is None
    text = words(place, brief["path"])
    assert "no file for" in text
    assert "dana.smith@acme.example.evil.example" in text.replace(" ", "")
    assert "Lisbon" not in text


@pytest.mark.parametrize("title", ["../../etc/passwd", "x" * 300, "🎉🎉", "", "a/b\\, c\\nd"])
def test_any_title_makes_a_file_in_the_folder(place: Place, title: str) -> None:
    """Whatever a title holds, its brief lies in the day's folder and is one page."""
    place.feed(event("t@c.example", "20261123T100000", "20261123T110000", title))
    (brief,) = place.report("run")["briefs"]
    path = Path(brief["path"])
    assert path.parent.as_posix() == "briefings/2026-11-23"
    assert len(place.pdf(brief["path"]).pages) == 1


def test_two_meetings_of_one_minute_and_title(place: Place) -> None:
    """Each has its own file."""
    twin = REVIEW.replace("review@", "twin@").replace(
        "SUMMARY:", "DESCRIPTION:- Prices\r\nSUMMARY:"
    )
    place.feed(REVIEW, twin)
    paths = {brief["path"] for brief in place.report("run")["briefs"]}
    assert len(paths) == 2


def test_a_full_page_is_still_one_page(place: Place) -> None:
    """Sixty interactions and a long agenda: one page, and what is left out is counted on it."""
    entries = "".join(
        f"  - {{date: 2026-{1 + n % 10:02}-{1 + n % 28:02}, summary: 'Talk number {n} about "
        f"the carriers, the screen and the people who key it all in by hand.'}}\n"
        for n in range(60)
    )
    place.write("data/contacts/dana-smith.yaml", DANA + entries)
    (brief,) = place.report("run")["briefs"]
    assert len(place.pdf(brief["path"]).pages) == 1
    assert brief["omitted"]
    assert {"section", "count", "file"} == set(brief["omitted"][0])
    assert re.search(r"\d+ more lines on file: briefgen show ", words(place, brief["path"]))


def test_cancelled_declined_and_internal_meetings_are_left_out(place: Place) -> None:
    """Each with its reason."""
    me = "CN=Robin;PARTSTAT=DECLINED:mailto:ROBIN@keller-advisory.example"
    dana = "CN=Dana Smith:mailto:dana.smith@acme.example"
    noor = "CN=Noor:mailto:noor@keller-advisory.example"
    times = ("20261123T100000", "20261123T110000")
    place.feed(
        event("c@c.example", *times, "Cancelled one", "STATUS:CANCELLED"),
        event("d@c.example", *times, "Declined one", attendees=(me, dana)),
        event("i@c.example", *times, "Internal one", attendees=(noor,)),
        event("p@c.example", *times, "Private one", "CLASS:PRIVATE"),
        event("f@c.example", *times, "Free one", "TRANSP:TRANSPARENT"),
    )
    report = place.report("run")
    assert report["briefs"] == []
    reasons = {skipped["title"]: skipped["reason"] for skipped in report["skipped"]}
    assert set(reasons) == {
        f"{k} one" for k in ("Cancelled", "Declined", "Internal", "Private", "Free")
    }
    assert len(set(reasons.values())) == 5


def test_an_unwritable_folder_is_told_by_its_path(place: Place) -> None:
    """Where a file is in the way of a folder, the problem names it, and the status says so."""
    place.write("briefings", "in the way")
    result = place.call("run")
    assert result.exit_code == 1
    assert "briefings" in result.stderr
