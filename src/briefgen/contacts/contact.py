"""What the files of contacts and organizations can say, as vCard (RFC 6350) names it."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from briefgen.contacts.dates import PartialDate, Span, WholeDate
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.values import (
    Address,
    CountryCode,
    Flag,
    LanguageTag,
    Part,
    Text,
    WebAddress,
    ZoneName,
    without_empty_values,
)

Visibility = Literal["print", "private", "never"]
Channel = Literal["meeting", "call", "email", "visit", "message", "gift"]
Status = Literal["new", "steady", "warm", "strained", "lapsed"]
Stance = Literal["listen", "teach", "advise", "coach"]
Degree = Literal["yes", "partly", "no"]
Party = Literal["me", "them"]
COLLEAGUE: Final[Any] = "colleague"
"""In place of `me` if someone else wrote it; only set by a reader's book, never in a file."""
Taken = Literal["accepted", "not yet", "refused"]
EventKindName = Literal["good", "neutral", "hard", "confidential"]


def more_than_a_year(given: PartialDate) -> PartialDate:
    """A date that can be a birthday.

    Raises:
        ValueError: if it has no month.
    """
    if given.month is None:
        raise ValueError(Phrase("a year alone is no birthday; write it like 03-26 or 1980-03-26"))
    return given


Birthday = Annotated[PartialDate, AfterValidator(more_than_a_year)]


class _Item(Part):
    """One entry of a list, which may say who may see it."""

    visibility: Visibility | None = None
    """print: may be on the table; private: for your eyes (the default); never: stays on file."""


class _TextItem(_Item):
    """An entry that a plain text can stand for."""

    plain_field = "text"

    text: Text
    """The entry itself."""


class Note(_TextItem):
    """A text, and who may see it."""


class Link(_Item):
    """A page on the web about the person; a plain text is its address."""

    plain_field = "url"

    label: Text | None = None
    """What the page is, like LinkedIn."""
    url: WebAddress
    """Its address."""


class NextStep(_TextItem):
    """What comes next between you."""

    due: WholeDate | None = None
    """By when."""


class Relationship(_Item):
    """How things stand between you."""

    status: Status = "steady"
    """new, steady, warm, strained or lapsed."""
    since: PartialDate | None = None
    """Since when."""
    reason: Text | None = None
    """Why."""
    apology_owed: Flag = False
    """Whether you owe an apology."""
    give_space_until: WholeDate | None = None
    """Until when to keep a distance."""
    stay_in_touch: Span | None = None
    """How long a silence is too long: a number and d, w, m (months) or y."""


class Situation(_Item):
    """Where they are and where they want to be."""

    current_state: Text | None = None
    """Where they are now."""
    already_have: Text | None = None
    """What works already."""
    desired_outcome: Text | None = None
    """Where they want to be."""
    as_of: PartialDate | None = None
    """When this was true."""


class Concern(_TextItem):
    """Something they complained of: open, and never deflected, until it is resolved."""

    date: PartialDate | None = None
    """When they raised it."""
    resolved: PartialDate | None = None
    """When it was resolved."""


class Approach(_Item):
    """Something tried with this person, and how it landed."""

    plain_field = "tried"

    date: PartialDate | None = None
    """When."""
    tried: Text
    """What was tried."""
    landed: Text | None = None
    """How it landed: well, badly, or in your words."""


class Expectation(Part):
    """What probably follows a life event."""

    after: Span
    """How long after the event."""
    note: Text
    """What will probably be true then; it is only ever printed as a question."""


class LifeEvent(_Item):
    """Something in their life worth remembering."""

    plain_field = "note"

    date: PartialDate | None = None
    """When; the year and month suffice."""
    kind: EventKindName | None = None
    """good, neutral, hard or confidential; inferred from the note if it is not given."""
    note: Text
    """What happened."""
    expect: Expectation | None = None
    """What probably follows, and when."""


class Promise(_TextItem):
    """Something one side said it would do."""

    by: Party = "me"
    """me or them."""
    made: WholeDate | None = None
    """When it was made."""
    due: WholeDate | None = None
    """When it is due."""
    kept: WholeDate | None = None
    """When it was kept."""
    dropped: WholeDate | None = None
    """When it was dropped: no longer wanted, and not kept."""
    moved: tuple[WholeDate, ...] = ()
    """The days it was due before, the oldest first."""
    author: Text | None = None
    """Who `me` is, if several people write one file."""

    @property
    def is_open(self) -> bool:
        """Whether it was neither kept nor dropped."""
        return self.kept is None and self.dropped is None


class Apology(_Item):
    """An apology that was made, and how it was taken."""

    date: WholeDate | None = None
    """When."""
    for_: Annotated[Text | None, Field(alias="for")] = None
    """What for."""
    taken: Taken | None = None
    """accepted, not yet or refused."""
    proof: Text | None = None
    """What would show that it is sincere."""


class WrittenPoint(_TextItem):
    """A talking point of your own."""

    from_: Annotated[WholeDate | None, Field(alias="from")] = None
    """From when it makes sense."""
    until: WholeDate | None = None
    """Until when."""
    used: tuple[WholeDate, ...] = ()
    """When you used it."""


class ToShare(_TextItem):
    """Something thoughtful to bring."""

    url: Text | None = None
    """Where it is."""
    fits: Text | None = None
    """The interest it fits."""
    shared: WholeDate | None = None
    """When you shared it."""


