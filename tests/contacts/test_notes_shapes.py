"""Monica's export and notes in Markdown as their programs write them, in `notes/`."""

from pathlib import Path

from briefgen.contacts.exchange.importers import files_in, read_people
from briefgen.contacts.exchange.person import Incoming, Item, Options, Place

NOTES = Path(__file__).parent / "notes"


def read(name: str) -> list[Item]:
    """What is read of a file or folder."""
    return list(read_people(files_in(NOTES / name), Options()))


def people(name: str) -> list[Incoming]:
    """The people of a file or folder."""
    return [item for item in read(name) if isinstance(item, Incoming)]


def test_monicas_lists_are_told_whole() -> None:
    """Messages, the note of a life event, a second address, who is what to whom."""
    ada, sam = people("monica.json")
    told = [(past.channel, past.summary) for past in ada.interactions]
    assert ("message", "Hello") in told
    assert [note for _, note in ada.life_events] == ["New job: at Acme"]
    assert dict(ada.custom)["Address (Home)"] == "1 Lane, Leeds, GB"
    assert ada.links == (("LinkedIn", "https://linkedin.com/in/ada"),)
    assert dict(sam.custom) == {"Spouse": "Ada Q Okafor"}
    assert ada.photo is not None


def test_monicas_open_matters_keep_their_days() -> None:
    """A reminder its date, a debt its amount and whose it is, a meeting who introduced them."""
    ada, _ = people("monica.json")
    assert ada.notes is not None
    lines = ada.notes.splitlines()
    assert "Reminder: Birthday: send card: 2026-03-26" in lines
    assert "Debt (mine): 20: EUR: lunch: inprogress" in lines
    assert "First met: 2019-05-01, through Sam Okafor" in lines


def test_what_monica_guesses_or_labels_is_named() -> None:
    """A birthday made of an age, the label of a number, the name of an address."""
    ada, sam = people("monica.json")
    assert sam.birthday is None
    assert "birthday: only an age is known; not taken" in sam.remarks
    assert "the name of the address, 'Office', is not taken" in ada.remarks
    places = {item.source: item.field for item in read("monica.json") if isinstance(item, Place)}
    assert places["contact_field label"] is None
    assert places["relationship"] == "custom"
    assert places["stay_in_touch_frequency"] is None


def test_logseq_writes_lists() -> None:
    """A heading is an item, and what follows at its level is no part of it."""
    cy, dee = people("logseq")
    (call,) = cy.interactions
    assert (str(call.date), call.channel) == ("2026-11-02", "call")
    assert "prices" in call.summary
    assert cy.notes == "- Met at the fair\n- Later remark"
    assert (cy.organization, str(cy.birthday)) == ("Acme", "1985-03-26")
    assert (dee.emails, dee.notes) == (("dee@fox.example",), "- Likes chess")


def test_fields_inside_fields_are_read() -> None:
    """`contact: {email: …}` is an address, `address: {city: …}` a part of one."""
    (hal,) = people("nested.md")
    assert (hal.emails, hal.telephones) == (("hal@jay.example",), ("+44 5",))
    assert hal.address == "12 Quay, York"


def test_dataviews_fields_in_brackets() -> None:
    """`[Company:: Acme]` and `(Phone:: …)` are fields as much as those on their own line."""
    (eve,) = people("dataview.md")
    assert (eve.organization, eve.telephones) == ("Acme", ("+44 9",))
    assert eve.notes == "Some text."


def test_headings_with_months_in_words() -> None:
    """`## 2. November 2026 Besuch` begins an interaction."""
    (gil,) = people("crlf.md")
    assert [(str(p.date), p.channel) for p in gil.interactions] == [
        ("2026-11-02", "visit"),
        ("2026-11-03", "meeting"),
    ]


def test_a_note_that_says_it_is_one_of_a_person() -> None:
    """`type: person` tells as a tag does."""
    assert [person.name for person in people("People")] == ["Ada Okafor", "Ben Cole"]
