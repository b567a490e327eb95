"""`briefgen docs` and `briefgen templates`: what comes with briefgen, to read or to copy."""

import html
import re
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.help import HelpfulGroup
from briefgen.cli.terminal import launch
from briefgen.page.look import has_own_templates, template_folder
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase

START: Final = "index"
_LINK_TO_PAGE: Final = re.compile(r'href="([\w-]+)\.md(#[\w-]+)?"')
_STYLE: Final = """
body { font: 16px/1.55 'Source Sans 3', system-ui, sans-serif; max-width: 46em; margin: 2em auto;
       padding: 0 1em; color: #111; background: #fff }
nav { font-size: 14px; margin-bottom: 2em } nav a { display: block; padding: .2em 1em }
a { color: #8e1b12 } img { max-width: 100%; border: 1px solid #ccc }
pre { background: #f4f4f2; padding: .8em; overflow-x: auto } code { font-size: 14px }
table { border-collapse: collapse; display: block; overflow-x: auto }
td, th { border-bottom: 1px solid #ccc; padding: .3em .8em .3em 0; text-align: start;
         vertical-align: top }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616 }
  a { color: #ff9a8d } pre { background: #222 } }
"""


@click.command()
@click.argument("page", metavar="[PAGE]", required=False)
@click.option("--browser", is_flag=True, help="Show it in the browser, not in the terminal.")
@with_call
def docs(*, call: Call, page: str | None, browser: bool) -> None:
    """Show the documentation: PAGE in the terminal, like `reflect`, or a list of the pages."""
    pages = documentation()
    name = (page or START).removesuffix(".md")
    if name not in pages:
        near = get_close_matches(name, pages, n=1)
        message = (
            Phrase("there is no page '{name}'; did you mean {near}?", name=name, near=near[0])
            if near
            else Phrase(
                "there is no page '{name}'; there are: {pages}", name=name, pages=list(pages)
            )
        )
        call.wrong_use(message)
    if browser:
        from platformdirs import user_cache_path  # noqa: PLC0415  # only for the browser

        target = write_html(pages, user_cache_path("briefgen") / "docs")
        call.say("opening {target}.html", target=target / name)
        launch((target / f"{name}.html").as_uri())
    elif page is None:
        call.report({"pages": [{"page": one, "title": title_of(pages[one])} for one in pages]})
        if call.as_json:
            return
        width = max(map(len, pages))
        for one, path in pages.items():
            call.say(f"{one:<{width}}  {title_of(path)}")
        call.say(Phrase("\nbriefgen docs PAGE shows one; briefgen docs --browser opens them all"))
    else:
        _show(pages[name])


def documentation() -> dict[str, Path]:
    """Every page by its name, the first page first: in the installed package, or in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "docs"
    folder = installed if installed.is_dir() else package.parent.parent / "docs"
    found = {path.stem: path for path in sorted(folder.glob("*.md"))}
    return {START: found[START]} | found if START in found else found


def title_of(path: Path) -> str:
    """A page's first heading."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("# ").strip()


def _show(path: Path) -> None:
    """Print a page in the terminal, or as plain Markdown into a pipe."""
    text = path.read_text(encoding="utf-8")
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console  # noqa: PLC0415  # slow to import
    from rich.markdown import Markdown  # noqa: PLC0415  # as above

    console = Console()
    with console.capture() as shown:
        console.print(Markdown(re.sub(r"^!\[.*\]\(.*\)\n", "", text, flags=re.MULTILINE)))
    click.echo_via_pager(shown.get(), color=True)


def write_html(pages: dict[str, Path], folder: Path) -> Path:
    """Write every page as HTML, with links between them, and return the folder."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only for the browser

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    folder.mkdir(parents=True, exist_ok=True)
    menu = "".join(
        f'<a href="{one}.html">{html.escape(title_of(path))}</a> ' for one, path in pages.items()
    )
    for one, path in pages.items():
        source = path.parent.as_uri()
        body = markdown.render(path.read_text(encoding="utf-8"))
        body = _LINK_TO_PAGE.sub(r'href="\1.html\2"', body)
        body = body.replace('src="gallery/', f'src="{source}/gallery/')
        (folder / f"{one}.html").write_text(
            f'<!DOCTYPE html><html lang="en"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width">'
            f"<title>{html.escape(title_of(path))} - briefgen</title><style>{_STYLE}</style>"
            f"<nav><details><summary>All pages</summary>{menu}</details></nav>{body}",
            encoding="utf-8",
        )
    return folder


_FOR_PEOPLE = {
    "brief.html.j2": Phrase("the page"),
    "brief.css": Phrase("its type, grid and colours"),
    "signals.yaml": Phrase("the words for signals, and the stance each asks for"),
    "day-sheet.html.j2": Phrase("the day sheet in front of a packet"),
    "day-sheet.css": Phrase("its type and grid"),
    "mail.html.j2": Phrase("the mail that carries the briefs"),
}
"""What each template is for; those not named here are internal."""


@click.group(cls=HelpfulGroup)
def templates() -> None:
    """The templates, and a copy of them to change."""


@templates.command("list")
@with_call
def list_templates(*, call: Call) -> None:
    """List the templates, and which of them are yours."""
    workspace = call.workspace
    found = [
        {"name": name, "purpose": _FOR_PEOPLE[name], "own": _is_own(workspace, name)}
        for name in _names()
    ]
    call.report({"folder": workspace.relative(workspace.templates), "templates": found})
    if call.as_json:
        return
    for one in found:
        whose = call.aligned(Phrase("yours") if one["own"] else Phrase("built in"), 9)
        call.say(f"{one['name']:18}  {whose} {call.said(str(one['purpose']))}")


@templates.command("copy")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--force", is_flag=True, help="Write over your own copies.")
@with_call
def copy_templates(*, call: Call, names: tuple[str, ...], force: bool) -> None:
    """Copy built-in templates into the workspace: those named, or all.

    A copy wins over the built-in template of its name; delete it to have the built-in one back.
    """
    workspace = call.workspace
    if unknown := sorted(set(names) - set(_names())):
        known = _names()
        call.wrong_use(
            "no template '{unknown}'; there are {known}", unknown=unknown[0], known=known
        )
    if workspace.templates.resolve() == template_folder():
        call.wrong_use(Phrase("the templates here are the built-in ones; change them as they are"))
    copied = []
    for name in names or _names():
        if _is_own(workspace, name) and not force:
            call.say("kept     templates/{name}, which is yours; --force writes over it", name=name)
            continue
        write_whole(workspace.templates / name, (template_folder() / name).read_bytes())
        copied.append(name)
        call.say("copied   templates/{name}", name=name)
    call.report({"copied": [f"templates/{name}" for name in copied]})


def _names() -> list[str]:
    """The templates that users may change, the page first."""
    return [name for name in _FOR_PEOPLE if (template_folder() / name).is_file()]


def _is_own(workspace: Workspace, name: str) -> bool:
    own = workspace.templates
    return has_own_templates(own) and (own / name).is_file()
