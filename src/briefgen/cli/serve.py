"""`briefgen serve`: the local web page."""

import errno
import fcntl
import json
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.terminal import launch
from briefgen.workspace.atomic import FILE_MODE, make_folder
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

if TYPE_CHECKING:
    from briefgen.web.application import Phone
    from briefgen.web.desk import Desk
    from briefgen.web.server import Listener
    from briefgen.web.sessions import Sessions

_UTC: Final = ZoneInfo("UTC")
_WITHOUT_ISOLATES: Final = {0x2068: None, 0x2069: None}
"""Arabic texts isolate an address with these; copied along with it, they would spoil the token."""
_HERE: Final = "127.0.0.1"
_NEEDED: Final = ("python_multipart", "segno", "starlette", "trustme", "uvicorn")


class _Wish(Value, frozen=True, kw_only=True):
    """The options of `serve`."""

    port: int
    open_it: bool
    phone: bool
    host: str | None


@click.command("serve")
@click.option(
    "--port", metavar="N", type=click.IntRange(1, 65535), help="Else as the settings say: 8443."
)
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
@click.option("--phone", is_flag=True, help="Let a telephone in your network in: shows a code.")
@click.option(
    "--host", metavar="ADDRESS", help="This machine's address for the telephone; else found."
)
@with_call
def serve(*, call: Call, port: int | None, open_it: bool, phone: bool, host: str | None) -> None:
    """The local web page: today, briefs, people, the five minutes after a meeting.

    It prints an address that lets one browser in, once, for ten minutes. Called again while it
    runs, it prints another. Only this machine is served, unless --phone is given. Ctrl-C ends it.
    """
    _refuse_without_extra(call)
    port = port or call.settings.web.port
    with _alone(call.workspace, port) as running_at:
        if running_at is not None:
            _invite_again(call, running_at, phone=phone, open_it=open_it)
            return
        _serve(call, _Wish(port=port, open_it=open_it, phone=phone, host=host))


def _refuse_without_extra(call: Call) -> None:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        from briefgen.upkeep.doctor import install_line  # noqa: PLC0415  # seldom

        call.fail(
            "the web page needs a few more packages; type: {install}", install=install_line("web")
        )


@contextmanager
def _alone(workspace: Workspace, port: int) -> Iterator[int | None]:
    """Hold the page's lock, or yield the port at which another process serves this workspace."""
    folder = workspace.memory / "web"
    make_folder(folder)
    file = folder / "server.json"
    file.touch(mode=FILE_MODE)
    with file.open("r+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield _port_in(file) or port
            return
        stream.truncate(0)
        json.dump({"port": port}, stream)
        stream.flush()
        yield None


def _port_in(file: Path) -> int | None:
    try:
        return int(json.loads(file.read_bytes())["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _invite_again(call: Call, port: int, *, phone: bool, open_it: bool) -> None:
    from briefgen.web.sessions import Sessions  # noqa: PLC0415  # only here

    if phone:
        message = Phrase(
            "the page is served already; pair the telephone there, under More, Devices"
        )
        call.say(message)
    sessions = Sessions(call.workspace, lambda: call.as_of(_UTC))
    _say_address(call, sessions, port, open_it=open_it)


def _serve(call: Call, wish: _Wish) -> None:
    """Serve until Ctrl-C."""
    from briefgen.web.application import application  # noqa: PLC0415  # a sixth of a second
    from briefgen.web.desk import Desk  # noqa: PLC0415  # with it
    from briefgen.web.server import Listener, run  # noqa: PLC0415  # with it
    from briefgen.workspace.watch import watch_workspace  # noqa: PLC0415  # with it

    port = wish.port
    desk = Desk(call.workspace, call.as_of, complain=lambda line: click.echo(line, err=True))
    hosts = {"http": frozenset({f"{_HERE}:{port}", f"localhost:{port}"})}
    listeners = [Listener(socket=_listener(call, _HERE, port))]
    paired: Phone | None = None
    if wish.phone:
        listener, paired, names = _for_phone(call, desk, port, wish.host)
        listeners.append(listener)
        hosts["https"] = names
    desk.warm_up()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    watcher = threading.Thread(
        target=watch_workspace,
        args=(call.workspace, desk.touch),
        kwargs={"say": lambda _: None, "stop": stop},
        daemon=True,
    )
    watcher.start()

    def ready() -> None:
        _say_address(call, desk.sessions, port, open_it=wish.open_it)
        if paired is not None:
            _say_pairing(call, desk, paired)
        call.say(Phrase("Ctrl-C ends it."))

    app = application(desk, hosts=hosts, phone=paired)
    run(app, listeners, ready=ready, stop=stop, release=desk.rest)
    stop.set()


def _listener(call: Call, address: str, port: int) -> socket.socket:
    from briefgen.web.server import listen  # noqa: PLC0415  # with it

    try:
        return listen(address, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            call.fail(
                "port {port} is taken by another program; name another with --port", port=port
            )
        call.fail(f"{address}:{port}: {error.strerror}")


def _for_phone(
    call: Call, desk: "Desk", port: int, host: str | None
) -> "tuple[Listener, Phone, frozenset[str]]":
    """The socket for telephones, its address, and the host names that are allowed."""
    from briefgen.web.application import Phone  # noqa: PLC0415  # with it
    from briefgen.web.server import (  # noqa: PLC0415  # with it
        Listener,  # with it
        certificates,  # only for telephones
        local_address,
        local_name,
    )

    address = host or local_address()
    if address is None:
        message = Phrase(
            "this machine is not in a network; join one, or give its address with --host"
        )
        call.fail(message)
    own_address = call.settings.web.address
    known = urlsplit(own_address or "").hostname
    names = [address, local_name(), *([known] if known else [])]
    made = certificates(desk.workspace, names, desk.now())
    listener = Listener(socket=_listener(call, address, port), context=made.context)
    phone = Phone(
        address=own_address or f"https://{address}:{port}",
        authority=made.authority,
        fingerprint=made.fingerprint,
    )
    own = urlsplit(phone.address).netloc.casefold()
    return listener, phone, frozenset({own, *(f"{name}:{port}" for name in names)})


def _say_address(call: Call, sessions: "Sessions", port: int, *, open_it: bool) -> None:
    address = f"http://{_HERE}:{port}/in?token={sessions.invite('desktop')}"
    if call.as_json:
        call.report({"address": address})
    else:
        told = Phrase("Open this in a browser; it lets one in, once:\n  {address}", address=address)
        click.echo(call.said(told).translate(_WITHOUT_ISOLATES))
    if open_it:
        launch(address)


def _say_pairing(call: Call, desk: "Desk", phone: "Phone") -> None:
    import segno  # noqa: PLC0415  # only for telephones

    address = f"{phone.address}/in?token={desk.sessions.invite('phone')}"
    call.say(Phrase("\nRead this with your telephone's camera; it is good once, for five minutes:"))
    if not call.quiet:
        segno.make(address, error="l", micro=False).terminal(compact=True)
    call.say(f"  {address}")
    call.say(
        "The telephone will warn of an unknown certificate, until you install the "
        "one of\nthis machine (briefgen docs phone): {address}/briefgen.crt\n  SHA-256 "
        "{fingerprint}",
        address=phone.address,
        fingerprint=phone.fingerprint,
    )
