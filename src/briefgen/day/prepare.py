"""From a workspace and a window to the meetings that get a brief, and to their briefs."""

import fnmatch
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from briefgen.brief.additions import Additions, read_additions
from briefgen.brief.brief import Brief, Participant
from briefgen.brief.match import match
from briefgen.brief.me import doubts_about_me
from briefgen.brief.select import (
    Attended,
    earlier_copy,
    fuller_copy,
    reason_to_skip,
    same_time_and_title,
)
from briefgen.brief.sheet_codes import Codes, assign_codes, read_codes, write_codes
from briefgen.brief.sheet_memory import (
    LineUse,
    SheetDigest,
    marked,
    read_line_uses,
    sheet_key,
    usage_for,
)
from briefgen.brief.signals import Vocabulary, read_vocabulary
from briefgen.contacts.book import ContactBook
from briefgen.contacts.layered_book import open_layered_book
from briefgen.day.caps import cap_problems, within_caps
from briefgen.delivery.folder import file_stems, lost_contacts
from briefgen.delivery.report import Outcome, Report, ReportedParticipant, Skipped
from briefgen.meetings.calendar import past_meetings, read_calendar
from briefgen.meetings.fetch import FeedCopy, fetch_feeds
from briefgen.meetings.meeting import Meeting, PastMeeting, Window
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language, language_of
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, unwritten
from briefgen.workspace.settings import Edition, Settings
from briefgen.workspace.value import Value

NEIGHBOURHOOD = timedelta(days=1)
"""How far around the window meetings are read, to find neighbours and overlaps."""
OCCASIONS_AHEAD = timedelta(days=14)
"""How far ahead of the window the calendars of occasions are read."""

EVER = timedelta(days=12 * 365)
"""How far back a meeting in the calendar is looked for."""

_MAYBE_DELIVERED: Final = frozenset({"sent", "sending", "unsure"})
"""The states of a delivery in which someone may have the sheet."""
_MOVED_BY: Final = timedelta(days=31)
"""How far a meeting may have moved for its sheet still to be recognised."""


class ChosenMeeting(Value, frozen=True, kw_only=True):
    """A meeting that gets a brief, who is in it, its sheet's code and what its file is called."""

    meeting: Meeting
    participants: tuple[Participant, ...]
    code: str = ""
    file_stem: str = ""
    by_hand: bool = False

    def reported_participants(self) -> tuple[ReportedParticipant, ...]:
        """The participants as reports write them: people, not mailing lists."""
        return tuple(_reported(one) for one in self.participants if not one.is_list)


def _reported(participant: Participant) -> ReportedParticipant:
    contact, attendee = participant.contact, participant.attendee
    address = attendee.address if attendee else None
    if contact is not None:
        emails = contact.contact.emails
        return ReportedParticipant(
            name=contact.contact.name,
            email=address or (emails[0] if emails else None),
            contact=contact.stem,
        )
    name = (attendee.name if attendee else "") or address or ""
    return ReportedParticipant(name=name, email=address, contact=None)


