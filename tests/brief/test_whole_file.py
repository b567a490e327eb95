"""Notes know each other: what the whole file, and the others' in the room, make of a line."""

from pathlib import Path

import pytest

from briefgen.brief.day import compose_day
from briefgen.brief.doubts import doubts
from briefgen.brief.signals import read_vocabulary
from briefgen.workspace.language import language_of

from .conftest import (
    ME,
    START,
    Desk,
    attendee,
    by_rule,
    contact_file,
    day,
    every_line,
    past,
    texts,
)

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"
LEE = "name: Lee Wong\nemails: [lee@acme.example]\n"


def said(desk: Desk, *files: str, **given: object) -> str:
    """Everything that the brief of these people says, in one text."""
    desk.with_contacts(*files)
    return "\n".join(texts(every_line(desk.compose(**given))))


# Hard events


def test_a_death_takes_the_lead_and_silences_what_names_the_dead(desk: Desk) -> None:
    """The fact with its date, what to do, my late promise; no plan, date, interest or dunning."""
    desk.with_contacts(
        HEAD
        + """
birthday: 1961-11-27
life_events:
  - {date: 2026-10-02, note: husband Peter died}
  - {date: 1988-11-24, note: married Peter}
  - {date: 2024-06, note: Peter retired,
     expect: {after: 2y, note: they start their year in Portugal}}
interests: [gardening]
to_share: [the Kew programme]
talking_points: [a joke about gardens]
promises:
  - {by: me, text: send the checklist, made: 2026-10-20, due: 2026-11-10}
  - {by: them, text: find the papers, made: 2026-10-20, due: 2026-11-15}
interactions:
  - {date: 2026-10-20, channel: call, summary: Short., words: I do not know where he kept anything}
"""
    )
    brief = desk.compose(description="- Estate")
    glance = brief.glance
    assert brief.kind == "grief"
    assert glance.quiet
    assert glance.stance is not None
    assert glance.stance.text == "Only listen"
    assert glance.lead is not None
    assert glance.lead.text == "2 October, seven weeks ago: husband Peter died"
    assert [(one.label, texts(one.lines)) for one in glance.lines] == [
        ("first", ["Say that you are sorry; then listen."]),
        ("bring", ["the checklist (13 days late)"]),
        ("not-today", ["Cheering up, comparing; business, unless Dana begins"]),
    ]
    assert texts(brief.section("history")) == ["20 Oct | “I do not know where he kept anything”"]
    assert texts(brief.section("agenda")) == ["1. | Estate"]
    everything = "\n".join(texts(every_line(brief)))
    for silent in ("Portugal", "married", "irthday", "Kew", "gardening", "papers", "joke"):
        assert silent not in everything
    assert brief.faces[0].mood == ()


@pytest.mark.parametrize(
    ("date", "kind"),
    [
        ("2026-08-25", "grief"),  # 90 days ago
        ("2026-08-24", "usual"),
        ("2026-08", "grief"),  # without a day it counts from the month's last
        ("2026-07", "usual"),
        ("2026-11", "grief"),  # within its month from the meeting's own day
    ],
)
def test_a_hard_event_leads_for_ninety_days(desk: Desk, date: str, kind: str) -> None:
    """After that it only silences."""
    desk.with_contacts(HEAD + f"life_events: [{{date: {date}, note: husband Peter died}}]")
    assert desk.compose().kind == kind


