"""The user's templates, tried on a specimen of a brief that has every part."""

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from briefgen.brief.brief import (
    Brief,
    Face,
    Glance,
    GlanceLine,
    GlanceStance,
    Line,
    Mark,
    Mood,
    Prompt,
    Section,
    Source,
)
from briefgen.page.look import Look
from briefgen.page.render import syntax_problems
from briefgen.page.templates import PAGE, has_own_templates
from briefgen.page.workers import Failure, make_pages
from briefgen.workspace.language import language_of
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, in_order

_SOURCE = Source(file="data/contacts/dana-smith.yaml", line=1)
_LINES: tuple[tuple[Section, str, Mark | None], ...] = (
    ("agenda", "Service levels", None),
    ("say", "Maya has probably graduated: ask", "ask"),
    ("promises", "send the draft service levels", "overdue"),
    ("promises", "name a project lead", "theirs"),
    ("bring", "article on carrier pricing", "due"),
    ("situation", "three carriers keyed by hand", None),
    ("repair", "be direct; ask what is bothering them", "apology"),
    ("history", "went through the missed go-live", "verbatim"),
    ("reflection", "bring options next time", None),
)


def template_problems(own: Path) -> tuple[Problem, ...]:
    """Every mistake in the user's templates that shows on a whole brief, in the full edition."""
    if not has_own_templates(own):
        return ()
    problems = list(syntax_problems(own))
    with TemporaryDirectory(prefix="briefgen-") as folder:
        look = Look(
            size="A4",
            color=True,
            language=language_of("en_GB"),
            templates=own,
            contacts=Path(folder),
            cache=Path(folder),
            author="Robin Keller",
        )
        for _, page in make_pages([specimen()], look):
            problems += [_failed(page, own)] if isinstance(page, Failure) else page.problems
    return in_order(problems)


def _failed(failure: Failure, own: Path) -> Problem:
    return Problem(
        file=f"{own.name}/{PAGE}",
        message=Phrase("cannot be typeset: {reason}", reason=failure.reason),
    )


def specimen() -> Brief:
    """A brief in which each part of a page is there once."""
    return Brief(
        edition="full",
        uid="specimen@calendar.example",
        recurrence_id=None,
        start=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
        end=datetime(2026, 11, 23, 11, 0, tzinfo=UTC),
        feed="data/calendar.ics",
        title="Quarterly review",
        place="Harbour Street 5",
        join_link="https://meet.example/quarterly",
        organizations=("Acme Logistics",),
        marks=("tentative",),
        glance=_glance(),
        faces=(_known_face(), _unknown_face()),
        uncounted=3,
        lines=tuple(_line(section, text, mark) for section, text, mark in _LINES),
        prompts=(
            Prompt(
                question="What do they need from me?",
                lines=(_line("prompt", "a named engineer", "open"),),
            ),
            Prompt(
                question="How can I help based on their emotional signals?",
                stances=("listen", "teach", "advise", "coach"),
                suggested="listen",
            ),
        ),
        code="K7Q4",
        calendar_as_of=datetime(2026, 11, 22, 22, 10, tzinfo=UTC),
    )


def _glance() -> Glance:
    return Glance(
        stance=GlanceStance(
            text="Listen first",
            stance="listen",
            evidence="Dana, 2 November",
            rule="specimen",
            source=_SOURCE,
        ),
        lead=_line("prompt", "Dana still needs: a named engineer", None),
        lines=(
            GlanceLine(
                label="first", lines=(_line("repair", "we missed the go-live date", "apology"),)
            ),
            GlanceLine(label="bring", lines=(_line("promises", "the draft", "overdue"),)),
        ),
    )


def _known_face() -> Face:
    return Face(
        key="dana-smith",
        name="Dana Smith",
        email="dana.smith@acme.example",
        contact="dana-smith",
        role="VP Operations, Acme Logistics",
        initials="DS",
        decides=True,
        telephone="+1 555 0100",
        lines=(_line("person", "decides", "decides"),),
        mood=(
            Mood(date=date(2026, 8, 14), signals=("open",), tone="neutral"),
            Mood(date=date(2026, 11, 2), signals=("frustrated", "rushed"), tone="low"),
        ),
        source=_SOURCE,
    )


def _unknown_face() -> Face:
    return Face(
        key="j.doe@acme.example",
        name="J. Doe",
        email="j.doe@acme.example",
        remark="no file for j.doe@acme.example",
        initials="JD",
        source=Source(file="data/calendar.ics"),
    )


def _line(section: Section, text: str, mark: Mark | None) -> Line:
    return Line(
        section=section,
        text=text,
        rule="specimen",
        source=_SOURCE,
        label="2 Nov" if section == "history" else "",
        channel="call" if section == "history" else "",
        note="frustrated" if section == "history" else "",
        who="dana-smith" if section in {"person", "history"} else None,
        mark=mark,
    )
