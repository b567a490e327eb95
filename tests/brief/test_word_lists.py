"""Word lists: what counts as a piece of a list in a note."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefgen.brief.phrases import WordLists

LISTS = WordLists(
    {
        "gifts": {"en": ["no gifts", "=aa", "wine"], "de": ["*wein", "keine geschenke"]},
        "offices": {"any": ["ministry"]},
        "secrets": {"ja": ["内緒"], "fr": ["à son insu", "l'affaire"]},
    }
)


def first(name: str, text: str, *languages: str) -> str | None:
    """The first piece of a list in a text that is read in some languages."""
    return LISTS.first(name, text, lambda: languages)


@pytest.mark.parametrize(
    ("name", "text", "language", "found"),
    [
        ("gifts", "Winery tour", "en", "wine"),
        ("gifts", "Wines of Porto", "en", "wine"),
        ("gifts", "She goes to AA.", "en", "aa"),
        ("gifts", "An Aardvark", "en", None),
        ("gifts", "Swine flu", "en", None),
        ("gifts", "Trinkt Glühwein gern", "de", "wein"),
        ("gifts", "Weinen half", "de", None),
        ("gifts", "Keine Geschenke", "en", None),
        ("offices", "Ministry of Works", "it", "ministry"),
        ("secrets", "これは内緒です", "ja", "内緒"),
        ("secrets", "A SON INSU", "fr", "a son insu"),
        ("secrets", "Dans l\u2019affaire", "fr", "l'affaire"),
        ("gifts", "", "en", None),
    ],
)
def test_a_piece_counts_where_it_begins_a_word(
    name: str, text: str, language: str, found: str | None
) -> None:
    """It begins a word, is one with `=` and ends one with `*`, whatever its case and accents."""
    assert first(name, text, language) == found


def test_the_first_piece_is_found_and_of_several_there_the_longest() -> None:
    """Which piece a text has first decides what is cut out of it."""
    lists = WordLists({"rang": {"en": ["call", "called back", "rang"], "de": ["rief"]}})
    assert lists.first("rang", "He called back and rang", lambda: ["en"]) == "called back"
    assert lists.first("rang", "rief an, then called", lambda: ["en", "de"]) == "rief"
    assert lists.first("rang", "rief an, then called", lambda: ["en"]) == "call"


def test_languages_are_asked_for_only_where_a_piece_is_found() -> None:
    """Most notes have no piece of a list in any language, and are then done with."""

    def never() -> list[str]:
        raise AssertionError

    assert LISTS.first("gifts", "About the budget", never) is None
    assert not LISTS.found_in("About the budget")
    assert LISTS.found_in("Keine Geschenke")


def test_the_texts_with_a_piece_are_told_by_their_places() -> None:
    """Many notes are read at once, and none is taken for its neighbour."""
    texts = ["Wine", "nothing", "", "keine geschenke", "the ministry, and wine", "no", "gifts"]
    assert LISTS.texts_with(texts) == {"gifts": [0, 3, 4], "offices": [4]}
    assert LISTS.texts_with([]) == {}


def test_lists_without_a_piece_find_nothing() -> None:
    """A list may be empty, in one language or in all."""
    assert WordLists({"none": {"en": []}}).first("none", "anything", lambda: ["en"]) is None


@given(
    pieces=st.lists(st.text("abé' ", min_size=1).map(str.strip).filter(bool), max_size=6),
    text=st.text("abéB' .-\n"),
)
def test_it_finds_what_a_search_for_each_piece_finds(pieces: list[str], text: str) -> None:
    """One reading of a text and a search for each piece agree."""
    read = text.lower().replace("é", "e")
    sought = [piece.replace("é", "e") for piece in pieces]
    found = any(re.search(rf"(?<![^\W]){re.escape(piece)}", read) for piece in sought)
    lists = WordLists({"all": {"en": pieces}})
    assert (lists.first("all", text, lambda: ["en"]) is not None) == found
    assert bool(lists.texts_with([text])) == found or "\n" in text


@pytest.mark.parametrize("text", ["Don't mention it", "dont mention it", "DON\u2019T MENTION it"])
def test_a_piece_is_known_as_it_is_typed_in_haste(text: str) -> None:
    """Notes are written without apostrophes."""
    lists = WordLists({"secret": {"en": ["don't mention"]}})
    assert lists.first("secret", text, lambda: ["en"]) is not None
