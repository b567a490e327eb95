"""What the pages are dressed in: stylesheet, script, icon, and the sheet's own type.

The type is cut down to the letters of European languages when it is first asked for, and kept;
other scripts come in the system's type.
"""

import hashlib
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from briefgen.page.templates import FONTS, template_folder
from briefgen.web.pages import desk_of, read_file
from briefgen.workspace.atomic import write_whole

_KINDS: Final = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "app.webmanifest": "application/manifest+json",
}
_TYPES: Final = {
    "regular.woff2": "SourceSans3-Regular.ttf",
    "bold.woff2": "SourceSans3-Semibold.ttf",
}
_LETTERS: Final = (
    "U+20-7E,U+A0-FF,U+100-17F,U+2010-2026,U+2030,U+2039-203A,U+20AC,"
    "U+2190-2193,U+2212,U+25CB,U+25CF,U+2713"
)
_SECONDS: Final = 60
_KEPT: Final = {"Cache-Control": "private, max-age=31536000, immutable"}


def asset(request: Request) -> Response:
    """A file by its name; nothing but those that are listed here."""
    name = request.path_params["name"]
    if name in _TYPES:
        return Response(_type(request, name), media_type="font/woff2", headers=_KEPT)
    if name not in _KINDS:
        raise HTTPException(404)
    return Response(read_file(name), media_type=_KINDS[name], headers=_KEPT)


def service_worker(_request: Request) -> Response:
    """The part of the script that works without a network."""
    return Response(
        read_file("worker.js"), media_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


def _type(request: Request, name: str) -> bytes:
    source = template_folder() / FONTS / _TYPES[name]
    mark = hashlib.sha256(f"{source.stat().st_size} {_LETTERS}".encode()).hexdigest()[:10]
    kept = desk_of(request).workspace.memory / "web" / f"{mark}-{name}"
    if not kept.is_file():
        write_whole(kept, _cut_down(source))
    return kept.read_bytes()


@cache
def _cut_down(source: Path) -> bytes:
    """The letters of a type as WOFF2; in a program of its own, whose memory is free again then."""
    call = [
        sys.executable, "-m", "fontTools.subset", str(source), f"--unicodes={_LETTERS}",
        "--flavor=woff2", "--output-file=/dev/stdout", "--layout-features=kern,liga,locl,mark",
        "--no-hinting", "--desubroutinize",
    ]  # fmt: skip
    done = subprocess.run(call, capture_output=True, timeout=_SECONDS, check=False)
    if done.returncode != 0:
        raise HTTPException(404)
    return done.stdout
