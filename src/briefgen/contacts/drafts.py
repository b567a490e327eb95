"""Drafts: answers that could not be written to a contact's file yet, and are not lost."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from briefgen.contacts.answers import Answered, Answers, answers_text, read_answers
from briefgen.contacts.recording import Occasion
from briefgen.document import read_bytes
from briefgen.problems import Problem
from briefgen.workspace import Workspace
from briefgen.writing import write_whole


def draft_path(workspace: Workspace, occasion: Occasion) -> Path:
    """Where the draft of a meeting's reflection lies, if there is one."""
    key = repr((occasion.uid, occasion.recurrence_id, occasion.day.isoformat()))
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    return workspace.memory / "drafts" / f"reflection-{occasion.day}-{mark}.yaml"


def keep_draft(
    workspace: Workspace, occasion: Occasion, answers: Sequence[Answers], *, title: str
) -> Path:
    """Keep answers as a file that `briefgen reflect --from` takes, and tell where.

    Raises:
        OSError: where it cannot be written.
    """
    path = draft_path(workspace, occasion)
    head = f"# {' '.join(title.split())}\n" if title.isprintable() else ""
    write_whole(path, (head + answers_text(answers)).encode())
    return path


def find_draft(
    workspace: Workspace, occasion: Occasion
) -> tuple[Path | None, tuple[Answered, ...], tuple[Problem, ...]]:
    """The draft of a meeting's reflection: its file, its answers, and what is wrong in it."""
    path = draft_path(workspace, occasion)
    try:
        content = read_bytes(path)
    except FileNotFoundError:
        return None, (), ()
    except OSError as error:
        file = workspace.relative(path)
        return None, (), (Problem(file=file, message=f"cannot be read: {error.strerror}"),)
    answers, problems = read_answers(content, workspace.relative(path))
    return path, answers, problems


def drop_draft(workspace: Workspace, occasion: Occasion) -> None:
    """Remove the draft of a meeting whose reflection is on file now."""
    draft_path(workspace, occasion).unlink(missing_ok=True)
