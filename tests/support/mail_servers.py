"""Real mail servers on loopback: one that works, and one that misbehaves where it is told to."""

import base64
import contextlib
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import BinaryIO, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER = "robin"
PASSWORD = "pässwörd with spaces"


@dataclass
class Mailbox:
    """What a server took in, and whom it refuses."""

    received: list[Envelope] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    data_reply: str = "250 OK"
    names: list[str] = field(default_factory=list)

    def __dir__(self) -> list[str]:
        """Without what is worked out: aiosmtpd asks for every member at each connection."""
        return [name for name in super().__dir__() if name not in {"messages", "ids"}]

    async def handle_EHLO(  # noqa: N802  # aiosmtpd's name
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Keep the name that was said, once a conversation."""
        if session.ssl is not None:
            self.names.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        """Take the recipient, unless it is to be refused."""
        if reply := self.refused.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the message."""
        if self.data_reply.startswith("2"):
            self.received.append(envelope)
        return self.data_reply

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages, read by the standard parser."""
        parser = BytesParser(policy=policy.SMTPUTF8)
        return [parser.parsebytes(envelope.original_content or b"") for envelope in self.received]

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


def authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    """Let in who knows the password."""
    good = LoginPassword(login=USER.encode(), password=PASSWORD.encode())
    return AuthResult(success=data == good, handled=False)


@dataclass
class Office:
    """A working mail server and its mailbox."""

    host: str
    port: int
    mailbox: Mailbox


Behaviour = str
"""silent, slow, close, a reply like `451 later`, or garbage."""


class Scripted:
    """A mail server that does as it should, except for one verb.

    Verbs are greeting, EHLO, STARTTLS, handshake, AUTH, MAIL, RCPT, DATA, body, dot and QUIT.
    """

    def __init__(
        self,
        authority: Authority,
        verb: str = "",
        behaviour: Behaviour = "",
        *,
        tls: bool = True,
        ways: str = "PLAIN",
        utf8: bool = True,
    ) -> None:
        self.verb, self.behaviour, self.tls = verb, behaviour, tls
        self.ways, self.utf8 = ways, utf8
        self.logins: list[tuple[str, str]] = []
        self.echoes = False
        self.echoed: list[str] = []
        self.authority = authority
        self.received: list[bytes] = []
        self.said: list[str] = []
        self.hung_up_on = threading.Event()
        self.hangs_up_at = ""
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
        stream = cast("BinaryIO", connection.makefile("rwb"))
        secured = False
        try:
            self._say(stream, "greeting", "220 ready")
            while line := stream.readline().decode("utf-8", "replace").strip():
                verb = line.split()[0].upper()
                self.said.append(line)
                if verb == "EHLO":
                    self._say(stream, verb, self._offers(secured=secured))
                elif verb == "STARTTLS" and self._say(stream, verb, "220 go on"):
                    self._misbehave(stream, "handshake")
                    stream.close()
                    connection = self.authority.server.wrap_socket(connection, server_side=True)
                    stream = cast("BinaryIO", connection.makefile("rwb"))
                    secured = True
                elif verb == "AUTH":
                    self._sign_in(stream, line)
                elif verb == "DATA" and self._say(stream, verb, "354 go on"):
                    self._take_body(stream)
                elif verb == "QUIT":
                    self._say(stream, verb, "221 bye")
                    return
                elif verb in {"MAIL", "RCPT", "RSET"}:
                    self._say(stream, verb, "250 OK")
            self.hung_up_on.set()
        except (OSError, _HangUp):
            self.hung_up_on.set()
            raise
        finally:
            with contextlib.suppress(OSError, ValueError):
                stream.close()
            connection.close()

    def _offers(self, *, secured: bool) -> str:
        offers = ["localhost", "8BITMIME", "SIZE 10000000"]
        if self.utf8:
            offers.append("SMTPUTF8")
        if self.tls and not secured and self.behaviour != "stripped":
            offers.append("STARTTLS")
        if secured or not self.tls:
            offers.append(f"AUTH {self.ways}")
        return "\r\n".join([*(f"250-{offer}" for offer in offers[:-1]), f"250 {offers[-1]}"])

    def _sign_in(self, stream: BinaryIO, line: str) -> None:
        way = line.split()[1]
        if self.echoes:
            self.echoed.append(line.rsplit(maxsplit=1)[-1])
            stream.write(f"535 no such line: {line}\r\n".encode())
            stream.flush()
            return
        if self._misbehave(stream, f"AUTH {way}") or self._misbehave(stream, "AUTH"):
            return
        if way == "LOGIN":
            said = []
            for question in ("VXNlcm5hbWU6", "UGFzc3dvcmQ6"):
                stream.write(f"334 {question}\r\n".encode())
                stream.flush()
                said.append(base64.b64decode(stream.readline()).decode())
            self.logins.append((said[0], said[1]))
        self._say(stream, "welcome", "235 welcome")

    def _take_body(self, stream: BinaryIO) -> None:
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

    def _say(self, stream: BinaryIO, verb: str, reply: str) -> bool:
        """Answer as one should; False where something else was answered."""
        if self._misbehave(stream, verb):
            return False
        stream.write(f"{reply}\r\n".encode())
        stream.flush()
        return True

    def _misbehave(self, stream: BinaryIO, verb: str) -> bool:
        if verb == self.hangs_up_at:
            raise _HangUp
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
