"""`briefgen doctor` says what does not work, and the one line that mends it."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from briefgen.cli import main
from briefgen.upkeep import doctor
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import Settings

Command = Callable[..., Result]
Reported = Callable[..., Any]


def found(document: dict[str, Any], subject: str) -> dict[str, str]:
    """The finding about this."""
    (finding,) = [f for f in document["findings"] if f["subject"] == subject]
    return finding


def test_a_sound_workspace(home: Workspace, reported: Reported) -> None:
    """What is there and reachable, each on its line, with nothing to mend."""
    document = reported("doctor")
    assert found(document, "feed data/calendar.ics")["message"] == "read now, 0 events"
    assert found(document, "zone")["message"] == "Europe/Berlin"
    for subject in ("Python", "Pango", "fonts", "clock", "disk", "mail", "printer"):
        assert not found(document, subject)["mend"]


def test_a_feed_that_is_gone_is_bad_and_says_how_to_mend_it(
    home: Workspace, command: Command, reported: Reported
) -> None:
    """Status 1."""
    (home.root / "data" / "calendar.ics").unlink()
    finding = found(reported("doctor"), "feed data/calendar.ics")
    assert finding["health"] == "bad"
    assert "briefgen.yaml" in finding["mend"]
    assert command("doctor").exit_code == 1
    assert command("doctor", "--offline").exit_code == 0


def test_folders_open_to_others_are_told(home: Workspace, reported: Reported) -> None:
    """With the command that closes them."""
    home.contacts.chmod(0o755)
    finding = found(reported("doctor", "--offline"), "data/contacts")
    assert finding["health"] == "poor"
    assert finding["mend"] == f"chmod -R go-rwx {home.contacts}"


def test_settings_that_cannot_be_read_are_told_with_their_line(
    home: Workspace, reported: Reported
) -> None:
    """And the machine is looked at all the same."""
    (home.root / "briefgen.yaml").write_text("version: 1\ntimezone: Mars\n")
    document = reported("doctor")
    assert "briefgen.yaml:2: timezone" in found(document, "settings")["message"]
    assert found(document, "Python")


def test_without_a_workspace_the_machine_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As before `init`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BRIEFGEN_WORKSPACE", raising=False)
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 0
    assert "→ briefgen init DIR" in done.stdout


def test_a_printer_that_is_not_there_is_told(
    home: Workspace, reported: Reported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With those that are; and without `lp`, the line that installs it."""
    settings = (home.root / "briefgen.yaml").read_text()
    (home.root / "briefgen.yaml").write_text(settings + "printer: {name: office}\n")
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    finding = found(reported("doctor", "--offline"), "printer")
    assert "no `lp`" in finding["message"]
    assert finding["mend"]
    for name, text in (("lp", ""), ("lpstat", '[ "$1" = -e ] && echo hall\n')):
        (programs / name).write_text(f"#!/bin/sh\n{text}exit 0\n")
        (programs / name).chmod(0o700)
    finding = found(reported("doctor", "--offline"), "printer office")
    assert finding["message"] == "no such queue; there are: hall"


def test_a_mail_server_that_does_not_answer_is_told(home: Workspace, reported: Reported) -> None:
    """One that greets with a refusal, and one that is not there."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def refuse() -> None:
        connection, _ = listener.accept()
        connection.sendall(b"554 not here\r\n")
        connection.close()

    server = threading.Thread(target=refuse)
    server.start()
    settings = (home.root / "briefgen.yaml").read_text()
    mail = (
        f"mail: {{host: 127.0.0.1, port: {port}, security: none, from: robin@keller.example,"
        " to: [robin@keller.example]}\n"
    )
    (home.root / "briefgen.yaml").write_text(settings + mail)
    finding = found(reported("doctor"), f"mail 127.0.0.1:{port}")
    server.join()
    listener.close()
    assert finding["health"] == "bad"
    assert "554" in finding["message"]
    assert "mail.host" in finding["mend"]
    assert found(reported("doctor"), f"mail 127.0.0.1:{port}")["health"] == "bad"


def test_a_clock_behind_its_files_is_told(home: Workspace, reported: Reported) -> None:
    """A night run by such a clock would brief the wrong day."""
    home.memory.mkdir()
    (home.memory / "x").write_text("x")
    import os

    os.utime(home.memory / "x", (4_000_000_000, 4_000_000_000))
    finding = found(reported("doctor", "--offline"), "clock")
    assert finding["health"] == "bad"
    assert "timedatectl" in finding["mend"]


def test_it_says_which_package_the_language_of_the_page_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no font has the script of the language, and only there."""
    lacking = SimpleNamespace(can_show=lambda sign: sign.isascii())
    monkeypatch.setattr(doctor, "installed_fonts", lambda _: lacking)
    (found,) = doctor._language(Settings(locale="ja_JP"))
    assert (found.health, found.mend) == ("bad", "sudo apt install fonts-noto-cjk")
    (found,) = doctor._language(Settings(locale="ar"))
    assert found.mend == "sudo apt install fonts-noto-core"
    assert list(doctor._language(Settings(locale="de_DE"))) == []


def test_a_password_that_others_can_read_has_one_cure(home: Workspace, reported: Reported) -> None:
    """The message names the command; nothing else is advised beside it."""
    secret = home.root / "password"
    secret.write_text("geheim\n")
    secret.chmod(0o644)
    settings = (home.root / "briefgen.yaml").read_text()
    mail = (
        "mail: {host: 127.0.0.1, port: 9, security: none, from: robin@keller.example,"
        " to: [robin@keller.example], user: robin, password_file: password}\n"
    )
    (home.root / "briefgen.yaml").write_text(settings + mail)
    finding = found(reported("doctor"), "mail 127.0.0.1:9")
    assert "others can read password; type: chmod 600" in finding["message"]
    assert not finding["mend"]
