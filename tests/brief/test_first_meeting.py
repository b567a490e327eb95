"""The evidence of `Ask first`: what is not on file, and never that someone was not met."""

from .conftest import Desk


def test_a_card_without_an_interaction_is_on_file(desk: Desk) -> None:
    """Its note may say where they met, so that only the missing interaction is shown."""
    card = "name: Priya Rao\nemails: [p@acme.example]\ntitle: Buyer\nnotes: Met at the fair.\n"
    stance = desk.with_contacts(card).compose().glance.stance
    assert stance is not None
    assert (stance.text, stance.evidence) == ("Ask first", "Priya: no meeting noted yet")
