"""Real mail servers on loopback: one that works, and one that misbehaves where it is told to."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER = "robin"
PASSWORD = "pässwörd with spaces"


@dataclass
class Mailbox:
    """What a server took in, and whom it refuses."""

    received: list[Envelope] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    data_reply: str = "250 OK"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Take the recipient, unless it is to be refused."""
        if reply := self.refused.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message."""
        if self.data_reply.startswith("2"):
            self.received.append(envelope)
        return self.data_reply

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages, read by the standard parser."""
        parser = BytesParser(policy=policy.SMTPUTF8)
        return [parser.parsebytes(bytes(envelope.content or b"")) for envelope in self.received]

    @property
    def ids(self) -> list[str]:
        """The message ids in the order of arrival."""
        return [str(message["Message-ID"]) for message in self.messages]


@dataclass(frozen=True)
class Authority:
    """A certificate authority of our own, a server's side of it and a client's."""

    server: ssl.SSLContext
    client: ssl.SSLContext
    file: Path


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Certificates for localhost, from an authority that only these tests trust."""
    ca = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    ca.configure_trust(client)
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    return Authority(server=server, client=client, file=file)


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    good = LoginPassword(login=USER.encode(), password=PASSWORD.encode())
    return AuthResult(success=data == good, handled=False)


@dataclass
class Office:
    """A working mail server and its mailbox."""

    host: str
    port: int
    mailbox: Mailbox


@pytest.fixture
def office(authority: Authority) -> Iterator[Office]:
    """A mail server that wants STARTTLS and a password, and takes what it gets."""
    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        tls_context=authority.server,
        require_starttls=True,
        auth_required=True,
        authenticator=_authenticate,
        enable_SMTPUTF8=True,
    )
    controller.start()
    assert controller.server is not None
    port = controller.server.sockets[0].getsockname()[1]
    yield Office(host="localhost", port=port, mailbox=mailbox)
    controller.stop(no_assert=True)


Behaviour = str
"""silent, slow, close, a reply like `451 later`, or garbage."""


class Scripted:
    """A mail server that does as it should, but for one verb.

    Verbs are greeting, EHLO, STARTTLS, handshake, AUTH, MAIL, RCPT, DATA, body, dot and QUIT.
    """

    def __init__(
        self, authority: Authority, verb: str = "", behaviour: Behaviour = "", *, tls: bool = True
    ) -> None:
        self.verb, self.behaviour, self.tls = verb, behaviour, tls
        self.authority = authority
        self.received: list[bytes] = []
        self.times_misbehaved = 0
        self.only_first = False
        self.host = "localhost"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it and wait for it."""
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError, _HangUp, ValueError):
                self._converse(connection)
            connection.close()

    def _converse(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        stream = connection.makefile("rwb")
        secured = False
        try:
            self._say(stream, "greeting", "220 ready")
            while line := stream.readline().decode("utf-8", "replace").strip():
                verb = line.split()[0].upper()
                if verb == "EHLO":
                    self._say(stream, verb, self._offers(secured=secured))
                elif verb == "STARTTLS" and self._say(stream, verb, "220 go on"):
                    self._misbehave(stream, "handshake")
                    stream.close()
                    connection = self.authority.server.wrap_socket(connection, server_side=True)
                    stream = connection.makefile("rwb")
                    secured = True
                elif verb == "AUTH":
                    self._say(stream, verb, "235 welcome")
                elif verb == "DATA" and self._say(stream, verb, "354 go on"):
                    self._take_body(stream)
                elif verb == "QUIT":
                    self._say(stream, verb, "221 bye")
                    return
                elif verb in {"MAIL", "RCPT", "RSET"}:
                    self._say(stream, verb, "250 OK")
        finally:
            with contextlib.suppress(OSError, ValueError):
                stream.close()
            connection.close()

    def _offers(self, *, secured: bool) -> str:
        offers = ["localhost", "8BITMIME", "SMTPUTF8", "SIZE 10000000"]
        if self.tls and not secured and self.behaviour != "stripped":
            offers.append("STARTTLS")
        if secured or not self.tls:
            offers.append("AUTH PLAIN")
        return "\r\n".join([*(f"250-{offer}" for offer in offers[:-1]), f"250 {offers[-1]}"])

    def _take_body(self, stream: Any) -> None:
        lines = []
        while (line := stream.readline()) != b".\r\n":
            if not line:
                raise _HangUp
            lines.append(line)
            self._misbehave(stream, "body")
        if self._misbehave(stream, "dot"):
            return
        self.received.append(b"".join(lines))
        self._say(stream, "taken", "250 taken")

    def _say(self, stream: Any, verb: str, reply: str) -> bool:
        """Answer as one should; False where something else was answered."""
        if self._misbehave(stream, verb):
            return False
        stream.write(f"{reply}\r\n".encode())
        stream.flush()
        return True

    def _misbehave(self, stream: Any, verb: str) -> bool:
        if verb != self.verb or (self.only_first and self.times_misbehaved):
            return False
        self.times_misbehaved += 1
        if self.behaviour == "close":
            raise _HangUp
        if self.behaviour == "silent":
            self._over.wait(5)
            raise _HangUp
        while self.behaviour == "slow" and not self._over.is_set():
            stream.write(b"2")
            stream.flush()
            time.sleep(0.03)
        if self.behaviour == "stripped":
            return False
        stream.write(f"{self.behaviour}\r\n".encode())
        stream.flush()
        return True


class _HangUp(Exception):  # noqa: N818  # names what it does
    """The server breaks off."""


@pytest.fixture
def scripted(authority: Authority) -> Iterator[Callable[..., Scripted]]:
    """Makes servers that misbehave at one verb."""
    running: list[Scripted] = []

    def make(verb: str = "", behaviour: Behaviour = "", *, tls: bool = True) -> Scripted:
        running.append(Scripted(authority, verb, behaviour, tls=tls))
        return running[-1]

    yield make
    for server in running:
        server.stop()
