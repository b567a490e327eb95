"""A mail server on loopback that behaves as the simulation tells it to."""

import socket
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import cached_property

from listener import Listener


@dataclass
class Arrival:
    """A message the server took, and whether it said so."""

    message: EmailMessage
    recipient: str
    acknowledged: bool

    @cached_property
    def message_id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])

    @cached_property
    def subject(self) -> str:
        """Its subject."""
        return str(self.message["Subject"])

    @cached_property
    def text(self) -> str:
        """Its plain text, on one line."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return " ".join(body.get_content().split())


@dataclass
class PostOffice:
    """The server: `mood` is `verb reply` like `RCPT 451 later`, `dot close`, or empty for well."""

    mood: str = ""
    arrivals: list[Arrival] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listener = Listener(self._converse)

    def _converse(self, connection: socket.socket) -> None:  # a branch a verb
        stream = connection.makefile("rwb")
        recipient = ""

        def say(verb: str, well: str) -> bool:
            at, _, reply = self.mood.partition(" ")
            if at != verb:
                stream.write(f"{well}\r\n".encode())
            elif reply == "close":
                raise _HangUp
            elif reply == "silent":
                connection.settimeout(2)  # after the final dot it is waited for a minute
                connection.recv(1)
                raise _HangUp
            else:
                stream.write(f"{reply}\r\n".encode())
            stream.flush()
            return at != verb

        say("greeting", "220 ready")
        while line := stream.readline().decode("utf-8", "replace").strip():
            verb = line.split()[0].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
            if verb == "DATA" and say("DATA", "354 go on"):
                content = b""
                while (piece := stream.readline()) != b".\r\n":
                    if not piece:
                        return
                    content += piece[1:] if piece.startswith(b"..") else piece
                    if self.mood == "body close":
                        raise _HangUp
                self._take(content, recipient)
                say("dot", "250 taken")
            elif verb == "QUIT":
                say("QUIT", "221 bye")
                return
            elif verb != "DATA":
                say(verb, "250 OK")

    def _take(self, content: bytes, recipient: str) -> None:
        reply = self.mood.partition(" ")[2] if self.mood.startswith("dot ") else "250"
        if reply[:1] in {"4", "5"}:
            return
        message = BytesParser(policy=policy.default).parsebytes(content)
        self.arrivals.append(Arrival(message, recipient, acknowledged=reply == "250"))


class _HangUp(OSError):  # noqa: N818  # names what it does
    """The server breaks off."""
