"""Shapes of tables, cards, notes, mails and files that people have, each read without a loss."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefgen.contacts.book import parse_contact
from briefgen.contacts.exchange.importers import files_in, read_people
from briefgen.contacts.exchange.mail import LeftOut, Letter, Message, Unread, read_message
from briefgen.contacts.exchange.person import Incoming, Item, Options, Place, Refused, Remark


def items(path: Path, content: str | bytes, name: str = "people.csv") -> list[Item]:
    """What is read from a file."""
    file = path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_people(files_in(file), Options()))


def people(found: list[Item]) -> Iterator[Incoming]:
    """The people among them."""
    return (one for one in found if isinstance(one, Incoming))


def only(path: Path, content: str | bytes, name: str = "people.csv") -> Incoming:
    """The one person of a file."""
    (one,) = people(items(path, content, name))
    return one


@pytest.mark.parametrize(
    "name",
    [
        "FN:Smith\\, Dana",
        'FN:"Dana Smith"',
        "FN:dana@acme.example\nN:Smith;Dana;;;",
        "FN:Smith\\, Dana\nN:Smith;Dana;;;",
    ],
)
def test_the_name_of_a_card_however_it_is_written(tmp_path: Path, name: str) -> None:
    """Turned round, in quotes, or an address beside the parts of a name."""
    card = f"BEGIN:VCARD\nVERSION:3.0\n{name}\nEMAIL:dana@acme.example\nEND:VCARD\n"
    assert only(tmp_path, card, "a.vcf").name == "Dana Smith"


@pytest.mark.parametrize(
    "header",
    [
        "First name,Last name,Emails,Accounts",
        "first_name,last_name,primary_email,lead_name",
        "PRENOM,NOM,MAIL,SOCIETE",
        "first name,last name,emails,org",
    ],
)
def test_columns_of_further_makers(tmp_path: Path, header: str) -> None:
    """Freshsales, Close and Clay, and French without accents."""
    dana = only(tmp_path, f"{header}\nDana,Smith,dana@acme.example,Acme\n")
    assert (dana.name, dana.organization) == ("Dana Smith", "Acme")
    assert dana.emails == ("dana@acme.example",)


GOOGLE = (
    "First Name,Last Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n"
    "Ada,Okafor,* Mobile,+44 7700 900111,Ferry cabin,+44 1904 555011\n"
)


@pytest.mark.parametrize(
    ("table", "custom"),
    [
        (GOOGLE, {"Mobile": "+44 7700 900111", "Ferry cabin": "+44 1904 555011"}),
        ("Name,Mobile Phone,Home Phone\nAda,+44 1,+44 2\n",
         {"Mobile Phone": "+44 1", "Home Phone": "+44 2"}),
        ("Name,Phone,Handy\nAda,+44 1,+44 2\n", {"Handy": "+44 2"}),
        ("Name;Telefon\nAda;Mobil: +49 170 1234567, Büro: +49 40 123456\n",
         {"Mobil": "+49 170 1234567", "Büro": "+49 40 123456"}),
        ("Name;Telefon\nAda;0170/111 (mobil) / 040 222 (Büro)\n",
         {"mobil": "0170/111", "Büro": "040 222"}),
        ("Name,Phone 1 - Type,Phone 1 - Value\nAda,Boat,+44 1\n", {"Boat": "+44 1"}),
        ("Name,Mobile Phone\nAda,+44 1\n", {}),
        ('first_name,phone_numbers\nAda,"+44190,+44770"\n', {}),
        ("Name,Phone\nAda,ask Kim\n", {"Phone": "ask Kim"}),
    ],
    ids=["google", "outlook", "plain and handy", "labels before", "labels in brackets", "own label",
         "a lone number", "several in a cell", "no number"],
)  # fmt: skip
def test_numbers_keep_what_tells_them_apart(
    tmp_path: Path, table: str, custom: dict[str, str]
) -> None:
    """Several numbers keep their labels under `custom`; a lone one only your own label."""
    ada = only(tmp_path, table)
    assert dict(ada.custom) == custom
    assert all(number in ada.telephones for number in custom.values() if "+" in number)


def test_a_column_of_labels_is_not_called_lost(tmp_path: Path) -> None:
    """The plan says that labels of numbers go where their numbers do."""
    found = items(tmp_path, GOOGLE)
    fields = {one.source: one.field for one in found if isinstance(one, Place)}
    assert fields["Phone 1 - Label"] == "telephones"


def test_cells_that_say_nothing_are_empty(tmp_path: Path) -> None:
    """A dash or n/a is no number, no address and no remark."""
    ada = only(tmp_path, "Name,Email,Phone,Company\nAda Okafor,n/a,-,#N/A\n")
    assert (ada.emails, ada.telephones, ada.organization, ada.remarks) == ((), (), None, ())


def test_lists_in_json_are_lists(tmp_path: Path) -> None:
    """Clay and others write several values of one cell as an array of JSON."""
    cells = '"[""ada@acme.example"", ""a@home.example""]","[""+441904555010""]"'
    ada = only(tmp_path, f"displayName,emailAddresses,phoneNumbers\nAda Okafor,{cells}\n")
    assert ada.emails == ("ada@acme.example", "a@home.example")
    assert ada.telephones == ("+441904555010",)


def test_cells_of_html_are_text(tmp_path: Path) -> None:
    """What a CRM exports as HTML is read as it looked; an address in angles is no tag."""
    link = '"<a href=""mailto:a@acme.example"">a@acme.example</a>"'
    cells = f"{link},<p>likes <b>tea</b><br>A &amp; B</p>"
    ada = only(tmp_path, f"Name,Email,Notes\nAda Okafor,{cells}\n")
    assert (ada.emails, ada.notes) == (("a@acme.example",), "likes tea\nA & B")
    bea = only(tmp_path, "Name,Email\nBea,Bea <B.Two@acme.example>;\n")
    assert bea.emails == ("b.two@acme.example",)


def test_headers_with_punctuation_are_known(tmp_path: Path) -> None:
    """What stands around a header, or behind a slash in it, does not hide what it is."""
    table = "Name,BIRTHDAY!!,Company / Org.,Notes…\nAda Okafor,1985-03-26,Acme,tea\n"
    ada = only(tmp_path, table)
    assert (str(ada.birthday), ada.organization, ada.notes) == ("1985-03-26", "Acme", "tea")


@pytest.mark.parametrize(
    ("header", "cells", "birthday"),
    [
        ("birthday_month,birthday_day,birthday_year", "3,26,1985", "1985-03-26"),
        ("Geb.-Datum", "26.03.1985", "1985-03-26"),
        ("Birthday", "Mar 1985", "1985-03"),
        ("Birthday", "März 1985", "1985-03"),
    ],
)
def test_more_birthdays(tmp_path: Path, header: str, cells: str, birthday: str) -> None:
    """Dex has three columns, Germans a hyphen, and some know the month alone."""
    ada = only(tmp_path, f"Name,{header}\nAda Okafor,{cells}\n")
    assert str(ada.birthday) == birthday


def test_linked_records_are_several(tmp_path: Path) -> None:
    """Airtable puts no space after the comma between records; a company's own comma stays."""
    table = 'Name,Company\nAda Okafor,"Acme,Beta Works"\nLee Wong,"Acme, Ltd."\nKim,"Acme,Inc."\n'
    ada, lee, kim = people(items(tmp_path, table))
    assert (ada.organization, dict(ada.custom)) == ("Acme", {"Company": "Beta Works"})
    assert (lee.organization, kim.organization) == ("Acme, Ltd.", "Acme,Inc.")


