"""The packet, read back from its PDF."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import page as pdf_rules
import pdfplumber
import pytest
from handmade import START, brief_of, face, look_of
from pypdf import PdfReader
from whole_book import WholeBook

from briefgen.brief.brief import Brief, Source
from briefgen.brief.day import DaySheet, Remark, compose_day
from briefgen.page.packet import MadePacket, PacketContents, make_packet
from briefgen.page.plan import packet_fingerprint
from briefgen.workspace.language import language_of

HOUR = timedelta(hours=1)
DAY = date(2026, 11, 23)
ENGLISH = language_of("en_GB")


def meetings(count: int) -> tuple[Brief, ...]:
    """So many briefs of the day, one each hour and a quarter."""
    return tuple(
        brief_of(
            uid=str(at),
            start=START - 2 * HOUR + at * 1.25 * HOUR / (1 if count < 9 else 3),
            end=START - HOUR + at * 1.25 * HOUR / (1 if count < 9 else 3),
            title=f"Meeting number {at}",
            place=f"House {at}",
            code=f"K{at:03}",
            faces=(face(f"Person Number{at}"),),
        )
        for at in range(count)
    )


def sheet_of(briefs: tuple[Brief, ...]) -> DaySheet:
    """The day's sheet."""
    return compose_day(DAY, briefs, book=WholeBook(), language=ENGLISH)


def read(made: MadePacket) -> PdfReader:
    """The packet as a reader of PDF sees it."""
    return PdfReader(BytesIO(made.pdf))


