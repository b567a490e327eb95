"""The look of a page, with its templates; and the made page.

A template of the user's takes precedence over the built-in one of the same name.
"""

from functools import cache
from pathlib import Path

from briefgen.workspace.atomic import is_regular
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Settings, Size
from briefgen.workspace.value import Value


class Look(Value, frozen=True, kw_only=True):
    """Paper, colour, language, and where templates and photos are.

    Attributes:
        size: the paper.
        color: photos in colour.
        templates: the folder of the user's own templates, which take precedence; it need not exist.
        contacts: the folder that photos must be in.
        shared: the firm's folder of contacts, whose photos have an absolute path.
        cache: where prepared photos are kept.
        author: the user's name, for the PDF's metadata.
        qr_address: where a paired phone reaches the web page; None without one.
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
        """The look according to the settings of a workspace."""
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
        plain: whether it is the text-only page.
    """

    pdf: bytes
    omitted: tuple[Omission, ...] = ()
    problems: tuple[Problem, ...] = ()
    layouts: int = 1
    plain: bool = False


PAGE = "brief.html.j2"
TABLE = "table.html.j2"
MAIL = "mail.html.j2"
STYLE = "brief.css"
PLAIN = "plain.html.j2"
PLAIN_STYLE = "plain.css"
DAY = "day-sheet.html.j2"
DAY_STYLE = "day-sheet.css"
REFLECTION = "reflection.html.j2"
REFLECTION_STYLE = "reflection.css"
REFLECTION_SCRIPT = "reflection.js"
FONTS = "fonts"
PAGE_STYLES = frozenset({STYLE, PLAIN_STYLE, DAY_STYLE})
"""The stylesheets that the typesetter reads."""


@cache
def template_folder() -> Path:
    """The built-in templates: in the installed package, or at the root of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent.parent / "templates"


def template_folders(own: Path) -> tuple[Path, ...]:
    """The folders searched for a template: the user's folder `own`, then the built-in one."""
    return (own, template_folder()) if has_own_templates(own) else (template_folder(),)


def has_own_templates(own: Path) -> bool:
    """Whether the user has a folder of templates that is not the built-in one itself."""
    return own.is_dir() and own.resolve() != template_folder()


def find_template(name: str, own: Path) -> Path:
    """The file of a template, the user's if there is one.

    Raises:
        FileNotFoundError: if there is none of that name.
    """
    for folder in template_folders(own):
        if is_regular(folder / name):
            return folder / name
    raise FileNotFoundError(name)


def linked_templates(own: Path) -> tuple[str, ...]:
    """The names of links in the user's folder: they may lead anywhere, and are not followed."""
    if not has_own_templates(own):
        return ()
    return tuple(sorted(path.name for path in own.iterdir() if path.is_symlink()))


def font_files() -> tuple[Path, ...]:
    """The bundled fonts, in order of their names."""
    return tuple(sorted((template_folder() / FONTS).glob("*.ttf")))


_OLD_MARKS = {PAGE: 'id="main-end"', STYLE: ".prompt h2", DAY_STYLE: ".timeline"}
_NEW_MARKS = {PAGE: "page-end", STYLE: ".known", DAY_STYLE: ".meet"}
"""What only templates of the previous design contain, and what those of this one contain."""


def of_old_design(own: Path) -> tuple[str, ...]:
    """The names of the user's templates that were copied from the previous design."""
    found = []
    for name, old in _OLD_MARKS.items():
        path = own / name
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        if old in text and _NEW_MARKS[name] not in text:
            found.append(name)
    return tuple(found)
