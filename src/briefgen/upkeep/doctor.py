"""What `briefgen doctor` looks at in a workspace, and how to mend what is not well."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from briefgen.brief.me import doubts_about_me
from briefgen.delivery.conversation import Connect, NoServer, conversation
from briefgen.delivery.print import no_lp
from briefgen.meetings.fetch import FeedCopy, fetch_feeds
from briefgen.page.scripts import installed_fonts, package_for, script_name
from briefgen.page.templates import template_folder
from briefgen.upkeep.machine import Finding, Health
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase, WrittenDay
from briefgen.workspace.secrets import NoSecret
from briefgen.workspace.settings import SETTINGS_FILE, Feed, Settings

_SECONDS: Final = 15
_LEAST_ROOM: Final = 200 * 1024 * 1024
_OF_LANGUAGE: Final = {"ar": "ع", "ja": "あ中"}
"""A sign of each script that the words of a language are written in, and no bundled font has."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


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
    yield from _room(workspace)
    if offline:
        yield from _me(settings, ())
    else:
        yield from _feeds(workspace, settings, as_of)
        yield from _mail(workspace, settings, environment)
    yield from _printer(settings)


def _language(settings: Settings) -> Iterator[Finding]:
    """Whether the words of the page can be printed, where the bundled fonts lack their script."""
    fonts = installed_fonts(template_folder() / "fonts")
    signs = _OF_LANGUAGE.get(settings.locale[:2], "")
    lacking = [script_name(sign) for sign in signs if not fonts.can_show(sign)]
    if lacking:
        yield Finding(
            subject=Phrase("language"),
            health="bad",
            message=Phrase(
                "no font for {names}; the page's own words are in English", names=lacking
            ),
            mend=f"sudo apt install {package_for(lacking[0])}",
        )


def _clock(workspace: Workspace, settings: Settings, as_of: datetime) -> Iterator[Finding]:
    newest = max(_ages(workspace), default=None)
    shown = as_of.isoformat(sep=" ", timespec="minutes")
    if newest is not None and newest > as_of + timedelta(days=1):
        yield Finding(
            subject=Phrase("clock"),
            health="bad",
            message=Phrase(
                "{shown}, but there are files of {newest}",
                shown=shown,
                newest=WrittenDay("%Y-%m-%d", newest),
            ),
            mend="sudo timedatectl set-ntp true",
        )
    else:
        yield Finding(subject=Phrase("clock"), message=shown)
    if settings.timezone is None:
        yield Finding(
            subject=Phrase("zone"),
            health="poor",
            message=Phrase(
                "{name}, by this machine; another one may differ", name=settings.zone.key
            ),
            mend=Phrase(
                "write into {file}: timezone: {name}", file=SETTINGS_FILE, name=settings.zone.key
            ),
        )
    else:
        yield Finding(subject=Phrase("zone"), message=settings.zone.key)


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
                message=Phrase("cannot be written"),
                mend=f"sudo chown -R {_user()} {folder}",
            )
        elif mode & _OTHERS:
            found = True
            yield Finding(
                subject=name,
                health="poor",
                message=Phrase("open to others (mode {mode})", mode=f"{stat.S_IMODE(mode):o}"),
                mend=f"chmod -R go-rwx {folder}",
            )
    if not found:
        yield Finding(subject=Phrase("permissions"), message=Phrase("the folders are yours alone"))


def _user() -> str:
    return str(os.getuid())


