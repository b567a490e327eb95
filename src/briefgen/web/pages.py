"""Pages: rendered from their templates, with their stylesheet, script and fonts; and their forms.

The fonts are reduced to the letters of European languages when they are first needed, and cached;
other scripts use the system's fonts.
"""

import hashlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    pass_context,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from briefgen.contacts.splice import without_unreadable
from briefgen.page.look import FONTS, template_folder
from briefgen.web.desk import Desk, Notice
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.built_in import PACKAGE
from briefgen.workspace.phrase import Phrase, WrittenDay

FOLDER: Final = "web"
_NOTICE: Final = "notice"


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates, beside Python's own caches: compiling them takes 2 MB for good."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write one, unless nothing can be written."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


@cache
def environment() -> Environment:
    """The built-in templates of the pages; users can only replace those of sheet and mail."""
    return Environment(
        loader=FileSystemLoader(template_folder() / FOLDER),
        bytecode_cache=_Compiled(str(PACKAGE / "__pycache__"), "web-%s.pyc"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_said,
    )


@pass_context
def _said(context: Context, value: object) -> object:
    """Translate phrases and days as a template shows them."""
    return context["language"].said(value) if isinstance(value, Phrase | WrittenDay) else value


@cache
def read_file(name: str) -> bytes:
    """A stylesheet, script or icon."""
    return (template_folder() / FOLDER / name).read_bytes()


@cache
def _version() -> str:
    """A hash of stylesheet and script for their addresses, so that browsers may cache them."""
    files = (read_file("page.css"), read_file("page.js"))
    return hashlib.sha256(b"".join(files)).hexdigest()[:10]


def desk_of(request: Request) -> Desk:
    """The desk of the application."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)  # noqa: S101  # set by `application`
    return desk


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    here: str = "",
    notices: Sequence[Notice] = (),
    **values: Any,  # noqa: ANN401  # whatever the template shows
) -> HTMLResponse:
    """Render a page.

    Args:
        request: the request to answer.
        template: the name of its file.
        status: of HTTP.
        here: its entry in the navigation.
        notices: messages besides those named in its address.
        values: what the template shows.
    """
    desk = desk_of(request)
    language = desk.language
    told = desk.notices.named(request.query_params.getlist(_NOTICE))
    shown: Mapping[str, Any] = {
        "text": language.text,
        "plural": language.plural,
        "language": language,
        "colon": language.colon,
        "semicolon": language.semicolon,
        "lang": str(language.locale.language),
        "direction": "rtl" if language.right_to_left else "ltr",
        "here": here,
        "notices": [notice.said(language) for notice in (*told, *notices)],
        "changes": desk.changes,
        "version": _version(),
        "address": request.url.path,
        "let_in": getattr(request.state, "session", None) is not None,
        **values,
    }
    body = environment().get_template(template).render(shown)
    return HTMLResponse(body, status_code=status)


def onward(desk: Desk, place: str, *notices: Notice, **query: str) -> RedirectResponse:
    """Redirect to another page after a change, with messages about it."""
    named = [(_NOTICE, desk.notices.keep(notice)) for notice in notices]
    asked = urlencode([*query.items(), *named])
    return RedirectResponse(f"{place}?{asked}" if asked else place, status_code=303)


def link(*parts: str) -> str:
    """An address made of these parts, each quoted."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


class Form:
    """The fields of a form: texts, without control characters and outer spaces, and files."""

    def __init__(self, data: FormData) -> None:
        self._data = data

    def get(self, name: str) -> str:
        """The text of a field; empty if it was not sent."""
        given = self._data.get(name)
        return _clean(given) if isinstance(given, str) else ""

    def has(self, name: str) -> bool:
        """Whether a field was sent, if only empty."""
        return name in self._data

    def whole(self, name: str) -> str:
        """The text of a field as it was typed, with Unix line endings."""
        given = self._data.get(name)
        return given.replace("\r\n", "\n") if isinstance(given, str) else ""

    def all(self, name: str) -> tuple[str, ...]:
        """All texts of a repeated field, without empty ones."""
        given = (_clean(one) for one in self._data.getlist(name) if isinstance(one, str))
        return tuple(one for one in given if one)

    def file(self, name: str) -> bytes:
        """The content of a file; empty if none was sent."""
        given = self._data.get(name)
        return given.file.read() if isinstance(given, UploadFile) else b""

    def texts(self) -> dict[str, tuple[str, ...]]:
        """Every field that has a text."""
        return {name: found for name in self._data if (found := self.all(name))}


def _clean(given: str) -> str:
    return without_unreadable(given.replace("\r\n", "\n")).strip()


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
    """A file by its name, if it is one of those listed above."""
    name = request.path_params["name"]
    if name in _TYPES:
        return Response(_type(request, name), media_type="font/woff2", headers=_KEPT)
    if name not in _KINDS:
        raise HTTPException(404)
    return Response(read_file(name), media_type=_KINDS[name], headers=_KEPT)


def service_worker(_request: Request) -> Response:
    """The script that works without a network."""
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
    """The reduced font as WOFF2, made in a child process to free its memory."""
    call = [
        sys.executable, "-m", "fontTools.subset", str(source), f"--unicodes={_LETTERS}",
        "--flavor=woff2", "--output-file=/dev/stdout", "--layout-features=kern,liga,locl,mark",
        "--no-hinting", "--desubroutinize",
    ]  # fmt: skip
    done = subprocess.run(call, capture_output=True, timeout=_SECONDS, check=False)
    if done.returncode != 0:
        raise HTTPException(404)
    return done.stdout
