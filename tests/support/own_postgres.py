"""Your own PostgreSQL, on a socket in a folder that is gone afterwards."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's programs; None if it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    place = str(found[-1]) if found else shutil.which("initdb")
    return Path(place).parent if place else None


@contextmanager
def own_postgres(programs: Path) -> Iterator[str]:
    """The address of a server that runs for as long as the block does.

    It lies in /tmp itself, since a socket's path may have no more than 107 characters. Where this
    process is killed, the server ends too: the kernel says it (PR_SET_PDEATHSIG).
    """
    place = Path("/tmp") / f"briefgen-pg-{os.getpid()}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    words = ["setpriv", "--pdeathsig=QUIT"]
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        shutil.chown(place, "nobody")
        words += ["--reuid=nobody", "--clear-groups"]
    words.append("--")
    data, nothing = place / "data", subprocess.DEVNULL
    made = ["-D", str(data), "-U", "briefgen", "-A", "trust", "-N", "-E", "UTF8"]
    subprocess.run(
        [*words, f"{programs}/initdb", *made], check=True, stdout=nothing, stderr=nothing, cwd="/"
    )
    told = ["-k", str(place), "-c", "listen_addresses=", "-c", "max_connections=50"]
    with (place / "log").open("wb") as log:
        server = subprocess.Popen(
            [*words, f"{programs}/postgres", "-D", str(data), *told],
            stdout=log, stderr=log, stdin=nothing, cwd="/",
        )  # fmt: skip
    try:
        while subprocess.run([f"{programs}/pg_isready", "-q", "-h", place], check=False).returncode:
            assert server.poll() is None, (place / "log").read_text()
            time.sleep(0.05)
        yield f"postgresql://briefgen@/postgres?host={place}"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()
        shutil.rmtree(place, ignore_errors=True)
