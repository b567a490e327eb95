"""Contacts that a sheet had last time and has no more: a file renamed, broken, or in doubt."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import structs

from briefgen.delivery.folder import open_day
from briefgen.delivery.report import ReportedBrief
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem


def lost_contacts(workspace: Workspace, briefs: Iterable[ReportedBrief]) -> tuple[Problem, ...]:
    """A warning for each participant whose contact file the last report of the day knows."""
    reports: dict[object, Mapping[str, Any]] = {}
    problems = []
    for brief in briefs:
        day = brief.start.date()
        if day not in reports:
            reports[day] = open_day(workspace, day).last_report()
        known = dict(_known(reports[day], brief))
        for one in brief.participants:
            stem = known.get(_key(structs.asdict(one)))
            if one.contact is None and stem is not None:
                message = Phrase(
                    "{name} had the file {stem}.yaml last time, and no file is found now",
                    name=one.name,
                    stem=stem,
                )
                problems.append(Problem(file=brief.path, message=message, severity="warning"))
    return tuple(problems)


def _known(report: Mapping[str, Any], brief: ReportedBrief) -> Iterator[tuple[str, str]]:
    """The participants with a contact file in the last report of this brief."""
    for stored in report.get("briefs", ()):
        same = (stored.get("uid"), stored.get("start")) == (brief.uid, brief.start.isoformat())
        if not same and stored.get("path") != brief.path:
            continue
        for participant in stored.get("participants", ()):
            if participant.get("contact"):
                yield _key(participant), str(participant["contact"])


def _key(participant: Mapping[str, Any]) -> str:
    return str(participant.get("email") or participant.get("name")).casefold()
