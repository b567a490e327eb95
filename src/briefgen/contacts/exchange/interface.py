"""What an importer is: something that knows its own files and reads people out of them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from msgspec import field

from briefgen.contacts.exchange.charset import Charset
from briefgen.contacts.exchange.person import Item
from briefgen.workspace.value import Value


class Options(Value, frozen=True, kw_only=True):
    """What the user says of the files.

    Attributes:
        columns: what columns of a table are, each one of `columns.FIELDS`.
        day_first: what `03/04/1985` means.
        charset: how bytes become text; None where that is to be found out.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    charset: Charset | None = None


class Importer(Protocol):
    """A kind of file that people can be read from."""

    def recognises(self, path: Path, start: bytes) -> bool:
        """Whether a file is of this kind, by its first bytes rather than by its name."""

    def read(self, path: Path, options: Options) -> Iterator[Item]:
        """The people in a file, where its columns or properties go, and what is to be known of it.

        Raises:
            OSError: where the file cannot be read.
            ValueError: where it says nothing of people, or is broken as a whole.
        """


class NotOfPeople(ValueError):  # noqa: N818  # names what is wrong
    """A file that some other command takes, or none.

    Attributes:
        file: its name, where it is known.
    """

    def __init__(self, message: str, *, file: str = "") -> None:
        super().__init__(message)
        self.file = file
