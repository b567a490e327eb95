"""The user's stylesheets: what the typesetter does not understand in them, with the line."""

import re
from pathlib import Path

from briefgen.page.templates import PAGE_STYLES
from briefgen.page.typeset import style_warnings
from briefgen.workspace.problems import Problem

_PLACE = re.compile(r" at (\d+):\d+")


def style_problems(own: Path) -> tuple[Problem, ...]:
    """A warning for each declaration in the user's stylesheets that has no effect."""
    return tuple(
        _problem(f"{own.name}/{style.name}", warning)
        for style in sorted(own.glob("*.css"))
        if style.name in PAGE_STYLES  # the form and the web page are a browser's
        for warning in style_warnings(style)
    )


def _problem(file: str, warning: str) -> Problem:
    place = _PLACE.search(warning)
    return Problem(
        file=file,
        line=int(place[1]) if place else None,
        message=_PLACE.sub("", warning, count=1),
        severity="warning",
    )
