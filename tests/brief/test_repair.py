"""A strained, lapsed or new relationship changes what the page says."""

from .conftest import Desk, attendee, by_rule, texts

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
    assert texts(brief.section("repair")) == [
        "You meant to give Dana space until 1 Dec. Does this meeting have to be?",
        "Strained since 1 Sept: we missed the go-live.",
        "You owe an apology: give it first, plainly, once.",
        "Be direct: ask what is wrong, and listen to the end.",
        "Pitch nothing today.",
        "On good terms at Acme: Lee Wong.",
    ]
    said = texts(brief.lines)
    assert "Begin with what is agreed: phase one is a success" in said
    assert "Be useful, and ask nothing for it: bring an article on carriers." in said
    assert "Ask about Lisbon" in said
    assert not any("offer" in line or "who pays" in line for line in said)
    assert any("pitches" in one.by for one in brief.left_out)


def test_one_apology_however_many_are_owed(desk: Desk) -> None:
    """Two people, one line."""
    desk.with_contacts(HEAD + STRAINED, LEE.replace("warm", "strained, apology_owed: true"))
    assert by_rule(desk.compose(), "apology") == [
        "You owe Dana and Lee an apology: give it first, plainly, once."
    ]


def test_space_is_flagged_only_before_its_end(desk: Desk) -> None:
    """On the day itself it is over."""
    text = "relationship: {status: strained, give_space_until: 2026-11-23}"
    desk.with_contacts(HEAD + text)
    assert not any(line.mark == "space" for line in desk.compose().lines)


def test_a_lapsed_relationship(desk: Desk) -> None:
    """How long, why, and where to begin."""
    desk.with_contacts(
        HEAD + "relationship: {status: lapsed, reason: the competition was lost}\n"
        "interactions: [{date: 2026-02-11, channel: call}]"
    )
    assert texts(desk.compose().section("repair")) == [
        "No word for 9 months: the competition was lost.",
        "Begin with Dana, not with business: ask what has changed.",
    ]


def test_a_new_relationship(desk: Desk) -> None:
    """How it began, and more asking than telling."""
    desk.with_contacts(
        HEAD + "relationship: {status: new, since: 2026-11-10, reason: introduced by Miriam}"
    )
    assert texts(desk.compose().section("repair")) == [
        "New since 10 Nov: introduced by Miriam.",
        "Ask twice as much as you tell.",
    ]


def test_a_strained_relationship_without_a_word_of_why(desk: Desk) -> None:
    """Nothing is made up."""
    desk.with_contacts(HEAD + "relationship: {status: strained}")
    assert texts(desk.compose().section("repair"))[0] == "Strained; the reason is not on file."


def test_a_hidden_relationship_is_hidden(desk: Desk) -> None:
    """`visibility: never` on the relationship takes all of it away."""
    desk.with_contacts(HEAD + STRAINED.replace("{status", "{visibility: never, status"))
    assert desk.compose().section("repair") == ()
