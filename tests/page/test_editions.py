"""The table edition: nothing private of a contact's file is anywhere in its PDF."""

import json
import re
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader
from small_workspaces import REVIEW, SETTINGS, Place

PRIVATE = """\
version: 1
name: Dana Smith
pronouns: zz01/zz01
emails: [dana.smith@acme.example, zz02@acme.example]
aliases: [zz03]
organization: Acme Logistics
past_organizations: [zz04]
title: VP Operations
decides: true
telephones: ["+99 0505050505"]
timezone: Pacific/Marquesas
photo: photos/zz06.jpg
birthday: 11-26
relationship:
  status: strained
  since: 2026-09-01
  reason: zz07
  apology_owed: true
  visibility: private
situation:
  current_state: zz08
  already_have: zz09
  desired_outcome: zz10
  as_of: 2026-08-14
agreed: [zz11]
parked: [zz12]
concerns: [{date: 2026-09-01, text: zz13}]
approaches: [{date: 2026-06-10, tried: zz14, landed: badly zz15}]
interests: [zz16]
life_events: [{date: 2022-09, note: zz17, expect: {after: 4y, note: zz18}}]
promises:
  - {by: me, text: zz19, made: 2026-11-02, due: 2026-11-20}
  - {by: them, text: zz20, made: 2026-11-02, due: 2026-11-27}
talking_points: [zz21]
to_share: [{text: zz22, url: "https://zz23.example/", fits: zz16}]
interactions:
  - {date: 2026-11-02, channel: call, summary: zz24, words: zz25, signals: [frustrated, zz26],
     needs: zz27, needs_met: partly, unsaid: zz28, stance: listen,
     reflection: {needs_answered: yes, help_answered: partly, adjust: zz29}}
  - {date: 2026-10-12, channel: email, summary: zz30, signals: [angry]}
  - {date: 2026-09-12, channel: visit, summary: zz31, signals: [quiet]}
notes: zz32
"""
TELLTALE = (
    "strained",
    "apology",
    "overdue",
    "frustrated",
    "angry",
    "0505050505",
    "decides",
    ".yaml",
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workspace whose contact has a marked word in every field."""
    made = Place(tmp_path / "w")
    made.write("briefgen.yaml", SETTINGS)
    made.write("data/contacts/dana-smith.yaml", PRIVATE)
    made.feed(REVIEW)
    return made


def everything_in(pdf: Path) -> str:
    """Every text a PDF holds: pages, metadata, outlines, alternatives, attachments, raw bytes."""
    reader = PdfReader(pdf)
    found = [page.extract_text() for page in reader.pages]
    found += [str(reader.metadata), str(reader.outline), str(reader.named_destinations)]
    found += [str(content) for content in reader.attachments.items()]
    with pikepdf.open(pdf) as document:
        for thing in document.objects:
            found.append(repr(thing))
            found += [str(text) for text in _strings(thing)]
            if isinstance(thing, pikepdf.Stream):
                found.append(thing.read_bytes().decode("latin-1"))
    found.append(pdf.read_bytes().decode("latin-1"))
    return "\n".join(found).casefold()


def _strings(thing: object, depth: int = 0) -> list[str]:
    if isinstance(thing, pikepdf.String):
        return [str(thing)]
    if depth > 3:
        return []
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return [text for _, value in thing.items() for text in _strings(value, depth + 1)]
    if isinstance(thing, pikepdf.Array):
        return [text for value in thing for text in _strings(value, depth + 1)]
    return []


def written(place: Place, edition: str) -> Path:
    """The one brief of Monday in an edition."""
    place.call("run", "--date", "2026-11-23", "--edition", edition)
    (pdf,) = (place.root / "briefings" / "2026-11-23").glob("*.pdf")
    return pdf


def test_the_report_keeps_the_other_edition(place: Place) -> None:
    """The full brief that lies beside a sheet for the table is mentioned in the day's report."""
    written(place, "full")
    place.call("run", "--date", "2026-11-23", "--edition", "table")
    folder = place.root / "briefings" / "2026-11-23"
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))["briefs"]
    assert sorted(one["edition"] for one in told) == ["full", "table"]
    assert all((place.root / one["path"]).exists() for one in told)


def test_nothing_private_is_in_the_table_edition(place: Place) -> None:
    """No marked word is found in text, metadata, outlines, attachments, alternatives or bytes."""
    found = everything_in(written(place, "table"))
    assert not set(re.findall(r"zz[0-9][0-9]", found))
    assert [word for word in TELLTALE if word in found] == []
    assert "dana smith" in found
    assert "what do you need from us?" in found
    assert "begin:vcalendar" not in found


def test_the_search_would_find_it(place: Place) -> None:
    """The same search finds many of the marked words in the full edition."""
    found = everything_in(written(place, "full"))
    assert len(set(re.findall(r"zz[0-9][0-9]", found))) > 12
    assert "begin:vcalendar" in found


def test_marked_print_is_printed(place: Place) -> None:
    """What the user marks `visibility: print` is on the table edition."""
    text = PRIVATE.replace("agreed: [zz11]", "agreed: [{text: zz11, visibility: print}]")
    place.write("data/contacts/dana-smith.yaml", text)
    assert set(re.findall(r"zz[0-9][0-9]", everything_in(written(place, "table")))) == {"zz11"}


def test_what_is_agreed_is_told_without_advice(place: Place) -> None:
    """On the table stands what is agreed, and no word to the user about what to begin with."""
    place.write(
        "data/contacts/dana-smith.yaml",
        "version: 1\nname: Dana Smith\nemails: [dana.smith@acme.example]\n"
        "relationship: {status: strained, since: 2026-09-01, reason: the go-live}\n"
        "agreed:\n  - {text: phase one is done in March, visibility: print}\n",
    )
    found = everything_in(written(place, "table"))
    assert "phase one is done in march" in found
    assert "begin with" not in found
