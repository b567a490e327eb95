"""From a plan to a mailbox, through a real server, with the ledger between them."""

import os
import signal
import socket
import sqlite3
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from mail_servers import PASSWORD, USER, Authority, Office, Scripted

from briefgen.delivery.conversation import Server
from briefgen.delivery.ledger import Ledger, LedgerFault
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.ledger_file import open_ledger
from briefgen.delivery.mail import PlannedMail, Post, Topic, plan_mail, send_planned
from briefgen.delivery.mail_changes import Content, headline
from briefgen.delivery.mailed_meetings import MailedMeeting
from briefgen.delivery.message import Attachment, Letter
from briefgen.workspace.language import language_of
from briefgen.workspace.secrets import NoSecret, Secret

MakeScripted = Callable[..., Scripted]

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = datetime(2026, 11, 22, 22, 10, tzinfo=BERLIN)
TEN = datetime(2026, 11, 23, 10, tzinfo=BERLIN)
ENGLISH = language_of("en_GB")
SENDER = "robin@keller.example"
THREE = ("robin@keller.example", "desk@keller.example", "lee@keller.example")

REVIEW = MailedMeeting(
    uid="review@acme.example",
    recurrence_id=None,
    start=TEN,
    end=TEN + timedelta(hours=1),
    title="Review",
    place="Acme House",
    digest="a",
)


def letter(planned: PlannedMail) -> Letter:
    """A letter that says what it is."""
    words = {"first": "New", "update": "Updated", "cancellation": "Cancelled"}
    subject = words[planned.kind]
    if planned.decision.changes:
        subject += f": {headline(planned.decision.changes, ENGLISH)}"
    return Letter(subject=subject, text="text\n", html="<p>text</p>\n")


class Desk:
    """Sends nights after nights to one server."""

    def __init__(self, folder: Path, place: Office | Scripted, authority: Authority) -> None:
        self.folder, self.place, self.authority = folder, place, authority
        self.seconds = 5.0
        self.write: Callable[[PlannedMail], Letter] = letter
        self.most_bytes = 1_000_000

    def server(self) -> Server:
        """How the server is reached."""
        return Server(
            host=self.place.host,
            port=self.place.port,
            security="starttls",
            user=USER,
            password=Secret(text=PASSWORD),
            context=self.authority.client,
            seconds=self.seconds,
        )

    def night(
        self,
        *meetings: MailedMeeting,
        as_of: datetime = NIGHT,
        to: Sequence[str] = THREE[:1],
        content: Content | None = None,
        again: bool = False,
    ) -> tuple[Delivery, ...]:
        """One night that mails these meetings; returns what it sent or tried to send."""
        topic = Topic(
            about="day 2026-11-23",
            day=TEN.date(),
            content=content or Content(meetings=meetings),
        )
        with open_ledger(self.folder) as ledger:
            ledger.recover("mail", as_of)
            planned = plan_mail(
                (topic,), to, ledger=ledger, sender=SENDER, as_of=as_of, zone=BERLIN, again=again
            )
            return send_planned(planned, self.write, self._post(ledger, as_of))

    def _post(self, ledger: Ledger, as_of: datetime) -> Post:
        return Post(
            ledger=ledger,
            server=self.server,
            sender=SENDER,
            sender_name="Robin Keller",
            language=ENGLISH,
            as_of=as_of,
            most_bytes=self.most_bytes,
        )

    def states(self) -> list[str]:
        """The states of all deliveries."""
        with open_ledger(self.folder) as ledger:
            return [one.state for one in ledger.of_day(TEN.date())]


@pytest.fixture
def desk(tmp_path: Path, office: Office, authority: Authority) -> Desk:
    """A desk at a server that works."""
    return Desk(tmp_path, office, authority)


def moved(hours: int) -> MailedMeeting:
    """The review, moved."""
    ahead = timedelta(hours=hours)
    return REVIEW.replace(start=REVIEW.start + ahead, end=REVIEW.end + ahead, digest=str(hours))


def test_a_thread(desk: Desk, office: Office) -> None:
    """First, nothing new, moved, cancelled, nothing new: three mails in one thread."""
    desk.night(REVIEW)
    desk.night(REVIEW, as_of=NIGHT + timedelta(hours=1))
    desk.night(moved(5), as_of=NIGHT + timedelta(hours=2))
    cancelled = Content(meetings=(), cancelled=frozenset({REVIEW.key}))
    desk.night(content=cancelled, as_of=NIGHT + timedelta(hours=3))
    desk.night(content=cancelled, as_of=NIGHT + timedelta(hours=4))
    messages = office.mailbox.messages
    assert [message["Subject"] for message in messages] == [
        "New",
        "Updated: moved to 15:00",
        "Cancelled: cancelled",
    ]
    first, second, third = office.mailbox.ids
    assert [message["References"] for message in messages] == [None, first, f"{first} {second}"]
    assert len({first, second, third}) == 3
    assert desk.states() == ["sent"] * 3


