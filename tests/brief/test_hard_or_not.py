"""Hard events and what only sounds like one; and how a blow is spoken of that is over or known."""

import pytest

from briefgen.brief.events import event_kind
from briefgen.contacts.contact import LifeEvent

from .conftest import Desk, every_line, on_top, texts

ACCIDENTS = [
    ("en", "passed her CIM diploma with distinction"),
    ("en", "passed the baton to Ann as chair"),
    ("en", "the dog passed puppy school"),
    ("en", "rows at stroke for the gig club"),
    ("en", "stroke seat in the eight at Henley"),
    ("en", "hip replacement (left)"),
    ("en", "broke the club record"),
    ("en", "son Ben caught with a fake ID at a festival"),
    ("en", "put down a deposit on a flat"),
    ("en", "put the baby to sleep in the new cot"),
    ("de", "Sohn hat Lehrstelle als Schreiner angefangen"),
    ("de", "Tochter als Ärztin in Ulm angefangen"),
    ("de", "Sohn erwischt mit Gras, Jugendamt"),
    ("nl", "begonnen als vrijwilliger bij de brandweer"),
]


@pytest.mark.parametrize(("language", "note"), ACCIDENTS)
def test_a_word_that_only_sounds_hard_makes_no_hard_event(language: str, note: str) -> None:
    """A diploma is passed, a boat has a stroke, `als` is no illness."""
    assert event_kind(LifeEvent(note=note), (language, "en")).kind != "hard"


PETS = [
    ("en", "her dog Rufus (12) put down on Friday"),
    ("en", "their old horse had to be put down"),
    ("de", "mussten den Hund einschläfern lassen"),
    ("fr", "ont dû faire euthanasier leur chat"),
    ("es", "tuvieron que sacrificar al perro"),
    ("it", "hanno dovuto far sopprimere il cane"),
    ("nl", "hond Bello moeten laten inslapen"),
    ("pt", "tiveram de abater o cão"),
    ("ja", "愛犬を安楽死させた"),
    ("ar", "نفق حصانه"),
]


@pytest.mark.parametrize(("language", "note"), PETS)
def test_a_pet_put_down_is_hard_and_no_page_of_grief(language: str, note: str) -> None:
    """In every language."""
    desk = Desk().with_contacts(
        f"name: Dana Smith\nlanguage: {language}\nemails: [dana@acme.example]\n"
        f"life_events:\n  - {{date: 2026-11-13, note: '{note}'}}\n"
    )
    brief = desk.compose()
    assert brief.kind == "usual"
    assert brief.glance.lead is not None
    assert note in brief.glance.lead.text
    assert on_top(brief, "first") == ["Say that you are sorry; then listen."]


LOSSES = [
    ("en", "no heartbeat at the 12 week scan"),
    ("de", "stille Geburt in der 20. Woche"),
    ("fr", "le cœur du bébé ne battait plus"),
    ("es", "en la ecografía no había latido"),
    ("nl", "geen hartslag meer bij de echo"),
]


@pytest.mark.parametrize(("language", "note"), LOSSES)
def test_a_lost_pregnancy_is_told_in_other_words(language: str, note: str) -> None:
    """It is the loss of a child."""
    kind = event_kind(LifeEvent(note=note), (language, "en"))
    assert (kind.kind, kind.family) == ("hard", "child_loss")


ENDED_WELL = [
    ("en", "her father had heart surgery, all good now"),
    ("en", "biopsy: benign"),
    ("de", "Verdacht auf Krebs, Entwarnung"),
    ("fr", "son père opéré du cœur, tout s'est bien passé"),
    ("es", "su padre operado del corazón, todo bien"),
    ("it", "nodulo al seno, benigno"),
    ("nl", "borstoperatie, goedaardig"),
    ("pt", "o pai foi operado ao coração, correu tudo bem"),
    ("ja", "乳がんの疑い、良性だった"),
    ("ar", "عملية قلب لوالده، كل شيء على ما يرام"),
]


@pytest.mark.parametrize(("language", "note"), ENDED_WELL)
def test_what_ended_well_is_no_grief(language: str, note: str) -> None:
    """Nobody says sorry for a success; `check` still says that it is not sure."""
    kind = event_kind(LifeEvent(note=note), (language, "en"))
    assert kind.turned_well
    assert not kind.is_grief
    assert not kind.sure


@pytest.mark.parametrize("note", ["tumour, not benign", "the operation did not go well"])
def test_a_denied_good_end_is_none(note: str) -> None:
    """`not benign` is the opposite of benign."""
    assert not event_kind(LifeEvent(note=note), ("en",)).turned_well


