"""Questions in the terminal: each skippable with Enter, with completion where it helps."""

import codecs
import os
import re
import select
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from types import FrameType
from typing import Final

import click

from briefgen.cli.call import Call
from briefgen.cli.columns import columns_of, terminal_columns, wrapped
from briefgen.contacts.splice import without_unreadable
from briefgen.reflection.answers import Answers, answers_text
from briefgen.reflection.asked import shown, understood
from briefgen.reflection.due_dates import due_day
from briefgen.workspace.language import Language

PROMPT: Final = "  > "
BACK: Final = "<"
"""Typed alone, it goes back to the question before."""
CLEAR: Final = "-"
"""Typed alone, it takes the answer so far away."""
HELP: Final = "?"
"""Typed alone, it explains the question."""
REST: Final = "."
"""Typed alone, it leaves all open items that have not been asked about yet."""
_ENDINGS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a polite kill, and a terminal window that was closed."""
_BEAT_SECONDS: Final = 0.25
"""How soon a wish to end is looked after that nobody has noticed."""
_ENTER_SECONDS: Final = 0.3
"""For so long an Enter after a single key belongs to it: many type one from habit."""
_ENTER: Final = frozenset("\r\n")


class Back(Exception):  # noqa: N818  # a way back, no error
    """The question before is wanted again."""


class Rest(Exception):  # noqa: N818  # a way on, no error
    """The rest of the open items is left as it is."""


def say_question(question: str, hint: str = "") -> None:
    """Show a question, with what can be answered in small print behind it, or below."""
    click.echo()
    if columns_of(f"{question}  {hint}") < terminal_columns():
        click.echo(click.style(question, bold=True) + click.style(f"  {hint}", dim=True))
        return
    click.echo(click.style(question, bold=True))
    say_small(hint, indent="  ")


def say_small(text: str, *, indent: str = "") -> None:
    """Show a remark in small print, its lines as far in as its first."""
    indent += text[: len(text) - len(text.lstrip())]
    for line in wrapped(text, terminal_columns() - len(indent) - 1):
        click.echo(click.style(f"{indent}{line}", dim=True))


def say_before(call: Call, code: str, draft: str, language: Language) -> None:
    """Say that a draft of other answers stays, and how to take it up."""
    call.say(language.text("a draft from before stays in {file}; to take it up:", file=draft))
    call.say(f"  briefgen reflect {code} --from {draft}")


def say_unkept(answers: Sequence[Answers], language: Language) -> None:
    """Show answers that no disk would take, so that they can be copied before the window closes."""
    if answers:
        message = language.text("the answers are kept nowhere; copy them from here, for --from:")
        click.echo(message, err=True)
        click.echo(answers_text(answers), nl=False, err=True)


_about: Final[ContextVar[str]] = ContextVar("about", default="")
"""What `HELP` shows of the question that is asked."""


@contextmanager
def explained(about: str) -> Iterator[None]:
    """Within, `HELP` shows this of every question."""
    token = _about.set(about)
    try:
        yield
    finally:
        _about.reset(token)


def reply(prompt: str = PROMPT, *, about: str = "") -> str:
    """One line of answer, without controls; empty where it was skipped.

    Where there is something to say `about` the question, `HELP` shows it and asks again.

    Raises:
        Back: where the question before is wanted again.
        click.Abort: at Ctrl-C or Ctrl-D.
    """
    about = about or _about.get()
    while True:
        early = _typed_early.pop() if _typed_early else ""
        given = click.prompt(f"{prompt}{early}", default="", show_default=False, prompt_suffix="")
        answer = without_unreadable(early + str(given)).strip()
        if answer == BACK:
            raise Back
        if answer != HELP or not about:
            return answer
        say_small(about, indent="    ")


def code_of(language: Language) -> str:
    """A language as vocabularies name it, like `de`."""
    return str(language.locale.language)


def listed(choices: Sequence[str], language: Language) -> str:
    """The choices with their numbers: `1 yes · 2 partly · 3 no`."""
    words = (shown(choice, code_of(language)) for choice in choices)
    return " · ".join(f"{number} {word}" for number, word in enumerate(words, start=1))


def reply_one_of(
    choices: Sequence[str], language: Language, prompt: str = PROMPT, *, about: str = ""
) -> str | None:
    """One of the choices, by its number, a word or its beginning; None where it was skipped.

    `CLEAR` comes back as it is.
    """
    while True:
        given = reply(prompt, about=about)
        if not given:
            return None
        if given == CLEAR:
            return CLEAR
        if found := understood(given, choices, code_of(language)):
            return found
        _say_choices(choices, language)


def _say_choices(choices: Sequence[str], language: Language) -> None:
    click.echo("    " + language.text("one of: {choices}", choices=listed(choices, language)))


def reply_key(choices: Sequence[str], language: Language, prompt: str = PROMPT) -> str | None:
    """One of the choices with a single key, or None for Enter.

    Where no terminal is read a line stands for a key.

    Raises:
        Back: at `<` or the backspace key.
        Rest: at a full stop.
        click.Abort: at Ctrl-C or Ctrl-D.
    """
    while True:
        given = _key(prompt) if sys.stdin.isatty() else reply(prompt)
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


def _key(prompt: str) -> str:
    """One key, shown; an Enter that follows it at once belongs to it.

    The terminal gives up keys one by one from before the prompt is shown, so that none that is
    typed early is lost (click's own `getchar` throws those away), and Ctrl-C stays a signal.
    """
    descriptor = sys.stdin.fileno()
    with _key_by_key(descriptor):
        click.echo(prompt, nl=False)
        given = _read_key(descriptor)
        if given in _ENTER:
            click.echo()
            return ""
        click.echo(given if given.isprintable() else "")
        if _is_waiting(descriptor, _ENTER_SECONDS):
            after = _read_key(descriptor)
            _typed_early.extend(() if after in _ENTER else (after,))
    return given.strip()


_typed_early: list[str] = []
"""A key that was read while looking for an Enter, for the next question."""


def _read_key(descriptor: int) -> str:
    """One character; a key that sends several, like an arrow, is none.

    Raises:
        click.Abort: at Ctrl-D, or where the terminal is gone.
    """
    if _typed_early:
        return _typed_early.pop()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    key = ""
    while not key:
        read = os.read(descriptor, 1)
        if not read or read == b"\x04":
            click.echo()
            raise click.Abort
        key = decoder.decode(read)
    if key == "\x1b":
        while _is_waiting(descriptor, 0):
            os.read(descriptor, 1)
    return key


def _is_waiting(descriptor: int, seconds: float) -> bool:
    return bool(_typed_early or select.select([descriptor], [], [], seconds)[0])


@contextmanager
def _key_by_key(descriptor: int) -> Iterator[None]:
    import termios  # noqa: PLC0415  # only where a terminal is
    import tty  # noqa: PLC0415

    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def reply_yes(question: str, language: Language, *, default: bool = True, about: str = "") -> bool:
    """Whether a question is answered with yes; Enter means the default, which is shown."""
    code = code_of(language)
    say_question(question, f"{shown('yes', code)} · {shown('no', code)}")
    prompt = f"  [{shown('yes' if default else 'no', code)}] > "
    while True:
        given = reply(prompt, about=about)
        if not given:
            return default
        if found := understood(given, ("yes", "no"), code):
            return found == "yes"
        _say_choices(("yes", "no"), language)


def reply_due(day: date, language: Language) -> date | None:
    """A due date, in figures or in words, counted from `day`; None where it was skipped."""
    hint = language.text("like Friday, in two weeks or 2026-12-01")
    question = f"    {language.text('due when?')}  {click.style(hint, dim=True)}  > "
    while True:
        given = reply(question)
        if not given:
            return None
        try:
            found = due_day(given, day=day, language=language)
        except ValueError as error:
            click.echo(f"    {error}")
            continue
        say_small(f"      {language.long_date(found)}")
        return found


def reply_checked(
    check: Callable[[str], object], wrong: str | None = None, prompt: str = PROMPT
) -> str | None:
    """An answer that `check` takes without a ValueError; None where it was skipped.

    `wrong` is said of one that it does not take, else the error itself.
    """
    while True:
        given = reply(prompt)
        if not given:
            return None
        try:
            check(given)
        except ValueError as error:
            click.echo(f"    {wrong or error}")
            continue
        return given


def reply_places(
    names: Sequence[str], language: Language, prompt: str = PROMPT, *, about: str = ""
) -> tuple[int, ...] | None:
    """Places in a list of names shown from 1 on, as counted from 0; None at `CLEAR`.

    Each is given by its number, its name or the beginning of that.
    """
    while True:
        given = reply(prompt, about=about)
        if given == CLEAR:
            return None
        places = _places(given, names)
        if places is not None:
            return places
        message = language.text(
            "write numbers from 1 to {most} or names, with commas", most=len(names)
        )
        click.echo(f"    {message}")


def _places(given: str, names: Sequence[str]) -> tuple[int, ...] | None:
    """The places that a line names; None where any part of it names none, or several."""
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
