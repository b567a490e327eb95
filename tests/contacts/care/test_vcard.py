"""vCards of every version and maker are read, and nothing in them does harm."""

import base64
import io
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from briefgen.contacts.contact import Contact
from briefgen.contacts.exchange import vcard_lines
from briefgen.contacts.exchange.export import vcard_text
from briefgen.contacts.exchange.person import Incoming, Refused, Remark
from briefgen.contacts.exchange.values import read_date
from briefgen.contacts.exchange.vcard import read_vcards
from briefgen.contacts.pictures import small_picture
from briefgen.workspace.phrase import one_line


def read(text: str | bytes) -> list[Incoming | Refused]:
    """Every card of a file."""
    content = text.encode() if isinstance(text, str) else text
    found = read_vcards(io.BytesIO(content))
    return [item for item in found if isinstance(item, Incoming | Refused)]


def remarks(content: bytes) -> list[str]:
    """The remarks about a file as a whole."""
    found = read_vcards(io.BytesIO(content))
    return [item.text for item in found if isinstance(item, Remark)]


def card(*lines: str, version: str = "3.0") -> str:
    """A card with these lines."""
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def one(*lines: str, version: str = "3.0") -> Incoming:
    """The person of a card with these lines and a name."""
    (person,) = read(card("FN:Dana Smith", *lines, version=version))
    assert isinstance(person, Incoming)
    return person


def test_a_card_of_google() -> None:
    """3.0, with labelled addresses and a year-less birthday."""
    person = one(
        "N:Smith;Dana;;;",
        "EMAIL;TYPE=INTERNET:dana.smith@acme.example",
        "item1.EMAIL;TYPE=INTERNET:dana@home.example",
        "item1.X-ABLabel:private",
        "item2.ORG:Acme Logistics",
        "item3.TITLE:VP Operations",
        "BDAY:--0326",
        "NOTE:Met in Lisbon\\, likes opera\\nand chess",
        "CATEGORIES:myContacts",
    )
    assert person.emails == ("dana.smith@acme.example", "dana@home.example")
    assert (person.organization, person.title) == ("Acme Logistics", "VP Operations")
    assert str(person.birthday) == "03-26"
    assert person.notes == "Met in Lisbon, likes opera\nand chess"
    assert not person.remarks


def test_a_card_of_apple() -> None:
    """3.0, with a year that stands for none, labelled dates and folded lines."""
    person = one(
        "item1.EMAIL;type=INTERNET;type=WORK;type=pref:dana.smith@acme.example",
        "ORG:Acme\\; Sons;Operations",
        "BDAY;X-APPLE-OMIT-YEAR=1604;value=date:1604-02-29",
        "item2.X-ABDATE;type=pref:2010-06-01",
        "item2.X-ABLabel:_$!<Anniversary>!$_",
        "NOTE:a long",
        "  line",
    )
    assert person.organization == "Acme; Sons"
    assert str(person.birthday) == "02-29"
    assert [(str(day), note) for day, note in person.life_events] == [("2010-06-01", "anniversary")]
    assert person.notes == "a long line"


def test_a_card_of_outlook() -> None:
    """2.1, quoted-printable in the charset it names, with soft breaks and bare parameters."""
    (person,) = read(
        card(
            "N;LANGUAGE=de;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg",
            "TEL;WORK;VOICE:+49 30 1234567",
            "EMAIL;PREF;INTERNET:joerg@acme.example",
            "NOTE;ENCODING=QUOTED-PRINTABLE:first=0D=0A=",
            "second",
            "BDAY:19850326",
            version="2.1",
        )
    )
    assert isinstance(person, Incoming)
    assert person.name == "Jörg Müller"
    assert person.telephones == ("+49 30 1234567",)
    assert person.notes == "first\nsecond"
    assert str(person.birthday) == "1985-03-26"


def test_a_card_of_version_4() -> None:
    """With preferences, a zone, an anniversary, pronouns and a telephone as an address."""
    person = one(
        "EMAIL;PREF=2:second@acme.example",
        "EMAIL;PREF=1:first@acme.example",
        "TEL;VALUE=uri;TYPE=cell:tel:+1-555-0100",
        "ANNIVERSARY:20100601",
        "TZ:America/New_York",
        "PRONOUNS:she/her",
        "NICKNAME:Dee,D.S.",
        version="4.0",
    )
    assert person.emails == ("first@acme.example", "second@acme.example")
    assert person.telephones == ("+1-555-0100",)
    assert person.timezone == "America/New_York"
    assert person.pronouns == "she/her"
    assert person.aliases == ("Dee", "D.S.")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1985-03-26", "1985-03-26"),
        ("1985-3-6", "1985-03-06"),
        ("19850326", "1985-03-26"),
        ("--0326", "03-26"),
        ("--03-26", "03-26"),
        ("1985-03", "1985-03"),
        ("1985-03-26T00:00:00Z", "1985-03-26"),
        ("19850326T000000Z", "1985-03-26"),
        ("26.3.1985", "1985-03-26"),
        ("26.03.", "03-26"),
        ("3/26/1985", "1985-03-26"),
        ("26/3/1985", "1985-03-26"),
    ],
)
def test_birthdays_in_all_their_forms(written: str, kept: str) -> None:
    """As RFC 6350 has them, and as spreadsheets do."""
    assert str(read_date(written)) == kept


