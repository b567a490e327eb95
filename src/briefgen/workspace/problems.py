"""What is wrong in the user's input, as values: where it is, what it is, how to fix it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from briefgen.workspace.atomic import NotSynced
from briefgen.workspace.phrase import Phrase, as_kept, as_said

Severity = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """Something wrong in the user's input.

    Attributes:
        file: path relative to the workspace, or the name of a feed (never its address).
        line: counted from 1; None if the whole file is meant.
        field: the path inside the file, like `emails[1]`; for a feed the UID; may be empty.
        message: what is wrong and how to fix it, for the user; best a `Phrase`.
        severity: an error leaves something out; a warning leaves nothing out.
    """

    file: str
    line: int | None = None
    field: str = ""
    message: str
    severity: Severity = "error"

    @property
    def place(self) -> str:
        """Where it is: `data/contacts/dana.yaml:7: emails[1]`."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}" if self.field else place

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    def as_json(self) -> dict[str, str | int | None]:
        """The problem as reports write it."""
        return {
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "message": self.message,
            "severity": self.severity,
        }

    def as_kept(self) -> dict[str, Any]:
        """The problem for a cache in JSON; `kept_problem` reads it back."""
        return {**self.as_json(), "message": as_kept(self.message)}


class Stop(Exception):  # noqa: N818  # not always an error
    """A command cannot go on; the message is for the user and says why and what to do."""

    status: int = 1
    """The command's exit status."""

    def __init__(self, message: str = "", /, **values: object) -> None:
        super().__init__(Phrase.passed_on(message, values))


def kept_problem(kept: Mapping[str, Any]) -> Problem:
    """The problem that `Problem.as_kept` stored.

    Raises:
        KeyError, TypeError, ValueError: if it is not one.
    """
    return Problem(**{**kept, "message": as_said(kept["message"])})


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once, sorted by file and line, in the order in which people fix them."""
    return tuple(sorted(set(problems), key=lambda p: (p.file, p.line or 0, p.field, p.message)))


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that left something out."""
    return tuple(problem for problem in problems if problem.severity == "error")


def unwritten(file: str, error: OSError, message: str | None = None) -> Problem:
    """Why a file was not written, in the words of `message` if given, or is not yet safe."""
    if isinstance(error, NotSynced):
        return Problem(file=file, message=error.message)
    otherwise = Phrase("cannot be written: {reason}", reason=error.strerror)
    return Problem(file=file, message=message or otherwise)
