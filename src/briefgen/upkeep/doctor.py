"""The checks of `briefgen doctor`, on the machine and in a workspace, with the fixes."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

import yaml
from msgspec import structs

from briefgen import __version__
from briefgen.brief.me import doubts_about_me
from briefgen.delivery.conversation import Connect, NoServer, conversation
from briefgen.delivery.print import no_lp
from briefgen.meetings.fetch import FeedCopy, fetch_feeds
from briefgen.page.check import template_problems
from briefgen.page.look import template_folder
from briefgen.page.scripts import installed_fonts, package_for, script_name
from briefgen.page.system_libraries import Library, pango, subsetter
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase, WrittenDay
from briefgen.workspace.secrets import NoSecret
from briefgen.workspace.settings import SETTINGS_FILE, Feed, Settings, read_settings
from briefgen.workspace.value import Value
from briefgen.workspace.zone_data import zone_data

Health = Literal["good", "poor", "bad"]

_SECONDS: Final = 15
_LEAST_ROOM: Final = 200 * 1024 * 1024
_CHARACTERS: Final = "éßŁΩЖԱאعनবਗગதతಕമไລခമაአ中あア한😀"
"""A character of each script that people's names are written in."""
_OF_LANGUAGE: Final = {"ar": "ع", "ja": "あ中"}
"""A character of each script that a language needs and no bundled font has."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class Finding(Value, frozen=True, kw_only=True):
    """One thing that was checked.

    Attributes:
        subject: what was checked.
        health: good; poor: something works less well; bad: something does not work.
        message: what was found.
        mend: the one line that fixes it; empty if nothing needs fixing.
    """

    subject: str
    health: Health = "good"
    message: str
    mend: str = ""

    def as_json(self) -> dict[str, str]:
        """The finding as reports write it."""
        return structs.asdict(self)


def _good(subject: str, message: str) -> Finding:
    return Finding(subject=subject, message=message)


def _poor(subject: str, message: str, mend: str) -> Finding:
    return Finding(subject=subject, health="poor", message=message, mend=mend)


def _bad(subject: str, message: str, mend: str) -> Finding:
    return Finding(subject=subject, health="bad", message=message, mend=mend)


def examine(
    workspace: Workspace | None,
    clock: Callable[[ZoneInfo], datetime],
    *,
    environment: Mapping[str, str],
    offline: bool = False,
) -> list[Finding]:
    """All findings: on this briefgen, the machine, and the workspace if there is one."""
    found = [_good("briefgen", f"{__version__}, {program()}")]
    found += guarded(examine_machine, Phrase("this machine"))
    if workspace is None:
        message = Phrase("none here; only the machine was looked at")
        return [*found, _poor(Phrase("workspace"), message, "briefgen init DIR")]
    found += [_good(Phrase("workspace"), str(workspace.root)), *_of_another_version(workspace)]
    settings, problems = read_settings(workspace.root)
    if settings is None:
        told = [Phrase("{label}: {text}", label=one.place, text=one.message) for one in problems]
        mend = Phrase("edit {file}", file=workspace.root / SETTINGS_FILE)
        return [*found, _bad(Phrase("settings"), Phrase.chained(told), mend)]
    look = partial(
        examine_workspace,
        workspace,
        settings,
        as_of=clock(settings.zone),
        environment=environment,
        offline=offline,
    )
    return [*found, *guarded(look, "workspace")]


def _of_another_version(workspace: Workspace) -> Iterator[Finding]:
    """Files in a workspace that are left from another version of briefgen."""
    try:
        kept = json.loads((workspace.schemas / "config.json").read_bytes())
        before = str(kept.get("$comment", "briefgen 0.1")).removeprefix("briefgen ")
    except (OSError, ValueError, AttributeError):
        before = __version__
    if before != __version__:
        message = Phrase(
            "set up by briefgen {before}; all of it can still be read; what has changed "
            "since is in: briefgen docs changes",
            before=before,
        )
        yield _poor(Phrase("version"), message, "briefgen schema config --write")
    for problem in template_problems(workspace.templates):
        yield _poor(problem.place, problem.message, "briefgen check")


def examine_machine() -> Iterator[Finding]:
    """What briefgen needs of this machine: Python, libyaml, Pango, HarfBuzz, fonts."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield _good("Python", f"{version}, {sys.executable}")
    if not yaml.__with_libyaml__:
        message = Phrase("without libyaml, so no contact can be read")
        yield _bad("PyYAML", message, "python -m pip install --force-reinstall pyyaml")
    needed: tuple[tuple[Library, Health], ...] = ((pango(), "bad"), (subsetter(), "poor"))
    for library, health in needed:
        if library.version is not None:
            yield _good(library.subject, library.version)
            continue
        yield Finding(
            subject=library.subject,
            health=health,
            message=Phrase("not found; {without}", without=library.without),
            mend=library.fix,
        )
    yield _time_zones()
    yield from _fonts()