@pytest.mark.parametrize("written", ["---26", "circa 1800", "19850230", "3/4/1985", "x"])
def test_a_date_that_is_none_or_could_be_two_is_told(written: str) -> None:
    """And never guessed; what no answer of the user's could settle goes to the notes."""
    with pytest.raises(ValueError, match=r"date|day|days"):
        read_date(written)
    person = one(f"BDAY;VALUE=text:{written}")
    assert person.birthday is None
    assert person.remarks[0].startswith("birthday: ")
    could_be_two = written == "3/4/1985"
    assert person.notes == (None if could_be_two else f"birthday: {written}")


def test_broken_lines_cost_only_themselves() -> None:
    """The card is kept, and each is reported."""
    person = one("no colon here", ";:", "EMAIL:not an address", "EMAIL:ok@acme.example")
    assert person.emails == ("ok@acme.example",)
    assert len(person.remarks) == 3


def test_a_broken_card_costs_only_itself() -> None:
    """Without an end, without a name, of a group: the cards around it are read."""
    text = (
        card("FN:Ann")
        + "BEGIN:VCARD\r\nFN:Cut\r\n"
        + card("EMAIL:x@acme.example")
        + card("KIND:group", "FN:Friends")
        + "rubbish between\r\n"
        + card("FN:Ben")
        + "BEGIN:VCARD\nFN:Last"
    )
    found = read(text)
    assert [(p.line, p.name) for p in found if isinstance(p, Incoming)] == [(1, "Ann"), (17, "Ben")]
    assert [(p.line, p.reason) for p in found if isinstance(p, Refused)] == [
        (5, "the card of 'Cut' has no end (END:VCARD)"),
        (7, "no name (FN or N) for x@acme.example"),
        (11, "a card of kind 'group', not of a person: Friends"),
        (21, "the card of 'Last' has no end (END:VCARD)"),
    ]


def test_a_wrong_charset_is_read_as_well_as_can_be_and_told() -> None:
    """Latin-1 where UTF-8 is due; and UTF-16 by its mark."""
    (person,) = read(card("FN:Jörg").encode("latin-1"))
    assert isinstance(person, Incoming)
    assert person.name == "Jörg"
    assert remarks(card("FN:Jörg").encode("latin-1")) == [
        "read as Windows-1252, a guess by its letters; --encoding sets another"
    ]
    (person,) = read(card("FN:Jörg").encode("utf-16"))
    assert isinstance(person, Incoming)
    assert person.name == "Jörg"


def test_a_newline_and_controls_in_a_name_become_spaces() -> None:
    """No name is ever two lines."""
    (person,) = read(card("FN:Dana\\nSmith\x00\u2028x"))
    assert isinstance(person, Incoming)
    assert person.name == "Dana Smith x"


def test_a_card_larger_than_any_photo_is_refused_in_little_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The next one is read."""
    monkeypatch.setattr(vcard_lines, "MAX_CARD", 10_000)
    found = read(card("FN:Big", *["X-A:" + "A" * 900] * 20) + card("FN:Ann"))
    assert [type(person) for person in found] == [Refused, Incoming]


@pytest.mark.parametrize("fold", ["\r\n ", "\r\n", ""])
def test_a_photo_of_20_megabytes_is_left_out_and_the_person_taken(fold: str) -> None:
    """However it is folded, and never unpacked."""
    data = fold.join(["A" * 1_000_000] * 27)
    big, ann = read(
        card("FN:Big", f"PHOTO;ENCODING=b;TYPE=JPEG:{data}", "TITLE:VP") + card("FN:Ann")
    )
    assert isinstance(big, Incoming)
    assert isinstance(ann, Incoming)
    assert (big.name, big.title, big.photo) == ("Big", "VP", None)
    assert big.remarks == ("PHOTO is larger than 14 MB and left out",)


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    """A photo."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, kind)
    return made.getvalue()


