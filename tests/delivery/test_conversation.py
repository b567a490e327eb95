import base64
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme
from mail_servers import PASSWORD, USER, Authority, Office, Scripted

from briefgen.delivery.conversation import (
    SECONDS_A_MESSAGE,
    Answer,
    Connect,
    Conversation,
    NoServer,
    Parcel,
    Server,
    conversation,
    own_name,
)
from briefgen.delivery.conversation_states import HOPED_FOR, TURNS, event_of
from briefgen.delivery.smtp_client import BoundedSMTP
from briefgen.workspace.folder import Workspace
from briefgen.workspace.secrets import Secret
from briefgen.workspace.settings import Mail

MakeScripted = Callable[..., Scripted]

PATIENCE = 0.25
"""How long the tests let a message take, in place of two minutes."""

PLAIN = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
"""What AUTH PLAIN says."""

PARCEL = Parcel(
    sender="robin@keller.example",
    recipient="dana@acme.example",
    content=b"Subject: x\r\n\r\n.a line that starts with a dot\r\nlast\r\n",
)


def server_of(place: Office | Scripted, authority: Authority, *, seconds: float = 5) -> Server:
    """How to reach a test server."""
    return Server(
        host=place.host,
        port=place.port,
        security="starttls",
        user=USER,
        password=Secret(text=PASSWORD),
        context=authority.client,
        seconds=seconds,
    )


def send(server: Server, parcel: Parcel = PARCEL) -> Answer:
    """Send one parcel."""
    with conversation(server) as talk:
        return talk.deliver(parcel, before_dot=lambda: None)


def test_it_arrives(office: Office, authority: Authority) -> None:
    """STARTTLS, a password that is not ASCII, a line that starts with a dot: as it was written."""
    assert send(server_of(office, authority)) == Answer(state="sent")
    (envelope,) = office.mailbox.received
    assert envelope.content == PARCEL.content
    assert envelope.rcpt_tos == ["dana@acme.example"]


def test_without_a_user_nobody_signs_in(scripted: MakeScripted, authority: Authority) -> None:
    """A relay that knows the machine gets the mail at once, though it offers AUTH."""
    server = scripted()
    asked = server_of(server, authority).replace(user=None, password=None)
    assert send(asked) == Answer(state="sent")
    server.stop()
    assert (server.logins, len(server.received)) == ([], 1)


