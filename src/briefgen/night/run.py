"""The night: fetch, write, packet, mail, print; planned first, then carried out, safe to repeat."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from briefgen.day.make import coded, look_of, plan, report_of
from briefgen.day.pack import (
    make_packet_of_day,
    packet_is_there,
    packet_of_day,
    print_briefs_of_day,
    print_packet_of_day,
)
from briefgen.day.prepare import prepare
from briefgen.delivery.appointments import write_appointments
from briefgen.delivery.briefs import Outcome, as_planned, mirror, write_briefs
from briefgen.delivery.cleanup import days_to_remove, remove_day, remove_unfinished
from briefgen.delivery.conversation import Connect
from briefgen.delivery.folder import open_day
from briefgen.delivery.ledger import (
    Delivery,
    Ledger,
    LedgerBroken,
    LedgerFault,
    open_ledger,
    read_ledger,
    set_aside,
)
from briefgen.delivery.mail import Post, send_planned
from briefgen.delivery.packets import PacketOutcome, PlannedPacket, packet_as_planned
from briefgen.delivery.print import settle
from briefgen.delivery.report import Delivery as ReportedDelivery
from briefgen.delivery.report import Report
from briefgen.meetings.calendar import read_calendar
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import Meeting, Window
from briefgen.night.letters import writer_of
from briefgen.night.plan import (
    NightPlan,
    gone_meetings,
    night_window,
    plan_mails,
    whole_days,
)
from briefgen.page.packet import PACKET_FILE
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Settings

FURTHER_AHEAD = timedelta(days=120)
"""How far ahead one looks for a meeting that has left its day, before it is called gone."""

SHORTEST_MEMORY = timedelta(days=90)
"""What the ledger keeps at least, however soon the settings remove briefs."""

Tell = Callable[..., None]
"""Told of each step: an event's name and its fields."""


