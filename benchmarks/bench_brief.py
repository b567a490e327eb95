"""How long composing takes: 10 participants with 200 interactions each, and how cost grows.

Each brief that is timed is of people and notes never composed before, as in a night, where all
files are read first and only what whole languages share (words, dates, messages) is warm. The same
brief composed again, as for its other edition, is told apart.
"""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from briefgen.brief.brief import Brief
from briefgen.brief.composing import compose
from briefgen.brief.matching import match
from briefgen.brief.signals import read_vocabulary
from briefgen.contacts.book import ContactBook, ContactFile
from briefgen.contacts.reader import parse_contact
from briefgen.language import language_of
from briefgen.meetings.meeting import Attendee, Meeting
from briefgen.meetings.past import PastMeeting
from briefgen.settings import Me, Settings

ZONE = ZoneInfo("Europe/Berlin")
ME = "robin@keller-advisory.example"
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
    book = ContactBook(contacts=contacts)
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
        organizer=Attendee(name="Robin", address=ME),
        attendees=attendees,
    )
    company = frozenset(a.address for a in attendees if a.address)
    past = tuple(
        PastMeeting(
            start=START - timedelta(days=7 * week), title="Service review", addresses=company
        )
        for week in range(99, 0, -1)
    )
    settings = Settings(me=Me(name="Robin", emails=(ME,)))
    participants = match(meeting, book=book, me=settings.me)
    language = language_of("en_GB")
    vocabulary, _ = read_vocabulary(Path("/nowhere"), language)

    def once() -> Brief:
        return compose(
            meeting,
            participants,
            book=book,
            settings=settings,
            language=language,
            as_of=START - timedelta(hours=12),
            edition="full",
            past=past,
            vocabulary=vocabulary,
        )

    return once


class Times(NamedTuple):
    """Milliseconds: the least, which other work on the machine lengthened least, and the median."""

    best: float
    median: float

    def __str__(self) -> str:
        return f"{self.best:.2f} ms at best, {self.median:.2f} ms in the median"


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
    times = []
    gc.collect()
    gc.disable()
    for call in calls:
        begun = time.process_time()
        call()
        times.append(1000 * (time.process_time() - begun))
    gc.enable()
    return Times(min(times), statistics.median(times))


def _additions() -> None:
    """Something to hold the times against: other work on the machine slows it as much."""
    total = 0
    for number in range(1_000_000):
        total += number


def main() -> None:
    """Print the time of a brief and how it grows with the interactions."""
    print(f"a million additions in a loop: {again(_additions)} (idle: about 45)")
    base = fresh(10, 200)
    print(f"a brief of 10 participants x 200 interactions: {base} (at most 3)")
    print(f"  the same brief again: {again(composer(10, 200))}")
    for interactions in (50, 100, 400, 800):
        taken = fresh(10, interactions, tables=6)
        print(
            f"  {interactions:4} interactions each: {taken}, {taken.best / base.best:.2f} times the"
            f" best, for {interactions / 200:.2f} times the interactions"
        )
    print(f"a brief of 1 participant x 200 interactions: {fresh(1, 200)}")


if __name__ == "__main__":
    main()
