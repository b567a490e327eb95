"""What is on file but cannot be so: `check` mentions it, and no brief says it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from briefgen.brief.doubts import doubts_on_file
from briefgen.brief.signals import read_vocabulary
from briefgen.contacts.index import open_book
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import language_of
from briefgen.workspace.problems import Problem

from .conftest import Desk, day, every_line

TODAY = day("2026-11-23")


def told(folder: Path, contact: str, organization: str = "") -> list[Problem]:
    """The doubts about one contact file, whose first line is its name."""
    (folder / "briefgen.yaml").write_text("version: 1\n")
    for kind, text in (("contacts", contact), ("organizations", organization)):
        (folder / "data" / kind).mkdir(parents=True)
        if text:
            (folder / "data" / kind / "one.yaml").write_text(text)
    book, _ = open_book(Workspace(root=folder))
    vocabulary, _ = read_vocabulary(folder / "templates", language_of("en_GB"))
    return list(doubts_on_file(book, folder, today=TODAY, vocabulary=vocabulary))


AHEAD = "is in the future"


@pytest.mark.parametrize(
    ("entry", "field", "message"),
    [
        ("interactions: [{date: 2027-03-01}]", "interactions[0].date", AHEAD),
        ("interactions: [{date: 1926-11-02}]", "interactions[0].date", "a lifetime ago"),
        ("interactions: [{date: 2026-11-02, needs_met: no}]", "interactions[0].needs_met", "which"),
        (
            "interactions: [{date: 2026-11-02, signals: [furious, quite calm]}]",
            "interactions[0].signals",
            "'furious' and 'quite calm' contradict each other",
        ),
        ("promises: [{text: a, made: 2027-01-01}]", "promises[0].made", AHEAD),
        ("promises: [{text: a, kept: 2027-01-01}]", "promises[0].kept", "counts as kept"),
        (
            "promises: [{text: a, made: 2026-11-02, kept: 2026-10-02}]",
            "promises[0].kept",
            "2026-10-02 is before 2026-11-02, when it was made",
        ),
        ("promises: [{text: a, made: 2026-11-02, due: 2026-10-02}]", "promises[0].due", "before"),
        ("life_events: [{date: 2027-06, note: moved}]", "life_events[0].date", AHEAD),
        (
            "life_events: [{note: moved, expect: {after: 1y, note: settled}}]",
            "life_events[0].expect",
            "since when",
        ),
        (
            "life_events: [{date: 06-12, note: moved, expect: {after: 1y, note: settled}}]",
            "life_events[0].expect",
            "the year of the event",
        ),
        ("concerns: [{text: a, date: 2027}]", "concerns[0].date", AHEAD),
        ("concerns: [{text: a, resolved: 2026-12}]", "concerns[0].resolved", "neither as open"),
        (
            "concerns: [{text: a, date: 2026-09-01, resolved: 2026-08}]",
            "concerns[0].resolved",
            "when it was raised",
        ),
        ("approaches: [{tried: a, date: 2027-02-01}]", "approaches[0].date", AHEAD),
        ("talking_points: [{text: a, used: [2027-02-01]}]", "talking_points[0].used[0]", AHEAD),
        (
            "talking_points: [{text: a, from: 2026-12-01, until: 2026-11-01}]",
            "talking_points[0].until",
            "from when it makes sense",
        ),
        ("to_share: [{text: a, shared: 2027-02-01}]", "to_share[0].shared", "shared already"),
        ("situation: {current_state: a, as_of: 2027-02}", "situation.as_of", "undated"),
        ("relationship: {since: 2027-02}", "relationship.since", "no date"),
        (
            "relationship: {since: 2026-09-01, give_space_until: 2026-08-01}",
            "relationship.give_space_until",
            "since when it has been so",
        ),
        ("birthday: 2027-03-26", "birthday", AHEAD),
        ("birthday: 1880-03-26", "birthday", "older than anyone"),
        (
            (
                "promises: [{by: me, text: send the draft, made: 2026-10-01}]\n"
                "interactions: [{date: 2026-10-08, summary: Sent her the draft.}]"
            ),
            "promises[0]",
            "if it was, add kept: 2026-10-08",
        ),
        (
            (
                "concerns: [{text: overcharged, date: 2026-10-01}]\n"
                "interactions: [{date: 2026-10-09, summary: She withdrew the complaint.}]"
            ),
            "concerns[0]",
            "if it is, add resolved: 2026-10-09",
        ),
        (
            "interactions: [{date: 2026-11-09, summary: His father died on Saturday.}]",
            "interactions[0].summary",
            "life_events: [{date: 2026-11-09, kind: hard",
        ),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, entry: str, field: str, message: str) -> None:
    """A warning with its file, line and field, and how to mend it."""
    (problem,) = told(tmp_path, f"name: Dana Smith\n{entry}\n")
    assert (problem.file, problem.line, problem.field) == ("data/contacts/one.yaml", 2, field)
    assert message in problem.message
    assert problem.severity == "warning"


def test_nothing_is_told_of_what_may_well_be(tmp_path: Path) -> None:
    """Today is not ahead; half a date may mean a day that was; moods may be mixed."""
    assert not told(
        tmp_path,
        """name: Dana Smith
