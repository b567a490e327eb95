from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO

import pdfplumber
import pytest

from briefgen.brief.brief import Brief, Line, Source
from briefgen.page.look import Look
from briefgen.page.make import make_page
from briefgen.page.text import JOINER, NO_BREAK, bound, in_whole_parts, tidy, unwidowed
from briefgen.workspace.language import LANGUAGES, language_of

NewBrief = Callable[..., Brief]
SOURCE = Source(file="data/contacts/dana-smith.yaml")
DAY = date(2025, 10, 5)


@pytest.mark.parametrize("locale", [*LANGUAGES, "en_US", "pt_BR"])
def test_a_date_stays_on_one_line(locale: str) -> None:
    """Day and month, month and year: in every language they are written as one word."""
    language = language_of(locale)
    short, month = language.short_date(DAY, beside=DAY), language.short_month(DAY)
    for said in (short, month):
        kept = bound(f"x {said} x", language).removeprefix("x ").removesuffix(" x")
        assert " " not in kept
        assert kept.replace(NO_BREAK, " ").replace(JOINER, "") == said
        assert locale != "ja" or JOINER in kept


@pytest.mark.parametrize("locale", [*LANGUAGES, "en_US", "pt_BR"])
def test_from_when_to_when_stays_on_one_line(locale: str) -> None:
    """A gap in the day is not parted before its end."""
    language = language_of(locale)
    times = [language.clock_time(datetime(2026, 11, 23, at, 45, tzinfo=UTC)) for at in (9, 10)]
    span = language.text("{start} to {end}", start=times[0], end=times[1])
    whole = span[span.index(times[0]) :]
    assert whole.replace(" ", NO_BREAK) in bound(
        language.text("Free {spans}", spans=span), language
    )


def test_other_figures_and_words_may_part() -> None:
    """Only dates are held together."""
    said = "5 people, 3 in May, room 12, 41 days ago"
    assert bound(said, language_of("en_GB")) == said


def test_french_signs_stay_with_their_words() -> None:
    """No line begins with a colon, a semicolon, a question mark or a closing quote."""
    said = bound("« oui » : quoi ; où ? là !", language_of("fr"))
    assert said == "«\u00a0oui\u00a0»\u00a0: quoi\u00a0; où\u00a0? là\u00a0!"


def test_readers_of_the_page_find_plain_spaces(look: Look, new_brief: NewBrief) -> None:
    """On the page a date is not broken, and neither joiners nor no-break spaces are in its text."""
    words = [f"{'x' * length} 25 Sept 2025" for length in range(50, 75)]
    lines = tuple(Line(section="say", text=text, rule="said", source=SOURCE) for text in words)
    brief = new_brief(lines=lines)
    made = make_page(brief, look)
    with pdfplumber.open(BytesIO(made.pdf)) as document:
        said = document.pages[0].extract_text()
        assert JOINER not in said
        assert NO_BREAK not in said
        assert JOINER not in str(document.metadata)
    shown = len(words) - sum(one.count for one in made.omitted)
    assert said.count("25 Sept 2025") == shown > 5


@pytest.mark.parametrize("locale", ["de", "en_US", "fr", "ja"])
def test_dates_of_what_was_stand_in_one_column(
    locale: str, look: Look, new_brief: NewBrief
) -> None:
    """However long a date is, what was said begins at the same place in every line."""
    language = language_of(locale)
    days = (date(2026, 9, 28), date(2026, 11, 2), date(2025, 9, 28), date(2025, 12, 28))
    for count in (2, 4):
        lines = tuple(
            Line(
                section="history",
                label=language.short_date(day, beside=days[0]),
                text=f"Said{at}",
                rule="history",
                source=SOURCE,
            )
            for at, day in enumerate(days[:count])
        )
        brief = new_brief(lines=lines)
        pdf = make_page(brief, look.replace(language=language)).pdf
        with pdfplumber.open(BytesIO(pdf)) as document:
            found = document.pages[0].search("Said[0-9]")
        assert len(found) == count
        assert max(one["x0"] for one in found) - min(one["x0"] for one in found) < 1


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        ("Head of Operations, Nordwind", ["Head of Operations,", "Nordwind"]),
        ("Owner, Fairweather & Sons", ["Owner,", "Fairweather & Sons"]),
        ("設計部長、Yamato Works", ["設計部長、Yamato Works"]),
        (
            "Deputy Director of Special Projects, Harbor",
            ["Deputy", "Director", "of", "Special", "Projects,", "Harbor"],
        ),
    ],
)
def test_a_role_breaks_after_its_comma(role: str, parts: list[str]) -> None:
    """Title and organization are each in one piece, if they have room beside a photo."""
    pieces = in_whole_parts(role, 22).replace("\u2060", "").split(" ")
    assert [piece.replace(NO_BREAK, " ") for piece in pieces] == parts


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("The clinics want fewer forms. She will name two for a visit.", "for a visit."),
        ("Open-water swimming, island architecture", "island architecture"),
        ("Versicherungsangelegenheiten und Liegenschaftsverwaltung", "Liegenschaftsverwaltung"),
    ],
)
def test_no_short_word_ends_alone_on_a_line(text: str, end: str) -> None:
    """The last words are kept together, with an article too, where they are short."""
    assert unwidowed(text, language_of("en")).split(" ")[-1].replace(NO_BREAK, " ") == end


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("we missed the go-live", "we missed the go-\u2060live"),
        ("qu’espèrent-elles ?", "qu’espèrent-\u2060elles ?"),
        ("2026-11-23", "2026-11-23"),
        ("solaris-freight.example", "solaris-freight.example"),
        ("Projektleitungs-Vertretung", "Projektleitungs-Vertretung"),
    ],
)
def test_short_words_with_a_hyphen_are_not_broken(text: str, kept: str) -> None:
    """No line ends with `go-`; long words, dates and addresses may break."""
    assert tidy(text, 60) == kept
