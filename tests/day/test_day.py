"""The day sheet as a value: the timeline, and what is due."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from whole_book import WholeBook

from briefgen.brief.attention import attention_of
from briefgen.brief.brief import Brief, Face, Source
from briefgen.brief.day import DaySheet, compose_day, promised
from briefgen.brief.stops import Gap
from briefgen.contacts.book import ContactFile, parse_contact
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import language_of
from briefgen.workspace.settings import Edition

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 23)
ENGLISH = language_of("en_GB")


def contact(stem: str, text: str) -> ContactFile:
    """A contact file with this text."""
    made, problems = parse_contact(text.encode(), f"data/contacts/{stem}.yaml")
    assert made is not None, problems
    assert not problems
    return made


def brief(
    start: str,
    end: str,
    *,
    day: date = DAY,
    title: str = "Review",
    place: str = "",
    link: str | None = None,
    people: tuple[str, ...] = (),
) -> Brief:
    """A brief of the day from one time to another."""

    def at(clock: str) -> datetime:
        hours, minutes = map(int, clock.split(":"))
        return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=BERLIN)

    return Brief(
        edition="full",
        uid=f"{title}@x.example",
        recurrence_id=None,
        start=at(start),
        end=at(end) if end != "24:00" else at("0:00") + timedelta(days=1),
        feed="work",
        title=title,
        place=place,
        join_link=link,
        faces=tuple(
            Face(key=key, name=key.title(), contact=key, source=Source(file=f"{key}.yaml"))
            for key in people
        ),
    )


def sheet(
    *briefs: Brief, book: tuple[ContactFile, ...] = (), edition: Edition = "full"
) -> DaySheet:
    """The sheet of the day."""
    return compose_day(
        DAY, briefs, book=WholeBook(contacts=book), language=ENGLISH, edition=edition
    )


def gaps(*briefs: Brief) -> list[str | None]:
    """The words for what lies before each meeting."""
    return [stop.gap and stop.gap.text for stop in sheet(*briefs).stops]


def test_the_timeline_is_in_order_of_time_and_of_this_day_alone() -> None:
    """Briefs may come in any order; those of another day are not on the sheet."""
    made = sheet(
        brief("14:00", "15:00", title="Late"),
        brief("9:00", "10:00", title="Early"),
        brief("9:00", "10:00", title="Other", day=DAY + timedelta(days=1)),
    )
    assert [stop.title for stop in made.stops] == ["Early", "Late"]
    assert "23 November 2026" in made.heading
    assert made.stops[0].when == "09:00\N{EN DASH}10:00"


def test_time_between_meetings_is_free_in_one_place() -> None:
    """An hour and a half in the same building is free."""
    assert gaps(
        brief("9:00", "10:00", place="Acme House"), brief("11:30", "12:00", place="acme  house")
    ) == [None, "1 hour 30 minutes free"]


def test_another_place_means_travel() -> None:
    """Where the place changes, the time there is has to do for the way."""
    assert gaps(
        brief("9:00", "10:00", place="Acme House, 4 Dock Road"),
        brief("10:20", "11:00", place="Harbour Office"),
    ) == [None, "20 minutes to get from Acme House to Harbour Office"]


def test_online_needs_no_travel() -> None:
    """To an online meeting nobody travels, whatever its place says."""
    first = brief("9:00", "10:00", place="Acme House")
    then = brief("10:00", "11:00", place="Teams", link="https://teams.example/1")
    assert gaps(first, then) == [None, "directly after"]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Acme House, room 2.14", "Acme House, room 3"),
        ("Acme House", "Microsoft Teams Meeting"),
        ("by phone", "Acme House"),
        ("https://meet.example/1", "Acme House"),
    ],
)
def test_nobody_travels_within_a_house_or_to_a_call(first: str, then: str) -> None:
    """Another room is no journey, and neither is a call."""
    assert gaps(brief("9:00", "10:00", place=first), brief("10:20", "11:00", place=then)) == [
        None,
        "20 minutes free",
    ]


def test_overlapping_meetings_are_said() -> None:
    """The second begins before the first ends; the third is measured from the longer one."""
    assert gaps(
        brief("9:00", "12:00", title="Long"),
        brief("10:00", "10:30", title="Short"),
        brief("12:15", "13:00", title="Third"),
    ) == [None, "overlaps with Long", "15 minutes free"]


def test_a_whole_day_leaves_the_hours_as_they_are() -> None:
    """An all-day meeting is on the timeline but makes no gap and no overlap."""
    made = sheet(brief("0:00", "24:00", title="Fair"), brief("9:00", "10:00"))
    assert (made.stops[0].when, made.stops[0].gap) == ("all day", None)
    assert made.stops[1].gap is None


def test_the_night_of_the_change_is_measured_by_the_sun() -> None:
    """From 01:30 to 03:30 on the last Sunday of March is one hour."""
    day = date(2027, 3, 28)
    made = compose_day(
        day,
        [brief("1:00", "1:30", day=day), brief("3:30", "4:00", day=day, title="Next")],
        book=WholeBook(),
        language=ENGLISH,
    )
    assert made.stops[1].gap == Gap(kind="free", minutes=60, text="1 hour free")


PROMISES = """
name: {name}
promises:
  - {{by: me, text: late letter, due: 2026-11-20}}
  - {{by: me, text: kept letter, due: 2026-11-20, kept: 2026-11-19}}
  - {{by: me, text: soon letter, due: 2026-11-27}}
  - {{by: me, text: far letter, due: 2027-01-27}}
  - {{by: them, text: their letter, due: 2026-11-23}}
  - {{by: me, text: secret letter, due: 2026-11-20, visibility: never}}