class Day(Value, frozen=True, kw_only=True, dict=True):
    """Everything read for a window: what the command line, the night and the dialogue build on.

    Attributes:
        as_of: the time of the run.
        chosen: the meetings that get a brief, by start.
        skipped: those that do not, and why.
        around: every meeting in and near the window, for neighbours and overlaps.
        occasions: the events of calendars marked `use: occasions`, two weeks ahead.
        copies: the feeds as they were read.
        calendar_as_of: set if a feed's last good copy is used.
        problems: everything wrong in the user's input, found on the way.
    """

    workspace: Workspace
    settings: Settings
    language: Language
    as_of: datetime
    window: Window
    book: ContactBook
    chosen: tuple[ChosenMeeting, ...]
    skipped: tuple[Skipped, ...] = ()
    around: tuple[Meeting, ...] = ()
    occasions: tuple[Meeting, ...] = ()
    copies: tuple[FeedCopy, ...] = ()
    calendar_as_of: datetime | None = None
    additions: tuple[Additions, ...] = ()
    vocabulary: Vocabulary
    problems: tuple[Problem, ...] = ()

    @property
    def calendar_lost(self) -> bool:
        """Whether there are feeds and none of them could be read."""
        return bool(self.copies) and all(copy.content is None for copy in self.copies)

    @property
    def calendar_whole(self) -> bool:
        """Whether every feed was fetched, so that what is missing there is really gone."""
        read = all(copy.content is not None for copy in self.copies)
        return read and self.calendar_as_of is None and not self.calendar_cut

    @property
    def calendar_cut(self) -> bool:
        """Whether a feed is cut off, so that meetings may be missing."""
        return any(copy.cut for copy in self.copies)

    @cached_property
    def past(self) -> tuple[PastMeeting, ...]:
        """Past meetings with anyone who takes part, as far back as calendars go.

        Counts of meetings use only `history.months`; whether it is a first meeting depends on the
        oldest.
        """
        participants = [p for chosen in self.chosen for p in chosen.participants]
        addresses = frozenset(a for participant in participants for a in _addresses(participant))
        return past_meetings(
            self.copies,
            addresses=addresses,
            since=self.window.start - EVER,
            until=self.window.end,
            zone=self.window.zone,
        )

    @cached_property
    def _line_uses(self) -> tuple[LineUse, ...]:
        return read_line_uses(self.workspace)

    @cached_property
    def _delivered(self) -> Mapping[str, Sequence[tuple[date, SheetDigest]]]:
        """What was printed or mailed of each sheet, newest first, by its `sheet_key`.

        Empty if the ledger cannot be read: what a sheet says does not depend on it.
        """
        from briefgen.delivery.ledger import LedgerFault  # noqa: PLC0415  # as `compose`
        from briefgen.delivery.ledger_file import read_ledger  # noqa: PLC0415  # as above

        found: dict[str, list[tuple[date, SheetDigest]]] = defaultdict(list)
        since, zone = self.window.start.date() - _MOVED_BY, self.window.zone
        with suppress(LedgerFault), read_ledger(self.workspace.memory) as ledger:
            entries = [one for one in ledger.since(since) if one.state in _MAYBE_DELIVERED]
            for entry in sorted(entries, key=lambda one: (one.changed, one.number), reverse=True):
                for stored in entry.facts.get("sheets", ()):
                    with suppress(KeyError, TypeError, ValueError):
                        said = SheetDigest.read(stored)
                        found[said.key].append((entry.changed.astimezone(zone).date(), said))
        return found

    def brief(
        self,
        chosen: ChosenMeeting,
        edition: Edition,
        *,
        why: bool = False,
        in_confidence: bool = False,
    ) -> Brief:
        """The brief of one chosen meeting; with `why`, also what was left out.

        With `in_confidence`, for the user's own terminal, it has what was told in confidence too.
        """
        from briefgen.brief.compose import compose  # noqa: PLC0415  # imports half of the modules

        brief = compose(
            chosen.meeting,
            chosen.participants,
            book=self.book,
            settings=self.settings,
            language=self.language,
            as_of=self.as_of,
            edition=edition,
            past=self.past,
            additions=self.additions,
            neighbours=self.around,
            coming_up=self.occasions,
            code=chosen.code,
            calendar_as_of=self.calendar_as_of,
            calendar_cut=self.calendar_cut,
            usage=usage_for(self._line_uses, chosen.meeting.day),
            vocabulary=self.vocabulary,
            why=why,
            in_confidence=in_confidence,
        )
        delivered = self._delivered.get(sheet_key(brief), ())
        return marked(brief, delivered)

    def only(self, text: str) -> "Day":
        """The chosen meetings with `text` in the title, or as UID, code or participant."""
        return self.replace(chosen=tuple(c for c in self.chosen if _fits(c, text)))

    def with_codes(self, known: Codes) -> tuple["Day", Codes]:
        """Each chosen meeting with its sheet's code, and the codes in use then."""
        codes, living = assign_codes(
            known, [chosen.meeting for chosen in self.chosen], self.as_of.date()
        )
        coded = zip(self.chosen, codes, strict=True)
        return self.replace(chosen=tuple(c.replace(code=code) for c, code in coded)), living


def _addresses(participant: Participant) -> Iterable[str]:
    if participant.attendee is not None and participant.attendee.address:
        yield participant.attendee.address
    if participant.contact is not None:
        yield from participant.contact.contact.emails


def _fits(chosen: ChosenMeeting, text: str) -> bool:
    wanted = text.casefold()
    exact = {chosen.meeting.uid.casefold(), chosen.code.casefold()}
    for participant in chosen.reported_participants():
        exact |= {participant.name.casefold(), (participant.email or "").casefold()}
        exact |= {participant.contact or ""}
    title = chosen.meeting.title.casefold()
    return wanted in title or wanted in exact or fnmatch.fnmatch(title, wanted)


