"""A brief: what one page will say, each line with its rule, its source and its rank."""

from datetime import date, datetime
from typing import Literal

from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Stance, Visibility
from briefgen.meetings.meeting import Attendee
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

Section = Literal[
    "agenda",     # what is to be discussed, in order
    "say",        # talking points
    "promises",   # who said they would do what
    "bring",      # what is due by the meeting
    "situation",  # where they are and want to be; what is agreed
    "repair",     # a strained, lapsed or new relationship
    "history",    # what was, newest first
    "person",     # small facts beneath a participant's name
    "prompt",     # small facts beneath one of the questions
    "reflection", # how the last meeting went, by the user's own account
]  # fmt: skip
Mark = Literal[
    "overdue", "due", "theirs", "ask", "apology", "space", "open", "resolved", "shared", "aim",
    "suggested", "verbatim", "warning", "decides", "not-today",
]  # fmt: skip
Tone = Literal["low", "mixed", "neutral", "high"]
GlanceLabel = Literal["first", "bring", "ask", "then", "not-today"]
Reason = Literal[
    "avoid", "visibility", "edition", "rank", "duplicate",
    "silence",  # it names someone who is not to be mentioned, or asks what is not to be asked
    "state",    # it does not go with a state of the person (states.yaml)
    "present",  # someone else in the room must not read it
    "former",   # it is about a firm that they have left
    "unfit",  # it does not suit them, according to the notes (gifts.yaml)
    "confidence",  # it would hint at something told in confidence, or never to be in a brief
]  # fmt: skip
"""Why a line is not in a brief."""
Kind = Literal["usual", "first-meeting", "grief"]
"""The kind of page."""


class Source(Value, frozen=True, kw_only=True):
    """Where a line comes from, on file or in the feed.

    Attributes:
        file: relative to the workspace, or the name of a feed.
        line: counted from 1, where known.
    """

    file: str
    line: int | None = None


class Line(Value, frozen=True, kw_only=True):
    """One thing the brief says.

    Attributes:
        section: the part of the page it belongs to.
        text: what is said.
        rule: the name of the rule that made it, like `life-event`.
        source: where it comes from.
        rank: the higher, the longer it stays when the page is full; within a section the order
            of the lines is their order in the tuple, not their rank.
        label: a short cell before the text, like `2 Nov`, or a time or number of an agenda item.
        channel: the word of an interaction's channel, in the user's language.
        note: small type after the text: the reason or the signals.
        origin: where it comes from, in a few words for a narrow column: `2 Nov, call`,
            `by 27 Nov`, `not on file`; the text never says the same again.
        who: the key of the participant it is about; None if it is about all of them.
        mark: what kind of line it is within its section.
        must_stay: never left out for lack of room.
        visibility: who may see it; `never` means in no brief.
        use: how often lines of its rule were used, like `3 of 5`; only if `why` was asked for.
        new: whether the last delivered sheet did not say it.
    """

    section: Section
    text: str
    rule: str
    source: Source
    rank: int = 50
    label: str = ""
    channel: str = ""
    note: str = ""
    origin: str = ""
    who: str | None = None
    mark: Mark | None = None
    must_stay: bool = False
    visibility: Visibility = "private"
    use: str = ""
    new: bool = False


