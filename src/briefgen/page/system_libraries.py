"""The system libraries that typesetting needs: Pango, and HarfBuzz's subsetter for speed.

WeasyPrint cannot be imported without Pango, so every command that typesets checks here first.
"""

import ctypes
import ctypes.util
import errno
import os
import sys
from pathlib import Path
from typing import Final

from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

_BUNDLED: Final = ("libgobject-2.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
"""The libraries of the extra `pango` that WeasyPrint loads; they load what they need."""


class Library(Value, frozen=True, kw_only=True):
    """A system library.

    Attributes:
        subject: its name in messages.
        version: as the library itself says; None if it is not installed.
        without: what does not work without it.
        fix: the line that installs it.
    """

    subject: str
    version: str | None
    without: str
    fix: str


def pango() -> Library:
    """Pango, without which no page can be made."""
    complete = _load("pangoft2-1.0", "libpangoft2-1.0.so.0") is not None
    return Library(
        subject="Pango",
        version=_version("pango-1.0", "libpango-1.0.so.0", "pango") if complete else None,
        without=Phrase("no page can be made"),
        fix=_installing("libpangoft2-1.0-0", "pango"),
    )


def subsetter() -> Library:
    """HarfBuzz's subsetter; without it fonts are subset in Python, at three times the cost."""
    return Library(
        subject=Phrase("HarfBuzz subsetter"),
        version=_version("harfbuzz-subset", "libharfbuzz-subset.so.0", "hb"),
        without=Phrase("each page takes three times as long"),
        fix=_installing("libharfbuzz-subset0", "harfbuzz"),
    )


def _version(name: str, file: str, prefix: str) -> str | None:
    """The version of a library, from its function `<prefix>_version_string`."""
    library = _load(name, file)
    if library is None:
        return None
    asked = library[f"{prefix}_version_string"]
    asked.restype = ctypes.c_char_p
    return str(asked().decode())


def use_bundled_libraries() -> None:
    """Load the libraries of the extra `pango` if the system has none.

    A library that is loaded already is found by name when WeasyPrint loads it, so WeasyPrint need
    not be changed.
    """
    if _load_from_system("pangoft2-1.0", "libpangoft2-1.0.so.0") is not None:
        return
    try:
        import briefgen_pango  # noqa: PLC0415  # an extra, only for Linux
    except ImportError:
        return
    if not Path("/etc/fonts/fonts.conf").exists():
        os.environ.setdefault("FONTCONFIG_FILE", str(briefgen_pango.FONTS_CONF))
    for name in _BUNDLED:
        ctypes.CDLL(str(briefgen_pango.FOLDER / name), mode=ctypes.RTLD_GLOBAL)


def require_pango() -> None:
    """Check that pages can be made.

    Raises:
        FileNotFoundError: if Pango is missing; it names Pango and the line that installs it.
    """
    library = pango()
    if library.version is None:
        reason = Phrase("not installed; {without}: {fix}", without=library.without, fix=library.fix)
        raise FileNotFoundError(errno.ENOENT, reason, library.subject)


def _installing(debian: str, homebrew: str) -> str:
    if sys.platform == "darwin":
        return f"brew install {homebrew}"
    return f"sudo apt install {debian}, or: pip install 'briefgen[pango]'"


def _load(name: str, file: str) -> ctypes.CDLL | None:
    """A shared library, of the system or of the extra `pango`; None if there is none."""
    found = _load_from_system(name, file)
    if found is None:
        use_bundled_libraries()
        found = _load_from_system(name, file)
    return found


def _load_from_system(name: str, file: str) -> ctypes.CDLL | None:
    """A shared library, found as WeasyPrint finds it; None if there is none."""
    for candidate in (file, ctypes.util.find_library(name)):
        if candidate:
            try:
                return ctypes.CDLL(candidate)
            except OSError:
                continue
    return None
