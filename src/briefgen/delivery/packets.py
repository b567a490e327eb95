"""Packets in their days' folders: decided first, made where something in them has changed."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from briefgen.brief.said import said_of
from briefgen.delivery.folder import DayFolder, WrittenFile, open_day
from briefgen.page.fingerprint import packet_fingerprint
from briefgen.page.look import Look
from briefgen.page.packet import PACKET_FILE, MadePacket, PacketContents, make_packet
from briefgen.page.wording import why_plain
from briefgen.page.workers import Failure, make_alone
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

PacketState = Literal["planned", "written", "unchanged", "failed", "removed"]

_SECONDS: Final = 20.0
_SECONDS_A_BRIEF: Final = 10.0


class PlannedPacket(Value, frozen=True, kw_only=True):
    """What a run would do with a day's packet.

    Attributes:
        contents: None where there is nothing to make a packet of; an old one is removed then.
        there: the file that would be made just so again.
    """

    day: date
    edition: Edition
    contents: PacketContents | None
    fingerprint: str = ""
    there: WrittenFile | None = None


class PacketOutcome(Value, frozen=True, kw_only=True):
    """What became of a packet; `path` is relative to the workspace."""

    day: date
    state: PacketState
    path: str
    pages: int = 0
    problems: tuple[Problem, ...] = ()


def plan_packet(
    workspace: Workspace,
    contents: PacketContents,
    look: Look,
    *,
    edition: Edition,
    force: bool = False,
) -> PlannedPacket:
    """Decide whether a day's packet has to be made."""
    day = contents.sheet.day
    if contents.sheet.is_empty:
        return PlannedPacket(day=day, edition=edition, contents=None)
    mark = packet_fingerprint(contents.sheet, contents.briefs, look, two_sided=contents.two_sided)
    there = None if force else open_day(workspace, day).unchanged(PACKET_FILE, mark)
    return PlannedPacket(day=day, edition=edition, contents=contents, fingerprint=mark, there=there)


def packet_as_planned(workspace: Workspace, planned: PlannedPacket) -> PacketOutcome | None:
    """What `--dry-run` tells; None where there is nothing to do."""
    path = _path(workspace, planned.day)
    if planned.contents is None:
        known = PACKET_FILE in open_day(workspace, planned.day).files
        return PacketOutcome(day=planned.day, state="removed", path=path) if known else None
    state: PacketState = "planned" if planned.there is None else "unchanged"
    return PacketOutcome(day=planned.day, state=state, path=path)


def write_packet(
    workspace: Workspace,
    planned: PlannedPacket,
    look: Look,
    *,
    plain: Mapping[int, str] | None = None,
) -> PacketOutcome | None:
    """Make a packet in a child process and write it; None where there is nothing to do.

    `plain` names the places of briefs that could not be typeset, and why; they go in as text.
    Where the packet cannot be typeset with its briefs, it is made of their texts.
    """
    folder = open_day(workspace, planned.day)
    path = _path(workspace, planned.day)
    if planned.contents is None:
        if PACKET_FILE not in folder.files:
            return None
        try:
            folder.without([PACKET_FILE]).store()
        except OSError as error:
            return _failed(
                planned, path, Phrase("cannot be removed: {reason}", reason=error.strerror)
            )
        return PacketOutcome(day=planned.day, state="removed", path=path)
    if planned.there is not None:
        return PacketOutcome(
            day=planned.day, state="unchanged", path=path, problems=planned.there.problems
        )
    made, problems = _made(planned.contents.replace(plain=plain or {}), look, path)
    if made is None:
        return PacketOutcome(day=planned.day, state="failed", path=path, problems=problems)
    mark = planned.fingerprint if not (problems or plain) else ""
    return _written(folder, planned, made.replace(problems=(*problems, *made.problems)), mark)


def _made(
    contents: PacketContents, look: Look, path: str
) -> tuple[MadePacket | None, tuple[Problem, ...]]:
    """The packet, as it should be or of plain pages, and what is to be said of that."""
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


def _written(
    folder: DayFolder, planned: PlannedPacket, made: MadePacket, mark: str
) -> PacketOutcome:
    briefs = planned.contents.briefs if planned.contents is not None else ()
    known = WrittenFile(
        fingerprint=mark,
        hashes=(hashlib.sha256(made.pdf).hexdigest(),),
        edition=planned.edition,
        problems=made.problems,
        sheets=tuple(said_of(brief).as_json() for brief in briefs),
    )
    path = _path(folder.workspace, planned.day)
    try:
        folder.write({PACKET_FILE: (known, made.pdf)})
    except OSError as error:
        return _failed(planned, path, Phrase("cannot be written: {reason}", reason=error.strerror))
    return PacketOutcome(
        day=planned.day, state="written", path=path, pages=made.pages, problems=made.problems
    )


def _failed(planned: PlannedPacket, path: str, why: str) -> PacketOutcome:
    problem = Problem(file=path, message=why)
    return PacketOutcome(day=planned.day, state="failed", path=path, problems=(problem,))


def _path(workspace: Workspace, day: date) -> str:
    return workspace.relative(workspace.briefings / day.isoformat() / PACKET_FILE)