class Participant(Value, frozen=True, kw_only=True):
    """An attendee of the feed and the contact on file, or one of them.

    Attributes:
        attendee: how the feed names them; None if only the title or the user does.
        contact: their file; None if there is none.
        rivals: files that could all be meant, so none of them is used.
        unread: files that seem to be theirs and cannot be read.
    """

    attendee: Attendee | None = None
    contact: ContactFile | None = None
    rivals: tuple[ContactFile, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What distinguishes this participant from the others."""
        if self.contact is not None:
            return self.contact.stem
        assert self.attendee is not None  # noqa: S101  # a participant has one of the two
        return self.attendee.address or self.attendee.name

    @property
    def may_be_on_file(self) -> bool:
        """Whether an unused file may be theirs, so they are not called new."""
        return bool(self.rivals or self.unread)

    @property
    def declined(self) -> bool:
        """Whether they are not coming."""
        return self.attendee is not None and self.attendee.participation == "DECLINED"

    @property
    def is_list(self) -> bool:
        """Whether it is a mailing list, so it is unknown who comes."""
        attendee = self.attendee
        return self.contact is None and attendee is not None and attendee.kind == "GROUP"

    @property
    def shown_name(self) -> str:
        """The name on file, or as the feed has it; empty if there is none."""
        if self.contact is not None:
            return self.contact.contact.name
        if self.attendee is None:
            return ""
        return self.attendee.name.strip()


class Mood(Value, frozen=True, kw_only=True):
    """The signals of one interaction, for the mood line."""

    date: date
    signals: tuple[str, ...]
    tone: Tone


class Face(Value, frozen=True, kw_only=True):
    """A participant as the page shows them.

    Attributes:
        key: as `Participant.key`.
        name: the name on file, else the feed's, else the address.
        short: how lines and headings call them: `call_me`, else the first name.
        email: the address in the feed, else the first on file, else None.
        contact: the stem of the contact file, or None.
        role: title and organization, ready to print; may be empty.
        remark: like "no file for j.doe@acme.example"; empty if there is a file.
        photo: the path of the photo inside `data/contacts/`, or None.
        photo_line: the line of the contact file that names it.
        initials: at most two characters, for the circle if there is no photo.
        pronouns: as the file has them; empty in the table edition.
        lines: the small facts beneath the name (section `person`).
        mood: the last signals, oldest first; empty in the table edition.
        source: their contact file, or the feed.
        new, new_mood: whether the last delivered sheet did not have them, or their last signals.
    """

    key: str
    name: str
    short: str = ""
    email: str | None = None
    contact: str | None = None
    role: str = ""
    remark: str = ""
    photo: str | None = None
    photo_line: int | None = None
    initials: str = ""
    pronouns: str = ""
    decides: bool = False
    telephone: str | None = None
    lines: tuple[Line, ...] = ()
    mood: tuple[Mood, ...] = ()
    source: Source
    new: bool = False
    new_mood: bool = False


class Prompt(Value, frozen=True, kw_only=True):
    """A question to reflect on, and what is known beneath it.

    Attributes:
        question: word for word.
        lines: the small facts beneath it (section `prompt`).
        stances: the stances to tick, or none.
        suggested: the stance the last signals ask for, or None.
    """

    question: str
    lines: tuple[Line, ...] = ()
    stances: tuple[Stance, ...] = ()
    suggested: Stance | None = None


class GlanceStance(Value, frozen=True, kw_only=True):
    """The stance at the top of a brief: what the person who needs most care needs.

    Attributes:
        text: a few words, ready to print: `Listen first`, `Only listen`, `Ask first`.
        stance: the stance it means; None if it is none of the four.
        evidence: what it is based on, with its date: `Dana, 2 November: frustrated, rushed`.
        who: the key of the participant.
        rule: the name of the rule that chose it.
        source: where the evidence is.
        new: whether the last delivered sheet had another.
    """

    text: str
    stance: Stance | None = None
    evidence: str = ""
    who: str | None = None
    rule: str
    source: Source
    new: bool = False


class GlanceLine(Value, frozen=True, kw_only=True):
    """One label of the glance and its text: one line, or at most two for `bring`."""

    label: GlanceLabel
    lines: tuple[Line, ...]


class Glance(Value, frozen=True, kw_only=True):
    """The strip at the top of a brief; empty if nothing on file or in the feed fills it.

    Attributes:
        stance: the stance and its evidence, or None.
        lead: the one sentence that matters most, or None.
        quiet: whether the lead must be set small, since it would hurt the person across the table
            who reads it upside down: a hard event, a signal, a fault of theirs.
        lines: at most three labels, in the order First, Bring, Ask, Then, Not today.
    """

    stance: GlanceStance | None = None
    lead: Line | None = None
    quiet: bool = False
    lines: tuple[GlanceLine, ...] = ()

    @property
    def every_line(self) -> tuple[Line, ...]:
        """The lead and all lines after the labels."""
        lead = (self.lead,) if self.lead is not None else ()
        return (*lead, *(line for one in self.lines for line in one.lines))


class LeftOut(Value, frozen=True, kw_only=True):
    """A line that was considered and is not in the brief.

    `by` is the word, event, state or rule that decided; `words` is how the line mentions it.
    """

    line: Line
    reason: Reason
    by: str = ""
    words: str = ""


class Beyond(Value, frozen=True, kw_only=True):
    """How many entries of a file have no line in the brief, to be counted with those that have."""

    section: Section
    file: str
    count: int


class Changes(Value, frozen=True, kw_only=True):
    """How a brief differs from the sheet that was last printed or mailed for its meeting.

    Attributes:
        day: when that sheet was delivered.
        time, title, place, people: whether these have changed; other news is marked `new`.
    """

    day: date
    time: bool = False
    title: bool = False
    place: bool = False
    people: bool = False


class Brief(Value, frozen=True, kw_only=True):
    """The document for one meeting, before it is laid out.

    Attributes:
        uid, recurrence_id, start, end: the meeting's key and time (user's zone).
        feed: the feed's name.
        stamp: the feed's own DTSTAMP, for the attached .ics.
        title: the meeting's title; never empty.
        place: where, as the feed says; may be empty.
        join_link: the online meeting's address, or None.
        organizations: those of the participants, each once.
        marks: short remarks beside the time: "tentative", "moved from 14:00", "right after …".
        moved_mark: the one that says when the meeting was before; empty if it was not moved.
        kind: the kind of page.
        glance: the strip at the top; what it says is not repeated in `lines`.
        faces: the participants, the one who decides first.
        colleagues: the user's own colleagues in the room, by name ("With you: …").
        uncounted: attendees summarised because there are too many to show.
        lines: every line but those of faces and prompts, in order within each section.
        prompts: the questions.
        left_out: what was considered and is not in the brief; only if `why` was asked for.
        beyond: how much more is on file, for "+480 earlier interactions".
        code: the sheet's code, like `K7Q4`.
        calendar_as_of: when the calendar was last read, if an older copy is used.
        calendar_cut: whether the calendar breaks off, so meetings may be missing.
        changes: what has changed since the last delivered sheet; None if nothing has, or none
            was delivered. A change of it alone makes no new sheet.
    """

    edition: Edition
    uid: str
    recurrence_id: str | None
    start: datetime
    end: datetime
    feed: str
    stamp: str = ""
    title: str
    place: str = ""
    join_link: str | None = None
    organizations: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    moved_mark: str = ""
    kind: Kind = "usual"
    glance: Glance = Glance()
    faces: tuple[Face, ...] = ()
    colleagues: tuple[str, ...] = ()
    uncounted: int = 0
    lines: tuple[Line, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    beyond: tuple[Beyond, ...] = ()
    code: str = ""
    calendar_as_of: datetime | None = None
    calendar_cut: bool = False
    changes: Changes | None = None

    def section(self, name: Section) -> tuple[Line, ...]:
        """The lines of one section, in their order."""
        return tuple(line for line in self.lines if line.section == name)
