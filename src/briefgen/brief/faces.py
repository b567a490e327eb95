"""Faces: the participants as the page shows them, with small facts beneath each name.

For people without a file, questions to ask.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from operator import ne
from pathlib import Path
from typing import Final

from briefgen.brief.brief import Face, Line, Participant, Source
from briefgen.brief.events import Event
from briefgen.brief.names import HONORIFICS, NameSearch
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.relations import relations_in
from briefgen.brief.stance import moods
from briefgen.brief.words import fold
from briefgen.contacts.dates import Span
from briefgen.meetings.meeting import PastMeeting
from briefgen.workspace.addresses import domain_of
from briefgen.workspace.language import capitalised

_TWICE: Final = 2
_AT_SCHOOL: Final = 6
_GROWN: Final = 30
"""Older children's ages are not printed."""
_MOST_OF_THE_FAMILY: Final = 4
_LONG: Final = timedelta(days=365)
_YEAR: Final = 12
_NOTES: Final = 12
"""How many of a person's latest notes are searched for names."""
_MOST_NAMED: Final = 3
"""How many people without a file a question names."""


def face_of(participant: Participant, occasion: Occasion) -> Face:
    """One participant; in the table edition only name, title and organization are from the file."""
    person = occasion.person(participant)
    return _unknown(participant, occasion) if person is None else _known(person)


def _known(person: Person) -> Face:
    contact, attendee = person.contact, person.participant.attendee
    full = person.occasion.edition == "full"
    address = attendee.address if attendee else None
    if address is None and full and contact.emails:
        address = contact.emails[0]
    return Face(
        key=person.key,
        name=contact.name,
        short=person.short,
        email=address,
        contact=person.file.stem,
        role=_role(person),
        remark=_remark(person),
        photo=contact.photo if full else None,
        photo_line=person.file.line("photo") if full and contact.photo else None,
        initials=initials(contact.name) if full else "",
        pronouns=(contact.pronouns or "") if full else "",
        decides=full and contact.decides,
        telephone=contact.telephones[0] if full and contact.telephones else None,
        lines=tuple(_facts(person)),
        mood=moods(person) if full and person.has_block else (),
        source=Source(file=person.file.file, line=1),
    )


def _role(person: Person) -> str:
    """Title and organization; if they have left it, until when."""
    contact, former, words = person.contact, person.firms.former, person.words
    role = words.series((contact.title or "", contact.organization or ""))
    if former is None:
        return role
    if person.occasion.edition == "table":
        return ""
    text = person.text
    if not former.sure:
        return text("last known: {role}", role=role)
    if former.until is None or former.until.year is None:
        return text("formerly {role}", role=role)
    return text("until {date}: {role}", date=words.partial(former.until), role=role)


def _unknown(participant: Participant, occasion: Occasion) -> Face:
    attendee, text = participant.attendee, occasion.language.text
    address = attendee.address if attendee else None
    name = participant.shown_name or text("unnamed")
    if address and not participant.shown_name:
        name = text("guest at {domain}", domain=domain_of(address))
    remark = text("no file for {address}", address=address or name)
    if occasion.edition == "table":
        remark = ""  # the client need not learn who has a file
    elif participant.rivals:
        files = occasion.language.listed([rival.stem for rival in participant.rivals])
        remark = text("could be {files}: neither is used", files=files)
    elif participant.unread:
        files = occasion.language.listed([Path(file).name for file in participant.unread])
        remark = text("not read: {files}", files=files)
    return Face(
        key=participant.key,
        name=name,
        short=occasion.shorts[participant.key] if participant.shown_name else name,
        email=address,
        remark=remark,
        initials=initials(name) if occasion.edition == "full" else "",
        lines=tuple(_calendar_of_unknown(participant, occasion)),
        source=Source(file=occasion.meeting.feed, line=occasion.meeting.line),
    )


def _remark(person: Person) -> str:
    """Says that they may not come, and that part of their file cannot be read."""
    occasion = person.occasion
    text, attendee = occasion.language.text, person.participant.attendee
    found = []
    match attendee.participation if attendee else None:
        case "TENTATIVE":
            found.append(text("may come"))
        case "DELEGATED":
            found.append(text("sends someone else"))
    if occasion.edition == "full" and person.file.lost:
        found.append(text("part of {file} cannot be read", file=Path(person.file.file).name))
    return occasion.words.series(found)


