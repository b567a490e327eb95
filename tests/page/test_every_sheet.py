"""What holds on every sheet: read back from the PDFs of briefs of every kind."""

import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import page as validation
import pypdfium2
import pytest
import zxingcpp
from geometry import (
    measures_of,
    one_page,
    outside_margins,
    overlapping,
    ruled_lines,
    words_of,
)
from handmade import brief_of, face, line, look_of
from pypdf import PdfReader
from sheets import SHEETS

from briefgen.brief.brief import Brief, Glance, GlanceLine, Mood
from briefgen.brief.sections import SECTIONS
from briefgen.brief.sheet_memory import marked, said_of
from briefgen.page.fit import MOST_LAYOUTS
from briefgen.page.look import template_folder
from briefgen.page.make import make_page
from briefgen.page.people import shortened
from briefgen.page.text import map_link
from briefgen.workspace.language import LANGUAGES, language_of
from briefgen.workspace.settings import Size

FOLDER = Path("no-such-workspace")
MARGINS: dict[Size, float] = {"A4": 15, "Letter": 15, "A5": 10}
LINES: dict[Size, int] = {"A4": 6, "Letter": 6, "A5": 2}


def hold(brief: Brief, size: Size, **look: Any) -> None:  # noqa: ANN401  # a field each
    """Everything that must hold."""
    made = make_page(brief, look_of(FOLDER, size=size, **look))
    page = one_page(made.pdf)
    seen = measures_of(page)
    assert not made.plain
    assert made.layouts <= MOST_LAYOUTS
    assert not overlapping(page)
    assert not outside_margins(page, MARGINS[size])
    assert seen.small <= 0.10
    assert seen.smallest >= 8.5
    assert seen.longest <= 95
    assert seen.contrast >= 7
    assert seen.lines >= LINES[size]
    report = validation.validate_pdf_bytes(made.pdf, profile=validation.ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []


@pytest.mark.parametrize("size", ["A4", "Letter", "A5"])
@pytest.mark.parametrize("name", list(SHEETS))
def test_every_kind_of_sheet_holds(name: str, size: Size) -> None:
    """One page, nothing on another, type and contrast, lines to write on, PDF/UA-1."""
    hold(SHEETS[name], size)


def since_friday(whole: Brief) -> Brief:
    """A brief of which every second line, and the time, are new since Friday's sheet."""
    before = whole.replace(
        start=whole.start - timedelta(minutes=15),
        lines=whole.lines[::2],
        faces=tuple(one.replace(lines=one.lines[1:]) for one in whole.faces),
        prompts=tuple(one.replace(lines=one.lines[1:]) for one in whole.prompts),
    )
    return marked(whole, [(whole.start.date() - timedelta(days=3), said_of(before))])


@pytest.mark.parametrize(
    ("name", "size", "locale"),
    [
        ("strained", "A4", "en_GB"),
        ("personal", "A5", "en_GB"),
        ("five", "Letter", "en_GB"),
        ("twelve", "A4", "en_GB"),
        ("strained", "A4", "ar"),
    ],
)
def test_it_holds_with_bars_beside_what_is_new(name: str, size: Size, locale: str) -> None:
    """A page on which much is new is a page like any other."""
    hold(since_friday(SHEETS[name]), size, language=language_of(locale))


def test_a_bar_stands_beside_what_is_new_and_moves_nothing() -> None:
    """In the margin beside a new line, none beside an old one; every word stays in its place."""
    brief = since_friday(SHEETS["strained"])
    pdfs = [make_page(one, look_of(FOLDER)).pdf for one in (SHEETS["strained"], brief)]
    words = [
        {(word["text"], round(word["x0"]), round(word["top"])) for word in page.extract_words()}
        for page in map(one_page, pdfs)
    ]
    foot = 800
    assert {one for one in words[0] if one[2] < foot} == {one for one in words[1] if one[2] < foot}
    assert "changed since Friday’s sheet: time," in one_page(pdfs[1]).extract_text()
    picture = pypdfium2.PdfDocument(pdfs[1])[0].render(scale=4, grayscale=True).to_pil()
    column = round(75 * 72 / 25.4)
    for at, one in enumerate(brief.section("agenda")):
        top = min(top for text, left, top in words[1] if (text, left) == (str(at + 1), column))
        where = (int(71 * 72 / 25.4) * 4, top * 4, int(74.5 * 72 / 25.4) * 4, top * 4 + 30)
        darkest, _ = picture.crop(where).getextrema()
        assert (darkest < 64) == one.new, one.text


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_what_is_late_is_never_cut_away(size: Size) -> None:
    """However long the promise: its text ends with an ellipsis, and the delay is still there."""
    text = (
        "send the draft of the service levels with the response times of all three carriers, " * 3
    )
    late = line("promises", text, note="3 days late", mark="overdue", rank=95)
    for label in ("first", "bring"):
        glance = Glance(lines=(GlanceLine(label=label, lines=(late,)),))  # type: ignore[arg-type]
        brief = SHEETS["strained"].replace(glance=glance)
        words = words_of(one_page(make_page(brief, look_of(FOLDER, size=size)).pdf))
        assert "3 days late" in words


def test_a_mood_of_two_words_has_its_date() -> None:
    """Each dot has its word and its date beneath it, also where the words take two lines."""
    mood = (
        Mood(date=date(2026, 9, 1), signals=("angry",), tone="low"),
        Mood(date=date(2026, 10, 12), signals=("withdrawn",), tone="low"),
        Mood(date=date(2026, 11, 2), signals=("frustrated", "rushed"), tone="low"),
    )
    brief = brief_of(faces=(face("Dana Smith", mood=mood, contact="dana"),))
    text = one_page(make_page(brief, look_of(FOLDER)).pdf).extract_text()
    assert all(day in text for day in ("1 Sept", "12 Oct", "2 Nov"))


def test_an_address_breaks_before_its_sign_alone() -> None:
    """Neither in the middle of a word nor at a hyphen."""
    for address in ("ana.sousa@ribeira-foods.example", "kofi@harbor-market.example"):
        known = face("Ana Sousa", remark=f"no file for {address}")
        page = one_page(make_page(brief_of(faces=(known,)), look_of(FOLDER)).pdf)
        words = {word["text"] for word in page.extract_words()}
        assert {f"@{address.partition('@')[2]}", address} & words, words


def test_an_address_runs_from_left_to_right_on_every_page() -> None:
    """In Arabic too its sign stands left of its host, where it begins a line."""
    known = face("Ana Sousa", remark="لا ملف بعد: ana.sousa@ribeira-foods.example")
    page = one_page(
        make_page(brief_of(faces=(known,)), look_of(FOLDER, language=language_of("ar"))).pdf
    )
    (sign,) = (char for char in page.chars if char["text"] == "@")
    beside = [one for one in page.chars if abs(one["top"] - sign["top"]) < 2 and one is not sign]
    following = min(beside, key=lambda one: abs(one["x0"] - sign["x1"]))
    assert following["text"] == "r"


def test_a_line_about_some_of_them_has_their_names_before_it() -> None:
    """It does not seem to be about the person above it."""
    people = tuple(face(name, contact=name) for name in ("Priya Nair", "Ines Costa", "Jonas Weber"))
    asked = line("say", "What do they look after?", label="Ines, Jonas")
    other = line("say", "Complaint, still open: test data", who=people[0].key)
    brief = brief_of(faces=people, lines=(other, asked))
    page = one_page(make_page(brief, look_of(FOLDER)).pdf)
    lefts = {word["text"]: round(word["x0"]) for word in page.extract_words() if word["x0"] > 150}
    assert lefts["Ines,"] == lefts["Priya"] < lefts["Complaint,"] == lefts["What"]


@pytest.mark.parametrize(("size", "locale"), [("A4", "ja"), ("Letter", "ar")])
def test_people_in_a_band_stand_within_the_margins(size: Size, locale: str) -> None:
    """The third of three columns is as wide as the others; forty names leave room for the rest."""
    hold(asked_in(locale, SHEETS["forty"]), size, language=language_of(locale))


def asked_in(locale: str, brief: Brief) -> Brief:
    """A brief whose questions are in a language."""
    ask = language_of(locale).text
    return brief.replace(
        prompts=tuple(one.replace(question=ask(one.question)) for one in brief.prompts)
    )


@pytest.mark.parametrize("name", ["overfull", "five"])
def test_what_is_cut_from_right_to_left_stands_on_no_other_word(name: str) -> None:
    """On a small page in Arabic lines are cut; none of them moves because of it."""
    hold(SHEETS[name], "A5", language=language_of("ar"))


@pytest.mark.parametrize("locale", ["en_GB", "ar"])
def test_where_a_line_came_from_stands_at_its_end(locale: str) -> None:
    """Against the far margin, in one column, whatever the direction of the page."""
    said = line("say", "a table one can follow", origin="12 Oct")
    page = one_page(
        make_page(brief_of(lines=(said,)), look_of(FOLDER, language=language_of(locale))).pdf
    )
    first, last = (
        next(w for w in page.extract_words() if w["text"] == t) for t in ("follow", "Oct")
    )
    assert abs(first["bottom"] - last["bottom"]) < 1
    edge = last["x1"] if locale != "ar" else last["x0"]
    assert min(edge - 42.5, abs(edge - float(page.width) + 42.5)) < 25


def test_what_hangs_beside_lines_shares_one_axis() -> None:
    """The texts of the glance, of what to raise and of last time begin at the same height."""
    page = one_page(make_page(SHEETS["online"], look_of(FOLDER)).pdf)
    lefts = {word["text"]: round(word["x0"]) for word in page.extract_words() if word["x0"] > 230}
    assert lefts["Apologise,"] == lefts["Complaint,"] == lefts["Went"]


def test_no_line_ends_with_a_dot_between_two_facts() -> None:
    """Where facts take two lines, the dot between them begins the second one, beside its fact."""
    page = one_page(make_page(SHEETS["online"], look_of(FOLDER, size="A5")).pdf)
    words = page.extract_words(use_text_flow=True)
    dots = [(dot, after) for dot, after in itertools.pairwise(words) if dot["text"] == "·"]
    assert len(dots) == 2
    assert dots[0][0]["bottom"] < dots[1][0]["bottom"] - 5
    assert all(abs(dot["bottom"] - after["bottom"]) < 2 for dot, after in dots)


@pytest.mark.parametrize("locale", ["pt", "ja"])
def test_forty_people_fit_on_a5_where_words_are_long(locale: str) -> None:
    """What must stay is one page beside rows of 12 mm; it is the sheet, not its text alone."""
    language = language_of(locale)
    hold(asked_in(locale, SHEETS["forty"]), "A5", language=language)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_boxes_to_tick_stay_within_the_margins_of_a5(locale: str) -> None:
    """Three answers fit beside what they answer in every language."""
    hold(asked_in(locale, SHEETS["strained"]), "A5", language=language_of(locale))


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_the_first_line_of_the_glance_is_never_cut(size: Size) -> None:
    """Where each line is cut to one, since forty people take the room, it still has two."""
    page = one_page(make_page(SHEETS["forty"], look_of(FOLDER, size=size)).pdf)
    said = " ".join(page.extract_text().split())
    assert "three weeks" in said


@pytest.mark.parametrize("locale", LANGUAGES)
def test_it_holds_in_every_language(locale: str) -> None:
    """An Arabic page is accessible too, and a German question has three lines."""
    hold(asked_in(locale, SHEETS["strained"]), "A4", language=language_of(locale))


def test_the_glance_comes_right_after_time_and_title(tmp_path: Path) -> None:
    """Who has the page read aloud hears time, date, title and place, and then the glance."""
    made = make_page(SHEETS["strained"], look_of(tmp_path))
    (tmp_path / "x.pdf").write_bytes(made.pdf)
    text = PdfReader(tmp_path / "x.pdf").pages[0].extract_text().replace("\n", " ")
    order = ["10:30", "Q4 service review", "Listen first", "First", "Bring", "Agenda", "To raise"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_a_stylesheet_of_ones_own_fits_as_well(tmp_path: Path) -> None:
    """Other columns, sizes and margins: still one page, and nothing runs into the questions."""
    own = tmp_path / "templates"
    own.mkdir()
    style = (template_folder() / "brief.css").read_text(encoding="utf-8")
    own_style = (
        style
        + """
.a4 main { margin: 20mm 22mm 0; width: 166mm; height: 257mm }
.l, .q h2, .known { width: 60mm }
.l { margin-right: 6mm }
.r, .lines { width: 99.9mm }
html, .line { font-size: 11.5pt; line-height: 5.6mm }
.rule { height: 9.5mm }
"""
    )
    (own / "brief.css").write_text(own_style, encoding="utf-8")
    for name in ("strained", "personal", "overfull"):
        made = make_page(SHEETS[name], look_of(tmp_path))
        page = one_page(made.pdf)
        assert not made.plain
        assert made.problems == ()
        assert not overlapping(page)
        assert not outside_margins(page, 22)
        assert measures_of(page).lines >= 6


def test_a_title_is_cut_only_where_two_lines_are_full() -> None:
    """A title that goes into two lines is whole; a longer one fills both of them."""
    whole = "Patient portal: kick-off for clinics three and four, with everybody"
    for title, cut in ((whole, False), (f"{whole} and their neighbours of the other house", True)):
        page = one_page(make_page(brief_of(title=title), look_of(FOLDER)).pdf)
        shown = [word["text"] for word in page.extract_words() if word["bottom"] < 110]
        assert any("…" in word for word in shown) == cut


def test_names_are_shortened_from_the_front() -> None:
    """The surname stays."""
    name = "Maximiliana Alexandra Konstantina von Hohenstein-Wittelsbach"
    assert shortened(name, 40) == "M. A. K. von Hohenstein-Wittelsbach"
    assert shortened("Dana Smith", 40) == "Dana Smith"


@pytest.mark.parametrize("place", ["Phone", "Zoom", "Teams", "Microsoft Teams Meeting"])
def test_only_real_places_link_to_a_map(place: str) -> None:
    """One cannot go to a call."""
    assert map_link(place) is None
    assert map_link("Harbour Road 12, Newark")


def test_a_paired_phone_puts_a_code_on_the_sheet() -> None:
    """It has a title, and holds the address and the code of the sheet alone."""
    brief = brief_of(faces=(face("Dana Smith"),))
    plain = make_page(brief, look_of(FOLDER)).pdf
    coded = make_page(brief, look_of(FOLDER, qr_address="https://robin.local:8443")).pdf
    drawn = [len(one_page(pdf).objects.get("rect", ())) for pdf in (plain, coded)]
    assert drawn[1] > drawn[0] + 100
    assert "Or by phone" in one_page(coded).extract_text()
    picture = pypdfium2.PdfDocument(coded)[0].render(scale=100 / 72).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [
        f"https://robin.local:8443/r/{brief.code}"
    ]
    hold(brief, "A4", qr_address="https://robin.local:8443")


@pytest.mark.parametrize(("size", "count", "high"), [("A4", 3, 8), ("A5", 1, 6)])
def test_the_last_row_is_as_high_as_the_others(size: Size, count: int, high: float) -> None:
    """The rule of the next band is the last line to write on, and no second one is near it."""
    page = one_page(make_page(SHEETS["two"], look_of(FOLDER, size=size)).pdf)
    last = ruled_lines(page)[count - 1]
    wide = 0.8 * float(page.width)
    bands = [rect["top"] * 25.4 / 72 for rect in page.rects if rect["x1"] - rect["x0"] > wide]
    assert min(band for band in bands if band > last + 1) - last == pytest.approx(high, abs=0.5)


def test_a_long_title_is_set_smaller_before_it_is_cut() -> None:
    """Eighty letters are two lines."""
    title = "Q4 service review: carrier interface, booking screen, and what was agreed in Newark"
    page = one_page(make_page(SHEETS["strained"].replace(title=title), look_of(FOLDER)).pdf)
    text = page.extract_text()
    assert title.partition(" screen")[0] in text
    assert title.partition("booking ")[2] in text


def test_the_docs_have_the_table_of_sections() -> None:
    """docs/page.md says of every section what the one table says."""
    text = (Path(__file__).parents[2] / "docs" / "page.md").read_text(encoding="utf-8")
    for row in SECTIONS:
        told = ["yes" if each else "" for each in (row.on_table, row.mailed)]
        cells = (row.column, row.among_many, row.most, row.stays or "", row.trimmed, *told)
        assert f"| `{row.key}`: {row.note} | {' | '.join(map(str, cells))} |" in text


@pytest.mark.parametrize("size", ["A4", "Letter", "A5"])
@pytest.mark.parametrize(
    "signals",
    [
        (("worried",), ("enthusiastic",), ("enthusiastic", "disillusioned")),
        (("zurückhaltend",), ("niedergeschlagen",), ("verwachtingsvol", "irritiert")),
        (("open",), ("torn",), ("desesperançado", "hurt")),
    ],
)
def test_no_mood_is_broken(signals: tuple[tuple[str, ...], ...], size: Size) -> None:
    """Whatever the words are, each is whole beneath its dot."""
    mood = tuple(
        Mood(date=date(2026, 8 + at, 1), signals=each, tone="low")
        for at, each in enumerate(signals)
    )
    brief = brief_of(faces=(face("Dana Smith", mood=mood, contact="dana"),))
    page = one_page(make_page(brief, look_of(FOLDER, size=size)).pdf)
    assert not overlapping(page)
    shown = [one["text"].rstrip(",") for one in page.extract_words() if one["top"] < 300]
    broken = [one for one in shown if one.endswith("-")]
    assert signals[-1][0] in shown or size == "A5"
    assert not broken or size == "A5"
    assert all(len(one) > 4 for one in broken)


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_a_note_never_stands_alone_on_a_line(size: Size) -> None:
    """What is at the far end of a line shares it with words, however long these are."""
    words = "wants to see the second phase in three steps that he can stop after each and every one"
    lines = tuple(
        line("say", words[:end].rstrip(), origin="20 Oct", rank=60) for end in range(50, 86, 4)
    )
    page = one_page(make_page(brief_of(lines=lines), look_of(FOLDER, size=size)).pdf)
    every = page.extract_words()
    notes = [one for one in every if one["text"] == "Oct"]
    assert notes
    for note in notes:
        beside = [one for one in every if abs(one["bottom"] - note["bottom"]) < 2]
        assert len([one for one in beside if 150 < one["x0"] < note["x0"] - 30]) > 2


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_dates_keep_to_the_axis(size: Size) -> None:
    """A long word for how it was ends its line: dates are one line, and sentences share an axis."""
    lines = tuple(
        line("history", f"sentence {at} about it", label=day, channel=channel, rank=60)
        for at, (day, channel) in enumerate(
            [("2 Nov", "call"), ("24 Sept", "message"), ("3 Dec 2025", "Besprechung")]
        )
    )
    page = one_page(make_page(brief_of(lines=lines), look_of(FOLDER, size=size)).pdf)
    words = page.extract_words()
    assert not overlapping(page)
    lefts = {round(one["x0"]) for one in words if one["text"] == "sentence"}
    axis = {"A4": 75 + 22, "A5": 52 + 19}[size]
    assert lefts == {round(axis * 72 / 25.4)}
    at = {one["text"]: one for one in words}
    assert abs(at["Besprechung"]["bottom"] - at["Dec"]["bottom"]) < 2
    assert at["Besprechung"]["x0"] > at["sentence"]["x1"]


def test_the_last_word_of_what_was_is_not_alone() -> None:
    """Beside a note too, the last line of a sentence has two words."""
    said = line(
        "history",
        "Wants to see phase two in three steps he can stop under each.",
        label="20 Oct",
        channel="call",
        note="with Lee",
        rank=60,
    )
    page = one_page(make_page(brief_of(lines=(said,)), look_of(FOLDER)).pdf)
    tops = {word["text"]: round(word["bottom"]) for word in page.extract_words()}
    assert tops["under"] == tops["each."] > tops["steps"]
