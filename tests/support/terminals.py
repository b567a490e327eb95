"""`briefgen reflect` in a real terminal."""

import os
import pty
import select
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self


class Terminal:
    """A command that runs in a pseudo-terminal; a failing test ends it.

    Args:
        root: the workspace.
        as_of: the clock.
        words: what follows `reflect` and its workspace.
        program: how Python is called.
    """

    def __init__(
        self, root: Path, as_of: str, *words: str, program: Sequence[str] = ("-m", "briefgen")
    ) -> None:
        self.screen = ""
        self.child, self.descriptor = pty.fork()
        if self.child == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a run in the background ignores it
            os.environ |= {"TERM": "xterm", "INPUTRC": "/dev/null"}
            call = ["reflect", "-w", str(root), "--as-of", as_of, *words]
            os.execv(sys.executable, [sys.executable, *program, *call])
        self._seen = 0
        self._ended = False

    def __enter__(self) -> Self:
        """Begin to look at it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it where the test failed."""
        if not self._ended:
            os.kill(self.child, signal.SIGKILL)
            self.status()

    def wait_for(self, text: str) -> None:
        """Read what the terminal shows until `text` comes, after what was waited for last."""
        while (at := self.screen.find(text, self._seen)) < 0:
            ready, _, _ = select.select([self.descriptor], [], [], 20)
            assert ready, f"no {text!r} in {self.screen}"
            self.screen += os.read(self.descriptor, 4096).decode(errors="replace")
        self._seen = at + len(text)

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self.descriptor, keys.encode())

    def status(self) -> int:
        """Wait until it ends; the exit status, or less than zero for a signal."""
        while True:
            ready, _, _ = select.select([self.descriptor], [], [], 20)
            assert ready, f"it does not end: {self.screen}"
            try:
                read = os.read(self.descriptor, 4096)
            except OSError:  # the other side is closed
                break
            if not read:
                break
            self.screen += read.decode(errors="replace")
        _, status = os.waitpid(self.child, 0)
        os.close(self.descriptor)
        self._ended = True
        return os.waitstatus_to_exitcode(status)
