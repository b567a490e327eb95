"""Monica's export, Markdown notes, spreadsheets, and a folder of cards again and again."""

import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from whole_book import read_book

from briefgen.contacts.contact import Contact
from briefgen.contacts.exchange.export import table_text, vcard_text
from briefgen.workspace.folder import Workspace

Command = Callable[..., Result]
Reported = Callable[..., Any]


def contact(home: Workspace, stem: str = "dana-smith") -> Contact:
    """A contact on file."""
    book, problems = read_book(home)
    assert not problems
    found = book.by_stem(stem)
    assert found is not None, [file.stem for file in book]
    return found.contact


# Monica.


def monica(**contact_data: Any) -> dict[str, Any]:  # noqa: ANN401  # whatever JSON can hold
    """An export of one contact with these lists of things."""
    birth = {"is_age_based": False, "is_year_unknown": True, "date": "1900-03-26T00:00:00Z"}
    properties = {
        "first_name": "Dana", "last_name": "Smith", "nickname": "Dee", "job": "VP Operations",
        "company": "Acme", "birthdate": birth, "tags": ["customer"], "is_starred": True,
        "gender": "x",
    }  # fmt: skip
    groups = [
        {
            "count": len(values),
            "type": kind,
            "values": [{"uuid": "u", "properties": v} for v in values],
        }
        for kind, values in contact_data.items()
    ]
    return {
        "version": "1.0-preview.1", "app_version": "4.1.2",
        "account": {
            "uuid": "a1",
            "data": [
                {"count": 1, "type": "contact",
                 "values": [{"uuid": "c1", "properties": properties, "data": groups}]},
                {"count": 1, "type": "document", "values": ["d1"]},
            ],
            "instance": {"contact_field_types": [
                {"uuid": "t1", "properties": {"name": "Email"}},
                {"uuid": "t2", "properties": {"name": "Phone"}},
                {"uuid": "t3", "properties": {"name": "Telegram"}},
            ]},
        },
    }  # fmt: skip


FULL = monica(
    contact_field=[
        {"data": "dana@acme.example", "type": "t1"}, {"data": "0170 555", "type": "t2"},
        {"data": "@dana", "type": "t3"}, {"data": "https://social.example/dana", "type": "t9"},
    ],
    call=[{"called_at": "2026-11-02T10:00:00Z", "content": "Go-live missed",
           "emotions": ["frustrated"]}],
    activity=[{"summary": "Lunch", "description": "Talked of sailing",
               "happened_at": "2026-10-01"}],
    note=[{"body": "Likes sailing\n\nand opera"}],
    address=[{"street": "12 Harbor St", "city": "Newark", "country": "US"}],
    life_event=[{"name": "New job", "happened_at": "2020-05-01"}],
    task=[{"title": "Send the plan"}],
)  # fmt: skip


