"""Work in a separate process: done, failing, and ending at once."""

import os

from briefgen.workspace.progress import waiting


def count_to(last: int) -> int:
    """Counts, and says how far it is."""
    with waiting(last, "Counting") as step:
        for _ in range(last):
            step(1)
    return os.getpid()


def fill_the_disk() -> None:
    """Fails as a full disk does."""
    raise OSError(28, "No space left on device", "/w/file")


def fail() -> None:
    """Fails with words that nobody else may see."""
    raise KeyError("Dana Smith")


def die() -> None:
    """Ends at once, as when memory runs out."""
    os._exit(9)
