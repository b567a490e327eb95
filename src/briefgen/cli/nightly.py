"""`briefgen nightly`, the unattended run; `log`, what it did; `schedule`, what starts it."""

import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.help import HelpfulGroup
from briefgen.delivery.conversation import Connect
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.ledger_entry import Night as PastNight
from briefgen.delivery.ledger_file import read_ledger
from briefgen.night import exit_status
from briefgen.night.log import Logbook, LogFormat, NightRun
from briefgen.page.system_libraries import require_pango
from briefgen.upkeep.schedule import (
    SCHEDULERS,
    CannotSchedule,
    Schedule,
    Scheduler,
    System,
    install,
    installed,
    planned,
    remove,
    scheduler_of,
)
from briefgen.workspace.folder import Workspace, only_run
from briefgen.workspace.phrase import STATES, Phrase
from briefgen.workspace.settings import SETTINGS_FILE, Settings

if TYPE_CHECKING:
    from briefgen.night.plan import Night


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would be done and why, and do nothing.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="The form of the log lines on standard error.",
)
@with_call
def nightly(*, call: Call, dry_run: bool, log_format: LogFormat) -> None:
    """Fetch, write, bundle, mail and print, as `briefgen.yaml` says. Safe to repeat."""
    workspace = call.workspace
    try:
        settings = call.settings
    except SystemExit:
        if not dry_run:
            _report_settings(workspace, call.as_of(ZoneInfo("UTC")).date())
        raise
    as_of = call.now
    from briefgen.night.run import (  # noqa: PLC0415  # half a second
        dry_night,
        report_no_beginning,
        run_unattended,
    )

    if dry_run:
        print_plan(call, dry_night(workspace, settings, as_of=as_of))
        raise SystemExit(exit_status.DONE)
    logbook = Logbook(
        sys.stderr, form=log_format, zone=settings.zone, settings=settings, quiet=call.quiet
    )
    night = NightRun(
        workspace=workspace,
        settings=settings,
        as_of=as_of,
        connect=Connect(environment=os.environ, learned=logbook.learn),
        logbook=logbook,
    )
    try:
        require_pango()
        with only_run(call.workspace):
            ran = run_unattended(night)
    except OSError as error:
        reason = f"{error.filename or workspace.root}: {error.strerror or error}"
        report_no_beginning(night, reason)
        call.fail(reason)
    finally:
        logbook.close()
    if ran.report is not None:
        call.report(ran.report)
    if ran.line:
        call.say(ran.line)
    raise SystemExit(ran.status)


def _report_settings(workspace: Workspace, day: date) -> None:
    """Run `on_failure_command`, if there is one, even if other settings are wrong.

    No other setting is used, so no mail is sent.
    """
    from briefgen.night.failure import report_by_command  # noqa: PLC0415  # only for broken settings
    from briefgen.workspace.document import read_document  # noqa: PLC0415  # only for broken settings

    document, _ = read_document(workspace.root / SETTINGS_FILE, SETTINGS_FILE)
    key = "on_failure_command"
    command = document.data.get(key) if document and (key,) not in document.given_twice else None
    if isinstance(command, str):
        report_by_command(
            command,
            [Phrase("{file} cannot be used; `briefgen check` says why", file=SETTINGS_FILE)],
            workspace=workspace,
            day=day,
            environment=os.environ,
            status=exit_status.NOTHING_MADE,
        )


def print_plan(call: Call, night: "Night") -> None:
    """Print what would be done, and why."""
    from briefgen.cli.run import say_briefs, say_summary  # noqa: PLC0415  # only for a dry run

    say_briefs(call, night.report)
    for packet in night.packets:
        what = call.aligned(Phrase("packet"), 16)
        call.say(f"{call.state(packet.state)}  {what}  {packet.path}")
    for mail in night.plan.mails:
        if mail.decision.action != "nothing":
            verb = call.aligned(Phrase("mail") if mail.to_send else Phrase("no mail"), 9)
            what = Phrase(
                "{about} to {recipient}: {reason}",
                about=mail.topic.about,
                recipient=mail.recipient,
                reason=mail.reason,
            )
            call.say(f"{verb}  {call.said(what)}")
    say_summary(call, night.report)


@click.command()
@click.option("--deliveries", is_flag=True, help="Each mail and print job instead, newest first.")
@click.option("--last", metavar="N", type=click.IntRange(1, 10_000), default=14, help="How many.")
@with_call
def log(*, call: Call, deliveries: bool, last: int) -> None:
    """What the last nights did, newest first; why a delivery failed."""
    with read_ledger(call.workspace.memory) as ledger:
        nights = () if deliveries else ledger.nights(last)
        entries = ledger.latest(last) if deliveries else ()
    if call.as_json:
        told = {"deliveries": [_delivery_json(entry) for entry in entries]} if deliveries else {}
        call.report(told or {"nights": [_night_json(night) for night in nights]})
        return
    zone = call.settings.zone
    for entry in entries:
        call.say(_delivery_line(call, entry, f"{entry.changed.astimezone(zone):%Y-%m-%d %H:%M}"))
    for night in nights:
        call.say(_night_line(night, f"{night.as_of.astimezone(zone):%Y-%m-%d %H:%M}"))
        for reason in night.summary.get("reasons", ()):
            call.say(f"    {reason}")
    if not entries and not nights:
        call.say(Phrase("nothing yet; `briefgen nightly` makes the first entry"))


