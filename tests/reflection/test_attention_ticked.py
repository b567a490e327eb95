"""The week's attention is ticked by what was done for the person."""

from datetime import date

import pytest
from small_workspaces import Place

from briefgen.brief.attention import (
    Attention,
    keep_attention,
    open_attention,
    read_attention,
)
from briefgen.workspace.folder import Workspace

MONDAY = date(2026, 11, 23)
AFTER = "2026-11-23T18:00"
DANA = (
    "name: Dana Smith\nemails: [dana.smith@acme.example]\n"
    "to_share: [{text: a paper on looms, fits: weaving}]\n"
)


@pytest.fixture
def waiting(place: Place) -> Place:
    """A paper waits for Dana this week."""
    place.write("data/contacts/dana-smith.yaml", DANA)
    chosen = Attention(
        week=MONDAY, contact="dana-smith", name="Dana Smith", kind="share", text="a paper on looms"
    )
    keep_attention(Workspace(root=place.root), chosen)
    return place


def is_open(place: Place) -> bool:
    """Whether it still waits."""
    return open_attention(read_attention(Workspace(root=place.root), MONDAY)) is not None


@pytest.mark.parametrize("text", ["paper on looms", "dana"])
def test_done_ticks_it(waiting: Place, text: str) -> None:
    """By the thing on file, or by the person's name if nothing open is called so."""
    assert waiting.call("done", text, as_of=AFTER).exit_code == 0
    assert not is_open(waiting)


def test_another_persons_matter_leaves_it(waiting: Place) -> None:
    """What was done for Lee is nothing done for Dana."""
    lee = "name: Lee Wong\nto_share: [{text: a paper on looms 2, fits: weaving}]\n"
    waiting.write("data/contacts/lee-wong.yaml", lee)
    assert waiting.call("done", "looms 2", as_of=AFTER).exit_code == 0
    assert waiting.call("done", "lee", as_of=AFTER).exit_code == 2
    assert is_open(waiting)


def test_a_reflection_with_the_person_ticks_it(waiting: Place) -> None:
    """Who was met has had the attention."""
    waiting.write("notes.yaml", "summary: a good talk\n")
    done = waiting.call("reflect", "review@calendar.example", "--from", "notes.yaml", as_of=AFTER)
    assert done.exit_code == 0, done.output
    assert not is_open(waiting)
