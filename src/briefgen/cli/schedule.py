"""`briefgen schedule`: let the system start the nightly run."""

import os
import re
import sys
from datetime import time
from pathlib import Path

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.help import HelpfulGroup
from briefgen.night import exit_status
from briefgen.upkeep.schedule import (
    SCHEDULERS,
    Scheduler,
    System,
    install,
    installed,
    remove,
    scheduler_of,
)
from briefgen.upkeep.schedule_files import Schedule
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.settings import Settings

DEFAULT_TIMES = ("22:00", "06:00")
"""The night, and an update in the morning."""

_CLOCK_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\Z")
_TOLD_BY_THE_NIGHT = {str(exit_status.NOTHING_MADE), str(exit_status.PARTLY_DONE)}


@click.group(cls=HelpfulGroup)
def schedule() -> None:
    """Have the night run by systemd, cron or launchd."""


@schedule.command("install")
@click.option(
    "--at",
    "times",
    metavar="TIME",
    multiple=True,
    help="When, like 22:00; may be given again. Else 22:00 and 06:00. Where the settings mail"
    " ahead of each meeting it runs each quarter of an hour.",
)
@click.option("--with", "scheduler", type=click.Choice(SCHEDULERS), help="Else what is there.")
@with_call
def install_schedule(*, call: Call, times: tuple[str, ...], scheduler: Scheduler | None) -> None:
    """Let the system start `briefgen nightly`. Says what it wrote; may be repeated."""
    system = _system()
    chosen = scheduler or scheduler_of(system)
    done = install(_schedule(call.workspace, call.settings, times), chosen, system)
    for line in done:
        call.say(line)
    call.report({"scheduler": chosen, "done": list(done)})


@schedule.command("show")
@with_call
def show_schedule(*, call: Call) -> None:
    """Show what starts the night, and when it runs next."""
    system = _system()
    found = [installed(call.workspace.root, one, system) for one in SCHEDULERS]
    here = [one for one in found if one is not None]
    report = [
        {"scheduler": one.scheduler, "parts": dict(one.parts), "next_run": one.next_run}
        for one in here
    ]
    call.report({"installed": report})
    if not here:
        call.say(Phrase("nothing starts the night; set it up with: briefgen schedule install"))
    for one in here:
        call.say(
            Phrase(
                "{scheduler}: next run {next_run}", scheduler=one.scheduler, next_run=one.next_run
            )
            if one.next_run
            else one.scheduler
        )
        for place, text in one.parts.items():
            call.say(f"\n{place}:\n{text.rstrip()}")


@schedule.command("remove")
@with_call
def remove_schedule(*, call: Call) -> None:
    """Remove what `install` wrote for this workspace, and nothing else."""
    root, system = call.workspace.root, _system()
    there = [one for one in SCHEDULERS if one != "cron" or system.has("crontab")]
    done = [line for one in there for line in remove(root, one, system)]
    for line in done or [Phrase("nothing to remove")]:
        call.say(line)
    call.report({"done": done})


@schedule.command("failed", hidden=True)
@with_call
def night_failed(*, call: Call) -> None:
    """Run `on_failure_command` for a night that died; called by the failure unit.

    A night that ended by itself has told of its failure itself.
    """
    result = os.environ.get("MONITOR_SERVICE_RESULT", "")  # systemd.exec(5), from 251 on
    status = os.environ.get("MONITOR_EXIT_STATUS", "")
    if result == "exit-code" and status in _TOLD_BY_THE_NIGHT:
        return
    root, settings = call.workspace.root, call.settings
    message = Phrase(
        "the night of {root} died ({result} {status})",
        root=root,
        result=result or "?",
        status=status,
    )
    call.complain(f"briefgen: {call.said(message)}")
    if settings.on_failure_command is None:
        return
    from briefgen.night.failure import run_failure_command  # noqa: PLC0415  # brings the mail

    fault = run_failure_command(
        settings.on_failure_command,
        message,
        root=root,
        environment=os.environ,
        status=int(status) if status.isdigit() else exit_status.NOTHING_MADE,
    )
    if fault:
        call.fail(fault)


def _system() -> System:
    return System(environment=os.environ, home=Path.home())


def _schedule(workspace: Workspace, settings: Settings, times: tuple[str, ...]) -> Schedule:
    ahead = settings.mail is not None and settings.nightly.email and settings.mail.ahead is not None
    chosen = () if ahead and not times else times or DEFAULT_TIMES
    return Schedule(
        root=workspace.root,
        command=(sys.executable, "-m", "briefgen"),
        times=tuple(sorted({_time(one) for one in chosen})),
        zone=settings.timezone,
        path=os.environ.get("PATH", ""),
        log=workspace.memory / "nightly.log",
    )


def _time(given: str) -> time:
    found = _CLOCK_TIME.match(given)
    if found is None:
        raise click.BadParameter(
            Phrase("'{given}' is not a time of day; write it like 22:00", given=given)
        )
    return time(int(found[1]), int(found[2]))
