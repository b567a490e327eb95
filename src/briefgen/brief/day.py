"""The day sheet: what stands before a day's briefs, composed from them and the contact book."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Literal

from briefgen.brief.attention import Attention, open_attention, still_holds
from briefgen.brief.brief import Brief, Face, Mark, Source
from briefgen.brief.events import was_hit_of_late
from briefgen.brief.places import is_online
from briefgen.brief.promises import due_day
from briefgen.brief.redaction import mentions
from briefgen.contacts.book import ContactBook, ContactFile
from briefgen.contacts.contact import COLLEAGUE, Promise, ToShare, Visibility
from briefgen.contacts.dates import OLDEST_YEARS, PartialDate
from briefgen.contacts.entry import Entry
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

MET_PROMISES = timedelta(days=7)
"""How far ahead promises are named of people met on the day."""
MET_BIRTHDAYS = (timedelta(days=-7), timedelta(days=30))
"""From when until when birthdays are named of people met on the day."""
OTHER_BIRTHDAYS = (timedelta(days=-1), timedelta(days=7))
"""The same for everybody else on file."""
MOST_PROMISES = 8
SHORTEST_FREE = timedelta(minutes=30)
MOST_BIRTHDAYS = 6
MOST_SHARES = 3
MOST_FACES = 12

_LEAP_DAY = (2, 29)
GapKind = Literal["free", "travel", "directly", "overlap"]


class Gap(Value, frozen=True, kw_only=True):
    """What lies between a meeting and what came before it.

    Attributes:
        kind: free time; the time there is to get to another place; nothing at all; or less than
            nothing, where meetings overlap.
        minutes: how many; of an overlap too.
        text: the words for it, like `45 minutes free`.
    """

    kind: GapKind
    minutes: int
    text: str


class Stop(Value, frozen=True, kw_only=True):
    """One meeting on the timeline of the day.

    Attributes:
        when: from when until when, or the words for a whole day.
        names: who is met, as one text.
        stance: what the glance of the brief begins with: `Listen first`.
        first: what comes first there: `Apologise, plainly and once: we missed the go-live`.
        gap: what lies before it; None for the first.
    """

    uid: str
    recurrence_id: str | None
    start: datetime
    end: datetime
    all_day: bool
    when: str
    title: str
    place: str = ""
    join_link: str | None = None
    organizations: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    faces: tuple[Face, ...] = ()
    names: str = ""
    stance: str = ""
    first: str = ""
    code: str = ""
    gap: Gap | None = None


class Remark(Value, frozen=True, kw_only=True):
    """One line of the day sheet that is about one contact.

    Attributes:
        who: the contact's name.
        text: what is said of them.
        note: small type behind it: when, or why.
        url: an address that goes with it.
        met: whether they are met on the day.
    """

    who: str
    text: str
    note: str = ""
    url: str | None = None
    met: bool = False
    mark: Mark | None = None
    source: Source


class DaySheet(Value, frozen=True, kw_only=True):
    """The sheet in front of a day's briefs; on a day without meetings it stands alone.

    Attributes:
        heading: the day in words.
        free: when nothing is on between the first meeting and the last, in words.
        stops: the meetings in order of time; overlapping ones too.
        mine, theirs: promises due: by me, to anybody on file, and by those who are met.
        birthdays: in order of their days.
        shares: something thoughtful for people who are not met on the day.
        attention: the week's one small attention; no part of what makes a sheet another one.
        faces: everybody who is met, each once, in the order in which they are met.
        more_promises, more_birthdays: how many there was no room for.
    """

    day: date
    edition: Edition
    heading: str
    free: str = ""
    stops: tuple[Stop, ...] = ()
    mine: tuple[Remark, ...] = ()
    theirs: tuple[Remark, ...] = ()
    birthdays: tuple[Remark, ...] = ()
    shares: tuple[Remark, ...] = ()
    attention: Remark | None = None
    faces: tuple[Face, ...] = ()
    more_promises: int = 0
    more_birthdays: int = 0
    calendar_as_of: datetime | None = None
    calendar_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a meeting nor anything to remember."""
        return not (self.stops or self.mine or self.theirs or self.birthdays or self.shares)

    def unsaid(self, remarks: Iterable[Remark]) -> tuple[Remark, ...]:
        """The remarks without the one that the week's attention says already."""
        said = self.attention.source if self.attention else None
        return tuple(one for one in remarks if one.source != said)