def test_monicas_export_becomes_contacts(
    home: Workspace, reported: Reported, tmp_path: Path
) -> None:
    """Fields, calls, activities, notes; what is not taken is named; once more changes nothing."""
    (tmp_path / "monica.json").write_text(json.dumps(FULL))
    done = reported("contacts", "import", str(tmp_path / "monica.json"))
    dana = contact(home)
    assert (dana.aliases, dana.organization, dana.title) == (("Dee",), "Acme", "VP Operations")
    assert (dana.emails, dana.telephones) == (("dana@acme.example",), ("0170 555",))
    assert (str(dana.birthday), dana.tags) == ("03-26", ("customer",))
    assert dana.custom == {"Telegram": "@dana"}
    assert [link.url for link in dana.links] == ["https://social.example/dana"]
    assert dana.address == "12 Harbor St, Newark, US"
    assert [(str(i.date), i.channel, i.summary, i.signals) for i in dana.interactions] == [
        ("2026-10-01", "meeting", "Lunch. Talked of sailing", ()),
        ("2026-11-02", "call", "Go-live missed", ("frustrated",)),
    ]
    assert dana.notes == "Likes sailing\n\nand opera\n\nTask: Send the plan"
    assert [(str(e.date), e.note) for e in dana.life_events] == [("2020-05-01", "New job")]
    left = {place["column"] for place in done["columns"] if place["field"] is None}
    assert left == {"gender", "document"}
    again = reported("contacts", "import", str(tmp_path / "monica.json"))
    assert [p["action"] for p in again["people"]] == ["unchanged"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"version": "1", "account": {"data": 3}}', "not an export of Monica's"),
        ('{"version": "1", "account": [' + "[" * 100_000, "not an export of Monica's"),
        ('{"contacts": []}', "JSON, but not an export from Monica;"),
    ],
)
def test_json_that_is_none_is_refused_with_one_line(
    command: Command, tmp_path: Path, content: str, said: str
) -> None:
    """Also what nests without end."""
    (tmp_path / "x.json").write_text(content)
    done = command("contacts", "import", str(tmp_path / "x.json"))
    assert done.exit_code == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_one_broken_contact_of_monicas_costs_only_itself(
    home: Workspace, reported: Reported, tmp_path: Path
) -> None:
    """It is refused with its number."""
    export = monica()
    values = export["account"]["data"][0]["values"]
    values[:0] = [{"uuid": "x"}, {"uuid": "y", "properties": {"first_name": ""}}, 7]
    (tmp_path / "monica.json").write_text(json.dumps(export))
    done = reported("contacts", "import", str(tmp_path / "monica.json"))
    assert [p["action"] for p in done["people"]] == ["refused", "refused", "refused", "new"]
    assert contact(home).title == "VP Operations"


# Markdown.

NOTE = """\
---
tags: [person, customer]
aliases: [Dee]
company: "[[Acme Logistics]]"
role: VP Operations
email: dana@acme.example
phone: +1 555 010 0100
birthday: 1980-03-26
favourite_colour: teal
last_contact: 2026-11-02
---
# Dana Smith

## Notes
- Likes sailing, see [[Boats|the boats]]

## Meetings
### 2026-11-02 Call
Went through the missed go-live.
#### Next
She wants a named engineer.
### [[2026-09-01]]
Lunch with Dana.

## Family
Daughter Maya.
"""


def test_a_note_with_front_matter_becomes_a_contact(
    home: Workspace, reported: Reported, tmp_path: Path
) -> None:
    """Dated headings become interactions, unknown keys stay under their names."""
    vault = tmp_path / "People"
    vault.mkdir()
    (vault / "Dana Smith.md").write_text(NOTE)
    (vault / ".obsidian").mkdir()
    (vault / ".obsidian" / "x.md").write_text(NOTE)
    (vault / "Shopping.md").write_text("---\ntags: [list]\n---\n- milk\n")
    (vault / "Plain.md").write_text("# A thought\n")
    done = reported("contacts", "import", str(vault))
    dana = contact(home)
    assert (dana.name, dana.aliases, dana.tags) == ("Dana Smith", ("Dee",), ("customer",))
    assert (dana.organization, dana.title) == ("Acme Logistics", "VP Operations")
    assert (dana.emails, dana.telephones) == (("dana@acme.example",), ("+1 555 010 0100",))
    assert dana.custom == {"favourite colour": "teal", "last contact": "2026-11-02"}
    assert [(str(i.date), i.channel, i.summary) for i in dana.interactions] == [
        ("2026-11-02", "call",
         "Call\nWent through the missed go-live.\nNext\nShe wants a named engineer."),
        ("2026-09-01", "meeting", "Lunch with Dana."),
    ]  # fmt: skip
    assert dana.notes == "Notes\n- Likes sailing, see the boats\n\nFamily\nDaughter Maya."
    assert {p["file"] for p in done["problems"]} == {"Shopping.md", "Plain.md"}
    assert [p["action"] for p in reported("contacts", "import", str(vault))["people"]] == [
        "unchanged"
    ]


