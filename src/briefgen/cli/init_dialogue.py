"""The conversation of `briefgen init`: every question can be skipped, no answer is lost."""

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from babel import Locale

from briefgen.cli.call import Call
from briefgen.cli.questions import (
    CLEAR,
    HELP,
    ask_line,
    ask_password,
    ask_places,
    ask_yes_or,
    say_small,
    say_wrapped,
)
from briefgen.cli.terminal import signals_as_interrupt
from briefgen.cli.window import say_notes
from briefgen.day.prepare import ChosenMeeting
from briefgen.meetings.source import FetchFault
from briefgen.night import exit_status
from briefgen.reflection.asked import Asked, Catalogued, read_asked
from briefgen.upkeep.setup import (
    FeedAnswer,
    MailAnswer,
    Setup,
    find_locale,
    find_zone,
    provider_of,
    providers,
    settings_fault,
    user_name,
    write_settings,
)
from briefgen.upkeep.trial import Trial, calendars_at, mail_fault, next_brief, try_feeds
from briefgen.workspace.addresses import domain_of, is_freemail
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import LANGUAGES, Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.progress import waiting
from briefgen.workspace.zone_data import UNKNOWN, local_zone


def _asked(name: str, hint: str = "") -> Asked:
    """A question of `init_questions.yaml`, perhaps with another hint."""
    asked = read_asked(name, "cli/init_questions.yaml")
    return asked.replace(hint=hint) if hint else asked


