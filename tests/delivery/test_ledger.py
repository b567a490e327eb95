import os
import signal
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefgen.delivery.ledger import (
    LONGEST_WAIT,
    Delivery,
    Ledger,
    LedgerBroken,
    LedgerFault,
    is_due,
    open_ledger,
    read_ledger,
    set_aside,
    wait_after,
)

NOW = datetime(2026, 11, 22, 22, 10, tzinfo=UTC)
DAY = date(2026, 11, 23)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An open, empty ledger."""
    with open_ledger(tmp_path) as ledger:
        yield ledger


def intend(ledger: Ledger, message_id: str = "<a@keller.example>") -> Delivery:
    """A day's mail, decided."""
    return ledger.intend(
        channel="mail",
        about="day 2026-11-23",
        day=DAY,
        recipient="robin@keller.example",
        version="v1",
        message_id=message_id,
        facts={"meetings": [{"title": "Review with Dana Smith"}]},
        as_of=NOW,
    )


def test_the_usual_way(ledger: Ledger) -> None:
    """From intent over sending to sent, each turn on the disk at once."""
    delivery = intend(ledger)
    assert (delivery.state, delivery.attempts) == ("intent", 0)
    delivery = ledger.sending(delivery, NOW)
    assert (delivery.state, delivery.attempts) == ("sending", 1)
    delivery = ledger.sent(delivery, NOW)
    assert (delivery.state, delivery.open) == ("sent", False)
    assert ledger.thread("mail", "day 2026-11-23", "robin@keller.example") == (delivery,)


def test_intent_is_kept_once(ledger: Ledger) -> None:
    """The same message is one entry, however often it is decided."""
    assert intend(ledger) == intend(ledger)
    assert len(ledger.of_day(DAY)) == 1


def test_sent_stays_sent(ledger: Ledger) -> None:
    """What is sent cannot be sent again or fail."""
    sent = ledger.sent(ledger.sending(intend(ledger), NOW), NOW)
    with pytest.raises(LedgerFault, match="cannot change so"):
        ledger.sending(sent, NOW)
    with pytest.raises(LedgerFault, match="cannot change so"):
        ledger.failed(sent, "no", NOW, again=True)


def test_temporary_failure_waits(ledger: Ledger) -> None:
    """What failed for a while is due again after a wait that doubles with each try."""
    delivery = ledger.failed(intend(ledger), "451 try later", NOW, again=True)
    assert delivery.retry_at == NOW + timedelta(minutes=15)
    assert not is_due(delivery, NOW + timedelta(minutes=14))
    assert is_due(delivery, NOW + timedelta(minutes=15))
    delivery = ledger.failed(delivery, "451 try later", NOW, again=True)
    assert delivery.retry_at == NOW + timedelta(minutes=30)


def test_lasting_failure_ends(ledger: Ledger) -> None:
    """What was refused for good is never due again."""
    delivery = ledger.failed(intend(ledger), "550 no such user", NOW, again=False)
    assert (delivery.state, delivery.open, delivery.reason) == ("failed", False, "550 no such user")


def test_death_while_sending_is_unsure(ledger: Ledger) -> None:
    """What a dead run left in `sending` may be sent once more, and only once."""
    ledger.sending(intend(ledger), NOW)
    (delivery,) = ledger.recover("mail", NOW)
    assert (delivery.state, delivery.open, delivery.resent) == ("unsure", True, False)
    ledger.sending(delivery, NOW)
    (delivery,) = ledger.recover("mail", NOW)
    assert (delivery.state, delivery.open, delivery.resent) == ("unsure", False, True)


def test_unsure_stays_unsure_when_the_resend_fails_early(ledger: Ledger) -> None:
    """A second try that never reached the server takes nothing away: it waits, still unsure."""
    ledger.sending(intend(ledger), NOW)
    (delivery,) = ledger.recover("mail", NOW)
    delivery = ledger.failed(delivery, "cannot connect", NOW, again=True)
    assert (delivery.state, delivery.open) == ("unsure", True)
    assert not is_due(delivery, NOW)
    delivery = ledger.failed(delivery, "550 no", NOW, again=False)
    assert (delivery.state, delivery.open) == ("unsure", False)


def test_clock_set_back(ledger: Ledger) -> None:
    """A wait written by a clock that was since set back a year is not waited for."""
    delivery = ledger.failed(intend(ledger), "451", NOW, again=True)
    assert is_due(delivery, NOW - timedelta(days=365))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_waits_are_bounded(attempts: int) -> None:
    """Waits never shrink and never exceed six hours."""
    assert wait_after(attempts) <= wait_after(attempts + 1) <= LONGEST_WAIT


