"""The meeting that is meant by a `MEETING` of the command line."""

from briefgen.cli import exit_status
from briefgen.cli.call import Call
from briefgen.codes import read_codes
from briefgen.finding import LOOKED_AROUND, meant, told_apart, window_of
from briefgen.meetings.meeting import Window
from briefgen.preparing import ChosenMeeting, Day, prepare
from briefgen.settings import Settings
from briefgen.workspace import Workspace


def day_around(call: Call, workspace: Workspace, settings: Settings, wanted: str) -> Day:
    """The meetings of 14 days back and ahead, or of the day that `wanted` names."""
    as_of = call.as_of(settings.zone)
    codes = read_codes(workspace)
    first = as_of.date() - LOOKED_AROUND
    around = Window.of_days(first, 2 * LOOKED_AROUND.days + 1, settings.zone)
    window = window_of(wanted, codes, around)
    day, _ = prepare(workspace, settings, window=window, as_of=as_of).with_codes(codes)
    return day


def the_meeting(call: Call, day: Day, wanted: str) -> ChosenMeeting:
    """The one meeting that is meant; ends with status 2 where there is none, or several."""
    found = meant(day, wanted)
    if not found:
        why_not = next(
            (
                f"; '{skipped.meeting.title}' gets no brief: {skipped.reason}"
                for skipped in day.skipped
                if wanted.strip().casefold() in skipped.meeting.title.casefold()
            ),
            "",
        )
        call.fail(f"no meeting '{wanted}' in these days{why_not}", exit_status.WRONG_USE)
    if len(found) > 1:
        lines = "".join(f"\n  {line}" for line in told_apart(found))
        message = f"'{wanted}' could be {len(found)} meetings; name one by its time or code:{lines}"
        call.fail(message, exit_status.WRONG_USE)
    return found[0]
