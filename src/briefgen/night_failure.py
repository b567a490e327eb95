"""What is said of a night that failed: one mail, and a command of the user's where it cannot go."""

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from briefgen.delivery.connecting import Connect
from briefgen.delivery.ledger import LedgerFault, open_ledger
from briefgen.delivery.letters import failure_letter
from briefgen.delivery.mailing import Post, Topic, plan_mail, send_planned
from briefgen.delivery.news import Content
from briefgen.delivery.passwords import COMMAND_SECONDS
from briefgen.language import language_of
from briefgen.page.look import Look
from briefgen.settings import Settings
from briefgen.workspace import Workspace


def mail_failure(
    workspace: Workspace,
    settings: Settings,
    reasons: Sequence[str],
    *,
    as_of: datetime,
    connect: Connect,
) -> bool:
    """Mail that a night made nothing, once a day; whether the mail could say so."""
    mail = settings.mail
    if mail is None or not settings.nightly.email:
        return False
    language = language_of(settings.locale)
    look = Look.of(workspace, settings, language)
    topic = Topic(
        about=f"night {as_of.date()}",
        day=as_of.date(),
        content=Content(meetings=(), wanted_empty=True),
    )
    try:
        with open_ledger(workspace.memory) as ledger:
            planned = plan_mail(
                (topic,), mail.to, ledger=ledger, sender=mail.from_, as_of=as_of,
                zone=settings.zone,
            )  # fmt: skip
            post = Post(
                ledger=ledger,
                server=lambda: connect.server(mail, workspace),
                sender=mail.from_,
                sender_name=settings.me.name,
                language=language,
                as_of=as_of,
            )
            letter = failure_letter(as_of.date(), reasons, look=look)
            send_planned(planned, lambda _: letter, post)
            told = [one for one in ledger.of_day(as_of.date()) if one.about == topic.about]
    except LedgerFault:
        return False
    return bool(told) and all(one.state == "sent" for one in told)


def run_failure_command(
    command: str, message: str, *, root: Path, environment: Mapping[str, str], status: int
) -> str:
    """Run `on_failure_command`, the message on its standard input; gives what went wrong with it.

    It runs without a shell; BRIEFGEN_STATUS and BRIEFGEN_MESSAGE tell it what happened.
    """
    told = {"BRIEFGEN_STATUS": str(status), "BRIEFGEN_MESSAGE": message}
    try:
        done = subprocess.run(
            shlex.split(command),
            input=message.encode(),
            cwd=root,
            env={**environment, **told},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"on_failure_command did not end within {COMMAND_SECONDS} seconds"
    except (OSError, ValueError) as error:
        return f"on_failure_command cannot be run: {error}"
    return f"on_failure_command ended with status {done.returncode}" if done.returncode else ""
