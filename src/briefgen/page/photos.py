"""Photos of participants: opened with limits, made small and square, in one style."""

import errno
import hashlib
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from briefgen.brief.brief import Source
from briefgen.contacts.book import ContactBook
from briefgen.page.look import Look
from briefgen.workspace.atomic import read_inside, write_whole
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 10 * 1000 * 1000
MAX_PIXELS = 25_000_000
SIDE = 320
"""Pixels of a prepared photo's side: 27 mm at 300 dots an inch."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_HEIF_BRANDS = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheim", b"ftyphevc")
_RECIPE = b"1"  # part of the cache's key: another recipe, another file
_QUALITY = 88
_JPEG_SCAN = b"\xff\xda"
_MOST_SCANS = 100  # a progressive JPEG has about ten; thousands of empty ones take minutes
_TOO_MANY_PIXELS = Phrase("has more than 25 megapixels; make it smaller")
_WHITE = (255, 255, 255)


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A photo ready for the page: square, upright, without metadata.

    Attributes:
        data: a JPEG, in grey if the look has no colour.
        name: a file name made of what decided the bytes; the same name is the same picture.
        side: its width and height in pixels.
    """

    data: bytes = field(repr=False)
    name: str
    side: int = SIDE


class _Unfit(Exception):  # noqa: N818  # only used within this module
    """Why a photo cannot be used, in the user's words."""


def prepare_photo(path: str, *, look: Look, source: Source | None = None) -> Photo | Problem:
    """The photo at `path` inside the contacts folder, ready to print.

    Prepared photos are kept in `look.cache` by their content, so that each is decoded once.

    Args:
        path: as the contact file writes it, relative to the contacts folder.
        look: decides colour, and where photos and their cache are.
        source: where the contact file names the photo, for problems.
    """
    try:
        return _kept_or_made(_read(path, look), look)
    except _Unfit as unfit:
        file, line = (source.file, source.line) if source else (f"data/contacts/{path}", None)
        message = Phrase("'{path}' {fault}", path=path, fault=str(unfit))
        return Problem(file=file, line=line, field="photo", message=message)


def photo_name(path: str, *, look: Look) -> str:
    """What decides how the photo at `path` prints, as a short text; empty if it cannot."""
    try:
        return _name_of(_read(path, look), look)
    except _Unfit:
        return ""


def _read(path: str, look: Look) -> bytes:
    """The bytes of a regular file among the contacts, reached without following any link."""
    folder = look.contacts
    if look.shared is not None and path.startswith(f"{look.shared}/"):
        folder, path = look.shared, path.removeprefix(f"{look.shared}/")
    parts = PurePosixPath(path).parts
    if not parts or "\0" in path or path.startswith("/") or ".." in parts:
        raise _Unfit(Phrase("is not a path inside data/contacts/; put the photo there"))
    try:
        return read_inside(folder, path, most_bytes=MAX_BYTES)
    except FileNotFoundError:
        raise _Unfit(Phrase("does not exist; correct the path, or delete the line")) from None
    except UnicodeEncodeError:
        raise _Unfit(Phrase("is not a name a file can have; rename the photo")) from None
    except OSError as error:
        raise _Unfit(_UNREADABLE.get(error.errno or 0) or _unopened(error)) from None


_UNREADABLE = {
    errno.EINVAL: Phrase("is not a file; name a picture"),
    errno.EFBIG: Phrase("is larger than 10 MB; make it smaller"),
}


def _unopened(error: OSError) -> str:
    return Phrase("cannot be opened ({reason}); links are not followed", reason=error.strerror)


def _name_of(content: bytes, look: Look) -> str:
    recipe = _RECIPE + (b"color" if look.color else b"grey")
    return hashlib.blake2b(content, digest_size=16, person=recipe).hexdigest() + ".jpg"