def test_what_has_happened_leads_before_what_lies_ahead(desk: Desk) -> None:
    """An operation within 14 days is shown as such; a later one not yet."""
    ahead = "{date: %s, note: bypass operation of her husband}"
    desk.with_contacts(HEAD + f"life_events: [{ahead % '2026-12-07'}]")
    lead = desk.compose().glance.lead
    assert lead is not None
    assert lead.text == "7 December: bypass operation of her husband"
    assert "Wish them well; keep it short." in texts(desk.compose().glance.every_line)
    desk.with_contacts(HEAD + f"life_events: [{ahead % '2026-12-08'}]")
    assert desk.compose().glance.lead is None
    both = f"{ahead % '2026-12-01'}, {{date: 2026-10-20, note: she was made redundant}}"
    desk.with_contacts(HEAD + f"life_events: [{both}]")
    lead = desk.compose().glance.lead
    assert lead is not None
    assert lead.text == "20 October, five weeks ago: she was made redundant"


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ("2021-11-23", "Five years ago today: wife Grace died. Be gentle; leave it to Dana."),
        ("2025-11-25", "25 November, one year ago: wife Grace died. Be gentle; leave it to Dana."),
        ("2022-11-23", None),  # four years are no round number
        ("2025-12-01", None),  # eight days ahead
    ],
)
def test_an_anniversary_of_a_death_is_a_quiet_line(
    desk: Desk, event: str, line: str | None
) -> None:
    """After one, two, three, five, ten … years, a week before and after."""
    desk.with_contacts(HEAD + f"life_events: [{{date: {event}, note: wife Grace died}}]")
    assert by_rule(desk.compose(), "hard-anniversary") == ([line] if line else [])


def test_an_event_that_names_a_relation_silences_all_names_beside_it(desk: Desk) -> None:
    """`Our son died`: the names of the sons, and lines on the son or the children alone."""
    told = said(
        desk,
        HEAD
        + """
life_events:
  - {date: 2026-11-20, note: our son died}
  - {date: 2019-05, note: son Jakob learned to swim}
talking_points: [ask how Jakob's football goes, ask about the kids, ask about the choir]
interests: [football with her son, choir]
""",
    )
    assert "Jakob" not in told
    assert "kids" not in told
    assert "football" not in told
    assert "The choir" in told


def test_of_two_daughters_only_the_one_who_is_named_is_silent(desk: Desk) -> None:
    """The other's news stays."""
    told = said(
        desk,
        HEAD
        + """
life_events:
  - {date: 2026-06-01, note: daughter Tola took time out of her course}
  - {date: 2022-09, note: daughter Tola began college, expect: {after: 4y, note: Tola graduates}}
  - {date: 2022-10, note: daughter Mia began college, expect: {after: 4y, note: Mia graduates}}
""",
    )
    assert "Tola" not in told
    assert "Mia graduates?" in told


def test_what_is_newer_than_the_event_is_said(desk: Desk) -> None:
    """Only older notes are of before."""
    text = """
life_events: [{date: 2025-01-10, note: separated from Katrin}]
talking_points:
  - {text: ask how the talk with Katrin went, from: %s}
"""
    assert "Katrin" not in said(desk, HEAD + text % "2024-12-01")
    assert "Katrin" in said(desk, HEAD + text % "2026-11-01")


def test_a_hidden_hard_event_prints_nothing_and_only_bans(desk: Desk) -> None:
    """`never`: no lead, no stance; but no cheer, no pitch, no dunning either."""
    told = said(
        desk,
        HEAD
        + """
birthday: 1961-11-27
life_events: [{date: 2026-10-02, note: husband Peter died, visibility: never}]
talking_points: [offer the premium package, ask about the roof]
promises: [{by: them, text: find the papers, due: 2026-11-15}]
interactions: [{date: 2026-10-20, channel: call, signals: [sad]}]
""",
    )
    brief = desk.compose(why=True)
    assert brief.glance.lead is None
    assert brief.glance.stance is None
    assert brief.prompts[1].suggested is None
    assert "Ask about the roof" in told
    for silent in ("Peter", "irthday", "premium", "papers"):
        assert silent not in told
    assert {one.by for one in brief.left_out if one.reason == "state"} == {"hidden"}


def test_what_was_told_in_confidence_is_never_on_paper(desk: Desk) -> None:
    """Not even what is expected of it; the user's own terminal has the text."""
    text = """
life_events:
  - {date: 2026-02, note: told me in confidence that she is pregnant,
     expect: {after: 7m, note: the baby is born}}
"""
    told = said(desk, HEAD + text)
    assert "Something told in confidence (February): wait for them to speak of it" in told
    assert "pregnant" not in told
    assert "baby" not in told
    assert "pregnant" in repr(desk.compose(in_confidence=True))
    assert "pregnant" not in repr(desk.compose("table", in_confidence=True))


