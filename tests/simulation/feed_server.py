"""A calendar's server on loopback that answers as the simulation tells it."""

import contextlib
import socket
import threading
from dataclasses import dataclass


@dataclass
class FeedServer:
    """Serves `content`; `mood` is what goes wrong with that, or empty for well."""

    content: bytes = b""
    mood: str = ""
    port: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Serve nobody any more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(60)
                asked = b""
                while b"\r\n\r\n" not in asked:
                    piece = connection.recv(65536)
                    if not piece:
                        break
                    asked += piece
                connection.sendall(self._answer())

    def _answer(self) -> bytes:
        kind, body = "text/calendar", self.content
        status, more, length = "200 OK", "", len(body)
        match self.mood:
            case "closed":
                return b""
            case "half":
                body = body[: length // 2]
            case "login":
                kind, body = "text/html", b"<!DOCTYPE html><html>Please sign in</html>"
                length = len(body)
            case "busy":
                status, body, length = "503 Service Unavailable", b"", 0
            case "gone":
                status, body, length = "404 Not Found", b"", 0
            case "elsewhere":
                status, more = "302 Found", "Location: http://login.example/\r\n"
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n"
            f"{more}Connection: close\r\n\r\n"
        )
        return head.encode() + body
