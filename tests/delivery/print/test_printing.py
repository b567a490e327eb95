"""Print jobs, against a real CUPS scheduler with a queue that prints into a file."""

import io
import socket
import stat
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from pypdf import PdfReader

from briefgen.delivery.ledger import Ledger
from briefgen.delivery.ledger_file import open_ledger
from briefgen.delivery.print import (
    PrintJob,
    PrintWish,
    already_printed,
    hand_over,
    job_of,
    lp_command,
    no_lp,
    print_now,
    print_wish,
    settle,
)
from briefgen.delivery.print_queue import QueueSilent, jobs_titled
from briefgen.workspace.settings import Settings

from .conftest import Cups

AS_OF = datetime(2026, 11, 22, 22, 10, tzinfo=ZoneInfo("Europe/Berlin"))
DAY = date(2026, 11, 23)
OFFICE = Settings.model_validate({"printer": {"name": "office"}})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    with open_ledger(tmp_path / ".briefgen") as opened:
        yield opened


def pdf(path: Path, pages: int = 1) -> Path:
    """A PDF of so many empty pages."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    made.save(path)
    return path


def wish(path: Path, pages: int = 1, copies: int = 1) -> PrintWish:
    """The wish for a packet of so many pages."""
    packet = pdf(path / "packet.pdf", pages)
    return print_wish(DAY, [packet], what="packet", edition="full", copies=copies)


def test_the_call_is_a_list_of_arguments_in_the_settings_own_words() -> None:
    """Media, sides, copies, colour and queue; files behind `--`, so that none is an option."""
    job = PrintJob(
        title="briefgen x; rm -rf $HOME",
        files=(Path("/w s/-o.pdf"),),
        printer="office",
        size="Letter",
        sides="two-sided",
        color=False,
        copies=2,
    )
    assert lp_command(job) == (
        *("lp", "-d", "office", "-t", "briefgen x; rm -rf $HOME", "-n", "2"),
        *("-o", "media=Letter", "-o", "sides=two-sided-long-edge"),
        *("-o", "print-color-mode=monochrome", "--", "/w s/-o.pdf"),
    )


def test_without_a_name_the_systems_default_is_used() -> None:
    """No `-d` then: CUPS knows its default."""
    job = job_of(
        PrintWish(day=DAY, what="packet", edition="full", files=(), version="a"), Settings()
    )
    assert "-d" not in lp_command(job)


def test_a_job_is_printed_and_its_number_kept(cups: Cups, tmp_path: Path, ledger: Ledger) -> None:
    """Two copies of a packet of three sheets come out, and the ledger knows the job."""
    delivery = print_now(wish(tmp_path, 3, copies=2), ledger=ledger, settings=OFFICE, as_of=AS_OF)
    assert delivery.state == "sent"
    assert delivery.job is not None
    assert delivery.job.startswith("office-")
    assert delivery.recipient == "office"
    assert len(PdfReader(io.BytesIO(cups.printed())).pages) == 6


def test_the_title_finds_the_job(cups: Cups, tmp_path: Path, ledger: Ledger) -> None:
    """The queue, asked for the unique title, names the same job; another title finds none."""
    delivery = print_now(wish(tmp_path), ledger=ledger, settings=OFFICE, as_of=AS_OF)
    cups.printed()
    (job,) = jobs_titled(delivery.message_id)
    assert (job.name, job.state, job.arriving) == (delivery.job, "done", False)
    assert jobs_titled("no such title") == ()


def test_what_is_printed_is_known_and_only_printed_again_when_asked(
    cups: Cups, tmp_path: Path, ledger: Ledger
) -> None:
    """The same version counts as printed; asked for again, it is a job with its own title."""
    wished = wish(tmp_path, 2)
    assert already_printed(wished, ledger, OFFICE) is None
    first = print_now(wished, ledger=ledger, settings=OFFICE, as_of=AS_OF)
    assert already_printed(wished, ledger, OFFICE) == first
    assert already_printed(wish(tmp_path, 4), ledger, OFFICE) is None
    second = print_now(wished, ledger=ledger, settings=OFFICE, as_of=AS_OF)
    assert second.message_id == f"{first.message_id} no. 2"
    assert second.state == "sent"


def test_an_unknown_printer_fails_for_good_and_says_what_to_do(
    cups: Cups, tmp_path: Path, ledger: Ledger
) -> None:
    """No later run can mend a wrong name."""
    settings = Settings.model_validate({"printer": {"name": "ofice"}})
    delivery = print_now(wish(tmp_path), ledger=ledger, settings=settings, as_of=AS_OF)
    assert (delivery.state, delivery.retry_at) == ("failed", None)
    assert "printer.name" in delivery.reason


def test_a_printer_that_takes_no_jobs_is_tried_again(
    cups: Cups, tmp_path: Path, ledger: Ledger
) -> None:
    """It may take them later; the same entry is used then."""
    settings = Settings.model_validate({"printer": {"name": "closed"}})
    wished = wish(tmp_path)
    delivery = print_now(wished, ledger=ledger, settings=settings, as_of=AS_OF)
    assert delivery.state == "failed"
    assert delivery.retry_at is not None
    assert already_printed(wished, ledger, settings) is None
    later = print_now(wished, ledger=ledger, settings=settings, as_of=AS_OF + timedelta(hours=1))
    assert (later.number, later.attempts) == (delivery.number, 2)


def test_a_printer_at_rest_has_the_job_waiting(cups: Cups, tmp_path: Path, ledger: Ledger) -> None:
    """A queue that is stopped for paper has taken the job; it is not given another."""
    settings = Settings.model_validate({"printer": {"name": "resting"}})
    delivery = print_now(wish(tmp_path), ledger=ledger, settings=settings, as_of=AS_OF)
    assert delivery.state == "sent"
    (job,) = jobs_titled(delivery.message_id)
    assert job.state == "waiting"


def test_no_scheduler_is_tried_again(no_cups: Path, ledger: Ledger) -> None:
    """Nobody listens: nothing can have been printed."""
    delivery = print_now(wish(no_cups), ledger=ledger, settings=OFFICE, as_of=AS_OF)
    assert delivery.state == "failed"


def test_no_lp_is_said_with_the_line_that_installs_it(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If there is no `lp`, the reason names the package."""
    monkeypatch.setenv("PATH", str(tmp_path))
    delivery = print_now(wish(tmp_path), ledger=ledger, settings=OFFICE, as_of=AS_OF)
    assert delivery.state == "failed"
    assert (
        delivery.reason
        == "there is no `lp` to print with; install it with: sudo apt install cups-client"
    )
    assert "/usr/bin" in no_lp("darwin")


