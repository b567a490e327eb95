import errno
import json
import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from killing import killed_at

from briefgen.delivery.ledger import Ledger, LedgerBroken, LedgerFault
from briefgen.delivery.ledger_entry import (
    LONGEST_WAIT,
    TURNS,
    Delivery,
    Stage,
    is_due,
    is_repeated,
    stage_of,
    state_of,
    wait_after,
)
from briefgen.delivery.ledger_file import open_ledger, open_whole_ledger, read_ledger, rebuild
from briefgen.workspace.folder import Workspace

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
    assert (delivery.state, delivery.attempts, is_due(delivery, NOW)) == ("intent", 0, True)
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
    assert not is_due(sent, NOW)
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


def test_a_try_that_failed_counts_once(ledger: Ledger) -> None:
    """It counted as it began: the wait after it is that of the first try, a quarter of an hour."""
    delivery = ledger.failed(
        ledger.sending(intend(ledger), NOW), "451 later", NOW + timedelta(minutes=1), again=True
    )
    assert delivery.attempts == 1
    assert delivery.retry_at == NOW + timedelta(minutes=16)


def test_each_turn_has_its_time(ledger: Ledger) -> None:
    """An entry says when the last thing happened to it."""
    at = [NOW + timedelta(minutes=minutes) for minutes in range(3)]
    delivery = ledger.sending(intend(ledger), at[1])
    assert delivery.changed == at[1]
    assert ledger.sent(delivery, at[2]).changed == at[2]
    assert [one.changed for one in ledger.of_day(DAY)] == [at[2]]


def test_what_became_of_it_in_words_and_for_reports(ledger: Ledger) -> None:
    """A person reads channel, state and reason; a report has no more than whose it was."""
    failed = ledger.failed(intend(ledger), "451 later", NOW, again=True)
    assert failed.sentence == "mail failed: 451 later"
    assert failed.replace(channel="print").sentence == "print failed: 451 later"
    assert failed.as_json() == {
        "channel": "mail",
        "message_id": "<a@keller.example>",
        "recipient": "robin@keller.example",
        "state": "failed",
    }


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
    with pytest.raises(LedgerFault, match="cannot change so"):
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
    rebuilt = rebuild(tmp_path, tmp_path / "briefings", NOW)
    with open_ledger(tmp_path) as ledger:
        assert ledger.latest(1) == ()
    assert rebuilt.aside.name == "state-broken-20261122T221000.sqlite"
    assert rebuilt.deliveries == 0


def test_newer_format_is_left_alone(tmp_path: Path) -> None:
    """A ledger of a newer briefgen is refused, not changed."""
    with sqlite3.connect(tmp_path / "state.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LedgerFault, match="newer briefgen"), open_ledger(tmp_path):
        pass


def test_full_disk_names_the_file(tmp_path: Path) -> None:
    """No room for the ledger is reported with the ledger's path, and nothing half-written stays."""
    with open_ledger(tmp_path) as ledger:
        pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LedgerFault, match=r"state\.sqlite: database or disk is full"):
            intend(ledger, f"<{'x' * 100_000}@keller.example>")
        ledger._connection.execute("PRAGMA max_page_count = 100000")
        assert intend(ledger).state == "intent"


def test_looking_writes_nothing(tmp_path: Path) -> None:
    """To read if there is no ledger gives an empty one and makes no file."""
    with read_ledger(tmp_path / ".briefgen") as ledger:
        assert ledger.latest(5) == ()
        assert ledger.nights(5) == ()
    assert list(tmp_path.iterdir()) == []


def test_what_a_ledger_promises_of_its_file(tmp_path: Path) -> None:
    """Each commit is on the disk, what is removed is overwritten, and the format is the first."""
    with open_ledger(tmp_path) as ledger:
        asked = ("synchronous", "secure_delete", "user_version")
        told = [ledger._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
    assert told == [3, 1, 1]


def test_private_file(tmp_path: Path) -> None:
    """The ledger is readable by its owner alone."""
    with open_ledger(tmp_path / "memory"):
        pass
    assert (tmp_path / "memory" / "state.sqlite").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "memory").stat().st_mode & 0o777 == 0o700


def test_forget(ledger: Ledger, tmp_path: Path) -> None:
    """A forgotten person's name is nowhere in the file; what was sent stays sent."""
    ledger.sent(ledger.sending(intend(ledger), NOW), NOW)
    assert ledger.forget(re.compile("(?i)dana smith")) == 1
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