def _kept_or_made(content: bytes, look: Look) -> Photo:
    name = _name_of(content, look)
    kept = look.cache / name
    try:
        return Photo(data=kept.read_bytes(), name=name)
    except OSError:
        pass
    photo = Photo(data=_made(content, color=look.color), name=name)
    with suppress(OSError):  # a full or read-only disk costs time at the next run, nothing else
        write_whole(kept, photo.data)
    return photo


def _made(content: bytes, *, color: bool) -> bytes:
    from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError  # noqa: PLC0415  # slow to import

    if content.count(_JPEG_SCAN) > _MOST_SCANS and content.startswith(b"\xff\xd8"):
        raise _Unfit(Phrase("is a damaged or hostile picture; save it again as JPEG or PNG"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a picture is either refused or used
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        ImageFile.LOAD_TRUNCATED_IMAGES = False  # typesetting sets it; half a face is useless
        try:
            with Image.open(BytesIO(content), formats=_formats(content)) as picture:
                _refuse_huge(picture)
                picture.draft(None, (SIDE * 2, SIDE * 2))
                upright = ImageOps.exif_transpose(picture)
                return _encoded(_square(_opaque(upright)), color=color)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _Unfit(_TOO_MANY_PIXELS) from None
        except UnidentifiedImageError:
            raise _Unfit(_not_a_picture(content)) from None
        except _Unfit:
            raise
        except Exception:  # noqa: BLE001  # decoders raise anything on a hostile file
            raise _Unfit(Phrase("is damaged or cut short; save it again as JPEG or PNG")) from None


def _refuse_huge(picture: "Image") -> None:
    """Check a picture before any pixel is unpacked."""
    if picture.width * picture.height > MAX_PIXELS:
        raise _Unfit(_TOO_MANY_PIXELS)


def _formats(content: bytes) -> tuple[str, ...]:
    if content[4:12] in _HEIF_BRANDS:
        try:
            from pillow_heif import register_heif_opener  # noqa: PLC0415  # an extra
        except ImportError:
            return _FORMATS
        register_heif_opener()
        return (*_FORMATS, "HEIF")
    return _FORMATS


def _not_a_picture(content: bytes) -> str:
    if content[4:12] in _HEIF_BRANDS:
        return Phrase("is a HEIC picture; save it as JPEG, or install briefgen[heif]")
    return Phrase("is not a picture that can be printed; save it as JPEG, PNG, WebP or GIF")


def _opaque(picture: "Image") -> "Image":
    from PIL import Image  # noqa: PLC0415  # slow to import

    if picture.mode in {"RGB", "L"}:
        return picture
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    paper = Image.new("RGB", layered.size, _WHITE)
    paper.paste(layered, mask=layered)
    return paper


def _square(picture: "Image") -> "Image":
    """The largest square around where a face most likely is: the middle of the upper third."""
    from PIL import Image  # noqa: PLC0415  # slow to import

    width, height = picture.size
    side = min(width, height)
    left = (width - side) // 2
    top = min(max(height // 3 - side // 2, 0), height - side)
    box = (left, top, left + side, top + side)
    return picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)


def _encoded(picture: "Image", *, color: bool) -> bytes:
    printed = picture if color else picture.convert("L")
    stream = BytesIO()
    printed.save(stream, "JPEG", quality=_QUALITY, optimize=True)
    return stream.getvalue()


def photo_problems(book: ContactBook, look: Look) -> tuple[Problem, ...]:
    """A problem for every photo named in a contact file that cannot be printed."""
    problems = []
    for entry in book.entries():
        if not _mentions_photo(look.contacts / f"{entry.stem}.yaml"):
            continue
        contact = book.by_stem(entry.stem)
        if contact is None or contact.contact.photo is None:
            continue
        source = Source(file=contact.file, line=contact.line("photo"))
        tried = prepare_photo(contact.contact.photo, look=look, source=source)
        if isinstance(tried, Problem):
            problems.append(tried)
    return tuple(problems)


def _mentions_photo(path: Path) -> bool:
    """Whether a file is worth reading as a contact, which takes a hundred times as long."""
    try:
        return b"photo" in path.read_bytes()
    except OSError:
        return False
