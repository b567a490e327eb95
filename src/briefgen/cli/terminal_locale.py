"""Which language the terminal speaks: found without reading the settings, which may be broken."""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from briefgen.workspace.folder import SETTINGS_FILE, NoWorkspace, find_workspace

VARIABLE: Final = "BRIEFGEN_LANG"
_LOCALE = re.compile(r"^locale:\s*[\"']?([A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})*)", re.MULTILINE)
_MACHINE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
DEFAULT: Final = "en_GB"


def terminal_locale(given: Path | None, *, environment: Mapping[str, str]) -> str:
    """The locale of `BRIEFGEN_LANG`, of the workspace, or without a workspace of the machine.

    English where that one has no catalogue.
    """
    found = environment.get(VARIABLE) or _of_workspace(given, environment)
    if found is None:
        found = next((environment[name] for name in _MACHINE if environment.get(name)), "")
        found = found.partition(".")[0].partition("@")[0]
    if found[:2].casefold() == "en" or not found.strip():
        return found if found.startswith("en") else DEFAULT
    from babel import UnknownLocaleError  # noqa: PLC0415  # English needs none of it

    from briefgen.workspace.language import language_of  # noqa: PLC0415  # as above

    with suppress(UnknownLocaleError, ValueError):
        language_of(found)
        return found
    return DEFAULT


def _of_workspace(given: Path | None, environment: Mapping[str, str]) -> str | None:
    try:
        root = find_workspace(given, environment=environment, current=Path.cwd()).root
    except (NoWorkspace, OSError):
        return None
    with suppress(OSError, ValueError):
        if found := _LOCALE.search((root / SETTINGS_FILE).read_text(encoding="utf-8")):
            return found[1]
    return DEFAULT
