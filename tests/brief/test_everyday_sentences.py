"""Sentences as people write them: what they tell, by the words of `everyday.yaml`."""

from pathlib import Path

import pytest

from briefgen.brief.word_families import LANGUAGES, kinds, mentions_in
from briefgen.workspace.built_in import parse_built_in

SENTENCES = parse_built_in(Path(__file__).with_name("everyday.yaml"))


def told(text: str, language: str) -> set[str]:
    """The families that a text surely mentions."""
    return {one.family for one in mentions_in(text, (language,), strict=True)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_everyday_sentence_tells_of_nothing_hard(language: str) -> None:
    """`The Israel office` is no war, `a separate attachment` no divorce, `必死に` no death."""
    kept_apart = {*kinds().hard, *kinds().confidential}
    wrong = [
        text
        for text in SENTENCES["harmless"][language]
        if not kept_apart.isdisjoint(told(text, language))
    ]
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blow_is_found_in_everyday_words(language: str) -> None:
    """Forty in each language, none of them the name of its family."""
    missed = [
        text
        for text in SENTENCES["hard"][language]
        if told(text, language).isdisjoint(kinds().hard)
    ]
    assert not missed
