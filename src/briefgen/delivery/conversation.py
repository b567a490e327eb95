"""The conversation with a mail server: limited in time, encrypted, no message handed in twice.

`conversation_states` has what each reply means; this module has our side.
"""

import base64
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Final, Literal

from msgspec import field

from briefgen.delivery.conversation_states import (
    OURS,
    TURNS,
    Event,
    Step,
    Turn,
    event_of,
)
from briefgen.delivery.smtp_client import BoundedSMTP, in_words
from briefgen.workspace.addresses import ascii_domain
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase, plain_line
from briefgen.workspace.secrets import Secret, smtp_password, without_secrets
from briefgen.workspace.settings import Mail
from briefgen.workspace.value import Value

SECONDS_A_MESSAGE: Final = 120
"""The longest one message may take altogether; connecting counts towards the first one."""

_LONGEST_REASON: Final = 200
_GO_ON: Final = 334
_WAYS: Final = ("PLAIN", "LOGIN")
_FULL_NAME: Final = re.compile(r"(?i)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_OF_NO_USE: Final = (".local", ".localdomain", ".lan", ".home", ".internal", ".arpa")

Reply = tuple[int, bytes]


class Server(Value, frozen=True, kw_only=True):
    """Where to hand mail in, and how the connection is protected.

    Attributes:
        helo: what this machine calls itself.
        context: which certificates are trusted; the system's if none is given.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str | None = None
    password: Secret | None = None
    helo: str = "[127.0.0.1]"
    context: ssl.SSLContext | None = None
    seconds: float = SECONDS_A_MESSAGE


class Connect(Value, frozen=True, kw_only=True):
    """How to reach the mail server of the settings, and the secrets for it.

    Attributes:
        environment: the variables, one of which may hold the password.
        learned: called with each secret, so that it appears in no log line.
        seconds: the longest one message may take.
        wait_for_turn: returns when that many mails may go out, if others use the server too.
    """

    environment: Mapping[str, str]
    learned: Callable[[str], None] = field(default=lambda _: None)
    seconds: float = SECONDS_A_MESSAGE
    wait_for_turn: Callable[[int], None] = field(default=lambda _: None)

    def server(self, mail: Mail, workspace: Workspace) -> Server:
        """The server of the settings, with its password.

        Raises:
            NoSecret: if there is no password.
        """
        password = smtp_password(mail, root=workspace.root, environment=self.environment)
        if password is not None:
            self.learned(password.text)
        return Server(
            host=mail.host,
            port=mail.port,
            security=mail.security,
            user=mail.user,
            password=password,
            helo=mail.helo or own_name(socket.gethostname(), mail.from_),
            seconds=self.seconds,
        )


def own_name(machine: str, sender: str) -> str:
    """What to call oneself in EHLO: the machine's full name, else the sender's domain.

    Some relays refuse an address literal, or a name known only in-house, permanently.
    """
    machine = machine.rstrip(".").casefold()
    if _FULL_NAME.fullmatch(machine) and not machine.endswith(_OF_NO_USE):
        return machine
    return ascii_domain(sender).rpartition("@")[2]


class Parcel(Value, frozen=True, kw_only=True):
    """One message for one recipient, ready for the wire: CRLF line ends, all of it 7 bit."""

    sender: str
    recipient: str
    content: bytes
    utf8: bool = False


class Answer(Value, frozen=True, kw_only=True):
    """The outcome of a parcel.

    Attributes:
        state: the server has it, does not have it, or it is unknown.
        again: whether a failure may succeed later.
        usable: whether the conversation can go on with another parcel.
        slow: whether the server took all its time.
    """

    state: Literal["sent", "failed", "unsure"]
    reason: str = ""
    again: bool = False
    usable: bool = True
    slow: bool = False


class NoServer(Exception):  # noqa: N818  # names what is missing
    """No conversation took place and no message was offered, so a later run may try."""


@contextmanager
def conversation(server: Server) -> Iterator["Conversation"]:
    """A conversation with the server: connected, encrypted, signed in; it ends with the block.

    Raises:
        NoServer: if the server cannot be reached, is too slow, has a certificate for another name,
            offers no encryption, or refuses the password. There is no fall-back to clear text.
    """
    smtp = BoundedSMTP(server.host, helo=server.helo, seconds=server.seconds)
    talk = Conversation(smtp, server)
    try:
        talk.begin()
        yield talk
    except BaseException:
        smtp.drop()
        raise
    smtp.part()


class Conversation:
    """An open conversation. Make it with `conversation`."""

    def __init__(self, smtp: BoundedSMTP, server: Server) -> None:
        self._smtp = smtp
        self._server = server
        self._step: Step = "greeting"
        self._fresh = True

    @property
    def most_bytes(self) -> int | None:
        """The largest message the server takes (RFC 1870), if it says so."""
        size = self._smtp.esmtp_features.get("size", "")
        return int(size) if size.isdigit() and int(size) > 0 else None

    @property
    def takes_utf8(self) -> bool:
        """Whether it takes addresses that are not ASCII (RFC 6531)."""
        return self._smtp.has_extn("smtputf8")

    def begin(self) -> None:
        """Connect, encrypt and sign in.

        Raises:
            NoServer: as `conversation`.
        """
        try:
            self._greet()
            if self._server.user is not None and self._server.password is not None:
                self._sign_in(self._server.user, self._server.password.text)
            if self._step == "greeted":
                self._go("ready")
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._smtp.drop()
            raise NoServer(self._told(in_words(error, self._smtp))) from None

    def _greet(self) -> None:
        server, smtp = self._server, self._smtp
        context = server.context
        if context is None and server.security != "none":
            context = ssl.create_default_context()
        smtp.dial(server.port, context=context if server.security == "tls" else None)
        self._must(Phrase("the server does not take mail"), smtp.getreply())
        self._introduce()
        if server.security == "starttls":
            assert context is not None  # noqa: S101  # made above
            self._encrypt(context)
            self._introduce()

    def _introduce(self) -> None:
        self._must(Phrase("the server refused EHLO"), self._smtp.ehlo())

    def _encrypt(self, context: ssl.SSLContext) -> None:
        if not self._smtp.has_extn("starttls"):
            raise NoServer(
                Phrase(
                    "the server offers no STARTTLS, and nothing is sent in clear text; ask "
                    "its administrator, or set `mail.security: tls` with `mail.port: 465`"
                )
            )
        self._go("starttls")
        self._must(Phrase("the server refused STARTTLS"), self._smtp.encrypt(context))

    def _sign_in(self, user: str, password: str) -> None:
        """AUTH PLAIN (RFC 4616), then LOGIN, in UTF-8; smtplib would take ASCII only.

        Some servers offer both and refuse PLAIN whatever the password.
        """
        offered = self._smtp.esmtp_features.get("auth", "").upper().split()
        ways = [way for way in _WAYS if way in offered]
        if not ways:
            raise NoServer(
                Phrase(
                    "the server offers no way to sign in; remove `mail.user` or ask its "
                    "administrator"
                )
            )
        self._go("auth")
        for way in ways:
            code, text = self._said_login(way, user, password)
            turn = self._turn(event_of("auth", code))
            if turn.verdict == "go on":
                return
            if turn.then == "closed":
                raise NoServer(
                    self._told(Phrase("the server does not allow signing in"), (code, text))
                )
        raise NoServer(self._told(Phrase("the server refused the user or password"), (code, text)))

    def _said_login(self, way: str, user: str, password: str) -> Reply:
        smtp = self._smtp
        if way == "PLAIN":
            whole = f"\0{user}\0{password}"
            return smtp.docmd("AUTH", f"PLAIN {_in_base64(whole)}")
        code, text = smtp.docmd("AUTH", "LOGIN")
        for answer in (user, password):
            if code == _GO_ON:
                code, text = smtp.docmd(_in_base64(answer))
        return code, text

    def _must(self, otherwise: str, reply: Reply) -> None:
        """Go on if the reply is positive; `otherwise` says what any other means."""
        if self._turn(event_of(self._step, reply[0])).verdict != "go on":
            raise NoServer(self._told(otherwise, reply))

    def deliver(self, parcel: Parcel, *, before_dot: Callable[[], None]) -> Answer:
        """Hand in one parcel; `before_dot` is called when all except the final dot is written.

        An exception in `before_dot` ends the conversation, so that the server drops the message.
        """
        if self._fresh:
            self._fresh = False
        else:
            self._smtp.allow(self._server.seconds)
        if parcel.utf8 and not self.takes_utf8:
            reason = Phrase(
                "the server takes no address like {recipient} (no SMTPUTF8)",
                recipient=parcel.recipient,
            )
            return Answer(state="failed", reason=reason)
        try:
            refusal = self._offer(parcel)
            if refusal is not None:
                return refusal
            self._smtp.send(_dotted(parcel.content))
            self._turn("yes")
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return self._lost(error)
        try:
            before_dot()
        except BaseException:
            self._smtp.drop()
            raise
        try:
            self._smtp.send(b".\r\n")
            reply = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return self._lost(error)
        return self._answer(self._turn(event_of("dot", reply[0])), Phrase("the message"), reply)

    def _offer(self, parcel: Parcel) -> Answer | None:
        """MAIL, RCPT and DATA; None if the server waits for the message."""
        smtp = self._smtp
        if parcel.utf8:
            smtp.command_encoding = "utf-8"
        says: dict[Step, tuple[str, Callable[[], Reply]]] = {
            "mail": (
                Phrase("the sender {sender}", sender=parcel.sender),
                partial(smtp.mail, parcel.sender, self._options(parcel)),
            ),
            "rcpt": (
                Phrase("the recipient {recipient}", recipient=parcel.recipient),
                partial(smtp.rcpt, parcel.recipient),
            ),
            "data": (Phrase("the message"), partial(smtp.docmd, "DATA")),
        }
        self._go("mail")
        while self._step in says:
            what, say = says[self._step]
            reply = say()
            turn = self._turn(event_of(self._step, reply[0]))
            if turn.verdict != "go on":
                return self._answer(turn, what, reply)
        return None

    def _options(self, parcel: Parcel) -> list[str]:
        size = [f"SIZE={len(parcel.content)}"] if self._smtp.has_extn("size") else []
        return [*size, "SMTPUTF8"] if parcel.utf8 else size

    def _go(self, step: Step) -> None:
        """Take a step on our side."""
        assert step in OURS[self._step], (self._step, step)  # noqa: S101  # the table knows
        self._step = step

    def _turn(self, event: Event) -> Turn:
        """Take the step that an event leads to."""
        turn = TURNS[self._step, event]
        self._step = turn.then
        if turn.then == "closed":
            self._smtp.drop()
        return turn

    def _answer(self, turn: Turn, what: str, reply: Reply) -> Answer:
        said = (
            ""
            if turn.verdict == "sent"
            else self._told(Phrase("the server said about {what}", what=what), reply)
        )
        return self._judged(turn, said)

    def _lost(self, error: Exception) -> Answer:
        slow = self._smtp.over or isinstance(error, TimeoutError)
        reason = self._told(in_words(error, self._smtp))
        return self._judged(self._turn("lost"), reason, slow=slow)

    def _judged(self, turn: Turn, reason: str, *, slow: bool = False) -> Answer:
        if self._step == "rset":
            self._reset()
        states: dict[str, Literal["sent", "unsure"]] = {"sent": "sent", "unsure": "unsure"}
        return Answer(
            state=states.get(turn.verdict, "failed"),
            reason=reason,
            again=turn.verdict == "failed for now",
            usable=self._step != "closed",
            slow=slow,
        )

    def _reset(self) -> None:
        """Withdraw the refused message (RSET), so that the next one can be offered."""
        try:
            self._turn(event_of("rset", self._smtp.rset()[0]))
        except (OSError, smtplib.SMTPException):
            self._turn("lost")

    def _told(self, words: str, reply: Reply | None = None) -> str:
        """The words and the reply on one line, without the password in any form."""
        if reply is not None:
            answer = f"{reply[0]} {reply[1].decode('utf-8', 'replace')}"
            words = Phrase("{label}: {text}", label=words, text=answer)
        password, user = self._server.password, self._server.user
        secrets = [password.text, _in_base64(user or "")] if password is not None else []
        told = plain_line(without_secrets(words, secrets), longest=_LONGEST_REASON)
        return words if words == told else told  # a phrase can be translated


def _in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _dotted(content: bytes) -> bytes:
    """The message with its dots doubled (RFC 5321, 4.5.2), ending in a line's end."""
    dotted = re.sub(rb"(?m)^\.", b"..", content)
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"