class MeetingKey(Part):
    """The meeting in the feed that an interaction came from."""

    uid: Text
    """UID of the VEVENT (RFC 5545, 3.8.4.7)."""
    recurrence_id: Text | None = None
    """The original start of an instance of a series, in UTC or as a date."""


class Reflection(Part):
    """The five minutes after: could I answer the two questions?"""

    needs_answered: Degree | None = None
    """What do they need from me?"""
    help_answered: Degree | None = None
    """How can I help based on their emotional signals?"""
    adjust: Text | None = None
    """What to do differently next time."""


class Interaction(_Item):
    """One dated contact with a person."""

    date: WholeDate
    """The day."""
    channel: Channel = "meeting"
    """meeting, call, email, visit, message or gift."""
    meeting: MeetingKey | None = None
    """If it came from a meeting in the feed, which one."""
    summary: Text | None = None
    """What was said and decided."""
    words: Text | None = None
    """Their own words, verbatim."""
    signals: tuple[Text, ...] = ()
    """Emotional signals you saw."""
    needs: Text | None = None
    """What they needed from you."""
    needs_met: Degree | None = None
    """Whether they got it."""
    unsaid: Text | None = None
    """What was left unsaid."""
    stance: Stance | None = None
    """How you met them: listen, teach, advise or coach."""
    reflection: Reflection | None = None
    """Could I answer the two questions?"""
    author: Text | None = None
    """Who noted it, if several people write one file."""


class Contact(Part):
    """A person on file. Only the name is required."""

    version: Literal["1"] = "1"
    """The version of this format."""
    name: Text
    """The full name, as it is printed (FN of RFC 6350)."""
    pronouns: Text | None = None
    """Used only if given; otherwise the name is."""
    emails: tuple[Address, ...] = ()
    """Every address an invitation may name; this is how a contact is recognised."""
    aliases: tuple[Text, ...] = ()
    """Other forms of the name."""
    organization: Text | None = None
    """Where they work."""
    past_organizations: tuple[Text, ...] = ()
    """Where they worked before."""
    title: Text | None = None
    """What they do there."""
    call_me: Text | None = None
    """How to address them, if not by their first name."""
    tags: tuple[Text, ...] = ()
    """Words of your own to group contacts by; never printed."""
    decides: Flag = False
    """Whether they decide."""
    telephones: tuple[Text, ...] = ()
    """Telephone numbers."""
    timezone: ZoneName | None = None
    """Where they are, like America/New_York."""
    photo: Text | None = None
    """A picture inside data/contacts/."""
    links: tuple[Link, ...] = ()
    """Their pages on the web; never on paper."""
    address: Text | None = None
    """The postal address; printed only for a visit."""
    country: CountryCode | None = None
    """ISO 3166, with a region if its holidays differ (US, DE-BY)."""
    language: LanguageTag | None = None
    """Their language (LANG of RFC 6350), if it is not yours."""
    next_step: NextStep | None = None
    """What comes next between you, and by when."""
    custom: Annotated[dict[Text, Text], BeforeValidator(without_empty_values)] = Field(
        default_factory=dict
    )
    """Anything else, by keys of your own; printed if `page.custom` lists the key."""
    birthday: Birthday | None = None
    """YYYY-MM-DD, MM-DD or YYYY-MM."""
    relationship: Relationship | None = None
    """How things stand between you."""
    situation: Situation | None = None
    """Where they are and where they want to be."""
    apologies: tuple[Apology, ...] = ()
    """What you apologised for, and how it was taken."""
    agreed: tuple[Note, ...] = ()
    """What you agree on; build on it."""
    parked: tuple[Note, ...] = ()
    """Disagreements put aside until a success."""
    concerns: tuple[Concern, ...] = ()
    """What they complained of."""
    approaches: tuple[Approach, ...] = ()
    """What was tried with this person, and how it landed."""
    interests: tuple[Note, ...] = ()
    """What they care about."""
    avoid: tuple[Text, ...] = ()
    """Never printed; hides every line that mentions it."""
    life_events: tuple[LifeEvent, ...] = ()
    """What happened in their life, and what may follow from it."""
    promises: tuple[Promise, ...] = ()
    """What either side said it would do."""
    talking_points: tuple[WrittenPoint, ...] = ()
    """Things you want to say or ask."""
    to_share: tuple[ToShare, ...] = ()
    """Things thoughtful to bring."""
    interactions: tuple[Interaction, ...] = ()
    """What happened."""
    notes: Text | None = None
    """Free text. Never printed unless a template asks for it."""


class Organization(Part):
    """The company contacts belong to; one optional file under `data/organizations/`."""

    version: Literal["1"] = "1"
    """The version of this format."""
    name: Text
    """Its name, as contact files give it."""
    domains: tuple[Text, ...] = ()
    """Its mail domains."""
    situation: Situation | None = None
    """Where it is and where it wants to be."""
    agreed: tuple[Note, ...] = ()
    """What you agree on."""
    parked: tuple[Note, ...] = ()
    """Disagreements put aside until a success."""
    concerns: tuple[Concern, ...] = ()
    """What they complained of."""
    notes: Text | None = None
    """Free text. Never printed unless a template asks for it."""
