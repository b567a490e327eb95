"""Attendees as programs spell them beyond the cases: one person, with name and address."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from briefgen.brief.parties import is_note_taker
from briefgen.meetings.meeting import Attendee, Window
from briefgen.meetings.read import read_feed

ZONE = ZoneInfo("Europe/Berlin")
DANA = "dana.smith@acme.example"


def attendees(line: str) -> list[tuple[str, str | None]]:
    """Name and address of the attendees of an event with one line of them."""
    lines = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:u", "DTSTART:20261202T090000Z", line,
             "END:VEVENT", "END:VCALENDAR", "")  # fmt: skip
    window = Window(
        start=datetime(2026, 12, 2, tzinfo=ZONE), end=datetime(2026, 12, 3, tzinfo=ZONE)
    )
    read = read_feed("\r\n".join(lines).encode(), feed="f", window=window, zone=ZONE)
    return [(one.name, one.address) for one in read.meetings[0].attendees]


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
        (f"ATTENDEE;CN=Dana Smith:mailto:{DANA}, ken@acme.example", "Dana Smith"),
        (f"ATTENDEE;CN=Dana Smith:mailto:{DANA}\u200b", "Dana Smith"),
    ],
)
def test_a_name_and_an_address_however_they_are_spelled(line: str, name: str) -> None:
    """Escapes, colons, entities, encoded words and unseen signs hide nobody."""
    assert attendees(line) == [(name, DANA)]


@pytest.mark.parametrize(
    ("name", "address"),
    [("Spinach AI", None), ("Copilot", None), ("Notes", "bot@notta.ai"), ("Leexi", "x@y.example")],
)
def test_more_programs_that_take_notes(name: str, address: str | None) -> None:
    """Programs of further makers are no people."""
    assert is_note_taker(Attendee(name=name, address=address))
    assert not is_note_taker(Attendee(name="Dana Smith", address="dana@notta.ai"))
