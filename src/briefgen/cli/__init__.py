"""The command line: the outermost layer, which alone reads the clock, prints and exits."""

import gc
from typing import Final

import click

from briefgen import __version__
from briefgen.cli.lazy_group import LazyGroup

gc.set_threshold(100_000, 50, 50)  # looking for cycles at each 700 objects takes a tenth of a run

COMMANDS: Final = {
    "init": "briefgen.cli.init:init",
    "run": "briefgen.cli.run:run",
    "list": "briefgen.cli.list_meetings:list_meetings",
    "show": "briefgen.cli.show:show",
    "check": "briefgen.cli.check:check",
    "nightly": "briefgen.cli.nightly:nightly",
    "send": "briefgen.cli.send:send",
    "print": "briefgen.cli.print_briefs:print_briefs",
    "reflect": "briefgen.cli.reflect:reflect",
    "promises": "briefgen.cli.promises:promises",
    "done": "briefgen.cli.done:done",
    "contacts": "briefgen.cli.contacts:contacts",
    "stats": "briefgen.cli.stats:stats",
    "log": "briefgen.cli.log:log",
    "templates": "briefgen.cli.templates:templates",
    "schedule": "briefgen.cli.schedule:schedule",
    "feed": "briefgen.cli.feed:feed",
    "doctor": "briefgen.cli.doctor:doctor",
    "schema": "briefgen.cli.schema:schema",
}
"""Every command and where it is made; each is imported only when it is called."""


@click.group(
    cls=LazyGroup,
    places=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="briefgen")
def main() -> None:
    """A one-page brief for every meeting ahead, from your own contact files and calendar."""
