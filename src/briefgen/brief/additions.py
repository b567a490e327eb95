"""Additions: what the user adds to a meeting, one file under `data/meetings/` each."""

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import model_validator

from briefgen.contacts.contact import Visibility
from briefgen.contacts.dates import WholeDate
from briefgen.meetings.meeting import Meeting
from briefgen.workspace.document import read_document
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.validation import Kept, validate
from briefgen.workspace.values import Part, Text


class AddedItem(Part):
    """One agenda item or aim; plain text is short for one."""

    plain_field = "text"

    text: Text
    """What is to be discussed or reached."""
    time: Text | None = None
    """When or how long, like 10:15 or 15 min."""
    owner: Text | None = None
    """Who leads it."""
    visibility: Visibility | None = None
    """print: may be on the table; private: for your eyes; never: stays on file."""


class MeetingNotes(Part):
    """Everything a file under `data/meetings/` can say."""

    version: Literal["1"] = "1"
    """The version of this format."""
    title: Text | None = None
    """The meeting's title, or a pattern for it with * and ?."""
    series: Text | None = None
    """The UID of the meeting or of its series."""
    date: WholeDate | None = None
    """The day of the meeting."""
    agenda: tuple[AddedItem, ...] = ()
    """What is to be discussed, instead of what the invitation says."""
    aims: tuple[AddedItem, ...] = ()
    """What you want to achieve; in the table edition only if marked."""
    prompts: tuple[Text, ...] = ()
    """Your own questions instead of the two usual ones."""

    @model_validator(mode="after")
    def _says_which(self) -> "MeetingNotes":
        if self.title is None and self.series is None and self.date is None:
            raise ValueError("says of no meeting; add `title`, `series` (its UID) or `date`")
        return self


@dataclass(frozen=True, kw_only=True)
class Additions:
    """What one file adds to the meetings it is about."""

    file: str
    notes: MeetingNotes
    kept: Kept = field(repr=False, compare=False)

    def fits(self, meeting: Meeting) -> bool:
        """Whether the meeting matches everything that the file says about it."""
        notes = self.notes
        if notes.date is not None and notes.date != meeting.day:
            return False
        if notes.series is not None and notes.series != meeting.uid:
            return False
        if notes.title is None:
            return True
        return fnmatch.fnmatchcase(meeting.title.casefold(), notes.title.casefold())


def additions_for(meeting: Meeting, additions: Iterable[Additions]) -> tuple[Additions, ...]:
    """Those for this meeting, the most specific first: by date, then by series, then by title."""

    def place(one: Additions) -> tuple[bool, bool, bool, str]:
        notes = one.notes
        return notes.date is None, notes.series is None, notes.title is None, one.file

    return tuple(sorted((one for one in additions if one.fits(meeting)), key=place))


def read_additions(workspace: Workspace) -> tuple[tuple[Additions, ...], tuple[Problem, ...]]:
    """Every file under `data/meetings/`, and everything wrong with them."""
    folder = workspace.meetings
    found: list[Additions] = []
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        file = workspace.relative(path)
        if path.name.startswith((".", "_")) or not path.is_file():
            continue
        if path.suffix == ".yml":
            message = Phrase("is not read; rename it to {file}.yaml", file=path.stem)
            problems.append(Problem(file=file, message=message, severity="warning"))
        if path.suffix != ".yaml":
            continue
        document, faults = read_document(path, file)
        problems += faults
        if document is None:
            continue
        notes, kept, faults = validate(MeetingNotes, document)
        problems += faults
        if notes is not None:
            found.append(Additions(file=file, notes=notes, kept=kept))
    return tuple(found), tuple(problems)
