from collections.abc import Callable
from datetime import date
from io import BytesIO

import pdfplumber
import pytest
from pypdf import PdfReader

from briefgen.brief.brief import Brief, Line, Mood, Prompt, Source
from briefgen.brief.wording import Wording
from briefgen.contacts.dates import PartialDate
from briefgen.page.look import Look, template_folder
from briefgen.page.make import make_page
from briefgen.page.scripts import installed_fonts
from briefgen.page.text import tidy
from briefgen.workspace.language import LANGUAGES, language_of

NewBrief = Callable[..., Brief]
SOURCE = Source(file="data/contacts/dana-smith.yaml")
QUESTIONS = ("What do they need from me?", "How can I help based on their emotional signals?")


def in_language(look: Look, new_brief: NewBrief, name: str) -> tuple[Brief, Look]:
    """The short brief with the two questions in a language, and the look of it."""
    language = language_of(name)
    asked = tuple(Prompt(question=language.text(question)) for question in QUESTIONS)
    if not all(map(installed_fonts(template_folder() / "fonts").can_show, asked[0].question)):
        pytest.skip("needs fonts-noto-core and fonts-noto-cjk")
    return new_brief(prompts=asked), look.replace(language=language)


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_page_speaks_the_language(look: Look, new_brief: NewBrief, name: str) -> None:
    """Its questions, headings and date are in it, and the document says so."""
    brief, own = in_language(look, new_brief, name)
    page = make_page(brief, own)
    assert page.problems == ()
    document = PdfReader(BytesIO(page.pdf))
    assert len(document.pages) == 1
    assert str(document.trailer["/Root"]["/Lang"]).startswith(name)  # type: ignore[index]
    if name not in {"ar", "ja"}:  # letters that join or have no spaces are read back in pieces
        said = " ".join(document.pages[0].extract_text().split()).casefold()
        for words in (*QUESTIONS, "Agenda", "Five minutes after"):
            expected = " ".join(own.language.text(words).split()).casefold()
            assert expected in said


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_mark_is_shown_in_whole(name: str) -> None:
    """That another meeting follows at once is never cut, however long that one's title is."""
    mark = language_of(name).text("end on time: {title} follows", title="W" * 30)
    assert tidy(mark, 60) == " ".join(mark.split())


@pytest.mark.parametrize(
    ("name", "day", "month"),
    [
        ("fr", "Relation tendue depuis le {}\u00a0: x", "Relation tendue depuis {}\u00a0: x"),
        ("de", "Verhältnis angespannt seit dem {}: x", "Verhältnis angespannt seit {}: x"),
        ("es", "Relación tensa desde el {}: x", "Relación tensa desde {}: x"),
        ("it", "Rapporto teso dal {}: x", "Rapporto teso da {}: x"),
    ],
)
def test_since_a_day_is_said_otherwise_than_since_a_month(name: str, day: str, month: str) -> None:
    """An article comes before a day, and never before a month or a year."""
    language = language_of(name)
    words = Wording(language=language, day=date(2026, 11, 23))
    for given, expected in (
        (PartialDate(year=2026, month=9, day=2), day),
        (PartialDate(year=2022, month=9, day=None), month),
        (PartialDate(year=2022, month=None, day=None), month),
    ):
        since = words.since(given)
        said = language.text("Strained {since}: {reason}", since=since, reason="x")
        assert said == expected.format(words.partial(given))


@pytest.mark.parametrize("name", ["ar", "ja"])
def test_a_page_in_another_script_is_measured_like_any_other(
    look: Look, new_brief: NewBrief, name: str
) -> None:
    """Two layouts find it, and as much goes in as on an English page."""
    brief, own = in_language(look, new_brief, name)
    text = own.language.text
    said = "They want one screen for all carriers, and a named engineer to call"
    history = tuple(
        Line(
            section="history",
            label=own.language.short_date(date(2026, month, 14), beside=date(2026, 1, 1)),
            channel=text("call"),
            text=said,
            note=text("in your calendar; no note"),
            rule="history",
            source=SOURCE,
        )
        for month in range(1, 8)
    )
    words = ("Who else has a say in it?", "What would make this a good hour for them?")
    say = tuple(
        Line(section="say", text=text(one), rule="asked", source=SOURCE) for one in words * 2
    )
    made = make_page(brief.replace(lines=(*brief.lines, *say, *history)), own)
    assert made.layouts <= 2
    assert not made.omitted


@pytest.mark.parametrize(("name", "way"), [("en", 1), ("ar", -1)])
def test_moods_are_drawn_in_the_way_of_reading(
    look: Look, new_brief: NewBrief, name: str, way: int
) -> None:
    """The last mood is above its words: on an Arabic page at the left."""
    brief, own = in_language(look, new_brief, name)
    moods = tuple(
        Mood(date=date(2026, month, 2), signals=("said",), tone=tone)
        for month, tone in ((3, "high"), (9, "low"))
    )
    face = brief.faces[0].replace(mood=moods)
    pdf = make_page(brief.replace(faces=(face,)), own).pdf
    with pdfplumber.open(BytesIO(pdf)) as document:
        dots = [one for one in document.pages[0].curves if one["fill"] and one["width"] < 10]
    first, last = dots[0], dots[-1]
    assert first["top"] < last["top"]
    assert way * (last["x0"] - first["x0"]) > 50


def test_an_arabic_page_begins_at_the_right(look: Look, new_brief: NewBrief) -> None:
    """The questions and the title are at the right margin, and nothing leaves the margins."""
    brief, own = in_language(look, new_brief, "ar")
    with pdfplumber.open(BytesIO(make_page(brief, own).pdf)) as document:
        page = document.pages[0]
        title = page.search("Quarterly")[0]
        right = max(sign["x1"] for sign in page.chars)
        left = min(sign["x0"] for sign in page.chars)
    assert title["x1"] > page.width / 2
    assert left > 0.05 * page.width
    assert right < 0.95 * page.width


def test_names_of_every_script_are_drawn(look: Look, new_brief: NewBrief) -> None:
    """Eight scripts on one page: each sign has a glyph, so that nothing is an empty box."""
    names = (
        "Дарья Смирнова", "Δάφνη Παππά", "دانا سميث", "דנה סמית",
        "王小明", "デイナ", "दाना स्मिथ", "ดาน่า สมิธ",
    )  # fmt: skip
    can_show = installed_fonts(template_folder() / "fonts").can_show
    if not all(map(can_show, "".join(names))):
        pytest.skip("needs fonts-noto-core and fonts-noto-cjk")
    page = make_page(new_brief("Review 🎉", names=names), look)
    assert [problem for problem in page.problems if "emoji" not in problem.message] == []
    assert page.layouts <= 3
    said = PdfReader(BytesIO(page.pdf)).pages[0].extract_text()
    for name in ("Дарья", "Δάφνη", "王小明"):
        assert name in said
