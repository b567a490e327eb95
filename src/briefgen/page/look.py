"""The look of a page, which goes into it beside its brief; and what comes out."""

from pathlib import Path

from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Settings, Size
from briefgen.workspace.value import Value


class Look(Value, frozen=True, kw_only=True):
    """Paper, colour, language, and where templates and photos lie.

    Attributes:
        size: the paper.
        color: photos in colour.
        templates: the folder of the user's own templates, which win; it need not exist.
        contacts: the folder that photos must lie in.
        shared: the firm's folder of contacts, whose photos have a whole path.
        cache: where prepared photos are kept.
        author: the user's name, for the PDF's metadata.
        qr_address: where a paired phone reaches the web page; None where there is none.
    """

    size: Size
    color: bool
    language: Language
    templates: Path
    contacts: Path
    cache: Path
    author: str
    qr_address: str | None = None
    shared: Path | None = None

    @classmethod
    def of(cls, workspace: Workspace, settings: Settings, language: Language) -> "Look":
        """The look that the settings of a workspace ask for."""
        return cls(
            size=settings.page.size,
            color=settings.page.color,
            language=language,
            templates=workspace.templates,
            contacts=workspace.contacts,
            cache=workspace.memory / "photos",
            author=settings.me.name,
            shared=workspace.shared_contacts(settings.shared_contacts),
        )


class Omission(Value, frozen=True, kw_only=True):
    """Lines that did not fit: how many of which section, and the file they come from."""

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
