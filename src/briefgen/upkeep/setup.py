"""Setting up a workspace: the text of its settings, its secrets, and its calendar tried at once."""

import json
import os
import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import resources
from itertools import count
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import convert, to_builtins
from pydantic import ValidationError

from briefgen.contacts.yaml_text import scalar
from briefgen.day.prepare import ChosenMeeting, prepare
from briefgen.meetings.copies import soundness
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.local_sources import PathSource
from briefgen.meetings.meeting import Window
from briefgen.meetings.source import FetchFault, Request, Source
from briefgen.workspace.atomic import make_folder, write_whole
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.domains import domain_of
from briefgen.workspace.folder import SETTINGS_FILE, Workspace
from briefgen.workspace.phrase import Phrase, WrittenDay
from briefgen.workspace.settings import Settings, read_settings
from briefgen.workspace.value import Value

DAYS_LOOKED_AHEAD: Final = 30
_DEFAULT_LOCALE: Final = "en_GB"
_KEYRING_SERVICE: Final = "briefgen"
_COMMENTS_AT: Final = 48
"""The column in which the comments of the settings begin."""
_ANSWERS: Final = "setup.json"
_HOST: Final = re.compile(r"(?:[\w-]+\.)+(?!ics$)[a-z]{2,}(?::\d+)?(?:/\S*)?", re.IGNORECASE)
"""An address without its https://, like `caldav.icloud.com`."""
_FIRST_WAIT: Final = 0.2
"""Seconds before a trial asks again; somebody is waiting."""


@dataclass(frozen=True, kw_only=True)
class FeedAnswer:
    """A calendar as the user names it.

    Attributes:
        place: a path, or an address; an address is a secret.
        name: what the calendar is called.
        user: the user name where the server asks for one.
        password: the password for it.
        caldav: whether it is a CalDAV server and not an .ics file.
    """

    place: str
    name: str = "calendar"
    user: str = ""
    password: str = field(default="", repr=False)
    caldav: bool = False

    @classmethod
    def of(cls, given: str, *, user: str = "", password: str = "") -> "FeedAnswer":
        """What was typed: an address, with or without its https://, or a file seen from here."""
        place = given.strip("<>\"' ")
        file = Path(place).expanduser()
        if file.exists():
            place = str(file.resolve())
        elif _HOST.fullmatch(place):
            place = f"https://{place}"
        return cls(place=place, user=user, password=password)

    @property
    def is_address(self) -> bool:
        """Whether it is fetched from a server."""
        return self.place.casefold().startswith(("http://", "https://", "webcal://", "webcals://"))

    @property
    def request(self) -> Request:
        """What a trial asks its server."""
        return Request(
            address=self.place,
            user=self.user or None,
            password=self.password or None,
            first_wait=_FIRST_WAIT,
        )


class MailAnswer(Value, frozen=True, kw_only=True):
    """The mail server as the user names it."""

    host: str
    port: int = 587
    security: str = "starttls"
    user: str = ""
    sender: str = ""


class Setup(Value, frozen=True, kw_only=True):
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

    def with_feeds(self, answers: Iterable[FeedAnswer], workspace: Workspace) -> "Setup":
        """The same with these calendars too, their secrets put away."""
        lines = [line for answer in answers for line in _feed_lines(answer, workspace)]
        return self.replace(feeds=(*self.feeds, *lines))

    def with_mail(self, answer: MailAnswer, password: str, workspace: Workspace) -> "Setup":
        """The same with a mail server, its password put away."""
        return self.replace(mail=_mail_lines(answer, password, workspace))


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
    lines = [f"  - name: {scalar(answer.name)}"]
    if answer.caldav:
        lines += ["    kind: caldav", f"    url: {scalar(answer.place)}"]
    else:
        address = keep_secret(workspace, "calendar-address", answer.place)
        lines.append(f"    url_command: {scalar(address)}")
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
    if (kept := _in_keyring(f"{workspace.root}/{name}", secret)) is not None:
        return shlex.join([sys.executable, "-m", "keyring", "get", _KEYRING_SERVICE, kept])
    folder = workspace.memory / "secrets"
    make_folder(folder)
    path = next(
        path
        for path in map(folder.joinpath, _numbered(name))
        if not path.exists() or path.read_text() == f"{secret}\n"
    )
    write_whole(path, f"{secret}\n".encode())
    return shlex.join(["cat", path.relative_to(workspace.root).as_posix()])


