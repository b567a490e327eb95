"""Topics: which texts speak of the same things, by the stems of their words."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, chain, islice
from typing import Final

from briefgen.brief.words import UNSPACED, fold, stems, words_of

_SHORTEST: Final = 4
_BEGINNING: Final = 4
"""How many first letters two forms of a word share."""
_NEXT: Final = "\0"
_BETWEEN: Final = f" {_NEXT} "
_ONLY_WORDS: Final = bytes(code if chr(code).isalnum() or not code else 32 for code in range(256))
"""Leaves of a text in ASCII its words, and a sign between it and the next."""
_MOST: Final = 40
"""The most words that a text is taken to be about."""
_NOTHING: Final[frozenset[str]] = frozenset()
EMPTY_WORDS: Final = frozenset(
    """
    about after again agenda agreed also been before being best both call come could does done
    during each every first from good have here into just last like made make many meet meeting
    more most much need needs next only other over said same should show sich since some soon
    still such take talk than that their them then there these they this those three time today
    update very want week well were what when where which while will with work would year your
    aber alle auch dann dass denn diese doch eine einen einer eines erst fuer haben heute ihre
    kann mehr muss nach nicht noch oder ohne schon sein seine sind ueber unser unsere viel werden
    wenn wird wurde alles avec cette comme dans elle elles encore entre etre faire leur leurs mais
    meme nous plus pour quel quelle sans ses sont sous tout tous tres une vous como con cuando
    desde donde ella ellos entre esta este esto hasta hay mas muy nada para pero por porque que
    quien ser sin sobre son todo todos una alla anche ancora che come con cosa dalla dalle degli
    della delle deve dopo essere fare gli hanno loro molto nella nelle non nostra nostro ogni
    perche piu poi prima quale quando quello questa questo senza solo sono sua suo tutti tutto una
    aan alleen andere bij daar deze door een geen haar heeft hebben het hier hoe hun iets
    kan maar meer met moet naar niet nog ook over hebt samen toen uit van veel voor waar want wat
    werd wordt zijn zonder zou agora ainda antes assim cada coisa com depois ela eles ele entre
    essa esse esta este isso isto mais mas mesmo muito nao nem nosso nossa onde para pela pelo por
    porque quando que quem ser sem seu seus sobre sua tambem tem tudo uma
    """.split()  # noqa: SIM905  # a list of words reads better as words
)


def topic_words(text: str) -> tuple[str, ...]:
    """The words of a text that say what it is about; of unspaced scripts, each two signs."""
    found: dict[str, None] = {}
    for word in words_of(text):
        flat = fold(word)
        if UNSPACED.search(flat):
            found.update(dict.fromkeys(flat[at : at + 2] for at in range(len(flat) - 1)))
        elif len(flat) >= _SHORTEST and flat not in EMPTY_WORDS and not flat.isdigit():
            found[word] = None
    return tuple(found)


class Topics:
    """What a text, or several, are about: their telling words, in every form.

    Attributes:
        of_each: the topics of each text.
    """

    def __init__(self, texts: Iterable[str], language: str) -> None:
        self._language = language
        self._by_stem: dict[str, frozenset[str]] = {}
        self.of_each = tuple([topic_words(text) for text in texts])
        words = dict.fromkeys(chain.from_iterable(self.of_each))
        for word in islice(words, _MOST):
            for stem in stems(word, language):
                self._by_stem[stem] = self._by_stem.get(stem, _NOTHING) | {word}
        self._beginnings = frozenset([stem[:_BEGINNING] for stem in self._by_stem])
        self._by_word: dict[str, frozenset[str]] = {}

    def touched_by(self, texts: Sequence[str]) -> dict[int, frozenset[str]]:
        """The topics that each of some texts touches, by its place; those that touch none are not.

        Those in ASCII are read as one, since hardly a word of them begins as a topic does.
        """
        found = self._touched_by_plain([text if text.isascii() else "" for text in texts])
        for place, text in enumerate(texts):
            if not text.isascii() and any(map(fold(text).__contains__, self._beginnings)):
                found[place] = _NOTHING.union(*map(self._meant_by, topic_words(text)))
        return {place: found[place] for place in sorted(found) if found[place]}

    def _touched_by_plain(self, texts: Iterable[str]) -> dict[int, frozenset[str]]:
        """The same for texts in ASCII."""
        flat = f" {_BETWEEN.join(texts)} ".lower()
        near = [one for one in self._beginnings if one in flat]
        if not near:  # as of most texts
            return {}
        flat = flat.encode().translate(_ONLY_WORDS).decode()
        ends = list(accumulate([len(text) + 1 for text in flat.split(_NEXT)]))
        known = self._by_word
        found: dict[int, frozenset[str]] = {}
        for beginning in [f" {one}" for one in near]:
            at = flat.find(beginning) + 1
            while at:
                word = flat[at : flat.find(" ", at)]
                place = bisect_right(ends, at)
                meant = known[word] if word in known else self._meant_by(word)
                found[place] = found[place] | meant if place in found else meant
                at = flat.find(beginning, at) + 1
        return found

    def _meant_by(self, word: str) -> frozenset[str]:
        """The topics that a word means; one word stands in many notes."""
        if word not in self._by_word:
            found = (self._by_stem.get(stem, _NOTHING) for stem in stems(word, self._language))
            self._by_word[word] = _NOTHING.union(*found)
        return self._by_word[word]


def share_words(one: str, other: str, language: str) -> bool:
    """Whether two texts speak of the same thing in at least one word."""
    return bool(Topics([one], language).touched_by([other]))


def weights(touches: Iterable[frozenset[str]]) -> dict[str, float]:
    """What each topic is worth: the rarer it is among the texts, the more."""
    counts = Counter(topic for topics in touches for topic in topics)
    return {topic: 1 / count for topic, count in counts.items()}


_SHORT: Final = 3
_LITTLE_WORDS: Final = frozenset(
    """
    the and for her his our you she him how has had was are not but can may who why its get got did
    out off one two any ask new old der die das und ein bei mit von zum zur ist les des une aux
    sur por con los las del uno gli den het een dos das uma
    """.split()  # noqa: SIM905  # a list of words reads better as words
)


@lru_cache(maxsize=1_000)
def telling_words(text: str) -> tuple[str, ...]:
    """As `topic_words`, short ones too, as short notes are made of: `map`, `son`."""
    short = (
        word
        for word in words_of(text)
        if len(fold(word)) == _SHORT and fold(word) not in _LITTLE_WORDS
    )
    return tuple(dict.fromkeys((*topic_words(text), *short)))


@lru_cache(maxsize=5_000)
def told_stems(text: str, language: str) -> frozenset[str]:
    """The stems of everything a short note is about."""
    return frozenset().union(*(stems(word, language) for word in telling_words(text)))
