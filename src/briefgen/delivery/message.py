"""A letter: what a message says, as bytes with no headers except ours (RFC 5322)."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import Parser
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final

from briefgen import __version__
from briefgen.workspace.addresses import ascii_domain
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase, plain_line
from briefgen.workspace.secrets import Secret
from briefgen.workspace.value import Value

MOST_BYTES: Final = 20_000_000
"""The largest message that is sent, encoded; most servers take 25 MB."""

_LONGEST_SUBJECT: Final = 180
_LONGEST_NAME: Final = 80
_ROOM_FOR_HEADERS: Final = 4_000
_SUBJECT_STARTS_WORD: Final = re.compile(r"=\s*\?")
_FORBIDDEN_IN_NAMES: Final = re.compile(r'[/\\:*?"<>|]+')


class Attachment(Value, frozen=True, kw_only=True):
    """A PDF, a calendar (RFC 5545) or a form (HTML), and the name a person sees."""

    name: str
    content: bytes
    calendar: bool = False
    form: bool = False


class Letter(Value, frozen=True, kw_only=True):
    """What a message says, before it is addressed.

    Attributes:
        text: the plain text, whose first lines are a phone's preview.
        html: the same as HTML.
    """

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


class Envelope(Value, frozen=True, kw_only=True):
    """Who writes to whom, when, and in which thread.

    Attributes:
        thread: the message ids before this one, oldest first.
        repeated: whether this may be the second time it arrives.
    """

    sender: str
    sender_name: str
    recipient: str
    message_id: str
    thread: tuple[str, ...] = ()
    moment: datetime
    repeated: bool = False

    @property
    def needs_utf8(self) -> bool:
        """Whether an address in it cannot be ASCII, so that the server must support RFC 6531."""
        return not (ascii_domain(self.sender) + ascii_domain(self.recipient)).isascii()


class NotAsWritten(Exception):  # noqa: N818  # names the state
    """A message, read back, differs from what was put into it; it must not be sent."""


def as_bytes(letter: Letter, envelope: Envelope) -> bytes:
    """The message for the wire, 7 bit throughout except for addresses that cannot be.

    Raises:
        NotAsWritten: if reading it back returns other headers than were written.
    """
    headers = _headers(letter, envelope)
    message = EmailMessage(policy=_policy(envelope))
    for name, value in headers.items():
        message[name] = value
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for attachment in letter.attachments:
        kind = _kind(attachment)
        name = file_name(attachment.name) if kind[1] == "pdf" else attachment.name
        message.add_attachment(
            attachment.content,
            maintype=kind[0],
            subtype=kind[1],
            filename=name,
            params={"name": name},
        )
    content = message.as_bytes()
    _read_back(content, letter, headers, envelope)
    return content


def in_parts(letter: Letter, most_bytes: int, language: Language) -> tuple[Letter, ...]:
    """The letter as one or several, none larger than the limit if possible."""
    limit = most_bytes - _ROOM_FOR_HEADERS - 2 * len((letter.text + letter.html).encode())
    heaps = _heaps(letter.attachments, limit)
    if len(heaps) == 1:
        return (letter,)
    return tuple(
        _part(letter, heap, number, len(heaps), language)
        for number, heap in enumerate(heaps, start=1)
    )


def _part(
    letter: Letter, heap: tuple[Attachment, ...], number: int, count: int, language: Language
) -> Letter:
    which = language.text("{number} of {count}", number=number, count=count)
    part = letter.replace(subject=f"{letter.subject} ({which})", attachments=heap)
    if number == 1:
        return part
    said = language.text("More attachments of the message before.")
    return part.replace(text=f"{said}\n", html=f"<!doctype html><p>{said}</p>\n")


def _heaps(attachments: Sequence[Attachment], limit: int) -> list[tuple[Attachment, ...]]:
    heaps: list[list[Attachment]] = [[]]
    size = 0
    for attachment in attachments:
        if heaps[-1] and size + _encoded_size(attachment) > limit:
            heaps.append([])
            size = 0
        heaps[-1].append(attachment)
        size += _encoded_size(attachment)
    return [tuple(heap) for heap in heaps]


def _encoded_size(attachment: Attachment) -> int:
    """The size in base64, with line ends and headers."""
    return len(attachment.content) * 4 // 3 * 78 // 76 + 1_000


def _kind(attachment: Attachment) -> tuple[str, str]:
    if attachment.form:
        return "text", "html"
    return ("text", "calendar") if attachment.calendar else ("application", "pdf")


def locked(attachments: Iterable[Attachment], password: Secret) -> tuple[Attachment, ...]:
    """The PDFs, encrypted with AES-256 (ISO 32000-2, 7.6); the password opens them."""
    import pikepdf  # noqa: PLC0415  # only where a password is set

    sealed = []
    for attachment in attachments:
        if attachment.calendar or attachment.form:  # they contain no more than the mail itself
            sealed.append(attachment)
            continue
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(attachment.content)) as pdf:
            encryption = pikepdf.Encryption(owner=password.text, user=password.text, R=6)
            pdf.save(out, encryption=encryption)
        sealed.append(attachment.replace(content=out.getvalue()))
    return tuple(sealed)


def header_text(text: str, *, longest: int = _LONGEST_SUBJECT) -> str:
    """A text made safe for a header: one line, no controls, no start of an encoded word.

    `=?` begins an encoded word (RFC 2047), in which a stranger's title could smuggle line ends.
    """
    return plain_line(_SUBJECT_STARTS_WORD.sub("= ?", plain_line(text)), longest=longest)


def file_name(name: str) -> str:
    """An attachment's name that every system can store, ending in `.pdf`."""
    stem = _FORBIDDEN_IN_NAMES.sub(" ", header_text(name, longest=10 * _LONGEST_NAME))
    stem = " ".join(stem.removesuffix(".pdf").split()).strip(". ")[:_LONGEST_NAME].rstrip(". ")
    return f"{stem or 'brief'}.pdf"


