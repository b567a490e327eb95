"""The nightly schedule: a systemd timer, cron lines or a launchd agent, and where each is put.

Over 400 lines, because each scheduler's texts are written, recognised and removed together.
"""

import hashlib
import os
import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Final, Literal

from briefgen.workspace.atomic import make_folder, write_whole
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Stop, unwritten
from briefgen.workspace.value import Value

QUARTER_HOUR: Final = 15
"""Minutes between runs if a mail is sent ahead of each meeting."""
LONGEST_RUN: Final = "30min"

_SIGN: Final = "Written by `briefgen schedule install`"


class CannotSchedule(Stop):
    """The schedule cannot be written or changed; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a workspace's night runs, and how it is started.

    Attributes:
        root: the workspace.
        command: the command line up to `nightly`, with an absolute path.
        times: of day; empty for a run every quarter of an hour.
        zone: of the times, if it is not the machine's own.
        path: the PATH in which the commands of the settings are found.
        log: for the output under a scheduler that keeps no journal.
    """

    root: Path
    command: tuple[str, ...]
    times: tuple[time, ...]
    zone: str | None = None
    path: str = ""
    log: Path

    def __post_init__(self) -> None:
        for text in (str(self.root), *self.command, self.path, str(self.log)):
            if re.search(r"[\x00-\x1f\x7f]", text):
                raise CannotSchedule(f"a control character in {text!r}; rename the folder")

    @property
    def name(self) -> str:
        """The name of everything written for this workspace: its folder's name and a hash."""
        return schedule_name(self.root)

    @property
    def night(self) -> tuple[str, ...]:
        """The command line of a night."""
        return (*self.command, "nightly", "--workspace", str(self.root), "--quiet")

    @property
    def sign(self) -> str:
        """The line that marks a file as ours."""
        return sign_of(self.root)


def schedule_name(root: Path) -> str:
    """`briefgen-work-1a2b3c4d`: unique for each path."""
    word = re.sub(r"[^a-z0-9]+", "-", root.name.casefold())[:30].strip("-") or "workspace"
    return f"briefgen-{word}-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"


def sign_of(root: Path) -> str:
    """The mark of a file, or part of a crontab, that briefgen wrote for this workspace."""
    return f"{_SIGN} for {root}"


def systemd_units(schedule: Schedule) -> Mapping[str, str]:
    """The user units by file name: the timer, the night, and what runs if a night dies.

    A missed night runs as soon as the machine is on (`Persistent=`). Status 75, another run is at
    work, is not a failure.
    """
    name, root = schedule.name, _specifier(str(schedule.root))
    head = f"# {schedule.sign}; remove with: briefgen schedule remove\n"
    environment = f'Environment="{_quoted("PATH=" + schedule.path)}"\n' if schedule.path else ""
    died = (*schedule.command, "schedule", "failed", "--workspace", str(schedule.root))
    moments = "".join(f"OnCalendar={one}\n" for one in _calendar(schedule))
    return {
        f"{name}.timer": (
            f"{head}[Unit]\nDescription=briefgen for {root}\n\n"
            f"[Timer]\n{moments}Persistent=true\nAccuracySec=1min\n\n"
            "[Install]\nWantedBy=timers.target\n"
        ),
        f"{name}.service": (
            f"{head}[Unit]\nDescription=briefgen nightly for {root}\n"
            f"OnFailure={name}-failed.service\n\n"
            f"[Service]\nType=oneshot\nExecStart={_exec(schedule.night)}\n"
            f"{environment}SuccessExitStatus=75\nTimeoutStartSec={LONGEST_RUN}\n"
            "UMask=0077\nNice=10\n"
        ),
        f"{name}-failed.service": (
            f"{head}[Unit]\nDescription=briefgen's night has died for {root}\n\n"
            f"[Service]\nType=oneshot\nExecStart={_exec(died)}\n{environment}UMask=0077\n"
        ),
    }


def _calendar(schedule: Schedule) -> tuple[str, ...]:
    """Calendar events of systemd (systemd.time(7))."""
    if not schedule.times:
        return (f"*-*-* *:0/{QUARTER_HOUR}:00",)
    zone = f" {schedule.zone}" if schedule.zone else ""
    return tuple(f"*-*-* {one:%H:%M}:00{zone}" for one in schedule.times)


