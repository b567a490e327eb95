"""HTML to a tagged PDF page: the only module that uses WeasyPrint, imported late.

Fonts and stylesheets are parsed once a process. Our own fetcher returns the template's assets and
the prepared photos, and nothing else: no file, no network.
"""

import atexit
import logging
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from briefgen.page.look import FONTS, PAGE_STYLES, font_files
from briefgen.page.system_libraries import use_bundled_libraries
from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value

# A system without fonts is no problem; `briefgen doctor` says which scripts lack one.
warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
use_bundled_libraries()  # before WeasyPrint is imported, also in the workers' server

ASSETS = "brief:"
"""The scheme of everything a page may show: `brief:photo-0`, `brief:fonts/….ttf`."""
_DOCTYPE = "<!DOCTYPE html>"
_VARIANT = "pdf/ua-1"
_MILLIMETRE = 96 / 25.4
_PLACE = re.compile(r" at (\d+):\d+")


class Refused(ValueError):  # noqa: N818  # names the event
    """A page asked for something that is neither a template's asset nor a prepared photo."""


class Attached(Value, frozen=True, kw_only=True):
    """A file inside the PDF; its dates are `moment`, so that equal pages are equal bytes."""

    name: str
    description: str
    content: bytes
    moment: datetime


@dataclass(frozen=True, kw_only=True)
class LaidOut:
    """One layout of a page.

    Attributes:
        tops: where each element with an id begins, in millimetres from the top of the paper.
        pages: how many pages it takes.
        warnings: what the typesetter warned of.
    """

    tops: Mapping[str, float]
    pages: int
    warnings: tuple[str, ...]
    _document: Any = field(repr=False)

    def pdf(self, attached: tuple[Attached, ...] = ()) -> bytes:
        """The document; equal input results in equal bytes."""
        import weasyprint  # noqa: PLC0415  # half a second; only where a page is made

        written = [_attachment(weasyprint, one) for one in attached]
        with _hearing():
            return bytes(self._document.write_pdf(pdf_variant=_VARIANT, attachments=written))


class BoundPart(Value, frozen=True, kw_only=True):
    """A layout as a part of a longer document.

    Attributes:
        label: what a viewer shows in place of a page number.
        bookmark: its entry in the outline; empty for none.
    """

    laid: LaidOut
    label: str
    bookmark: str = ""


def bind(parts: Sequence[BoundPart]) -> bytes:
    """One PDF of all these layouts, not laid out again, with one structure tree and set of fonts.

    Title and language are those of the first.
    """
    pages, labels = [], []
    for part in parts:
        for at, page in enumerate(part.laid._document.pages):  # noqa: SLF001  # our own
            bound = copy(page)
            bound.bookmarks = (
                [(1, part.bookmark, (0, 0), "open")] if part.bookmark and not at else []
            )
            pages.append(bound)
            labels.append(part.label)

    def finish(_: Any, pdf: Any) -> None:  # noqa: ANN401  # WeasyPrint is untyped
        import pydyf  # noqa: PLC0415  # comes with WeasyPrint

        numbers = [
            (at, pydyf.Dictionary({"P": pydyf.String(one)})) for at, one in enumerate(labels)
        ]
        flat = pydyf.Array([each for pair in numbers for each in pair])
        pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": flat})

    document = parts[0].laid._document.copy(pages)  # noqa: SLF001  # our own
    with _hearing():
        return bytes(document.write_pdf(pdf_variant=_VARIANT, finisher=finish))


def lay_out(
    html: str, *, style: Path | Sequence[Path], assets: Mapping[str, bytes] | None = None
) -> LaidOut:
    """Lay a page out.

    Args:
        html: the page.
        style: the stylesheet's file, or several in their order; parsed again only when changed.
        assets: the content behind `brief:NAME` addresses in the page.
    """
    styles = (style,) if isinstance(style, Path) else style
    parsed = [_stylesheet(one, one.stat().st_mtime_ns) for one in styles]
    fonts, sheets = parsed[0][0], [sheet for _, sheet in parsed]
    with _hearing() as heard:
        page = _parsed(html, _fetcher(assets or {}))
        document = page.render(font_config=fonts, stylesheets=sheets, pdf_variant=_VARIANT)

    # Only the documented part of an anchor is read: its x and y.
    tops = {name: place[1] / _MILLIMETRE for name, place in document.pages[0].anchors.items()}
    return LaidOut(
        tops=tops, pages=len(document.pages), warnings=tuple(heard.messages), _document=document
    )


