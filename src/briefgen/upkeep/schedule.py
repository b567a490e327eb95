"""Installs the nightly schedule where the system looks for it, and removes it again."""

import os
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from briefgen.upkeep.schedule_files import (
    CannotSchedule,
    Schedule,
    crontab_part,
    crontab_with,
    crontab_without,
    launchd_agent,
    schedule_name,
    sign_of,
    systemd_units,
)
from briefgen.workspace.atomic import make_folder, write_whole
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import unwritten
from briefgen.workspace.value import Value

Scheduler = Literal["systemd", "cron", "launchd"]
SCHEDULERS: Final[tuple[Scheduler, ...]] = ("systemd", "cron", "launchd")

_SECONDS: Final = 30
_MODE: Final = 0o644  # systemd warns about units that only the owner may read


class System(Value, frozen=True, kw_only=True):
    """The machine, as far as schedules are concerned."""

    environment: Mapping[str, str]
    home: Path
    platform: str = sys.platform

    @property
    def units(self) -> Path:
        """Where systemd looks for the user's units."""
        given = self.environment.get("XDG_CONFIG_HOME")
        return (Path(given) if given else self.home / ".config") / "systemd" / "user"

    @property
    def agents(self) -> Path:
        """Where launchd looks for the user's agents."""
        return self.home / "Library" / "LaunchAgents"

    def has(self, command: str) -> bool:
        """Whether this command exists."""
        return shutil.which(command, path=self.environment.get("PATH")) is not None

    def run(self, *command: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of the system.

        Raises:
            CannotSchedule: if it does not exist, or does not end.
        """
        try:
            return subprocess.run(
                command,
                input=given,
                stdin=subprocess.DEVNULL if given is None else None,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                env={**self.environment, "LC_ALL": "C"},
                check=False,
            )
        except FileNotFoundError:
            raise CannotSchedule("there is no `{command}` here", command=command[0]) from None
        except subprocess.TimeoutExpired:
            raise CannotSchedule("`{command}` did not end in time", command=command[0]) from None

    def must(self, *command: str, given: str | None = None) -> str:
        """What a command prints.

        Raises:
            CannotSchedule: as `run`, and if the command fails.
        """
        done = self.run(*command, given=given)
        if done.returncode:
            said = " ".join(done.stderr.split()) or f"status {done.returncode}"
            raise CannotSchedule(f"`{' '.join(command[:3])}` fails: {said}")
        return done.stdout


class Installed(Value, frozen=True, kw_only=True):
    """What a scheduler has for a workspace: the text at each place."""

    scheduler: Scheduler
    parts: Mapping[str, str]
    next_run: str = ""


def scheduler_of(system: System) -> Scheduler:
    """The scheduler to use: launchd on macOS, systemd if it serves the user, else cron.

    Raises:
        CannotSchedule: if there is none of them.
    """
    if system.platform == "darwin":
        return "launchd"
    if system.has("systemctl") and system.run("systemctl", "--user", "show-environment").stdout:
        return "systemd"
    if system.has("crontab"):
        return "cron"
    raise CannotSchedule(
        Phrase(
            "there is neither a systemd that serves this user nor cron; install cron "
            "(sudo apt install cron), or let something else run `briefgen nightly`"
        )
    )


def install(schedule: Schedule, scheduler: Scheduler, system: System) -> tuple[str, ...]:
    """Write the schedule and start it; return what was done, line by line. Safe to repeat.

    Raises:
        CannotSchedule: with the reason.
    """
    done: list[str] = []
    make_folder(schedule.log.parent)
    for other in SCHEDULERS:
        if other != scheduler and installed(schedule.root, other, system) is not None:
            done += remove(schedule.root, other, system)
    match scheduler:
        case "systemd":
            done += _install_systemd(schedule, system)
        case "cron":
            done += _install_cron(schedule, system)
        case "launchd":
            done += _install_launchd(schedule, system)
    return tuple(done)


def installed(root: Path, scheduler: Scheduler, system: System) -> Installed | None:
    """What a scheduler has for a workspace; None if nothing."""
    parts = {str(path): _text(path) for path in _own_files(root, scheduler, system)}
    if scheduler == "cron" and system.has("crontab"):
        lines = crontab_part(_crontab(system), root)
        parts = {"crontab": "\n".join(lines)} if lines else {}
    if not parts:
        return None
    return Installed(scheduler=scheduler, parts=parts, next_run=_next_run(root, scheduler, system))


def remove(root: Path, scheduler: Scheduler, system: System) -> tuple[str, ...]:
    """Remove what `install` wrote for a workspace, and nothing else; return what was done.

    Raises:
        CannotSchedule: with the reason.
    """
    if scheduler == "cron":
        return _remove_cron(root, system)
    files = _own_files(root, scheduler, system)
    name = schedule_name(root)
    stops = {
        f"{name}.timer": ("systemctl", "--user", "disable", "--now", f"{name}.timer"),
        f"{name}.plist": ("launchctl", "bootout", f"gui/{os.getuid()}/{name}"),
    }
    for path in files:
        if path.name in stops:
            with suppress(CannotSchedule):  # without the scheduler, its files are still removed
                system.run(*stops[path.name])
        path.unlink()
    if files and scheduler == "systemd":
        with suppress(CannotSchedule):
            system.run("systemctl", "--user", "daemon-reload")
    return tuple(Phrase("removed {file}", file=path) for path in files)


def _install_systemd(schedule: Schedule, system: System) -> list[str]:
    done: list[str] = [
        _put(system.units / name, text.encode(), schedule.root)
        for name, text in systemd_units(schedule).items()
    ]
    timer = f"{schedule.name}.timer"
    system.must("systemctl", "--user", "daemon-reload")
    system.must("systemctl", "--user", "enable", "--now", timer)
    done.append(Phrase("started {name}", name=timer))
    if not _lingers(system):
        done.append(
            Phrase("it runs while you are logged in; to let it run without: loginctl enable-linger")
        )
    return done


def _lingers(system: System) -> bool:
    user = system.environment.get("USER") or system.environment.get("LOGNAME") or ""
    return not user or Path("/var/lib/systemd/linger", user).exists()


def _install_cron(schedule: Schedule, system: System) -> list[str]:
    before = _crontab(system)
    after = crontab_with(before, schedule)
    if after == before:
        return [Phrase("unchanged {file}", file="crontab")]
    system.must("crontab", "-", given=after)
    return [
        Phrase("wrote {file}", file="crontab"),
        Phrase(
            "cron does not run nights that the machine slept through; run `briefgen nightly` then"
        ),
    ]


def _remove_cron(root: Path, system: System) -> tuple[str, ...]:
    before = _crontab(system)
    after = crontab_without(before, root)
    if after == before:
        return ()
    system.must("crontab", "-", given=after)
    return (Phrase("removed from crontab"),)


def _crontab(system: System) -> str:
    """The user's crontab; empty if there is none yet."""
    done = system.run("crontab", "-l")
    if done.returncode and "no crontab" not in done.stderr.casefold():
        said = " ".join(done.stderr.split()) or f"status {done.returncode}"
        raise CannotSchedule("`crontab -l` fails: {said}", said=said)
    return done.stdout if done.returncode == 0 else ""


def _install_launchd(schedule: Schedule, system: System) -> list[str]:
    agent = system.agents / f"{schedule.name}.plist"
    done = [_put(agent, launchd_agent(schedule), schedule.root)]
    domain = f"gui/{os.getuid()}"
    system.run("launchctl", "bootout", f"{domain}/{schedule.name}")  # unload an older one
    system.must("launchctl", "bootstrap", domain, str(agent))
    return [*done, Phrase("started {name}", name=schedule.name)]


def _put(path: Path, content: bytes, root: Path) -> str:
    """Write one of our files; a file of that name that is not ours is left alone."""
    if path.exists():
        if path.read_bytes() == content:
            return Phrase("unchanged {file}", file=path)
        if not _is_ours(path, root):
            raise CannotSchedule(
                "{path} is there and not written by briefgen; move it away", path=path
            )
    try:
        write_whole(path, content, mode=_MODE)
    except OSError as error:
        message = unwritten(str(path), error).message
        raise CannotSchedule("{label}: {text}", label=path, text=message) from error
    return Phrase("wrote {file}", file=path)


def _own_files(root: Path, scheduler: Scheduler, system: System) -> list[Path]:
    """The files that `install` wrote for a workspace; cron has none."""
    name = schedule_name(root)
    endings = (".timer", ".service", "-failed.service")
    places = {
        "systemd": [system.units / f"{name}{ending}" for ending in endings],
        "launchd": [system.agents / f"{name}.plist"],
    }.get(scheduler, [])
    return [path for path in places if path.is_file() and _is_ours(path, root)]


def _is_ours(path: Path, root: Path) -> bool:
    if path.suffix == ".plist":
        try:
            return bool(plistlib.loads(path.read_bytes()).get("Comment") == sign_of(root))
        except (OSError, ValueError, AttributeError):
            return False
    return f"# {sign_of(root)};" in _text(path)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _next_run(root: Path, scheduler: Scheduler, system: System) -> str:
    """When the next night is, if the scheduler knows."""
    if scheduler != "systemd":
        return ""
    timer = f"{schedule_name(root)}.timer"
    with suppress(CannotSchedule):
        done = system.run("systemctl", "--user", "show", timer, "-p", "NextElapseUSecRealtime")
        return done.stdout.strip().partition("=")[2] if done.returncode == 0 else ""
    return ""
