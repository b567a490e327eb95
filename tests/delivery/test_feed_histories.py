"""Feeds that change between two nights as real ones do, and the mails that may follow.

Each history is a row of calendars, one a night, and the subjects of the mails after the first.
Nothing is called cancelled that takes place, nothing updated that reads the same, and no mail
leaves twice.
"""

import random

import pytest
from night_house import House, each_ahead, event

SERIES = event("weekly", "20261102T100000").replace("SUMMARY", "RRULE:FREQ=WEEKLY\r\nSUMMARY")
SINGLE = event("a", "20261123T100000")
LUNCH = event("b", "20261123T140000", title="Lunch")


def changed(text: str, *pairs: tuple[str, str]) -> str:
    """The event with some of its text replaced; all of it has to be there."""
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after)
    return text


def with_lines(text: str, *lines: str) -> str:
    """The event with more properties."""
    return text.replace("END:VEVENT", "".join(f"{line}\r\n" for line in lines) + "END:VEVENT")


def instance(when: str, start: str = "", *, zone: str = "TZID=Europe/Berlin:") -> str:
    """An instance of the weekly series, changed apart."""
    mark = f"RECURRENCE-ID{';' if zone else ':'}{zone}{when}"
    return with_lines(event("weekly", start or when), mark)


def described(text: str, description: str) -> str:
    """The event with a description."""
    return with_lines(text, f"DESCRIPTION:{description}")


PEOPLE = [f"ATTENDEE;CN=Guest {n:02}:mailto:guest{n}@acme.example" for n in range(30)]
PAST = [event(f"past{n}", f"202611{n + 10}T100000", title=f"Talk {n}") for n in range(9)]


BUSY = (
    "BEGIN:VEVENT\r\nUID:busy{n}@x.example\r\nDTSTAMP:20261101T000000Z\r\n"
    "DTSTART;TZID=Europe/Berlin:20261123T100000\r\nDTEND;TZID=Europe/Berlin:20261123T110000\r\n"
    "SUMMARY:Busy\r\nEND:VEVENT\r\n"
)


def past(turn: int) -> list[str]:
    """Nine meetings that are over, with new UIDs at each fetch."""
    return [event(f"past{n}-{turn}", f"202611{n + 10}T100000", title=f"Talk {n}") for n in range(9)]


