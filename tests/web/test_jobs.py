"""Work in a separate process: its result, its progress, and what goes wrong there."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from child_work import count_to, die, fail, fill_the_disk

from briefgen.web.jobs import ChildFault, in_child
from briefgen.workspace.progress import Step, watched_by


def test_its_result_and_its_progress_come_back() -> None:
    """It ran elsewhere, and whoever watched saw each step."""
    seen: list[object] = []

    @contextmanager
    def watch(count: int, what: str) -> Iterator[Step]:
        seen.append((count, what))
        yield seen.append

    with watched_by(watch):
        assert in_child(count_to, 3) != os.getpid()
    assert seen == [(3, "Counting"), 1, 1, 1]


def test_a_full_disk_there_is_a_full_disk_here() -> None:
    """With its reason and its file, which the page tells."""
    with pytest.raises(OSError, match="No space left on device: '/w/file'"):
        in_child(fill_the_disk)


@pytest.mark.parametrize(("work", "said"), [(fail, "KeyError in"), (die, "was ended")])
def test_what_fails_there_is_told_without_a_name(work: Callable[[], None], said: str) -> None:
    """The kind and the place; and nobody waits for ever for a process that is gone."""
    with pytest.raises(ChildFault, match=said) as told:
        in_child(work)
    assert "Dana" not in told.value.where
