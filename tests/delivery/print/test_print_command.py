"""`briefgen print`, and a packet from a workspace to paper."""

import io
import json
import os
import shutil
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from briefgen.cli import main
from briefgen.day.make import plan, write_day
from briefgen.day.pack import PlannedPacket, make_packet_of_day, packet_of_day, print_packet_of_day
from briefgen.day.prepare import Day, prepare
from briefgen.delivery.ledger_file import open_ledger
from briefgen.meetings.meeting import Window
from briefgen.workspace.folder import Workspace, only_run
from briefgen.workspace.settings import read_settings

from .conftest import Cups

BERLIN = ZoneInfo("Europe/Berlin")
AS_OF = datetime(2026, 11, 22, 22, 10, tzinfo=BERLIN)
DAY = date(2026, 11, 23)
SETTINGS = """\
me: {name: Robin Keller, emails: [robin@keller.example], internal_domains: [keller.example]}
timezone: Europe/Berlin
feeds: [data/calendar.ics]
printer: {name: office, sides: two-sided}
"""
EVENT = """\
BEGIN:VEVENT\r
UID:{uid}@x.example\r
DTSTAMP:20261101T000000Z\r
DTSTART;TZID=Europe/Berlin:20261123T{start}00\r
DTEND;TZID=Europe/Berlin:20261123T{end}00\r
SUMMARY:{title}\r
ORGANIZER:mailto:robin@keller.example\r
ATTENDEE:mailto:dana@acme.example\r
END:VEVENT\r
"""


def feed(*events: tuple[str, str, str, str]) -> str:
    """A feed of these events: UID, start, end, title."""
    inner = "".join(EVENT.format(uid=u, start=s, end=e, title=t) for u, s, e, t in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{inner}END:VCALENDAR\r\n"


MORNING = ("a", "0900", "1000", "Morning review")
EVENING = ("b", "1600", "1700", "Evening review")


@pytest.fixture(scope="module")
def once_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two meetings on the day, their briefs and packet written."""
    root = tmp_path_factory.mktemp("made") / "my work"
    (root / "data" / "contacts").mkdir(parents=True)
    (root / "briefgen.yaml").write_text(SETTINGS)
    (root / "data" / "calendar.ics").write_text(feed(MORNING, EVENING))
    (root / "data" / "contacts" / "dana.yaml").write_text(
        "name: Dana Smith\nemails: [dana@acme.example]\nbirthday: 11-25\n"
    )
    assert make(Workspace(root=root))[2] == "written"
    return root


@pytest.fixture
def workspace(once_made: Path, tmp_path: Path) -> Workspace:
    """A copy of that workspace."""
    return Workspace(root=shutil.copytree(once_made, tmp_path / "my work"))


def read_day(workspace: Workspace, as_of: datetime = AS_OF) -> Day:
    """What a run reads of the day."""
    settings, problems = read_settings(workspace.root)
    assert settings is not None, problems
    return prepare(workspace, settings, window=Window.of_days(DAY, 1, BERLIN), as_of=as_of)


def make(workspace: Workspace, as_of: datetime = AS_OF) -> tuple[Day, PlannedPacket, str | None]:
    """Write the day's briefs and its packet, as a night does."""
    day = read_day(workspace, as_of)
    write_day(day, plan(day, "full"), edition="full", partial=False)
    ahead = [one for one in day.chosen if one.meeting.start > as_of]
    over = [one for one in day.chosen if one.meeting.start <= as_of]
    planned = packet_of_day(day, DAY, ahead=ahead, over=over)
    outcome = make_packet_of_day(day, planned)
    return day, planned, outcome.state if outcome else None


def call(workspace: Workspace, *options: str) -> Result:
    """`briefgen print` for the day."""
    where = ["-w", str(workspace.root), "--as-of", AS_OF.isoformat()]
    return CliRunner().invoke(main, ["print", *where, "--date", DAY.isoformat(), *options])


def print_as_night(workspace: Workspace, as_of: datetime = AS_OF) -> str | None:
    """Make the packet and print it as a night does; the job it became, if any."""
    day, planned, _ = make(workspace, as_of)
    with open_ledger(workspace.memory) as ledger:
        delivery = print_packet_of_day(day, planned, ledger=ledger, as_of=as_of)
    return delivery.job if delivery else None


def test_a_packet_is_made_once_and_made_anew_when_something_changes(workspace: Workspace) -> None:
    """Day sheet, back, brief, back, brief; unchanged it is not written again; gone, it goes."""
    packet = workspace.briefings / "2026-11-23" / "packet.pdf"
    pages = [page.extract_text() for page in PdfReader(packet).pages]
    assert len(pages) == 5
    assert "birthday on Wednesday, 25 November" in " ".join(pages[0].split())
    assert "Morning review" in pages[2]
    assert make(workspace)[2] == "unchanged"
    (workspace.root / "data" / "calendar.ics").write_text(feed(MORNING))
    assert make(workspace)[2] == "written"
    moved = feed(MORNING).replace("20261123T", "20261127T")
    (workspace.root / "data" / "calendar.ics").write_text(moved)
    (workspace.contacts / "dana.yaml").write_text("name: Dana Smith\n")
    assert make(workspace)[2] == "removed"
    assert not packet.exists()
    assert make(workspace)[2] is None


def test_the_packet_stays_as_the_day_goes_on(workspace: Workspace) -> None:
    """A meeting that has begun stays in the packet that it was written for."""
    assert make(workspace, datetime(2026, 11, 23, 12, 0, tzinfo=BERLIN))[2] == "unchanged"


def test_a_machine_that_slept_makes_a_packet_of_what_is_ahead(workspace: Workspace) -> None:
    """Nothing was written for the morning's meeting; the packet begins with the evening's."""
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=BERLIN)
    shutil.rmtree(workspace.memory)
    day = read_day(workspace, noon)
    morning, evening = day.chosen
    planned = packet_of_day(day, DAY, ahead=[evening], over=[morning])
    assert planned.contents is not None
    assert [stop.title for stop in planned.contents.sheet.stops] == ["Evening review"]


