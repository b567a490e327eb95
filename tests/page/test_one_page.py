"""One page, always: whatever a brief holds, and nothing of what must stay is lost."""

from datetime import date
from pathlib import Path

import pytest
from geometry import letters_of, one_page, outside_margins, overlapping, ruled_lines
from handmade import PROMPTS, brief_of, face, line, look_of
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from briefgen.brief.brief import Brief, Line, Mood, Prompt
from briefgen.page.look import MadePage
from briefgen.page.make import make_page
from briefgen.workspace.settings import Size

FOLDER = Path("no-such-workspace")
MARGINS: dict[Size, float] = {"A4": 15, "Letter": 15, "A5": 10}
LINES: dict[Size, int] = {"A4": 6, "Letter": 6, "A5": 2}
"""Ruled lines of both questions."""

SCRIPTS = (
    "went through the open points one by one and wrote them down ",
    "прошли по открытым вопросам и записали ",
    "περάσαμε τα ανοιχτά θέματα ένα ένα ",
    "مررنا على النقاط المفتوحة واحدة واحدة ",
    "עברנו על הנקודות הפתוחות אחת אחת ",
    "我们逐一讨论了未解决的问题并记录下来",
    "हमने खुले बिंदुओं पर एक-एक करके चर्चा की ",
    "เราได้พูดคุยเรื่องที่ค้างอยู่ทีละเรื่อง",
    "👩‍👩‍👧‍👦🇩🇪👍🏽 ",
    "a" * 40,
    "Z̷̡̢̛͓̺͔̖̅̄̽̌a̴l̶g̸o̷ ",
    "\u202eevil\u202c \u0000\u200b ",
)

texts = st.builds(
    lambda script, times: (script * times).strip() or "x",
    st.sampled_from(SCRIPTS),
    st.sampled_from((1, 1, 1, 2, 3, 5, 12, 40)),
)
short_texts = st.builds(lambda text: text[:60].strip() or "x", texts)


def lines_in(section: str, most: int) -> st.SearchStrategy[tuple[Line, ...]]:
    """Up to `most` lines of a section, a few of them different, each with its own rank."""
    return st.builds(
        lambda given, count, label, note: tuple(
            line(
                section,
                given[at % len(given)],
                label=label,
                note=note if at % 3 == 0 else "",
                rank=max(1, 90 - at),
                file=f"data/contacts/person-{at % 5}.yaml",
            )
            for at in range(count)
        ),
        st.lists(texts, min_size=1, max_size=3),
        st.integers(0, most),
        st.sampled_from(("", "2 Nov", "14 Aug 2025", "They owe, by 27 Nov")),
        st.sampled_from(("", "frustrated, rushed", "x" * 300)),
    )


faces = st.builds(
    lambda names, count, facts, moods: tuple(
        face(
            f"Guest{at} {names[at % len(names)]}",
            role="Head of Operations, Acme Logistics" if at % 2 else "",
            remark="" if at % 3 else "no file for j.doe@acme.example",
            lines=facts if at < 6 else (),
            telephone="+1 555 0100" if at % 2 else None,
            decides=at == 0,
            mood=moods if at < 3 else (),
        )
        for at in range(count)
    ),
    st.lists(short_texts, min_size=1, max_size=3),
    st.sampled_from((0, 1, 1, 2, 3, 4, 5, 8, 9, 25, 40)),
    lines_in("person", 6),
    st.sampled_from(
        (
            (),
            tuple(
                Mood(date=date(2026, month, 1), signals=("angry", "quiet"), tone="low")
                for month in range(3, 10)
            ),
        )
    ),
)
prompts = st.sampled_from(
    (
        PROMPTS,
        tuple(
            Prompt(question=one.question, lines=(line("prompt", "x " * 200),)) for one in PROMPTS
        ),
    )
)
overdue = st.builds(
    lambda given, count: tuple(
        line("promises", f"Owed{at} {given}", label="3 days late", mark="overdue", rank=95)
        for at in range(count)
    ),
    texts,
    st.sampled_from((0, 1, 3, 7)),
)
agenda = st.builds(
    lambda lines: tuple(one.replace(text=f"Point{at} {one.text}") for at, one in enumerate(lines)),
    lines_in("agenda", 12),
)
briefs = st.builds(
    lambda title, place, faces, sections, prompts, edition: brief_of(
        title=f"Review {title}",
        place=f"Harbour {place}",
        faces=faces,
        lines=tuple(one for section in sections for one in section),
        prompts=prompts,
        edition=edition,
        marks=("tentative", "moved from 14:00"),
    ),
    texts,
    texts,
    faces,
    st.tuples(
        agenda,
        overdue,
        lines_in("say", 9),
        lines_in("promises", 9),
        lines_in("situation", 5),
        lines_in("repair", 4),
        st.one_of(lines_in("history", 12), lines_in("history", 500)),
    ),
    prompts,
    st.sampled_from(("full", "full", "table")),
)


def check(made: MadePage, brief: Brief, size: Size) -> None:
    """What every page must be."""
    page = one_page(made.pdf)
    assert not outside_margins(page, MARGINS[size])
    assert not overlapping(page)
    assert made.layouts <= 3
    letters = letters_of(page)
    assert "Review" in letters
    assert "10:00–11:00" in letters
    assert "Harbour" in letters or not brief.place
    agenda = len(brief.section("agenda")[:3])
    owed = len([one for one in brief.section("promises") if one.mark == "overdue"][:3])
    assert all(f"Point{at}" in letters for at in range(agenda))
    assert all(f"Owed{at}" in letters for at in range(owed)) or brief.edition == "table"
    gone = sum(one.count for one in made.omitted)
    if gone and brief.edition == "full":
        assert "morelinesonfile" in letters or "morelineonfile" in letters
    assert all(prompt.question.replace(" ", "") in letters for prompt in brief.prompts)
    assert not made.plain
    assert len(ruled_lines(page)) >= (LINES[size] if brief.edition == "full" else 0)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(
    max_examples=14,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(brief=briefs, size=st.sampled_from(("A4", "A4", "Letter", "A5")))
def test_any_brief_is_one_page(brief: Brief, size: Size) -> None:
    """Any brief is one page with all that must stay, nothing on another, nothing in the margins."""
    check(make_page(brief, look_of(FOLDER, size=size)), brief, size)


@pytest.mark.parametrize("size", ["A4", "A5"])
@pytest.mark.parametrize(
    ("what", "lines"),
    [
        ("a long agenda", (line("agenda", "Then we look at the next point. " * 1600),)),
        ("a long word", (line("history", "x" * 100_000), line("agenda", "y" * 100_000))),
        ("a tower", (line("say", "o" + "\u0301" * 100_000),)),
    ],
)
def test_monsters(size: Size, what: str, lines: tuple[Line, ...]) -> None:
    """An agenda of 50,000 signs, a word of 100,000, a tower of marks: one page like any other."""
    lines = tuple(one.replace(text=f"Point0 {one.text}") for one in lines)
    brief = brief_of(title="Review", lines=lines, faces=(face("Guest0"),))
    check(make_page(brief, look_of(FOLDER, size=size)), brief, size)


def test_five_hundred_interactions_cost_no_more_than_a_page() -> None:
    """What could not be on two pages is not laid out at all."""
    lines = tuple(
        line("history", f"Number {n}: talked it through.", rank=max(1, 90 - n)) for n in range(500)
    )
    made = make_page(brief_of(lines=lines), look_of(FOLDER))
    assert made.layouts <= 2
    assert sum(one.count for one in made.omitted) > 400
