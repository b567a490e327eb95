"""`contacts set`, `note`, `edit`, `merge` and `new`: changes without an editor, or with one."""

import os
import pty
import select
import sys
from pathlib import Path

import pytest
from click.testing import Result
from small_workspaces import SETTINGS, Place

from briefgen.cli import main
from briefgen.contacts.book import parse_contact

AS_OF = "2026-11-23T18:00"
DANA = """\
# what I know of Dana
version: 1
name: Dana Smith
emails: [dana.smith@acme.example]
title: VP Operations   # since March
relationship: {status: steady}
interests: [sailing]
life_events:
  - moved to Newark
promises:
  - {text: send the plan, due: 2026-11-20}
interactions:
  - {date: 2026-11-02, channel: call, summary: second}
  - {date: 2026-10-02, channel: call, summary: first}
notes: Met in Lisbon.
"""
TWIN = """\
# from the telephone
name: Dana Smith-Ortiz
emails: [DANA.SMITH@acme.example, dana@personal.example]
title: Chief
telephones: ["+1 555 0100"]
birthday: 03-26
decides: yes
relationship: {status: warm, stay_in_touch: 6w}
interests: [Sailing, chess]
promises:
  - {text: Send the plan, made: 2026-11-02}
  - {by: them, text: name a lead, due: 2026-11-27}
interactions:
  - {date: 2026-11-02, channel: call, summary: second}
  - {date: 2026-10-20, channel: email, summary: between}
custom: {Assistant: Ana}
life_events: [{date: 2026-03, note: moved to Newark}, bought a boat]
notes: |
  Two
  lines
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Dana and her twin, the same person twice."""
    made = Place(tmp_path / "w")
    made.write("briefgen.yaml", SETTINGS)
    made.write("data/contacts/dana-smith.yaml", DANA)
    made.write("data/contacts/twin.yaml", TWIN)
    return made


def _dana(place: Place) -> str:
    return (place.root / "data/contacts/dana-smith.yaml").read_text()


def _call(place: Place, command: str, *words: str) -> Result:
    call = ["contacts", command, "-w", str(place.root), "--as-of", AS_OF, *words]
    return place.runner.invoke(main, call, catch_exceptions=False)


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        ("title", "COO", "title: COO   # since March\n"),
        ("organization", "Acme: Logistics", 'organization: "Acme: Logistics"\n'),
        ("relationship.status", "strained", "relationship: {status: strained}\n"),
        ("relationship.since", "2026-09-01", "{status: steady, since: 2026-09-01}\n"),
        ("birthday", "03-26", "birthday: 03-26\n"),
        ("custom.Contract", "2027-03", "custom:\n  Contract: "),
        ("interests", "chess", "interests: [sailing, chess]\n"),
        ("avoid", "divorce", "avoid:\n  - divorce\n"),
        ("decides", "yes", "decides: yes\n"),
    ],
)
def test_a_field_is_set(place: Place, field: str, value: str, written: str) -> None:
    """One line changes, comments stay, the reader takes it, and undo takes it back."""
    result = _call(place, "set", "dana-smith", field, value)
    assert result.exit_code == 0, result.output
    assert written in _dana(place)
    contact, problems = parse_contact(_dana(place).encode(), "data/contacts/dana-smith.yaml")
    assert contact is not None
    assert not problems
    assert _call(place, "set", "dana-smith", field, value).output.endswith("says so already\n")
    assert _call(place, "undo", "dana-smith").exit_code == 0
    assert _dana(place) == DANA


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        (("title", ""), "title: VP Operations   # since March\n"),
        (("title", "--unset"), "title: VP Operations   # since March\n"),
        (("relationship.status", "--unset"), "relationship: {status: steady}\n"),
        (("interests", "Sailing", "--unset"), "interests: [sailing]\n"),
        (("life_events", "--unset"), "life_events:\n  - moved to Newark\n"),
        (
            ("interactions", "--unset"),
            DANA[DANA.index("interactions") : DANA.index("notes")],
        ),
        (("notes", ""), "notes: Met in Lisbon.\n"),
    ],
)
def test_a_field_is_taken_out(place: Place, words: tuple[str, ...], gone: str) -> None:
    """Its lines go, with what would be empty without it; all else stays; undo brings it back."""
    result = _call(place, "set", "dana-smith", *words)
    assert result.exit_code == 0, result.output
    assert result.output.endswith("(removed)\n")
    assert _dana(place) == DANA.replace(gone, "")
    assert _call(place, "set", "dana-smith", *words).output.endswith("says so already\n")
    assert _call(place, "undo", "dana-smith").exit_code == 0
    assert _dana(place) == DANA


