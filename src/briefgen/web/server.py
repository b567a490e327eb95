"""The server: one process, one loop, a socket for this machine and one for telephones."""

import asyncio
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import Any, Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from briefgen.workspace.value import Value

HEADER_SECONDS: Final = 15
"""How long a request line and its headers may take to arrive."""
_HEADER_BYTES: Final = 16 * 1024
_AT_ONCE: Final = 100
_KEEP_ALIVE_SECONDS: Final = 20
_SHUTDOWN_SECONDS: Final = 3


class Listener(Value, frozen=True, kw_only=True):
    """A socket, and what its connections are protected with."""

    socket: socket.socket
    context: ssl.SSLContext | None = None


class _Patient(H11Protocol):
    """HTTP/1.1 that waits for headers, but not for ever."""

    _impatience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            if self._impatience is None:
                self._wait()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._impatience = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None


class _Server(uvicorn.Server):
    """One of several in a loop; signals are for the command line."""

    @contextmanager
    def capture_signals(self) -> Any:  # noqa: ANN401  # as the base class
        """Leave signals alone."""
        yield


def run(
    app: ASGIApp, listeners: Sequence[Listener], *, ready: Callable[[], None], stop: threading.Event
) -> None:
    """Serve until `stop` is set or Ctrl-C comes.

    Args:
        app: what is served.
        listeners: where.
        ready: called once every socket answers.
        stop: ends it.
    """
    try:
        asyncio.run(_run([_server(app, one) for one in listeners], listeners, ready, stop))
    except KeyboardInterrupt:
        stop.set()


def _server(app: ASGIApp, listener: Listener) -> _Server:
    context = listener.context
    config = uvicorn.Config(
        app,
        http=_Patient,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_AT_ONCE,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        h11_max_incomplete_event_size=_HEADER_BYTES,
        ssl_context_factory=(lambda _config, _default: context) if context else None,
    )
    return _Server(config)


async def _run(
    servers: Sequence[_Server],
    listeners: Sequence[Listener],
    ready: Callable[[], None],
    stop: threading.Event,
) -> None:
    serving = [
        asyncio.create_task(server.serve(sockets=[listener.socket]))
        for server, listener in zip(servers, listeners, strict=True)
    ]
    try:
        while not all(server.started for server in servers):
            if any(task.done() for task in serving):
                break
            await asyncio.sleep(0.01)
        ready()
        while not stop.is_set() and not any(t.done() for t in serving):  # noqa: ASYNC110  # of threads
            await asyncio.sleep(0.1)
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*serving)


_SOMEWHERE: Final = ("192.0.2.1", 9)
"""An address of documentation (RFC 5737): choosing a way there sends nothing."""


def local_address() -> str | None:
    """This machine's own address on the network that it would use; None where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if ipaddress.ip_address(found).is_loopback else found


def local_name() -> str:
    """The name that multicast DNS gives this machine, like `robin.local`."""
    return socket.gethostname().partition(".")[0].casefold() + ".local"


def listen(address: str, port: int) -> socket.socket:
    """A socket that listens there and nowhere else.

    Raises:
        OSError: where the port is taken, or the address is not this machine's.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.set_inheritable(False)
    except OSError:
        listener.close()
        raise
    return listener
