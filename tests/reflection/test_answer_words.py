"""Answers in the user's own words."""

from itertools import combinations

import pytest

from briefgen.reflection.asked import shown, understood
from briefgen.workspace.language import LANGUAGES

DEGREES = ("yes", "partly", "no")
QUESTIONS = (
    DEGREES,
    ("listen", "teach", "advise", "coach"),
    ("kept", "moved", "dropped"),
    ("accepted", "not yet", "refused"),
    ("life event", "interest", "birthday"),
)


@pytest.mark.parametrize(
    ("given", "language", "meant"),
    [
        ("ja", "de", "yes"),
        ("Teils", "de", "partly"),
        ("teilw", "de", "partly"),
        ("nein", "de", "no"),
        ("oui", "fr", "yes"),
        ("en partie", "fr", "partly"),
        ("si", "es", "yes"),
        ("si", "it", "yes"),
        ("in parte", "it", "partly"),
        ("un po’", "it", "partly"),
        ("deels", "nl", "partly"),
        ("een beetje", "nl", "partly"),
        ("neen", "nl", "no"),
        ("sí", "es", "yes"),
        ("はい", "ja", "yes"),
        ("一部", "ja", "partly"),
        ("نعم", "ar", "yes"),
        ("لا", "ar", "no"),
        ("y", "en", "yes"),
        ("P", "en", "partly"),
        ("oui", "en", "yes"),
        ("yes", "de", "yes"),
        ("2", "ar", "partly"),
        ("٢", "ar", "partly"),
    ],
)
def test_words_of_nine_languages_are_understood(given: str, language: str, meant: str) -> None:
    """A word, its beginning, or its number means the choice, in any language."""
    assert understood(given, DEGREES, language) == meant


@pytest.mark.parametrize("given", ["maybe", "0", "4", "x"])
def test_what_means_nothing_is_not_guessed_at(given: str) -> None:
    """A word that is none of the choices is none of them."""
    assert understood(given, DEGREES, "en") is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("choices", QUESTIONS)
def test_every_choice_is_told_by_what_is_shown(choices: tuple[str, ...], language: str) -> None:
    """In each language the words shown differ, and each is understood as its own choice."""
    words = [shown(choice, language) for choice in choices]
    assert all(one != other for one, other in combinations(words, 2))
    assert [understood(word, choices, language) for word in words] == list(choices)
    if language != "en":
        assert words != list(choices)


def test_brazil_has_words_of_its_own_for_some_answers() -> None:
    """They are shown in Brazil, Portugal's are understood there, and the rest is shared."""
    assert shown("accepted", "pt_BR") == "aceito"
    assert shown("accepted", "pt") == "aceite"
    assert shown("teach", "pt_BR") == "explicar"
    assert understood("aceite", ("accepted", "not yet", "refused"), "pt_BR") == "accepted"
