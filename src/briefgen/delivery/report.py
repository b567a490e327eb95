"""The report of a run: what was made of each meeting, what was left out, what went wrong."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from msgspec import structs

from briefgen.meetings.meeting import Meeting, Window, recurrence_text
from briefgen.page.look import Omission
from briefgen.workspace.atomic import is_regular
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, in_order
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

State = Literal["planned", "written", "unchanged", "failed"]


class ReportedParticipant(Value, frozen=True, kw_only=True):
    """A participant, and the stem of their contact file if there is one."""

    name: str
    email: str | None
    contact: str | None


class ReportedBrief(Value, frozen=True, kw_only=True):
    """The outcome of one meeting's brief; `path` is relative to the workspace."""

    uid: str
    recurrence_id: str | None
    start: datetime
    end: datetime
    title: str
    path: str
    pages: int = 1
    edition: Edition
    code: str
    state: State
    omitted: tuple[Omission, ...] = ()
    participants: tuple[ReportedParticipant, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The brief as the report writes it."""
        return {
            **structs.asdict(self),
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "omitted": [omission.as_json() for omission in self.omitted],
            "participants": [structs.asdict(one) for one in self.participants],
        }


class Skipped(Value, frozen=True, kw_only=True):
    """A meeting that gets no brief, and why."""

    meeting: Meeting
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The meeting as the report writes it."""
        return {
            "uid": self.meeting.uid,
            "recurrence_id": recurrence_text(self.meeting.recurrence_id),
            "start": self.meeting.start.isoformat(),
            "title": self.meeting.title,
            "reason": self.reason,
        }


class Report(Value, frozen=True, kw_only=True):
    """Everything a run reports.

    Attributes:
        lost_contacts: whether a brief lacks a contact file that it had last time.
        deliveries: the outcome of each mail and print job, as in the JSON.
    """

    as_of: datetime
    window: Window
    briefs: tuple[ReportedBrief, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    lost_contacts: bool = False
    deliveries: tuple[Mapping[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The document that `run` and `nightly` end with; times RFC 3339 with offset."""
        return {
            "as_of": self.as_of.isoformat(timespec="seconds"),
            "window": {
                "start": self.window.start.isoformat(),
                "end": self.window.end.isoformat(),
            },
            "briefs": [brief.as_json() for brief in self.briefs],
            "skipped": [skipped.as_json() for skipped in self.skipped],
            "problems": [problem.as_json() for problem in in_order(self.problems)],
            "deliveries": [dict(one) for one in self.deliveries],
        }

    def of_day(self, day: date) -> "Report":
        """The part of one day."""
        return self.replace(
            window=Window.of_days(day, 1, self.window.zone),
            briefs=tuple(brief for brief in self.briefs if brief.start.date() == day),
            skipped=tuple(skipped for skipped in self.skipped if skipped.meeting.day == day),
        )


def merged_day(stored: dict[str, Any], newer: dict[str, Any]) -> dict[str, Any]:
    """A day's stored report with the briefs of a partial run replaced; the rest stays."""

    def same(brief: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(brief.get(key) for key in ("uid", "recurrence_id", "start", "edition"))

    renewed = {same(brief) for brief in newer["briefs"]}
    kept = [brief for brief in _list_of(stored, "briefs") if same(brief) not in renewed]
    problems = _list_of(stored, "problems")
    return {
        **newer,
        "briefs": sorted([*kept, *newer["briefs"]], key=lambda brief: str(brief.get("start"))),
        "skipped": _list_of(stored, "skipped"),
        "problems": problems + [p for p in newer["problems"] if p not in problems],
        "deliveries": _list_of(stored, "deliveries") + newer["deliveries"],
    }


def with_kept(
    stored: dict[str, Any], newer: dict[str, Any], kept: Collection[str]
) -> dict[str, Any]:
    """A day's newer report, with the stored briefs in the files `kept`."""
    told = {brief["path"] for brief in newer["briefs"]}
    over = [
        brief
        for brief in _list_of(stored, "briefs")
        if brief.get("path") not in told and str(brief.get("path")).rpartition("/")[2] in kept
    ]
    briefs = sorted([*over, *newer["briefs"]], key=lambda brief: str(brief.get("start")))
    return {**newer, "briefs": briefs}


def _list_of(stored: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = stored.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def summary(report: Report, folders: Sequence[str]) -> str:
    """The last line for people: `5 briefs written to briefings/2026-11-23, 1 meeting left out`."""
    counts = Counter(brief.state for brief in report.briefs)
    written, unchanged = counts["written"], counts["unchanged"]
    planned, failed = counts["planned"], counts["failed"]
    left_out, problems = len(report.skipped), len(in_order(report.problems))
    told = {
        Phrase.plural(
            "{count} brief written to {folders}",
            "{count} briefs written to {folders}",
            written,
            folders=folders,
        ): written,
        Phrase.plural(
            "{count} brief would be written to {folders}",
            "{count} briefs would be written to {folders}",
            planned,
            folders=folders,
        ): planned,
        Phrase.plural(
            "{count} brief unchanged in {folders}",
            "{count} briefs unchanged in {folders}",
            unchanged,
            folders=folders,
        ): unchanged,
        Phrase.plural("{count} brief failed", "{count} briefs failed", failed): failed,
        Phrase("no meeting needs a brief"): not report.briefs,
        Phrase.plural("{count} meeting left out", "{count} meetings left out", left_out): left_out,
        Phrase.plural("{count} problem", "{count} problems", problems): problems,
    }
    return Phrase.listed([said for said, count in told.items() if count])


class Outcome(Value, frozen=True, kw_only=True):
    """The outcome of planned briefs, and the problems found while making them."""

    briefs: tuple[ReportedBrief, ...] = ()
    problems: tuple[Problem, ...] = ()

    def unwritten_days(self, workspace: Workspace) -> frozenset[date]:
        """The days on which a brief is missing now; what was there before is kept."""
        return frozenset(
            brief.start.date()
            for brief in self.briefs
            if brief.state == "failed" and not is_regular(workspace.root / brief.path)
        )

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(briefs=self.briefs + other.briefs, problems=self.problems + other.problems)
