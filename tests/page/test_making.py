"""A brief becomes one page that says what it should."""

from io import BytesIO

import pytest
from handmade import brief_of, line
from pypdf import PdfReader

from briefgen.page.look import Look
from briefgen.page.making import make_page


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
    assert (f"+{left} earlier interaction" in text.replace("\n", " ")) == bool(left)
    assert made.layouts <= 3
