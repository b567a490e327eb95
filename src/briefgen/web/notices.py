"""What the next page has to tell of what was just done."""

import secrets
from collections.abc import Sequence
from typing import Final, Literal

from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value

_MOST: Final = 50


class Notice(Value, frozen=True, kw_only=True):
    """Something to tell on top of a page.

    Attributes:
        mood: good where it was done; bad where it was not.
        text: one sentence.
        lines: the details.
        undo: the contacts whose last change can be taken back.
    """

    text: str
    mood: Literal["good", "bad"] = "good"
    lines: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()

    def said(self, language: Language) -> "Notice":
        """The same in a language, where it holds phrases."""
        lines = tuple(map(language.said, self.lines))
        return self.replace(text=language.said(self.text), lines=lines)


def told_of(problem: Problem, language: Language) -> str:
    """A problem in one line, in a language."""
    return f"{problem.place}: {language.said(problem.message)}"


class Notices:
    """Notices that wait for their page, each under a name for its address."""

    def __init__(self) -> None:
        self._held: dict[str, Notice] = {}

    def keep(self, notice: Notice) -> str:
        """Keep a notice and return its name."""
        name = secrets.token_urlsafe(6)
        self._held[name] = notice
        for old in list(self._held)[:-_MOST]:
            del self._held[old]
        return name

    def named(self, names: Sequence[str]) -> tuple[Notice, ...]:
        """The notices of these names that are still held."""
        return tuple(self._held[name] for name in names if name in self._held)
