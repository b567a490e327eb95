"""The body of an invitation written like a letter, between greeting and closing, and who signed.

A closing is recognised by its words (`agenda.yaml`), or in any language by the name of someone in
the meeting on the line below it.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, Final

from briefgen.meetings.invitation import BULLET, plain
from briefgen.workspace.built_in import read_built_in

SENTENCES: Final = re.compile(r"(?<=[.!?])\s+|(?<=[。！？؟])\s*")  # noqa: RUF001  # as written
_SENTENCE_END: Final = re.compile(r"[.!?。！？؟…:：;]\s*\Z")  # noqa: RUF001  # as written
_LONGEST_LINE: Final = 70
_WORDS_OF_A_GREETING: Final = 8
_WORDS_OF_A_SHORT_GREETING: Final = 4
_WORDS_OF_A_CLOSING: Final = 6
_MOST_NAME_WORDS: Final = 4
_LONGEST_NAME: Final = 40
_MOST_GREETINGS: Final = 3
_SIGNS: Final = " ,.!-–—。、！،"  # noqa: RUF001  # as written
_AND: Final = frozenset({"and", "und", "et", "y", "e", "en", "&"})
_INTRODUCTION: Final = re.compile(r"\A\S{1,8}(?:です|と申します)。")
_CONTACT_DATA: Final = re.compile(
    r"(?i)(?:\b(?:t|tel|phone|mobile?|m|fon|fax|telefon|telefono|teléfono)\.?\s*[:.]?\s*)?\+?\d[\d\s()./-]{7,}"
    r"|\bwww\.[\w-]+\.\w|[\w.+-]+@[\w-]+\.[\w.]+"
)


@cache
def words_of(name: str) -> frozenset[str]:
    """One of the lists of `agenda.yaml`, as lines are compared."""
    data: Any = read_built_in("brief/agenda.yaml")
    return frozenset(plain(str(word)) for word in data[name])


def body_of(lines: Sequence[str], known: AbstractSet[str]) -> tuple[list[str], str]:
    """The lines between greeting and closing, and who signed them.

    `known` has the names and parts of names of the people in the meeting, in lower case.
    """
    body = _without_greeting(lines)
    for at, line in enumerate(body):
        if not any(one.strip() for one in body[:at]):
            continue
        behind = body[at + 1 :]
        following = next((one.strip() for one in behind if one.strip()), "")
        signed = _signed(line, following, known)
        if signed is None:
            continue
        lists_after = sum(BULLET.match(one) is not None for one in behind) > 1
        if lists_after and not any(BULLET.match(one) for one in body[:at]):
            return behind, signed
        return body[:at], signed or (following if is_name(following) else "")
    return _without_signature(body, known)


def is_name(text: str) -> bool:
    """Whether a few words could be a signature."""
    words = text.replace("/", " ").split()
    if not 0 < len(words) <= _MOST_NAME_WORDS or len(text) > _LONGEST_NAME:
        return False
    if _SENTENCE_END.search(text):
        return False
    named = (word[0].isupper() or not word[0].isascii() or word in _AND for word in words)
    return all(named) and not any(sign.isdigit() for sign in text)


def names_only(text: str, known: AbstractSet[str]) -> bool:
    """Whether a text consists of names of people in the meeting."""
    parts = [part for part in re.split(r"[\s,/&+]+", text.casefold()) if part not in _AND]
    return 0 < len(parts) <= _MOST_NAME_WORDS and all(part in known for part in parts)


def _without_greeting(lines: Sequence[str]) -> list[str]:
    body = list(lines)
    for _ in range(_MOST_GREETINGS):
        at = next((at for at, line in enumerate(body) if line.strip()), None)
        if at is None:
            break
        line = body[at]
        if _is_greeting(line):
            del body[at]
            continue
        sentences = SENTENCES.split(line.strip())
        if len(sentences) < 2 or not _greets_unspaced(sentences[0]):  # noqa: PLR2004  # as it says
            break
        body[at] = _INTRODUCTION.sub("", "".join(sentences[1:]))
    return body


def _greets_unspaced(text: str) -> bool:
    """Whether a text begins with a greeting of a language without spaces."""
    return any(plain(text).startswith(one) for one in words_of("greetings") if not one.isascii())


def _is_greeting(line: str) -> bool:
    """Whether a first line is a greeting and nothing else."""
    text = line.strip()
    addressed = text.endswith((",", "!", ":", " -", " –"))  # as written
    if len(text) > _LONGEST_LINE or BULLET.match(line) or re.search(r"[?;]\s+\S|\d", text):
        return False
    if not addressed and len([one for one in SENTENCES.split(text) if one]) > 1:
        return False
    words = plain(text).replace(",", " ").split()
    if not words or len(words) > _WORDS_OF_A_GREETING:
        return False
    greets = any(" ".join(words[:n]) in words_of("greetings") for n in (1, 2, 3))
    return (
        (greets and (len(words) <= _WORDS_OF_A_SHORT_GREETING or addressed))
        or _greets_unspaced(text)
        or text.endswith(tuple(words_of("honorifics")))
        or (text.endswith((",", " -", " –")) and is_name(text.rstrip(",-– ")))
    )


def _signed(line: str, following: str, known: AbstractSet[str]) -> str | None:
    """The name in a closing, perhaps empty; None if a line is not a closing."""
    text = " ".join(line.split())
    if not text or len(text) > _LONGEST_LINE or BULLET.match(line):
        return None
    flat = text.casefold().replace("’", "'")
    for phrase in _closings():
        if not flat.startswith(phrase):
            continue
        rest = text[len(phrase) :]
        name = rest.strip(_SIGNS)
        if not name:
            return ""
        apart = rest[0] in _SIGNS.strip() or rest[:2] == " -" or (" " in phrase and rest[0] == " ")
        if (apart and is_name(name)) or (rest[0] == " " and names_only(name, known)):
            return name
        ends = len(text.split()) <= _WORDS_OF_A_CLOSING and names_only(following, known)
        if rest[0] == " " and ends:  # "Best regards from Hamburg"
            return following
    return None


def closes(sentence: str) -> bool:
    """Whether a sentence is only a closing: `Thanks!`, `Looking forward to meeting you.`."""
    text = plain(sentence)
    if text in words_of("closings"):
        return True
    short = len(text.split()) < _WORDS_OF_A_CLOSING
    return short and any(" " in one and text.startswith(f"{one} ") for one in _closings())


@cache
def _closings() -> tuple[str, ...]:
    return tuple(sorted(words_of("closings"), key=len, reverse=True))


def _without_signature(body: list[str], known: AbstractSet[str]) -> tuple[list[str], str]:
    """The lines without a last paragraph of names, addresses and telephone numbers."""
    starts = [
        at for at, line in enumerate(body) if line.strip() and not (at and body[at - 1].strip())
    ]
    named = {at: name for at in starts if (name := _name_in(body[at : at + 2], known)) is not None}
    alone = [at for at in named if at != starts[0]]
    if len(alone) == 1 and len(named) == 1:
        return body[: alone[0]], named[alone[0]]
    while len(starts) > 1:
        paragraph = [line for line in body[starts[-1] :] if line.strip()]
        data = any(_CONTACT_DATA.search(line) for line in paragraph)
        if not data or len(paragraph) < 2 or any(map(BULLET.match, paragraph)):  # noqa: PLR2004
            break
        body = body[: starts.pop()]
    return body, ""


def _name_in(paragraph: Sequence[str], known: AbstractSet[str]) -> str | None:
    """The name that a paragraph is, or has on its second line, as below a letter."""
    first, *rest = (line.strip().strip(_SIGNS) for line in paragraph)
    if BULLET.match(paragraph[0]):
        return None
    if names_only(first, known):
        return first
    second = rest[0] if rest else ""
    if names_only(second, known):
        return second
    return second if paragraph[0].rstrip().endswith((",", "،")) and is_name(second) else None
