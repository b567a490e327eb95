"""Arabic words without what clings to them: article, conjunctions, prepositions, pronouns."""
# ruff: noqa: RUF001  # Arabic letters look like Latin ones to the linter

import re
from collections.abc import Iterator
from typing import Final

LETTER: Final = re.compile(r"[\u0600-\u06ff]")
_BEFORE: Final = re.compile(r"[وف]?(?:بال|كال|ال|لل|[بلكس])?")
_AFTER: Final = frozenset(
    """
    ه ها هم هما هن نا ي ك كم ات ون ين ان وا ت تا تم ا ته تها تهم تي تك تنا اته اتها اتهم
    """.split()  # noqa: SIM905  # a list of words reads better as words
)
_SHORTEST: Final = 3
_ONE_WAY: Final = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "\u0640": ""}  # the last is a stretched line
)


def in_one_spelling(word: str) -> str:
    """A word without accents in the spelling that everybody's spelling comes to."""
    return word.translate(_ONE_WAY)


def without_clitics(word: str) -> Iterator[str]:
    """Every word that this one may be when what clings to it is taken away, itself first."""
    found = _BEFORE.match(word)
    cuts = {0} | ({1} if word[:1] in "وفبلكس" else set()) | ({found.end()} if found else set())
    for cut in sorted(cuts):
        bare = word[cut:]
        if len(bare) < _SHORTEST - 1:
            continue
        yield bare
        for length in (1, 2, 3, 4):
            if len(bare) - length >= _SHORTEST and bare[-length:] in _AFTER:
                yield bare[:-length]
                yield bare[:-length] + "ه"
