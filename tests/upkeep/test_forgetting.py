"""Forgetting a person strikes what names them, and nothing that only looks like it."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import Result

from briefgen.delivery.ledger_file import open_ledger, read_ledger
from briefgen.workspace.folder import Workspace

Command = Callable[..., Result]

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
MAY = "name: May\nemails: [may@acme.example]\n"
LOG = """\
you may want to look at this
mail to may@acme.example was refused
data/contacts/may.yaml:3: title: unknown field
dismay, mayor and Mayfair
"""


@pytest.fixture
def may(home: Workspace) -> Path:
    """The file of someone whose name is a word."""
    path = home.contacts / "may.yaml"
    path.write_text(MAY)
    home.memory.mkdir(exist_ok=True)
    return path


def forget(command: Command, who: str = "may") -> Result:
    """`contacts forget WHO --yes`, which must work."""
    done = command("contacts", "forget", who, "--yes")
    assert done.exit_code == 0, done.output
    return done


def test_a_contact_called_may_strikes_no_line_with_the_word(
    home: Workspace, command: Command, may: Path
) -> None:
    """Her address and her file's name are struck from the log; the word stays."""
    (home.memory / "nightly.log").write_text(LOG)
    forget(command)
    assert not may.exists()
    left = (home.memory / "nightly.log").read_text().splitlines()
    assert left == [LOG.splitlines()[0], LOG.splitlines()[3]]


def test_a_contact_called_may_takes_no_draft_of_somebody_else_along(
    home: Workspace, command: Command, may: Path
) -> None:
    """A draft is hers where it says so: by its contact, by her address."""
    drafts = home.memory / "drafts"
    drafts.mkdir()
    (drafts / "a.yaml").write_text("contact: eve\nsummary: we may meet in May\n")
    (drafts / "b.yaml").write_text("contact: may\nsummary: x\n")
    (drafts / "c.yaml").write_text("- contact: eve\n- contact: 'may'\n")
    (drafts / "d.yaml").write_text("contact: eve\nsummary: wrote to may@acme.example\n")
    (home.memory / "cache.json").write_text('{"title": "May we talk?", "contact": "eve"}')
    (home.memory / "hers.json").write_text('{"contact": "may"}')
    forget(command)
    assert sorted(p.name for p in drafts.iterdir()) == ["a.yaml"]
    assert (home.memory / "cache.json").exists()
    assert not (home.memory / "hers.json").exists()


def test_forgetting_one_blanks_no_other_text_of_the_ledger(
    home: Workspace, command: Command, may: Path
) -> None:
    """Her texts go, in deliveries and nights; everyone else's, numbers and the word stay."""
    facts = {
        "meetings": [
            {"title": "Budget", "people": ["may@acme.example", "Eve Jones"], "minutes": 30},
            {"title": "What may come", "people": ["Ben Lund"], "minutes": 45},
        ],
        "sent": True,
    }
    with open_ledger(home.memory) as ledger:
        ledger.intend(
            channel="mail", about="day 2026-11-23", day=date(2026, 11, 23),
            recipient="robin@keller-advisory.example", version="v", message_id="<a@keller.example>",
            as_of=NOW, facts=facts,
        )  # fmt: skip
        night = ledger.begin_night(NOW)
        reasons = ["data/contacts/may.yaml: broken", "the printer may be off"]
        ledger.end_night(night, ended=NOW, status=3, summary={"written": 2, "reasons": reasons})
    forget(command)
    with read_ledger(home.memory) as ledger:
        (delivery,) = ledger.of_day(date(2026, 11, 23))
        (kept,) = ledger.nights(1)
    first, second = facts["meetings"]
    assert delivery.facts == {
        "meetings": [{**first, "people": ["", "Eve Jones"]}, second], "sent": True,
    }  # fmt: skip
    assert kept.summary == {"written": 2, "reasons": ["", "the printer may be off"]}


@pytest.mark.parametrize(("name", "struck"), [("Dana Smith", True), ("Zoë", True), ("Will", False)])
def test_a_name_counts_where_it_can_only_mean_them(
    home: Workspace,
    command: Command,
    name: str,
    struck: bool,  # noqa: FBT001  # of the table
) -> None:
    """Two words, or letters that no word of English has; as whole words."""
    (home.contacts / "them.yaml").write_text(f"name: {name}\n")
    home.memory.mkdir(exist_ok=True)
    (home.memory / "nightly.log").write_text(f"met {name} today\nmet x{name}x today\n")
    forget(command, "them")
    left = (home.memory / "nightly.log").read_text()
    assert (f"met {name} today" in left) != struck
    assert f"met x{name}x today" in left


def test_a_name_within_an_address_of_somebody_else_stays(
    home: Workspace, command: Command, may: Path
) -> None:
    """may@acme.example is no part of dismay@acme.example."""
    (home.memory / "nightly.log").write_text("to dismay@acme.example\nto may@acme.example\n")
    forget(command)
    assert (home.memory / "nightly.log").read_text() == "to dismay@acme.example\n"


def test_what_a_killed_run_left_of_them_is_removed(
    home: Workspace, command: Command, may: Path
) -> None:
    """A half-written copy of the file; that of someone else stays."""
    (home.contacts / ".briefgen-a1.part").write_text(MAY)
    (home.contacts / ".briefgen-b2.part").write_text("name: Eve\nemails: [eve@acme.example]\n")
    forget(command)
    assert [p.name for p in home.contacts.iterdir()] == [".briefgen-b2.part"]


def test_what_was_brought_by_a_sync_is_removed(
    home: Workspace, command: Command, may: Path
) -> None:
    """Only theirs."""
    folder = home.memory / "imported"
    folder.mkdir()
    for name, stem in (("a", "may"), ("b", "eve")):
        (folder / f"{name}.json").write_text(json.dumps({"key": name, "contact": stem}))
    forget(command)
    assert [p.name for p in folder.iterdir()] == ["b.json"]


def test_secrets_are_never_removed(home: Workspace, command: Command, may: Path) -> None:
    """Whatever they hold."""
    (home.memory / "secrets").mkdir()
    secret = home.memory / "secrets" / "smtp"
    secret.write_text("may@acme.example")
    forget(command)
    assert secret.exists()
