"""Drafts: answers that could not be written to a contact's file yet, and are not lost."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from briefgen.reflection.answers import Answered, Answers, answers_text, read_answers
from briefgen.reflection.record import Occasion
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.document import read_bytes
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem


def draft_path(workspace: Workspace, occasion: Occasion) -> Path:
    """Where the draft of a meeting's reflection lies, if there is one."""
    key = repr((occasion.uid, occasion.recurrence_id, occasion.day.isoformat()))
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    return _folder(workspace) / f"reflection-{occasion.day}-{mark}.yaml"


@dataclass(frozen=True, kw_only=True)
class KeptDraft:
    """Answers that wait in a file which `briefgen reflect --from` takes.

    Attributes:
        before: a draft of the same meeting that holds other answers, and stays.
    """

    path: Path
    before: Path | None = None


def keep_draft(
    workspace: Workspace,
    occasion: Occasion,
    answers: Sequence[Answers],
    *,
    title: str,
    taken_up: Path | None,
) -> KeptDraft:
    """Keep answers as a draft; that which they go on from is replaced, any other gets another name.

    Raises:
        OSError: where it cannot be written.
    """
    content = _content(answers, title)
    path = taken_up or draft_path(workspace, occasion)
    before = _put_aside(path, content) if taken_up is None else None
    write_whole(path, content)
    return KeptDraft(path=path, before=before)


def _content(answers: Sequence[Answers], title: str) -> bytes:
    head = f"# {' '.join(title.split())}\n" if title.isprintable() else ""
    return (head + answers_text(answers)).encode()


def _put_aside(path: Path, content: bytes) -> Path | None:
    """Give a draft that holds something else another name; None where there is none."""
    if not path.exists() or path.read_bytes() == content:
        return None
    names = (path.with_name(f"{path.stem}-{number}.yaml") for number in count(2))
    free = next(name for name in names if not name.exists())
    path.rename(free)
    return free


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


def drop_draft(
    workspace: Workspace,
    occasion: Occasion,
    answers: Sequence[Answers],
    *,
    title: str,
    taken_up: Path | None,
) -> Path | None:
    """Remove the draft of answers that are on file now; gives one of others, which stays."""
    path = draft_path(workspace, occasion)
    if taken_up is not None:
        taken_up.unlink(missing_ok=True)
    if not path.exists():
        return None
    if path.read_bytes() == _content(answers, title):
        path.unlink()
        return None
    return path


def is_draft(path: Path, workspace: Workspace) -> bool:
    """Whether a file is one of the drafts of a workspace."""
    return path.resolve().parent == _folder(workspace).resolve()


def _folder(workspace: Workspace) -> Path:
    return workspace.memory / "drafts"