def test_a_night_prints_the_packet_once(cups: Cups, workspace: Workspace) -> None:
    """A second night finds it printed; only one with another meeting prints it again."""
    assert print_as_night(workspace)
    assert len(PdfReader(io.BytesIO(cups.printed())).pages) >= 5
    assert print_as_night(workspace) is None
    calendar = workspace.root / "data" / "calendar.ics"
    calendar.write_text(feed(MORNING))
    assert print_as_night(workspace) is None
    calendar.write_text(feed(MORNING, ("b", "1700", "1800", "Evening review")))
    assert print_as_night(workspace)


def test_a_day_that_is_over_is_not_printed(cups: Cups, workspace: Workspace) -> None:
    """At night the packet of the day gone by is of no use."""
    late = datetime(2026, 11, 23, 23, 0, tzinfo=BERLIN)
    assert print_as_night(workspace, late) is None


def test_print_prints_the_packet_and_reports_the_job(cups: Cups, workspace: Workspace) -> None:
    """Asked for, it is printed as often as asked; the job is in the report."""
    for _ in range(2):
        result = call(workspace, "--copies", "2", "--json")
        assert result.exit_code == 0, result.stderr
        (delivery,) = json.loads(result.stdout)["deliveries"]
        assert (delivery["channel"], delivery["state"]) == ("print", "sent")
        assert delivery["recipient"] == "office"
    assert len(PdfReader(io.BytesIO(cups.printed())).pages) >= 10


def test_dry_run_shows_the_call_and_prints_nothing(cups: Cups, workspace: Workspace) -> None:
    """The line can be copied into a shell: paths with spaces are quoted."""
    result = call(workspace, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.startswith("lp -d office -t 'briefgen 2026-11-23 packet full ")
    assert "-o sides=two-sided-long-edge -- '" in result.stdout
    assert "my work/briefings/2026-11-23/packet.pdf'" in result.stdout
    assert json.loads(call(workspace, "--dry-run", "--json").stdout)["command"][0] == "lp"
    assert not cups.paper.exists()


def test_without_a_packet_of_that_edition_the_briefs_are_printed(
    cups: Cups, workspace: Workspace
) -> None:
    """In order of time; a packet older than a brief is not printed either."""
    day = read_day(workspace)
    nothing = call(workspace, "--edition", "table")
    assert nothing.exit_code == 1
    assert "briefgen run --date 2026-11-23 --edition table" in nothing.stderr
    write_day(day, plan(day, "table"), edition="table", partial=False)
    result = call(workspace, "--edition", "table", "--dry-run", "--json")
    names = [part.rpartition("/")[2] for part in json.loads(result.stdout)["command"][-2:]]
    assert names == ["0900-morning-review-table.pdf", "1600-evening-review-table.pdf"]
    os.utime(workspace.briefings / "2026-11-23" / "1600-evening-review.pdf")
    result = call(workspace, "--dry-run", "--json")
    names = [part.rpartition("/")[2] for part in json.loads(result.stdout)["command"][-2:]]
    assert names == ["0900-morning-review.pdf", "1600-evening-review.pdf"]


def test_nothing_to_print_is_said_with_what_to_do(workspace: Workspace) -> None:
    """Status 1, and the command that writes it."""
    shutil.rmtree(workspace.memory / "days")
    result = call(workspace)
    assert result.exit_code == 1
    assert "nothing to print in briefings/2026-11-23" in result.stderr


def test_a_printer_that_fails_is_status_3(cups: Cups, workspace: Workspace) -> None:
    """The reason is reported; a run that is at work is 75."""
    (workspace.root / "briefgen.yaml").write_text(SETTINGS.replace("office", "attic"))
    result = call(workspace)
    assert result.exit_code == 3
    assert "printer.name" in result.stderr
    with only_run(workspace):
        assert call(workspace).exit_code == 75