def test_forget_leaves_what_others_said(ledger: Ledger) -> None:
    """Only the texts that name the person go, in deliveries and in the reasons of nights."""
    number = ledger.begin_night(NOW)
    reasons = ["data/contacts/dana.yaml: broken", "mail: refused"]
    ledger.end_night(number, ended=NOW, status=3, summary={"written": 2, "reasons": reasons})
    other = intend(ledger, "<b@keller.example>")
    assert ledger.forget(re.compile(r"dana\.yaml")) == 1
    (night,) = ledger.nights(1)
    assert night.summary == {"written": 2, "reasons": ["", "mail: refused"]}
    assert ledger.of_day(DAY) == (other,)


def test_old_entries_go(ledger: Ledger) -> None:
    """Deliveries and nights from before a day are struck; those of the day itself stay."""
    kept = intend(ledger)
    before = ledger.intend(
        channel="mail", about="day 2026-11-22", day=date(2026, 11, 22), recipient="r",
        version="v", message_id="<old>", as_of=NOW,
    )  # fmt: skip
    ledger.begin_night(NOW - timedelta(days=1))
    night = ledger.begin_night(NOW)
    assert before in ledger.latest(9)
    ledger.clear_old(DAY)
    assert ledger.latest(9) == (kept,)
    assert ledger.nights(9) == ()
    ledger.begin_night(NOW)
    ledger.clear_old(NOW.date())
    assert [one.number for one in ledger.nights(9)] == [night - 1]


@pytest.mark.parametrize(
    ("days", "believed"),
    [
        ((), "2027-11-22"),
        ((0,), "2026-11-22"),
        ((-2, -1, 0), "2026-11-20"),
        ((-2, -1, 0, 0), "2026-11-20"),
        ((-2, -1, 0, 365), "2026-11-21"),
        ((-2, -1, 0, 364, 365), "2026-11-22"),
        ((-2, -1, 0, 363, 364, 365), "2027-11-20"),
    ],
)
def test_the_day_by_which_old_things_go(
    ledger: Ledger, days: tuple[int, ...], believed: str
) -> None:
    """A clock that runs a year ahead is believed on the third day, and not before."""
    for ahead in days:
        ledger.begin_night(NOW + timedelta(days=ahead))
    assert ledger.believed_day(NOW + timedelta(days=365)).isoformat() == believed


def test_the_table_is_complete() -> None:
    """Each stage is reached, and each but the last ones can be left; what is sent stays sent."""
    stages = set(get_args(Stage))
    assert {stage for stage, _ in TURNS} == stages - {"sent", "gone"}
    assert set(TURNS.values()) | {"intent"} == stages
    for (stage, event), then in TURNS.items():
        assert (event == "taken") == (then == "sent"), (stage, event)
        if stage in {"sending", "unsure", "repeating", "doubtful"}:
            assert then != "gone", "what may be out there cannot be struck"
        if event == "begun":
            assert then in {"sending", "repeating"}


def test_every_stage_has_columns_of_its_own() -> None:
    """What is written for a stage is read back as that stage."""
    for stage in set(get_args(Stage)) - {"gone"}:
        columns = state_of(stage)
        repeated = is_repeated(stage, before=False)
        assert stage_of(columns, repeated=repeated, retried=stage == "waiting") == stage
    assert is_repeated("sent", before=True)


def test_a_repetition_that_was_put_off_may_be_tried_again(ledger: Ledger) -> None:
    """The server said "later" to the second copy: it has not got it, and can have it later."""
    ledger.sending(intend(ledger), NOW)
    (delivery,) = ledger.recover("mail", NOW)
    delivery = ledger.failed(ledger.sending(delivery, NOW), "451 later", NOW, again=True)
    assert (delivery.state, delivery.stage, delivery.open) == ("unsure", "unsure", True)
    delivery = ledger.sending(delivery, NOW + timedelta(hours=1))
    assert ledger.unsure(delivery, "broken off", NOW).stage == "doubtful"


MALFORMED = Path(__file__).parent / "damaged" / "state-malformed.sqlite"


def test_a_malformed_file_is_noticed_and_rebuilt(tmp_path: Path) -> None:
    """Damage that only some statements meet is found when the file is opened."""
    shutil.copy(MALFORMED, tmp_path / "state.sqlite")
    (tmp_path / "state.sqlite-journal").write_bytes(b"a journal of the damaged file")
    with pytest.raises(LedgerBroken), open_ledger(tmp_path):
        pass
    rebuild(tmp_path, tmp_path / "briefings", NOW)
    assert not (tmp_path / "state.sqlite-journal").exists(), "it would be played into the new one"
    with open_ledger(tmp_path) as ledger:
        assert intend(ledger).state == "intent"


