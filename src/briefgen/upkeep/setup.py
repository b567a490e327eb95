"""Setting up a workspace: the text of its settings, its secrets, and its calendar tried at once."""

import json
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from briefgen.contacts.yaml_text import scalar
from briefgen.day.prepare import ChosenMeeting, prepare
from briefgen.meetings.fetch import fetch_feeds
from briefgen.meetings.meeting import Window
from briefgen.workspace.atomic import make_folder, write_whole
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.domains import domain_of
from briefgen.workspace.folder import SETTINGS_FILE, Workspace
from briefgen.workspace.phrase import Phrase, WrittenDay
from briefgen.workspace.settings import Feed, Settings, read_settings

DAYS_LOOKED_AHEAD: Final = 30
_DEFAULT_LOCALE: Final = "en_GB"
_KEYRING_SERVICE: Final = "briefgen"
_COMMENTS_AT: Final = 48
"""The column in which the comments of the settings begin."""
_ANSWERS: Final = "setup.json"


@dataclass(frozen=True, kw_only=True)
class FeedAnswer:
    """A calendar as the user names it.

    Attributes:
        place: a path, or an address; an address is a secret.
        user: the user name where the server asks for one.
        password: the password for it.
        caldav: whether it is a CalDAV server and not an .ics file.
    """

    place: str
    user: str = ""
    password: str = ""
    caldav: bool = False

    @property
    def is_address(self) -> bool:
        """Whether it is fetched from a server."""
        return self.place.casefold().startswith(("http://", "https://", "webcal://", "webcals://"))


