"""Small workspaces, and the command line as a user calls it."""

import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from pypdf import PdfReader

from briefgen.cli import main

SETTINGS = """\
version: 1
me:
  name: Robin Keller
  emails: [robin@keller-advisory.example]
  internal_domains: [keller-advisory.example]
timezone: Europe/Berlin
feeds: [data/calendar.ics]
"""

DANA = """\
version: 1
name: Dana Smith
emails: [dana.smith@acme.example]
organization: Acme Logistics
title: VP Operations
talking_points: [ask how the Lisbon trip went]
interactions:
  - {date: 2026-11-02, channel: call, summary: Went through the missed go-live.}
"""

AS_OF = "2026-11-22T22:10"


def event(
    uid: str,
    start: str,
    end: str,
    title: str,
    *lines: str,
    attendees: tuple[str, ...] = ("CN=Dana Smith:mailto:dana.smith@acme.example",),
) -> str:
    """One VEVENT in Berlin time; `start` and `end` like `20261123T100000`."""
    return "\r\n".join(
        [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            "DTSTAMP:20261101T080000Z",
            f"DTSTART;TZID=Europe/Berlin:{start}",
            f"DTEND;TZID=Europe/Berlin:{end}",
            f"SUMMARY:{title}",
            *lines,
            *(f"ATTENDEE;{attendee}" for attendee in attendees),
            "END:VEVENT",
            "",
        ]
    )


REVIEW = event(
    "review@calendar.example",
    "20261123T100000",
    "20261123T110000",
    "Q4 service review",
    "DESCRIPTION:- Where the booking screen stands\\n- Service levels",
)


def calendar(*events: str) -> str:
    """A feed of these events."""
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//test//EN\r\n"
    return head + "".join(events) + "END:VCALENDAR\r\n"


@dataclass
class Place:
    """A workspace in a temporary folder, and `briefgen` called in it."""

    root: Path
    runner: CliRunner = field(default_factory=lambda: CliRunner(env={"COLUMNS": "80"}))
    """With a terminal of a given width: in a narrow one tables are cut off."""

    def write(self, file: str, text: str) -> Path:
        """Put a file into the workspace."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    def feed(self, *events: str) -> None:
        """Put these events into the calendar."""
        self.write("data/calendar.ics", calendar(*events))

    def call(self, command: str, *options: str, as_of: str = AS_OF) -> Result:
        """Call `briefgen` with a workspace and a clock."""
        return self.runner.invoke(
            main,
            [command, "-w", str(self.root), "--as-of", as_of, *options],
            catch_exceptions=False,
        )

    def report(self, command: str, *options: str, as_of: str = AS_OF) -> dict[str, Any]:
        """The JSON document of a call."""
        document = json.loads(self.call(command, "--json", *options, as_of=as_of).stdout)
        assert isinstance(document, dict)
        return document

    def pdf(self, path: str) -> PdfReader:
        """A brief, read back."""
        return PdfReader(io.BytesIO((self.root / path).read_bytes()))

    def files(self, day: str = "2026-11-23") -> list[str]:
        """The names in a day's folder."""
        return sorted(path.name for path in (self.root / "briefings" / day).glob("*"))
