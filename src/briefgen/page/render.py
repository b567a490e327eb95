"""Rendering: a brief and a plan made into HTML by the user's template or the built-in one.

A template may be copied from anywhere: it runs in Jinja2's sandbox, for a limited time, and its
mistakes are problems with the template's name and line.
"""

import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from unicodedata import bidirectional

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from briefgen.page.look import (
    DAY,
    MAIL,
    PAGE,
    PLAIN,
    REFLECTION,
    TABLE,
    Look,
    linked_templates,
    template_folder,
    template_folders,
)
from briefgen.page.text import JOINER, NO_BREAK, bound, in_phrases
from briefgen.workspace.atomic import read_inside, read_regular
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem

SECONDS: Final = 2.0
"""The processor time that a user's template may take; the built-in one takes a thousandth."""
_MOST_HTML = 2_000_000
_MOST_REPEATS = 100_000
_MOST_BITS = 10_000
_INSTEAD = Phrase("the built-in template was used instead")


def render(
    context: Mapping[str, Any], look: Look, *, table: bool = False
) -> tuple[str, tuple[Problem, ...]]:
    """The page as HTML; with a mistake in the user's own template, by the built-in one."""
    return _rendered(TABLE if table else PAGE, context, look)


def render_day(context: Mapping[str, Any], look: Look) -> tuple[str, tuple[Problem, ...]]:
    """The day sheet as HTML, as `render` does it."""
    return _rendered(DAY, context, look)


def render_mail(context: Mapping[str, Any], look: Look) -> str:
    """The HTML body of a mail; with a mistake in the user's own template, by the built-in one."""
    html = bound(_rendered(MAIL, context, look)[0], look.language)
    return html.replace(f" {JOINER}", NO_BREAK).replace(JOINER, "")


def render_form(context: Mapping[str, Any], own: Path) -> tuple[str, tuple[Problem, ...]]:
    """The form for the five minutes after; with a mistake in the user's own, the built-in one."""
    folders = template_folders(own)
    if len(folders) > 1:
        try:
            return _by_own_template(REFLECTION, folders, context), ()
        except Exception as error:  # noqa: BLE001  # a template can raise whatever an expression can
            return render_built_in(REFLECTION, context), (_problem_of(error, own, REFLECTION),)
    return render_built_in(REFLECTION, context), ()


def _rendered(name: str, context: Mapping[str, Any], look: Look) -> tuple[str, tuple[Problem, ...]]:
    html, problems = _by_either(name, context, look)
    if look.language.locale.language == "ja":
        html = in_phrases(html)
    html = _spaced(html)
    return directed(html, right_to_left=look.language.right_to_left), problems


def _by_either(
    name: str, context: Mapping[str, Any], look: Look
) -> tuple[str, tuple[Problem, ...]]:
    own = template_folders(look.templates)
    if len(own) == 1:
        return render_built_in(name, context), ()
    links = link_problems(look.templates)
    try:
        return _by_own_template(name, own, context), links
    except Exception as error:  # noqa: BLE001  # a template can raise whatever an expression can
        return render_built_in(name, context), (*links, _problem_of(error, look.templates, name))


def link_problems(own: Path) -> tuple[Problem, ...]:
    """Links in the user's templates: they may lead anywhere, and are not followed."""
    message = Phrase(
        "is a link, which is not followed; copy the file here; {instead}", instead=_INSTEAD
    )
    return tuple(
        Problem(file=f"{own.name}/{name}", message=message) for name in linked_templates(own)
    )


def render_plain(context: Mapping[str, Any], *, right_to_left: bool) -> str:
    """The text-only page, always by the built-in template."""
    html = _spaced(render_built_in(PLAIN, context))
    return directed(html, right_to_left=right_to_left)


def _spaced(html: str) -> str:
    """`html` with only plain spaces, and joiners where a line may not break."""
    spaced = html.translate(_SPACES)
    if JOINER not in spaced:
        return spaced
    head, end, body = spaced.partition("</head>")
    body = _NO_TEXT.sub(lambda found: found[0].replace(JOINER, ""), body)
    return head.replace(JOINER, "") + end + body


