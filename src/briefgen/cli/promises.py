"""`briefgen promises`, what each side said it would do, and `briefgen done`."""

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

import click

from briefgen.brief.attention import (
    Attention,
    monday_of,
    open_attention,
    read_attention,
    tick_for,
)
from briefgen.cli.call import Call, parse_day, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.lookup import open_own_book, the_contact
from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import COLLEAGUE
from briefgen.contacts.entry import Figures, Promised
from briefgen.reflection.decisions import Decision, write_decision
from briefgen.reflection.due_dates import due_day
from briefgen.reflection.open_items import Kind, OpenItem, State, find_items, flat, open_items_of
from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem


@click.command("promises")
@click.option("--overdue", is_flag=True, help="Only those whose day has passed.")
@click.option(
    "--contact", shell_complete=complete_contact, help="Only those between you and this contact."
)
@with_call
def promises(*, call: Call, overdue: bool, contact: str | None) -> None:
    """What is open on both sides, by the day it is due.

    With --json the promises that were kept or dropped are listed too.
    """
    today, language = call.today, call.language
    book, problems = open_own_book(call)
    named = the_contact(call, book, contact, problems) if contact else None
    whose = (named.figures(),) if named else book.figures()
    found = sorted(
        ((one, promise) for one in whose for promise in one.promises),
        key=lambda pair: (pair[1].due or date.max, pair[0].stem),
    )
    if overdue:
        found = [pair for pair in found if pair[1].is_overdue(today)]
    if call.as_json:
        call.report({"promises": [_as_json(*pair) for pair in found]})
        return
    still = [pair for pair in found if pair[1].is_open]
    for pair in still:
        call.say(_line(*pair, today, language))
    if not still:
        call.say(language.text("no promise is overdue") if overdue else language.text("none open"))


def _as_json(whose: Figures, promise: Promised) -> dict[str, Any]:
    ended = "kept" if promise.kept is not None else "dropped"
    return {
        "contact": whose.stem,
        "by": promise.by,
        "text": promise.text,
        "made": promise.made.isoformat() if promise.made else None,
        "due": promise.due.isoformat() if promise.due else None,
        "state": "open" if promise.is_open else ended,
        "file": promise.file or whose.file,
        "line": promise.line,
    }


def _line(whose: Figures, promise: Promised, today: date, language: Language) -> str:
    when, late, name = language.text("no day"), "", whose.name
    if promise.due is not None:
        when = language.short_date(promise.due, beside=today)
        if promise.is_overdue(today):
            days = (today - promise.due).days
            late = language.plural("{count} day late", "{count} days late", days)
    if promise.by == COLLEAGUE:
        author = promise.author or language.text("a colleague")
        side = language.text("{author} to {name}", author=author, name=name)
    elif promise.by == "me":
        side = language.text("you to {name}", name=name)
    else:
        side = language.text("{name} to you", name=name)
    return f"{when}  {language.noted(language.labelled(side, promise.text), late)}"


_KINDS: Final[tuple[Kind, ...]] = ("promise", "concern", "to_share")
_MOST: Final = 20


