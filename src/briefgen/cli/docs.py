"""`briefgen docs`: the documentation that comes with briefgen, in the browser or the terminal."""

import html
import re
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.terminal import launch
from briefgen.night import exit_status
from briefgen.workspace.phrase import Phrase

START: Final = "index"
_LINK_TO_PAGE: Final = re.compile(r'href="([\w-]+)\.md(#[\w-]+)?"')
_STYLE: Final = """
body { font: 16px/1.55 'Source Sans 3', system-ui, sans-serif; max-width: 46em; margin: 2em auto;
       padding: 0 1em; color: #111; background: #fff }
nav { font-size: 14px; margin-bottom: 2em } nav a { margin-inline-end: 1em; white-space: nowrap }
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
        call.fail(message, exit_status.WRONG_USE)
    if browser:
        target = write_html(pages, _cache())
        call.say(Phrase("opening {target}.html", target=target / name))
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
    """Every page by its name, the start first: in the installed package, or in a checkout."""
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
    """A page in the terminal; as plain Markdown where it is piped."""
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


def _cache() -> Path:
    """Where the pages are written for the browser."""
    from platformdirs import user_cache_path  # noqa: PLC0415  # only for the browser

    return user_cache_path("briefgen") / "docs"


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
            f"<nav>{menu}</nav>{body}",
            encoding="utf-8",
        )
    return folder
