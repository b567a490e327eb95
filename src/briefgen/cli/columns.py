"""Text in the columns of a terminal, where the characters of East Asia take two."""

import re
import shutil
from typing import Final
from unicodedata import combining, east_asian_width

_WIDE: Final = "\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6"
_CLOSING: Final = "\u2026\u3001\u3002\u300d\u300f\u3011\uff09\uff0c\uff0e"
_PIECES: Final = re.compile(rf"\s+|[^\s{_WIDE}]+|[{_WIDE}][{_CLOSING}]*")
"""Between these a line may be broken: at blanks, and around each wide character."""


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(sign) in "WF" else not combining(sign) for sign in text)


def terminal_columns() -> int:
    """How wide the terminal is."""
    return shutil.get_terminal_size().columns


def wrapped(text: str, columns: int) -> list[str]:
    """A text in lines of so many columns; only what has no place to be broken is longer.

    >>> wrapped("one two three", 8)
    ['one two', 'three']
    """
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and columns_of(lines[-1] + piece.rstrip()) > columns:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]
