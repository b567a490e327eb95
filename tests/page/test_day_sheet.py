"""The day sheet is one page on every paper and in every language, read back from its PDF."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from geometry import measures_of, one_page, outside_margins, overlapping, words_of
from handmade import START, brief_of, face, look_of
from whole_book import WholeBook

from briefgen.brief.brief import Glance, GlanceLine, GlanceStance, Line, Mark, Source
from briefgen.brief.day import DaySheet, Remark, compose_day
from briefgen.page.look import Look
from briefgen.page.packet import PacketContents, make_packet
from briefgen.workspace.language import LANGUAGES, language_of
from briefgen.workspace.settings import Size

DAY = date(2026, 11, 23)
SOURCE = Source(file="data/contacts/dana-smith.yaml", line=3)
FOLDER = Path("no-such-workspace")
MARGINS: dict[Size, float] = {"A4": 15, "Letter": 15, "A5": 10}
LONG_NAME = "Dr. Wilhelmina-Charlotte von Hohenstein-Weißenburg"


def remark(text: str, note: str = "", mark: Mark | None = None, who: str = LONG_NAME) -> Remark:
    """A remark about someone with a long name."""
    source = Source(file=SOURCE.file, line=sum(map(ord, text)))
    return Remark(who=who, text=text, note=note, mark=mark, source=source)


def full_day(look: Look, *, stops: int = 5, late: int = 3) -> DaySheet:
    """A day of long names and long titles, with something in every part of the sheet."""
    glance = Glance(
        stance=GlanceStance(
            text="Listen first", stance="listen", evidence="", rule="test", source=SOURCE
        ),
        lines=(
            GlanceLine(
                label="first",
                lines=(
                    Line(
                        section="repair",
                        text="we missed the go-live date of the booking screen by three weeks",
                        rule="test",
                        source=SOURCE,
                    ),
                ),
            ),
        ),
    )
    briefs = tuple(
        brief_of(
            uid=str(at),
            start=START + at * timedelta(minutes=75),
            end=START + at * timedelta(minutes=75) + timedelta(hours=1),
            title=f"Quarterly steering committee number {at}: service levels and carrier interface",
            place=f"Hohenzollernstraße {at}, 3. Obergeschoss, Besprechungsraum Elbe, Hamburg",
            glance=glance,
            faces=(face(LONG_NAME), face("Konstantinos Papadimitrakopoulos")),
            code=f"K{at:03}",
        )
        for at in range(stops)
    )
    sheet = compose_day(DAY, briefs, book=WholeBook(), language=look.language)
    return sheet.replace(
        mine=(
            *(
                remark(f"late promise {at}, about the service levels", "4 days late", "overdue")
                for at in range(late)
            ),
            remark("the visit plan for the pilot in the north", "today", "due"),
            remark("what is due in some days", "Friday, 27 November"),
        ),
        theirs=tuple(
            remark(f"their promise {at}, the list of shops in the north", "Friday, 27 November")
            for at in range(3)
        ),
        attention=remark("last contact on 2 March: call or write"),
        birthdays=tuple(remark(f"birthday {at} on Monday, 30 November") for at in range(4)),
        shares=tuple(
            remark(f"shared thing {at}, an article on carrier pricing", "fits: cooking")
            for at in range(3)
        ),
    )


@pytest.mark.parametrize("size", ["A4", "Letter", "A5"])
@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_full_day_is_one_page(locale: str, size: Size) -> None:
    """Nothing overlaps or leaves the margins; what is late or due today is all there."""
    look = look_of(FOLDER, size=size, language=language_of(locale))
    made = make_packet(PacketContents(sheet=full_day(look), briefs=()), look)
    assert made.pages == 1
    page = one_page(made.pdf)
    assert not overlapping(page)
    assert not outside_margins(page, MARGINS[size])
    assert measures_of(page).smallest >= 8.5
    if locale not in {"ar", "ja"}:  # read back in pieces
        text = words_of(page)
        assert [f"late promise {at}," in text for at in range(3)] == [True] * 3
        assert "the visit plan for the pilot" in text


def test_what_there_is_room_for_is_not_left_out() -> None:
    """Of a usual day nothing goes, and what is left of the page is for writing."""
    look = look_of(FOLDER)
    sheet = full_day(look, stops=2, late=1)
    page = one_page(make_packet(PacketContents(sheet=sheet, briefs=()), look).pdf)
    words = words_of(page)
    for said in ("their promise 2", "birthday 3", "shared thing 2", "last contact", "some days"):
        assert said in words
    assert measures_of(page).lines >= 2


def test_what_matters_least_is_left_out_first_and_counted() -> None:
    """Things to share before birthdays, these before promises; the foot says how many."""
    look = look_of(FOLDER, size="A5")
    sheet = full_day(look)
    page = one_page(make_packet(PacketContents(sheet=sheet, briefs=()), look).pdf)
    words = words_of(page)
    kept = {
        kind: sum(f"{kind} {at}" in words for at in range(4))
        for kind in ("shared thing", "birthday", "their promise", "late promise")
    }
    assert kept["late promise"] == 3
    assert kept["shared thing"] == 0
    assert kept["birthday"] < 4
    gone = 3 + 4 - kept["birthday"] + ("last contact" not in words) + 3 - kept["their promise"]
    gone += "in some days" not in words
    assert f"{gone} more lines on file" in words


def test_a_day_with_too_many_meetings_runs_on() -> None:
    """Then nothing is left out or cut, and nothing is on another line, in either direction."""
    for locale in ("en_GB", "ar"):
        look = look_of(FOLDER, size="A5", language=language_of(locale))
        made = make_packet(PacketContents(sheet=full_day(look, stops=11), briefs=()), look)
        assert made.pages > 1
        with pdfplumber.open(BytesIO(made.pdf)) as pdf:
            for page in pdf.pages:
                assert not overlapping(page)
                assert not outside_margins(page, 10)
            if locale == "en_GB":
                text = " ".join(map(words_of, pdf.pages))
                assert "shared thing 2" in text
                assert "committee number 10: service levels and carrier interface" in text


def test_an_online_meeting_has_one_place() -> None:
    """`Teams: teams.example` is no second place; a room and an address to join are two."""
    looks = look_of(FOLDER)
    join = "https://teams.example/l/1"
    briefs = tuple(
        brief_of(uid=place, place=place, join_link=join, code=f"K{at}")
        for at, place in enumerate(("Teams", "Quay 3, room 2.14"))
    )
    sheet = compose_day(DAY, briefs, book=WholeBook(), language=looks.language)
    page = one_page(make_packet(PacketContents(sheet=sheet, briefs=()), looks).pdf)
    words = words_of(page)
    assert "Teams: teams.example" in words
    assert "Quay 3, room 2.14 · or teams.example" in words


def test_the_foot_of_the_table_edition_begins_with_a_word() -> None:
    """Nothing private is on it, and no separator comes before its first remark."""
    look = look_of(FOLDER)
    sheet = compose_day(DAY, (), book=WholeBook(), language=look.language, edition="table")
    cut = sheet.replace(calendar_cut=True)
    words = words_of(one_page(make_packet(PacketContents(sheet=cut, briefs=()), look).pdf))
    assert words.endswith("Calendar cut off: meetings may be missing")
    assert "· Calendar" not in words