def compose_day(
    day: date,
    briefs: Iterable[Brief],
    *,
    book: ContactBook,
    language: Language,
    edition: Edition = "full",
    attention: Attention | None = None,
) -> DaySheet:
    """The day sheet of `day`; briefs of other days are passed over.

    In the `table` edition nothing is shown of contact files but what may lie on the table; the
    week's attention never lies there.
    """
    of_day = sorted((b for b in briefs if b.start.date() == day), key=lambda b: (b.start, b.end))
    stops = tuple(_with_gaps([_stop(brief, language) for brief in of_day], language))
    faces = _faces_once(of_day)
    scene = _Scene(
        day=day,
        edition=edition,
        language=language,
        book=book,
        entries=book.entries(),
        met=frozenset(face.contact for face in faces if face.contact),
        avoided=_avoided(book, faces),
        languages=_languages(book, faces),
    )
    mine, theirs = scene.promises()
    birthdays = scene.birthdays()
    left = max(0, MOST_PROMISES - len(mine))
    return DaySheet(
        day=day,
        edition=edition,
        heading=language.long_date(day),
        free=_free(stops, language),
        stops=stops,
        mine=mine[:MOST_PROMISES],
        theirs=theirs[:left],
        more_promises=max(0, len(mine) + len(theirs) - MOST_PROMISES),
        birthdays=birthdays[:MOST_BIRTHDAYS],
        more_birthdays=max(0, len(birthdays) - MOST_BIRTHDAYS),
        shares=scene.shares(),
        attention=scene.attention(attention),
        faces=faces[:MOST_FACES],
        calendar_as_of=max((b.calendar_as_of for b in of_day if b.calendar_as_of), default=None),
        calendar_cut=any(brief.calendar_cut for brief in of_day),
    )


def summary(sheet: DaySheet, language: Language) -> str:
    """Like `4 meetings, the first at 09:00`."""
    if not sheet.stops:
        return language.text("No meetings.").rstrip(".")
    timed = [stop for stop in sheet.stops if not stop.all_day]
    if not timed:
        return language.plural("{count} meeting", "{count} meetings", len(sheet.stops))
    return language.plural(
        "{count} meeting, at {time}",
        "{count} meetings, the first at {time}",
        len(sheet.stops),
        time=language.clock_time(timed[0].start),
    )


def promised(sheet: DaySheet, language: Language) -> str:
    """Like `3 late, 2 due today`."""
    late = sum(1 for one in sheet.mine if one.mark == "overdue")
    today = sum(1 for one in sheet.mine if one.mark == "due")
    said = []
    if late:
        said.append(language.plural("{count} late", "{count} late", late))
    if today:
        said.append(language.plural("{count} due today", "{count} due today", today))
    return language.text("{one}, {other}", one="", other="").join(said) or language.text(
        "What you promised"
    )


def _stop(brief: Brief, language: Language) -> Stop:
    all_day = brief.start.time() == brief.end.time() == time() and brief.end > brief.start
    names = [face.name for face in brief.faces]
    if brief.uncounted:
        names.append(language.plural("{count} more", "{count} more", brief.uncounted))
    return Stop(
        uid=brief.uid,
        recurrence_id=brief.recurrence_id,
        start=brief.start,
        end=brief.end,
        all_day=all_day,
        when=_when(brief, language, all_day=all_day),
        title=brief.title,
        place=brief.place,
        join_link=brief.join_link,
        organizations=brief.organizations,
        marks=brief.marks,
        faces=brief.faces,
        names=language.listed(names),
        stance=brief.glance.stance.text if brief.glance.stance else "",
        first=_first(brief, language),
        code=brief.code,
    )


def _first(brief: Brief, language: Language) -> str:
    """What the glance puts first, in one sentence."""
    line = next((one.lines[0] for one in brief.glance.lines if one.label == "first"), None)
    if line is None:
        return ""
    label = line.label.rstrip(":")
    return language.text("{label}: {text}", label=label, text=line.text) if label else line.text