def test_good_news_is_congratulated_and_neutral_asked_about(desk: Desk) -> None:
    """By its words, or as the file says."""
    event = "life_events: [{date: 2026-10-01, note: %s}]"
    assert "Congratulate: promoted to COO" in said(desk, HEAD + event % "promoted to COO")
    assert "about: moved to Chania" in said(desk, HEAD + event % "moved to Chania")
    assert "Congratulate: moved to Chania" in said(
        desk, HEAD + event % "moved to Chania, kind: good"
    )


def test_the_day_sheet_neither_cheers_nor_asks_of_whom_something_hard_befell(desk: Desk) -> None:
    """My own promise stays; an impossible birthday is shown nowhere."""
    text = """
birthday: 1961-11-27
promises:
  - {by: them, text: find the papers, due: 2026-11-15}
  - {by: me, text: send the checklist, due: 2026-11-15}
life_events: [{date: %s, note: husband Peter died}]
"""
    for date, cheered in (("2026-10-02", 0), ("2024-10-02", 1)):
        desk.with_contacts(HEAD + text % date)
        brief = desk.compose()
        sheet = compose_day(
            day("2026-11-23"), [brief], book=desk.book, language=language_of("en_GB")
        )
        assert len(sheet.birthdays) == len(sheet.theirs) == cheered
        assert [one.text for one in sheet.mine] == ["send the checklist"]
    desk.with_contacts(HEAD + "birthday: 1761-11-27")
    sheet = compose_day(
        day("2026-11-23"), [desk.compose()], book=desk.book, language=language_of("en_GB")
    )
    assert sheet.birthdays == ()


# Silences asked for


def test_what_is_not_to_be_asked_about_is_not_asked(desk: Desk) -> None:
    """By a talking point, what landed badly, or a note to oneself; the sheet says not to."""
    text = """
talking_points: [do not ask about the merger, ask how the merger goes, ask about tea]
approaches: [{date: 2026-09-01, tried: asked about her son, landed: badly}]
life_events: [{date: 2026-08, note: son Ren began at Keio}]
"""
    told = said(desk, HEAD + text)
    assert "Ask how the merger goes" not in told
    assert "Ren began" not in told
    assert "Ask about tea" in told
    (line,) = [one for one in desk.compose().glance.lines if one.label == "not-today"]
    assert texts(line.lines) == ["Asked about her son (it landed badly on 1 Sept); the merger"]


# What became of needs, promises and apologies


def test_a_promise_kept_since_the_last_talk_is_told_and_its_need_is_silent(desk: Desk) -> None:
    """Good news on top; that the need is met nobody wrote, so it is not said."""
    text = """
promises: [{by: me, text: correct the name on the invoice, made: 2026-11-03, kept: %s}]
interactions:
  - {date: 2026-11-03, channel: call, summary: A call., needs: correct name on every document,
     needs_met: partly}
"""
    told = said(desk, HEAD + text % "2026-11-10")
    assert "Done since you spoke: correct the name on the invoice. Say so. (10 Nov)" in told
    assert "still needs" not in told
    assert by_rule(desk.compose(), "needs") == []
    assert "Done since" not in said(desk, HEAD + text % "2026-11-03")


def test_no_need_is_no_need(desk: Desk) -> None:
    """`Nothing` was noted if nothing was needed."""
    text = "interactions: [{date: 2026-11-03, channel: call, needs: nothing, needs_met: no}]"
    assert "othing" not in said(desk, HEAD + text)


