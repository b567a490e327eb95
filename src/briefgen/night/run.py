"""The night: planned, carried out, logged, and reported to the user if it failed."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from briefgen.day.make import as_planned, plan
from briefgen.day.pack import PlannedPacket, packet_as_planned, packet_of_day
from briefgen.day.prepare import coded, prepare, report_of
from briefgen.delivery.folder import PACKET_FILE, open_day
from briefgen.delivery.ledger import Ledger, LedgerFault
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.ledger_file import open_ledger, open_whole_ledger, read_ledger
from briefgen.delivery.report import Outcome, Report
from briefgen.meetings.calendar import read_calendar
from briefgen.meetings.fetch import FeedCopy, fetch_feeds
from briefgen.meetings.meeting import Meeting, Window
from briefgen.night import exit_status
from briefgen.night.failure import report_failure
from briefgen.night.log import Logbook, NightRun, log_crash, log_event, log_warning
from briefgen.night.plan import (
    Night,
    NightPlan,
    night_window,
    plan_mails,
    whole_days,
)
from briefgen.night.steps import (
    appoint_night,
    mail_night,
    pack_night,
    print_night,
    remove_old_days,
    write_night,
    write_reports,
)
from briefgen.page.workers import children_kept
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors, in_order
from briefgen.workspace.settings import Settings
from briefgen.workspace.value import Value

FURTHER_AHEAD = timedelta(days=120)
"""How far ahead to look for a meeting that has left its day, before it counts as gone."""

SHORTEST_MEMORY = timedelta(days=90)
"""How long the ledger keeps entries at least, however soon the settings remove briefs."""


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

    `again` retries what is waiting or was refused permanently; `by_day` mails days, even if the
    settings mail each meeting. Before a meeting counts as gone, it is looked for.
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
        night = night.replace(packets=_packets(night))
    mails = plan_mails(night, ledger=ledger, again=again, by_day=by_day)
    if any(change.kind == "gone" for mail in mails for change in mail.decision.changes):
        further = _further_ahead(night)
        mails = plan_mails(night, ledger=ledger, elsewhere=further, again=again, by_day=by_day)
    return night.replace(mails=mails)


def _packets(night: NightPlan) -> tuple[PlannedPacket, ...]:
    """The packet of each day.

    If a feed was not read, an existing packet is kept; none is made for a day with nothing ahead,
    or one that is planned only for its mails.
    """
    composed = tuple(one.named.brief for one in night.briefs)
    today, last = night.day.as_of.date(), night.last_to_pack
    packets = []
    for each in night.days:
        there = PACKET_FILE in open_day(night.day.workspace, each).files
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
            night = night.replace(mails=())
        report = _report(night, as_planned(workspace, night.briefs))
        known = tuple(delivery for day in night.days for delivery in ledger.of_day(day))
    to_send = {mail.message_id: mail.recipient for mail in night.mails if mail.to_send}
    planned = tuple(
        {"channel": "mail", "message_id": message_id, "recipient": recipient, "state": "intent"}
        for message_id, recipient in to_send.items()
    )
    there = tuple(one.as_json() for one in known if one.message_id not in to_send)
    packets = [packet_as_planned(workspace, packet) for packet in night.packets]
    return Night(
        plan=night,
        report=report.replace(deliveries=(*there, *planned)),
        packets=tuple(packet for packet in packets if packet is not None),
    )


def carry_out(run: NightRun, copies: Sequence[FeedCopy]) -> Night:
    """One whole night. The caller holds the lock, and has fetched the feeds.

    Whatever the state of the ledger, the briefs are made; without one, nothing is sent.
    """
    settings = run.settings
    faults: list[str] = []
    with _ledger(run.workspace, run.as_of, faults) as (ledger, begun):
        night, number = _planned(run, copies, ledger, begun, faults)
        log_event(
            "planned",
            briefs=len(night.briefs),
            to_make=sum(one.there is None for one in night.briefs),
            mails=sum(mail.to_send for mail in night.mails),
        )
        with children_kept():
            outcome = write_night(night)
            packets = pack_night(night)
        outcome = appoint_night(night, outcome)
        if settings.nightly.email and settings.mail is not None and number is not None:
            faults += mail_night(night, outcome, ledger, connect=run.connect)
        if settings.nightly.print_ and number is not None:
            faults += print_night(night, ledger, packets=packets)
        deliveries, today = _settled(night, ledger, faults)
    outcome = outcome.replace(
        problems=(*outcome.problems, *(p for packet in packets for p in packet.problems))
    )
    report = _report(night, outcome).replace(
        deliveries=tuple(delivery.as_json() for delivery in deliveries)
    )
    problems = write_reports(night, report, deliveries)
    faults += remove_old_days(night, today)
    problems += tuple(Problem(file=".briefgen", message=fault) for fault in faults)
    report = report.replace(problems=in_order((*report.problems, *problems)))
    return Night(
        plan=night,
        report=report,
        packets=packets,
        deliveries=deliveries,
        faults=tuple(faults),
        number=number,
    )


def _planned(
    run: NightRun,
    copies: Sequence[FeedCopy],
    ledger: Ledger,
    number: int | None,
    faults: list[str],
) -> tuple[NightPlan, int | None]:
    """The plan, and the night's number; without mails and number if the ledger fails now."""
    planned = partial(
        plan_night, run.workspace, run.settings, as_of=run.as_of, remember=True, copies=copies
    )
    try:
        return planned(ledger=ledger), number
    except LedgerFault as error:
        faults.append(Phrase("nothing was mailed or printed: {error}", error=error))
        with _no_ledger(run.workspace) as nothing:
            return planned(ledger=nothing).replace(mails=()), None


