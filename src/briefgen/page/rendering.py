"""Rendering: a brief and a plan made into HTML by the user's template or the built-in one."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from briefgen.page.look import Look
from briefgen.page.templates import PAGE, PLAIN, template_folder, template_folders
from briefgen.problems import Problem


def render(
    context: Mapping[str, Any], look: Look, name: str = PAGE
) -> tuple[str, tuple[Problem, ...]]:
    """The page as HTML; with a mistake in the user's own template, by the built-in one.

    `name` is that of the template.
    """
    own = template_folders(look.templates)
    try:
        return _environment(own).get_template(name).render(context), ()
    except (
        TemplateError,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        OverflowError,
    ) as error:
        if len(own) == 1:
            raise
        problem = _problem_of(error, look, name)
    return _environment((template_folder(),)).get_template(name).render(context), (problem,)


def render_plain(context: Mapping[str, Any]) -> str:
    """The text-only page, always by the built-in template."""
    return _environment((template_folder(),)).get_template(PLAIN).render(context)


@cache
def _environment(folders: tuple[Any, ...]) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def _problem_of(error: Exception, look: Look, name: str) -> Problem:
    """A template's mistake, with its line."""
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _line_of(error)
    return Problem(
        file=f"{look.templates.name}/{name}",
        line=line,
        message=f"{error}; the built-in template was used instead",
    )


def _line_of(error: Exception) -> int | None:
    """The line of the template in which `error` came up; Jinja2 writes it into the traceback."""
    line = None
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename.endswith(".j2"):
            line = step.tb_lineno
        step = step.tb_next
    return line