def _room(workspace: Workspace) -> Iterator[Finding]:
    free = shutil.disk_usage(workspace.root).free
    if free < _LEAST_ROOM:
        yield Finding(
            subject=Phrase("disk"),
            health="poor",
            message=Phrase("{free} MB left", free=free // 2**20),
            mend=Phrase("make room; old briefs lie in {briefings}", briefings=workspace.briefings),
        )
    else:
        yield Finding(subject=Phrase("disk"), message=Phrase("{free} GB left", free=free // 2**30))


def _feeds(workspace: Workspace, settings: Settings, as_of: datetime) -> Iterator[Finding]:
    if not settings.feeds:
        yield Finding(
            subject=Phrase("feeds"),
            health="bad",
            message=Phrase("none; there are no meetings to make briefs for"),
            mend=Phrase("write into {file}: feeds: [data/calendar.ics]", file=SETTINGS_FILE),
        )
    copies = fetch_feeds(settings.feeds, workspace=workspace, as_of=as_of)
    for feed, copy in zip(settings.feeds, copies, strict=True):
        yield _feed(feed, copy)
    yield from _me(settings, copies)


def _me(settings: Settings, copies: Sequence[FeedCopy]) -> Iterator[Finding]:
    for problem in doubts_about_me(settings.me, copies):
        mend = Phrase("change {field} in {file}", field=problem.field, file=SETTINGS_FILE)
        yield Finding(subject=problem.field, health="poor", message=problem.message, mend=mend)


def _feed(feed: Feed, copy: FeedCopy) -> Finding:
    subject = Phrase("feed {name}", name=copy.name)
    if copy.content is not None and copy.as_of is None:
        return Finding(
            subject=subject,
            message=Phrase.plural(
                "read now, {count} event", "read now, {count} events", copy.events
            ),
        )
    why = Phrase.chained([problem.message for problem in copy.problems])
    mend = (
        Phrase("check its path in {file}; then: briefgen feed fetch")
        if feed.path
        else Phrase(
            "check its address, its password and the network in {file}; then: briefgen feed fetch"
        )
    ).filled(file=SETTINGS_FILE)
    if copy.as_of is not None:
        message = Phrase(
            "only a copy of {as_of}: {why}", as_of=WrittenDay("%Y-%m-%d %H:%M", copy.as_of), why=why
        )
        return Finding(subject=subject, health="poor", message=message, mend=mend)
    return Finding(
        subject=subject, health="bad", message=why or Phrase("cannot be read"), mend=mend
    )


def _mail(
    workspace: Workspace, settings: Settings, environment: Mapping[str, str]
) -> Iterator[Finding]:
    mail = settings.mail
    if mail is None:
        yield Finding(subject=Phrase("mail"), message=Phrase("not set up; briefs are only written"))
        return
    subject = Phrase("mail {server}", server=f"{mail.host}:{mail.port}")
    try:
        server = Connect(environment=environment, seconds=_SECONDS).server(mail, workspace)
    except NoSecret as error:
        mend = Phrase(
            "set BRIEFGEN_SMTP_PASSWORD, or mail.password_command in {file}", file=SETTINGS_FILE
        )
        yield Finding(subject=subject, health="bad", message=str(error), mend=mend)
        return
    try:
        with conversation(server) as talk:
            most = talk.most_bytes
    except NoServer as error:
        mend = Phrase("check mail.host, port, security and user in {file}", file=SETTINGS_FILE)
        yield Finding(subject=subject, health="bad", message=str(error), mend=mend)
        return
    message = (
        Phrase("answers ({security}) and takes your password")
        if mail.user
        else Phrase("answers ({security})")
    ).filled(security=mail.security)
    if most:
        message = Phrase("{answers}, mails up to {most} MB", answers=message, most=most // 2**20)
    yield Finding(subject=subject, message=message)


def _printer(settings: Settings) -> Iterator[Finding]:
    wanted = settings.printer.name
    needed: Health = "bad" if settings.nightly.print_ else "poor"
    if not settings.nightly.print_ and wanted is None:
        yield Finding(
            subject=Phrase("printer"), message=Phrase("not set up; nothing is printed by itself")
        )
        return
    if shutil.which("lp") is None or shutil.which("lpstat") is None:
        message = no_lp()
        if mend := str(message.values.get("line", "")):
            message = Phrase("there is no `lp` to print with")
        yield Finding(subject=Phrase("printer"), health=needed, message=message, mend=mend)
        return
    known, default = _queues()
    if wanted is not None and wanted not in known:
        yield Finding(
            subject=Phrase("printer {name}", name=wanted),
            health=needed,
            message=Phrase("no such queue; there are: {there}", there=known or ["-"]),
            mend=Phrase(
                "write a queue of `lpstat -e` into {file} as printer.name", file=SETTINGS_FILE
            ),
        )
    elif wanted is None and default is None:
        yield Finding(
            subject=Phrase("printer"),
            health=needed,
            message=Phrase("the system has no default printer"),
            mend=Phrase("name one in {file}: printer: {{name: office}}", file=SETTINGS_FILE),
        )
    else:
        yield Finding(
            subject=Phrase("printer {name}", name=wanted or default),
            message=Phrase("the queue is there"),
        )


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
        message = Phrase(
            "could not be looked at: {kind}: {error}",
            kind=type(error).__name__,
            error=error,
        )
        yield Finding(subject=subject, health="bad", message=message, mend=Phrase("report this"))


def program() -> Path:
    """Where this briefgen lies."""
    return Path(__file__).parent.parent
