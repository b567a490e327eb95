"""The conversation with a mail server (RFC 5321): bounded in time, encrypted, nothing taken twice.

A message counts as sent at the 250 behind its final dot. Until the final dot has been written the
server cannot have it; from then until the reply nobody can know.
"""

import base64
import contextlib
import io
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

from briefgen.delivery.secrets import Password

SECONDS_A_MESSAGE: Final = 120
"""The longest one message may take over all; connecting is counted to the first one."""
SECONDS_TO_PART: Final = 3
"""The longest to wait for a goodbye that no longer matters."""
SECONDS_AN_ADDRESS: Final = 15
"""The longest to wait for one address of a server that has another."""

_PIECE: Final = 64 * 1024
_LONGEST_REPLY: Final = 256 * 1024
_LONGEST_REASON: Final = 200
_TEMPORARY: Final = range(400, 500)
_LASTING: Final = range(500, 600)
_CLOSING: Final = 421


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where to hand mail in, and how the way there is protected.

    Attributes:
        context: what certificates are trusted; the system's where none is given.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str | None = None
    password: Password | None = None
    context: ssl.SSLContext | None = None
    seconds: float = SECONDS_A_MESSAGE


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One message for one recipient, ready for the wire: CRLF line ends, all of it 7 bit."""

    sender: str
    recipient: str
    content: bytes
    utf8: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a parcel.

    Attributes:
        state: the server has it, has it not, or nobody knows.
        again: whether what failed may go well later.
        usable: whether the conversation can go on with another parcel.
    """

    state: Literal["sent", "failed", "unsure"]
    reason: str = ""
    again: bool = False
    usable: bool = True


class NoServer(Exception):  # noqa: N818  # names what there is not
    """No conversation came about; nothing was said about any message, so a later run may try."""


@contextmanager
def conversation(server: Server) -> Iterator["Conversation"]:
    """A conversation with the server: connected, encrypted, signed in; it ends with the block.

    Raises:
        NoServer: where the server is not there, too slow, not whom its certificate should name,
            offers no encryption, or refuses the password. There is no fall-back to clear text.
    """
    smtp = _BoundedSMTP(server)
    try:
        _open(smtp, server)
    except BaseException:
        smtp.drop()
        raise
    talk = Conversation(smtp, server)
    try:
        yield talk
    except BaseException:
        smtp.drop()
        raise
    smtp.part()


