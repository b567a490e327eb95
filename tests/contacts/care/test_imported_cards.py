"""An import of vCards loses nothing in silence, and takes nobody for someone else.

The cards are in the shapes of their makers; their people do not exist.
"""

import base64
import errno
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from PIL import Image, TiffImagePlugin
from whole_book import read_book

from briefgen.contacts.pictures import MOST_SCANS, small_picture
from briefgen.workspace import atomic
from briefgen.workspace.folder import Workspace

Command = Callable[..., Result]
Take = Callable[..., dict[str, Any]]


@pytest.fixture
def take(home: Workspace, command: Command, tmp_path: Path) -> Take:
    """Import cards; what was said in text is under `said`, the contacts by their names."""

    def run(cards: str | bytes, *options: str) -> dict[str, Any]:
        path = tmp_path / "people.vcf"
        path.write_bytes(cards.encode() if isinstance(cards, str) else cards)
        said = command("contacts", "import", str(path), "--dry-run", *options).stdout
        done = command("contacts", "import", str(path), "--json", *options)
        book, problems = read_book(home)
        assert not problems
        return {
            **json.loads(done.stdout),
            "said": said,
            "status": done.exit_code,
            "contacts": {file.contact.name: file.contact for file in book},
            "files": {file.stem: file.contact for file in book},
            "organizations": {o.organization.name: o.organization for o in book.organizations},
        }

    return run


def card(*lines: str, version: str = "3.0", name: str = "Ada Okafor") -> str:
    """A card with these lines."""
    named = [f"FN:{name}"] if name else []
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *named, *lines, "END:VCARD", ""])


def one(take: Take, *lines: str, version: str = "3.0") -> Any:  # noqa: ANN401  # a contact
    """The contact that a card with these lines becomes."""
    return take(card(*lines, version=version))["contacts"]["Ada Okafor"]


# Who is who.


def test_two_people_of_one_name_are_two(take: Take) -> None:
    """Of other organizations and numbers; a second import changes nothing."""
    cards = card("ORG:Acme", "TEL:+15550100") + card(
        "ORG:Other Co", "TEL:+15550200", "NOTE:plays golf"
    )
    done = take(cards)
    first, second = done["files"]["ada-okafor"], done["files"]["ada-okafor-2"]
    assert (first.organization, first.telephones, first.notes) == ("Acme", ("+15550100",), None)
    assert (second.organization, second.telephones) == ("Other Co", ("+15550200",))
    assert second.notes == "plays golf"
    assert [p["action"] for p in take(cards)["people"]] == ["unchanged"] * 2


def test_two_people_who_share_an_address_are_two(take: Take) -> None:
    """The second one's facts are in their own file; the address left out is reported."""
    cards = card("EMAIL:office@acme.example", "TITLE:VP", "NOTE:Prefers letters") + card(
        "EMAIL:office@acme.example", "TITLE:MD", "BDAY:1951-02-01", name="Tomas Brandt"
    )
    done = take(cards)
    ada, tomas = done["contacts"]["Ada Okafor"], done["contacts"]["Tomas Brandt"]
    assert (ada.title, ada.birthday, ada.emails) == ("VP", None, ("office@acme.example",))
    assert (tomas.title, str(tomas.birthday), tomas.emails) == ("MD", "1951-02-01", ())
    assert "office@acme.example is left out" in done["people"][1]["remarks"][0]
    assert [p["action"] for p in take(cards)["people"]] == ["unchanged"] * 2


def test_a_couple_at_the_address_of_somebody_on_file_stays_apart(
    take: Take, home: Workspace
) -> None:
    """Nothing of the second person gets into the first one's file."""
    text = "name: Ada Okafor\nemails: [home@okafor.example]\n"
    (home.contacts / "ada.yaml").write_text(text)
    done = take(card("EMAIL:home@okafor.example", "TEL:222", name="Tomas Okafor"))
    assert (home.contacts / "ada.yaml").read_text() == text
    assert done["contacts"]["Tomas Okafor"].telephones == ("222",)
    assert "ada.yaml" in done["people"][0]["remarks"][0]


