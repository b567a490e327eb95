"""Answers that come back as files: a folder or Maildir of forms and mails, each taken once."""

import os
from collections.abc import Iterator
from pathlib import Path

from briefgen.reflection.form_answers import FormAnswers, read_form
from briefgen.workspace.atomic import FILE_MODE, make_folder, sync_folder
from briefgen.workspace.document import read_bytes
from briefgen.workspace.folder import Workspace
from briefgen.workspace.value import Value

_SUFFIXES = frozenset({".eml", ".html", ".htm", ".txt"})
_MAILDIR = ("new", "cur")


class Inbox(Value, frozen=True, kw_only=True):
    """The forms found in a folder.

    Attributes:
        forms: those that were not taken yet, the oldest first.
        taken_before: how many were.
        strangers: files with a form that is none of this workspace's.
    """

    forms: tuple[FormAnswers, ...]
    taken_before: int
    strangers: tuple[str, ...]


def read_inbox(folder: Path, workspace: Workspace) -> Inbox:
    """Look through a folder, or the `new` and `cur` of a Maildir; other mail in it is passed over.

    Raises:
        OSError: where the folder cannot be read.
    """
    known = set(_taken(workspace))
    forms: dict[str, FormAnswers] = {}
    before = 0
    strangers: list[str] = []
    for path in _files(folder):
        try:
            form = read_form(read_bytes(path), path.name)
        except OSError:
            continue
        if form is None:
            continue
        if not form.is_of(workspace):
            strangers.append(path.name)
        elif form.mark in known:
            before += 1
        else:
            forms.setdefault(form.mark, form)
    return Inbox(forms=tuple(forms.values()), taken_before=before, strangers=tuple(strangers))


def _files(folder: Path) -> Iterator[Path]:
    maildir = all((folder / name).is_dir() for name in _MAILDIR)
    folders = [folder / name for name in _MAILDIR] if maildir else [folder]
    found = [path for one in folders for path in one.iterdir() if path.is_file()]
    found.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
    return (path for path in found if maildir or path.suffix.casefold() in _SUFFIXES)


def _taken(workspace: Workspace) -> list[str]:
    try:
        return (workspace.memory / "answers-taken").read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []


def note_taken(form: FormAnswers, workspace: Workspace) -> None:
    """Remember that the answers of a form are on file.

    Raises:
        OSError: where it cannot be written.
    """
    path = workspace.memory / "answers-taken"
    make_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        os.write(descriptor, f"\n{form.mark}\n".encode())  # the line before may have been cut off
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(path.parent)
