"""The PDF as a document: accessible, described, linked, and the same for the same input."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import page as validation
import pytest
from geometry import one_page
from handmade import brief_of, face, line
from icalendar import Calendar
from pypdf import PdfReader

from briefgen.brief.brief import Brief
from briefgen.page.look import Look
from briefgen.page.make import make_page, plain_page
from briefgen.page.plan import fingerprint
from briefgen.workspace.language import language_of

FULL: dict[str, Any] = {
    "place": "Harbour Road 12, Newark",
    "join_link": "https://meet.example/abc?pwd=1",
    "stamp": "20261101T080000Z",
    "faces": (
        face("Dana Smith", email="dana@acme.example", telephone="+1 (555) 0100"),
        face("Lee Wong"),
    ),
    "lines": (
        line("agenda", "Where the booking screen stands", label="1."),
        line("promises", "send the draft", label="3 days late", mark="overdue"),
        line("history", "Talked it through.", label="2 Nov", channel="call", note="calm"),
        line("repair", "An apology is owed.", mark="apology"),
    ),
}


def links_of(pdf: bytes) -> list[str]:
    """The addresses the page links to."""
    annotations = PdfReader(BytesIO(pdf)).pages[0].get("/Annots", [])
    return [str(one.get_object()["/A"]["/URI"]) for one in annotations]


@pytest.mark.parametrize(
    "brief",
    [brief_of(**FULL), brief_of(), brief_of(**{**FULL, "edition": "table"})],
    ids=["full", "short", "table"],
)
@pytest.mark.parametrize("locale", ["en_GB", "ar"])
def test_accessible(brief: Brief, locale: str, look: Look) -> None:
    """Each page meets every rule of PDF/UA-1 that a machine can check."""
    made = make_page(brief, look.replace(language=language_of(locale)))
    profile = validation.ValidationProfile.PDF_UA_1
    report = validation.validate_pdf_bytes(made.pdf, profile=profile)
    assert [failure.message for failure in report.failures] == []


def test_plain_page_is_accessible(look: Look) -> None:
    """So does the text-only page, which says why it is there."""
    made = plain_page(brief_of(**FULL), look, reason="The page could not be typeset.")
    profile = validation.ValidationProfile.PDF_UA_1
    assert validation.validate_pdf_bytes(made.pdf, profile=profile).is_compliant
    assert "could not be typeset" in PdfReader(BytesIO(made.pdf)).pages[0].extract_text()


def test_metadata(look: Look) -> None:
    """Title, author, language and the meeting's time are in the metadata; no date of making is."""
    reader = PdfReader(BytesIO(make_page(brief_of(**FULL), look).pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "Q4 service review"
    assert reader.metadata.author == "Robin Keller"
    assert reader.metadata.subject == "Monday 23 November 2026, 10:00–11:00"
    assert reader.metadata.creation_date is None
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


def test_links(look: Look) -> None:
    """Join link, map, mail and telephone work; each is one link."""
    assert sorted(links_of(make_page(brief_of(**FULL), look).pdf)) == [
        "https://meet.example/abc?pwd=1",
        "https://www.openstreetmap.org/search?query=Harbour%20Road%2012%2C%20Newark",
        "mailto:dana@acme.example",
        "tel:+15550100",
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/", "https:", "x y"]
)
def test_no_other_links(address: str, look: Look) -> None:
    """What is not http(s) is no link."""
    assert links_of(make_page(brief_of(join_link=address), look).pdf) == []


def test_markup_in_an_invitation_is_text(look: Look) -> None:
    """Markup that a stranger writes into an invitation is printed, not obeyed."""
    evil = '<link rel=attachment href="file:///etc/passwd"><img src="http://a.example/x.png">'
    made = make_page(brief_of(title=evil, place=evil, lines=(line("agenda", evil),)), look)
    reader = PdfReader(BytesIO(made.pdf))
    assert list(reader.attachments) == ["meeting.ics"]
    assert "etc/passwd" in reader.pages[0].extract_text().replace("\n", "")


def test_the_meeting_is_attached(look: Look) -> None:
    """The full edition carries the meeting as .ics, with the feed's own DTSTAMP."""
    brief = brief_of(**FULL, recurrence_id="2026-11-23T09:00:00Z")
    (content,) = PdfReader(BytesIO(make_page(brief, look).pdf)).attachments["meeting.ics"]
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["UID"] == "abc@calendar.example"
    assert event["DTSTAMP"].dt == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert event["DTSTART"].dt == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert event["RECURRENCE-ID"].dt == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert event["LOCATION"] == "Harbour Road 12, Newark"


def test_nothing_is_attached_to_the_table_edition(look: Look) -> None:
    """The table edition carries no file."""
    made = make_page(brief_of(**{**FULL, "edition": "table"}), look)
    assert not list(PdfReader(BytesIO(made.pdf)).attachments)


def test_same_input_same_bytes(look: Look) -> None:
    """The same brief and look make the same bytes, and the same fingerprint."""
    brief = brief_of(**FULL)
    assert make_page(brief, look).pdf == make_page(brief, look).pdf
    assert fingerprint(brief, look) == fingerprint(brief_of(**FULL), look)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Q4 service reviews"},
        {"end": brief_of().end + timedelta(minutes=15)},
        {"lines": ()},
        {"code": "K7Q5"},
    ],
)
def test_a_change_changes_the_fingerprint(change: dict[str, Any], look: Look) -> None:
    """Whatever is printed decides the fingerprint."""
    brief = brief_of(**FULL)
    assert fingerprint(brief.replace(**change), look) != fingerprint(brief, look)


def test_calendar_as_of(look: Look) -> None:
    """The age of the calendar is on the page only where a last good copy had to serve."""
    old = brief_of(calendar_as_of=brief_of().start - timedelta(hours=12))
    assert "calendar as of 22 Nov, 22:00" in _text(make_page(old, look).pdf)
    assert "calendar as of" not in _text(make_page(brief_of(), look).pdf)


@pytest.mark.parametrize("color", [True, False])
def test_contrast(look: Look, *, color: bool) -> None:
    """Every word is at least 7 to 1 dark against the white of the paper, and black in grey."""
    found = set()
    for char in one_page(make_page(brief_of(**FULL), look.replace(color=color)).pdf).chars:
        red, green, blue = (char["non_stroking_color"] * 3)[:3]
        light = 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)
        assert 1.05 / (light + 0.05) >= 7
        if not red == green == blue:
            found.add(char["fontname"].rpartition("-")[2])
    assert found == ({"Bold"} if color else set())


def test_type_is_no_smaller_than_eight_and_a_half_points(look: Look) -> None:
    """No word is set smaller than 8.5 points, however full the page is."""
    lines = tuple(line("history", f"{n} talked it through " * 5, note="calm") for n in range(60))
    made = make_page(brief_of(**{**FULL, "lines": lines}), look)
    sizes = {round(char["size"], 1) for char in one_page(made.pdf).chars if char["text"].strip()}
    assert min(sizes) >= 8.5


def _text(pdf: bytes) -> str:
    return " ".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