def _time_zones() -> Finding:
    """Both editions of the time zone database, and which one is used."""
    data, editions = zone_data(), list[str]()
    if data.system:
        editions.append(Phrase("{edition} of the system", edition=data.system))
    if data.package:
        editions.append(Phrase("{edition} of tzdata", edition=data.package))
    if not editions:
        message = Phrase("no database states its edition; times may be an hour off")
        return _bad(Phrase("Time zones"), message, "python -m pip install --upgrade tzdata")
    found = Phrase.listed(editions)
    if len(editions) > 1:
        found = Phrase("{editions}; {used} is used", editions=found, used=data.used)
    return _good(Phrase("Time zones"), found)


def _fonts() -> Iterator[Finding]:
    bundled = template_folder() / "fonts"
    if files := sorted(bundled.glob("*.ttf")):
        font = files[0].stem.rpartition("-")[0]
        yield _good(Phrase("fonts"), Phrase("{font}, bundled", font=font))
    else:
        message = Phrase("the page's own fonts are missing in {bundled}", bundled=bundled)
        yield _bad(Phrase("fonts"), message, "python -m pip install --force-reinstall briefgen")
    fonts = installed_fonts(bundled)
    scripts = {script_name(character): fonts.can_show(character) for character in _CHARACTERS}
    missing = [script for script, shown in scripts.items() if not shown]
    covered = len(scripts) - len(missing)
    message = Phrase("{covered} of {count} can be shown", covered=covered, count=len(scripts))
    yield _good(Phrase("scripts"), message)
    for package in sorted({package_for(script) for script in missing}):
        names = [script for script in missing if package_for(script) == package]
        message = Phrase("no font for {names}", names=names)
        yield _poor(Phrase("scripts"), message, f"sudo apt install {package}")


def examine_workspace(
    workspace: Workspace,
    settings: Settings,
    *,
    as_of: datetime,
    environment: Mapping[str, str],
    offline: bool = False,
) -> Iterator[Finding]:
    """What a workspace needs: clock, zone, permissions, room, feeds, mail server, printer."""
    yield from _language(settings)
    yield from _clock(workspace, settings, as_of)
    yield from _permissions(workspace)
    yield _room(workspace)
    if offline:
        yield from _own_addresses(settings, ())
    else:
        yield from _feeds(workspace, settings, as_of)
        yield _mail(workspace, settings, environment)
    yield _printer(settings)


def _language(settings: Settings) -> Iterator[Finding]:
    """Whether there is a font for the page's language, if the bundled ones lack its script."""
    fonts = installed_fonts(template_folder() / "fonts")
    characters = _OF_LANGUAGE.get(settings.locale[:2], "")
    lacking = [script_name(character) for character in characters if not fonts.can_show(character)]
    if lacking:
        message = Phrase("no font for {names}; the page's own words are in English", names=lacking)
        yield _bad(Phrase("language"), message, f"sudo apt install {package_for(lacking[0])}")


