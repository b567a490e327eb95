"""What has changed since the last delivered sheet, with a real mail server and printer command."""

import json
import stat
from pathlib import Path

import pypdf
import pytest
from night_house import CONTACT, LATER, NIGHT, House, event

BRIEF = "briefings/2026-11-23/1000-review.pdf"
MOVED = "briefings/2026-11-23/1100-review.pdf"
MORE = (
    "interactions:\n"
    "  - {date: 2026-11-19, channel: call, summary: Went through the draft., signals: [relieved]}\n"
)


def text_of(house: House, name: str = BRIEF) -> str:
    """The words of a sheet that lies in the folder."""
    reader = pypdf.PdfReader(house.root / name)
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def learn(house: House, more: str = MORE) -> None:
    """Write something into Dana's file."""
    (house.root / "data" / "contacts" / "dana.yaml").write_text(CONTACT + more)


def test_a_mailed_sheet_is_what_the_next_one_is_compared_with(typeset_house: House) -> None:
    """The next sheet says since when and what; a rerun and a forced one make the same bytes."""
    house = typeset_house
    house.night()
    assert "changed since" not in text_of(house)
    learn(house)
    house.calendar(event("a", "20261123T110000"), event("b", "20261123T140000", title="Lunch"))
    house.night(LATER)
    assert len(house.office.mailbox.messages) == 2
    assert "changed since Sunday’s sheet: time," in text_of(house, MOVED)
    (attached, *_) = house.office.mailbox.messages[-1].iter_attachments()
    delivered = (house.root / MOVED).read_bytes()
    assert attached.get_content() == delivered
    told = house.night(LATER)
    assert {brief["state"] for brief in told["briefs"]} == {"unchanged"}
    house.run("run", "--date", "2026-11-23", "--force", as_of=LATER)
    assert (house.root / MOVED).read_bytes() == delivered


def test_what_was_only_written_is_not_compared_with(typeset_house: House) -> None:
    """A sheet that nobody was given is no news to anyone."""
    house = typeset_house
    house.run("run", "--date", "2026-11-23")
    learn(house)
    house.run("run", "--date", "2026-11-23")
    assert "changed since" not in text_of(house)
    assert "Went through the draft" in text_of(house)


def test_a_delivered_sheet_is_not_written_anew_for_what_has_changed(typeset_house: House) -> None:
    """The words at its foot are no content: what is mailed by hand after it leaves it as it is."""
    house = typeset_house
    house.night()
    before = (house.root / BRIEF).stat().st_mtime_ns
    house.run("send", "--date", "2026-11-23", as_of=LATER)
    told = json.loads(house.run("run", "--date", "2026-11-23", "--json", as_of=LATER).stdout)
    assert {brief["state"] for brief in told["briefs"]} == {"unchanged"}
    assert (house.root / BRIEF).stat().st_mtime_ns == before


@pytest.mark.parametrize("packet", [False, True])
def test_a_printed_sheet_counts_as_well(
    typeset_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, packet: bool
) -> None:
    """Alone or in a packet, printed by hand; `show` says it too."""
    house = typeset_house
    program = tmp_path / "bin" / "lp"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'request id is office-1 (1 file(s))'\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    house.settings(packet=packet)
    settings = house.root / "briefgen.yaml"
    settings.write_text(settings.read_text().replace("nightly: {", "nightly: {email: false, "))
    house.run(*("nightly",) if packet else ("run", "--date", "2026-11-23"))
    assert house.office.mailbox.messages == []
    printed = house.run("print", "--date", "2026-11-23")
    assert printed.exit_code == 0, printed.output
    learn(house)
    house.run("run", "--date", "2026-11-23")
    assert "changed since Sunday’s sheet:" in text_of(house)
    shown = house.run("show", "Review", "--date", "2026-11-23").stdout
    assert "changed since Sunday’s sheet:" in shown


def test_the_ledger_keeps_no_words_of_a_sheet(typeset_house: House) -> None:
    """What the sheet says of people is kept as signs alone."""
    house = typeset_house
    learn(house)
    house.night()
    kept = (house.root / ".briefgen" / "state.sqlite").read_bytes()
    days = (house.root / ".briefgen" / "days" / "2026-11-23.json").read_text()
    for words in ("Went through the draft", "send the draft", "relieved"):
        assert words.encode() not in kept
        assert words not in days


def test_the_night_goes_by_its_own_clock(typeset_house: House) -> None:
    """The weekday is that of the delivery, and a line that is gone is told by nothing."""
    house = typeset_house
    learn(house)
    house.night(NIGHT)
    (house.root / "data" / "contacts" / "dana.yaml").write_text(CONTACT)
    house.run("run", "--date", "2026-11-23", as_of=LATER)
    assert "changed since" not in text_of(house)