def test_a_nickname_in_common_makes_nobody_one(take: Take) -> None:
    """Two Mos are two people."""
    done = take(card("NICKNAME:Mo", "TEL:111", name="Mara Quill")
                + card("NICKNAME:Mo", "TEL:222", name="Moritz Vonk"))  # fmt: skip
    assert done["contacts"]["Mara Quill"].telephones == ("111",)
    assert done["contacts"]["Moritz Vonk"].telephones == ("222",)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["EMAIL:a@acme.example", "TITLE:VP"], ["EMAIL:a@acme.example", "TEL:1"]),
        (["TEL:+1 (555) 0100"], ["TEL:001-555-0100", "TITLE:VP"]),
        (["ORG:Acme", "TEL:1"], ["ORG:Acme Inc.", "TEL:2"]),
        (["BDAY:19800102", "TEL:1"], ["BDAY:1980-01-02", "TITLE:VP"]),
        (["TEL:1", "TITLE:VP", "NOTE:one"], ["TITLE:VP", "NOTE:one"]),
    ],
    ids=["address", "number", "organization", "birthday", "nothing-new"],
)
def test_two_cards_of_one_person_are_one_file(
    take: Take, first: list[str], second: list[str]
) -> None:
    """Where something besides the name speaks for it, or the second one adds nothing."""
    assert list(take(card(*first) + card(*second))["files"]) == ["ada-okafor"]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (["TEL:1"], ["TEL:2"], "other telephone numbers"),
        (["EMAIL:a@acme.example"], ["EMAIL:b@b.example"], "no address in common"),
        (["EMAIL:a@acme.example"], ["TEL:1"], "nothing in common except the name"),
    ],
)
def test_who_could_be_one_or_two_is_left_to_the_user(
    take: Take, first: list[str], second: list[str], reason: str
) -> None:
    """With everything that is therefore not taken."""
    done = take(card(*first) + card(*second, "TITLE:VP", "NOTE:likes tea"))
    assert [p["action"] for p in done["people"]] == ["new", "doubtful"]
    remark = done["people"][1]["remarks"][0]
    assert reason in remark
    field = "emails" if "EMAIL" in second[0] else "telephones"
    assert set(remark.partition("not taken: ")[2].split(", ")) == {"name", "title", field, "notes"}
    assert done["status"] == 3


def test_a_name_that_is_anothers_nickname_is_not_that_person(take: Take) -> None:
    """At one address it is; without one it is doubtful, and its note stays out of the file."""
    done = take(
        card("NICKNAME:Bob", "EMAIL:bob@x.example", name="Robert Miller")
        + card("EMAIL:bob@x.example", "TITLE:VP", name="Bob Miller")
        + card("TEL:3", "NOTE:the other Bob", name="Bob")
    )
    assert [p["action"] for p in done["people"]] == ["new", "doubtful"]
    robert = done["contacts"]["Robert Miller"]
    assert (robert.title, robert.notes, robert.telephones) == ("VP", None, ())


def test_parts_of_a_name_that_it_does_not_show_are_kept(take: Take) -> None:
    """A doctor's title, a second name; not what is in the name already."""
    assert one(take, "N:Okafor;Ada;Jane;Dr.;MBA").custom == {
        "Salutation": "Dr.", "Middle name": "Jane", "Suffix": "MBA",
    }  # fmt: skip
    done = take(card("N:Lund;Ben;;Dr.;", name="Dr. Ben Lund"))
    assert done["contacts"]["Dr. Ben Lund"].custom == {}


def test_another_birthday_is_another_person(take: Take) -> None:
    """Father and son have one name."""
    done = take(card("BDAY:1951-02-01") + card("BDAY:1980-02-01"))
    assert sorted(done["files"]) == ["ada-okafor", "ada-okafor-2"]


@pytest.mark.parametrize("name", ["A. Okafor", "Okafor, Ada", "Ada Okafor-Lund", "Ada"])
def test_a_short_form_of_the_name_at_one_address_is_the_same_person(
    take: Take, home: Workspace, name: str
) -> None:
    """What is replaced is reported."""
    (home.contacts / "ada.yaml").write_text("name: Ada Okafor\nemails: [a@acme.example]\n")
    done = take(card("EMAIL:a@acme.example", "TITLE:VP", name=name))
    assert list(done["files"]) == ["ada"]
    assert done["files"]["ada"].title == "VP"


def test_one_who_may_have_married_is_doubtful(take: Take, home: Workspace) -> None:
    """One address, one given name, another family name."""
    (home.contacts / "ada.yaml").write_text("name: Ada Okafor\nemails: [a@acme.example]\n")
    done = take(card("EMAIL:a@acme.example", "TITLE:VP", name="Ada Lund"))
    assert [p["action"] for p in done["people"]] == ["doubtful"]
    assert "perhaps ada.yaml" in done["people"][0]["remarks"][0]


