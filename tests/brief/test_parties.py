"""Which parties are people, and what they are called on the sheet."""

import pytest
from whole_book import WholeBook

from briefgen.brief.marks import remarks
from briefgen.brief.me import doubts_about_me
from briefgen.brief.names import cleaned, is_note_taker, name_from, plain_name
from briefgen.brief.select import reason_to_skip
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import Attendee
from briefgen.workspace.settings import Me, Settings

from .conftest import Desk, attendee, contact_file

JANE = "name: Jane Doe\nemails: [jane@acme.example]"


def people(desk: Desk, *attendees: object, **given: object) -> list[tuple[str, str | None]]:
    """Name and address of each participant."""
    desk.attendees = attendees  # type: ignore[assignment]
    found = desk.match(desk.meeting(**given))
    return [(one.shown_name, one.attendee.address if one.attendee else None) for one in found]


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("Doe, Jane (External)", "Jane Doe"),
        ("Lopez, Maria", "Maria Lopez"),
        ("Prof. Lee, Kim", "Prof. Kim Lee"),
        ("Lee, Prof. Kim", "Prof. Kim Lee"),
        ("Dr. Smith, Dana", "Dr. Dana Smith"),
        ("Prof. Dr. med. Meier, Eva", "Prof. Dr. med. Eva Meier"),
        ("Herr Meier, Jan", "Herr Jan Meier"),
        ("Smith Jr., Dana", "Dana Smith Jr."),
        ("Smith, Jr.", "Smith, Jr."),
        ("Smith, Dr.", "Smith, Dr."),
        ("Ing, Kim", "Kim Ing"),
        ("Acme Inc., Berlin", "Acme Inc., Berlin"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("Jane M Doe (Acme)", "Jane M Doe"),
        ("[EXT] Jane Doe", "Jane Doe"),
        ("EXT: Jane Doe", "Jane Doe"),
        ("Jane Doe | Acme Logistics", "Jane Doe"),
        ("Jane Doe - External", "Jane Doe"),
        ("Jane Doe (she/her)", "Jane Doe"),
        ("Jane Doe via Calendly", "Jane Doe"),
        ("Smith, Dana, PhD", "Dana Smith"),
        ("Dana Smith, PhD", "Dana Smith, PhD"),
        ("Acme GmbH, Team 4", "Acme GmbH, Team 4"),
        ("Jean-Luc d'Arc", "Jean-Luc d'Arc"),
        ("山田 太郎 (外部)", "山田 太郎"),
        ("(External)", "(External)"),
    ],
)
def test_a_name_as_people_say_it(given: str, plain: str) -> None:
    """Without what a directory adds, and turned round where the family name comes first."""
    assert plain_name(given) == plain


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("ken.ito@acme.example", "Ken Ito"),
        ("maria_lopez@acme.example", "Maria Lopez"),
        ("jean-luc.picard+work@acme.example", "Jean-Luc Picard"),
        ("jonas@acme.example", "jonas"),
        ("j.d.4@acme.example", ""),
        ("k@acme.example", ""),
    ],
)
def test_a_guest_without_a_name(address: str, name: str) -> None:
    """The words before the @ are the name, as far as they are words."""
    assert name_from(address) == name


@pytest.mark.parametrize(
    ("name", "address", "shown"),
    [
        ("MARIA LOPEZ", "maria.lopez@acme.example", "Maria Lopez"),
        ("LÓPEZ, MARÍA", "maria.lopez@acme.example", "María López"),
        ("O'BRIEN, KATE", "kate.obrien@acme.example", "Kate O'Brien"),
        ("JEAN-LUC PICARD", "jean-luc.picard@acme.example", "Jean-Luc Picard"),
        ("MARIA LOPEZ", "ml@acme.example", "MARIA LOPEZ"),
        ("MARIA LOPEZ", "maria.lopez-silva@acme.example", "MARIA LOPEZ"),
        ("KIM MCDONALD", "kim.mcdonald@acme.example", "KIM MCDONALD"),
        ("ANNA VAN DER BERG", "anna.van.der.berg@acme.example", "ANNA VAN DER BERG"),
        ("AJ SMITH", "aj.smith@acme.example", "AJ SMITH"),
        ("Maria LOPEZ", "maria.lopez@acme.example", "Maria LOPEZ"),
    ],
)
def test_a_name_in_capitals(name: str, address: str, shown: str) -> None:
    """Written as usual where the address says the same two words; initials and `Mc` stay."""
    assert cleaned(Attendee(name=name, address=address)).name == shown