_NO_TEXT = re.compile(r"<title>[^<]*|<[^>]*>")
_SPACES: Final[dict[int, int | str]] = {
    **dict.fromkeys((*range(0x2000, 0x2007), 0x2008, 0x200A, 0x205F), " "),
    **dict.fromkeys((0xA0, 0x202F), f" {JOINER}"),
}
"""Spaces that share a glyph with the plain one.

A single one of them on a page would replace every space when text is copied from the PDF.
"""

_BDI = re.compile(r"<bdi>(?:<a [^>]*>)?(?P<text>[^<]*)(?:</a>)?(?P<end></bdi>)?")


def directed(html: str, *, right_to_left: bool) -> str:
    """`html` with a `dir` on each `<bdi>` whose text runs against the page.

    Browsers take the direction of a `<bdi>` from its first letter; the typesetter does not. If
    nothing in a `<bdi>` runs against the page the tag is removed, since it is an extra box. An
    address that breaks before its sign keeps the sign before its host on the next line too.
    """
    if right_to_left:
        return _BDI.sub(_left_to_right, html).replace("\u200b@", "\u200b\u200e@")
    return _BDI.sub(_right_to_left, html)


def _left_to_right(found: re.Match[str]) -> str:
    """For a right-to-left page, on which a list of Latin words has Latin commas."""
    turned = _first_strong(found["text"]) == "L" or _TELEPHONE.fullmatch(found["text"])
    if not turned:
        return found[0]
    shown = found[0].replace("<bdi>", '<bdi dir="ltr">', 1)
    return shown if _RIGHT_TO_LEFT.search(found["text"]) else shown.translate(_LATIN_COMMAS)


def _right_to_left(found: re.Match[str]) -> str:
    """For a left-to-right page."""
    text = found["text"]
    if _first_strong(text) in {"R", "AL"}:
        return found[0].replace("<bdi>", '<bdi dir="rtl">', 1)
    if found["end"] and (text.isascii() or not any(map(_runs_against, text))):
        return found[0].removeprefix("<bdi>").removesuffix("</bdi>")
    return found[0]


def _first_strong(text: str) -> str:
    """The direction of the first letter (UAX 9, P2); empty if there is none.

    If all letters are in isolates, as in a list of words, they decide together.
    """
    kinds = [kind for sign in _ISOLATED.sub("", text) if (kind := bidirectional(sign)) in _STRONG]
    if not kinds:
        inside = {kind for sign in text if (kind := bidirectional(sign)) in _STRONG}
        kinds = list(inside) if len(inside) == 1 else []
    return kinds[0] if kinds else ""


def _runs_against(sign: str) -> bool:
    """Whether a sign could reorder others on a left-to-right page."""
    return bidirectional(sign) not in _WITH_THE_PAGE


_ISOLATED = re.compile("\u2068[^\u2069]*\u2069")
_TELEPHONE = re.compile(r"\+?[\d() .-]*\d[\d() .-]*\d")
"""Whether a text has several groups of figures, whose order must be kept."""
_STRONG = {"L", "R", "AL"}
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc](?<![\u060c\u061b])")
_LATIN_COMMAS = {0x060C: ",", 0x061B: ";"}
_WITH_THE_PAGE = {"L", "EN", "ES", "ET", "CS", "NSM", "BN", "WS", "ON"}


def syntax_problems(own: Path) -> tuple[Problem, ...]:
    """The mistakes in the user's templates that show without rendering them."""
    problems = []
    for path in sorted(own.glob("**/*.j2")):
        name = path.relative_to(own).as_posix()
        try:
            _environment((own,)).get_template(name)
        except Exception as error:  # noqa: BLE001  # also files that are no text
            problems.append(_problem_of(error, own, name))
    return tuple(problems)


def render_built_in(name: str, context: Mapping[str, Any]) -> str:
    """A built-in template that users cannot replace, or whose copy failed."""
    return _environment((template_folder(),)).get_template(name).render(context)


_ENDLESS: dict[tuple[Path, int], int | None] = {}
"""Templates that took too long in this process, with their mtime and line.

They are not tried again for every layout of every brief."""