def initials(name: str) -> str:
    """The initials of the first and last word of a name, without honorifics."""
    words = [word for word in name.partition("@")[0].split() if word[0].isalnum()]
    words = [word for word in words if fold(word).rstrip(".") not in HONORIFICS] or words
    return "".join(word[0] for word in (*words[:1], *words[1:][-1:])).upper()


def _facts(person: Person) -> Iterator[Line]:
    text, contact, occasion = person.text, person.contact, person.occasion
    yield from _count(person)
    if not person.has_block:
        return
    if (local := person.local_time()) is not None and contact.timezone is not None:
        time, city = occasion.language.clock_time(local), occasion.language.city(contact.timezone)
        said = text("{time} {city} time", time=time, city=city)
        yield person.line("person", said, "clock", "timezone", rank=61, label="")
    yield from _to_mind(person)
    yield from _family(person)
    for at, interest in enumerate(contact.interests):
        yield person.line(
            "person", interest.text, "interest", "interests", at, rank=41 - at, label=""
        )
    before = [
        one
        for one in contact.past_organizations
        if one != contact.organization and not person.firms.is_sore(one)
    ]
    if before:
        said = text("before: {organizations}", organizations=occasion.language.listed(before))
        yield person.line("person", said, "before", "past_organizations", rank=22, label="")
    if contact.address and not occasion.meeting.place and not occasion.meeting.join_link:
        address = " ".join(contact.address.split())
        yield person.line("person", address, "address", "address", rank=44, label="")
    yield from _custom(person)


def _to_mind(person: Person) -> Iterator[Line]:
    """What to mind in the room: they hear badly, eat no meat, may take no present."""
    care = person.care
    if care.may_say_no_gifts:
        said = person.text("No gifts")
        yield person.line("person", said, "care", rank=88, label="", must_stay=True)
    for said in care.to_mind():
        yield person.line("person", capitalised(said), "care", rank=90, label="", must_stay=True)


def _custom(person: Person) -> Iterator[Line]:
    listed = person.occasion.settings.page.custom
    for key, value in person.contact.custom.items():
        if key in listed:
            said = person.text("{label}: {text}", label=key, text=value)
            yield person.line("person", said, "custom", "custom", key, rank=40, label="")


def _family(person: Person) -> Iterator[Line]:
    """Their family by name, with the ages of children, but not from hard events."""
    seen: dict[str, tuple[str, int]] = {}
    for event in person.events:
        if event.kind.kind not in {"good", "neutral"} or event.event.visibility == "never":
            continue
        note, at = event.event.note, event.at
        if event.hidden or person.silenced_by(note, None) is not None:
            continue
        for one in relations_in(note, person.languages):
            for name in one.names:
                called = f"{one.word} {name}"
                whole = re.search(rf"[\w-]*{re.escape(called)}", note)
                if whole is None:
                    continue
                called = whole[0]  # `great-granddaughter Posy`
                age = _age_from(person, event)
                if age is not None:
                    seen[called] = (person.text("{name}, {age}", name=called, age=age), at)
                seen.setdefault(called, (called, at))
    for said, at in list(seen.values())[:_MOST_OF_THE_FAMILY]:
        yield person.line("person", said, "family", "life_events", at, rank=42, label="")


def _age_from(person: Person, event: Event) -> int | None:
    """How old a child is, from its birth or from when it started school."""
    then, day = event.event.date, person.day
    if then is None or then.year is None:
        return None
    age = day.year - then.year - ((day.month, day.day) < (then.month or _YEAR, then.day or 28))
    if event.kind.family != "birth":
        if not person.says("school_start", event.event.note):
            return None
        age += _AT_SCHOOL
    return age if 1 <= age <= _GROWN else None


def _count(person: Person) -> Iterator[Line]:
    """When you last spoke, and how often they are in the calendar."""
    occasion, words = person.occasion, person.words
    text = occasion.language.text
    counted, spoken = "", person.last_talk
    if (
        not person.interactions_on_file or len(person.appointments) > 1
    ):  # one adds nothing to a note
        counted = _in_calendar(person.appointments, person.ever_in_calendar, occasion)
    said = ""
    if spoken is not None:
        if not mentions_silence(person):
            said = text(
                "Last spoke {date} ({channel})",
                date=words.on(spoken.day),
                channel=words.channel(spoken.interaction.channel),
            )
    elif person.last is not None:
        said = text(
            "Last in touch {date} ({channel})",
            date=words.on(person.last.day),
            channel=words.channel(person.last.interaction.channel),
        )
    if counted and said:
        said = text("{last}. {counted}", last=said, counted=counted)
    place = ("interactions", person.last.at) if person.last is not None else ()
    if said or counted:
        yield person.line("person", said or counted, "count", *place, rank=75, label="")


