"""The server: one process and one event loop, a socket for this machine and one for telephones.

Telephones connect over https, with a certificate from the workspace's own authority. Its key stays
in `.briefgen/web/`, readable by the owner only. A telephone that trusts the authority trusts
everything signed with that key, so it signs nothing but this machine's certificate.
"""

import asyncio
import ctypes
import gc
import hashlib
import ipaddress
import multiprocessing
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from briefgen.web.jobs import in_child
from briefgen.workspace.atomic import make_folder, write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.value import Value

HEADER_SECONDS: Final = 15
"""How long a request line and its headers may take to arrive."""
_HEADER_BYTES: Final = 16 * 1024
_AT_ONCE: Final = 100
_KEEP_ALIVE_SECONDS: Final = 20
_SHUTDOWN_SECONDS: Final = 3
_REST_TURNS: Final = 15


class Listener(Value, frozen=True, kw_only=True):
    """A socket, and the TLS context of its connections."""

    socket: socket.socket
    context: ssl.SSLContext | None = None


class _Patient(H11Protocol):
    """HTTP/1.1 with a time limit for headers."""

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
    """One of several servers in a loop; signals are handled by the command line."""

    @contextmanager
    def capture_signals(self) -> Any:  # noqa: ANN401  # as the base class
        """Leave signals alone."""
        yield


def run(
    app: ASGIApp,
    listeners: Sequence[Listener],
    *,
    ready: Callable[[], None],
    stop: threading.Event,
    release: Callable[[], bool] = lambda: False,
) -> None:
    """Serve until `stop` is set or Ctrl-C comes.

    Args:
        app: the application.
        listeners: its sockets.
        ready: called when every socket accepts connections.
        stop: ends it.
        release: called ten times a second; frees what has not been used for long, if anything.
    """
    try:
        servers = [_server(app, one) for one in listeners]
        asyncio.run(_run(servers, listeners, ready, stop, _Rest(release)))
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
    rest: "_Rest",
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
        while not stop.is_set() and not any(t.done() for t in serving):  # of threads
            await asyncio.sleep(0.1)
            rest.look(sum(server.server_state.total_requests for server in servers))
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*serving)
        for child in multiprocessing.active_children():
            child.terminate()


class _Rest:
    """Returns free memory to the system when no request came for a while: 3 MB."""

    def __init__(self, release: Callable[[], bool]) -> None:
        self._release = release
        library = ctypes.CDLL(None) if sys.platform == "linux" else None
        self._trim = getattr(library, "malloc_trim", None)
        self._seen, self._turns = 0, 0

    def look(self, requests: int) -> None:
        """Called ten times a second with the number of requests so far."""
        self._turns = self._turns + 1 if requests == self._seen else 0
        self._seen = requests
        if (self._turns == _REST_TURNS or self._release()) and self._trim is not None:
            gc.collect()
            self._trim(0)


_SOMEWHERE: Final = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737); finding a route to it sends nothing."""


def local_address() -> str | None:
    """This machine's address in the network it would use; None if it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if ipaddress.ip_address(found).is_loopback else found


def local_name() -> str:
    """The name of this machine in multicast DNS, like `robin.local`."""
    return socket.gethostname().partition(".")[0].casefold() + ".local"


def listen(address: str, port: int) -> socket.socket:
    """A socket bound to this address only.

    Raises:
        OSError: if the port is taken, or the address is not this machine's.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.set_inheritable(False)
    except OSError:
        listener.close()
        raise
    return listener


LEAF_DAYS: Final = 397
"""The longest validity of a certificate that iOS accepts."""
_SLACK: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Certificates:
    """The certificates of https.

    Attributes:
        context: with this machine's certificate, made now.
        authority: the certificate to trust, as DER.
    """

    context: ssl.SSLContext = field(repr=False)
    authority: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate to trust, in pairs of digits, as telephones show it."""
        mark = hashlib.sha256(self.authority).hexdigest().upper()
        return " ".join(mark[at : at + 2] for at in range(0, len(mark), 2))


def certificates(workspace: Workspace, names: Sequence[str], now: datetime) -> Certificates:
    """A certificate for these names and addresses from the workspace's authority.

    It is made in a child process, which saves the server 8 MB.

    Raises:
        OSError: if the authority cannot be written.
    """
    folder = workspace.memory / "web"
    make_folder(folder)
    owner, of = workspace.root.name, tuple(dict.fromkeys(names))
    authority, chain = in_child(_made, folder, owner, of, now)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    with NamedTemporaryFile(dir=folder) as file:  # the ssl module reads keys only from files
        file.write(chain)
        file.flush()
        tls.load_cert_chain(file.name)
    return Certificates(context=tls, authority=ssl.PEM_cert_to_DER_cert(authority.decode()))


def _made(folder: Path, owner: str, names: Sequence[str], now: datetime) -> tuple[bytes, bytes]:
    """The authority's certificate, and a new key and certificate of this machine, as PEM."""
    import trustme  # noqa: PLC0415  # only in the child

    kept, key = folder / "authority.pem", folder / "authority-key.pem"
    try:
        authority = trustme.CA.from_pem(kept.read_bytes(), key.read_bytes())
        whole = _is_pair(authority.cert_pem.bytes(), authority.private_key_pem.bytes())
    except (OSError, ValueError):
        whole = False
    if not whole:  # none yet, or a crash left only one of the two
        authority = trustme.CA(organization_name="briefgen", organization_unit_name=owner)
        write_whole(key, authority.private_key_pem.bytes())
        write_whole(kept, authority.cert_pem.bytes())
    leaf = authority.issue_cert(
        *map(_identity, names),
        common_name="briefgen",
        not_before=now - _SLACK,
        not_after=now - _SLACK + timedelta(days=LEAF_DAYS),
    )
    return authority.cert_pem.bytes(), leaf.private_key_and_cert_chain_pem.bytes()


def _is_pair(certificate: bytes, key: bytes) -> bool:
    """Whether a certificate belongs to a key."""
    from cryptography import x509  # noqa: PLC0415  # only in the child
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415  # as above
        load_pem_private_key,
    )

    public = load_pem_private_key(key, None).public_key()
    return x509.load_pem_x509_certificate(certificate).public_key() == public


def _identity(name: str) -> str:
    """A name or address in the form that certificates need."""
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return name