@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
def test_photos_are_unpacked_as_each_version_has_them(version: str) -> None:
    """Folded with spaces, as a data address, or in 2.1's way."""
    data = base64.b64encode(picture(30, 20)).decode()
    folded = "\r\n".join(
        [data[:40], *(" " + data[at : at + 60] for at in range(40, len(data), 60))]
    )
    head = {
        "2.1": "PHOTO;BASE64;PNG:",
        "3.0": "PHOTO;ENCODING=b;TYPE=PNG:",
        "4.0": "PHOTO:data:image/png;base64,",
    }[version]
    person = one(head + folded, "TITLE:VP", version=version)
    assert person.photo == picture(30, 20)
    assert person.title == "VP"


def test_a_photo_elsewhere_is_not_fetched() -> None:
    """An address in a card is never followed."""
    person = one("PHOTO;VALUE=uri:http://127.0.0.1:1/x.jpg")
    assert person.photo is None
    assert "not fetched" in person.remarks[0]


def test_photos_become_small_and_lose_what_they_carry() -> None:
    """A JPEG of at most 1024 pixels, without the place it was taken at."""
    image = Image.new("RGB", (3000, 1500), "teal")
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "at home"
    image.save(made, "JPEG", exif=exif)
    small = small_picture(made.getvalue())
    assert isinstance(small, bytes)
    assert b"at home" not in small
    with Image.open(io.BytesIO(small)) as read_back:
        assert (read_back.format, read_back.size) == ("JPEG", (1024, 512))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * (21 * 2**20), "20 MB|21 MB"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "not a picture"),
        (picture(30, 20)[:60], "broken|not a picture"),
        (b"", "not a picture"),
    ],
)
def test_a_photo_that_is_none_is_told(data: bytes, said: str) -> None:
    """And the person is taken without it."""
    made = small_picture(data)
    assert isinstance(made, str)
    assert any(word in made for word in said.split("|"))


def test_half_a_photo_is_none_where_pages_were_made_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """WeasyPrint lets Pillow fill up what is missing, for the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert small_picture(picture(300, 200)[:-200]) == "the photo is broken"


def test_a_photo_of_too_many_pixels_is_not_unpacked() -> None:
    """A few kilobytes can claim gigabytes."""
    made = io.BytesIO()
    Image.new("1", (13300, 13300)).save(made, "PNG")
    assert small_picture(made.getvalue()) == "the photo has more than 25 megapixels"


CONTACT = Contact(
    name="Dana Smith-Ortiz, Jr.",
    aliases=("Dee",),
    emails=("dana.smith@acme.example", "dana@home.example"),
    organization="Acme; Sons",
    title="VP\\Ops",
    telephones=("+1 555 0100",),
    timezone="America/New_York",
    birthday="03-26",  # type: ignore[arg-type]  # as it is written
)


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_what_is_written_is_read_back(version: str) -> None:
    """By our own reader: the same person."""
    (person,) = read(vcard_text(CONTACT, version=version, photo=picture(300, 200)))
    assert isinstance(person, Incoming)
    assert not person.remarks
    assert person.photo == picture(300, 200)
    for name in ("name", "emails", "aliases", "organization", "title", "telephones", "timezone"):
        assert getattr(person, name) == getattr(CONTACT, name)
    assert person.birthday == CONTACT.birthday


def test_what_is_written_is_read_by_another_program() -> None:
    """By the vobject library, and no line is longer than 75 bytes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import vobject
    text = vcard_text(CONTACT, version="3.0")
    made = vobject.readOne(text)
    assert made.fn.value == CONTACT.name
    assert [e.value for e in made.contents["email"]] == list(CONTACT.emails)
    assert made.org.value == ["Acme; Sons"]
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@settings(max_examples=80, deadline=None)
@given(content=st.binary(max_size=300))
def test_any_bytes_between_begin_and_end_are_read_or_refused(content: bytes) -> None:
    """No card raises."""
    read(b"BEGIN:VCARD\r\nFN:X\r\n" + content + b"\r\nEND:VCARD\r\n")


@settings(max_examples=60, deadline=None)
@given(name=st.text(min_size=1, max_size=40), organization=st.text(max_size=30))
def test_any_name_is_kept_through_a_card(name: str, organization: str) -> None:
    """But for controls and doubled spaces, which no contact file holds."""
    name = one_line(name)
    if not name:
        return
    organization = one_line(organization)
    contact = Contact(name=name, organization=organization or None)
    (person,) = read(vcard_text(contact, version="4.0"))
    assert isinstance(person, Incoming)
    assert (person.name, person.organization or "") == (name, organization)


def test_a_file_of_many_cards_is_read_one_at_a_time(tmp_path: Path) -> None:
    """The reader gives each as it comes."""
    path = tmp_path / "many.vcf"
    path.write_text("".join(card(f"FN:Person {n}") for n in range(3000)))
    with path.open("rb") as stream:
        assert sum(isinstance(person, Incoming) for person in read_vcards(stream)) == 3000
