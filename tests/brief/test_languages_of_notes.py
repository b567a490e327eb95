"""Notes in any of the nine languages, in a workspace of any: what they tell is understood.

A text is read in another language where its small words are of that language, or where it has none
at all; what only looks like a word of another language counts for nothing.
"""

import pytest

from briefgen.brief.events import event_kind
from briefgen.brief.redaction import mentions
from briefgen.brief.word_families import (
    LANGUAGES,
    SPACED,
    language_file,
    mentions_in,
    reading_of,
)
from briefgen.contacts.contact import LifeEvent

_DIED = {
    "en": "her brother died",
    "de": "sein Bruder ist gestorben",
    "fr": "son frère est mort",
    "es": "falleció su hermano",
    "it": "è morto suo fratello",
    "nl": "zijn broer is overleden",
    "pt": "o irmão dele morreu",
    "ja": "お兄さんが亡くなった",
    "ar": "توفي أخوه",
}
_PARTED = {
    "en": "they live apart since May",
    "de": "sie leben seit Mai getrennt",
    "fr": "ils vivent séparément depuis mai",
    "es": "viven separados desde mayo",
    "it": "vivono separati da maggio",
    "nl": "ze wonen sinds mei apart, gescheiden",
    "pt": "vivem separados desde maio",
    "ja": "五月から別居している",
    "ar": "انفصل عن زوجته في مايو",
}


def _kind(note: str, *languages: str) -> str:
    return event_kind(LifeEvent(note=note), languages).kind


@pytest.mark.parametrize("workspace", LANGUAGES)
@pytest.mark.parametrize("written", LANGUAGES)
def test_a_death_is_hard_in_whatever_language_it_is_noted(workspace: str, written: str) -> None:
    """The file need not say in which language it is written."""
    found = event_kind(LifeEvent(note=_DIED[written]), (workspace, "en"))
    assert (found.kind, found.family) == ("hard", "death")


@pytest.mark.parametrize("workspace", LANGUAGES)
@pytest.mark.parametrize("written", LANGUAGES)
def test_an_avoided_matter_is_hidden_in_whatever_language_it_is_noted(
    workspace: str, written: str
) -> None:
    """`divorce`, or its name in the language of the workspace."""
    name = language_file(workspace).families["separation"].name.split()[0]
    assert mentions(_PARTED[written], name, workspace)


def test_a_word_alone_is_read_in_every_language() -> None:
    """There is nothing that would tell its language."""
    for note in ("Krebsdiagnose", "Fehlgeburt", "licenciement", "incendie", "despedido", "malato"):
        assert _kind(note, "en") == "hard", note


def test_words_that_are_hard_in_another_language_are_not_hard_in_ones_own() -> None:
    """Dutch `brand`, German `Gift`, French `past`-is, Spanish `once`: ordinary English."""
    for note in (
        "her brand won the design prize",
        "brand refresh",
        "the gift shop opened on the pier",
        "moved the die shop to Barton",
        "a talk on rust in Mort lake",
        "past year, big pasta",
        "pasta evening",
        "trip to Russell Square",
        "fall opera season",
        "the lot, the chute and the rat trap",
        "fed the rabbits",
        "new minister of the parish choir",
    ):
        assert _kind(note, "en") in {"neutral", "good"}, note
        for matter in ("alcohol", "age", "war", "death", "fire"):
            assert not mentions(note, matter, "en"), (note, matter)


def test_words_of_other_languages_are_not_hard_in_german_or_french_either() -> None:
    """English `die`, `war`, `alone`, Spanish `once`."""
    for note in ("die Halle war fertig", "war auf der Messe", "Messe in Posen", "neuer Chef"):
        assert _kind(note, "de", "en") == "neutral", note
    for note in ("son fils aime le pain", "un coin tranquille", "la rentrée des classes"):
        assert _kind(note, "fr", "en") == "neutral", note


def test_a_text_is_read_in_the_language_of_its_small_words() -> None:
    """And in no other, so that a name or a borrowed word says nothing."""
    assert reading_of("sein Bruder ist gestorben", ("en",)).languages == ("en", "de")
    assert reading_of("sein Bruder ist gestorben", ("en",)).native >= {"de"}
    assert reading_of("her brand won the design prize", ("en",)).languages == ("en",)
    assert set(reading_of("Krebs", ("en",)).languages) == set(SPACED)


def test_words_that_count_only_in_their_own_language_do_where_the_text_is_in_it() -> None:
    """`tot` is a Dutch `until` elsewhere; in a German sentence it is dead."""
    assert mentions_in("seine Frau ist seit Mai tot", ("en",))
    assert not mentions_in("tot it up by Friday", ("en",))
