"""A page as it was made: the PDF, and what did not fit on it."""

from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value


class Omission(Value, frozen=True, kw_only=True):
    """Lines that did not fit: how many of which section, and the file they stand in."""

    section: str
    count: int
    file: str

    def as_json(self) -> dict[str, str | int]:
        """The omission as the reports write it."""
        return {"section": self.section, "count": self.count, "file": self.file}


class MadePage(Value, frozen=True, kw_only=True):
    """One typeset brief.

    Attributes:
        pdf: the document, exactly one page.
        omitted: what did not fit.
        problems: what could not be shown, like a broken photo or a missing font.
        layouts: how often it was laid out, at most three.
        plain: whether the text-only page had to serve.
    """

    pdf: bytes
    omitted: tuple[Omission, ...] = ()
    problems: tuple[Problem, ...] = ()
    layouts: int = 1
    plain: bool = False
