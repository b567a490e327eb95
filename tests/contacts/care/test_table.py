"""Spreadsheets of every maker are read, row by row, and ours hold no formula."""

import csv
import io
from collections.abc import Iterable
from importlib import resources

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from briefgen.contacts.contact import Contact
from briefgen.contacts.exchange import table_files
from briefgen.contacts.exchange.columns import FIELDS
from briefgen.contacts.exchange.export import table_text
from briefgen.contacts.exchange.person import Incoming, Item, Options, Refused, Remark
from briefgen.contacts.exchange.table_files import read_table

GOOGLE = """\
First Name,Middle Name,Last Name,Nickname,Organization Name,Organization Title,Birthday,Notes,\
Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,\
Phone 1 - Value,Event 1 - Label,Event 1 - Value
Dana,,Smith,Dee,Acme Logistics,VP Operations, --03-26,"Met in Lisbon,
likes opera",* myContacts,* Work,dana.smith@acme.example,Home,dana@home.example,Mobile,\
+1 555 0100 ::: +1 555 0101,Anniversary,2010-06-01
"""
GOOGLE_OLD = """\
Name,Given Name,Family Name,Birthday,Notes,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,\
Phone 1 - Value,Organization 1 - Name,Organization 1 - Title
Dana Smith,Dana,Smith,1985-03-26,,* ,dana.smith@acme.example ::: dana@home.example,Work,\
+1 555 0100,Acme Logistics,VP Operations
"""
OUTLOOK = """\
First Name,Middle Name,Last Name,Title,Suffix,Nickname,E-mail Address,E-mail 2 Address,\
Home Phone,Business Phone,Mobile Phone,Company,Job Title,Department,Birthday,Anniversary,Notes
Dana,,Smith,Dr.,,,dana.smith@acme.example,dana@home.example,,+1 555 0100,,Acme Logistics,\
VP Operations,,3/26/1985,0/0/00,
"""
HUBSPOT = """\
"Record ID","First Name","Last Name","Email","Phone Number","Contact owner","Associated Company",\
"Job Title","Lead Status"
"501","Dana","Smith","dana.smith@acme.example","+1 555 0100","Robin Keller","Acme Logistics",\
"VP Operations","Open"
"""
SALESFORCE = """\
"Salutation","First Name","Last Name","Title","Account Name","Mailing City","Phone","Mobile",\
"Email","Birthdate"
"Ms.","Dana","Smith","VP Operations","Acme Logistics","Boston","+1 555 0100","",\
"dana.smith@acme.example","3/26/1985"
"Confidential Information - Do Not Distribute"
"""


def read(text: str | bytes, **columns: str) -> list[Incoming | Refused]:
    """Every row of a file."""
    content = text.encode() if isinstance(text, str) else text
    return people(read_table(io.BytesIO(content), Options(columns=columns)))


def people(items: Iterable[Item]) -> list[Incoming | Refused]:
    """The people among what was read, and those who are refused."""
    return [item for item in items if isinstance(item, Incoming | Refused)]


def one(text: str | bytes) -> Incoming:
    """The only row of a file, a person."""
    (person,) = read(text)
    assert isinstance(person, Incoming), str(person)
    return person


@pytest.mark.parametrize(
    "text", [GOOGLE, GOOGLE_OLD, OUTLOOK, HUBSPOT, SALESFORCE],
    ids=["google", "google-old", "outlook", "hubspot", "salesforce"],
)  # fmt: skip
def test_each_known_export_is_read(text: str) -> None:
    """Who, where, what, and how to reach them."""
    person = read(text)[0]
    assert isinstance(person, Incoming)
    assert person.name == "Dana Smith"
    assert person.emails[0] == "dana.smith@acme.example"
    assert (person.organization, person.title) == ("Acme Logistics", "VP Operations")
    assert person.telephones[0] == "+1 555 0100"
    assert not person.remarks


def test_what_else_google_and_outlook_say() -> None:
    """Several addresses and numbers, birthdays, labelled dates, notes of several lines."""
    (google,) = read(GOOGLE)
    assert isinstance(google, Incoming)
    assert google.emails == ("dana.smith@acme.example", "dana@home.example")
    assert google.telephones == ("+1 555 0100", "+1 555 0101")
    assert google.aliases == ("Dee",)
    assert google.notes == "Met in Lisbon,\nlikes opera"
    assert str(google.birthday) == "03-26"
    assert [(str(day), what) for day, what in google.life_events] == [("2010-06-01", "anniversary")]
    (outlook,) = read(OUTLOOK)
    assert isinstance(outlook, Incoming)
    assert outlook.emails == ("dana.smith@acme.example", "dana@home.example")
    assert str(outlook.birthday) == "1985-03-26"


def test_a_footer_is_told_with_its_line() -> None:
    """Salesforce's reports end with one."""
    assert read(SALESFORCE)[1:] == []
    said = read_table(io.BytesIO(SALESFORCE.encode()), Options())
    assert [item.text for item in said if isinstance(item, Remark)] == [
        "line 3: 'Confidential Information - Do Not Distribute' belongs to the report"
    ]


