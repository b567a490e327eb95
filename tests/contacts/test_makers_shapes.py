"""Address books in the shapes in which their makers write them, of people who do not exist.

The files lie in `shapes/`; each says of Ada Okafor what its maker has columns for.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from briefgen.cli import main
from briefgen.contacts.exchange.importers import read_people
from briefgen.contacts.exchange.person import Incoming, Options, Place

SHAPES = Path(__file__).parent / "shapes"
LANGUAGES = ("de", "fr", "es", "it", "nl", "pt", "ja", "ar")


def read(name: str) -> tuple[list[Incoming], dict[str, str | None]]:
    """The people of a file, and where its columns or properties go."""
    items = list(read_people([SHAPES / name], Options()))
    places = {item.source: item.field for item in items if isinstance(item, Place)}
    return [item for item in items if isinstance(item, Incoming)], places


def not_taken(places: dict[str, str | None]) -> list[str]:
    """The columns that go nowhere, without those of Google that only say which address it is."""
    return [name for name, field in places.items() if field is None and " 1 - " not in name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_google_in_every_language(language: str) -> None:
    """Google's pairs of label and value are read under the names of every language."""
    (ada,), places = read(f"google-{language}.csv")
    assert (ada.name, ada.aliases) == ("Ada Q Okafor PhD", ("Addie",))
    assert (ada.organization, ada.title, ada.notes) == ("Acme", "VP", "plays chess")
    assert (ada.emails, ada.telephones) == (("ada@acme.example",), ("+44 1",))
    assert ada.address == "12 Quay, YO1 York, GB"
    assert ada.links == (("Blog", "https://ada.example"),)
    assert [(str(date), note) for date, note in ada.life_events] == [("2010-06-14", "Jahrestag")]
    assert [text for _, text in ada.custom] == ["Dr.", "Sales", "Mia", "39"]
    assert dict(ada.custom)["Kind"] == "Mia"
    assert len(not_taken(places)) == 1  # the address of a photo


@pytest.mark.parametrize("language", LANGUAGES)
def test_thunderbird_in_every_language(language: str) -> None:
    """Thunderbird's two addresses stay two, also where their columns share their names."""
    (ada,), places = read(f"tb-{language}.csv")
    assert not_taken(places) == []
    assert (ada.name, ada.organization, ada.title) == ("Ada Okafor", "Acme", "VP")
    assert ada.emails == ("ada@acme.example", "ada@home.example")
    assert ada.telephones == ("+441", "+442", "+445")
    assert ada.address == "1 Lane, Flat 2, LS1 Leeds, Yorks, UK"
    assert dict(ada.custom)["Address (work)"] == "12 Quay, 3rd floor, YO1 York, Yorks, UK"
    assert str(ada.birthday) == "1985-03-26"
    assert {"+443", "+444", "ada.im", "Sales", "c1", "c2"} <= {text for _, text in ada.custom}


def test_google_names_the_service_and_the_address() -> None:
    """A messenger goes by its service, a second address by its label."""
    (ada,), _ = read("google-old.csv")
    assert dict(ada.custom)["Skype"] == "ada.sk"
    (ada,), _ = read("google-new.csv")
    assert dict(ada.custom)["Address (Home)"] == "1 Lane, Leeds"
    assert ada.links == (("Blog", "https://ada.example/blog"),)


def test_post_boxes_are_of_the_address() -> None:
    """Outlook's columns of post boxes belong to the address that they are of."""
    (ada,), places = read("outlook-classic.csv")
    assert ada.address == "12 Quay, PB 7, YO1 York, Yorks, United Kingdom"
    assert places["Home Address PO Box"] == "address"


def test_hubspot_keeps_links_without_a_scheme() -> None:
    """`linkedin.com/in/ada` is a link, `Website URL` a column of them, `State/Region` a region."""
    (ada,), _ = read("hubspot.csv")
    assert ada.links == (("", "https://acme.example"), ("LinkedIn", "https://linkedin.com/in/ada"))
    assert ada.address == "12 Quay, YO1 York, Yorks, UK"


def test_a_table_of_organizations_makes_organizations() -> None:
    """A table with a column of organizations and none of people is one of organizations."""
    (acme,), places = read("pipedrive-org.csv")
    assert (acme.kind, acme.name, acme.address) == ("organization", "Acme", "12 Quay")
    assert places["Organization - Owner"] is None


