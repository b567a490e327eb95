"""Parties as calendars write them: each has the address and the name that anyone sees in it."""

from collections.abc import Callable
from typing import Any

import pytest

from briefgen.meetings.details import usable_address

Read = Callable[..., Any]


@pytest.mark.parametrize(
    ("line", "name", "address"),
    [
        ("CN=\"'jane@acme.example'\":MAILTO:'jane@acme.example'", "", "jane@acme.example"),
        ("CN=Jane:mailto:<jane@acme.example>", "Jane", "jane@acme.example"),
        ("CN=Jane:mailto:Jane Doe <jane@acme.example>", "Jane", "jane@acme.example"),
        ("CN=Jane:mailto:mailto:jane@acme.example", "Jane", "jane@acme.example"),
        ("CN=Jane:SMTP:jane@acme.example", "Jane", "jane@acme.example"),
        ("CN=Jane:mailto:jane@acme.example;", "Jane", "jane@acme.example"),
        ("CN=Jane:mailto:jane@acme.example?subject=x", "Jane", "jane@acme.example"),
        ("CN=jane@acme.example:invalid:nomail", "", "jane@acme.example"),
        ('CN="Jane Doe <jane@acme.example>":invalid:nomail', "Jane Doe", "jane@acme.example"),
        ('CN="Jane Doe (jane@acme.example)":urn:uuid:1', "Jane Doe", "jane@acme.example"),
        ('CN="New Person <new@other.example>":mailto:new@other.example', "New Person",
         "new@other.example"),
        ('CN="mailto:jane@acme.example":mailto:jane@acme.example', "", "jane@acme.example"),
        ('CN="Jane Doe <old@acme.example>":mailto:jane@acme.example', "Jane Doe",
         "jane@acme.example"),
        ("CN=Dana Smith:mailto:dana.smith_acme.example#EXT#@tenant.onmicrosoft.com", "Dana Smith",
         "dana.smith@acme.example"),
        ("CN=D:mailto:d_s_acme.co.example%23ext%23@tenant.onmicrosoft.com", "D",
         "d_s@acme.co.example"),
        ("CN=D:mailto:IMCEASMTP-dana+2Esmith+40acme+2Eexample@corp.example", "D",
         "dana.smith@acme.example"),
        ("CN=D:mailto:IMCEAEX-_O=CORP_OU=X_cn=d@corp.example", "D", None),
        ('CN="Zo&#235; Kalim":mailto:zoe@acme.example', "Zoë Kalim", "zoe@acme.example"),
        ("CN=Jane:invalid:nomail", "Jane", None),
        ("CN=Jane:mailto:not an address", "Jane", None),
    ],
)  # fmt: skip
def test_a_party_is_read(read: Read, line: str, name: str, address: str | None) -> None:
    """Quotes, brackets, schemes, names with addresses in them, and directories' own spellings."""
    calendar = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART:20261123T090000Z\n"
        f"ATTENDEE;{line}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    (attendee,) = read(calendar.encode(), "2026-11-23").one("u").attendees
    assert (attendee.name, attendee.address) == (name, address)


@pytest.mark.parametrize(
    "address", ["x#EXT#@tenant.onmicrosoft.com", "_acme.example#EXT#@t.example"]
)
def test_a_guest_that_spells_no_address(address: str) -> None:
    """Nothing is made up where the directory's name holds no address."""
    assert usable_address(address) in {None, address.casefold()}
