"""What notes say in words of their own: relations, no need, silences asked for, pitches."""

import pytest

from briefgen.brief.phrases import is_nothing, is_pitch, not_to_be_asked
from briefgen.brief.relations import relations_in


@pytest.mark.parametrize(
    ("text", "relation", "names"),
    [
        ("husband Peter died", "husband", ("Peter",)),
        ("Peter, her husband, died", "husband", ("Peter",)),
        ("sons Adam and Ben started school", "son", ("Adam", "Ben")),
        ("our son died", "son", ()),
        ("her daughter Maya's college", "daughter", ("Maya",)),
    ],
)
def test_a_relation_is_found_with_the_names_beside_it(
    text: str, relation: str, names: tuple[str, ...]
) -> None:
    """After the word or before it; several joined by and; none where none is given."""
    assert (relation, names) in {(one.relation, one.names) for one in relations_in(text, ("en",))}


@pytest.mark.parametrize(
    ("language", "text", "relation", "names"),
    [
        ("de", "ihr Mann Peter ist gestorben", "husband", ("Peter",)),
        ("fr", "son mari Pierre est mort", "husband", ("Pierre",)),
        ("es", "su hija Maya se graduó", "daughter", ("Maya",)),
        ("it", "la figlia Maya si è laureata", "daughter", ("Maya",)),
        ("nl", "haar man Piet is overleden", "husband", ("Piet",)),
        ("pt", "o marido Pedro faleceu", "husband", ("Pedro",)),
        ("ja", "夫のピーターが亡くなった", "husband", ("ピーター",)),
        ("ar", "توفي زوجها بيتر", "husband", ("بيتر",)),
    ],
)
def test_relations_are_found_in_nine_languages(
    language: str, text: str, relation: str, names: tuple[str, ...]
) -> None:
    """Each for itself, whatever its stem: a daughter is no son."""
    found = relations_in(text, (language, "en"))
    assert [(one.relation, one.names) for one in found] == [(relation, names)]


def test_a_need_of_nothing_is_none() -> None:
    """However it is written; a real need is one."""
    assert is_nothing("Nothing.")
    assert is_nothing("none")
    assert not is_nothing("nothing but a price")


def test_a_silence_asked_for_names_its_matter() -> None:
    """In the user's own words, up to the end of the sentence."""
    assert not_to_be_asked("Do not ask about the move. Ask about chess", ("en",)) == ("the move",)
    assert not_to_be_asked("ask about the move", ("en",)) == ()


@pytest.mark.parametrize(
    ("text", "pitch"),
    [
        ("upsell the seven hotels", True),
        ("renewal is due in January", True),
        ("the quotation from Rilke", False),
        ("bring the discount complaint to an end", False),
        ("renewal theology", False),
    ],
)
def test_a_pitch_is_known_by_its_sense(text: str, *, pitch: bool) -> None:
    """The same word sells in one text and not in another."""
    assert is_pitch(text, ("en",)) is pitch