@click.command("done")
@click.argument("text")
@click.option("--kept", "state", flag_value="kept", help="A promise was kept: the default.")
@click.option("--moved", metavar="DAY", help="A promise is due on another day: Friday, 2026-12-01.")
@click.option("--dropped", "state", flag_value="dropped", help="A promise is no longer wanted.")
@click.option("--resolved", "state", flag_value="resolved", help="A concern is resolved.")
@click.option("--shared", "state", flag_value="shared", help="A thing to share was shared.")
@click.option("--contact", shell_complete=complete_contact, help="Whom it is about.")
@click.option("--date", "day", metavar="DAY", help="When it was done; default: today.")
@with_call
def done(
    *,
    call: Call,
    text: str,
    state: State | None,
    moved: str | None,
    contact: str | None,
    day: str | None,
) -> None:
    """Say that something open is done: TEXT is what it says on file, or a piece of it.

    A promise is kept, a concern resolved, a thing shared, unless an option says otherwise.
    briefgen contacts undo undoes it.
    """
    language, today = call.language, call.today
    if moved is not None and state is not None:
        call.wrong_use("--moved does not go with --{state}", state=state)
    due = _due(moved, today, language)
    wanted: State | None = "moved" if due else state
    when = parse_day(day, today) if day else today
    book, problems = open_own_book(call)
    whose = (the_contact(call, book, contact, problems),) if contact else tuple(book)
    items = [
        one
        for one in open_items_of(whose, today=today)
        if (wanted in one.states if wanted else one.kind in _KINDS)
    ]
    if wanted is None and not find_items(items, text):
        attention = _attention(call, text, whose)
        if attention is not None:
            tick_for(call.workspace, attention.contact, today)
            _print_ticked(call, attention)
            return
    item = _the_item(call, items, text, language, today)
    decision = Decision(item=item, state=wanted or item.states[0], day=when, due=due)
    result = write_decision(
        decision, workspace=call.workspace, settings=call.settings, language=language
    )
    if isinstance(result, Problem):
        call.refuse([result], {"done": None})
    told = {"contact": item.contact, "kind": item.kind, "text": item.text}
    call.report({"done": {**told, "state": decision.state, "file": result.file}}, [])
    for said in result.said:
        call.say(f"{result.file}: {said}")
    call.say("  briefgen contacts undo {what}  undoes it", what=item.contact)


def _attention(call: Call, text: str, whose: Iterable[ContactFile]) -> Attention | None:
    """The week's attention, if the text names its person or its matter."""
    found = open_attention(read_attention(call.workspace, monday_of(call.today)))
    if found is None or found.contact not in {one.stem for one in whose}:
        return None
    wanted = flat(text)
    meant = wanted and any(wanted in flat(one) for one in (found.name, found.text))
    return found if meant else None


def _print_ticked(call: Call, attention: Attention) -> None:
    told = {"contact": attention.contact, "kind": "attention", "text": attention.text}
    call.report({"done": {**told, "state": "done", "file": attention.file}}, [])
    call.say("{name}: the attention of this week is done", name=attention.name)


def _due(moved: str | None, today: date, language: Language) -> date | None:
    if moved is None:
        return None
    try:
        return due_day(moved, day=today, language=language)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--moved") from None


def _the_item(
    call: Call, items: Sequence[OpenItem], text: str, language: Language, today: date
) -> OpenItem:
    """The one item that `text` means; ends with status 2 if there is none, or several."""
    found = find_items(items, text)
    if len(found) != 1:
        told = _several(found, text, language, today) if found else ""
        told = told or _nothing(items, text, language, today)
        call.wrong_use(told)
    return found[0]


def _several(found: Sequence[OpenItem], text: str, language: Language, today: date) -> str:
    lines = [_described(item, language, today) for item in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(f"… +{len(found) - _MOST}")
    message = language.text(
        "'{text}' matches {count}; write more of it, or --contact:", text=text, count=len(found)
    )
    return "\n  ".join([message, *lines])


def _nothing(items: Sequence[OpenItem], text: str, language: Language, today: date) -> str:
    by_flat = {flat(item.text): item for item in items}
    near = get_close_matches(flat(text), by_flat, n=3, cutoff=0.6)
    if not near:
        return language.text(
            "nothing open is called '{text}'; briefgen promises lists what is", text=text
        )
    lines = [_described(by_flat[one], language, today) for one in near]
    message = language.text("nothing open is called '{text}'; did you mean:", text=text)
    return "\n  ".join([message, *lines])


def _described(item: OpenItem, language: Language, today: date) -> str:
    due = f", {language.short_date(item.due, beside=today)}" if item.due else ""
    return f"{item.name}: {item.text}{due}  ({item.file}:{item.line})"