"""


def test_promises_due_are_named_and_kept_ones_are_not() -> None:
    """Of people met what is due within a week; of everyone else what I owe by the day."""
    book = (
        contact("dana", PROMISES.format(name="Dana")),
        contact("lee", PROMISES.format(name="Lee")),
    )
    made = sheet(brief("9:00", "10:00", people=("dana",)), book=book)
    assert [(line.who, line.text, line.note) for line in made.mine] == [
        ("Dana", "late letter", "3 days late"),
        ("Lee", "late letter", "3 days late"),
        ("Dana", "soon letter", "Friday, 27 Nov"),
    ]
    assert [(line.who, line.text, line.note) for line in made.theirs] == [
        ("Dana", "their letter", "today")
    ]
    assert made.mine[0].source.line == 4


def test_a_promise_that_seems_kept_is_not_counted_as_late() -> None:
    """It is asked about, after those that are late; on both sides."""
    noted = (
        "name: Dana\npromises:\n"
        "  - {by: me, text: send the draft, made: 2026-10-01, due: 2026-10-20}\n"
        "  - {by: me, text: send the plan, made: 2026-10-01, due: 2026-11-20}\n"
        "  - {by: them, text: send the scan, made: 2026-10-01, due: 2026-11-01}\n"
        "interactions:\n"
        "  - {date: 2026-11-02, channel: email, summary: Sent the draft; the scan arrived.}\n"
    )
    made = sheet(brief("9:00", "10:00", people=("dana",)), book=(contact("dana", noted),))
    assert [(line.text, line.note, line.mark) for line in made.mine] == [
        ("send the plan", "3 days late", "overdue"),
        ("send the draft", "still open? see 2 Nov", None),
    ]
    assert [line.note for line in made.theirs] == ["still open? see 2 Nov"]
    assert promised(made, ENGLISH) == "1 late"


def test_birthdays_are_near_and_far_even_without_meetings() -> None:
    """Everyone's within a week, and of those met within a month."""
    book = (
        contact("ann", "name: Ann\nbirthday: 1980-11-23"),
        contact("ben", "name: Ben\nbirthday: 11-29"),
        contact("cleo", "name: Cleo\nbirthday: 12-20"),
        contact("dan", "name: Dan\nbirthday: 1999-11"),
    )
    alone = sheet(book=book)
    assert [(b.who, b.text, b.note) for b in alone.birthdays] == [
        ("Ann", "birthday today", ""),
        ("Ben", "birthday on Sunday, 29 November", ""),
    ]
    met = sheet(brief("9:00", "10:00", people=("cleo",)), book=book)
    assert [b.who for b in met.birthdays] == ["Ann", "Ben", "Cleo"]


def test_a_leap_day_is_kept_on_the_28th() -> None:
    """Who was born on 29 February has a birthday each year."""
    day = date(2027, 2, 28)
    book = WholeBook(contacts=(contact("ann", "name: Ann\nbirthday: 2000-02-29"),))
    made = compose_day(day, [], book=book, language=ENGLISH)
    assert [b.text for b in made.birthdays] == ["birthday today"]


def test_what_someone_avoids_stays_off_the_sheet() -> None:
    """The lists of everyone met hold, and each contact's own."""
    book = (
        contact("ann", "name: Ann\nbirthday: 11-23\navoid: [birthday]"),
        contact(
            "ben", "name: Ben\npromises: [{by: me, text: the divorce papers, due: 2026-11-01}]"
        ),
        contact("cleo", "name: Cleo\navoid: [Divorce]"),
    )
    assert [line.who for line in sheet(book=book).mine] == ["Ben"]
    made = sheet(brief("9:00", "10:00", people=("cleo",)), book=book)
    assert made.mine == ()
    assert made.birthdays == ()