def _by_own_template(name: str, folders: tuple[Path, ...], context: Mapping[str, Any]) -> str:
    template = _environment(folders).get_template(name)
    file = Path(str(template.filename))
    key = (file, file.stat().st_mtime_ns)
    if key in _ENDLESS:
        raise TooLong(_ENDLESS[key])
    try:
        with _at_most(SECONDS):
            html = template.render(context)
    except TooLong as error:
        _ENDLESS[key] = _place_of(error, folders[0])[1]
        raise
    if len(html) > _MOST_HTML:
        raise SecurityError("it makes a page of more than 2 MB")
    return html


class TooLong(Exception):  # noqa: N818  # names the state
    """A template did not end in time; `line` is known from an earlier try."""

    def __init__(self, line: int | None = None) -> None:
        super().__init__(f"it did not end within {SECONDS:g} seconds")
        self.line = line


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stop a block that takes longer. This works only in a main thread, like a child's."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, which also refuses arithmetic that no signal could interrupt."""

    intercepted_binops = frozenset({"**", "*", "%"})

    def call_binop(
        self,
        context: Context,
        operator: str,
        left: Any,  # noqa: ANN401  # as Jinja2 hands them over
        right: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if operator == "**" and not _small_power(left, right):
            raise SecurityError("a power as large as that is not allowed")
        if operator == "*" and any(
            isinstance(sequence, str | list | tuple)
            and isinstance(times, int)
            and len(sequence) * times > _MOST_REPEATS
            for sequence, times in ((left, right), (right, left))
        ):
            raise SecurityError("a text or list as long as that is not allowed")
        if operator == "%" and isinstance(left, str):
            raise SecurityError("`%` on a text is not allowed; write `~` between its parts")
        return super().call_binop(context, operator, left, right)


def _small_power(base: object, exponent: object) -> bool:
    if not isinstance(base, int) or not isinstance(exponent, int):
        return isinstance(base, int | float) and isinstance(exponent, int | float)
    return base.bit_length() * abs(exponent) <= _MOST_BITS


class _RegularFiles(BaseLoader):
    """Templates of one folder; links, which may lead anywhere, are not followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002  # as jinja calls it
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template, its path, and whether it is still the same."""
        try:
            content = read_inside(self._folder, template)
        except OSError:
            raise TemplateNotFound(template) from None
        unchanged = partial(_is_unchanged, self._folder / template, content)
        return content.decode(), str(self._folder / template), unchanged


def _is_unchanged(path: Path, content: bytes) -> bool:
    try:
        return read_regular(path) == content
    except OSError:
        return False


@cache
def _environment(folders: tuple[Path, ...]) -> ImmutableSandboxedEnvironment:
    return _Sandbox(
        loader=ChoiceLoader([_RegularFiles(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def _problem_of(error: Exception, own: Path, name: str = PAGE) -> Problem:
    """A template's mistake, with its name and line."""
    place, line = _place_of(error, own)
    return Problem(
        file=f"{own.name}/{place or name}",
        line=line,
        message=f"{_reworded(error)}; {_INSTEAD}",
    )


def _reworded(error: Exception) -> str:
    said = " ".join(str(error).split())[:200]
    if isinstance(error, UndefinedError):
        said = re.sub(r"'?dict object'? has no attribute '(\w+)'", r"'\1' is unknown here", said)
        return f"{said} (docs/templates.md has every name)"
    if isinstance(error, RecursionError):
        return "it includes or calls itself without end"
    if isinstance(error, MemoryError):
        return "it needs more memory than a page may have"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text; save it as UTF-8"
    return said or type(error).__name__


def _place_of(error: Exception, own: Path) -> tuple[str | None, int | None]:
    """The user's template, and its line, in which `error` occurred.

    A syntax error knows its place; for others Jinja2 writes it into the traceback.
    """
    if isinstance(error, TemplateSyntaxError):
        return _below(own, error.filename) or error.name, error.lineno
    if isinstance(error, TooLong) and error.line is not None:
        return None, error.line
    place, line = None, None
    step = error.__traceback__
    while step is not None:
        if name := _below(own, step.tb_frame.f_code.co_filename):
            place, line = name, step.tb_lineno
        step = step.tb_next
    return place, line


def _below(own: Path, file: str | None) -> str | None:
    """The name of a file below the user's folder; None for any other."""
    path = Path(file or "")
    return path.relative_to(own).as_posix() if path.is_relative_to(own) else None
