"""Sheet codes: a few letters on each page by which a person names its meeting, like `K7Q4`."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Final

from briefgen.meetings.meeting import Meeting, recurrence_text
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without the signs that handwriting confuses: 0 and O, 1 and I."""

SHORTEST: Final = 4
LIFE: Final = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class SheetCode:
    """What a code stands for.

    Attributes:
        uid, recurrence_id, start: the meeting; times in UTC as reports write them.
        title: its title when the sheet was made.
        used: the day of the last sheet or meeting with this code; it lives 90 days from then on.
    """

    uid: str
    recurrence_id: str | None
    start: str
    title: str
    used: str

    def names(self, meeting: Meeting) -> bool:
        """Whether this is the code of `meeting`, even where it was moved since."""
        if self.uid != meeting.uid or self.recurrence_id != recurrence_text(meeting.recurrence_id):
            return False
        return bool(self.uid) or self.start == meeting.key[2]


Codes = Mapping[str, SheetCode]


def assign_codes(
    known: Codes, meetings: Iterable[Meeting], today: date
) -> tuple[tuple[str, ...], Codes]:
    """A code for each meeting, in order, and all codes that are alive then.

    A meeting keeps the code it has; a new one gets the letters of its hash, one more for each
    collision with another living code.
    """
    living = {
        code: sheet
        for code, sheet in known.items()
        if date.fromisoformat(sheet.used) + LIFE >= today
    }
    given: list[str] = []
    for meeting in meetings:
        code = next(
            (code for code, s in living.items() if s.names(meeting) and code not in given), None
        ) or _new_code(living, meeting)
        living[code] = SheetCode(
            uid=meeting.uid,
            recurrence_id=recurrence_text(meeting.recurrence_id),
            start=meeting.key[2],
            title=meeting.title,
            used=max(today, meeting.day).isoformat(),
        )
        given.append(code)
    return tuple(given), living


def _new_code(taken: Iterable[str], meeting: Meeting) -> str:
    number = int.from_bytes(hashlib.sha256(repr(meeting.key).encode()).digest())
    letters = ""
    while len(letters) < SHORTEST or letters in taken:
        number, sign = divmod(number, len(ALPHABET))
        letters += ALPHABET[sign]
    return letters


def read_codes(workspace: Workspace) -> Codes:
    """The codes in use; none where the file is lost or unreadable."""
    try:
        stored = json.loads((workspace.memory / "codes.json").read_bytes())
        return {code: SheetCode(**sheet) for code, sheet in stored.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_codes(workspace: Workspace, codes: Codes) -> None:
    """Remember the codes in use."""
    stored = {code: asdict(sheet) for code, sheet in sorted(codes.items())}
    content = json.dumps(stored, ensure_ascii=False, indent=1).encode()
    write_whole(workspace.memory / "codes.json", content)
