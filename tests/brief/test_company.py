"""Before others who are there: what of a note on one person may lie on the table."""

import pytest

from briefgen.brief.show import as_text, hidden_as_text
from briefgen.brief.words import sentences_of
from briefgen.workspace.language import language_of

from .conftest import Desk, attendee, every_line, organization_file, texts

DANA = "name: Dana Smith\nemails: [dana@acme.example]\norganization: Acme\n"
LEE = "name: Lee Wong\nemails: [lee@wong.example]\norganization: Wong Tools\n"
FENNEL = "name: Joss Amery\nemails: [joss@fennelco.example]\norganization: Fennel & Co\n"


def note(summary: str, **fields: object) -> str:
    """An interaction three weeks before the meeting."""
    more = "".join(f", {key}: {value}" for key, value in fields.items())
    return f"interactions: [{{date: 2026-11-02, channel: call, summary: {summary!r}{more}}}]\n"


def together(*contacts: str, desk: Desk | None = None) -> str:
    """The brief of a meeting with all of them, as the terminal shows it."""
    brief = (desk or Desk()).with_contacts(*contacts).compose(title="Review")
    return as_text(brief, language_of("en_GB"))


@pytest.mark.parametrize(
    "summary",
    [
        "He has to let nine people go. Swore me to silence.",
        "Wants to retire in June, off the record.",
        "She is moving to Kyoto. Nobody knows.",
        "Sie zieht weg, bitte nichts sagen.",
        "Il part en juin, personne ne le sait.",
    ],
)
def test_what_was_told_off_the_record_is_kept_whole(summary: str) -> None:
    """Not only the sentence that says so; the sheet may lie open before the person alone too."""
    told = together(DANA + note(f"{summary} The tables stand."), LEE)
    assert "The tables stand" not in told
    assert "silence" not in told
    assert "The tables stand" not in together(DANA + note(f"{summary} The tables stand."))


def test_a_note_of_the_day_of_a_confidence_does_not_tell_it_in_other_words() -> None:
    """The event says operation and fibroids; the talk of that day `Op, fibroids`."""
    event = 'life_events: [{date: 2026-11-02, kind: confidential, note: "operation (fibroids)"}]\n'
    told = together(DANA + event + note("Op in two weeks, fibroids. The plan stands."))
    assert "fibroids" not in told.partition("LAST TIME")[2]
    assert "The plan stands" in told


def test_a_surname_that_is_a_word_of_the_firm_is_somebody_s_too() -> None:
    """`Langdon` is Piers Langdon of Langdon Fruit, whoever else is meant."""
    piers = "name: Piers Langdon\nemails: [piers@langdon.example]\norganization: Langdon Fruit\n"
    said = note("Polite. Will not sit next to Langdon. The plans are coming.")
    told = together(DANA + said, piers)
    assert "next to" not in told
    assert "The plans are coming" in told


def test_what_hangs_on_a_sentence_that_is_left_out_goes_with_it() -> None:
    """`Dodged. Felt rotten.` says that something was left out; another matter stays."""
    summary = "Substation still drags. Asked whether Lee said anything. Dodged. Felt rotten."
    told = together(DANA + note(summary), LEE)
    assert "Substation still drags." in told
    assert "Dodged" not in told
    assert "rotten" not in told
    other = "Lee is a bully. The pump trial ran well."
    assert "The pump trial ran well." in together(DANA + note(other), LEE)


@pytest.mark.parametrize(
    ("summary", "private"),
    [
        ("Went through the order. 70 days clean after rehab.", "rehab"),
        ("Went through the order. She is having an affair.", "affair"),
        ("Went through the order. He threatened to leave.", "threatened"),
        ("Went through the order. I apologised for the delay.", "apologised"),
    ],
)
def test_private_matters_and_quarrels_are_not_told_before_others(
    summary: str, private: str
) -> None:
    """The business beside them is."""
    told = together(DANA + note(summary), LEE)
    assert "Went through the order." in told
    assert private not in told
    assert private in together(DANA + note(summary))


