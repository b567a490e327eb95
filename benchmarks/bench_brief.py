"""How long composing takes: 10 participants with 200 interactions each, and how cost grows.

Each brief that is timed is of people and notes never composed before, as in a night, where all
files are read first and only what whole languages share (words, dates, messages) is warm. The same
brief composed again, as for its other edition, is told apart.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zoneinfo import ZoneInfo

from briefgen.brief.brief import Brief
from briefgen.brief.compose import compose
from briefgen.brief.match import match
from briefgen.brief.signals import read_vocabulary
from briefgen.contacts.book import ContactFile, parse_contact
from briefgen.meetings.meeting import Attendee, Meeting, PastMeeting
from briefgen.page.look import Look
from briefgen.page.make import make_page
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import language_of
from briefgen.workspace.settings import Me, Settings

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from whole_book import WholeBook

ZONE = ZoneInfo("Europe/Berlin")
ADDRESS = "robin@keller-advisory.example"
ME = Me(name="Robin", emails=(ADDRESS,))
LANGUAGE = language_of("en_GB")
START = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
SUMMARIES = (
    "Went through the plan for the booking screen; she wants a named engineer.",
    "Short call about service levels and the draft contract.",
    "Walked the floor; her team keys three carriers by hand, twice a day.",
    "Sent the revised plan. No answer for a week.",
    "Agreed on a pilot in Hamburg. Budget stays as it is.",
)
SIGNALS = ("frustrated", "calm", "relieved", "tired, hopeful", "rushed")
TABLES = 24
"""So many meetings, each with people of its own; the first one warms the languages."""
ROUNDS = 30
ADDITIONS = 20_000
"""Work beside which a brief is timed."""


def contact(number: int, interactions: int) -> ContactFile:
    """A contact with everything on file, and so many interactions."""
    first = date(2026, 11, 20)
    rows = "\n".join(
        f"  - {{date: {first - timedelta(days=3 * n + number % 3)}, channel: call,"
        f' summary: "{SUMMARIES[n % 5]} ({number}/{n})", signals: [{SIGNALS[n % 5]}],'
        f" needs: a plan for week {n}, needs_met: {'no' if n % 7 == 0 else 'yes'}}}"
        for n in range(interactions)
    )
    text = f"""
name: Person{number} Example
emails: [p{number}@acme.example]
organization: Acme Logistics
title: Head of Service
timezone: America/New_York
avoid: [divorce, the Lisbon office]
interests: [vegetarian cooking, chess]
situation: {{current_state: by hand, desired_outcome: one screen, as_of: 2026-08-14}}
agreed: [phase one comes first]
concerns: [{{date: 2026-09-01, text: support is slow}}]
life_events: [{{date: 2022-09, note: started college, expect: {{after: 4y, note: graduates}}}}]
promises: [{{by: me, text: send the draft, made: 2026-11-02, due: 2026-11-20}}]
talking_points: [ask about the trip to Lisbon]
interactions:
{rows}
"""
    made, problems = parse_contact(text.encode(), f"data/contacts/p{number}.yaml")
    assert made is not None, problems
    return made


def composer(people: int, interactions: int, table: int = 0) -> Callable[[], Brief]:
    """A function that composes one brief, everything it needs being read."""
    contacts = tuple(contact(people * table + n, interactions) for n in range(people))
    book = WholeBook(contacts=contacts)
    attendees = tuple(
        Attendee(name=c.contact.name, address=c.contact.emails[0], participation="ACCEPTED")
        for c in contacts
    )
    meeting = Meeting(
        feed="data/calendar.ics",
        uid="bench@calendar.example",
        start=START,
        end=START + timedelta(hours=1),
        title="Service review",
        description="- The booking screen\n- Service levels\n- Budget for the pilot\n"
        f"- Next steps towards phase{table}",
        organizer=Attendee(name="Robin", address=ADDRESS),
        attendees=attendees,
    )
    company = frozenset(a.address for a in attendees if a.address)
    past = tuple(
        PastMeeting(
            start=START - timedelta(days=7 * week), title="Service review", addresses=company
        )
        for week in range(99, 0, -1)
    )
    settings = Settings(me=ME)
    participants = match(meeting, book=book, me=settings.me)
    vocabulary, _ = read_vocabulary(Path("/nowhere"), LANGUAGE)

    def once() -> Brief:
        return compose(
            meeting,
            participants,
            book=book,
            settings=settings,
            language=LANGUAGE,
            as_of=START - timedelta(hours=12),
            edition="full",
            past=past,
            vocabulary=vocabulary,
        )

    return once


class Times(NamedTuple):
    """What briefs take.

    Attributes:
        best: milliseconds of the one that other work on the machine lengthened least.
        median: milliseconds.
        beside: how many times as long as so many additions just before and after, in the median:
            a machine that slows down slows both.
    """

    best: float
    median: float
    beside: float

    def __str__(self) -> str:
        return (
            f"{self.best:.2f} ms at best, {self.median:.2f} ms in the median;"
            f" {self.beside:.2f} times {ADDITIONS:,} additions"
        )


def fresh(people: int, interactions: int, tables: int = TABLES) -> Times:
    """The times of briefs of people not met before, one after the other, as a night has them."""
    composers = [composer(people, interactions, table) for table in range(tables)]
    composers[0]()
    return _times(composers[1:])


def again(once: Callable[[], object]) -> Times:
    """The times of doing the same again and again."""
    once()
    return _times([once] * ROUNDS)


def _times(calls: Sequence[Callable[[], object]]) -> Times:
    times, beside = [], []
    gc.collect()
    gc.disable()
    for call in calls:
        before, taken, after = _taken(_additions), _taken(call), _taken(_additions)
        times.append(taken)
        beside.append(2 * taken / (before + after))
    gc.enable()
    return Times(min(times), statistics.median(times), statistics.median(beside))


def _taken(call: Callable[[], object]) -> float:
    begun = time.process_time()
    call()
    return 1000 * (time.process_time() - begun)


def _additions() -> None:
    total = 0
    for number in range(ADDITIONS):
        total += number


def share_of_typesetting(people: int, interactions: int) -> float:
    """The median share that composing has of composing and typesetting one brief."""
    shares = []
    with TemporaryDirectory() as folder:
        look = Look.of(Workspace(root=Path(folder)), Settings(me=ME), LANGUAGE)
        make_page(composer(people, interactions)(), look)
        for table in range(1, 6):
            once = composer(people, interactions, table)
            composing = _taken(once)
            brief = once()
            composing_and_page = composing + _taken(partial(make_page, brief, look))
            shares.append(composing / composing_and_page)
    return statistics.median(shares)


def main() -> None:
    """Print the time of a brief, its share, and how it grows with the interactions."""
    base = fresh(10, 200)
    print(f"a brief of 10 participants x 200 interactions: {base}")
    share = 100 * share_of_typesetting(10, 200)
    print(f"  = of composing and typesetting it: {share:.1f} % (at most 3 %)")
    print(f"  the same brief again: {again(composer(10, 200))}")
    for interactions in (50, 100, 400, 800):
        taken = fresh(10, interactions, tables=8)
        print(
            f"  {interactions:4} interactions each: {taken.beside / base.beside:.2f} times as long,"
            f" for {interactions / 200:.2f} times the interactions"
        )
    print(f"a brief of 1 participant x 200 interactions: {fresh(1, 200)}")


if __name__ == "__main__":
    main()
