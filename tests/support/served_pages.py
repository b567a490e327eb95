"""A served workspace, and requests to it exactly as they are given."""

import http.client
import shutil
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from small_workspaces import DANA, REVIEW, SETTINGS, calendar, event

from briefgen.web.desk import Desk

AS_OF = "2026-11-23T14:00"
BROWSER = shutil.which("chromium")
COFFEE = event(
    "coffee@calendar.example",
    "20261123T090000",
    "20261123T094500",
    "Coffee with Lee",
    attendees=("CN=Lee Wong:mailto:lee.wong@acme.example",),
)
PLAN = event(
    "plan@calendar.example",
    "20261123T153000",
    "20261123T160000",
    "Plan for next year",
    attendees=(
        "CN=Dana Smith:mailto:dana.smith@acme.example",
        "CN=Ana Sousa:mailto:ana.sousa@ribeira.example",
    ),
)
LEE = """\
version: 1
name: Lee Wong   # the CFO
emails: [lee.wong@acme.example]
promises:
  - {by: me, text: a cost sheet, made: 2026-11-02, due: 2026-11-20}
  - {by: them, text: name a project lead, made: 2026-11-02, due: 2026-12-01}
interactions: []
"""


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")


@dataclass
class Served:
    """A workspace that is being served, and requests to it as a browser's page makes them."""

    root: Path
    port: int
    desk: Desk
    complaints: list[str]
    cookie: str = ""

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def own(self) -> dict[str, str]:
        """What a browser says of a request that a page of ours made."""
        return {"Origin": self.address, "Sec-Fetch-Site": "same-origin"}

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        let_in: bool = True,
    ) -> Answer:
        """One request, exactly as it is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        cookie = {"Cookie": f"briefgen-{self.port}={self.cookie}"} if let_in and self.cookie else {}
        connection.request(method, path, body=body, headers={**cookie, **(headers or {})})
        answer = connection.getresponse()
        found = Answer(status=answer.status, headers=dict(answer.headers), body=answer.read())
        connection.close()
        return found

    def send(
        self,
        path: str,
        fields: Mapping[str, str] | Sequence[tuple[str, str]],
        *,
        headers: Mapping[str, str] | None = None,
        let_in: bool = True,
    ) -> Answer:
        """A form of ours, sent."""
        said = {"Content-Type": "application/x-www-form-urlencoded", **self.own, **(headers or {})}
        body = urlencode(fields).encode()
        return self.ask(path, method="POST", headers=said, body=body, let_in=let_in)

    def follow(self, answer: Answer) -> Answer:
        """The page that an answer leads to."""
        assert answer.status == 303, answer.text
        return self.ask(answer.headers["location"])

    def settled(self, answer: Answer, seconds: float = 60) -> Answer:
        """Follow an answer through the page that shows how far a job is."""
        deadline = time.monotonic() + seconds
        while answer.status == 303:
            place = answer.headers["location"]
            answer = self.ask(place)
            while place.startswith("/jobs/") and answer.status == 200:
                assert time.monotonic() < deadline, "the job does not end"
                assert 'http-equiv="refresh"' in answer.text
                time.sleep(0.1)
                answer = self.ask(place)
        return answer

    def code(self, title: str) -> str:
        """The sheet's code of a meeting."""
        return next(c.code for c in self.desk.day().chosen if c.meeting.title == title)

    def contact(self, stem: str) -> str:
        """The text of a contact's file."""
        return (self.root / "data/contacts" / f"{stem}.yaml").read_text(encoding="utf-8")

    def new_token(self) -> str:
        """A one-use token for a desktop."""
        return self.desk.sessions.invite("desktop")

    def let_in(self) -> None:
        """Exchange a token for a session, as the page does."""
        answer = self.send("/in", {"token": self.new_token()}, let_in=False)
        self.cookie = answer.headers["set-cookie"].split(";")[0].partition("=")[2]


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clock_at(given: str) -> Callable[[ZoneInfo], datetime]:
    """A clock that stands still."""
    return lambda zone: datetime.fromisoformat(given).replace(tzinfo=zone)


def make_workspace(root: Path, *, settings: str = SETTINGS) -> Path:
    """Dana, Lee, and a day with three meetings."""
    (root / "data/contacts").mkdir(parents=True)
    (root / "briefgen.yaml").write_text(settings, encoding="utf-8")
    (root / "data/contacts/dana-smith.yaml").write_text(DANA, encoding="utf-8")
    (root / "data/contacts/lee-wong.yaml").write_text(LEE, encoding="utf-8")
    feed = calendar(REVIEW, COFFEE, PLAN)
    (root / "data/calendar.ics").write_text(feed, encoding="utf-8", newline="")
    return root
