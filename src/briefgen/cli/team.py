"""`briefgen team`: one night for a roster of people."""

import json
import os
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.help import HelpfulGroup
from briefgen.delivery.ledger import LedgerFault
from briefgen.night import exit_status
from briefgen.team.night import (
    NoEngine,
    Tally,
    check_ledger,
    check_member,
    engine,
    run_team,
    tasks_of,
)
from briefgen.team.roster import MOST_BYTES, Roster, parse_roster
from briefgen.team.store import KEPT, open_store
from briefgen.team.task import Result
from briefgen.workspace.atomic import read_regular
from briefgen.workspace.phrase import STATES, Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.secrets import CommandFailed, run_command
from briefgen.workspace.zone_data import local_zone

_roster = click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file that lists the people.",
)
_command = click.option(
    "--roster-command", metavar="COMMAND", help="A command that prints it, instead of a file."
)


@click.group(cls=HelpfulGroup)
def team() -> None:
    """Run the night for a whole team, on this machine or many."""


@team.command()
@_roster
@_command
@click.option(
    "--on",
    default="local",
    metavar="ENGINE",
    help="Where: local, dask (a cluster on this machine), or dask://HOST:PORT.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 512),
    help="How many nights at the same time here.",
)
@click.option("--shard", metavar="I/N", help="Only the I-th of N parts, counted from 0.")
@click.option(
    "--patience",
    metavar="N",
    type=click.IntRange(0, 720),
    default=30,
    show_default=True,
    help="For how many minutes mail that a server defers is tried again.",
)
@with_call
def run(
    *,
    call: Call,
    roster: Path | None,
    roster_command: str | None,
    on: str,
    jobs: int | None,
    shard: str | None,
    patience: int,
) -> None:
    """Run everyone's night; a failure for one person does not affect the others."""
    found = _read(call, roster, roster_command)
    as_of = call.as_of(local_zone())
    tally = Tally()
    try:
        runs = engine(on, jobs=jobs or os.cpu_count() or 1, roster=found)
        tasks = tasks_of(found, tally, as_of=as_of, shard=_shard(shard))
        results = run_team(
            tasks, runs, patience=timedelta(minutes=patience), tell=partial(_print_wait, call)
        )
        with closing(_Document(call, as_of.isoformat(timespec="seconds"))) as document:
            for result in results:
                tally.add(result)
                document.add(result.as_json())
                _print_result(call, result, tally)
            call.report_problems(tally.problems)
        with open_store(found.store) as store:
            store.forget_before(as_of.date() - KEPT)
    except LedgerFault as fault:
        call.complain(str(fault))  # also reported by everyone's night
    except NoEngine as error:
        call.wrong_use(str(error))
    if not call.as_json:
        call.say(_summary(tally))
    raise SystemExit(exit_status.of_parts(tally.states["done"], tally.undone))


@team.command()
@_roster
@_command
@with_call
def check(*, call: Call, roster: Path | None, roster_command: str | None) -> None:
    """Show what is wrong with the roster, its ledger and everyone's settings."""
    found = _read(call, roster, roster_command)
    problems, count = list(check_ledger(found)), 0
    for one in found.people():
        if isinstance(one, Problem):
            problems.append(one)
            continue
        count += 1
        problems += check_member(found, one)
    call.report_problems(problems)
    call.report({"people": count}, problems)
    if not (problems or call.as_json):
        said = Phrase.plural(
            "{count} person, nothing wrong", "{count} people, nothing wrong", count
        )
        call.say(said)
    raise SystemExit(exit_status.of_problems(problems))


@team.command()
@_roster
@_command
@click.option("--night", metavar="DATE", help="The night to show; else the last one.")
@with_call
def report(
    *, call: Call, roster: Path | None, roster_command: str | None, night: str | None
) -> None:
    """Show how a night went: who failed, why, and what to do."""
    from datetime import date  # noqa: PLC0415  # only here

    found = _read(call, roster, roster_command)
    tally = Tally()
    try:
        with open_store(found.store) as store:
            day = night or next(iter(store.nights()), None)
            if day is None:
                call.fail("no night is recorded; run: {command}", command="briefgen team run")
            with closing(_Document(call, day, name="night")) as document:
                for told in store.results(date.fromisoformat(day)):
                    document.add(told)
                    result = Result(**{**told, "problems": tuple(told.get("problems", ()))})
                    tally.add(result)
                    _print_result(call, result, tally)
    except ValueError:
        call.wrong_use("'{night}' is not a date like 2026-11-30", night=night)
    if not call.as_json:
        call.say(_summary(tally))
    raise SystemExit(exit_status.of_parts(tally.states["done"], tally.undone))