def test_rows_that_can_be_read_are_kept(tmp_path: Path) -> None:
    """A page of the file is overwritten: every row that lies on another page is still there."""
    with open_ledger(tmp_path) as ledger:
        one = intend(ledger)
        ledger.sent(ledger.sending(one, NOW), NOW)
        ledger.begin_night(NOW)
    with sqlite3.connect(tmp_path / "state.sqlite") as connection:
        for number in range(300):
            connection.execute(
                "INSERT INTO deliveries (channel, about, day, recipient, version, message_id, kind,"
                " state, facts, changed) SELECT channel, about, day, ?, version, ?, kind, state,"
                " ?, changed FROM deliveries WHERE number = 1",
                (f"{number}@x.example", f"<{number}@x.example>", json.dumps({"x": "x" * 200})),
            )
    connection.close()
    path = tmp_path / "state.sqlite"
    content = bytearray(path.read_bytes())
    middle = content.index(b"<150@x.example>") // 4096 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    with pytest.raises(LedgerBroken), open_ledger(tmp_path):
        pass
    rebuilt = rebuild(tmp_path, tmp_path / "briefings", NOW)
    assert 250 < rebuilt.deliveries < 301
    with open_ledger(tmp_path) as ledger:
        states = {one.state for one in ledger.of_day(DAY)}
        assert states == {"sent"}
        assert len(ledger.nights(5)) == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("day", "someday"),
        ("facts", "{torn"),
        ("retry_at", "x"),
        ("changed", ""),
        ("facts", b"\xff"),
    ],
)
def test_one_unreadable_row(tmp_path: Path, column: str, value: object) -> None:
    """It is found when the ledger is opened; rebuilt, it is still known as sent."""
    with open_ledger(tmp_path) as ledger:
        ledger.sent(ledger.sending(intend(ledger), NOW), NOW)
    with sqlite3.connect(tmp_path / "state.sqlite") as connection:
        connection.execute(f"UPDATE deliveries SET {column} = ?", (value,))
    connection.close()
    with pytest.raises(LedgerBroken), open_ledger(tmp_path):
        pass
    rebuild(tmp_path, tmp_path / "briefings", NOW)
    with open_ledger(tmp_path) as ledger:
        (delivery,) = ledger.thread("mail", "day 2026-11-23", "robin@keller.example")
    assert (delivery.state, delivery.day) == ("sent", DAY)
    if column != "facts":
        assert delivery.facts == {"meetings": [{"title": "Review with Dana Smith"}]}


def test_reports_tell_what_the_ledger_has_lost(tmp_path: Path) -> None:
    """Of mails of days to come, the day's report knows the message id and what it told."""
    (tmp_path / "state.sqlite").write_bytes(b"no database" * 500)
    for day, state in (("2026-11-21", "sent"), ("2026-11-23", "sent"), ("2026-11-24", "failed")):
        folder = tmp_path / "briefings" / day
        folder.mkdir(parents=True)
        brief = {
            "uid": "a", "recurrence_id": None, "title": "Review",
            "start": f"{day}T10:00:00+01:00", "end": f"{day}T11:00:00+01:00",
            "participants": [{"name": "Dana", "email": "Dana@acme.example", "contact": None}],
        }  # fmt: skip
        delivery = {
            "channel": "mail", "message_id": f"<{day}>", "recipient": "robin@keller.example",
            "state": state,
        }  # fmt: skip
        report = {"briefs": [brief], "deliveries": [delivery]}
        (folder / "report.json").write_text(json.dumps(report))
    (tmp_path / "briefings" / "2026-11-25").mkdir()
    (tmp_path / "briefings" / "2026-11-25" / "report.json").write_text("{torn")
    assert rebuild(tmp_path, tmp_path / "briefings", NOW).deliveries == 1
    with open_ledger(tmp_path) as ledger:
        (delivery,) = ledger.latest(9)
    assert (delivery.message_id, delivery.about, delivery.state) == (
        "<2026-11-23>", "day 2026-11-23", "sent",
    )  # fmt: skip
    (told,) = delivery.facts["meetings"]
    assert told["people"] == ["dana@acme.example"]


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_file_is_no_ledger(tmp_path: Path, kind: str) -> None:
    """A pipe does not hang the night, and a link leads nowhere."""
    path = tmp_path / "state.sqlite"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(tmp_path / "elsewhere.sqlite")
    else:
        path.mkdir()
    with pytest.raises(LedgerFault, match=r"state\.sqlite"), open_ledger(tmp_path):
        pass
    assert not (tmp_path / "elsewhere.sqlite").exists()


@pytest.mark.parametrize("attempts", range(1, 9))
def test_waits_double_to_six_hours(attempts: int) -> None:
    """15 minutes, 30, an hour, two, four, then six hours for good."""
    minutes = min(15 * 2 ** (attempts - 1), 360)
    assert wait_after(attempts) == timedelta(minutes=minutes)
    assert timedelta(hours=6) == LONGEST_WAIT


