"""Where the templates are: the user's own file wins over the built-in one of the same name."""

from functools import cache
from pathlib import Path

from briefgen.workspace.atomic import is_regular

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
    """Where a template is looked for, in order: the user's folder `own`, then the built-in one."""
    return (own, template_folder()) if has_own_templates(own) else (template_folder(),)


def has_own_templates(own: Path) -> bool:
    """Whether the user has a folder of templates that is not the built-in one itself."""
    return own.is_dir() and own.resolve() != template_folder()


def find_template(name: str, own: Path) -> Path:
    """The file of a template, the user's where there is one.

    Raises:
        FileNotFoundError: where there is none of that name.
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
"""What only templates of the design before this one have, and what those of this one have."""


def of_old_design(own: Path) -> tuple[str, ...]:
    """The names of the user's templates that were copied from the design before this one."""
    found = []
    for name, old in _OLD_MARKS.items():
        path = own / name
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        if old in text and _NEW_MARKS[name] not in text:
            found.append(name)
    return tuple(found)
