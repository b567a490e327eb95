"""Phrases: how notes say in their own words that something is secret, unneeded or for sale.

All lists are searched in one pass over a text. A piece counts if it begins a word, whatever its
case and accents. With `=` before it, it is a whole word; with `*`, it ends one. Pieces of scripts
without spaces count anywhere, and Arabic ones also after an article, a conjunction or a preposition
that is written as part of the word.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain
from typing import Any, Final, Literal, NamedTuple

import ahocorasick

from briefgen.brief.word_families import (
    LANGUAGES,
    language_file,
    languages_of,
    mentions_in,
)
from briefgen.brief.words import ARABIC, UNSPACED, fold, in_one_spelling, stems
from briefgen.workspace.built_in import read_as

_CLITICS: Final = re.compile(
    r"(?<!\w)[\u0648\u0641]?(?:[\u0628\u0643]?\u0627\u0644|\u0644\u0644|[\u0628\u0644])?\Z"
)
"""What is written before an Arabic word as part of it: and, with, for, the."""
_LONGEST_CLITICS: Final = 4
_MOST_TEXTS_KNOWN: Final = 5_000
"""As many as the notes of a brief of ten people."""
_LONGEST_LINE: Final = 1_000_000
ANY: Final = "any"
"""The language of pieces that count in all."""


class _Piece(NamedTuple):
    """A piece of a list: whether it counts within words, and whether a word must end with it."""

    name: str
    language: str
    within: bool
    ends: bool


Found = tuple[int, int, str]
"""The start of a piece, its negative length, and the piece; the least is the first and longest."""


class WordLists:
    """Lists of words, each by its name and language, found by Aho and Corasick's algorithm.

    Args:
        lists: the pieces of each list, by its name and then by their language.

    Attributes:
        found_in: the first piece of each list in a text, by the list's name and the language.
    """

    def __init__(self, lists: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        pieces: dict[str, set[_Piece]] = {}
        shared: dict[_Piece | tuple[_Piece, ...], Any] = {}  # equal ones are kept once
        for name, by_language in lists.items():
            for language, written in by_language.items():
                for one in chain.from_iterable(map(_spellings, written)):
                    bare = one.lstrip("=*")
                    within = one.startswith("*") or UNSPACED.search(one) is not None
                    piece = _Piece(name, language, within, one != bare)
                    pieces.setdefault(bare, set()).add(shared.setdefault(piece, piece))
        self._automaton = ahocorasick.Automaton()
        for bare, every in pieces.items():
            within_words = tuple(one for one in every if one.within)
            anywhere = tuple(every)
            self._automaton.add_word(
                bare, (bare, within_words, shared.setdefault(anywhere, anywhere))
            )
        self._automaton.make_automaton()
        self.found_in: Callable[[str], Mapping[str, Mapping[str, Found]]] = lru_cache(
            _MOST_TEXTS_KNOWN
        )(self._read)

    def first(self, name: str, text: str, read_in: Callable[[], Iterable[str]]) -> str | None:
        """The first piece of a list in a text, as it is there without case and accents.

        `read_in` returns the languages to read the text in, and is called only if it matters.
        """
        by_language = self.found_in(text).get(name)
        if by_language is None:
            return None
        found = [by_language[code] for code in {ANY, *read_in()} if code in by_language]
        return min(found)[-1] if found else None

    def texts_with(self, texts: Sequence[str]) -> Mapping[str, Sequence[int]]:
        """The places of the texts that have a piece of each list, in any language."""
        read = [flat(text) for text in texts]
        ends = list(accumulate(len(text) + 1 for text in read))
        found: dict[str, set[int]] = {}
        for piece, start, _ in self._pieces_in("\n".join(read)):
            found.setdefault(piece.name, set()).add(bisect_right(ends, start))
        return {name: sorted(places) for name, places in found.items()}

    def _read(self, text: str) -> Mapping[str, Mapping[str, Found]]:
        if "\n" in text:  # no piece continues on the next line, and most lines are cached
            return _together(map(self.found_in, text.split("\n")))
        found: dict[str, dict[str, Found]] = {}
        for piece, start, bare in self._pieces_in(flat(text)):
            by_language = found.setdefault(piece.name, {})
            one = (start, -len(bare), bare)
            by_language[piece.language] = min(one, by_language.get(piece.language, one))
        return found

    def _pieces_in(self, read: str) -> Iterator[tuple[_Piece, int, str]]:
        """The pieces in a text, where each begins, and what it is."""
        if not self._automaton:
            return
        for last, (bare, within_words, every) in self._automaton.iter(read):
            start = last + 1 - len(bare)
            before = read[start - 1] if start else ""
            is_within = before.isalnum() or before == "_"
            if is_within and ARABIC.match(bare):
                is_within = not _CLITICS.search(read, max(0, start - _LONGEST_CLITICS - 1), start)
            pieces = within_words if is_within else every
            if pieces:
                after = read[last + 1 : last + 2]
                for piece in pieces:
                    if not (piece.ends and (after.isalnum() or after == "_")):
                        yield piece, start, bare


def _together(
    lines: Iterable[Mapping[str, Mapping[str, Found]]],
) -> Mapping[str, Mapping[str, Found]]:
    """What was found in the lines of a text, put together; the first line counts first."""
    found: dict[str, dict[str, Found]] = {}
    for number, line in enumerate(lines):
        for name, by_language in line.items():
            for language, (start, length, piece) in by_language.items():
                one = (number * _LONGEST_LINE + start, length, piece)
                found.setdefault(name, {}).setdefault(language, one)
    return found


def _spellings(written: str) -> set[str]:
    """A piece, also as it is typed in haste: `dont mention`, or `فاتوره` for `فاتورة`."""
    piece = flat(written)
    return {piece, piece.replace("n't", "nt"), in_one_spelling(piece)}


def flat(text: str) -> str:
    """A text without case and accents, as the lists are compared."""
    return fold(text).replace("\u2019", "'")


PhraseKind = Literal[
    "secret", "sworn", "one_to_one", "dunning", "known_by_all", "job_search", "thanks",
    "left_to_them", "suspicion", "wants_time", "school_start", "bargaining", "pointing",
    "of_another", "unkind", "apologised", "settled", "wish", "no_wish", "left_work",
    "others_lose_work", "lost_own_work", "joke", "asking", "harm", "against", "blame",
    "unnamed", "harsh", "left_alone", "handing", "relative", "funeral", "goes_on", "recipient",
    "rang", "celebration", "diet", "walking", "smoking", "away", "news", "seeking", "estate",
    "both", "changed", "count", "money_owed", "absence", "standing", "untold", "untold_them",
    "understaffed", "staffed", "relocation", "relocation_off", "growth", "insolvent", "bid_lost",
    "delivered", "undelivered", "birthday", "not_wished", "brings_up", "wellbeing", "of_everybody",
    "remembered", "rumour", "irony",
]  # fmt: skip
"""The lists of `phrases.yaml`, by what a note says with one of their phrases."""
_SMALL_WORDS: Final = frozenset({"undelivered", "not_wished", "remembered"})
"""Lists of words that are in most texts; used only beside a phrase of another list."""
_ALWAYS: Final = "en"
_ROLES: Final = "roles"
_ROLES_IN: Final = ("en", "de", "fr")
_AT_THE_ENDS: Final = " .!?,;:\u2026\u3002\uff01\u060c\u061f\u00a1\u00bf\u00ab\u00bb\"'()"


def says(kind: PhraseKind, text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text contains a phrase of a kind, in some languages or its own."""
    return kind in _lists(kind).found_in(text) and says_where(kind, text, languages) is not None