@pytest.mark.parametrize(
    ("front", "name"),
    [
        ("title: Dana Smith\nemail: d@acme.example", "Dana Smith"),
        ("first_name: Dana\nlast_name: Smith\nemail: d@acme.example", "Dana Smith"),
        ("type: person\ntags: person", "The File"),
        ("tags:\n  - people/client\n  - person", "The File"),
        ("email:\n- d@acme.example\n- e@acme.example", "The File"),
    ],
)
def test_the_name_is_the_front_matters_the_headings_or_the_files(
    home: Workspace, reported: Reported, tmp_path: Path, front: str, name: str
) -> None:
    """In this order; `title` is the note's own where it repeats it."""
    stem = "Dana Smith" if "title" in front else "The File"
    (tmp_path / f"{stem}.md").write_text(f"---\n{front}\n---\n")
    done = reported("contacts", "import", str(tmp_path / f"{stem}.md"))
    assert [p["name"] for p in done["people"]] == [name]


@pytest.mark.parametrize(
    "front",
    ["a: &x [1]\nb: *x", "- a\n- b", "key: [", "a: " + "[" * 5000],
    ids=["alias", "list", "broken", "deep"],
)  # fmt: skip
def test_a_note_whose_front_matter_is_hostile_is_refused_alone(
    home: Workspace, reported: Reported, tmp_path: Path, front: str
) -> None:
    """And the next one is taken."""
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "A.md").write_text(f"---\n{front}\n---\n")
    (tmp_path / "v" / "Dana Smith.md").write_text(NOTE)
    done = reported("contacts", "import", str(tmp_path / "v"))
    assert [p["action"] for p in done["people"]] == ["refused", "new"]
    assert "front matter" in done["people"][0]["remarks"][0]


def test_a_folder_of_neither_says_what_it_looked_for(command: Command, tmp_path: Path) -> None:
    """One line, status 1."""
    (tmp_path / "empty").mkdir()
    done = command("contacts", "import", str(tmp_path / "empty"))
    assert done.exit_code == 1
    assert "without vCards (.vcf) or Markdown notes (.md)" in done.stderr


# Spreadsheets.

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}'
    "</sheetData></worksheet>"
)
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/><Override '
    'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r" Target="xl/workbook.xml" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="People" sheetId="1" r:id="s"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
    'package/2006/relationships"><Relationship Id="s" Target="worksheets/sheet1.xml" Type="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
}


def write_sheet(path: Path, rows: list[list[str | int]]) -> None:
    """A spreadsheet as Excel writes it, with these rows on its first sheet."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{chr(65 + at)}{number}"><v>{cell}</v></c>'
            if isinstance(cell, int)
            else f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for at, cell in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    with zipfile.ZipFile(path, "w") as made:
        for name, content in PARTS.items():
            made.writestr(name, content)
        made.writestr("xl/worksheets/sheet1.xml", SHEET.format("".join(lines)))


def test_a_spreadsheet_is_read_like_a_table(
    home: Workspace, reported: Reported, tmp_path: Path
) -> None:
    """With a title above its header, and numbers as they are typed."""
    rows: list[list[str | int]] = [
        ["Our guests"], [], ["Name", "Mail", "Firma", "Kdnr"],
        ["Dana Smith", "dana@acme.example", "Acme", 4711],
    ]  # fmt: skip
    write_sheet(tmp_path / "guests.xlsx", rows)
    done = reported(
        "contacts", "import", str(tmp_path / "guests.xlsx"), "--map", "Kdnr=custom"
    )  # fmt: skip
    dana = contact(home)
    assert (dana.emails, dana.organization) == (("dana@acme.example",), "Acme")
    assert dana.custom == {"Kdnr": "4711"}
    assert done["people"][0]["source"] == "guests.xlsx:4"


def test_where_the_library_is_missing_the_word_is_clear(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What to install, or what to do instead."""
    write_sheet(tmp_path / "guests.xlsx", [["Name"], ["Dana"]])
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    done = command("contacts", "import", str(tmp_path / "guests.xlsx"))
    assert done.exit_code == 1
    assert "pip install 'briefgen[spreadsheets]'" in done.stderr
    assert "save it as CSV" in done.stderr


