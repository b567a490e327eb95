"""What statistics and lists of promises need of a contact, kept so that they read no file."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Final

from msgspec import Struct
from msgspec.json import Decoder, Encoder
from msgspec.structs import replace

from briefgen.contacts.contact import COLLEAGUE, Contact, Degree, Party
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.value import Value


class Talk(Struct, frozen=True, array_like=True, kw_only=True):
    """An interaction in short: its day, its signals, and how the two questions were answered."""

    date: date
    signals: tuple[str, ...] = ()
    needs: Degree | None = None
    help: Degree | None = None
    uid: str | None = None
    recurrence_id: str | None = None
    author: str | None = None


class Promised(Struct, frozen=True, array_like=True, kw_only=True):
    """A promise on file, and the line where it is written."""

    by: Party
    text: str
    line: int | None
    made: date | None = None
    due: date | None = None
    kept: date | None = None
    dropped: date | None = None
    author: str | None = None
    file: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it was neither kept nor dropped."""
        return self.kept is None and self.dropped is None


class Figures(Value, frozen=True, kw_only=True):
    """The figures of one contact.

    Attributes:
        stem, file: as in `ContactFile`.
        stay_in_touch: how long a silence is too long, as written.
        talks, promises: in the order of the file.
    """

    stem: str
    file: str
    name: str
    stay_in_touch: str | None = None
    talks: tuple[Talk, ...] = ()
    promises: tuple[Promised, ...] = ()

    @classmethod
    def of(
        cls, held: Contact, *, stem: str, told_in: Callable[..., tuple[str, int | None]], file: str
    ) -> "Figures":
        """The figures of a contact; `told_in` as `ContactFile.told_in`."""
        span = held.relationship.stay_in_touch if held.relationship else None
        return cls(
            stem=stem,
            file=file,
            name=held.name,
            stay_in_touch=str(span) if span else None,
            talks=tuple(
                Talk(
                    date=one.date,
                    signals=one.signals,
                    needs=one.reflection.needs_answered if one.reflection else None,
                    help=one.reflection.help_answered if one.reflection else None,
                    uid=one.meeting.uid if one.meeting else None,
                    recurrence_id=one.meeting.recurrence_id if one.meeting else None,
                    author=one.author,
                )
                for one in held.interactions
            ),
            promises=tuple(
                Promised(
                    by=one.by,
                    text=one.text,
                    line=line,
                    made=one.made,
                    due=one.due,
                    kept=one.kept,
                    dropped=one.dropped,
                    author=one.author,
                    file=place if place != file else "",
                )
                for at, one in enumerate(held.promises)
                for place, line in [told_in("promises", at)]
            ),
        )

    @property
    def _is_signed(self) -> bool:
        return any(one.author for one in self.talks) or any(one.author for one in self.promises)

    def seen(self, is_mine: Callable[[str | None], bool]) -> "Figures":
        """What a reader sees, as `layered_book.seen_by`: what others signed is not theirs."""
        if is_mine(None) and not self._is_signed:
            return self

        def promised(one: Promised) -> Promised:
            if one.by != "me":
                return one
            return replace(one, author=None) if is_mine(one.author) else replace(one, by=COLLEAGUE)

        return self.replace(
            talks=tuple(
                one if is_mine(one.author) else replace(one, needs=None, help=None)
                for one in self.talks
            ),
            promises=tuple(map(promised, self.promises)),
        )


_ENCODER: Final = Encoder()
_DECODER: Final = Decoder(Figures)
FiguresOfFiles = dict[str, tuple[str, str]]
"""Of each contact's file the hash of its content, and its figures as JSON."""


def kept_figures(figures: Figures) -> str:
    """The figures as JSON."""
    return _ENCODER.encode(figures).decode()


class FiguresFile:
    """Where the figures are kept: beside the index, since few ask for them.

    Of 10,000 contacts they are read in 0.2 s, which takes 40 from the contacts' files.
    """

    def __init__(self, workspace: Workspace, layout: str) -> None:
        self._path = workspace.memory / "figures.json"
        self._layout = layout

    def add(self, files: FiguresOfFiles) -> None:
        """Keep the figures of files that were just read."""
        self._keep({**self._kept(), **files})

    def drop(self, files: Collection[str]) -> None:
        """Take out files that are gone; nothing of a person who is forgotten stays here."""
        kept = self._kept()
        left = {file: found for file, found in kept.items() if file not in files}
        if kept and len(left) == len(kept):
            return
        with suppress(OSError):
            self._path.unlink(missing_ok=True)  # first, for a disk that takes nothing new
        if left:
            self._keep(left)

    def up_to_date(
        self, marks: Mapping[str, str], read: Callable[[Iterable[str]], FiguresOfFiles]
    ) -> Iterator[Figures]:
        """The figures of files with these hashes; `read` reads those that are not kept."""
        kept = self._kept()
        held = {
            file: kept[file] for file, mark in marks.items() if kept.get(file, "")[:1] == (mark,)
        }
        stale = [file for file in marks if file not in held]
        if stale or len(kept) > len(held):
            held |= read(stale)
            self._keep(held)
        return (_DECODER.decode(held[file][1]) for file in marks if file in held)

    def _kept(self) -> FiguresOfFiles:
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = json.loads(self._path.read_bytes())
            if found["layout"] == self._layout:
                return {file: (mark, figures) for file, (mark, figures) in found["files"].items()}
        return {}

    def _keep(self, files: FiguresOfFiles) -> None:
        with suppress(OSError):  # then they are read again
            kept = json.dumps({"layout": self._layout, "files": files}, ensure_ascii=False)
            write_whole(self._path, kept.encode())
