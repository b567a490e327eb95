"""What is closed stays closed: an apology that was accepted, a blow that was spoken of."""

import pytest

from briefgen.brief.show import as_text
from briefgen.workspace.language import language_of

from .conftest import Desk

STRAINED = """
    name: Dana Smith
    emails: [dana@acme.example]
    organization: Acme
    relationship: {status: strained, since: 2026-09-01, reason: my late quotation}
"""


def page(*contacts: str) -> str:
    """The whole brief as the terminal shows it."""
    brief = Desk().with_contacts(*contacts).compose(title="Review")
    return as_text(brief, language_of("en_GB"))


@pytest.mark.parametrize(
    "closing",
    [
        "apologies: [{date: 2026-09-17, for: the quotation that was late, taken: accepted}]",
        "interactions: [{date: 2026-09-17, channel: call, summary: Said sorry. All good now.}]",
        'interactions: [{date: 2026-09-17, channel: call, summary: "Alles gut, Schwamm drüber."}]',
    ],
)
def test_a_strain_that_is_over_is_not_told(closing: str) -> None:
    """By an accepted apology for its reason, or by a note that says so; nothing is sold yet."""
    assert "Strained since 1 Sept" in page(STRAINED)
    told = page(f"{STRAINED}    {closing}\n    talking_points: [offer the premium plan]\n")
    assert "Strained" not in told
    assert "Ask what is wrong" not in told
    assert "premium plan" not in told


def test_an_apology_that_was_not_accepted_closes_nothing() -> None:
    """The strain stays."""
    made = "apologies: [{date: 2026-09-17, for: the late quotation, taken: not yet}]"
    assert "Strained since 1 Sept" in page(f"{STRAINED}    {made}\n")


def test_an_accepted_apology_closes_the_complaint_in_whatever_words() -> None:
    """`das Duzen` is what `duzt sie ungefragt` was about, and what she said of it is over too."""
    file = """
        name: Heike Brandt
        emails: [heike@brandt.example]
        language: de
        concerns: [{date: 2026-09-03, text: Herr Vogt duzt sie ungefragt}]
        interactions:
          - {date: 2026-09-03, channel: meeting, summary: Vogt hat sie geduzt., words: Keine Schweine, signals: [angry]}
    """  # noqa: E501  # a file as people write it
    open_still = page(file)
    assert "Complaint, still open" in open_still
    assert "Keine Schweine" in open_still
    closed = page(
        f"{file.rstrip()}\n        apologies: [{{date: 2026-09-10, for: das Duzen, "
        "taken: accepted}]\n"
    )
    assert "Complaint" not in closed
    assert "Keine Schweine" not in closed
    assert "LISTEN" not in closed


def test_what_was_complained_of_after_the_apology_is_open() -> None:
    """An apology closes what was before it."""
    file = """
        name: Dana Smith
        emails: [dana@acme.example]
        apologies: [{date: 2026-09-10, for: the late report, taken: accepted}]
        concerns: [{date: 2026-10-03, text: the report was late again}]
    """
    assert "Complaint, still open: the report was late again" in page(file)


def test_only_what_is_left_of_the_proof_is_brought() -> None:
    """Of two things that would show that it was meant, one was done; it holds for the next too."""
    file = """
        name: Marc Bell
        emails: [marc@bell.example]
        relationship: {status: strained, since: 2026-06-15, reason: the outage}
        apologies:
          - {date: 2026-06-18, for: the outage, taken: refused, proof: a credit note and a root cause in writing}
          - {date: 2026-08-05, for: the outage, taken: not yet}
        promises: [{by: me, text: send the root cause, made: 2026-06-18, kept: 2026-08-28}]
    """  # noqa: E501  # a file as people write it
    told = page(file)
    assert "You apologised on 18 Jun and 5 Aug. Bring: a credit note\n" in told
    assert "what would settle it" not in told
    assert "Ask what is wrong" not in told


