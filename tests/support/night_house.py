"""A workspace with meetings, a mail server that works, and nights in it."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from mail_servers import USER, Office

from briefgen.cli import main

NIGHT = "2026-11-22T22:10"
LATER = "2026-11-22T23:10"

SETTINGS = """\
version: 1
me: {{name: Robin Keller, emails: [robin@keller.example], internal_domains: [keller.example]}}
timezone: Europe/Berlin
feeds: [data/calendar.ics]
mail:
  host: localhost
  port: {port}
  user: {user}
  from: robin@keller.example
  to: [robin@keller.example]
nightly: {{packet: {packet}, days_ahead: {days}}}
{more}
"""
CONTACT = """\
version: 1
name: Dana Smith
emails: [dana@acme.example]
organization: Acme
promises:
  - {by: me, text: send the draft, made: 2026-11-02, due: 2026-11-23}
"""


def event(
    uid: str, start: str, *, title: str = "Review", status: str = "CONFIRMED", zone: str = ""
) -> str:
    """A meeting of an hour with Dana, in the user's zone."""
    day, hour = start.split("T")
    end = f"{day}T{int(hour[:2]) + 1:02}{hour[2:]}"
    zone = zone or "Europe/Berlin"
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}@acme.example\r\nDTSTAMP:20261101T000000Z\r\n"
        f"DTSTART;TZID={zone}:{start}\r\nDTEND;TZID={zone}:{end}\r\nSUMMARY:{title}\r\n"
        f"STATUS:{status}\r\nORGANIZER:mailto:robin@keller.example\r\n"
        "ATTENDEE;CN=Dana Smith:mailto:dana@acme.example\r\nEND:VEVENT\r\n"
    )


class House:
    """A workspace, and nights in it."""

    def __init__(self, root: Path, office: Office) -> None:
        self.root, self.office = root, office
        (root / "data" / "contacts").mkdir(parents=True)
        (root / "data" / "contacts" / "dana.yaml").write_text(CONTACT)
        self.settings()
        self.calendar(event("a", "20261123T100000"), event("b", "20261123T140000", title="Lunch"))

    def settings(self, more: str = "", *, packet: bool = False, days: int = 1) -> None:
        """Write the settings."""
        text = SETTINGS.format(
            port=self.office.port, user=USER, more=more, packet=str(packet).lower(), days=days
        )
        (self.root / "briefgen.yaml").write_text(text)

    def calendar(self, *events: str) -> None:
        """Write the calendar."""
        head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//briefgen//test//EN\r\n"
        text = head + "".join(events) + "END:VCALENDAR\r\n"
        (self.root / "data" / "calendar.ics").write_bytes(text.encode())

    def run(self, *arguments: str, as_of: str = NIGHT) -> Result:
        """A command in this workspace."""
        name, *options = arguments
        return CliRunner().invoke(main, [name, "-w", str(self.root), "--as-of", as_of, *options])

    def night(self, as_of: str = NIGHT, *options: str) -> dict[str, Any]:
        """One night; its report, with its exit status in `status`."""
        result = self.run("nightly", "--json", *options, as_of=as_of)
        report = json.loads(result.stdout)
        return {**report, "status": result.exit_code}

    def files(self, day: str = "2026-11-23") -> list[str]:
        """The names in a day's folder."""
        folder = self.root / "briefings" / day
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    @property
    def subjects(self) -> list[str]:
        """The subjects in the mailbox."""
        return [str(message["Subject"]) for message in self.office.mailbox.messages]


def each_ahead(house: House, when: str = "2h") -> None:
    """Mail each meeting that long before it."""
    text = (house.root / "briefgen.yaml").read_text()
    text = text.replace("  to: [robin", f"  when: {when}\n  to: [robin")
    (house.root / "briefgen.yaml").write_text(text)
