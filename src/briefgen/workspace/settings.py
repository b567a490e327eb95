"""The settings: `briefgen.yaml`, every field of it, with its default.

Over 400 lines, so that every setting is in one place, in the order of the file.
"""

import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    Field,
    model_validator,
)

from briefgen.workspace.addresses import domain_of, is_freemail
from briefgen.workspace.document import Document, Keys, field_name, read_document
from briefgen.workspace.folder import SETTINGS_FILE as SETTINGS_FILE  # noqa: PLC0414  # imported from here too
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, Severity, errors
from briefgen.workspace.validation import Kept, validate
from briefgen.workspace.values import Address, Flag, HostName, Part, Text, ZoneName, written_like
from briefgen.workspace.zone_data import local_zone

Edition = Literal["full", "table"]
Size = Literal["A4", "Letter", "A5"]

_MONTH = timedelta(days=30.44)
_AHEAD = re.compile(r"(\d{1,3})\s*(h|m)(?: before)?\Z")


def _known_locale(name: str) -> str:
    from babel import UnknownLocaleError  # noqa: PLC0415  # slow to import; many settings have none

    from briefgen.workspace.language import language_of  # noqa: PLC0415  # with it

    try:
        language_of(name)
    except UnknownLocaleError:
        raise ValueError(
            Phrase("unknown locale '{name}'; write it like en_GB", name=name)
        ) from None
    return name


LocaleName = Annotated[Text, AfterValidator(_known_locale)]
_WebAddress = Annotated[
    Text,
    written_like(
        r"https://([\w.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?/?",
        Phrase("'{given}' is not an address like https://robin.local:8443"),
    ),
    AfterValidator(lambda given: given.rstrip("/")),
]
Count = Annotated[int, Field(ge=0)]


class Me(Part):
    """The person the briefs are for."""

    name: Text = ""
    """Your name, as the page and the mail use it."""
    emails: tuple[Address, ...] = ()
    """How the feed names you: your own replies, never a participant."""
    internal_domains: tuple[HostName, ...] = ()
    """Your organization's mail domains; a meeting with nobody from outside gets no brief."""
    author: Text | None = None
    """Your name under `author` in files that several people write; a roster sets it for a team."""

    @property
    def domains(self) -> frozenset[str]:
        """The user's own domains: as set, else those of their addresses that are not freemail."""
        if self.internal_domains:
            return frozenset(domain.casefold().lstrip("@.") for domain in self.internal_domains)
        own = (domain_of(address) for address in self.emails)
        return frozenset(domain for domain in own if not is_freemail(domain))


class Feed(Part):
    """Where a calendar comes from: a path, an address, or a command that prints either."""

    name: Text | None = None
    """How reports call it; its address is a secret and is never shown."""
    path: Text | None = None
    """An iCalendar file, or a folder of .ics files, relative to the workspace."""
    url: Text | None = None
    """An https, webcal, or (to this machine only) http address."""
    url_command: Text | None = None
    """A command that prints the address, so that the secret stays out of this file."""
    command: Text | None = None
    """A program that prints iCalendar, bounded in time and size like a fetch."""
    kind: Literal["ics", "caldav"] = "ics"
    """`ics` for a file or feed address, `caldav` for a calendar on a CalDAV server."""
    use: Literal["meetings", "occasions"] = "meetings"
    """`occasions` for a calendar whose events are only talking points: fixtures, fairs, terms."""
    user: Text | None = None
    """The user name where the server asks for one."""
    password_command: Text | None = None
    """A command that prints the password for it."""
    allow_http: Flag = False
    """Allow an unencrypted address on another machine."""
    max_megabytes: Annotated[int, Field(ge=1, le=2000)] = 50
    """The most that is read from it, unpacked."""
    timeout_seconds: Annotated[int, Field(ge=1, le=3600)] = 60
    """The longest a fetch may take altogether."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:  # noqa: ANN401  # as pydantic hands it over
        if not isinstance(given, str):
            return given
        return {"url" if re.match(r"(?i)(https?|webcal)s?:", given) else "path": given}

    @model_validator(mode="after")
    def _one_source(self) -> "Feed":
        given = (self.path, self.url, self.url_command, self.command)
        if sum(source is not None for source in given) != 1:
            raise ValueError(
                Phrase("needs exactly one of `path`, `url`, `url_command` and `command`")
            )
        return self

    @property
    def shown_name(self) -> str:
        """The name in reports and problems: as given, the path, or a word that reveals nothing."""
        return self.name or self.path or "calendar"


class Skip(Part):
    """Meetings to leave out: all of the given marks must fit."""

    title: Text | None = None
    """A pattern for the title, with * and ?; upper and lower case are the same."""
    category: Text | None = None
    """A category of the meeting."""


class Select(Part):
    """Which meetings get a brief."""

    private: Flag = False
    """CLASS:PRIVATE gets a brief."""
    free: Flag = False
    """TRANSP:TRANSPARENT (shown as free) gets a brief."""
    skip: tuple[Skip, ...] = ()
    """Meetings to leave out, by title or category."""


class PageSettings(Part):
    """The paper."""

    size: Size = "A4"
    """A4, Letter or A5."""
    edition: Edition = "full"
    """`full` for your eyes, `table` safe to lie in front of the client."""
    color: Flag = True
    """Photos in colour; no for greyscale printers."""
    custom: tuple[Text, ...] = ()
    """Keys of contacts' `custom` that are printed."""


