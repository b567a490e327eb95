"""Questions in the terminal, each of which can be skipped with Enter."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Final, TypeVar

import click

from briefgen.cli.call import Call
from briefgen.cli.terminal import columns_of, read_key, terminal_columns, typed_early, wrapped
from briefgen.contacts.splice import without_unreadable
from briefgen.reflection.answers import Answers, answers_text
from briefgen.reflection.asked import Asked, shown, understood
from briefgen.reflection.due_dates import due_day
from briefgen.workspace.language import REGIONAL_CATALOGUES, Language

_T = TypeVar("_T")

PROMPT: Final = "  > "
BACK: Final = "<"
"""Typed alone, it goes back to the question before."""
CLEAR: Final = "-"
"""Typed alone, it removes the answer so far."""
HELP: Final = "?"
"""Typed alone, it explains the question."""
REST: Final = "."
"""Typed alone, it skips the open items that have not been asked about yet."""


class Back(Exception):  # noqa: N818  # not an error
    """The user wants the previous question again."""


class Rest(Exception):  # noqa: N818  # not an error
    """The user skips the rest of the open items."""


def say_question(question: str, hint: str = "") -> None:
    """Show a question, then its hint in small print, on the next line if it is long."""
    click.echo()
    if columns_of(f"{question}  {hint}") < terminal_columns():
        click.echo(click.style(question, bold=True) + click.style(f"  {hint}", dim=True))
        return
    click.echo(click.style(question, bold=True))
    say_small(hint, indent="  ")


def say_small(text: str, *, indent: str = "") -> None:
    """Show a remark in small print, all its lines indented like the first."""
    indent += text[: len(text) - len(text.lstrip())]
    for line in wrapped(text, terminal_columns() - len(indent) - 1):
        click.echo(click.style(f"{indent}{line}", dim=True))


def say_earlier_draft(call: Call, code: str, draft: str, language: Language) -> None:
    """Say that an earlier draft is kept, and how to use it."""
    call.say(language.text("an earlier draft is kept in {file}; to continue it:", file=draft))
    call.say(f"  briefgen reflect {code} --from {draft}")


def show_unsaved(answers: Sequence[Answers], language: Language) -> None:
    """Show answers that could not be saved, so that they can be copied from the terminal."""
    if answers:
        message = language.text("the answers could not be saved; copy them from here, for --from:")
        click.echo(message, err=True)
        click.echo(answers_text(answers), nl=False, err=True)


_about: Final[ContextVar[str]] = ContextVar("about", default="")
"""What `HELP` shows about the current question."""


@contextmanager
def explained(about: str) -> Iterator[None]:
    """Within the block, `HELP` shows this about every question."""
    token = _about.set(about)
    try:
        yield
    finally:
        _about.reset(token)


def reply(prompt: str = PROMPT, *, about: str = "") -> str:
    """One line of answer, without control characters; empty if it was skipped.

    If there is a text `about` the question, `HELP` shows it and the question is asked again.

    Raises:
        Back: if the user wants the previous question again.
        click.Abort: at Ctrl-C or Ctrl-D.
    """
    about = about or _about.get()
    while True:
        early = typed_early.pop() if typed_early else ""
        given = click.prompt(f"{prompt}{early}", default="", show_default=False, prompt_suffix="")
        answer = without_unreadable(early + str(given)).strip()
        if answer == BACK:
            raise Back
        if answer != HELP or not about:
            return answer
        say_small(about, indent="    ")


def code_of(language: Language) -> str:
    """The code of a language in vocabularies, like `de`, or `pt_BR`, which has its own words."""
    name = str(language.locale)
    return name if name in REGIONAL_CATALOGUES else str(language.locale.language)


def listed(choices: Sequence[str], language: Language) -> str:
    """The choices with their numbers: `1 yes · 2 partly · 3 no`."""
    words = (shown(choice, code_of(language)) for choice in choices)
    return " · ".join(f"{number} {word}" for number, word in enumerate(words, start=1))


def reply_one_of(choices: Sequence[str], language: Language, prompt: str = PROMPT) -> str | None:
    """One of the choices, by its number, a word or its beginning; None if it was skipped.

    `CLEAR` is returned as it is.
    """
    while True:
        given = reply(prompt)
        if not given or given == CLEAR:
            return given or None
        if found := understood(given, choices, code_of(language)):
            return found
        _say_choices(choices, language)


def _say_choices(choices: Sequence[str], language: Language) -> None:
    click.echo("    " + language.text("one of: {choices}", choices=listed(choices, language)))


def reply_key(choices: Sequence[str], language: Language, prompt: str = PROMPT) -> str | None:
    """One of the choices with a single key, or None for Enter.

    If the input is not a terminal, a line is read instead of a key.

    Raises:
        Back: at `<` or the backspace key.
        Rest: at a full stop.
        click.Abort: at Ctrl-C or Ctrl-D.
    """
    while True:
        given = read_key(prompt) if sys.stdin.isatty() else reply(prompt)
        if not given:
            return None
        if given in {BACK, "\x7f", "\b"}:
            raise Back
        if given == REST:
            raise Rest
        if given == HELP:
            say_small(_about.get(), indent="    ")
            continue
        found = understood(given, choices, code_of(language))
        if found or given == CLEAR:
            return found or CLEAR
        _say_choices(choices, language)


def reply_yes(question: str, language: Language) -> bool:
    """Whether the answer is yes, as it is at Enter."""
    return reply_yes_or(question, language) == "yes"


def reply_yes_or(
    question: str,
    language: Language,
    is_other: Callable[[str], bool] = lambda _: False,
    *,
    default: bool = True,
    about: str = "",
) -> str:
    """`yes`, `no`, or an answer that `is_other` takes; Enter means the default, which is shown."""
    code, otherwise = code_of(language), "yes" if default else "no"
    say_question(question, f"{shown('yes', code)} · {shown('no', code)}")
    while True:
        given = reply(f"  [{shown(otherwise, code)}] > ", about=about)
        found = understood(given, ("yes", "no"), code) if given else otherwise
        if found or is_other(given):
            return found or given
        _say_choices(("yes", "no"), language)


def ask_line(
    asked: Asked,
    language: Language,
    default: str = "",
    refused: Callable[[str], str] = lambda _: "",
) -> str:
    """One line, or the default at Enter; asked again if `refused` returns what is wrong with it."""
    prompt = f"  [{default}] > " if default else PROMPT
    while True:
        say_asked(asked, language)
        given = _skippable(lambda: reply(prompt, about=language.said(asked.about))) or default
        if not (why := refused(given)):
            return given
        say_wrapped(why, language)


def ask_yes_or(
    asked: Asked,
    language: Language,
    is_other: Callable[[str], bool] = lambda _: False,
    *,
    default: bool = False,
) -> str:
    """`yes`, `no`, or an answer that `is_other` takes."""
    title, about = language.said(asked.title), language.said(asked.about)
    given = _skippable(
        lambda: reply_yes_or(title, language, is_other, default=default, about=about)
    )
    return given or "no"


def ask_password(asked: Asked, language: Language) -> str:
    """A line that is not shown."""
    say_asked(asked, language)
    while True:
        given = click.prompt(
            PROMPT, default="", show_default=False, prompt_suffix="", hide_input=True
        )
        if given != HELP:
            return str(given)
        say_small(language.said(asked.about), indent="    ")


def ask_places(asked: Asked, names: Sequence[str], language: Language) -> tuple[int, ...]:
    """The chosen places of a list that is shown; all of them at Enter."""
    say_asked(asked, language)
    for number, name in enumerate(names, start=1):
        click.echo(f"  {number}  {name}")
    about = language.said(asked.about)
    chosen = _skippable(lambda: reply_places(names, language, about=about))
    return chosen or tuple(range(len(names)))


def say_asked(asked: Asked, language: Language) -> None:
    """Show a question and its hint."""
    say_question(language.said(asked.title), language.said(asked.hint))


def _say_error(text: str) -> None:
    """Show what is wrong with an answer, in lines that fit the terminal."""
    for line in wrapped(text, terminal_columns() - 5):
        click.echo(f"    {line}")


def say_wrapped(text: str, language: Language) -> None:
    """Show a text indented, in lines that fit the terminal."""
    for line in wrapped(language.said(text), terminal_columns() - 3):
        click.echo(f"  {line}")


def _skippable(ask: Callable[[], _T]) -> _T | None:
    """An answer; None if the user wants to go back, which these questions cannot."""
    try:
        return ask()
    except Back:
        return None


def reply_due(day: date, language: Language) -> date | None:
    """A due date, in figures or in words, counted from `day`; None if it was skipped."""
    hint = language.text("like Friday, in two weeks or 2026-12-01")
    about = language.text(
        "A day in words or figures: tomorrow, in 10 days, end of March, 2026-12-01. Enter: no due "
        "date."
    )
    question = f"    {language.text('due when?')}  {click.style(hint, dim=True)}  > "
    while True:
        given = reply(question, about=about)
        if not given:
            return None
        try:
            found = due_day(given, day=day, language=language)
        except ValueError as error:
            _say_error(str(error))
            continue
        say_small(f"      {language.long_date(found)}")
        return found


def reply_checked(
    check: Callable[[str], object], wrong: str | None = None, prompt: str = PROMPT
) -> str | None:
    """An answer that `check` accepts without a ValueError; None if it was skipped.

    For others `wrong` is shown, or the error itself.
    """
    while True:
        given = reply(prompt, about=wrong or "")
        if not given:
            return None
        try:
            check(given)
        except ValueError as error:
            _say_error(wrong or str(error))
            continue
        return given


def reply_places(
    names: Sequence[str], language: Language, *, about: str = ""
) -> tuple[int, ...] | None:
    """Indices, from 0, into a list of names that is shown numbered from 1; None at `CLEAR`.

    Each is given by its number, its name or the beginning of its name.
    """
    while True:
        given = reply(about=about)
        if given == CLEAR:
            return None
        places = _places(given, names)
        if places is not None:
            return places
        message = language.text(
            "write numbers from 1 to {most} or names, with commas", most=len(names)
        )
        _say_error(message)


def _places(given: str, names: Sequence[str]) -> tuple[int, ...] | None:
    """The indices that a line names; None if any part of it names none, or several."""
    found: list[int] = []
    for part in filter(None, map(str.strip, re.split("[,\u3001\u060c\uff0c]", given))):
        whole = _place(part, names)
        each = [whole] if whole is not None else [_place(word, names) for word in part.split()]
        if None in each:
            return None
        found.extend(place for place in each if place is not None)
    return tuple(dict.fromkeys(found))


def _place(wanted: str, names: Sequence[str]) -> int | None:
    if wanted.isdecimal():
        return int(wanted) - 1 if 1 <= int(wanted) <= len(names) else None
    flat = [" ".join(name.casefold().split()) for name in names]
    key = " ".join(wanted.casefold().split())
    fit = [at for at, name in enumerate(flat) if name == key] or [
        at for at, name in enumerate(flat) if name.startswith(key)
    ]
    return fit[0] if len(fit) == 1 else None
