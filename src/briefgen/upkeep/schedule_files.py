"""The texts that start the night: a systemd timer, cron lines, a launchd agent."""

import hashlib
import plistlib
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Final

from briefgen.workspace.problems import Stop

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
