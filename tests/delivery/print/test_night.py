"""A whole night with packet and print, and what becomes of old days."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from briefgen.cli import main
from briefgen.delivery.folder import WrittenFile, hash_of, open_day
from briefgen.night.steps import days_to_remove, remove_day
from briefgen.page.workers import Failure
from briefgen.workspace.folder import Workspace

from .conftest import Cups
from .test_print_command import EVENING, MORNING, SETTINGS, feed

NIGHT = """\
nightly: {email: false, print: true, days_ahead: 1}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with two meetings tomorrow."""
    root = tmp_path / "my work"
    (root / "data" / "contacts").mkdir(parents=True)
    (root / "briefgen.yaml").write_text(SETTINGS + NIGHT)
    (root / "data" / "calendar.ics").write_text(feed(MORNING, EVENING))
    (root / "data" / "contacts" / "dana.yaml").write_text(
        "name: Dana Smith\nemails: [dana@acme.example]\nbirthday: 11-25\n"
    )
    return Workspace(root=root)


def night(workspace: Workspace, *options: str, as_of: str = "2026-11-22T22:10") -> Result:
    """`briefgen nightly` at a time."""
    where = ["-w", str(workspace.root), "--as-of", as_of, "--json"]
    return CliRunner().invoke(main, ["nightly", *where, *options])


def prints(result: Result) -> list[str]:
    """The states of the print jobs in a night's report."""
    deliveries = json.loads(result.stdout)["deliveries"]
    return [one["state"] for one in deliveries if one["channel"] == "print"]


def test_a_night_makes_the_packet_and_prints_it_once(cups: Cups, workspace: Workspace) -> None:
    """Of tomorrow; of today, which has nothing ahead, there is none."""
    planned = night(workspace, "--dry-run")
    assert planned.exit_code == 0, planned.output
    assert "briefings/2026-11-23/packet.pdf" in planned.stderr
    first = night(workspace)
    assert first.exit_code == 0, first.stderr
    assert prints(first) == ["sent"]
    assert len(PdfReader(io.BytesIO(cups.printed())).pages) >= 5
    packet = workspace.briefings / "2026-11-23" / "packet.pdf"
    before = packet.stat().st_mtime_ns
    assert not (workspace.briefings / "2026-11-22" / "packet.pdf").exists()
    cups.paper.unlink()
    second = night(workspace, as_of="2026-11-22T22:25")
    assert second.exit_code == 0, second.stderr
    assert packet.stat().st_mtime_ns == before
    assert prints(second) == ["sent"]
    assert not cups.paper.exists()
    (workspace.root / "data" / "calendar.ics").unlink()
    assert night(workspace, as_of="2026-11-22T22:40").exit_code != 0
    assert packet.exists()


def test_a_packet_that_could_not_be_made_is_not_printed(
    cups: Cups, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one before it is no paper for now, and the next night prints what is right."""
    settings = workspace.root / "briefgen.yaml"
    settings.write_text(SETTINGS + NIGHT.replace("print: true", "print: false"))
    night(workspace)
    settings.write_text(SETTINGS + NIGHT)
    calendar = workspace.root / "data" / "calendar.ics"
    calendar.write_text(calendar.read_text().replace("Morning", "Changed"))
    with monkeypatch.context() as broken:
        broken.setattr(
            "briefgen.day.pack.make_alone",
            lambda *_, **__: Failure(kind="error", reason="no room"),
        )
        assert night(workspace, as_of="2026-11-22T22:25").exit_code == 3
    assert not cups.paper.exists()
    assert night(workspace, as_of="2026-11-22T22:40").exit_code == 0
    assert any("Changed" in p.extract_text() for p in PdfReader(io.BytesIO(cups.printed())).pages)


def test_a_night_without_a_packet_prints_the_briefs(cups: Cups, workspace: Workspace) -> None:
    """As one job, in order of time; once."""
    text = SETTINGS + NIGHT.replace("print: true", "print: true, packet: false")
    (workspace.root / "briefgen.yaml").write_text(text)
    assert prints(night(workspace)) == ["sent"]
    assert not (workspace.briefings / "2026-11-23" / "packet.pdf").exists()
    text = PdfReader(io.BytesIO(cups.printed())).pages[0].extract_text()
    assert "Morning review" in text or "Evening review" in text
    assert prints(night(workspace)) == ["sent"]


def test_a_night_that_cannot_print_is_status_3_and_says_why(
    no_cups: Path, workspace: Workspace
) -> None:
    """The briefs and the packet are there all the same."""
    result = night(workspace)
    assert result.exit_code == 3
    assert prints(result) == ["failed"]
    assert "lp" in result.stderr
    assert (workspace.briefings / "2026-11-23" / "packet.pdf").exists()


def old_day(workspace: Workspace, day: date) -> Path:
    """A day's folder as briefgen wrote it."""
    folder = open_day(workspace, day)
    content = b"%PDF-1.7 old"
    folder.write({"0900-a.pdf": (WrittenFile(fingerprint="x", hashes=()), content)})
    path = folder.path / "0900-a.pdf"
    known = WrittenFile(fingerprint="x", hashes=(str(hash_of(path)),))
    folder.write({"0900-a.pdf": (known, content)})
    report = {"as_of": "", "window": {}, "briefs": [], "skipped": [], "problems": []}
    (folder.path / "report.json").write_text(json.dumps(report))
    return folder.path


def test_old_days_go_and_only_what_briefgen_wrote(tmp_path: Path) -> None:
    """A day whose time is over goes whole; a stranger's or changed file stays, with its folder."""
    workspace = Workspace(root=tmp_path)
    days = [date(2026, 8, day) for day in (1, 2, 3, 24)]
    gone, changed, strange, kept = (old_day(workspace, day) for day in days)
    (changed / "0900-a.pdf").write_bytes(b"%PDF-1.7 my notes are in here")
    (strange / "notes.txt").write_text("mine")
    (workspace.briefings / "2026-07-01").mkdir()
    (workspace.briefings / "2026-07-01" / "0900-b.pdf").write_bytes(b"who knows")
    today = date(2026, 11, 22)
    old = days_to_remove(workspace, today, keep_days=90)
    assert old == tuple(days[:3])
    assert [remove_day(workspace, day) for day in old] == [(), ("0900-a.pdf",), ("notes.txt",)]
    assert not gone.exists()
    assert (changed / "0900-a.pdf").exists()
    assert [path.name for path in strange.iterdir()] == ["notes.txt"]
    assert (kept / "0900-a.pdf").exists()
    assert (workspace.briefings / "2026-07-01" / "0900-b.pdf").exists()
    assert days_to_remove(workspace, today, keep_days=90) == ()
    assert days_to_remove(workspace, date(2030, 1, 1), keep_days=0) == ()


def test_a_night_removes_old_days(workspace: Workspace) -> None:
    """As long as `keep.briefings_days` says, and no longer."""
    text = SETTINGS + "nightly: {email: false, packet: false}\nkeep: {briefings_days: 10}\n"
    (workspace.root / "briefgen.yaml").write_text(text)
    (workspace.root / "data" / "calendar.ics").write_text(feed())
    gone = old_day(workspace, date(2026, 11, 11))
    kept = old_day(workspace, date(2026, 11, 12))
    assert night(workspace).exit_code == 0
    assert not gone.exists()
    assert kept.exists()