def test_one_item_of_a_list_is_taken_out(place: Place) -> None:
    """The others stay, in brackets or on separate lines."""
    assert _call(place, "set", "dana-smith", "interests", "chess").exit_code == 0
    assert _call(place, "set", "dana-smith", "interests", "sailing", "--unset").exit_code == 0
    assert "interests: [chess]\n" in _dana(place)
    assert _call(place, "set", "dana-smith", "promises", "send the plan", "--unset").exit_code == 0
    assert "promises" not in _dana(place)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("name", ""), "name"),
        (("titel", "--unset"), "did you mean 'title'?"),
        (("title", "COO", "--unset"), "is not a list"),
        (("title",), "give a value, or --unset"),
    ],
)
def test_what_cannot_be_taken_out_is_refused(
    place: Place, words: tuple[str, ...], told: str
) -> None:
    """Nothing is written, and the reason is reported."""
    result = _call(place, "set", "dana-smith", *words)
    assert result.exit_code in {1, 2}, result.output
    assert told in result.output
    assert _dana(place) == DANA


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("titel", "COO", "did you mean 'title'?"),
        ("relationship.statu", "warm", "did you mean 'relationship.status'?"),
        ("relationship", "warm", "give_space_until"),
        ("relationship.status", "cosy", "is not one of"),
        ("birthday", "1980", "a year alone is no birthday"),
        ("emails", "not an address", "address"),
        ("interactions", "met her", "contacts edit"),
        ("custom", "x", "custom.Contract"),
    ],
)
def test_what_cannot_be_set_is_told(place: Place, field: str, value: str, told: str) -> None:
    """A slip in the field or the value changes nothing, and says what was meant."""
    result = _call(place, "set", "dana-smith", field, value)
    assert result.exit_code in {1, 2}
    assert told in result.output
    assert _dana(place) == DANA


def test_a_note_is_dated_and_added(place: Place) -> None:
    """Notes that are there stay before it."""
    assert _call(place, "note", "dana-smith", "likes early trains").exit_code == 0
    assert _call(place, "note", "dana-smith", "walks: everywhere").exit_code == 0
    contact, problems = parse_contact(_dana(place).encode(), "data/contacts/dana-smith.yaml")
    assert contact is not None
    assert not problems
    assert contact.contact.notes == (
        "Met in Lisbon.\n2026-11-23: likes early trains\n2026-11-23: walks: everywhere"
    )
    assert "# since March" in _dana(place)


def test_a_merge_loses_nothing(place: Place) -> None:
    """Every value of both is in the one file; contradictions in its notes; undo restores both."""
    result = _call(place, "merge", "dana-smith", "twin", "--yes")
    assert result.exit_code == 0, result.output
    contact, problems = parse_contact(_dana(place).encode(), "data/contacts/dana-smith.yaml")
    assert contact is not None
    assert not problems
    merged = contact.contact
    assert merged.name == "Dana Smith"
    assert merged.aliases == ("Dana Smith-Ortiz",)
    assert merged.emails == ("dana.smith@acme.example", "dana@personal.example")
    assert (merged.title, str(merged.birthday), merged.decides) == ("VP Operations", "03-26", True)
    assert merged.relationship is not None
    assert (merged.relationship.status, str(merged.relationship.stay_in_touch)) == ("steady", "6w")
    assert [note.text for note in merged.interests] == ["sailing", "chess"]
    assert [one.summary for one in merged.interactions] == ["between", "second", "first"]
    assert [(p.text, str(p.made), str(p.due)) for p in merged.promises] == [
        ("send the plan", "2026-11-02", "2026-11-20"),
        ("name a lead", "None", "2026-11-27"),
    ]
    assert [(e.note, str(e.date)) for e in merged.life_events] == [
        ("moved to Newark", "2026-03"),
        ("bought a boat", "None"),
    ]
    assert merged.custom == {"Assistant": "Ana"}
    assert merged.notes is not None
    for told in ("Met in Lisbon.", "title: Chief", "relationship.status: warm", "Two\nlines"):
        assert told in merged.notes
    assert "# what I know of Dana" in _dana(place)
    twin = place.root / "data/contacts/twin.yaml"
    assert not twin.exists()
    assert _call(place, "undo").exit_code == 0
    assert (_dana(place), twin.read_text()) == (DANA, TWIN)


def test_a_merge_that_is_only_tried_changes_nothing(place: Place) -> None:
    """`--dry-run` shows what would be added."""
    result = _call(place, "merge", "dana-smith", "twin", "--dry-run")
    assert "  + birthday\n" in result.output
    assert _dana(place) == DANA
    assert (place.root / "data/contacts/twin.yaml").exists()


