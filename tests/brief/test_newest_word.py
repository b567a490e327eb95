"""Of two notes on the same matter the newest counts, and what a cut leaves points at nobody."""

import pytest

from briefgen.brief.show import as_text
from briefgen.workspace.language import language_of

from .conftest import Desk

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\norganization: Acme\n"
LEE = "name: Lee Wong\nemails: [lee@acme.example]\norganization: Acme\n"


def page(*contacts: str, **given: object) -> str:
    """The whole brief as the terminal shows it."""
    brief = Desk().with_contacts(*contacts).compose(title="Review", **given)
    return as_text(brief, language_of("en_GB"))


def notes(*told: tuple[str, str], more: str = "") -> str:
    """A file with notes, each a day and what was noted."""
    lines = [f"  - {{date: {day}, channel: call, summary: {said!r}{more}}}" for day, said in told]
    return f"{HEAD}interactions:\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("en", "Vegan since Easter.", "Eats fish again."),
        ("de", "Isst vegan seit Ostern.", "Isst wieder Fisch."),
        ("es", "Con bastón, nada de escaleras.", "Ya sin bastón. Sube escaleras."),
        ("fr", "Candidat chef trop cher. Cherche encore.", "A trouvé un chef."),
        ("en", "Calm about the overrun. 6% over.", "Overrun now 11%."),
        ("en", "Press: not before the loan is paid.", "Loan paid off."),
        ("nl", "Ziekgemeld vandaag.", "Terug sinds maandag."),
    ],
)
def test_the_newest_word_on_a_matter_is_the_only_one(code: str, old: str, new: str) -> None:
    """The older note is true alone; beside the newer it is not told."""
    language = f"language: {code}\n"
    assert old.split(".", maxsplit=1)[0] in page(notes(("2026-05-20", old)) + language)
    told = page(notes(("2026-09-22", new), ("2026-05-20", old)) + language)
    assert new.split(".", maxsplit=1)[0] in told
    assert old.split(".", maxsplit=1)[0] not in told


def test_what_nothing_overtook_is_told() -> None:
    """Another figure, another search and an allergy stay."""
    told = page(
        notes(
            ("2026-10-02", "Signed the lease in Leeds."),
            ("2026-09-22", "Eats fish again."),
            ("2026-05-20", "Still looking for a driver."),
            ("2026-04-20", "Allergic to nuts."),
        )
    )
    assert "Still looking for a driver" in told
    assert "Allergic to nuts" in told


def test_what_to_mind_keeps_its_few_words_of_why() -> None:
    """`left ear bad` says on which side to sit; a story after a dash does not."""
    told = page(notes(("2026-06-30", "Has hearing aids now - left ear bad. Sat me on her right.")))
    assert "\n  Has hearing aids now - left ear bad\n  Sat me on her right\n" in told
    nuts = page(notes(("2026-06-30", "Allergic to nuts - and I had brought macaroons for all.")))
    assert "\n  Allergic to nuts\n" in nuts


def test_old_losses_are_no_history() -> None:
    """After three months the event itself speaks, where its day is near, and no note of it."""
    told = page(notes(("2025-06-23", "Lost the baby last week. Stop the cover application.")))
    assert "cover application" not in told
    assert "baby" not in told


def test_what_is_not_to_be_mentioned_is_no_history() -> None:
    """`Don't mention Tom`, as the notes say."""
    file = notes(("2026-05-02", "Review with Tom. She chose the fund."))
    assert "Tom" in page(file)
    told = page(file + "notes: Hugs. Don't mention Tom unless she does.\n")
    assert "Tom" not in told
    assert "She chose the fund" in told


def test_a_name_they_have_given_up_is_in_no_note() -> None:
    """The name before the divorce, or before the transition."""
    file = notes(("2026-05-02", "No post to Mrs Penrose. Own studio now."))
    gone = "aliases: [Dana Penrose]\nlife_events: [{date: 2026-08, note: changed her name}]\n"
    assert "Penrose" in page(file)
    assert "Penrose" not in page(file + gone)


def test_what_is_left_beside_a_cut_points_at_nobody() -> None:
    """Neither a mood, nor a pronoun, nor a quotation that needs the sentence that is gone."""
    summary = "Fuming. Lee signed it unread. Does not want to show him up. The lift is fixed."
    told = page(notes(("2026-10-06", summary)), LEE)
    assert "The lift is fixed." in told
    assert "Fuming" not in told
    assert "show him up" not in told


def test_who_do_not_know_of_a_wedding_do_not_read_of_it() -> None:
    """The note of the day says that someone does not know yet."""
    file = notes(("2026-11-02", "Getting married in June at Sopela. Mother doesn't know yet."))
    event = "life_events: [{date: 2026-11-02, kind: good, note: marries Maite in June}]\n"
    assert "Congratulate: marries Maite" in page(file + event)
    assert "Maite" not in page(file + event, LEE)


PARTED = """
    name: Joel Fenner
    emails: [joel@print.example]
    organization: Print
    life_events: [{date: 2026-04-18, kind: hard, note: separated from Kirsty}]
    promises: [{by: me, text: compare three offers for the press, made: 2026-11-05, due: 2026-11-20}]
    interactions:
      - {date: 2026-11-05, channel: meeting, summary: Wants the new press. Sleeps above the shop.}
"""  # noqa: E501  # a file as people write it
KIRSTY = """
    name: Kirsty Fenner
    emails: [kirsty@print.example]
    organization: Print
    life_events: [{date: 2026-11-09, kind: good, note: their son Rory got into Glasgow}]
    interactions:
      - {date: 2026-10-21, channel: call, summary: Joel is a bully. Choir again., signals: [angry], needs: limits for who signs, needs_met: no}
"""  # noqa: E501  # a file as people write it


def test_two_who_parted_read_of_the_business_they_meet_for() -> None:
    """The agenda's promises and needs stay; home does not."""
    told = page(PARTED, KIRSTY, description="1. Who signs what\n2. New press")
    assert "Own up to Joel: compare three offers for the press" in told
    assert "Limits for who signs" in told
    assert "Wants the new press." in told
    assert "Rory got into" not in told
    assert "above the shop" not in told
    assert "apart" not in told
