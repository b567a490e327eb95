"""Briefs and looks made by hand, to make pages of."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from briefgen.brief.brief import Brief, Face, Line, Prompt, Section, Source
from briefgen.page.look import Look
from briefgen.workspace.language import language_of

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 23, 10, tzinfo=ZONE)
FEED = Source(file="work")


def line(
    section: Section,
    text: str,
    *,
    file: str = "data/contacts/dana-smith.yaml",
    **more: Any,  # noqa: ANN401  # a field each
) -> Line:
    """A line of a brief."""
    return Line(section=section, text=text, rule="test", source=Source(file=file), **more)


def face(name: str, **more: Any) -> Face:  # noqa: ANN401  # a field each
    """A participant of a brief."""
    key = name.lower().replace(" ", "-")
    initials = "".join(part[:1] for part in name.split()[:2]).upper()
    given = {"initials": initials, "source": Source(file=f"data/contacts/{key}.yaml"), **more}
    return Face(key=key, name=name, **given)


PROMPTS = (
    Prompt(question="What do they need from me?"),
    Prompt(
        question="How can I help based on their emotional signals?",
        stances=("listen", "teach", "advise", "coach"),
    ),
)


def brief_of(**more: Any) -> Brief:  # noqa: ANN401  # a field each
    """A brief with what every brief has, and `more`."""
    given: dict[str, Any] = {
        "edition": "full",
        "uid": "abc@calendar.example",
        "recurrence_id": None,
        "start": START,
        "end": START + timedelta(hours=1),
        "feed": "work",
        "title": "Q4 service review",
        "faces": (face("Dana Smith"),),
        "prompts": PROMPTS,
        "code": "K7Q4",
    }
    return Brief(**{**given, **more})


def look_of(folder: Path, **more: Any) -> Look:  # noqa: ANN401  # a field each
    """A look of a workspace at `folder`."""
    given: dict[str, Any] = {
        "size": "A4",
        "color": True,
        "language": language_of("en_GB"),
        "templates": folder / "templates",
        "contacts": folder / "data" / "contacts",
        "cache": folder / ".briefgen" / "photos",
        "author": "Robin Keller",
    }
    return Look(**{**given, **more})
