"""The meeting that is meant by a `MEETING` of the command line."""

from briefgen.cli import exit_status
from briefgen.cli.call import Call
from briefgen.cli.window import Around
from briefgen.codes import read_codes
from briefgen.finding import meant, told_apart, window_of
from briefgen.preparing import ChosenMeeting, Day, prepare
from briefgen.reflecting import made_by_hand
from briefgen.settings import Settings
from briefgen.workspace import Workspace


def day_around(
    call: Call, workspace: Workspace, settings: Settings, wanted: str | None, around: Around
) -> Day:
    """The meetings among which `wanted` is looked for, each with its sheet's code.

    These are the ones of the days around, of the day that a code or a time names, or the one that
    was made by hand under that code.
    """
    as_of = call.as_of(settings.zone)
    codes = read_codes(workspace)
    window = around.window(as_of)
    if wanted is not None:
        window = window_of(wanted, codes, window)
    day = prepare(workspace, settings, window=window, as_of=as_of)
    sheet = codes.get(wanted.strip().upper()) if wanted is not None else None
    by_hand = made_by_hand(day, sheet) if sheet is not None else None
    coded, _ = (by_hand or day).with_codes(codes)
    return coded


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
