"""`--watch`: run again whenever the user changes a template, a contact or the settings."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Stop
from briefgen.workspace.settings import SETTINGS_FILE

_DEBOUNCE_MS = 150  # an editor writes a file in several steps
_LOOK_MS = 250  # how often the settings, and missing folders, are checked
_UNFINISHED = (".swp", ".swx", ".tmp", ".part", "~")


def watch_workspace(
    workspace: Workspace,
    rerun: Callable[[], object],
    *,
    say: Callable[[str], None],
    stop: threading.Event | None = None,
) -> None:
    """Call `rerun` after every change in the workspace, until Ctrl-C or `stop`.

    The settings, `data/` and `templates/` are watched, not what briefgen itself writes. If `rerun`
    exits, for example because the settings are broken just now, the watch goes on.
    """
    try:
        for changed in _changes(workspace, stop or threading.Event()):
            if not changed:
                say(Phrase("watching templates, contacts and settings; Ctrl-C ends it"))
                continue
            say(f"changed: {', '.join(changed)}")
            try:
                rerun()
            except SystemExit:
                continue
            except Stop as reason:
                say(str(reason))
    except KeyboardInterrupt:
        return


def _changes(workspace: Workspace, stop: threading.Event) -> Iterator[tuple[str, ...]]:
    """The files of each change, relative to the workspace; an empty tuple when the watch begins."""
    from watchfiles import watch  # noqa: PLC0415  # only for `--watch`

    settings = workspace.root / SETTINGS_FILE
    before = _states([settings, workspace.templates, workspace.root / "data"])
    begun = False
    while not stop.is_set():
        # Only folders are watched, since an editor may replace a file. The workspace's own folder
        # is not, since briefgen writes below it.
        folders = [path for path in before if path != settings and before[path] is not None]
        for changes in watch(
            *folders,
            debounce=_DEBOUNCE_MS,
            step=_DEBOUNCE_MS // 3,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            stop_event=stop,
            watch_filter=None,
        ):
            if not begun:
                begun = True
                yield ()
            paths = {Path(path) for _, path in changes}
            after = _states(before)
            if after[settings] != before[settings]:
                paths.add(settings)
            came_or_went = _came_or_went(after, before, settings)
            before = after
            seen = sorted({workspace.relative(path) for path in paths if _meant(path)})
            if seen or came_or_went:
                yield tuple(seen or (workspace.relative(path) for path in came_or_went))
            if came_or_went:
                break  # watch the new set of folders
        else:
            return


def _came_or_went(
    after: Mapping[Path, int | None], before: Mapping[Path, int | None], settings: Path
) -> list[Path]:
    return [
        path
        for path, state in after.items()
        if path != settings and (state is None) != (before[path] is None)
    ]


def _states(paths: Iterable[Path]) -> dict[Path, int | None]:
    return {path: _state(path) for path in paths}


def _state(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


def _meant(path: Path) -> bool:
    """Whether this is a person's file and not an editor's temporary one."""
    return not path.name.startswith((".", "#")) and not path.name.endswith(_UNFINISHED)
