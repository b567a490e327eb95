"""Questions in the terminal: each skippable with Enter, with completion where it helps."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from types import FrameType

import click

from briefgen.cli.call import Call
from briefgen.contacts.splice import without_unreadable
from briefgen.reflection.answers import Answers, answers_text
from briefgen.reflection.due_dates import due_date

PROMPT = "  > "
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a polite kill, and a terminal window that was closed."""
_BEAT_SECONDS = 0.25
"""How soon a wish to end is looked after that nobody has noticed."""


def say_question(question: str, hint: str = "") -> None:
    """Show a question, with what can be answered in small print behind it."""
    click.echo()
    small = click.style(f"  {hint}", dim=True) if hint else ""
    click.echo(click.style(question, bold=True) + small)


def say_small(text: str) -> None:
    """Show a remark in small print."""
    click.echo(click.style(text, dim=True))


def say_before(call: Call, code: str, draft: str) -> None:
    """Say that a draft of other answers stays, and how to take it up."""
    call.say(f"a draft from before stays in {draft}; to take it up:")
    call.say(f"  briefgen reflect {code} --from {draft}")


def say_unkept(answers: Sequence[Answers]) -> None:
    """Show answers that no disk would take, so that they can be copied before the window closes."""
    if answers:
        click.echo("the answers are kept nowhere; copy them from here, for --from:", err=True)
        click.echo(answers_text(answers), nl=False, err=True)


def reply(prompt: str = PROMPT) -> str:
    """One line of answer, without controls; empty where it was skipped.

    Raises:
        click.Abort: at Ctrl-C or Ctrl-D.
    """
    given = click.prompt(prompt, default="", show_default=False, prompt_suffix="")
    return without_unreadable(str(given)).strip()


def reply_one_of(choices: Sequence[str], prompt: str = PROMPT) -> str | None:
    """One of the choices, of which the first letters suffice; None where it was skipped."""
    while True:
        given = reply(prompt).casefold()
        if not given:
            return None
        found = [choice for choice in choices if choice.startswith(given)]
        if len(found) == 1 or given in choices:
            return given if given in choices else found[0]
        click.echo(f"    write {' or '.join(choices)}, or Enter to skip")


def reply_due(day: date, language: str) -> date | None:
    """A due date, in figures or in words, counted from `day`; None where it was skipped."""
    while True:
        given = reply("    due when?  > ")
        if not given:
            return None
        try:
            found = due_date(given, day=day, language=language)
        except ValueError as error:
            click.echo(f"    {error}")
            continue
        say_small(f"      {found:%A %d %B %Y}")
        return found


def reply_checked(check: Callable[[str], object], prompt: str = PROMPT) -> str | None:
    """An answer that `check` takes without a ValueError; None where it was skipped."""
    while True:
        given = reply(prompt)
        if not given:
            return None
        try:
            check(given)
        except ValueError as error:
            click.echo(f"    {error}")
            continue
        return given


def reply_numbers(most: int) -> tuple[int, ...]:
    """Places in a list shown from 1 on, as counted from 0."""
    while True:
        given = reply().replace(",", " ").split()
        if all(part.isdecimal() and 1 <= int(part) <= most for part in given):
            return tuple(dict.fromkeys(int(part) - 1 for part in given))
        click.echo(f"    write numbers from 1 to {most}, like 1 3, or Enter to skip")


@contextmanager
def completing(words: Sequence[str], *, separators: str = ",") -> Iterator[None]:
    """Complete these words at Tab for as long as the block runs, where the terminal can."""
    try:
        import readline  # noqa: PLC0415  # also gives the prompt its line editing
    except ImportError:  # a Python built without it
        yield
        return
    before, delimiters = readline.get_completer(), readline.get_completer_delims()

    def complete(typed: str, state: int) -> str | None:
        lead = typed[: len(typed) - len(typed.lstrip())]
        wanted = typed.strip().casefold()
        found = [lead + word for word in words if word.casefold().startswith(wanted)]
        return found[state] if state < len(found) else None

    readline.set_completer(complete)
    readline.set_completer_delims(separators)
    editline = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if editline else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before)
        readline.set_completer_delims(delimiters)


@contextmanager
def broken_off_alike() -> Iterator[None]:
    """Let every way to end the program raise one KeyboardInterrupt for as long as the block runs.

    It comes wherever the program is, between two questions too, where no `click.Abort` is made of
    it. Whoever asks a second time, impatiently, does not disturb what the first sets going.

    A clock beats meanwhile, for two ways in which the wish to end would be lost until the next
    key: readline reads the terminal without looking whether a signal came in the instant before,
    and it swallows what its hooks and completers raise.
    """
    beats_since: int | None = None

    def break_off(_signal: int, _frame: FrameType | None) -> None:
        nonlocal beats_since
        beats_since = 0
        for ending in _ENDINGS:
            signal.signal(ending, signal.SIG_IGN)
        raise KeyboardInterrupt

    def beat(_signal: int, _frame: FrameType | None) -> None:
        nonlocal beats_since
        if beats_since is not None:
            beats_since += 1
            if beats_since > 1:  # a whole beat later the block still runs: it was swallowed
                beats_since = 0
                raise KeyboardInterrupt

    with _answering(break_off, *_ENDINGS), _answering(beat, signal.SIGALRM):
        signal.setitimer(signal.ITIMER_REAL, _BEAT_SECONDS, _BEAT_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let nothing but a kill -9 end the program for as long as the block runs."""
    with _answering(signal.SIG_IGN, *_ENDINGS):
        yield


@contextmanager
def _answering(
    answer: Callable[[int, FrameType | None], None] | signal.Handlers, *signals: signal.Signals
) -> Iterator[None]:
    before = {one: signal.signal(one, answer) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
