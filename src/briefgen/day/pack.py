"""From a prepared day to its packet, and from the packet to paper."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from briefgen.brief.brief import Brief
from briefgen.brief.day import DaySheet, compose_day
from briefgen.day.make import look_of
from briefgen.day.prepare import ChosenMeeting, Day
from briefgen.day.week import attention_for, keep_for
from briefgen.delivery.briefs import STANDS_IN, NamedBrief
from briefgen.delivery.file_names import file_name
from briefgen.delivery.folder import open_day
from briefgen.delivery.ledger import Ledger
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.packets import PacketOutcome, PlannedPacket, plan_packet, write_packet
from briefgen.delivery.print import (
    PrintWish,
    already_printed,
    print_now,
    print_wish,
    waits,
)
from briefgen.page.packet import PACKET_FILE, PacketContents
from briefgen.page.wording import why_plain


def packet_of_day(
    day: Day,
    of: date,
    *,
    ahead: Sequence[ChosenMeeting],
    over: Sequence[ChosenMeeting] = (),
    composed: Iterable[Brief] = (),
    force: bool = False,
) -> PlannedPacket:
    """Decide what to do with the packet of one day.

    Args:
        day: what was read.
        of: the day it is for.
        ahead: its meetings that are still to come.
        over: those that have begun; they stay in the packet if a brief was written for them, so
            that it does not change merely because the day goes on.
        composed: briefs that need not be composed again.
        force: make it even where nothing has changed.
    """
    settings = day.settings
    edition = settings.nightly.packet_edition
    known = {(brief.code, brief.edition): brief for brief in composed}
    files = open_day(day.workspace, of).files
    stay = [one for one in over if file_name(one.file_stem, settings.page.edition) in files]
    chosen = sorted((*ahead, *stay), key=lambda one: (one.meeting.start, one.meeting.end))
    briefs = tuple(
        known.get((one.code, edition)) or day.brief(one, edition)
        for one in chosen
        if one.meeting.day == of
    )
    sheet = compose_day(
        of,
        briefs,
        book=day.book,
        language=day.language,
        edition=edition,
        attention=attention_for(day, of) if edition == "full" else None,
    )
    contents = PacketContents(
        sheet=sheet, briefs=briefs, two_sided=settings.printer.sides == "two-sided"
    )
    return plan_packet(day.workspace, contents, look_of(day), edition=edition, force=force)


def print_briefs_of_day(
    day: Day, of: date, named: Sequence[NamedBrief], *, ledger: Ledger, as_of: datetime
) -> Delivery | None:
    """Print a day's briefs without a packet, in order of time, as `print_packet_of_day` does."""
    folder = open_day(day.workspace, of)
    ahead = [one for one in named if one.brief.end > as_of and (folder.path / one.name).is_file()]
    if not ahead:
        return None
    files = [folder.path / one.name for one in ahead]
    edition = day.settings.page.edition
    briefs = [one.brief for one in ahead]
    facts = [(b.uid, b.start, b.end, b.title, b.place, edition) for b in briefs]
    wish = print_wish(
        of,
        files,
        what="briefs",
        edition=edition,
        holds=map(_sign, facts),
        sheets=folder.sheets(files),
    )
    return _print_unless_printed(wish, day, ledger, as_of)


def packet_is_there(day: Day, of: date) -> bool:
    """Whether a packet was written for a day."""
    return PACKET_FILE in open_day(day.workspace, of).files


def make_packet_of_day(day: Day, planned: PlannedPacket) -> PacketOutcome | None:
    """Make and write a packet as planned; briefs that stand in as text do so here too."""
    if planned.contents is not None and planned.edition == "full":
        keep_for(day, planned.day)
    return write_packet(day.workspace, planned, look_of(day), plain=_stand_ins(day, planned))


def _stand_ins(day: Day, planned: PlannedPacket) -> dict[int, str]:
    """The places of the briefs whose own pages could not be typeset, and why."""
    if planned.contents is None:
        return {}
    files = open_day(day.workspace, planned.day).files
    names = {one.code: file_name(one.file_stem, planned.edition) for one in day.chosen}
    reason = why_plain("error", day.language)
    found = {}
    for at, brief in enumerate(planned.contents.briefs):
        written = files.get(names.get(brief.code, ""))
        if written is not None and written.fingerprint == STANDS_IN:
            found[at] = reason
    return found


def print_packet_of_day(
    day: Day, planned: PlannedPacket, *, ledger: Ledger, as_of: datetime
) -> Delivery | None:
    """Print a day's packet, unless all of it has been printed, or may have been.

    It is printed again only for a meeting that is not on the paper as it now is, and not at all
    on a day that is over or has no meetings.

    Raises:
        LedgerFault: where it cannot be written down; nothing is printed then.
        OSError: where the packet cannot be read.
    """
    if planned.contents is None:
        return None
    if not any(stop.end > as_of for stop in planned.contents.sheet.stops):
        return None
    folder = open_day(day.workspace, planned.day)
    packet = folder.path / PACKET_FILE
    wish = print_wish(
        planned.day,
        [packet],
        what="packet",
        edition=planned.edition,
        holds=_signs(planned.contents.sheet),
        sheets=folder.sheets([packet]),
    )
    return _print_unless_printed(wish, day, ledger, as_of)


def _print_unless_printed(
    wish: PrintWish, day: Day, ledger: Ledger, as_of: datetime
) -> Delivery | None:
    if already_printed(wish, ledger, day.settings) or waits(wish, ledger, day.settings, as_of):
        return None
    return print_now(wish, ledger=ledger, settings=day.settings, as_of=as_of)


def _signs(sheet: DaySheet) -> list[str]:
    return [_sign((s.uid, s.start, s.end, s.title, s.place, sheet.edition)) for s in sheet.stops]


def _sign(facts: tuple[object, ...]) -> str:
    """A sign for a meeting as it stands on the paper; it tells nothing of the meeting."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