def test_there_and_back_again(desk: Desk, office: Office) -> None:
    """A meeting that moves away and back is mentioned both times, each under its own id."""
    desk.night(REVIEW)
    desk.night(moved(5))
    desk.night(REVIEW)
    assert len(set(office.mailbox.ids)) == 3


def test_the_message_id_needs_no_ledger(desk: Desk, office: Office) -> None:
    """A lost ledger sends again, but under the same Message-ID, so that it is shown once."""
    desk.night(REVIEW)
    (desk.folder / "state.sqlite").unlink()
    desk.night(REVIEW)
    assert len(office.mailbox.ids) == 2
    assert len(set(office.mailbox.ids)) == 1


def test_one_refused_of_three(desk: Desk, office: Office) -> None:
    """The others get theirs; the refused one has come to its end, and is not tried again."""
    office.mailbox.refused[THREE[1]] = "550 no such user"
    states = [one.state for one in desk.night(REVIEW, to=THREE)]
    assert states == ["sent", "failed", "sent"]
    assert desk.night(REVIEW, to=THREE, as_of=NIGHT + timedelta(hours=9)) == ()
    assert [str(m["To"]) for m in office.mailbox.messages] == [THREE[0], THREE[2]]
    office.mailbox.refused.clear()
    (by_hand,) = desk.night(REVIEW, to=THREE, again=True)
    assert by_hand.state == "sent"


def test_for_the_moment_refused(desk: Desk, office: Office) -> None:
    """A greylisting server is tried again after the wait, not before, by the same message."""
    office.mailbox.refused[SENDER] = "451 try later"
    (tried,) = desk.night(REVIEW)
    assert (tried.state, tried.open) == ("failed", True)
    office.mailbox.refused.clear()
    assert desk.night(REVIEW, as_of=NIGHT + timedelta(minutes=5)) == ()
    (sent,) = desk.night(REVIEW, as_of=NIGHT + timedelta(minutes=16))
    assert (sent.state, sent.message_id) == ("sent", tried.message_id)


def test_the_clock_set_back(desk: Desk, office: Office) -> None:
    """With the clock set back by a day, nothing is sent twice and nothing waits for ever."""
    office.mailbox.refused[THREE[1]] = "451 try later"
    desk.night(REVIEW, to=THREE[:2])
    office.mailbox.refused.clear()
    yesterday = NIGHT - timedelta(days=1)
    (sent,) = desk.night(REVIEW, to=THREE[:2], as_of=yesterday)
    assert (sent.recipient, sent.state) == (THREE[1], "sent")
    assert desk.night(REVIEW, to=THREE[:2], as_of=yesterday) == ()