def mentions_silence(person: Person) -> bool:
    """Whether a line on the page says in which month you last spoke."""
    spoken, last = person.last_talk, person.last_contact
    if spoken is None or last != spoken.day or person.in_grief:
        return False
    return person.day - last > _LONG


def _in_calendar(
    appointments: tuple[PastMeeting, ...], ever: tuple[PastMeeting, ...], occasion: Occasion
) -> str:
    """How often someone was in the calendar within `history.months`, else when last."""
    count, language = len(appointments), occasion.language
    if not appointments and ever:
        month = language.month(ever[-1].start.date())
        return language.text("Last in your calendar in {month}", month=month)
    if not appointments:
        return ""
    if not occasion.never_two_at_once:
        starts = [one.start for one in appointments]
        count = 1 + sum(map(ne, starts, starts[1:]))  # two invitations at one time are one meeting
    first, months = appointments[0].start.date(), occasion.settings.history.months
    if ever and ever[0].start < appointments[0].start:
        whole_years = months > _YEAR and not months % _YEAR
        span = occasion.words.span(
            Span(count=months // _YEAR, unit="y") if whole_years else Span(count=months, unit="m")
        )
        if count == _TWICE:
            return language.text("In your calendar twice in the last {span}", span=span)
        return language.plural(
            "In your calendar once in the last {span}",
            "In your calendar {count} times in the last {span}",
            count,
            span=span,
        )
    month = language.month(first)
    if count == _TWICE:
        return language.text("In your calendar twice since {month}", month=month)
    return language.plural(
        "In your calendar once, in {month}",
        "In your calendar {count} times since {month}",
        count,
        month=month,
    )


def _calendar_of_unknown(participant: Participant, occasion: Occasion) -> Iterator[Line]:
    attendee = participant.attendee
    if attendee is None or attendee.address is None:
        return
    addresses = frozenset({attendee.address})
    said = _in_calendar(occasion.appointments(addresses), occasion.ever(addresses), occasion)
    if said:
        yield occasion.feed_line(
            "person", said, "count", rank=60, who=participant.key, visibility="private"
        )


def newcomers(occasion: Occasion) -> Iterator[Line]:
    """What to find out about people without a file."""
    unknown = [p for p in occasion.participants if p.contact is None and not p.may_be_on_file]
    if not unknown:
        return
    text = occasion.language.text
    if len(unknown) == len(occasion.participants):
        yield _question(occasion, text("What brings them here, and why now?"), rank=86)
        yield _question(
            occasion,
            text("Who else has a say? What would make this time well spent?"),
            rank=84,
        )
        return
    unknown = [one for one in unknown if not _is_mentioned(one, occasion)]
    named = [occasion.shorts[p.key] for p in unknown if p.shown_name]
    if len(named) == 1:
        (one,) = (p for p in unknown if p.shown_name)
        said = text("What does {name} look after, and what does {name} hope for?", name=named[0])
        yield _question(occasion, said, rank=64, who=one.key)
    elif named:
        said = text("What do they look after, and what do they hope for?")
        named = list(map(occasion.language.person, named))
        left = len(named) - _MOST_NAMED
        if left > 1:
            more = occasion.language.plural("{count} more", "{count} more", left)
            named = [*named[:_MOST_NAMED], more]
        yield _question(occasion, said, rank=64, label=occasion.words.series(named))


def _is_mentioned(participant: Participant, occasion: Occasion) -> bool:
    """Whether the notes on another participant mention someone without a file."""
    if not participant.shown_name:
        return False
    called = NameSearch([participant.shown_name, occasion.shorts[participant.key]])
    return any(
        called.in_text(one.interaction.summary or "")
        for person in occasion.people
        for one in person.interactions_on_file[:_NOTES]
    )


def _question(
    occasion: Occasion, said: str, *, rank: int, label: str = "", who: str | None = None
) -> Line:
    origin = occasion.language.text("not on file") if label or who else ""
    return occasion.feed_line(
        "say", said, "newcomer", rank=rank, label=label, who=who, origin=origin, mark="ask",
        visibility="private"
    )  # fmt: skip
