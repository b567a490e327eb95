"""A calendar's server on loopback that answers as the simulation tells it to."""

import socket
from dataclasses import dataclass

from listener import Listener


@dataclass
class FeedServer:
    """Serves `content`; `mood` is what goes wrong with that, or empty for well."""

    content: bytes = b""
    mood: str = ""

    def __post_init__(self) -> None:
        self.listener = Listener(self._serve)

    def _serve(self, connection: socket.socket) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked and (piece := connection.recv(65536)):
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
