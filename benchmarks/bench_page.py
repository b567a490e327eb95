"""How fast a page is: ratios measured in one run, on 60 varied meetings made here.

- A warm brief, contact values to PDF bytes, against one bare WeasyPrint `write_pdf` of the same
  final HTML with parsed stylesheet and fonts reused.
- The layouts that a brief takes.
- The sample workspace's five-person meeting beside Typst and beside Chromium's print.
"""

import html as markup
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import weasyprint

from briefgen.brief.brief import Brief
from briefgen.day.make import look_of
from briefgen.day.prepare import ChosenMeeting, Day, prepare
from briefgen.meetings.meeting import Window
from briefgen.page import make as making
from briefgen.page import typeset as typesetting
from briefgen.page.look import FONTS, STYLE, Look, font_files, template_folder
from briefgen.page.plan import kept_plan
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import read_settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
ZONE = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 23)
AS_OF = datetime(2026, 11, 22, 22, 10, tzinfo=ZONE)
MEETINGS = 60
WARMING = 4
REPEATS = 3
MANY_REPEATS = 9
FIVE = "steering committee"

NAMES = (
    "Dana Smith", "Ελένη Παπαδάκη", "Jonas Weber", "Amélie Laurent", "Tomás Rivera",
    "Ingrid Solberg", "Priya Raman", "Иван Петров", "Yuki Tanaka", "Zeynep Aydin",
)  # fmt: skip
SIGNALS = ("frustrated", "relieved", "anxious", "enthusiastic", "tired", "curious")
SENTENCES = (
    "Went through the open points; two of them stay open.",
    "Sent the revised plan. No answer for a week.",
    "Walked the floor. Three systems are keyed by hand, twice a day, by the same two people.",
    "Short call about the invoice.",
    "She wants a named engineer, not a hotline, and somebody who calls back the same day.",
)


def no_plan(file: Path) -> None:  # in the place of `kept_plan`
    """No page was ever made before."""


def main() -> None:
    """Print every figure; each page is made as if for the first time."""
    making.kept_plan = no_plan
    with tempfile.TemporaryDirectory() as folder:
        day = sixty_meetings(Path(folder))
        briefs_beside_bare_pages(day)
    with tempfile.TemporaryDirectory() as folder:
        beside_other_typesetters(sample(Path(folder)))


def briefs_beside_bare_pages(day: Day) -> None:
    """A warm brief against one bare layout of its own final HTML; the layouts it takes."""
    look = look_of(day)
    for chosen in day.chosen[:WARMING]:
        making.make_page(day.brief(chosen, "full"), look)
    ratios, briefs, layouts, again = [], [], [], []
    for chosen in day.chosen:
        made, html = final_html(day.brief(chosen, "full"), look)
        layouts.append(made.layouts)
        whole, bare = alternately(partial(brief_to_pdf, day, chosen, look), partial(bare_pdf, html))
        ratios.append(whole / bare)
        again.append(from_kept_plan(day, chosen, look, html))
        briefs.append(whole)
    print(f"{len(ratios)} meetings, a warm brief: {median(briefs) * 1000:.0f} ms (median)")
    print(f"  beside one bare write_pdf of its HTML: {median(ratios):.2f} times (median)")
    print(f"  again, from its kept plan: {median(again):.2f} times (median)")
    print(f"  layouts a brief: {mean(layouts):.2f} on average, {max(layouts)} at most")


def from_kept_plan(day: Day, chosen: ChosenMeeting, look: Look, html: str) -> float:
    """The same brief by the plan that fitted, beside one bare `write_pdf`."""
    making.kept_plan = kept_plan
    try:
        again, bare = alternately(partial(brief_to_pdf, day, chosen, look), partial(bare_pdf, html))
    finally:
        making.kept_plan = no_plan
    return again / bare


def brief_to_pdf(day: Day, chosen: ChosenMeeting, look: Look) -> bytes:
    """Contact values to PDF bytes."""
    return making.make_page(day.brief(chosen, "full"), look).pdf


def final_html(brief: Brief, look: Look) -> tuple[making.MadePage, str]:
    """The page, and the HTML of its last layout."""
    seen: list[str] = []
    lay_out = making.lay_out

    def listening(html: str, **options: object) -> typesetting.LaidOut:
        seen.append(html)
        return lay_out(html, **options)  # type: ignore[arg-type]

    making.lay_out = listening
    try:
        made = making.make_page(brief, look)
    finally:
        making.lay_out = lay_out
    return made, seen[-1]


def bare_pdf(html: str) -> bytes:
    """What WeasyPrint alone needs, stylesheet and fonts parsed already."""
    style = template_folder() / STYLE
    fonts, sheet = typesetting._stylesheet(style, style.stat().st_mtime_ns)  # noqa: SLF001  # the same parsed one
    fetcher = typesetting._fetcher(_Photos())  # noqa: SLF001  # the same
    page = weasyprint.HTML(string=html, base_url=typesetting.ASSETS, url_fetcher=fetcher)
    return bytes(page.write_pdf(font_config=fonts, stylesheets=[sheet], pdf_variant="pdf/ua-1"))


