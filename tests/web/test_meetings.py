"""Meetings on the page: the days, the sheet as PDF, on paper and by mail, under the same lock."""

import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from served_pages import Served, free_port, make_workspace
from small_workspaces import SETTINGS

from briefgen.brief.sheet_memory import LineUse, add_line_uses
from briefgen.workspace.folder import Workspace, only_run


def test_today_tells_who_when_and_the_first_line(served: Served) -> None:
    """In order of time, with what is over and what still waits."""
    page = served.ask("/").text
    assert page.index("Coffee with Lee") < page.index("Q4 service review")
    assert "09:00–09:45" in page
    assert page.count('class="over"') == 2
    assert 'class="ahead"' in page
    assert served.ask("/day/2026-11-24").text.count("<ol") == 0
    assert served.ask("/day/2026-13-45").status == 404
    assert served.ask("/day/9999-12-31").status == 404


def test_what_waits_is_told_for_a_week(serving: Callable[..., Served]) -> None:
    """Two days later the meetings of Monday wait; after eight days they wait no more."""
    served = serving(as_of="2026-11-25T09:00")
    served.let_in()
    page = served.ask("/").text
    assert "3 meetings wait for their five minutes" in page
    assert "wait for their five minutes" not in served.ask("/day/2026-11-26").text
    late = serving(served.root, as_of="2026-12-01T09:00")
    late.let_in()
    assert "five minutes" not in late.ask("/").text


def test_the_sheet_is_made_and_shown(served: Served) -> None:
    """The PDF lies where `run` writes it, and is not made again while nothing has changed."""
    code = served.code("Q4 service review")
    made = served.settled(served.send(f"/m/{code}/sheet", {}))
    assert made.body.startswith(b"%PDF")
    assert made.headers["content-type"] == "application/pdf"
    (path,) = (served.root / "briefings/2026-11-23").glob("1000-*.pdf")
    assert path.read_bytes() == made.body
    before = path.stat().st_mtime_ns
    began = time.monotonic()
    assert served.settled(served.send(f"/m/{code}/sheet", {})).body == made.body
    assert path.stat().st_mtime_ns == before
    assert time.monotonic() - began < 5


def test_a_sheet_that_was_not_made_is_not_there(served: Served) -> None:
    """A GET makes nothing: it leads back to the meeting."""
    code = served.code("Q4 service review")
    answer = served.ask(f"/m/{code}/sheet.pdf")
    assert (answer.status, answer.headers["location"]) == (303, f"/m/{code}")
    assert not (served.root / "briefings").exists()


def test_another_run_holds_the_lock(served: Served) -> None:
    """The page says so and makes nothing, as the command line would."""
    code = served.code("Q4 service review")
    with only_run(Workspace(root=served.root)):
        page = served.settled(served.send(f"/m/{code}/sheet", {})).text
    assert "Another run is at work" in page
    assert not (served.root / "briefings").exists()
    assert served.settled(served.send(f"/m/{code}/sheet", {})).body.startswith(b"%PDF")


class Mailbox:
    """Keeps every mail that a real server is sent."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802  # aiosmtpd's name
        """Take a mail."""
        self.mails.append(envelope.content)  # type: ignore[attr-defined]
        return "250 taken"


def test_a_day_is_mailed_once(serving: Callable[..., Served]) -> None:
    """By the same ledger as `send`: asked a second time, there is nothing new to mail."""
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings = SETTINGS + (
        f"mail: {{host: 127.0.0.1, port: {port}, security: none, "
        "from: robin@keller-advisory.example, to: [robin@keller-advisory.example]}\n"
    )
    served = serving(settings=settings)
    served.let_in()
    try:
        first = served.settled(served.send("/day/2026-11-23/mail", {})).text
        second = served.settled(served.send("/day/2026-11-23/mail", {})).text
    finally:
        controller.stop()
    assert "Mailed to robin@keller-advisory.example" in first
    assert "nothing new to mail" in second
    (mail,) = box.mails
    names = [part.get_filename() for part in message_from_bytes(mail).walk()]
    assert any(name and name.endswith(".pdf") for name in names)
    ledger = served.root / ".briefgen/ledger.sqlite"
    if ledger.exists():
        with sqlite3.connect(ledger) as connection:
            assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def test_a_mail_server_that_is_away_is_told_in_words(serving: Callable[..., Served]) -> None:
    """Nothing is lost: the sheets are written, and the next try mails them."""
    settings = SETTINGS + (
        "mail: {host: 127.0.0.1, port: 9, security: none, from: robin@keller-advisory.example, "
        "to: [robin@keller-advisory.example]}\n"
    )
    served = serving(settings=settings)
    served.let_in()
    page = served.settled(served.send("/day/2026-11-23/mail", {})).text
    assert "The mail was not sent" in page
    assert list((served.root / "briefings/2026-11-23").glob("*.pdf"))


def test_a_sheet_is_printed(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By `lp`, as `briefgen print` calls it; without a printer the page says so."""
    code = served.code("Q4 service review")
    if shutil.which("lp") is None:
        page = served.settled(served.send(f"/m/{code}/print", {})).text
        assert "Nothing was printed" in page
        return
    monkeypatch.setenv("PATH", str(tmp_path))
    page = served.settled(served.send(f"/m/{code}/print", {})).text
    assert "Nothing was printed" in page


