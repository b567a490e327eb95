"""Relations named in notes: `her husband Peter`, `daughter Maya`, `Peter, her husband`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from briefgen.brief.word_families.families import language_file, languages_of, relations_of
from briefgen.brief.word_families.patterns import Element, Token, element_of, tokens_of

_JOINING: Final = frozenset({"and", "und", "et", "y", "e", "en", "ed", "&", "\u0648"})
_NAMED: Final = frozenset(
    "called named namens genannt nommé appelé llamado llamada chiamato chiamata genaamd chamado chamada".split()  # noqa: SIM905, E501  # a list of words reads better as words
)
_MOST_NAMES: Final = 4


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A relation named in a text.

    Attributes:
        relation: what it is, in English: husband, wife, partner, son, daughter, child, mother,
            father, parent, brother, sister, grandparent, grandchild, relative, friend, pet.
        word: as the text has it.
        names: the names beside it; none where the relation alone is named.
    """

    relation: str
    word: str
    names: tuple[str, ...] = ()


@lru_cache(maxsize=20_000)
def relations_in(text: str, languages: tuple[str, ...]) -> tuple[Relation, ...]:
    """The relations that a text names, in any of some languages and those of its script."""
    found: dict[tuple[str, str, tuple[str, ...]], Relation] = {}
    for language in languages_of(text, languages):
        for one in _in_language(text, language):
            found.setdefault((one.relation, one.word.casefold(), one.names), one)
    return tuple(found.values())


def _in_language(text: str, language: str) -> Iterator[Relation]:
    tokens = tokens_of(text)
    for at, token in enumerate(tokens):
        for relation, words in _words(language):
            if words.fits(token):
                names = _names_after(tokens, at + 1, language) or _name_before(tokens, at, language)
                yield Relation(relation=relation, word=token.typed, names=names)


@cache
def _words(language: str) -> tuple[tuple[str, Element], ...]:
    relations = language_file(language).relations
    return tuple((name, element_of("/".join(words), language)) for name, words in relations.items())


def _names_after(tokens: Sequence[Token], at: int, language: str) -> tuple[str, ...]:
    """`Peter` of `husband Peter`, `Adam` and `Ben` of `sons Adam and Ben`."""
    found: list[str] = []
    if at < len(tokens) and tokens[at].whole in _NAMED:
        at += 1
    for token in tokens[at:]:
        if _is_a_name(token, language) and len(found) < _MOST_NAMES:
            found.append(token.typed)
        elif not (found and token.whole in _JOINING):
            break
    return tuple(found)


def _name_before(tokens: Sequence[Token], at: int, language: str) -> tuple[str, ...]:
    """`Peter` of `Peter, her husband`."""
    before = relations_of(language).before
    at -= 1
    if at < 0 or not before.fits(tokens[at]):
        return ()
    while at >= 0 and before.fits(tokens[at]):
        at -= 1
    return (tokens[at].typed,) if at >= 0 and _is_a_name(tokens[at], language) else ()


def _is_a_name(token: Token, language: str) -> bool:
    typed = token.typed
    if language in {"ja", "ar"} or not typed[0].isupper():
        return False
    return not (typed.isupper() and len(typed) > 1) and not relations_of(language).before.fits(
        token
    )