@dataclass(kw_only=True)
class Dialogue:
    """One conversation; the settings are written after every answer that changes them.

    Attributes:
        setup: the answers so far.
        answers: those given as options.
        shown: the folder as it was typed.
    """

    call: Call
    workspace: Workspace
    setup: Setup
    answers: Mapping[str, Any]
    shown: Path

    @property
    def language(self) -> Language:
        """The language of the terminal, which an answer may change."""
        return self.call.language

    def hold(self) -> None:
        """Ask everything, then make and open the brief of the next meeting.

        Ctrl-C ends it with status 1; the answers are kept.
        """
        text = self.language.text
        click.echo(click.style(text("A workspace for your briefs"), bold=True))
        say_small(
            text(
                "Enter takes what is in brackets, or skips; ? explains a question. Nothing leaves "
                "this computer but the request for your calendar and the mail you ask for."
            )
        )
        try:
            with signals_as_interrupt():
                self._who()
                self._zone_and_language()
                self._calendar()
                self._contacts()
                if self.setup.feeds and self._wants("night"):
                    self._run("schedule", "install")
                self._mail()
            self._first_brief()
        except (click.Abort, KeyboardInterrupt):
            command = " ".join(["briefgen", "init", *self._folder])
            click.echo()
            self.call.fail(
                "stopped; your answers are kept, continue with: {command}", command=command
            )

    @property
    def _folder(self) -> list[str]:
        return [] if self.shown == Path() else [_shown(self.shown)]

    def _keep(self, **changes: Any) -> None:  # noqa: ANN401  # as many types as answers
        self.setup = self.setup.replace(**changes)
        write_settings(self.workspace, self.setup)

    def _say(self, text: str) -> None:
        say_wrapped(text, self.language)

    def _ask(
        self,
        name: str,
        default: str = "",
        refused: Callable[[str], str] = lambda _: "",
        *,
        hint: str = "",
    ) -> str:
        return ask_line(_asked(name, hint), self.language, default, refused)

    def _wants(self, name: str, *, default: bool = False) -> bool:
        return ask_yes_or(_asked(name), self.language, default=default) == "yes"

    def _who(self) -> None:
        if not self.setup.name:
            self._keep(name=self._ask("name", user_name()))
        if not self.setup.emails:
            given = self._ask(
                "emails", refused=lambda given: settings_fault(me={"emails": _words(given)})
            )
            self._keep(emails=_words(given))
        if not self.setup.internal_domains:
            own = [domain_of(address) for address in self.setup.emails]
            given = self._ask(
                "domains",
                ", ".join(dict.fromkeys(one for one in own if not is_freemail(one))),
                lambda given: settings_fault(me={"internal_domains": _domains(given)}),
            )
            self._keep(internal_domains=_domains(given))

    def _zone_and_language(self) -> None:
        here = self.setup.locale
        if not self.setup.timezone:
            zone = local_zone()
            given = self._ask(
                "zone",
                zone.key,
                lambda given: settings_fault(timezone=find_zone(given, locale=here)),
                hint=Phrase("this machine names none") if zone is UNKNOWN else "",
            )
            self._keep(timezone=find_zone(given, locale=here))
            if given != self.setup.timezone:
                self._say(str(self.setup.timezone))
        if not self.answers["locale"]:
            names = (Locale.parse(code).get_language_name(code) or code for code in LANGUAGES)
            given = self._ask(
                "locale",
                here,
                lambda given: settings_fault(locale=find_locale(given, default=here)),
                hint=", ".join(names),
            )
            self._keep(locale=find_locale(given, default=here))
            self.call.speak(self.setup.locale)

    def _calendar(self) -> None:
        if self.setup.feeds:
            return
        given = self.answers["calendar"] or self._ask("calendar")
        while given:
            if given == HELP:
                self._show_providers()
                given = self._ask("calendar")
                continue
            trial, feeds = self._tried(
                FeedAnswer.of(given, user=self.answers["calendar_user"] or "")
            )
            self._say(trial.sentence())
            kept = "no" if trial.fault else "yes"
            if trial.fault and feeds[0].is_address:
                asked = _asked("keep_calendar")
                kept = ask_yes_or(asked, self.language, _may_be_place)
            if kept == "yes":
                self._keep(feeds=self.setup.with_feeds(feeds, self.workspace).feeds)
                return
            given = self._ask("other_calendar") if kept == "no" else kept
        text = self.language.text
        say_small(text("No calendar yet. Later: briefgen init again, or `feeds` in briefgen.yaml."))

    def _show_providers(self) -> None:
        click.echo()
        for provider in providers():
            calendar = Catalogued(provider.calendar)
            click.echo(f"  {click.style(provider.name, bold=True)}")
            say_small(self.language.said(calendar), indent="    ")

    def _tried(self, answer: FeedAnswer) -> tuple[Trial, tuple[FeedAnswer, ...]]:
        """Try a calendar; ask for user and password if its server wants them."""
        as_of = self.call.as_of(self.setup.zone)
        trial = try_feeds((answer,), workspace=self.workspace, as_of=as_of)
        while trial.wants_password:
            if answer.password:
                self._say(Phrase("The server refuses this user name or password."))
            else:
                self._say(Phrase("The server asks who you are."))
            user = self._ask("user", answer.user or self._first_address())
            password = self._password()
            if not password:
                break
            answer = replace(answer, user=user, password=password)
            try:
                with waiting(1, Phrase("Looking for your calendars")):
                    found = calendars_at(answer)
            except FetchFault as fault:
                trial = Trial(fault=str(fault), wants_password=True)
                continue
            feeds = self._chosen(found)
            return try_feeds(feeds, workspace=self.workspace, as_of=as_of), feeds
        return trial, (answer,)

    def _password(self, hint: str = "") -> str:
        return ask_password(_asked("password", hint), self.language)

    def _chosen(self, feeds: tuple[FeedAnswer, ...]) -> tuple[FeedAnswer, ...]:
        """The calendars to be read, chosen by the user if there are several."""
        if len(feeds) == 1:
            return feeds
        names = [feed.name for feed in feeds]
        return tuple(feeds[at] for at in ask_places(_asked("calendars"), names, self.language))

    def _first_address(self) -> str:
        return next(iter(self.setup.emails), "")

    def _contacts(self) -> None:
        text = self.language.text
        given = self.answers["contacts_file"] or self._ask("contacts")
        while given:
            path = Path(given).expanduser()
            if path.is_file():
                self._run("contacts", "import", str(path))
                return
            click.echo("  " + text("{label}: {text}", label=text("There is no file"), text=path))
            given = self._ask("contacts")
        say_small(text('Later: briefgen contacts import FILE, or briefgen contacts new "NAME"'))

    def _mail(self) -> None:
        address = self._first_address()
        if not address or self.setup.mail or not self._wants("mail"):
            return
        known = provider_of(address)
        answer, hint, password = MailAnswer(host=""), "", ""
        if known and known.mail_server:
            answer = MailAnswer(host=known.mail_server, security=known.security)
            hint = Catalogued(known.mail_password)
        while True:
            answer = self._server(answer, address)
            if not answer.host:
                return
            password = self._password(hint) or password
            fault = mail_fault(answer, password)
            if not fault:
                break
            self._say(Phrase("It does not work yet: {why}", why=fault))
            if not self._wants("correct_mail", default=True):
                break
            hint = Phrase("Enter keeps the one you typed") if password else ""
        self._keep(mail=self.setup.with_mail(answer, password, self.workspace).mail)
        if fault:
            self._say(Phrase("The settings are kept; try again with: briefgen doctor"))
            return
        self._say(Phrase("{host} answers and takes your password", host=answer.host))
        if self._wants("test_mail"):
            self._run("send", "--test")

    def _server(self, before: MailAnswer, address: str) -> MailAnswer:
        """The mail server and the user there; without a host if mail is not wanted after all."""

        def refused(given: str) -> str:
            mail = {"host": given, "from": address, "to": [address]}
            return settings_fault(mail=mail) if given else ""

        host = self._ask("mail_server", before.host, refused)
        if not host:
            return MailAnswer(host="")
        known = before if host == before.host else MailAnswer(host=host)
        return known.replace(user=self._ask("user", before.user or address), sender=address)

    def _first_brief(self) -> None:
        """Make the brief of the next meeting, and say what to type from here on."""
        text = self.language.text
        click.echo()
        chosen = next_brief(self.workspace, self.call.as_of(self.setup.zone))
        steps: list[tuple[str, str]] = []
        if self._folder:
            steps.append((f"cd {_shown(self.shown)}", ""))
        if chosen is not None:
            label = text("Making the brief for your next meeting")
            say_small(self.language.labelled(label, chosen.meeting.title or text("(no title)")))
            self._make_brief(chosen)
            say_notes(self.call, [chosen])
            if not any(one.contact for one in chosen.participants):
                named = shlex.quote(chosen.meeting.title)
                about = Phrase("a file for each who is invited, to fill the sheet")
                steps.append((f"briefgen contacts new --meeting {named}", about))
        else:
            click.echo(text("The workspace is ready. No meeting of the next 30 days gets a brief."))
        why = Phrase("your meetings, and why some get no brief")
        steps.append(("briefgen list --date today --days 30 --why", why))
        if chosen is not None:
            steps += [
                ("briefgen run --next", Phrase("the brief of your next meeting")),
                ("briefgen run", Phrase("the briefs for tomorrow")),
            ]
        steps.append(("briefgen docs first-week", Phrase("what to do from here")))
        click.echo()
        for command, purpose in steps:
            click.echo(f"  {command}")
            if purpose:
                say_small(self.language.said(purpose), indent="      ")

    def _run(self, *arguments: str) -> None:
        """Run another command, whose failure does not end the conversation."""
        status = briefgen(*arguments, "--workspace", str(self.workspace.root))
        if status:
            click.echo(f"  (briefgen {arguments[0]} ended with status {status})", err=True)

    def _make_brief(self, chosen: ChosenMeeting) -> None:
        day = chosen.meeting.start.date().isoformat()
        arguments = ["run", "--quiet", "--date", day]
        arguments += ["--only", chosen.meeting.uid or chosen.meeting.title]
        if {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys() or sys.platform == "darwin":
            arguments.append("--open")
        self._run(*arguments)
        folder = Path("briefings", day)
        brief = folder / f"{chosen.file_stem}.pdf"
        if (self.workspace.root / brief).exists():
            text = self.language.text
            told = text("That was your first brief; it is in")
            click.echo(text("{label}: {text}", label=told, text="").rstrip())
            click.echo(f"  {_shown(self.shown / brief)}")


def _may_be_place(given: str) -> bool:
    """Whether an answer is meant as an address or a path: no word has such signs."""
    return FeedAnswer.of(given).is_calendar or any(sign in given for sign in "/.:~")


def _shown(path: Path) -> str:
    """A path quoted for a shell, with `~` for the user's home."""
    if path.is_absolute() and path.is_relative_to(Path.home()):
        return f"~/{shlex.quote(path.relative_to(Path.home()).as_posix())}"
    return shlex.quote(str(path))


def _domains(given: str) -> tuple[str, ...]:
    return () if given == CLEAR else _words(given)


def _words(given: str) -> tuple[str, ...]:
    return tuple(word for part in given.replace(";", ",").split(",") if (word := part.strip()))


def briefgen(*arguments: str) -> int:
    """Run another command of briefgen and return its exit status."""
    from briefgen.cli import main  # noqa: PLC0415  # `init` is one of its commands

    try:
        main.main(list(arguments), standalone_mode=False)
    except SystemExit as ended:
        return int(ended.code or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return exit_status.DONE
