"""Sheet codes: a few letters on each page that name its meeting, like `K7Q4`."""

import hashlib
import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from msgspec.structs import asdict

from briefgen.meetings.meeting import Meeting, recurrence_text
from briefgen.workspace.atomic import read_regular, write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.value import Value

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without the characters that handwriting confuses: 0 and O, 1 and I."""

SHORTEST: Final = 4
LIFE: Final = timedelta(days=90)


class SheetCode(Value, frozen=True, kw_only=True):
    """What a code leads to.

    Attributes:
        uid, recurrence_id, start: the meeting; times in UTC as reports write them.
        title: its title when the sheet was made.
        used: the day of the last sheet or meeting with this code; it lives 90 days from then on.
        people: a hash of who was in it, by which it is recognised if its UID changes.
    """

    uid: str
    recurrence_id: str | None
    start: str
    title: str
    used: str
    people: str = ""


Codes = Mapping[str, SheetCode]


def assign_codes(
    known: Codes, meetings: Iterable[Meeting], today: date
) -> tuple[tuple[str, ...], Codes]:
    """A code for each meeting, in order, and all codes then in use.

    A meeting keeps its code even if it was moved; one whose UID has changed is recognised by its
    time, title and people. A new one gets the letters of its hash, one more for each collision.
    """
    meetings = tuple(meetings)
    living = {
        code: sheet
        for code, sheet in known.items()
        if date.fromisoformat(sheet.used) + LIFE >= today
    }
    kept = _kept_codes(living, meetings)
    given: list[str] = []
    for meeting, code in zip(meetings, kept, strict=True):
        given.append(code or _new_code(living, meeting))
        living[given[-1]] = SheetCode(
            uid=meeting.uid,
            recurrence_id=recurrence_text(meeting.recurrence_id),
            start=meeting.key[2],
            title=meeting.title,
            used=max(today, meeting.day).isoformat(),
            people=_people(meeting),
        )
    return tuple(given), living


def _kept_codes(living: Codes, meetings: Sequence[Meeting]) -> list[str | None]:
    """The code that each meeting already has; first by UID, then by time and title."""
    by_uid: dict[Hashable, list[str]] = {}
    by_look: dict[Hashable, list[str]] = {}
    for code, sheet in reversed(list(living.items())):
        place = (sheet.uid, sheet.recurrence_id, "" if sheet.uid else sheet.start)
        by_uid.setdefault(place, []).append(code)
        by_look.setdefault((sheet.start, sheet.title, sheet.people), []).append(code)
    kept: list[str | None] = []
    for meeting in meetings:
        uid, recurrence_id, start = meeting.key
        codes = by_uid.get((uid, recurrence_id, "" if uid else start))
        kept.append(codes.pop() if codes else None)
    taken = set(kept)
    for at, meeting in enumerate(meetings):
        if kept[at] is None:
            codes = by_look.get((meeting.key[2], meeting.title, _people(meeting)), [])
            kept[at] = next((code for code in reversed(codes) if code not in taken), None)
            taken.add(kept[at])
    return kept


def _people(meeting: Meeting) -> str:
    """A hash of the people, whatever their order."""
    named = sorted((one.address or one.name).casefold() for one in meeting.attendees)
    return hashlib.sha256(repr(named).encode()).hexdigest()[:16]


def _new_code(taken: Iterable[str], meeting: Meeting) -> str:
    number = int.from_bytes(hashlib.sha256(repr(meeting.key).encode()).digest())
    letters = ""
    while len(letters) < SHORTEST or letters in taken:
        number, sign = divmod(number, len(ALPHABET))
        letters += ALPHABET[sign]
    return letters


def read_codes(workspace: Workspace) -> Codes:
    """The codes in use; none if the file is lost or unreadable."""
    try:
        stored = json.loads(read_regular(workspace.memory / "codes.json"))
        return {code: SheetCode(**sheet) for code, sheet in stored.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_codes(workspace: Workspace, codes: Codes) -> None:
    """Remember the codes in use."""
    stored = {code: asdict(sheet) for code, sheet in sorted(codes.items())}
    content = json.dumps(stored, ensure_ascii=False, indent=1).encode()
    write_whole(workspace.memory / "codes.json", content)