class _Photos(dict[str, bytes]):
    """Any photo, read from the prepared ones."""

    folder: Path | None = None

    def __contains__(self, name: object) -> bool:
        return self.folder is not None and (self.folder / str(name)).is_file()

    def __missing__(self, name: str) -> bytes:
        assert self.folder is not None
        return (self.folder / name).read_bytes()


def alternately(
    *works: Callable[[], object],
    repeats: int = REPEATS,
    clock: Callable[[], float] = time.process_time,
) -> tuple[float, ...]:
    """The median seconds of each work, measured in turn, so that a noisy moment hits all.

    Of processor time, which others on the machine lengthen least; by the clock on the wall where a
    work is done by another process.
    """
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(repeats):
        for at, work in enumerate(works):
            start = clock()
            work()
            seconds[at].append(clock() - start)
    return tuple(median(each) for each in seconds)


def beside_other_typesetters(day: Day) -> None:
    """The five-person meeting beside Typst's compile and Chromium's print, each warm."""
    look = look_of(day)
    chosen = next(one for one in day.chosen if FIVE in one.meeting.title)
    made, html = final_html(day.brief(chosen, "full"), look)
    _Photos.folder = look.cache
    works: dict[str, Callable[[], object]] = {"briefgen": lambda: brief_to_pdf(day, chosen, look)}
    works["bare WeasyPrint"] = lambda: bare_pdf(html)
    print(f"the five-person meeting, {made.layouts} layouts:")
    works["Typst"] = typst_compile(html)
    with chromium_prints(html) as prints:
        works |= prints
        for work in works.values():
            work()
        for by, clock in (("the clock", time.perf_counter), ("processor", processor_time)):
            taken = alternately(*works.values(), repeats=MANY_REPEATS, clock=clock)
            seconds = dict(zip(works, taken, strict=True))
            for name, each in seconds.items():
                share = seconds["briefgen"] / each
                print(f"  {name}: {each * 1000:.0f} ms by {by}; briefgen takes {share:.2f}")


def processor_time() -> float:
    """Processor seconds of this process and of all that came from it: a browser has several."""
    import psutil  # noqa: PLC0415  # a yardstick

    one = psutil.Process()
    return sum(sum(each.cpu_times()[:4]) for each in (one, *one.children(recursive=True)))


def typst_compile(html: str) -> Callable[[], object]:
    """The same words on a like page, set by Typst."""
    import typst  # noqa: PLC0415  # a yardstick

    folder = template_folder() / FONTS
    source = typst_source(html).encode()
    return lambda: typst.compile(  # type: ignore[misc]
        source, font_paths=[str(folder)], ignore_system_fonts=False
    )


def typst_source(html: str) -> str:
    """Headings, lists and paragraphs of the page in two columns, and the two questions."""
    body = html.partition('<div class="body')[2]
    columns = body.partition('<div class="l">')[2].partition('<div class="foot">')[0]
    left, _, right = columns.partition('<div class="r">')
    head = _typst_part(html.partition("<main>")[2].partition('<div class="body')[0])
    side, main = _typst_part(left), _typst_part(right)
    foot = _typst_part(html.partition('<div class="foot">')[2].partition("</main>")[0])
    return (
        '#set page(paper: "a4", margin: 14mm)\n#set text(font: "Source Sans 3", size: 10pt)\n'
        f"{head}\n#line(length: 100%)\n"
        f"#grid(columns: (52mm, 1fr), gutter: 8mm, [{side}], [{main}])\n{foot}\n"
        + "#line(length: 100%)\n#v(6mm)\n"
        * 6
    )


def _typst_part(html: str) -> str:
    text = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    text = re.sub(r"<h[12][^>]*>", "\n\n#strong[", re.sub(r"</h[12]>", "]\n\n", text))
    text = re.sub(r"<tr[^>]*>", "\n- ", re.sub(r"<p[^>]*>", "\n\n", text))
    plain = markup.unescape(re.sub(r"<[^>]*>", "", text))
    kept = plain.replace("#strong[", "\0").replace("]\n\n", "\1")
    kept = re.sub(r"([\\#$*_`<>@\[\]])", r"\\\1", kept)
    return kept.replace("\0", "#strong[").replace("\1", "]\n\n")


@contextmanager
def chromium_prints(html: str) -> Iterator[dict[str, Callable[[], object]]]:
    """Chromium's print of the same file, its fonts and photos loaded; none where it is missing.

    The browser is warm. A page of it is either opened for the brief, as a program does that prints
    one after the other without what the last has left, or one page is used again and again.
    """
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("  no Chromium on this machine")
        yield {}
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # a yardstick

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        address = page_in_files(html, Path(folder)).as_uri()
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        one = browser.new_page()

        def printed(page: "Page") -> bytes:
            page.goto(address)
            return page.pdf(prefer_css_page_size=True, tagged=True)

        def of_a_new_page() -> bytes:
            page = browser.new_page()
            made = printed(page)
            page.close()
            return made

        printed(one)
        assert one.evaluate("[...document.fonts].every(font => font.status != 'error')")
        assert one.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
        yield {
            "Chromium's print, a new page each": of_a_new_page,
            "Chromium's print, the same page again": lambda: printed(one),
        }
        browser.close()


