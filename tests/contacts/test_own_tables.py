"""Spreadsheets that people keep themselves, and shapes that only some programs write."""

from pathlib import Path

import pytest

from briefgen.contacts.exchange.importers import read_people
from briefgen.contacts.exchange.person import (
    Incoming,
    Item,
    NotOfPeople,
    Options,
    Place,
    Refused,
    Remark,
)
from briefgen.contacts.exchange.values import TwoDates, read_date

SHAPES = Path(__file__).parent / "shapes"


def read(name: str) -> list[Item]:
    """What is read of a file in `shapes/`."""
    return list(read_people([SHAPES / name], Options()))


def people(items: list[Item]) -> list[Incoming]:
    """The people and organizations among what was read."""
    return [item for item in items if isinstance(item, Incoming)]


def remarks(items: list[Item]) -> list[str]:
    """What is to be known of the file."""
    return [item.text for item in items if isinstance(item, Remark)]


def written(tmp_path: Path, text: str) -> list[Item]:
    """What is read of a table of this text."""
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    return list(read_people([path], Options()))


def test_a_title_over_the_header_of_a_spreadsheet() -> None:
    """Merged cells, a date and an empty row come before it; numbers and dates are read as such."""
    ada, ben = people(read("xlsx-title.xlsx"))
    assert (ada.name, ada.telephones, str(ada.birthday)) == (
        "Ada Okafor",
        ("441234567",),
        "1985-03-26",
    )
    assert (ben.organization, str(ben.birthday)) == ("Cole Ltd", "1979-12-01")


def test_every_sheet_with_people_is_read() -> None:
    """One without a header is named, and so is a hidden one, which is not read."""
    items = read("xlsx-two-sheets.xlsx")
    assert [person.name for person in people(items)] == ["Ada Okafor", "Sam Supply"]
    assert remarks(items) == ["sheet 'Read me' is not read: nobody in it"]
    items = read("xlsx-hidden-sheet.xlsx")
    assert [person.name for person in people(items)] == ["Ada Okafor"]
    assert remarks(items) == ["sheet 'old' is hidden and not read"]


def test_a_name_of_something_else_beside_first_and_last_name() -> None:
    """Under merged headers, "Name" may be the firm's: it makes nobody, and is kept."""
    (ada,) = people(read("xlsx-merged-header.xlsx"))
    assert ada.name == "Ada Okafor"
    assert dict(ada.custom) == {"Name": "Acme"}


def test_a_birthday_that_is_the_number_of_a_day() -> None:
    """A cell that lost its format says 31132, which is 26 March 1985."""
    juergen, eva = people(read("xlsx-serial-date.xlsx"))
    assert str(juergen.birthday) == str(eva.birthday) == "1985-03-26"
    assert juergen.address == "Weg 1, 01067 Dresden"


def test_a_table_that_runs_downwards(tmp_path: Path) -> None:
    """The names of the fields in the first column, and a person a column."""
    (ada,) = people(read("xlsx-vertical.xlsx"))
    assert (ada.name, ada.emails, ada.organization) == (
        "Ada Okafor",
        ("ada@acme.example",),
        "Acme",
    )
    text = "Name,Ada Okafor,Ben Cole\nEmail,a@x.example,b@x.example\nPhone,+44 1,+44 2\n"
    assert [p.telephones for p in people(written(tmp_path, text))] == [("+44 1",), ("+44 2",)]


def test_a_table_without_a_header(tmp_path: Path) -> None:
    """Where the first row has an address beside a name, each column is told by its content."""
    items = read("nohead.csv")
    assert [p.name for p in people(items)] == ["Ada Okafor", "Ben Cole"]
    assert all(item.is_guess for item in items if isinstance(item, Place) and item.field)
    with pytest.raises(NotOfPeople, match="no column is known"):
        written(tmp_path, "Acme,York\nNord,Köln\n")


def test_lone_cells_at_the_end_of_a_report() -> None:
    """What Salesforce writes under a report makes nobody, and nobody is refused."""
    items = read("salesforce-report.csv")
    assert [p.name for p in people(items)] == ["Ada Okafor"]
    assert not [item for item in items if isinstance(item, Refused)]
    assert len(remarks(items)) == 5


def test_lone_names_after_a_blank_row_are_people(tmp_path: Path) -> None:
    """A blank row alone ends no table."""
    items = written(tmp_path, "Name,Email\nAda Okafor,a@x.example\n,\nBen Cole,\n")
    assert [p.name for p in people(items)] == ["Ada Okafor", "Ben Cole"]


def test_odoo_writes_the_organization_before_the_name() -> None:
    """`Acme, Ada Okafor` is nobody called Acme."""
    (ada,) = people(read("odoo.csv"))
    assert (ada.name, ada.organization) == ("Ada Okafor", "Acme")


def test_parts_of_numbered_addresses() -> None:
    """Dynamics calls them `Address 1: City`."""
    (ada,) = people(read("dynamics.csv"))
    assert ada.address == "12 Quay, YO1 York, UK"