def test_an_apology_that_was_refused_asks_for_proof_and_not_for_another(desk: Desk) -> None:
    """Both days are shown, and what would show that it is meant; a promise it kept is silent."""
    text = """
relationship: {status: strained, reason: we missed the go-live, apology_owed: true}
apologies:
  - {date: 2026-09-02, for: the missed go-live, taken: not yet}
  - {date: 2026-11-02, for: the outage, taken: refused, proof: a named engineer}
concerns: [{date: 2026-10-05, text: nobody apologised for the outage}]
promises: [{by: me, text: apologise for the outage, made: 2026-10-05, due: 2026-10-12}]
"""
    told = said(desk, HEAD + text)
    assert "You apologised on 2 Sept and 2 Nov. Bring: a named engineer" in told
    assert "pologise in person" not in told
    assert "nobody apologised" not in told
    accepted = text.replace("not yet", "accepted").replace("refused", "accepted")
    assert "pologise" not in said(desk, HEAD + accepted)
    other = text.replace("reason: we missed the go-live", "reason: a rude mail")
    assert "Apologise, plainly and once: a rude mail" in said(desk, HEAD + other)


def test_a_note_of_years_ago_says_its_year(desk: Desk) -> None:
    """It is not still open."""
    text = """
concerns: [{date: 2018-04-11, text: deliveries come late}]
interactions: [{date: 2018-04-11, needs: delivery before nine, needs_met: no}]
promises: [{by: me, text: send the Riesling, made: 2018-04-11, due: 2018-05-01}]
"""
    told = said(desk, HEAD + text)
    assert "Complaint of 2018: deliveries come late. Still so?" in told
    assert "Delivery before nine (still true?; 2018)" in told
    assert "the Riesling (since May 2018)" in told
    assert "still open" not in told


def test_an_employer_whom_they_left_is_a_former_one(desk: Desk) -> None:
    """By a life event, by `past_organizations`, or, less surely, by the invitation's address."""
    text = HEAD + "organization: Orbis Retail\ntitle: Buyer\n"
    laid_off = "life_events: [{date: 2026-08-14, note: laid off from Orbis Retail}]"
    for more, role in (
        (laid_off, "until 14 Aug: Buyer, Orbis Retail"),
        ("past_organizations: [Orbis Retail]", "formerly Buyer, Orbis Retail"),
        ("emails: [d@orbis.example, dana@acme.example]", "last known: Buyer, Orbis Retail"),
        ("", "Buyer, Orbis Retail"),
    ):
        file = text.replace("emails: [dana@acme.example]\n", "") if "emails" in more else text
        desk.with_contacts(file + more)
        desk.attendees = (attendee("dana@acme.example", "Dana"),)
        brief = desk.compose()
        assert brief.faces[0].role == role
        assert brief.organizations == (("Orbis Retail",) if not more else ())
        assert desk.compose("table").faces[0].role == ("" if more else role)


def test_an_open_wish_is_brought_and_not_sold(desk: Desk) -> None:
    """No upselling of what they asked for; in strain it is shown all the same."""
    wish = "interactions: [{date: 2026-10-30, needs: a price for seven hotels, needs_met: no%s}]\n"
    points = "talking_points: [upsell the seven hotels with the volume discount]\n"
    told = said(desk, HEAD + wish % ", signals: [grateful]" + points)
    assert "Dana asked for: a price for seven hotels" in told
    assert "psell" not in told
    assert "elling on the spot" not in told
    strained = "relationship: {status: strained}\n"
    told = said(desk, HEAD + strained + wish % ", signals: [angry]" + points)
    assert "Dana asked for: a price for seven hotels" in told
    assert "psell" not in told


def test_a_question_left_open_is_asked_first(desk: Desk) -> None:
    """Only of the last talk; a `no` on either question."""
    text = """
interactions:
  - {date: 2026-05-04, channel: meeting, reflection: {needs_answered: %s, help_answered: %s}}
  - {date: 2026-04-04, channel: meeting, reflection: {needs_answered: no, help_answered: no}}
"""
    needs = "On 4 May you left without knowing what Dana needs. Ask it in the first five minutes."
    help_ = "On 4 May you left without knowing how to help. Ask what would help."
    for answers, line in ((("no", "no"), needs), (("yes", "no"), help_), (("yes", "yes"), None)):
        desk.with_contacts(HEAD + text % answers)
        assert by_rule(desk.compose(), "unanswered") == ([line] if line else [])


# The room


