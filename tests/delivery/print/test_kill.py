"""A print job survives kill -9 at every step: at most one stack of paper, and never a lie."""

import signal
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefgen.delivery.ledger import Ledger
from briefgen.delivery.ledger_file import open_ledger
from briefgen.delivery.print import already_printed, job_of, print_now, print_wish, settle
from briefgen.delivery.print_queue import jobs_titled
from briefgen.workspace.settings import Settings

from .conftest import Cups

AS_OF = datetime(2026, 11, 22, 22, 10, tzinfo=ZoneInfo("Europe/Berlin"))
DAY = date(2026, 11, 23)
OFFICE = Settings.model_validate({"printer": {"name": "office"}})
SOURCE = Path(__file__).resolve().parents[3] / "src"

DYING = """
import os, signal, sys
from datetime import date, datetime
from pathlib import Path
from briefgen.delivery import print as printing
from briefgen.delivery.ledger import Ledger
from briefgen.delivery.ledger_file import open_ledger
from briefgen.workspace.settings import Settings
folder, point = Path(sys.argv[1]), int(sys.argv[2])
steps = 0
def step():
    global steps
    if steps == point:
        os.kill(os.getpid(), signal.SIGKILL)
    steps += 1
def watched(function):
    def call(*given, **named):
        step()
        result = function(*given, **named)
        step()
        return result
    return call
for name in ("intend", "sending", "sent"):
    setattr(Ledger, name, watched(getattr(Ledger, name)))
printing.hand_over = watched(printing.hand_over)
as_of = datetime.fromisoformat(sys.argv[3])
settings = Settings.model_validate({"printer": {"name": "office"}})
wish = printing.print_wish(
    date(2026, 11, 23), [folder / "packet.pdf"], what="packet", edition="full"
)
with open_ledger(folder / ".briefgen") as ledger:
    printing.print_now(wish, ledger=ledger, settings=settings, as_of=as_of)
"""
POINTS = 8
"""Before and behind: intent, sending, lp, sent."""


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A packet to print."""
    import pikepdf

    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    path = tmp_path_factory.mktemp("paper") / "packet.pdf"
    made.save(path)
    return path.read_bytes()


def run_again(folder: Path, ledger: Ledger) -> str:
    """What the next night does about the day, and the state it comes to."""
    wish = print_wish(DAY, [folder / "packet.pdf"], what="packet", edition="full")
    settle(ledger, AS_OF)
    if already_printed(wish, ledger, OFFICE) is None:
        print_now(wish, ledger=ledger, settings=OFFICE, as_of=AS_OF)
    (delivery,) = ledger.of_day(DAY)
    return delivery.state


@pytest.mark.parametrize("point", range(POINTS + 1))
def test_killed_at_every_step_it_is_printed_once_at_most(
    cups: Cups, tmp_path: Path, paper: bytes, point: int
) -> None:
    """Before it may have gone out, the next run prints it; later, the queue alone decides."""
    (tmp_path / "packet.pdf").write_bytes(paper)
    died = subprocess.run(
        [sys.executable, "-c", DYING, tmp_path, str(point), AS_OF.isoformat()],
        env={
            "PYTHONPATH": str(SOURCE),
            "CUPS_SERVER": str(cups.root / "socket"),
            "PATH": "/usr/bin:/bin",
        },
        check=False,
        capture_output=True,
    )
    assert died.returncode == (0 if point == POINTS else -signal.SIGKILL), died.stderr
    wish = print_wish(DAY, [tmp_path / "packet.pdf"], what="packet", edition="full")
    with open_ledger(tmp_path / ".briefgen") as ledger:
        states = [run_again(tmp_path, ledger) for _ in range(2)]
    jobs = jobs_titled(job_of(wish, OFFICE).title)
    sending = range(3, 5)  # written down that it goes out, and lp not begun
    assert len(jobs) == (0 if point in sending else 1)
    assert states == ["unsure" if point in sending else "sent"] * 2
