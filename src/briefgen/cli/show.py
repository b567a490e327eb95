"""`briefgen show`: the brief of one meeting, outside the page."""

import click

from briefgen.brief import show as showing
from briefgen.brief.brief import Brief
from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_meeting
from briefgen.cli.terminal import wrapped_lines
from briefgen.cli.window import Around, around_options, day_around, the_meeting
from briefgen.day.prepare import Day


@click.command("show")
@click.argument("meeting", shell_complete=complete_meeting)
@around_options
@click.option(
    "--edition", type=click.Choice(["full", "table"]), help="Default: as the settings say."
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "markdown", "html", "json"]),
    default="text",
    help="How to print it.",
)
@click.option("--why", is_flag=True, help="Each line's rule, file and line, and what was left out.")
@click.option("--hidden", is_flag=True, help="Only what is hidden; it is never on paper.")
@with_call
def show(
    *,
    call: Call,
    meeting: str,
    date: str | None,
    days: int | None,
    edition: str | None,
    shape: str,
    why: bool,
    hidden: bool,
) -> None:
    """Show the brief of MEETING: a sheet's code, a UID, YYYY-MM-DDTHH:MM, or part of the title."""
    day = day_around(call, meeting, Around(date=date, days=days))
    chosen = the_meeting(call, day, meeting)
    wanted = edition or call.settings.page.edition
    shape = "json" if call.as_json else shape
    brief = day.brief(
        chosen,
        "table" if wanted == "table" else "full",
        why=why or hidden,
        in_confidence=not hidden and shape in {"text", "json"},
    )
    call.report_problems(day.problems)
    if hidden and shape != "json":
        printed = showing.hidden_as_text(brief, day.language)
    else:
        printed = _printed(brief, day, shape, why=why)
    click.echo(wrapped_lines(printed) if shape == "text" else printed, nl=False)


def _printed(brief: Brief, day: Day, shape: str, *, why: bool) -> str:
    if shape == "json":
        return showing.json_text(brief) + "\n"
    shapes = {
        "text": showing.as_text,
        "markdown": showing.as_markdown,
        "html": showing.as_html,
    }
    return shapes[shape](brief, day.language, why=why)
