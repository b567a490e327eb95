import io
import re
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefgen.delivery.message import (
    Attachment,
    Envelope,
    Letter,
    as_bytes,
    file_name,
    header_text,
    in_parts,
    locked,
)
from briefgen.workspace.language import language_of
from briefgen.workspace.secrets import Secret

ENGLISH = language_of("en_GB")
LETTER = Letter(subject="Monday: 2 meetings", text="First\n.dot\nFrom x\n", html="<p>First</p>")
ENVELOPE = Envelope(
    sender="robin@keller.example",
    sender_name="Robin Keller",
    recipient="robin@keller.example",
    message_id="<abc@keller.example>",
    moment=datetime(2026, 11, 22, 22, 10, tzinfo=UTC),
)
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Mailer", "MIME-Version",
    "Content-Type",
}  # fmt: skip


def parsed(content: bytes) -> EmailMessage:
    """The message as the standard parser reads it."""
    return BytesParser(policy=policy.default).parsebytes(content)


def test_text_comes_before_html_and_pdfs_behind() -> None:
    """Plain text and HTML are alternatives of one body; the PDFs are attached with their names."""
    pdf = Attachment(name="10.00 Grüße, 日本.pdf", content=b"%PDF-1.7")
    message = parsed(as_bytes(LETTER.replace(attachments=(pdf,)), ENVELOPE))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "10.00 Grüße, 日本.pdf"
    assert attachment.get_content() == b"%PDF-1.7"
    assert set(message.keys()) == HEADERS


def test_thread_headers() -> None:
    """An update names the messages before it."""
    envelope = ENVELOPE.replace(thread=("<1@x.example>", "<2@x.example>"), repeated=True)
    message = parsed(as_bytes(LETTER, envelope))
    assert message["In-Reply-To"] == "<2@x.example>"
    assert message["References"] == "<1@x.example> <2@x.example>"
    assert message["X-Briefgen-Repeated"] == "yes"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60))
@example("x =?utf-8?q?=0D=0ABcc:x?= y", "Robin\r\nBcc: evil@x.example")
@example("=\u200b?utf-8?q?=0ABcc:_x?=", "=?=?utf-8?q?=0a?=")
@example("Déjeuner 日本語 " * 8, "Zoë " * 20)
@example("\ud800", "\x00")
def test_whatever_stands_in_a_title(subject: str, name: str) -> None:
    """No text of a stranger makes a header, ends a line, or is lost on the way."""
    letter = LETTER.replace(subject=subject, attachments=(Attachment(name=name, content=b"%PDF"),))
    content = as_bytes(letter, ENVELOPE.replace(sender_name=name))
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert not re.search(rb"(?<!\r)\n", content)
    message = parsed(content)
    assert set(message.keys()) == HEADERS
    assert str(message["Subject"]) == header_text(subject)
    assert [one.addr_spec for one in message["To"].addresses] == ["robin@keller.example"]


def test_addresses_of_every_script() -> None:
    """An address that is not ASCII is written as it is (RFC 6532), and asks for SMTPUTF8."""
    envelope = ENVELOPE.replace(recipient="jürgen@grün.example")
    assert envelope.needs_utf8
    content = as_bytes(LETTER, envelope)
    assert "To: jürgen@grün.example".encode() in content


def test_a_domain_of_another_script_needs_no_special_server() -> None:
    """Where only the domain is not ASCII it is written as servers know it, and all is 7 bit."""
    envelope = ENVELOPE.replace(recipient="lee@grün.example", sender="robin@münchen.example")
    assert not envelope.needs_utf8
    content = as_bytes(LETTER, envelope)
    assert b"To: lee@xn--grn-ioa.example" in content
    assert b"<robin@xn--mnchen-3ya.example>" in content
    assert content.isascii()


LONG = "10.00 Besprechung mit Jürgen Müller über die Einführung der Buchungsmaske"


@pytest.mark.parametrize(
    "name",
    ["10.00 Review", LONG, "10.00 日本語の会議" * 6, "A very long title " * 6, "a=?utf-8?q?b?="],
)
def test_names_that_mail_programs_show(name: str) -> None:
    """Every attachment has its name twice: by RFC 2231, and as `name` with encoded words.

    Outlook shows none that comes in pieces alone; ASCII never comes in pieces.
    """
    content = as_bytes(
        LETTER.replace(attachments=(Attachment(name=name, content=b"%PDF"),)), ENVELOPE
    )
    (attachment,) = parsed(content).iter_attachments()
    expected = file_name(name)
    assert attachment.get_filename() == expected
    raw = content.decode("ascii").split("\r\n--")[-2].split("\r\n\r\n")[0]
    (shown,) = re.findall(r'\bname="([^"]*)"', raw)
    assert str(make_header(decode_header(shown.replace("\r\n", "")))) == expected
    if expected.isascii():
        assert f'filename="{expected}"' in raw
    assert max(map(len, raw.split("\r\n"))) < 110


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("10.00 Review", "10.00 Review.pdf"),
        ("../../etc/passwd", "etc passwd.pdf"),
        ("a\r\nb\x00", "a b.pdf"),
        ("", "brief.pdf"),
        ("con|trol:s?", "con trol s.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
        ("\u202eexe.fdp", "exe.fdp.pdf"),
    ],
)
def test_file_names(given: str, name: str) -> None:
    """An attachment's name is safe on every system."""
    assert file_name(given) == name


def test_large_letters_are_split() -> None:
    """What does not fit in one message comes in several, each of them under the limit, in order."""
    attachments = tuple(Attachment(name=f"{n}.pdf", content=b"x" * 40_000) for n in range(5))
    letter = LETTER.replace(attachments=attachments)
    parts = in_parts(letter, 130_000, ENGLISH)
    assert [part.subject for part in parts] == [
        "Monday: 2 meetings (1 of 3)",
        "Monday: 2 meetings (2 of 3)",
        "Monday: 2 meetings (3 of 3)",
    ]
    assert [one.name for part in parts for one in part.attachments] == [
        one.name for one in attachments
    ]
    assert all(len(as_bytes(part, ENVELOPE)) <= 130_000 for part in parts)


def test_what_fits_in_one_message_is_one() -> None:
    """With its subject as it was."""
    brief = (Attachment(name="a.pdf", content=b"x" * 40_000),)
    letter = LETTER.replace(attachments=brief)
    assert in_parts(letter, 130_000, ENGLISH) == (letter,)


def test_locked_attachments() -> None:
    """A locked PDF opens with its password, by AES-256, and not without."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    plain = Attachment(name="a.pdf", content=out.getvalue())
    (sealed,) = locked([plain], Secret(text="geheim"))
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(sealed.content))
    with pikepdf.open(io.BytesIO(sealed.content), password="geheim") as pdf:
        assert pdf.encryption.bits == 256
        assert pdf.encryption.stream_method == pikepdf.models.encryption.EncryptionMethod.aesv3
