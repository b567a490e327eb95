"""Address books of further makers, of people who do not exist: nothing of them is lost in silence.

What is right was worked out by RFC 6350, RFC 2849 and the makers' own lists of columns.
"""

from pathlib import Path

import pytest

from briefgen.contacts.exchange.importers import read_people
from briefgen.contacts.exchange.person import Incoming, Options, Place

MORE = Path(__file__).parent / "more"


def read(name: str) -> tuple[Incoming, list[str]]:
    """The person in a file, and the columns or properties that are reported as not taken."""
    items = list(read_people([MORE / name], Options()))
    (person,) = (item for item in items if isinstance(item, Incoming))
    return person, [i.source for i in items if isinstance(i, Place) and i.field is None]


def test_labels_of_ones_own() -> None:
    """A label that someone typed in Apple's Contacts is kept; Apple's own words are not."""
    ana, lost = read("groups.vcf")
    assert ana.emails == ("ana@acme.example", "ana.private@home.example")
    assert ana.telephones == ("+34 600 111 222", "+34 600 333 444")
    assert dict(ana.custom) == {
        "Direct line": "+34 600 111 222",
        "Assistant Lucia": "ana@acme.example",
        "Fax": "+34 600 999 000",
        "Spouse": "Luis",
    }
    assert (ana.tags, ana.country) == (("Key accounts", "Madrid, center"), "ES")
    assert lost == []


def test_what_apple_writes_today() -> None:
    """Groups, labelled dates, a year of 1604, a profile; only how a name sounds is not taken."""
    dana, lost = read("apple.vcf")
    assert (dana.name, dana.aliases, str(dana.birthday)) == ("Dr. Dana Smith", ("Dee",), "03-26")
    assert dana.links == (("LinkedIn", "https://linkedin.example/in/dana"),)
    assert dict(dana.custom) == {"Department": "Sales", "Spouse": "Sam"}
    assert [note for _, note in dana.life_events] == ["anniversary"]
    assert lost == ["X-PHONETIC-FIRST-NAME"]


def test_what_proton_writes() -> None:
    """Version 4.0 with values as URIs, and keys for encryption that are named."""
    dana, lost = read("proton4.vcf")
    assert (dana.telephones, str(dana.birthday)) == (("+1-555-0100 ext. 12",), "03-26")
    assert dict(dana.custom) == {"Spouse": "Sam"}
    assert lost == ["X-PM-ENCRYPT", "X-PM-SIGN", "KEY", "GENDER"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("outlook-fr.csv", ("Amélie Lefèvre", "Acme SA", "1 rue du Port, 69001 Lyon")),
        ("outlook-es.csv", ("María Núñez", "Acme SL", "Calle 1, Madrid")),
        ("outlook-ja.csv", ("田中 花子", "アクメ株式会社", "港1-1, 東京")),
    ],
)
def test_outlook_in_other_languages(name: str, expected: tuple[str, ...]) -> None:
    """In the code page of that Windows; a Japanese name begins with the family's."""
    person, lost = read(name)
    assert (person.name, person.organization, person.address) == expected
    assert (str(person.birthday), len(person.telephones)) == ("1980-06-14", 2)
    assert lost == []


def test_thunderbirds_ldif() -> None:
    """The attributes of its schema, one of them in base64 (RFC 2849)."""
    dana, lost = read("tb.ldif")
    assert dana.emails == ("dana@acme.example", "dana@home.example")
    assert (dana.notes, str(dana.birthday)) == ("likes trains äö", "1980-03-26")
    assert dana.address == "12 Harbor St, 07101 Newark, US"
    assert dict(dana.custom)["Fax"] == "+1 7"
    assert lost == ["objectclass"]


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("zoho.csv", ["Record Id", "Contact Owner.id", "Contact Owner", "Account Name.id"]),
        ("google-old.csv", ["E-mail 1 - Type", "E-mail 2 - Type"]),
        ("airtable.csv", ["Status", "Created"]),
    ],
)
def test_tables(name: str, lost: list[str]) -> None:
    """Name, organization, tags and notes; what is not taken is named."""
    dana, said = read(name)
    assert (dana.name, dana.organization, dana.title) == ("Dana Smith", "Acme", "VP")
    assert (dana.notes, dana.tags[0][:3]) == ("likes trains", "Key")
    assert said == lost