def test_an_address_that_is_silent(
    office: Office, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two addresses the first leads nowhere, as IPv6 often does; the mail goes to the second."""
    monkeypatch.setattr("briefgen.delivery.smtp_client.SECONDS_AN_ADDRESS", 0.1)
    find = socket.getaddrinfo
    with socket.create_server(("127.0.0.1", 0), backlog=0) as nowhere, socket.socket() as held:
        held.connect(nowhere.getsockname())  # its queue is full now: who comes next hears nothing
        silent = find(*nowhere.getsockname(), type=socket.SOCK_STREAM)
        monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: [*silent, *find(*a, **k)])
        assert send(server_of(office, authority, seconds=30)) == Answer(state="sent")


def test_one_refused_does_not_stop_the_others(office: Office, authority: Authority) -> None:
    """Of three recipients the second is refused for good; the third still gets its mail."""
    office.mailbox.refused["second@acme.example"] = "550 no such user"
    answers = []
    with conversation(server_of(office, authority)) as talk:
        for name in ("first", "second", "third"):
            parcel = PARCEL.replace(recipient=f"{name}@acme.example")
            answers.append(talk.deliver(parcel, before_dot=lambda: None))
    assert [answer.state for answer in answers] == ["sent", "failed", "sent"]
    assert not answers[1].again
    assert "550 no such user" in answers[1].reason


def test_wrong_password(office: Office, authority: Authority) -> None:
    """A refused password is reported, and the password itself is not."""
    server = server_of(office, authority).replace(password=Secret(text="wrong-secret"))
    with pytest.raises(NoServer, match="refused the user or password: 535") as caught:
        send(server)
    assert "wrong-secret" not in str(caught.value)


def test_certificate_of_a_stranger(office: Office, authority: Authority) -> None:
    """A certificate that nobody we trust has signed ends the conversation, before any password."""
    server = server_of(office, authority).replace(context=ssl.create_default_context())
    with pytest.raises(NoServer, match="certificate is not valid"):
        send(server)
    assert office.mailbox.received == []


def test_certificate_for_another_name(office: Office) -> None:
    """A certificate that holds but names another machine is refused."""
    other = trustme.CA()
    client = ssl.create_default_context()
    other.configure_trust(client)
    server = Server(host="127.0.0.1", port=office.port, security="starttls", context=client)
    with pytest.raises(NoServer, match="certificate"):
        send(server)


def test_stripped_starttls(scripted: MakeScripted, authority: Authority) -> None:
    """A server, or someone between, that takes STARTTLS away gets neither password nor mail."""
    server = scripted(behaviour="stripped")
    with pytest.raises(NoServer, match="offers no STARTTLS, and nothing is sent in clear text"):
        send(server_of(server, authority))
    assert server.received == []


def test_tls_from_the_start(authority: Authority) -> None:
    """With `security: tls` the first byte is already encrypted."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = Server(host="localhost", port=port, security="tls", context=authority.client)
        listener.settimeout(5)
        first: list[bytes] = []

        def accept() -> None:
            connection, _ = listener.accept()
            first.append(connection.recv(1))
            connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        with pytest.raises(NoServer):
            send(server.replace(seconds=2))
        thread.join()
    assert first == [b"\x16"]  # a TLS handshake record


def test_nobody_there(authority: Authority) -> None:
    """A closed port is reported in plain words, with the address that was tried."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    server = Server(host="127.0.0.1", port=port, security="starttls", context=authority.client)
    with pytest.raises(NoServer, match=f"the mail server 127.0.0.1:{port}: Connection refused"):
        send(server)


BEFORE_MAIL = ("greeting", "EHLO", "STARTTLS", "handshake", "AUTH")
WITH_MAIL = ("MAIL", "RCPT", "DATA", "body")


@pytest.mark.parametrize("behaviour", ["silent", "slow", "close", "451 later", "554 no", "rubbish"])
@pytest.mark.parametrize("verb", [*BEFORE_MAIL, *WITH_MAIL, "dot", "QUIT"])
def test_misbehaviour(
    scripted: MakeScripted, authority: Authority, verb: str, behaviour: str
) -> None:
    """At each verb, whatever the server does: bounded time, and the state that is true."""
    server = scripted(verb, behaviour)
    patience: float = 5
    if behaviour in {"silent", "slow"}:
        patience = 1 if verb == "QUIT" else PATIENCE  # by then it has to be sent
    began = time.monotonic()
    try:
        answer = send(server_of(server, authority, seconds=patience))
    except NoServer:
        answer = None
    assert time.monotonic() - began < 4
    if verb in BEFORE_MAIL:
        assert answer is None, "nothing was said about the message"
    elif verb == "QUIT":
        assert answer == Answer(state="sent"), "it is sent at the 250 behind the final dot"
    elif verb == "dot":
        expected = {"451 later": ("failed", True), "554 no": ("failed", False)}
        assert answer
        assert (answer.state, answer.again) == expected.get(behaviour, ("unsure", False))
    elif verb == "body":
        assert answer
        assert answer.state in {"failed", "unsure"}
    else:
        assert answer
        assert (answer.state, answer.again) == ("failed", behaviour != "554 no")
    if verb != "body":
        assert len(server.received) == (verb == "QUIT")
    if verb in {"MAIL", "RCPT", "DATA", "dot"}:
        assert answer
        assert answer.slow == (behaviour in {"silent", "slow"})


def test_broken_off_before_the_dot(scripted: MakeScripted, authority: Authority) -> None:
    """Where the ledger cannot be written before the final dot, the server never gets the mail."""
    server = scripted()

    def full() -> None:
        raise OSError("disk full")

    with (
        contextlib.suppress(OSError),
        conversation(server_of(server, authority)) as talk,
    ):
        talk.deliver(PARCEL, before_dot=full)
    server.stop()
    assert server.received == []


def test_a_message_that_breaks_off_ends_the_conversation(
    scripted: MakeScripted, authority: Authority
) -> None:
    """The server is hung up on at once, not when the block ends, and is offered nothing more."""
    server = scripted()

    def full() -> None:
        raise OSError("disk full")

    with (
        contextlib.suppress(NoServer, OSError),
        conversation(server_of(server, authority)) as talk,
    ):
        with pytest.raises(OSError, match="disk full"):
            talk.deliver(PARCEL, before_dot=full)
        assert server.hung_up_on.wait(5)


def test_a_block_that_fails_ends_the_conversation(
    scripted: MakeScripted, authority: Authority
) -> None:
    """The server is hung up on without QUIT, whoever still holds the error."""
    server = scripted()
    with pytest.raises(ZeroDivisionError) as held, conversation(server_of(server, authority)):
        raise ZeroDivisionError
    assert server.hung_up_on.wait(5)
    assert held.value.__traceback__ is not None


def test_a_server_that_closes_is_left(scripted: MakeScripted, authority: Authority) -> None:
    """After 421 nothing more is sent, and the connection is closed at once (RFC 5321, 3.8)."""
    server = scripted("RCPT", "421 closing")
    with conversation(server_of(server, authority)) as talk:
        answer = talk.deliver(PARCEL, before_dot=lambda: None)
        assert server.hung_up_on.wait(5)
    assert (answer.state, answer.again, answer.usable) == ("failed", True, False)
    assert server.said[-1].upper().startswith("RCPT")


def test_a_server_that_is_lost_at_reset(scripted: MakeScripted, authority: Authority) -> None:
    """The refusal is the answer, and nothing more goes through this conversation."""
    server = scripted("RCPT", "554 no")
    server.hangs_up_at = "RSET"
    answer = send(server_of(server, authority))
    assert (answer.state, answer.again, answer.usable) == ("failed", False, False)


def test_this_machines_own_server_in_clear_text(
    scripted: MakeScripted, authority: Authority
) -> None:
    """With `security: none` the mail goes without STARTTLS, though it is offered."""
    server = scripted()
    asked = server_of(server, authority).replace(
        security="none", user=None, password=None, context=None
    )
    assert send(asked) == Answer(state="sent")
    server.stop()
    assert "STARTTLS" not in map(str.upper, server.said)


def test_the_size_is_declared(scripted: MakeScripted, authority: Authority) -> None:
    """A server that knows SIZE hears it with MAIL, so that it can refuse early (RFC 1870)."""
    server = scripted()
    assert send(server_of(server, authority)) == Answer(state="sent")
    (mail,) = (line for line in server.said if line.upper().startswith("MAIL"))
    assert mail.lower().endswith(f" size={len(PARCEL.content)}")


def test_a_last_line_without_its_end(scripted: MakeScripted, authority: Authority) -> None:
    """It gets one, so that the final dot stands alone on its line."""
    server = scripted()
    parcel = PARCEL.replace(content=b"Subject: x\r\n\r\nlast")
    assert send(server_of(server, authority), parcel) == Answer(state="sent")
    server.stop()
    assert server.received == [b"Subject: x\r\n\r\nlast\r\n"]


def test_large_message_to_a_slow_reader(scripted: MakeScripted, authority: Authority) -> None:
    """A server that reads nothing while the mail is written does not hold us up."""
    server = scripted("DATA", "silent")
    parcel = PARCEL.replace(content=b"x" * 60 + b"\r\n" + b"y" * 5_000_000)
    began = time.monotonic()
    answer = send(server_of(server, authority, seconds=PATIENCE), parcel)
    assert time.monotonic() - began < 4
    assert (answer.state, answer.slow) == ("failed", True)
    assert "took longer than 0.25 seconds" in answer.reason


@pytest.mark.parametrize(
    "said",
    [
        f"no: {PASSWORD}",
        PLAIN,
        base64.b64encode(PASSWORD.encode()).decode(),
        base64.b64encode(USER.encode()).decode(),
        f"rejected <AUTH PLAIN {PLAIN}>",
    ],
)
@pytest.mark.parametrize("verb", ["AUTH", "MAIL", "dot"])
def test_secrets_said_back_are_struck(
    scripted: MakeScripted, authority: Authority, verb: str, said: str
) -> None:
    """A server that repeats a line of ours brings no secret into a log, in no encoding."""
    server = scripted(verb, f"535 {said}")
    try:
        reason = send(server_of(server, authority)).reason
    except NoServer as error:
        reason = str(error)
    assert "535" in reason
    assert "…" in reason
    for secret in (PASSWORD, "cm9iaW4", base64.b64encode(PASSWORD.encode()).decode()[2:-4]):
        assert secret not in reason


def test_a_secret_cut_by_the_length_of_a_reason(
    scripted: MakeScripted, authority: Authority
) -> None:
    """What is too long is cut after the secrets were struck, not in the middle of one."""
    server = scripted("MAIL", f"550 {'x' * 150} {PASSWORD}")
    reason = send(server_of(server, authority)).reason
    assert PASSWORD[:5] not in reason
    assert len(reason) == 200


def test_the_bounds_of_a_message() -> None:
    """Two minutes over all; defaults of an answer are those of a message that went well."""
    assert SECONDS_A_MESSAGE == 120
    answer = Answer(state="sent")
    assert (answer.again, answer.usable, answer.slow) == (False, True, False)
    assert not PARCEL.utf8


@pytest.mark.parametrize(
    ("said", "most"), [("", None), ("0", None), ("1", 1), ("35000000", 35_000_000), ("x", None)]
)
def test_the_largest_message(authority: Authority, said: str, most: int | None) -> None:
    """What SIZE says in the answer to EHLO (RFC 1870); 0 and nothing mean no bound."""
    place = SimpleNamespace(host="localhost", port=25)
    server = server_of(place, authority)  # type: ignore[arg-type]
    smtp = SimpleNamespace(esmtp_features={"size": said} if said else {})
    assert Conversation(smtp, server).most_bytes == most  # type: ignore[arg-type]


def test_each_message_has_its_own_time(
    office: Office, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connecting counts to the first; every further one begins again."""
    allowed: list[float] = []
    allow = BoundedSMTP.allow

    def record(self: BoundedSMTP, seconds: float) -> None:
        allowed.append(seconds)
        allow(self, seconds)

    with conversation(server_of(office, authority, seconds=7)) as talk:
        monkeypatch.setattr(BoundedSMTP, "allow", record)
        for number in range(3):
            assert talk.deliver(PARCEL, before_dot=lambda: None).state == "sent"
            assert allowed == [7] * number


def test_the_certificates_of_the_system(office: Office, authority: Authority) -> None:
    """Where no others are given, they decide; they do not know the test's authority."""
    server = server_of(office, authority).replace(context=None)
    with pytest.raises(NoServer, match="certificate"):
        send(server)


def test_a_reply_is_harmless(scripted: MakeScripted, authority: Authority) -> None:
    """Control and bidi characters of a server's reply are in no reason."""
    server = scripted("MAIL", "550 no\x1b[31m such \u202euser\u2066")
    reason = send(server_of(server, authority)).reason
    assert reason == "the server said about the sender robin@keller.example: 550 no [31m such user"


def test_the_table_knows_every_reply() -> None:
    """At each step that waits for a reply, every kind of reply leads somewhere."""
    events = {"yes", "later", "no", "closing", "nonsense", "lost"}
    for step in HOPED_FOR:
        assert {event for at, event in TURNS if at == step} == events, step
    steps = {step for step, _ in TURNS}
    assert {turn.then for turn in TURNS.values()} - steps == {"greeted", "ready", "closed"}


def test_only_after_the_dot_nobody_can_know() -> None:
    """A message is sent at the 250 after its dot and unsure only there; before, it has failed."""
    for (step, event), turn in TURNS.items():
        assert (turn.verdict == "sent") == ((step, event) == ("dot", "yes"))
        assert (turn.verdict == "unsure") == (
            (step, event) in {("dot", "lost"), ("dot", "nonsense")}
        )


@pytest.mark.parametrize(
    ("code", "event"),
    [(250, "yes"), (251, "nonsense"), (399, "nonsense"), (400, "later"), (421, "closing"),
     (499, "later"), (500, "no"), (599, "no"), (600, "nonsense"), (-1, "nonsense")],
)  # fmt: skip
def test_what_a_code_means(code: int, event: str) -> None:
    """4xx means later, 5xx no, 421 that the server closes, and everything else nothing known."""
    assert event_of("dot", code) == event


def test_a_recipient_that_is_forwarded(scripted: MakeScripted, authority: Authority) -> None:
    """A server that will forward (251, RFC 5321, 3.4) has taken the recipient."""
    server = scripted("RCPT", "251 user not local; will forward")
    assert send(server_of(server, authority)).state == "sent"


@pytest.mark.parametrize(
    ("machine", "name"),
    [
        ("mail.keller.example", "mail.keller.example"),
        ("Mail.Keller.example.", "mail.keller.example"),
        ("laptop", "sender.example"),
        ("laptop.local", "sender.example"),
        ("localhost.localdomain", "sender.example"),
        ("a_b.keller.example", "sender.example"),
        ("10.0.0.1", "sender.example"),
        ("", "sender.example"),
    ],
)
def test_the_name_in_ehlo(machine: str, name: str) -> None:
    """The machine's full name where it has one that others can know, else the sender's domain."""
    assert own_name(machine, "robin@sender.example") == name


def test_the_domain_in_ehlo_is_ascii() -> None:
    """A sender's domain in another script is sent in ASCII."""
    assert own_name("laptop", "robin@grün.example") == "xn--grn-ioa.example"


def test_the_password_is_known_to_whoever_strikes_secrets(tmp_path: Path) -> None:
    """It is reported before anything is sent, so that it comes into no log line."""
    mail = Mail.model_validate({
        "host": "localhost", "user": USER, "from": "robin@keller.example",
        "to": ["robin@keller.example"],
    })  # fmt: skip
    learned: list[str] = []
    environment = {"BRIEFGEN_SMTP_PASSWORD": PASSWORD}
    connect = Connect(environment=environment, learned=learned.append)
    assert connect.server(mail, Workspace(root=tmp_path)).password == Secret(text=PASSWORD)
    assert learned == [PASSWORD]


def test_no_address_literal_in_ehlo(office: Office, authority: Authority, tmp_path: Path) -> None:
    """What `mail.helo` says is what the server hears; without it, a name and no literal."""
    mail = Mail.model_validate({
        "host": "localhost", "port": office.port, "from": "robin@keller.example",
        "to": ["robin@keller.example"], "helo": "desk.keller.example",
    })  # fmt: skip
    connect = Connect(environment={})
    assert connect.server(mail, Workspace(root=tmp_path)).helo == "desk.keller.example"
    plain = mail.model_copy(update={"helo": None})
    assert "[" not in connect.server(plain, Workspace(root=tmp_path)).helo
    send(server_of(office, authority).replace(helo="desk.keller.example"))
    assert office.mailbox.names == ["desk.keller.example"]


@pytest.mark.parametrize("refusal", ["535 Login fail", "504 not this way", "530 5.7.0 no"])
def test_login_where_plain_is_refused(
    scripted: MakeScripted, authority: Authority, refusal: str
) -> None:
    """A server that offers PLAIN and refuses it is asked by LOGIN before the password is wrong."""
    server = scripted("AUTH PLAIN", refusal, ways="PLAIN LOGIN")
    assert send(server_of(server, authority)).state == "sent"
    assert server.logins == [(USER, PASSWORD)]


def test_login_alone(scripted: MakeScripted, authority: Authority) -> None:
    """A server that offers LOGIN alone is not asked by PLAIN."""
    server = scripted("AUTH PLAIN", "535 no", ways="LOGIN")
    assert send(server_of(server, authority)).state == "sent"
    assert server.times_misbehaved == 0


def test_no_way_to_sign_in(scripted: MakeScripted, authority: Authority) -> None:
    """A server that offers no way we know is reported as such."""
    with pytest.raises(NoServer, match="offers no way to sign in"):
        send(server_of(scripted(ways="GSSAPI"), authority))


def test_a_lasting_no_is_said_once_for_all_ways(
    scripted: MakeScripted, authority: Authority
) -> None:
    """Refused by each way that is offered, once each, the password is wrong."""
    server = scripted("AUTH", "535 wrong", ways="PLAIN LOGIN")
    with pytest.raises(NoServer, match="refused the user or password: 535 wrong"):
        send(server_of(server, authority))
    assert server.times_misbehaved == 2


def test_a_passing_no_is_not_asked_again(scripted: MakeScripted, authority: Authority) -> None:
    """A server that lets nobody in for now is not tried by another way."""
    server = scripted("AUTH", "454 not now", ways="PLAIN LOGIN")
    with pytest.raises(NoServer, match="does not allow signing in: 454 not now"):
        send(server_of(server, authority))
    assert server.times_misbehaved == 1


def test_a_domain_that_is_not_ascii(scripted: MakeScripted, authority: Authority) -> None:
    """It needs no SMTPUTF8: it goes as `xn--`; a local part that is not ASCII does need it."""
    server = scripted(utf8=False)
    answer = send(server_of(server, authority), PARCEL.replace(recipient="j@xn--grn-ioa.example"))
    assert answer.state == "sent"
    parcel = PARCEL.replace(recipient="jürgen@grün.example", utf8=True)
    answer = send(server_of(server, authority), parcel)
    assert (answer.state, answer.again) == ("failed", False)
    assert (answer.usable, answer.slow) == (True, False), "nothing was said to the server yet"
    assert "no SMTPUTF8" in answer.reason


def test_address_that_is_not_ascii(office: Office, authority: Authority) -> None:
    """Where the server knows SMTPUTF8, an address of any script is written to."""
    parcel = PARCEL.replace(recipient="jürgen@grün.example", utf8=True)
    assert send(server_of(office, authority), parcel).state == "sent"
    assert office.mailbox.received[0].rcpt_tos == ["jürgen@grün.example"]
