"""Work for a team's workers that dies where a file says so, and makes blank pages."""

import io
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pikepdf

from briefgen.brief.brief import Brief
from briefgen.day import make as written_briefs
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_entry import Delivery
from briefgen.page.look import MadePage
from briefgen.team.store import TeamLedger
from briefgen.team.task import Result, Task, run_task

DEATHS = "BRIEFGEN_TEST_DEATHS"
"""A folder; a file `before-dot` or `after-250` in it kills the next worker that comes there."""


def is_marked(place: str) -> bool:
    """Whether a file of this name lies there; it is taken away."""
    for file in sorted(Path(os.environ[DEATHS]).glob(f"{place}*")):
        with suppress(FileNotFoundError):
            file.unlink()
            return True
    return False


def die_at(place: str) -> None:
    """Kill this process where a file of this name lies, once."""
    if is_marked(place):
        os.kill(os.getpid(), signal.SIGKILL)


class MortalLedger(TeamLedger):
    """A ledger at whose turns a process may die."""

    def sending(self, delivery: Delivery, as_of: datetime) -> Delivery:
        """Die before or after the turn is written down."""
        die_at("before-sending")
        turned = super().sending(delivery, as_of)
        die_at("before-dot")
        return turned

    def sent(self, delivery: Delivery, as_of: datetime, *, job: str | None = None) -> Delivery:
        """Die between the server's 250 and the commit, or lose the database there."""
        die_at("after-250")
        if is_marked("lost-after-250"):
            with suppress(LedgerFault):
                self._lease.store.run("SELECT pg_terminate_backend(pg_backend_pid())")
        return super().sent(delivery, as_of, job=job)


def blank_pages(briefs: Sequence[Brief], *_: object, **__: object) -> Iterator[object]:
    """A blank page for each brief."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return ((at, MadePage(pdf=out.getvalue())) for at in range(len(briefs)))


def mortal_night(task: Task) -> Result:
    """One person's night with blank pages, in which the worker may die."""
    written_briefs.make_pages = blank_pages  # type: ignore[assignment]  # only in a worker of a test
    return mortal_page_night(task)


def mortal_page_night(task: Task) -> Result:
    """The same with real pages."""
    import briefgen.team.task as there

    there.TeamLedger = MortalLedger  # type: ignore[misc]  # as above
    return run_task(task)
