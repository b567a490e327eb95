"""`briefgen stats`: questions answered, moods, silences and promises."""

from collections.abc import Sequence
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Final

import click
from msgspec import to_builtins

from briefgen.brief.sheet_memory import read_line_uses, usage_by_rule, usage_in_words
from briefgen.brief.signals import Vocabulary, read_vocabulary
from briefgen.brief.situation import path
from briefgen.brief.trend import (
    BothQuestions,
    Promises,
    Trend,
    all_reflections,
    most_silent_first,
    progress_of,
    trend,
)
from briefgen.brief.wording import Wording
from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.lookup import open_own_book, the_contact
from briefgen.contacts.contact import Contact
from briefgen.contacts.dates import Span
from briefgen.page.trend_picture import trend_picture
from briefgen.reflection.reminder import recent_rate
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.phrase import Phrase

_LAST_MOODS = 8


@click.command("stats")
@click.argument("contact", required=False, shell_complete=complete_contact)
@click.option(
    "--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw it as .svg too."
)
@with_call
def stats(*, call: Call, contact: str | None, plot: Path | None) -> None:
    """How things are going with CONTACT, or everyone: questions, moods, silence and promises."""
    if plot is not None and plot.suffix.casefold() != ".svg":
        call.wrong_use("{file}: name it .svg, which every browser opens", file=plot)
    today, language = call.today, call.language
    vocabulary, vocabulary_problems = read_vocabulary(call.workspace.templates, language)
    book, problems = open_own_book(call)
    named = the_contact(call, book, contact, problems) if contact else None
    wanted = (named.figures(),) if named else book.figures()
    trends = most_silent_first(trend(one, vocabulary=vocabulary, today=today) for one in wanted)
    both = BothQuestions.of(all_reflections(wanted, today=today))
    among = [wanted[0].stem] if contact else None
    rate = recent_rate(call.workspace, call.settings, call.now, among=among)
    lines = usage_by_rule(read_line_uses(call.workspace))
    files = {one.file for one in wanted}
    problems = (*(p for p in problems if p.file in files), *vocabulary_problems)
    if call.as_json:
        call.report(
            {
                "as_of": today.isoformat(),
                "both_questions": to_builtins(both),
                "reflected": {"done": rate.reflected, "meetings": rate.meetings},
                "lines": [{"rule": rule, **to_builtins(one)} for rule, one in lines.items()],
                "promises": {
                    "me": to_builtins(reduce(add, (one.mine for one in trends), Promises())),
                    "them": to_builtins(reduce(add, (one.theirs for one in trends), Promises())),
                },
                "contacts": [_as_json(one) for one in trends],
            },
            problems,
        )
    else:
        if rate.meetings:
            call.say(
                language.plural(
                    "reflected on {done} of the last {count} meeting",
                    "reflected on {done} of the last {count} meetings",
                    rate.meetings,
                    done=rate.reflected,
                )
            )
        if named:
            _print_one(call, trends[0], named.contact, vocabulary)
        else:
            _print_all(call, trends, both)
            if told := usage_in_words(lines):
                call.say(language.text("lines of the sheet that were used: {lines}", lines=told))
    if plot is not None:
        write_whole(plot, trend_picture(trends, both, today=today, language=language))
        call.say(f"{plot} written")
    call.report_problems(problems)


_MOST_LINES: Final = 5
_MOST_ROWS: Final = 300
"""A row takes a millisecond and nobody reads thousands; `--json` has them all."""


def _as_json(one: Trend) -> dict[str, Any]:
    return {
        "contact": one.stem,
        "name": one.name,
        "both_questions": to_builtins(one.both),
        "reflections": [
            {"date": r.date.isoformat(), "needs_answered": r.needs, "help_answered": r.help}
            for r in one.reflections
        ],
        "moods": to_builtins(one.moods),
        "silence": to_builtins(one.silence),
        "promises": {"me": to_builtins(one.mine), "them": to_builtins(one.theirs)},
    }


