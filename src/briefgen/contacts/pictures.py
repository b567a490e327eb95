"""Photos from address books: unpacked with suspicion and written anew, small and without extras."""

import io
import warnings
from typing import Final

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 25_000_000
_LONGEST_SIDE: Final = 1024
_TOO_MANY_PIXELS: Final = f"the photo has more than {MAX_PIXELS // 1_000_000} megapixels"
_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")


def small_picture(data: bytes) -> bytes | str:
    """A photo as a JPEG of at most 1024 pixels a side, or why it is not taken."""
    from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError  # noqa: PLC0415  # for photos

    if len(data) > MAX_BYTES:
        return f"the photo has {len(data) // 2**20} MB; at most {MAX_BYTES // 2**20}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            ImageFile.LOAD_TRUNCATED_IMAGES = False  # typesetting sets it: half a face is no face
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
        return "not a picture that can be read; save it as JPEG or PNG"
    except (OSError, ValueError, SyntaxError, Warning, EOFError):
        return "the photo is broken"
    return made.getvalue()
