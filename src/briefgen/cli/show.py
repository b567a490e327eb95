"""`briefgen show MEETING`: the brief in the terminal, and why each line of it is there."""

from datetime import datetime

import click

from briefgen.brief import showing
from briefgen.brief.brief import Brief
from briefgen.cli.call import Call, parse_day, with_call
from briefgen.cli.completing import complete_meeting
from briefgen.cli.meeting_meant import the_meeting
from briefgen.codes import read_codes
from briefgen.finding import LOOKED_AROUND, window_of
from briefgen.meetings.meeting import Window
from briefgen.preparing import Day, prepare
from briefgen.reflecting import made_by_hand


@click.command("show")
@click.argument("meeting", shell_complete=complete_meeting)
@click.option("--date", metavar="DAY", help="Look on this day; by default 14 days back and ahead.")
@click.option(
    "--days", type=click.IntRange(1, 366), default=1, help="How many days from --date on."
)
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
@click.option("--hidden", is_flag=True, help="Only what tact hides; it is never on paper.")
@with_call
def show(
    *,
    call: Call,
    meeting: str,
    date: str | None,
    days: int,
    edition: str | None,
    shape: str,
    why: bool,
    hidden: bool,
) -> None:
    """Show the brief of MEETING: a sheet's code, a UID, YYYY-MM-DDTHH:MM, or part of the title."""
    workspace = call.workspace()
    settings = call.settings(workspace)
    as_of = call.as_of(settings.zone)
    codes = read_codes(workspace)
    window = window_of(meeting, codes, _window(as_of, date, days))
    day, _ = prepare(workspace, settings, window=window, as_of=as_of).with_codes(codes)
    sheet = codes.get(meeting.strip().upper())
    if sheet is not None and (made := made_by_hand(day, sheet)) is not None:
        day, _ = made.with_codes(codes)
    chosen = the_meeting(call, day, meeting)
    wanted = edition or settings.page.edition
    brief = day.brief(chosen, "table" if wanted == "table" else "full", why=why or hidden)
    call.tell_problems(day.problems)
    if hidden and not call.as_json:
        click.echo(showing.hidden_as_text(brief), nl=False)
    else:
        click.echo(_printed(brief, day, "json" if call.as_json else shape, why=why), nl=False)


def _window(as_of: datetime, date: str | None, days: int) -> Window:
    zone = Window.of_days(as_of.date(), 1, as_of.tzinfo).zone  # type: ignore[arg-type]
    if date is not None:
        return Window.of_days(parse_day(date, as_of.date()), days, zone)
    first = as_of.date() - LOOKED_AROUND
    return Window.of_days(first, 2 * LOOKED_AROUND.days + 1, zone)


def _printed(brief: Brief, day: Day, shape: str, *, why: bool) -> str:
    if shape == "json":
        return showing.json_text(brief) + "\n"
    shapes = {
        "text": showing.as_text,
        "markdown": showing.as_markdown,
        "html": showing.as_html,
    }
    return shapes[shape](brief, day.language, why=why)
