"""Faces: the participants as the page shows them, with the small facts beneath each name."""

from collections.abc import Iterator
from operator import ne
from typing import Final

from briefgen.brief.brief import Face, Line, Participant, Source
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.stance import moods
from briefgen.meetings.past import PastMeeting
from briefgen.workspace.language import Language

_TWICE: Final = 2


def face_of(participant: Participant, occasion: Occasion) -> Face:
    """One participant; of a contact file the table edition knows name, title and organization."""
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
        email=address,
        contact=person.file.stem,
        role=", ".join(filter(None, (contact.title, contact.organization))),
        remark=_answer(person.participant, person.occasion.language),
        photo=contact.photo if full else None,
        photo_line=person.file.line("photo") if full and contact.photo else None,
        wants_photo=full and contact.photo is None,
        initials=initials(contact.name),
        pronouns=(contact.pronouns or "") if full else "",
        decides=full and contact.decides,
        telephone=contact.telephones[0] if full and contact.telephones else None,
        lines=tuple(_facts(person)),
        mood=moods(person) if full and person.has_block else (),
        source=Source(file=person.file.file, line=1),
    )


def _unknown(participant: Participant, occasion: Occasion) -> Face:
    attendee, text = participant.attendee, occasion.language.text
    address = attendee.address if attendee else None
    name = (attendee.name.strip() if attendee else "") or address or text("unnamed")
    remark = text("no file for {address}", address=address or name)
    if occasion.edition == "table":
        remark = ""  # the client need not read of whom there are files
    elif participant.rivals:
        files = occasion.language.listed([rival.stem for rival in participant.rivals])
        remark = text("could be {files}: neither is used", files=files)
    return Face(
        key=participant.key,
        name=name,
        email=address,
        remark=remark,
        wants_photo=occasion.edition == "full",
        initials=initials(name),
        lines=tuple(_calendar_of_unknown(participant, occasion)),
        source=Source(file=occasion.meeting.feed, line=occasion.meeting.line),
    )


def _answer(participant: Participant, language: Language) -> str:
    """What they answered, where it means that they may not come."""
    match participant.attendee.participation if participant.attendee else None:
        case "DECLINED":
            return language.text("has declined")
        case "TENTATIVE":
            return language.text("may come")
        case "DELEGATED":
            return language.text("sends somebody else")
        case _:
            return ""


def initials(name: str) -> str:
    """At most two signs that stand for a name: of its first and its last word."""
    words = [word for word in name.partition("@")[0].split() if word[0].isalnum()]
    return "".join(word[0] for word in (*words[:1], *words[1:][-1:])).upper()


def _facts(person: Person) -> Iterator[Line]:
    text, contact = person.occasion.language.text, person.contact
    yield _count(person)
    if not person.has_block:
        return
    if (local := person.local_time()) is not None:
        time = person.occasion.language.clock_time(local)
        said = text("{time} on their clock", time=time)
        yield person.line("person", said, "clock", "timezone", rank=61, label="")
    for at, interest in enumerate(contact.interests):
        yield person.line(
            "person",
            interest.text,
            "interest",
            "interests",
            at,
            visibility=interest.visibility,
            rank=41 - at,
            label="",
        )
    if contact.past_organizations:
        before = person.occasion.language.listed(list(contact.past_organizations))
        said = text("before: {organizations}", organizations=before)
        yield person.line("person", said, "before", "past_organizations", rank=22, label="")


def _count(person: Person) -> Line:
    """How often the calendar has them, and when you last spoke, each by what proves it."""
    occasion, text = person.occasion, person.occasion.language.text
    counted = _in_calendar(person.appointments, occasion)
    spoken = person.last_talk
    words = occasion.words
    said = ""
    if spoken is not None:
        said = text(
            "last spoke {ago} ({channel})",
            ago=words.ago(spoken.day),
            channel=words.channel(spoken.interaction.channel),
        )
    elif person.last is not None:
        said = text(
            "last in touch {ago} ({channel})",
            ago=words.ago(person.last.day),
            channel=words.channel(person.last.interaction.channel),
        )
    elif person.appointments:
        said = text("last {date}; no notes", date=words.on(person.appointments[-1].start.date()))
    if counted and said:
        said = text("{counted}; {last}", counted=counted, last=said)
    if not (counted or said):
        said = text("nothing on file or in your calendar yet")
    place = ("interactions", person.last.at) if person.last is not None else ()
    return person.line("person", said or counted, "count", *place, rank=75, label="")


def _in_calendar(appointments: tuple[PastMeeting, ...], occasion: Occasion) -> str:
    if not appointments:
        return ""
    count = len(appointments)
    if not occasion.never_two_at_once:
        starts = [one.start for one in appointments]
        count = 1 + sum(map(ne, starts, starts[1:]))  # two invitations to one hour are one
    first = occasion.language.month(appointments[0].start.date())
    if count == 1:
        return occasion.language.text("once in your calendar, in {month}", month=first)
    if count == _TWICE:
        return occasion.language.text("twice in your calendar since {month}", month=first)
    return occasion.language.plural(
        "{count} time in your calendar since {month}",
        "{count} times in your calendar since {month}",
        count,
        month=first,
    )


def _calendar_of_unknown(participant: Participant, occasion: Occasion) -> Iterator[Line]:
    attendee = participant.attendee
    if attendee is None or attendee.address is None:
        return
    appointments = occasion.appointments(frozenset({attendee.address}))
    if counted := _in_calendar(appointments, occasion):
        last = occasion.words.on(appointments[-1].start.date())
        said = occasion.language.text("{counted}; last {date}", counted=counted, date=last)
        yield occasion.feed_line(
            "person", said, "count", rank=60, who=participant.key, visibility="private"
        )
