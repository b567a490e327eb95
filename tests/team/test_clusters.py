"""A team's night as docs/team.md has it run: by a Dask cluster, Kubernetes and Slurm."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
import yaml
from click.testing import CliRunner, Result
from mail_servers import PASSWORD, Office

from briefgen import __version__
from briefgen.cli import main
from briefgen.team.night import NoEngine, run_on_dask, worker_facts

MakeTeam = Callable[..., Path]
DOCS = Path(__file__).parents[2] / "docs" / "team.md"
AS_OF = "2026-11-22T22:10"


def block(kind: str, first: str) -> str:
    """The block of the docs of this kind that begins with this line."""
    found = re.findall(rf"^```{kind}\n(.*?)^```", DOCS.read_text(), re.MULTILINE | re.DOTALL)
    (one,) = (text for text in found if text.startswith(f"{first}\n"))
    return str(one)


def recipients(office: Office) -> list[str]:
    """To whom mails went."""
    return sorted(to for mail in office.mailbox.received for to in mail.rcpt_tos)


class Cluster:
    """A Dask scheduler on loopback, in a separate process."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._stack, self._file = stack, folder / "scheduler.json"
        self.log = folder / "dask.log"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--idle-timeout", "120")
        until = time.monotonic() + 60
        while not self._file.exists() and time.monotonic() < until:
            time.sleep(0.1)
        address: str = json.loads(self._file.read_text())["address"]
        self.address = address.replace("tcp://", "dask://")

    def worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker, which goes when the scheduler does."""
        options = ("--nthreads", "1", "--death-timeout", "30", *options)
        return self._start("worker", *options, **environment)

    def _start(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*line, "--scheduler-file", self._file],
                env={**os.environ, **environment},
                stdout=log,
                stderr=log,
            )
        self._stack.callback(_end, process)
        return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A scheduler and its workers for as long as the block runs."""
    with ExitStack() as stack:
        yield Cluster(folder, stack)


def run_on(address: str, roster: Path) -> Result:
    """The command as the docs have it."""
    words = ["team", "run", "--roster", str(roster), "--on", address, "--as-of", AS_OF]
    return CliRunner().invoke(main, [*words, "--patience", "0"])


def test_a_dask_cluster_elsewhere_runs_a_night(
    make_team: MakeTeam, office: Office, tmp_path: Path, postgres: str
) -> None:
    """Without workers, or with one that may have no children, it is refused with what to do.

    What scheduler and workers log names nobody, and no password.
    """
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE clusters")
    roster = make_team(3, f"ledger: {postgres.replace('/postgres?', '/clusters?')}")
    with cluster(tmp_path) as made:
        alone = run_on(made.address, roster)
        assert alone.exit_code == 2
        assert "no workers" in alone.output
        unfit = made.worker()
        refused = _tried(made, roster, until="DASK_DISTRIBUTED__WORKER__DAEMON")
        assert refused.exit_code == 2
        _end(unfit)
        made.worker("--nworkers", "2", DASK_DISTRIBUTED__WORKER__DAEMON="False")
        done = _tried(made, roster, until="3 nights done")
    assert done.exit_code == 0, done.output
    assert recipients(office) == [f"p{n}@firm.example" for n in range(3)]
    logged = made.log.read_text()
    assert "Starting established connection" in logged
    told = re.findall(rf"{re.escape(PASSWORD)}|\bp\d\b|firm\.example", logged)
    assert not told  # as words: the folders of workers have names of random letters
    assert len(list(tmp_path.glob("p*/briefings/2026-11-23/*.pdf"))) == 6
    nobody = run_on(made.address, roster)
    assert nobody.exit_code == 2
    assert "no Dask scheduler answers" in nobody.output


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"version": "0.0.1"}, ("tcp://w:1", "0.0.1", __version__)),
        ({"clock": worker_facts()["clock"] - 600}, ("tcp://w:1", "clock", "seconds")),
        ({"daemon": True}, ("tcp://w:1", "DASK_DISTRIBUTED__WORKER__DAEMON=False")),
    ],
    ids=["version", "clock", "daemon"],
)
def test_an_unfit_worker_is_refused_before_anything_begins(
    facts: dict[str, Any], told: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version (both are named), a wrong clock, or one that cannot typeset: no task goes."""
    import distributed

    class Client:
        """A client of a cluster with one worker, which says this of itself."""

        def __init__(self, *_: object, **__: object) -> None: ...

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None: ...

        def run(self, asked: Callable[[], dict[str, Any]]) -> dict[str, Any]:
            return {"tcp://w:1": {**asked(), **facts}}

    monkeypatch.setattr(distributed, "Client", Client)
    with pytest.raises(NoEngine) as refused:
        list(run_on_dask(iter([]), address="tcp://w:1", jobs=1))
    assert not [word for word in told if word not in str(refused.value)]


def _tried(made: Cluster, roster: Path, *, until: str) -> Result:
    """The run, as soon as the workers have come."""
    last = time.monotonic() + 60
    while True:
        result = run_on(made.address, roster)
        if until in result.output or time.monotonic() > last:
            return result
        time.sleep(0.5)


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a line as a container or a job of the cluster would, with `briefgen` on its path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "briefgen"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m briefgen "$@" --as-of {AS_OF}\n')
    program.chmod(0o755)

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = f"{programs}:{os.environ['PATH']}"
        there = {**os.environ, "PATH": path, **environment}
        return subprocess.run(
            words, env=there, capture_output=True, text=True, check=False, timeout=300
        )

    return run


def test_a_kubernetes_job_runs_each_part(
    make_team: MakeTeam, office: Office, shell: Callable[..., Any]
) -> None:
    """The manifest is whole, and its command, called with each index, leaves nobody out."""
    job = yaml.safe_load(block("yaml", "apiVersion: batch/v1"))
    spec, pod = job["spec"], job["spec"]["template"]["spec"]
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    assert spec["completionMode"] == "Indexed"  # as backoffLimitPerIndex needs it
    assert pod["restartPolicy"] == "Never"
    (container,) = pod["containers"]
    volumes = {one["name"] for one in pod["volumes"]}
    assert {one["name"] for one in container["volumeMounts"]} == volumes
    *shell_words, line = container["command"]
    assert f'"$JOB_COMPLETION_INDEX/{spec["completions"]}"' in line
    roster = make_team(4)
    line = line.replace("/etc/briefgen/roster.yaml", str(roster))
    line = line.replace(f'/{spec["completions"]}"', '/2"')
    for index in range(2):
        done = shell(*shell_words, line, JOB_COMPLETION_INDEX=str(index))
        assert done.returncode == 0, done.stderr
    assert recipients(office) == [f"p{n}@firm.example" for n in range(4)]


def test_a_slurm_array_runs_each_part(
    make_team: MakeTeam, office: Office, tmp_path: Path, shell: Callable[..., Any]
) -> None:
    """The script of the docs is one that a shell takes, and its array has as many parts."""
    script = block("sh", "#!/bin/sh")
    array = re.search(r"^#SBATCH --array=0-(\d+)$", script, re.MULTILINE)
    assert array is not None
    count = int(array[1]) + 1
    assert f'"$SLURM_ARRAY_TASK_ID/{count}"' in script
    roster = make_team(2)
    script = script.replace("/srv/briefgen/roster.yaml", str(roster))
    file = tmp_path / "night.sh"
    file.write_text(script.replace(f'/{count}"', '/1"'))
    done = shell("sh", str(file), SLURM_ARRAY_TASK_ID="0")
    assert done.returncode == 0, done.stderr
    assert recipients(office) == ["p0@firm.example", "p1@firm.example"]