def test_what_a_second_card_says_differently_is_named(take: Take) -> None:
    """Its notes are kept beside the first one's."""
    done = take(card("EMAIL:a@acme.example", "TITLE:VP", "NOTE:one")
                + card("EMAIL:a@acme.example", "TITLE:CEO", "NOTE:two"))  # fmt: skip
    ada = done["contacts"]["Ada Okafor"]
    assert (ada.title, ada.notes) == ("VP", "one\n\ntwo")
    assert any("title 'CEO'" in remark for remark in done["people"][0]["remarks"])


# What properties mean.


def test_each_property_that_says_something_has_a_place_in_the_plan(take: Take) -> None:
    """What speaks of the card alone needs none."""
    done = take(card("UID:1", "REV:2026", "GENDER:F", "X-FAVOURITE-COLOUR:teal", "TITLE:VP"))
    assert {p["column"]: p["field"] for p in done["columns"]} == {
        "FN": "name", "GENDER": None, "X-FAVOURITE-COLOUR": None, "TITLE": "title",
    }  # fmt: skip
    assert "columns not taken: GENDER, X-FAVOURITE-COLOUR" in done["said"]


def test_apples_labels_relations_profiles_and_tags_are_kept(take: Take) -> None:
    """In the fields there are for them."""
    ada = one(
        take,
        "ORG:Acme;Buying;Lighting", "ROLE:Negotiator", "TITLE:VP",
        "item1.ADR;type=WORK;type=pref:;;12 Harbor St;Boston;MA;02110;United States",
        "item1.X-ABADR:us",
        "item2.X-ABRELATEDNAMES;type=pref:Maya", "item2.X-ABLabel:_$!<Daughter>!$_",
        "item3.URL;type=pref:https://ada.example", "item3.X-ABLabel:_$!<HomePage>!$_",
        "X-SOCIALPROFILE;type=linkedin:http://www.linkedin.com/in/ada-example",
        "IMPP;X-SERVICE-TYPE=Skype;type=pref:skype:adaq", "CATEGORIES:Customers,VIP",
    )  # fmt: skip
    assert (ada.organization, ada.title, ada.country) == ("Acme", "VP", "US")
    assert ada.address == "12 Harbor St, 02110 Boston, MA, United States"
    assert [(link.label, link.url) for link in ada.links] == [
        ("HomePage", "https://ada.example"), ("LinkedIn", "http://www.linkedin.com/in/ada-example"),
    ]  # fmt: skip
    assert ada.tags == ("Customers", "VIP")
    assert ada.custom == {
        "Department": "Buying, Lighting", "Role": "Negotiator", "Daughter": "Maya", "Skype": "adaq",
    }  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["X-MS-ANNIVERSARY:20110603", "X-EVOLUTION-ANNIVERSARY:2011-06-03", "ANNIVERSARY:20110603",
     "X-KADDRESSBOOK-X-Anniversary:2011-06-03", "X-ANNIVERSARY:2011-06-03",
     "X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2011-06-03;1;;;;;;;;;;;;;"],
)  # fmt: skip
def test_the_anniversaries_of_all_vendors_count(take: Take, line: str) -> None:
    """As life events."""
    ada = one(take, line)
    assert [(str(e.date), e.note) for e in ada.life_events] == [("2011-06-03", "anniversary")]


@pytest.mark.parametrize(
    ("line", "label"),
    [("X-SPOUSE:Tom", "Spouse"), ("X-EVOLUTION-SPOUSE:Tom", "Spouse"),
     ("X-KADDRESSBOOK-X-SpousesName:Tom", "Spouse"), ("X-MS-MANAGER:Tom", "Manager"),
     ("X-EVOLUTION-ASSISTANT:Tom", "Assistant"), ("X-SKYPE-USERNAME:Tom", "Skype"),
     ("RELATED;TYPE=friend;VALUE=text:Tom", "Friend")],
)  # fmt: skip
def test_relations_and_messengers_of_all_vendors_are_kept(
    take: Take, line: str, label: str
) -> None:
    """Under a label."""
    assert one(take, line).custom == {label: "Tom"}


