"""Setting up a workspace: the answers, the text of its settings, and its secrets."""

import json
import os
import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import count
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from msgspec import convert, to_builtins
from pydantic import ValidationError

from briefgen.contacts.book import name_key
from briefgen.contacts.yaml_text import Style, Word, Writable, field_lines, item_lines, scalar
from briefgen.meetings.source import Request
from briefgen.workspace.addresses import domain_of
from briefgen.workspace.atomic import make_folder, write_whole
from briefgen.workspace.built_in import read_as
from briefgen.workspace.folder import SETTINGS_FILE, Workspace
from briefgen.workspace.language import LANGUAGES, language_of
from briefgen.workspace.settings import Settings
from briefgen.workspace.validation import value_error
from briefgen.workspace.value import Value
from briefgen.workspace.zone_data import local_zone

DEFAULT_LOCALE: Final = "en_GB"
_KEYRING_SERVICE: Final = "briefgen"
_COMMENTS_AT: Final = 48
"""The column in which comments in the settings begin."""
_ANSWERS: Final = "setup.json"
_HOST: Final = re.compile(
    r"(?P<here>localhost|127(?:\.\d{1,3}){3}|\[::1\])?"
    r"(?(here)|(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:]+\]|(?:[\w-]+\.)+(?!ics$)[a-z]{2,}))"
    r"(?::\d+)?(?:/\S*)?",
    re.IGNORECASE,
)
"""An address without its https://, like `caldav.icloud.com`; `here` if it is this machine."""
_FIRST_WAIT: Final = 0.2
"""Seconds before a trial asks again; someone is waiting."""


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
        """What was typed: an address, with or without https://, or a file relative to here."""
        place = given.strip("<>\"' ")
        file = Path(place).expanduser()
        if file.exists():
            place = str(file.resolve())
        elif found := _HOST.fullmatch(place):
            place = f"{'http' if found['here'] else 'https'}://{place}"
        return cls(place=place, user=user, password=password)

    @property
    def is_address(self) -> bool:
        """Whether it is fetched from a server."""
        return self.place.casefold().startswith(("http://", "https://", "webcal://", "webcals://"))

    @property
    def is_calendar(self) -> bool:
        """Whether it is an address, or a file that exists."""
        return self.is_address or Path(self.place).exists()

    @property
    def request(self) -> Request:
        """The request that a trial sends to its server."""
        return Request(
            address=self.place,
            user=self.user or None,
            password=self.password or None,
            first_wait=_FIRST_WAIT,
        )


class MailAnswer(Value, frozen=True, kw_only=True):
    """The mail server as the user names it."""

    host: str
    security: Literal["starttls", "tls"] = "starttls"
    user: str = ""
    sender: str = ""

    @property
    def port(self) -> int:
        """The port that belongs to this kind of connection."""
        return 465 if self.security == "tls" else 587


class Provider(Value, frozen=True, kw_only=True):
    """Where a provider shows a calendar's address, and its mail server if it has one."""

    name: str
    calendar: str
    mail_domains: str = ""
    mail_server: str = ""
    security: Literal["starttls", "tls"] = "starttls"
    mail_password: str = ""


def providers() -> tuple[Provider, ...]:
    """Every provider that is known, in the order in which they are shown."""
    return tuple(read_as(dict[str, Provider], "upkeep/providers.yaml").values())


def provider_of(address: str) -> Provider | None:
    """The provider of a mail address, by its domain; None if unknown."""
    domain = domain_of(address)
    return next((one for one in providers() if domain in one.mail_domains.split()), None)


class Setup(Value, frozen=True, kw_only=True):
    """The answers given to `init`.

    Attributes:
        feeds: the lines of `feeds` in the settings, without secrets.
        mail: the lines of `mail` in the settings, without secrets.
    """

    name: str = ""
    emails: tuple[str, ...] = ()
    internal_domains: tuple[str, ...] = ()
    timezone: str = ""
    locale: str = DEFAULT_LOCALE
    feeds: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The zone from the answers, else the machine's."""
        return ZoneInfo(self.timezone) if self.timezone else local_zone()

    def with_feeds(self, answers: Iterable[FeedAnswer], workspace: Workspace) -> "Setup":
        """A copy with these calendars too, their secrets stored elsewhere."""
        lines = [line for answer in answers for line in _feed_lines(answer, workspace)]
        return self.replace(feeds=(*self.feeds, *lines))

    def with_mail(self, answer: MailAnswer, password: str, workspace: Workspace) -> "Setup":
        """A copy with a mail server, its password stored elsewhere."""
        return self.replace(mail=_mail_lines(answer, password, workspace))


def settings_text(setup: Setup) -> str:
    """The text of `briefgen.yaml`, with suggestions for what was not answered."""
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
    """A file of the sample workspace."""
    return (resources.files("briefgen") / "sample" / name).read_text(encoding="utf-8")