HISTORIES: dict[str, tuple[list[list[str]], list[str]]] = {
    # what no reader would notice
    "thirty guests in another order": (
        [
            [with_lines(SINGLE, *PEOPLE)],
            [with_lines(SINGLE, *reversed(PEOPLE))],
            [with_lines(SINGLE, *PEOPLE[7:], *PEOPLE[:7])],
        ],
        [],
    ),
    "thirty guests in another order under new UIDs": (
        [
            [with_lines(event("u1", "20261123T100000"), *PEOPLE)],
            [with_lines(event("u2", "20261123T100000"), *reversed(PEOPLE))],
            [with_lines(event("u3", "20261123T100000"), *PEOPLE[7:], *PEOPLE[:7])],
        ],
        [],
    ),
    "an instance written apart without a change": (
        [[SERIES], [SERIES, instance("20261123T100000")], [SERIES]],
        [],
    ),
    "an instance named in UTC, then by its day": (
        [
            [SERIES, instance("20261123T100000")],
            [SERIES, instance("20261123T090000Z", "20261123T100000", zone="")],
            [SERIES, instance("20261123", "20261123T100000", zone="VALUE=DATE:")],
        ],
        [],
    ),
    "a single meeting becomes a series": (
        [[SINGLE], [changed(SINGLE, ("SUMMARY", "RRULE:FREQ=WEEKLY\r\nSUMMARY"))]],
        [],
    ),
    "a series is exported as single meetings": (
        [
            [SERIES],
            [
                event(f"weekly_{day}", f"{day}T100000")
                for day in ("20261116", "20261123", "20261130")
            ],
        ],
        [],
    ),
    "Google cuts a series and goes on with another": (
        [
            [SERIES],
            [
                changed(SERIES, ("FREQ=WEEKLY", "FREQ=WEEKLY;UNTIL=20261122T225959Z")),
                changed(
                    SERIES, ("weekly@", "weekly_R20261123T090000@"), ("20261102T", "20261123T")
                ),
            ],
        ],
        [],
    ),
    "a rule becomes a list of dates": (
        [
            [SERIES],
            [
                changed(
                    SERIES,
                    (
                        "RRULE:FREQ=WEEKLY",
                        "RDATE;TZID=Europe/Berlin:20261109T100000,20261116T100000,20261123T100000",
                    ),
                )
            ],
        ],
        [],
    ),
    "another name for the zone, then UTC, then none": (
        [
            [SINGLE],
            [changed(SINGLE, ("TZID=Europe/Berlin", 'TZID="W. Europe Standard Time"'))],
            [
                changed(
                    SINGLE,
                    (";TZID=Europe/Berlin:20261123T100000", ":20261123T090000Z"),
                    (";TZID=Europe/Berlin:20261123T110000", ":20261123T100000Z"),
                )
            ],
            [changed(SINGLE, (";TZID=Europe/Berlin", ""))],
        ],
        [],
    ),
    "a length in place of an end": (
        [
            [SINGLE],
            [changed(SINGLE, ("DTEND;TZID=Europe/Berlin:20261123T110000", "DURATION:PT1H"))],
        ],
        [],
    ),
    "the title in capitals, with other spaces and entities": (
        [
            [changed(SINGLE, ("SUMMARY:Review", "SUMMARY:Q&A: Review of 2026"))],
            [changed(SINGLE, ("SUMMARY:Review", "SUMMARY:Q&amp;A:  review of 2026 "))],
            [changed(SINGLE, ("SUMMARY:Review", "SUMMARY:Q&A: REVIEW OF 2026"))],
        ],
        [],
    ),
    "the title in capitals under a new UID": (
        [[SINGLE], [event("z", "20261123T100000", title="REVIEW")]],
        [],
    ),
    "the place in other letters": (
        [
            [with_lines(SINGLE, r"LOCATION:Room 5\, Harbor St 12")],
            [with_lines(SINGLE, r"LOCATION:room 5\,  Harbor St 12 ")],
            [with_lines(SINGLE, r"LOCATION:Room 5\n Harbor St 12")],
        ],
        [],
    ),
    "the organizer is added, and taken away": (
        [
            [changed(SINGLE, ("ORGANIZER:mailto:robin@keller.example\r\n", ""))],
            [SINGLE],
            [changed(SINGLE, ("ORGANIZER:mailto:robin@keller.example\r\n", ""))],
            [changed(SINGLE, ("ORGANIZER:mailto:robin", "ORGANIZER;CN=Robin Keller:MAILTO:Robin"))],
        ],
        [],
    ),
    "the organizer is now an attendee too": (
        [
            [SINGLE],
            [
                with_lines(
                    SINGLE,
                    "ATTENDEE;ROLE=CHAIR;PARTSTAT=ACCEPTED;CN=Robin:mailto:robin@keller.example",
                )
            ],
        ],
        [],
    ),
    "a contact's address and name in other letters": (
        [
            [SINGLE],
            [
                changed(
                    SINGLE, ("CN=Dana Smith:mailto:dana@acme", 'CN="Smith, Dana":MAILTO:Dana@Acme')
                )
            ],
            [changed(SINGLE, ("CN=Dana Smith:mailto:dana", "CN=dana@acme.example:mailto:dana"))],
        ],
        [],
    ),
    "a stranger's name turned round": (
        [
            [with_lines(SINGLE, "ATTENDEE;CN=Kim Lee:mailto:kim@other.example")],
            [with_lines(SINGLE, 'ATTENDEE;CN="Lee, Kim":mailto:kim@other.example')],
            [with_lines(SINGLE, 'ATTENDEE;CN="Lee, Kim (External)":mailto:KIM@other.example')],
            [with_lines(SINGLE, 'ATTENDEE;CN="KIM LEE":mailto:KIM@other.example')],
        ],
        [],
    ),
    "an attendee twice, and a room": (
        [
            [with_lines(SINGLE, "LOCATION:Room 5")],
            [
                with_lines(
                    SINGLE,
                    "LOCATION:Room 5",
                    "ATTENDEE;CN=Dana Smith;PARTSTAT=ACCEPTED:mailto:dana@acme.example",
                    "ATTENDEE;CUTYPE=RESOURCE;CN=Room 5:mailto:room5@keller.example",
                )
            ],
        ],
        [],
    ),
    "somebody accepts": (
        [
            [changed(SINGLE, ("CN=Dana", "PARTSTAT=NEEDS-ACTION;CN=Dana"))],
            [changed(SINGLE, ("CN=Dana", "PARTSTAT=ACCEPTED;CN=Dana"))],
        ],
        [],
    ),
    "the sequence starts again": (
        [
            [with_lines(SINGLE, "SEQUENCE:7")],
            [with_lines(SINGLE, "SEQUENCE:0")],
            [with_lines(SINGLE, "SEQUENCE:1"), with_lines(SINGLE, "SEQUENCE:0")],
        ],
        [],
    ),
    "a footer with a token of its own at each fetch": (
        [
            [described(SINGLE, rf"- Prices\n- Terms\n\n-- \nSent by cal.example\, ref {token}")]
            for token in ("8f3ac91e77", "b1e0947dd2", "03c77a10fe")
        ],
        [],
    ),
    "a reference line without a separator": (
        [
            [
                described(
                    SINGLE, rf"- Prices\n- Terms\nEvent ID: {token}\nhttps://cal.example/e/{token}"
                )
            ]
            for token in ("8f3ac91e77", "b1e0947dd2", "03c77a10fe")
        ],
        [],
    ),
    "a generated-at line": (
        [
            [described(SINGLE, rf"- Prices\n- Terms\n\nLast synced: {stamp}")]
            for stamp in ("2026-11-22 20:14", "2026-11-22 21:14")
        ],
        [],
    ),
    "the same words as HTML": (
        [
            [described(SINGLE, r"- Prices\n- Terms")],
            [described(SINGLE, "<ul><li>Prices</li><li>Terms</li></ul>")],
            [
                with_lines(
                    described(SINGLE, r"- Prices\n- Terms"),
                    "X-ALT-DESC;FMTTYPE=text/html:<html><body>- Prices<br>- Terms</body></html>",
                )
            ],
        ],
        [],
    ),
    "a join link with another token at each fetch": (
        [
            [with_lines(SINGLE, f"URL:https://meet.google.com/abc-defg-hij?authuser=0&ust={token}")]
            for token in ("1", "2", "3")
        ],
        [],
    ),
    "a join link behind a mail filter": (
        [
            [with_lines(SINGLE, "LOCATION:https://acme.zoom.us/j/123456789")],
            [
                with_lines(
                    SINGLE,
                    "LOCATION:https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2F"
                    "acme.zoom.us%2Fj%2F123456789&data=05%7C0",
                )
            ],
        ],
        [],
    ),
    "UIDs are numbers, and one is inserted": (
        [
            [event("1", "20261123T100000"), event("2", "20261123T140000", title="Lunch")],
            [
                event("1", "20261120T100000", title="Past"),
                event("2", "20261123T100000"),
                event("3", "20261123T140000", title="Lunch"),
            ],
        ],
        [],
    ),
    "two meetings change their UIDs": (
        [
            [event("1", "20261123T100000"), event("2", "20261123T140000", title="Lunch")],
            [event("2", "20261123T100000"), event("1", "20261123T140000", title="Lunch")],
        ],
        [],
    ),
    "two meetings of one title change their UIDs": (
        [
            [event("1", "20261123T100000"), event("2", "20261123T140000")],
            [event("2", "20261123T100000"), event("1", "20261123T140000")],
        ],
        [],
    ),
    "two at one time, of one title, under new UIDs": (
        [
            [
                event(f"x{turn}", "20261123T100000"),
                changed(
                    event(f"y{turn}", "20261123T100000"), ("dana@", "lee@"), ("Dana Smith", "Lee")
                ),
            ][:: 1 if turn % 2 else -1]
            for turn in range(3)
        ],
        [],
    ),
    "past meetings under new UIDs at each fetch": (
        [[*past(turn), SINGLE] for turn in range(3)],
        [],
    ),
    "past meetings leave a feed that looks a week back": (
        [[*PAST, SINGLE], [*PAST[4:], SINGLE], [SINGLE]],
        [],
    ),
    # what may not be read as a cancellation
    "declined, and accepted again": (
        [
            [with_lines(SINGLE, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:robin@keller.example"), LUNCH],
            [with_lines(SINGLE, "ATTENDEE;PARTSTAT=DECLINED:mailto:robin@keller.example"), LUNCH],
            [with_lines(SINGLE, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:robin@keller.example"), LUNCH],
        ],
        [],
    ),
    "private for a night": (
        [[SINGLE, LUNCH], [with_lines(SINGLE, "CLASS:PRIVATE"), LUNCH], [SINGLE, LUNCH]],
        [],
    ),
    "cancelled and made again in one go": (
        [
            [SINGLE],
            [event("a", "20261123T100000", status="CANCELLED"), event("a2", "20261123T100000")],
            [event("a2", "20261123T100000")],
        ],
        [],
    ),
    "one broken line for a night": (
        [[SINGLE, LUNCH], [changed(SINGLE, ("DTSTART", "DTSTART;X")), LUNCH], [SINGLE, LUNCH]],
        [],
    ),
    "no start for a night": (
        [
            [SINGLE, LUNCH],
            [changed(SINGLE, ("DTSTART;TZID=Europe/Berlin:20261123T100000", "DTSTART:")), LUNCH],
            [SINGLE, LUNCH],
        ],
        [],
    ),
    "free and busy times only, for a night": (
        [
            [SINGLE, LUNCH],
            [
                BUSY.format(n=1),
                BUSY.format(n=2).replace("T100000", "T140000").replace("T110000", "T150000"),
            ],
            [SINGLE, LUNCH],
        ],
        [],
    ),
    # what is true is reported, once
    "an instance moves, and its series is exported anew": (
        [
            [SERIES],
            [SERIES, instance("20261123T100000", "20261123T150000")],
            [
                changed(SERIES, ("weekly@", "other@")),
                changed(instance("20261123T100000", "20261123T150000"), ("weekly@", "other@")),
            ],
        ],
        ["Updated: moved to 15:00 – Review"],
    ),
    "a meeting is split in two": (
        [
            [changed(SINGLE, ("20261123T110000", "20261123T120000"))],
            [SINGLE, event("part2", "20261123T110000", title="Review, part 2")],
            [SINGLE, event("part2", "20261123T110000", title="Review, part 2")],
        ],
        ["Updated: 2 changes – Monday, 23 November"],
    ),
    "a meeting is split in two under new UIDs": (
        [
            [changed(SINGLE, ("20261123T110000", "20261123T120000"))],
            [event("p1", "20261123T100000"), event("p2", "20261123T110000")],
            [event("q1", "20261123T100000"), event("q2", "20261123T110000")],
        ],
        ["Updated: 2 changes – Monday, 23 November"],
    ),
    "all-day turned timed, and back": (
        [
            [
                changed(
                    SINGLE,
                    (";TZID=Europe/Berlin:20261123T100000", ";VALUE=DATE:20261123"),
                    (";TZID=Europe/Berlin:20261123T110000", ";VALUE=DATE:20261124"),
                ),
                LUNCH,
            ],
            [SINGLE, LUNCH],
            [
                changed(
                    SINGLE,
                    (";TZID=Europe/Berlin:20261123T100000", ";VALUE=DATE:20261123"),
                    (";TZID=Europe/Berlin:20261123T110000", ";VALUE=DATE:20261124"),
                ),
                LUNCH,
            ],
            [SINGLE, LUNCH],
        ],
        ["Updated: new meeting – Review"],
    ),
    "cancelled, listed so, gone, and listed again": (
        [
            [SINGLE, LUNCH],
            [event("a", "20261123T100000", status="CANCELLED"), LUNCH],
            [LUNCH],
            [event("a9", "20261123T100000", status="CANCELLED"), LUNCH],
        ],
        ["Cancelled: Review, 10:00"],
    ),
    "cancelled by its title, as Exchange does": (
        [
            [SINGLE, LUNCH],
            [
                changed(
                    with_lines(SINGLE, "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "TRANSP:TRANSPARENT"),
                    ("SUMMARY:Review", "SUMMARY:Canceled: Review"),
                ),
                LUNCH,
            ],
            [LUNCH],
        ],
        ["Cancelled: Review, 10:00"],
    ),
    "an instance left out, then listed as cancelled": (
        [
            [SERIES, LUNCH],
            [with_lines(SERIES, "EXDATE;TZID=Europe/Berlin:20261123T100000"), LUNCH],
            [
                SERIES,
                changed(instance("20261123T100000"), ("CONFIRMED", "CANCELLED")),
                LUNCH,
            ],
            [with_lines(SERIES, "EXDATE;VALUE=DATE:20261123"), LUNCH],
        ],
        ["Cancelled: Review, 10:00"],
    ),
    "cancelled, and made again the night after": (
        [
            [SINGLE, LUNCH],
            [LUNCH],
            [event("n1", "20261123T100000"), LUNCH],
            [event("n2", "20261123T100000"), LUNCH],
        ],
        ["Cancelled: Review, 10:00", "Updated: new meeting – Review"],
    ),
    "the instance of a week moves with all that follow, under new UIDs": (
        [
            [SERIES],
            [
                changed(SERIES, ("weekly@", "w2@")),
                changed(
                    instance("20261123T100000", "20261123T120000"),
                    ("weekly@", "w2@"),
                    ("RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;"),
                ),
            ],
            [changed(SERIES, ("weekly@", "w3@"), ("T100000", "T120000"), ("T110000", "T130000"))],
        ],
        ["Updated: moved to 12:00 – Review"],
    ),
    "moved away and back": (
        [[SINGLE], [event("a", "20261123T150000")], [SINGLE], [SINGLE]],
        ["Updated: moved to 15:00 – Review", "Updated: moved to 10:00 – Review"],
    ),
    "a number is used again for another meeting": (
        [
            [event("1", "20261123T100000"), event("2", "20261123T140000", title="Lunch")],
            [
                event("2", "20261123T140000", title="Lunch"),
                changed(
                    event("1", "20261126T090000", title="Interview"),
                    ("dana@acme", "lee@other"),
                    ("Dana Smith", "Lee"),
                ),
            ],
        ],
        ["Cancelled: Review, 10:00"],
    ),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_a_day_is_mailed_once(house: House, name: str) -> None:
    """Nights that mail the day ahead tell what is true of it, once."""
    calendars, expected = HISTORIES[name]
    for turn, calendar in enumerate((*calendars, calendars[-1])):
        house.calendar(*calendar)
        house.night(f"2026-11-22T20:{turn:02}")
    assert house.subjects[1:] == expected


@pytest.mark.parametrize(
    "name",
    [
        "another name for the zone, then UTC, then none",
        "two meetings of one title change their UIDs",
        "two at one time, of one title, under new UIDs",
        "Google cuts a series and goes on with another",
        "declined, and accepted again",
        "free and busy times only, for a night",
    ],
)
def test_a_meeting_is_mailed_once(house: House, name: str) -> None:
    """Where each meeting is mailed ahead of it, what no reader would notice sends nothing too."""
    each_ahead(house, "8h")
    calendars, _ = HISTORIES[name]
    first = 0
    for turn, calendar in enumerate((*calendars, calendars[-1])):
        house.calendar(*calendar)
        house.night(f"2026-11-23T08:{turn:02}")
        first = first or len(house.subjects)
    assert first
    assert house.subjects[first:] == []


def test_written_then_sent_then_a_night(house: House) -> None:
    """`run`, `send` and `nightly` on one day send each thing once, whatever the UIDs."""
    commands = (("run",), ("send",), ("run",), ("nightly", "--json"), ("send",))
    for turn, command in enumerate(commands):
        house.calendar(event(f"u{turn}", "20261123T100000"))
        assert house.run(*command, as_of=f"2026-11-22T20:{turn:02}").exit_code == 0
    assert len(house.subjects) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nEND:VCALENDAR\r\n",
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + SINGLE.encode() + LUNCH.encode()[:90],
        b"503 Service Unavailable",
        None,
    ],
    ids=["nothing", "empty", "login", "cut", "error", "no file"],
)
@pytest.mark.parametrize("ahead", [False, True])
def test_a_bad_fetch_cancels_nothing(house: House, content: bytes | None, *, ahead: bool) -> None:
    """One bad fetch between two good ones sends no mail, not even of a page that says so."""
    if ahead:
        each_ahead(house, "8h")
    feed = house.root / "data" / "calendar.ics"
    good = feed.read_bytes()
    for turn, now in enumerate((good, content, content, good)):
        feed.unlink(missing_ok=True)
        if now is not None:
            feed.write_bytes(now)
        house.night(f"2026-11-23T08:{turn:02}")
    assert len(house.subjects) == (2 if ahead else 1)


def two_feeds(house: House, first: str, second: str) -> None:
    """Two calendars, in this order."""
    settings = house.root / "briefgen.yaml"
    text = settings.read_text()
    if "data/second.ics" not in text:
        settings.write_text(text.replace("data/calendar.ics", "data/calendar.ics, data/second.ics"))
    house.calendar(second)
    (house.root / "data" / "calendar.ics").rename(house.root / "data" / "second.ics")
    house.calendar(first)


OTHER = event("copy", "20261123T100000")


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize(
    "pairs",
    [
        [(SINGLE, LUNCH), (LUNCH, SINGLE)],
        [(SINGLE + LUNCH, ""), (SINGLE + LUNCH, OTHER), (LUNCH, OTHER), (LUNCH + SINGLE, "")],
        [(SINGLE + LUNCH, OTHER), (OTHER, SINGLE + LUNCH), (OTHER + LUNCH, SINGLE + LUNCH)],
        [
            (
                described(SINGLE, r"- Prices\n- Terms") + LUNCH,
                described(OTHER, r"- Prices\n- Terms"),
            ),
            (LUNCH, described(OTHER, r"- Prices\n- Terms")),
        ],
        [
            (SINGLE + LUNCH, changed(OTHER, ("SUMMARY:Review", "SUMMARY:review"))),
            (LUNCH, changed(OTHER, ("SUMMARY:Review", "SUMMARY:review"))),
        ],
        [
            (SERIES + LUNCH, changed(SERIES, ("weekly@", "other@"))),
            (LUNCH, changed(SERIES, ("weekly@", "other@"))),
            (SERIES + LUNCH, instance("20261123T100000")),
        ],
    ],
    ids=["swapped", "a copy", "copies swapped", "agenda", "title", "series"],
)
def test_two_feeds(house: House, pairs: list[tuple[str, str]], *, ahead: bool) -> None:
    """What is in two feeds is one meeting, in whichever it is found today."""
    if ahead:
        each_ahead(house, "8h")
    first = 0
    for turn, (one, other) in enumerate((*pairs, pairs[-1])):
        two_feeds(house, one, other)
        house.night(f"2026-11-23T08:{turn:02}")
        first = first or len(house.subjects)
    assert house.subjects[first:] == []
    assert first == (2 if ahead else 1)


WEEKLY = changed(
    SERIES, ("SUMMARY:Review", "SUMMARY:Weekly"), ("T100000", "T163000"), ("T110000", "T170000")
)


def noisy(chance: random.Random, turn: int) -> list[str]:
    """The same three meetings, as an exporter might write them tonight."""
    guests = [
        f"ATTENDEE;CN={name}:mailto:{name.lower()}@acme.example"
        for name in ("Kim", "Lee", "Ana", "Noor", "Pat", "Sam", "Uma")
    ]
    token = f"{chance.getrandbits(64):016x}"
    found = []
    for number, base in enumerate((SINGLE, LUNCH, WEEKLY)):
        text = with_lines(base, *chance.sample(guests, len(guests)))
        text = described(text, rf"- Prices\n- Terms\n\nManage: https://app.example/e?t={token}")
        ways = [
            lambda t: t.replace("\r\nUID:", f"\r\nUID:{token}{number}"),  # noqa: B023
            lambda t: t.replace(
                "DTSTAMP:20261101T000000Z", f"DTSTAMP:20261122T19{turn % 60:02}00Z"
            ),
            lambda t: with_lines(t, f"SEQUENCE:{chance.randrange(9)}"),
            lambda t: t.replace("TZID=Europe/Berlin", "TZID=W. Europe Standard Time"),
            lambda t: t.replace("SUMMARY:Review", "SUMMARY:REVIEW").replace(":Lunch", ":lunch "),
            lambda t: t.replace("ORGANIZER:mailto:robin@keller.example\r\n", ""),
            lambda t: t.replace("\r\n", "\n"),
            lambda t: t.replace("mailto:", "MAILTO:"),
            lambda t: t.replace("STATUS:CONFIRMED\r\n", ""),
            lambda t: t.replace(";CN=Dana Smith:", ';CN="Smith, Dana":'),
            lambda t: t.replace("RRULE:FREQ=WEEKLY", "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO"),
            lambda t: t.replace("RRULE:FREQ=WEEKLY\r\n", "").replace("20261102T", "20261123T"),
            lambda t: t + t,
            lambda t: t + t.replace("\r\nUID:", "\r\nUID:copy"),
        ]
        for way in chance.sample(ways, chance.randrange(6)):
            text = way(text)
        found.append(text)
    return chance.sample(found, len(found))


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_noise_on_noise(house: House, seed: int, *, ahead: bool) -> None:
    """Whatever an exporter does to the same meetings in a dozen nights, each is mailed once."""
    if ahead:
        each_ahead(house, "9h")
    chance = random.Random(seed)
    for turn in range(12):
        house.calendar(*noisy(chance, turn))
        house.night(f"2026-11-23T08:{turn:02}")
    assert len(house.subjects) == (3 if ahead else 1)