TWO_ADDRESSES = ",".join(
    f"Address {number} - {part}" for number in (1, 2) for part in ("Label", "Street", "City")
)


@pytest.mark.parametrize(
    ("header", "cells", "kept"),
    [
        ("Name,Middle Name", "Ada Okafor,Quill", {"Middle Name": "Quill"}),
        ("Name,Suffix", "Ada Okafor,Jr.", {"Suffix": "Jr."}),
        ("First Name,Given Name,Last Name", "Ada,Addie,Okafor", {"Given Name": "Addie"}),
        ("Name,Birthday,Birth date", "Ada Okafor,1985-03-26,1985-03-27",
         {"Birth date": "1985-03-27"}),
        ("Name,Language,Preferred language", "Ada Okafor,de,en", {"Preferred language": "en"}),
        ("Name,Address,Address", "Ada Okafor,12 Quay,3 Pier", {"Address (Address)": "3 Pier"}),
        ("Name,Address 1 - Label,Address 1 - Formatted,Address 2 - Label,Address 2 - Formatted",
         "Ada Okafor,Home,12 Quay,Home,3 Pier", {"Address (Home)": "3 Pier"}),
        (f"Name,{TWO_ADDRESSES}", "Ada Okafor,Home,12 Quay,York,Home,3 Pier,Leeds",
         {"Address (Home)": "3 Pier, Leeds"}),
    ],
    ids=["middle name", "suffix", "first names", "birthdays", "languages", "addresses",
         "one label", "one label of parts"],
)  # fmt: skip
def test_the_second_of_its_kind_is_kept(
    tmp_path: Path, header: str, cells: str, kept: dict[str, str]
) -> None:
    """What a person has one of, and the table has twice, is kept under its column's name."""
    assert dict(only(tmp_path, f"{header}\n{cells}\n").custom) == kept


