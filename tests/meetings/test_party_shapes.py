"""Attendees as programs spell them beyond the cases: one person, with name and address."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from briefgen.brief.names import is_note_taker, is_person
from briefgen.meetings.calendar import read_feed
from briefgen.meetings.meeting import Attendee, Window

ZONE = ZoneInfo("Europe/Berlin")
DANA = "dana.smith@acme.example"


def parties(line: str) -> tuple[Attendee, ...]:
    """The attendees of an event with one line of them."""
    lines = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:u", "DTSTART:20261202T090000Z", line,
             "END:VEVENT", "END:VCALENDAR", "")  # fmt: skip
    window = Window(
        start=datetime(2026, 12, 2, tzinfo=ZONE), end=datetime(2026, 12, 3, tzinfo=ZONE)
    )
    read = read_feed("\r\n".join(lines).encode(), feed="f", window=window, zone=ZONE)
    return read.meetings[0].attendees


def attendees(line: str) -> list[tuple[str, str | None]]:
    """Their names and addresses."""
    return [(one.name, one.address) for one in parties(line)]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (rf"ATTENDEE;CN=Smith\, Dana:mailto:{DANA}", "Smith, Dana"),
        (f"ATTENDEE;CN=Acme: Dana Smith:mailto:{DANA}", "Acme: Dana Smith"),
        (f"ATTENDEE;CN=Acme: Dana;ROLE=CHAIR:mailto:{DANA}", "Acme: Dana"),
        (f"ATTENDEE;CN=Dana Smith:mailto:mailto:{DANA}", "Dana Smith"),
        (f"ATTENDEE;CN=Dana O&#39;Brien;ROLE=CHAIR:mailto:{DANA}", "Dana O'Brien"),
        (f"ATTENDEE;CN=R&D;ROLE=CHAIR:mailto:{DANA}", "R&D"),
        (f'ATTENDEE;CN="=?UTF-8?Q?J=C3=BCrgen?=":mailto:{DANA}', "Jürgen"),
        (f'ATTENDEE;CN="=?x-none?Q?J?=":mailto:{DANA}', "=?x-none?Q?J?="),
        (f"ATTENDEE;ROLE=ATTENDEE:Dana Smith <{DANA}>", "Dana Smith"),
        (f"ATTENDEE;CN=Dana Smith:mailto:{DANA}\u200b", "Dana Smith"),
        (f"ATTENDEE:mailto:{DANA} (Dana Smith)", "Dana Smith"),
        (f"ATTENDEE;CN=Smith; Dana:mailto:{DANA}", "Smith; Dana"),
        (f"ATTENDEE;CN=tl;dv;ROLE=CHAIR:mailto:{DANA}", "tl;dv"),
        (f"ATTENDEE;CN=JÃ¼rgen MÃ¼ller:mailto:{DANA}", "Jürgen Müller"),
        (f"ATTENDEE;CN=Ã‰lodie:mailto:{DANA}", "Élodie"),
        (f"ATTENDEE;CN=Åsa Ängström:mailto:{DANA}", "Åsa Ängström"),
        (f"ATTENDEE;CN=Dana Smith/ACME/EXAMPLE:mailto:{DANA}", "Dana Smith"),
        (f"ATTENDEE;CN=CN=Dana Smith/OU=Sales/O=Acme:mailto:{DANA}", "Dana Smith"),
        (f"ATTENDEE;CN=Dana/Kim:mailto:{DANA}", "Dana/Kim"),
        (f"ATTENDEE;CN=Dana;SENT-BY=mailto:kim@acme.example:mailto:{DANA}", "Dana"),
        (f"ATTENDEE;DELEGATED-FROM=mailto:kim@acme.example;CN=Dana:mailto:{DANA}", "Dana"),
    ],
)
def test_a_name_and_an_address_however_they_are_spelled(line: str, name: str) -> None:
    """Escapes, colons, entities, encoded words and unseen signs hide nobody."""
    assert attendees(line) == [(name, DANA)]


def test_an_address_where_nobody_can_be() -> None:
    """The domain .invalid (RFC 2606) belongs to nobody."""
    assert attendees("ATTENDEE;CN=Dana:mailto:a8f3c2e1@unknown.invalid") == [("Dana", None)]


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("Room Nord", "ROOM"),
        ("Lobby; Room Nord", "ROOM"),
        ("Nord", "INDIVIDUAL"),
        ("", "INDIVIDUAL"),
    ],
)
def test_who_is_called_as_the_place_is_a_room(place: str, kind: str) -> None:
    """Outlook writes the rooms it invites into LOCATION, and not always CUTYPE=ROOM."""
    line = f"ATTENDEE;CN=Room Nord:mailto:nord@acme.example\r\nLOCATION:{place}"
    assert [one.kind for one in parties(line)] == [kind]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Grain", "x@grain.com"),
        ("Spinach AI", None),
        ("Copilot", None),
        ("Notes", "bot@notta.ai"),
        ("Leexi", "x@y.example"),
        ("Read Assistant", "executive.assistant@e.read.ai"),
    ],
)
def test_more_programs_that_take_notes(name: str, address: str | None) -> None:
    """Programs of further makers are no people."""
    assert is_note_taker(Attendee(name=name, address=address))
    assert not is_note_taker(Attendee(name="Dana Smith", address="dana@notta.ai"))


@pytest.mark.parametrize("name", ["Meeting Room Nord", "Conf Room 4", "Salle Berlin", "会議室 3"])
def test_rooms_that_are_invited_like_people(name: str) -> None:
    """A room is nobody, though the calendar has it as an individual."""
    assert not is_person(Attendee(name=name, address="nord@acme.example"))
    assert is_person(Attendee(name="Sallee Berlin", address="nord@acme.example"))
    assert not is_person(Attendee(name="Board 4", address="board@acme.rooms.webex.com"))
