"""A team of small workspaces, a mail server, and a PostgreSQL of the tests' own."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mail_fixtures import authority as authority  # noqa: PLC0414  # a fixture
from mail_fixtures import office as office  # noqa: PLC0414  # a fixture
from mail_servers import PASSWORD, Authority, Office
from night_house import House
from team_deaths import DEATHS

MakeTeam = Callable[..., Path]


@pytest.fixture
def make_team(
    tmp_path: Path, office: Office, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> MakeTeam:
    """Makes a roster of people with two meetings each, and says where it is."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("BRIEFGEN_SMTP_PASSWORD", PASSWORD)
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    monkeypatch.setenv(DEATHS, str(deaths))

    def make(count: int, *more: str) -> Path:
        rows = []
        for number in range(count):
            House(tmp_path / f"p{number}", office)
            to = f"p{number}@firm.example"
            rows.append(f"  - {{person: p{number}, workspace: p{number}, mail: {{to: [{to}]}}}}")
        roster = tmp_path / "roster.yaml"
        roster.write_text("\n".join(["version: 1", *more, "people:", *rows, ""]))
        return roster

    return make


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL that only these tests use, on a socket in a folder of theirs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and not shutil.which("initdb"):
        pytest.skip("no PostgreSQL here")
    programs = found[-1].parent if found else Path(str(shutil.which("initdb"))).parent
    folder = tmp_path_factory.mktemp("pg")
    # A socket's path may have no more than 107 characters, and others' folders are closed to it.
    place = Path("/tmp") / f"briefgen-pg-{os.getpid()}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    as_nobody: list[str] = []
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        shutil.chown(place, "nobody")
        as_nobody = ["setpriv", "--reuid=nobody", "--clear-groups", "--"]
    data = place / "data"

    def run(*words: str) -> None:
        with (folder / "log").open("ab") as log:
            subprocess.run(
                [*as_nobody, *words], check=True, stdout=log, stderr=log, cwd="/", timeout=60
            )

    run(f"{programs}/initdb", "-D", str(data), "-U", "briefgen", "-A", "trust", "-N", "-E", "UTF8")
    options = f"-k {place} -c listen_addresses= -c max_connections=50"
    run(f"{programs}/pg_ctl", "-D", str(data), "-w", "-l", f"{place}/log", "-o", options, "start")
    yield f"postgresql://briefgen@/postgres?host={place}"
    run(f"{programs}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def ledger(request: pytest.FixtureRequest) -> str:
    """A line of a roster for each kind of ledger."""
    if request.param == "sqlite":
        return "ledger: team.sqlite"
    address: str = request.getfixturevalue("postgres")
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return f"ledger: {address}"
