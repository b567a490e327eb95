"""The night's plan: which briefs to write, mail and print, and why; and the outcome.

Planning is pure; `--dry-run` prints the plan.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from briefgen.brief.brief import Brief
from briefgen.brief.sheet_memory import said_of
from briefgen.day.make import PlannedBrief
from briefgen.day.pack import PacketOutcome, PlannedPacket
from briefgen.day.prepare import ChosenMeeting, Day
from briefgen.delivery.folder import file_name
from briefgen.delivery.ledger import Ledger
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.mail import PlannedMail, Topic, plan_mail
from briefgen.delivery.mail_changes import Content
from briefgen.delivery.mailed_meetings import (
    MailedMeeting,
    MeetingKey,
    meeting_key,
    memory_of,
    memory_of_meeting,
    probably_same,
    remembered_meetings,
    same_meetings,
)
from briefgen.delivery.report import Report, summary
from briefgen.meetings.meeting import Meeting, Window, recurrence_text
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.settings import Edition, Settings
from briefgen.workspace.value import Value


def night_window(as_of: datetime, settings: Settings) -> Window:
    """The rest of today, and `days_ahead` more days, or as many as mail is due for now."""
    end = as_of.date() + timedelta(days=1 + settings.nights_ahead(as_of))
    return Window(start=as_of, end=datetime.combine(end, time(), as_of.tzinfo))


def whole_days(window: Window) -> Window:
    """The window from its first midnight on, to know which meetings of today are over."""
    start = datetime.combine(window.start.date(), time(), window.start.tzinfo)
    return Window(start=start, end=window.end)


class NightPlan(Value, frozen=True, kw_only=True):
    """What a night will do.

    Attributes:
        day: everything that was read, with the meetings of today that have begun.
        edition: of the briefs.
        ahead: the meetings still to come.
        over: meetings of today that have begun; what was written for them stays.
        briefs: of those ahead, and whether each has to be made.
        packets: of each day, and whether it has to be made.
        mails: what goes to whom.
    """

    day: Day
    window: Window
    edition: Edition
    ahead: tuple[ChosenMeeting, ...] = ()
    over: tuple[ChosenMeeting, ...] = ()
    briefs: tuple[PlannedBrief, ...] = ()
    packets: tuple[PlannedPacket, ...] = ()
    mails: tuple[PlannedMail, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """Every day it is about."""
        return self.window.days

    @property
    def last_to_pack(self) -> date:
        """The last day for which a packet is made and printed."""
        return self.day.as_of.date() + timedelta(days=self.day.settings.nightly.days_ahead)

    def briefs_of(self, day: date) -> tuple[Brief, ...]:
        """The briefs of a day that are still ahead, in order of time."""
        return tuple(one.named.brief for one in self.briefs if one.named.day == day)

    def kept_names(self, day: date) -> frozenset[str]:
        """The files of meetings that are over, which are left as they are."""
        editions: tuple[Edition, ...] = ("full", "table")
        return frozenset(
            file_name(chosen.file_stem, edition)
            for chosen in self.over
            if chosen.meeting.day == day
            for edition in editions
        )


def plan_mails(
    plan: NightPlan,
    *,
    ledger: Ledger,
    elsewhere: Sequence[Meeting] = (),
    again: bool = False,
    by_day: bool = False,
) -> tuple[PlannedMail, ...]:
    """What to mail for a plan of briefs; `elsewhere` are meetings known outside its days."""
    mail = plan.day.settings.mail
    if mail is None:
        return ()
    known = _Known(plan, elsewhere, _mailed_meetings(ledger, plan))
    if mail.ahead is None or by_day:
        topics = tuple(_day_topic(plan, known, day) for day in plan.days)
    else:
        topics = tuple(_meeting_topics(plan, known, ledger, mail.ahead, mail.to))
    return plan_mail(
        topics,
        mail.to,
        ledger=ledger,
        sender=mail.from_,
        as_of=plan.day.as_of,
        zone=plan.day.window.zone,
        again=again,
    )


def key_of(meeting: Meeting) -> MeetingKey:
    """What stays the same when a meeting moves."""
    return meeting_key(meeting.uid, recurrence_text(meeting.recurrence_id), meeting.title)


def key_of_brief(brief: Brief) -> MeetingKey:
    """The same for a brief."""
    return meeting_key(brief.uid, brief.recurrence_id, brief.title)


class _Known:
    """What the calendar says about every meeting that was read."""

    def __init__(
        self, plan: NightPlan, elsewhere: Sequence[Meeting], memory_of: AbstractSet[MeetingKey]
    ) -> None:
        day = plan.day
        self.memory_of = memory_of
        sight = (*day.around, *elsewhere)
        stands = {_place(one.meeting) for one in day.chosen}
        left_out = {_place(one.meeting) for one in day.skipped} - stands
        called_off = [m for m in sight if m.status == "CANCELLED"]
        keys = {key for key, _ in stands}
        self.cancelled = frozenset(key_of(m) for m in called_off) - keys
        self.skipped = frozenset(key for key, _ in left_out) - self.cancelled - keys
        self.doubtful = frozenset(p.field for p in day.problems if p.severity == "error")
        away = left_out | {_place(m) for m in called_off}
        self.meetings = tuple(memory_of_meeting(m) for m in sight if _place(m) not in away)
        self.left_out = tuple(
            memory_of_meeting(m) for m in (*called_off, *(one.meeting for one in day.skipped))
        )

    def content(
        self, plan: NightPlan, briefs: Sequence[Brief], *, day: date, wanted_empty: bool = False
    ) -> Content:
        """What to say about a day."""
        elsewhere = tuple(
            told
            for told in self.meetings
            if told.start.date() != day or told.start <= plan.day.as_of
        )
        return Content(
            meetings=tuple(memory_of(brief) for brief in briefs),
            elsewhere=elsewhere,
            unheard=tuple(
                told
                for told in elsewhere
                if told.start > plan.day.as_of and told.key not in self.memory_of
            ),
            cancelled=self.cancelled,
            skipped=self.skipped,
            left_out=self.left_out,
            doubtful=self.doubtful,
            complete=plan.day.calendar_whole,
            wanted_empty=wanted_empty,
            sheets=tuple(said_of(brief).as_json() for brief in briefs),
        )


def _mailed_meetings(ledger: Ledger, plan: NightPlan) -> frozenset[MeetingKey]:
    """The meetings that any message has mentioned."""
    entries = ledger.since(plan.day.as_of.date() - timedelta(days=1))
    told = (
        one for entry in entries for one in remembered_meetings(entry.facts, plan.day.window.zone)
    )
    return frozenset(one.key for one in told)


def _place(meeting: Meeting) -> tuple[MeetingKey, datetime]:
    """Which of the meetings of one key it is."""
    return key_of(meeting), meeting.start


def _day_topic(plan: NightPlan, known: _Known, day: date) -> Topic:
    mail = plan.day.settings.mail
    as_of = plan.day.as_of.date()
    wanted_empty = bool(mail and mail.empty_days) and plan.day.calendar_whole and day > as_of
    content = known.content(plan, plan.briefs_of(day), day=day, wanted_empty=wanted_empty)
    return Topic(about=f"day {day.isoformat()}", day=day, content=content)


def _meeting_topics(
    plan: NightPlan,
    known: _Known,
    ledger: Ledger,
    ahead: timedelta,
    recipients: Sequence[str],
) -> Iterable[Topic]:
    """The meetings whose time has come, and those that were mailed before."""
    as_of = plan.day.as_of
    told = {
        one.about: one
        for one in ledger.since(as_of.date() - timedelta(days=1))
        if one.channel == "mail" and one.about.startswith("meeting ") and " part " not in one.about
    }
    over = tuple(memory_of_meeting(one.meeting) for one in plan.over)
    ours = tuple(memory_of(one.named.brief) for one in plan.briefs)
    abouts = _abouts((*over, *ours), told, plan.day.window.zone)[len(over) :]
    for planned, about in zip(plan.briefs, abouts, strict=True):
        brief = planned.named.brief
        if about in told or brief.start - ahead <= as_of:
            content = known.content(plan, (brief,), day=planned.named.day)
            yield Topic(about=about, day=planned.named.day, content=content)
    for about, entry in told.items():
        if about not in abouts and entry.recipient in recipients and not _began(entry, as_of):
            yield Topic(about=about, day=entry.day, content=known.content(plan, (), day=entry.day))


def _abouts(
    meetings: Sequence[MailedMeeting], told: Mapping[str, Delivery], zone: ZoneInfo
) -> tuple[str, ...]:
    """The ledger's name for each meeting's message, which stays when the meeting moves.

    The last message's content decides which meeting it is about. If a whole series has moved, its
    instances have other keys, but the one of a day is still the same.
    """
    last = [
        (about, one)
        for about, entry in told.items()
        for one in remembered_meetings(entry.facts, zone)
    ]
    pairs = {now: at for at, now in same_meetings([one for _, one in last], meetings).items()}
    missing = [at for at in range(len(last)) if at not in pairs.values()]
    new = [at for at in range(len(meetings)) if at not in pairs]
    for at in new:
        series = [n for n in missing if _of_one_day(last[n][1], meetings[at])]
        instances = [n for n in new if _of_one_day(meetings[n], meetings[at])]
        if len(series) == len(instances) == 1:
            pairs[at] = series[0]
    missing = [at for at in missing if at not in pairs.values()]
    new = [at for at in new if at not in pairs]
    alike = probably_same([last[at][1] for at in missing], [meetings[at] for at in new])
    pairs |= {new[now]: missing[before] for before, now in alike.items()}
    abouts: list[str] = []
    taken = {last[at][0] for at in pairs.values()}
    for at, meeting in enumerate(meetings):
        if at in pairs:
            about = last[pairs[at]][0]
        else:
            uid, recurrence_id = meeting.key
            about = f"meeting {uid} {recurrence_id or '-'}"
            while about in taken:
                about += f" {meeting.start.astimezone(UTC):%Y%m%dT%H%MZ}"
            taken.add(about)
        abouts.append(about)
    return tuple(abouts)


def _of_one_day(one: MailedMeeting, other: MailedMeeting) -> bool:
    """Whether both are of one series, on one day."""
    return bool(one.uid) and one.uid == other.uid and one.start.date() == other.start.date()


def _began(entry: Delivery, as_of: datetime) -> bool:
    starts = [datetime.fromisoformat(one["start"]) for one in entry.facts.get("meetings", ())]
    return all(start <= as_of for start in starts)


DARK_AFTER: Final = timedelta(hours=6)
"""How long a feed may be unreadable before the user is told, although no meeting is known."""


class Night(Value, frozen=True, kw_only=True):
    """The outcome of a night, or of its plan."""

    plan: NightPlan
    report: Report
    packets: tuple[PacketOutcome, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    faults: tuple[str, ...] = ()
    number: int | None = None

    @property
    def fresh(self) -> tuple[Delivery, ...]:
        """What this night has sent, or tried to send."""
        moment = self.plan.day.as_of.replace(microsecond=0)
        return tuple(one for one in self.deliveries if one.changed == moment)

    @property
    def undelivered(self) -> tuple[Delivery, ...]:
        """What should have arrived and has not, or not for certain.

        A mail that was refused permanently counts until a newer one of its thread has arrived:
        reporting it once does not deliver it. A print job is reported once.
        """
        arrived = {
            (one.about, one.recipient): one.number for one in self.deliveries if one.state == "sent"
        }
        return tuple(
            one
            for one in self.deliveries
            if one.state != "sent"
            and one.number > arrived.get((one.about, one.recipient), 0)
            and (
                one.open or one in self.fresh or (one.channel == "mail" and one.stage == "refused")
            )
        )

    def summary(self) -> dict[str, int]:
        """The counts that `briefgen log` keeps."""
        states = Counter(str(brief.state) for brief in self.report.briefs)
        mails = Counter(f"{one.channel} {one.state}" for one in self.fresh)
        return {**states, **mails, "problems": len(self.report.problems)}

    @property
    def feeds_unreadable(self) -> bool:
        """Whether a feed has been unreadable for some time, and no brief says so.

        A day without meetings looks the same as one whose meetings could not be read.
        """
        day = self.plan.day
        if day.calendar_whole or self.report.briefs:
            return False
        return day.calendar_as_of is None or day.as_of - day.calendar_as_of >= DARK_AFTER

    @property
    def in_a_line(self) -> str:
        """The outcome for people: `2 briefs written to …; mailed to …`."""
        folders = sorted({brief.path.rpartition("/")[0] for brief in self.report.briefs})
        parts = [summary(self.report, folders)]
        if packets := [one.path for one in self.packets if one.state == "written"]:
            parts.append(Phrase("packed in {files}", files=packets))
        for channel, words in (
            ("mail", Phrase("mailed to {recipients}")),
            ("print", Phrase("printed on {recipients}")),
        ):
            fresh = [one for one in self.fresh if one.channel == channel]
            if done := sorted({one.recipient for one in fresh if one.state == "sent"}):
                parts.append(words.filled(recipients=done))
            if undone := [one for one in self.undelivered if one.channel == channel]:
                parts.append(undone[0].sentence)
        return Phrase.chained(parts)
