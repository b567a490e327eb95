"""What is not to be mentioned is not mentioned, in any form; what is private stays private."""

from datetime import timedelta

import pytest

from briefgen.brief.redaction import mentions

from .conftest import Desk, attendee, every_line, section, texts

SECRET = """
    name: Dana Smith
    emails: [dana@acme.example]
    organization: Acme Logistics
    title: VP Operations
    avoid: [divorce, the Lisbon office]
    interests: [law of divorces]
    relationship: {status: strained, reason: she told us of her divorce too late}
    to_share: [{text: book on Divorcing well}]
    talking_points: [ask about divorcées, ask about lisbon's offices, ask about chess]
    promises: [{by: me, text: send the DIVORCE papers, made: 2026-11-02, due: 2026-11-20}]
    interactions:
      - {date: 2026-11-02, summary: She spoke of the divorced partner., signals: [sad]}
      - {date: 2026-10-02, summary: Quiet talk., words: my divorce, needs: a divorce lawyer}
    """


@pytest.mark.parametrize("edition", ["full", "table"])
def test_no_line_mentions_what_is_to_be_avoided(desk: Desk, edition: str) -> None:
    """Word forms, case and accents; in points, history, agenda and things to share."""
    desk.with_contacts(SECRET)
    brief = desk.compose(
        "table" if edition == "table" else "full",
        title="Divorce settlement",
        description="- Divorcing the two systems\n- Budget",
    )
    said = [f"{one.text} {one.note} {one.label}".casefold() for one in every_line(brief)]
    assert not [text for text in said if "divorc" in text or "lisbon" in text]
    assert brief.title == "Divorce settlement"
    assert [line.text for line in section(brief, "agenda")] == ["Budget"]


def test_the_user_can_see_what_was_hidden(desk: Desk) -> None:
    """Each hidden line is told, with the word that hid it; never if nobody asked why."""
    desk.with_contacts(SECRET)
    assert desk.compose().left_out == ()
    hidden = [one for one in desk.compose(why=True).left_out if one.reason == "avoid"]
    assert {one.by for one in hidden} == {"divorce", "the Lisbon office"}
    assert any("divorcées" in one.line.text for one in hidden)


@pytest.mark.parametrize(
    ("text", "avoided", "language"),
    [
        ("Her divorces were hard", "divorce", "en"),
        ("DIVORCÉE", "divorce", "fr"),
        ("die Ehescheidung", "Scheidung", "de"),
        ("Scheidungsanwalt", "Scheidung", "de"),
        ("Kündigungen", "Kündigung", "de"),
        ("el divorcio", "divórcio", "pt"),
        ("تحدثنا عن الطلاق", "طلاق", "ar"),
        ("昨年離婚した", "離婚", "ja"),
        ("his fathers' illness", "father's illness", "en"),
        ("div\u00adorce and zero\u200bwidth", "divorce", "en"),
        ("zero\u200bwidth", "zerowidth", "en"),
        ("the rights of studies", "study", "en"),
        ("Frau Weber ist geschieden", "Scheidung", "de"),
        ("sie will sich scheiden lassen", "geschieden", "de"),
        ("der Scheidungstermin", "geschieden", "de"),
        ("ihm wurde gekündigt", "kündigen", "de"),
        ("nicht abzusagen", "abgesagt", "de"),
        ("hat den Termin abgesagt", "absagen", "de"),
        ("ihr Vater starb im Mai", "Tod", "de"),
        ("verstorbene Mutter", "sterben", "de"),
        ("sa mère est décédée", "mort", "fr"),
        ("ha muerto su padre", "morir", "es"),
        ("è morto il padre", "morte", "it"),
        ("zij zijn gescheiden", "scheiding", "nl"),
        ("faleceu em maio", "morte", "pt"),
        ("父が亡くなった", "死", "ja"),
        ("تحدثنا عن الأطفال", "طفل", "ar"),
    ],
)
def test_forms_that_mention(text: str, avoided: str, language: str) -> None:
    """Endings, compounds, accents, case, scripts, signs that cannot be seen."""
    assert mentions(text, avoided, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("his child", "children"),
        ("her father died", "death"),
        ("he is dying", "died"),
        ("three were laid off", "lay off"),
        ("they lay people off", "laid off"),
        ("to lay them all off", "layoffs"),
        ("the layoffs", "lay off"),
        ("laying-off", "laid off"),
        ("they broke up", "breakup"),
        ("she left", "leaving"),
        ("a lawsuit", "sued"),
        ("bankrupt", "insolvency"),
        ("two wives", "wife"),
        ("the loss of her son", "lose"),
    ],
)
def test_irregular_forms(one: str, other: str) -> None:
    """The forms that no ending tells, as words and within phrases."""
    assert mentions(one, other, "en")


