"""The real server on loopback, and a session in it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from served_pages import AS_OF, Served, clock_at, free_port, make_workspace
from small_workspaces import SETTINGS

from briefgen.web.application import application
from briefgen.web.desk import Desk
from briefgen.web.server import Listener, listen, run
from briefgen.workspace.folder import Workspace


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serves a workspace; the server ends with the test."""
    running: list[tuple[threading.Event, threading.Thread]] = []

    def serve(root: Path | None = None, *, as_of: str = AS_OF, settings: str = SETTINGS) -> Served:
        root = root or make_workspace(tmp_path / "work", settings=settings)
        complaints: list[str] = []
        desk = Desk(Workspace(root=root), clock_at(as_of), complain=complaints.append)
        port = free_port()
        hosts = {"http": frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})}
        app = application(desk, hosts=hosts)
        stop, ready = threading.Event(), threading.Event()
        thread = threading.Thread(
            target=run,
            args=(app, [Listener(socket=listen("127.0.0.1", port))]),
            kwargs={"ready": ready.set, "stop": stop},
        )
        thread.start()
        assert ready.wait(20)
        running.append((stop, thread))
        return Served(root=root, port=port, desk=desk, complaints=complaints)

    yield serve
    for stop, thread in running:
        stop.set()
        thread.join(10)


@pytest.fixture
def served(serving: Callable[..., Served]) -> Served:
    """A small workspace, served, and a session in it."""
    found = serving()
    found.let_in()
    return found
