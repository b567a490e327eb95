"""The way back from the room: what the night's mail brings along for the five minutes after."""

from email.message import EmailMessage

from night_house import House, each_ahead, event

WANTED = "packet: false, reflection: true"


def _wants_reflection(house: House) -> None:
    house.settings()
    path = house.root / "briefgen.yaml"
    path.write_text(path.read_text().replace("packet: false", WANTED))
    house.calendar(
        event("y", "20261122T100000", title="Yesterday"),
        event("o", "20261117T100000", title="Last week"),
        event("a", "20261123T100000"),
    )


def _forms(message: EmailMessage) -> list[str]:
    return [
        part.get_content()
        for part in message.iter_attachments()
        if part.get_content_type() == "text/html"
    ]


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_night_brings_a_form_for_the_day_before(house: House) -> None:
    """One line says how many wait; a form comes for what ended since the night before."""
    _wants_reflection(house)
    house.night()
    (message,) = house.office.mailbox.messages
    assert "2 meetings wait for their five minutes" in _text(message)
    (form,) = _forms(message)
    assert 'name="code"' in form
    assert "Dana Smith" in form
    assert "send the draft" not in form, "names and ticks alone"


def test_the_reminder_comes_once_a_day(house: House) -> None:
    """A second mail of the same day says nothing of it; nor does a night that does not want it."""
    _wants_reflection(house)
    house.night()
    house.calendar(event("y", "20261122T100000", title="Yesterday"), event("a", "20261123T110000"))
    house.night("2026-11-22T23:10")
    first, second = house.office.mailbox.messages
    assert "five minutes" in _text(first)
    assert "wait" not in _text(second)
    assert _forms(second) == []


def test_a_night_that_does_not_want_it(house: House) -> None:
    """Without `nightly.reflection` the mail is as it was."""
    _wants_reflection(house)
    house.settings()
    house.night()
    (message,) = house.office.mailbox.messages
    assert "wait" not in _text(message)
    assert _forms(message) == []


def test_a_sealed_mail_holds_names_alone(house: House) -> None:
    """Where attachments are encrypted, the form, which is not, holds only names."""
    _wants_reflection(house)
    path = house.root / "briefgen.yaml"
    text = path.read_text().replace(
        "mail:\n", "mail:\n  preview: private\n  attachment_password_command: echo secret\n"
    )
    path.write_text(text)
    house.night()
    (message,) = house.office.mailbox.messages
    (form,) = _forms(message)
    assert "send the draft" not in form
    assert "Yesterday" not in form


def test_a_briefs_own_mail_brings_its_own_form(house: House) -> None:
    """Two hours before the meeting comes its brief, and the form for after it."""
    _wants_reflection(house)
    each_ahead(house)
    house.night("2026-11-23T08:05")
    (message,) = house.office.mailbox.messages
    (form,) = _forms(message)
    assert "Monday 23 November 2026, 10:00" in form
    assert "wait" not in _text(message)
