"""Mail servers on loopback, for as long as a test runs."""

import io
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import trustme
from aiosmtpd.controller import Controller
from mail_servers import PASSWORD, Authority, Mailbox, Office, Scripted, authenticate
from night_house import House

from briefgen.brief.brief import Brief
from briefgen.page.look import Look
from briefgen.page.page import MadePage


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Certificates for localhost, from an authority that only these tests trust."""
    ca = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    ca.configure_trust(client)
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    return Authority(server=server, client=client, file=file)


@pytest.fixture
def office(authority: Authority) -> Iterator[Office]:
    """A mail server that wants STARTTLS and a password, and takes what it gets."""
    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=_free_port(),
        tls_context=authority.server,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
        enable_SMTPUTF8=True,
    )
    controller.start()
    yield Office(host="localhost", port=controller.port, mailbox=mailbox)
    controller.stop(no_assert=True)


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

    monkeypatch.setattr("briefgen.delivery.briefs.make_pages", blank_pages)
    return typeset_house


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