def test_what_clickup_writes() -> None:
    """A weekday before a date and brackets around tags say nothing."""
    (ada,), _ = read("clickup.csv")
    assert str(ada.birthday) == "1985-03-26"
    assert ada.tags == ("vip", "client")


def test_assistants_numbers_are_no_telephones_of_theirs() -> None:
    """Evolution's and Android's numbers of assistants are kept under that label."""
    for name in ("evolution.vcf", "android21.vcf"):
        (person,), _ = read(name)
        assert "Assistant's telephone" in dict(person.custom), name
        assert not set(person.telephones) & {"+44 8", "+49 3"}, name


def test_messengers_go_by_their_names() -> None:
    """IMPP names its service in a parameter, its type or its scheme."""
    people, _ = read("nextcloud.vcf")
    said = {"Signal": "+44 9", "Matrix": "u/ada:acme.example"}
    assert said.items() <= dict(people[0].custom).items()
    (ada,), _ = read("apple3.vcf")
    assert dict(ada.custom)["WhatsApp"] == "447700900"


def test_labels_keep_their_case() -> None:
    """What an address book calls a date is the user's wording."""
    (ada,), _ = read("apple3.vcf")
    assert [note for _, note in ada.life_events] == ["anniversary", "Started at Acme"]


def test_android_numbers_relations() -> None:
    """Android writes a number for what someone is, or its own label."""
    (person,), _ = read("android21.vcf")
    assert {"Spouse": "Eva", "Neffe": "Max"}.items() <= dict(person.custom).items()


def _home(root: Path) -> Path:
    (root / "data" / "contacts").mkdir(parents=True)
    (root / "briefgen.yaml").write_text("version: 1\nme: {name: Robin, emails: [r@r.example]}\n")
    return root


def _run(root: Path, *arguments: str) -> None:
    done = CliRunner().invoke(main, [*arguments, "-w", str(root), "--as-of", "2026-11-22T09:00"])
    assert done.exit_code in {0, 3}, done.output


def _on_file(root: Path) -> dict[str, Any]:
    return {
        path.name: yaml.load(path.read_text(), yaml.CBaseLoader)  # texts alone
        for path in (root / "data" / "contacts").glob("*.yaml")
    }


@pytest.mark.parametrize("form", ["vcard", "vcard4", "csv"])
@pytest.mark.parametrize(
    "name", sorted(path.name for path in SHAPES.iterdir() if path.suffix != ".txt")
)
def test_export_and_import_again_give_the_same(tmp_path: Path, name: str, form: str) -> None:
    """With `--notes`, what was imported comes back from an export field for field."""
    first, second = _home(tmp_path / "first"), _home(tmp_path / "second")
    _run(first, "contacts", "import", str(SHAPES / name), "--yes")
    out = str(tmp_path / ("out.csv" if form == "csv" else "out.vcf"))
    if _on_file(first):
        _run(first, "contacts", "export", "--format", form, "--notes", "-o", out)
        _run(second, "contacts", "import", out, "--yes")
    assert _on_file(second) == _on_file(first)


@pytest.mark.parametrize(
    "name",
    ["capsule", "insightly", "copper", "monday", "activecampaign", "close", "suitecrm", "bitrix",
     "vtiger", "fastmail", "gmx", "datev", "xing", "eventbrite", "typeform", "calendly"],
)  # fmt: skip
def test_further_programs_name_the_right_person(name: str) -> None:
    """Ada with her address, and never the organization that is under "Name"."""
    (ada,), _ = read(f"{name}.csv")
    assert (ada.kind, ada.name.replace(" Q ", " ")) == ("person", "Ada Okafor")
    assert ada.emails[0] == "ada@acme.example"
    if name not in {"typeform", "calendly"}:
        assert (ada.organization or "").startswith("Acme")


@pytest.mark.parametrize("name", ["capsule", "insightly", "suitecrm"])
def test_words_before_the_parts_of_an_address(name: str) -> None:
    """`Address Street`, `MailAddressStreet`, `Primary Address Street` are streets."""
    (ada,), _ = read(f"{name}.csv")
    assert (ada.address or "").startswith("12 Quay, YO1 York")


def test_a_second_column_of_names_is_kept(tmp_path: Path) -> None:
    """Under its own name, where it says something else."""
    path = tmp_path / "a.csv"
    path.write_text("Name,Contact,Email\nAda Okafor,+44 1,ada@acme.example\n")
    (ada,) = [i for i in read_people([path], Options()) if isinstance(i, Incoming)]
    assert (ada.name, ada.custom) == ("Ada Okafor", (("Contact", "+44 1"),))
