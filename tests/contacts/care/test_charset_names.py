"""A charset that a stranger names may be none, or none for texts: the text is read all the same."""

import io

import pytest

from briefgen.contacts.exchange.person import Incoming
from briefgen.contacts.exchange.vcard import read_vcards
from briefgen.meetings.content import Property
from briefgen.reflection.form_answers import mail_parts

NAMES = ("undefined", "idna", "punycode", "hex", "no-such", "x\0y")


@pytest.mark.parametrize("name", NAMES)
def test_a_card(name: str) -> None:
    """Found by fuzzing: a NUL in the name broke off the whole import."""
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN;CHARSET={name}:Dana Smïth\r\nEND:VCARD\r\n"
    (found,) = [one for one in read_vcards(io.BytesIO(card.encode())) if isinstance(one, Incoming)]
    assert found.name.startswith("Dana Sm")


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_with_answers(name: str) -> None:
    """The form in it is read as UTF-8."""
    head = f"From: a@b.example\r\nContent-Type: text/plain; charset={name}\r\n\r\n"
    ((_, text),) = mail_parts(head.encode() + "code=K7Q4\r\nwörds\r\n".encode())
    assert b"code=K7Q4" in text


@pytest.mark.parametrize("name", NAMES)
def test_an_invitation(name: str) -> None:
    """A description as vCalendar 1.0 encodes it."""
    parameters = {"ENCODING": "QUOTED-PRINTABLE", "CHARSET": name}
    found = Property(name="DESCRIPTION", value="a=C3=B6b", parameters=parameters, line=1)
    assert found.text.startswith("a")
