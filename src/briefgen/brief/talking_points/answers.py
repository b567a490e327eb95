"""Meetings of theirs declined, or changed, again and again: a fact, never a signal."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.match import is_own
from briefgen.brief.occasion import Person

_LATEST: Final = 6
_OFTEN: Final = 2
_CHANGED_OFTEN: Final = 3


def lines(person: Person) -> Iterator[Line]:
    """How many of the last invitations they declined, and how often they changed this one."""
    yield from _declined(person)
    yield from _changed(person)


def _declined(person: Person) -> Iterator[Line]:
    latest = person.occasion.invitations(person.addresses)[-_LATEST:]
    declined = sum(
        any(one.participation.get(address) == "DECLINED" for address in person.addresses)
        for one in latest
    )
    if declined < _OFTEN:
        return
    said = person.occasion.language.text(
        "{name} declined {declined} of the last {count} invitations.",
        name=person.short,
        declined=declined,
        count=len(latest),
    )
    yield person.occasion.feed_line(
        "say",
        said,
        "answers",
        rank=46,
        who=person.key,
        label=person.named,
        visibility="private",
    )


def _changed(person: Person) -> Iterator[Line]:
    meeting = person.occasion.meeting
    organizer = meeting.organizer
    if organizer is None or organizer.address not in person.addresses:
        return
    if meeting.sequence < _CHANGED_OFTEN or is_own(meeting, person.occasion.settings.me.emails):
        return
    said = person.occasion.language.plural(
        "The invitation was changed {count} time.",
        "The invitation was changed {count} times.",
        meeting.sequence,
    )
    yield person.occasion.feed_line(
        "say",
        said,
        "answers",
        rank=44,
        who=person.key,
        label=person.named,
        visibility="private",
    )