@pytest.mark.parametrize("name", ["dana.smith", "Unknown", "null", "undefined undefined", "Guest"])
def test_a_name_that_says_nothing(name: str) -> None:
    """The words before the @, or what a program writes where it has no name."""
    assert cleaned(Attendee(name=name, address="dana.smith@acme.example")).name == "Dana Smith"


def test_a_short_name_that_is_in_the_address() -> None:
    """What is called `ds` stays so; nothing better is known."""
    assert cleaned(Attendee(name="ds", address="ds@acme.example")).name == "ds"


@pytest.mark.parametrize(
    ("address", "name", "expected"),
    [
        ("fred@fireflies.ai", "Fred from Fireflies.ai", True),
        ("notetaker+17@fathom.video", "", True),
        (None, "Robin's Notetaker", True),
        ("x7@assistant.gong.io", "", True),
        (None, "OtterPilot (Robin)", True),
        ("meet-1f@read.ai", "read.ai meeting notes", True),
        ("anna@fireflies.ai", "Anna Berg", False),
        ("anna@read.ai", "Anna Berg (Read.ai)", False),
        ("notes@acme.example", "Nora Notes", False),
    ],
)
def test_a_note_taker_is_no_person(address: str | None, name: str, *, expected: bool) -> None:
    """Programs by address, by maker and word, or by name; their makers' own people are people."""
    assert is_note_taker(attendee(address, name)) is expected


def test_a_note_taker_makes_no_brief(desk: Desk) -> None:
    """A meeting of colleagues and a program is an internal one."""
    desk.attendees = (
        attendee("fred@fireflies.ai", "Fred from Fireflies.ai"),
        attendee("pat@keller-advisory.example", "Pat"),
    )
    meeting = desk.meeting()
    reason = reason_to_skip(meeting, desk.match(meeting), settings=desk.settings)
    assert reason == "nobody from outside"


def test_a_note_taker_on_file_is_a_contact(desk: Desk) -> None:
    """Whom the user keeps a file of is someone."""
    desk.with_contacts("name: Fred Fly\nemails: [fred@fireflies.ai]")
    assert people(desk, attendee("fred@fireflies.ai", "Fred")) == [
        ("Fred Fly", "fred@fireflies.ai")
    ]


def test_placeholders_are_nobody(desk: Desk) -> None:
    """Google's unknown organizer, Lightning's unknown address, and addresses that only send."""
    desk.with_contacts(JANE)
    found = people(
        desk,
        attendee("jane@acme.example", "Jane Doe"),
        attendee("unknown@somewhere.com", "Jane Doe"),
        attendee("no-reply@booking.example", "Booking"),
        organizer=attendee("unknownorganizer@calendar.google.com", "Unknown Organizer"),
    )
    assert found == [("Jane Doe", "jane@acme.example")]


def test_somebody_unknown_stands_once(desk: Desk) -> None:
    """The same name with and without an address is one person; two addresses are two."""
    found = people(
        desk,
        attendee("d@acme.example", "Dana Smith"),
        attendee("unknown@somewhere.com", "Smith, Dana"),
        attendee("d@other.example", "Dana Smith"),
    )
    assert [address for _, address in found] == ["d@acme.example", "d@other.example"]


@pytest.mark.parametrize(
    ("organizer", "count"),
    [("dana.smith@acme.example", 1), ("d.smith@acme.example", 1), ("dana@elsewhere.example", 2)],
)
def test_an_organizer_spelled_two_ways_is_one(desk: Desk, organizer: str, count: int) -> None:
    """The same name at the same house is the same person; at another it is not."""
    party = attendee("dana.smith@acme.example", "Dana Smith")
    found = people(desk, party, organizer=attendee(organizer, "Smith, Dana"))
    assert len(found) == count


