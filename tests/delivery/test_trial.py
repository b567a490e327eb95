"""`briefgen send --test`: whether the mail server takes what the nights will send."""

import pytest
from night_house import House

from briefgen.delivery.ledger_file import read_ledger


def test_a_test_mail_arrives(house: House) -> None:
    """One short mail without attachments arrives, and the ledger knows nothing of it."""
    said = house.run("send", "--test")
    assert said.exit_code == 0, said.output
    (message,) = house.office.mailbox.messages
    assert message["Subject"] == "briefgen: a test mail"
    assert not list(message.iter_attachments())
    assert f"sent     {message['To']}" in said.output.replace("<", "").replace(">", "")
    with read_ledger(house.root / ".briefgen") as ledger:
        assert ledger.latest(10) == ()


def test_a_refused_recipient_is_named_with_the_servers_words(house: House) -> None:
    """The server's own reason is beside the recipient; status 3."""
    house.office.mailbox.refused["robin@keller.example"] = "550 no such user"
    said = house.run("send", "--test")
    assert said.exit_code == 3
    assert "refused  robin@keller.example: " in said.output
    assert "no such user" in said.output


def test_a_wrong_password_is_one_line(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 1 and one line that does not hold the password."""
    monkeypatch.setenv("BRIEFGEN_SMTP_PASSWORD", "wrong words")
    said = house.run("send", "--test")
    assert said.exit_code == 1
    assert said.stderr.startswith("briefgen: no test mail was sent: ")
    assert "wrong words" not in said.output
    assert len(said.stderr.splitlines()) == 1
