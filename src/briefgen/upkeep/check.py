"""Every problem in what the user wrote, for `briefgen check` and the web page."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from briefgen import __version__
from briefgen.brief.additions import read_additions
from briefgen.brief.doubts import doubts_on_file
from briefgen.brief.me import doubts_about_me
from briefgen.brief.signals import Vocabulary, read_vocabulary
from briefgen.brief.understood import understood_on_file
from briefgen.contacts.book import ContactBook
from briefgen.contacts.index import open_book
from briefgen.meetings.fetch import path_copies
from briefgen.page.look import Look, has_own_templates
from briefgen.page.photos import photo_problems
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import language_of
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Settings, read_settings


def all_problems(
    workspace: Workspace, clock: Callable[[ZoneInfo], datetime]
) -> tuple[Problem, ...]:
    """Everything wrong in settings, feeds that are paths, contacts, meetings' files, templates."""
    settings, problems = read_settings(workspace.root)
    book, in_book = open_book(workspace)
    _, in_additions = read_additions(workspace)
    language = language_of(settings.locale if settings else "en_GB")
    vocabulary, in_vocabulary = read_vocabulary(workspace.templates, language)
    today = clock((settings or Settings()).zone).date()
    doubtful = _doubts(book, workspace, today, vocabulary)
    in_templates = _template_problems(workspace.templates)
    copies = path_copies(settings.feeds if settings else (), workspace=workspace)
    in_feeds = [problem for copy in copies for problem in copy.problems]
    if settings is not None:
        in_feeds += doubts_about_me(settings.me, copies, book)
    in_photos = photo_problems(book, Look.of(workspace, settings or Settings(), language))
    in_files = (*in_feeds, *in_book, *doubtful, *in_photos, *in_additions)
    return (*problems, *in_files, *in_vocabulary, *in_templates)


def _doubts(
    book: ContactBook, workspace: Workspace, today: date, vocabulary: Vocabulary
) -> list[Problem]:
    """The doubts about contacts; those of files that have not changed today are not made again.

    10,000 contacts take 20 s; with what `.briefgen/doubts.json` has kept of them, 1.
    """
    path, own = workspace.memory / "doubts.json", workspace.templates / "signals.yaml"
    words = hashlib.sha256(own.read_bytes()).hexdigest() if own.is_file() else ""
    made_of = [__version__, today.isoformat(), str(vocabulary.language), words]
    known: dict[str, Any] = {}
    with suppress(OSError, ValueError, TypeError, KeyError):
        held = json.loads(path.read_bytes())
        known = held["files"] if held["made_of"] == made_of else {}
    kept: dict[str, Any] = {}
    doubts = doubts_on_file(
        book,
        workspace.root,
        today=today,
        vocabulary=vocabulary,
        known=known,
        keep=kept.__setitem__,
    )
    found = list(doubts)
    if kept != known:
        with suppress(OSError):  # then they are made again
            content = json.dumps({"made_of": made_of, "files": kept}, ensure_ascii=False)
            write_whole(path, content.encode())
    return found


def _template_problems(own: Path) -> tuple[Problem, ...]:
    if not has_own_templates(own):
        return ()
    from briefgen.page.check import template_problems  # noqa: PLC0415  # imports all of typesetting

    return template_problems(own)


def how_understood(workspace: Workspace) -> tuple[Problem, ...]:
    """How ambiguous entries were understood, each with its place."""
    settings, _ = read_settings(workspace.root)
    book, _ = open_book(workspace)
    language = language_of(settings.locale if settings else "en_GB")
    return tuple(understood_on_file(book, workspace.root, str(language.locale.language)))
