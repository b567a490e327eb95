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


def writing_rooms(page: Page) -> list[float]:
    """The height of each stretch of ruled lines, from above, in millimetres; words in it fail."""
    boxes = sorted(_ruled(page))
    rooms: list[list[float]] = []
    for top, bottom in boxes:
        if rooms and abs(rooms[-1][1] - top) < 1:
            rooms[-1][1] = bottom
        else:
            rooms.append([top, bottom])
    for char in page.chars:
        middle = (char["top"] + char["bottom"]) / 2
        inside = [room for room in rooms if room[0] < middle < room[1]]
        assert not (inside and char["text"].strip()), char["text"]
    return [round((bottom - top) / MILLIMETRE, 1) for top, bottom in rooms]


def _ruled(page: Page) -> set[tuple[float, float]]:
    """Boxes with a line at their foot alone: two rectangles, the one half a point less high."""
    wide = [rect for rect in page.rects if rect["x1"] - rect["x0"] > 0.8 * float(page.width)]
    tops: dict[float, list[float]] = {}
    for rect in wide:
        tops.setdefault(round(rect["top"], 2), []).append(round(rect["bottom"], 2))
    return {
        (top, max(bottoms))
        for top, bottoms in tops.items()
        if len(bottoms) > 1 and 0.3 < max(bottoms) - min(bottoms) < 0.7
    }
