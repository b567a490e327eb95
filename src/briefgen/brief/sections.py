"""The sections of a brief and their names: one table for the page, `show`, web, mail and docs."""

from collections.abc import Sequence
from functools import cache
from typing import Final, Literal

from briefgen.brief.brief import Brief, GlanceLabel, GlanceLine, Kind, Line, Section
from briefgen.contacts.contact import Stance
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

Part = Literal["people", "matters", "agenda", "raise", "last", "path", "questions"]
"""What is under one heading of the page; several sections may share one."""
Column = Literal["left", "right", "foot"]
_CAREFUL: Final = frozenset({"apology", "overdue", "warning", "space"})


class SectionRow(Value, frozen=True, kw_only=True):
    """One section.

    Attributes:
        key: its name in the code, in templates and in reports.
        part: what it shares a heading with.
        heading: that heading in English; empty if it has none.
        column: its column for up to four people.
        among_many: its column from five people on.
        most: how many lines are candidates for a page.
        stays: how many of its lines are never left out for lack of room: the first of the agenda,
            the most overdue of the promises.
        worth: added to the rank of its lines to compare them with other sections.
        trimmed: how it is made shorter.
        ordered: whether its lines keep their order, rather than being grouped by person.
        ticked: whether its lines have a box to tick.
        on_table: whether lines marked `print` are in the table edition.
        mailed: whether it is in the text of a mail about one meeting.
        note: what it is for.
    """

    key: Section
    part: Part
    heading: str
    column: Column
    among_many: Column
    most: int
    stays: int = 0
    worth: int = 0
    trimmed: str = "by rank"
    ordered: bool = False
    ticked: bool = False
    on_table: bool = False
    mailed: bool = False
    note: str


SECTIONS: Final[tuple[SectionRow, ...]] = (
    SectionRow(
        key="person", part="matters", heading=Phrase("What matters to them"), column="left",
        among_many="left", most=12, note="small facts about one participant",
    ),
    SectionRow(
        key="agenda", part="agenda", heading=Phrase("Agenda"), column="right", among_many="left",
        most=24, stays=3, trimmed="the first ten, and a count", ordered=True, on_table=True,
        mailed=True, note="what is to be discussed",
    ),
    SectionRow(
        key="repair", part="raise", heading=Phrase("To raise"), column="right", among_many="right",
        most=8, note="a strained, lapsed or new relationship",
    ),
    SectionRow(
        key="bring", part="raise", heading=Phrase("To raise"), column="right", among_many="right",
        most=5, ticked=True, on_table=True, mailed=True, note="what is due by the meeting",
    ),
    SectionRow(
        key="promises", part="raise", heading=Phrase("To raise"), column="right",
        among_many="right", most=9, stays=3, ticked=True, on_table=True, mailed=True,
        note="who said they would do what",
    ),
    SectionRow(
        key="say", part="raise", heading=Phrase("To raise"), column="right", among_many="right",
        most=12, on_table=True, mailed=True, note="talking points",
    ),
    SectionRow(
        key="reflection", part="last", heading=Phrase("Last time, and before"), column="right",
        among_many="right", most=2, note="how the last meeting went, by your own account",
    ),
    SectionRow(
        key="history", part="last", heading=Phrase("Last time, and before"), column="right",
        among_many="right", most=14, worth=-16, ordered=True, on_table=True,
        note="what was, newest first",
    ),
    SectionRow(
        key="situation", part="path", heading=Phrase("From here to there"), column="left",
        among_many="left", most=7, worth=-6, on_table=True,
        note="where they are and want to be; what is agreed",
    ),
    SectionRow(
        key="prompt", part="questions", heading="", column="foot", among_many="foot",
        most=12, stays=1, worth=-20, note="what is known beneath one of the questions",
    ),
)  # fmt: skip
"""In the order in which they are read."""


@cache
def section_row(key: str) -> SectionRow:
    """The row of a section."""
    return next(row for row in SECTIONS if row.key == key)


def sections_by_heading(
    brief: Brief, language: Language
) -> dict[str, list[tuple[SectionRow, tuple[Line, ...]]]]:
    """What is under each heading, in the order of the page."""
    names = [face.short for face in brief.faces]
    found: dict[str, list[tuple[SectionRow, tuple[Line, ...]]]] = {}
    for row in SECTIONS:
        if lines := brief.section(row.key):
            named = names if row.part != "last" or quotes_last(brief) else ()
            heading = section_heading(row.key, language, kind=brief.kind, names=named)
            found.setdefault(heading, []).append((row, lines))
    return found


def quotes_last(brief: Brief) -> bool:
    """Whether "last time" quotes someone in grief."""
    return any(line.rule == "history-last-said" for line in brief.lines)


def section_heading(
    section: Section, language: Language, *, kind: Kind = "usual", names: Sequence[str] = ()
) -> str:
    """The heading of a section; empty for one without.

    `names` are the participants' short names: one alone is called by it.
    """
    row, text = section_row(section), language.text
    name = names[0] if len(names) == 1 else ""
    if kind == "grief" and name:
        if row.part == "raise":
            return text("If {name} brings it up", name=name)
        if row.part == "last":
            return text("What {name} said last", name=name)
    if row.part == "matters" and name:
        return text("What matters to {name}", name=name)
    return language.said(row.heading)


def glance_label(label: GlanceLabel, language: Language) -> str:
    """The label before a line of the glance."""
    text = language.text
    words: dict[GlanceLabel, str] = {
        "first": text("First"),
        "bring": text("Bring"),
        "ask": text("Ask"),
        "then": text("Then"),
        "not-today": text("Not today"),
    }
    return words[label]


def is_careful(row: GlanceLine) -> bool:
    """Whether a line of the glance is about what is late, owed or needs care."""
    owed = row.label == "first" and any(line.mark in _CAREFUL for line in row.lines)
    return owed or row.label == "not-today"


def named(name: str, said: str, language: Language) -> str:
    """`Dana: call her`; with a dash if the text has a colon: `Dana – Next step: …`."""
    if ": " in said or "\uff1a" in said:
        return language.text("{label} – {text}", label=name, text=said)  # a dash
    return language.labelled(name, said)


def stance_word(stance: Stance, language: Language) -> str:
    """The word of a stance."""
    text = language.text
    words: dict[Stance, str] = {
        "listen": text("listen"),
        "teach": text("teach"),
        "advise": text("advise"),
        "coach": text("coach"),
    }
    return words[stance]
