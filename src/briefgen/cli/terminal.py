"""The terminal: streams, language, columns, single keys, Ctrl-C, and progress bars."""

import codecs
import os
import re
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from threading import Lock, Timer
from types import FrameType
from typing import Final, TextIO
from unicodedata import combining, east_asian_width

import click

from briefgen.workspace.folder import SETTINGS_FILE, NoWorkspace, find_workspace
from briefgen.workspace.progress import Step

_WIDE: Final = "\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6"
_CLOSING: Final = "\u2026\u3001\u3002\u300d\u300f\u3011\uff09\uff0c\uff0e"
_PIECES: Final = re.compile(rf"\s+|[^\s{_WIDE}]+|[{_WIDE}][{_CLOSING}]*")
"""The pieces between which a line may break: at blanks, and around each wide character."""


def launch(target: str) -> None:
    """Open a file or an address with the desktop's program for it, without its messages."""
    import subprocess  # noqa: PLC0415  # seldom

    opener = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        subprocess.Popen(
            [opener, target],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        if target.startswith("http"):
            import webbrowser  # noqa: PLC0415  # as above

            webbrowser.open(target)


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(sign) in "WF" else not combining(sign) for sign in text)


def terminal_columns() -> int:
    """How wide the terminal is."""
    return shutil.get_terminal_size().columns


def wrapped(text: str, columns: int) -> list[str]:
    """A text in lines of at most that many columns; only what cannot be broken is longer.

    >>> wrapped("one two three", 8)
    ['one two', 'three']
    """
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and columns_of(lines[-1] + piece.rstrip()) > columns:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def wrapped_lines(text: str) -> str:
    """A text whose lines fit the terminal, each wrapped with its own indentation.

    Unchanged if the output is not a terminal.
    """
    if not sys.stdout.isatty():
        return text
    lines = list[str]()
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        columns = terminal_columns() - len(indent) - 1
        lines += (indent + part for part in wrapped(line.lstrip(), columns))
    return "\n".join([*lines, ""])


_AT_ONCE: Final = 0.3
"""Seconds before anything is shown."""
_SOON: Final = 1.0
"""Seconds before a bar is shown."""
_ERASED: Final = "\r\x1b[2K"


@contextmanager
def bar(count: int, what: str) -> Iterator[Step]:
    """Show on standard error what the user is waiting for, and then a bar if there are steps.

    Nothing is shown if it is not a terminal, or if it is quick, and nothing stays on the screen.
    """
    if count == 0 or not sys.stderr.isatty():
        yield lambda done: None  # noqa: ARG005  # nothing to wait for, or nobody waiting
        return
    begun, done, shown = time.monotonic(), 0, None
    with closing(_Line(what)) as line, ExitStack() as stack:

        def step(more: int) -> None:
            nonlocal done, shown
            done += more
            if shown is not None:
                shown.update(more)
            elif time.monotonic() - begun > _SOON and done < count:
                line.close()
                shown = stack.enter_context(
                    click.progressbar(length=count, label=what, file=sys.stderr)
                )
                shown.update(done)

        yield step


