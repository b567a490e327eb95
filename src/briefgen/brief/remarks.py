"""Remarks: what `list` tells about a meeting before its brief is made."""

from collections.abc import Iterable, Sequence

from briefgen.brief.additions import Additions
from briefgen.brief.brief import Participant
from briefgen.contacts.book import ContactBook
from briefgen.meetings.meeting import Meeting


def remarks(
    meeting: Meeting,
    participants: Sequence[Participant],
    *,
    book: ContactBook,
    additions: Iterable[Additions] = (),
) -> tuple[str, ...]:
    """Short English remarks: no agenda, near names, files that could both be meant."""
    del book, additions
    found = []
    for participant in participants:
        if participant.rivals:
            files = " and ".join(rival.stem for rival in participant.rivals)
            found.append(f"{participant.key} could be {files}; neither is used")
    if not meeting.description.strip():
        found.append("no agenda")
    return tuple(found)