@dataclass(frozen=True, kw_only=True)
class MailAnswer:
    """The mail server as the user names it."""

    host: str
    port: int = 587
    security: str = "starttls"
    user: str = ""
    sender: str = ""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What `init` was told.

    Attributes:
        feeds: the lines of `feeds` in the settings, without secrets.
        mail: the lines of `mail` in the settings, without secrets.
    """

    name: str = ""
    emails: tuple[str, ...] = ()
    internal_domains: tuple[str, ...] = ()
    timezone: str = ""
    locale: str = _DEFAULT_LOCALE
    feeds: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()

    def with_feed(self, answer: FeedAnswer, workspace: Workspace) -> "Setup":
        """The same with one more calendar, its secrets put away."""
        return replace(self, feeds=(*self.feeds, *_feed_lines(answer, workspace)))

    def with_mail(self, answer: MailAnswer, password: str, workspace: Workspace) -> "Setup":
        """The same with a mail server, its password put away."""
        return replace(self, mail=_mail_lines(answer, password, workspace))


def settings_text(setup: Setup) -> str:
    """The whole of `briefgen.yaml`, with what was not answered as suggestions."""
    name = f"name: {scalar(setup.name)}" if setup.name else "# name: Robin Keller"
    zone = f"timezone: {setup.timezone}" if setup.timezone else "# timezone: Europe/Berlin"
    feeds = "\n".join(("feeds:", *setup.feeds)) if setup.feeds else sample_text("feeds.yaml")
    mail = "\n".join(("mail:", *setup.mail)) if setup.mail else sample_text("mail.yaml")
    return sample_text("briefgen.yaml").format(
        name=f"{name:<{_COMMENTS_AT - 2}}",
        emails=f"{_listed(setup.emails):<{_COMMENTS_AT - 10}}",
        internal_domains=f"{_listed(setup.internal_domains):<{_COMMENTS_AT - 20}}",
        timezone=f"{zone:<{_COMMENTS_AT}}",
        locale=f"{setup.locale:<{_COMMENTS_AT - 8}}",
        feeds=feeds.rstrip("\n"),
        mail=mail.rstrip("\n"),
    )


def _listed(items: Sequence[str]) -> str:
    return f"[{', '.join(scalar(item, flow=True) for item in items)}]"


def sample_text(name: str) -> str:
    """A file of the sample workspace, as it is shipped."""
    return (resources.files("briefgen") / "sample" / name).read_text(encoding="utf-8")


def _feed_lines(answer: FeedAnswer, workspace: Workspace) -> tuple[str, ...]:
    if not answer.is_address:
        return (f"  - {scalar(answer.place)}",)
    address = keep_secret(workspace, "calendar-address", answer.place)
    lines = ["  - name: calendar", f"    url_command: {scalar(address)}"]
    if answer.caldav:
        lines.append("    kind: caldav")
    if answer.user:
        lines.append(f"    user: {scalar(answer.user)}")
        password = keep_secret(workspace, "calendar-password", answer.password)
        lines.append(f"    password_command: {scalar(password)}")
    return tuple(lines)


def _mail_lines(answer: MailAnswer, password: str, workspace: Workspace) -> tuple[str, ...]:
    lines = [
        f"  host: {scalar(answer.host)}",
        f"  port: {answer.port}",
        f"  security: {answer.security}",
    ]
    if answer.user:
        lines.append(f"  user: {scalar(answer.user)}")
        command = keep_secret(workspace, "mail-password", password)
        lines.append(f"  password_command: {scalar(command)}")
    lines += [f"  from: {scalar(answer.sender)}", f"  to: [{scalar(answer.sender, flow=True)}]"]
    return tuple(lines)


def keep_secret(workspace: Workspace, name: str, secret: str) -> str:
    """Put a secret away and return the command that prints it.

    The system's keyring keeps it where there is one that works without asking; else a file that
    only its owner can read, in the workspace's own folder, which no version control sees.
    """
    if _in_keyring(f"{workspace.root}/{name}", secret):
        words = [sys.executable, "-m", "keyring", "get", _KEYRING_SERVICE]
        return shlex.join([*words, f"{workspace.root}/{name}"])
    folder = workspace.memory / "secrets"
    make_folder(folder)
    path = folder / _free_name(folder, name, secret)
    write_whole(path, f"{secret}\n".encode())
    return shlex.join(["cat", path.relative_to(workspace.root).as_posix()])


def _free_name(folder: Path, name: str, secret: str) -> str:
    """A name under which no other secret lies."""
    number, found = 1, name
    while (folder / found).exists() and (folder / found).read_text() != f"{secret}\n":
        number += 1
        found = f"{name}-{number}"
    return found


def _in_keyring(name: str, secret: str) -> bool:
    """Whether the system's keyring took the secret and returns it."""
    try:
        import keyring  # noqa: PLC0415  # an extra, and slow to import
        from keyring.backends.fail import Keyring as NoKeyring  # noqa: PLC0415  # as above

        if isinstance(keyring.get_keyring(), NoKeyring):
            return False
        keyring.set_password(_KEYRING_SERVICE, name, secret)
        return bool(keyring.get_password(_KEYRING_SERVICE, name) == secret)
    except Exception:  # noqa: BLE001  # no extra, no desktop, a locked keyring: each in its own way
        return False


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a calendar said when it was tried.

    Attributes:
        fault: why it cannot be used; empty where it can.
        wants_password: whether it may be read with a user name and a password.
        meetings: how many meetings the next thirty days hold.
        next_title: the next meeting's title.
        next_start: when it begins.
        names_people: whether any meeting says who is invited.
    """

    fault: str = ""
    wants_password: bool = False
    meetings: int = 0
    next_title: str = ""
    next_start: datetime | None = None
    names_people: bool = True

    def sentence(self) -> str:
        """What a trial of the calendar showed, in one sentence."""
        if self.fault:
            return Phrase(
                "It cannot be read: {fault}", fault=self.fault.removeprefix("cannot be read: ")
            )
        found = Phrase.plural(
            "{count} meeting in the next {days} days",
            "{count} meetings in the next {days} days",
            self.meetings,
            days=DAYS_LOOKED_AHEAD,
        )
        if self.next_start is not None:
            found = Phrase(
                "{found}, next: {time} {title}",
                found=found,
                time=WrittenDay("%a %d %b %H:%M", self.next_start),
                title=self.next_title,
            )
        if self.meetings == 0:
            doubt = Phrase("is it the address of the calendar itself, and not of the server?")
            found = Phrase("{one}; {other}", one=found, other=doubt)
        if not self.names_people:
            doubt = Phrase(
                "It does not say who is invited, so nobody can be recognised by "
                "address: use the account's private or CalDAV address, or write a name "
                "or [contact: FILE] into the titles of your meetings"
            )
            found = Phrase("{one}. {other}", one=found, other=doubt)
        return found


def try_feed(answer: FeedAnswer, *, workspace: Workspace, as_of: datetime) -> Trial:
    """Fetch a calendar and read the next thirty days of it. Nothing is kept but its copy.

    Args:
        answer: the calendar as the user named it.
        workspace: paths are relative to it.
        as_of: the time of the trial, in the user's zone.
    """
    from briefgen.meetings.calendar import read_calendar  # noqa: PLC0415  # only where one is tried

    fields: dict[str, Any] = {"name": "calendar"}
    if answer.is_address:
        fields |= {"url": answer.place, "user": answer.user or None}
        fields |= {"kind": "caldav" if answer.caldav else "ics"}
        if answer.user:
            fields["password_command"] = keep_secret(
                workspace, "calendar-password", answer.password
            )
    else:
        fields["path"] = answer.place
    copies = fetch_feeds([Feed(**fields)], workspace=workspace, as_of=as_of, first_wait=0.2)
    (copy,) = copies
    if copy.content is None or copy.as_of is not None:
        told = "; ".join(problem.message for problem in copy.problems) or Phrase(
            "it cannot be read"
        )
        refused = any(sign in told for sign in ("401", "403"))
        return Trial(fault=told, wants_password=refused and not answer.user)
    assert isinstance(as_of.tzinfo, ZoneInfo)  # noqa: S101  # it is in the user's zone
    window = Window.of_days(as_of.date(), DAYS_LOOKED_AHEAD, as_of.tzinfo)
    found = read_calendar(copies, window=window, zone=window.zone).meetings
    coming = [one for one in found if one.start >= as_of]
    first = coming[0] if coming else None
    return Trial(
        meetings=len(found),
        next_title=first.title if first else "",
        next_start=first.start if first else None,
        names_people=not found or any(one.attendees for one in found),
    )


def next_brief(workspace: Workspace, as_of: datetime) -> ChosenMeeting | None:
    """The next meeting of the workspace that gets a brief, within thirty days."""
    settings, _ = read_settings(workspace.root)
    if settings is None:
        return None
    window = Window.of_days(as_of.date(), DAYS_LOOKED_AHEAD, settings.zone)
    day = prepare(workspace, settings, window=window, as_of=as_of)
    return next((one for one in day.chosen if one.meeting.start > as_of), None)


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Where a provider shows a calendar's address, and its mail server where it has one."""

    name: str
    calendar: str
    mail: MailAnswer | None = None
    mail_password: str = Phrase("your mail password")  # says which one


