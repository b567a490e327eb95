"""Meetings, written out: what a thoughtful colleague would put on the sheet.

Each file in `cases/` holds the contacts, the meeting and, under `says`, the whole brief as text.
After a change of wording, run this file with BRIEFGEN_WRITE_CASES=1 to write them again, and read
every line of the difference before keeping it.
"""

import os
import re
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from briefgen.brief.show import as_text
from briefgen.workspace.language import language_of
from briefgen.workspace.settings import Me

from .conftest import ME, Desk, attendee, past

CASES = sorted((Path(__file__).parent / "cases").glob("*.case"))


def read_case(path: Path) -> tuple[list[str], dict[str, object], str, str]:
    """The contacts, the meeting, what the brief says, and everything before that."""
    text = path.read_text(encoding="utf-8")
    before, _, says = text.partition("=== says\n")
    parts = re.split(r"^=== (\w+)\n", before, flags=re.MULTILINE)[1:]
    named = list(zip(parts[::2], parts[1::2], strict=True))
    contacts = [body for name, body in named if name == "contact"]
    (meeting,) = (yaml.safe_load(body) for name, body in named if name == "meeting")
    return contacts, meeting, says, before


def compose_case(contacts: list[str], meeting: dict[str, object]) -> str:
    """The brief of a case as text."""
    desk = Desk().with_contacts(*contacts)
    given = dict(meeting)
    if (domain := given.pop("domain", None)) is not None:  # of the user's own firm
        desk.me = Me(name="Robin Keller", emails=(ME,), internal_domains=(str(domain),))
    days = given.pop("past", [])
    addresses = given.pop("attendees", None)
    names, answers = given.pop("names", None), given.pop("answers", None)
    if isinstance(addresses, list):
        shown = names if isinstance(names, list) else [""] * len(addresses)
        said = answers if isinstance(answers, list) else ["ACCEPTED"] * len(addresses)
        desk.attendees = tuple(
            attendee(one, name, participation=answer)
            for one, name, answer in zip(addresses, shown, said, strict=True)
        )
    people = [a.address for a in desk.meeting().attendees[1:] if a.address]
    assert isinstance(days, list)
    desk.past = tuple(past(f"{day}T15:00", *people) for day in days)
    return as_text(desk.compose(**given), language_of("en_GB"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_reads_as_written(path: Path) -> None:
    """The whole brief, word for word."""
    contacts, meeting, says, before = read_case(path)
    said = compose_case(contacts, meeting)
    if os.environ.get("BRIEFGEN_WRITE_CASES"):
        path.write_text(f"{before.rstrip()}\n=== says\n{said}", encoding="utf-8")
        return
    assert said == says


def test_there_are_at_least_forty() -> None:
    """And none of them speaks like a machine."""
    assert len(CASES) >= 40
    for path in CASES:
        *_, says, _ = read_case(path)
        assert not re.search(r"\d\.\d days|None|\{|\}|  +\(|\.\.|: \.", says), path.stem
        assert (
            len(
                re.findall(
                    r"(?i)^.*(?:apologise|owe an apology|you apologised)", says, re.MULTILINE
                )
            )
            <= 1
        )


def test_the_cases_are_dated() -> None:
    """All of them are composed for one Monday."""
    assert Desk().meeting().start == datetime.fromisoformat("2026-11-23T10:00+01:00")
