"""What is broken in photos, templates and fonts, as a whole run meets it."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from small_workspaces import AS_OF, DANA, REVIEW, SETTINGS, Place, event

PATIENCE = 100.0


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workspace with Dana on file, a photo she is said to have, and two meetings with her."""
    made = Place(tmp_path / "w")
    made.write("briefgen.yaml", SETTINGS)
    made.write("data/contacts/dana-smith.yaml", DANA + "photo: photos/dana.jpg\n")
    made.feed(REVIEW, event("b@calendar.example", "20261123T140000", "20261123T150000", "Pilot"))
    return made


def problems(place: Place) -> list[tuple[str, int | None, str]]:
    """The problems of a run that wrote both briefs; file, line and message."""
    report = place.report("run", "--force")
    assert [brief["state"] for brief in report["briefs"]] == ["written", "written"]
    assert [brief["pages"] for brief in report["briefs"]] == [1, 1]
    for name in ("1000-q4-service-review.pdf", "1400-pilot.pdf"):
        words = place.pdf(f"briefings/2026-11-23/{name}").pages[0].extract_text()
        assert "What do they need from me?" in words
        assert "Dana Smith" in words
    return [(one["file"], one["line"], one["message"]) for one in report["problems"]]


def test_a_photo_that_is_a_pipe_leaves_both_briefs_written(place: Place) -> None:
    """The problem is at the line of the contact file that names it."""
    (place.root / "data" / "contacts" / "photos").mkdir()
    os.mkfifo(place.root / "data" / "contacts" / "photos" / "dana.jpg")
    ((file, line, message),) = problems(place)
    assert (file, line) == ("data/contacts/dana-smith.yaml", DANA.count("\n") + 1)
    assert "is not a file" in message


def test_a_broken_template_leaves_both_briefs_written(place: Place) -> None:
    """The built-in template makes the pages, and its line is told once."""
    place.write("data/contacts/dana-smith.yaml", DANA)
    place.write("templates/brief.html.j2", "<p>\n{% if %}")
    ((file, line, message),) = problems(place)
    assert (file, line) == ("templates/brief.html.j2", 2)
    assert "built-in" in message


def test_a_name_that_no_font_has_gives_way_to_the_address(place: Place) -> None:
    """On a machine with no fonts of its own, in the report and on the page."""
    fonts = place.write(
        "fonts.conf",
        f'<?xml version="1.0"?><fontconfig><cachedir>{place.root}/fc</cachedir></fontconfig>',
    )
    place.write("data/contacts/dana-smith.yaml", DANA.replace("Dana Smith", "दाना स्मिथ"))
    done = subprocess.run(
        [sys.executable, "-m", "briefgen", "run", "-w", str(place.root), "--as-of", AS_OF],
        env=os.environ | {"FONTCONFIG_FILE": str(fonts)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Devanagari" in done.stderr
    assert "fonts-noto-core" in done.stderr
    path = "briefings/2026-11-23/1000-q4-service-review.pdf"
    shown = place.pdf(path).pages[0].extract_text()
    assert "dana.smith@acme.example" in shown.replace("\n", "")


def test_a_saved_template_makes_the_page_anew(place: Place) -> None:
    """`run --watch` writes the brief again with what was changed, until it is ended."""
    place.write("data/contacts/dana-smith.yaml", DANA)
    path = place.root / "briefings" / "2026-11-23" / "1000-q4-service-review.pdf"
    command = [sys.executable, "-m", "briefgen", "run", "--watch", "-w", str(place.root)]
    watching = subprocess.Popen(
        [*command, "--as-of", AS_OF],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    ending = threading.Timer(PATIENCE, watching.kill)
    ending.start()
    try:
        wait_for(watching, "Ctrl-C")
        before = path.read_bytes()
        place.write("data/contacts/dana-smith.yaml", DANA.replace("Lisbon", "Madrid"))
        wait_for(watching, "changed: data/contacts/dana-smith.yaml")
        wait_for(watching, "briefs written")
        assert path.read_bytes() != before
        words = place.pdf("briefings/2026-11-23/1000-q4-service-review.pdf").pages[0]
        assert "Madrid" in words.extract_text()
    finally:
        ending.cancel()
        watching.kill()
        watching.communicate()


def wait_for(process: "subprocess.Popen[str]", words: str) -> None:
    """Read what a process says until the words come."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return
    pytest.fail(f"it never said '{words}', but: {''.join(said)}")