def test_people_of_a_table_of_organizations(tmp_path: Path) -> None:
    """A column that only looks like names makes no people of organizations."""
    acme, nord = people(read("companies.csv"))
    assert {acme.kind, nord.kind} == {"organization"}
    with pytest.raises(NotOfPeople, match="no column is known"):
        written(tmp_path, "Company,Phone,Gast\nAcme,+44 1,Ada Okafor\n")


def test_an_entry_of_ldif_is_a_person() -> None:
    """Thunderbird's attributes, in base64 too; a list of people is nobody."""
    items = read("ldif-tb.ldif")
    (ada,) = people(items)
    assert (ada.name, ada.emails) == ("Ada Okafor", ("ada@acme.example", "ada@home.example"))
    assert (ada.organization, ada.title, str(ada.birthday)) == ("Acme", "VP", "1985-03-26")
    assert ada.address == "12 Quay, YO1 York, Yorks, UK"
    assert dict(ada.custom)["Address (home)"] == "1 Lane, LS1 Leeds, UK"
    assert ada.notes == "Tee ä or coffee"
    assert [item.reason for item in items if isinstance(item, Refused)] == [
        "a list of people: Jour fixe"
    ]


@pytest.mark.parametrize(
    ("name", "person", "organization"),
    [
        ("own-1251.csv", "Иван Петров", "Акме"),
        ("own-gbk.csv", "王小明", "阿克梅公司"),
        ("own-ko.csv", "김철수", "아크메"),
        ("own-sjis.csv", "山田 太郎", "株式会社アクメ"),
        ("own-1253.csv", "Γιώργος Παπαδόπουλος", "Άκμη"),
        ("own-mac.csv", "François Müller", "Écoute"),
    ],
)
def test_other_alphabets_have_headers_too(name: str, person: str, organization: str) -> None:
    """Without a mark of their charset, in the language of the people in them."""
    (found,) = people(read(name))
    assert (found.name, found.organization) == (person, organization)


def test_every_way_to_write_a_birthday() -> None:
    """All of them mean 26 March, with its year if there is one."""
    found = people(read("dates-short.csv"))
    assert len(found) == 19
    assert {str(person.birthday) for person in found} == {"1985-03-26", "03-26"}


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ("26-03-1985", "1985-03-26"),
        ("3/26/85", "1985-03-26"),
        ("Tuesday, March 26th 1985", "1985-03-26"),
        ("1985", "1985"),
    ],
)
def test_dates_with_dashes_short_years_and_weekdays(given: str, read_as: str) -> None:
    """Day and month in either order where only one is possible."""
    assert str(read_date(given)) == read_as


def test_dates_with_dashes_that_could_be_two() -> None:
    """Are read as the user says, and not otherwise."""
    assert str(read_date("03-04-1985", day_first=True)) == "1985-04-03"
    assert str(read_date("03/04/85", day_first=False)) == "1985-03-04"
    with pytest.raises(TwoDates):
        read_date("03-04-1985")


@pytest.mark.parametrize("language", ["en", "fr", "pt", "it", "es", "nl", "ja"])
def test_nothing_of_an_own_table_is_lost(language: str) -> None:
    """In their own words for landline, region and wedding day; what is left has no field."""
    items = read(f"{language}-own.csv")
    (person,) = people(items)
    left = {item.source for item in items if isinstance(item, Place) and item.field is None}
    assert left <= {"Next step", "Status", "ふりがな"}
    assert (str(person.birthday), len(person.emails)) == ("1985-03-26", 1)
    assert person.organization
    assert len(person.telephones) == (1 if language == "nl" else 2)


def test_a_column_of_clients_beside_one_of_people() -> None:
    """Is one of organizations."""
    (ada,) = people(read("en-own.csv"))
    assert (ada.name, ada.organization) == ("Ada Okafor", "Acme Ltd")


def test_a_town_with_its_code_in_one_column() -> None:
    """`PLZ/Ort` is a part of the address beside `Straße Nr.`."""
    (juergen,) = people(read("semi-quoted.csv"))
    assert juergen.address == "Weg 1, 50667 Köln"


def test_what_a_card_says_twice_is_kept_once() -> None:
    """Numbers however they are spelled, titles, organizations, tags in another case."""
    (ada,) = people(read("dup-props.vcf"))
    assert (ada.telephones, ada.tags, ada.custom) == (("+44 1",), ("vip", "client"), ())


def test_a_name_as_outlook_files_it(tmp_path: Path) -> None:
    """`FN:O'Brien, Pat` beside N is turned round; a comma of another kind stays."""
    card = "BEGIN:VCARD\nVERSION:3.0\nN:{n};;;\nFN:{fn}\nEMAIL:a@x.example\nEND:VCARD\n"
    path = tmp_path / "a.vcf"
    path.write_text(
        card.format(n="O'Brien;Pat", fn="O'Brien\\, Pat")
        + card.format(n="Smith;John", fn="John Smith\\, Jr.").replace("a@", "b@")
    )
    items = list(read_people([path], Options()))
    assert [person.name for person in people(items)] == ["Pat O'Brien", "John Smith, Jr."]
