"""`briefgen stats`: how it goes."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import click

from briefgen.brief.brief import Mood
from briefgen.brief.signals import read_vocabulary
from briefgen.brief.trend import (
    BothQuestions,
    Promises,
    Trend,
    all_reflections,
    most_silent_first,
    trend,
)
from briefgen.cli import exit_status
from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.lookup import the_contact
from briefgen.contacts.reader import read_book
from briefgen.page.picture import as_png, as_svg
from briefgen.page.trend_picture import trend_picture
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.language import Language, language_of

_LAST_MOODS = 8


@click.command("stats")
@click.argument("contact", required=False, shell_complete=complete_contact)
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="A .svg or .png too.")
@with_call
def stats(*, call: Call, contact: str | None, plot: Path | None) -> None:
    """How it goes with CONTACT, or with everybody: questions, moods, silence and promises."""
    workspace = call.workspace()
    settings = call.settings(workspace)
    if plot is not None and plot.suffix.casefold() not in {".svg", ".png"}:
        call.fail(f"{plot}: name it .svg or .png", exit_status.WRONG_USE)
    today = call.as_of(settings.zone).date()
    language = language_of(settings.locale)
    vocabulary, vocabulary_problems = read_vocabulary(workspace.templates, language)
    book, problems = read_book(workspace)
    wanted = (the_contact(call, book, contact, problems),) if contact else tuple(book)
    trends = most_silent_first(trend(one, vocabulary=vocabulary, today=today) for one in wanted)
    both = BothQuestions.of(all_reflections(wanted, today=today))
    files = {one.file for one in wanted}
    problems = (*(p for p in problems if p.file in files), *vocabulary_problems)
    if call.as_json:
        call.report(
            {
                "as_of": today.isoformat(),
                "both_questions": {"answered": both.answered, "meetings": both.meetings},
                "promises": _promises_json(trends),
                "contacts": [_as_json(one) for one in trends],
                "problems": [problem.as_json() for problem in problems],
            }
        )
    elif contact:
        _tell_one(call, trends[0], language, today)
    else:
        _tell_all(call, trends, both)
    if plot is not None:
        picture = trend_picture(trends, both, today=today, language=language)
        _write(call, plot, as_svg(picture) if plot.suffix.casefold() == ".svg" else as_png(picture))
    call.tell_problems(problems)


def _write(call: Call, plot: Path, content: bytes) -> None:
    try:
        write_whole(plot, content)
    except OSError as error:
        call.fail(f"{plot}: {error.strerror}", exit_status.NOTHING_MADE)
    call.say(f"{plot} written")


def _promises_json(trends: Sequence[Trend]) -> dict[str, dict[str, int]]:
    mine = reduce(add, (one.mine for one in trends), Promises())
    theirs = reduce(add, (one.theirs for one in trends), Promises())
    return {"me": _counts(mine), "them": _counts(theirs)}


def _counts(promises: Promises) -> dict[str, int]:
    return {
        "on_time": promises.on_time,
        "late": promises.late,
        "open": promises.open,
        "overdue": promises.overdue,
    }


def _as_json(one: Trend) -> dict[str, Any]:
    silence = one.silence
    return {
        "contact": one.stem,
        "name": one.name,
        "both_questions": {"answered": one.both.answered, "meetings": one.both.meetings},
        "reflections": [
            {"date": r.date.isoformat(), "needs_answered": r.needs, "help_answered": r.help}
            for r in one.reflections
        ],
        "moods": [
            {"date": m.date.isoformat(), "signals": list(m.signals), "tone": m.tone}
            for m in one.moods
        ],
        "silence": {
            "last": silence.last.isoformat() if silence.last else None,
            "days": silence.days,
            "stay_in_touch": silence.stay_in_touch,
            "too_long_by": silence.too_long_by,
        },
        "promises": {"me": _counts(one.mine), "them": _counts(one.theirs)},
    }


def _kept(promises: Promises) -> str:
    """Like `3 of 4`, with what is overdue."""
    if not promises.decided:
        return f"{promises.open} open" if promises.open else "-"
    overdue = f", {promises.overdue} overdue" if promises.overdue else ""
    return f"{promises.on_time} of {promises.decided}{overdue}"


def _silent(one: Trend) -> str:
    silence = one.silence
    if silence.days is None:
        return "no word yet"
    allowed = f" of {silence.stay_in_touch}" if silence.stay_in_touch else ""
    days = "1 day" if silence.days == 1 else f"{silence.days} days"
    return f"{days}{allowed}{' !' if silence.too_long_by else ''}"


_MARKS = {"low": "▁", "mixed": "▃", "neutral": "▄", "high": "▇"}


def _mood_line(moods: Sequence[Mood]) -> str:
    return "".join(_MARKS[mood.tone] for mood in moods[-_LAST_MOODS:])


def _tell_all(call: Call, trends: Sequence[Trend], both: BothQuestions) -> None:
    call.say(str(both))
    if call.quiet or not trends:
        return
    from rich import box  # noqa: PLC0415  # slow to import
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("contact", "silence", "mood", "last signals", "both", "my promises", "theirs"):
        table.add_column(head)
    for one in trends:
        signals = ", ".join(one.moods[-1].signals) if one.moods else ""
        answered = f"{one.both.answered}/{one.both.meetings}" if one.both.meetings else "-"
        style = "bold red" if one.silence.too_long_by else ""
        table.add_row(
            Text(one.name),
            Text(_silent(one), style=style),
            _mood_line(one.moods),
            Text(signals),
            answered,
            _kept(one.mine),
            _kept(one.theirs),
        )
    Console(highlight=False).print(table)


def _tell_one(call: Call, one: Trend, language: Language, today: date) -> None:
    call.say(click.style(one.name, bold=True))
    call.say(str(one.both))
    silence = one.silence
    call.say(f"silence: {_silent(one)}")
    if silence.too_long_by:
        call.say(f"  too long by {silence.too_long_by} days")
    call.say(f"my promises kept on time: {_kept(one.mine)}")
    call.say(f"their promises kept on time: {_kept(one.theirs)}")
    for mood in one.moods:
        day = language.short_date(mood.date, beside=today)
        call.say(f"  {_MARKS[mood.tone]} {day}: {', '.join(mood.signals)}")
