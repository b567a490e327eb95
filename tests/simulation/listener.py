"""What the servers of the simulation share: one thread that takes one caller after the other."""

import contextlib
import socket
import threading
from collections.abc import Callable


class Listener:
    """Answers everyone who connects, until it is closed."""

    def __init__(self, answer: Callable[[socket.socket], None], at: str = "") -> None:
        """Listen on loopback, or on the socket file `at`."""
        if at:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.bind(at)
            self._socket.listen()
        else:
            self._socket = socket.create_server(("127.0.0.1", 0))
        self._answer = answer
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens on loopback."""
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        """Serve nobody any more."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError, ValueError):
                connection.settimeout(60)
                self._answer(connection)