def _exec(arguments: Sequence[str]) -> str:
    """A command line as systemd reads it (systemd.service(5)): no shell is involved."""
    return " ".join(f'"{_quoted(argument).replace("$", "$$")}"' for argument in arguments)


def _quoted(text: str) -> str:
    return _specifier(text.replace("\\", "\\\\").replace('"', '\\"'))


def _specifier(text: str) -> str:
    return text.replace("%", "%%")


def cron_lines(schedule: Schedule) -> tuple[str, ...]:
    """The part of a crontab (crontab(5)) for a workspace, between two marks.

    cron does not run missed nights; `@reboot` does so for a machine that was off.
    """
    command = " ".join(shlex.quote(part) for part in schedule.night)
    log = shlex.quote(str(schedule.log))
    # cron has a short PATH; the commands in the settings need the user's own.
    path = f"PATH={shlex.quote(schedule.path)} " if schedule.path else ""
    run = f"{path}{command} >>{log} 2>&1".replace("%", r"\%")
    moments = [f"{one.minute} {one.hour} * * *" for one in schedule.times]
    if not moments:
        moments = [f"*/{QUARTER_HOUR} * * * *"]
    begin, end = _marks(schedule.root)
    return (begin, *(f"{moment} {run}" for moment in (*moments, "@reboot")), end)


def _marks(root: Path) -> tuple[str, str]:
    return f"# {sign_of(root)}: begin", f"# {sign_of(root)}: end"


def crontab_with(crontab: str, schedule: Schedule) -> str:
    """A crontab with this workspace's part once, at the end; the rest is unchanged."""
    rest = crontab_without(crontab, schedule.root)
    if rest and not rest.endswith("\n"):
        rest += "\n"
    return rest + "\n".join(cron_lines(schedule)) + "\n"


def crontab_without(crontab: str, root: Path) -> str:
    """A crontab without this workspace's part; a part without its end mark is kept."""
    begin, end = _marks(root)
    lines = crontab.splitlines(keepends=True)
    bare = [line.rstrip("\n") for line in lines]
    while begin in bare and end in bare[bare.index(begin) :]:
        first = bare.index(begin)
        last = bare.index(end, first)
        del lines[first : last + 1], bare[first : last + 1]
    return "".join(lines)


def crontab_part(crontab: str, root: Path) -> tuple[str, ...]:
    """This workspace's part of a crontab, without its marks; empty if there is none."""
    begin, end = _marks(root)
    lines = crontab.splitlines()
    if begin not in lines or end not in lines[lines.index(begin) :]:
        return ()
    first = lines.index(begin)
    return tuple(lines[first + 1 : lines.index(end, first)])


def launchd_agent(schedule: Schedule) -> bytes:
    """The property list of a launchd agent (launchd.plist(5)).

    launchd starts a missed night when the machine wakes.
    """
    agent: dict[str, object] = {
        "Label": schedule.name,
        "Comment": schedule.sign,
        "ProgramArguments": list(schedule.night),
        "ProcessType": "Background",
        "Umask": 0o077,
        "StandardOutPath": str(schedule.log),
        "StandardErrorPath": str(schedule.log),
    }
    if schedule.path:
        agent["EnvironmentVariables"] = {"PATH": schedule.path}
    if schedule.times:
        agent["StartCalendarInterval"] = [
            {"Hour": one.hour, "Minute": one.minute} for one in schedule.times
        ]
    else:
        agent["StartInterval"] = QUARTER_HOUR * 60
    return plistlib.dumps(agent)


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
            "there is neither a systemd for this user nor cron; install cron (sudo apt "
            "install cron), or let something else run `briefgen nightly`"
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


def planned(schedule: Schedule, scheduler: Scheduler, system: System) -> Mapping[str, str]:
    """What `install` would write: the text at each place."""
    match scheduler:
        case "systemd":
            units = systemd_units(schedule)
            return {str(system.units / name): text for name, text in units.items()}
        case "cron":
            return {"crontab": "\n".join(cron_lines(schedule)[1:-1])}
        case "launchd":
            agent = system.agents / f"{schedule.name}.plist"
            return {str(agent): launchd_agent(schedule).decode()}


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
            Phrase("it runs while you are logged in; to let it run always: loginctl enable-linger")
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
                "{path} exists and was not written by briefgen; move it away", path=path
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
