"""A kill -9 at a chosen line of the code under test."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType


def killed_at(step: int, act: Callable[[], object], *, within: tuple[str, ...]) -> bool:
    """Act in a child that is killed at its `step`-th line of the modules `within`; whether it was.

    Modules are named by the ends of their files' names.
    """
    child = os.fork()
    if child == 0:
        lines = 0

        def trace(frame: FrameType, event: str, _arg: object) -> object:
            nonlocal lines
            if not frame.f_code.co_filename.endswith(within):
                return None
            lines += event == "line"
            if lines == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace

        try:
            sys.settrace(trace)
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)