@pytest.mark.parametrize(
    ("lines", "label"),
    [(["TEL;TYPE=WORK,FAX:+44 20 9"], "Fax"), (["TEL;PAGER:+44 20 9"], "Pager"),
     (["item1.TEL:+44 20 9", "item1.X-ABLabel:Assistant"], "Assistant's telephone"),
     (["item1.TEL:+44 20 9", "item1.X-ABLabel:_$!<HomeFAX>!$_"], "Fax")],
)  # fmt: skip
def test_fax_pager_and_the_assistants_number_are_no_telephones(
    take: Take, lines: list[str], label: str
) -> None:
    """They are kept under their label, and never printed first."""
    ada = one(take, *lines, "TEL;TYPE=CELL:+44 77 1")
    assert (ada.telephones, ada.custom) == (("+44 77 1",), {label: "+44 20 9"})


@pytest.mark.parametrize(
    ("line", "number"),
    [("TEL;VALUE=uri;PREF=1:tel:+44-20-5550-0101;ext=12", "+44-20-5550-0101 ext. 12"),
     ("TEL:tel:+44%2D7700", "+44-7700"), ("TEL:TEL:+44 1", "+44 1")],
)  # fmt: skip
def test_a_telephone_address_keeps_its_extension(take: Take, line: str, number: str) -> None:
    """RFC 3966."""
    assert one(take, line, version="4.0").telephones == (number,)


@pytest.mark.parametrize(
    ("written", "birthday"),
    [("1604-11-08", "11-08"), ("16041108", "11-08"), ("0000-11-08", "11-08"),
     ("1979/11/08", "1979-11-08"), ("8.11.79", "1979-11-08"), ("November 8\\, 1979", "1979-11-08"),
     ("8 Nov 1979", "1979-11-08"), ("19850411T230000Z", "1985-04-11")],
)  # fmt: skip
def test_a_year_that_stands_for_none_is_none(take: Take, written: str, birthday: str) -> None:
    """1604 also without Apple's parameter; dates in words and with two digits are read."""
    assert str(one(take, f"BDAY:{written}").birthday) == birthday


@pytest.mark.parametrize(
    ("line", "emails"),
    [("EMAIL:Ada Okafor <ada@acme.example>", ("ada@acme.example",)),
     ("EMAIL:a@acme.example\\,b@acme.example", ("a@acme.example", "b@acme.example")),
     ("EMAIL:a@acme.example; b@acme.example", ("a@acme.example", "b@acme.example")),
     ("EMAIL:mailto:a@acme.example", ("a@acme.example",)),
     ("EMAIL ;TYPE=work : a@acme.example", ("a@acme.example",)),
     ("item_2.x.EMAIL:a@acme.example", ("a@acme.example",))],
)  # fmt: skip
def test_an_address_is_found_whatever_stands_around_it(
    take: Take, line: str, emails: tuple[str, ...]
) -> None:
    """Names, several in one, spaces and groups."""
    assert one(take, line).emails == emails


def test_names_in_several_scripts_are_one_name_and_its_aliases(take: Take) -> None:
    """ALTID; a second FN; a name in parts alone."""
    done = take(
        card("FN;ALTID=1;LANGUAGE=jp:山本 太郎", "FN;ALTID=1;LANGUAGE=en:Taro Yamamoto",
             version="4.0", name="")
        + card("N:山田;花子;;;", name="")
        + card("N:Quill;Mara;Jane,Ann;Dr.;Jr.", name="")
    )  # fmt: skip
    assert done["contacts"]["山本 太郎"].aliases == ("Taro Yamamoto",)
    assert "山田 花子" in done["contacts"]
    assert done["contacts"]["Mara Jane Ann Quill Jr."].custom == {"Salutation": "Dr."}


def test_an_assistants_card_inside_is_named_and_not_taken_for_the_person(take: Take) -> None:
    """VCard 2.1; what comes after it is still Ada's."""
    inner = "AGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nFN:Tom Roe\r\nTEL:2\r\nEND:VCARD"
    done = take(card("TEL:1", inner, "ORG:Acme", version="2.1"))
    assert list(done["contacts"]) == ["Ada Okafor"]
    ada = done["contacts"]["Ada Okafor"]
    assert (ada.telephones, ada.organization) == (("1",), "Acme")
    assert ada.custom == {"Assistant": "Tom Roe"}
    assert "the card of Tom Roe stands inside this one" in done["said"]


@pytest.mark.parametrize("mark", ["KIND:org", "X-ABShowAs:COMPANY", "N:;;;;", "N:Acme GmbH;;;;"])
def test_a_companys_card_makes_an_organization_file(take: Take, mark: str) -> None:
    """And no person."""
    done = take(card(mark, "ORG:Acme GmbH;", "EMAIL:desk@acme.example", name="Acme GmbH"))
    assert done["contacts"] == {}
    assert done["organizations"]["Acme GmbH"].domains == ("acme.example",)
    assert done["people"][0]["file"] == "data/organizations/acme-gmbh.yaml"