def says_any(kinds: Collection[PhraseKind], text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text contains a phrase of any of some kinds; most contain none at all."""
    found = _parts().phrases.found_in(text)
    if found.keys().isdisjoint(kinds):
        return False
    return any(says(kind, text, languages) for kind in kinds)


def says_where(kind: PhraseKind, text: str, languages: tuple[str, ...]) -> str | None:
    """The phrase as it is in the text without case and accents; None if there is none."""
    return _lists(kind).first(kind, text, lambda: (*languages_of(text, languages), _ALWAYS))


def _lists(kind: str) -> WordLists:
    return _parts().small_words if kind in _SMALL_WORDS else _parts().phrases


class _Parts(NamedTuple):
    """What `phrases.yaml` contains, ready to search; its plain lists are not kept."""

    phrases: WordLists
    small_words: WordLists
    roles: frozenset[str]


@cache
def _parts() -> _Parts:
    read = read_as(dict[str, dict[str, tuple[str, ...]]], "brief/phrases.yaml")
    roles = [word for words in read.pop(_ROLES).values() for word in words]
    small_words = {kind: read.pop(kind) for kind in _SMALL_WORDS}
    return _Parts(
        phrases=WordLists(read),
        small_words=WordLists(small_words),
        roles=frozenset().union(*(stems(one, code) for one in roles for code in _ROLES_IN)),
    )


def roles() -> frozenset[str]:
    """Words in a title that name a rank and not a field of work, with their stems."""
    return _parts().roles


def is_nothing(needs: str) -> bool:
    """Whether a noted need says that there is none: `nothing`, `keine`, `rien`, `特になし`."""
    return _bare(needs) in _nothing()


@cache
def _nothing() -> frozenset[str]:
    return frozenset(_bare(word) for code in LANGUAGES for word in language_file(code).nothing)


def _bare(text: str) -> str:
    return " ".join(fold(text).strip(_AT_THE_ENDS).split()) or text.strip()


@lru_cache(maxsize=5_000)
def not_to_be_asked(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """What a note says not to ask about: `the move`, from `do not ask about the move`."""
    found = (
        match["what"].strip(_AT_THE_ENDS)
        for pattern in _silences(languages_of(text, languages))
        for match in pattern.finditer(text)
    )
    return tuple(dict.fromkeys(one for one in found if one))


@cache
def _silences(languages: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(_as_expression(written), re.IGNORECASE)
        for code in languages
        for written in language_file(code).not_asked
    )


def _as_expression(written: str) -> str:
    """`do not ask about {}` as a regular expression; `{}` extends to the end of the sentence."""
    what = r"(?P<what>[^.!?;\n\u3002\u061f]+" + ("?)" if not written.endswith("{}") else ")")
    return written.replace(" ", r"\s+").replace("{}", what)


def is_pitch(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text offers something for sale, by its meaning.

    `Bring the quotation` does; `the quotation from Rilke` and `the discount complaint` do not.
    """
    return bool(mentions_in(text, languages, among=("pitch",)))


@lru_cache(maxsize=128)
def reading_languages(*codes: str | None) -> tuple[str, ...]:
    """The languages to read notes in: the known ones of some locales and tags, and English.

    The workspace's own comes first.
    """
    known: Iterator[str] = (re.split(r"[-_]", code)[0].casefold() for code in codes if code)
    return tuple(dict.fromkeys((*(code for code in known if code in LANGUAGES), "en")))