def _numbered(name: str) -> Iterator[str]:
    """`name`, `name-2`, `name-3` …: another secret of the same kind gets a name of its own."""
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _in_keyring(name: str, secret: str) -> str | None:
    """The name under which the system's keyring keeps the secret; None where it does not."""
    try:
        import keyring  # noqa: PLC0415  # an extra, and slow to import
        from keyring.backends.fail import Keyring as NoKeyring  # noqa: PLC0415  # as above

        if isinstance(keyring.get_keyring(), NoKeyring):
            return None
        for found in _numbered(name):
            if keyring.get_password(_KEYRING_SERVICE, found) in {None, secret}:
                keyring.set_password(_KEYRING_SERVICE, found, secret)
                kept = keyring.get_password(_KEYRING_SERVICE, found) == secret
                return found if kept else None
    except Exception:  # noqa: BLE001, S110  # no extra, no desktop, a locked keyring: each in its own way
        pass
    return None


class Trial(Value, frozen=True, kw_only=True):
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
            return Phrase("It cannot be read: {fault}", fault=self.fault)
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


def calendars_behind(answer: FeedAnswer) -> tuple[FeedAnswer, ...]:
    """The calendars that a CalDAV server has at an address; the answer itself where it has none.

    Raises:
        FetchFault: where the server refuses the user name and password, or wants some.
    """
    from briefgen.meetings.caldav_calendar import served_calendars  # noqa: PLC0415  # an extra

    try:
        served = served_calendars(answer.request)
    except FetchFault as fault:
        if _is_refusal(str(fault)):
            raise
        served = ()
    found = (replace(answer, place=one.address, name=one.name, caldav=True) for one in served)
    return tuple(found) or (answer,)


def _is_refusal(told: str) -> bool:
    return any(sign in told for sign in ("401", "403", "user and password"))


def try_feeds(answers: Sequence[FeedAnswer], *, workspace: Workspace, as_of: datetime) -> Trial:
    """Fetch calendars and read the next thirty days of them. Nothing of it is kept.

    Args:
        answers: the calendars as the user named them, or chose them.
        workspace: paths are relative to it.
        as_of: the time of the trial, in the user's zone.
    """
    from briefgen.meetings.calendar import read_calendar  # noqa: PLC0415  # only where one is tried

    copies = []
    for answer in answers:
        try:
            content = _fetched(answer, workspace)
        except FetchFault as fault:
            asks = answer.is_address and not answer.user and _wants_password(answer, str(fault))
            return Trial(fault=str(fault), wants_password=asks)
        copies.append(FeedCopy(name=answer.name, content=content))
    assert isinstance(as_of.tzinfo, ZoneInfo)  # noqa: S101  # it is in the user's zone
    window = Window.of_days(as_of.date(), DAYS_LOOKED_AHEAD, as_of.tzinfo)
    found = read_calendar(tuple(copies), window=window, zone=window.zone).meetings
    first = next((one for one in found if one.start >= as_of), None)
    return Trial(
        meetings=len(found),
        next_title=first.title if first else "",
        next_start=first.start if first else None,
        names_people=not found or any(one.attendees for one in found),
    )


def _fetched(answer: FeedAnswer, workspace: Workspace) -> bytes:
    """A calendar's bytes.

    Raises:
        FetchFault: where they cannot be had, or are no calendar.
    """
    source: Source
    if not answer.is_address:
        if not (workspace.root / answer.place).exists():
            raise FetchFault(Phrase("it is no address, and there is no such file"))
        most = answer.request.most_bytes
        source = PathSource(path=answer.place, workspace=workspace, most_bytes=most)
    elif answer.caldav:
        from briefgen.meetings.caldav_calendar import CaldavSource  # noqa: PLC0415  # an extra

        source = CaldavSource(request=answer.request, workspace=workspace)
    else:
        from briefgen.meetings.transport import HttpSource  # noqa: PLC0415  # slow to import

        source = HttpSource(request=answer.request)
    content = source.read(None).content or b""
    if fault := soundness(content).fault:
        raise FetchFault(fault)
    return content


def _wants_password(answer: FeedAnswer, told: str) -> bool:
    """Whether a server would say more to somebody it knows: the feed itself, or its CalDAV."""
    if _is_refusal(told):
        return True
    try:
        calendars_behind(answer)
    except FetchFault:
        return True
    return False


def next_brief(workspace: Workspace, as_of: datetime) -> ChosenMeeting | None:
    """The next meeting of the workspace that gets a brief, within thirty days."""
    settings, _ = read_settings(workspace.root)
    if settings is None:
        return None
    window = Window.of_days(as_of.date(), DAYS_LOOKED_AHEAD, settings.zone)
    day = prepare(workspace, settings, window=window, as_of=as_of)
    return next((one for one in day.chosen if one.meeting.start > as_of), None)


class Provider(Value, frozen=True, kw_only=True):
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
    write_whole(workspace.memory / _ANSWERS, json.dumps(to_builtins(setup), indent=1).encode())


def unfinished_setup(workspace: Workspace) -> Setup | None:
    """The answers given so far, where `briefgen.yaml` is still as they made it; else None.

    A file that somebody has edited is theirs: it is never written again.
    """
    try:
        given: dict[str, Any] = json.loads((workspace.memory / _ANSWERS).read_bytes())
        setup = convert(given, Setup)
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