def _clock(workspace: Workspace, settings: Settings, as_of: datetime) -> Iterator[Finding]:
    written = []
    for path in workspace.memory.glob("*"):
        with suppress(OSError):
            written.append(datetime.fromtimestamp(path.stat().st_mtime, UTC))
    newest = max(written, default=None)
    shown = as_of.isoformat(sep=" ", timespec="minutes")
    if newest is not None and newest > as_of + timedelta(days=1):
        day = WrittenDay("%Y-%m-%d", newest)
        message = Phrase("{shown}, but there are files of {newest}", shown=shown, newest=day)
        yield _bad(Phrase("clock"), message, "sudo timedatectl set-ntp true")
    else:
        yield _good(Phrase("clock"), shown)
    name = settings.zone.key
    if settings.timezone is None:
        message = Phrase("{name}, by this machine; another one may differ", name=name)
        mend = Phrase("write into {file}: timezone: {name}", file=SETTINGS_FILE, name=name)
        yield _poor(Phrase("zone"), message, mend)
    else:
        yield _good(Phrase("zone"), name)


def _permissions(workspace: Workspace) -> Iterator[Finding]:
    found = False
    folders = (workspace.contacts, workspace.briefings, workspace.memory)
    for folder in (folder for folder in folders if folder.is_dir()):
        name, mode = workspace.relative(folder), folder.stat().st_mode
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            found = True
            yield _bad(name, Phrase("cannot be written"), f"sudo chown -R {os.getuid()} {folder}")
        elif mode & _OTHERS:
            found = True
            message = Phrase("open to others (mode {mode})", mode=f"{stat.S_IMODE(mode):o}")
            yield _poor(name, message, f"chmod -R go-rwx {folder}")
    if not found:
        yield _good(Phrase("permissions"), Phrase("only you can open the folders"))


