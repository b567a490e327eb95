"""The meeting that is meant by a `MEETING` of the command line."""

from briefgen.brief.sheet_codes import read_codes
from briefgen.cli import exit_status
from briefgen.cli.call import Call
from briefgen.cli.window import Around
from briefgen.day.find import meant, near_titles, told_apart, window_of
from briefgen.day.prepare import ChosenMeeting, Day, prepare
from briefgen.reflection.reflections import made_by_hand
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import errors
from briefgen.workspace.settings import Settings


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
        tell_what_is_lost(call, day)
        near = near_titles(day, wanted)
        if near and not why_not:
            why_not = f"; did you mean {' or '.join(repr(title) for title in near)}?"
        searched = f"in these days{why_not}" if why_not else f"in these days, {_searched(day)}"
        call.fail(f"no meeting '{wanted}' {searched}", exit_status.WRONG_USE)
    if len(found) > 1:
        lines = "".join(f"\n  {line}" for line in told_apart(found))
        message = f"'{wanted}' could be {len(found)} meetings; name one by its time or code:{lines}"
        call.fail(message, exit_status.WRONG_USE)
    return found[0]


def tell_what_is_lost(call: Call, day: Day) -> None:
    """Tell what could not be read: whoever and whatever is missing may stand there."""
    call.tell_problems(errors(day.problems))


def tell_of_faulty_files(call: Call, day: Day, chosen: ChosenMeeting) -> None:
    """Where somebody in the meeting has no file: it may be one of those that cannot be read."""
    if any(participant.contact is None for participant in chosen.participants):
        folder = f"{day.workspace.relative(day.workspace.contacts)}/"
        call.tell_problems(p for p in errors(day.problems) if p.file.startswith(folder))


def _searched(day: Day) -> str:
    """The days that were looked through, and how to see what is in them."""
    first, last = day.window.start.date(), day.window.days[-1]
    days = (last - first).days + 1
    return (
        f"{first:%d %b %Y} to {last:%d %b %Y}; name others with --date, or see what there is with:"
        f"\n  briefgen list --why --date {first} --days {days}"
    )
