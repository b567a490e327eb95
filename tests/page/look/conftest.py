"""A look and briefs to make pages of."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefgen.brief.brief import Brief, Face, Line, Prompt, Source
from briefgen.page.look import Look
from briefgen.workspace.language import language_of

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SOURCE = Source(file="data/contacts/dana-smith.yaml", line=7)


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """A4 in colour and English, in an empty workspace."""
    (tmp_path / "data" / "contacts" / "photos").mkdir(parents=True)
    return Look(
        size="A4",
        color=True,
        language=language_of("en_GB"),
        templates=tmp_path / "templates",
        contacts=tmp_path / "data" / "contacts",
        cache=tmp_path / ".briefgen" / "photos",
        author="Robin Keller",
    )


@pytest.fixture
def new_brief() -> Callable[..., Brief]:
    """Makes briefs: `new_brief(title="…", names=("Dana Smith",))`."""
    return make_brief


def make_brief(
    title: str = "Quarterly review", names: tuple[str, ...] = ("Dana Smith",), **fields: object
) -> Brief:
    """A short full brief of one meeting."""
    given: dict[str, object] = {
        "edition": "full",
        "uid": "q4@calendar.example",
        "recurrence_id": None,
        "start": START,
        "end": START + timedelta(hours=1),
        "feed": "data/calendar.ics",
        "title": title,
        "faces": tuple(
            Face(key=f"p{at}", name=name, email=f"p{at}@acme.example", source=SOURCE)
            for at, name in enumerate(names)
        ),
        "lines": (Line(section="agenda", text="Where we stand", rule="agenda", source=SOURCE),),
        "prompts": (
            Prompt(question="What do they need from me?"),
            Prompt(question="How can I help based on their emotional signals?"),
        ),
    }
    return Brief(**(given | fields))  # type: ignore[arg-type]
