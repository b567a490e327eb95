"""Standard streams that can be written to, whatever briefgen was started from."""

import os
import sys
from typing import Final, TextIO

_STREAMS: Final = ("stdin", "stdout", "stderr")


def make_usable() -> None:
    """Open what is closed, and speak UTF-8 whatever the locale.

    A service or a script may start a program with its streams closed: the next file that is
    opened would get their number, and what a library complains of would be written into it.
    """
    _open_closed()
    _speak_utf8()
    for name in _STREAMS[1:]:
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  # to the end
        elif stream.encoding.lower().replace("-", "") != "utf8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _open_closed() -> None:
    for number in range(len(_STREAMS)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one


def _speak_utf8() -> None:
    """Start again in UTF-8 mode where the locale has file names in another encoding.

    Names of briefs and contacts are of every script.
    """
    if sys.getfilesystemencoding() == "utf-8" or not sys.orig_argv:
        return
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  # ourselves