def test_a_file_with_a_fault_is_not_merged(place: Place) -> None:
    """What cannot be read could be lost: it is reported first, and both files stay."""
    place.write("data/contacts/twin.yaml", TWIN + "birtday: 03-26\n")
    result = _call(place, "merge", "dana-smith", "twin", "--yes")
    assert result.exit_code == 1
    assert "did you mean 'birthday'" in result.output
    assert (place.root / "data/contacts/twin.yaml").exists()
    assert _call(place, "merge", "twin", "twin", "--yes").exit_code == 2


def _editor(tmp_path: Path, script: str) -> str:
    path = tmp_path / "editor.sh"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def test_an_edit_is_checked_and_can_be_taken_back(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's editor on the file itself; the version before is kept."""
    monkeypatch.setenv("VISUAL", _editor(tmp_path, "sed -i 's/Lisbon/Porto/' \"$1\""))
    result = _call(place, "edit", "dana-smith")
    assert result.exit_code == 0, result.output
    assert "Porto" in _dana(place)
    assert _call(place, "edit", "dana-smith").output.endswith("not changed\n")
    assert _call(place, "undo", "dana-smith").exit_code == 0
    assert _dana(place) == DANA


def test_a_mistake_in_the_editor_is_told(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With file and line, and undo takes it back too; a file that is broken can be edited again."""
    monkeypatch.setenv("VISUAL", _editor(tmp_path, "sed -i 's/^title: /titel: /' \"$1\""))
    result = _call(place, "edit", "dana-smith")
    assert "dana-smith.yaml:5" in result.output
    assert "did you mean 'title'?" in result.output
    monkeypatch.setenv("VISUAL", _editor(tmp_path, 'echo "name: [" > "$1"'))
    assert _call(place, "edit", "dana-smith").exit_code == 1
    monkeypatch.setenv("VISUAL", _editor(tmp_path, 'echo "name: Dana" > "$1"'))
    assert _call(place, "edit", "dana-smith").exit_code == 0
    for _ in range(3):
        assert _call(place, "undo", "dana-smith").exit_code == 0
    assert _dana(place) == DANA


def _in_a_terminal(place: Place, *words: str, keys: str) -> str:
    child, descriptor = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        call = ["-m", "briefgen", "contacts", *words, "-w", str(place.root)]
        os.execv(sys.executable, [sys.executable, *call])
    os.write(descriptor, keys.encode())
    screen = ""
    while select.select([descriptor], [], [], 30)[0]:
        try:
            read = os.read(descriptor, 4096)
        except OSError:  # the other side is closed
            break
        screen += read.decode(errors="replace")
    os.waitpid(child, 0)
    os.close(descriptor)
    return screen


def test_a_new_contact_needs_no_editor(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a terminal it asks for address, organization and title; Enter skips, `?` explains."""
    monkeypatch.setenv("VISUAL", "/bin/false")
    keys = "lee at acme\nlee.wong@acme.example\n?\nAcme Logistics\n\n"
    screen = _in_a_terminal(place, "new", "Lee Wong", keys=keys)
    assert "not an email address: 'lee at acme'" in screen
    assert "Where they work." in screen
    text = (place.root / "data/contacts/lee-wong.yaml").read_text()
    assert "lee.wong@acme.example" in text
    assert "organization: Acme Logistics\n" in text
    assert "\ntitle:" not in text


@pytest.mark.parametrize(("key", "count"), [("", 1), ("y", 2)])
def test_a_second_file_of_one_name_is_asked_about(place: Place, key: str, count: int) -> None:
    """Before the other questions; Enter means no."""
    screen = _in_a_terminal(place, "new", "Dana Smith", keys=f"{key}\n\n\n\n")
    assert "Make another file of this name?" in screen
    assert len(list((place.root / "data/contacts").glob("dana-smith*.yaml"))) == count


def test_what_a_change_makes_doubtful_is_told_at_once(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `check` says it: after the editor everything in the file, after `set` what is new."""
    script = "sed -i 's/channel: call/channel: call, signals: [frustated]/' \"$1\""
    monkeypatch.setenv("VISUAL", _editor(tmp_path, script))
    result = _call(place, "edit", "dana-smith")
    assert "'frustated' is not in the vocabulary; did you mean 'frustrated'?" in result.output
    result = _call(place, "set", "dana-smith", "birthday", "2099-03-26")
    assert "2099-03-26 is in the future" in result.output
    assert "frustated" not in result.output
    assert "is in the future" not in _call(place, "note", "dana-smith", "likes trains").output