def test_a_proof_that_was_given_since_settles_the_next_apology_too() -> None:
    """The named engineer of the first apology answers the second, which asked for nothing else."""
    file = """
        name: Marc Bell
        emails: [marc@bell.example]
        relationship: {status: strained, since: 2026-09-15, reason: the outage}
        apologies:
          - {date: 2026-09-18, for: the outage, taken: not yet, proof: a named engineer}
          - {date: 2026-10-07, for: the outage, taken: not yet}
        promises: [{by: me, text: named engineer on call, made: 2026-09-18, kept: 2026-10-30}]
    """
    assert "You apologised" not in page(file)


def test_an_apology_is_made_alone() -> None:
    """Before someone of another firm the sheet does not say what for, nor that one is owed."""
    agnes = """
        name: Agnes Wray
        emails: [agnes@wray.example]
        organization: Wray Orchards
        relationship: {status: strained, since: 2026-09-28, reason: I forgot the funeral, apology_owed: true}
    """  # noqa: E501  # a file as people write it
    piers = "name: Piers Langdon\nemails: [piers@langdon.example]\norganization: Langdon Fruit"
    assert "Apologise, plainly and once: I forgot the funeral" in page(agnes)
    together = page(agnes, piers)
    assert "A word with Agnes alone, before the others." in together
    assert "funeral" not in together
    assert "pologise" not in together


def test_whom_two_rivals_both_deal_with_is_told_to_neither() -> None:
    """What one of them wants of the shop that both sell to, and the promise that came of it."""
    agnes = """
        name: Agnes Wray
        emails: [agnes@wray.example]
        organization: Wray Orchards
        interactions: [{date: 2026-10-25, channel: call, summary: Fairley's wants exclusivity. Bees do well.}]
    """  # noqa: E501  # a file as people write it
    piers = """
        name: Piers Langdon
        emails: [piers@langdon.example]
        organization: Langdon Fruit
        promises: [{by: me, text: send the supermarket terms, made: 2026-11-10, due: 2026-11-20}]
        interactions: [{date: 2026-11-10, channel: call, summary: Needs supermarket terms before he meets Fairley's. Hail.}]
    """  # noqa: E501  # a file as people write it
    assert "supermarket terms" in page(piers)
    together = page(agnes, piers)
    assert "Fairley" not in together
    assert "supermarket" not in together
    assert "See Piers apart: your promise of 10 Nov" in together
    assert "Bees do well." in together


def test_a_firm_that_hurts_is_not_named() -> None:
    """Neither the husband's whom she left, nor the one that let someone go."""
    file = """
        name: Ines Duarte
        emails: [ines@duarte.example]
        past_organizations: [Whitcombe Duarte Architects, Old Mill Studio]
        life_events:
          - {date: 2026-01-15, kind: hard, note: separated from Tom Whitcombe}
          - {date: 2026-10-20, kind: neutral, note: back to her maiden name Duarte}
    """
    told = page(file)
    assert "before: Old Mill Studio" in told
    assert "Whitcombe" not in told
    assert "maiden name" not in told


def test_a_birthday_beside_an_old_sorrow_is_told() -> None:
    """A note that mentions a loss on file makes nothing heavier than the loss itself."""
    file = """
        name: Heike Brandt
        emails: [heike@brandt.example]
        birthday: 1966-11-23
        life_events: [{date: 2026-07-14, note: her father died}]
        interactions: [{date: 2026-07-20, channel: message, summary: Her father died on the 14th.}]
    """
    assert "Birthday today" in page(file)


def test_what_was_told_to_you_alone_does_not_lead_before_others() -> None:
    """The note that mentions it asks not to spread it."""
    gareth = """
        name: Gareth Pugh
        emails: [gareth@trust.example]
        organization: Trust
        life_events: [{date: 2026-10-15, kind: hard, note: wife Carys diagnosed with breast cancer}]
        interactions: [{date: 2026-10-16, channel: call, summary: Carys has cancer. Asked me not to spread it.}]
    """  # noqa: E501  # a file as people write it
    lee = "name: Lee Wong\nemails: [lee@trust.example]\norganization: Trust"
    assert "diagnosed" in page(gareth)
    assert "Carys" not in page(gareth, lee)