def test_any_other_table_is_read_with_its_columns_named() -> None:
    """`--map Osoba=name`, with semicolons, a mark and Windows' own encoding."""
    text = "Osoba;Adresa\r\nJörg Müller;joerg@acme.example\r\n"
    for content in (b"\xef\xbb\xbf" + text.encode(), text.encode("cp1252"), text.encode("utf-16")):
        (person,) = read(content, Osoba="name", Adresa="email")
        assert isinstance(person, Incoming)
        assert (person.name, person.emails) == ("Jörg Müller", ("joerg@acme.example",))
    with pytest.raises(ValueError, match="no column is known"):
        read(text)


def test_excels_own_line_about_separators_is_understood() -> None:
    """`sep=;` comes before the header."""
    (person,) = read("sep=;\r\nName;Email\r\nDana;dana@acme.example\r\n")
    assert isinstance(person, Incoming)
    assert person.line == 3


def test_ragged_rows_are_told_with_their_line_and_the_rest_is_read() -> None:
    """Too few cells are taken as empty ones; too many would put each in the wrong column."""
    text = 'Name,Email,Title\nAnn\nBen,b@acme.example,VP,extra\n"Cy\nTwo",c@acme.example,,,\n,,\n'
    ann, ben, cy = read(text)
    assert isinstance(ann, Incoming)
    assert ann.name == "Ann"
    assert isinstance(ben, Refused)
    assert ben.line == 3
    assert "4 cells under 3 columns" in ben.reason
    assert isinstance(cy, Incoming)
    assert (cy.line, cy.name) == (4, "Cy Two")


def test_a_date_that_could_be_two_is_told_and_the_person_taken() -> None:
    """Until `--dates` says which."""
    text = "Name,Birthday\nDana,03/04/1985\n"
    (person,) = read(text)
    assert isinstance(person, Incoming)
    assert person.birthday is None
    assert "--dates" in person.remarks[0]
    (person,) = people(read_table(io.BytesIO(text.encode()), Options(day_first=True)))
    assert isinstance(person, Incoming)
    assert str(person.birthday) == "1985-04-03"


def test_formulas_are_only_text() -> None:
    """What begins like a formula is kept as it is."""
    (person,) = read('Name,Title\n=HYPERLINK("http://x.example"),+1\n')
    assert isinstance(person, Incoming)
    assert person.name == '=HYPERLINK("http://x.example")'


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_no_cell_that_is_written_is_a_formula(sign: str) -> None:
    """An apostrophe comes before it, and reading takes it off again."""
    text = table_text([Contact(name="Dana", title=sign)])
    ((_, cells), *_) = [(row[0], row) for row in list(csv.reader(io.StringIO(text)))[1:]]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in cells)
    (person,) = read(text)
    assert isinstance(person, Incoming)
    assert person.title == sign.strip()


def test_more_rows_than_are_taken_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """In bounded time and memory, and it is told where."""
    monkeypatch.setattr(table_files, "MAX_ROWS", 5)

    stream = io.BytesIO(b"Name,Email\n" + b"Person,\n" * 1_000_000)
    found = people(read_table(stream, Options()))
    assert [type(person) for person in found] == [Incoming] * 5 + [Refused]
    assert "split the file" in found[-1].reason  # type: ignore[union-attr]


def test_a_cell_of_megabytes_costs_its_row() -> None:
    """The rows behind it are read."""
    text = f"Name,Notes\nAnn,{'x' * 300_000}\nBen,\n"
    big, ben = read(text)
    assert isinstance(big, Refused)
    assert isinstance(ben, Incoming)


contacts = st.builds(
    Contact,
    name=st.text("abc =+-@',;\"\né", min_size=1).filter(lambda text: text.strip("' \n")),
    title=st.none() | st.text("ab=+;,'\"").filter(str.strip),
)