def _silent(event: str, **fields: object) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Night:
    """What a night, or its plan, came to."""

    plan: NightPlan
    report: Report
    packets: tuple[PacketOutcome, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    faults: tuple[str, ...] = ()
    number: int | None = None

    @property
    def fresh(self) -> tuple[Delivery, ...]:
        """What this night has sent, or tried to."""
        moment = self.plan.day.as_of.replace(microsecond=0)
        return tuple(one for one in self.deliveries if one.changed == moment)

    @property
    def undelivered(self) -> tuple[Delivery, ...]:
        """What should have arrived and has not, or not for certain.

        What had come to its end before this night was told of then.
        """
        return tuple(
            one
            for one in self.deliveries
            if one.state != "sent" and (one.open or one in self.fresh)
        )

    @property
    def due_at(self) -> datetime | None:
        """When a mail will be due although nothing has changed; None where none will."""
        mail = self.plan.day.settings.mail
        if mail is None or mail.ahead is None:
            return None
        as_of = self.plan.day.as_of
        moments = [one.named.brief.start - mail.ahead for one in self.plan.briefs]
        return min((moment for moment in moments if moment > as_of), default=None)

    def summary(self) -> dict[str, int]:
        """How many of what, as `briefgen log` keeps it."""
        states = Counter(str(brief.state) for brief in self.report.briefs)
        mails = Counter(f"{one.channel} {one.state}" for one in self.fresh)
        return {**states, **mails, "problems": len(self.report.problems)}


def plan_night(
    workspace: Workspace,
    settings: Settings,
    *,
    as_of: datetime,
    ledger: Ledger,
    remember: bool,
    window: Window | None = None,
    again: bool = False,
    by_day: bool = False,
    copies: Sequence[FeedCopy] | None = None,
) -> NightPlan:
    """Read everything and decide; with `remember`, new sheet codes are kept.

    `again` tries once more what is waiting or was refused for good; `by_day` mails days, even
    where the settings mail each meeting. Before a meeting is called gone, it is looked for.
    """
    window = window or night_window(as_of, settings)
    day = prepare(workspace, settings, window=whole_days(window), as_of=as_of, copies=copies)
    day = coded(day, remember=remember)
    ahead = tuple(one for one in day.chosen if one.meeting.start in window)
    edition = settings.page.edition
    night = NightPlan(
        day=day,
        window=window,
        edition=edition,
        ahead=ahead,
        over=tuple(one for one in day.chosen if one not in ahead),
        briefs=plan(day, edition, only=ahead),
    )
    if settings.nightly.packet:
        night = replace(night, packets=_packets(night))
    mails = plan_mails(night, ledger=ledger, again=again, by_day=by_day)
    if gone_meetings(mails):
        further = _further_ahead(night)
        mails = plan_mails(night, ledger=ledger, elsewhere=further, again=again, by_day=by_day)
    return replace(night, mails=mails)


def _packets(night: NightPlan) -> tuple[PlannedPacket, ...]:
    """The packet of each day.

    Where a feed was not read, one that is there is worth more; and of a day with nothing ahead,
    or one that is only looked at for its mails, none is begun.
    """
    composed = tuple(one.named.brief for one in night.briefs)
    today, last = night.day.as_of.date(), night.last_to_pack
    packets = []
    for each in night.days:
        there = packet_is_there(night.day, each)
        ahead = each != today or any(one.meeting.day == each for one in night.ahead)
        if (there and night.day.calendar_whole) or (ahead and not there and each <= last):
            packets.append(
                packet_of_day(
                    night.day, each, ahead=night.ahead, over=night.over, composed=composed
                )
            )
    return tuple(packets)


def _further_ahead(night: NightPlan) -> tuple[Meeting, ...]:
    window = Window(start=night.window.start, end=night.window.end + FURTHER_AHEAD)
    reading = read_calendar(night.day.copies, window=window, zone=night.day.window.zone)
    return reading.meetings


def dry_night(workspace: Workspace, settings: Settings, *, as_of: datetime) -> Night:
    """What a night would do; nothing is written, sent or remembered."""
    with read_ledger(workspace.memory) as ledger:
        night = plan_night(workspace, settings, as_of=as_of, ledger=ledger, remember=False)
        if not settings.nightly.email:
            night = replace(night, mails=())
        report = _report(night, as_planned(workspace, night.briefs))
        known = tuple(delivery for day in night.days for delivery in ledger.of_day(day))
    planned = tuple(
        ReportedDelivery(
            channel="mail", message_id=mail.message_id, recipient=mail.recipient, state="intent"
        )
        for mail in night.mails
        if mail.to_send
    )
    ids = {delivery.message_id for delivery in planned}
    there = tuple(_reported(one) for one in known if one.message_id not in ids)
    packets = [packet_as_planned(workspace, packet) for packet in night.packets]
    return Night(
        plan=night,
        report=replace(report, deliveries=(*there, *planned)),
        packets=tuple(packet for packet in packets if packet is not None),
    )


def carry_out(
    workspace: Workspace,
    settings: Settings,
    *,
    as_of: datetime,
    connect: Connect,
    tell: Tell = _silent,
    copies: Sequence[FeedCopy] | None = None,
) -> Night:
    """One whole night. The caller holds the lock, and may have fetched the feeds."""
    faults: list[str] = []
    with _ledger(workspace, as_of, faults) as (ledger, number):
        writable = number is not None
        night = plan_night(
            workspace, settings, as_of=as_of, ledger=ledger, remember=True, copies=copies
        )
        tell(
            "planned",
            briefs=len(night.briefs),
            to_make=sum(one.there is None for one in night.briefs),
            mails=sum(mail.to_send for mail in night.mails),
        )
        outcome = write_night(night, tell=tell)
        packets = pack_night(night, tell=tell)
        outcome = appoint_night(night, outcome, tell=tell)
        if settings.nightly.email and settings.mail is not None and writable:
            faults += mail_night(night, outcome, ledger, connect=connect, tell=tell)
        if settings.nightly.print_ and writable:
            faults += print_night(night, ledger, packets=packets, tell=tell)
        deliveries = tuple(d for day in night.days for d in ledger.of_day(day))
    outcome = replace(
        outcome, problems=(*outcome.problems, *(p for packet in packets for p in packet.problems))
    )
    report = replace(
        _report(night, outcome),
        deliveries=tuple(_reported(delivery) for delivery in deliveries),
    )
    problems = write_reports(night, report, deliveries)
    faults += remove_old_days(night, tell=tell)
    report = replace(report, problems=(*report.problems, *problems, *_as_problems(faults)))
    return Night(
        plan=night,
        report=report,
        packets=packets,
        deliveries=deliveries,
        faults=tuple(faults),
        number=number,
    )


def close_night(
    workspace: Workspace,
    night: Night,
    *,
    ended: datetime,
    status: int,
    reasons: Sequence[str] = (),
) -> None:
    """Write down how a night ended, for `briefgen log`; a fault of that changes nothing else."""
    summary = {**night.summary(), **({"reasons": list(reasons)} if reasons else {})}
    if night.number is None:
        return
    keep = night.plan.day.settings.keep.briefings_days
    with suppress(LedgerFault), open_ledger(workspace.memory) as ledger:
        if keep:
            ledger.clear_old(ended.date() - max(timedelta(days=keep), SHORTEST_MEMORY))
        ledger.end_night(night.number, ended=ended, status=status, summary=summary)


@contextmanager
def _ledger(
    workspace: Workspace, as_of: datetime, faults: list[str]
) -> Iterator[tuple[Ledger, int | None]]:
    """The ledger, and the night's number in it; without one, briefs are written, nothing is sent.

    A broken one is set aside, since a mail too many is better than none; what is sent again then
    has the same Message-ID, so that mail programs show it once.
    """
    with ExitStack() as stack:
        try:
            ledger = _begun(stack, workspace, as_of, faults)
            number = ledger.begin_night(as_of)
            ledger.recover("mail", as_of)
        except (LedgerFault, OSError) as error:
            faults.append(f"{error}; nothing was mailed or printed")
            yield stack.enter_context(read_ledger(workspace.memory / "none")), None
            return
        yield ledger, number


def _begun(stack: ExitStack, workspace: Workspace, as_of: datetime, faults: list[str]) -> Ledger:
    try:
        return stack.enter_context(open_ledger(workspace.memory))
    except LedgerBroken as error:
        aside = set_aside(workspace.memory, as_of)
        faults.append(f"{error}; it was set aside as {aside.name}, and a new one begun")
        return stack.enter_context(open_ledger(workspace.memory))


def write_night(night: NightPlan, *, tell: Tell = _silent) -> Outcome:
    """Write the briefs, and make each day's folder mirror the plan."""
    day = night.day
    outcome = write_briefs(day.workspace, night.briefs, look_of(day))
    for brief in outcome.briefs:
        tell("brief", path=brief.path, state=brief.state)
    if day.calendar_whole:
        problems = [problem for each in night.days for problem in _mirror(night, each, tell)]
        outcome = replace(outcome, problems=(*outcome.problems, *problems))
    return outcome


def _mirror(night: NightPlan, day: date, tell: Tell) -> Iterator[Problem]:
    """Remove what the plan of a day has no more; what stays put costs nothing else."""
    workspace = night.day.workspace
    names = {one.named.name for one in night.briefs if one.named.day == day}
    try:
        for name in mirror(workspace, day, names | night.kept_names(day), edition=night.edition):
            tell("removed", path=f"briefings/{day}/{name}")
    except OSError as error:
        message = f"a brief that is out of date cannot be removed: {error.strerror}"
        yield Problem(file=f"briefings/{day}", message=message)


def mail_night(
    night: NightPlan, outcome: Outcome, ledger: Ledger, *, connect: Connect, tell: Tell = _silent
) -> list[str]:
    """Send what is planned; gives what went wrong beyond single deliveries."""
    settings, workspace = night.day.settings, night.day.workspace
    mail = settings.mail
    if mail is None or not any(one.to_send for one in night.mails):
        return []
    writer = writer_of(night, outcome, learned=connect.learned)
    post = Post(
        ledger=ledger,
        server=lambda: connect.server(mail, workspace),
        sender=mail.from_,
        sender_name=settings.me.name,
        language=night.day.language,
        as_of=night.day.as_of,
        tell=lambda one: tell(
            "mail",
            state=one.state,
            about=one.day.isoformat(),
            recipient=one.recipient,
            message_id=one.message_id,
            reason=one.reason,
        ),
    )
    try:
        send_planned(night.mails, writer.write, post)
    except LedgerFault as error:
        return [f"{error}; what could not be written down was not sent"]
    return []


def pack_night(night: NightPlan, *, tell: Tell = _silent) -> tuple[PacketOutcome, ...]:
    """Make the days' packets; whatever happens to one of them, the mail must go."""
    made = [_packed(night, planned) for planned in night.packets]
    for packet in (one for one in made if one is not None):
        tell("packet", path=packet.path, state=packet.state)
    return tuple(one for one in made if one is not None)


def _packed(night: NightPlan, planned: PlannedPacket) -> PacketOutcome | None:
    try:
        return make_packet_of_day(night.day, planned)
    except Exception as error:  # noqa: BLE001  # a packet only repeats the briefs
        path = f"briefings/{planned.day}/{PACKET_FILE}"
        problem = Problem(file=path, message=f"could not be made: {error}")
        return PacketOutcome(day=planned.day, state="failed", path=path, problems=(problem,))


def appoint_night(night: NightPlan, outcome: Outcome, *, tell: Tell = _silent) -> Outcome:
    """Put five minutes for reflection after each meeting into the days' folders, where wanted."""
    day = night.day
    if not day.settings.nightly.reflection:
        return outcome
    problems = []
    for each in night.days:
        problem = write_appointments(day.workspace, each, night.briefs_of(each), day.language)
        if problem is not None:
            tell("reflection", state="failed", path=problem.file)
            problems.append(problem)
    return replace(outcome, problems=(*outcome.problems, *problems))


def print_night(
    night: NightPlan,
    ledger: Ledger,
    *,
    packets: Sequence[PacketOutcome],
    tell: Tell = _silent,
) -> list[str]:
    """Print the days ahead, without a packet their briefs; gives what went wrong beyond jobs.

    Where a packet could not be made, the one before it may still lie there; paper of that would
    pass for what is so now.
    """
    as_of = night.day.as_of
    lost = {packet.day for packet in packets if packet.state == "failed"}
    days = [day for day in night.days if day <= night.last_to_pack and day not in lost]
    try:
        settle(ledger, as_of)
        for job in _printed(night, days, ledger):
            tell("print", state=job.state, about=job.day.isoformat(), job=job.job,
                 reason=job.reason)  # fmt: skip
    except (LedgerFault, OSError) as error:
        return [f"nothing more was printed: {error}"]
    return []


def _printed(night: NightPlan, days: Sequence[date], ledger: Ledger) -> Iterator[Delivery]:
    day, as_of = night.day, night.day.as_of
    if day.settings.nightly.packet:
        jobs = (
            print_packet_of_day(day, planned, ledger=ledger, as_of=as_of)
            for planned in night.packets
            if planned.day in days
        )
    else:
        named = [one.named for one in night.briefs]
        jobs = (
            print_briefs_of_day(
                day, each, [n for n in named if n.day == each], ledger=ledger, as_of=as_of
            )
            for each in days
        )
    yield from (job for job in jobs if job is not None)


def remove_old_days(night: NightPlan, *, tell: Tell = _silent) -> list[str]:
    """Remove what was written for days longer ago than the settings keep; gives what stays put."""
    workspace, keep = night.day.workspace, night.day.settings.keep.briefings_days
    faults = []
    for path in remove_unfinished(workspace):
        tell("removed", path=path)
    for each in days_to_remove(workspace, night.day.as_of.date(), keep_days=keep):
        try:
            left = remove_day(workspace, each)
        except OSError as error:
            faults.append(f"{error.filename}: cannot be removed: {error.strerror}")
        else:
            tell("removed", path=f"briefings/{each}", left=len(left))
    return faults


def write_reports(
    night: NightPlan, report: Report, deliveries: Sequence[Delivery]
) -> tuple[Problem, ...]:
    """Write each day's part of the report; gives what could not be written."""
    problems = []
    for each in night.days:
        folder = open_day(night.day.workspace, each)
        if not folder.path.is_dir():
            continue
        of_day = tuple(_reported(one) for one in deliveries if one.day == each)
        part = replace(report, deliveries=of_day)
        try:
            kept = night.kept_names(each) if night.day.calendar_whole else frozenset(folder.files)
            folder.write_report(part, partial=False, kept=kept)
        except OSError as error:
            shown = folder.workspace.relative(folder.path / "report.json")
            problems.append(Problem(file=shown, message=f"cannot be written: {error.strerror}"))
    return tuple(problems)


def _report(night: NightPlan, outcome: Outcome) -> Report:
    report = report_of(night.day, outcome)
    skipped = tuple(one for one in report.skipped if one.meeting.start in night.window)
    return replace(report, window=night.window, skipped=skipped)


def _reported(delivery: Delivery) -> ReportedDelivery:
    return ReportedDelivery(
        channel=delivery.channel,
        message_id=delivery.message_id,
        recipient=delivery.recipient,
        state=delivery.state,
    )


def _as_problems(faults: Sequence[str]) -> tuple[Problem, ...]:
    return tuple(Problem(file=".briefgen", message=fault) for fault in faults)
