"""The charset of a file from another program, by its marks, its bytes, and the words it makes.

UTF-8 proves itself. Otherwise, short lists of names are too little for a statistical detector
(charset-normalizer takes twelve Cyrillic letters for Chinese), so a charset is accepted if the
words are then spelled in one of its alphabets; the detector decides only if none fits.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import BinaryIO, Final

from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.value import Value

SAMPLE: Final = 4 * 1024 * 1024
"""How much of a file is examined, in bytes."""
_FOREIGN: Final = 16 * 1024
"""How much of the lines beyond ASCII is examined, in bytes."""
_BELIEVED: Final = 0.6
"""The least share of words that must be spelled in an alphabet of the charset."""
_NO_CAPITALS: Final = 0.9
"""The weight of a reading without capitalised names, in a script that has capitals."""
_UTF16_ZEROS: Final = 0.4
"""The least share of zero bytes on one side that makes unmarked bytes UTF-16."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\x00-\x7f\s]+")
_EAST_ASIAN: Final[Mapping[str, range]] = {
    "euc_kr": range(0xB0, 0xC9),  # Hangul alone
    "cp932": range(0x88, 0x98),  # kanji of JIS level 1
    "gb18030": range(0xB0, 0xD8),  # hanzi of GB 2312 level 1
    "big5": range(0xA4, 0xC7),  # hanzi of Big5 level 1
}
_EAST_ASIAN_NAMES: Final = ("HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "FULLWIDTH")
_SHOWN: Final[Mapping[str, str]] = {
    "cp932": "Shift_JIS", "mac_roman": "Mac Roman", "koi8_r": "KOI8-R", "euc_kr": "EUC-KR",
    "gb18030": "GB18030", "big5": "Big5", "cp850": "DOS (850)", "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
}  # fmt: skip


class Charset(Value, frozen=True, kw_only=True):
    """How a file's bytes become text.

    Attributes:
        codec: Python's name for it.
        is_guess: whether nothing in the file proves it.
    """

    codec: str
    is_guess: bool = False

    @property
    def shown(self) -> str:
        """The name people know it by, like `Windows-1251`."""
        if self.codec.startswith("cp125"):
            return f"Windows-{self.codec[2:]}"
        return _SHOWN.get(self.codec, self.codec)

    @property
    def remark(self) -> str | None:
        """What the user should know about a guessed charset."""
        if not self.is_guess:
            return None
        return f"read as {self.shown}, a guess by its letters; --encoding sets another"


def known_charset(name: str) -> Charset:
    """The charset of a name the user gave.

    Raises:
        LookupError: if Python has none of this name.
    """
    "".encode(name)
    return Charset(codec=name)


def detect_charset(stream: BinaryIO) -> Charset:
    """The charset of a file, which is left at its start."""
    start = stream.read(SAMPLE)
    stream.seek(0)
    return charset_of(start)


def charset_of(start: bytes) -> Charset:
    """The charset of the bytes a file begins with."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Charset(codec="utf-16")
    if unmarked := _unmarked_utf16(start[:4096]):
        return Charset(codec=unmarked)
    whole_lines = start[: max(start.rfind(b"\n"), 0) or len(start)]
    try:
        whole_lines.decode("utf-8")
    except UnicodeDecodeError:
        return Charset(codec=_guess(_foreign_lines(whole_lines)), is_guess=True)
    return Charset(codec="utf-8-sig")


def _unmarked_utf16(start: bytes) -> str | None:
    """UTF-16 without a byte order mark, recognised by the zeros of its ASCII."""
    pairs = len(start) // 2
    if not pairs:
        return None
    if start[1::2].count(0) >= _UTF16_ZEROS * pairs > 2 * start[0::2].count(0):
        return "utf-16-le"
    if start[0::2].count(0) >= _UTF16_ZEROS * pairs > 2 * start[1::2].count(0):
        return "utf-16-be"
    return None


def _foreign_lines(start: bytes) -> bytes:
    """The lines with more than ASCII: only they distinguish one charset from another."""
    lines = re.split(rb"[\r\n]+", start)
    return b"\n".join(line for line in lines if not line.isascii())[:_FOREIGN]


def _guess(sample: bytes) -> str:
    scores = {codec: _share_spelled(sample, codec) for codec in _candidates()}
    best = max(scores, key=lambda codec: scores[codec])
    if scores[best] >= _BELIEVED:
        return best
    from charset_normalizer import from_bytes  # noqa: PLC0415  # needed only for odd files

    found = from_bytes(sample, cp_isolation=list(_candidates())).best()
    return found.encoding if found is not None else "cp1252"


@cache
def _alphabets() -> Mapping[str, Mapping[str, frozenset[str]]]:
    named: dict[str, dict[str, str]] = read_built_in("contacts/exchange/alphabets.yaml")
    return {
        codec: {language: frozenset(letters) for language, letters in languages.items()}
        for codec, languages in named.items()
    }


def _candidates() -> Iterator[str]:
    """Every charset that is tried; of two equally good ones, the earlier is taken."""
    yield from _alphabets()
    yield from _EAST_ASIAN


def _share_spelled(sample: bytes, codec: str) -> float:
    """The share of the words beyond ASCII that are spelled as in this charset's languages."""
    try:
        text = sample.decode(codec, errors="strict" if codec in _EAST_ASIAN else "replace")
    except UnicodeDecodeError:
        try:  # the sample may be cut within a character
            text = sample[:-1].decode(codec)
        except UnicodeDecodeError:
            return 0.0
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    if not words:
        return 0.0
    is_spelled = _is_east_asian if codec in _EAST_ASIAN else _is_of_alphabet
    share = sum(is_spelled(word, codec) for word in words) / len(words)
    is_cased = any(word.lower() != word.upper() for word in words)
    has_names = any(word[0].isupper() and word[1:] == word[1:].lower() for word in words)
    return share * _NO_CAPITALS if is_cased and not has_names else share


def _is_of_alphabet(word: str, codec: str) -> bool:
    """Whether one of the charset's languages spells a word like this."""
    letters = {letter for letter in word.lower() if not letter.isascii()} - {"’", "\u0307"}
    if not any(letters <= alphabet for alphabet in _alphabets()[codec].values()):
        return False
    parts = re.split(r"['’-]", word)
    if any(part[1:] != part[1:].lower() and part != part.upper() for part in parts):
        return False  # a capital within a word
    is_latin = all("LATIN" in unicodedata.name(letter, "") for letter in letters)
    has_ascii = any(letter.isascii() and letter.isalpha() for letter in word)
    return has_ascii == is_latin or len(word) == 1


def _is_east_asian(word: str, codec: str) -> bool:
    """Whether the characters are common ones of the language this charset is of."""
    for letter in word:
        name = unicodedata.name(letter, "")
        if letter.isascii() or name.startswith(_EAST_ASIAN_NAMES):
            if name.startswith(("HIRAGANA", "KATAKANA")) and codec != "cp932":
                return False
            continue
        encoded = letter.encode(codec, errors="ignore")
        if len(encoded) != 2 or encoded[0] not in _EAST_ASIAN[codec]:  # noqa: PLR2004  # bytes
            return False
        if codec == "euc_kr" and not name.startswith("HANGUL"):
            return False
    return True
