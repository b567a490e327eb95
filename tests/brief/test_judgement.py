"""What a colleague who has read the whole file would not say: kinds found by fresh eyes."""

import pytest

from briefgen.brief.show import as_text
from briefgen.workspace.language import language_of

from .conftest import Desk, organization_file

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\norganization: Acme\n"
WIDOW = HEAD + "life_events: [{date: 2026-06-24, kind: hard, note: husband Tom died}]\n"


def page(*contacts: str, locale: str = "en_GB") -> str:
    """The whole brief as the terminal shows it."""
    desk = Desk().with_contacts(*contacts)
    desk.locale = locale
    return as_text(desk.compose(title="Review"), language_of("en_GB"))


# Months after a death


def test_within_a_year_of_a_death_a_complaint_is_no_agenda_of_ours() -> None:
    """It is heard, and not put at the head of a meeting with a widow."""
    complaints = (
        "concerns: [{date: 2026-10-01, text: gets passed between three people},"
        " {date: 2026-10-02, text: letters are long},"
        " {date: 2026-10-03, text: no receipts}]\n"
    )
    assert "This may serve" in page(HEAD + complaints)
    told = page(WIDOW + complaints)
    assert "This may serve" not in told
    assert "Complaint, still open: gets passed between three people" in told


def test_within_a_year_of_a_death_nobody_is_asked_for_what_is_late() -> None:
    """`probate copy` least of all; another paper is not pressed for."""
    probate = "promises: [{by: them, text: TEXT, made: 2026-10-01, due: 2026-11-01}]\n"
    assert "probate copy (22 days late" in page(HEAD + probate.replace("TEXT", "probate copy"))
    assert "probate" not in page(WIDOW + probate.replace("TEXT", "probate copy"))
    assert "signed lease (by 1 Nov; do not press)" in page(
        WIDOW + probate.replace("TEXT", "signed lease")
    )


@pytest.mark.parametrize(
    "sentence",
    ["Both of them in, jolly.", "Tom wants to sell up.", "They plan the cruise.", "Alle beide da."],
)
def test_what_was_noted_of_the_dead_before_is_not_read_out(sentence: str) -> None:
    """Not by name, not as one of two, and not by the plan that they had together."""
    plan = "interests: [a cruise with Tom]\n"
    said = f"{sentence} The roof of the office leaks."
    note = f"interactions: [{{date: 2026-04-22, channel: call, summary: '{said}'}}]\n"
    assert sentence.rstrip(".") in page(HEAD + plan + note)
    told = page(WIDOW + plan + note)
    assert sentence.rstrip(".") not in told
    assert "The roof of the office leaks." in told


# A situation on file, and newer notes


@pytest.mark.parametrize(
    ("note", "is_told"),
    [
        ("Third shop opened in Bath.", False),
        ("Now four shops!", False),
        ("Sold the shops to a chain.", False),
        ("Talked about the website.", True),
        ("Likes her shops.", True),
    ],
)
def test_a_situation_that_a_later_note_contradicts_is_not_told(note: str, *, is_told: bool) -> None:
    """`2 shops, still true?` is no question when the file has the answer."""
    file = (
        "situation: {current_state: '2 shops, rota on paper', as_of: 2026-03-02}\n"
        f"interactions: [{{date: 2026-11-02, channel: call, summary: '{note}'}}]\n"
    )
    told = page(HEAD + file)
    assert ("2 shops" in told) is is_told
    assert "rota on paper" in told


def test_a_situation_noted_after_the_note_stands() -> None:
    """Only what is newer contradicts."""
    file = (
        "situation: {current_state: '2 shops', as_of: 2026-11-10}\n"
        "interactions: [{date: 2026-11-02, channel: call, summary: Third shop opened.}]\n"
    )
    assert "2 shops" in page(HEAD + file)


# Someone who has come back


