"""The day sheet: the page in front of a day's briefs, composed from them and the contact book."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from operator import itemgetter

from briefgen.brief.attention import Attention, open_attention, still_holds
from briefgen.brief.brief import Brief, Face, Mark, Source
from briefgen.brief.deliveries import seems_kept
from briefgen.brief.events import minds_birthday, was_hit_lately
from briefgen.brief.phrases import reading_languages
from briefgen.brief.promises import due_day
from briefgen.brief.redaction import mentions
from briefgen.brief.relations import avoided_with
from briefgen.brief.stops import Stop, free_time, stops_of
from briefgen.contacts.book import ContactBook, ContactFile
from briefgen.contacts.contact import COLLEAGUE, Promise, Visibility
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.entry import Entry
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

MET_PROMISES = timedelta(days=7)
"""How far ahead promises of people met on the day are listed."""
MET_BIRTHDAYS = (timedelta(days=-7), timedelta(days=30))
"""How far back and ahead birthdays of people met on the day are listed."""
OTHER_BIRTHDAYS = (timedelta(days=-1), timedelta(days=7))
"""The same for everyone else on file."""
MOST_PROMISES = 8
MOST_BIRTHDAYS = 6
MOST_SHARES = 3
MOST_FACES = 12


class Remark(Value, frozen=True, kw_only=True):
    """One line of the day sheet that is about one contact.

    Attributes:
        who: the contact's name.
        text: what it says.
        note: small type after it: when, or why.
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
    """The sheet in front of a day's briefs; on a day without meetings it is the only page.

    Attributes:
        heading: the day in words.
        free: the gaps between the first meeting and the last, in words.
        stops: the meetings in order of time; overlapping ones too.
        mine, theirs: promises due: by me, to anyone on file, and by those who are met.
        birthdays: in order of their days.
        shares: something thoughtful for people who are not met on the day.
        attention: the week's attention; a change in it alone makes no new sheet.
        faces: everyone who is met, each once, in the order in which they are met.
        more_promises, more_birthdays: how many did not fit.
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
        """The remarks, without one that the week's attention repeats."""
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
    """The day sheet of `day`; briefs of other days are ignored.

    The `table` edition shows only what is marked `print` in contact files, and never the week's
    attention.
    """
    of_day = sorted((b for b in briefs if b.start.date() == day), key=lambda b: (b.start, b.end))
    stops = stops_of(of_day, language)
    faces = _faces_once(of_day)
    files = [file for one in faces if one.contact and (file := book.by_stem(one.contact))]
    scene = _Scene(
        day=day,
        edition=edition,
        language=language,
        book=book,
        entries=book.entries(),
        met=frozenset(face.contact for face in faces if face.contact),
        avoided=frozenset(word for file in files for word in _avoided(file, language)),
        languages=frozenset(code for file in files if (code := file.contact.language)),
    )
    mine, theirs = scene.promises()
    birthdays = scene.birthdays()
    left = max(0, MOST_PROMISES - len(mine))
    return DaySheet(
        day=day,
        edition=edition,
        heading=language.day_heading(day),
        free=free_time(stops, language),
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


def _faces_once(briefs: Iterable[Brief]) -> tuple[Face, ...]:
    faces: dict[str, Face] = {}
    for brief in briefs:
        for face in brief.faces:
            faces.setdefault(face.key, face)
    return tuple(faces.values())


class _Scene(Value, frozen=True, kw_only=True):
    """The day, who is met on it, and what may be said on its sheet."""

    day: date
    edition: Edition
    language: Language
    book: ContactBook
    entries: tuple[Entry, ...]
    met: frozenset[str]
    avoided: frozenset[str]
    languages: frozenset[str]

    def may_say(self, file: ContactFile, visibility: Visibility | None, *texts: str | None) -> bool:
        """Whether something of this file may be on this sheet."""
        if visibility == "never" or (self.edition == "table" and visibility != "print"):
            return False
        words = {*self.avoided, *_avoided(file, self.language)}
        said = [text for text in texts if text]
        theirs = {file.contact.language} - {None} | self.languages
        spoken = (self.language.locale.language, *sorted(filter(None, theirs)))
        return not any(mentions(text, word, *spoken) for text in said for word in words)

    def _was_hit(self, file: ContactFile) -> bool:
        """Whether something hard happened to them recently, so that nothing is asked of them."""
        return was_hit_lately(file.contact, self.day, str(self.language.locale.language))

    def promises(self) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
        """Promises due, mine and theirs, the most overdue first; those that seem kept come last."""
        mine: list[Remark] = []
        theirs: list[Remark] = []
        due = ((self._kept(file, at), when, stem, at, file) for when, stem, at, file in self._due())
        for kept, when, stem, at, file in sorted(due, key=lambda one: (bool(one[0]), *one[1:4])):
            promise = file.contact.promises[at]
            remark = Remark(
                who=self.language.person(file.contact.name),
                text=promise.text,
                note=self._due_in_words(when) if kept is None else self._open_in_words(kept),
                met=stem in self.met,
                mark=None if kept or when > self.day else "overdue" if when < self.day else "due",
                source=_source(file, "promises", at),
            )
            (mine if promise.by == "me" else theirs).append(remark)
        return tuple(mine), tuple(theirs)

    def _due(self) -> Iterator[tuple[date, str, int, ContactFile]]:
        """When each promise is due, of whose file it is, and its place in that file."""
        for entry in self.entries:
            near = (entry.due and entry.due <= self.day) or entry.stem in self.met
            if near and (file := self.book.by_stem(entry.stem)) is not None:
                for at, promise in enumerate(file.contact.promises):
                    if promise.due and self._is_due(file, promise):
                        yield promise.due, file.stem, at, file

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

    def _kept(self, file: ContactFile, at: int) -> date | None:
        """The day on which a promise seems to have been kept."""
        languages = reading_languages(str(self.language.locale), file.contact.language)
        return seems_kept(file.contact, file.contact.promises[at], self.day, languages)

    def _open_in_words(self, kept: date) -> str:
        shown = self.language.short_date(kept, beside=self.day)
        return self.language.text("still open? see {date}", date=shown)

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
                and entry.birthday
                and entry.birthday.can_be_birthday(self.day)
                and not self._was_hit(file)
                and not minds_birthday(file.contact, reading_languages(file.contact.language))
                and self.may_say(file, None, self.language.text("birthday"), "birthday")
            ):
                remark = Remark(
                    who=self.language.person(file.contact.name),
                    text=self._birthday_in_words(when),
                    met=file.stem in self.met,
                    mark="due" if when == self.day else None,
                    source=_source(file, "birthday"),
                )
                found.append((when, file.stem, remark))
        return tuple(remark for *_, remark in sorted(found, key=itemgetter(0, 1)))

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
        waiting.sort(key=lambda one: (one.last or date.min, one.stem))
        files = filter(None, (self.book.by_stem(entry.stem) for entry in waiting))
        first_of_each = (remark for file in files for remark in islice(self._shares_of(file), 1))
        return tuple(islice(first_of_each, MOST_SHARES))

    def _shares_of(self, file: ContactFile) -> Iterator[Remark]:
        for at, item in enumerate(file.contact.to_share):
            told = self.may_say(file, item.visibility, item.text, item.fits)
            if item.shared is None and told and not self._wants_peace(file):
                text = self.language.text
                yield Remark(
                    who=self.language.person(file.contact.name),
                    text=item.text,
                    note=text("fits: {interest}", interest=item.fits) if item.fits else "",
                    url=item.url if (item.url or "").startswith(("https://", "http://")) else None,
                    mark="shared",
                    source=_source(file, "to_share", at),
                )

    def _wants_peace(self, file: ContactFile) -> bool:
        """Whether they want space, or something hard happened to them recently."""
        relationship = file.contact.relationship
        until = relationship.give_space_until if relationship else None
        return (until is not None and until >= self.day) or self._was_hit(file)

    def attention(self, chosen: Attention | None) -> Remark | None:
        """The week's attention, if it still holds and may be on this sheet."""
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
            who=self.language.person(file.contact.name),
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
                return self.language.text("say that you kept it"), chosen.text
            case "share":
                return self.language.text("send"), chosen.text
            case _:
                last = self.language.short_date(chosen.day or self.day, beside=self.day)
                said = self.language.text("last contact on {date}", date=last)
                return said, self.language.text("call or write")


def _source(file: ContactFile, *place: str | int) -> Source:
    """Where in a contact's file it comes from."""
    location, line = file.location(*place) if place else (file.file, None)
    return Source(file=location, line=line)


def _place_of(file: ContactFile, chosen: Attention) -> tuple[str | int, ...]:
    """Where the file now has what the attention is about."""
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
    """The anniversary that falls between `first` and `last`."""
    years = range(first.year, last.year + 1) if birthday is not None else ()
    days = (birthday.in_year(year) for year in years if birthday is not None)
    return next((day for day in days if day is not None and first <= day <= last), None)


def _avoided(file: ContactFile, language: Language) -> tuple[str, ...]:
    codes = reading_languages(language.locale.language, file.contact.language)
    return avoided_with(file.contact, codes)