def test_print_is_never_tried_again(ledger: Ledger) -> None:
    """An unsure print job is not open: paper is not printed twice."""
    job = ledger.intend(
        channel="print",
        about="day 2026-11-23",
        day=DAY,
        recipient="office",
        version="v1",
        message_id="briefgen 2026-11-23 k7q4",
        as_of=NOW,
    )
    ledger.sending(job, NOW)
    (job,) = ledger.recover("print", NOW)
    assert (job.state, job.open) == ("unsure", False)
    assert ledger.sent(job, NOW, job="office-17").job == "office-17"


def test_newer_version_takes_the_place(ledger: Ledger) -> None:
    """What never went out can be struck; what may have gone cannot."""
    ledger.withdraw(intend(ledger))
    assert ledger.of_day(DAY) == ()
    ledger.withdraw(ledger.sending(intend(ledger), NOW))
    assert len(ledger.of_day(DAY)) == 1


def test_kill_between_any_two_turns(tmp_path: Path) -> None:
    """After a SIGKILL the ledger holds exactly what had been written down."""
    for turns, state in ((0, "intent"), (1, "sending"), (2, "sent")):
        folder = tmp_path / str(turns)
        child = os.fork()
        if child == 0:
            with open_ledger(folder) as ledger:
                delivery = intend(ledger)
                if turns > 0:
                    delivery = ledger.sending(delivery, NOW)
                if turns > 1:
                    ledger.sent(delivery, NOW)
                os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
        with open_ledger(folder) as ledger:
            assert [delivery.state for delivery in ledger.of_day(DAY)] == [state]


def test_not_a_ledger(tmp_path: Path) -> None:
    """A file that is no database is named, and can be set aside."""
    (tmp_path / "state.sqlite").write_bytes(b"not a database, but long enough to be looked at" * 40)
    with pytest.raises(LedgerBroken, match=r"state\.sqlite"), open_ledger(tmp_path):
        pass
    aside = set_aside(tmp_path, NOW)
    with open_ledger(tmp_path) as ledger:
        assert ledger.latest(1) == ()
    assert aside.name == "state-broken-20261122T221000.sqlite"


def test_newer_format_is_left_alone(tmp_path: Path) -> None:
    """A ledger of a newer briefgen is refused, not changed."""
    with sqlite3.connect(tmp_path / "state.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LedgerFault, match="newer briefgen"), open_ledger(tmp_path):
        pass


def test_full_disk_names_the_file(tmp_path: Path) -> None:
    """No room for the ledger is told with the ledger's path, and nothing half stays."""
    with open_ledger(tmp_path) as ledger:
        pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LedgerFault, match=r"state\.sqlite: database or disk is full"):
            intend(ledger, f"<{'x' * 100_000}@keller.example>")
        ledger._connection.execute("PRAGMA max_page_count = 100000")
        assert intend(ledger).state == "intent"


def test_looking_writes_nothing(tmp_path: Path) -> None:
    """To read where there is no ledger gives an empty one and makes no file."""
    with read_ledger(tmp_path / ".briefgen") as ledger:
        assert ledger.latest(5) == ()
        assert ledger.nights(5) == ()
    assert list(tmp_path.iterdir()) == []


def test_private_file(tmp_path: Path) -> None:
    """The ledger is readable by its owner alone."""
    with open_ledger(tmp_path / "memory"):
        pass
    assert (tmp_path / "memory" / "state.sqlite").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "memory").stat().st_mode & 0o777 == 0o700


def test_forget(ledger: Ledger, tmp_path: Path) -> None:
    """A forgotten person's name is nowhere in the file; what was sent stays sent."""
    ledger.sent(ledger.sending(intend(ledger), NOW), NOW)
    assert ledger.forget(["dana smith"]) == 1
    (delivery,) = ledger.of_day(DAY)
    assert delivery.state == "sent"
    assert delivery.facts == {"meetings": [{"title": ""}]}
    assert b"Dana" not in (tmp_path / "state.sqlite").read_bytes()


def test_nights(ledger: Ledger) -> None:
    """Nights are kept with their end; one that died has none."""
    first = ledger.begin_night(NOW)
    ledger.begin_night(NOW + timedelta(days=1))
    ledger.end_night(first, ended=NOW, status=0, summary={"written": 3})
    died, done = ledger.nights(5)
    assert (died.status, died.ended) == (None, None)
    assert (done.status, done.summary) == (0, {"written": 3})
