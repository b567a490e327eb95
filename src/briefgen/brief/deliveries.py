"""Deliveries: which notes read as if something promised has been handed over since.

`Noor sent the corrected list` may have kept the promise of that list, and `Sent her the first half`
a part of another. The file alone says that it is kept: the brief asks, and `check` proposes it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from briefgen.brief.phrases import flat, says, says_where
from briefgen.brief.words import (
    UNSPACED,
    content_stems,
    content_words,
    fold,
    sentences_of,
    stems,
    words_of,
)
from briefgen.contacts.contact import Contact, Promise

_SHORT_SENTENCE: Final = 4
_SHORTEST_HEAD: Final = 5
_PAIRS: Final = 2
"""So many pairs of characters in common are a word in scripts without spaces."""


def handed_over(
    promised: str,
    made: date,
    told: Iterable[tuple[date, str]],
    languages: tuple[str, ...],
    *,
    names: frozenset[str] = frozenset(),
) -> date | None:
    """The last day on which a sentence says that what was promised was handed over.

    `told` has sentences with their days, and `names` the stems of words that say nothing of it.
    """
    thing = _thing(promised, languages)
    days = (day for day, one in told if day > made and _delivers(one, thing, languages, names))
    return max(days, default=None)


def seems_kept(
    contact: Contact, promise: Promise, until: date, languages: tuple[str, ...]
) -> date | None:
    """The day of a note by which an open promise may have been kept by a day; None if by none."""
    if promise.made is None or not promise.is_open:
        return None
    told = (
        (one.date, sentence)
        for one in contact.interactions
        if promise.made < one.date <= until and one.visibility != "never" and one.summary
        if says("delivered", one.summary, languages)
        for sentence in sentences_of(one.summary)
    )
    firms = (contact.organization or "", *contact.past_organizations)
    names = content_stems(" ".join((contact.name, *firms)), languages[0])
    return handed_over(promise.text, promise.made, told, languages, names=names)


def has_most_of(
    told: str, older: str, language: str, names: frozenset[str], *, or_half: bool = False
) -> bool:
    """Whether a sentence has more than half of what an older one is about, or just half."""
    words, found = content_words(older), content_stems(told, language) - names
    shared = sum(not found.isdisjoint(stems(word, language)) for word in words)
    return shared * 2 > len(words) or (or_half and shared * 2 == len(words) > 0)


def _delivers(sentence: str, thing: str, languages: tuple[str, ...], names: frozenset[str]) -> bool:
    """Whether most of it was handed over by a sentence, or what stands beside its verb."""
    said = says_where("delivered", sentence, languages)
    if said is None or says("undelivered", sentence, languages):
        return False
    is_short = len(words_of(sentence)) <= _SHORT_SENTENCE
    if has_most_of(sentence, thing, languages[0], names, or_half=is_short):
        return True
    if UNSPACED.search(thing):
        return len(set(content_words(thing)).intersection(content_words(sentence))) >= _PAIRS
    before, _, after = flat(sentence).partition(said)
    beside = (*content_words(before)[-1:], *content_words(after)[:1])
    return any(
        _is_called(one, other, languages[0])
        for one in beside
        if stems(one, languages[0]).isdisjoint(names)
        for other in content_words(thing)
    )


def _is_called(one: str, other: str, language: str) -> bool:
    """Whether two words are one in other forms, or one is a compound of the other."""
    short, long = sorted((fold(one), fold(other)), key=len)
    is_compound = len(short) >= _SHORTEST_HEAD and long.endswith(short)
    return is_compound or not stems(one, language).isdisjoint(stems(other, language))


def _thing(promised: str, languages: tuple[str, ...]) -> str:
    """The thing promised, without the verb of handing it over."""
    return flat(promised).replace(says_where("handing", promised, languages) or "", "", 1)