def _feed_lines(answer: FeedAnswer, workspace: Workspace) -> tuple[str, ...]:
    if not answer.is_address:
        return (f"  - {scalar(answer.place)}",)
    fields: dict[str, Writable] = {"name": answer.name}
    if answer.caldav:
        fields |= {"kind": "caldav", "url": answer.place}
    else:
        fields["url_command"] = keep_secret(workspace, "calendar-address", answer.place)
    if answer.user:
        password = keep_secret(workspace, "calendar-password", answer.password)
        fields |= {"user": answer.user, "password_command": password}
    return tuple(item_lines(Style(), 2, fields, one_line=False))


def _mail_lines(answer: MailAnswer, password: str, workspace: Workspace) -> tuple[str, ...]:
    fields: dict[str, Writable] = {
        "host": answer.host,
        "port": Word(answer.port),
        "security": answer.security,
    }
    if answer.user:
        command = keep_secret(workspace, "mail-password", password)
        fields |= {"user": answer.user, "password_command": command}
    fields |= {"from": answer.sender, "to": [answer.sender]}
    return tuple(
        line for name, value in fields.items() for line in field_lines(Style(), 2, name, value)
    )


def keep_secret(workspace: Workspace, name: str, secret: str) -> str:
    """Store a secret and return the command that prints it.

    It goes into the system's keyring if there is one that works without asking, else into a file
    in `.briefgen/`, outside version control, that only its owner can read.
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
    """`name`, `name-2`, `name-3` …: every secret of a kind gets its own name."""
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _in_keyring(name: str, secret: str) -> str | None:
    """The name under which the system's keyring holds the secret; None if it does not."""
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
    except Exception:  # noqa: BLE001, S110  # no extra, no desktop, a locked keyring: each has its own errors
        pass
    return None


def settings_fault(**fields: Any) -> str:  # noqa: ANN401  # as many types as settings
    """Why these fields would be refused in the settings; empty if they would not."""
    try:
        Settings(**fields)
    except ValidationError as error:
        return value_error(error.errors(include_url=False)[0])
    return ""


def user_name() -> str:
    """The full name of the user of this machine; empty if the system does not know it."""
    try:
        import pwd  # noqa: PLC0415  # not everywhere

        name = pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0].strip()
    except (ImportError, KeyError):
        return ""
    return name if " " in name else ""


def write_settings(workspace: Workspace, setup: Setup) -> None:
    """Write `briefgen.yaml`, readable only by its owner, and keep the answers it was made from.

    Raises:
        OSError: naming the file that could not be written.
    """
    make_folder(workspace.root)
    write_whole(workspace.root / SETTINGS_FILE, settings_text(setup).encode())
    write_whole(workspace.memory / _ANSWERS, json.dumps(to_builtins(setup), indent=1).encode())


def unfinished_setup(workspace: Workspace) -> Setup | None:
    """The answers so far, if `briefgen.yaml` is still what was written from them; else None.

    A file that someone has edited is never overwritten.
    """
    try:
        given: dict[str, Any] = json.loads((workspace.memory / _ANSWERS).read_bytes())
        setup = convert(given, Setup)
        written = (workspace.root / SETTINGS_FILE).read_text(encoding="utf-8")
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return setup if written == settings_text(setup) else None


def locale_of(environment: Mapping[str, str]) -> str:
    """The locale that the system's variables name (`de_DE` of `de_DE.UTF-8`), else en_GB."""
    for variable in ("LC_ALL", "LC_TIME", "LANG"):
        name = environment.get(variable, "").partition(".")[0].partition("@")[0]
        if name in {"", "C", "POSIX"}:
            continue
        return DEFAULT_LOCALE if settings_fault(locale=name) else name
    return DEFAULT_LOCALE


def find_locale(given: str, *, default: str) -> str:
    """The locale that a language's name, in any of the languages, means; else what was given.

    Args:
        given: like `german`, `Deutsch`, `Brazilian Portuguese`, `de` or `de_CH`.
        default: the machine's locale, used if it is of that language.
    """
    wanted = name_key(given)
    for shown_in in LANGUAGES:
        for code, name in Locale.parse(shown_in).languages.items():
            if name_key(name) == wanted and not settings_fault(locale=code):
                return _with_country(code, default)
    return given


def _with_country(code: str, default: str) -> str:
    if "_" in code:
        return str(code)
    return next((one for one in (default, DEFAULT_LOCALE) if one[:2] == code), code)


def find_zone(given: str, *, locale: str) -> str:
    """The time zone of a city, named in English or another language; else what was given."""
    if not settings_fault(timezone=given or None):
        return given
    wanted = name_key(given)
    found = (zone for zone in sorted(available_timezones()) if wanted in _names(zone, locale))
    return min(found, key=lambda zone: ("/" not in zone, zone.count("/")), default=given)


def _names(zone: str, locale: str) -> Iterator[str]:
    """A zone's name, and its city in English and another language, as `name_key` writes them."""
    city = zone.rpartition("/")[2].replace("_", " ")
    yield from map(name_key, (zone, city, language_of(locale).city(zone)))
