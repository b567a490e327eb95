"""What somebody wrote into an invitation in whole sentences: quoted, with who wrote it."""

from briefgen.brief.agenda import AgendaItem
from briefgen.brief.brief import Line, Participant
from briefgen.brief.occasion import Occasion
from briefgen.brief.parties import plain_name, same_name
from briefgen.contacts.book import name_key


def quoted(occasion: Occasion, item: AgendaItem, *, rank: int) -> Line:
    """The line that quotes an item of the invitation; never numbered."""
    text = occasion.language.text
    writer = _writer(occasion, item)
    if writer:
        said = text("{name} writes: “{words}”", name=writer, words=item.text)
    else:
        said = text("“{words}”", words=item.text)
    return occasion.feed_line("agenda", said, "agenda", rank=rank, label="")


def _writer(occasion: Occasion, item: AgendaItem) -> str:
    """Who wrote an item, as lines name them; an empty text where that is the user, or unknown."""
    if item.by_guest:
        return (
            _called(occasion, occasion.participants[0]) if len(occasion.participants) == 1 else ""
        )
    if item.writer:
        if _is_mine(occasion, item.writer):
            return ""
        signed = (p for p in occasion.participants if _signs(item.writer, p.shown_name))
        found = next(signed, None)
        return _called(occasion, found) if found else item.writer
    organizer = occasion.meeting.organizer
    if organizer is None:
        return ""
    for participant in occasion.participants:
        attendee = participant.attendee
        if attendee is not None and (
            (organizer.address and attendee.address == organizer.address)
            or same_name(attendee.name, organizer.name)
        ):
            return _called(occasion, participant)
    return ""


def _is_mine(occasion: Occasion, writer: str) -> bool:
    return _signs(writer, occasion.settings.me.name)


def _signs(writer: str, name: str) -> bool:
    """Whether a name in a closing is somebody's: all of it, or their first or last word."""
    words = name_key(plain_name(name)).split()
    return bool(words) and set(name_key(writer).split()) <= set(words)


def _called(occasion: Occasion, participant: Participant) -> str:
    person = next((p for p in occasion.people if p.participant is participant), None)
    if person is not None:
        return person.short
    return participant.shown_name
