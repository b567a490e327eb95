"""Mail servers on loopback, for as long as a test runs."""

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from mail_fixtures import authority as authority  # noqa: PLC0414  # a fixture
from mail_fixtures import office as office  # noqa: PLC0414  # a fixture
from mail_servers import PASSWORD, Authority, Office, Scripted
from night_house import House

from briefgen.brief.brief import Brief
from briefgen.page.look import Look, MadePage


@pytest.fixture
def scripted(authority: Authority) -> Iterator[Callable[..., Scripted]]:
    """Makes servers that misbehave at one verb."""
    running: list[Scripted] = []

    def make(
        verb: str = "",
        behaviour: str = "",
        **options: Any,  # noqa: ANN401  # as the server takes them
    ) -> Scripted:
        running.append(Scripted(authority, verb, behaviour, **options))
        return running[-1]

    yield make
    for server in running:
        server.stop()


@pytest.fixture
def typeset_house(
    tmp_path: Path, office: Office, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> House:
    """A workspace with two meetings tomorrow, and a mail server that works."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("BRIEFGEN_SMTP_PASSWORD", PASSWORD)
    return House(tmp_path / "workspace", office)


@pytest.fixture
def house(typeset_house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The same, with blank pages: typesetting has its own tests, and takes its time."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)

    def blank_pages(briefs: Sequence[Brief], _: Look, **__: object) -> Iterator[object]:
        return ((at, MadePage(pdf=out.getvalue())) for at in range(len(briefs)))

    monkeypatch.setattr("briefgen.day.make.make_pages", blank_pages)
    return typeset_house
