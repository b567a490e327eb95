"""A page that has been fitted is not fitted again."""

from pathlib import Path

import pytest
from handmade import brief_of, line, look_of

from briefgen.page import plan
from briefgen.page.make import fit_page, make_page
from briefgen.page.plan import Plan

FULL = brief_of(
    lines=tuple(
        line("history", f"Number {n}: wrote it down here.", label=f"{n}") for n in range(60)
    )
)


@pytest.fixture(autouse=True)
def memory(tmp_path: Path) -> None:
    """A workspace that has run before."""
    (tmp_path / ".briefgen").mkdir()


def kept(folder: Path) -> list[Path]:
    """The plans that are kept."""
    return sorted((folder / ".briefgen" / "plans").glob("*"))


def test_the_second_time_takes_one_layout_and_gives_the_same_bytes(tmp_path: Path) -> None:
    """The plan that fitted is followed at once; what was left out is reported all the same."""
    look = look_of(tmp_path)
    first, second = make_page(FULL, look), make_page(FULL, look)
    assert second.layouts == 1 < first.layouts
    assert (second.pdf, second.omitted) == (first.pdf, first.omitted)
    (file,) = kept(tmp_path)
    assert "wrote it down" not in file.read_text()


@pytest.mark.parametrize(
    "torn",
    [
        "",
        "[]",
        "{",
        '{"left_out": [], "lines": {"q0": 30}, "moved": [], "short": 0, "tight": false}',
        '{"lines": "x"}',
    ],
)
def test_a_torn_or_foolish_plan_costs_nothing(tmp_path: Path, torn: str) -> None:
    """It is measured like any other layout, and a page that does not fit is fitted again."""
    look = look_of(tmp_path)
    whole = make_page(FULL, look)
    (file,) = kept(tmp_path)
    file.write_text(torn)
    assert make_page(FULL, look).pdf == whole.pdf


def test_a_changed_brief_has_a_plan_of_its_own(tmp_path: Path) -> None:
    """The plan goes by everything that decides the page."""
    look = look_of(tmp_path)
    fit_page(brief_of(), look)
    fit_page(brief_of(title="Another"), look)
    fit_page(brief_of(), look_of(tmp_path, size="A5"))
    assert len(kept(tmp_path)) == 3


def test_old_plans_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the last ones are kept."""
    monkeypatch.setattr(plan, "MOST_KEPT", 3)
    for number in range(5):
        plan.keep_plan(tmp_path / ".briefgen" / "plans" / f"{number}.json", Plan(lines={"q0": 3}))
    assert len(kept(tmp_path)) == 3


def test_where_nothing_can_be_kept_pages_are_made(tmp_path: Path) -> None:
    """A full or read-only disk, or a file in the way, stops no page."""
    look = look_of(tmp_path)
    (tmp_path / ".briefgen" / "plans").write_text("in the way")
    assert make_page(brief_of(), look).pdf


def test_a_folder_that_is_no_workspace_stays_empty(tmp_path: Path) -> None:
    """Only what has a memory is written to."""
    elsewhere = tmp_path / "elsewhere"
    assert make_page(brief_of(), look_of(elsewhere)).pdf
    assert not elsewhere.exists()
