import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
import trustme
from mail_servers import PASSWORD, USER, Authority, Office, Scripted

from briefgen.delivery.conversation import (
    Answer,
    NoServer,
    Parcel,
    Server,
    conversation,
    without_secret,
)
from briefgen.delivery.secrets import Password

MakeScripted = Callable[..., Scripted]

PATIENCE = 0.25
"""How long the tests let a message take, in place of two minutes."""

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
        password=Password(text=PASSWORD),
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


def test_an_address_that_is_silent(
    office: Office, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two addresses the first leads nowhere, as IPv6 often does; the mail goes to the second."""
    monkeypatch.setattr("briefgen.delivery.conversation.SECONDS_AN_ADDRESS", 0.1)
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
            parcel = replace(PARCEL, recipient=f"{name}@acme.example")
            answers.append(talk.deliver(parcel, before_dot=lambda: None))
    assert [answer.state for answer in answers] == ["sent", "failed", "sent"]
    assert not answers[1].again
    assert "550 no such user" in answers[1].reason


def test_wrong_password(office: Office, authority: Authority) -> None:
    """A refused password is said, and the password itself is not."""
    server = replace(server_of(office, authority), password=Password(text="wrong-secret"))
    with pytest.raises(NoServer, match="refused the user or password: 535") as caught:
        send(server)
    assert "wrong-secret" not in str(caught.value)


def test_certificate_of_a_stranger(office: Office, authority: Authority) -> None:
    """A certificate that nobody we trust has signed ends the conversation, before any password."""
    server = replace(server_of(office, authority), context=ssl.create_default_context())
    with pytest.raises(NoServer, match="certificate does not hold"):
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
    """A server, or somebody between, that takes STARTTLS away gets neither password nor mail."""
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
            send(replace(server, seconds=2))
        thread.join()
    assert first == [b"\x16"]  # a TLS handshake record


def test_nobody_there(authority: Authority) -> None:
    """A closed port is told in plain words."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    server = Server(host="127.0.0.1", port=port, security="starttls", context=authority.client)
    with pytest.raises(NoServer, match="cannot talk to the mail server: Connection refused"):
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
    patience = PATIENCE if behaviour in {"silent", "slow"} else 5
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


def test_large_message_to_a_slow_reader(scripted: MakeScripted, authority: Authority) -> None:
    """A server that reads nothing while the mail is written does not hold us up."""
    server = scripted("DATA", "silent")
    parcel = replace(PARCEL, content=b"x" * 60 + b"\r\n" + b"y" * 5_000_000)
    began = time.monotonic()
    answer = send(server_of(server, authority, seconds=PATIENCE), parcel)
    assert time.monotonic() - began < 4
    assert answer.state == "failed"
    assert "took longer than 0.25 seconds" in answer.reason


def test_secrets_said_back_are_struck() -> None:
    """A server that repeats the password does not bring it into a log."""
    password = Password(text="hunter2")
    assert without_secret("no: hunter2, aHVudGVyMg==", password) == "no: …, …"
    assert "hunter2" not in repr(password)
    assert "hunter2" not in str(password)


def test_address_that_is_not_ascii(office: Office, authority: Authority) -> None:
    """Where the server knows SMTPUTF8, an address of any script is written to."""
    parcel = replace(PARCEL, recipient="jürgen@grün.example", utf8=True)
    assert send(server_of(office, authority), parcel).state == "sent"
    assert office.mailbox.received[0].rcpt_tos == ["jürgen@grün.example"]
