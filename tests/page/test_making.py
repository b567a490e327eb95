"""A brief becomes one page that says what it should."""

from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from handmade import brief_of, face, line
from pypdf import PdfReader
from sheets import SHEETS

from briefgen.brief.brief import Brief
from briefgen.page import make
from briefgen.page.look import Look
from briefgen.page.make import make_page
from briefgen.page.measure import Heights
from briefgen.page.typeset import LaidOut


def test_short(look: Look) -> None:
    """A brief with next to nothing on it is one page with title, name and questions."""
    made = make_page(brief_of(), look)
    reader = PdfReader(BytesIO(made.pdf))
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    for said in ("Q4 service review", "Dana Smith", "What do they need from me?", "K7Q4"):
        assert said in text


@pytest.mark.parametrize("count", [5, 40, 500])
def test_overfull(look: Look, count: int) -> None:
    """However much there is on file, the page is one, and says what is missing."""
    lines = tuple(
        line(
            "history",
            f"Number {n}: went through it all and wrote it down here.",
            label=f"{n}",
            rank=max(1, 60 - n),
        )
        for n in range(count)
    )
    made = make_page(brief_of(lines=lines), look)
    reader = PdfReader(BytesIO(made.pdf))
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    left = sum(one.count for one in made.omitted)
    said = " ".join(text.split())
    assert (f"{left} more lines on file: briefgen show K7Q4" in said) == bool(left)
    assert made.layouts <= 3


def _full_page(people: int, history: int) -> Brief:
    """Much to say and to tell, some promises, and so many people with facts beneath their names."""
    facts = (
        line("person", "7 times in your calendar since March 2025; last spoke today", rank=75),
        line("person", "10:30 on their clock", rank=61),
        line("person", "vegetarian cooking and the opera", rank=41),
        line("person", "marathon running, in any weather", rank=40),
    )
    faces = tuple(face(f"Person{at} Example", lines=facts) for at in range(people))
    lines = (
        *(line("agenda", f"Item {at} of it", label=f"{at + 1}.", rank=90) for at in range(5)),
        *(line("say", f"Point {at}: ask how the move went", rank=86 - at) for at in range(8)),
        *(line("promises", f"send draft {at}", label="due 4 Dec", rank=94) for at in range(4)),
        *(line("history", f"Entry {at} of it", label="2 Nov", rank=88) for at in range(history)),
    )
    return brief_of(faces=faces, lines=lines)


@pytest.mark.parametrize(("people", "history"), [(3, 14), (4, 14), (5, 12)])
def test_what_is_worth_most_stays(look: Look, people: int, history: int) -> None:
    """Promises and what is best to raise stay; older interactions and small facts go."""
    made = make_page(_full_page(people, history), look)
    text = " ".join(PdfReader(BytesIO(made.pdf)).pages[0].extract_text().split())
    assert "promises" not in {one.section for one in made.omitted}
    assert "Point 0: ask how the move went" in text
    assert {"history"} <= {one.section for one in made.omitted}


def test_a_strain_is_worth_more_than_how_long_they_are_known(look: Look) -> None:
    """On the smallest paper the facts beneath many people go before an apology that is owed."""
    known = "7 times in your calendar since March 2025; last spoke 21 days ago (call)"
    faces = tuple(
        face(f"{name} Smith", lines=(line("person", f"{name}: {known}", rank=75),))
        for name in ("Dana", "Lee", "Sam")
    )
    items = tuple(
        line("agenda", f"Point {n} of the agenda, which is long. " * 3, label=f"{n}.")
        for n in range(1, 4)
    )
    late = tuple(
        line("promises", f"Draft {n} of the service levels", label="3 days late", mark="overdue")
        for n in range(3)
    )
    owed = line("repair", "You owe Dana an apology", rank=96, mark="apology")
    brief = brief_of(faces=faces, lines=(owed, *items, *late))
    made = make_page(brief, look.replace(size="A5"))
    text = PdfReader(BytesIO(made.pdf)).pages[0].extract_text()
    assert "You owe Dana an apology" in text
    assert all(f"Draft {n} of the service levels" in text for n in range(3))


@pytest.mark.parametrize("kind", ["strained", "grief", "first", "forty", "table"])
def test_the_templates_make_well_formed_pages(
    look: Look, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A page is XML as it is, even about Q&A <now>: the slow parser is for others'."""
    brief = SHEETS["strained" if kind == "table" else kind].replace(title="Q&A <now>")
    if kind == "table":
        brief = brief.replace(edition="table")

    seen: list[str] = []
    lay_out = make.lay_out
    monkeypatch.setattr(
        make, "lay_out", lambda html, **more: seen.append(html) or lay_out(html, **more)
    )
    assert not make_page(brief, look).plain
    for html in seen:
        root = ET.fromstring(html.lstrip().removeprefix("<!DOCTYPE html>"))
        assert root.findtext(".//h1") == "Q&A <now>"


def test_no_sheet_carries_the_marks_that_only_measuring_needs(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only a layout that was measured fits, it is made again without its marks."""
    seen: list[str] = []
    lay_out = make.lay_out

    def cramped(html: str, **more: object) -> LaidOut:
        laid = lay_out(html, **more)  # type: ignore[arg-type]
        seen.append(html)
        if len(seen) == 2:  # the first without marks, by a plan that was measured
            return replace(laid, tops={**laid.tops, "left-end": laid.tops["foot"] + 20})
        return laid

    monkeypatch.setattr(make, "guess", lambda *_: None)  # whatever other tests have taught it
    monkeypatch.setattr(make, "lay_out", cramped)
    made = make_page(SHEETS["personal"], look)
    assert not made.plain
    assert made.layouts == len(seen) == 3
    assert 'id="page-end"' in seen[0]
    assert 'id="page-end"' not in seen[-1]


@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_guess_that_is_too_low_costs_no_line(
    look: Look, monkeypatch: pytest.MonkeyPatch, part: float
) -> None:
    """What is guessed at a part of its height is printed like what is measured."""
    brief = SHEETS["personal"]
    learned: list[Heights] = []
    monkeypatch.setattr(make, "guess", lambda *_: None)
    monkeypatch.setattr(make, "learn", lambda *given: learned.append(given[1]))
    measured = make_page(brief, look)
    (heights,) = learned
    low = heights.replace(
        pieces={key: part * high for key, high in heights.pieces.items()}, foot=part * heights.foot
    )
    monkeypatch.setattr(make, "guess", lambda *_: low)
    monkeypatch.setattr(make, "kept_plan", lambda *_: None)
    guessed = make_page(brief, look)
    assert not guessed.plain
    assert guessed.omitted == measured.omitted
