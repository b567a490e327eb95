"""The tests' own database server leaves nothing behind."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import own_postgres
import pytest


def test_a_killed_test_leaves_no_server() -> None:
    """A run that a time limit kills takes its PostgreSQL with it."""
    programs = own_postgres.postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL here")
    script = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from own_postgres import own_postgres\n"
        "with own_postgres(Path(sys.argv[2])) as address:\n"
        "    print(address, flush=True); time.sleep(99)"
    )
    support = Path(own_postgres.__file__).parent
    line = [sys.executable, "-c", script, str(support), str(programs)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        place = Path(run.stdout.readline().strip().partition("host=")[2])
        server = int((place / "data" / "postmaster.pid").read_text().split()[0])
        run.kill()
    until = time.monotonic() + 60
    while _runs(server):
        assert time.monotonic() < until, (place / "log").read_text()
        time.sleep(0.05)
    shutil.rmtree(place)


def _runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
