"""A strained, lapsed or new relationship changes what the page says."""

import pytest

from briefgen.workspace.language import LANGUAGES

from .conftest import Desk, attendee, by_rule, every_line, section, texts

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\norganization: Acme\n"
STRAINED = """
relationship: {status: strained, since: 2026-09-01, reason: we missed the go-live,
  apology_owed: true, give_space_until: 2026-12-01}
agreed: [phase one is a success]
parked: [who pays]
to_share: [{text: an article on carriers}]
talking_points: [ask about Lisbon, mention our new offer]
interactions: [{date: 2026-11-02, signals: [angry]}]
"""
LEE = "name: Lee Wong\nemails: [lee@acme.example]\norganization: Acme\nrelationship: {status: warm}"


def test_a_strained_page(desk: Desk) -> None:
    """Space, what happened, the apology, directness, others in the house; nothing that pitches."""
    desk.with_contacts(HEAD + STRAINED, LEE)
    desk.attendees = (attendee("dana@acme.example", "Dana"),)
    brief = desk.compose(why=True)
    assert texts(section(brief, "repair")) == [
        "You meant to give Dana space until 1 Dec. Can this wait?",
        "Apologise, plainly and once: we missed the go-live",
        "Strained since 1 Sept.",
        "Ask what is wrong, and hear it out.",
        "A pitch; explaining, defending, a solution too soon",
        "On good terms at Acme: Lee Wong",
    ]
    said = texts(every_line(brief))
    assert "Begin with what is agreed: phase one is a success" in said
    assert "Offer, with no strings: an article on carriers" in said
    assert "Ask about Lisbon" in said
    assert not any("offer" in line or "who pays" in line for line in said)
    assert any(one.reason == "state" for one in brief.left_out)


@pytest.mark.parametrize(
    ("locale", "point"),
    [
        ("en_GB", "mention our new offer"),
        ("en_GB", "she could sign up for the premium package"),
        ("en_GB", "a good moment to renew"),
        ("en_GB", "show the product demo"),
        ("en_GB", "extend the contract by a year"),
        ("en_GB", "try to cross-sell the billing module"),
        ("de", "das Sonderangebot erwähnen"),
        ("de", "Rabatte ansprechen"),
        ("de", "fragen, ob wir den Vertrag verlängern"),
        ("fr", "parler de nos nouveaux produits"),
        ("es", "hablar de la renovación"),
        ("it", "proporre uno sconto"),
        ("nl", "de nieuwe offerte noemen"),
        ("pt", "falar do desconto"),
        ("ja", "新製品を紹介する"),
        ("ar", "اقترح تجديد العقد"),
    ],
)
def test_nothing_pitches_while_it_is_strained(desk: Desk, locale: str, point: str) -> None:
    """Whoever in the room it is about, in every language; and the same point once it is mended."""
    for status, is_said in (("strained", False), ("steady", True)):
        desk.locale = locale
        desk.with_contacts(
            f"{HEAD}relationship: {{status: {status}}}", f'{LEE}\ntalking_points: ["{point}"]'
        )
        assert bool(by_rule(desk.compose(), "written")) is is_said


@pytest.mark.parametrize("locale", LANGUAGES)
def test_our_own_words_are_no_pitch(desk: Desk, locale: str) -> None:
    """Something useful is brought, in whatever language the page says so."""
    desk.locale = locale
    desk.with_contacts(HEAD + STRAINED)
    assert len(by_rule(desk.compose(), "to-share")) == 1


@pytest.mark.parametrize(
    "point",
    [
        "ask how her promotion went",
        "ask how sales in the north are going",
        "say how support answers now",
        "congratulate on the order of the looms",
        "thank her for the contract of Newark",
        "buy her a coffee",
    ],
)
def test_what_is_no_pitch_is_said(desk: Desk, point: str) -> None:
    """Kindness and plain facts stay."""
    desk.with_contacts(f'{HEAD}relationship: {{status: strained}}\ntalking_points: ["{point}"]')
    assert len(by_rule(desk.compose(), "written")) == 1


def test_what_they_said_of_an_offer_is_no_pitch(desk: Desk) -> None:
    """A concern is never deflected, a promise is kept, a lesson learnt; their words are theirs."""
    desk.with_contacts(
        HEAD
        + """
relationship: {status: strained}
concerns: [{date: 2026-10-02, text: the offer came too late}]
promises: [{by: me, text: send the proposal, made: 2026-11-02, due: 2026-11-20}]
interactions:
  - {date: 2026-11-02, words: your discount is an insult, unsaid: they have a cheaper offer,
     reflection: {needs_answered: yes, help_answered: yes, adjust: do not offer the upgrade again}}
"""
    )
    brief = desk.compose()
    for rule in ("concern", "promise", "words", "unsaid", "adjust"):
        assert len(by_rule(brief, rule)) == 1, rule


def test_one_apology_however_many_are_owed(desk: Desk) -> None:
    """To each of them once, by name."""
    desk.with_contacts(HEAD + STRAINED, LEE.replace("warm", "strained, apology_owed: true"))
    assert by_rule(desk.compose(), "apology") == [
        "Apologise to Dana: we missed the go-live",
        "You owe Lee an apology. Make it first, plainly, once.",
    ]


def test_space_is_flagged_only_before_its_end(desk: Desk) -> None:
    """On the day itself it is over."""
    text = "relationship: {status: strained, give_space_until: 2026-11-23}"
    desk.with_contacts(HEAD + text)
    assert not any(line.mark == "space" for line in desk.compose().lines)


def test_a_lapsed_relationship(desk: Desk) -> None:
    """Why, and where to begin; how long, where the reason does not say it."""
    desk.with_contacts(
        HEAD + "relationship: {status: lapsed, reason: the competition was lost}\n"
        "interactions: [{date: 2026-02-11, channel: call}]"
    )
    assert texts(section(desk.compose(), "repair")) == [
        "Out of touch: the competition was lost",
        "Begin with Dana, not with business: ask what has changed.",
    ]


def test_a_new_relationship(desk: Desk) -> None:
    """How it began; after a year it is new no more."""
    desk.with_contacts(
        HEAD + "relationship: {status: new, since: 2026-11-10, reason: introduced by Miriam}"
    )
    assert texts(section(desk.compose(), "repair")) == ["New since 10 Nov: introduced by Miriam"]
    desk.with_contacts(HEAD + "relationship: {status: new, since: 2025-11-10, reason: a fair}")
    assert section(desk.compose(), "repair") == ()


def test_a_strained_relationship_without_a_word_of_why(desk: Desk) -> None:
    """Nothing is made up."""
    desk.with_contacts(HEAD + "relationship: {status: strained}")
    assert texts(section(desk.compose(), "repair"))[0] == "Strained; the reason is not on file."


def test_a_hidden_relationship_is_hidden(desk: Desk) -> None:
    """`visibility: never` on the relationship takes all of it away."""
    desk.with_contacts(HEAD + STRAINED.replace("{status", "{visibility: never, status"))
    assert section(desk.compose(), "repair") == ()