def test_what_one_says_of_another_is_not_on_the_sheet(desk: Desk) -> None:
    """Neither sentence, words, need nor promise; the rest of the note stays."""
    ruth = """
name: Ruth Berg
emails: [ruth@acme.example]
concerns: [Bernd never answers]
promises: [{by: me, text: speak to Bernd about his tone, made: 2026-11-10, due: 2026-11-20}]
interactions:
  - {date: 2026-11-10, channel: call, summary: Bernd is a bully. The budget is fixed.,
     words: Bernd shouts, signals: [angry], needs: a talk without Bernd, needs_met: no}
"""
    bernd = "name: Bernd Kuhn\nemails: [bernd@acme.example]\n"
    told = said(desk, ruth, bernd)
    assert "bully" not in told
    assert "shouts" not in told
    assert "answers" not in told
    assert "tone" not in told
    assert "The budget is fixed." in told
    assert "Ruth and Bernd" not in told, "nobody is told in front of them that they are at odds"
    hidden = [one for one in desk.compose(why=True).left_out if one.reason == "present"]
    assert any("bully" in one.line.text for one in hidden)
    alone = said(desk, ruth)
    assert "Bernd is a bully" in alone


def test_a_secret_among_participants_is_silent_with_all_that_asks_for_it(desk: Desk) -> None:
    """The whole note, and the other's need that would bring it up."""
    tom = """
name: Tom Ash
emails: [tom@acme.example]
interactions:
  - {date: 2026-11-02, channel: call, signals: [worried], needs: a lower rate, needs_met: no,
     summary: He took a second mortgage and asked me not to mention it to his wife Jane.}
"""
    jane = """
name: Jane Ash
emails: [jane@acme.example]
interactions:
  - {date: 2026-11-08, channel: call, summary: A short call.,
     needs: to know whether there is a second mortgage, needs_met: no}
"""
    told = said(desk, tom, jane)
    assert "mortgage" not in told
    assert "rate" not in told
    assert "A short call." in told


def test_a_name_that_is_also_a_word_is_known_by_its_capital(desk: Desk) -> None:
    """`Will` is Will, `will` is not; a firm's name is nobody."""
    will = "name: Will Acme\nemails: [will@acme.example]\norganization: Acme\n"
    notes = HEAD + "interactions: [{date: 2026-11-02, summary: %s}]"
    assert "Prices will rise at Acme." in said(desk, notes % "Prices will rise at Acme.", will)
    assert "listens" not in said(desk, notes % "Will never listens.", will)


def test_a_pitch_waits_where_somebody_else_is_strained(desk: Desk) -> None:
    """It is out of place in the same room."""
    lee = LEE + "talking_points: [offer the premium package]\n"
    assert "premium" in said(desk, HEAD, lee)
    assert "premium" not in said(desk, HEAD + "relationship: {status: strained}", lee)


def test_who_declined_gets_nothing_and_who_may_come_is_marked(desk: Desk) -> None:
    """No face, no line, no stance."""
    desk.with_contacts(
        HEAD + "interactions: [{date: 2026-11-02, signals: [angry], summary: Angry.}]", LEE
    )
    desk.attendees = (
        attendee("dana@acme.example", "Dana", participation="DECLINED"),
        attendee("lee@acme.example", "Lee", participation="TENTATIVE"),
    )
    brief = desk.compose()
    assert [(face.name, face.remark) for face in brief.faces] == [("Lee Wong", "may come")]
    assert "ngry" not in repr(brief)
    assert brief.marks == ("not coming: Dana Smith",)


def test_colleagues_are_named_and_programs_are_nobody(desk: Desk) -> None:
    """`With you`, without a face; a program that takes notes is left out."""
    desk.with_contacts(HEAD)
    desk.attendees = (
        attendee("dana@acme.example", "Dana"),
        attendee("noor@keller-advisory.example", "Noor Haddad"),
        attendee("fred@fireflies.ai", "Fireflies Notetaker"),
    )
    brief = desk.compose()
    assert [face.name for face in brief.faces] == ["Dana Smith"]
    assert brief.colleagues == ("Noor Haddad",)
    assert "Fireflies" not in repr(brief)


