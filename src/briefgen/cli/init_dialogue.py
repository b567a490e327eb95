"""The conversation of `briefgen init`: every question can be skipped, no answer is lost."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import click

from briefgen.cli.call import Call
from briefgen.cli.questions import (
    PROMPT,
    Back,
    code_of,
    reply,
    reply_numbers,
    reply_one_of,
    say_question,
    say_small,
)
from briefgen.cli.terminal_locale import terminal_locale
from briefgen.delivery.conversation import NoServer, Server, conversation
from briefgen.meetings.source import FetchFault
from briefgen.night import exit_status
from briefgen.reflection.answer_words import shown
from briefgen.upkeep.setup import (
    FeedAnswer,
    MailAnswer,
    Setup,
    Trial,
    calendars_behind,
    next_brief,
    provider_of,
    providers,
    refusal,
    try_feeds,
    user_name,
    write_settings,
)
from briefgen.workspace.domains import domain_of, is_freemail
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import LANGUAGES, Language, language_of
from briefgen.workspace.local_zone import UNKNOWN, local_zone
from briefgen.workspace.secrets import Secret

_DEFAULT_MAIL_PORT: Final = 587
_SECONDS: Final = 15
_T = TypeVar("_T")


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

    @property
    def language(self) -> Language:
        """The language of the terminal, or of the answers so far."""
        return language_of(terminal_locale(self.workspace.root, environment=os.environ))

    def hold(self) -> None:
        """Ask everything, then make and open the brief of the next meeting."""
        text = self.language.text
        click.echo(click.style(text("A workspace for your briefs"), bold=True))
        say_small(text("Enter takes what stands in brackets or skips; nothing is sent anywhere."))
        self._who()
        self._zone_and_language()
        self._calendar()
        self._contacts()
        self._mail()
        self._night()
        self._first_brief()

    def _keep(self, **changes: Any) -> None:  # noqa: ANN401  # as many types as answers
        self.setup = self.setup.replace(**changes)
        write_settings(self.workspace, self.setup)

    def _who(self) -> None:
        text = self.language.text
        if not self.setup.name:
            self._keep(name=_answer(text("Your name"), default=user_name()))
        if not self.setup.emails:
            hint = text("as invitations name you; several with commas")
            self._keep(emails=_addresses(self.language, text("Your mail addresses"), hint))
        if not self.setup.internal_domains:
            own = [domain_of(address) for address in self.setup.emails]
            found = ", ".join(dict.fromkeys(one for one in own if not is_freemail(one)))
            hint = text("a meeting with nobody from outside gets no brief; - for none")
            self._keep(internal_domains=self._domains(hint, found))

    def _domains(self, hint: str, found: str) -> tuple[str, ...]:
        """Mail domains; asked again where one of them is none."""
        question = self.language.text("Your organization's mail domains")
        while True:
            given = _answer(question, hint, default=found)
            domains = () if given == "-" else _words(given)
            refused = refusal(me={"internal_domains": domains})
            if not refused:
                return domains
            click.echo(f"  {self.language.said(refused)}")

    def _zone_and_language(self) -> None:
        text = self.language.text
        if not self.setup.timezone:
            hint = text("this machine names none") if local_zone() is UNKNOWN else ""
            zone = _checked(
                self.language, text("Your time zone"), local_zone().key, hint, field="timezone"
            )
            self._keep(timezone=zone)
        if not self.answers["locale"]:
            hint = text("the page speaks {languages}", languages=", ".join(LANGUAGES))
            question = text("Language and dates")
            self._keep(
                locale=_checked(self.language, question, self.setup.locale, hint, field="locale")
            )

    def _calendar(self) -> None:
        text = self.language.text
        if self.setup.feeds:
            return
        question = text("Your calendar")
        hint = text("its address, or a file; ? shows where to find it")
        given = self.answers["calendar"] or _answer(question, hint)
        while given:
            if given == "?":
                _show_providers()
                given = _answer(question, hint)
                continue
            trial, feeds = self._tried(
                FeedAnswer.of(given, user=self.answers["calendar_user"] or "")
            )
            click.echo(f"  {self.language.said(trial.sentence())}")
            if not trial.fault or self._wants(text("Keep it all the same?")):
                self.setup = self.setup.with_feeds(feeds, self.workspace)
                write_settings(self.workspace, self.setup)
                return
            given = _answer(question, text("another address, ? for help, Enter to go on without"))
        say_small(text("No calendar yet. Later: briefgen init again, or `feeds` in briefgen.yaml."))

    def _tried(self, answer: FeedAnswer) -> tuple[Trial, tuple[FeedAnswer, ...]]:
        """The calendar tried; asked for user and password where its server wants them."""
        text = self.language.text
        as_of = moment(self.call, self.setup)
        trial = try_feeds((answer,), workspace=self.workspace, as_of=as_of)
        while trial.wants_password:
            if answer.password:
                click.echo(f"  {text('The server refuses this user name or password.')}")
            else:
                click.echo(f"  {text('The server asks who you are.')}")
            user = _answer(text("User name"), default=answer.user or self._first_address())
            hint = text("an app password, where your provider has them; Enter to go back")
            password = _secret(text("Password"), hint)
            if not password:
                break
            answer = replace(answer, user=user, password=password)
            try:
                feeds = self._chosen(calendars_behind(answer))
            except FetchFault as fault:
                trial = Trial(fault=str(fault), wants_password=True)
                continue
            return try_feeds(feeds, workspace=self.workspace, as_of=as_of), feeds
        return trial, (answer,)

    def _chosen(self, feeds: tuple[FeedAnswer, ...]) -> tuple[FeedAnswer, ...]:
        """Those of several calendars that are to be read."""
        if len(feeds) == 1:
            return feeds
        text = self.language.text
        say_question(text("Which of your calendars?"), text("numbers, like 1 3; Enter for all"))
        for number, feed in enumerate(feeds, start=1):
            click.echo(f"  {number}  {feed.name}")
        chosen = _skippable(lambda: reply_numbers(len(feeds), self.language))
        return tuple(feeds[place] for place in chosen or ()) or feeds

    def _first_address(self) -> str:
        return next(iter(self.setup.emails), "")

    def _contacts(self) -> None:
        text = self.language.text
        hint = text("a .vcf or .csv file of your address book; Enter to skip")
        given = self.answers["contacts_file"] or _answer(text("Your contacts"), hint)
        path = Path(given).expanduser()
        if given and path.exists():
            import_people(self.workspace, path)
            return
        if given:
            click.echo("  " + text("{label}: {text}", label=text("There is no file"), text=path))
        say_small(text('Later: briefgen contacts import FILE, or briefgen contacts new "NAME"'))

    def _mail(self) -> None:
        text = self.language.text
        address = self._first_address()
        if (
            not address
            or self.setup.mail
            or not self._wants(text("Mail you the briefs every night?"))
        ):
            return
        known = provider_of(address)
        guess = known.mail if known is not None else None
        host = _answer(text("Your mail server"), default=guess.host if guess else "")
        while host and (refused := refusal(mail={"host": host, "from": address, "to": [address]})):
            click.echo(f"  {self.language.said(refused)}")
            host = _answer(text("Your mail server"))
        if not host:
            return
        security = guess.security if guess is not None and guess.host == host else "starttls"
        port = guess.port if guess is not None and guess.host == host else _DEFAULT_MAIL_PORT
        user = _answer(text("User name"), default=address)
        password = _secret(
            text("Password"), self.language.said(known.mail_password) if known else ""
        )
        answer = MailAnswer(host=host, port=port, security=security, user=user, sender=address)
        click.echo(f"  {_mail_sentence(answer, password, self.language)}")
        self.setup = self.setup.with_mail(answer, password, self.workspace)
        write_settings(self.workspace, self.setup)
        if self._wants(text("Send yourself a mail to see that it arrives?")):
            _command(["send", "--test", "--workspace", str(self.workspace.root)])

    def _night(self) -> None:
        question = self.language.text("Make tomorrow's briefs every night?")
        if self.setup.feeds and self._wants(question):
            _command(["schedule", "install", "--workspace", str(self.workspace.root)])

    def _wants(self, question: str) -> bool:
        """Whether a question is answered with yes; Enter means no."""
        code = code_of(self.language)
        say_question(question, f"{shown('yes', code)} · {shown('no', code)}")
        answer = _skippable(lambda: reply_one_of(("yes", "no"), self.language))
        return answer == "yes"

    def _first_brief(self) -> None:
        """Make the brief of the next meeting, and end with what to type from here on."""
        text = self.language.text
        click.echo()
        chosen = next_brief(self.workspace, moment(self.call, self.setup))
        steps: list[tuple[str, str]] = []
        if self.shown != Path():
            steps.append((f"cd {self.shown}", ""))
        if chosen is not None:
            day = chosen.meeting.start.date().isoformat()
            arguments = ["run", "--date", day, "--only", chosen.meeting.uid or chosen.meeting.title]
            if os.environ.get("DISPLAY") or sys.platform == "darwin":
                arguments.append("--open")
            _command([*arguments, "--workspace", str(self.workspace.root)])
            folder = str(self.shown / "briefings" / day)
            told = text("That was your first brief; it is in")
            click.echo(text("{label}: {text}", label=told, text=folder))
            if not any(one.contact for one in chosen.participants):
                named = shlex.quote(chosen.meeting.title)
                about = text("a file for each who is invited, to fill the sheet")
                steps.append((f"briefgen contacts new --meeting {named}", about))
        else:
            click.echo(text("The workspace is ready. No meeting of the next 30 days gets a brief."))
        steps += [
            (
                "briefgen list --days 30 --why",
                text("your meetings, and why some get no brief"),
            ),
            ("briefgen run --next", text("the brief of your next meeting")),
            ("briefgen run", text("the briefs for tomorrow")),
            ("briefgen docs first-week", text("what to do from here")),
        ]
        click.echo()
        width = max(len(command) for command, _ in steps)
        for command, about in steps:
            click.echo(
                f"  {command:<{width}}  ".rstrip()
                if not about
                else f"  {command:<{width}}  {about}"
            )


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


def _mail_sentence(answer: MailAnswer, password: str, language: Language) -> str:
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
            return language.text("{host} answers and takes your password", host=answer.host)
    except NoServer as error:
        return language.text(
            "It does not work yet: {why}. The settings are kept; try again with: briefgen doctor",
            why=error,
        )


def _skippable(ask: Callable[[], _T]) -> _T | None:
    """An answer; None where somebody wants to go back, which no question of these can."""
    try:
        return ask()
    except Back:
        return None


def _answer(question: str, hint: str = "", *, default: str = "") -> str:
    """One line; the default where only Enter was pressed."""
    say_question(question, hint)
    return _skippable(lambda: reply(f"  [{default}] > " if default else PROMPT)) or default


def _secret(question: str, hint: str) -> str:
    """A line that is not shown."""
    say_question(question, hint)
    return str(
        click.prompt("  > ", default="", show_default=False, prompt_suffix="", hide_input=True)
    )


def _checked(language: Language, question: str, default: str, hint: str = "", *, field: str) -> str:
    """An answer that the settings take; asked again where they do not."""
    while True:
        given = _answer(question, hint, default=default)
        refused = refusal(**{field: given or None} if field == "timezone" else {field: given})
        if not refused:
            return given
        click.echo(f"  {language.said(refused)}")


def _addresses(language: Language, question: str, hint: str) -> tuple[str, ...]:
    """Mail addresses; asked again where one of them is none."""
    while True:
        given = _words(_answer(question, hint))
        refused = refusal(me={"emails": given})
        if not refused:
            return given
        click.echo(f"  {language.said(refused)}")


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
