"""Text from address books, mails and feeds, as a field of a contact file may hold it."""

import re

LONGEST_TEXT = 2_000
LONGEST_NOTE = 200_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")

_HIDDEN = re.compile(r"[\u200b\u202a-\u202e\u2060\u2066-\u2069]")
"""Characters that reorder text or are invisible; address books put them into numbers."""


def one_line(text: str) -> str:
    """A text on one line, without controls and hidden signs, of a length that a field may have."""
    shown = _HIDDEN.sub("", text)
    return " ".join(_CONTROL.sub(" ", shown).split())[:LONGEST_TEXT].strip()


def some_lines(text: str) -> str:
    """A text of several lines, without other controls and hidden signs."""
    lines = _HIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    flat = "\n".join(_CONTROL.sub(" ", line).replace("\t", " ").rstrip() for line in lines)
    return flat.strip()[:LONGEST_NOTE].rstrip()


def web_address(text: str) -> str | None:
    """The address of a page on the web, which people write without `https://`; else None."""
    if re.match(r"(?i)(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?\Z", text):
        return f"https://{text}"
    return text if re.match(r"(?i)https?://[^\s/]\S*\Z", text) else None
