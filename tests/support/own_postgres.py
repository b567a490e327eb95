"""A PostgreSQL of one's own, on a socket in a folder that is gone afterwards."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's programs; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    place = str(found[-1]) if found else shutil.which("initdb")
    return Path(place).parent if place else None


@contextmanager
def own_postgres(programs: Path) -> Iterator[str]:
    """The address of a server that runs for as long as the block does.

    It lies in /tmp itself, since a socket's path may have no more than 107 characters.
    """
    place = Path("/tmp") / f"briefgen-pg-{os.getpid()}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    as_nobody: list[str] = []
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        shutil.chown(place, "nobody")
        as_nobody = ["setpriv", "--reuid=nobody", "--clear-groups", "--"]
    data = place / "data"

    def run(*words: str) -> None:
        nothing = subprocess.DEVNULL
        subprocess.run(
            [*as_nobody, *words], check=True, stdout=nothing, stderr=nothing, cwd="/", timeout=60
        )

    run(f"{programs}/initdb", "-D", str(data), "-U", "briefgen", "-A", "trust", "-N", "-E", "UTF8")
    options = f"-k {place} -c listen_addresses= -c max_connections=50"
    run(f"{programs}/pg_ctl", "-D", str(data), "-w", "-l", f"{place}/log", "-o", options, "start")
    try:
        yield f"postgresql://briefgen@/postgres?host={place}"
    finally:
        run(f"{programs}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(place, ignore_errors=True)