def _settled(
    night: NightPlan, ledger: Ledger, faults: list[str]
) -> tuple[tuple[Delivery, ...], date]:
    """Every delivery for the night's days, and the day before which old ones may be removed."""
    as_of = night.day.as_of
    try:
        deliveries = tuple(one for day in night.days for one in ledger.of_day(day))
        return deliveries, ledger.believed_day(as_of)
    except LedgerFault as error:
        faults.append(str(error))
        return (), as_of.date()


def close_night(
    workspace: Workspace,
    night: Night,
    *,
    ended: datetime,
    status: int,
    reasons: Sequence[str] = (),
) -> None:
    """Record how a night ended, for `briefgen log`; a failure to do so changes nothing else."""
    summary = {**night.summary(), **({"reasons": list(reasons)} if reasons else {})}
    if night.number is None:
        return
    keep = night.plan.day.settings.keep.briefings_days
    with suppress(LedgerFault), open_ledger(workspace.memory) as ledger:
        if keep:
            ledger.clear_old(
                ledger.believed_day(ended) - max(timedelta(days=keep), SHORTEST_MEMORY)
            )
        ledger.end_night(night.number, ended=ended, status=status, summary=summary)


@contextmanager
def _ledger(
    workspace: Workspace, as_of: datetime, faults: list[str]
) -> Iterator[tuple[Ledger, int | None]]:
    """The ledger, and the night's number in it; without one, briefs are written, nothing is sent.

    A damaged one is rebuilt from what can still be read. What is sent a second time has the same
    Message-ID, so that mail programs show it once.
    """
    with ExitStack() as stack:
        try:
            ledger = stack.enter_context(open_whole_ledger(workspace, as_of, faults))
            number = ledger.begin_night(as_of)
            ledger.recover("mail", as_of)
        except (LedgerFault, OSError) as error:
            faults.append(Phrase("nothing was mailed or printed: {error}", error=error))
            yield stack.enter_context(_no_ledger(workspace)), None
            return
        yield ledger, number