def test_the_meeting_says_what_the_sheet_says(served: Served) -> None:
    """Agenda, people and the two questions, word for word."""
    page = served.ask(f"/m/{served.code('Q4 service review')}").text
    for said in ("Where the booking screen stands", "Dana Smith", "What do they need from me?"):
        assert said in page
    assert served.ask("/m/ZZZZ").status == 404


@pytest.mark.parametrize("as_of", ["2026-11-23T00:30", "2026-11-23T23:30"])
def test_a_day_at_its_beginning_and_its_end(serving: Callable[..., Served], as_of: str) -> None:
    """Whether every meeting is ahead or over, and waits or not, the day is shown."""
    served = serving(as_of=as_of)
    served.let_in()
    for _ in range(2):
        page = served.ask("/").text
        assert page.count("<h2><a") == 3
        served.send(f"/r/{served.code('Coffee with Lee')}", {"needs_answered": "yes"})


def test_stats_are_counted_behind_a_progress_bar(served: Served) -> None:
    """Figures and picture of everyone, and again when a file has changed."""
    use = LineUse(day="2026-11-09", meeting="m", rule="open-promise", line="x", used=True)
    add_line_uses(served.desk.workspace, [use])
    page = served.settled(served.ask("/stats")).text
    assert "How it goes" in page
    assert "lines of the sheet that were used: open promise 1/1" in page
    assert "Lee Wong" in page
    picture = served.ask("/stats/picture.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert b"Lee Wong" in picture.body


def test_problems_stand_with_file_and_line(served: Served) -> None:
    """As `briefgen check` reports them, each with the way to its line."""
    (served.root / "data/contacts/bo.yaml").write_text("name: Bo\nbirthdya: 03-26\n")
    page = served.ask("/problems").text
    assert "data/contacts/bo.yaml" in page
    assert "/people/bo/file#l2" in page


def test_settings_that_cannot_be_read(served: Served) -> None:
    """Every page says what is wrong in them, until it is put right."""
    path = served.root / "briefgen.yaml"
    good = path.read_text()
    path.write_text(good + "locale: klingon\n")
    answer = served.ask("/")
    assert answer.status == 503
    assert "klingon" in answer.text
    assert "klingon" not in served.ask("/", let_in=False).text
    path.write_text(good)
    assert served.ask("/").status == 200


def test_a_calendar_that_changes_is_read_again(served: Served) -> None:
    """A meeting that was moved in the file is at its new time on the next page."""
    path = served.root / "data/calendar.ics"
    path.write_text(path.read_text().replace("20261123T090000", "20261123T080000"))
    assert "08:00–09:45" in served.ask("/").text


def test_pages_are_asked_for_at_the_same_time(served: Served) -> None:
    """Twenty requests at once all get their page."""
    found: list[int] = []
    code = served.code("Q4 service review")
    places = ["/", "/people", f"/m/{code}", f"/r/{code}", "/promises"] * 4
    threads = [
        threading.Thread(target=lambda place=place: found.append(served.ask(place).status))
        for place in places
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200] * 20


def test_today_is_quick_with_many_contacts(serving: Callable[..., Served], tmp_path: Path) -> None:
    """The first byte does not wait for contacts that are not met: warm, within 150 ms."""
    from served_pages import make_workspace

    root = make_workspace(tmp_path / "many")
    for number in range(1500):
        path = root / f"data/contacts/person-{number}.yaml"
        path.write_text(f"name: Person {number}\nemails: [p{number}@many.example]\n")
    served = serving(root)
    served.let_in()
    assert served.ask("/").status == 200
    spent = []
    for _ in range(7):
        began = time.perf_counter()
        assert re.search("Coffee with Lee", served.ask("/").text)
        spent.append(time.perf_counter() - began)
    assert sorted(spent)[1] < 0.15


def test_a_meeting_of_weeks_ago_opens_from_its_day(
    serving: Callable[..., Served], tmp_path: Path
) -> None:
    """Its page and its five minutes too, also after a restart."""
    root = make_workspace(tmp_path / "work")
    served = serving(root, as_of="2027-01-11T14:00")
    served.let_in()
    (place,) = set(re.findall(r"/r/\w+", served.ask("/day/2026-11-23").text)[:1])
    assert served.ask(place).status == 200
    assert served.ask(place.replace("/r/", "/m/")).status == 200
    later = serving(root, as_of="2027-01-11T15:00")
    later.let_in()
    answer = later.send(place, {"adjust": "bring two options"})
    assert answer.status == 303
    assert "bring two options" in later.contact("lee-wong") + later.contact("dana-smith")