_COUNTED: Final = STATES | {
    "problems": Phrase("problems"),
    "mail sent": Phrase("mail sent"),
    "mail failed": Phrase("mail failed"),
    "mail unsure": Phrase("mail unsure"),
    "print sent": Phrase("print sent"),
    "print failed": Phrase("print failed"),
    "print unsure": Phrase("print unsure"),
}
"""A night's counts, by the ledger's words."""


def _night_line(night: PastNight, moment: str) -> str:
    if night.status is None:
        return Phrase("{moment}  ended early; the next run continues from there", moment=moment)
    words = {0: Phrase("all done"), 1: Phrase("nothing made"), 3: Phrase("partly done")}
    counts = [
        Phrase("{count} {what}", count=count, what=_COUNTED.get(name, name))
        for name, count in sorted(night.summary.items(), reverse=True)
        if count and isinstance(count, int)
    ]
    return Phrase(
        "{moment}  {outcome}: {counts}",
        moment=moment,
        outcome=words.get(night.status, str(night.status)),
        counts=counts or [Phrase("nothing to do")],
    )


def _night_json(night: PastNight) -> dict[str, object]:
    return {
        "as_of": night.as_of.isoformat(),
        "ended": night.ended.isoformat() if night.ended else None,
        "status": night.status,
        "summary": dict(night.summary),
    }


def _delivery_line(call: Call, entry: Delivery, moment: str) -> str:
    state = STATES.get(entry.state, entry.state)
    if entry.open and entry.retry_at is not None:
        state = Phrase("{state}, to be tried again", state=state)
    elif state == "unsure":
        state = Phrase("unsure, may have arrived")
    kinds = {
        "first": Phrase("{channel} for {day} to {recipient}: {state}"),
        "update": Phrase("{channel} for {day} (update) to {recipient}: {state}"),
        "cancellation": Phrase("{channel} for {day} (cancellation) to {recipient}: {state}"),
    }
    line = kinds[entry.kind].filled(
        channel=Phrase("mail") if entry.channel == "mail" else Phrase("print"),
        day=entry.day,
        recipient=entry.recipient,
        state=state,
    )
    parts = [moment, line]
    if entry.reason:
        parts.append(entry.reason)
    if entry.job:
        parts.append(Phrase("job {job}", job=entry.job))
    return "  ".join(map(call.said, parts))


def _delivery_json(entry: Delivery) -> dict[str, object]:
    return {
        **entry.as_json(),
        "day": entry.day.isoformat(),
        "kind": entry.kind,
        "attempts": entry.attempts,
        "repeated": entry.resent,
        "retry_at": entry.retry_at.isoformat() if entry.retry_at else None,
        "reason": entry.reason,
        "job": entry.job,
        "changed": entry.changed.isoformat(),
    }


DEFAULT_TIMES = ("22:00", "06:00")
"""The night, and an update in the morning."""

_CLOCK_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\Z")
_TOLD_BY_THE_NIGHT = {str(exit_status.NOTHING_MADE), str(exit_status.PARTLY_DONE)}


@click.group(cls=HelpfulGroup)
def schedule() -> None:
    """Let systemd, cron or launchd start the nightly run."""


@schedule.command("install")
@click.option(
    "--at",
    "times",
    metavar="TIME",
    multiple=True,
    help=(
        "When, like 22:00; may be given again. Else 22:00 and 06:00. If the settings mail ahead "
        "of each meeting it runs every quarter of an hour."
    ),
)
@click.option("--with", "scheduler", type=click.Choice(SCHEDULERS), help="Else what is there.")
@with_call
def install_schedule(*, call: Call, times: tuple[str, ...], scheduler: Scheduler | None) -> None:
    """Let the system start `briefgen nightly`. Prints what it wrote; may be repeated."""
    system = _system()
    chosen = scheduler or scheduler_of(system)
    done = install(_schedule(call.workspace, call.settings, times), chosen, system)
    for line in done:
        call.say(line)
    call.report({"scheduler": chosen, "done": list(done)})


@schedule.command("show")
@with_call
def show_schedule(*, call: Call) -> None:
    """Show what starts the night, and when it runs next; or what `install` would write."""
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
        _say_plan(call, system)
    for one in here:
        call.say(
            Phrase(
                "{scheduler}: next run {next_run}", scheduler=one.scheduler, next_run=one.next_run
            )
            if one.next_run
            else one.scheduler
        )
        _say_parts(call, one.parts)


def _say_plan(call: Call, system: System) -> None:
    """Show what `install` would write, if the machine has a scheduler."""
    with suppress(CannotSchedule):
        scheduler = scheduler_of(system)
        call.say("it would write, for {scheduler}:", scheduler=scheduler)
        _say_parts(call, planned(_schedule(call.workspace, call.settings, ()), scheduler, system))


def _say_parts(call: Call, parts: Mapping[str, str]) -> None:
    for place, text in parts.items():
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

    A night that ended by itself has reported its failure itself.
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
    from briefgen.night.failure import run_failure_command  # noqa: PLC0415  # imports the mail

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
