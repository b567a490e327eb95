"""What `briefgen doctor` looks at: what is installed and reachable, and how to mend what is not."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import yaml

from briefgen.brief.me import doubts_about_me
from briefgen.delivery.conversation import Connect, NoServer, conversation
from briefgen.delivery.print import no_lp
from briefgen.meetings.fetch import FeedCopy, fetch_feeds
from briefgen.page.scripts import installed_fonts, package_for, script_name
from briefgen.page.system_libraries import Library, pango, subsetter
from briefgen.page.templates import template_folder
from briefgen.workspace.folder import Workspace
from briefgen.workspace.secrets import NoSecret
from briefgen.workspace.settings import SETTINGS_FILE, Feed, Settings
from briefgen.workspace.zone_data import zone_data

Health = Literal["good", "poor", "bad"]

_SECONDS: Final = 15
_LEAST_ROOM: Final = 200 * 1024 * 1024
_SIGNS: Final = "éßŁΩЖԱאعनবਗગதతಕമไລខမაአ中あア한😀"
"""A sign of each script that people's names are written in."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: what was looked at.
        health: good; poor: something works less well; bad: something does not work.
        message: what was found.
        mend: the one line that mends it; empty where nothing has to be.
    """

    subject: str
    health: Health = "good"
    message: str
    mend: str = ""

    def as_json(self) -> dict[str, str]:
        """The finding as the report writes it."""
        return {
            "subject": self.subject,
            "health": self.health,
            "message": self.message,
            "mend": self.mend,
        }


def examine_machine() -> Iterator[Finding]:
    """What briefgen needs of this machine: Python, libyaml, Pango, HarfBuzz, fonts."""
    yield from _python()
    yield from _libraries()
    yield _time_zones()
    yield from _fonts()


def examine_workspace(
    workspace: Workspace,
    settings: Settings,
    *,
    as_of: datetime,
    environment: Mapping[str, str],
    offline: bool = False,
) -> Iterator[Finding]:
    """What a workspace needs: clock, zone, permissions, room, feeds, mail server, printer."""
    yield from _clock(workspace, settings, as_of)
    yield from _permissions(workspace)
    yield from _room(workspace)
    if offline:
        yield from _me(settings, ())
    else:
        yield from _feeds(workspace, settings, as_of)
        yield from _mail(workspace, settings, environment)
    yield from _printer(settings)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(subject="Python", message=f"{version}, {sys.executable}")
    if not yaml.__with_libyaml__:
        yield Finding(
            subject="PyYAML",
            health="bad",
            message="without libyaml, so that no contact can be read",
            mend="python -m pip install --force-reinstall pyyaml",
        )


def _time_zones() -> Finding:
    """Both editions of the time zone database; the newer one counts."""
    data = zone_data()
    editions = [
        f"{edition} {where}"
        for edition, where in ((data.system, "of the system"), (data.package, "of tzdata"))
        if edition
    ]
    if not editions:
        return Finding(
            subject="Time zones",
            health="bad",
            message="no database tells its edition; times may be an hour off",
            mend="python -m pip install --upgrade tzdata",
        )
    message = " and ".join(editions) + (f"; {data.used} is used" if len(editions) > 1 else "")
    return Finding(subject="Time zones", message=message)


def _libraries() -> Iterator[Finding]:
    needed: tuple[tuple[Library, Health], ...] = ((pango(), "bad"), (subsetter(), "poor"))
    for library, health in needed:
        if library.version is not None:
            yield Finding(subject=library.subject, message=library.version)
        else:
            yield Finding(
                subject=library.subject,
                health=health,
                message=f"not found; {library.without}",
                mend=library.fix,
            )


def _fonts() -> Iterator[Finding]:
    bundled = template_folder() / "fonts"
    files = sorted(bundled.glob("*.ttf"))
    if not files:
        yield Finding(
            subject="fonts",
            health="bad",
            message=f"the page's own fonts are missing in {bundled}",
            mend="python -m pip install --force-reinstall briefgen",
        )
    else:
        yield Finding(subject="fonts", message=f"{files[0].stem.rpartition('-')[0]}, bundled")
    fonts = installed_fonts(bundled)
    scripts = {script_name(sign): fonts.can_show(sign) for sign in _SIGNS}
    missing = [script for script, shown in scripts.items() if not shown]
    covered = len(scripts) - len(missing)
    yield Finding(subject="scripts", message=f"{covered} of {len(scripts)} can be shown")
    for package in sorted({package_for(script) for script in missing}):
        names = ", ".join(script for script in missing if package_for(script) == package)
        yield Finding(
            subject="scripts",
            health="poor",
            message=f"no font for {names}",
            mend=f"sudo apt install {package}",
        )


def _clock(workspace: Workspace, settings: Settings, as_of: datetime) -> Iterator[Finding]:
    newest = max(_ages(workspace), default=None)
    shown = as_of.isoformat(sep=" ", timespec="minutes")
    if newest is not None and newest > as_of + timedelta(days=1):
        yield Finding(
            subject="clock",
            health="bad",
            message=f"{shown}, but there are files of {newest:%Y-%m-%d}",
            mend="sudo timedatectl set-ntp true",
        )
    else:
        yield Finding(subject="clock", message=shown)
    if settings.timezone is None:
        yield Finding(
            subject="zone",
            health="poor",
            message=f"{settings.zone.key}, by this machine; another one may differ",
            mend=f"write into {SETTINGS_FILE}: timezone: {settings.zone.key}",
        )
    else:
        yield Finding(subject="zone", message=settings.zone.key)


def _ages(workspace: Workspace) -> Iterator[datetime]:
    """When the files that briefgen keeps were last written."""
    for path in workspace.memory.glob("*"):
        try:
            yield datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError:
            continue


def _permissions(workspace: Workspace) -> Iterator[Finding]:
    found = False
    folders = (workspace.contacts, workspace.briefings, workspace.memory)
    for folder in (folder for folder in folders if folder.is_dir()):
        name = workspace.relative(folder)
        mode = folder.stat().st_mode
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            found = True
            yield Finding(
                subject=name,
                health="bad",
                message="cannot be written",
                mend=f"sudo chown -R {_user()} {folder}",
            )
        elif mode & _OTHERS:
            found = True
            yield Finding(
                subject=name,
                health="poor",
                message=f"open to others (mode {stat.S_IMODE(mode):o})",
                mend=f"chmod -R go-rwx {folder}",
            )
    if not found:
        yield Finding(subject="permissions", message="the folders are yours alone")


def _user() -> str:
    return str(os.getuid())


def _room(workspace: Workspace) -> Iterator[Finding]:
    free = shutil.disk_usage(workspace.root).free
    if free < _LEAST_ROOM:
        yield Finding(
            subject="disk",
            health="poor",
            message=f"{free // 2**20} MB left",
            mend=f"make room; old briefs lie in {workspace.briefings}",
        )
    else:
        yield Finding(subject="disk", message=f"{free // 2**30} GB left")


def _feeds(workspace: Workspace, settings: Settings, as_of: datetime) -> Iterator[Finding]:
    if not settings.feeds:
        yield Finding(
            subject="feeds",
            health="bad",
            message="none; there are no meetings to make briefs for",
            mend=f"write into {SETTINGS_FILE}: feeds: [data/calendar.ics]",
        )
    copies = fetch_feeds(settings.feeds, workspace=workspace, as_of=as_of)
    for feed, copy in zip(settings.feeds, copies, strict=True):
        yield _feed(feed, copy)
    yield from _me(settings, copies)


def _me(settings: Settings, copies: Sequence[FeedCopy]) -> Iterator[Finding]:
    for problem in doubts_about_me(settings.me, copies):
        mend = f"change {problem.field} in {SETTINGS_FILE}"
        yield Finding(subject=problem.field, health="poor", message=problem.message, mend=mend)


def _feed(feed: Feed, copy: FeedCopy) -> Finding:
    subject = f"feed {copy.name}"
    if copy.content is not None and copy.as_of is None:
        return Finding(subject=subject, message=f"read now, {copy.events} events")
    why = "; ".join(problem.message for problem in copy.problems)
    where = "path" if feed.path else "address, its password and the network"
    mend = f"check its {where} in {SETTINGS_FILE}; then: briefgen feed fetch"
    if copy.as_of is not None:
        message = f"only a copy of {copy.as_of:%Y-%m-%d %H:%M}: {why}"
        return Finding(subject=subject, health="poor", message=message, mend=mend)
    return Finding(subject=subject, health="bad", message=why or "cannot be read", mend=mend)


def _mail(
    workspace: Workspace, settings: Settings, environment: Mapping[str, str]
) -> Iterator[Finding]:
    mail = settings.mail
    if mail is None:
        yield Finding(subject="mail", message="not set up; briefs are only written")
        return
    subject = f"mail {mail.host}:{mail.port}"
    try:
        server = Connect(environment=environment, seconds=_SECONDS).server(mail, workspace)
    except NoSecret as error:
        mend = f"set BRIEFGEN_SMTP_PASSWORD, or mail.password_command in {SETTINGS_FILE}"
        yield Finding(subject=subject, health="bad", message=str(error), mend=mend)
        return
    try:
        with conversation(server) as talk:
            most = talk.most_bytes
    except NoServer as error:
        mend = f"check mail.host, port, security and user in {SETTINGS_FILE}"
        yield Finding(subject=subject, health="bad", message=str(error), mend=mend)
        return
    size = f", mails up to {most // 2**20} MB" if most else ""
    signed = " and takes your password" if mail.user else ""
    yield Finding(subject=subject, message=f"answers ({mail.security}){signed}{size}")


def _printer(settings: Settings) -> Iterator[Finding]:
    wanted = settings.printer.name
    needed: Health = "bad" if settings.nightly.print_ else "poor"
    if not settings.nightly.print_ and wanted is None:
        yield Finding(subject="printer", message="not set up; nothing is printed by itself")
        return
    if shutil.which("lp") is None or shutil.which("lpstat") is None:
        message, _, mend = no_lp().partition("; install it with: ")
        yield Finding(subject="printer", health=needed, message=message, mend=mend)
        return
    known, default = _queues()
    if wanted is not None and wanted not in known:
        there = ", ".join(known) or "none"
        yield Finding(
            subject=f"printer {wanted}",
            health=needed,
            message=f"no such queue; there are: {there}",
            mend=f"write a queue of `lpstat -e` into {SETTINGS_FILE} as printer.name",
        )
    elif wanted is None and default is None:
        yield Finding(
            subject="printer",
            health=needed,
            message="the system has no default printer",
            mend=f"name one in {SETTINGS_FILE}: printer: {{name: office}}",
        )
    else:
        yield Finding(subject=f"printer {wanted or default}", message="the queue is there")


def _queues() -> tuple[Sequence[str], str | None]:
    """The queues that CUPS knows, and the default one."""
    known = _asked("-e").split()
    default = _asked("-d").rpartition(": ")[2].strip()
    return known, default if default in known else None


def _asked(option: str) -> str:
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
    """The findings of a look, which itself may go wrong in a way nobody thought of."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001  # a doctor who faints helps nobody
        message = f"could not be looked at: {type(error).__name__}: {error}"
        yield Finding(subject=subject, health="bad", message=message, mend="report this")


def program() -> Path:
    """Where this briefgen lies."""
    return Path(__file__).parent.parent