class Conversation:
    """An open conversation. Make it with `conversation`."""

    def __init__(self, smtp: "_BoundedSMTP", server: Server) -> None:
        self._smtp = smtp
        self._server = server
        self._fresh = True

    @property
    def most_bytes(self) -> int | None:
        """The largest message the server takes (RFC 1870), where it says so."""
        size = self._smtp.esmtp_features.get("size", "")
        return int(size) if size.isdigit() and int(size) > 0 else None

    @property
    def takes_utf8(self) -> bool:
        """Whether it takes addresses that are not ASCII (RFC 6531)."""
        return self._smtp.has_extn("smtputf8")

    def deliver(self, parcel: Parcel, *, before_dot: Callable[[], None]) -> Answer:
        """Hand one parcel in. `before_dot` is called when all but the final dot has been written.

        Whatever `before_dot` raises breaks the conversation off, so that the server drops the
        message.
        """
        if self._fresh:
            self._fresh = False
        else:
            self._smtp.allow(self._server.seconds)
        try:
            refusal = self._offer(parcel)
            if refusal is None:
                self._smtp.send(_dotted(parcel.content))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._smtp.drop()
            return self._lost(error, state="failed")
        if refusal is not None:
            return refusal
        try:
            before_dot()
        except BaseException:
            self._smtp.drop()
            raise
        try:
            self._smtp.send(b".\r\n")
            code, text = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._smtp.drop()
            return self._lost(error, state="unsure")
        return self._judged("the message", code, text)

    def _offer(self, parcel: Parcel) -> Answer | None:
        """MAIL, RCPT and DATA; None where the server waits for the message."""
        smtp = self._smtp
        options = [f"SIZE={len(parcel.content)}"] if smtp.has_extn("size") else []
        if parcel.utf8:
            if not self.takes_utf8:
                reason = f"the server takes no address like {parcel.recipient} (no SMTPUTF8)"
                return Answer(state="failed", reason=reason)
            options.append("SMTPUTF8")
            smtp.command_encoding = "utf-8"
        code, text = smtp.mail(parcel.sender, options)
        if code != 250:  # noqa: PLR2004  # RFC 5321, 4.2.3
            return self._refused(f"the sender {parcel.sender}", code, text)
        code, text = smtp.rcpt(parcel.recipient)
        if code not in {250, 251}:
            return self._refused(f"the recipient {parcel.recipient}", code, text)
        code, text = smtp.docmd("DATA")
        if code != 354:  # noqa: PLR2004  # RFC 5321, 4.2.3
            return self._refused("the message", code, text)
        return None

    def _refused(self, what: str, code: int, text: bytes) -> Answer:
        answer = self._judged(what, code, text)
        if answer.usable:
            try:
                usable = self._smtp.rset()[0] == 250  # noqa: PLR2004  # RFC 5321, 4.2.3
            except (OSError, smtplib.SMTPException):
                usable = False
        else:
            usable = False
        if not usable:
            self._smtp.drop()
        state: Literal["failed"] = "failed"
        again = answer.again or answer.state != "failed"
        return Answer(state=state, reason=answer.reason, again=again, usable=usable)

    def _judged(self, what: str, code: int, text: bytes) -> Answer:
        if code == 250:  # noqa: PLR2004  # RFC 5321, 4.2.3
            return Answer(state="sent")
        said = self._told(f"the server said about {what}: {code} ", text)
        if code in _TEMPORARY:
            return Answer(state="failed", reason=said, again=True, usable=code != _CLOSING)
        if code in _LASTING:
            return Answer(state="failed", reason=said)
        self._smtp.drop()
        return Answer(state="unsure", reason=said, usable=False)

    def _lost(self, error: Exception, *, state: Literal["failed", "unsure"]) -> Answer:
        reason = self._told(_in_words(error, self._smtp), b"")
        return Answer(state=state, reason=reason, again=state == "failed", usable=False)

    def _told(self, words: str, text: bytes) -> str:
        return without_secret(words + _as_line(text), self._server.password)


def without_secret(text: str, password: Password | None) -> str:
    """`text` without the password, should a server have said it back to us."""
    if password is None or not password.text:
        return text
    encoded = base64.b64encode(password.text.encode()).decode()
    return text.replace(password.text, "…").replace(encoded, "…")


class _BoundedSMTP(smtplib.SMTP):
    """smtplib's client with one time limit over all, however slowly the other side drips."""

    def __init__(self, server: Server) -> None:
        # The address literal keeps the machine's name to ourselves and asks no name server.
        super().__init__(local_hostname="[127.0.0.1]")
        self._host = server.host
        self.allow(server.seconds)

    def allow(self, seconds: float) -> None:
        """From now on, this long."""
        self._seconds = seconds
        self._until = time.monotonic() + seconds

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._until

    @property
    def seconds(self) -> float:
        """The limit, for messages."""
        return self._seconds

    def remaining(self) -> float:
        """Seconds left; raises TimeoutError where there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def dial(self, port: int, *, context: ssl.SSLContext | None) -> None:
        """Connect to the first address that answers, encrypted at once with a context."""
        failure: OSError = OSError("no address")
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
                return  # noqa: TRY300  # the loop goes on with the next address else
            except ssl.SSLError:
                raw.close()
                raise
            except OSError as error:
                raw.close()
                failure = error
        raise failure

    def _patience(self, left: int) -> float:
        """How long to wait for an address while others are left.

        IPv6 that is announced and leads nowhere is silent, and comes first.
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
        """Bytes of one reply; a reply without end is broken off."""
        self._read += amount
        if self._read > _LONGEST_REPLY:
            raise OSError("a reply without end")

    def starttls_checked(self, context: ssl.SSLContext) -> None:
        """STARTTLS (RFC 3207); what came before it in clear is forgotten."""
        if not self.has_extn("starttls"):
            raise NoServer(
                "the server offers no STARTTLS, and nothing is sent in clear text;"
                " ask its keeper, or set `mail.security: tls` with `mail.port: 465`"
            )
        if self.sock is not None:
            self.sock.settimeout(self.remaining())
        code, text = self.starttls(context=context)
        if code != 220:  # noqa: PLR2004  # RFC 3207, 4
            raise NoServer(f"the server refused STARTTLS: {code} {_as_line(text)}")

    def part(self) -> None:
        """QUIT. Everything is settled by then, so that no fault of it matters."""
        if self.sock is None:
            return
        self.allow(min(SECONDS_TO_PART, self._seconds))
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.docmd("QUIT")
        self.drop()

    def drop(self) -> None:
        """Close without a word."""
        with contextlib.suppress(OSError):
            self.close()