if TYPE_CHECKING:
    _Policy = EmailPolicy[EmailMessage]
else:
    _Policy = EmailPolicy


class _Wire(_Policy):
    """Folds encoded words (RFC 2047) by `Header`, and names attachments as mail programs read them.

    The policy's own folding loses spaces between encoded words in some versions of Python. Outlook
    shows no name that comes in pieces by RFC 2231 alone; it reads `name`, with encoded words.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:  # noqa: ANN401  # as the generator calls it
        if name == "Subject" and not value.isascii():
            return f"{name}: {_encoded(value, name)}\r\n".encode("ascii")
        if name == "From" and not value.isascii():
            (address,) = value.addresses
            encoded = _encoded(address.display_name, name)
            return f"{name}: {encoded}\r\n <{address.addr_spec}>\r\n".encode()
        if name == "Content-Type" and "name" in value.params:
            shown = _encoded(value.params["name"], "name=")
            return f'{name}: {value.content_type};\r\n name="{shown}"\r\n'.encode("ascii")
        if name == "Content-Disposition" and str(value.params["filename"]).isascii():
            shown = value.params["filename"]
            return f'{name}: {value.content_disposition};\r\n filename="{shown}"\r\n'.encode()
        return super().fold_binary(name, value)


def _encoded(text: str, name: str) -> str:
    if text.isascii():
        return text
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


def _policy(envelope: Envelope) -> _Wire:
    return _Wire(linesep="\r\n", utf8=envelope.needs_utf8, message_factory=EmailMessage)


def _headers(letter: Letter, envelope: Envelope) -> dict[str, str | Address]:
    headers: dict[str, str | Address] = {
        "From": _address(ascii_domain(envelope.sender), envelope.sender_name),
        "To": _address(ascii_domain(envelope.recipient), ""),
        "Subject": header_text(letter.subject),
        "Date": format_datetime(envelope.moment),
        "Message-ID": envelope.message_id,
    }
    if envelope.thread:
        headers["In-Reply-To"] = envelope.thread[-1]
        headers["References"] = " ".join(envelope.thread[-20:])
    headers["Auto-Submitted"] = "auto-generated"  # RFC 3834, 5: no holiday replies
    headers["X-Mailer"] = f"briefgen {__version__}"
    if envelope.repeated:
        headers["X-Briefgen-Repeated"] = "yes"
    return headers


def _address(address: str, name: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(header_text(name, longest=_LONGEST_NAME), local, domain)


def _read_back(
    content: bytes, letter: Letter, headers: dict[str, str | Address], envelope: Envelope
) -> None:
    """Parse what is to be sent and compare; an extra or missing header is a stranger's doing."""
    message: EmailMessage = Parser(policy=_policy(envelope)).parsestr(content.decode())
    allowed = {*headers, "MIME-Version", "Content-Type"}
    names = [name.casefold() for name in message]
    whole = (
        sorted(names) == sorted(name.casefold() for name in allowed)
        and str(message["Subject"]) == headers["Subject"]
        and message["To"].addresses == (headers["To"],)
        and [one.addr_spec for one in message["From"].addresses] == [ascii_domain(envelope.sender)]
        and len(list(message.iter_attachments())) == len(letter.attachments)
        and not message.defects
    )
    if not whole:
        raise NotAsWritten(
            Phrase("the message does not read back as it was written; it was not sent")
        )
