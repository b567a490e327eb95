"""The command line: the outermost layer, which alone reads the clock, prints and exits."""

import gc
import sys
from typing import Any, Final

import click

from briefgen import __version__
from briefgen.cli.call import CURRENT_CALL
from briefgen.cli.help import LazyGroup, translate_click
from briefgen.cli.terminal import repair_streams
from briefgen.workspace.zone_data import zone_data

gc.set_threshold(
    100_000, 50, 50
)  # the default, a collection every 700 objects, takes a tenth of a run

COMMANDS: Final = {
    "init": "briefgen.cli.init:init",
    "run": "briefgen.cli.run:run",
    "list": "briefgen.cli.list:list_meetings",
    "show": "briefgen.cli.show:show",
    "check": "briefgen.cli.check:check",
    "nightly": "briefgen.cli.nightly:nightly",
    "send": "briefgen.cli.send:send",
    "print": "briefgen.cli.send:print_briefs",
    "reflect": "briefgen.cli.reflect:reflect",
    "promises": "briefgen.cli.promises:promises",
    "done": "briefgen.cli.promises:done",
    "contacts": "briefgen.cli.contacts:contacts",
    "serve": "briefgen.cli.serve:serve",
    "stats": "briefgen.cli.stats:stats",
    "log": "briefgen.cli.nightly:log",
    "team": "briefgen.cli.team:team",
    "templates": "briefgen.cli.bundled:templates",
    "schedule": "briefgen.cli.nightly:schedule",
    "feed": "briefgen.cli.feed:feed",
    "doctor": "briefgen.cli.check:doctor",
    "schema": "briefgen.cli.schema:schema",
    "docs": "briefgen.cli.bundled:docs",
    "completion": "briefgen.cli.completion:completion",
}
"""Every command and where it is defined; each is imported only when it is called."""


def _show_versions(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  # click's own
    """Print the versions of briefgen, Python, WeasyPrint and Pango, and end."""
    if not wanted or context.resilient_parsing:
        return
    from importlib.metadata import version  # noqa: PLC0415  # only where it is asked for

    from briefgen.page.system_libraries import pango  # noqa: PLC0415  # as above

    found = pango().version or "not installed"
    click.echo(f"briefgen {__version__}")
    python = ".".join(map(str, sys.version_info[:3]))
    click.echo(f"Python {python}, WeasyPrint {version('weasyprint')}, Pango {found}")
    context.exit()


class _Briefgen(LazyGroup):
    """The whole command line; it makes its streams usable before anything else."""

    def main(self, *arguments: Any, **settings: Any) -> Any:  # noqa: ANN401  # as click calls it
        repair_streams()
        translate_click()
        token = CURRENT_CALL.set(None)
        try:
            return super().main(*arguments, **settings)
        finally:
            CURRENT_CALL.reset(token)


@click.group(
    cls=_Briefgen,
    places=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_versions,
    help="Show the versions of briefgen and of what draws the page, and exit.",
)
def main() -> None:
    """A one-page brief for every meeting ahead, from your own contact files and calendar."""
    zone_data()  # before any zone is looked up
