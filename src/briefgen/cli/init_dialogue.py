"""The conversation of `briefgen init`: every question can be skipped, no answer is lost."""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from briefgen.cli import exit_status
from briefgen.cli.call import Call
from briefgen.cli.questions import reply, say_question, say_small
from briefgen.delivery.conversation import NoServer, Server, conversation
from briefgen.upkeep.setup import (
    FeedAnswer,
    MailAnswer,
    Setup,
    Trial,
    next_brief,
    provider_of,
    providers,
    refusal,
    try_feed,
    user_name,
    write_settings,
)
from briefgen.workspace.domains import domain_of, is_freemail
from briefgen.workspace.folder import Workspace
from briefgen.workspace.local_zone import local_zone
from briefgen.workspace.secrets import Secret

_DEFAULT_MAIL_PORT = 587
_SECONDS = 15


class Dialogue:
    """One conversation; the settings are written after every answer that changes them."""

    def __init__(
        self,
        call: Call,
        workspace: Workspace,
        setup: Setup,
        answers: dict[str, Any],
        *,
        shown: Path,
    ) -> None:
        self.call = call
        self.workspace = workspace
        self.setup = setup
        self.answers = answers
        self.shown = shown

    def hold(self) -> None:
        """Ask everything, then make and open the brief of the next meeting."""
        click.echo(click.style("A workspace for your briefs", bold=True))
        say_small("Enter takes what stands in brackets or skips; nothing is sent anywhere.")
        self._who()
        self._zone_and_language()
        self._calendar()
        self._contacts()
        self._mail()
        self._night()
        self._first_brief()

    def _keep(self, **changes: Any) -> None:  # noqa: ANN401  # as many types as answers
        self.setup = replace(self.setup, **changes)
        write_settings(self.workspace, self.setup)

    def _who(self) -> None:
        if not self.setup.name:
            self._keep(name=_answer("Your name", default=user_name()))
        if not self.setup.emails:
            hint = "as invitations name you; several with commas"
            self._keep(emails=_addresses("Your mail addresses", hint))
        if not self.setup.internal_domains:
            own = [domain_of(address) for address in self.setup.emails]
            found = ", ".join(dict.fromkeys(one for one in own if not is_freemail(one)))
            hint = "a meeting with nobody from outside gets no brief; - for none"
            given = _answer("Your organization's mail domains", hint, default=found)
            self._keep(internal_domains=() if given == "-" else _words(given))

    def _zone_and_language(self) -> None:
        if not self.setup.timezone:
            self._keep(timezone=_checked("Your time zone", local_zone().key, field="timezone"))
        if not self.answers["locale"]:
            hint = "the page speaks en, de, fr, es, it, nl, pt, ja, ar"
            self._keep(
                locale=_checked("Language and dates", self.setup.locale, hint, field="locale")
            )

    def _calendar(self) -> None:
        if self.setup.feeds:
            return
        hint = "its address, or a file; ? shows where to find it"
        given = self.answers["calendar"] or _answer("Your calendar", hint)
        while given:
            if given == "?":
                _show_providers()
                given = _answer("Your calendar", hint)
                continue
            answer = FeedAnswer(
                place=given.strip("<>\"' "), user=self.answers["calendar_user"] or ""
            )
            trial, answer = self._tried(answer)
            click.echo(f"  {trial.sentence()}")
            if not trial.fault or click.confirm("  Keep it all the same?", default=False):
                self.setup = self.setup.with_feed(answer, self.workspace)
                write_settings(self.workspace, self.setup)
                return
            given = _answer("Your calendar", "another address, ? for help, Enter to go on without")
        say_small("No calendar yet. Later: briefgen init again, or `feeds` in briefgen.yaml.")

    def _tried(self, answer: FeedAnswer) -> tuple[Trial, FeedAnswer]:
        """The calendar tried; asked for user and password where it wants them."""
        as_of = moment(self.call, self.setup)
        trial = try_feed(answer, workspace=self.workspace, as_of=as_of)
        looks_like_a_server = trial.fault and "dav" in answer.place.casefold()
        if not trial.wants_password and not looks_like_a_server:
            return trial, answer
        click.echo(f"  {trial.fault}")
        user = _answer("User name", default=next(iter(self.setup.emails), ""))
        password = _secret("Password", "an app password, where your provider has them")
        signed = [
            replace(answer, user=user, password=password, caldav=caldav) for caldav in (True, False)
        ]
        trials = [try_feed(one, workspace=self.workspace, as_of=as_of) for one in signed]
        served = next((at for at, trial in enumerate(trials) if not trial.fault), 0)
        return trials[served], signed[served]

    def _contacts(self) -> None:
        hint = "a .vcf or .csv file of your address book; Enter to skip"
        given = self.answers["contacts_file"] or _answer("Your contacts", hint)
        if not given:
            say_small('Later: briefgen contacts import FILE, or briefgen contacts new "NAME"')
            return
        path = Path(given).expanduser()
        if path.exists():
            import_people(self.workspace, path)
        else:
            click.echo(f"  there is no file {path}; later: briefgen contacts import FILE")

    def _mail(self) -> None:
        address = next(iter(self.setup.emails), "")
        if (
            not address
            or self.setup.mail
            or not click.confirm("\nMail you the briefs every night?", default=False)
        ):
            return
        known = provider_of(address)
        guess = known.mail if known is not None else None
        host = _answer("Your mail server", default=guess.host if guess else "")
        if not host:
            return
        security = guess.security if guess is not None and guess.host == host else "starttls"
        port = guess.port if guess is not None and guess.host == host else _DEFAULT_MAIL_PORT
        user = _answer("User name", default=address)
        password = _secret("Password", known.mail_password if known else "")
        answer = MailAnswer(host=host, port=port, security=security, user=user, sender=address)
        click.echo(f"  {_mail_sentence(answer, password)}")
        self.setup = self.setup.with_mail(answer, password, self.workspace)
        write_settings(self.workspace, self.setup)

    def _night(self) -> None:
        if not self.setup.feeds:
            return
        if click.confirm("Make tomorrow's briefs every night?", default=False):
            _command(["schedule", "install", "--workspace", str(self.workspace.root)])

    def _first_brief(self) -> None:
        click.echo()
        go = "" if self.shown == Path() else f"cd {self.shown} && "
        chosen = next_brief(self.workspace, moment(self.call, self.setup))
        if chosen is None:
            click.echo(f"The workspace is ready. Next: {go}briefgen list --why")
            return
        day = chosen.meeting.start.date().isoformat()
        arguments = ["run", "--date", day, "--only", chosen.meeting.uid or chosen.meeting.title]
        if os.environ.get("DISPLAY") or sys.platform == "darwin":
            arguments.append("--open")
        _command([*arguments, "--workspace", str(self.workspace.root)])
        folder = self.shown / "briefings" / day
        click.echo(f"That was your first brief; it is in {folder}. Tomorrow's: {go}briefgen run")


