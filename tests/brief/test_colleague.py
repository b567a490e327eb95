"""What a thoughtful colleague would say, or keep to themselves."""

from pathlib import Path

import pytest

from briefgen.brief.additions import read_additions
from briefgen.workspace.folder import Workspace

from .conftest import Desk, every_line, texts

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"


def said(desk: Desk, *files: str, **given: object) -> str:
    """Everything that the brief of these people says, in one text."""
    desk.with_contacts(*files)
    return "\n".join(texts(every_line(desk.compose(**given))))


# Promises to apologise


def test_a_promise_to_apologise_that_is_due_today_is_not_silent_behind_an_apology(
    desk: Desk,
) -> None:
    """What I promised for today stands; that I apologised by phone is not said in its place."""
    desk.with_contacts(
        HEAD
        + """
relationship: {status: strained, since: 2026-09-01, reason: the outage}
apologies: [{date: 2026-11-02, for: the outage, taken: refused, proof: a named engineer}]
promises: [{by: me, text: apologise in person for the outage, made: 2026-10-05, due: 2026-11-23}]
interactions:
  - {date: 2026-11-02, channel: call, summary: Short., needs: a named engineer, needs_met: no}
"""
    )
    glance = desk.compose().glance
    assert glance.lead is not None
    assert glance.lead.text == "Dana still needs: a named engineer"
    assert glance.lines[0].lines[0].text == "Promised for today: apologise in person for the outage"
    assert not [text for text in texts(every_line(desk.compose())) if "You apologised" in text]


@pytest.mark.parametrize(
    ("apology", "due", "stands"),
    [
        ("{date: 2026-11-02, for: the outage, taken: accepted}", "2026-11-23", False),
        ("{date: 2026-11-02, for: the outage, taken: not yet}", "2026-11-10", False),
        ("{date: 2026-10-01, for: the outage, taken: not yet}", "2026-11-10", True),
        ("{date: 2026-11-02, for: the wrong invoice, taken: not yet}", "2026-11-10", True),
    ],
)
def test_a_promise_to_apologise_is_kept_by_a_later_apology_for_the_same(
    desk: Desk, apology: str, due: str, *, stands: bool
) -> None:
    """One made before the promise, or for something else, does not keep it."""
    promise = f"{{by: me, text: apologise for the outage, made: 2026-10-05, due: {due}}}"
    text = said(desk, HEAD + f"apologies: [{apology}]\npromises: [{promise}]\n")
    assert ("apologise for the outage" in text) is stands


def test_an_aim_is_not_lost_where_a_blow_takes_the_lead(desk: Desk, tmp_path: Path) -> None:
    """What does not lead stands in its section."""
    folder = tmp_path / "data" / "meetings"
    folder.mkdir(parents=True)
    (folder / "review.yaml").write_text("title: '*review'\naims: [leave with a date]\n")
    desk.additions, _ = read_additions(Workspace(root=tmp_path))
    text = said(desk, HEAD + "life_events: [{date: 2026-11-01, note: her house burnt down}]\n")
    assert "leave with a date" in text
