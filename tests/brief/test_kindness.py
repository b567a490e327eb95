"""What lies on the table must be true, kind and useful: faults that were found on real sheets."""

import pytest

from briefgen.brief.show import as_text, hidden_as_text
from briefgen.workspace.language import language_of

from .conftest import Desk

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\norganization: Acme\n"
BOSS = (
    "name: Colm Byrne\nemails: [colm@acme.example]\norganization: Acme\n"
    "title: Purchasing manager\ndecides: true\n"
)


def shown(*contacts: str, **given: object) -> str:
    """The whole brief as the terminal shows it."""
    return as_text(Desk().with_contacts(*contacts).compose(**given), language_of("en_GB"))


@pytest.mark.parametrize(
    "reason", ["he threatened to leave", "she shouted at the team", "he is a liar"]
)
def test_a_reason_that_reproaches_them_does_not_lie_before_them(reason: str) -> None:
    """The sheet says since when; the reason of our own making is shown."""
    told = shown(HEAD + f"relationship: {{status: strained, since: 2026-10-01, reason: {reason}}}")
    assert "Strained since 1 Oct." in told
    assert reason not in told
    ours = "relationship: {status: strained, since: 2026-10-01, reason: we missed the go-live}"
    assert "Strained since 1 Oct: we missed the go-live" in shown(HEAD + ours)


def test_a_hidden_reason_is_told_to_whoever_asks() -> None:
    """`show --hidden` names what the sheet leaves out."""
    desk = Desk().with_contacts(
        HEAD + "relationship: {status: strained, reason: he threatened to leave}"
    )
    told = hidden_as_text(desk.compose(why=True), language_of("en_GB"))
    assert "he threatened to leave" in told


def test_headings_call_people_as_they_want_to_be_called() -> None:
    """`call_me` replaces the name in the headings of a page of grief too."""
    told = shown(
        "name: 田中 恵\nemails: [megumi@acme.example]\ncall_me: Tanaka-san\n"
        "life_events: [{date: 2026-11-01, note: her father died}, "
        "{date: 2026-04, note: moved to Kobe}]"
    )
    assert "IF TANAKA-SAN BRINGS IT UP" in told
    assert "IF 田中" not in told


def test_a_late_promise_that_a_colleague_must_not_read_is_told_without_its_words() -> None:
    """Nothing late is kept from the user: the sheet says to see the person apart."""
    promise = (
        "promises: [{by: me, text: find a way around purchasing, made: 2026-11-02, "
        "due: 2026-11-18}]"
    )
    told = shown(HEAD + promise, BOSS)
    assert "First  See Dana apart: your promise of 2 Nov (5 days late)" in told
    assert "a way around" not in told
    alone = shown(HEAD + promise)
    assert "Own up: find a way around purchasing (5 days late)" in alone


def test_a_promise_that_would_give_a_secret_away_stays_silent() -> None:
    """Even that there is something between the two would be told to the other."""
    wife = (
        "name: Nora Haas\nemails: [nora@haas.example]\n"
        "interactions: [{date: 2026-11-02, channel: call, summary: She wants an account of her "
        "own; Erik does not know.}]\n"
        "promises: [{by: me, text: look into an account of her own, made: 2026-11-02, "
        "due: 2026-11-20}]"
    )
    told = shown(wife, "name: Erik Haas\nemails: [erik@haas.example]")
    assert "your promise" not in told
    assert "account" not in told


def test_a_point_that_asks_is_told_to_a_mourner_as_a_matter() -> None:
    """Under `If Greta brings it up` stands what she may speak of, not that one should ask."""
    told = shown(
        HEAD + "life_events: [{date: 2026-11-01, note: her husband Ole died}]\n"
        "talking_points: [ask about the new lens, tell her that the samples came]"
    )
    assert "  The new lens" in told
    assert "  Tell her that the samples came" in told
    assert "Ask about" not in told


@pytest.mark.parametrize("met", ["yes", "partly", "no"])
def test_a_need_that_is_met_is_no_hint(met: str) -> None:
    """Beneath the first question stands what is still open."""
    told = shown(
        HEAD + "interactions: [{date: 2026-11-02, channel: call, summary: Talked., "
        f"needs: the soil report, needs_met: {met}}}]"
    )
    assert ("The soil report" in told) == (met != "yes")
    assert "(met)" not in told


@pytest.mark.parametrize(
    ("need", "asked"),
    [
        ("a price for seven more hotels", True),
        ("our offer for phase two", True),
        ("one price list for all sites", False),
        ("a first price list of her own", False),
        ("a named engineer", False),
    ],
)
def test_what_they_asked_for_is_to_be_brought(need: str, asked: bool) -> None:  # noqa: FBT001  # a case
    """A wish for an offer of ours; a list of prices, or their own prices, are plain needs."""
    told = shown(
        HEAD + "interactions: [{date: 2026-11-02, channel: call, summary: Talked., "
        f"needs: {need}, needs_met: no}}]"
    )
    if asked:
        assert f"Dana asked for: {need}. Bring it. [2 Nov]" in told
    else:
        assert f"Dana still needs: {need} [2 Nov]" in told


def test_a_wish_while_strained_is_told_without_selling() -> None:
    """What they asked for, and nothing about bringing it."""
    told = shown(
        HEAD + "relationship: {status: strained, since: 2026-10-01, reason: we were late}\n"
        "interactions: [{date: 2026-11-02, channel: call, summary: Talked., needs: a price, "
        "needs_met: no}]"
    )
    assert "Dana asked for: a price [2 Nov]" in told
    assert "Bring it" not in told
