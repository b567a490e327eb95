"""Text made shorter: at a sentence where one ends near, else at a word, never within a grapheme."""

import regex

ELLIPSIS = "…"
MOST_MARKS = 6
"""Combining marks that one sign may carry; more are a trick, and would run over other lines."""

_NARROW = frozenset("iljtfrI.,:;!'’“”|()[]- \u00a0")
_WIDE = frozenset("mwMWQO@%—")
_GRAPHEME = regex.compile(r"\X")
_TOO_MANY_MARKS = regex.compile(rf"(\p{{M}}{{{MOST_MARKS}}})\p{{M}}+")
_SENTENCE_END = regex.compile(r"[.!?\u3002\uff01\uff1f؟।…][\"'”’»)\]]*(?=\s)|[\u3002\uff01\uff1f]")
_WORD_END = regex.compile(r"(?<=\S)[^\S\u00a0]")


def clip(text: str, most: int) -> str:
    """`text` in at most `most` graphemes, the ellipsis that says so among them.

    It ends at a sentence in the last half of that room, else at a word in the last half, else
    between two graphemes.
    """
    if len(text) <= most:
        return text
    start = _graphemes(text, most)
    if len(start) == len(text):
        return text
    if most < 2:  # noqa: PLR2004  # no room for a sign and the ellipsis
        return ELLIPSIS[:most]
    room = _graphemes(start, most - 1)
    half = len(room) // 2
    for end in (_SENTENCE_END, _WORD_END):
        ends = [found for found in end.finditer(text, 0, len(room) + 1) if half < found.start()]
        ends = [
            found for found in ends if found.end() <= len(room) + 1 and found.start() < len(room)
        ]
        if ends:
            cut = ends[-1].end() if end is _SENTENCE_END else ends[-1].start()
            return (
                f"{room[:cut].rstrip()} {ELLIPSIS}"
                if end is _SENTENCE_END
                else (room[:cut].rstrip(" ,;:–-") + ELLIPSIS)
            )
    return room + ELLIPSIS


def length(text: str) -> int:
    """How many graphemes `text` has."""
    return len(text) if text.isascii() else len(_GRAPHEME.findall(text))


def breadth(text: str) -> int:
    """About how wide `text` is set, in halves of a letter."""
    narrow = sum(map(_NARROW.__contains__, text))
    return 2 * length(text) - narrow + sum(map(_WIDE.__contains__, text))


def without_towers(text: str) -> str:
    """`text` with at most `MOST_MARKS` combining marks on one sign."""
    return str(_TOO_MANY_MARKS.sub(r"\1", text))


def _graphemes(text: str, count: int) -> str:
    """The first `count` graphemes of `text`."""
    end = 0
    for at, found in enumerate(_GRAPHEME.finditer(text)):
        if at == count:
            break
        end = found.end()
    return text[:end]