def test_something_to_share_is_for_those_not_met_the_longest_unseen_first() -> None:
    """Shared things, people met today, and people who want space are passed over."""
    book = (
        contact("ann", "name: Ann\nto_share: [a map]"),
        contact(
            "ben",
            "name: Ben\ninteractions: [{date: 2026-10-01}]\n"
            "to_share: [{text: a list, fits: sailing}, {text: old, shared: 2026-01-01}, more]",
        ),
        contact("cleo", "name: Cleo\nto_share: [a book]"),
        contact(
            "dan",
            "name: Dan\nto_share: [a cup]\nrelationship: {give_space_until: 2026-12-01}",
        ),
    )
    made = sheet(brief("9:00", "10:00", people=("cleo",)), book=book)
    assert [(line.who, line.text, line.note) for line in made.shares] == [
        ("Ann", "a map", ""),
        ("Ben", "a list", "fits: sailing"),
    ]


def test_the_table_edition_tells_nothing_private() -> None:
    """What is not marked for print is not on a sheet that may lie on the table."""
    text = "name: Ann\nbirthday: 11-23\npromises: [{by: me, text: a, due: 2026-11-01}, "
    text += "{by: me, text: b, due: 2026-11-01, visibility: print}]\nto_share: [a map]"
    made = sheet(book=(contact("ann", text),), edition="table")
    assert [line.text for line in made.mine] == ["b"]
    assert (made.birthdays, made.shares) == ((), ())


def test_everybody_met_is_shown_once() -> None:
    """A person met twice has one face on the sheet."""
    made = sheet(
        brief("9:00", "10:00", people=("ann", "ben")), brief("11:00", "12:00", people=("ben",))
    )
    assert [face.key for face in made.faces] == ["ann", "ben"]
    assert made.stops[0].names == "Ann and Ben"


def test_a_day_with_nothing_is_empty() -> None:
    """No meeting, no promise, no birthday: nothing to make a sheet of."""
    assert sheet().is_empty
    assert not sheet(brief("9:00", "10:00")).is_empty


def test_avoid_is_understood_in_the_contacts_own_language() -> None:
    """A matter that the file avoids is recognised in the words of the person's language too."""
    text = "name: Dana\navoid: [divorce]\nto_share: [Sorgerecht in Kürze]\n"
    assert len(sheet(book=(contact("dana", text),)).shares) == 1
    assert not sheet(book=(contact("dana", f"{text}language: de\n"),)).shares


def with_attention(folder: Path, text: str, later: str = "", edition: Edition = "full") -> DaySheet:
    """The sheet with what is chosen from a file, which by then may say more."""
    chosen = attention_of(Workspace(root=folder), [contact("dana", text)], DAY, "en")
    book = WholeBook(contacts=(contact("dana", text + later),))
    return compose_day(DAY, (), book=book, language=ENGLISH, edition=edition, attention=chosen)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("birthday: 11-26", "birthday on Thursday, 26 November: call them"),
        ("to_share: [{text: a paper on looms, fits: weaving}]", "send: a paper on looms"),
        ("promises: [{text: a draft, kept: 2026-11-20}]", "say that you kept it: a draft"),
        ("interactions: [{date: 2026-01-05}]", "last contact on 5 Jan: call or write"),
    ],
)
def test_the_weeks_attention_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    """A label and what the file says; it is said only once, and never in the table edition."""
    made = with_attention(tmp_path, f"name: Dana\n{text}\n")
    assert made.attention is not None
    assert (made.attention.who, made.attention.text) == ("Dana", said)
    assert not made.unsaid((*made.birthdays, *made.shares))
    assert with_attention(tmp_path, f"name: Dana\n{text}\n", edition="table").attention is None


@pytest.mark.parametrize(
    "later",
    [
        "life_events: [{date: 2026-11-22, note: husband Peter died}]",
        "relationship: {give_space_until: 2026-12-01}",
        "avoid: [birthday]",
    ],
)
def test_what_happened_since_it_was_chosen_silences_it(tmp_path: Path, later: str) -> None:
    """Nobody is called up for a birthday in grief, only because Monday did not know."""
    text = "name: Dana\nbirthday: 11-26\n"
    assert with_attention(tmp_path, text).attention is not None
    assert with_attention(tmp_path, text, later).attention is None
