"""docs/templates.md is what a template sees."""

import re
from pathlib import Path
from typing import Any

from briefgen.page.check import specimen
from briefgen.page.contents import Contents
from briefgen.page.context import context
from briefgen.page.look import Look
from briefgen.page.plan import Plan

PAGE = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")


def names_in(text: str) -> set[str]:
    """What is in backticks."""
    return set(re.findall(r"`([\w-]+)`", text))


def of_specimen(look: Look) -> dict[str, Any]:
    """What a template sees of a brief that has every part."""
    plan = Plan(lines={"q0": 3, "q1": 3})
    contents = Contents.of(
        specimen().replace(uncounted=0), look.replace(qr_address="https://robin.local:8443")
    )
    return context(contents, plan)


def test_every_name_is_documented(look: Look) -> None:
    """The table has each field of the page, and no other."""
    seen = of_specimen(look)
    assert set(seen) == {"page", "text", "plural"}
    table = PAGE.split("| `page.` | is |")[1].split("\n\n")[0]
    named = set().union(*(names_in(row.split("|")[1]) for row in table.splitlines()[2:]))
    assert named == set(seen["page"])


def test_the_parts_of_a_page_are_documented(look: Look) -> None:
    """Every field of a face, a part, a line, the glance and a question is explained below."""
    page = of_specimen(look)["page"]
    explained = PAGE.split("| `page.` | is |")[1].split("## What must stay")[0]
    part = (page["left"] + page["right"])[0]
    face = next(face for face in page["faces"] if face["mood"])
    glance, question = page["glance"], page["questions"][1]
    for value in (face, part, part["lines"][0], question, page["where"][0], glance):
        assert set(value) <= names_in(explained), value
    assert set(question["stances"][0]) <= names_in(explained)
    assert set(glance["rows"][0]) | set(glance["rows"][0]["lines"][0]) <= names_in(explained)
    for drawing in (face["mood"], face["mood"].dots[0], page["qr"]):
        assert set(drawing.__struct_fields__) <= names_in(explained)
