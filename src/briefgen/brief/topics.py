"""Topics: which texts speak of the same things, by the stems of their words."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from briefgen.brief.words import UNSPACED, fold, stems, words_of

_SHORTEST: Final = 4
_BEGINNING: Final = 4
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


@lru_cache(maxsize=4_000)
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


def share_words(one: str, other: str, language: str) -> bool:
    """Whether two texts speak of the same thing in at least one word."""
    return bool(touched(topic_words(one), other, language))


def touched(topics: Sequence[str], text: str, language: str) -> frozenset[str]:
    """The topics that a text touches, in any form of the words."""
    known = tuple(topics)
    flat = fold(text)
    if not any(beginning in flat for beginning in _beginnings(known)):
        return frozenset()
    of_stem = _by_stem(known, language)
    return frozenset(
        topic
        for word in topic_words(text)
        for stem in stems(word, language)
        for topic in of_stem.get(stem, ())
    )


@lru_cache(maxsize=512)
def _by_stem(topics: tuple[str, ...], language: str) -> dict[str, tuple[str, ...]]:
    """The topics that each stem of theirs stands for."""
    found: dict[str, tuple[str, ...]] = {}
    for topic in topics:
        for stem in stems(topic, language):
            found[stem] = (*found.get(stem, ()), topic)
    return found


@lru_cache(maxsize=512)
def _beginnings(topics: tuple[str, ...]) -> tuple[str, ...]:
    """How the forms of the topics begin: a text with none of that is soon passed over."""
    return tuple(dict.fromkeys(fold(topic)[:_BEGINNING] for topic in topics))


def weights(touches: Iterable[frozenset[str]]) -> dict[str, float]:
    """What each topic is worth: the rarer it is among the texts, the more."""
    counts: dict[str, int] = {}
    for topics in touches:
        for topic in topics:
            counts[topic] = counts.get(topic, 0) + 1
    return {topic: 1 / count for topic, count in counts.items()}
