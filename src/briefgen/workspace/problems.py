"""What is wrong in the user's input, as values: where it stands, what it is, how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """Something wrong in the user's input.

    Attributes:
        file: path relative to the workspace, or the name of a feed (never its address).
        line: counted from 1; None where the whole file is meant.
        field: the path inside the file, like `emails[1]`; for a feed the UID; may be empty.
        message: what is wrong and how to mend it, for the user.
        severity: an error leaves something out; a warning leaves nothing out.
    """

    file: str
    line: int | None = None
    field: str = ""
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        parts = [place, self.field, self.message] if self.field else [place, self.message]
        return ": ".join(parts)

    def as_json(self) -> dict[str, str | int | None]:
        """The problem as the reports write it."""
        return {
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "message": self.message,
            "severity": self.severity,
        }


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, by file and line, as a reader would mend them."""
    return tuple(sorted(set(problems), key=lambda p: (p.file, p.line or 0, p.field, p.message)))


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that left something out."""
    return tuple(problem for problem in problems if problem.severity == "error")
