"""Newcomers: attendees without a file, and what to find out from them."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line, Participant
from briefgen.brief.occasion import Occasion

_NAMED: Final = 3


def newcomers(occasion: Occasion) -> Iterator[Line]:
    """What to find out, where there is somebody without a file."""
    unknown = [p for p in occasion.participants if p.contact is None and not _declined(p)]
    named = [name for p in unknown if (name := p.shown_name)]
    if not unknown:
        return
    text = occasion.language.text
    if named:
        names = occasion.language.listed(_shortened(named, occasion))
        said = text("No file yet for {names}: learn what they do and hope for.", names=names)
        yield _line(occasion, said, rank=64 if occasion.people else 86)
    if not occasion.people:
        yield _line(occasion, text("What brings them here, and why now?"), rank=84)
        yield _line(occasion, text("Who else has a say in it?"), rank=80)
        yield _line(occasion, text("What would make this a good hour for them?"), rank=82)


def _declined(participant: Participant) -> bool:
    return participant.attendee is not None and participant.attendee.participation == "DECLINED"


def _shortened(names: list[str], occasion: Occasion) -> list[str]:
    if len(names) <= _NAMED + 1:
        return names
    left = len(names) - _NAMED
    return [*names[:_NAMED], occasion.language.plural("{count} more", "{count} more", left)]


def _line(occasion: Occasion, said: str, *, rank: int) -> Line:
    return occasion.feed_line("say", said, "newcomer", rank=rank, mark="ask", visibility="private")