def _parsed(html: str, fetcher: Any) -> Any:  # noqa: ANN401  # WeasyPrint is untyped
    """The page, parsed as XML where it is well-formed, as the built-in templates are.

    That takes a fiftieth of the HTML parser's time, which is a twentieth of a layout.
    """
    import weasyprint  # noqa: PLC0415  # see above
    from cssselect2 import (  # type: ignore[import-untyped]  # noqa: PLC0415  # comes with it
        ElementWrapper,
    )

    body = html.lstrip().removeprefix(_DOCTYPE)
    try:  # a page that declares entities is left to the HTML parser, which ignores them
        root = None if "<!DOCTYPE" in body or "<!ENTITY" in body else ET.fromstring(body)  # noqa: S314
    except ET.ParseError:  # a template of the user's
        root = None
    if root is None or root.find(".//table/tr") is not None:  # HTML adds the body of a table
        return weasyprint.HTML(string=html, base_url=ASSETS, url_fetcher=fetcher)
    page = weasyprint.HTML(string=_DOCTYPE, base_url=ASSETS, url_fetcher=fetcher)
    page.wrapper_element = ElementWrapper.from_html_root(root)
    page.etree_element = root
    return page


def get_ready(style: Path) -> None:
    """Load the fonts and a stylesheet now, so that the first page does not wait for them."""
    _stylesheet(style, style.stat().st_mtime_ns)


def style_warnings(style: Path) -> tuple[str, ...]:
    """The typesetter's warnings about a stylesheet; never raises for its content."""
    heard = _Heard()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(heard)
    try:
        _stylesheet.__wrapped__(style, 0)
    except (UnicodeDecodeError, OSError) as error:
        heard.messages.append(f"cannot be read: {error}")
    finally:
        logger.removeHandler(heard)
    return tuple(heard.messages)


def style_problems(own: Path) -> tuple[Problem, ...]:
    """A warning for each declaration in the user's stylesheets that has no effect."""
    return tuple(
        _style_problem(f"{own.name}/{style.name}", warning)
        for style in sorted(own.glob("*.css"))
        if style.name in PAGE_STYLES  # the form and the web page are a browser's
        for warning in style_warnings(style)
    )


def _style_problem(file: str, warning: str) -> Problem:
    place = _PLACE.search(warning)
    return Problem(
        file=file,
        line=int(place[1]) if place else None,
        message=_PLACE.sub("", warning, count=1),
        severity="warning",
    )


class _Heard(logging.Handler):
    """Keeps what the typesetter warns of, instead of printing it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _hearing() -> Iterator[_Heard]:
    """Keep the typesetter's warnings while the block runs."""
    heard = _Heard()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(heard)
    try:
        yield heard
    finally:
        logger.removeHandler(heard)


@cache
def _fonts() -> tuple[Any, Any]:
    """The font configuration of this process, and the style that names the bundled fonts."""
    import weasyprint  # noqa: PLC0415  # see above
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415  # see above

    logging.getLogger("weasyprint").propagate = False
    fonts = FontConfiguration()
    atexit.register(_forget)
    faces = "".join(_font_face(path) for path in font_files())
    sheet = weasyprint.CSS(
        string=faces, base_url=ASSETS, font_config=fonts, url_fetcher=_fetcher(_bundled_fonts())
    )
    return fonts, sheet


def _forget() -> None:
    """Release the fonts while the library that frees them is still loaded."""
    _stylesheet.cache_clear()
    _fonts.cache_clear()


_WEIGHTS = {"Regular": (400, "normal"), "It": (400, "italic"), "Semibold": (600, "normal"),
            "Bold": (700, "normal")}  # fmt: skip


def _font_face(path: Path) -> str:
    weight, slant = _WEIGHTS[path.stem.rpartition("-")[2]]
    return (
        "@font-face{font-family:'Source Sans 3';"
        f"src:url({ASSETS}{FONTS}/{path.name});font-weight:{weight};font-style:{slant}}}"
    )


def _bundled_fonts() -> dict[str, bytes]:
    return {f"{FONTS}/{path.name}": path.read_bytes() for path in font_files()}


@cache
def _stylesheet(path: Path, changed: int) -> tuple[Any, Any]:  # noqa: ARG001  # part of the key
    import weasyprint  # noqa: PLC0415  # see above

    fonts, _ = _fonts()
    return fonts, weasyprint.CSS(
        string=path.read_text(encoding="utf-8"),
        base_url=ASSETS,
        font_config=fonts,
        url_fetcher=_fetcher({}),
    )


def _fetcher(assets: Mapping[str, bytes]) -> Any:  # noqa: ANN401  # WeasyPrint is untyped
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415  # see above

    class OnlyAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint is untyped
        """Hands out `assets`, opens nothing."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401, ARG002
            name = url.removeprefix(ASSETS)
            if name == url or name not in assets:
                raise Refused(f"not an asset of this page: {url[:80]}")
            return URLFetcherResponse(url, BytesIO(assets[name]))

    return OnlyAssets(allowed_protocols=())


def _attachment(weasyprint: Any, one: Attached) -> Any:  # noqa: ANN401  # WeasyPrint is untyped
    return weasyprint.Attachment(
        file_obj=BytesIO(one.content),
        name=one.name,
        description=one.description,
        created=one.moment,
        modified=one.moment,
        relationship="Supplement",
    )