class History(Part):
    """How far back the calendar is counted."""

    months: Annotated[int, Field(ge=0, le=240)] = 24
    """Months of past meetings that count."""

    @property
    def span(self) -> timedelta:
        """The same as a timedelta, with months of average length."""
        return self.months * _MONTH


class Mail(Part):
    """The mail server, and who gets the briefs."""

    host: HostName
    """The mail server."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Its port: 587 for starttls, 465 for tls."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is protected; `none` only to this machine."""
    user: Text | None = None
    """The user name where the server asks for one."""
    password_command: Text | None = None
    """Prints the password; or set BRIEFGEN_SMTP_PASSWORD, or use the system keyring."""
    password_file: Text | None = None
    """A file that holds the password and that only you may read (`chmod 600`)."""
    from_: Annotated[Address, Field(alias="from")]
    """The sender."""
    to: Annotated[tuple[Address, ...], Field(min_length=1)]
    """The recipients; nobody else ever gets a mail."""
    helo: Text | None = None
    """What this machine calls itself; else its full name, or the sender's domain."""
    preview: Literal["plain", "private"] = "plain"
    """`private`: what is in the briefs stays out of a mail's first words; a form may hold it."""
    when: Annotated[
        Text,
        written_like(
            rf"nightly|{_AHEAD.pattern}",
            Phrase("'{given}' is neither nightly nor a lead time like 2h"),
        ),
    ] = "nightly"
    """`nightly`, or like `2h`: that long before each meeting."""
    empty_days: Flag = False
    """A mail on a day without meetings."""
    attachment_password_command: Text | None = None
    """Prints the password that opens the attached PDFs (AES-256)."""

    @model_validator(mode="after")
    def _clear_text_stays_here(self) -> "Mail":
        if self.security == "none" and self.host not in {"localhost", "127.0.0.1", "::1"}:
            raise ValueError(
                Phrase("`security: none` is only for this machine; use starttls or tls")
            )
        return self

    @property
    def ahead(self) -> timedelta | None:
        """How long before each meeting its mail is sent; None for one mail a night."""
        if not (given := _AHEAD.match(self.when)):
            return None
        unit = "hours" if given[2] == "h" else "minutes"
        return timedelta(**{unit: int(given[1])})


class Printer(Part):
    """The printer, as CUPS knows it."""

    name: Text | None = None
    """The queue; the system's default if none is given."""
    sides: Literal["one-sided", "two-sided"] = "one-sided"
    """`two-sided` starts each brief of a packet on a right-hand page."""


class Web(Part):
    """The local web page of `briefgen serve`."""

    port: Annotated[int, Field(ge=1, le=65535)] = 8443
    """The port it is served on."""
    address: _WebAddress | None = None
    """How a telephone in your network reaches it, like https://robin.local:8443."""


class Nightly(Part):
    """What the unattended run does."""

    days_ahead: Annotated[int, Field(ge=0, le=31)] = 1
    """How many days after today."""
    email: Flag = True
    """Mail the briefs."""
    print_: Annotated[Flag, Field(alias="print")] = False
    """Print the packet."""
    packet: Flag = True
    """Make one PDF of the day, behind a day sheet."""
    packet_edition: Edition = "full"
    """The edition of the briefs in the packet."""
    reflection: Flag = False
    """Five minutes after each meeting: an .ics for your calendar, a form, a line on what waits."""


class Keep(Part):
    """How long things are kept."""

    briefings_days: Count = 90
    """Days after which a day's folder of briefs is removed; 0 keeps all."""
    history_versions: Count = 20
    """Former versions kept of each contact file that briefgen changes."""


_DEFAULTS: Any = Field(default_factory=dict, validate_default=True)
"""Of a group of settings; `Me()` and the like would build a validator each at the start."""