def test_somebody_who_named_a_company_after_himself_is_a_person(take: Take) -> None:
    """His card has a given name."""
    done = take(card("N:Lund;Ben;;;", "ORG:Ben Lund", name="Ben Lund"))
    assert done["contacts"]["Ben Lund"].organization == "Ben Lund"


@pytest.mark.parametrize(
    ("lines", "whose"),
    [(["EMAIL:a@acme.example"], "a@acme.example"), (["N:;;;;", "ORG:Acme"], "Acme"),
     (["TEL:+44 1"], "+44 1")],
)  # fmt: skip
def test_a_refusal_says_whose_card_it_is(take: Take, lines: list[str], whose: str) -> None:
    """By whatever it has."""
    done = take(card(*lines, name=""))
    assert done["people"][0]["remarks"] == [f"no name (FN or N) for {whose}"]


# How they are written.


def test_a_fold_of_version_2_keeps_its_space_and_one_of_version_3_does_not(take: Take) -> None:
    """RFC 822, 3.1.1; RFC 6350, 3.2."""
    old = one(take, "ORG:Harbor Freight and", " Logistics", version="2.1")
    assert old.organization == "Harbor Freight and Logistics"


@pytest.mark.parametrize(
    ("lines", "notes"),
    [
        (["NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=", " =D0=BD"], "Иван"),
        (["NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0", " =BD"], "Иван"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:one =", "two=0D=0Athree=", ""], "one two\nthree"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:a=3Bb"], "a;b"),
    ],
)
def test_quoted_printable_is_read_whatever_folds_it(
    take: Take, lines: list[str], notes: str
) -> None:
    """Soft breaks, the space of a fold even inside one character, encoded semicolons."""
    assert one(take, *lines, version="2.1").notes == notes


def test_an_encoded_semicolon_is_no_border(take: Take) -> None:
    """`=3B` belongs to the name."""
    done = take(card("ORG;ENCODING=QUOTED-PRINTABLE:Smith=3B Sons;Buying", version="2.1"))
    ada = done["contacts"]["Ada Okafor"]
    assert (ada.organization, ada.custom) == ("Smith; Sons", {"Department": "Buying"})


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_is_read_without_a_mark_too(take: Take, codec: str) -> None:
    """Also a file larger than what is looked at."""
    more = "".join(card(f"TEL:{n}", name=f"Zoë Nr{n}") for n in range(1200))
    done = take((card("TEL:1", name="Zoë Müller") + more).encode(codec))
    assert len(done["contacts"]) == 1201
    assert "Zoë Müller" in done["contacts"]


@pytest.mark.parametrize(("codec", "name"), [("cp1251", "Мария Иванова"), ("cp932", "山本 太郎")])
def test_an_undeclared_charset_is_told_and_a_declared_one_is_believed(
    take: Take, codec: str, name: str
) -> None:
    """Said once for the file, and not where every card says what it is."""
    plain = card("TEL:1", name="").replace("TEL", "FN:@\r\nTEL").encode().replace(
        b"@", name.encode(codec)
    )  # fmt: skip
    done = take(plain)
    assert name in done["contacts"]
    assert done["said"].count("a guess by its letters") == 1
    declared = plain.replace(b"FN:", f"FN;CHARSET={codec}:".encode())
    assert "guess" not in take(declared)["said"]


def test_doubled_carriage_returns_are_ends_of_lines(take: Take) -> None:
    """As a file looks that was written as text twice."""
    done = take(card("TITLE:VP", "EMAIL:a@acme.example").replace("\r\n", "\r\r\n"))
    ada = done["contacts"]["Ada Okafor"]
    assert (ada.title, ada.emails) == ("VP", ("a@acme.example",))


def test_long_notes_are_kept_or_their_cut_is_said(take: Take) -> None:
    """30,000 characters are kept; half a million are not, and that is reported."""
    done = take(card(f"NOTE:{'abcd ' * 6000}"))
    assert len(done["contacts"]["Ada Okafor"].notes) == 29_999
    said = take(card(f"NOTE:{'abcd ' * 48_000}", name="Ben Lund"))["said"]
    assert "the notes are cut after" in said


# Pictures.


def with_photo(data: bytes) -> str:
    """A card with this picture in it."""
    return card(f"PHOTO;ENCODING=b;TYPE=JPEG:{base64.b64encode(data).decode()}", "TITLE:VP")


