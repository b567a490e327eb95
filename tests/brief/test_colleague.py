"""What a thoughtful colleague would say, or keep to themselves."""

from pathlib import Path

import pytest

from briefgen.brief.additions import read_additions
from briefgen.workspace.folder import Workspace

from .conftest import Desk, every_line, section, texts

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"


def said(desk: Desk, *files: str, **given: object) -> str:
    """Everything that the brief of these people says, in one text."""
    desk.with_contacts(*files)
    return "\n".join(texts(every_line(desk.compose(**given))))


# Promises to apologise


def test_a_promise_to_apologise_that_is_due_today_is_not_silent_behind_an_apology(
    desk: Desk,
) -> None:
    """What I promised for today stays; that I apologised by phone is not said in its place."""
    desk.with_contacts(
        HEAD
        + """
relationship: {status: strained, since: 2026-09-01, reason: the outage}
apologies: [{date: 2026-11-02, for: the outage, taken: refused, proof: a named engineer}]
promises: [{by: me, text: apologise in person for the outage, made: 2026-10-05, due: 2026-11-23}]
interactions:
  - {date: 2026-11-02, channel: call, summary: Short., needs: a named engineer, needs_met: no}
"""
    )
    glance = desk.compose().glance
    assert glance.lead is not None
    assert glance.lead.text == "Dana still needs: a named engineer"
    assert glance.lines[0].lines[0].text == "Promised for today: apologise in person for the outage"
    assert not [text for text in texts(every_line(desk.compose())) if "You apologised" in text]


@pytest.mark.parametrize(
    ("apology", "due", "stands"),
    [
        ("{date: 2026-11-02, for: the outage, taken: accepted}", "2026-11-23", False),
        ("{date: 2026-11-02, for: the outage, taken: not yet}", "2026-11-10", False),
        ("{date: 2026-10-01, for: the outage, taken: not yet}", "2026-11-10", True),
        ("{date: 2026-11-02, for: the wrong invoice, taken: not yet}", "2026-11-10", True),
    ],
)
def test_a_promise_to_apologise_is_kept_by_a_later_apology_for_the_same(
    desk: Desk, apology: str, due: str, *, stands: bool
) -> None:
    """One made before the promise, or for something else, does not keep it."""
    promise = f"{{by: me, text: apologise for the outage, made: 2026-10-05, due: {due}}}"
    text = said(desk, HEAD + f"apologies: [{apology}]\npromises: [{promise}]\n")
    assert ("apologise for the outage" in text) is stands


def test_an_aim_is_not_lost_where_a_blow_takes_the_lead(desk: Desk, tmp_path: Path) -> None:
    """What does not lead is in its section."""
    folder = tmp_path / "data" / "meetings"
    folder.mkdir(parents=True)
    (folder / "review.yaml").write_text("title: '*review'\naims: [leave with a date]\n")
    desk.additions, _ = read_additions(Workspace(root=tmp_path))
    text = said(desk, HEAD + "life_events: [{date: 2026-11-01, note: her house burnt down}]\n")
    assert "leave with a date" in text


# Confidences


@pytest.mark.parametrize("mark", ["kind: confidential", "visibility: never"])
def test_a_need_of_the_month_of_a_confidence_is_not_printed(desk: Desk, mark: str) -> None:
    """What she needs in the visit in which she told it would say what it was; so would her mood."""
    text = said(
        desk,
        HEAD
        + f"""
life_events: [{{date: 2026-10, note: she is pregnant, {mark}}}]
interactions:
  - {{date: 2026-10-19, channel: visit, summary: The spring plan., signals: [anxious],
     needs: a plan for three months without her, words: I shall be away}}
  - {{date: 2026-09-19, channel: visit, summary: The autumn., needs: two samples, needs_met: no}}
""",
    )
    assert "two samples" in text
    assert "The spring plan." in text
    for hint in ("three months", "away", "anxious", "pregnant"):
        assert hint not in text


