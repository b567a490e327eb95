"""A picture on its way to be a contact's photo."""

from dataclasses import dataclass, field
from pathlib import Path

from briefgen.contacts.book import ContactFile
from briefgen.contacts.pictures import MAX_BYTES, small_picture
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem


@dataclass(frozen=True, kw_only=True)
class NewPhoto:
    """A picture that is to be a contact's photo.

    Attributes:
        name: its path as a contact file writes it.
        place: where it is to lie.
        content: a JPEG.
    """

    name: str
    place: Path
    content: bytes = field(repr=False)


def read_new_photo(workspace: Workspace, contact: ContactFile, path: Path) -> NewPhoto | Problem:
    """The picture at `path`, small and without extras, once it is seen to be one."""

    def refused(message: str) -> Problem:
        return Problem(file=str(path), field="photo", message=message)

    if not path.is_file():
        return refused(Phrase("{path} is not a file", path=path))
    try:
        with path.open("rb") as stream:
            content = small_picture(stream.read(MAX_BYTES + 1))
    except OSError as error:
        return refused(Phrase("{path} cannot be read: {reason}", path=path, reason=error.strerror))
    if isinstance(content, str):
        return refused(f"{path}: {content}")
    place = workspace.photos / f"{contact.stem}.jpg"
    if place.exists() and place.read_bytes() != content:
        return refused(
            Phrase(
                "{place} is there already; name it in the contact file",
                place=workspace.relative(place),
            )
        )
    return NewPhoto(name=f"photos/{place.name}", place=place, content=content)
