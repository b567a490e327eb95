"""What the brief says of the agenda: items, aims, whom they are about, or that there is none."""

from collections.abc import Iterator, Sequence
from typing import Final

from briefgen.brief.additions import AddedItem, Additions
from briefgen.brief.agenda import AgendaItem, read_agenda
from briefgen.brief.brief import Line, Source
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.words import UNSPACED, fold, words_of
from briefgen.meetings.meeting import Meeting

_FIRST_RANK: Final = 94
_LOWEST_RANK: Final = 70
_FEWEST_TO_COUNT: Final = 3
_SUGGESTED: Final = 3


def items_of(meeting: Meeting, added: Sequence[Additions]) -> tuple[AgendaItem, ...]:
    """What is to be discussed: by the user's own file, else by the invitation."""
    own = next((one for one in added if one.notes.agenda), None)
    if own is not None:
        return tuple(
            AgendaItem(text=item.text, time=item.time or "", owner=item.owner or "")
            for item in own.notes.agenda
        )
    names = [party.name for party in meeting.attendees if party.name]
    return read_agenda(meeting.description, names)


def lines(occasion: Occasion, items: Sequence[AgendaItem]) -> Iterator[Line]:
    """The agenda in order, then what you aim at."""
    own = next((one for one in occasion.additions if one.notes.agenda), None)
    if own is not None:
        yield from _own(own)
    elif items:
        for at, item in enumerate(items):
            yield occasion.feed_line(
                "agenda",
                item.text,
                "agenda",
                rank=max(_LOWEST_RANK, _FIRST_RANK - at),
                label=f"{at + 1}.",
                note=_note(item.time, item.owner),
            )
    else:
        yield from _suggested(occasion)
    if items:
        yield from _about_whom(occasion, items)
    yield from _aims(occasion)


def _note(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _own(own: Additions) -> Iterator[Line]:
    for at, item in enumerate(own.notes.agenda):
        yield _added(own, item, "agenda", at, rank=max(_LOWEST_RANK, _FIRST_RANK - at))


def _added(own: Additions, item: AddedItem, field: str, at: int, *, rank: int) -> Line:
    """A line of the user's own file; an agenda may lie on the table, an aim only if marked."""
    is_aim = field == "aims"
    return Line(
        section="agenda",
        text=item.text,
        rule="aim" if is_aim else "agenda",
        source=Source(file=own.file, line=own.kept.line(field, at)),
        rank=rank,
        label="" if is_aim else f"{at + 1}.",
        note=_note(item.time, item.owner),
        mark="aim" if is_aim else None,
        visibility=item.visibility or ("private" if is_aim else "print"),
    )


def _aims(occasion: Occasion) -> Iterator[Line]:
    own = next((one for one in occasion.additions if one.notes.aims), None)
    text = occasion.language.text
    for at, aim in enumerate(own.notes.aims if own else ()):
        assert own is not None  # noqa: S101  # there are aims
        line = _added(own, aim, "aims", at, rank=83 - at)
        yield line.replace(label=text("Aim"))


def _about_whom(occasion: Occasion, items: Sequence[AgendaItem]) -> Iterator[Line]:
    """A warning where most of the agenda is about the user's own side."""
    if len(items) < _FEWEST_TO_COUNT:
        return
    us = sum(_speaks_of_us(occasion, item.text) for item in items)
    if us * 2 <= len(items):
        return
    said = occasion.language.text(
        "{us} of {count} items are about us: turn one of them to what they need.",
        us=us,
        count=len(items),
    )
    yield occasion.feed_line(
        "agenda", said, "agenda-about-us", rank=69, mark="warning", visibility="private"
    )


def _speaks_of_us(occasion: Occasion, text: str) -> bool:
    """Whether an item names the user's side and not the others."""
    vocabulary = occasion.vocabulary
    if not _holds_one_of(vocabulary.us, text) or _holds_one_of(vocabulary.them, text):
        return False
    flat = fold(text)
    names = (n for p in occasion.people for n in (p.short, p.contact.organization) if n)
    return not any(fold(name) in flat for name in names)


def _holds_one_of(known: frozenset[str], text: str) -> bool:
    """Whether a text holds one of these words; in unspaced scripts, anywhere."""
    if not known.isdisjoint(map(fold, words_of(text))):
        return True
    flat = fold(text)
    return bool(UNSPACED.search(flat)) and any(UNSPACED.search(w) and w in flat for w in known)


def _suggested(occasion: Occasion) -> Iterator[Line]:
    """That there is no agenda, and a short one drawn from open threads."""
    text = occasion.language.text
    yield occasion.feed_line(
        "agenda",
        text("The invitation has no agenda. This one could serve:"),
        "no-agenda",
        rank=93,
        mark="warning",
        visibility="private",
    )
    threads = list(_threads(occasion))[:_SUGGESTED]
    if occasion.edition == "table" or len(threads) < _SUGGESTED:
        plain = (
            text("What has changed for you since we last spoke"),
            text("What you need now"),
            text("Next steps, and who takes them"),
        )
        given = threads if occasion.edition == "full" else []
        threads = [
            *given,
            *(occasion.feed_line("agenda", said, "no-agenda") for said in plain[len(given) :]),
        ]
    for at, line in enumerate(threads):
        yield line.replace(label=f"{at + 1}.", rank=92 - at, mark="suggested")


def _threads(occasion: Occasion) -> Iterator[Line]:
    """What is open with the people of the meeting, the weightiest first."""
    for person in occasion.people[:3]:
        yield from _open_concern(person)
    for person in occasion.people[:3]:
        yield from _open_need(person)
    for person in occasion.people[:3]:
        yield from _wanted(person)


def _open_concern(person: Person) -> Iterator[Line]:
    for at, concern in enumerate(person.contact.concerns):
        raised = concern.date.first_day() if concern.date else None
        if concern.resolved is None and (raised is None or raised <= person.occasion.known_until):
            said = person.occasion.language.text("Still open: {what}", what=_bare(concern.text))
            yield _thread(person, said, "concerns", at, visibility=concern.visibility)
            return


def _open_need(person: Person) -> Iterator[Line]:
    for one in person.interactions[:6]:
        if one.interaction.needs and one.interaction.needs_met in {"no", "partly"}:
            said = _bare(one.interaction.needs)
            yield _thread(person, said, "interactions", one.at)
            return


def _wanted(person: Person) -> Iterator[Line]:
    situation = person.contact.situation
    if situation is not None and situation.desired_outcome is not None:
        wanted = _bare(situation.desired_outcome)
        said = person.occasion.language.text("Next step towards: {outcome}", outcome=wanted)
        yield _thread(person, said, "situation", visibility=situation.visibility)


def _thread(person: Person, said: str, *place: str | int, visibility: object = None) -> Line:
    line = person.line("agenda", said[:1].upper() + said[1:], "no-agenda", *place, label="")
    return line.replace(visibility=visibility or "private")


def _bare(text: str) -> str:
    return text.rstrip(".!? ")
