"""Relations named in notes: `her husband Peter`, `daughter Maya`, `Peter, her husband`."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from briefgen.brief.word_families import (
    elsewhere,
    language_file,
    mentions_in,
    reading_of,
    relations_of,
)
from briefgen.brief.word_families.patterns import Element, Token, element_of, tokens_of
from briefgen.brief.words import ARABIC, word_list
from briefgen.contacts.contact import Contact
from briefgen.workspace.value import Value

_JOINING: Final = word_list("and")
_NAMED: Final = word_list("called")
_MOST_NAMES: Final = 4


class Relation(Value, frozen=True, kw_only=True):
    """A relation named in a text.

    Attributes:
        relation: what it is, in English: husband, wife, partner, son, daughter, child, mother,
            father, parent, brother, sister, grandparent, grandchild, relative, friend, pet.
        word: as the text has it.
        names: the names beside it; none if only the relation is mentioned.
    """

    relation: str
    word: str
    names: tuple[str, ...] = ()


@lru_cache(maxsize=5_000)
def relations_in(text: str, languages: tuple[str, ...]) -> tuple[Relation, ...]:
    """The relations that a text names, in any of some languages and those of its script."""
    found: dict[tuple[str, str, tuple[str, ...]], Relation] = {}
    reading = reading_of(text, languages)
    for language in reading.languages:
        foreign = frozenset() if language in reading.native else _elsewhere(language)
        for one in _in_language(text, language):
            if one.word.casefold() in foreign:
                continue
            found.setdefault((one.relation, one.word.casefold(), one.names), one)
    return tuple(found.values())


def avoided_with(contact: Contact, languages: tuple[str, ...]) -> tuple[str, ...]:
    """What is not mentioned to someone: the entries of `avoid`, and the people they mean.

    `her brother` is also Ned if the file has `brother Ned`.
    """
    wanted = _people_meant(contact.avoid, languages)
    if not wanted:
        return contact.avoid
    return _with_names(contact.avoid, tuple(_told_of(contact)), languages)


@lru_cache(maxsize=256)
def _with_names(
    entries: tuple[str, ...], notes: tuple[str, ...], languages: tuple[str, ...]
) -> tuple[str, ...]:
    wanted = _people_meant(entries, languages)
    told = (one for note in (*entries, *notes) for one in relations_in(note, languages))
    return tuple(
        dict.fromkeys((*entries, *(n for one in told if one.relation in wanted for n in one.names)))
    )


def _told_of(contact: Contact) -> Iterator[str]:
    """The notes that may name a relation of someone."""
    yield from (event.note for event in contact.life_events)
    yield contact.notes or ""
    yield from (one.summary or "" for one in contact.interactions)


@lru_cache(maxsize=256)
def _people_meant(entries: tuple[str, ...], languages: tuple[str, ...]) -> frozenset[str]:
    """The relations named by entries that name nothing else: `her brother Ned`."""
    meant = set()
    places = [relations_of(code) for code in languages]
    for entry in entries:
        found = relations_in(entry, languages)
        names = {name for one in found for name in one.names}
        if all(
            token.typed in names
            or any(of.words.fits(token) or of.before.fits(token) for of in places)
            for token in tokens_of(entry)
        ):
            meant |= {one.relation for one in found}
    return frozenset(meant)


_UNSPACED_NAME: Final = r"[\u30a0-\u30ff\u4e00-\u9fff\u3005A-Za-z]{1,10}?"
"""A name of katakana, kanji or Latin letters, up to the particle or title after it."""
_AFTER_NAME: Final = (
    r"(?=\u3055\u3093|\u69d8|\u304f\u3093|\u3061\u3083\u3093|\u6c0f"
    r"|[\u3040-\u309f\u3001\u3002\s]|$)"
)


def _unspaced(text: str) -> Iterator[Relation]:
    """Relations in Japanese: `\u592b\u306e\u30d4\u30fc\u30bf\u30fc`, of the longest word first."""
    taken: list[range] = []
    file = language_file("ja")
    for one in file.harmless:  # `大丈夫` is no husband
        text = text.replace(one, "。")
    words = sorted(
        ((word, name) for name, every in file.relations.items() for word in every),
        key=lambda one: -len(one[0]),
    )
    for word, relation in words:
        for found in re.finditer(
            f"{word}(?:\u306e|\u3001|\u30fb)?(?P<name>{_UNSPACED_NAME})?{_AFTER_NAME}", text
        ):
            if not any(found.start() in place for place in taken):
                taken.append(range(found.start(), found.start() + len(word)))
                names = (found["name"],) if found["name"] else ()
                yield Relation(relation=relation, word=word, names=names)


def _in_language(text: str, language: str) -> Iterator[Relation]:
    if language == "ja":
        yield from _unspaced(text)
        return
    tokens = tokens_of(text)
    for at, token in enumerate(tokens):
        for relation in _meant(token, language):
            names = _names_after(tokens, at + 1, language) or _name_before(tokens, at, language)
            yield Relation(relation=relation, word=token.typed, names=names)


def _meant(token: Token, language: str) -> tuple[str, ...]:
    """The relations that a word means: by its exact form, else by its stem.

    The stems of `hijo` and `hija` are one.
    """
    fitting = [(name, words) for name, words in _words(language) if words.fits(token)]
    exactly = tuple(name for name, words in fitting if words.is_exactly(token))
    return exactly or tuple(name for name, _ in fitting)


@cache
def _elsewhere(language: str) -> frozenset[str]:
    """Words that are others in another language: English `son` is French for his."""
    return frozenset(word.strip("=~!*") for word in elsewhere(language))


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
    if language == "ar":
        return (
            bool(ARABIC.match(typed))
            and not relations_of("ar").words.fits(token)
            and not mentions_in(typed, ("ar",))
        )
    if not typed[0].isupper():
        return False
    is_shouted = typed.isupper() and len(typed) > 1
    return not is_shouted and not relations_of(language).before.fits(token)