@pytest.mark.parametrize(
    ("text", "avoided"),
    [
        ("die Entscheidung im März", "Scheidung"),
        ("wir haben uns entschieden", "geschieden"),
        ("ein Unterschied", "scheiden"),
        ("die Ankündigung", "Kündigung"),
        ("die Agenda", "death"),
        ("der Mann am Empfang", "women"),
    ],
)
def test_german_words_that_only_look_alike(text: str, avoided: str) -> None:
    """A decision is no divorce, an announcement no notice, and an article no death."""
    assert not mentions(text, avoided, "de")


@pytest.mark.parametrize(
    ("text", "avoided"),
    [
        ("an article", "art"),
        ("a diva", "divorce"),
        ("the start", "art"),
        ("cartoon", "car"),
        ("stillness", "illness"),
        ("lay out the plan and then set off", "lay off"),
        ("we lay the cards on the table", "laid off"),
    ],
)
def test_words_that_only_look_alike(text: str, avoided: str) -> None:
    """A short word inside another is not that word."""
    assert not mentions(text, avoided, "en")


def test_never_is_in_no_edition_and_print_in_both(desk: Desk) -> None:
    """`visibility` of an item decides."""
    desk.with_contacts("""
        name: Dana Smith
        emails: [dana@acme.example]
        talking_points:
          - {text: point never, visibility: never}
          - {text: point print, visibility: print}
          - {text: point private, visibility: private}
          - point plain
        """)
    for edition, wanted in (
        ("full", {"Point print", "Point private", "Point plain"}),
        ("table", {"Point print"}),
    ):
        brief = desk.compose("table" if edition == "table" else "full")
        assert {line.text for line in section(brief, "say") if line.rule == "written"} == wanted


MARKED = """
    name: Dana Smith
    pronouns: marked/pronouns
    emails: [dana@acme.example, marked@home.example]
    aliases: [marked alias]
    organization: Acme Logistics
    past_organizations: [marked past organization]
    title: VP Operations
    decides: true
    telephones: ["marked 555"]
    timezone: America/New_York
    photo: photos/marked.jpg
    birthday: 11-24
    relationship: {status: strained, since: 2026-09-01, reason: marked reason, apology_owed: true,
      give_space_until: 2026-12-01, stay_in_touch: 1w}
    situation: {current_state: marked state, already_have: marked have, desired_outcome: marked}
    agreed: [marked agreed]
    parked: [marked parked]
    concerns: [{date: 2026-09-01, text: marked concern}]
    approaches: [{date: 2026-06-10, tried: marked approach, landed: badly}]
    interests: [marked interest]
    life_events: [{date: 2022-11, note: marked event, expect: {after: 4y, note: marked sequel}}]
    promises:
      - {by: me, text: marked promise, made: 2026-11-02, due: 2026-11-20}
      - {by: them, text: marked promise of theirs, due: 2026-11-20}
    talking_points: [marked point]
    to_share: [marked share]
    interactions:
      - {date: 2026-11-02, channel: call, summary: marked summary, words: marked words,
         signals: [marked signal, angry], needs: marked need, needs_met: no, unsaid: marked unsaid,
         reflection: {needs_answered: yes, help_answered: no, adjust: marked adjust}}
    notes: marked notes
    """


def test_nothing_private_reaches_a_table_brief(desk: Desk) -> None:
    """A marked word in every private field: none is in the value, wherever one looks."""
    desk.with_contacts(MARKED)
    desk.attendees = (attendee("dana@acme.example", "Dana"),)
    brief = desk.compose("table", description="- Budget")
    told = repr(brief)
    assert "marked" not in told
    for word in ("strained", "Strained", "apology", "angry", "555", "decides=True", "York"):
        assert word not in told
    assert brief.faces[0].name == "Dana Smith"
    assert brief.faces[0].role == "VP Operations, Acme Logistics"
    full = repr(desk.compose("full", description="- Budget"))
    assert full.count("marked") > 15
    assert "marked notes" not in full