def jpeg_of_many_scans() -> bytes:
    """A progressive JPEG with thousands of empty scans in it."""
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "JPEG", progressive=True)
    data = made.getvalue()
    at = data.rindex(b"\xff\xda")
    return data[:at] + b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00" * 5000 + data[at:]


def broken_tiff() -> bytes:
    """A TIFF whose strips begin at a fraction of a byte, at which Pillow stumbles."""
    made = io.BytesIO()
    info = TiffImagePlugin.ImageFileDirectory_v2()
    Image.new("RGB", (8, 8)).save(made, "TIFF", tiffinfo=info)
    data = bytearray(made.getvalue())
    at = data.find(b"\x11\x01")  # StripOffsets, whose type becomes FLOAT
    data[at + 2 : at + 4] = b"\x0b\x00"
    return bytes(data)


@pytest.mark.parametrize(
    "picture", [jpeg_of_many_scans(), broken_tiff(), b"\xff\xd8\xff", b"II*\0"]
)
def test_a_hostile_photo_costs_only_itself(take: Take, picture: bytes) -> None:
    """In a moment; the person is taken, and the photo named."""
    done = take(with_photo(picture) + card("TEL:1", name="Ben Lund"))
    assert set(done["contacts"]) == {"Ada Okafor", "Ben Lund"}
    ada = done["contacts"]["Ada Okafor"]
    assert (ada.photo, ada.title) == (None, "VP")
    assert any("photo" in r or "picture" in r for r in done["people"][0]["remarks"])


def test_a_progressive_photo_of_ten_scans_is_taken() -> None:
    """As cameras and web pages make them."""
    made = io.BytesIO()
    Image.effect_noise((400, 300), 80).convert("RGB").save(made, "JPEG", progressive=True)
    assert 1 < made.getvalue().count(b"\xff\xda") <= MOST_SCANS
    assert isinstance(small_picture(made.getvalue()), bytes)


def test_an_import_of_thousands_shows_how_far_it_is(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading, preparing and writing are reported to a watcher."""
    from briefgen.contacts.exchange import importers, write

    seen: dict[str, int] = {}

    class Bar:
        def __init__(self, _: int, what: str) -> None:
            self.what = what

        def __enter__(self) -> Callable[[int], None]:
            return lambda done: seen.update({self.what: seen.get(self.what, 0) + done})

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(importers, "waiting", Bar)
    monkeypatch.setattr(write, "waiting", Bar)
    cards = "".join(card(f"TEL:{n}", "NOTE:" + "x" * 2000, name=f"Ada Nr{n}") for n in range(200))
    take(cards)
    assert seen["Reading people.vcf"] >= len(cards)
    assert seen["Preparing contacts"] >= 200
    assert seen["Writing contacts"] == 200


@pytest.mark.parametrize("call", ["rename", "sync"])
@pytest.mark.parametrize("name", ["ben-lund.yaml", "photos"])
def test_an_import_that_fails_half_way_leaves_nothing(
    take: Take, home: Workspace, monkeypatch: pytest.MonkeyPatch, call: str, name: str
) -> None:
    """Also where only the folder could not be synced, so that the file was there already."""
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "JPEG")
    photo = base64.b64encode(made.getvalue()).decode()
    cards = card("TEL:1") + card(f"PHOTO;ENCODING=b;TYPE=JPEG:{photo}", name="Ben Lund")
    rename, sync = os.replace, atomic.sync_folder
    there = set(home.contacts.rglob("*.*"))

    def is_meant(path: Path) -> bool:
        return name in str(path) or (call == "sync" and (path / name).is_file())

    def replace(source: Path, target: Path) -> None:
        if is_meant(Path(target)):
            raise OSError(errno.ENOSPC, "No space left on device")
        rename(source, target)

    def fail_to_sync(folder: Path) -> None:
        sync(folder)
        if is_meant(folder):
            raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace if call == "rename" else rename)
        patch.setattr(atomic, "sync_folder", fail_to_sync if call == "sync" else sync)
        done = take(cards)
    assert done["status"] == 1
    (problem,) = done["problems"]
    assert problem["message"].endswith("; nothing of this import is kept")
    assert ("cannot be written" in problem["message"]) == (call == "rename")
    assert set(home.contacts.rglob("*.*")) == there
    assert set(take(cards)["contacts"]) == {"Ada Okafor", "Ben Lund"}
