"""Pages: a template, what every page has, and the answer that carries it."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from briefgen.contacts.splice import without_unreadable
from briefgen.page.templates import template_folder
from briefgen.web.desk import Desk, Notice
from briefgen.workspace.phrase import Phrase, WrittenDay

FOLDER: Final = "web"
_NOTICE: Final = "notice"


@cache
def environment() -> Environment:
    """The built-in templates of the pages; a user's own are for the sheet and the mail."""
    return Environment(
        loader=FileSystemLoader(template_folder() / FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_said,
    )


@pass_context
def _said(context: Context, value: object) -> object:
    """What a template shows: phrases and days in the user's language."""
    return context["language"].said(value) if isinstance(value, Phrase | WrittenDay) else value


@cache
def read_file(name: str) -> bytes:
    """A file that the pages are dressed in."""
    return (template_folder() / FOLDER / name).read_bytes()


@cache
def _version() -> str:
    """A mark of stylesheet and script, for their addresses: another one, other files."""
    files = (read_file("page.css"), read_file("page.js"))
    return hashlib.sha256(b"".join(files)).hexdigest()[:10]


def desk_of(request: Request) -> Desk:
    """The desk that the application works at."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)  # noqa: S101  # as the application was made
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
    """A page as an answer.

    Args:
        request: what is answered.
        template: the file's name.
        status: of HTTP.
        here: which entry of the navigation it belongs to.
        notices: what it has to tell besides those that its address names.
        values: what the template shows.
    """
    desk = desk_of(request)
    language = desk.language
    told = desk.notices.named(request.query_params.getlist(_NOTICE))
    shown: Mapping[str, Any] = {
        "text": language.text,
        "plural": language.plural,
        "language": language,
        "colon": language.text("{label}: {text}", label="", text=""),
        "semicolon": language.text("{one}; {other}", one="", other=""),
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
    """To another page after a change, which tells what was done."""
    named = [(_NOTICE, desk.notices.keep(notice)) for notice in notices]
    asked = urlencode([*query.items(), *named])
    return RedirectResponse(f"{place}?{asked}" if asked else place, status_code=303)


def link(*parts: str) -> str:
    """An address of these parts, each as it is written in one."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


class Form:
    """What was sent with a form: texts without controls and outer spaces, and files."""

    def __init__(self, data: FormData) -> None:
        self._data = data

    def get(self, name: str) -> str:
        """The text of a field; empty where it was not sent."""
        given = self._data.get(name)
        return _clean(given) if isinstance(given, str) else ""

    def whole(self, name: str) -> str:
        """The text of a field as it was typed, with its lines as Unix has them."""
        given = self._data.get(name)
        return given.replace("\r\n", "\n") if isinstance(given, str) else ""

    def all(self, name: str) -> tuple[str, ...]:
        """The texts of a field that may come several times, without empty ones."""
        given = (_clean(one) for one in self._data.getlist(name) if isinstance(one, str))
        return tuple(one for one in given if one)

    def file(self, name: str) -> bytes:
        """A file; empty where none was sent."""
        given = self._data.get(name)
        return given.file.read() if isinstance(given, UploadFile) else b""

    def texts(self) -> dict[str, tuple[str, ...]]:
        """Every field that was sent with a text."""
        return {name: found for name in self._data if (found := self.all(name))}


def _clean(given: str) -> str:
    return without_unreadable(given.replace("\r\n", "\n")).strip()
