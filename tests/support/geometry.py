"""A page read back from its PDF: where its words and lines are, in millimetres."""

from io import BytesIO

import pdfplumber
from pdfplumber.page import Page

MILLIMETRE = 72 / 25.4


def one_page(pdf: bytes) -> Page:
    """The only page of a PDF."""
    document = pdfplumber.open(BytesIO(pdf))
    (page,) = document.pages
    return page


def words_of(page: Page) -> str:
    """Everything a reader would read, with single spaces."""
    return " ".join(word["text"] for word in page.extract_words(use_text_flow=True))


def letters_of(page: Page) -> str:
    """Every sign of the page without spaces, in the order of the file."""
    return "".join(char["text"] for char in page.chars if char["text"].strip())


def outside_margins(page: Page, margin: float) -> list[str]:
    """The signs that stand in the margins."""
    left, right = margin * MILLIMETRE - 0.6, float(page.width) - margin * MILLIMETRE + 0.6
    return [
        char["text"]
        for char in page.chars
        if char["text"].strip()
        and (
            char["x0"] < left
            or char["x1"] > right
            or char["top"] < 5 * MILLIMETRE
            or char["bottom"] > float(page.height) - 5 * MILLIMETRE
        )
    ]


def overlapping(page: Page) -> list[tuple[str, str]]:
    """Pairs of words that stand on one another."""
    words = sorted(page.extract_words(), key=lambda word: word["top"])
    found = []
    for at, one in enumerate(words):
        for other in words[at + 1 :]:
            if other["top"] > one["bottom"]:
                break
            wide = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
            high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            low = min(one["bottom"] - one["top"], other["bottom"] - other["top"])
            if wide > 1 and high > 0.45 * low:
                found.append((one["text"], other["text"]))
    return found


def ruled_lines(page: Page) -> list[float]:
    """Where the lines to write on are, from above, in millimetres; words on one fail.

    They are as wide as the right column, and grey: the foot of a box, drawn as two of them of
    which one is half a point less high.
    """
    bottoms: dict[float, list[float]] = {}
    for rect in page.rects:
        grey = max(rect["non_stroking_color"] or (0,)) > 0.4
        if grey and rect["x1"] - rect["x0"] > 0.55 * float(page.width):
            bottoms.setdefault(round(rect["top"], 1), []).append(rect["bottom"])
    found = {round(max(ends), 1) for ends in bottoms.values() if 0.3 < max(ends) - min(ends) < 0.7}
    for char in page.chars:
        middle = (char["top"] + char["bottom"]) / 2
        left = 0.36 * float(page.width)
        on = [top for top in found if abs(top - middle) < 1 and char["x0"] > left]
        assert not (on and char["text"].strip()), char["text"]
    return sorted(top / MILLIMETRE for top in found)