def test_a_broken_spreadsheet_is_refused_with_one_line(command: Command, tmp_path: Path) -> None:
    """A zip that is none, and one without sheets."""
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 rubbish")
    done = command("contacts", "import", str(tmp_path / "a.xlsx"))
    assert done.exit_code == 1
    assert "the spreadsheet cannot be read" in done.stderr


# The same folder again and again.


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """A folder of cards, as vdirsyncer keeps one."""
    folder = tmp_path / "cards"
    folder.mkdir()
    return folder


def put_card(folder: Path, *lines: str, name: str = "Dana Smith", uid: str = "u1") -> None:
    """Write a card of this folder."""
    text = "\r\n".join(
        ["BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", f"FN:{name}", *lines, "END:VCARD"]
    )
    (folder / f"{uid}.vcf").write_text(text + "\r\n")


def sync(reported: Reported, folder: Path) -> list[dict[str, Any]]:
    """What a sync did with each card."""
    people: list[dict[str, Any]] = reported("contacts", "import", "--sync", str(folder))["people"]
    return people


def test_a_sync_follows_what_changed_in_the_card(
    home: Workspace, reported: Reported, cards: Path
) -> None:
    """Texts, items that come and go, fields of your own; twice in a row nothing."""
    put_card(cards, "TITLE:VP", "EMAIL:a@acme.example", "TEL:1", "X-SPOUSE:Tom")
    assert [p["action"] for p in sync(reported, cards)] == ["new"]
    assert [p["action"] for p in sync(reported, cards)] == ["unchanged"]
    put_card(cards, "TITLE:CEO", "EMAIL:b@acme.example", "TEL:1", "TEL:2", "X-SPOUSE:Kim",
             "ORG:Acme")  # fmt: skip
    (step,) = sync(reported, cards)
    assert (step["action"], set(step["adds"])) == (
        "merge", {"title", "emails", "telephones", "organization", "custom"},
    )  # fmt: skip
    dana = contact(home)
    assert (dana.title, dana.organization) == ("CEO", "Acme")
    assert (dana.emails, dana.telephones) == (("b@acme.example",), ("1", "2"))
    assert dana.custom == {"Spouse": "Kim"}
    assert [p["action"] for p in sync(reported, cards)] == ["unchanged"]


def test_a_sync_never_touches_what_the_user_wrote(
    home: Workspace, reported: Reported, cards: Path
) -> None:
    """Your own title, a field taken out, an item added, comments: all of it stays."""
    put_card(cards, "TITLE:VP", "EMAIL:a@acme.example", "ORG:Acme", "NOTE:from the card")
    sync(reported, cards)
    path = home.contacts / "dana-smith.yaml"
    text = path.read_text()
    text = text.replace("title: VP", "title: the boss  # as they say").replace(
        "emails: [a@acme.example]", "emails: [a@acme.example, mine@home.example]"
    )
    text = text.replace("notes: from the card\n", "")
    path.write_text(text)
    put_card(cards, "TITLE:CEO", "EMAIL:b@acme.example", "ORG:Acme", "NOTE:changed in the card")
    (step,) = sync(reported, cards)
    assert path.read_text() == text.replace(
        "mine@home.example]", "mine@home.example, b@acme.example]"
    )
    assert "title is yours and stays, not 'CEO'" in step["remarks"]
    assert "notes is yours and stays, not 'changed in the card'" in step["remarks"]
    assert "emails: 'a@acme.example' is no longer in the card, and stays here" in step["remarks"]
    assert [p["action"] for p in sync(reported, cards)] == ["unchanged"]


def test_a_sync_knows_a_renamed_person_again_by_the_card(
    home: Workspace, reported: Reported, cards: Path
) -> None:
    """The UID decides; the name follows the card, and the old one stays as an alias."""
    put_card(cards, "TITLE:VP")
    sync(reported, cards)
    put_card(cards, "TITLE:CEO", name="Dana Ortiz")
    assert [p["action"] for p in sync(reported, cards)] == ["merge"]
    dana = contact(home)
    assert (dana.name, dana.aliases, dana.title) == ("Dana Ortiz", ("Dana Smith",), "CEO")