@settings(max_examples=80, deadline=None)
@given(people=st.lists(contacts, max_size=4))
def test_what_is_written_is_read_back(people: list[Contact]) -> None:
    """Whatever signs are in it, row by row; and a spreadsheet sees no formula."""
    text = table_text(people)
    for row in list(csv.reader(io.StringIO(text)))[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    assert len(read(text)) == len(people)


@settings(max_examples=80, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """No table raises anything but that it says nothing."""
    try:
        read(b"Name,Email\n" + content)
    except ValueError as error:
        assert str(error)  # noqa: PT017  # nothing else may be raised


def test_a_quote_that_is_not_closed_is_told_with_the_lines_it_swallows() -> None:
    """The rows behind it are no part of someone's name, and are not lost in silence."""
    text = 'First Name;Last Name;E-mail\n"Bad;Row;x@y.example\nGood;Row;good@row.example\n'
    (refused,) = read(text)
    assert refused == Refused(
        line=2, reason="a quote is not closed: everything from here to line 3 is one row"
    )
    inside = 'Name,E-mail,Notes\nDana,d@a.example,"\nLee,l@a.example,\nPat,p@a.example,"x"\n'
    assert [one.line for one in read(inside) if isinstance(one, Refused)] == [2]
    named = 'Name,E-mail\n"Dana,d@a.example\nLee,"l@a.example\nPat,p@a.example\n'
    first, last = read(named)
    assert isinstance(first, Refused)
    assert (first.line, first.reason[-27:]) == (2, "from here to line 3 is one row"[-27:])
    assert isinstance(last, Incoming)
    assert last.name == "Pat"


def test_a_header_without_a_known_column_is_shown() -> None:
    """Who does not know the columns by heart sees what --map could be given."""
    match = r"it has Keresztnév, Cég; name one, like --map 'Keresztnév="
    with pytest.raises(ValueError, match=match):
        read("Keresztnév;Cég\nDana;Acme\n")


def test_hidden_signs_of_an_address_book_are_left_out() -> None:
    """Marks around a number, a sign that turns a name round."""
    cells = "Dana \u202ehtimS\u202c,\u202adana@acme.example\u202c,\u202a+1 555 0100\u202c"
    text = f"Name,Email,Phone\n{cells}\n"
    (dana,) = read(text)
    assert isinstance(dana, Incoming)
    assert (dana.name, dana.emails) == ("Dana htimS", ("dana@acme.example",))
    assert dana.telephones == ("+1 555 0100",)


@pytest.mark.parametrize(
    "header",
    [
        "Nombre;Primer apellido;Segundo apellido;Correo",
        "Nombre(s);Apellido Paterno;Apellido Materno;Correo",
    ],
)
def test_a_second_surname_ends_the_name(header: str) -> None:
    """In Spain and in Mexico, where invitations have both."""
    person = one(f"{header}\nAna;López;Marín;ana@lopez.example\n".encode())
    assert person.name == "Ana López Marín"


@pytest.mark.parametrize(
    "header",
    [
        "Vorname;Nachname;Firma;Position;E-Mail-Adresse;Telefon geschäftlich;Geburtstag",
        "Prénom;Nom;Société;Fonction;Adresse de messagerie;Téléphone (bureau);Anniversaire",
        "Nombre;Apellidos;Compañía;Puesto;Dirección de correo electrónico;Teléfono;Cumpleaños",
        "Nome;Cognome;Società;Posizione;Indirizzo posta elettronica;Telefono ufficio;Compleanno",
        "Voornaam;Achternaam;Bedrijf;Functie;E-mailadres;Telefoon op werk;Verjaardag",
        "Nome;Sobrenome;Empresa;Cargo;Endereço de Email;Telefone comercial;Data de nascimento",
    ],
    ids=["de", "fr", "es", "it", "nl", "pt"],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_columns_in_the_languages_of_the_page(header: str, encoding: str) -> None:
    """Outlook writes them in the language it runs in, and the bytes of the machine it runs on."""
    row = "Zoë;Müller;Acme;VP;zoe@acme.example;+49 40 1;24.11.1980"
    person = one(f"{header}\n{row}\n".encode(encoding))
    assert (person.name, person.organization, person.title) == ("Zoë Müller", "Acme", "VP")
    assert (person.emails, person.telephones) == (("zoe@acme.example",), ("+49 40 1",))
    assert str(person.birthday) == "1980-11-24"


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Name,Vorname,E-Mail", "Schmidt,Dana,d@x.example", "Dana Schmidt"),
        ("Name,First Name,Email", "Dana Schmidt,Dana,d@x.example", "Dana Schmidt"),
        ("Name,Vorname,E-Mail", "Albers,Al,a@x.example", "Al Albers"),
        ("Name,Vorname,E-Mail", '"Schmidt, Dana",Dana,d@x.example', "Dana Schmidt"),
        ("Name,First Name,Last Name,Email", "Dana S.,Dana,Schmidt,d@x.example", "Dana S."),
        ("Voornaam,Tussenvoegsel,Achternaam,Email", "Jan,van der,Berg,j@x.example",
         "Jan van der Berg"),
        ("Nom,Email", "Dana Schmidt,d@x.example", "Dana Schmidt"),
    ],
)  # fmt: skip
def test_a_name_is_never_half_of_it(header: str, row: str, name: str) -> None:
    """`Name` beside a first name that it does not hold is the last name."""
    assert one(f"{header}\n{row}\n").name == name


def test_no_column_means_two_things() -> None:
    """What a column is called in one language is not something else in another."""
    content = (resources.files("briefgen.contacts.exchange") / "columns.yaml").read_bytes()
    found: dict[str, set[str]] = {}
    for kinds in yaml.safe_load(content).values():
        for kind, names in kinds.items():
            assert kind in {*FIELDS, "event"}
            for name in names:
                found.setdefault(name.casefold(), set()).add(kind)
    assert [name for name, kinds in found.items() if len(kinds) > 1] == []


def test_a_date_that_outlook_leaves_empty_is_none() -> None:
    """`0.0.00` is how it writes that there is no birthday, in German."""
    person = one("Vorname;Nachname;Geburtstag\nDana;Schmidt;0.0.00\n")
    assert (person.birthday, person.remarks) == (None, ())
