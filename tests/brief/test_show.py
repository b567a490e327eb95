"""`briefgen show`: the same brief in four shapes, why each line is there, and what is hidden."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from briefgen.cli import main

SETTINGS = """
version: 1
me: {name: Robin Keller, emails: [robin@keller-advisory.example]}
timezone: Europe/Berlin
feeds: [data/calendar.ics]
"""
DANA = """name: Dana Smith
emails: [dana@acme.example]
avoid: [divorce]
talking_points: [ask about Lisbon, ask about the divorce, "<b>bold</b> & *stars*"]
promises: [{by: me, text: send the draft, made: 2026-11-02, due: 2026-11-20}]
"""
EVENT = """BEGIN:VEVENT\r
UID:{uid}\r
DTSTAMP:20261101T000000Z\r
DTSTART;TZID=Europe/Berlin:{start}\r
DTEND;TZID=Europe/Berlin:{end}\r
SUMMARY:{title}\r
ORGANIZER:mailto:robin@keller-advisory.example\r
ATTENDEE;PARTSTAT=ACCEPTED:mailto:robin@keller-advisory.example\r
{more}END:VEVENT\r
"""
WITH_DANA = "ATTENDEE;CN=Dana Smith;PARTSTAT=ACCEPTED:mailto:dana@acme.example\r\n"


@pytest.fixture
def show(tmp_path: Path) -> Callable[..., Result]:
    """Runs `briefgen show` in a workspace of one contact and three meetings."""
    (tmp_path / "data" / "contacts").mkdir(parents=True)
    (tmp_path / "briefgen.yaml").write_text(SETTINGS)
    (tmp_path / "data" / "contacts" / "dana-smith.yaml").write_text(DANA)
    events = (
        ("a@x.example", "20261123T100000", "20261123T110000", "Q4 Réview", WITH_DANA),
        ("b@x.example", "20261125T100000", "20261125T110000", "Q4 outlook", WITH_DANA),
        ("c@x.example", "20261126T100000", "20261126T110000", "Write up", ""),
        ("d@x.example", "20270326T100000", "20270326T110000", "Far away", WITH_DANA),
    )
    body = "".join(
        EVENT.format(uid=uid, start=start, end=end, title=title, more=more)
        for uid, start, end, title, more in events
    )
    feed = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{body}END:VCALENDAR\r\n"
    (tmp_path / "data" / "calendar.ics").write_text(feed, newline="")

    def run(*arguments: str) -> Result:
        options = ["show", "-w", str(tmp_path), "--as-of", "2026-11-22T20:00", *arguments]
        return CliRunner().invoke(main, options)

    return run


def test_a_meeting_is_found_by_what_people_call_it(show: Callable[..., Result]) -> None:
    """A piece of the title without accents, a UID, a time, a sheet's code."""
    first = show("review")
    assert first.exit_code == 0, first.output
    assert first.stdout.startswith("Q4 Réview\nMonday 23 November 2026, 10:00–11:00\n")
    assert show("a@x.example").stdout == first.stdout
    assert show("2026-11-23T10:00").stdout == first.stdout
    code = json.loads(show("review", "--json").stdout)["code"]
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4,}", code)
    assert show(code.lower()).stdout == first.stdout
    assert show("2027-03-26T10:00").stdout.startswith("Far away")


def test_several_meetings_end_with_status_2_and_the_list(show: Callable[..., Result]) -> None:
    """Each with the time that names it alone; none, and one without a brief, say so."""
    several = show("Q4")
    assert several.exit_code == 2
    assert several.stdout == ""
    assert "2026-11-23T10:00  Q4 Réview" in several.stderr
    assert "2026-11-25T10:00  Q4 outlook" in several.stderr
    assert show("nothing").exit_code == 2
    left_out = show("Write up")
    assert left_out.exit_code == 2
    assert "nobody else is in it" in left_out.stderr


def test_why_gives_rule_rank_file_and_line(show: Callable[..., Result]) -> None:
    """Of what is in the brief, and of what was considered and left out."""
    said = show("review", "--why").stdout
    assert "  Ask about Lisbon\n      written, rank 73, data/contacts/dana-smith.yaml:4" in said
    assert "First  Own up: the draft (3 days late)\n      promise, rank 96, data/co" in said
    assert "left out: avoid (divorce)" in said


def test_what_is_hidden_is_shown_only_on_request(show: Callable[..., Result]) -> None:
    """`--hidden` names the line and the word; nothing else prints it."""
    hidden = show("review", "--hidden").stdout
    assert "Ask about the divorce" in hidden
    assert "hidden by avoid: divorce (it says: divorce)" in hidden
    for shape in ("text", "markdown", "html", "json"):
        assert "divorce" not in show("review", "--format", shape).stdout


def test_every_shape_is_well_formed_and_harmless(show: Callable[..., Result]) -> None:
    """JSON can be read, HTML and Markdown are escaped."""
    brief = json.loads(show("review", "--format", "json").stdout)
    assert brief["start"] == "2026-11-23T10:00:00+01:00"
    assert brief["lines"][0]["source"]["file"]
    assert brief["left_out"] == []
    html = show("review", "--format", "html").stdout
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; *stars*" in html
    assert "<b>" not in html
    markdown = show("review", "--format", "markdown").stdout
    assert r"\<b\>bold\</b\> & \*stars\*" in markdown
    assert "# Q4 Réview" in markdown


def test_the_table_edition_can_be_looked_at(show: Callable[..., Result]) -> None:
    """Nothing private, not even among what was left out."""
    said = show("review", "--edition", "table").stdout
    assert "Dana Smith" in said
    assert "Lisbon" not in said
    assert "draft" not in said


def test_labels_and_lists_keep_the_honorific(tmp_path: Path, show: Callable[..., Result]) -> None:
    """In Japanese a name before a colon, in a heading and in a list is -san."""
    (tmp_path / "briefgen.yaml").write_text(f"{SETTINGS}locale: ja\n")
    lee = "name: Lee Wong\nemails: [lee@acme.example]\ninterests: [sailing]\n"
    (tmp_path / "data" / "contacts" / "lee-wong.yaml").write_text(lee)
    feed = tmp_path / "data" / "calendar.ics"
    both = f"{WITH_DANA}ATTENDEE;CN=Lee Wong;PARTSTAT=ACCEPTED:mailto:lee@acme.example\r\n"
    feed.write_text(feed.read_text().replace(WITH_DANA.replace("\r", ""), both), newline="")
    said = show("Réview").output
    assert "Danaさん\uff1a" in said
    assert "Lee Wongさん" in said
    assert not re.search(r"(Dana|Smith|Lee|Wong)(?![\w@ ]|さん)", said)