def test_words_of_a_bad_mood_are_not_quoted_before_others() -> None:
    """Neither as `words` nor within the summary; those of a good mood are."""
    bad = note("She said 'never again' of it.", words='"you sold me hot air"', signals="[angry]")
    told = together(DANA + bad, LEE)
    assert "hot air" not in told
    assert "never again" not in told
    good = note("She said 'what a year' of it.", words='"our weekends are back"', signals="[happy]")
    told = together(DANA + good, LEE)
    assert "our weekends are back" in told
    assert "what a year" in told


def test_no_other_client_is_named() -> None:
    """Neither the firm nor a person of another client, to nobody; a firm that is there may be."""
    desk = Desk()
    desk.attendees = (attendee("dana@acme.example", "Dana Smith"),)
    summary = "The order stands. Fennel are to launch in January. Acme wants more."
    told = together(DANA + note(summary), FENNEL, desk=desk)
    assert "The order stands." in told
    assert "Acme wants more." in told
    assert "Fennel" not in told
    desk.attendees = None
    both = together(DANA + note("The order stands. Acme wants more."), FENNEL)
    assert "Acme wants more." in both


def test_a_colleague_of_ours_who_comes_is_guarded() -> None:
    """No complaint of your own colleague lies before him; a late promise says to see her apart."""
    desk = Desk()
    desk.me = desk.me.model_copy(update={"internal_domains": ("keller-advisory.example",)})
    desk.attendees = (
        attendee("dana@acme.example", "Dana Smith"),
        attendee("gareth@keller-advisory.example", "Gareth Pryce"),
    )
    told = together(
        DANA + "concerns: [{date: 2026-11-02, text: Gareth talks over her team}]\n"
        "promises: [{by: me, text: find somebody instead of Gareth, made: 2026-11-02, "
        "due: 2026-11-18}]\n" + note("Rang about Gareth. The route stands."),
        desk=desk,
    )
    assert "With you: Gareth Pryce" in told
    assert told.count("Gareth") == 1
    assert "See Dana apart: your promise of 2 Nov (5 days late)" in told


def test_the_separated_do_not_read_what_each_said() -> None:
    """Nothing of the notes on either, and no need that was told alone."""
    wife = (
        "name: Anne Garrigue\nemails: [anne@perso.example]\n"
        "life_events: [{date: 2026-06-20, note: Philippe left her}]\n"
        + note("He wants to sell the house.", needs="a list of the accounts", needs_met="no")
    )
    husband = (
        "name: Philippe Garrigue\nemails: [p@vins.example]\n"
        "life_events: [{date: 2026-06-20, note: separation from Anne}]\n"
        + note("How to get the firm out without her.")
    )
    told = together(wife, husband)
    assert "sell the house" not in told
    assert "get the firm out" not in told
    assert "A list of the accounts" not in told
    assert "A list of the accounts" in together(wife)


def test_money_is_not_asked_for_before_strangers() -> None:
    """An unpaid invoice waits until they are alone; what else they promised does not."""
    owed = "promises: [{by: them, text: pay invoice 2207, due: 2026-10-01}]\n"
    assert "invoice" not in together(DANA + owed, LEE)
    assert "invoice" in together(DANA + owed)
    other = "promises: [{by: them, text: send the drawings, due: 2026-10-01}]\n"
    assert "send the drawings" in together(DANA + other, LEE)


def test_a_talk_in_private_is_not_announced_to_the_others() -> None:
    """`See her alone` stands without its words."""
    promise = (
        "promises: [{by: me, text: see her alone about the shares, made: 2026-11-02, "
        "due: 2026-11-18}]\n"
    )
    told = together(DANA + promise, LEE)
    assert "shares" not in told
    assert "See Dana apart: your promise of 2 Nov" in told


def test_one_voice_where_somebody_is_listened_to() -> None:
    """Beside someone who is sad nobody is coached: the other's mood is shown as a fact."""
    sad = DANA + note("Short.", signals="[sad]")
    proud = LEE + note("The hall is up.", signals="[proud]")
    told = together(sad, proud)
    assert "LISTEN TO DANA" in told
    assert "  Lee: Proud [2 Nov]" in told
    assert "Ask what they will do next" not in told