def test_since_a_day(ledger: Ledger) -> None:
    """The day itself and what comes after it, oldest first; nothing from before."""
    days = [date(2026, 11, day) for day in (22, 23, 24)]
    made = [
        ledger.intend(
            channel="mail", about=f"day {day}", day=day, recipient="r", version="v",
            message_id=f"<{day}>", as_of=NOW,
        )
        for day in days
    ]  # fmt: skip
    assert ledger.since(days[1]) == tuple(made[1:])
    assert ledger.of_day(days[1]) == (made[1],)
    assert ledger.latest(2) == (made[2], made[1])
    assert ledger.in_state("intent", "print") == ()
    assert ledger.in_state("sent", "mail") == ()


def test_what_was_intended_is_what_is_read(ledger: Ledger) -> None:
    """Every field of an entry comes back from its own column."""
    made = intend(ledger)
    assert (made.channel, made.about, made.day) == ("mail", "day 2026-11-23", DAY)
    assert (made.recipient, made.version) == ("robin@keller.example", "v1")
    assert (made.message_id, made.kind, made.changed) == ("<a@keller.example>", "first", NOW)
    assert (made.attempts, made.resent, made.retry_at, made.job) == (0, False, None, None)
    failed = ledger.failed(made, "451 later", NOW, again=True)
    (read,) = ledger.of_day(DAY)
    assert read == failed
    assert (read.attempts, read.reason) == (1, "451 later")


def test_a_damaged_tree_that_leads_back_is_read_once(tmp_path: Path) -> None:
    """Found by the simulation: its rows lead in a circle, to one that is no entry."""
    turning = MALFORMED.with_name("state-turning-back.sqlite")
    (tmp_path / "state.sqlite").write_bytes(turning.read_bytes())
    assert rebuild(tmp_path, tmp_path / "briefings", NOW).deliveries == 0
    with open_ledger(tmp_path) as ledger:
        assert ledger.latest(9) == ()


def damage(folder: Path) -> None:
    """A ledger with a mail that was sent and one row that cannot be read, and a journal beside."""
    with open_ledger(folder) as ledger:
        ledger.sent(ledger.sending(intend(ledger), NOW), NOW)
        intend(ledger, "<b@keller.example>")
    with closing(sqlite3.connect(folder / "state.sqlite")) as connection, connection:
        connection.execute("UPDATE deliveries SET day = 'someday' WHERE number = 2")
    (folder / "state.sqlite-journal").write_bytes(b"a journal of the damaged file")


def test_a_kill_while_it_is_rebuilt_forgets_no_mail(tmp_path: Path) -> None:
    """At each step there is the damaged ledger, to be rebuilt by the next run, or all of the new.

    Set aside before the new one was filled, it was found empty, and every mail went once more.
    """
    damage(tmp_path / "damaged")
    killed, step, found = True, 0, set()
    while killed:
        step += 4
        workspace, told = Workspace(root=tmp_path / str(step)), list[str]()
        shutil.copytree(tmp_path / "damaged", workspace.memory)
        act = partial(rebuild, workspace.memory, workspace.briefings, NOW)
        killed = killed_at(step, act, within=("delivery/ledger_file.py", "workspace/atomic.py"))
        with open_whole_ledger(workspace, NOW, told) as ledger:
            assert [one.state for one in ledger.latest(9)] == ["intent", "sent"], step
        found.add(bool(told))
    assert found == {True, False}


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The damaged ledger is set aside as a copy, byte by byte."""
    damage(tmp_path)
    damaged = (tmp_path / "state.sqlite").read_bytes()

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    rebuilt = rebuild(tmp_path, tmp_path / "briefings", NOW)
    assert rebuilt.aside.read_bytes() == damaged
    assert rebuilt.deliveries == 2


def test_a_ledger_is_rebuilt_twice_in_one_second(tmp_path: Path) -> None:
    """The last damaged one is kept; what was left of the one before gives way."""
    for _ in range(2):
        damage(tmp_path)
        rebuilt = rebuild(tmp_path, tmp_path / "briefings", NOW)
        assert rebuilt.deliveries == 2
        (tmp_path / "state.sqlite").unlink()


def test_a_full_disk_while_it_is_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The damaged ledger stays where it is, whole, and the fault names it."""
    damage(tmp_path)
    damaged = (tmp_path / "state.sqlite").read_bytes()

    def fill(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fill)
        with pytest.raises(LedgerFault, match=r"state\.sqlite: No space left"):
            rebuild(tmp_path, tmp_path / "briefings", NOW)
    assert (tmp_path / "state.sqlite").read_bytes() == damaged
    assert rebuild(tmp_path, tmp_path / "briefings", NOW).deliveries == 2
