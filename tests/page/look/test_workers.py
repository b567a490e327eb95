import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kept_children import make_and_keep

from briefgen.brief.brief import Brief
from briefgen.page.look import Look, MadePage
from briefgen.page.make import make_page
from briefgen.page.workers import (
    Failure,
    children_kept,
    make_pages,
    warm_up,
)

NewBrief = Callable[..., Brief]


class Trap:
    """Stands where a brief should, and does something else to the child that opens it."""

    def __init__(self, what: Callable[..., Any], *given: object) -> None:
        self.what, self.given = what, given

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self.what, self.given


def results(briefs: list[Any], look: Look, **options: float) -> list[MadePage | Failure]:
    """What comes of the briefs, in their order, which is checked."""
    made = list(make_pages(briefs, look, **options))  # type: ignore[arg-type]
    assert [index for index, _ in made] == list(range(len(briefs)))
    return [page for _, page in made]


def kinds(pages: list[MadePage | Failure]) -> list[str]:
    """How each of them turned out."""
    return [page.kind if isinstance(page, Failure) else "made" for page in pages]


@pytest.mark.parametrize("jobs", [1, 2])
def test_pages_are_those_made_here_and_in_order(look: Look, new_brief: NewBrief, jobs: int) -> None:
    """A child makes the same bytes, whatever the number of children."""
    briefs = [new_brief(f"Meeting {number}") for number in range(5)]
    expected = [make_page(brief, look).pdf for brief in briefs]
    pages = results(briefs, look, jobs=jobs)
    assert [page.pdf for page in pages if isinstance(page, MadePage)] == expected


def test_a_brief_that_dies_fails_alone(look: Look, new_brief: NewBrief) -> None:
    """One ends its child, one crashes it, one asks for too much memory, one is in error."""
    briefs = [
        new_brief("first"),
        Trap(os._exit, 3),
        new_brief("second"),
        Trap(os.abort),
        new_brief("third"),
        Trap(bytearray, 3 << 30),
        Trap(int, "no number"),
        new_brief("fourth"),
    ]
    pages = results(briefs, look, jobs=2, seconds=120)
    assert kinds(pages) == ["made", "died", "made", "died", "made", "memory", "error", "made"]
    reasons = [page.reason for page in pages if isinstance(page, Failure)]
    assert "SIGABRT" in reasons[1]
    assert "1024 MB" in reasons[2]


def test_a_brief_that_hangs_fails_alone(look: Look) -> None:
    """One sleeps until its time is over; the others are none the worse for it."""
    briefs = [Trap(int, "no number"), Trap(time.sleep, 600), Trap(int, "no number")]
    pages = results(briefs, look, jobs=1, seconds=1)
    assert kinds(pages) == ["error", "time", "error"]
    assert isinstance(pages[1], Failure)
    assert pages[1].reason == "took longer than 1 seconds"


def test_nothing_to_do_starts_nothing(look: Look) -> None:
    """No briefs, no child."""
    assert results([], look, jobs=4) == []


def test_children_end_with_the_work(look: Look, new_brief: NewBrief) -> None:
    """Also where the pages are not all asked for."""
    pages = make_pages([new_brief() for _ in range(4)], look, jobs=2)
    next(pages)
    assert multiprocessing.active_children()
    pages.close()  # type: ignore[attr-defined]  # it is a generator
    assert not multiprocessing.active_children()


def test_nothing_is_left_behind(
    look: Look, new_brief: NewBrief, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of a child that dies, the fonts it unpacked go from the folder for temporary files."""
    warm_up()  # the server that children come from keeps its own socket
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    used = []
    for _, page in make_pages([new_brief(), Trap(os.abort), new_brief()], look):  # type: ignore[list-item]
        assert page
        used.append(set(folder.glob("*/*")))
    assert used[0]
    assert used[0].isdisjoint(used[1])  # at once where it died
    assert used[2]
    assert not any(folder.iterdir())


def test_the_time_in_which_others_have_the_processor_does_not_count(look: Look) -> None:
    """A page sleeps longer than its limit, and is made."""
    assert kinds(results([Trap(time.sleep, 2)], look, seconds=1)) == ["error"]


def test_a_page_that_works_too_long_is_ended(look: Look) -> None:
    """By the processor's time, long before the clock ends it."""
    begun = time.monotonic()
    (page,) = results([Trap(sum, Trap(range, 1 << 50))], look, seconds=1)
    assert isinstance(page, Failure)
    assert page == Failure(kind="time", reason="took longer than 1 seconds")
    assert time.monotonic() - begun < 600


def test_children_that_are_kept_serve_the_next_call(
    look: Look, new_brief: NewBrief, tmp_path: Path
) -> None:
    """With other settings too, and by the same bytes; one that ended meanwhile is replaced."""
    other = look.replace(size="Letter", contacts=tmp_path)
    with children_kept():
        first, second = (results([new_brief()], each)[0] for each in (look, other))
        (child,) = multiprocessing.active_children()
        (again,) = results([new_brief()], look, jobs=2)
        assert multiprocessing.active_children() == [child]
        child.kill()
        child.join()
        (later,) = results([new_brief()], look)
        assert multiprocessing.active_children()
    assert not multiprocessing.active_children()
    made = [page.pdf for page in (first, second, again, later) if isinstance(page, MadePage)]
    expected = [make_page(new_brief(), each).pdf for each in (look, other, look, look)]
    assert made == expected


def test_children_that_are_kept_end_with_a_process_of_multiprocessing(
    look: Look, new_brief: NewBrief
) -> None:
    """A team's worker is one; it must not wait for them at its end."""
    context = multiprocessing.get_context("spawn")
    worker = context.Process(target=make_and_keep, args=([new_brief()], look))
    worker.start()
    worker.join(120)
    ended = worker.exitcode
    worker.kill()
    assert ended == 0


def test_a_kept_child_that_passes_a_limit_is_ended(look: Look) -> None:
    """The next call has a fresh one, and the limit is that of each call."""
    with children_kept():
        hung, next_ = Trap(time.sleep, 600), Trap(int, "no number")
        assert kinds(results([next_], look, seconds=60)) == ["error"]
        (child,) = multiprocessing.active_children()
        assert kinds(results([hung], look, seconds=1)) == ["time"]
        assert kinds(results([next_], look)) == ["error"]
        assert child not in multiprocessing.active_children()