def test_what_is_marked_print_may_lie_on_the_table_without_its_signals(desk: Desk) -> None:
    """Of a printed interaction the table gets the summary, not the signals or needs."""
    desk.with_contacts("""
        name: Dana Smith
        emails: [dana@acme.example]
        interactions:
          - {date: 2026-11-02, summary: We agreed on Newark., signals: [angry], needs: calm,
             needs_met: no, words: never again, unsaid: the budget, visibility: print}
        """)
    told = repr(desk.compose("table"))
    assert "We agreed on Newark." in told
    for private in ("angry", "calm", "never again", "the budget"):
        assert private not in told


def test_everybodys_list_holds_for_a_shared_page(desk: Desk) -> None:
    """What Lee wants left alone is not said of Dana either."""
    desk.with_contacts(
        "name: Dana Smith\nemails: [dana@acme.example]\ninterests: [marathons]",
        "name: Lee Wong\nemails: [lee@acme.example]\navoid: [marathon]",
    )
    assert not any("marathon" in line.text for line in every_line(desk.compose()))


def test_a_neighbours_title_is_not_told_where_it_mentions_something(desk: Desk) -> None:
    """The meeting before is named, unless its title is not to be mentioned; never on the table."""
    desk.with_contacts(SECRET)
    own = desk.meeting()
    before: dict[str, object] = {"uid": "b", "start": own.start - timedelta(hours=1)}
    before |= {"end": own.start, "attendees": ()}
    desk.neighbours = (desk.meeting(title="Divorce court", **before),)
    assert desk.compose().marks == ("straight from another meeting",)
    desk.neighbours = (desk.meeting(title="Standup", **before),)
    assert desk.compose().marks == ("straight from Standup",)
    assert desk.compose("table").marks == ()


def test_a_hidden_signal_of_one_suggests_nothing_for_all(desk: Desk) -> None:
    """Dana's sadness is not to be mentioned: Lee's relief decides the stance."""
    desk.with_contacts(
        "name: Dana Smith\nemails: [dana@acme.example]\navoid: [sad]\n"
        "interactions: [{date: 2026-11-02, signals: [sad]}]",
        "name: Lee Wong\nemails: [lee@acme.example]\n"
        "interactions: [{date: 2026-11-02, signals: [relieved]}]",
    )
    assert desk.compose().prompts[1].suggested == "coach"


def test_no_agenda_is_made_up(desk: Desk) -> None:
    """Neither for the table nor for the user: what is open is where it belongs."""
    desk.with_contacts(
        "name: Dana Smith\nemails: [dana@acme.example]\nconcerns: [support is slow]\n"
        "situation: {desired_outcome: one screen}"
    )
    assert section(desk.compose("table"), "agenda") == ()
    assert section(desk.compose(), "agenda") == ()


def test_the_table_does_not_tell_of_whom_there_are_files(desk: Desk) -> None:
    """Someone on file and someone unknown look alike."""
    desk.with_contacts("name: Dana Smith\nemails: [dana@acme.example]")
    desk.attendees = (attendee("dana@acme.example", "Dana"), attendee("j@acme.example", "J. Doe"))
    faces = desk.compose("table").faces
    assert [(face.name, face.remark) for face in faces] == [("Dana Smith", ""), ("J. Doe", "")]
    assert desk.compose().faces[1].remark == "no file for j@acme.example"


NED = """
name: Rosa Quill
emails: [rosa@heron.example]
avoid: [{avoid}]
life_events: [{{date: 2025-12, note: brother Ned arrested}}]
interactions:
  - {{date: 2026-08-11, channel: meeting, summary: Union rep is tricky. Neds name came up.}}
  - {{date: 2026-07-01, channel: call, summary: Ned Baker of the union was there.}}
"""


@pytest.mark.parametrize("avoid", ["her brother", "my brother Ned", "brother"])
def test_a_relation_that_is_avoided_is_avoided_by_name_too(desk: Desk, avoid: str) -> None:
    """Who wants nothing said of a brother does not want to read his name."""
    desk.with_contacts(NED.format(avoid=avoid))
    said = "\n".join(texts(every_line(desk.compose())))
    assert "Union rep is tricky." in said
    assert "Ned" not in said


def test_a_matter_of_a_relation_hides_that_matter_alone(desk: Desk) -> None:
    """`her brother's boat` is about a boat: the brother's name is none of it."""
    desk.with_contacts(NED.format(avoid="her brother's boat"))
    assert "Ned Baker of the union" in "\n".join(texts(every_line(desk.compose())))