def _when(brief: Brief, language: Language, *, all_day: bool) -> str:
    if all_day:
        return language.text("all day")
    start, end = language.clock_time(brief.start), language.clock_time(brief.end)
    if brief.end <= brief.start:
        return start
    if brief.end.date() != brief.start.date():
        end = f"{end} ({language.short_date(brief.end.date(), beside=brief.start.date())})"
    return f"{start}–{end}"


def _with_gaps(stops: Sequence[Stop], language: Language) -> Iterator[Stop]:
    """The stops, each with what lies before it; whole days leave the hours as they are."""
    before: Stop | None = None
    for stop in stops:
        if stop.all_day:
            yield stop
            continue
        yield stop if before is None else stop.replace(gap=_gap(before, stop, language))
        if before is None or stop.end.astimezone(UTC) >= before.end.astimezone(UTC):
            before = stop


def _gap(before: Stop, stop: Stop, language: Language) -> Gap:
    """What lies between two meetings, by the sun and not by the clock on the wall."""
    between = stop.start.astimezone(UTC) - before.end.astimezone(UTC)
    minutes = abs(int(between.total_seconds())) // 60
    if between < timedelta():
        text = language.text("overlaps with {title}", title=before.title)
        return Gap(kind="overlap", minutes=minutes, text=text)
    if _elsewhere(before, stop):
        text = language.text(
            "{time} to get from {one} to {other}",
            time=_length(minutes, language),
            one=_first_line(before.place),
            other=_first_line(stop.place),
        )
        return Gap(kind="travel", minutes=minutes, text=text)
    if not minutes:
        return Gap(kind="directly", minutes=0, text=language.text("directly after"))
    text = language.text("{time} free", time=_length(minutes, language))
    return Gap(kind="free", minutes=minutes, text=text)


def _free(stops: Sequence[Stop], language: Language) -> str:
    """Like `Free 11:30 to 15:30 and 17:00 to 18:15`; shorter gaps than half an hour are none."""
    spans = []
    ends: datetime | None = None
    for stop in (one for one in stops if not one.all_day):
        if ends is not None and stop.start.astimezone(UTC) - ends.astimezone(UTC) >= SHORTEST_FREE:
            begin, end = language.clock_time(ends), language.clock_time(stop.start)
            spans.append(language.text("{start} to {end}", start=begin, end=end))
        if ends is None or stop.end.astimezone(UTC) > ends.astimezone(UTC):
            ends = stop.end
    return language.text("Free {spans}", spans=language.listed(spans)) if spans else ""


def _elsewhere(before: Stop, stop: Stop) -> bool:
    """Whether one has to travel: both are places one can go to, and not in the same house."""
    if before.join_link or stop.join_link or not (before.place and stop.place):
        return False
    if is_online(before.place) or is_online(stop.place):
        return False
    return _house(before.place) != _house(stop.place)


def _house(place: str) -> str:
    return " ".join(_first_line(place).split()).casefold()


def _first_line(place: str) -> str:
    """As much of a place as tells it from another: `Acme House, 4 Dock Road` is `Acme House`."""
    return re.split(r"[,\n]", place, maxsplit=1)[0].strip() or place


def _length(minutes: int, language: Language) -> str:
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(language.plural("{count} hour", "{count} hours", hours))
    if rest or not hours:
        parts.append(language.plural("{count} minute", "{count} minutes", rest))
    return " ".join(parts)


def _faces_once(briefs: Iterable[Brief]) -> tuple[Face, ...]:
    faces: dict[str, Face] = {}
    for brief in briefs:
        for face in brief.faces:
            faces.setdefault(face.key, face)
    return tuple(faces.values())


def _avoided(book: ContactBook, faces: Iterable[Face]) -> frozenset[str]:
    """What the people of the day want left alone; all their lists hold for the shared sheet."""
    files = (book.by_stem(face.contact) for face in faces if face.contact)
    return frozenset(word for file in files if file for word in file.contact.avoid)


def _languages(book: ContactBook, faces: Iterable[Face]) -> frozenset[str]:
    """The languages of the people of the day, in which their lists are understood too."""
    files = (book.by_stem(face.contact) for face in faces if face.contact)
    return frozenset(file.contact.language for file in files if file and file.contact.language)


