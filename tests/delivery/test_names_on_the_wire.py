"""Names of files and people as they travel in a mail, and as programs of every age read them."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

import pytest

from briefgen.delivery.message import Attachment, Envelope, Letter, as_bytes

NAMES = [
    "1000-review.pdf",
    "1000-Gespräch mit Zoë über die Verträge.pdf",
    "1000-四半期レビュー.pdf",
    "1000-مراجعة الربع.pdf",
    "1000-Q4's Umsatz; Ziele, 100 % (neu).pdf",
    f"1000{' Überprüfung' * 5}.pdf",
    "1000-🎉 party.pdf",
]


def sent(*, name: str = "a.pdf", subject: str = "Review", sender: str = "Robin Keller") -> bytes:
    """A mail with one attachment, as it is handed to the server."""
    letter = Letter(
        subject=subject,
        text="Hello",
        html="<p>Hello</p>",
        attachments=(Attachment(name=name, content=b"%PDF-1.7"),),
    )
    envelope = Envelope(
        sender="robin@keller.example",
        sender_name=sender,
        recipient="robin@keller.example",
        message_id="<1@keller.example>",
        moment=datetime(2026, 11, 22, 22, tzinfo=UTC),
    )
    return as_bytes(letter, envelope)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_attachments(name: str) -> None:
    """By RFC 2231 for programs that know it, and in `name=` for Outlook; all of it is ASCII."""
    raw = sent(name=name)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    (part,) = message_from_bytes(raw, policy=policy.default).iter_attachments()
    assert part.get_filename() == name
    old: Message = next(
        one for one in message_from_bytes(raw).walk() if one.get_content_type() == "application/pdf"
    )
    assert str(make_header(decode_header(str(old.get_param("name"))))) == name


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Keller",
        "Keller, Robin",
        'Robin "Rob" Keller',
        "ロビン・ケラー",
        "Robin <Keller>",
        "R. Keller",
    ],
)
def test_names_of_senders_and_subjects(text: str) -> None:
    """Quoted or encoded as RFC 5322 and 2047 ask, and the address is still the address."""
    parsed = message_from_bytes(sent(sender=text, subject=text), policy=policy.default)
    assert parsed["Subject"] == text
    (address,) = parsed["From"].addresses
    assert (address.display_name, address.addr_spec) == (text, "robin@keller.example")
    assert parseaddr(message_from_bytes(sent(sender=text))["From"])[1] == "robin@keller.example"
