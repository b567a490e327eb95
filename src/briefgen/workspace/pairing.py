"""Whether a telephone is paired with this workspace, as the web page keeps it on file."""

import json
from datetime import datetime
from pathlib import Path

from briefgen.workspace.folder import Workspace


def sessions_file(workspace: Workspace) -> Path:
    """Where the web page keeps who was let in."""
    return workspace.memory / "web" / "sessions.json"


def phone_is_paired(workspace: Workspace, as_of: datetime) -> bool:
    """Whether a telephone was paired and its session has not run out; false where unreadable."""
    try:
        kept = json.loads(sessions_file(workspace).read_bytes())
        return any(
            one["kind"] == "phone" and datetime.fromisoformat(one["until"]) > as_of
            for one in kept["sessions"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False