@pytest.mark.parametrize(
    ("address", "name", "is_list"),
    [
        ("sales@acme.example", "", True),
        ("team-north@acme.example", "", True),
        ("x@googlegroups.com", "Project X", True),
        ("info@acme.example", "Ida Info", False),
        ("saleh@acme.example", "", False),
    ],
)
def test_a_mailing_list_is_no_person(desk: Desk, address: str, name: str, *, is_list: bool) -> None:
    """A mailbox of several is known by its words, if nobody's name is with it."""
    desk.attendees = (attendee(address, name),)
    (participant,) = desk.match(desk.meeting())
    assert participant.is_list is is_list
    said = remarks(desk.meeting(), (participant,), book=desk.book)
    assert any("mailing list" in remark for remark in said) is is_list


@pytest.mark.parametrize("name", ["Doe, Jane (External)", "Jane M Doe (Acme)", "Jane Doe [EXT]"])
def test_a_decorated_name_is_suggested(desk: Desk, name: str) -> None:
    """With no address, a name with something added is a suggestion, and no match."""
    desk.with_contacts(JANE)
    desk.attendees = (attendee(None, name),)
    (participant,) = desk.match(desk.meeting())
    assert participant.contact is None
    said = remarks(desk.meeting(), (participant,), book=desk.book)
    assert f"{name} may be Jane Doe (jane-doe); if so, add that to its aliases" in said


SAMPLE = Me(emails=("robin@keller-advisory.example",))
FOLDED = b"ATTENDEE:mailto:Robin@keller-advi\r\n sory.example"
ROOM = b"ATTENDEE:mailto:c_1@resource.calendar.google.com"
FEED = b"ORGANIZER:mailto:anna@freemail-provider.com\r\nATTENDEE:mailto:karl@firm.de\r\n"


@pytest.mark.parametrize(
    ("me", "content", "fields"),
    [
        (Me(internal_domains=("gmail.com", "firm.example")), b"", ["me.internal_domains"]),
        (Me(internal_domains=("firm.example",)), b"", []),
        (SAMPLE, FEED, ["me.emails"]),
        (SAMPLE, FEED + FOLDED, []),
        (Me(emails=("robin@firm.de",)), FEED, []),
        (SAMPLE, FEED.replace(b".com", b".example").replace(b".de", b".test"), []),
        (SAMPLE, ROOM, []),
    ],
)  # fmt: skip
def test_settings_that_make_clients_of_colleagues(
    me: Me, content: bytes, fields: list[str]
) -> None:
    """Freemail as your own house; the sample's address where the calendar names real people."""
    found = list(doubts_about_me(me, [FeedCopy(name="f", content=content)]))
    assert [problem.field for problem in found] == fields
    assert all(problem.severity == "warning" for problem in found)


def test_settings_default_to_no_doubt() -> None:
    """Nobody is warned of what they did not write."""
    assert list(doubts_about_me(Settings().me, [FeedCopy(name="f", content=FEED)])) == []


def test_an_address_under_my_own_name_is_asked_about() -> None:
    """Without it the user is a guest of their own meetings; a namesake on file is not me."""
    me = Me(name="Jo Park", emails=("jo.park@post.example",))
    content = (
        b"ORGANIZER;CN=Jo Park:mailto:jo@park.example\r\n"
        b'ATTENDEE;CN="Jo Park";PARTSTAT=ACCEPTED:mailto:JO@park.example\r\n'
        b"ATTENDEE;CN=Jo Parker:mailto:jo@parker.example\r\n"
        b"ATTENDEE;CN=Jo Park:mailto:jo.park@post.example\r\n"
        b"ATTENDEE;CN=Jo Park:mailto:jo.park@post.exa\r\n mple\r\n"
    )
    (found,) = doubts_about_me(me, [FeedCopy(name="f", content=content)])
    assert found.field == "me.emails"
    assert found.message.startswith("jo@park.example is invited under your name")
    namesake = contact_file("name: Jo Park\nemails: [jo@park.example]\n", "jo-park")
    book = WholeBook(contacts=(namesake,))
    assert list(doubts_about_me(me, [FeedCopy(name="f", content=content)], book)) == []
