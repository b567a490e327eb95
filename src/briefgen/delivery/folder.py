"""A day's folder: what its files are called, and which of them briefgen wrote and may replace."""

import hashlib
import json
import os
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import ValidationError, convert, structs
from msgspec.structs import asdict

from briefgen.delivery.report import Report, ReportedBrief, merged_day, with_kept
from briefgen.meetings.meeting import Meeting
from briefgen.page.look import Omission
from briefgen.workspace.atomic import read_regular, sync_folder, write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

REPORT_FILE = "report.json"
PACKET_FILE = "packet.pdf"


class WrittenFile(Value, frozen=True, kw_only=True):
    """A file that briefgen wrote into a day's folder.

    Attributes:
        fingerprint: of everything that decides its bytes.
        hashes: SHA-256 of the bytes, the newest version first; until that has been written, the
            file may still be the former one.
        edition: of a brief; empty for a packet and the like.
        by_hand: made for a meeting that is in no calendar, so no plan expects it.
        omitted, problems: what was reported when it was made, and again while it is unchanged.
        sheets: what the sheets in it say, as the ledger keeps it once they are delivered.
    """

    fingerprint: str
    hashes: tuple[str, ...]
    edition: str = ""
    by_hand: bool = False
    omitted: tuple[Omission, ...] = ()
    problems: tuple[Problem, ...] = ()
    sheets: tuple[Mapping[str, Any], ...] = ()

    def as_stored(self) -> dict[str, Any]:
        """The file as the record holds it."""
        told = [problem.as_json() for problem in self.problems]
        return {**asdict(self), "omitted": [asdict(one) for one in self.omitted], "problems": told}

    def is_at(self, path: Path) -> bool:
        """Whether the file at `path` is one that briefgen wrote: this version or the former."""
        return hash_of(path) in self.hashes


def hash_of(path: Path) -> str | None:
    """SHA-256 of a regular file; None if there is none."""
    try:
        return hashlib.sha256(read_regular(path)).hexdigest()
    except OSError:
        return None


