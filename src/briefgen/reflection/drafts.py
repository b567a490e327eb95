"""Drafts: answers that could not be written to a contact's file yet, and are not lost."""

import hashlib
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from briefgen.reflection.answers import Answered, Answers, Occasion, answers_text, read_answers
from briefgen.workspace.atomic import sync_folder, write_whole
from briefgen.workspace.document import read_bytes
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value


def draft_path(workspace: Workspace, occasion: Occasion) -> Path:
    """Where the draft of a meeting's reflection lies, if there is one."""
    key = repr((occasion.uid, occasion.recurrence_id, occasion.day.isoformat()))
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    return _folder(workspace) / f"reflection-{occasion.day}-{mark}.yaml"


class Draft(Value, frozen=True, kw_only=True):
    """A draft as it was read or written, so that it is replaced only while it still says that.

    Attributes:
        mark: names its content.
        before: a draft of the same meeting that holds other answers, and stays.
    """

    path: Path
    mark: str
    before: Path | None = None


def keep_draft(
    workspace: Workspace,
    occasion: Occasion,
    answers: Sequence[Answers],
    *,
    title: str,
    taken_up: Draft | None,
) -> Draft:
    """Keep answers as a draft; that which they go on from is replaced, any other gets another name.

    Where somebody else wrote into the draft meanwhile (a second window, a telephone), what they
    wrote gets another name too.

    Raises:
        OSError: where it cannot be written.
    """
    content = _content(answers, title)
    path = taken_up.path if taken_up else draft_path(workspace, occasion)
    before = _put_aside(path, content, known=taken_up.mark if taken_up else None)
    write_whole(path, content)
    return Draft(path=path, mark=mark_of(content), before=before)


def mark_of(content: bytes) -> str:
    """Names the content of a draft."""
    return hashlib.sha256(content).hexdigest()[:16]


def _content(answers: Sequence[Answers], title: str) -> bytes:
    head = f"# {' '.join(title.split())}\n" if title.isprintable() else ""
    return (head + answers_text(answers)).encode()


def _put_aside(path: Path, content: bytes, *, known: str | None) -> Path | None:
    """Give a draft that holds something else another name; None where there is none."""
    if not path.exists():
        return None
    held = path.read_bytes()
    if held == content or mark_of(held) == known:
        return None
    names = (path.with_name(f"{path.stem}-{number}.yaml") for number in count(2))
    free = next(name for name in names if not name.exists())
    path.rename(free)
    sync_folder(path.parent)  # before something else gets its name
    return free


def find_draft(
    workspace: Workspace, occasion: Occasion
) -> tuple[Draft | None, tuple[Answered, ...], tuple[Problem, ...]]:
    """The draft of a meeting's reflection, its answers, and what is wrong in it."""
    path = draft_path(workspace, occasion)
    try:
        content = read_bytes(path)
    except FileNotFoundError:
        return None, (), ()
    except OSError as error:
        file = workspace.relative(path)
        return (
            None,
            (),
            (
                Problem(
                    file=file, message=Phrase("cannot be read: {reason}", reason=error.strerror)
                ),
            ),
        )
    answers, problems = read_answers(content, workspace.relative(path))
    return Draft(path=path, mark=mark_of(content)), answers, problems


def drop_draft(
    workspace: Workspace,
    occasion: Occasion,
    answers: Sequence[Answers],
    *,
    title: str,
    taken_up: Draft | None,
) -> Path | None:
    """Remove the draft of answers that are on file now; gives one of others, which stays."""
    if taken_up is not None and _mark_at(taken_up.path) == taken_up.mark:
        taken_up.path.unlink(missing_ok=True)
    path = draft_path(workspace, occasion)
    if not path.exists():
        return None
    if path.read_bytes() == _content(answers, title):
        path.unlink()
        return None
    return path


def _mark_at(path: Path) -> str | None:
    return mark_of(path.read_bytes()) if path.exists() else None


def is_draft(path: Path, workspace: Workspace) -> bool:
    """Whether a file is one of the drafts of a workspace."""
    return path.resolve().parent == _folder(workspace).resolve()


def _folder(workspace: Workspace) -> Path:
    return workspace.memory / "drafts"