def test_who_has_come_back_is_not_told_why_they_left() -> None:
    """They wrote last week: `Out of touch` is over, and its reason reproaches them."""
    lapsed = "relationship: {status: lapsed, since: 2024-10, reason: went with a cheaper firm}\n"
    assert "Out of touch: went with a cheaper firm" in page(HEAD + lapsed)
    came = "interactions: [{date: 2026-11-16, channel: email, summary: Can we talk?}]\n"
    told = page(HEAD + lapsed + came)
    assert "Out of touch" not in told
    assert "cheaper" not in told
    assert "not been in touch" not in told


# The stance that the file gives


@pytest.mark.parametrize("signals", ["[wobbly-ish, better then]", "[]", "[calm]"])
def test_the_stance_of_the_file_counts_where_signals_ask_for_none(signals: str) -> None:
    """The user saw what was asked for; a word that nobody knows does not take it away."""
    note = (
        "interactions: [{date: 2026-11-02, channel: call, summary: Long talk., "
        f"signals: {signals}, stance: STANCE}}]\n"
    )
    assert "LISTEN FIRST" in page(HEAD + note.replace("STANCE", "listen"))
    told = page(HEAD + note.replace("STANCE", "advise"))
    assert "OFFER OPTIONS" in told
    assert "[→] advise" in told
    assert "LISTEN FIRST" not in page(
        HEAD + note.replace("STANCE", "listen").replace("-11-", "-06-")
    )


# What was said in anger or shame


@pytest.mark.parametrize("signal", ["angry", "ashamed", "embarrassed"])
def test_words_of_a_bad_hour_are_not_raised_once_the_mood_is_good_again(signal: str) -> None:
    """Nobody is reminded of having looked like an idiot."""
    bad = (
        "  - {date: 2026-10-02, channel: call, summary: The demo failed., "
        f"words: I look like an idiot, signals: [{signal}]}}\n"
    )
    good = "  - {date: 2026-11-02, channel: call, summary: Fine again., signals: [cheerful]}\n"
    assert "I look like an idiot" in page(HEAD + "interactions:\n" + bad)
    assert "I look like an idiot" not in page(HEAD + "interactions:\n" + bad + good)


# Apologies, and what proves them

APOLOGY = (
    "relationship: {status: strained, since: 2026-09-01, reason: the outage}\n"
    "apologies: [{date: 2026-09-20, for: the outage, taken: not yet, proof: a named engineer}]\n"
)


@pytest.mark.parametrize(
    "proof",
    [
        "promises: [{by: me, text: name an engineer, made: 2026-09-20, kept: 2026-10-02}]\n",
        "promises: [{by: me, text: an engineer for her, made: 2026-08-20, kept: 2026-09-20}]\n",
        "concerns: [{date: 2026-09-02, text: no engineer is named, resolved: 2026-10-02}]\n",
        "interactions: [{date: 2026-10-02, needs: a named engineer, needs_met: yes}]\n",
    ],
)
def test_an_apology_whose_proof_was_given_is_settled(proof: str) -> None:
    """However the file says that it was: a promise kept, a complaint resolved, a need met."""
    assert "You apologised on 20 Sept. Bring: a named engineer" in page(HEAD + APOLOGY)
    assert "You apologised" not in page(HEAD + APOLOGY + proof)


def test_the_proof_that_is_promised_is_said_once() -> None:
    """An overdue promise that is the proof comes first; nothing asks for the same again."""
    owed = "promises: [{by: me, text: name one engineer in writing, due: 2026-10-15}]\n"
    told = page(HEAD + APOLOGY + owed)
    assert "Own up: name one engineer in writing (39 days late)" in told
    assert told.count("engineer") == 2  # the promise, and what it would show
    assert "To show that the last apology was meant: a named engineer" in told


# Confidences, gifts, and what is not for their own eyes


def test_what_they_need_on_the_day_of_a_confidence_is_told() -> None:
    """A need that does not hint at the matter is no confidence; with others there, it waits."""
    file = HEAD + (
        "life_events: [{date: 2026-11-02, kind: confidential, note: operation in December}]\n"
        "interactions: [{date: 2026-11-02, channel: call, "
        "summary: Tell no one about the operation., "
        "needs: the power of attorney signed, signals: [anxious]}]\n"
    )
    told = page(file)
    assert "Dana still needs: the power of attorney signed" in told
    assert "operation" not in told
    other = "name: Lee Wong\nemails: [lee@acme.example]\norganization: Acme\n"
    assert "power of attorney" not in page(file, other)


