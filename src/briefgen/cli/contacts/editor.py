"""The user's own editor."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from briefgen.cli.call import Call
from briefgen.night import exit_status
from briefgen.workspace.phrase import Phrase


def run_editor(call: Call, paths: Sequence[Path]) -> None:
    """Open files in `$VISUAL` or `$EDITOR` and wait until it is closed."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _plain_editor()
    try:
        subprocess.run([*shlex.split(editor), *map(str, paths)], check=False)
    except (OSError, ValueError):
        message = Phrase(
            "the editor '{editor}' cannot be started; open the file in one of yours", editor=editor
        )
        call.fail(message, exit_status.NOTHING_MADE)


def _plain_editor() -> str:
    """Where nobody chose one: what the system calls its editor, before vi, which few can leave."""
    found = (name for name in ("sensible-editor", "editor", "nano") if shutil.which(name))
    return next(found, "vi")