def died(ledger: Ledger, wished: PrintWish) -> PrintJob:
    """The ledger as a run leaves it that is killed while `lp` works."""
    job = job_of(wished, OFFICE)
    delivery = ledger.intend(
        channel="print",
        about=wished.about,
        day=DAY,
        recipient="office",
        version=wished.version,
        message_id=job.title,
        as_of=AS_OF,
    )
    ledger.sending(delivery, AS_OF)
    return job


def test_after_a_death_behind_lp_the_queue_knows_the_job(
    cups: Cups, tmp_path: Path, ledger: Ledger
) -> None:
    """The job came through before the run died: it is found by its title and not printed again."""
    wished = wish(tmp_path, 5)
    job = died(ledger, wished)
    assert hand_over(job).state == "sent"
    assert settle(ledger, AS_OF) == ()
    (delivery,) = ledger.of_day(DAY)
    assert delivery.state == "sent"
    assert delivery.job is not None
    assert already_printed(wished, ledger, OFFICE) == delivery


def test_after_a_death_before_lp_nobody_knows_and_nothing_is_printed(
    cups: Cups, tmp_path: Path, ledger: Ledger
) -> None:
    """The queue has no such job, which proves little: it stays unsure, and is reported."""
    wished = wish(tmp_path, 6)
    died(ledger, wished)
    (open_one,) = settle(ledger, AS_OF)
    assert open_one.state == "unsure"
    assert already_printed(wished, ledger, OFFICE) == open_one
    assert not cups.paper.exists()


def test_a_silent_queue_leaves_it_unsure(no_cups: Path, ledger: Ledger) -> None:
    """Where nobody can be asked, nothing is printed either."""
    died(ledger, wish(no_cups))
    (open_one,) = settle(ledger, AS_OF)
    assert open_one.state == "unsure"


def slow_lp(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a script in the place of `lp`; `real` in it is the real one."""
    import shutil

    real = shutil.which("lp")
    fake = folder / "bin" / "lp"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\nreal={real}\n{script}\n")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{fake.parent}:/usr/bin:/bin:/usr/sbin")


def test_lp_that_never_ends_is_asked_after(
    cups: Cups, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hands the job over and hangs: after the time limit the queue says that it has it."""
    slow_lp(tmp_path, monkeypatch, '"$real" "$@" >/dev/null; exec sleep 60')
    delivery = print_now(wish(tmp_path), ledger=ledger, settings=OFFICE, as_of=AS_OF, seconds=1.5)
    assert delivery.state == "sent"
    assert delivery.job is not None


def test_no_default_printer_is_said_with_what_to_write(
    cups: Cups, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words of our own, as `doctor` has them, and not in those of `lp`."""
    slow_lp(tmp_path, monkeypatch, "echo 'lp: Error - No default destination.' >&2; exit 1")
    delivery = print_now(wish(tmp_path), ledger=ledger, settings=Settings(), as_of=AS_OF)
    assert delivery.state == "failed"
    assert delivery.reason == (
        "the system has no default printer; name one in briefgen.yaml: printer: {name: office}"
    )


def test_lp_that_hangs_without_a_job_is_unsure(
    cups: Cups, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is bounded, and the reason says what is known."""
    slow_lp(tmp_path, monkeypatch, "exec sleep 60")
    delivery = print_now(
        wish(tmp_path, 7), ledger=ledger, settings=OFFICE, as_of=AS_OF, seconds=0.3
    )
    assert delivery.state == "unsure"
    assert "did not end within 0.3 seconds" in delivery.reason


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\x02\x00\x00",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x02\x00\x00\x00\x00\x00\x00\x01\x47",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x02\x00\x04\x01\x00\x00\x00\x01\x03",
        b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_an_answer_that_is_none_is_silence(
    answer: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A torn, refusing or foreign answer is never taken for `no such job`."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{server.getsockname()[1]}")
        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(QueueSilent):
            jobs_titled("x", seconds=5)
        thread.join()
