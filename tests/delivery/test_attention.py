"""The week's one small attention, in nights: chosen once, told in packet and mail, sent once."""

import json

from click.testing import CliRunner
from night_house import CONTACT, LATER, House, event
from pypdf import PdfReader

from briefgen.cli import main

LEE = "version: 1\nname: Lee Wong\nto_share: [{text: a paper on looms, fits: weaving}]\n"
SAID = "Lee Wong: send: a paper on looms"
MONDAY_NIGHT = "2026-11-23T22:10"


def with_lee(house: House) -> None:
    """Someone to send something to."""
    house.settings(packet=True)
    (house.root / "data" / "contacts" / "lee.yaml").write_text(LEE)


def text_of(house: House, at: int = -1) -> str:
    """The plain text of a mail in the mailbox."""
    body = house.office.mailbox.messages[at].get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_it_is_in_packet_and_mail_and_sends_nothing_again(house: House) -> None:
    """Said once; ticked, the delivered mail and the packet stay as they are; then it is silent."""
    with_lee(house)
    assert house.night()["status"] == 0
    packet = house.root / "briefings" / "2026-11-23" / "packet.pdf"
    sheet = " ".join(PdfReader(packet).pages[0].extract_text().split())
    assert "This week" in sheet
    assert sheet.count("a paper on looms") == text_of(house).count("a paper on looms") == 1
    assert f"This week\n- {SAID}" in text_of(house)
    before = packet.stat().st_mtime_ns
    assert house.run("done", "lee wong", as_of=LATER).exit_code == 0
    house.night(LATER)
    assert len(house.office.mailbox.messages) == 1
    assert packet.stat().st_mtime_ns == before


def test_it_stays_all_week_whoever_comes_later(house: House) -> None:
    """A birthday written down on Monday would come first, and waits."""
    with_lee(house)
    house.settings(packet=False)
    house.night()
    (house.root / "data" / "contacts" / "dana.yaml").write_text(CONTACT + "birthday: 11-27\n")
    house.calendar(event("c", "20261124T100000"))
    house.night(MONDAY_NIGHT)
    assert f"This week\n- {SAID}" in text_of(house)
    (kept,) = json.loads((house.root / ".briefgen" / "attention.json").read_text())
    assert (kept["contact"], kept["week"], kept["done"]) == ("lee", "2026-11-23", None)


def test_a_trial_chooses_nothing_for_the_week(house: House) -> None:
    """`--dry-run` remembers nothing."""
    with_lee(house)
    assert house.run("nightly", "--dry-run").exit_code == 0
    assert not (house.root / ".briefgen" / "attention.json").exists()


def test_a_sealed_mail_says_nothing_of_it(house: House) -> None:
    """Where attachments are encrypted, the body has nothing from contact files."""
    with_lee(house)
    path = house.root / "briefgen.yaml"
    text = path.read_text()
    seal = "  attachment_password_command: echo secret words\n  to: [robin"
    path.write_text(text.replace("  to: [robin", seal))
    assert house.night()["status"] == 0
    assert "looms" not in text_of(house)


def test_who_is_forgotten_is_no_attention(house: House) -> None:
    """Nothing is left of them in what the week remembers."""
    with_lee(house)
    house.night()
    memory = house.root / ".briefgen" / "attention.json"
    assert "Lee Wong" in memory.read_text()
    arguments = ["contacts", "forget", "lee", "--yes", "-w", str(house.root), "--as-of", LATER]
    command = CliRunner().invoke(main, arguments)
    assert not memory.exists(), command.output