class _Document:
    """The JSON document, written as the results come, so that they need not be kept."""

    def __init__(self, call: Call, as_of: str, *, name: str = "as_of") -> None:
        self._on = call.as_json
        self._first = True
        self._write(f'{{"{name}": {json.dumps(as_of)}, "people": [')

    def add(self, told: dict[str, Any]) -> None:
        """Write one more person."""
        self._write(f"{'' if self._first else ','}\n  {json.dumps(told, ensure_ascii=False)}")
        self._first = False

    def close(self) -> None:
        """Write the end."""
        self._write("\n]}\n")

    def _write(self, text: str) -> None:
        if self._on:
            click.echo(text, nl=False)


def _print_result(call: Call, result: Result, tally: Tally) -> None:
    """Print a line for a night that was not done, and its first problems."""
    if result.state == "done":
        call.detail(f"{sum(tally.states.values())} nights ended")
        return
    call.complain(f"{result.person}: {call.said(STATES.get(result.state, result.state))}")
    for problem in tally.unreported(result):
        place = ":".join(str(part) for part in (problem["file"], problem["line"]) if part)
        message = call.said(problem["message"])
        call.complain(f"  {place}: {message}" if place else f"  {message}")


def _print_wait(call: Call, waiting: Sequence[Result], until: datetime) -> None:
    """Print, before the run sleeps, how many nights wait, until when, and why the first does."""
    first = waiting[0]
    reason = next(
        (problem["message"] for problem in first.problems), STATES.get(first.state, first.state)
    )
    line = Phrase.plural(
        "{count} night waits until {time} and is then tried again: {reason}",
        "{count} nights wait until {time} and are then tried again: {reason}",
        len(waiting),
        time=f"{until.astimezone(local_zone()):%H:%M}",
        reason=reason,
    )
    call.say(line)


def _summary(tally: Tally) -> str:
    count = tally.states["done"]
    done = Phrase.plural("{count} night done", "{count} nights done", count)
    other = [
        f"{state}: {count}" for state, count in sorted(tally.states.items()) if state != "done"
    ]
    briefs = Phrase("briefs: {count}", count=tally.briefs)
    mails = Phrase("mails: {count}", count=tally.mails)
    return Phrase.listed([done, briefs, mails, *other])


def _shard(given: str | None) -> tuple[int, int] | None:
    if given is None:
        return None
    part, _, whole = given.partition("/")
    if not (part.isdecimal() and whole.isdecimal() and int(part) < int(whole)):
        message = Phrase("'{given}' is not a part like 0/16: the first of 16", given=given)
        raise click.BadParameter(message, param_hint="--shard")
    return int(part), int(whole)


def _read(call: Call, file: Path | None, command: str | None) -> Roster:
    """The roster; ends the command if it cannot be used."""
    if (file is None) == (command is None):
        call.wrong_use(Phrase("name one roster: --roster FILE or --roster-command COMMAND"))
    content, name, folder = _content(call, file, command)
    roster, problems = parse_roster(content, file=name, folder=folder)
    if roster is None:
        call.refuse(problems)
    call.report_problems(problems)
    return roster


def _content(call: Call, file: Path | None, command: str | None) -> tuple[bytes, str, Path]:
    if file is not None:
        whole = Path(os.path.abspath(file))  # noqa: PTH100  # keeps links as typed
        try:
            return read_regular(whole, most_bytes=MOST_BYTES), file.name, whole.parent
        except OSError as error:
            call.wrong_use(f"{file}: {error.strerror}")
    here = Path.cwd()
    try:
        printed = run_command(str(command), root=here, most_bytes=MOST_BYTES)
    except CommandFailed as error:
        call.fail(f"--roster-command: {error}")
    if printed.status:
        call.fail(f"--roster-command: {printed.said}")
    return printed.output, "roster", here