def test_no_other_clients_meeting_is_named(desk: Desk) -> None:
    """Nor one of the user's own that names someone on file."""
    desk.with_contacts(HEAD, "name: Kim Park\nemails: [kim@zenith.example]\norganization: Zenith\n")
    desk.attendees = (attendee("dana@acme.example", "Dana"),)
    for title, people, mark in (
        ("Zenith pitch", (attendee("kim@zenith.example", "Kim"),), "then another meeting"),
        ("Prepare Zenith", (), "then another meeting"),
        ("Lunch", (), "then 11:00 Lunch"),
        ("Lunch", (attendee(ME), attendee("noor@keller-advisory.example")), "then 11:00 Lunch"),
    ):
        own = desk.meeting()
        desk.neighbours = (
            desk.meeting(
                uid="n", title=title, start=own.end, end=own.end + (own.end - own.start),
                attendees=people,
            ),
        )  # fmt: skip
        assert desk.compose().marks == (mark,)


def test_a_form_of_address_replaces_the_first_name(desk: Desk) -> None:
    """Everywhere a line names them."""
    text = "name: Sato Aiko\ncall_me: Sato-san\nemails: [aiko@kumo.example]\n"
    told = said(desk, text + "promises: [{by: them, text: send it}]")
    assert "Sato-san promised: send it" in told


def test_facts_beneath_a_name(desk: Desk) -> None:
    """The family by name with ages, chosen custom fields, the address of a visit; never a loss."""
    desk.settings_given = {"page": {"custom": ["Contract"]}}
    desk.with_contacts(
        HEAD
        + """
custom: {Contract: 2027-03, Shoe size: "38"}
address: 12 Harbor St, Newark
life_events:
  - {date: 2018-06-01, note: son Adam born}
  - {date: 2016, note: daughter Eve born}
  - {date: 2020-01-01, note: daughter Eve died}
"""
    )
    lines = texts(desk.compose().faces[0].lines)
    assert "son Adam, 8" in lines
    assert "Contract: 2027-03" in lines
    assert "12 Harbor St, Newark" in lines
    assert not any("Eve" in line or "Shoe" in line for line in lines)
    assert "12 Harbor St, Newark" not in texts(desk.compose(place="Office").faces[0].lines)


def test_nothing_later_than_the_making_is_told_as_past(desk: Desk) -> None:
    """Neither an interaction nor an appointment."""
    desk.past = (past("2026-11-23T08:00", "dana@acme.example"),)
    desk.as_of = START.replace(day=22)
    told = said(desk, HEAD + "interactions: [{date: 2026-11-23, channel: call, summary: Later.}]")
    assert "Later." not in told
    assert "calendar" not in told


# What `check` asks about


def test_check_finds_what_contradicts_itself() -> None:
    """Apologies in prose, owed ones that were made, a new one of years, an employer left."""
    file = contact_file(
        HEAD
        + """
organization: Orbis Retail
relationship: {status: new, since: 2024-01, reason: the outage, apology_owed: true}
apologies: [{date: 2026-09-02, for: the outage, taken: accepted}]
life_events:
  - {date: 2026-08, note: laid off from Orbis Retail, expect: {after: 1y, note: a new job}}
interactions:
  - {date: 2026-11-02, summary: Apologised by phone for the invoice.}
  - {date: 2026-09-02, summary: Said sorry for the outage.}
"""
    )
    vocabulary, _ = read_vocabulary(Path("/nowhere"), language_of("en"))
    found = dict(doubts(file.contact, day("2026-11-23"), vocabulary))
    assert found["interactions", 0, "summary"].startswith("mentions an apology; record it as one")
    assert ("interactions", 1, "summary") not in found
    assert "set apology_owed: no" in found["relationship", "apology_owed"]
    assert "no longer counts as new" in found["relationship", "status"]
    assert "move it to past_organizations" in found[("organization",)]
    assert "never printed" in found["life_events", 0, "expect"]
