"""Arabic words without what clings to them: article, conjunctions, prepositions, pronouns."""
# ruff: noqa: RUF001  # Arabic letters look like Latin ones to the linter

import re
from collections.abc import Iterator
from typing import Final

LETTER: Final = re.compile(r"[\u0600-\u06ff]")
ARABIC_MARKS: Final = re.compile(r"[\u064b-\u065f\u0670\u0640]")
_BEFORE: Final = re.compile(r"[وف]?(?:بال|كال|ال|لل|[بلكس])?")
_AFTER: Final = frozenset(
    """
    ه ها هم هما هن نا ي ك كم ات ون ين ان وا ت تا تم ا ته تها تهم تي تك تنا اته اتها اتهم
    """.split()  # noqa: SIM905  # a list of words reads better as words
)
_SHORTEST: Final = 3
_ONE_WAY: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})


def in_one_spelling(word: str) -> str:
    """A word without accents in the spelling that everybody's spelling comes to."""
    return word.translate(_ONE_WAY)


def without_prefixes(word: str) -> Iterator[str]:
    """A word, and what it is without article, conjunction and preposition."""
    found = _BEFORE.match(word)
    cuts = {0} | ({1} if word[:1] in "وفبلكس" else set()) | ({found.end()} if found else set())
    yield from (word[cut:] for cut in sorted(cuts) if len(word) - cut >= _SHORTEST - 1)


def without_clitics(word: str) -> Iterator[str]:
    """Every word that this one may be when what clings to it is taken away, itself first."""
    for bare in without_prefixes(word):
        yield bare
        for length in (1, 2, 3, 4):
            if len(bare) - length >= _SHORTEST and bare[-length:] in _AFTER:
                yield bare[:-length]
                yield bare[:-length] + "ه"
