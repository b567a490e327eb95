"""The options that every command takes, and the ways in which it answers."""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext, suppress
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn
from zoneinfo import ZoneInfo

import click

from briefgen.cli.terminal import LANGUAGE_VARIABLE, bar, columns_of, terminal_locale
from briefgen.night import exit_status
from briefgen.workspace.folder import NoWorkspace, Workspace, find_workspace
from briefgen.workspace.phrase import NO_TITLE, STATES, Phrase
from briefgen.workspace.problems import Problem, Stop, in_order
from briefgen.workspace.progress import watched_by
from briefgen.workspace.value import Value

if TYPE_CHECKING:
    from briefgen.workspace.language import Language
    from briefgen.workspace.settings import Settings


class Call(Value, frozen=True, kw_only=True, dict=True):
    """The options every command takes, and the ways to answer.

    With `--json`, standard output holds one JSON document and nothing else, and messages for people
    go to standard error. Problems always go to standard error.
    """

    workspace_option: Path | None = None
    as_of_option: str | None = None
    as_json: bool = False
    verbose: bool = False
    quiet: bool = False

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace; raises `Stop` with status 2 if there is none."""
        return find_workspace(self.workspace_option, environment=os.environ, current=Path.cwd())

    def workspace_if_any(self) -> Workspace | None:
        """The workspace; None if there is none, unless `--workspace` names one."""
        if self.workspace_option is not None:
            return self.workspace
        try:
            return find_workspace(None, environment=os.environ, current=Path.cwd())
        except NoWorkspace:
            return None

    @cached_property
    def settings(self) -> "Settings":
        """The settings; reports every fault, and ends with status 1 if they cannot be used."""
        from briefgen.workspace.settings import read_settings  # noqa: PLC0415  # half of the start-up time

        settings, problems = read_settings(self.workspace.root)
        if settings is None:
            self.refuse(problems)
        self.report_problems(problems)
        return settings

    @cached_property
    def now(self) -> datetime:
        """The time of this call in the user's zone, read once."""
        return self.as_of(self.settings.zone)

    @property
    def today(self) -> date:
        """The day of this call in the user's zone."""
        return self.now.date()

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask before writing, if someone can answer; end with status 0 at a no."""
        if yes or self.as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return
        if not self.answers_yes(question, default=True):
            self.fail(Phrase("nothing written"), exit_status.DONE)

    def answers_yes(self, question: str, *, default: bool, err: bool = False) -> bool:
        """Whether the answer to a question is yes, in any of the languages."""
        if self.in_english:
            return click.confirm(question, default=default, err=err)
        from briefgen.reflection.asked import shown, understood  # noqa: PLC0415  # not for English

        code = str(self.language.locale.language)
        words = [shown(choice, code) for choice in ("yes", "no")]
        offered = "/".join(words if default else reversed(words))
        while True:
            asked = f"{self.said(question)} [{offered}]"
            given = click.prompt(asked, default="", show_default=False, err=err)
            found = understood(given, ("yes", "no"), code) if given else None
            if found or not given:
                return default if found is None else found == "yes"

    @cached_property
    def _locale(self) -> str:
        return terminal_locale(self.workspace_option, environment=os.environ)

    @property
    def in_english(self) -> bool:
        """Whether the terminal speaks English, so that no catalogue is needed."""
        return self._locale.startswith("en")

    @cached_property
    def language(self) -> "Language":
        """The language of the terminal: of `BRIEFGEN_LANG`, the settings, or the machine."""
        from briefgen.workspace.language import language_of  # noqa: PLC0415  # seldom needed in English

        return language_of(self._locale)

    def speak(self, locale: str) -> None:
        """From now on use the language of a locale, unless `BRIEFGEN_LANG` names another."""
        if not os.environ.get(LANGUAGE_VARIABLE):
            vars(self).pop("language", None)
            vars(self)["_locale"] = locale

    def said(self, text: str, /, **values: object) -> str:
        """A phrase in the language of the terminal; any other text unchanged.

        A message with values is a phrase.
        """
        text = Phrase.passed_on(text, values)
        return str.__str__(text) if self.in_english else self.language.said(text)

    def state(self, state: str, width: int = 9) -> str:
        """The state of a brief or delivery, as the first column of a table."""
        return self.aligned(STATES.get(state, state), width)

    def title(self, title: str) -> str:
        """A meeting's title, in bold."""
        return click.style(title or self.said(NO_TITLE), bold=True)

    def aligned(self, text: str, width: int) -> str:
        """A phrase in the language of the terminal, as a column of a table."""
        said = self.said(text)
        return said + " " * (width - columns_of(said))

    def as_of(self, zone: ZoneInfo) -> datetime:
        """The time of this call in a zone: `--as-of`, or the clock."""
        if self.as_of_option is None:
            return datetime.now(zone)
        return parse_time(self.as_of_option, zone)

    def say(self, text: str, /, **values: object) -> None:
        """Print something that is not a fault."""
        if not self.quiet:
            _echo(self.said(text, **values), err=self.as_json)

    def detail(self, text: str, /, **values: object) -> None:
        """Print something for `--verbose` only."""
        if self.verbose:
            _echo(self.said(text, **values), err=True)

    def complain(self, text: str, /, **values: object) -> None:
        """Report a fault on standard error, also with `--quiet`."""
        _echo(self.said(text, **values), err=True)

    def report(
        self, document: Mapping[str, Any], problems: Iterable[Problem] | None = None
    ) -> None:
        """With `--json`, write the one JSON document of a command."""
        if self.as_json:
            found = {} if problems is None else {"problems": [one.as_json() for one in problems]}
            _echo(json.dumps({**document, **found}, ensure_ascii=False, indent=2))

    def refuse(self, problems: Sequence[Problem], document: Mapping[str, Any] = {}) -> NoReturn:
        """Report problems that stop the command, and end it with status 1."""
        self.report(document, problems)
        self.report_problems(problems)
        raise SystemExit(exit_status.NOTHING_MADE)

    def report_problems(self, problems: Iterable[Problem]) -> None:
        """Write each problem on its own line to standard error."""
        for problem in in_order(problems):
            _echo(self.problem_line(problem), err=True)

    def problem_line(self, problem: Problem) -> str:
        """A problem as the terminal shows it: severity, place, message."""
        grave = Phrase("error") if problem.severity == "error" else Phrase("warning")
        told = f"{problem.place}: {self.said(problem.message)}"
        return self.said(Phrase("{label}: {text}", label=grave, text=told))

    def fail(
        self, message: str, status: int = exit_status.NOTHING_MADE, /, **values: object
    ) -> NoReturn:
        """Say what stops the command, and end it."""
        _echo(f"briefgen: {self.said(message, **values)}", err=True)
        raise SystemExit(status)

    def wrong_use(self, message: str, /, **values: object) -> NoReturn:
        """Say what is wrong with the command line, and end with status 2."""
        self.fail(message, exit_status.WRONG_USE, **values)