def test_no_gift_beside_money_that_is_owed() -> None:
    """A present beside a credit note that is late looks like a bribe."""
    share = "to_share: [{text: a guide to old cars}]\n"
    late = "promises: [{by: me, text: TEXT, made: 2026-09-01, due: 2026-10-01}]\n"
    assert "guide to old cars" in page(HEAD + share + late.replace("TEXT", "the floor plan"))
    assert "guide to old cars" not in page(HEAD + share + late.replace("TEXT", "the credit note"))
    assert "guide" not in page(
        HEAD + share + late.replace("TEXT", "den Betrag erstatten"), locale="de_DE"
    )


@pytest.mark.parametrize(
    ("sentence", "locale"),
    [
        ("Rivals ask us too - do NOT mention to Dana.", "en_GB"),
        ("Rivals ask us too. Say nothing to Dana.", "en_GB"),
        ("Rivalen fragen auch an, Dana nichts sagen.", "de_DE"),
        ("Rivaux aussi, ne rien dire à Dana.", "fr_FR"),
        ("Rivales preguntan, no decirle nada.", "es_ES"),
    ],
)
def test_a_note_not_meant_for_them_is_not_carried_in(sentence: str, locale: str) -> None:
    """A note that says not to tell them is on no page that lies before them, nor a part of it."""
    file = f'interactions: [{{date: 2026-11-02, channel: call, summary: "{sentence}"}}]\n'
    harmless = f"interactions: [{{date: 2026-11-02, channel: call, summary: {sentence[:7]}}}]\n"
    assert "Riv" in page(HEAD + harmless, locale=locale)
    assert "Riv" not in page(HEAD + file, locale=locale)


def test_a_point_not_meant_for_them_is_not_raised() -> None:
    """A talking point of which they are not to be told is none."""
    point = "talking_points: [Gullwing wants the same berth (do not mention to Dana)]\n"
    assert "Gullwing" not in page(HEAD + point)


# What is avoided


def test_what_is_avoided_is_in_no_organization_line_role_or_face() -> None:
    """The sieve holds for the whole page: firm, title, interests and custom facts."""
    desk = Desk().with_contacts(
        HEAD.replace("emails", "title: Divorce mediator\nemails")
        + "avoid: [divorce]\ninterests: [books on divorce, chess]\n"
    )
    desk.organizations = (
        organization_file(
            "name: Acme\nagreed: [one report a month]\n"
            "situation: {current_state: split since the founders' divorce, as_of: 2026-10-01}\n"
        ),
    )
    told = as_text(desk.compose(title="Review"), language_of("en_GB"))
    assert "one report a month" in told
    assert "chess" in told
    assert "ivorce" not in told


def test_a_possessive_before_what_is_avoided_narrows_nothing() -> None:
    """`her hair` hides a note that says only hair, and not a note on her work."""
    note = (
        "interactions: [{date: 2026-11-02, channel: call, "
        "summary: 'Her work goes well. Short hair suits her.'}]\n"
    )
    told = page(HEAD + "avoid: [her hair]\n" + note)
    assert "Her work goes well." in told
    assert "hair" not in told


# Words of the user


@pytest.mark.parametrize("text", ["Sent THE draft", "l'offre (v2)", "nEEds a map", "契約書"])
def test_free_text_is_never_inflected(text: str) -> None:
    """Only its first letter may become a capital; a label comes before it."""
    file = (
        f'promises: [{{by: them, text: "{text}", due: 2026-11-20}}]\n'
        f'agreed: ["{text}"]\nconcerns: [{{date: 2026-11-01, text: "{text}"}}]\n'
        f'interactions: [{{date: 2026-11-02, needs: "{text}", needs_met: no}}]\n'
    )
    told = page(HEAD + file)
    shown = [line for line in told.splitlines() if text.casefold() in line.casefold()]
    assert len(shown) >= 4
    assert all(text in line or text[0].upper() + text[1:] in line for line in shown)
