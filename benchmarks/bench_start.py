"""What `list` and `check` take beyond the bare command line, which only says its version.

The commands run one after the other, round by round, so that a machine that slows down slows all
of them; the processor's time is counted, since the disk's and other programs' differ.
"""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

AS_OF: Final = ("--as-of", "2026-11-22T22:10")
COMMANDS: Final = {
    "--version": ("--version",),
    "list": ("list", *AS_OF),
    "check": ("check", *AS_OF),
}
ROUNDS: Final = 15


def taken(arguments: tuple[str, ...], folder: Path) -> float:
    """The processor's time, in seconds, that one call takes."""
    before = os.times()
    subprocess.run(
        (sys.executable, "-m", "briefgen", *arguments), cwd=folder, check=True, capture_output=True
    )
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def main() -> None:
    """Print each command's time, and how it compares with the bare command line."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with TemporaryDirectory() as folder:
        taken(("init", "--sample", *AS_OF), Path(folder))
        for arguments in COMMANDS.values():  # so that all is read and kept once
            taken(arguments, Path(folder))
        for _ in range(ROUNDS):
            for name, arguments in COMMANDS.items():
                times[name].append(taken(arguments, Path(folder)))
    bare = median(times["--version"])
    print(f"briefgen --version: {bare:.2f} s of the processor in the median")
    for name in ("list", "check"):
        ratios = [one / base for one, base in zip(times[name], times["--version"], strict=True)]
        print(
            f"briefgen {name}: {median(times[name]) - bare:.2f} s more,"
            f" {median(ratios):.1f} times as long"
        )


if __name__ == "__main__":
    main()
