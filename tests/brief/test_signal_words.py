"""The vocabulary of signals: what a noted word means, negations, word forms, nine languages."""

from pathlib import Path

import pytest

from briefgen.brief.signals import Vocabulary, read_vocabulary
from briefgen.workspace.language import LANGUAGES, language_of

FEWEST = 150


def vocabulary(language: str) -> Vocabulary:
    """The built-in one in a language."""
    found, problems = read_vocabulary(Path("/nowhere"), language_of(language))
    assert not problems
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_knows_a_hundred_and_fifty_words(language: str) -> None:
    """For every signal some, and negations."""
    every = vocabulary(language).signals
    words = {word for signal in every for word, code in signal.synonyms if code == language}
    assert len(words) >= FEWEST
    for signal in every:
        assert any(code == language for _, code in signal.synonyms), signal.name
        assert signal.family.rule
        assert signal.family.helps


@pytest.mark.parametrize(
    ("language", "noted", "signal"),
    [
        ("en", "not happy", "dissatisfied"),
        ("en", "no longer angry", "calm"),
        ("en", "not interested", "bored"),
        ("en", "wasn't calm", None),
        ("en", "not sad", None),
        ("en", "not only angry", "angry"),
        ("de", "nicht zufrieden", "dissatisfied"),
        ("de", "nicht mehr wütend", "calm"),
        ("de", "ein wenig gereizt", "annoyed"),
        ("fr", "pas content", "dissatisfied"),
        ("fr", "plus détendue", "calm"),
        ("fr", "plus en colère", None),
        ("es", "nada contenta", "dissatisfied"),
        ("es", "un poco enfadado", "angry"),
        ("es", "de mal humor", "dissatisfied"),
        ("es", "de buen humor", "amused"),
        ("es", "bajo de ánimo", "sad"),
        ("es", "agüitada", "sad"),
        ("es", "nerviosismo", "anxious"),
        ("it", "non contenta", "dissatisfied"),
        ("nl", "niet blij", "dissatisfied"),
        ("de", "keineswegs zufrieden", "dissatisfied"),
        ("fr", "loin d’être convaincu", "insecure"),
        ("fr", "nullement satisfaite", "dissatisfied"),
        ("it", "tutt’altro che contenta", "dissatisfied"),
        ("nl", "verre van tevreden", "dissatisfied"),
        ("pt", "não está feliz", "dissatisfied"),
        ("ja", "満足していない様子", "dissatisfied"),
        ("ar", "لم يعد غاضبا", "calm"),
        ("ar", "غير سعيدة", "dissatisfied"),
    ],
)
def test_a_negation_is_never_its_opposite(language: str, noted: str, signal: str | None) -> None:
    """It means what the negation means, or nothing that is known."""
    found = vocabulary(language).find(noted)
    assert (found.name if found else None) == signal


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_negated_good_word_is_good(language: str) -> None:
    """Whatever word of joy, confidence or openness is negated."""
    known = vocabulary(language)
    negation = {"en": "not", "de": "nicht", "fr": "pas", "es": "no", "it": "non", "nl": "niet"}
    negation |= {"pt": "não", "ar": "غير"}
    for signal in known.signals:
        if signal.family.tone != "high":
            continue
        for word, code in signal.synonyms:
            if code == language and language in negation:
                found = known.find(f"{negation[language]} {word}")
                assert found is None or found.family.tone != "high", word


@pytest.mark.parametrize(
    ("language", "noted", "signal"),
    [
        ("en", "upset", "worried"),
        ("en", "burnt out", "tired"),
        ("en", "heartbroken", "grieving"),
        ("de", "verärgerte", "angry"),
        ("de", "in Trauer", "grieving"),
        ("fr", "déçues", "disappointed"),
        ("fr", "heureuse", "happy"),
        ("fr", "bouleversée", "worried"),
        ("es", "descontentas", "dissatisfied"),
        ("es", "de luto", "grieving"),
        ("it", "scontenti", "dissatisfied"),
        ("nl", "boze", "angry"),
        ("de", "gut drauf", "happy"),
        ("de", "schlecht gelaunt", "annoyed"),
        ("fr", "crevée", "tired"),
        ("it", "giù di corda", "sad"),
        ("nl", "overspannen", "stressed"),
        ("nl", "in rouw", "grieving"),
        ("pt", "zangada", "angry"),
        ("ja", "とても怒っている", "angry"),
        ("ar", "غاضبة", "angry"),
        ("en", "cautious", "cautious"),
        ("en", "impatient", "impatient"),
    ],
)
def test_word_forms_are_known(language: str, noted: str, signal: str) -> None:
    """Gender, number and degree by the stem."""
    found = vocabulary(language).find(noted)
    assert found is not None
    assert found.name == signal


def test_impatience_and_caution_have_families_of_their_own() -> None:
    """What to say to them is not what to say to the angry or the undecided."""
    known = vocabulary("en")
    families = {word: known.find(word) for word in ("impatient", "cautious", "angry", "torn")}
    assert len({found.family.name for found in families.values() if found}) == 4


def test_an_unknown_word_is_unknown_and_its_neighbour_is_offered() -> None:
    """No stance comes of it; a slip of the pen has a near word."""
    known = vocabulary("en")
    assert known.find("zippy") is None
    assert known.nearest("frustated") == "frustrated"
    assert known.nearest("zippy") is None


@pytest.mark.parametrize(
    ("locale", "own", "never"),
    [("de_CH", "grosse", ("ß", "„", "“")), ("fr_CA", "étapes", ("\u00a0;", "\u00a0?"))],
)
def test_what_a_family_asks_for_is_spelled_as_the_region_does(
    locale: str, own: str, never: tuple[str, ...]
) -> None:
    """The vocabulary is in no catalogue, and is spelled as one of the region would be."""
    found, _ = read_vocabulary(Path("/nowhere"), language_of(locale))
    families = {signal.family for signal in found.signals}
    said = " ".join(f"{one.rule} {one.helps} {one.keep_from}" for one in families)
    assert own in said
    assert not [sign for sign in never if sign in said]
