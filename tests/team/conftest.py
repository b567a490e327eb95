"""A team of small workspaces, a mail server, and a PostgreSQL of the tests' own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mail_fixtures import authority as authority  # noqa: PLC0414  # a fixture
from mail_fixtures import office as office  # noqa: PLC0414  # a fixture
from mail_servers import PASSWORD, Authority, Office
from night_house import House
from own_postgres import own_postgres, postgres_programs
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

    def make(count: int, *more: str, to: str = "p{}@firm.example") -> Path:
        rows = []
        for number in range(count):
            House(tmp_path / f"p{number}", office)
            mail = f"mail: {{to: [{to.format(number)}]}}"
            rows.append(f"  - {{person: p{number}, workspace: p{number}, {mail}}}")
        roster = tmp_path / "roster.yaml"
        roster.write_text("\n".join(["version: 1", *more, "people:", *rows, ""]))
        return roster

    return make


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL that only these tests use."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("no PostgreSQL here")
    with own_postgres(programs) as address:
        yield address


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
