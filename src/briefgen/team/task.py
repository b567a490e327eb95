"""One person's night: what a worker gets, and the result."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, TextIO

from briefgen import __version__
from briefgen.delivery.conversation import Connect
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_file import ledgers_made_by
from briefgen.night import exit_status
from briefgen.night.log import LOG_FILE, Logbook, NightRun
from briefgen.night.run import NightOutcome, run_unattended
from briefgen.page.system_libraries import require_pango
from briefgen.team.private_copy import NoCopy, private_copy
from briefgen.team.store import Lease, LeaseTaken, Store, TeamLedger, open_store
from briefgen.workspace.folder import Locked, NoWorkspace, Workspace, find_workspace, only_run
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors
from briefgen.workspace.settings import Layer, Settings, read_settings

State = Literal["done", "failed", "running elsewhere"]

MOST_BYTES: Final = 1024
"""The longest result, as JSON."""
_MOST_PROBLEMS: Final = 5
_LONGEST: Final = 160
_REMEMBERED: Final = timedelta(days=7)
"""How far back a person's deliveries are compared with the team's."""
WRONG_CLOCK: Final = 120.0


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a worker gets: where things are, and no secrets; settings only refer to them.

    Attributes:
        over: the roster's settings for this person.
        under: the settings of everyone, and where the firm's contacts are.
        store: where the team's leases and deliveries are.
        sent: the time on the machine that sent the task, in seconds since 1970.
    """

    person: str
    workspace: str
    remote: bool
    over: Layer = field(repr=False)
    under: Layer = field(repr=False)
    store: str = field(repr=False)
    as_of: datetime
    night: date
    sent: float
    mails_per_minute: int | None = None
    version: str = __version__


@dataclass(frozen=True, kw_only=True)
class Result:
    """The outcome of one person's night, at most a kilobyte.

    Attributes:
        waiting: how many mails wait for another try.
    """

    person: str
    state: State
    briefs: int = 0
    mails: int = 0
    waiting: int = 0
    problems: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The result as `--json` shows it."""
        told = asdict(self)
        del told["waiting"]
        return {**told, "problems": [dict(one) for one in self.problems]}


def fitted(result: Result) -> Result:
    """The result with as many of its problems as a kilobyte holds."""
    kept = result.problems[:_MOST_PROBLEMS]
    while kept and len(json.dumps(replace(result, problems=kept).as_json())) > MOST_BYTES:
        kept = kept[:-1]
    return replace(result, problems=kept)


def run_task(task: Task) -> Result:
    """Run one person's night; whatever happens ends up in the result."""
    if task.version != __version__:
        message = Phrase(
            "this worker has briefgen {ours}, and the night was begun by {theirs};"
            " install the same everywhere",
            ours=__version__,
            theirs=task.version,
        )
        return _failed(task, message)
    try:
        require_pango()
        return fitted(_night(task))
    except (LeaseTaken, Locked):
        return Result(person=task.person, state="running elsewhere")
    except Exception as error:  # noqa: BLE001  # one broken person costs nobody else anything
        return _failed(task, _why(error))


def _why(error: Exception) -> str:
    if isinstance(error, (LedgerFault, NoWorkspace, NoCopy)):
        return str(error)
    if isinstance(error, OSError):
        named = f"{Path(os.fsdecode(error.filename)).name}: " if error.filename else ""
        return f"{named}{error.strerror or type(error).__name__}"
    return Phrase("the night broke off: {error}", error=type(error).__name__)


def _night(task: Task) -> Result:
    """Run the night under its lease, or without one if the store does not answer."""
    with ExitStack() as stack:
        try:
            store = stack.enter_context(_known_store(task.store))
            lease = stack.enter_context(store.lease(task.person, task.night))
        except LedgerFault as fault:
            return _without_store(task, str(fault))
        try:
            result = fitted(_with_clock(_run(task, lease), task, store))
        except (LeaseTaken, Locked, LedgerFault):
            raise
        except Exception as error:  # noqa: BLE001  # a night that failed is not left as running
            result = _failed(task, _why(error))
        told = result.as_json()
        del told["person"], told["state"]
        lease.finish(result.state, told)
        return result


def _without_store(task: Task, fault: str) -> Result:
    """Run a night that cannot be recorded: the briefs are made, but nothing is sent.

    It is tried again later, like one whose mail was put off.
    """
    result = _run(task, None)
    message = Phrase("nothing was mailed or printed: {error}", error=fault)
    problem = _told(Problem(file="", message=message))
    return replace(result, state="failed", waiting=1, problems=(problem, *result.problems))


_AWAY: Final[dict[str, tuple[float, LedgerFault]]] = {}
"""Until when a store that did not answer is not asked again, and what it said."""
_AWAY_SECONDS: Final = 30.0