class Settings(Part):
    """Everything `briefgen.yaml` can say."""

    version: Literal["1"] = "1"
    """The version of this format."""
    me: Me = _DEFAULTS
    timezone: ZoneName | None = None
    """Your time zone, like Europe/Berlin; the machine's if none is given."""
    locale: LocaleName = "en_GB"
    """Dates, times, and the words printed on the page: en, de, fr, es, it, nl, pt, ja, ar."""
    feeds: tuple[Feed, ...] = ()
    """Your calendars."""
    select: Select = _DEFAULTS
    page: PageSettings = _DEFAULTS
    prompts: tuple[Text, ...] = ()
    """Your own question, after the two that are always on a full brief."""
    web: Web = _DEFAULTS
    history: History = _DEFAULTS
    mail: Mail | None = None
    printer: Printer = _DEFAULTS
    nightly: Nightly = _DEFAULTS
    keep: Keep = _DEFAULTS
    shared_contacts: Text | None = None
    """A folder of contact files that several people share; your own take precedence."""
    on_failure_command: Text | None = None
    """Run when a night fails and mail cannot say so."""

    @property
    def zone(self) -> ZoneInfo:
        """The user's zone; the machine's if the settings name none."""
        if self.timezone is not None:
            return ZoneInfo(self.timezone)
        return local_zone()

    def nights_ahead(self, as_of: datetime) -> int:
        """How many days after today a night covers: `days_ahead`, or more if their mail is due."""
        days = self.nightly.days_ahead
        ahead = self.mail.ahead if self.mail is not None and self.nightly.email else None
        return days if ahead is None else max(days, ((as_of + ahead).date() - as_of.date()).days)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Settings from another file that override a workspace's own, or are their defaults.

    Attributes:
        line: where they are in that file.
    """

    data: Mapping[str, Any] = field(repr=False)
    file: str
    line: int | None


@dataclass(frozen=True, kw_only=True)
class _Layered(Document):
    """Settings from several files; each problem names the file it is in."""

    layers: tuple[Layer | Document, ...]
    """The first one wins."""

    def problem(self, keys: Keys, message: str, severity: Severity = "error") -> Problem:
        for length in (len(keys), 1):
            for layer in self.layers:
                if keys and _contains(layer.data, keys[:length]):
                    if isinstance(layer, Document):
                        return layer.problem(keys, message, severity)
                    return Problem(
                        file=layer.file,
                        line=layer.line,
                        field=field_name(keys),
                        message=message,
                        severity=severity,
                    )
        return super().problem(keys, message, severity)


def _contains(data: Any, keys: Keys) -> bool:  # noqa: ANN401  # any part of a file
    for key in keys:
        if isinstance(data, list):
            data = dict(enumerate(data))
        if not isinstance(data, Mapping) or key not in data:
            return False
        data = data[key]
    return True


def _overlaid(above: Any, below: Any) -> Any:  # noqa: ANN401  # as above
    """The values of `above`, and those of `below` that it does not name; lists are not merged."""
    if isinstance(above, Mapping) and isinstance(below, Mapping):
        both = {key: _overlaid(above[key], below[key]) for key in above.keys() & below.keys()}
        return {**below, **above, **both}
    return below if above is None else above


def read_settings(
    root: Path, *, over: Layer | None = None, under: Layer | None = None
) -> tuple[Settings | None, tuple[Problem, ...]]:
    """The settings of the workspace at `root`; None if anything in them is wrong.

    A misread setting could send a brief to the wrong place, so here, unlike in contact files,
    nothing wrong is simply left out. A team's roster adds overrides and defaults.
    """
    document, problems = read_document(root / SETTINGS_FILE, SETTINGS_FILE)
    if document is None:
        return None, problems
    if over is not None and under is not None:
        layers = (over, document, under)
        data = _overlaid(over.data, _overlaid(document.data, under.data))
        whole = {each.name: getattr(document, each.name) for each in fields(document)}
        document = _Layered(**{**whole, "data": data}, layers=layers)
    settings, kept, faults = validate(Settings, document)
    problems += faults
    if settings is None or errors(problems):
        return None, problems
    return settings, (*problems, *_open_secrets(root, settings, kept))


def _open_secrets(root: Path, settings: Settings, kept: Kept) -> Iterator[Problem]:
    """A warning for each feed address that other users of this machine can read."""
    if not (root / SETTINGS_FILE).stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        return
    for at, feed in enumerate(settings.feeds):
        if feed.url is not None:
            yield Problem(
                file=SETTINGS_FILE,
                line=kept.line("feeds", at),
                field=f"feeds[{at}]",
                message=Phrase(
                    "this address is a secret and others can read the file; type: chmod 600 {file}",
                    file=SETTINGS_FILE,
                ),
                severity="warning",
            )
