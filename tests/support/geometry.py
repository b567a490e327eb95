"""A page read back from its PDF: where its words and lines are, in millimetres."""

import itertools
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Any

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
    """The signs that are in the margins."""
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
    """Pairs of words that overlap."""
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

    They are as wide as the right column, and grey: the head or the foot of a box, which is drawn
    as two of them, one inside the other, and there half a point apart.
    """
    found: dict[float, float] = {}
    for inner, outer in pairwise(page.rects):
        color = inner["non_stroking_color"] or (0,)
        grey = all(isinstance(one, (int, float)) for one in color) and max(color) > 0.4
        of_one_box = (inner["x0"], inner["x1"]) == (outer["x0"], outer["x1"])
        if grey and of_one_box and inner["x1"] - inner["x0"] > 0.45 * float(page.width):
            if 0.3 < outer["bottom"] - inner["bottom"] < 0.7:
                found[round(outer["bottom"], 1)] = inner["x0"]
            if 0.3 < inner["top"] - outer["top"] < 0.7:
                found[round(inner["top"], 1)] = inner["x0"]
    for char in page.chars:
        middle = (char["top"] + char["bottom"]) / 2
        on = [
            top
            for top, left in found.items()
            if abs(top - middle) < 1 and left < char["x0"] < left + 0.45 * float(page.width)
        ]
        assert not (on and char["text"].strip()), char["text"]
    return sorted(top / MILLIMETRE for top in found)


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What a reader of a sheet gets, in numbers.

    Attributes:
        small: the share of signs under nine points.
        smallest: the smallest size of type, in points.
        longest: the signs of the longest running line.
        contrast: of the lightest word with the paper.
        words: how many there are.
        lines: how many ruled lines there are to write on.
        fill: how much of the height between the margins has something on it, in per cent.
    """

    small: float
    smallest: float
    longest: int
    contrast: float
    words: int
    lines: int
    fill: float


def measures_of(page: Page) -> Measures:
    """The sheet in numbers."""
    chars = [char for char in page.chars if char["text"].strip()]
    sizes = [round(char["size"], 2) for char in chars]
    rules = ruled_lines(page)
    spans = {
        (round(char["top"] / MILLIMETRE), round(char["bottom"] / MILLIMETRE)) for char in chars
    }
    spans |= {(round(top) - 8, round(top)) for top in rules}
    heights = {at for first, last in spans for at in range(first, last + 1)}
    return Measures(
        small=sum(size < 8.95 for size in sizes) / len(sizes),
        smallest=min(sizes),
        longest=max(map(len, running_lines(page)), default=0),
        contrast=min(map(_contrast, chars)),
        words=len(page.extract_words()),
        lines=len(rules),
        fill=100 * len(heights) / (float(page.height) / MILLIMETRE - 24),
    )


def running_lines(page: Page) -> list[str]:
    """The lines of type; what stands far apart on one height is two lines."""
    lines = []
    for row in page.extract_text_lines(return_chars=True, x_tolerance=1.5):
        chars = row["chars"]
        start = 0
        for at in range(1, len(chars) + 1):
            apart = at < len(chars) and chars[at]["x0"] - chars[at - 1]["x1"] > 3 * MILLIMETRE
            if at == len(chars) or apart:
                lines.append(_with_spaces(chars[start:at]))
                start = at
    return lines


def _with_spaces(chars: list[dict[str, Any]]) -> str:
    """What these signs say; the gaps between words, which the reader drops, are spaces again."""
    gaps = [
        " " if one["x0"] - before["x1"] > 0.12 * one["size"] else ""
        for before, one in itertools.pairwise(chars)
    ]
    return "".join(f"{gap}{one['text']}" for gap, one in zip(["", *gaps], chars, strict=True))


def _contrast(char: dict[str, Any]) -> float:
    red, green, blue = (tuple(char["non_stroking_color"] or (0,)) * 3)[:3]
    light = 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)
    return 1.05 / (light + 0.05)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
