"""A folder of cards taken again after a card has changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from briefgen.cli import main

Sync = Callable[..., tuple[dict[str, Any], str]]


@pytest.fixture
def sync(tmp_path: Path) -> Sync:
    """Take a folder of one card again; what its file then says, and what the command said."""
    root, folder = tmp_path / "home", tmp_path / "cards"
    (root / "data" / "contacts").mkdir(parents=True)
    folder.mkdir()
    (root / "briefgen.yaml").write_text("version: 1\nme: {name: Robin, emails: [r@r.example]}\n")

    def run(*lines: str, edit: tuple[str, str] | None = None) -> tuple[dict[str, Any], str]:
        body = "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", "UID:u1", *lines, "END:VCARD", ""))
        (folder / "a.vcf").write_text(body)
        for path in root.glob("data/contacts/*.yaml") if edit else ():
            path.write_text(path.read_text().replace(*edit))
        given = ["contacts", "import", "--sync", str(folder), "--yes", "-w", str(root)]
        done = CliRunner().invoke(main, given)
        (path,) = root.glob("data/*/*.yaml")
        return yaml.load(path.read_text(), yaml.CBaseLoader), done.output  # texts alone

    return run


def test_somebody_who_married_is_renamed(sync: Sync) -> None:
    """The new name is the card's, the old one stays as an alias, and once more changes nothing."""
    sync("FN:Ada Okafor", "EMAIL:ada@acme.example")
    ada, _ = sync("FN:Ada Brandt", "EMAIL:ada@acme.example")
    assert (ada["name"], ada["aliases"]) == ("Ada Brandt", ["Ada Okafor"])
    _, said = sync("FN:Ada Brandt", "EMAIL:ada@acme.example")
    assert "merge" not in said


def test_a_name_that_the_user_wrote_stays(sync: Sync) -> None:
    """And the command says so."""
    sync("FN:Ada Okafor", "EMAIL:ada@acme.example")
    change = ("name: Ada Okafor", "name: Ada O.")
    ada, said = sync("FN:Ada Brandt", "EMAIL:ada@acme.example", edit=change)
    assert ada["name"] == "Ada O."
    assert "name is yours and stays, not 'Ada Brandt'" in said


def test_what_left_the_card_is_named(sync: Sync) -> None:
    """Your own field stays, as a title does, and is no secret."""
    sync("FN:Ada Okafor", "TITLE:VP", "ROLE:Lead")
    ada, said = sync("FN:Ada Okafor", "TITLE:VP")
    assert ada["custom"] == {"Role": "Lead"}
    assert "custom 'Role' is no longer in the card; 'Lead' stays" in said


def test_a_companys_card_that_says_more_is_no_secret(sync: Sync) -> None:
    """The file of an organization that is there stays as it is; what it lacks is named."""
    card = ("FN:Acme", "ORG:Acme", "X-ABShowAs:COMPANY", "EMAIL:info@acme.example")
    sync(*card)
    acme, said = sync(*card, "TEL:+44 9")
    assert acme["notes"] == "Email: info@acme.example"
    assert "acme.yaml stays as it is, without 'Telephone: +44 9'" in said


def test_two_cards_of_one_company_make_one_file(sync: Sync) -> None:
    """With what both say."""
    card = ("FN:Acme", "ORG:Acme", "X-ABShowAs:COMPANY")
    acme, _ = sync(*card, "TEL:+44 9", "END:VCARD", "BEGIN:VCARD", *card, "TEL:+44 8")
    assert acme["notes"] == "Telephone: +44 9, +44 8"
