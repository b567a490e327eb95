"""What `contacts forget` finds beyond files: the ledger's nights, logs, and what a kill left."""

from collections.abc import Callable
from datetime import UTC, datetime

from click.testing import Result

from briefgen.delivery.ledger_file import open_ledger
from briefgen.workspace.folder import Workspace

Command = Callable[..., Result]

NOW = datetime(2026, 11, 22, 21, tzinfo=UTC)


def contact(home: Workspace, stem: str, name: str) -> None:
    """A contact on file."""
    text = f"version: 1\nname: {name}\nemails: [{stem}@acme.example]\n"
    (home.contacts / f"{stem}.yaml").write_text(text)


def test_the_name_of_their_file_goes_too(home: Workspace, command: Command) -> None:
    """Reasons of nights and log lines that name the contact file are struck; others stay."""
    contact(home, "may", "May")
    with open_ledger(home.memory) as ledger:
        number = ledger.begin_night(NOW)
        reasons = ["error: data/contacts/may.yaml:3: broken", "it may be over soon"]
        ledger.end_night(number, ended=NOW, status=3, summary={"reasons": reasons, "written": 2})
    log = home.memory / "nightly.log"
    log.write_text("problem file=data/contacts/may.yaml\nit may be over soon\n")
    assert command("contacts", "forget", "may", "--yes").exit_code == 0
    assert log.read_text() == "it may be over soon\n"
    with open_ledger(home.memory) as ledger:
        (night,) = ledger.nights(1)
    assert night.summary == {"reasons": ["", "it may be over soon"], "written": 2}
    assert b"may.yaml" not in (home.memory / "state.sqlite").read_bytes()


def test_a_short_name_strikes_no_other_word(home: Workspace, command: Command) -> None:
    """A contact called May takes no line with the word "may" along, nor Ana Li one of Diana Lin."""
    contact(home, "may-lee", "May")
    contact(home, "ana", "Ana Li")
    log = home.memory / "nightly.log"
    home.memory.mkdir()
    kept = "that may be\nMay 2026\nmail to Diana Lin\n"
    log.write_text(f"{kept}Ana Li was there\nto ana@acme.example\n")
    for stem in ("may-lee", "ana"):
        assert command("contacts", "forget", stem, "--yes").exit_code == 0
    assert log.read_text() == kept


def test_what_a_kill_left_half_written(home: Workspace, command: Command) -> None:
    """A whole copy of the file under a temporary name is found and removed."""
    contact(home, "dana", "Dana Smith")
    copies = [home.contacts / ".briefgen-1-x.part", home.memory / "history" / ".briefgen-x.part"]
    for copy in copies:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((home.contacts / "dana.yaml").read_bytes())
    assert command("contacts", "forget", "dana", "--yes").exit_code == 0
    assert [copy for copy in copies if copy.exists()] == []