def test_no_server_puts_all_off(desk: Desk) -> None:
    """Where nobody listens, every message waits; what was decided is on file."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    desk.place = Office(host="127.0.0.1", port=port, mailbox=None)  # type: ignore[arg-type]
    assert {one.state for one in desk.night(REVIEW, to=THREE)} == {"failed"}
    assert desk.states() == ["failed"] * 3


def test_no_password_puts_all_off(desk: Desk) -> None:
    """A password command that fails is no reason to forget the mail."""

    def locked_out() -> Server:
        raise NoSecret("mail.password_command: ended with status 1")

    desk.server = locked_out  # type: ignore[method-assign]
    (tried,) = desk.night(REVIEW)
    assert (tried.state, tried.open) == ("failed", True)
    assert "password_command" in tried.reason


def test_a_slow_server_costs_its_time_once(
    desk: Desk, scripted: MakeScripted, authority: Authority
) -> None:
    """A server that takes all its time at the first of three messages is left for this run."""
    desk.place = scripted("RCPT", "silent")
    desk.seconds = 1
    deliveries = desk.night(REVIEW, to=THREE)
    assert [one.state for one in deliveries] == ["failed"] * 3
    assert desk.place.times_misbehaved == 1


def test_a_hang_up_does_not_stop_the_others(desk: Desk, scripted: MakeScripted) -> None:
    """A connection that breaks at the first message is opened again for the next."""
    desk.place = scripted("DATA", "close")
    desk.place.only_first = True
    assert [one.state for one in desk.night(REVIEW, to=THREE)] == ["failed", "sent", "sent"]


def test_unsure_once_more(desk: Desk, scripted: MakeScripted, office: Office) -> None:
    """A server that dies at the final dot: the next night repeats, marked, under the same id."""
    desk.place = scripted("dot", "close")
    (tried,) = desk.night(REVIEW)
    assert tried.state == "unsure"
    desk.place = office
    (sent,) = desk.night(REVIEW, as_of=NIGHT + timedelta(hours=1))
    assert (sent.state, sent.message_id) == ("sent", tried.message_id)
    assert office.mailbox.messages[0]["X-Briefgen-Repeated"] == "yes"


def test_unsure_twice_is_the_end(desk: Desk, scripted: MakeScripted, office: Office) -> None:
    """After one repetition nobody is written to again about the same."""
    desk.place = scripted("dot", "close")
    desk.night(REVIEW)
    (again,) = desk.night(REVIEW, as_of=NIGHT + timedelta(hours=1))
    assert (again.state, again.open) == ("unsure", False)
    desk.place = office
    assert desk.night(REVIEW, as_of=NIGHT + timedelta(hours=2)) == ()


def test_parts(desk: Desk, office: Office) -> None:
    """A large message comes in parts, each once; a part that failed comes later, alone."""
    pdfs = tuple(Attachment(name=f"{n}.pdf", content=b"x" * 40_000) for n in range(3))
    desk.write = lambda planned: letter(planned).replace(attachments=pdfs)
    desk.most_bytes = 70_000
    assert [one.state for one in desk.night(REVIEW)] == ["sent"] * 3
    first, second, third = office.mailbox.ids
    assert second == first.replace("@", ".2@")
    assert third == first.replace("@", ".3@")
    assert desk.night(REVIEW) == ()


def test_no_ledger_no_mail(desk: Desk, office: Office) -> None:
    """Where it cannot be written down that a mail goes out, none does."""
    with open_ledger(desk.folder):
        pass
    real = Ledger.sending

    def full(self: Ledger, delivery: Delivery, as_of: datetime) -> Delivery:
        pages = self._connection.execute("PRAGMA page_count").fetchone()[0]
        self._connection.execute(f"PRAGMA max_page_count = {pages}")
        self._connection.execute("PRAGMA query_only = ON")
        return real(self, delivery, as_of)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ledger, "sending", full)
        with pytest.raises(LedgerFault):
            desk.night(REVIEW)
    assert office.mailbox.received == []
    (sent,) = desk.night(REVIEW)
    assert sent.state == "sent"


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory if there is one; a SIGKILL, unlike a loss of power, spares it."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


class _Killer:
    """Ends this process by SIGKILL before its n-th step, as a loss of power would."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Count what leaves the process: each statement to the ledger, each piece to the server."""
        killer = self

        class Connection(sqlite3.Connection):
            def execute(self, *args: object) -> sqlite3.Cursor:  # type: ignore[override]
                killer.step()
                return super().execute(*args)  # type: ignore[arg-type]

        real_connect = sqlite3.connect
        sqlite3.connect = lambda *a, **k: real_connect(*a, **{**k, "factory": Connection})  # type: ignore[assignment,misc]
        for kind in (socket.socket, ssl.SSLSocket):
            for name in ("sendall", "recv_into"):
                setattr(kind, name, self._counted(getattr(kind, name)))

    def _counted(self, real: Callable[..., object]) -> Callable[..., object]:
        def counted(*args: object, **options: object) -> object:
            self.step()
            return real(*args, **options)

        return counted


def _die_at(desk: Desk, step: int) -> bool:
    """A night in a child that is killed before its n-th step; whether it lived to its end."""
    child = os.fork()
    if child == 0:
        try:
            _Killer(step).install()
            desk.night(REVIEW, to=THREE[:2])
        except BaseException:  # noqa: BLE001  # the parent looks at the status alone
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_killed_at_every_step(
    scripted: MakeScripted, authority: Authority, quick_folder: Path
) -> None:
    """Killed before any step and run again: none lost, at most one twice, under the same id."""
    step = 0
    duplicates = 0
    server = scripted()
    while True:
        server.received.clear()
        desk = Desk(quick_folder / str(step), server, authority)
        lived = _die_at(desk, step)
        desk.night(REVIEW, to=THREE[:2], as_of=NIGHT + timedelta(hours=1))
        ids = [_message_id(content) for content in server.received]
        assert len(set(ids)) == 2, f"lost at step {step}"
        assert len(ids) <= 3, f"sent too often at step {step}"
        duplicates += len(ids) - 2
        assert desk.states() == ["sent", "sent"]
        if lived:
            break
        step += 1
    assert step > 40
    assert duplicates < step / 4


def _message_id(content: bytes) -> str:
    (line,) = [line for line in content.splitlines() if line.startswith(b"Message-ID:")]
    return line.decode()


def test_two_nights_at_once_need_the_lock(desk: Desk, office: Office) -> None:
    """The lock keeps two runs apart: someone who holds it sends, the other finds nothing to do."""
    from briefgen.workspace.folder import Locked, Workspace, only_run

    workspace = Workspace(root=desk.folder)
    locked = 0
    barrier = threading.Barrier(2)
    inside = threading.Event()

    def run() -> None:
        nonlocal locked
        barrier.wait()
        try:
            with only_run(workspace):
                desk.night(REVIEW)
                inside.wait(2)
        except Locked:
            locked += 1
            inside.set()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert locked == 1
    assert len(office.mailbox.ids) == 1
