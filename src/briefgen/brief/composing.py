"""Composing: from a meeting and its participants to the brief of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from briefgen.brief.additions import Additions, additions_for
from briefgen.brief.brief import Brief, Face, Line, Participant, Prompt, Source
from briefgen.brief.signals import Vocabulary
from briefgen.contacts.book import ContactBook
from briefgen.language import Language
from briefgen.meetings.meeting import Meeting, recurrence_text
from briefgen.meetings.past import PastMeeting
from briefgen.settings import Edition, Settings


def compose(
    meeting: Meeting,
    participants: Sequence[Participant],
    *,
    book: ContactBook,
    settings: Settings,
    language: Language,
    as_of: datetime,
    edition: Edition,
    past: tuple[PastMeeting, ...] = (),
    additions: tuple[Additions, ...] = (),
    neighbours: tuple[Meeting, ...] = (),
    code: str = "",
    calendar_as_of: datetime | None = None,
    vocabulary: Vocabulary,
) -> Brief:
    """The brief of one meeting: everything that may be said, each line with its rank."""
    del book, as_of, past, neighbours, vocabulary
    own = additions_for(meeting, additions)
    lines = [*_agenda(meeting, own)]
    if edition == "full":
        for participant in participants:
            lines += _of(participant, meeting, language)
    own_prompts = next((one.notes.prompts for one in own if one.notes.prompts), ())
    two = (
        language.text("What do they need from me?"),
        language.text("How can I help based on their emotional signals?"),
    )
    return Brief(
        edition=edition,
        uid=meeting.uid,
        recurrence_id=recurrence_text(meeting.recurrence_id),
        start=meeting.start,
        end=meeting.end,
        feed=meeting.feed,
        stamp=meeting.stamp,
        title=meeting.title or language.text("Meeting without a title"),
        place=meeting.place,
        join_link=meeting.join_link,
        organizations=tuple(
            dict.fromkeys(
                p.contact.contact.organization
                for p in participants
                if p.contact and p.contact.contact.organization
            )
        ),
        faces=tuple(_face(p, meeting, language, edition) for p in participants),
        lines=tuple(lines),
        prompts=tuple(Prompt(question=q) for q in own_prompts or settings.prompts or two),
        code=code,
        calendar_as_of=calendar_as_of,
    )


def _agenda(meeting: Meeting, own: Sequence[Additions]) -> Iterator[Line]:
    for one in own:
        if one.notes.agenda:
            for item in one.notes.agenda:
                source = Source(file=one.file)
                yield Line(section="agenda", text=item.text, rule="agenda", source=source, rank=90)
            return
    for text in meeting.description.splitlines()[:12]:
        if bare := text.strip(" \t-•*"):
            source = Source(file=meeting.feed, line=meeting.line)
            yield Line(section="agenda", text=bare, rule="agenda", source=source, rank=90)


def _face(p: Participant, meeting: Meeting, language: Language, edition: Edition) -> Face:
    attendee = p.attendee
    address = attendee.address if attendee else None
    if p.contact is None:
        name = (attendee.name if attendee else "") or address or ""
        return Face(
            key=p.key,
            name=name,
            email=address,
            remark=language.text("no file for {address}", address=address or name),
            initials=_initials(name),
            source=Source(file=meeting.feed, line=meeting.line),
        )
    contact = p.contact.contact
    full = edition == "full"
    return Face(
        key=p.key,
        name=contact.name,
        email=address or (contact.emails[0] if full and contact.emails else None),
        contact=p.contact.stem,
        role=", ".join(part for part in (contact.title, contact.organization) if part),
        photo=contact.photo if full else None,
        initials=_initials(contact.name),
        decides=contact.decides and full,
        telephone=contact.telephones[0] if full and contact.telephones else None,
        source=Source(file=p.contact.file, line=1),
    )


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _of(p: Participant, meeting: Meeting, language: Language) -> Iterator[Line]:
    if p.contact is None:
        return
    file = p.contact
    newest = sorted(enumerate(file.contact.interactions), key=lambda one: one[1].date, reverse=True)
    for at, interaction in newest:
        if interaction.date > meeting.day or interaction.visibility == "never":
            continue
        yield Line(
            section="history",
            text=interaction.summary or interaction.words or "",
            rule="history",
            source=Source(file=file.file, line=file.line("interactions", at)),
            label=language.short_date(interaction.date, beside=meeting.day),
            channel=language.text(interaction.channel),
            note=", ".join(interaction.signals),
            who=p.key,
        )
    for at, point in enumerate(file.contact.talking_points):
        if point.visibility != "never":
            source = Source(file=file.file, line=file.line("talking_points", at))
            yield Line(section="say", text=point.text, rule="written", source=source, who=p.key)
    for at, promise in enumerate(file.contact.promises):
        if promise.kept is None and promise.visibility != "never":
            source = Source(file=file.file, line=file.line("promises", at))
            yield Line(
                section="promises", text=promise.text, rule="promise", source=source, who=p.key
            )
