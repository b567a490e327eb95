"""An import of a table loses nothing in silence, whoever wrote it.

The tables have the columns of their makers and people who do not exist.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from whole_book import read_book

from briefgen.contacts.contact import Organization
from briefgen.contacts.exchange.columns import read_columns
from briefgen.workspace.folder import Workspace

Command = Callable[..., Result]
Take = Callable[..., dict[str, Any]]


@pytest.fixture
def take(home: Workspace, command: Command, tmp_path: Path) -> Take:
    """Import a table; what was said in text is under `said`, the contacts by their names."""

    def run(table: str | bytes, *options: str, name: str = "people.csv") -> dict[str, Any]:
        path = tmp_path / name
        path.write_bytes(table.encode() if isinstance(table, str) else table)
        said = command("contacts", "import", str(path), "--dry-run", *options).stdout
        done = command("contacts", "import", str(path), "--json", *options)
        book, problems = read_book(home)
        assert not problems
        return {
            **json.loads(done.stdout),
            "said": said,
            "status": done.exit_code,
            "contacts": {file.contact.name: file.contact for file in book},
            "organizations": {o.organization.name: o.organization for o in book.organizations},
        }

    return run


def places(done: dict[str, Any]) -> dict[str, str | None]:
    """Where each column goes."""
    return {place["column"]: place["field"] for place in done["columns"]}


def test_each_column_that_says_something_has_a_place_in_the_plan(take: Take) -> None:
    """In text and in JSON, once a file; an empty column needs none."""
    done = take(
        "Name,Mail,Segment,Region,Empty\nAda Okafor,ada@acme.example,Gold,,\n"
        "Ben Lund,ben@acme.example,Silver,,\n"
    )
    assert places(done) == {"Name": "name", "Mail": "emails", "Segment": None}
    assert "Mail → emails" in done["said"]
    assert "Segment → not taken" in done["said"]
    assert done["said"].count("columns not taken: Segment") == 1
    assert [p["field"] for p in done["problems"]] == ["Segment"]
    assert done["status"] == 0


@pytest.mark.parametrize(
    ("header", "cells", "field", "value"),
    [
        ("Kontakt-Weg", ["ada@acme.example", "b@acme.example"], "emails", ("ada@acme.example",)),
        ("Erreichbar", ["+49 30 1234567", "+44 20 5550 0101"], "telephones", ("+49 30 1234567",)),
        ("Rappel", ["030/1234567", "(030) 7654321"], "telephones", ("030/1234567",)),
        ("Profil", ["https://acme.example/ada", "www.acme.example/b"], "links", None),
        ("Kundin seit", ["2019-04-01", "1.5.2020"], "custom", {"Kundin seit": "2019-04-01"}),
        ("Wo", ["Europe/Berlin", "Asia/Tokyo"], "timezone", "Europe/Berlin"),
    ],
)
def test_an_unknown_column_is_guessed_by_its_content_and_the_plan_says_so(
    take: Take,
    header: str,
    cells: list[str],
    field: str,
    value: Any,  # noqa: ANN401  # of any field
) -> None:
    """Addresses, telephone numbers, links, dates, zones."""
    done = take(f"Name;{header}\nAda Okafor;{cells[0]}\nBen Lund;{cells[1]}\n")
    (place,) = [place for place in done["columns"] if place["column"] == header]
    assert (place["field"], place["guess"]) == (field, True)
    assert f"{header} → {field} (a guess)" in done["said"]
    ada = done["contacts"]["Ada Okafor"]
    assert (ada.links[0].url if field == "links" else getattr(ada, field)) == (
        value or "https://acme.example/ada"
    )


@pytest.mark.parametrize(
    ("header", "cells"),
    [("Kdnr", ["1001", "1002"]), ("Betrag", ["120,50", "99,00"]), ("PLZ-Code", ["10115", "20095"]),
     ("Mix", ["ada@acme.example", "no address"])],
)  # fmt: skip
def test_what_only_looks_like_something_is_not_guessed(
    take: Take, header: str, cells: list[str]
) -> None:
    """Numbers of customers and amounts are no telephones; half of a column is no column."""
    done = take(f"Name;{header}\nAda Okafor;{cells[0]}\nBen Lund;{cells[1]}\n")
    assert places(done)[header] is None
    assert not done["contacts"]["Ada Okafor"].telephones


def test_a_map_decides_what_a_guess_would_not(take: Take) -> None:
    """Every field may be named; what has its own label keeps it."""
    done = take(
        "Name,Segment,Seit,X\nAda Okafor,Gold,2019,no\n",
        "--map", "Segment=tag", "--map", "Seit=custom", "--map", "X=none",
    )  # fmt: skip
    assert done["contacts"]["Ada Okafor"].tags == ("Gold",)
    assert done["contacts"]["Ada Okafor"].custom == {"Seit": "2019"}
    assert places(done)["X"] is None


def test_the_header_is_looked_for_in_the_first_lines(take: Take) -> None:
    """LinkedIn puts a note before it; a report its title; its own rows are no header."""
    note = '"Some addresses are missing, since not everybody shows theirs, see https://x.example"'
    header = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
    row = "Ada,Okafor,https://www.linkedin.com/in/ada-example,ada@acme.example,Acme,VP,12 Mar 2024"
    done = take(f"Notes:\n{note}\n\n{header}\n{row}\n", name="Connections.csv")
    ada = done["contacts"]["Ada Okafor"]
    assert (ada.organization, ada.title) == ("Acme", "VP")
    assert [(link.label, link.url) for link in ada.links] == [
        ("LinkedIn", "https://www.linkedin.com/in/ada-example")
    ]
    assert ada.custom == {"Connected On": "12 Mar 2024"}
    assert done["people"][0]["source"] == "Connections.csv:5"


@pytest.mark.parametrize(
    "header",
    [
        (
            "First Name,Last Name,Display Name,Primary Email,Secondary Email,Work Phone,"
            "Mobile Number,"
            "Fax Number,Job Title,Organization,Birth Year,Birth Month,Birth Day,Notes,"
        ),
        (
            "Vorname,Nachname,Anzeigename,Primäre E-Mail-Adresse,"
            "Sekundäre E-Mail-Adresse,"
            "Tel. dienstlich,Mobil-Tel.-Nr.,Fax-Nummer,Arbeitstitel,Organisation,Geburtsjahr,"
            "Geburtsmonat,Geburtstag,Notizen,"
        ),
        (
            "Prénom,Nom de famille,Nom à afficher,Adresse électronique principale,"
            "Adresse électronique secondaire,Tél. professionnel,Portable,Fax,Profession,Société,"
            "Année de naissance,Mois,Jour,Notes,"
        ),
        (
            "Nome,Cognome,Nome visualizzato,Email primaria,Email secondaria,"
            "Tel. ufficio,Cellulare,Fax,"
            "Qualifica,Organizzazione,Anno di nascita,Mese,Giorno,Note,"
        ),
    ],
    ids=["en", "de", "fr", "it"],
)
def test_thunderbird_in_four_languages(take: Take, header: str) -> None:
    """Its "Geburtstag" is the day of the month; a comma ends its header."""
    row = "Ada,Okafor,Ada Okafor,ada@acme.example,a@home.example,+44 20 1,+44 77 2,+44 20 3"
    row += ",VP,Acme"
    done = take(f"{header}\n{row},1985,4,12,likes tea,\n")
    ada = done["contacts"]["Ada Okafor"]
    assert ada.emails == ("ada@acme.example", "a@home.example")
    assert ada.telephones == ("+44 20 1", "+44 77 2")
    assert (ada.organization, ada.title, str(ada.birthday)) == ("Acme", "VP", "1985-04-12")
    assert ada.notes == "likes tea"
    assert list(ada.custom.values()) == ["+44 20 3", "+44 20 1", "+44 77 2"]
    assert done["status"] == 0


def test_a_birthday_in_three_columns_may_lack_its_year(take: Take) -> None:
    """Without the month it is none, and goes to the notes."""
    header = "Name,Birth Year,Birth Month,Birth Day"
    done = take(f"{header}\nAda Okafor,,4,12\nBen Lund,1979,,\nCy Ray,1979,11,\n")
    assert str(done["contacts"]["Ada Okafor"].birthday) == "04-12"
    assert done["contacts"]["Ben Lund"].birthday is None
    assert done["contacts"]["Ben Lund"].notes == "birthday: 1979"
    assert str(done["contacts"]["Cy Ray"].birthday) == "1979-11"


GOOGLE = (
    "First Name,Last Name,Name Prefix,File As,Organization Name,Organization Department,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,"
    "Phone 2 - Value,Address 1 - Formatted,Relation 1 - Label,Relation 1 - Value,"
    "Website 1 - Label,Website 1 - Value,Event 1 - Label,Event 1 - Value,Custom Field 1 - Label,"
    "Custom Field 1 - Value"
)


def test_googles_labels_relations_links_and_fields_are_kept(take: Take) -> None:
    """Groups everyone is in are no tags; a fax number is no telephone."""
    row = (
        "Ada,Okafor,Dr.,,Acme,Buying,Customers ::: VIP ::: * myContacts,* Work,ada@acme.example,"
        'Work Fax,+44 20 9,Mobile,+44 77 1,"12 Harbor St\nHull",Child,Maya,Blog,'
        "https://ada.example,Anniversary,2011-06-03,Customer no.,4711"
    )
    done = take(f"{GOOGLE}\n{row}\n,,,Only Filed,,,,,f@x.example,,,,,,,,,,,,,\n")
    ada = done["contacts"]["Ada Okafor"]
    assert ada.tags == ("Customers", "VIP")
    assert ada.telephones == ("+44 77 1",)
    assert ada.address == "12 Harbor St, Hull"
    assert [(link.label, link.url) for link in ada.links] == [("Blog", "https://ada.example")]
    assert ada.custom == {
        "Name Prefix": "Dr.", "Department": "Buying", "Child": "Maya", "Customer no.": "4711",
        "Work Fax": "+44 20 9",
    }  # fmt: skip
    assert [(str(e.date), e.note) for e in ada.life_events] == [("2011-06-03", "anniversary")]
    assert done["contacts"]["Only Filed"].emails == ("f@x.example",)
    assert places(done)["E-mail 1 - Label"] is None, "an address has no field for its label"


def test_a_row_of_a_company_makes_an_organization_file(take: Take, home: Workspace) -> None:
    """Its own domain recognises its people; a freemail one does not; once more nothing changes."""
    rows = f"{GOOGLE}\n,,,,Acme GmbH,,,,info@acme.example,Work,+49 40 1,,,,,,,,,,,\n"
    rows += ",,,,Kiosk,,,,kiosk@gmail.com,,,,,,,,,,,,,\n"
    done = take(rows)
    assert [p["kind"] for p in done["people"]] == ["organization"] * 2
    acme: Organization = done["organizations"]["Acme GmbH"]
    assert acme.domains == ("acme.example",)
    assert acme.notes == "Telephone: +49 40 1\nEmail: info@acme.example"
    assert done["organizations"]["Kiosk"].domains == ()
    assert not list(home.contacts.glob("*.yaml"))
    assert [p["action"] for p in take(rows)["people"]] == ["unchanged"] * 2


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Title,First Name,Last Name,Job Title,Company,E-mail Address,Business Fax,Spouse,Hobby",
         "Dr,Ada,Okafor,VP,Acme,ada@acme.example,+44 20 9,Tom,Sailing"),
        ("Anrede,Vorname,Nachname,Position,Firma,E-Mail-Adresse,Fax geschäftlich,Partner/in,Hobby",
         "Dr,Ada,Okafor,VP,Acme,ada@acme.example,+44 20 9,Tom,Sailing"),
    ],
    ids=["en", "de"],
)  # fmt: skip
def test_outlooks_salutation_partner_and_hobby_are_kept(take: Take, header: str, row: str) -> None:
    """Its "Title" is Dr or Mrs."""
    ada = take(f"{header}\n{row}\n")["contacts"]["Ada Okafor"]
    assert (ada.title, ada.telephones) == ("VP", ())
    assert sorted(ada.custom.values()) == ["+44 20 9", "Dr", "Tom"]
    assert [note.text for note in ada.interests] == ["Sailing"]


def test_an_exchange_address_is_one_remark(take: Take) -> None:
    """However many pieces it has."""
    address = "/o=ExchangeLabs/ou=Exchange Administrative Group (X)/cn=Recipients/cn=ada"
    done = take(f"First Name,Last Name,E-mail Address\nAda,Okafor,{address}\n")
    assert done["people"][0]["remarks"] == [
        "an address inside Exchange (/o=…) says nothing outside it"
    ]


def test_a_companys_name_wins_over_what_is_associated(take: Take) -> None:
    """HubSpot has both, and its zones in words of its own."""
    done = take(
        "First Name,Last Name,Email,Associated Company,Company name,Time Zone,Lead Status\n"
        "Ada,Okafor,ada@acme.example,Acme (acme.example),Acme,america_slash_new_york,Open\n"
    )
    ada = done["contacts"]["Ada Okafor"]
    assert (ada.organization, ada.timezone) == ("Acme", "America/New_York")
    assert places(done)["Lead Status"] is None


@pytest.mark.parametrize(
    "header",
    [("Person - Name,Person - Email - Work,Person - Email - Home,Person - Phone - Mobile,"
     "Person - Organization,Person - Job title"),
     "Name,Email - Work,Email - Home,Phone - Mobile,Organization,Job title",
     "Full name,Work email,Home email,Mobile,Company,Job title",
     "Contact Name,Email,Secondary Email,Mobile,Account Name,Title",
     "Name,Email,Alternate Email 1,Yahoo Phone,Company,Title"],
    ids=["pipedrive-person", "pipedrive", "icloud", "zoho", "yahoo"],
)  # fmt: skip
def test_addresses_and_numbers_of_other_makers(take: Take, header: str) -> None:
    """Pipedrive, iCloud, Zoho, Yahoo."""
    done = take(f"{header}\nAda Okafor,ada@acme.example,a@home.example,+44 77 1,Acme,VP\n")
    ada = done["contacts"]["Ada Okafor"]
    assert ada.emails == ("ada@acme.example", "a@home.example")
    assert (ada.telephones, ada.organization, ada.title) == (("+44 77 1",), "Acme", "VP")
    assert None not in places(done).values()


def test_what_a_header_explains_in_brackets_is_no_part_of_its_name(take: Take) -> None:
    """And a birthday may lack its year."""
    done = take(
        "Name,Phone (work),Phone (work fax),Birthday (MM/DD),Email - main\n"
        "Ada Okafor,+44 1,+44 9,03/26,ada@acme.example\n"
    )
    ada = done["contacts"]["Ada Okafor"]
    assert (ada.telephones, str(ada.birthday)) == (("+44 1",), "03-26")
    assert ada.emails == ("ada@acme.example",)
    assert places(done)["Phone (work fax)"] == "custom"
    assert ada.custom["Phone (work fax)"] == "+44 9"


def test_the_footer_of_a_report_is_no_person(take: Take) -> None:
    """It is named, and the status stays 0; a person with a name alone is one."""
    done = take(
        "First Name,Last Name,Email\nAda,Okafor,ada@acme.example\nZed,,\n,,\n"
        "Grand Totals (2 records),,\nConfidential Information - Do Not Distribute,,\n"
    )
    assert set(done["contacts"]) == {"Ada Okafor", "Zed"}
    assert "'Grand Totals (2 records)' belongs to the report" in done["said"]
    assert done["status"] == 0


def test_parts_of_an_address_are_put_together(take: Take) -> None:
    """A second one is kept under its own name; so is one in one cell."""
    done = take(
        "Name,Business Street,Business City,Business Postal Code,Business Country/Region,"
        "Home Street,Home City\nAda Okafor,12 Harbor St,Hull,HU1 1AA,UK,3 Quay,York\n"
    )
    ada = done["contacts"]["Ada Okafor"]
    assert ada.address == "12 Harbor St, HU1 1AA Hull, UK"
    assert ada.custom == {"Address (home)": "3 Quay, York"}


def test_what_gives_way_is_kept_under_its_columns_name(take: Take) -> None:
    """A second title is not lost, nor a language that is no code."""
    done = take("Name,Job Title,Occupation,Language\nAda Okafor,VP,Engineer,German\n")
    assert done["contacts"]["Ada Okafor"].custom == {"Occupation": "Engineer", "Language": "German"}


def test_a_table_that_is_refused_says_so_in_json(command: Command, tmp_path: Path) -> None:
    """One document, with the file and the fix."""
    for name, content in (
        ("a.csv", b"A,B\n1,2\n"), ("b.csv", b""), ("c.csv", b'["vcard",[]]'),
        ("d.csv", b"%PDF-1.7"),
        ("e.vcf", b"BEGIN:VCALENDAR\nEND:VCALENDAR\n"), ("f.csv", b"PK\x03\x04"),
        ("h.html", b"<!DOCTYPE html><p>x"),
        ("i.mbox", b"From x Tue Nov 10 09:00:00 2026\nFrom: a@x.example\n"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(content)
        done = command("contacts", "import", str(tmp_path / name), "--json")
        assert done.exit_code == 1, name
        (problem,) = json.loads(done.stdout)["problems"]
        assert name in problem["file"]
        assert problem["message"]
    done = command("contacts", "import", str(tmp_path / "none.csv"), "--json")
    assert json.loads(done.stdout)["problems"][0]["message"] == "No such file or directory"


@pytest.mark.parametrize(
    ("codec", "names"),
    [
        ("cp1250", ["Łukasz Wiśniewski", "Jiří Dvořák"]),
        ("cp1251", ["Иван Петров", "Анна Ковалёва"]),
        ("cp1252", ["Jörg Täuber", "Renée Müller"]),
        ("cp1253", ["Γιώργος Παπαδάκης"]),
        ("cp1254", ["Gülşah Çelik", "İbrahim Çağlar"]),
        ("cp1255", ["דוד כהן"]),
        ("cp1256", ["محمد علي"]),
        ("cp1257", ["Jānis Bērziņš"]),
        ("mac_roman", ["Jörg Täuber", "Zoë Müller"]),
        ("koi8_r", ["Иван Петров"]),
        ("cp932", ["山本 太郎", "佐藤 花子"]),
        ("gb18030", ["王 小明"]),
        ("euc_kr", ["김 철수"]),
        ("cp850", ["Jörg Täuber"]),
        ("utf-16-le", ["Zoë Müller"]),
        ("utf-16-be", ["Zoë Müller"]),
    ],
)
def test_a_charset_is_told_by_the_words_it_makes_and_said(
    take: Take, codec: str, names: list[str]
) -> None:
    """Short lists of names, as spreadsheets on other machines save them."""
    rows = "".join(f"{name},p{n}@acme.example\n" for n, name in enumerate(names))
    done = take(f"Name,E-mail Address\n{rows}".encode(codec))
    assert set(done["contacts"]) == set(names)
    assert ("a guess by its letters" in done["said"]) == (not codec.startswith("utf"))


def test_the_charset_that_is_given_wins(take: Take, command: Command, tmp_path: Path) -> None:
    """One that does not exist is wrong use."""
    table = "Name,Email\nCrème Brûlée,c@acme.example\n".encode("cp1252")
    done = take(table, "--encoding", "cp1250")
    assert "Crčme Brűlée" in done["contacts"]
    assert "guess" not in done["said"]
    refused = command("contacts", "import", str(tmp_path / "people.csv"), "--encoding", "klingon")
    assert refused.exit_code == 2
    assert "'klingon' is not a charset" in refused.stderr


def test_each_header_that_the_data_names_is_known() -> None:
    """By itself, with a number behind it, and with the words Pipedrive puts before it."""
    for header in ("E-mail 3 Address", "Person - Email", "Phone 2", "E-MAIL *", " Mail: "):
        (column,) = read_columns([header], {})
        assert column.kind in {"email", "telephone"}, header
    (column,) = read_columns(["Segment"], {})
    assert column.kind is None
