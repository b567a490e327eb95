"""What stands between two texts on a page is a sign of the language, not of the template."""

from pathlib import Path

import pytest
from pypdf import PdfReader
from small_workspaces import REVIEW, SETTINGS, Place

DANA = """\
version: 1
name: Dana Smith
emails: [dana.smith@acme.example]
organization: Acme Logistics
title: VP Operations
decides: true
"""


@pytest.mark.parametrize(
    ("locale", "said"), [("ja_JP", "Logistics、決定権あり"), ("fr_FR", "Logistics ; décisionnaire")]
)
def test_a_role_and_the_say_in_it(tmp_path: Path, locale: str, said: str) -> None:
    """After the role comes `、` in Japanese, and a semicolon with a blank before it in French."""
    place = Place(tmp_path / "w")
    settings = "".join(
        line for line in SETTINGS.splitlines(keepends=True) if not line.startswith("locale:")
    )
    place.write("briefgen.yaml", f"{settings}locale: {locale}\n")
    place.write("data/contacts/dana-smith.yaml", DANA)
    place.feed(REVIEW)
    place.call("run", "--date", "2026-11-23")
    (pdf,) = (place.root / "briefings" / "2026-11-23").glob("*.pdf")
    words = " ".join(PdfReader(pdf).pages[0].extract_text().split())
    assert said in words.replace("、 ", "、")


def test_a_month_keeps_the_point_of_its_abbreviation(tmp_path: Path) -> None:
    """The date of an interaction is `5 oct.` in French, with its full stop."""
    place = Place(tmp_path / "w")
    settings = "".join(
        line for line in SETTINGS.splitlines(keepends=True) if not line.startswith("locale:")
    )
    place.write("briefgen.yaml", f"{settings}locale: fr_FR\n")
    talk = "interactions:\n  - {date: 2026-10-05, channel: call, summary: Went through the plan}\n"
    place.write("data/contacts/dana-smith.yaml", DANA + talk)
    place.feed(REVIEW)
    place.call("run", "--date", "2026-11-23")
    (pdf,) = (place.root / "briefings" / "2026-11-23").glob("*.pdf")
    words = " ".join(PdfReader(pdf).pages[0].extract_text().split())
    assert "5 oct. appel" in words
