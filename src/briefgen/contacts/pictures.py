"""Photos from outside: opened with limits, and saved small and without metadata."""

import io
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from briefgen.contacts.book import ContactFile
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 25_000_000
_LONGEST_SIDE: Final = 1024
_TOO_MANY_PIXELS: Final = Phrase(
    "the photo has more than {max_pixels} megapixels", max_pixels=MAX_PIXELS // 1000000
)
_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
_SCAN: Final = b"\xff\xda"
MOST_SCANS: Final = 100
"""A progressive JPEG has about ten scans; thousands of empty ones take minutes."""


def small_picture(data: bytes) -> bytes | str:
    """A photo as a JPEG of at most 1024 pixels a side, or why it is not taken."""
    from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError  # noqa: PLC0415  # for photos

    if (refusal := _refusal(data)) is not None:
        return refusal
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd tag is no reason to refuse a photo
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            ImageFile.LOAD_TRUNCATED_IMAGES = False  # typesetting sets it; half a face is useless
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return _TOO_MANY_PIXELS
                picture.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        made = io.BytesIO()
        upright.save(made, "JPEG", quality=88)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _TOO_MANY_PIXELS
    except UnidentifiedImageError:
        return Phrase("not a picture that can be read; save it as JPEG or PNG")
    except Exception:  # noqa: BLE001  # Pillow raises all kinds of errors for a broken file
        return Phrase("the photo is broken")
    return made.getvalue()


def _refusal(data: bytes) -> str | None:
    """Why a picture is not even opened."""
    if len(data) > MAX_BYTES:
        return Phrase(
            "the photo has {count} MB; at most {max_bytes}",
            count=len(data) // 2**20,
            max_bytes=MAX_BYTES // 2**20,
        )
    if data.startswith(b"\xff\xd8") and data.count(_SCAN) > MOST_SCANS:
        return Phrase("the photo is a JPEG of more than {most_scans} scans", most_scans=MOST_SCANS)
    return None


@dataclass(frozen=True, kw_only=True)
class NewPhoto:
    """A picture to be saved as a contact's photo.

    Attributes:
        name: its path as a contact file writes it.
        place: where it will be saved.
        content: a JPEG.
    """

    name: str
    place: Path
    content: bytes = field(repr=False)


def read_new_photo(workspace: Workspace, contact: ContactFile, path: Path) -> NewPhoto | Problem:
    """The picture at `path`, small and without metadata, if it is one."""

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
                "{place} exists already; name it in the contact file",
                place=workspace.relative(place),
            )
        )
    return NewPhoto(name=f"photos/{place.name}", place=place, content=content)