def page_in_files(html: str, folder: Path) -> Path:
    """The page as a browser reads it, with its stylesheet, fonts and photos."""
    shutil.copytree(template_folder() / FONTS, folder / FONTS)
    shutil.copy(template_folder() / STYLE, folder / STYLE)
    for photo in re.findall(rf'"{typesetting.ASSETS}([^"]+)"', html):
        (folder / photo).write_bytes(_Photos()[photo])
    faces = "".join(map(typesetting._font_face, font_files()))  # noqa: SLF001  # the same
    head = f'<style>{faces}</style><link rel="stylesheet" href="{STYLE}"></head>'
    made = folder / "brief.html"
    text = html.replace("</head>", head).replace(typesetting.ASSETS, "")
    made.write_text(text, encoding="utf-8")
    return made


def sample(folder: Path) -> Day:
    """The sample workspace's week."""
    for name in ("briefgen.yaml", "data"):
        target = folder / name
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target)
        else:
            shutil.copy(ROOT / name, target)
    return day_of(folder, days=7)


def sixty_meetings(folder: Path) -> Day:
    """60 people and as many meetings: one to six people, nothing to very much on file."""
    (folder / "data" / "contacts").mkdir(parents=True)
    (folder / "briefgen.yaml").write_text(
        "version: 1\nme: {name: Robin Keller, emails: [robin@keller-advisory.example]}\n"
        "timezone: Europe/Berlin\nfeeds: [data/calendar.ics]\n",
        encoding="utf-8",
    )
    for at in range(MEETINGS):
        path = folder / "data" / "contacts" / f"person-{at}.yaml"
        path.write_text(contact(at), encoding="utf-8")
    events = "".join(map(event, range(MEETINGS)))
    feed = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//bench//EN\r\n{events}END:VCALENDAR"
    (folder / "data" / "calendar.ics").write_text(feed + "\r\n", encoding="utf-8")
    return day_of(folder, days=(MEETINGS + 7) // 8)


def day_of(folder: Path, *, days: int) -> Day:
    """These days of a workspace, prepared."""
    settings, problems = read_settings(folder)
    assert settings is not None, problems
    window = Window.of_days(MONDAY, days, ZONE)
    return prepare(Workspace(root=folder), settings, window=window, as_of=AS_OF)


def contact(at: int) -> str:
    """A contact file; every fourth is nearly empty, every tenth very full."""
    name = f"{NAMES[at % len(NAMES)]} {at}"
    lines = [f"name: {name}", f"emails: [person{at}@acme{at % 7}.example]"]
    if at % 4 == 3:
        return "\n".join(lines) + "\n"
    lines += [f"organization: Acme {at % 7}", "title: Head of Operations"]
    lines += ["interests: [vegetarian cooking, choral singing]", 'telephones: ["+1 555 0100"]']
    if at % 5 == 0:
        lines.append("situation: {current_state: keyed by hand, desired_outcome: one screen}")
    if at % 3 == 0:
        lines.append(
            "promises:\n  - {by: me, text: send the draft, made: 2026-11-02, due: 2026-11-20}"
        )
    if at % 6 == 0:
        lines.append("talking_points: [ask how the trip went, 'ask about the new office']")
    lines.append("interactions:")
    for n in range(24 if at % 10 == 0 else 1 + at % 6):
        day = date(2026, 11, 2) - timedelta(days=19 * n + at % 5)
        lines.append(
            f"  - {{date: {day}, channel: call, signals: [{SIGNALS[(at + n) % len(SIGNALS)]}],\n"
            f'     summary: "{SENTENCES[(at + n) % len(SENTENCES)]}"}}'
        )
    return "\n".join(lines) + "\n"


def event(at: int) -> str:
    """One meeting with 1 to 6 people."""
    start = datetime(2026, 11, 23 + at // 8, 8 + at % 8)  # noqa: DTZ001  # TZID says where
    people = range(at, at + (1, 1, 2, 1, 3, 1, 2, 4, 1, 6)[at % 10])
    attendees = "".join(
        f"ATTENDEE;CN=P{n}:mailto:person{n % MEETINGS}@acme{n % MEETINGS % 7}.example\r\n"
        for n in people
    )
    agenda = "\\n".join(f"- Point {n + 1} of the programme" for n in range(at % 6))
    return (
        f"BEGIN:VEVENT\r\nUID:bench-{at}\r\nDTSTAMP:20261101T080000Z\r\n"
        f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}\r\nDURATION:PT45M\r\n"
        f"SUMMARY:Programme {at}: next steps\r\nDESCRIPTION:{agenda}\r\n"
        f"LOCATION:Harbour Road {at}\r\n{attendees}END:VEVENT\r\n"
    )


if __name__ == "__main__":
    main()
