"""Caps on the briefs of a day: an invitation of 18 KB can repeat a thousand times."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Protocol, TypeVar

from briefgen.brief.brief import Participant
from briefgen.delivery.report import Skipped
from briefgen.meetings.meeting import Meeting
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem

MOST_OF_ONE_UID: Final = 12
MOST_A_DAY: Final = 60
_OF_ONE_UID: Final = Phrase(
    "more than {most_of_one_uid} times of one invitation on one day",
    most_of_one_uid=MOST_OF_ONE_UID,
)
_OF_A_DAY: Final = Phrase("more than {most_a_day} meetings on one day", most_a_day=MOST_A_DAY)


class _Attended(Protocol):
    """A meeting that would get a brief, and who takes part."""

    @property
    def meeting(self) -> Meeting: ...
    @property
    def participants(self) -> tuple[Participant, ...]: ...


One = TypeVar("One", bound=_Attended)


def within_caps(chosen: Sequence[One]) -> tuple[list[One], list[Skipped]]:
    """The meetings that get a brief, in order, and those beyond the caps.

    Meetings with a contact on file come first, and then earlier ones.
    """
    of_uid: Counter[tuple[str, str, date]] = Counter()
    of_day: Counter[date] = Counter()
    refused: dict[int, str] = {}
    for one in sorted(chosen, key=_has_no_file):
        meeting = one.meeting
        key = meeting.feed, meeting.uid, meeting.day
        if meeting.uid and of_uid[key] >= MOST_OF_ONE_UID:
            refused[id(one)] = _OF_ONE_UID
        elif of_day[meeting.day] >= MOST_A_DAY:
            refused[id(one)] = _OF_A_DAY
        else:
            of_uid[key] += 1
            of_day[meeting.day] += 1
    kept = [one for one in chosen if id(one) not in refused]
    beyond = [
        Skipped(meeting=one.meeting, reason=refused[id(one)])
        for one in chosen
        if id(one) in refused
    ]
    return kept, beyond


def _has_no_file(one: _Attended) -> bool:
    return not any(participant.contact for participant in one.participants)


def cap_problems(beyond: Sequence[Skipped]) -> Iterator[Problem]:
    """One problem for each feed and reason, with how many meetings it concerns."""
    counts: Counter[tuple[str, str]] = Counter((one.meeting.feed, one.reason) for one in beyond)
    for (feed, reason), count in counts.items():
        first = next(
            one.meeting for one in beyond if (one.meeting.feed, one.reason) == (feed, reason)
        )
        field = first.uid[:200] if reason == _OF_ONE_UID else ""
        message = Phrase(
            "{reason}: {count} of them get no brief; `list --why` names them",
            reason=reason,
            count=count,
        )
        yield Problem(file=feed, line=first.line, field=field, message=message, severity="warning")