class DayFolder(Value, frozen=True, kw_only=True):
    """The folder of one day and the record of what briefgen wrote in it."""

    workspace: Workspace
    day: date
    files: Mapping[str, WrittenFile]

    @property
    def path(self) -> Path:
        """The folder itself."""
        return self.workspace.briefings / self.day.isoformat()

    @property
    def record(self) -> Path:
        """The file in which briefgen remembers them."""
        return self.workspace.memory / "days" / f"{self.day.isoformat()}.json"

    def unchanged(self, name: str, fingerprint: str) -> WrittenFile | None:
        """The record of `name` if the file holds the version with this fingerprint."""
        written = self.files.get(name)
        if written is None or written.fingerprint != fingerprint:
            return None
        return written if hash_of(self.path / name) == written.hashes[0] else None

    def write(self, contents: Mapping[str, tuple[WrittenFile, bytes]]) -> "DayFolder":
        """Write files; the record has them before they appear, so that each is known to be ours.

        A file that someone else put there, or changed, is kept beside the new one.

        Raises:
            OSError: naming the path; the files written before it stay.
        """
        announced = dict(self.files)
        for name, (written, _) in contents.items():
            former = self.files[name].hashes if name in self.files else ()
            present = [one for one in former if one == hash_of(self.path / name)]
            announced[name] = written.replace(hashes=(*written.hashes, *present))
        folder = self.replace(files=announced)
        folder.store()
        for name, (_, content) in contents.items():
            folder.keep_aside(name)
            write_whole(self.path / name, content)
        settled = {name: written for name, (written, _) in contents.items()}
        return folder.replace(files={**announced, **settled})

    def sheets(self, paths: Iterable[Path]) -> tuple[Mapping[str, Any], ...]:
        """What the sheets say in those files that briefgen wrote."""
        written = (self.files.get(path.name) for path in paths)
        return tuple(sheet for one in written if one is not None for sheet in one.sheets)

    def keep_aside(self, name: str) -> Path | None:
        """Rename a file that is not ours, to make room for one that is; returns the new name."""
        path = self.path / name
        if not os.path.lexists(path) or (name in self.files and self.files[name].is_at(path)):
            return None
        number = 1
        while (aside := path.with_name(f"{path.stem}.yours-{number}{path.suffix}")).exists():
            number += 1
        path.rename(aside)
        sync_folder(self.path)
        return aside

    def without(self, names: Iterable[str]) -> "DayFolder":
        """Remove files that briefgen wrote; one that was changed since is left alone."""
        gone = set(names)
        for name in gone:
            path = self.path / name
            if name in self.files and self.files[name].is_at(path):
                path.unlink(missing_ok=True)
        return self.replace(files={n: w for n, w in self.files.items() if n not in gone})

    def store(self) -> None:
        """Write the record."""
        stored = {name: written.as_stored() for name, written in sorted(self.files.items())}
        write_whole(self.record, json.dumps(stored, ensure_ascii=False, indent=1).encode())

    def write_report(
        self, report: Report, *, partial: bool, kept: Collection[str] = frozenset()
    ) -> None:
        """Write the day's part of a report; a partial run leaves the rest of it as it was.

        `kept` are files that a whole run left as they were: their entries are repeated.
        Briefs that were made by hand, and those of another edition, are always among them.
        """
        today = report.of_day(self.day)
        document = today.as_json()
        path = self.path / REPORT_FILE
        editions = {brief.edition for brief in today.briefs}
        kept = {*kept, *(name for name in self.files if self._stays(name, editions))}
        stored = _stored_report(path) if partial or kept else None
        if stored and partial:
            document = merged_day(stored, document)
        elif stored:
            document = with_kept(stored, document, kept)
        write_whole(path, json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n")

    def _stays(self, name: str, editions: Collection[str]) -> bool:
        """Whether a file made by hand, or in an edition not made now, still exists."""
        one = self.files[name]
        other = editions and one.edition and one.edition not in editions
        return bool(one.by_hand or other) and (self.path / name).exists()


def open_day(workspace: Workspace, day: date) -> DayFolder:
    """The folder of a day; a lost or broken record means that nothing in it is known to be ours."""
    folder = DayFolder(workspace=workspace, day=day, files={})
    try:
        stored = json.loads(read_regular(folder.record))
        return folder.replace(files=convert(stored, dict[str, WrittenFile]))
    except (OSError, ValueError, ValidationError):
        return folder


def _stored_report(path: Path) -> dict[str, Any] | None:
    try:
        stored = json.loads(read_regular(path))
    except (OSError, ValueError):
        return None
    return stored if isinstance(stored, dict) else None


def lost_contacts(workspace: Workspace, briefs: Iterable[ReportedBrief]) -> tuple[Problem, ...]:
    """A warning for each participant who had a contact file in the day's last report."""
    reports: dict[object, Mapping[str, Any]] = {}
    problems = []
    for brief in briefs:
        day = brief.start.date()
        if day not in reports:
            reports[day] = _stored_report(open_day(workspace, day).path / REPORT_FILE) or {}
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


LONGEST_SLUG = 60
MOST_BYTES = 180
"""The most bytes of a slug in UTF-8, so that the file name stays under 255 bytes."""


def slug(title: str) -> str:
    """A title as part of a file name: letters and digits of every script, joined by hyphens.

    It is at most 60 characters long, never empty, and the same for titles that differ only in case.
    """
    flat = unicodedata.normalize("NFC", title).casefold()
    kept = "".join(one if unicodedata.category(one)[0] in "LNM" else " " for one in flat)
    words = unicodedata.normalize("NFC", "-".join(kept.split()))[:LONGEST_SLUG]
    return words.encode()[:MOST_BYTES].decode(errors="ignore").strip("-") or "meeting"


def file_stems(meetings: Sequence[Meeting]) -> tuple[str, ...]:
    """What the file name of each meeting's brief begins with: `HHMM-slug`.

    If names of one day collide, each gets the hash of its meeting, so that names do not depend on
    the order of the meetings.
    """
    stems = [(m.day, f"{m.start:%H%M}-{slug(m.title)}") for m in meetings]
    often = Counter(stems)
    return tuple(
        stem if often[day, stem] == 1 else f"{stem}-{short_hash(meeting)}"
        for meeting, (day, stem) in zip(meetings, stems, strict=True)
    )


def file_name(stem: str, edition: Edition) -> str:
    """`HHMM-slug.pdf`, or `HHMM-slug-table.pdf` for the table edition."""
    return f"{stem}-table.pdf" if edition == "table" else f"{stem}.pdf"


def short_hash(meeting: Meeting) -> str:
    """Six characters that distinguish a meeting from others of the same minute and title."""
    return hashlib.sha256(repr(meeting.key).encode()).hexdigest()[:6]