def texts(made: MadePacket) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in read(made).pages]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty workspace."""
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def made(folder: Path) -> MadePacket:
    """A packet of three meetings for a printer that prints both sides."""
    briefs = meetings(3)
    contents = PacketContents(sheet=sheet_of(briefs), briefs=briefs, two_sided=True)
    return make_packet(contents, look_of(folder))


def test_each_brief_starts_on_a_right_hand_page(made: MadePacket) -> None:
    """The day sheet and its empty back, then each brief on a front, with an empty back between."""
    found = texts(made)
    assert len(found) == made.pages == 7
    assert "3 meetings, the first at 08:00" in found[0]
    for at in range(3):
        assert f"Meeting number {at}" in found[2 * at + 2]
        assert "What do they need from me?" in found[2 * at + 2]
    assert all(not found[back].strip() for back in (1, 3, 5))


def test_it_is_one_tagged_document(made: MadePacket) -> None:
    """One structure tree holds the day sheet and every brief in the order of the pages."""
    root = read(made).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    tree = root["/StructTreeRoot"]
    numbers = tree["/ParentTree"]["/Nums"]
    assert [one for one in numbers[::2] if one < 7] == list(range(7))
    assert root["/Lang"]


def test_it_follows_the_rules_of_accessible_documents(made: MadePacket) -> None:
    """PDF/UA-1, by a checker that is not ours."""
    report = pdf_rules.validate_pdf_bytes(made.pdf, profile="ua1")
    assert report.is_compliant, [failure.message for failure in report.failures]


def test_bookmarks_and_labels_lead_through_the_day(made: MadePacket) -> None:
    """One bookmark for each part, at its page; a viewer shows the time in place of a number."""
    reader = read(made)
    outline = [(one.title, reader.get_destination_page_number(one)) for one in reader.outline]
    assert outline == [
        ("Monday 23 November 2026", 0),
        ("08:00 Meeting number 0", 2),
        ("09:15 Meeting number 1", 4),
        ("10:30 Meeting number 2", 6),
    ]
    assert [reader.page_labels[at] for at in (0, 2, 4, 6)] == [
        "Monday 23 November 2026",
        *("08:00", "09:15", "10:30"),
    ]
    assert reader.metadata is not None
    assert reader.metadata.title == "Day sheet, Monday 23 November 2026"


def test_every_page_has_the_same_paper(made: MadePacket) -> None:
    """Blank pages too, so that no printer stops for other paper."""
    sizes = {tuple(map(float, page.mediabox[2:])) for page in read(made).pages}
    assert len(sizes) == 1


def test_equal_input_gives_equal_bytes(folder: Path, made: MadePacket) -> None:
    """What has not changed is not written again; made again, it is the same to the byte."""
    briefs = meetings(3)
    contents = PacketContents(sheet=sheet_of(briefs), briefs=briefs, two_sided=True)
    assert make_packet(contents, look_of(folder)).pdf == made.pdf


def test_one_sided_has_no_blank_page(folder: Path) -> None:
    """Sheet after sheet."""
    briefs = meetings(2)
    made = make_packet(PacketContents(sheet=sheet_of(briefs), briefs=briefs), look_of(folder))
    assert len([text for text in texts(made) if text.strip()]) == made.pages == 3


def test_the_day_sheet_shows_the_day(made: MadePacket) -> None:
    """Times, titles, places, names, what lies between, in the order of time."""
    text = " ".join(texts(made)[0].split())
    assert "3 meetings, the first at 08:00" in text
    order = ["08:00–09:00", "Meeting number 0", "House 0", "09:15", "Meeting number 1"]
    places = [text.index(one) for one in [*order, "15 minutes to get from House 0 to House 1"]]
    assert places == sorted(places)


def test_a_day_without_meetings_has_a_sheet_of_its_own(folder: Path) -> None:
    """Birthdays and promises do not wait for meetings."""
    source = Source(file="data/contacts/ann.yaml", line=2)
    sheet = DaySheet(
        day=DAY,
        edition="full",
        heading=ENGLISH.long_date(DAY),
        birthdays=(Remark(who="Ann", text="birthday today", source=source),),
    )
    made = make_packet(PacketContents(sheet=sheet, briefs=()), look_of(folder))
    (text,) = texts(made)
    assert "No meetings" in text
    assert "birthday today" in text


def test_a_very_full_day_runs_on_and_the_briefs_stay_one_page_each(folder: Path) -> None:
    """Thirty meetings and everything to remember: nothing is lost, nothing lies off the paper."""
    briefs = meetings(30)
    source = Source(file="data/contacts/ann.yaml", line=2)
    remarks = tuple(
        Remark(
            who=f"Ann Number {at} of a Long Name",
            text="the letter about everything that we still have to say to one another",
            note="due Monday, 23 November",
            source=source,
        )
        for at in range(20)
    )
    base = sheet_of(briefs)
    sheet = DaySheet(
        day=DAY,
        edition="full",
        heading=base.heading,
        stops=base.stops,
        faces=base.faces,
        mine=remarks[:8],
        birthdays=remarks[:6],
        shares=remarks[:3],
    )
    contents = PacketContents(sheet=sheet, briefs=briefs[:2], two_sided=True)
    made = make_packet(contents, look_of(folder))
    found = texts(made)
    first = next(at for at, text in enumerate(found) if "What do they need from me?" in text)
    assert first >= 2
    assert first % 2 == 0
    assert made.pages == first + 3
    everything = " ".join(" ".join(found[:first]).split())
    assert all(f"Meeting number {at}" in everything for at in range(30))
    assert everything.count("everything that we still have to say") == 17
    with pdfplumber.open(BytesIO(made.pdf)) as pdf:
        for page in pdf.pages[:first]:
            assert all(word["bottom"] < page.height - 20 for word in page.extract_words())
            assert all(word["x1"] < page.width - 20 for word in page.extract_words())


def test_a_brief_that_cannot_be_typeset_is_there_as_text(folder: Path) -> None:
    """It says why, and still has time, people and both questions."""
    briefs = meetings(2)
    contents = PacketContents(
        sheet=sheet_of(briefs), briefs=briefs, plain={1: "Typesetting took longer than 20 seconds."}
    )
    made = make_packet(contents, look_of(folder))
    text = " ".join(texts(made)[2].split())
    for said in ("took longer than 20 seconds", "Meeting number 1", "Person Number1", "09:15"):
        assert said in text
    assert "What do they need from me?" in text
    assert "How can I help based on their emotional signals?" in text
    assert made.pages == 3


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_of_much_to_remember_what_does_not_fit_is_counted(folder: Path, size: str) -> None:
    """The sheet stays one page; my promises that are late are all on it."""
    briefs = meetings(4)
    source = Source(file="data/contacts/ann.yaml", line=2)
    remarks = tuple(
        Remark(who=f"Ann {at}", text="the letter about everything " * 3, note="late", source=source)
        for at in range(8)
    )
    sheet = sheet_of(briefs).replace(
        mine=tuple(one.replace(mark="overdue") for one in remarks[:5]),
        theirs=remarks[5:],
        birthdays=remarks[:6],
        shares=remarks[:3],
    )
    made = make_packet(PacketContents(sheet=sheet, briefs=()), look_of(folder, size=size))
    (text,) = texts(made)
    words = " ".join(text.split())
    shown = words.count("the letter about everything the letter")
    found = re.search(r"(\d+) more lines? on file", words)
    assert shown + (int(found[1]) if found else 0) == 17
    assert all(f"Ann {at}: the letter" in words for at in range(5))


@pytest.mark.parametrize(("size", "locale"), [("A5", "de"), ("Letter", "ar")])
def test_other_papers_and_directions(folder: Path, size: str, locale: str) -> None:
    """The sheet is one page there too, and nothing lies off the paper."""
    briefs = meetings(5)
    look = look_of(folder, size=size, language=language_of(locale))
    sheet = compose_day(DAY, briefs, book=WholeBook(), language=look.language)
    made = make_packet(PacketContents(sheet=sheet, briefs=()), look)
    assert made.pages == 1
    with pdfplumber.open(BytesIO(made.pdf)) as pdf:
        words = pdf.pages[0].extract_words()
        assert all(word["x0"] > 15 and word["x1"] < pdf.pages[0].width - 15 for word in words)
    assert pdf_rules.is_pdf_compliant_bytes(made.pdf, profile="ua1")


def test_a_long_mark_is_whole_on_the_smallest_sheet(folder: Path) -> None:
    """The remark that another meeting follows is not cut off, and is on the paper."""
    mark = "end on time: Introduction: Ribeira Foods and Co. follows"
    briefs = tuple(one.replace(marks=(mark,)) for one in meetings(2))
    contents = PacketContents(sheet=sheet_of(briefs), briefs=())
    made = make_packet(contents, look_of(folder, size="A5"))
    with pdfplumber.open(BytesIO(made.pdf)) as pdf:
        words = pdf.pages[0].extract_words()
        assert all(word["x1"] < pdf.pages[0].width - 15 for word in words)
    assert mark in " ".join(texts(made)[0].split())


def test_a_mistake_in_the_users_own_sheet_is_a_problem(tmp_path: Path) -> None:
    """The built-in template takes its place; the problem names the file and line."""
    own = tmp_path / "templates"
    own.mkdir()
    (own / "day-sheet.html.j2").write_text("<p>\n{{ page.nothing }}")
    made = make_packet(PacketContents(sheet=sheet_of(()), briefs=()), look_of(tmp_path))
    (problem,) = made.problems
    assert (problem.file, problem.line) == ("templates/day-sheet.html.j2", 2)
    assert "No meetings" in texts(made)[0]


def test_the_fingerprint_changes_with_what_is_printed(folder: Path) -> None:
    """Another edition, paper or order is another packet; the line number in a file is not."""
    briefs = meetings(2)
    look = look_of(folder)
    sheet = sheet_of(briefs)
    base = packet_fingerprint(sheet, briefs, look, two_sided=False)
    assert base == packet_fingerprint(sheet_of(briefs), meetings(2), look, two_sided=False)
    assert base != packet_fingerprint(sheet, briefs, look, two_sided=True)
    assert base != packet_fingerprint(sheet, briefs[:1], look, two_sided=False)
    assert base != packet_fingerprint(sheet, briefs, look_of(folder, size="A5"), two_sided=False)
    here, there = (
        DaySheet(
            day=DAY,
            edition="full",
            heading="",
            mine=(Remark(who="Ann", text="a", source=Source(file="a.yaml", line=line)),),
        )
        for line in (3, 9)
    )
    assert packet_fingerprint(here, (), look, two_sided=False) == packet_fingerprint(
        there, (), look, two_sided=False
    )