class _Scene(Value, frozen=True, kw_only=True):
    """The day, whom it is about, and what may be said."""

    day: date
    edition: Edition
    language: Language
    book: ContactBook
    entries: tuple[Entry, ...]
    met: frozenset[str]
    avoided: frozenset[str]
    languages: frozenset[str]

    def may_say(self, file: ContactFile, visibility: Visibility | None, *texts: str | None) -> bool:
        """Whether something of this file may stand on this sheet."""
        if visibility == "never" or (self.edition == "table" and visibility != "print"):
            return False
        words = {*self.avoided, *file.contact.avoid}
        said = [text for text in texts if text]
        theirs = {file.contact.language} - {None} | self.languages
        spoken = (self.language.locale.language, *sorted(filter(None, theirs)))
        return not any(mentions(text, word, *spoken) for text in said for word in words)

    def _was_hit(self, file: ContactFile) -> bool:
        """Whether something hard befell them of late: no cheer, and nothing asked for."""
        return was_hit_of_late(file.contact, self.day, str(self.language.locale.language))

    def promises(self) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
        """Promises due, mine and theirs, the most overdue first."""
        due = sorted(
            (promise.due, file.stem, at)
            for file in self._who_may_be_due()
            for at, promise in enumerate(file.contact.promises)
            if promise.due and self._is_due(file, promise)
        )
        mine: list[Remark] = []
        theirs: list[Remark] = []
        for when, stem, at in due:
            file = self.book.by_stem(stem)
            assert file is not None  # noqa: S101  # the stem comes from the book
            promise = file.contact.promises[at]
            remark = Remark(
                who=file.contact.name,
                text=promise.text,
                note=self._due_in_words(when),
                met=stem in self.met,
                mark="overdue" if when < self.day else "due" if when == self.day else None,
                source=_source(file, "promises", at),
            )
            (mine if promise.by == "me" else theirs).append(remark)
        return tuple(mine), tuple(theirs)

    def _who_may_be_due(self) -> Iterator[ContactFile]:
        for entry in self.entries:
            if (entry.due and entry.due <= self.day) or entry.stem in self.met:
                file = self.book.by_stem(entry.stem)
                if file is not None:
                    yield file

    def _is_due(self, file: ContactFile, promise: Promise) -> bool:
        due = due_day(promise)
        if not promise.is_open or due is None or promise.by == COLLEAGUE:
            return False
        met = file.stem in self.met
        if promise.by == "them" and (not met or self._was_hit(file)):
            return False
        until = self.day + MET_PROMISES if met else self.day
        return due <= until and self.may_say(file, promise.visibility, promise.text)

    def _due_in_words(self, when: date) -> str:
        late = (self.day - when).days
        if late > 0:
            return self.language.plural("{count} day late", "{count} days late", late)
        if not late:
            return self.language.text("today")
        return self.language.text(
            "{weekday}, {date}",
            weekday=self.language.weekday(when),
            date=self.language.short_date(when, beside=self.day),
        )

    def birthdays(self) -> tuple[Remark, ...]:
        """Birthdays near and far, in the order of their days."""
        found = []
        for entry in self.entries:
            first, last = MET_BIRTHDAYS if entry.stem in self.met else OTHER_BIRTHDAYS
            when = _anniversary(entry.birthday, self.day + first, self.day + last)
            file = self.book.by_stem(entry.stem) if when else None
            if (
                when
                and file
                and not self._was_hit(file)
                and _can_be(file.contact.birthday, self.day)
                and self.may_say(file, None, self.language.text("birthday"), "birthday")
            ):
                found.append((when, file.stem, self._birthday(file, when)))
        return tuple(remark for *_, remark in sorted(found, key=lambda one: one[:2]))

    def _birthday(self, file: ContactFile, when: date) -> Remark:
        return Remark(
            who=file.contact.name,
            text=self._birthday_in_words(when),
            met=file.stem in self.met,
            mark="due" if when == self.day else None,
            source=_source(file, "birthday"),
        )

    def _birthday_in_words(self, when: date) -> str:
        match (when - self.day).days:
            case 0:
                return self.language.text("birthday today")
            case 1:
                return self.language.text("birthday tomorrow")
            case -1:
                return self.language.text("had a birthday yesterday")
            case days if days < 0:
                return self.language.text(
                    "had a birthday on {date}", date=self.language.day_and_month(when)
                )
            case _:
                return self.language.text(
                    "birthday on {weekday}, {date}",
                    weekday=self.language.weekday(when),
                    date=self.language.day_and_month(when),
                )

    def shares(self) -> tuple[Remark, ...]:
        """Something thoughtful for those not met on the day, the longest unseen first."""
        waiting = [one for one in self.entries if one.to_share and one.stem not in self.met]
        found: list[Remark] = []
        for entry in sorted(waiting, key=lambda one: (one.last or date.min, one.stem)):
            if (file := self.book.by_stem(entry.stem)) is not None:
                found += islice(self._shares_of(file), 1)
            if len(found) == MOST_SHARES:
                break
        return tuple(found)

    def _shares_of(self, file: ContactFile) -> Iterator[Remark]:
        for at, item in enumerate(file.contact.to_share):
            told = self.may_say(file, item.visibility, item.text, item.fits)
            wanted = not (_wants_space(file, self.day) or self._was_hit(file))
            if item.shared is None and told and wanted:
                yield self._share(at, file, item)

    def attention(self, chosen: Attention | None) -> Remark | None:
        """The week's attention, where it still holds and may be said on this sheet."""
        chosen = open_attention(chosen)
        file = self.book.by_stem(chosen.contact) if chosen else None
        if chosen is None or file is None:
            return None
        spoken = str(self.language.locale.language)
        if not still_holds(chosen, file.contact, self.day, spoken):
            return None
        label, text = self._attention_in_words(chosen)
        if (
            (chosen.kind == "silence" and file.stem in self.met)
            or self._was_hit(file)
            or not self.may_say(file, None, label, text, chosen.kind)
        ):
            return None
        return Remark(
            who=file.contact.name,
            text=self.language.text("{label}: {text}", label=label, text=text),
            met=file.stem in self.met,
            source=_source(file, *_place_of(file, chosen)),
        )

    def _attention_in_words(self, chosen: Attention) -> tuple[str, str]:
        match chosen.kind:
            case "birthday":
                when = self._birthday_in_words(chosen.day or self.day)
                return when, self.language.text("call them")
            case "kept":
                return self.language.text("tell that you kept it"), chosen.text
            case "share":
                return self.language.text("send"), chosen.text
            case _:
                last = self.language.short_date(chosen.day or self.day, beside=self.day)
                said = self.language.text("last contact on {date}", date=last)
                return said, self.language.text("call or write")

    def _share(self, at: int, file: ContactFile, item: ToShare) -> Remark:
        fits = self.language.text("fits: {interest}", interest=item.fits) if item.fits else ""
        return Remark(
            who=file.contact.name,
            text=item.text,
            note=fits,
            url=item.url if item.url and item.url.startswith(("https://", "http://")) else None,
            mark="shared",
            source=_source(file, "to_share", at),
        )


