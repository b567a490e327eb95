"""Whole nights against mail servers that are particular about how they are spoken to."""

from collections.abc import Callable

from mail_servers import PASSWORD, USER, Office, Scripted
from night_house import NIGHT, House, event

MakeScripted = Callable[..., Scripted]


def at_another_server(house: House, server: Scripted, *, to: str = "robin@keller.example") -> None:
    """Mail by this server."""
    house.office = Office(host=server.host, port=server.port, mailbox=house.office.mailbox)
    house.settings()
    path = house.root / "briefgen.yaml"
    path.write_text(path.read_text().replace("to: [robin@keller.example]", f"to: ['{to}']"))


def test_a_real_name_in_ehlo(house: House) -> None:
    """No relay ever hears an address literal, and `mail.helo` is sent word for word."""
    house.night()
    assert not house.office.mailbox.names[0].startswith("[")
    settings = house.root / "briefgen.yaml"
    helo = "  helo: desk.keller.example\n  to: ["
    settings.write_text(settings.read_text().replace("  to: [", helo))
    house.calendar(event("a", "20261123T150000"))
    house.night("2026-11-22T23:00")
    assert house.office.mailbox.names[1] == "desk.keller.example"


def test_plain_refused_login_works(house: House, scripted: MakeScripted) -> None:
    """The mail goes in the same night, by the other way."""
    server = scripted("AUTH PLAIN", "535 Login fail. Mechanism not supported", ways="PLAIN LOGIN")
    at_another_server(house, server)
    assert house.night()["status"] == 0
    assert server.logins == [(USER, PASSWORD)]
    assert len(server.received) == 1


def test_a_recipient_of_another_script(house: House, scripted: MakeScripted) -> None:
    """Without SMTPUTF8 the domain goes as `xn--`, in the envelope and in the header."""
    server = scripted(utf8=False)
    at_another_server(house, server, to="robin@grün.example")
    report = house.night()
    assert report["status"] == 0
    assert [one["recipient"] for one in report["deliveries"]] == ["robin@grün.example"]
    assert b"To: robin@xn--grn-ioa.example" in server.received[0]


def test_no_secret_in_log_and_ledger(house: House, scripted: MakeScripted) -> None:
    """A server that says the AUTH line back brings it into no log line and no ledger."""
    server = scripted("AUTH", "535 echo")
    server.echoes = True
    at_another_server(house, server)
    result = house.run("nightly", as_of=NIGHT)
    assert result.exit_code == 3
    assert server.echoed, "the server did say something back"
    ledger = (house.root / ".briefgen" / "state.sqlite").read_bytes()
    for said in server.echoed:
        assert said not in result.output
        assert said.encode() not in ledger