def _room(workspace: Workspace) -> Finding:
    free = shutil.disk_usage(workspace.root).free
    if free >= _LEAST_ROOM:
        return _good(Phrase("disk"), Phrase("{free} GB left", free=free // 2**30))
    mend = Phrase("make room; old briefs are in {briefings}", briefings=workspace.briefings)
    return _poor(Phrase("disk"), Phrase("{free} MB left", free=free // 2**20), mend)


def _feeds(workspace: Workspace, settings: Settings, as_of: datetime) -> Iterator[Finding]:
    if not settings.feeds:
        message = Phrase("none; so there are no meetings to make briefs for")
        mend = Phrase("name yours: briefgen init, or `feeds` in {file}", file=SETTINGS_FILE)
        yield _bad(Phrase("feeds"), message, mend)
    copies = fetch_feeds(settings.feeds, workspace=workspace, as_of=as_of)
    for feed, copy in zip(settings.feeds, copies, strict=True):
        yield _feed(feed, copy)
    yield from _own_addresses(settings, copies)


def _own_addresses(settings: Settings, copies: Sequence[FeedCopy]) -> Iterator[Finding]:
    for problem in doubts_about_me(settings.me, copies):
        mend = Phrase("change {field} in {file}", field=problem.field, file=SETTINGS_FILE)
        yield _poor(problem.field, problem.message, mend)


def _feed(feed: Feed, copy: FeedCopy) -> Finding:
    subject = Phrase("feed {name}", name=copy.name)
    if copy.content is not None and copy.as_of is None:
        message = Phrase.plural("read now, {count} event", "read now, {count} events", copy.events)
        return _good(subject, message)
    why = Phrase.chained([problem.message for problem in copy.problems])
    mend = (
        Phrase("check its path in {file}; then: briefgen feed fetch")
        if feed.path
        else Phrase(
            "check its address, its password and the network in {file}; then: briefgen feed fetch"
        )
    ).filled(file=SETTINGS_FILE)
    if copy.as_of is None:
        return _bad(subject, why or Phrase("cannot be read"), mend)
    at = WrittenDay("%Y-%m-%d %H:%M", copy.as_of)
    return _poor(subject, Phrase("only a copy of {as_of}: {why}", as_of=at, why=why), mend)


def _mail(workspace: Workspace, settings: Settings, environment: Mapping[str, str]) -> Finding:
    mail = settings.mail
    if mail is None:
        return _good(Phrase("mail"), Phrase("not set up; briefs are only written"))
    subject = Phrase("mail {server}", server=f"{mail.host}:{mail.port}")
    try:
        server = Connect(environment=environment, seconds=_SECONDS).server(mail, workspace)
        with conversation(server) as talk:
            most = talk.most_bytes
    except NoSecret as error:
        mend = Phrase(
            "set BRIEFGEN_SMTP_PASSWORD, or mail.password_command in {file}", file=SETTINGS_FILE
        )
        return _bad(subject, str(error), "" if error.says_cure else mend)
    except NoServer as error:
        mend = Phrase("check mail.host, port, security and user in {file}", file=SETTINGS_FILE)
        return _bad(subject, str(error), mend)
    message = (
        Phrase("answers ({security}) and takes your password")
        if mail.user
        else Phrase("answers ({security})")
    ).filled(security=Phrase("not encrypted") if mail.security == "none" else mail.security)
    if most:
        message = Phrase("{answers}, mails up to {most} MB", answers=message, most=most // 2**20)
    return _good(subject, message)


def _printer(settings: Settings) -> Finding:
    wanted, subject = settings.printer.name, Phrase("printer")
    fault = _bad if settings.nightly.print_ else _poor
    if not settings.nightly.print_ and wanted is None:
        return _good(subject, Phrase("not set up; nothing is printed automatically"))
    if shutil.which("lp") is None or shutil.which("lpstat") is None:
        message = no_lp()
        if mend := str(message.values.get("line", "")):
            message = Phrase("there is no `lp` to print with")
        return fault(subject, message, mend)
    known, default = _queues()
    if wanted is None and default is None:
        mend = Phrase("name one in {file}: printer: {{name: office}}", file=SETTINGS_FILE)
        return fault(subject, Phrase("the system has no default printer"), mend)
    subject = Phrase("printer {name}", name=wanted or default)
    if wanted is None or wanted in known:
        return _good(subject, Phrase("the queue is there"))
    message = Phrase("no such queue; there are: {there}", there=known or ["-"])
    mend = Phrase("write a queue of `lpstat -e` into {file} as printer.name", file=SETTINGS_FILE)
    return fault(subject, message, mend)


def _queues() -> tuple[Sequence[str], str | None]:
    """The queues that CUPS knows, and the default one."""
    known = _lpstat("-e").split()
    default = _lpstat("-d").rpartition(": ")[2].strip()
    return known, default if default in known else None


def _lpstat(option: str) -> str:
    try:
        done = subprocess.run(
            ["lpstat", option],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def guarded(look: Callable[[], Iterator[Finding]], subject: str) -> Iterator[Finding]:
    """The findings of `look`; if it fails unexpectedly, that is a finding too."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001  # whatever is wrong, the other findings are shown
        kind = type(error).__name__
        message = Phrase("could not be checked: {kind}: {error}", kind=kind, error=error)
        yield _bad(subject, message, Phrase("report this"))


def program() -> Path:
    """The folder of this briefgen."""
    return Path(__file__).parent.parent


def install_line(extra: str) -> str:
    """What installs an extra of briefgen the way briefgen itself was installed."""
    told = None
    with suppress(PackageNotFoundError):  # run from a checkout without an installation
        told = distribution("briefgen").read_text("direct_url.json")  # of a checkout: PEP 610
    source = json.loads(told)["url"].removeprefix("file://") if told else "briefgen"
    tool = f"{sys.executable} -m pip install"
    if "/uv/tools/" in sys.prefix:
        tool = "uv tool install"
    elif "/pipx/" in sys.prefix:
        tool = "pipx install --force"
    return f'{tool} "{source}[{extra}]"'
