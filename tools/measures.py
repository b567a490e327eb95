"""Every kind of sheet in numbers, read back from its PDF: `make measures`.

Kinds made by hand and meetings of the sample workspace, on A4, Letter and A5, in every language;
the table edition and the day sheet too. Faults are listed, and end it with status 1.
"""

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pdfplumber
from gallery import FIRST_DAY, brief_of, overfull, sample
from geometry import Measures, measures_of, outside_margins, overlapping
from sheets import SHEETS

from briefgen.brief.brief import Brief
from briefgen.brief.day import compose_day
from briefgen.day.make import look_of
from briefgen.day.pack import attention_for
from briefgen.day.prepare import Day
from briefgen.page.look import Look
from briefgen.page.make import make_page
from briefgen.page.packet import PacketContents, make_packet
from briefgen.workspace.language import LANGUAGES, Language
from briefgen.workspace.settings import Size

PAPERS: tuple[Size, ...] = ("A4", "Letter", "A5")
MARGINS: dict[Size, float] = {"A4": 15, "Letter": 15, "A5": 10}
LEAST_LINES: dict[Size, int] = {"A4": 6, "Letter": 6, "A5": 2}
MOST_SMALL = 0.10
MOST_SIGNS = 95
MEETINGS = ("Q4 service review", "Coffee with Miriam", "steering committee", "Introduction")
KIND = "{:<22} {:<6} {:<5}"
HEAD = KIND.format("sheet", "paper", "in") + " pages over out longest small  least words rules fill"


class Sheet(NamedTuple):
    """One sheet to be made and measured."""

    kind: str
    brief: Brief | None
    look: Look
    day: Day


def main() -> None:
    """Print a row for each sheet, and its faults."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--every", action="store_true", help="each kind, paper and language")
    options.add_argument("--only", default="", help="sheets with these words in their row")
    given = options.parse_args()
    print(HEAD)
    found: list[Measures] = []
    faults: list[str] = []
    with TemporaryDirectory() as memory:
        for sheet in sheets(every=given.every):
            row = KIND.format(sheet.kind, sheet.look.size, sheet.look.language.locale.language)
            if given.only not in row:
                continue
            pdf = pdf_of(sheet, Path(memory))
            with pdfplumber.open(BytesIO(pdf)) as document:
                page = document.pages[0]
                seen = measures_of(page)
                over, out = overlapping(page), outside_margins(page, MARGINS[sheet.look.size])
                pages = len(document.pages)
            found.append(seen)
            told = list(faults_of(sheet, seen, over=over, out=out, pages=pages))
            faults += [f"{row}: {fault}" for fault in told]
            print(
                f"{row} {pages:5} {len(over):4} {len(out):3} {seen.longest:7} {seen.small:5.1%}"
                f" {seen.smallest:6.1f} {seen.words:5} {seen.lines:5} {seen.fill:3.0f}%"
                f"{'  <--' if told else ''}",
                flush=True,
            )
    print(f"{len(found)} sheets: {summary(found)}")
    print("\n".join(faults) or "no faults")
    sys.exit(bool(faults))


def summary(found: list[Measures]) -> str:
    """The worst values of all sheets."""
    return (
        f"longest line {max(one.longest for one in found)} characters,"
        f" at most {max(one.small for one in found):.1%} of them under 9 pt,"
        f" smallest {min(one.smallest for one in found):.1f} pt,"
        f" contrast {min(one.contrast for one in found):.1f}:1,"
        f" {median(one.words for one in found):.0f} words, {median(one.fill for one in found):.0f}"
        " % filled (median)"
    )


def faults_of(
    sheet: Sheet, seen: Measures, *, over: list[tuple[str, str]], out: list[str], pages: int
) -> Iterator[str]:
    """The faults of a sheet."""
    size = sheet.look.size
    if pages != 1:
        yield f"{pages} pages"
    if over:
        yield f"overlap: {over[:3]}"
    if out:
        yield f"outside the margins: {out[:9]}"
    if seen.longest > MOST_SIGNS:
        yield f"a line of {seen.longest} characters"
    if seen.small > MOST_SMALL:
        yield f"{seen.small:.1%} under 9 pt"
    if seen.contrast < 7:
        yield f"contrast {seen.contrast:.1f}:1"
    if sheet.brief and sheet.brief.edition == "full" and seen.lines < LEAST_LINES[size]:
        yield f"{seen.lines} ruled lines"


def pdf_of(sheet: Sheet, memory: Path) -> bytes:
    """The sheet's PDF, made without a cache."""
    look = sheet.look.replace(cache=memory / "photos")
    if sheet.brief is not None:
        return make_page(sheet.brief, look).pdf
    day = sheet.day
    briefs = tuple(day.brief(one, "full") for one in day.chosen if one.meeting.day == FIRST_DAY)
    told = attention_for(day, FIRST_DAY)
    first = compose_day(
        FIRST_DAY, briefs, book=day.book, language=day.language, edition="full", attention=told
    )
    return make_packet(PacketContents(sheet=first, briefs=()), look).pdf


def sheets(*, every: bool) -> Iterator[Sheet]:
    """Each kind on each paper in English; in other languages on one paper each, in turn."""
    for at, locale in enumerate(("en_GB", *(one for one in LANGUAGES if one != "en"))):
        day = sample(locale)
        look = look_of(day)
        kinds = list(briefs_of(day, look.language))
        for place, (kind, brief) in enumerate(kinds):
            for paper in PAPERS:
                if every or locale == "en_GB" or paper == PAPERS[(at + place) % len(PAPERS)]:
                    yield Sheet(kind, brief, look.replace(size=paper), day)


def briefs_of(day: Day, language: Language) -> Iterator[tuple[str, Brief | None]]:
    """The kinds: made by hand, of the sample, for the table, and the day sheet."""
    for name, brief in SHEETS.items():
        yield name, asked_in(language, brief)
    for title in MEETINGS:
        yield f"sample {title.split()[0]}", brief_of(day, title)
    yield "sample overfull", overfull(brief_of(day, MEETINGS[0]), language)
    for name in ("strained", "board", "forty"):
        yield f"table {name}", SHEETS[name].replace(edition="table")
    yield "table sample", brief_of(day, MEETINGS[0], edition="table")
    yield "day sheet", None


def asked_in(language: Language, brief: Brief) -> Brief:
    """A brief made by hand, its questions in a language."""
    return brief.replace(
        prompts=tuple(one.replace(question=language.text(one.question)) for one in brief.prompts)
    )


if __name__ == "__main__":
    main()
