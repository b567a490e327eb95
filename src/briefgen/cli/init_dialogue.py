"""The conversation of `briefgen init`: every question can be skipped, no answer is lost."""

import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from briefgen.cli import init_questions as asked
from briefgen.cli.call import Call
from briefgen.cli.columns import terminal_columns, wrapped
from briefgen.cli.help import Formatter
from briefgen.cli.questions import (
    CLEAR,
    HELP,
    PROMPT,
    Back,
    reply,
    reply_places,
    reply_yes,
    say_question,
    say_small,
)
from briefgen.day.prepare import ChosenMeeting
from briefgen.meetings.source import FetchFault
from briefgen.night import exit_status
from briefgen.reflection.asked import Asked
from briefgen.upkeep.locale_names import locale_meant, zone_meant
from briefgen.upkeep.providers import PROVIDERS, provider_of
from briefgen.upkeep.setup import (
    FeedAnswer,
    MailAnswer,
    Setup,
    refusal,
    user_name,
    write_settings,
)
from briefgen.upkeep.trial import Trial, calendars_behind, mail_fault, next_brief, try_feeds
from briefgen.workspace.domains import domain_of, is_freemail
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language
from briefgen.workspace.local_zone import UNKNOWN, local_zone
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.progress import waiting

_WIDEST_STEP: Final = 44
_T = TypeVar("_T")