CURRENT_CALL: Final[ContextVar[Call | None]] = ContextVar("call", default=None)
"""The call whose workspace decides the language; None before its options are read."""


def translated(text: str) -> str:
    """A phrase in the language of the terminal, for texts outside of any command."""
    return (CURRENT_CALL.get() or Call()).said(text)


def _echo(text: str, *, err: bool = False) -> None:
    """Write a line; a closed pipe does not stop the command."""
    try:
        click.echo(text, err=err)
    except (BrokenPipeError, ValueError):
        stream = "stderr" if err else "stdout"
        setattr(sys, stream, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # until the process ends


def parse_time(given: str, zone: ZoneInfo) -> datetime:
    """A time as options take it: `2026-11-22`, `2026-11-22T22:10`, or with an offset.

    Raises:
        click.BadParameter: if it is neither; status 2.
    """
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        message = Phrase("'{given}' is not a time; write it like 2026-11-22T22:10", given=given)
        raise click.BadParameter(message) from None
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def parse_day(given: str, today: date, *, past: bool = False) -> date:
    """A day as options take it: `today`, `tomorrow`, `yesterday`, a weekday or `YYYY-MM-DD`.

    In English or the language of the terminal; a weekday is the next, or with `past` the last one.

    Raises:
        click.BadParameter: if it is none of them; status 2.
    """
    with suppress(ValueError):
        return date.fromisoformat(given)
    yesterday = (CURRENT_CALL.get() or Call()).language.text("yesterday")
    named = {"yesterday": -1, yesterday: -1, "today": 0, "tomorrow": 1}
    if given.casefold() in named:
        return today + timedelta(days=named[given.casefold()])
    if found := _weekday(given, today):
        return found - timedelta(weeks=1) if past and found != today else found
    from difflib import get_close_matches  # noqa: PLC0415  # only for typing errors

    near = get_close_matches(given.casefold(), named, n=1)
    advice = (
        Phrase("did you mean {near}?", near=near[0])
        if near
        else Phrase("write today, tomorrow, a weekday or a date like {day}", day=today)
    )
    raise click.BadParameter(Phrase("'{given}' is not a day; {advice}", given=given, advice=advice))


def _weekday(given: str, today: date) -> date | None:
    """The next day with this name, in English or the language of the terminal, like `heute`."""
    if any(map(str.isdigit, given)):
        return None
    from briefgen.reflection.due_dates import due_date  # noqa: PLC0415  # seldom

    language = str((CURRENT_CALL.get() or Call()).language.locale.language)
    try:
        found = due_date(given, day=today, language=language)
    except ValueError:
        return None
    return found if timedelta() <= found - today <= timedelta(weeks=1) else None


def with_call(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options every command takes; the command gets them as `call`, a `Call`."""

    @click.option(
        "--workspace",
        "-w",
        "workspace_option",
        type=click.Path(path_type=Path),
        help="The workspace; else BRIEFGEN_WORKSPACE, else looked for from here upward.",
    )
    @click.option(
        "--as-of", "as_of_option", metavar="TIME", help="Use this time instead of the clock."
    )
    @click.option("--json", "as_json", is_flag=True, help="Report as one JSON document.")
    @click.option("--verbose", "-v", is_flag=True, help="Print more.")
    @click.option("--quiet", "-q", is_flag=True, help="Print only errors.")
    @functools.wraps(command)
    def called(
        *,
        workspace_option: Path | None,
        as_of_option: str | None,
        as_json: bool,
        verbose: bool,
        quiet: bool,
        **options: Any,  # noqa: ANN401  # the command's own
    ) -> Any:  # noqa: ANN401  # as the command
        call = Call(
            workspace_option=workspace_option,
            as_of_option=as_of_option,
            as_json=as_json,
            verbose=verbose,
            quiet=quiet,
        )
        CURRENT_CALL.set(call)
        try:
            with (
                nullcontext()
                if quiet
                else watched_by(lambda count, what: bar(count, call.said(what)))
            ):
                return command(call=call, **options)
        except Stop as stop:
            call.fail(str(stop), stop.status)
        except OSError as error:  # a full disk, a folder without write permission
            if verbose:
                raise
            named = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
            call.fail(f"{named}{call.said(error.strerror or str(error))}")

    return called