def _no_ledger(workspace: Workspace) -> AbstractContextManager[Ledger]:
    """An empty ledger, if the real one cannot be used."""
    return read_ledger(workspace.memory / "none")


def _report(night: NightPlan, outcome: Outcome) -> Report:
    report = report_of(night.day, outcome)
    skipped = tuple(one for one in report.skipped if one.meeting.start in night.window)
    return report.replace(window=night.window, skipped=skipped)


_MOST_REASONS = 10


class NightOutcome(Value, frozen=True, kw_only=True):
    """The outcome of an unattended run.

    Attributes:
        status: the exit status.
        report: its JSON document; None if the night broke off.
        line: the same for people.
        reasons: why not everything was done.
        waiting: how many mails wait for another try.
    """

    status: int
    report: Mapping[str, Any] | None = None
    line: str = ""
    reasons: tuple[str, ...] = ()
    waiting: int = 0


def run_unattended(run: NightRun) -> NightOutcome:
    """Fetch, write, packet, mail and print, as the settings say. The caller holds the lock."""
    log_event("begun", as_of=run.as_of.isoformat(timespec="seconds"))
    copies = fetch_feeds(run.settings.feeds, workspace=run.workspace, as_of=run.as_of)
    night, status = run_night(run, copies)
    if night is None:
        return NightOutcome(status=status)
    return NightOutcome(
        status=status,
        report=night.report.as_json(),
        line=night.in_a_line,
        reasons=tuple(reasons_of(night, run.logbook)),
        waiting=sum(one.stage in {"waiting", "unsure"} for one in night.undelivered),
    )


def report_no_beginning(run: NightRun, reason: str) -> None:
    """Report a night that could not even take the lock, usually on a full or read-only disk."""
    told = Phrase("the night could not begin: {reason}", reason=reason)
    report_failure(run, [told], status=exit_status.NOTHING_MADE, by_mail=True)


def run_night(run: NightRun, copies: Sequence[FeedCopy]) -> tuple[Night | None, int]:
    """Carry a night out; returns it with its exit status.

    The caller holds the lock. A night that breaks off is reported too; None is returned then.
    """
    began, logbook = time.monotonic(), run.logbook
    try:
        night = carry_out(run, copies)
    except Exception as error:  # noqa: BLE001  # any failure must be reported
        log_crash(error)
        reason = Phrase("the night broke off: {error}", error=error)
        report_failure(run, [reason], status=exit_status.NOTHING_MADE, by_mail=True)
        return None, exit_status.NOTHING_MADE
    status = exit_status.of_night(night)
    _log(night)
    reasons = reasons_of(night, logbook)
    empty = status == exit_status.NOTHING_MADE or night.feeds_unreadable
    # The mail about other feeds' meetings would not show that this feed has no copy at all.
    unheard = any(copy.content is None for copy in night.plan.day.copies)
    if empty or unheard or night.undelivered or night.faults:
        report_failure(run, reasons, status=status, by_mail=empty)
    ended = run.as_of + timedelta(seconds=time.monotonic() - began)
    close_night(run.workspace, night, ended=ended, status=status, reasons=reasons)
    log_event("ended", status=status, seconds=round(time.monotonic() - began, 1))
    return night, status


def _log(night: Night) -> None:
    for problem in errors(night.report.problems):
        log_warning("problem", file=problem.file, line=problem.line, message=problem.message)
    for one in night.undelivered:
        log_warning(
            "undelivered", channel=one.channel, state=one.state, recipient=one.recipient,
            reason=one.reason,
        )  # fmt: skip


def reasons_of(night: Night, logbook: Logbook) -> list[str]:
    """What went wrong in a night, without secrets."""
    told = [
        *night.faults,
        *(f"{one.channel} to {one.recipient}: {one.reason}" for one in night.undelivered),
        *(str(problem) for problem in errors(night.report.problems)),
    ]
    return [logbook.clean(reason) for reason in told[:_MOST_REASONS]]