WELL = """
    name: Dana Smith
    emails: [dana@acme.example]
    life_events:
      - {{date: {day}, note: "her father had heart surgery, all good now"}}
    concerns: [{{date: 2026-11-01, text: the dates for 2027 are late}}]
    """


def test_what_ended_well_leads_for_two_months_and_bans_nothing() -> None:
    """Then nobody speaks of it; the complaint is beside it all the while."""
    fresh = Desk().with_contacts(WELL.format(day="2026-11-02")).compose()
    assert on_top(fresh, "first") == ["Say that you are glad it turned out well."]
    assert "the dates for 2027" in str(fresh.glance) + str(fresh.lines)
    old = Desk().with_contacts(WELL.format(day="2026-09-02")).compose()
    assert "heart surgery" not in str(old.glance)


KNOWN = """
    name: Dana Smith
    emails: [dana@acme.example]
    life_events:
      - {{date: 2026-10, note: "husband Rob laid off from the mill"}}
    interactions:
      - {{date: 2026-10-29, channel: {channel}, summary: "{summary}"}}
    """


def test_a_blow_you_have_talked_about_is_left_to_them() -> None:
    """What was said on the telephone in October is no news in November: nobody condoles."""
    spoken = Desk().with_contacts(KNOWN.format(channel="call", summary="Rob is out of the mill."))
    assert on_top(spoken.compose(), "first") == []
    written = Desk().with_contacts(KNOWN.format(channel="email", summary="Rob is out of the mill."))
    assert on_top(written.compose(), "first") == [
        "Say that you are sorry to hear it, and ask what would help."
    ]
    other = Desk().with_contacts(KNOWN.format(channel="call", summary="Went through the plan."))
    assert on_top(other.compose(), "first") == [
        "Say that you are sorry to hear it, and ask what would help."
    ]


@pytest.mark.parametrize(
    ("language", "wish"),
    [
        ("en", "Doesn't want to talk about it."),
        ("de", "Will nicht darüber reden."),
        ("nl", "Wil er niet over praten."),
        ("fr", "Ne veut pas en parler."),
    ],
)
def test_what_they_do_not_want_to_speak_of_is_no_matter_before_others(
    language: str, wish: str
) -> None:
    """They have said so since it happened; alone with them it is left to them."""
    text = KNOWN.format(channel="call", summary=f"Rob, mill. {wish}")
    dana = f"{text.rstrip()}\n    language: {language}\n"
    both = Desk().with_contacts(dana, "name: Lee Wong\nemails: [lee@other.example]").compose()
    assert "laid off" not in str(both.glance) + str(both.prompts)
    alone = Desk().with_contacts(dana).compose()
    assert on_top(alone, "first") == ["Leave it to Dana to speak of it."]


def test_of_two_who_lost_the_same_the_nearest_comes_first() -> None:
    """His sister, her aunt: he is nearer, though she decides."""
    aunt = """
        name: Mira Levin
        emails: [mira@levin.example]
        decides: true
        life_events: [{date: 2026-11-15, note: aunt Ruth died}]
        interactions: [{date: 2026-11-17, summary: Tired., signals: [sad]}]
        """
    sister = """
        name: Ari Levin
        emails: [ari@levin.example]
        life_events: [{date: 2026-11-15, note: his sister Ruth died}]
        """
    desk = Desk().with_contacts(aunt, sister)
    brief = desk.compose()
    assert brief.glance.stance is not None
    assert brief.glance.stance.text == "Listen to Ari"
    assert on_top(brief, "first") == ["Ari and Mira: Say that you are sorry; then listen."]


def test_a_failed_exam_not_to_be_asked_about_hides_nothing_else(desk: Desk) -> None:
    """A blow that is no grief, and not asked about, leaves moods, birthdays and business."""
    desk.with_contacts(
        """
name: Anke Reuter
emails: [anke@nordkabel.example]
birthday: 1976-11-24
life_events: [{date: 2026-11-06, note: son Felix failed his exams}]
talking_points: [do not ask about Felix]
interactions:
  - {date: 2026-11-10, channel: call, summary: Short. Invoices are late., signals: [stressed]}
"""
    )
    brief = desk.compose()
    said = "\n".join(texts(every_line(brief)))
    assert brief.glance.stance is not None
    assert brief.glance.stance.evidence == "Anke, 10 Nov: stressed"
    assert "Birthday tomorrow" in said
    assert "Felix" not in said


def test_the_day_a_pet_died_is_no_anniversary(desk: Desk) -> None:
    """A year later a dog does not lead a meeting about prices."""
    desk.with_contacts(
        """
name: Anke Reuter
emails: [anke@nordkabel.example]
life_events: [{date: 2025-11-23, note: had to put down dog Bello}]
"""
    )
    assert "Bello" not in "\n".join(texts(every_line(desk.compose())))
