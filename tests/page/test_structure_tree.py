"""What a screen reader hears: the structure tree of the PDF; and the initials in the discs."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from handmade import brief_of, face, look_of
from sheets import SHEETS

from briefgen.brief.faces import initials
from briefgen.page.make import make_page
from briefgen.workspace.settings import Size

FOLDER = Path("no-such-workspace")


def spoken(pdf: bytes) -> list[tuple[str, str]]:
    """Each element of the tree that has text, in the order of the tree: its kind and its text."""
    page = pdfplumber.open(BytesIO(pdf)).pages[0]
    texts: dict[int | None, str] = {}
    for char in page.chars:
        texts[char["mcid"]] = texts.get(char["mcid"], "") + char["text"]
    return list(_elements(page.structure_tree, texts))


def _elements(
    nodes: list[dict[str, Any]], texts: dict[int | None, str], of: str = ""
) -> Iterator[tuple[str, str]]:
    for node in nodes:
        kind = of if node["type"] in {"Span", "NonStruct", "Link"} else node["type"]
        if said := "".join(texts.get(number, "") for number in node.get("mcids", ())):
            yield kind, said
        yield from _elements(node.get("children", []), texts, kind)


@pytest.mark.parametrize("size", ["A4", "A5"])
@pytest.mark.parametrize("name", ["strained", "personal", "five", "twelve", "first"])
def test_the_glance_follows_time_title_and_place_in_the_tree(name: str, size: Size) -> None:
    """Time, date, title, place, then stance, lead and labels; agenda and people come after them."""
    brief = SHEETS[name]
    heard = spoken(make_page(brief, look_of(FOLDER, size=size)).pdf)
    said = [text for _, text in heard]
    glance = brief.glance
    assert glance.stance is not None
    assert said[0].startswith(f"{brief.start:%H:%M}")
    first = next(at for at, (kind, _) in enumerate(heard) if kind == "H1")
    stance = heard.index(("H2", glance.stance.text))
    person = next(at for at, text in enumerate(said) if brief.faces[0].name in text)
    label = said.index("First")
    question = next(at for at, text in enumerate(said) if text.startswith("What do they need"))
    assert first < stance < label < person < question
    between = {kind for kind, _ in heard[first:stance]}
    assert between <= {"H1", "P"}, "nothing but title and place stands before the glance"


def test_the_boxes_to_tick_can_be_read_aloud() -> None:
    """They are characters, each right before its word."""
    said = "".join(text for _, text in spoken(make_page(brief_of(), look_of(FOLDER)).pdf))
    for word in ("yes", "partly", "no"):
        assert f"☐ {word}" in said
    assert "○ listen" in said


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Dr. Ulf Reimann", "UR"),
        ("Prof. Dr. Ulf Reimann", "UR"),
        ("Mrs. Dana Smith", "DS"),
        ("Dana Smith-Ortiz", "DS"),
        ("Dr Ulf Reimann", "UR"),
        ("Sir Ian Grey", "IG"),
        ("Ελένη Παπαδάκη", "ΕΠ"),
    ],
)
def test_an_honorific_is_no_initial(name: str, letters: str) -> None:
    """In the disc on the page stand the first letters of given name and surname."""
    assert initials(name) == letters
    known = face(name).replace(initials=initials(name))
    pdf = make_page(brief_of(faces=(known,)), look_of(FOLDER)).pdf
    assert letters in [text for _, text in spoken(pdf)]