class _Line:
    """A line that appears after a moment, and is erased at the end."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._state = Lock()
        self._is_shown = self._is_over = False
        self._timer = Timer(_AT_ONCE, self._show)
        self._timer.daemon = True
        self._timer.start()

    def _show(self) -> None:
        with self._state:
            if not self._is_over:
                self._is_shown = True
                click.echo(f"{self._what} …", nl=False, err=True)

    def close(self) -> None:
        """Erase the line, or keep it from appearing."""
        with self._state:
            if self._is_shown and not self._is_over:
                click.echo(_ERASED, nl=False, err=True)
            self._is_over = True
        self._timer.cancel()


_STREAMS: Final = ("stdin", "stdout", "stderr")


def repair_streams() -> None:
    """Open standard streams that are closed, and use UTF-8 whatever the locale.

    A service or a script may start a program with its streams closed. The next file to be opened
    would get their number, and the warnings of libraries would be written into it.
    """
    _open_closed()
    _speak_utf8()
    for name in _STREAMS[1:]:
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  # to the end
        elif stream.encoding.lower().replace("-", "") != "utf8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _open_closed() -> None:
    for number in range(len(_STREAMS)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number: this one


def _speak_utf8() -> None:
    """Restart in UTF-8 mode if the locale uses another encoding for file names.

    Names of briefs and contacts may be in any script.
    """
    if sys.getfilesystemencoding() == "utf-8" or not sys.orig_argv:
        return
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  # ourselves


LANGUAGE_VARIABLE: Final = "BRIEFGEN_LANG"
_LOCALE = re.compile(r"^locale:\s*[\"']?([A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})*)", re.MULTILINE)
_MACHINE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE: Final = frozenset({"", "C", "POSIX"})
DEFAULT: Final = "en_GB"


def terminal_locale(given: Path | None, *, environment: Mapping[str, str]) -> str:
    """The locale of `BRIEFGEN_LANG`, else of the workspace, else of the machine.

    English if that has no catalogue.
    """
    found = environment.get(LANGUAGE_VARIABLE) or _of_workspace(given, environment)
    if found is None:
        found = next((environment[name] for name in _MACHINE if environment.get(name)), "")
        found = found.partition(".")[0].partition("@")[0]
    if found[:2].casefold() == "en" or found.strip() in _NO_LANGUAGE:
        return found if found.startswith("en") else DEFAULT
    from babel import UnknownLocaleError  # noqa: PLC0415  # English needs none of it

    from briefgen.workspace.language import language_of  # noqa: PLC0415  # as above

    with suppress(UnknownLocaleError, ValueError):
        language_of(found)
        return found
    return DEFAULT


def _of_workspace(given: Path | None, environment: Mapping[str, str]) -> str | None:
    try:
        root = find_workspace(given, environment=environment, current=Path.cwd()).root
    except (NoWorkspace, OSError):
        return None
    with suppress(OSError, ValueError):
        if found := _LOCALE.search((root / SETTINGS_FILE).read_text(encoding="utf-8")):
            return found[1]
    return DEFAULT


_ENDINGS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a kill, and a closed terminal window."""
_BEAT_SECONDS: Final = 0.25
"""How soon a signal that was lost is raised again."""
_ENTER_SECONDS: Final = 0.3
"""How long an Enter after a single key belongs to it: many people type one from habit."""
_ENTER: Final = frozenset("\r\n")


def read_key(prompt: str) -> str:
    """Read and show one key; an Enter that follows it at once belongs to it.

    The terminal is switched to single keys before the prompt is shown, so that no key typed early
    is lost (click's `getchar` drops those), and Ctrl-C stays a signal.
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
            typed_early.extend(() if after in _ENTER else (after,))
    return given.strip()


typed_early: list[str] = []
"""A key that was read while looking for an Enter; it belongs to the next question."""


def _read_key(descriptor: int) -> str:
    """One character; of a key that sends several, like an arrow, only the first.

    Raises:
        click.Abort: at Ctrl-D, or if the terminal is gone.
    """
    if typed_early:
        return typed_early.pop()
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
    return bool(typed_early or select.select([descriptor], [], [], seconds)[0])


@contextmanager
def _key_by_key(descriptor: int) -> Iterator[None]:
    import termios  # noqa: PLC0415  # only with a terminal
    import tty  # noqa: PLC0415

    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


@contextmanager
def completing(words: Sequence[str], *, separators: str = ",") -> Iterator[None]:
    """Within the block, complete these words at Tab, if the terminal can."""
    try:
        import readline  # noqa: PLC0415  # also adds line editing to the prompt
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
def signals_as_interrupt() -> Iterator[None]:
    """Within the block, let every signal that ends the program raise one KeyboardInterrupt.

    It is raised wherever the program is, also between two questions, where click would not turn it
    into an Abort. A second, impatient signal does not disturb what the first has started.

    A timer covers two cases in which the signal would be lost until the next key: readline starts
    to read without checking for a signal that came just before, and it swallows exceptions raised
    in its hooks and completers.
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
            if beats_since > 1:  # the block is still running: the exception was swallowed
                beats_since = 0
                raise KeyboardInterrupt

    with _answering(break_off, *_ENDINGS), _answering(beat, signal.SIGALRM):
        signal.setitimer(signal.ITIMER_REAL, _BEAT_SECONDS, _BEAT_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def signals_ignored() -> Iterator[None]:
    """Within the block, let nothing except kill -9 end the program."""
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