def test_a_birthday_beside_its_year(tmp_path: Path) -> None:
    """A whole date beside a column of years is read, and not taken for a day of the month."""
    ada = only(tmp_path, "Name,Birth year,Birthday\nAda Okafor,1985,1985-03-26\n")
    assert str(ada.birthday) == "1985-03-26"


def test_degrees_after_the_last_name_are_no_name(tmp_path: Path) -> None:
    """LinkedIn's people write them there; they are kept beside the name."""
    jo = only(tmp_path, 'First Name,Last Name,Company\nJürgen,"Weiß, MBA",Acme\n')
    assert (jo.name, dict(jo.custom)) == ("Jürgen Weiß", {"Suffix": "MBA"})


def test_the_rule_of_a_markdown_table_is_nobody(tmp_path: Path) -> None:
    """A row of dashes is passed over."""
    table = "|Name|Email|\n|---|:-:|\n|Ada Okafor|ada@acme.example|\n"
    assert only(tmp_path, table).name == "Ada Okafor"


def test_cells_in_single_quotes(tmp_path: Path) -> None:
    """Some programs quote with apostrophes."""
    ada, lee = people(items(tmp_path, "'Name','Email'\n'Ada','a@b.example'\n'Lee','l@b.example'\n"))
    assert (ada.name, lee.emails) == ("Ada", ("l@b.example",))


def test_hidden_signs_are_left_out_of_notes(tmp_path: Path) -> None:
    """A sign that turns the writing round reaches no note."""
    assert only(tmp_path, "Name,Notes\nAda Okafor,a\u202eb\n").notes == "ab"


CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Ada Okafor\n{}\nEND:VCARD\n"


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("ADR:;;12 Quay\\nPier 3;York;;YO1;UK", "address", "12 Quay, Pier 3, YO1 York, UK"),
        ("item1.ADR:;;12 Quay;York;;YO1;\nitem1.X-ABLabel:Warehouse", "custom",
         (("Warehouse", "12 Quay, YO1 York"),)),
        ("SOCIALPROFILE;SERVICE-TYPE=Mastodon:https://m.example/@ada", "links",
         (("Mastodon", "https://m.example/@ada"),)),
    ],
    ids=["lines of a street", "an own label of an address", "a profile's service"],
)  # fmt: skip
def test_labels_and_lines_of_cards(tmp_path: Path, line: str, field: str, value: object) -> None:
    """What a card says of an address or a profile besides its text is kept."""
    assert getattr(only(tmp_path, CARD.format(line), "a.vcf"), field) == value


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        ("N:Okafor;Adaeze;;;", "aliases", ("Adaeze Okafor",)),
        ("N:Okafor;Ada;;;\nN:岡;愛;;;", "aliases", ("岡 愛",)),
        ("BDAY:1985-03-26\nBDAY:1985-03-27", "custom", (("Other birthday", "1985-03-27"),)),
        ("TZ:Europe/Berlin\nTZ:Europe/Rome", "custom", (("Other timezone", "Europe/Rome"),)),
        ("PRONOUNS:she/her\nPRONOUNS:they", "custom", (("Other pronouns", "they"),)),
        ("LANG:de\nLANG:en", "custom", (("Other language", "en"),)),
        ("LANG:German", "custom", (("Language", "German"),)),
    ],
)
def test_the_second_of_its_kind_in_a_card(
    tmp_path: Path, lines: str, field: str, value: object
) -> None:
    """Another form of the name is an alias; what else a card says twice is kept under `custom`."""
    ada = only(tmp_path, CARD.format(lines), "a.vcf")
    assert (ada.name, getattr(ada, field)) == ("Ada Okafor", value)


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("---\nname: Broken: Person\nemail: b@acme.example\n---\n", (Refused, 2)),
        ("---\nname: Tab\n\temail: b@acme.example\n---\n", (Refused, 3)),
        ("---\nname: No End\nemail: n@acme.example\n\ntext\n", (Refused, 1)),
        ('---\nname: "{{title}}"\nemail: x@acme.example\n---\n', (Remark, 0)),
    ],
    ids=["a colon", "a tab", "no end", "a template"],
)
def test_notes_that_cannot_be_taken(
    tmp_path: Path, note: str, expected: tuple[type[Item], int]
) -> None:
    """Each is named with the line of its fault; a template is nobody."""
    (one,) = items(tmp_path, note, "note.md")
    assert (type(one), getattr(one, "line", 0)) == expected