class _BoundedReader(io.RawIOBase):
    """Reads a socket; each read waits no longer than what is left over all."""

    def __init__(self, sock: socket.socket, smtp: _BoundedSMTP) -> None:
        self._sock = sock
        self._smtp = smtp

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # any writable buffer
        self._sock.settimeout(self._smtp.remaining())
        amount = self._sock.recv_into(buffer)
        self._smtp.count(amount)
        return amount


def _open(smtp: _BoundedSMTP, server: Server) -> None:
    try:
        _greet(smtp, server)
        if server.user is not None and server.password is not None:
            _sign_in(smtp, server.user, server.password)
    except NoServer as error:
        raise NoServer(without_secret(str(error), server.password)) from None
    except (OSError, smtplib.SMTPException, ValueError) as error:
        words = _in_words(error, smtp)
        raise NoServer(without_secret(words, server.password)) from None


def _greet(smtp: _BoundedSMTP, server: Server) -> None:
    context = server.context
    if context is None and server.security != "none":
        context = ssl.create_default_context()
    smtp.dial(server.port, context=context if server.security == "tls" else None)
    code, text = smtp.getreply()
    if code != 220:  # noqa: PLR2004  # RFC 5321, 4.2.3
        raise NoServer(f"the server does not take mail: {code} {_as_line(text)}")
    _introduce(smtp)
    if server.security == "starttls":
        assert context is not None  # noqa: S101  # made above
        smtp.starttls_checked(context)
        _introduce(smtp)


def _introduce(smtp: _BoundedSMTP) -> None:
    code, text = smtp.ehlo()
    if code != 250:  # noqa: PLR2004  # RFC 5321, 4.2.3
        raise NoServer(f"the server refused EHLO: {code} {_as_line(text)}")


def _sign_in(smtp: _BoundedSMTP, user: str, password: Password) -> None:
    """AUTH PLAIN (RFC 4616) or LOGIN, in UTF-8; smtplib would take ASCII only."""
    ways = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in ways:
        whole = f"\0{user}\0{password.text}".encode()
        code, text = smtp.docmd("AUTH", f"PLAIN {base64.b64encode(whole).decode()}")
    elif "LOGIN" in ways:
        code, text = smtp.docmd("AUTH", "LOGIN")
        for answer in (user, password.text):
            if code == 334:  # noqa: PLR2004  # RFC 4954, 6
                code, text = smtp.docmd(base64.b64encode(answer.encode()).decode())
    else:
        raise NoServer("the server offers no way to sign in; remove `mail.user` or ask its keeper")
    if code != 235:  # noqa: PLR2004  # RFC 4954, 6
        raise NoServer(f"the server refused the user or password: {code} {_as_line(text)}")


def _in_words(error: Exception, smtp: _BoundedSMTP) -> str:  # noqa: PLR0911  # a line a fault
    if smtp.over or isinstance(error, TimeoutError):
        return f"the server took longer than {smtp.seconds:g} seconds"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate does not hold: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no encrypted connection: {error.reason or 'the server broke it off'}"
    if isinstance(error, socket.gaierror):
        return f"no such mail server: {error.strerror}"
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        said = text if isinstance(text, bytes) else text.encode()
        return f"the server said: {error.smtp_code} {_as_line(said)}"
    if isinstance(error, smtplib.SMTPException):
        return "the server broke the connection off"
    if isinstance(error, OSError):
        return f"cannot talk to the mail server: {error.strerror or error}"
    return "the server's answer cannot be understood"


def _as_line(text: bytes) -> str:
    words = re.sub(r"[^\x20-\x7e\xa0-\U0010ffff]+", " ", text.decode("utf-8", "replace"))
    return " ".join(words.split())[:_LONGEST_REASON]


def _dotted(content: bytes) -> bytes:
    """The message with its dots doubled (RFC 5321, 4.5.2), ending in a line's end."""
    dotted = re.sub(rb"(?m)^\.", b"..", content)
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"