def providers() -> tuple[Provider, ...]:
    """Every provider that is known, in the order in which they are shown."""
    return tuple(_provider(given) for given in _built_in())


def provider_of(address: str) -> Provider | None:
    """The provider of a mail address, by its domain; None where it is not known."""
    domain = domain_of(address)
    found = (given for given in _built_in() if domain in given.get("mail_domains", ()))
    return next((_provider(given) for given in found), None)


def _built_in() -> Sequence[Mapping[str, Any]]:
    data: Any = read_built_in("upkeep/providers.yaml")
    given: Sequence[Mapping[str, Any]] = data["providers"]
    return given


def _provider(given: Mapping[str, Any]) -> Provider:
    mail = given.get("mail")
    return Provider(
        name=given["name"],
        calendar=given["calendar"],
        mail=MailAnswer(host=mail["host"], port=int(mail["port"]), security=mail["security"])
        if mail
        else None,
        mail_password=given.get("mail_password", Phrase("your mail password")),
    )


def locale_of(environment: Mapping[str, str]) -> str:
    """The locale that the system's variables name (`de_DE` of `de_DE.UTF-8`), else en_GB."""
    for variable in ("LC_ALL", "LC_TIME", "LANG"):
        name = environment.get(variable, "").partition(".")[0].partition("@")[0]
        if name in {"", "C", "POSIX"}:
            continue
        return _DEFAULT_LOCALE if refusal(locale=name) else name
    return _DEFAULT_LOCALE


def refusal(**fields: Any) -> str:  # noqa: ANN401  # as many types as settings
    """Why the settings would not take these fields; empty where they would."""
    try:
        Settings(**fields)
    except ValidationError as error:
        return error.errors(include_url=False)[0]["msg"].removeprefix(Phrase("Value error, "))
    return ""


def write_settings(workspace: Workspace, setup: Setup) -> None:
    """Write `briefgen.yaml`, readable by its owner alone, and keep the answers it was made of.

    Raises:
        OSError: naming the file that could not be written.
    """
    make_folder(workspace.root)
    write_whole(workspace.root / SETTINGS_FILE, settings_text(setup).encode())
    write_whole(workspace.memory / _ANSWERS, json.dumps(asdict(setup), indent=1).encode())


def unfinished_setup(workspace: Workspace) -> Setup | None:
    """The answers given so far, where `briefgen.yaml` is still as they made it; else None.

    A file that somebody has edited is theirs: it is never written again.
    """
    try:
        given: dict[str, Any] = json.loads((workspace.memory / _ANSWERS).read_bytes())
        setup = TypeAdapter(Setup).validate_python(given)
        written = (workspace.root / SETTINGS_FILE).read_text(encoding="utf-8")
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return setup if written == settings_text(setup) else None


def user_name() -> str:
    """The full name of the user of this machine; empty where the system does not know it."""
    try:
        import pwd  # noqa: PLC0415  # not everywhere

        name = pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0].strip()
    except (ImportError, KeyError):
        return ""
    return name if " " in name else ""