def test_a_sync_removes_nobody_whose_card_is_gone(
    home: Workspace, reported: Reported, cards: Path
) -> None:
    """And finds a new card beside it."""
    put_card(cards, "TITLE:VP")
    sync(reported, cards)
    (cards / "u1.vcf").unlink()
    put_card(cards, name="Eve Jones", uid="u2")
    assert [p["action"] for p in sync(reported, cards)] == ["new"]
    assert contact(home).title == "VP"


def test_a_plain_import_follows_nothing(home: Workspace, reported: Reported, cards: Path) -> None:
    """Yours stays, and the plan says so."""
    put_card(cards, "TITLE:VP", "EMAIL:a@acme.example")
    sync(reported, cards)
    put_card(cards, "TITLE:CEO", "EMAIL:a@acme.example")
    (step,) = reported("contacts", "import", str(cards))["people"]
    assert step["remarks"] == ["title stays as it is, not 'CEO'"]
    assert contact(home).title == "VP"


def test_where_the_memory_of_a_sync_is_lost_nothing_is_overwritten(
    home: Workspace, reported: Reported, cards: Path
) -> None:
    """A broken file there counts as none."""
    put_card(cards, "TITLE:VP", "EMAIL:a@acme.example")
    sync(reported, cards)
    for path in (home.memory / "imported").iterdir():
        path.write_text("{")
    put_card(cards, "TITLE:CEO", "EMAIL:a@acme.example")
    assert [p["action"] for p in sync(reported, cards)] == ["unchanged"]
    assert contact(home).title == "VP"


# Giving out.

DANA = Contact.model_validate(
    {
        "name": "Dana Smith", "address": "12 Harbor St, Newark", "country": "US", "language": "en",
        "links": [{"label": "LinkedIn", "url": "https://social.example/dana"},
                  {"url": "https://dana.example", "visibility": "never"}],
        "tags": ["key account"], "custom": {"Contract": "2027-03"}, "notes": "a secret",
    }
)  # fmt: skip


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_card_has_address_and_links_and_notes_only_when_asked(version: str) -> None:
    """What may never leave the file does not."""
    text = vcard_text(DANA, version=version)
    assert "ADR:;;12 Harbor St\\, Newark;;;;" in text
    assert "item1.URL:https://social.example/dana" in text
    assert "dana.example" not in text.replace("social.example/dana", "")
    for secret in ("key account", "2027-03", "a secret"):
        assert secret not in text
        assert secret in vcard_text(DANA, version=version, with_notes=True)


def test_a_table_has_address_and_links_and_notes_only_when_asked() -> None:
    """In columns that our own import knows."""
    text = table_text([DANA])
    assert "12 Harbor St, Newark" in text
    assert "https://social.example/dana" in text
    for secret in ("key account", "2027-03", "a secret"):
        assert secret not in text
        assert secret in table_text([DANA], with_notes=True)


@pytest.mark.parametrize("form", ["vcard", "vcard4", "csv"])
def test_an_export_with_notes_comes_back(
    home: Workspace, command: Command, reported: Reported, tmp_path: Path, form: str
) -> None:
    """Address, links and tags in their fields."""
    (home.contacts / "dana-smith.yaml").write_text(
        "name: Dana Smith\naddress: 12 Harbor St\ntags: [key account]\nnotes: a secret\n"
        "links: [{label: LinkedIn, url: 'https://www.linkedin.com/in/dana'}]\n"
    )
    out = tmp_path / ("out.csv" if form == "csv" else "out.vcf")
    command("contacts", "export", "--format", form, "--notes", "-o", str(out))
    (home.contacts / "dana-smith.yaml").unlink()
    reported("contacts", "import", str(out))
    dana = contact(home)
    assert (dana.address, dana.tags, dana.notes) == ("12 Harbor St", ("key account",), "a secret")
    assert [(link.label, link.url) for link in dana.links] == [
        ("LinkedIn", "https://www.linkedin.com/in/dana")
    ]
