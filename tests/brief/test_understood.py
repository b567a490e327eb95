"""`check` says how words were understood, and asks where they tell too little."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from briefgen.brief.understood import understood
from briefgen.cli import main
from briefgen.contacts.contact import Contact

from .test_doubts import told


def test_an_entry_of_a_matter_tells_its_matter_and_how_many_ways_are_known() -> None:
    """And one of no matter that it stands for itself."""
    contact = Contact(name="Dana", avoid=("divorce", "chess"))
    (matter, word) = understood(contact, "en")
    assert matter[0] == ("avoid", 0)
    assert matter[1].startswith("divorce: separation and divorce, ")
    assert matter[1].endswith(" ways of saying it")
    assert word == (
        ("avoid", 1),
        "chess: this word, in all its forms; it belongs to no known matter",
    )


def test_an_event_tells_what_it_counts_as_and_by_which_words() -> None:
    """Only where the file does not say it itself."""
    events = ["husband Peter died", "moved to Rome", {"note": "her cat died", "kind": "neutral"}]
    contact = Contact.model_validate({"name": "Dana", "life_events": events})
    assert [message for _, message in understood(contact, "en")] == [
        "counts as hard (death: “died”)",
        "counts as neutral",
    ]


@pytest.mark.parametrize(
    ("entry", "field", "message"),
    [
        ("life_events: [lost the tender]", "life_events[0].note", "may be hard or not ('lost')"),
        (
            "interactions: [{date: 2026-11-02, signals: [frustated]}]",
            "interactions[0].signals[0]",
            "'frustated' is not in the vocabulary; did you mean 'frustrated'?",
        ),
        (
            "interactions: [{date: 2026-11-02, signals: [zippy]}]",
            "interactions[0].signals[0]",
            "no stance follows",
        ),
        (
            "promises: [{text: call, kept: 2026-11-01, dropped: 2026-11-02}]",
            "promises[0].dropped",
            "kept and dropped",
        ),
    ],
)
def test_what_tells_too_little_is_asked(
    tmp_path: Path, entry: str, field: str, message: str
) -> None:
    """A warning with its place and what to write."""
    (problem,) = told(tmp_path, f"name: Dana Smith\n{entry}\n")
    assert (problem.line, problem.field, problem.severity) == (2, field, "warning")
    assert message in problem.message


def test_check_prints_it_beside_the_problems(tmp_path: Path) -> None:
    """In words and in JSON; it is no problem, also with `--strict`."""
    told(tmp_path, "name: Dana Smith\navoid: [divorce]\n")
    shown = CliRunner().invoke(main, ["check", "-w", str(tmp_path), "--strict"])
    assert shown.exit_code == 0
    assert "understood: data/contacts/one.yaml:2: avoid[0]: divorce: separation" in shown.output
    made = CliRunner().invoke(main, ["check", "-w", str(tmp_path), "--json"])
    report = json.loads(made.stdout)
    assert report["problems"] == []
    assert report["understood"][0]["field"] == "avoid[0]"