def _source(file: ContactFile, *place: str | int) -> Source:
    """Where a contact's file says it."""
    told_in, line = file.told_in(*place) if place else (file.file, None)
    return Source(file=told_in, line=line)


def _place_of(file: ContactFile, chosen: Attention) -> tuple[str | int, ...]:
    """Where the file says by now what the attention is about."""
    contact = file.contact
    match chosen.kind:
        case "birthday":
            return ("birthday",)
        case "share":
            return "to_share", [one.text for one in contact.to_share].index(chosen.text)
        case "kept":
            return "promises", [one.text for one in contact.promises].index(chosen.text)
        case _:
            return ()


def _anniversary(birthday: PartialDate | None, first: date, last: date) -> date | None:
    """The day from `first` to `last` on which it is a year again; 29 February else on the 28th."""
    if birthday is None or birthday.month is None or birthday.day is None:
        return None
    month, day = birthday.month, birthday.day
    for year in range(first.year, last.year + 1):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        of_year = 28 if (month, day) == _LEAP_DAY and not leap else day
        if first <= (when := date(year, month, of_year)) <= last:
            return when
    return None


def _can_be(birthday: PartialDate | None, day: date) -> bool:
    """Whether somebody living can have been born then."""
    year = birthday.year if birthday else None
    return year is None or 0 < day.year - year <= OLDEST_YEARS


def _wants_space(file: ContactFile, day: date) -> bool:
    relationship = file.contact.relationship
    until = relationship.give_space_until if relationship else None
    return until is not None and until >= day