birthday: 03-26
relationship: {status: strained, since: 2026-11, give_space_until: 2026-12-01}
situation: {current_state: a, as_of: 2026}
concerns: [{text: a, date: 2026-11, resolved: 2026-11-02}]
life_events: [{date: 2022, note: moved, expect: {after: 4y, note: settled}}, {date: 06-12, note: b}]
promises: [{text: a, made: 2026-11-23, kept: 2026-11-23, due: 2027-01-01}]
talking_points: [{text: a, from: 2027-01-01, until: 2027-01-01}]
interactions: [{date: 2026-11-23, signals: [tired, hopeful], needs: a, needs_met: no}]
""",
    )


def test_an_organization_is_looked_at_too(tmp_path: Path) -> None:
    """Its state and its concerns."""
    organization = "name: Acme\nsituation: {as_of: 2027}\nconcerns: [{text: a, date: 2027}]\n"
    found = told(tmp_path, "name: Dana Smith\n", organization)
    assert [(one.file, one.line, one.field) for one in found] == [
        ("data/organizations/one.yaml", 2, "situation.as_of"),
        ("data/organizations/one.yaml", 3, "concerns[0].date"),
    ]


def test_the_line_is_that_of_the_file_even_after_a_fault(tmp_path: Path) -> None:
    """Entries left out for their own faults do not shift the places of the others."""
    (problem,) = told(
        tmp_path,
        "name: Dana\npromises:\n  - {text: a, made: never}\n  - {text: b, made: 2027-01-01}\n",
    )
    assert (problem.line, problem.field) == (4, "promises[1].made")


def test_check_tells_them(tmp_path: Path) -> None:
    """`briefgen check` prints them as warnings; with `--strict` they count as errors."""
    told(tmp_path, "name: Dana Smith\ninteractions: [{date: 2027-03-01}]\n")
    command = [sys.executable, "-m", "briefgen", "check", "--as-of", "2026-11-23T09:00"]
    done = [
        subprocess.run(
            [*command, "-w", str(tmp_path), *more],
            capture_output=True,
            text=True,
            env=dict(os.environ),
            check=False,
        )
        for more in ((), ("--strict",), ("--as-of", "2027-04-01T09:00"))
    ]
    assert [one.returncode for one in done] == [0, 1, 0]
    assert (
        "warning: data/contacts/one.yaml:2: interactions[0].date: 2027-03-01 is in"
        in done[0].stdout
    )
    assert "is in the future" not in done[2].stdout


def test_no_brief_says_what_cannot_be(desk: Desk) -> None:
    """All of it is skipped."""
    desk.with_contacts("""
        name: Dana Smith
        emails: [dana@acme.example]
        birthday: 1880-11-24
        concerns: [{text: impossible concern, date: 2026-10-02, resolved: 2026-09-01}]
        life_events: [{note: an event, expect: {after: 1y, note: impossible sequel}}]
        promises:
          - {by: me, text: kept too soon, made: 2026-11-02, kept: 2026-10-02}
          - {by: me, text: send it, made: 2026-11-02, due: 2026-10-02}
        interactions:
          - {date: 2027-03-01, summary: impossible talk, signals: [angry]}
          - {date: 1926-03-01, summary: impossible talk}
        """)
    lines = every_line(desk.compose())
    said = " ".join(f"{one.label} {one.text} {one.note}" for one in lines)
    assert "impossible" not in said
    assert "too soon" not in said
    assert "late" not in said
    assert "You promised: send it" in said
    assert "Birthday" not in said
