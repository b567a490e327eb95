"""Topics: which texts speak of the same things, by the stems of their words."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Final

from briefgen.brief.words import UNSPACED, fold, stems, words_of

_SHORTEST: Final = 4
_BEGINNING: Final = 4
"""Two forms of a word share so many letters."""
_WORD: Final = re.compile(r"[a-z0-9]+")
_MOST: Final = 40
"""No text is about more than so many words."""
_NOTHING: Final[frozenset[str]] = frozenset()
_EMPTY_WORDS: Final = frozenset(
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
        elif len(flat) >= _SHORTEST and flat not in _EMPTY_WORDS and not flat.isdigit():
            found[word] = None
    return tuple(found)


class Topics:
    """What a text, or several, are about: their telling words, in every form."""

    def __init__(self, texts: Iterable[str], language: str) -> None:
        self._language = language
        self._by_stem: dict[str, frozenset[str]] = {}
        words = dict.fromkeys(word for text in texts for word in topic_words(text))
        for word in islice(words, _MOST):
            for stem in stems(word, language):
                self._by_stem[stem] = self._by_stem.get(stem, _NOTHING) | {word}
        self._beginnings = tuple({stem[:_BEGINNING] for stem in self._by_stem})
        self._by_word: dict[str, frozenset[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_stem)

    def touched(self, text: str) -> frozenset[str]:
        """The topics that a text touches."""
        flat = fold(text)
        near = [one for one in self._beginnings if one in flat]
        if not near:  # as with most texts
            return _NOTHING
        words = _beginning_with(near, flat) if text.isascii() else topic_words(text)
        return _NOTHING.union(*[self._meant_by(word) for word in words])

    def _meant_by(self, word: str) -> frozenset[str]:
        """The topics that a word means; one word stands in many notes."""
        if word not in self._by_word:
            found = (self._by_stem.get(stem, _NOTHING) for stem in stems(word, self._language))
            self._by_word[word] = _NOTHING.union(*found)
        return self._by_word[word]


def _beginning_with(beginnings: Iterable[str], text: str) -> list[str]:
    """The words of a text that begin so; the others need not be looked at."""
    found = []
    for beginning in beginnings:
        at = text.find(beginning)
        while at >= 0:
            word = _WORD.match(text, at)
            if word and not text[at - 1 : at].isalnum():
                found.append(word[0])
            at = text.find(beginning, at + 1)
    return found


def share_words(one: str, other: str, language: str) -> bool:
    """Whether two texts speak of the same thing in at least one word."""
    return bool(Topics([one], language).touched(other))


def weights(touches: Iterable[frozenset[str]]) -> dict[str, float]:
    """What each topic is worth: the rarer it is among the texts, the more."""
    counts = Counter(topic for topics in touches for topic in topics)
    return {topic: 1 / count for topic, count in counts.items()}