HEADERS = b"From: Ada <ada@acme.example>\nTo: robin@keller.example\n"


def letter(more: bytes) -> Message | Unread | LeftOut:
    """What these headers say."""
    return read_message(Letter(file="a", line=1, headers=HEADERS + more))


@pytest.mark.parametrize(
    ("word", "subject"),
    [
        (b"=?cp-850?q?M=81nchen?=", "München"),
        (b"=?windows-874?q?=CA=C7?=", "\u0e2a\u0e27"),
        (b"=?iso-8859-8-i?q?=F9=EC=E5=ED?=", "\u05e9\u05dc\u05d5\u05dd"),
        (b"=?x-cp1251?q?=CC=E8=F0?=", "\u041c\u0438\u0440"),
        (b'=?"iso-8859-2"?q?=A3=F3d=BC?=', "\u0141\u00f3d\u017a"),
    ],
)
def test_charsets_by_names_of_their_makers(word: bytes, subject: str) -> None:
    """Mail programs name code pages in ways that Python does not know."""
    found = letter(b"Date: Mon, 2 Nov 2026 10:00:00 +0100\nSubject: " + word)
    assert isinstance(found, Message)
    assert found.subject == subject


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("Thu, 1 Jan 1970 00:00:00 +0000", "2026-11-02"),
        ("Mon, 2 Nov 2099 10:00:00 +0100", "2026-11-02"),
        ("Mo, 2 Okt 2026 10:00:00 +0200", "2026-10-02"),
        ("lun., 2 févr. 2026 10:00:00 +0100", "2026-02-02"),
        ("Mon, 2 Nov 2026 23:50:00 -0800", "2026-11-02"),
    ],
    ids=["no clock", "years ahead", "german", "french", "another zone"],
)
def test_dates_that_cannot_be_right(date: str, day: str) -> None:
    """A clock that was never set, or is far ahead, gives way to when the letter came."""
    found = letter(f"Date: {date}\nReceived: by x; Mon, 2 Nov 2026 10:00:00 +0100".encode())
    assert isinstance(found, Message)
    assert found.day.isoformat() == day


def test_a_space_that_is_none_is_told_with_its_line() -> None:
    """A no-break space after a colon is no space to YAML, and looks like one to everyone."""
    content = "emails: [a@b.example]\nname:\u00a0Ada\ntitle: VP\n".encode()
    _, (problem,) = parse_contact(content, "data/contacts/ada.yaml")
    assert (problem.line, "a space is missing after the colon" in problem.message) == (2, True)


def test_an_invisible_character_is_shown() -> None:
    """A field that only looks right says what is in its name."""
    _, problems = parse_contact("\u200bname: Ada\n".encode(), "data/contacts/ada.yaml")
    told = [problem.message for problem in problems]
    assert r"there is an invisible character in '\u200bname'; delete it" in told
