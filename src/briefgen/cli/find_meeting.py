"""The meeting that is meant by a `MEETING` of the command line."""

from briefgen.brief.sheet_codes import read_codes
from briefgen.cli.call import Call
from briefgen.cli.window import Around
from briefgen.day.find import made_by_hand, meant, near_titles, told_apart, window_of
from briefgen.day.prepare import ChosenMeeting, Day, prepare
from briefgen.night import exit_status
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase, WrittenDay
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
        tell_what_is_lost(call, day)
        call.fail(_not_found(day, wanted), exit_status.WRONG_USE)
    if len(found) > 1:
        message = Phrase.plural(
            "'{wanted}' could be {count} meeting; name it by its time or code:",
            "'{wanted}' could be {count} meetings; name one by its time or code:",
            len(found),
            wanted=wanted,
        )
        lines = "".join(f"\n  {line}" for line in told_apart(found))
        call.fail(call.said(message) + lines, exit_status.WRONG_USE)
    return found[0]


def tell_what_is_lost(call: Call, day: Day) -> None:
    """Tell what could not be read: whoever and whatever is missing may stand there."""
    call.tell_problems(errors(day.problems))


def tell_of_faulty_files(call: Call, day: Day, chosen: ChosenMeeting) -> None:
    """Where somebody in the meeting has no file: it may be one of those that cannot be read."""
    if any(participant.contact is None for participant in chosen.participants):
        folder = f"{day.workspace.relative(day.workspace.contacts)}/"
        call.tell_problems(p for p in errors(day.problems) if p.file.startswith(folder))


def _not_found(day: Day, wanted: str) -> str:
    """That there is no such meeting, and why, or what may be meant, or where was looked."""
    for skipped in day.skipped:
        if wanted.strip().casefold() in skipped.meeting.title.casefold():
            return Phrase(
                "no meeting '{wanted}' in these days; '{title}' gets no brief: {reason}",
                wanted=wanted,
                title=skipped.meeting.title,
                reason=skipped.reason,
            )
    if near := near_titles(day, wanted):
        return Phrase(
            "no meeting '{wanted}' in these days; did you mean {near}?",
            wanted=wanted,
            near=[f"'{title}'" for title in near],
        )
    first, last = day.window.start.date(), day.window.days[-1]
    return Phrase(
        "no meeting '{wanted}' in these days, {first} to {last}; name others with --date, or see "
        "what there is with:\n  briefgen list --why {options}",
        wanted=wanted,
        first=WrittenDay("%d %b %Y", first),
        last=WrittenDay("%d %b %Y", last),
        options=f"--date {first} --days {(last - first).days + 1}",
    )
