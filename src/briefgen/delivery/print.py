"""Print jobs handed to CUPS by `lp`, each recorded before and after, none printed twice."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from briefgen.delivery.ledger import Ledger
from briefgen.delivery.ledger_entry import Delivery, is_due
from briefgen.delivery.print_queue import QueuedJob, QueueSilent, jobs_titled
from briefgen.workspace.atomic import read_regular
from briefgen.workspace.folder import SETTINGS_FILE
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.settings import Edition, Settings, Size
from briefgen.workspace.value import Value

LP_SECONDS: Final = 60
"""How long `lp` may take to hand a job over."""
DEFAULT_QUEUE: Final = Phrase("default printer")
"""The recipient in the ledger if the settings name no printer."""
MAY_BE_PRINTED: Final = frozenset({"sending", "sent", "unsure"})
"""The states in which there may be paper."""
ASKED_DAYS: Final = timedelta(days=3)
"""How long to ask the queue about a job whose outcome is unknown."""

_REQUEST: Final = re.compile(r"request id is (\S+)")
_PASSING: Final = re.compile(
    r"scheduler is not running|unable to connect|connection refused|bad file descriptor|timed? ?out"
    r"|host is down|service-unavailable|server-error|not accepting|temporarily|busy",
    re.IGNORECASE,
)


class PrintJob(Value, frozen=True, kw_only=True):
    """One job for the printer.

    Attributes:
        title: unique; nothing of a meeting is in it, since queues show titles to others.
        files: absolute paths, printed in this order, each from a new sheet.
        printer: the queue's name; None for the system's default.
    """

    title: str
    files: tuple[Path, ...]
    printer: str | None
    size: Size = "A4"
    sides: Literal["one-sided", "two-sided"] = "one-sided"
    color: bool = True
    copies: int = 1


class Handover(Value, frozen=True, kw_only=True):
    """The outcome of a job given to `lp`.

    Attributes:
        state: the queue has it, does not have it, or it is unknown.
        job: the queue's name for it, like `office-12`.
        again: whether a failure may succeed later.
    """

    state: Literal["sent", "failed", "unsure"]
    job: str | None = None
    reason: str = ""
    again: bool = False


def lp_command(job: PrintJob) -> tuple[str, ...]:
    """The call of `lp` for a job: an argument list, never a line for a shell."""
    sides = "two-sided-long-edge" if job.sides == "two-sided" else "one-sided"
    return (
        "lp",
        *(("-d", job.printer) if job.printer else ()),
        *("-t", job.title, "-n", str(job.copies)),
        *("-o", f"media={job.size}", "-o", f"sides={sides}"),
        *(() if job.color else ("-o", "print-color-mode=monochrome")),
        "--",
        *(str(file) for file in job.files),
    )


def hand_over(job: PrintJob, *, seconds: float = LP_SECONDS) -> Handover:
    """Give a job to `lp`; if the outcome is not certain, ask the queue."""
    try:
        done = subprocess.run(
            lp_command(job),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            env={**os.environ, "LC_ALL": "C"},
            start_new_session=True,  # so that it has no terminal to ask for a password
            check=False,
        )
    except FileNotFoundError:
        return Handover(state="failed", reason=no_lp(), again=True)
    except subprocess.TimeoutExpired:
        return _asked(job, Phrase("`lp` did not end within {seconds:g} seconds", seconds=seconds))
    except OSError as error:
        return Handover(state="failed", reason=f"`lp`: {error.strerror}", again=True)
    if done.returncode == 0:
        found = _REQUEST.search(done.stdout)
        return (
            Handover(state="sent", job=found[1])
            if found
            else _asked(job, Phrase("`lp` names no job"))
        )
    said = " ".join((done.stderr or done.stdout).split())[:500]
    if done.returncode < 0:
        return _asked(job, Phrase("`lp` was ended by signal {value}", value=-done.returncode))
    reason = Phrase(
        "`lp` ended with status {status}: {said}", status=done.returncode, said=said or "-"
    )
    if "No default destination" in said:
        name_one = Phrase("name one in {file}: printer: {{name: office}}", file=SETTINGS_FILE)
        none = Phrase("the system has no default printer")
        reason = Phrase("{one}; {other}", one=none, other=name_one)
    if "does not exist" in said:
        there = Phrase("`lpstat -e` lists the printers there are, `printer.name` names one")
        reason = Phrase("{one}; {other}", one=reason, other=there)
    return Handover(state="failed", reason=reason, again=bool(_PASSING.search(said)))


def no_lp(platform: str = sys.platform) -> Phrase:
    """What to say if there is no `lp`, with the line that installs it."""
    if platform == "darwin":
        return Phrase("there is no `lp` on the PATH; macOS has it in /usr/bin")
    line = "sudo apt install cups-client"
    for tool, other in (("dnf", "cups-client"), ("pacman", "cups"), ("zypper", "cups-client")):
        if not shutil.which("apt") and shutil.which(tool):
            verb = "-S" if tool == "pacman" else "install"
            line = f"sudo {tool} {verb} {other}"
    return Phrase("there is no `lp` to print with; install it with: {line}", line=line)


def _asked(job: PrintJob, reason: str) -> Handover:
    """What the queue says about a job whose outcome we do not know."""
    try:
        found = jobs_titled(job.title)
    except QueueSilent as silent:
        return Handover(state="unsure", reason=Phrase.listed([reason, str(silent)]))
    return _judged(found) or Handover(
        state="unsure", reason=Phrase("{reason}; the queue has no such job", reason=reason)
    )


def _judged(found: Sequence[QueuedJob]) -> Handover | None:
    """The outcome of the jobs of one title; None if it is not certain."""
    whole = [job for job in found if not job.arriving]
    for job in whole:
        if job.state != "gone wrong":
            return Handover(state="sent", job=job.name)
    if whole:
        return Handover(
            state="failed",
            job=whole[0].name,
            reason=Phrase("the queue dropped {name}", name=whole[0].name),
        )
    return None


class PrintWish(Value, frozen=True, kw_only=True):
    """What to print for a day, before it is a job with a title.

    Attributes:
        what: `packet` or `briefs`.
        files: absolute paths in order.
        version: a hash of the files and how they are printed.
        holds: a mark for each thing on them that would be worth printing again.
        sheets: what they say, as the ledger keeps it.
    """

    day: date
    what: Literal["packet", "briefs"]
    edition: Edition
    files: tuple[Path, ...]
    version: str
    copies: int = 1
    holds: frozenset[str] = frozenset()
    sheets: tuple[Mapping[str, Any], ...] = ()

    @property
    def about(self) -> str:
        """Its name in the ledger."""
        return f"day {self.day.isoformat()}"


def print_wish(
    day: date,
    files: Sequence[Path],
    *,
    what: Literal["packet", "briefs"],
    edition: Edition,
    copies: int = 1,
    holds: Iterable[str] = (),
    sheets: Iterable[Mapping[str, Any]] = (),
) -> PrintWish:
    """What to print for a day, with the version of its files.

    Raises:
        OSError: if a file cannot be read.
    """
    known = hashlib.sha256()
    for file in files:
        content = read_regular(file)
        known.update(len(content).to_bytes(8, "big") + content)
    known.update(repr((what, edition, copies)).encode())
    return PrintWish(
        day=day,
        what=what,
        edition=edition,
        files=tuple(files),
        version=known.hexdigest(),
        copies=copies,
        holds=frozenset(holds),
        sheets=tuple(sheets),
    )


def job_of(wish: PrintWish, settings: Settings, *, number: int = 1) -> PrintJob:
    """The job for a wish; `number` distinguishes a repetition from the job before it."""
    again = f" no. {number}" if number > 1 else ""
    known = repr((wish.version, *map(str, wish.files), queue_name(settings)))
    sign = hashlib.sha256(known.encode()).hexdigest()[:12]
    title = f"briefgen {wish.day} {wish.what} {wish.edition} {sign}{again}"
    return PrintJob(
        title=title,
        files=wish.files,
        printer=settings.printer.name,
        size=settings.page.size,
        sides=settings.printer.sides,
        color=settings.page.color,
        copies=wish.copies,
    )


def queue_name(settings: Settings) -> str:
    """The recipient of print jobs in the ledger."""
    return settings.printer.name or DEFAULT_QUEUE


def already_printed(wish: PrintWish, ledger: Ledger, settings: Settings) -> Delivery | None:
    """The delivery that makes printing this unnecessary, or None.

    That is one of the same version, or one that had everything on it. What may have been printed
    counts: paper cannot be recalled, and nothing is printed twice unless asked for.
    """
    for delivery in reversed(ledger.thread("print", wish.about, queue_name(settings))):
        if delivery.state in MAY_BE_PRINTED and _covers(delivery, wish):
            return delivery
    return None


def _covers(delivery: Delivery, wish: PrintWish) -> bool:
    if delivery.version == wish.version:
        return True
    held = delivery.facts.get("holds", [])
    same_kind = delivery.facts.get("edition") == wish.edition
    return same_kind and bool(wish.holds) and wish.holds <= set(held)


def waits(wish: PrintWish, ledger: Ledger, settings: Settings, as_of: datetime) -> bool:
    """Whether printing this has failed, and is not to be tried again now."""
    thread = ledger.thread("print", wish.about, queue_name(settings))
    failed = [one for one in thread if one.version == wish.version and one.state == "failed"]
    return bool(failed) and not is_due(failed[-1], as_of)


def print_now(
    wish: PrintWish,
    *,
    ledger: Ledger,
    settings: Settings,
    as_of: datetime,
    seconds: float = LP_SECONDS,
) -> Delivery:
    """Print, whatever was printed before, and record the outcome.

    The caller holds the lock.

    Raises:
        LedgerFault: if it cannot be recorded; nothing is printed then.
    """
    thread = ledger.thread("print", wish.about, queue_name(settings))
    used = {delivery.message_id for delivery in thread if delivery.state in MAY_BE_PRINTED}
    number = 1
    while (job := job_of(wish, settings, number=number)).title in used:
        number += 1
    delivery = ledger.intend(
        channel="print",
        about=wish.about,
        day=wish.day,
        recipient=queue_name(settings),
        version=wish.version,
        message_id=job.title,
        kind="update" if any(d.state == "sent" for d in thread) else "first",
        facts={"edition": wish.edition, "holds": sorted(wish.holds), "sheets": wish.sheets},
        as_of=as_of,
    )
    delivery = ledger.sending(delivery, as_of)
    return _written(ledger, delivery, hand_over(job, seconds=seconds), as_of)


def settle(ledger: Ledger, as_of: datetime) -> tuple[Delivery, ...]:
    """Ask the queue about jobs that a run left unfinished; returns those that are still unsure.

    The caller holds the lock. Nothing is printed.
    """
    ledger.recover("print", as_of)
    unsure = [
        delivery
        for delivery in ledger.in_state("unsure", "print")
        if delivery.changed >= as_of - ASKED_DAYS
    ]
    settled = (_settled(ledger, delivery, as_of) for delivery in unsure)
    return tuple(delivery for delivery in settled if delivery.state != "sent")


def _settled(ledger: Ledger, delivery: Delivery, as_of: datetime) -> Delivery:
    try:
        judged = _judged(jobs_titled(delivery.message_id))
    except (QueueSilent, OSError):
        return delivery
    if judged is None:
        return delivery
    return _written(ledger, delivery, judged, as_of)


def _written(ledger: Ledger, delivery: Delivery, came: Handover, as_of: datetime) -> Delivery:
    if came.state == "sent":
        return ledger.sent(delivery, as_of, job=came.job)
    if came.state == "failed":
        return ledger.failed(delivery, came.reason, as_of, again=came.again)
    return ledger.unsure(delivery, came.reason, as_of)