@dataclass(kw_only=True)
class Dialogue:
    """One conversation; the settings are written after every answer that changes them.

    Attributes:
        setup: the answers so far.
        answers: those that came as options.
        shown: the folder as it was typed.
    """

    call: Call
    workspace: Workspace
    setup: Setup
    answers: Mapping[str, Any]
    shown: Path

    @property
    def language(self) -> Language:
        """The language of the terminal, or of the answers so far."""
        return self.call.language

    def hold(self) -> None:
        """Ask everything, then make and open the brief of the next meeting.

        Ctrl-C ends it with status 1; what was answered is kept.
        """
        text = self.language.text
        click.echo(click.style(text("A workspace for your briefs"), bold=True))
        say_small(
            text(
                "Enter takes what stands in brackets or skips, ? explains a question; nothing is "
                "sent anywhere."
            )
        )
        try:
            self._who()
            self._zone_and_language()
            self._calendar()
            self._contacts()
            self._mail()
            self._night()
            self._first_brief()
        except (click.Abort, KeyboardInterrupt):
            command = " ".join(["briefgen", "init", *self._folder])
            click.echo()
            self.call.fail(
                Phrase("broken off; your answers are kept, go on with: {command}", command=command),
                exit_status.NOTHING_MADE,
            )

    @property
    def _folder(self) -> list[str]:
        return [] if self.shown == Path() else [_shown(self.shown)]

    def _keep(self, **changes: Any) -> None:  # noqa: ANN401  # as many types as answers
        self.setup = self.setup.replace(**changes)
        write_settings(self.workspace, self.setup)

    def _say(self, text: str) -> None:
        for line in wrapped(self.language.said(text), terminal_columns() - 3):
            click.echo(f"  {line}")

    def _show(self, question: Asked) -> None:
        say_question(self.language.said(question.title), self.language.said(question.hint))

    def _ask(
        self, question: Asked, default: str = "", refused: Callable[[str], str] = lambda _: ""
    ) -> str:
        """One line, the default where only Enter was pressed; again where `refused` says why."""
        about = self.language.said(question.about)
        prompt = f"  [{default}] > " if default else PROMPT
        while True:
            self._show(question)
            given = _skippable(lambda: reply(prompt, about=about)) or default
            why = refused(given)
            if not why:
                return given
            self._say(why)

    def _wants(self, question: Asked, *, default: bool = False) -> bool:
        """Whether a question is answered with yes."""
        title, about = self.language.said(question.title), self.language.said(question.about)
        return bool(
            _skippable(lambda: reply_yes(title, self.language, default=default, about=about))
        )

    def _who(self) -> None:
        if not self.setup.name:
            self._keep(name=self._ask(asked.NAME, user_name()))
        if not self.setup.emails:
            given = self._ask(
                asked.EMAILS, refused=lambda given: refusal(me={"emails": _words(given)})
            )
            self._keep(emails=_words(given))
        if not self.setup.internal_domains:
            own = [domain_of(address) for address in self.setup.emails]
            given = self._ask(
                asked.DOMAINS,
                ", ".join(dict.fromkeys(one for one in own if not is_freemail(one))),
                lambda given: refusal(me={"internal_domains": _domains(given)}),
            )
            self._keep(internal_domains=_domains(given))

    def _zone_and_language(self) -> None:
        here = self.setup.locale
        if not self.setup.timezone:
            zone = local_zone()
            hint = Phrase("this machine names none") if zone is UNKNOWN else ""
            given = self._ask(
                asked.ZONE.replace(hint=hint),
                zone.key,
                lambda given: refusal(timezone=zone_meant(given, locale=here)),
            )
            self._keep(timezone=zone_meant(given, locale=here))
        if not self.answers["locale"]:
            given = self._ask(
                asked.LOCALE, here, lambda given: refusal(locale=locale_meant(given, default=here))
            )
            self._keep(locale=locale_meant(given, default=here))
            self.call.speak(self.setup.locale)

    def _calendar(self) -> None:
        if self.setup.feeds:
            return
        given = self.answers["calendar"] or self._ask(asked.CALENDAR)
        while given:
            if given == HELP:
                self._show_providers()
                given = self._ask(asked.CALENDAR)
                continue
            trial, feeds = self._tried(
                FeedAnswer.of(given, user=self.answers["calendar_user"] or "")
            )
            self._say(trial.sentence())
            kept = not trial.fault or (feeds[0].is_address and self._wants(asked.KEEP_CALENDAR))
            if kept:
                self._keep(feeds=self.setup.with_feeds(feeds, self.workspace).feeds)
                return
            given = self._ask(asked.OTHER_CALENDAR)
        text = self.language.text
        say_small(text("No calendar yet. Later: briefgen init again, or `feeds` in briefgen.yaml."))

    def _show_providers(self) -> None:
        click.echo()
        for provider in PROVIDERS:
            where = Phrase("{label}: {text}", label=provider.name, text=provider.calendar)
            say_small(self.language.said(where), indent="    ")

    def _tried(self, answer: FeedAnswer) -> tuple[Trial, tuple[FeedAnswer, ...]]:
        """The calendar tried; asked for user and password where its server wants them."""
        as_of = self.call.as_of(self.setup.zone)
        trial = try_feeds((answer,), workspace=self.workspace, as_of=as_of)
        while trial.wants_password:
            if answer.password:
                self._say(Phrase("The server refuses this user name or password."))
            else:
                self._say(Phrase("The server asks who you are."))
            user = self._ask(asked.USER, answer.user or self._first_address())
            password = self._password()
            if not password:
                break
            answer = replace(answer, user=user, password=password)
            try:
                with waiting(1, Phrase("Looking for your calendars")):
                    found = calendars_behind(answer)
            except FetchFault as fault:
                trial = Trial(fault=str(fault), wants_password=True)
                continue
            feeds = self._chosen(found)
            return try_feeds(feeds, workspace=self.workspace, as_of=as_of), feeds
        return trial, (answer,)

    def _password(self, hint: str = asked.PASSWORD.hint) -> str:
        """A line that is not shown."""
        self._show(asked.PASSWORD.replace(hint=hint))
        while True:
            given = click.prompt(
                PROMPT, default="", show_default=False, prompt_suffix="", hide_input=True
            )
            if given != HELP:
                return str(given)
            say_small(self.language.said(asked.PASSWORD.about), indent="    ")

    def _chosen(self, feeds: tuple[FeedAnswer, ...]) -> tuple[FeedAnswer, ...]:
        """Those of several calendars that are to be read."""
        if len(feeds) == 1:
            return feeds
        self._show(asked.CALENDARS)
        for number, feed in enumerate(feeds, start=1):
            click.echo(f"  {number}  {feed.name}")
        names, about = [feed.name for feed in feeds], self.language.said(asked.CALENDARS.about)
        chosen = _skippable(lambda: reply_places(names, self.language, about=about))
        return tuple(feeds[place] for place in chosen or ()) or feeds

    def _first_address(self) -> str:
        return next(iter(self.setup.emails), "")

    def _contacts(self) -> None:
        text = self.language.text
        given = self.answers["contacts_file"] or self._ask(asked.CONTACTS)
        while given:
            path = Path(given).expanduser()
            if path.is_file():
                import_people(self.workspace, path)
                return
            click.echo("  " + text("{label}: {text}", label=text("There is no file"), text=path))
            given = self._ask(asked.CONTACTS)
        say_small(text('Later: briefgen contacts import FILE, or briefgen contacts new "NAME"'))

    def _mail(self) -> None:
        address = self._first_address()
        if not address or self.setup.mail or not self._wants(asked.MAIL):
            return
        known = provider_of(address)
        answer = (known.mail if known else None) or MailAnswer(host="")
        hint, password = known.mail_password if known else "", ""
        while True:
            answer = self._server(answer, address)
            if not answer.host:
                return
            password = self._password(hint) or password
            fault = mail_fault(answer, password)
            if not fault:
                break
            self._say(Phrase("It does not work yet: {why}", why=fault))
            if not self._wants(asked.CORRECT_MAIL, default=True):
                break
            hint = Phrase("Enter keeps the one you typed") if password else ""
        self._keep(mail=self.setup.with_mail(answer, password, self.workspace).mail)
        if fault:
            self._say(Phrase("The settings are kept; try again with: briefgen doctor"))
            return
        self._say(Phrase("{host} answers and takes your password", host=answer.host))
        if self._wants(asked.TEST_MAIL):
            _command(["send", "--test", "--workspace", str(self.workspace.root)])

    def _server(self, before: MailAnswer, address: str) -> MailAnswer:
        """The mail server and the user there; no host where mail is not wanted after all."""

        def refused(given: str) -> str:
            mail = {"host": given, "from": address, "to": [address]}
            return refusal(mail=mail) if given else ""

        host = self._ask(asked.MAIL_SERVER, before.host, refused)
        if not host:
            return MailAnswer(host="")
        known = before if host == before.host else MailAnswer(host=host)
        return known.replace(user=self._ask(asked.USER, before.user or address), sender=address)

    def _night(self) -> None:
        if self.setup.feeds and self._wants(asked.NIGHT):
            _command(["schedule", "install", "--workspace", str(self.workspace.root)])

    def _first_brief(self) -> None:
        """Make the brief of the next meeting, and end with what to type from here on."""
        text = self.language.text
        click.echo()
        with waiting(1, Phrase("Looking for your next meeting")):
            chosen = next_brief(self.workspace, self.call.as_of(self.setup.zone))
        steps: list[tuple[str, str]] = []
        if self._folder:
            steps.append((f"cd {_shown(self.shown)}", ""))
        if chosen is not None:
            say_small(text("Now the brief of your next meeting …"))
            self._make_brief(chosen)
            if not any(one.contact for one in chosen.participants):
                named = shlex.quote(chosen.meeting.title)
                about = Phrase("a file for each who is invited, to fill the sheet")
                steps.append((f"briefgen contacts new --meeting {named}", about))
        else:
            click.echo(text("The workspace is ready. No meeting of the next 30 days gets a brief."))
        steps += [
            (
                "briefgen list --date today --days 30 --why",
                Phrase("your meetings, and why some get no brief"),
            ),
            ("briefgen run --next", Phrase("the brief of your next meeting")),
            ("briefgen run", Phrase("the briefs for tomorrow")),
            ("briefgen docs first-week", Phrase("what to do from here")),
        ]
        click.echo()
        formatter = Formatter(width=terminal_columns())
        with formatter.indentation():
            formatter.write_dl(steps, col_max=_WIDEST_STEP)
        click.echo(formatter.getvalue(), nl=False)

    def _make_brief(self, chosen: ChosenMeeting) -> None:
        day = chosen.meeting.start.date().isoformat()
        arguments = ["run", "--quiet", "--date", day]
        arguments += ["--only", chosen.meeting.uid or chosen.meeting.title]
        if {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys() or sys.platform == "darwin":
            arguments.append("--open")
        _command([*arguments, "--workspace", str(self.workspace.root)])
        folder = Path("briefings", day)
        brief = folder / f"{chosen.file_stem}.pdf"
        if (self.workspace.root / brief).exists():
            text = self.language.text
            told = text("That was your first brief; it is in")
            shown = _shown(self.shown / brief)
            click.echo(text("{label}: {text}", label=told, text=shown))


def _shown(path: Path) -> str:
    """A path as a shell takes it, short where it is in the user's home."""
    if path.is_absolute() and path.is_relative_to(Path.home()):
        return f"~/{shlex.quote(path.relative_to(Path.home()).as_posix())}"
    return shlex.quote(str(path))


def import_people(workspace: Workspace, file: Path) -> None:
    """Bring in people as `briefgen contacts import` does."""
    from briefgen.cli import main  # noqa: PLC0415  # this module is one of its commands

    arguments = ["contacts", "import", str(file), "--workspace", str(workspace.root)]
    try:
        main.main(arguments, standalone_mode=False)
    except SystemExit as ended:
        if ended.code not in {0, None, exit_status.PARTLY_DONE}:
            raise


def _skippable(ask: Callable[[], _T]) -> _T | None:
    """An answer; None where somebody wants to go back, which no question of these can."""
    try:
        return ask()
    except Back:
        return None


def _domains(given: str) -> tuple[str, ...]:
    return () if given == CLEAR else _words(given)


def _words(given: str) -> tuple[str, ...]:
    return tuple(word for part in given.replace(";", ",").split(",") if (word := part.strip()))


def _command(arguments: Sequence[str]) -> None:
    """Another command of briefgen, whose failure does not end the conversation."""
    from briefgen.cli import main  # noqa: PLC0415  # `init` is one of its commands

    try:
        main.main(list(arguments), standalone_mode=False)
    except SystemExit as ended:
        if ended.code not in {0, None}:
            click.echo(f"  (briefgen {arguments[0]} ended with status {ended.code})", err=True)
    except click.ClickException as error:
        error.show()