def test_a_bad_mood_is_no_curve_before_others() -> None:
    """The dots beneath a name are for the person alone, or of good days."""
    for signal, shown in (("angry", 0), ("happy", 1)):
        desk = Desk().with_contacts(DANA + note("Talked.", signals=f"[{signal}]"), LEE)
        assert len(desk.compose().faces[0].mood) == shown
    alone = Desk().with_contacts(DANA + note("Talked.", signals="[angry]")).compose()
    assert len(alone.faces[0].mood) == 1


def test_a_verdict_of_yours_is_left_out() -> None:
    """`Approved, a shocker` is approved; to `show --hidden` nothing is lost that you need."""
    told = together(DANA + note("Change order approved w/o a fight, shocker. Sells hard."))
    assert "shocker" not in told
    assert "Sells hard" not in told
    desk = Desk().with_contacts(DANA + note("Swore me to silence. He leaves."), LEE)
    hidden = hidden_as_text(desk.compose(why=True), language_of("en_GB"))
    assert "He leaves." in hidden


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Minute 4.2 is wrong. Ask.", ("Minute 4.2 is wrong.", "Ask.")),
        ("Nine go incl. Debbie. Sad.", ("Nine go incl. Debbie.", "Sad.")),
        ("A job!! In York.", ("A job!!", "In York.")),
        ("'Fine. Moving on.' Done.", ("'Fine. Moving on.'", "Done.")),
        ("Am 30. November kam er.", ("Am 30. November kam er.",)),
        ("終わり。次。", ("終わり。", "次。")),
        ("One; two.", ("One;", "two.")),
    ],
)
def test_sentences_end_where_people_end_them(text: str, parts: tuple[str, ...]) -> None:
    """No decimal, abbreviation, doubled mark, day or quotation is cut in two."""
    assert sentences_of(text) == parts


def test_what_costs_a_firm_its_people_is_not_told_to_them() -> None:
    """Of an organization's situation the cuts are left out, and its goal stays."""
    desk = Desk(
        organizations=(
            organization_file(
                "version: 1\nname: Acme\nsituation: {current_state: restructuring since May, "
                "desired_outcome: consent before Easter, as_of: 2026-10-12}\n"
            ),
        )
    )
    told = together(DANA, desk=desk)
    assert "consent before Easter" in told
    assert "restructuring" not in told


DEV = """
name: Dev Rao
emails: [dev@sandling.example]
organization: Sandling Housing
promises: [{by: me, text: revised programme, made: 2026-11-17, due: 2026-11-20}]
interactions:
  - {date: 2026-11-17, channel: call, summary: "Worried. Wants Owen's word on roofers. SECRET",
     needs: a programme he can believe, needs_met: no}
"""
OWEN = """
name: Owen Pryce
emails: [owen@prycebuild.example]
organization: Pryce Build
interactions:
  - {date: 2026-11-19, channel: visit, summary: Calmer. Dont mention cashflow in front of Sandling}
"""


def test_off_the_record_hides_what_follows_and_not_a_promise_before_it() -> None:
    """`off the record: …` is a secret from there on; one at the end makes all of a note secret."""

    def said(secret: str) -> str:
        desk = Desk().with_contacts(DEV.replace("SECRET", secret), OWEN)
        return "\n".join(texts(every_line(desk.compose())))

    apart = said("Off the record: leaving in Feb, Owen not told.")
    assert "revised programme" in apart
    assert "leaving" not in apart
    assert "revised programme" not in said("Programme is for the new firm, nobody knows yet.")


def test_a_firm_is_known_by_the_word_it_goes_by() -> None:
    """`Sandling` is Sandling Housing, before whom a note is not to be mentioned."""
    desk = Desk().with_contacts(DEV.replace("SECRET", ""), OWEN)
    assert "cashflow" not in "\n".join(texts(every_line(desk.compose())))
