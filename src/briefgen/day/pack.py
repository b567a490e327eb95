"""A day's packet: decided first, made if something in it has changed, and printed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Final, Literal

from briefgen.brief.attention import Attention, attention_of, keep_attention, read_attention
from briefgen.brief.brief import Brief
from briefgen.brief.day import compose_day
from briefgen.brief.sheet_memory import said_of
from briefgen.brief.stops import Stop
from briefgen.day.make import TEXT_ONLY, NamedBrief, look_of
from briefgen.day.prepare import ChosenMeeting, Day
from briefgen.delivery.folder import PACKET_FILE, DayFolder, WrittenFile, file_name, open_day
from briefgen.delivery.ledger import Ledger
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.print import (
    PrintWish,
    already_printed,
    print_now,
    print_wish,
    waits,
)
from briefgen.page.look import Look
from briefgen.page.packet import MadePacket, PacketContents, make_packet
from briefgen.page.plan import packet_fingerprint
from briefgen.page.text import why_plain
from briefgen.page.workers import Failure, make_alone
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, unwritten
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

PacketState = Literal["planned", "written", "unchanged", "failed", "removed"]

_SECONDS: Final = 20.0
_SECONDS_A_BRIEF: Final = 10.0


class PacketOutcome(Value, frozen=True, kw_only=True):
    """The outcome of a packet; `path` is relative to the workspace."""

    day: date
    state: PacketState
    path: str
    pages: int = 0
    problems: tuple[Problem, ...] = ()


class PlannedPacket(Value, frozen=True, kw_only=True):
    """What a run would do with a day's packet.

    Attributes:
        contents: None if there is nothing to make a packet of; an old one is then removed.
        there: the file on disk, if making it again would change nothing.
    """

    day: date
    path: str
    edition: Edition
    contents: PacketContents | None
    fingerprint: str = ""
    there: WrittenFile | None = None

    def outcome(
        self, state: PacketState, problems: tuple[Problem, ...] = (), *, pages: int = 0
    ) -> PacketOutcome:
        """The outcome."""
        return PacketOutcome(
            day=self.day, state=state, path=self.path, pages=pages, problems=problems
        )

    def failed(self, why: str) -> PacketOutcome:
        """Whether it could not be made, written or removed."""
        return self.outcome("failed", (Problem(file=self.path, message=why),))


def packet_as_planned(workspace: Workspace, planned: PlannedPacket) -> PacketOutcome | None:
    """What `--dry-run` shows; None if there is nothing to do."""
    if planned.contents is None:
        known = PACKET_FILE in open_day(workspace, planned.day).files
        return planned.outcome("removed") if known else None
    return planned.outcome("planned" if planned.there is None else "unchanged")


def write_packet(
    workspace: Workspace, planned: PlannedPacket, look: Look, *, plain: Mapping[int, str]
) -> PacketOutcome | None:
    """Make a packet in a child process and write it; None if there is nothing to do.

    `plain` has the places of briefs that could not be typeset, and why; these go in as text. If the
    packet cannot be typeset with its briefs, it is made of their texts.
    """
    folder = open_day(workspace, planned.day)
    if planned.contents is None:
        return _removed(folder, planned) if PACKET_FILE in folder.files else None
    if planned.there is not None:
        return planned.outcome("unchanged", planned.there.problems)
    made, problems = _made(planned.contents.replace(plain=plain), look, planned.path)
    if made is None:
        return planned.outcome("failed", problems)
    whole = not problems and not plain
    problems += made.problems
    written = WrittenFile(
        fingerprint=planned.fingerprint if whole else "",
        hashes=(hashlib.sha256(made.pdf).hexdigest(),),
        edition=planned.edition,
        problems=problems,
        sheets=tuple(said_of(brief).as_json() for brief in planned.contents.briefs),
    )
    try:
        folder.write({PACKET_FILE: (written, made.pdf)})
    except OSError as error:
        return planned.outcome("failed", (unwritten(planned.path, error),))
    return planned.outcome("written", problems, pages=made.pages)


def _removed(folder: DayFolder, planned: PlannedPacket) -> PacketOutcome:
    try:
        folder.without([PACKET_FILE]).store()
    except OSError as error:
        return planned.failed(Phrase("cannot be removed: {reason}", reason=error.strerror))
    return planned.outcome("removed")


def _made(
    contents: PacketContents, look: Look, path: str
) -> tuple[MadePacket | None, tuple[Problem, ...]]:
    """The packet, if necessary of plain pages, and the problem in that case."""
    seconds = _SECONDS + _SECONDS_A_BRIEF * len(contents.briefs)
    made = make_alone(contents, look, maker=make_packet, seconds=seconds)
    if isinstance(made, MadePacket):
        return made, ()
    why = Phrase("could not be typeset: {reason}", reason=made.reason)
    sign = why_plain(made.kind, look.language)
    plain = contents.replace(plain=dict.fromkeys(range(len(contents.briefs)), sign))
    second = make_alone(plain, look, maker=make_packet, seconds=seconds)
    if isinstance(second, Failure):
        return None, (Problem(file=path, message=why),)
    return second, (Problem(file=path, message=Phrase("{why}; its briefs are text-only", why=why)),)


def attention_for(day: Day, of: date) -> Attention:
    """The attention for the sheet of one day; nothing is remembered yet."""
    return attention_of(day.workspace, day.book, of, str(day.language.locale.language))


def remember_attention(day: Day, of: date) -> None:
    """Remember what the sheet of a day says, for the rest of its week."""
    chosen = attention_for(day, of)
    if chosen != read_attention(day.workspace, chosen.week):
        with suppress(OSError):  # it is chosen again, which does less harm than no sheet
            keep_attention(day.workspace, chosen)


def packet_of_day(
    day: Day,
    of: date,
    *,
    ahead: Sequence[ChosenMeeting],
    over: Sequence[ChosenMeeting] = (),
    composed: Iterable[Brief] = (),
) -> PlannedPacket:
    """Decide what to do with the packet of one day.

    Args:
        day: what was read.
        of: the day it is for.
        ahead: its meetings that are still to come.
        over: those that have begun; they stay in the packet if a brief was written for them, so
            that it does not change merely because the day goes on.
        composed: briefs that need not be composed again.
    """
    settings, folder = day.settings, open_day(day.workspace, of)
    edition = settings.nightly.packet_edition
    known = {(brief.code, brief.edition): brief for brief in composed}
    stay = [one for one in over if file_name(one.file_stem, settings.page.edition) in folder.files]
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
    path = day.workspace.relative(folder.path / PACKET_FILE)
    if sheet.is_empty:
        return PlannedPacket(day=of, path=path, edition=edition, contents=None)
    two_sided = settings.printer.sides == "two-sided"
    mark = packet_fingerprint(sheet, briefs, look_of(day), two_sided=two_sided)
    return PlannedPacket(
        day=of,
        path=path,
        edition=edition,
        contents=PacketContents(sheet=sheet, briefs=briefs, two_sided=two_sided),
        fingerprint=mark,
        there=folder.unchanged(PACKET_FILE, mark),
    )


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
    holds = [_mark(one.brief, edition) for one in ahead]
    sheets = folder.sheets(files)
    wish = print_wish(of, files, what="briefs", edition=edition, holds=holds, sheets=sheets)
    return _print_unless_printed(wish, day, ledger, as_of)


def make_packet_of_day(day: Day, planned: PlannedPacket) -> PacketOutcome | None:
    """Make and write a packet as planned; briefs that were written as text are text here too."""
    if planned.contents is not None and planned.edition == "full":
        remember_attention(day, planned.day)
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
        if written is not None and written.fingerprint == TEXT_ONLY:
            found[at] = reason
    return found


def print_packet_of_day(
    day: Day, planned: PlannedPacket, *, ledger: Ledger, as_of: datetime
) -> Delivery | None:
    """Print a day's packet, unless all of it has been printed, or may have been.

    It is printed again only for a meeting that is not on the paper as it now is, and not at all
    on a day that is over or has no meetings.

    Raises:
        LedgerFault: if it cannot be recorded; nothing is printed then.
        OSError: if the packet cannot be read.
    """
    stops = planned.contents.sheet.stops if planned.contents is not None else ()
    if not any(stop.end > as_of for stop in stops):
        return None
    folder = open_day(day.workspace, planned.day)
    files = [folder.path / PACKET_FILE]
    wish = print_wish(
        planned.day,
        files,
        what="packet",
        edition=planned.edition,
        holds=[_mark(stop, planned.edition) for stop in stops],
        sheets=folder.sheets(files),
    )
    return _print_unless_printed(wish, day, ledger, as_of)


def _print_unless_printed(
    wish: PrintWish, day: Day, ledger: Ledger, as_of: datetime
) -> Delivery | None:
    if already_printed(wish, ledger, day.settings) or waits(wish, ledger, day.settings, as_of):
        return None
    return print_now(wish, ledger=ledger, settings=day.settings, as_of=as_of)


def _mark(meeting: Brief | Stop, edition: Edition) -> str:
    """A mark for a meeting as it is on the paper, which reveals nothing about the meeting."""
    one = meeting
    facts = (one.uid, one.start, one.end, one.title, one.place, edition)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