@contextmanager
def _known_store(address: str) -> Iterator[Store]:
    """The store; one that does not answer is tried every half minute, not for each person."""
    until, fault = _AWAY.get(address, (0.0, None))
    if fault is not None and time.monotonic() < until:
        raise fault
    with ExitStack() as stack:
        try:
            store = stack.enter_context(open_store(address))
        except LedgerFault as error:
            _AWAY[address] = time.monotonic() + _AWAY_SECONDS, error
            raise
        yield store


def _failed(task: Task, message: str) -> Result:
    problem = Problem(file=task.over.file, line=task.over.line, message=message)
    return fitted(Result(person=task.person, state="failed", problems=(_told(problem),)))


def _told(problem: Problem) -> dict[str, Any]:
    message = problem.message  # a short phrase stays one, to be translated
    short = message if len(message) <= _LONGEST else f"{message[: _LONGEST - 1]}…"
    return {"file": problem.file[-_LONGEST:], "line": problem.line, "message": short}


def _with_clock(result: Result, task: Task, store: Store) -> Result:
    """The result, with a problem if this machine's clock is far from the others'."""
    here = time.clock_gettime(time.CLOCK_REALTIME)  # compared only; a night goes by `as_of`
    early, off = task.sent - here, store.clock() - here
    worst = max(early, off, -off)
    if worst < WRONG_CLOCK:
        return result
    problem = Problem(
        file="",
        message=Phrase(
            "the clock of a worker is {count} seconds from the others'; set it right",
            count=round(worst),
        ),
        severity="warning",
    )
    return replace(result, problems=(_told(problem), *result.problems))


def _run(task: Task, lease: Lease | None) -> Result:
    with ExitStack() as stack:
        if task.remote:
            copy = stack.enter_context(private_copy(task.workspace))
            workspace = Workspace(root=copy.folder)
        else:
            copy = None
            given = Path(task.workspace)
            workspace = find_workspace(given, environment={}, current=Path.cwd())
        settings, problems = read_settings(workspace.root, over=task.over, under=task.under)
        if settings is None:
            told = tuple(map(_told, errors(problems)))
            return Result(person=task.person, state="failed", problems=told)
        stack.enter_context(only_run(workspace))
        ran, clean = _unattended(task, workspace, settings, lease)
        if copy is not None:
            copy.bring_back()
    return _result(task, ran, clean)


def _unattended(
    task: Task, workspace: Workspace, settings: Settings, lease: Lease | None
) -> tuple[NightOutcome, Callable[[str], str]]:
    as_of = task.as_of.astimezone(settings.zone)
    with ExitStack() as stack:
        if lease is None:
            quiet = settings.nightly.model_copy(update={"print_": False})
            settings = settings.model_copy(update={"mail": None, "nightly": quiet})
        else:
            since = (as_of - _REMEMBERED).date()
            stack.enter_context(ledgers_made_by(partial(TeamLedger, lease=lease, since=since)))
        log = stack.enter_context(_log_of(workspace))
        logbook = Logbook(log, form="text", zone=settings.zone, settings=settings, quiet=False)
        stack.callback(logbook.close)
        connect = Connect(
            environment=os.environ,
            learned=logbook.learn,
            wait_for_turn=lambda count: _wait(task, settings, lease, count),
        )
        ran = run_unattended(
            NightRun(
                workspace=workspace,
                settings=settings,
                as_of=as_of,
                connect=connect,
                logbook=logbook,
            )
        )
        return ran, logbook.clean


def _wait(task: Task, settings: Settings, lease: Lease | None, count: int) -> None:
    if lease is not None and task.mails_per_minute is not None and settings.mail is not None:
        mail = settings.mail
        place = f"{mail.host}:{mail.port}"
        wait = lease.store.wait_for_turn(place, mail.from_, count, per_minute=task.mails_per_minute)
        time.sleep(wait)


@contextmanager
def _log_of(workspace: Workspace) -> Iterator[TextIO]:
    workspace.memory.mkdir(mode=0o700, exist_ok=True)
    path = workspace.memory / LOG_FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
        yield stream


def _result(task: Task, ran: NightOutcome, clean: Callable[[str], str]) -> Result:
    report = ran.report or {"briefs": [], "deliveries": [], "problems": []}
    mails = [one["state"] for one in report["deliveries"] if one["channel"] == "mail"]
    problems = [
        Problem(file=one["file"], line=one["line"], message=clean(str(one["message"])))
        for one in report["problems"]
        if one["severity"] == "error"
    ]
    if ran.reasons:
        problems = [Problem(file="", message=clean(str(reason))) for reason in ran.reasons]
    return Result(
        person=task.person,
        state="done" if ran.status == exit_status.DONE else "failed",
        briefs=sum(one["state"] in {"written", "unchanged"} for one in report["briefs"]),
        mails=mails.count("sent"),
        waiting=ran.waiting,
        problems=tuple(map(_told, problems)),
    )
