"""The connection to a mail server: smtplib, with one overall time limit and limited replies."""

import contextlib
import io
import smtplib
import socket
import ssl
import time
from typing import Any, Final

from briefgen.workspace.phrase import Phrase

SECONDS_TO_PART: Final = 3
"""The longest to wait for a goodbye that no longer matters."""
SECONDS_AN_ADDRESS: Final = 15
"""The longest to wait for an address of a server that has others."""

_PIECE: Final = 64 * 1024
_LONGEST_REPLY: Final = 256 * 1024


class BoundedSMTP(smtplib.SMTP):
    """smtplib's client with one overall time limit, however slowly the other side sends.

    Attributes:
        place: the server's host, and the port once it is dialled.
    """

    def __init__(self, host: str, *, helo: str, seconds: float) -> None:
        super().__init__(local_hostname=helo)
        self._host = host
        self.place = host
        self.allow(seconds)

    def allow(self, seconds: float) -> None:
        """Start the time limit now."""
        self._seconds = seconds
        self._until = time.monotonic() + seconds

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._until

    @property
    def seconds(self) -> float:
        """The limit in seconds, for messages."""
        return self._seconds

    def remaining(self) -> float:
        """Seconds left; raises TimeoutError if there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def dial(self, port: int, *, context: ssl.SSLContext | None) -> None:
        """Connect to the first address that answers, encrypted at once with a context."""
        self.place = f"{self._host}:{port}"
        failure: OSError = OSError(Phrase("no address"))
        places = socket.getaddrinfo(self._host, port, type=socket.SOCK_STREAM)
        for left, (family, kind, protocol, _, address) in zip(
            range(len(places), 0, -1), places, strict=True
        ):
            raw = socket.socket(family, kind, protocol)
            try:
                raw.settimeout(self._patience(left))
                raw.connect(address)
                raw.settimeout(self.remaining())
                self.sock = raw
                if context is not None:
                    self.sock = context.wrap_socket(raw, server_hostname=self._host)
                return  # noqa: TRY300  # otherwise the loop goes on with the next address
            except ssl.SSLError:
                raw.close()
                raise
            except OSError as error:
                raw.close()
                failure = error
        raise failure

    def _patience(self, left: int) -> float:
        """How long to wait for an address while others are left.

        IPv6 that is announced but leads nowhere comes first, and is silent.
        """
        time_left = self.remaining()
        return min(time_left / left, SECONDS_AN_ADDRESS) if left > 1 else time_left

    def send(self, s: bytes | str) -> None:  # type: ignore[override]  # it takes both
        """Write all of it in the time that is left."""
        data = s.encode(self.command_encoding) if isinstance(s, str) else s
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        try:
            for at in range(0, len(data), _PIECE):
                self.sock.settimeout(self.remaining())
                self.sock.sendall(data[at : at + _PIECE])
        except OSError:
            self.drop()
            raise

    def getreply(self) -> tuple[int, bytes]:
        """A reply, read in the time that is left."""
        if self.sock is not None:
            if self.file is None:
                self.file = io.BufferedReader(_BoundedReader(self.sock, self))
            self._read = 0
        return super().getreply()

    def count(self, amount: int) -> None:
        """Bytes of one reply; an endless reply is cut off."""
        self._read += amount
        if self._read > _LONGEST_REPLY:
            raise OSError(Phrase("a reply without end"))

    def encrypt(self, context: ssl.SSLContext) -> tuple[int, bytes]:
        """STARTTLS (RFC 3207); what the server sent in clear before it is discarded."""
        if self.sock is not None:
            self.sock.settimeout(self.remaining())
        return self.starttls(context=context)

    def part(self) -> None:
        """QUIT. All messages have an outcome by then, so failures here do not matter."""
        if self.sock is None:
            return
        self.allow(min(SECONDS_TO_PART, self._seconds))
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.docmd("QUIT")
        self.drop()

    def drop(self) -> None:
        """Close without QUIT."""
        with contextlib.suppress(OSError):
            self.close()


class _BoundedReader(io.RawIOBase):
    """Reads a socket; no read waits longer than the time that is left."""

    def __init__(self, sock: socket.socket, smtp: BoundedSMTP) -> None:
        self._sock = sock
        self._smtp = smtp

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # any writable buffer
        self._sock.settimeout(self._smtp.remaining())
        amount = self._sock.recv_into(buffer)
        self._smtp.count(amount)
        return amount


def in_words(error: Exception, smtp: BoundedSMTP) -> str:  # noqa: PLR0911  # a line a fault
    """What went wrong with the connection, for people."""
    if smtp.over or isinstance(error, TimeoutError):
        return Phrase("the server took longer than {seconds:g} seconds", seconds=smtp.seconds)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Phrase(
            "the server's certificate is not valid: {verify_message}",
            verify_message=error.verify_message,
        )
    if isinstance(error, ssl.SSLError):
        return Phrase(
            "no encrypted connection: {reason}", reason=error.reason or "the server broke it off"
        )
    if isinstance(error, socket.gaierror):
        return Phrase("no such mail server: {reason}", reason=error.strerror)
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        said = text if isinstance(text, bytes) else text.encode()
        return Phrase(
            "the server said: {smtp_code} {said}",
            smtp_code=error.smtp_code,
            said=said.decode("utf-8", "replace"),
        )
    if isinstance(error, smtplib.SMTPException):
        return Phrase("the server broke the connection off")
    if isinstance(error, OSError):
        return Phrase(
            "cannot talk to the mail server {place}: {reason}",
            place=smtp.place,
            reason=error.strerror or error,
        )
    return Phrase("the server's answer cannot be understood")
