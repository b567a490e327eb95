"""File names of briefs: safe and stable, whatever a title holds."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Sequence

from briefgen.meetings.meeting import Meeting
from briefgen.workspace.settings import Edition

LONGEST_SLUG = 60
MOST_BYTES = 180
"""Of a slug in UTF-8, so that the whole name stays under the 255 bytes a file name may have."""


def slug(title: str) -> str:
    """A title as part of a file name: letters and digits of every script, joined by hyphens.

    It is at most 60 signs long, never empty, and the same for titles that differ only in case.
    """
    flat = unicodedata.normalize("NFC", title).casefold()
    kept = "".join(sign if _is_of_a_word(sign) else " " for sign in flat)
    words = unicodedata.normalize("NFC", "-".join(kept.split()))[:LONGEST_SLUG]
    return words.encode()[:MOST_BYTES].decode(errors="ignore").strip("-") or "meeting"


def _is_of_a_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"


def file_stems(meetings: Sequence[Meeting]) -> tuple[str, ...]:
    """What the file name of each meeting's brief begins with: `HHMM-slug`.

    Where names of one day collide, each of them carries the hash of its meeting, so that none
    depends on the order they came in.
    """
    stems = [(m.day, f"{m.start:%H%M}-{slug(m.title)}") for m in meetings]
    often = Counter(stems)
    return tuple(
        stem if often[day, stem] == 1 else f"{stem}-{short_hash(meeting)}"
        for meeting, (day, stem) in zip(meetings, stems, strict=True)
    )


def file_name(stem: str, edition: Edition) -> str:
    """`HHMM-slug.pdf`, or `HHMM-slug-table.pdf` for the table edition."""
    return f"{stem}-table.pdf" if edition == "table" else f"{stem}.pdf"


def short_hash(meeting: Meeting) -> str:
    """Six signs that tell a meeting from others of the same minute and title."""
    return hashlib.sha256(repr(meeting.key).encode()).hexdigest()[:6]
