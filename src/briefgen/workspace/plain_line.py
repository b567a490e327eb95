"""What others said, as one harmless line: for logs, reports and headers."""

import unicodedata
from typing import Final

_UNSHOWN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = "\u200c\u200d"
"""Words of several scripts, and emoji, need them."""


def plain_line(text: str, *, longest: int | None = None) -> str:
    r"""`text` on one line, without control and bidi characters, cut to `longest` with an ellipsis.

    >>> plain_line("550\tno\u202e such\r\nuser")
    '550 no such user'
    """
    line = " ".join(harmless(text).split())
    if longest is None or len(line) <= longest:
        return line
    return line[: longest - 1].rstrip() + "…"


def harmless(text: str) -> str:
    """`text` with its lines, but without control and bidi characters, which move a terminal's."""
    return "".join(
        character if _is_shown(character) or character == "\n" else " " for character in text
    )


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) not in _UNSHOWN or character in _JOINERS
