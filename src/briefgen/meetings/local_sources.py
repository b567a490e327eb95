"""Feeds of this machine: a file, a folder of .ics files, a program that prints iCalendar."""

import os
import stat
from pathlib import Path
from typing import Final

from briefgen.meetings.source import Answer, FetchFault, Version, too_large, unpacked
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

_MOST_FILES: Final = 100_000
_MOST_TOLD: Final = 5
_LONGEST_NAME: Final = 80


class PathSource(Value, frozen=True, kw_only=True):
    """A calendar file, or a folder of them, as vdirsyncer and khal keep one file an event."""

    path: str
    workspace: Workspace
    most_bytes: int

    def read(self, known: Version | None) -> Answer:  # noqa: ARG002  # see `Source`
        """See `Source`; opened so that no pipe or device can hold up a run."""
        try:
            place = self.workspace.root / Path(self.path).expanduser()
            if place.is_dir():
                return self._folder(place)
            return Answer(content=_regular_file(place, self.most_bytes))
        except (OSError, RuntimeError) as error:
            reason = error.strerror if isinstance(error, OSError) else Phrase("no home folder")
            raise FetchFault(Phrase("cannot be read: {reason}", reason=reason)) from None

    def _folder(self, folder: Path) -> Answer:
        """Its .ics files one behind the other, in the order of their names."""
        names = sorted(
            entry.name
            for entry in os.scandir(folder)
            if entry.name.lower().endswith(".ics") and not entry.name.startswith(".")
        )
        if not names:
            raise FetchFault(Phrase("is a folder without any .ics file"))
        if len(names) > _MOST_FILES:
            raise FetchFault(
                Phrase("has more than {most_files} .ics files", most_files=_MOST_FILES)
            )
        pieces: list[bytes] = []
        left_out: list[str] = []
        left = self.most_bytes
        for name in names:
            try:
                content = _regular_file(folder / name, left)
            except OSError as error:
                left_out.append(
                    Phrase(
                        "{name}: cannot be read: {reason}",
                        name=name[:_LONGEST_NAME],
                        reason=error.strerror,
                    )
                )
                continue
            left -= len(content)
            if b"BEGIN:VCALENDAR" not in content[:4000].upper():
                left_out.append(
                    Phrase(
                        "{name}: no calendar; BEGIN:VCALENDAR is missing", name=name[:_LONGEST_NAME]
                    )
                )
                continue
            pieces.append(content.removeprefix(b"\xef\xbb\xbf").strip() + b"\r\n")
        if not pieces:
            raise FetchFault(
                Phrase("has no file that is a calendar; {left_out}", left_out=left_out[0])
            )
        more = len(left_out) - _MOST_TOLD
        told = [
            *left_out[:_MOST_TOLD],
            *([Phrase("{more} more like these", more=more)] if more > 0 else []),
        ]
        return Answer(content=b"".join(pieces), left_out=tuple(told))


def _regular_file(path: Path, most_bytes: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FetchFault(Phrase("is no file; name a calendar file (.ics) or a folder of them"))
        content = stream.read(max(0, most_bytes) + 1)
    if len(content) > most_bytes:
        raise too_large(most_bytes)
    return unpacked(content, most_bytes)


class CommandSource(Value, frozen=True, kw_only=True):
    """A program of the user's that prints iCalendar; bounded in time and size like a fetch."""

    command: str
    workspace: Workspace
    seconds: float
    most_bytes: int

    def read(self, known: Version | None) -> Answer:  # noqa: ARG002  # see `Source`
        """See `Source`."""
        from briefgen.workspace.secrets import CommandFailed, run_command  # noqa: PLC0415  # as seldom

        try:
            printed = run_command(
                self.command,
                root=self.workspace.root,
                seconds=self.seconds,
                most_bytes=self.most_bytes + 1,
            )
        except CommandFailed as failure:
            raise FetchFault(f"command: {failure}") from None
        if len(printed.output) > self.most_bytes:
            raise too_large(self.most_bytes, what=Phrase("command: printed more than"))
        if printed.status != 0:
            said = f": {printed.said}" if printed.said else ""
            raise FetchFault(
                Phrase(
                    "command: ended with status {status}{said}", status=printed.status, said=said
                )
            )
        return Answer(content=printed.output)
