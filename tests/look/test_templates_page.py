"""docs/templates.md is what a template sees."""

import re
from pathlib import Path
from typing import Any

from briefgen.page.check import specimen
from briefgen.page.contents import Contents
from briefgen.page.context import context
from briefgen.page.fit import Plan
from briefgen.page.look import Look

PAGE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")


def names_in(text: str) -> set[str]:
    """What stands in backticks."""
    return set(re.findall(r"`(\w+)`", text))


def of_specimen(look: Look) -> dict[str, Any]:
    """What a template sees of a brief that has every part."""
    plan = Plan(points=10.5, writing=30, left_out=frozenset(), cuts={})
    return context(Contents.of(specimen(), look), plan)


def test_every_name_is_documented(look: Look) -> None:
    """The table has each field of the page, and no other."""
    seen = of_specimen(look)
    assert set(seen) == {"page", "text", "plural"}
    table = PAGE.split("| `page.` | is |")[1].split("\n\n")[0]
    named = set().union(*(names_in(row.split("|")[1]) for row in table.splitlines()[2:]))
    assert named == set(seen["page"])


def test_the_parts_of_a_page_are_documented(look: Look) -> None:
    """Every field of a face, a section, a line, a prompt and a mood is explained below it."""
    page = of_specimen(look)["page"]
    explained = PAGE.split("| `page.` | is |")[1].split("## What must stay")[0]
    section = (page["side"] + page["main"])[0]
    face = next(face for face in page["faces"] if face["mood"])
    for part in (face, section, section["lines"][0], page["prompts"][1], page["facts"][0]):
        assert set(part) <= names_in(explained), part
    assert set(page["prompts"][1]["stances"][0]) <= names_in(explained)
    assert set(page["prompts"][0]["hints"][0]) <= names_in(explained)
    assert {"words", "path", "dots", "width"} <= names_in(explained)