@pytest.mark.parametrize(
    ("event", "hint"),
    [
        ("{date: 2026-02, note: she is pregnant, kind: confidential}", "maternity cover"),
        ("{date: 2025, note: miscarriage, visibility: never}", "rest after the miscarriage"),
        ("{date: 2026-02, note: told me in confidence that she will sell the vineyard}",
         "a valuation of the vineyards"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "field",
    [
        "interactions: [{{date: 2026-11-10, channel: call, summary: S., needs: {hint}}}]",
        "interactions: [{{date: 2026-11-10, channel: call, summary: They spoke of {hint}.}}]",
        "promises: [{{by: me, text: '{hint}', due: 2026-11-20}}]",
        "talking_points: ['{hint}']",
        "situation: {{current_state: S, desired_outcome: '{hint}', as_of: 2026-10-01}}",
    ],
)
def test_no_line_hints_at_a_confidence(desk: Desk, event: str, hint: str, field: str) -> None:
    """Whatever speaks of the same matter is in the terminal alone, under `--hidden`."""
    desk.with_contacts(HEAD + f"life_events: [{event}]\n{field.format(hint=hint)}\n")
    brief = desk.compose(why=True)
    assert hint not in "\n".join(texts(every_line(brief)))
    assert "confidence" in {one.reason for one in brief.left_out}


def test_a_confidence_without_a_family_of_words_hides_no_more_than_its_matter(desk: Desk) -> None:
    """Of "will sell the vineyard" a line on the team, or on Dana's plan, stays."""
    event = "{date: 2026-02, kind: confidential, note: Dana wants to sell the vineyard}"
    text = said(desk, HEAD + f"life_events: [{event}]\ntalking_points: [ask how the team is]\n")
    assert "Ask how the team is" in text


# Before others


BOSS = """
name: Grace Okafor
emails: [grace@harbor.example]
organization: Harbor Clinics
decides: true
"""
PRIYA = """
name: Priya Nair
emails: [priya@harbor.example]
organization: Harbor Clinics
concerns: [{date: 2026-10-29, text: test data arrives late}]
interactions:
  - {date: 2026-10-29, channel: call, summary: Her team works at night., words: I cannot go on,
     signals: [SIGNAL], needs: test data by noon, needs_met: no}
"""


@pytest.mark.parametrize("signal", ["tired", "anxious", "frustrated"])
def test_a_low_mood_is_not_shown_before_who_decides(desk: Desk, signal: str) -> None:
    """Neither name nor word nor what was said in it; only of which day the note is."""
    desk.with_contacts(BOSS, PRIYA.replace("SIGNAL", signal))
    brief = desk.compose()
    text = "\n".join(texts(every_line(brief)))
    for one in (signal, "works at night", "cannot go on", "Priya: Complaint"):
        assert one not in text
    assert "Complaint, still open: test data arrives late" in text
    assert not [face for face in brief.faces if face.mood]
    stance = brief.glance.stance
    assert stance is not None
    assert (stance.text, stance.evidence, stance.who) == (
        "Listen first",
        "Your note of 29 Oct",
        None,
    )


@pytest.mark.parametrize(("signal", "shown"), [("tired", False), ("frustrated", True)])
def test_a_weakness_is_not_shown_before_a_colleague(
    desk: Desk, signal: str, *, shown: bool
) -> None:
    """Anger is at us and may be told; that she is tired is hers."""
    desk.with_contacts(BOSS.replace("decides: true\n", ""), PRIYA.replace("SIGNAL", signal))
    assert ("works at night" in "\n".join(texts(every_line(desk.compose())))) is shown


def test_a_mood_stands_where_nobody_of_hers_is_there(desk: Desk) -> None:
    """Someone of another firm is no colleague."""
    other = BOSS.replace("Harbor Clinics", "Aegean Health")
    text = said(desk, other, PRIYA.replace("SIGNAL", "tired"))
    assert "works at night" in text
    assert "Priya – Complaint, still open: test data arrives late" in text


@pytest.mark.parametrize(("name", "shown"), [("Jane Miller", False), ("Jane Brown", True)])
def test_a_weakness_is_not_shown_before_a_spouse(desk: Desk, name: str, *, shown: bool) -> None:
    """Two of one family name, without a firm, are of one house."""
    text = said(
        desk,
        f"name: {name}\nemails: [jane@miller.example]\n",
        """
name: Tom Miller
emails: [tom@miller.example]
interactions: [{date: 2026-11-10, channel: call, summary: He sleeps badly., signals: [lonely]}]
""",
    )
    assert ("business can wait" in text) is shown
    assert ("He sleeps badly." in text) is shown


# An agenda of our own making


def agenda(desk: Desk, *files: str, **given: object) -> list[str]:
    """What is under the agenda."""
    desk.with_contacts(*files)
    return texts(section(desk.compose(**given), "agenda"))


REAL = """
promises: [{by: them, text: pay the invoice, made: 2026-09-15, due: 2026-10-15}]
concerns:
  - {date: 2026-10-01, text: support is slow}
  - {date: 2026-10-02, text: training is short}
  - {date: 2026-10-03, text: the screen is dim}
situation: {current_state: two screens, desired_outcome: one screen, as_of: 2026-10-01}
interactions: [{date: 2026-10-02, channel: call, summary: S., signals: [SIGNAL], needs: a talk,
  needs_met: no}]
"""


def test_without_an_agenda_one_is_made_of_what_is_real(desk: Desk) -> None:
    """Their invoice, an open complaint that is not on top, and what they want; each said once."""
    told = agenda(desk, HEAD + REAL.replace("SIGNAL", "calm"))
    assert told == [
        "No agenda in the invitation. This may serve:",
        "1. | Complaint, still open: the screen is dim (3 Oct)",
        "2. | Dana promised: pay the invoice (39 days late: ask, but don’t press; by 15 Oct)",
        "3. | What would bring this closer: one screen?",
    ]
    below = [line.text for line in desk.compose().lines if line.section != "agenda"]
    assert not [text for text in below if "invoice" in text or "dim" in text]


def test_an_agenda_is_not_made_where_there_is_one_or_nothing(desk: Desk) -> None:
    """The invitation's stays as it is; nothing real makes none."""
    assert agenda(desk, HEAD + REAL, description="- Prices") == ["1. | Prices"]
    assert agenda(desk, HEAD + "interactions: [{date: 2026-10-02, channel: call}]\n") == []
    late = "promises: [{by: them, text: pay, made: 2026-09-15, due: 2026-10-15}]\n"
    assert agenda(desk, HEAD + late) == []


def test_no_agenda_of_ours_beside_grief_or_before_others(desk: Desk) -> None:
    """Nor on the table; what they want is not made a topic while they are worried."""
    death = "life_events: [{date: 2026-11-01, note: her husband died}]\n"
    assert agenda(desk, HEAD + REAL + death) == []
    other = "name: Lee Wong\nemails: [lee@acme.example]\n"
    assert agenda(desk, HEAD + REAL, other) == []
    desk.with_contacts(HEAD + REAL)
    assert texts(section(desk.compose("table"), "agenda")) == []
    worried = agenda(desk, HEAD + REAL.replace("SIGNAL", "anxious"))
    assert not [text for text in worried if "closer" in text or "invoice" in text]


# What was found by reading whole sheets


def test_a_secret_is_not_given_away_by_a_line_of_the_same_matter(desk: Desk) -> None:
    """Nora keeps from Erik that she wants her own account: what I promised is silent too."""
    nora = """
name: Nora Haas
emails: [nora@haas.example]
situation: {desired_outcome: an account of her own, as_of: 2026-11-02}
promises: [{by: me, text: open an account in her name, made: 2026-11-02, due: 2026-11-20}]
interactions:
  - {date: 2026-11-02, channel: call, summary: Erik does not know yet., needs: an account}
"""
    text = said(desk, nora, "name: Erik Haas\nemails: [erik@haas.example]\n")
    assert "account" not in text


def test_what_somebody_said_of_a_firm_that_is_there_is_silent(desk: Desk) -> None:
    """A complaint about Brand Bau is not read with Brand Bau's man at the table."""
    one = "name: Paul Winter\nemails: [p@w.example]\norganization: Winter Statik\n"
    note = "interactions: [{date: 2026-11-11, summary: Brand Bau is rude. The tables stand}]\n"
    other = "name: Ed Brand\nemails: [e@b.example]\norganization: Brand Bau\n"
    text = said(desk, one + note, other)
    assert "rude" not in text
    assert "The tables stand" in text


def test_a_hard_event_that_is_not_to_be_asked_about_is_silent(desk: Desk) -> None:
    """It only bans, as one that is hidden."""
    text = said(
        desk,
        HEAD
        + """
talking_points: [do not ask about the hip]
life_events: [{date: 2026-11-30, note: hip operation}]
""",
    )
    assert "operation" not in text
    assert "Wish them well" not in text


def test_a_need_is_met_by_what_was_promised_when_it_was_told(desk: Desk) -> None:
    """And what was done is shown once, not as a resolved complaint too."""
    text = said(
        desk,
        HEAD
        + """
promises: [{by: me, text: replace the lens, made: 2026-09-15, due: 2026-10-15, kept: 2026-11-01}]
concerns: [{date: 2026-09-10, text: the broken lens, resolved: 2026-11-01}]
interactions:
  - {date: 2026-09-15, channel: meeting, summary: S., needs: a lens that holds, needs_met: no}
""",
    )
    assert "Done since you spoke: replace the lens" in text
    assert "still needs" not in text
    assert "Resolved" not in text


def test_no_joy_is_asked_for_beside_somebody_in_grief(desk: Desk) -> None:
    """Another's good mood is not told in the same room."""
    glad = "interactions: [{date: 2026-11-10, channel: call, summary: S., signals: [happy]}]\n"
    sad = "name: Ines Prado\nemails: [i@c.example]\nlife_events: [{date: 2026-11-14, note: DIED}]\n"
    assert "Enjoy" not in said(desk, HEAD + glad, sad.replace("DIED", "her mother passed away"))
    assert "Enjoy" in said(desk, HEAD + glad, sad.replace("DIED", "moved to Porto"))


@pytest.mark.parametrize(("status", "shown"), [("steady", True), ("strained", False)])
def test_what_was_put_aside_stays_out_of_sight_while_things_are_strained(
    desk: Desk, status: str, *, shown: bool
) -> None:
    """Even after a good talk; else a success on file brings it back."""
    text = said(
        desk,
        HEAD
        + f"""
relationship: {{status: {status}, since: 2026-09-01}}
parked: [the penalty clause]
interactions:
  - {{date: 2026-11-10, channel: visit, signals: [proud], needs: a roof, needs_met: yes}}
""",
    )
    assert ("the penalty clause" in text) is shown


# The room


def test_nobody_is_congratulated_before_somebody_in_grief(desk: Desk) -> None:
    """Clara's wedding waits where Paul, whose wife died a fortnight ago, sits beside her."""
    clara = "name: Clara Wolf\nemails: [clara@acme.example]\nbirthday: 11-24\n"
    clara += "life_events: [{date: 2026-11-01, note: she got married}]\n"
    paul = "name: Paul Stein\nemails: [paul@acme.example]\n"
    assert "she got married" in said(desk, clara, paul)
    paul += "life_events: [{date: 2026-11-05, note: his wife Ruth died}]\n"
    together = said(desk, clara, paul)
    assert "got married" not in together
    assert "Birthday" not in together


def test_who_left_one_firm_for_the_one_on_file_is_not_told_as_former(desk: Desk) -> None:
    """A note of leaving Northbank for Lagos Capital says where they are, and not until when."""
    george = """
name: George Adeyemi
emails: [george@acme.example]
organization: Lagos Capital
title: Partner
past_organizations: [Northbank]
life_events:
  - {date: 2026-09-01, note: left Northbank after a quarrel with the board; joined Lagos Capital}
"""
    desk.with_contacts(george)
    (face,) = desk.compose().faces
    assert face.role == "Partner, Lagos Capital"