def _kept(promises: Promises) -> str:
    """Like `3 of 4`, and how many are overdue."""
    if not promises.decided:
        return Phrase("{count} open", count=promises.open) if promises.open else "-"
    kept = Phrase("{count} of {all}", count=promises.on_time, all=promises.decided)
    if not promises.overdue:
        return kept
    return Phrase.listed([kept, Phrase("{count} overdue", count=promises.overdue)])


def _silent(one: Trend, words: Wording) -> str:
    silence = one.silence
    if silence.days is None:
        return Phrase("no word yet")
    days: str = Phrase.plural("{number} day", "{number} days", silence.days, number=silence.days)
    if silence.stay_in_touch:
        allowed = words.span(Span.parse(silence.stay_in_touch))
        days = Phrase("{days} of {allowed}", days=days, allowed=allowed)
    return Phrase("{days} !", days=days) if silence.too_long_by else days


_MARKS = {"low": "▁", "mixed": "▃", "neutral": "▄", "high": "▇"}


def _print_all(call: Call, trends: Sequence[Trend], both: BothQuestions) -> None:
    words = Wording(language=call.language, day=call.today)
    call.say(str(both))
    if call.quiet or not trends:
        return
    from rich import box  # noqa: PLC0415  # slow to import
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0))
    for head in (
        Phrase("contact"),
        Phrase("silence"),
        Phrase("mood"),
        Phrase("last signals"),
        Phrase("both questions"),
        Phrase("my promises"),
        Phrase("theirs"),
    ):
        table.add_column(call.said(head), no_wrap=head == "contact")
    for one in trends[:_MOST_ROWS]:
        signals = call.language.joined(one.moods[-1].signals) if one.moods else ""
        answered = f"{one.both.answered}/{one.both.meetings}" if one.both.meetings else "-"
        style = "bold red" if one.silence.too_long_by else ""
        table.add_row(
            Text(one.name),
            Text(call.said(_silent(one, words)), style=style),
            "".join(_MARKS[mood.tone] for mood in one.moods[-_LAST_MOODS:]),
            Text(signals),
            answered,
            call.said(_kept(one.mine)),
            call.said(_kept(one.theirs)),
        )
    Console(highlight=False).print(table)
    if (more := len(trends) - _MOST_ROWS) > 0:
        call.say(call.language.plural("and {count} more", "and {count} more", more))


def _print_one(call: Call, one: Trend, contact: Contact, vocabulary: Vocabulary) -> None:
    language, today = call.language, call.today
    call.say(click.style(one.name, bold=True))
    call.say(str(one.both))
    words = Wording(language=language, day=today)
    last, span = one.silence.last, one.silence.stay_in_touch
    if last is not None and span is not None and one.silence.too_long_by:
        call.say(
            language.text(
                "You have not been in touch for {age} (you meant to be {often}).",
                age=words.silence(last),
                often=words.every(Span.parse(span)),
            )
        )
    else:
        days = words.silence(last) if last is not None else _silent(one, words)
        call.say("silence: {days}", days=days)
    call.say("my promises kept on time: {kept}", kept=_kept(one.mine))
    call.say("their promises kept on time: {kept}", kept=_kept(one.theirs))
    situation = contact.situation
    if situation and (situation.current_state or situation.desired_outcome):
        as_of = situation.as_of
        said = path(language, situation)
        call.say(language.noted(said, words.partial(as_of) if as_of else ""))
    for when, progress in progress_of(contact, vocabulary, today)[-_MOST_LINES:]:
        quoted = language.text("“{words}”", words=" ".join(progress.split()))
        call.say(f"  {language.labelled(language.short_date(when, beside=today), quoted)}")
    for mood in one.moods:
        day = language.short_date(mood.date, beside=today)
        call.say(f"  {_MARKS[mood.tone]} {language.labelled(day, language.joined(mood.signals))}")
