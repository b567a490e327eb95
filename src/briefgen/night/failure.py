"""Reports of a failed night to the user: one mail, or their own command if mail fails."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_file import open_ledger
from briefgen.delivery.mail import Post, Topic, plan_mail, send_planned
from briefgen.delivery.mail_changes import Content
from briefgen.delivery.mail_text import failure_letter
from briefgen.night.log import NightRun, log_crash, log_event, log_warning
from briefgen.page.look import Look
from briefgen.workspace.atomic import read_regular, write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import language_of
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.secrets import COMMAND_SECONDS, command_words

_TOLD: Final = "failures.json"
"""The file of what the command was given today, as hashes, since reasons may name people."""


def report_failure(run: NightRun, reasons: Sequence[str], *, status: int, by_mail: bool) -> None:
    """Report a failed night to the user by mail, or if that is impossible, by their command."""
    command = run.settings.on_failure_command
    try:
        mailed = by_mail and _mail(run, reasons)
    except Exception as error:  # noqa: BLE001  # then the command is needed even more
        log_crash(error)
        mailed = False
    if mailed:
        log_event("told_of_failure", by="mail")
    elif command is not None:
        fault = report_by_command(
            command,
            [run.logbook.clean(reason) for reason in reasons],
            workspace=run.workspace,
            day=run.as_of.date(),
            environment=os.environ,
            status=status,
        )
        if fault:
            log_warning("told_of_failure", by="command", problem=fault)
        elif fault is not None:
            log_event("told_of_failure", by="command")


def _mail(run: NightRun, reasons: Sequence[str]) -> bool:
    """Mail, once a day, that a night made nothing; returns whether the mail has gone."""
    mail, settings, day = run.settings.mail, run.settings, run.as_of.date()
    if mail is None or not settings.nightly.email:
        return False
    language = language_of(settings.locale)
    look = Look.of(run.workspace, settings, language)
    nothing = Content(meetings=(), wanted_empty=True)
    topic = Topic(about=f"night {day}", day=day, content=nothing)
    try:
        with open_ledger(run.workspace.memory) as ledger:
            planned = plan_mail(
                (topic,), mail.to, ledger=ledger, sender=mail.from_, as_of=run.as_of,
                zone=settings.zone,
            )  # fmt: skip
            post = Post(
                ledger=ledger,
                server=lambda: run.connect.server(mail, run.workspace),
                sender=mail.from_,
                sender_name=settings.me.name,
                language=language,
                as_of=run.as_of,
            )
            letter = failure_letter(day, reasons, look=look)
            send_planned(planned, lambda _: letter, post)
            told = [one for one in ledger.of_day(day) if one.about == topic.about]
    except LedgerFault:
        return False
    return bool(told) and all(one.state == "sent" for one in told)


def report_by_command(
    command: str,
    reasons: Sequence[str],
    *,
    workspace: Workspace,
    day: date,
    environment: Mapping[str, str],
    status: int,
) -> str | None:
    """Run `on_failure_command`, unless it was given all of these reasons already that day.

    A night that runs every quarter of an hour would otherwise repeat them each time.

    Returns:
        what went wrong with the command, or nothing; None if it was not run.
    """
    memory = workspace.memory / _TOLD
    marks = {sha256(reason.encode()).hexdigest() for reason in reasons}
    before = _given_on(day, memory)
    if marks <= before:
        return None
    fault = run_failure_command(
        command, "\n".join(reasons), root=workspace.root, environment=environment, status=status
    )
    if not fault:
        told = {"day": day.isoformat(), "told": sorted(before | marks)}
        with suppress(OSError):  # then it is repeated, which does less harm
            write_whole(memory, json.dumps(told).encode())
    return fault


def _given_on(day: date, memory: Path) -> frozenset[str]:
    """The hashes of what the command was given on a day."""
    try:
        stored = json.loads(read_regular(memory))
        return frozenset(stored["told"]) if stored["day"] == day.isoformat() else frozenset()
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def run_failure_command(
    command: str, message: str, *, root: Path, environment: Mapping[str, str], status: int
) -> str:
    """Run `on_failure_command`, the message on its standard input; returns what went wrong with it.

    It runs without a shell; BRIEFGEN_STATUS and BRIEFGEN_MESSAGE log_event it what happened.
    """
    told = {"BRIEFGEN_STATUS": str(status), "BRIEFGEN_MESSAGE": message}
    try:
        done = subprocess.run(
            command_words(command),
            input=message.encode(),
            cwd=root,
            env={**environment, **told},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Phrase(
            "on_failure_command did not end within {command_seconds} seconds",
            command_seconds=COMMAND_SECONDS,
        )
    except FileNotFoundError as error:
        return Phrase("on_failure_command: `{filename}` is not installed", filename=error.filename)
    except (OSError, ValueError, IndexError) as error:
        return Phrase("on_failure_command cannot be run: {error}", error=error)
    return (
        Phrase("on_failure_command ended with status {returncode}", returncode=done.returncode)
        if done.returncode
        else ""
    )