def prepare(
    workspace: Workspace,
    settings: Settings,
    *,
    window: Window,
    as_of: datetime,
    copies: Sequence[FeedCopy] | None = None,
) -> Day:
    """Read contacts and feeds, and decide which meetings of the window get a brief.

    `copies` are the feeds if they have been fetched already.
    """
    book, problems = open_layered_book(workspace, settings.shared_contacts, me=settings.me)
    language = language_of(settings.locale)
    additions, additions_problems = read_additions(workspace)
    vocabulary, vocabulary_problems = read_vocabulary(workspace.templates, language)
    if copies is None:
        copies = fetch_feeds(settings.feeds, workspace=workspace, as_of=as_of)
    wider = Window(start=window.start - NEIGHBOURHOOD, end=window.end + NEIGHBOURHOOD)
    calendar = read_calendar(
        [copy for copy in copies if copy.use == "meetings"], window=wider, zone=window.zone
    )
    ahead = Window(start=window.start, end=window.end + OCCASIONS_AHEAD)
    coming = read_calendar(
        [copy for copy in copies if copy.use == "occasions"], window=ahead, zone=window.zone
    )
    chosen: list[ChosenMeeting] = []
    skipped: list[Skipped] = []
    for meeting in calendar.meetings:
        if meeting.start not in window:
            continue
        participants = match(meeting, book=book, me=settings.me)
        reason = reason_to_skip(meeting, participants, settings=settings)
        if reason is None:
            chosen.append(ChosenMeeting(meeting=meeting, participants=participants))
        else:
            skipped.append(Skipped(meeting=meeting, reason=reason))
    chosen, repeated = _without_copies(chosen)
    copied = {id(one.meeting) for one in repeated}
    chosen, beyond = within_caps(chosen)
    return Day(
        workspace=workspace,
        settings=settings,
        language=language,
        as_of=as_of,
        window=window,
        book=book,
        chosen=_named(chosen),
        skipped=tuple(sorted((*skipped, *repeated, *beyond), key=lambda one: one.meeting.start)),
        around=tuple(one for one in calendar.meetings if id(one) not in copied),
        occasions=coming.occasions,
        copies=tuple(copies),
        calendar_as_of=calendar.as_of,
        additions=additions,
        vocabulary=vocabulary,
        problems=(
            *problems,
            *additions_problems,
            *vocabulary_problems,
            *calendar.problems,
            *coming.problems,
            *cap_problems(beyond),
            *doubts_about_me(settings.me, copies, book),
        ),
    )


def _without_copies(
    chosen: Sequence[ChosenMeeting],
) -> tuple[list[ChosenMeeting], list[Skipped]]:
    """The meetings without copies of others, and the copies."""
    alike: dict[object, list[Attended]] = defaultdict(list)
    for one in chosen:
        alike[same_time_and_title(one.meeting)].append((one.meeting, one.participants))
    kept: list[ChosenMeeting] = []
    copies: list[Skipped] = []
    for one in chosen:
        others = alike[same_time_and_title(one.meeting)]
        if len(others) == 1:
            kept.append(one)
            continue
        attended = (one.meeting, one.participants)
        if other := fuller_copy(attended, others):
            reason = Phrase("the feed '{feed}' has it in full", feed=other.feed)
            copies.append(Skipped(meeting=one.meeting, reason=reason))
        elif other := earlier_copy(attended, others):
            reason = Phrase(
                "the same meeting is in the feed '{feed}' under another UID", feed=other.feed
            )
            copies.append(Skipped(meeting=one.meeting, reason=reason))
        else:
            kept.append(one)
    return kept, copies


def _named(chosen: Sequence[ChosenMeeting]) -> tuple[ChosenMeeting, ...]:
    stems = file_stems([one.meeting for one in chosen])
    return tuple(one.replace(file_stem=s) for one, s in zip(chosen, stems, strict=True))


def coded(day: Day, *, remember: bool) -> Day:
    """The day with a code for each sheet; remembered unless nothing is to be written."""
    known = read_codes(day.workspace)
    with_codes, living = day.with_codes(known)
    if remember and living != known:
        try:
            write_codes(day.workspace, living)
        except OSError as error:  # the briefs are worth more than their codes
            file = day.workspace.relative(Path(error.filename))
            message = Phrase(
                "cannot be written: {reason}; codes of sheets may change", reason=error.strerror
            )
            problem = replace(unwritten(file, error, message), severity="warning")
            return with_codes.replace(problems=(*with_codes.problems, problem))
    return with_codes


def report_of(day: Day, outcome: Outcome) -> Report:
    """The report on a day's briefs, and on what the last report said about them."""
    lost = lost_contacts(day.workspace, outcome.briefs)
    return Report(
        as_of=day.as_of,
        window=day.window,
        briefs=outcome.briefs,
        skipped=day.skipped,
        problems=(*day.problems, *outcome.problems, *lost),
        lost_contacts=bool(lost),
    )