def import_people(workspace: Workspace, file: Path) -> None:
    """Bring in people as `briefgen contacts import` does."""
    from briefgen.cli import main  # noqa: PLC0415  # this module is one of its commands

    arguments = ["contacts", "import", str(file), "--workspace", str(workspace.root)]
    try:
        main.main(arguments, standalone_mode=False)
    except SystemExit as ended:
        if ended.code not in {0, None, exit_status.PARTLY_DONE}:
            raise


def moment(call: Call, setup: Setup) -> datetime:
    """The time of this call in the zone that was answered."""
    return call.as_of(ZoneInfo(setup.timezone) if setup.timezone else local_zone())


def _mail_sentence(answer: MailAnswer, password: str) -> str:
    """What the mail server said, in one sentence."""
    server = Server(
        host=answer.host,
        port=answer.port,
        security="tls" if answer.security == "tls" else "starttls",
        user=answer.user or None,
        password=Secret(text=password) if password else None,
        seconds=_SECONDS,
    )
    try:
        with conversation(server):
            return f"{answer.host} answers and takes your password"
    except NoServer as error:
        return (
            f"It does not work yet: {error}. The settings are kept; try again with: briefgen doctor"
        )


def _answer(question: str, hint: str = "", *, default: str = "") -> str:
    """One line; the default where only Enter was pressed."""
    say_question(question, hint)
    return reply(f"  [{default}] > " if default else "  > ") or default


def _secret(question: str, hint: str) -> str:
    """A line that is not shown."""
    say_question(question, hint)
    return str(
        click.prompt("  > ", default="", show_default=False, prompt_suffix="", hide_input=True)
    )


def _checked(question: str, default: str, hint: str = "", *, field: str) -> str:
    """An answer that the settings take; asked again where they do not."""
    while True:
        given = _answer(question, hint, default=default)
        refused = refusal(**{field: given or None} if field == "timezone" else {field: given})
        if not refused:
            return given
        click.echo(f"  {refused}")


def _addresses(question: str, hint: str) -> tuple[str, ...]:
    """Mail addresses; asked again where one of them is none."""
    while True:
        given = _words(_answer(question, hint))
        refused = refusal(me={"emails": given})
        if not refused:
            return given
        click.echo(f"  {refused}")


def _words(given: str) -> tuple[str, ...]:
    return tuple(word for part in given.replace(";", ",").split(",") if (word := part.strip()))


def _show_providers() -> None:
    click.echo()
    for provider in providers():
        width = shutil.get_terminal_size().columns - 2
        told = click.wrap_text(
            f"{provider.name}: {provider.calendar}",
            width,
            initial_indent="  ",
            subsequent_indent="    ",
        )
        click.echo(told)


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
