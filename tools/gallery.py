"""Pictures of real pages, for the docs and for the eye: `make gallery`.

Cases, made of the sample workspace by the same code as any brief, and drawn as PNG.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from briefgen.brief.brief import Brief, Line, Source
from briefgen.day.make import look_of
from briefgen.day.prepare import Day, coded, prepare
from briefgen.meetings.meeting import Window
from briefgen.page.look import Look
from briefgen.page.make import make_page
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language, language_of
from briefgen.workspace.settings import Edition, read_settings

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from sheets import SHEETS  # briefs made by hand, which the tests also use

ROOT = Path(__file__).parents[1]
FIRST_DAY = date(2026, 11, 23)
DAYS = 7
DOTS_AN_INCH = 110
COLORS = 64
"""Enough for the photos; the rest of a page is black and grey."""
WORTH_SAYING = (
    ("Ask how the new night shift in Newark has settled in", "since August"),
    ("Give her the hotline numbers before she has to ask", "call, 12 Oct"),
    ("Her daughter plays in the state final on Saturday", "football"),
    ("She keeps the minutes herself: bring yours to compare", "meeting, 9 Jul"),
    ("Thank her for the introduction to the port authority", "email"),
    ("Ask which of the three carriers gives her most trouble", "survey in May"),
    ("The new warehouse opens in spring: who plans the move?", "newsletter"),
    ("She liked the short version of the status report", "visit, 3 Jun"),
    ("Ask what the board wants to hear in January", "call, 2 Apr"),
    ("Mention the case from Rotterdam, without names", "asked for it in May"),
    ("She prefers to be called before ten", "said twice"),
    ("Ask whether the training for the dispatchers took place", "planned for June"),
)
WHAT_WAS = (
    (116, "The dispatchers tried the screen for a day and asked for larger type."),
    (131, "Agreed on one list of open points, kept by her assistant."),
    (137, "Asked to move the release behind the summer peak."),
    (152, "Two trucks stood at the wrong gate; she wants the reason in writing."),
    (158, "Sent her the reason in writing. She thanked for the plain words."),
    (173, "Walked through the yard with the shift leaders."),
    (180, "Wants to know what happens to her data when the contract ends."),
    (194, "Showed the first screen. She would drop half of the fields."),
    (201, "Half of the fields are gone; she found it much better."),
    (215, "Budget for the interface confirmed, in two parts."),
    (229, "First meeting with the carriers: each has another file format."),
    (236, "Asked for references from a company of their size."),
    (250, "Told of the merger that fell through, in confidence."),
    (264, "Looked at the old booking sheets, eleven of them."),
    (278, "She took over operations and listed what annoys her most."),
    (292, "Handed over by her predecessor, who praised the billing."),
)


def main() -> None:
    """Draw every case into the folder, and say what did not fit."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, default=ROOT / "docs" / "gallery")
    options.add_argument("--only", help="the name of one case")
    given = options.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for name, brief, look in cases():
        if given.only and name != given.only:
            continue
        with TemporaryDirectory() as memory:  # or an earlier plan that fitted would be used again
            made = make_page(brief, look.replace(cache=Path(memory) / "photos"))
        (given.folder / f"{name}.png").write_bytes(picture(made.pdf))
        left = sum(one.count for one in made.omitted)
        print(f"{name}: {made.layouts} layouts, {left} lines left out")
        for problem in made.problems:
            print(f"  {problem}")


def cases() -> Iterable[tuple[str, Brief, Look]]:
    """The name, brief and look of each case; cases that the sample lacks are made by hand."""
    day = sample("en_GB")
    look = look_of(day)
    grey = look.replace(color=False)
    letter = look.replace(size="Letter", language=language_of("en_US"))
    small = look.replace(size="A5")
    phone = look.replace(qr_address="https://robin.local:8443")
    personal, strained = brief_of(day, "Coffee with Miriam"), brief_of(day, "Q4 service review")
    yield "personal", personal, look
    yield "strained", strained, phone
    yield "five-people", brief_of(day, "steering committee"), look
    yield "first-meeting", SHEETS["first"], look
    yield "short", brief_of(day, "Kofi"), look
    yield "two-people", brief_of(day, "Introduction"), look
    yield "twelve-people", SHEETS["twelve"], look
    yield "forty-people", SHEETS["forty"], look
    yield "grief", SHEETS["grief"], look
    yield "board", SHEETS["board"], letter
    yield "overfull", overfull(strained, look.language), look
    yield "online", SHEETS["online"], look
    yield "table-edition", brief_of(day, "Q4 service review", edition="table"), look
    yield "a5", personal, small
    yield "a5-strained", strained, small
    yield "greyscale", brief_of(day, "Lunch with Henrik"), grey
    arabic, japanese = sample("ar"), sample("ja")
    yield "arabic", brief_of(arabic, "Q4 service review"), look_of(arabic)
    yield "japanese", brief_of(japanese, "Coffee with Miriam"), look_of(japanese)


def sample(locale: str) -> Day:
    """The week of the sample workspace, in the language of `locale`."""
    workspace = Workspace(root=ROOT)
    settings, problems = read_settings(ROOT)
    if settings is None:
        raise SystemExit("\n".join(map(str, problems)))
    settings = settings.model_copy(update={"locale": locale})
    language_of(locale)
    as_of = datetime(2026, 11, 22, 22, 10, tzinfo=settings.zone)
    window = Window.of_days(FIRST_DAY, DAYS, settings.zone)
    return coded(prepare(workspace, settings, window=window, as_of=as_of), remember=False)


def brief_of(day: Day, title: str, *, edition: Edition = "full") -> Brief:
    """The first brief of the week whose title has these words."""
    for chosen in day.chosen:
        brief = day.brief(chosen, edition)
        if title in brief.title:
            return brief
    raise SystemExit(f"no meeting called '{title}' in the sample")


def overfull(brief: Brief, language: Language) -> Brief:
    """The same meeting after a year of many notes."""
    source = Source(file="data/contacts/dana-smith.yaml")
    day, text = brief.start.date(), language.text
    say = [
        Line(section="say", label="Dana", text=said, note=why, rule="overfull", source=source)
        for said, why in WORTH_SAYING
    ]
    history = [
        Line(
            section="history",
            label=language.short_date(day - timedelta(days=days), beside=day),
            channel=text("call") if at % 2 else text("meeting"),
            text=said,
            note=text("with {names}", names="Dana" if at % 3 else "Lee"),
            rule="overfull",
            source=source,
        )
        for at, (days, said) in enumerate(WHAT_WAS)
    ]
    more = [one.replace(rank=62 - at) for lines in (say, history) for at, one in enumerate(lines)]
    title = f"{brief.title}: carrier interface, booking screen, and what was agreed in Newark"
    return brief.replace(title=title, lines=(*brief.lines, *more))


def picture(pdf: bytes) -> bytes:
    """The page as a small PNG, its hairlines as even as on paper."""
    draw = ["pdftoppm", "-r", str(DOTS_AN_INCH), "-png", "-singlefile", "-"]
    drawn = Image.open(
        BytesIO(subprocess.run(draw, input=pdf, capture_output=True, check=True).stdout)
    )
    few = drawn.quantize(COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette, paper = few.getpalette() or [], few.getpixel((0, 0))
    assert isinstance(paper, int)
    palette[3 * paper : 3 * paper + 3] = [255, 255, 255]  # not nearly
    few.putpalette(palette)
    stream = BytesIO()
    few.save(stream, "PNG", optimize=True)
    return stream.getvalue()


if __name__ == "__main__":
    main()
