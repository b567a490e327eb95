"""The bounds of what a command may print, and every place where a secret can be in base64."""

import base64
import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefgen.workspace import secrets
from briefgen.workspace.secrets import (
    CommandFailed,
    NoSecret,
    Secret,
    first_line,
    from_command,
    run_command,
    smtp_password,
    without_secrets,
)
from briefgen.workspace.settings import Mail


def test_a_command_has_a_minute_and_64_kilobytes() -> None:
    """At night nobody answers, and nobody reads more than an address or a password."""
    assert secrets.COMMAND_SECONDS == 60
    assert secrets.MOST_PRINTED == 65536


def test_a_secret_is_shown_nowhere_by_accident() -> None:
    """Neither its text nor its representation holds it."""
    secret = Secret(text="geheim")
    assert "geheim" not in f"{secret} {secret!r}"


def test_a_command_that_prints_too_much_is_ended(tmp_path: Path) -> None:
    """It is not waited for, whatever it meant to do afterwards."""
    began = time.monotonic()
    printed = run_command(
        "sh -c 'head -c 200000 /dev/zero; exec sleep 8'", root=tmp_path, most_bytes=1000
    )
    assert len(printed.output) == 1000
    assert printed.status is None
    assert time.monotonic() - began < 6


def test_a_command_may_take_its_time(tmp_path: Path) -> None:
    """What it prints half a second later is read, since it has not ended before."""
    assert run_command("sh -c 'sleep 0.6; echo late'", root=tmp_path).output == b"late\n"


def test_a_command_that_closes_its_output_and_goes_on(tmp_path: Path) -> None:
    """It has no more time than any other."""
    began = time.monotonic()
    with pytest.raises(CommandFailed, match="did not end within"):
        run_command("sh -c 'exec >&- 2>&-; exec sleep 8'", root=tmp_path, seconds=0.5)
    assert time.monotonic() - began < 6


def test_of_its_complaints_no_more_is_kept_than_of_its_output(tmp_path: Path) -> None:
    """What comes after the first 64 KB of standard error is read and thrown away."""
    command = "sh -c 'head -c 300000 /dev/zero | tr \"\\0\" x >&2; echo >&2; echo last >&2'"
    printed = run_command(command, root=tmp_path)
    assert printed.status == 0
    assert printed.said.startswith("xxx")


def test_a_line_may_have_4096_characters() -> None:
    """One more is a file given by mistake."""
    assert first_line(b"x" * 4096, "it").text == "x" * 4096
    with pytest.raises(NoSecret, match="longer than 4096"):
        first_line(b"x" * 4097, "it")


@pytest.fixture
def mail() -> Mail:
    """A server that wants a password from a file."""
    return Mail.model_validate({
        "host": "mail.example", "user": "robin", "password_file": "secret",
        "from": "robin@keller.example", "to": ["robin@keller.example"],
    })  # fmt: skip


def test_the_longest_password_in_a_file(tmp_path: Path, mail: Mail) -> None:
    """It is read to its end, with the end of its line as Windows writes it."""
    path = tmp_path / "secret"
    path.write_bytes(b"x" * 4096 + b"\r\nmore\r\n")
    path.chmod(0o600)
    found = smtp_password(mail, root=tmp_path, environment={})
    assert found is not None
    assert len(found.text) == 4096


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no list of open files here")
def test_no_file_stays_open(tmp_path: Path, mail: Mail) -> None:
    """A pipe in the place of the password's file is refused, and closed again."""
    os.mkfifo(tmp_path / "secret", stat.S_IRUSR | stat.S_IWUSR)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(NoSecret, match="is not a file"):
        smtp_password(mail, root=tmp_path, environment={})
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_command_is_named_by_its_first_word(tmp_path: Path) -> None:
    """Its arguments may be as secret as what it prints."""
    with pytest.raises(NoSecret) as raised:
        from_command("sh -c 'exit 3' geheim", setting="mail.password_command", root=tmp_path)
    assert "`sh` ended with status 3" in str(raised.value)
    assert "geheim" not in str(raised.value)


@given(
    user=st.text("abcxyz", min_size=1, max_size=8),
    password=st.text("geheim12", min_size=3, max_size=12),
    before=st.integers(0, 3),
    after=st.integers(0, 5),
)
def test_a_password_is_struck_wherever_it_stands_in_base64(
    user: str, password: str, before: int, after: int
) -> None:
    """At each of the three alignments, and with other letters run together with it.

    What is left, if anything, is of the user and of the other letters.
    """
    line = base64.b64encode(f"\0{user}\0{password}".encode()).decode().rstrip("=")
    told = f"{'A' * before}{line}{'A' * after}"
    struck = without_secrets(f"you said {told}", [password])
    assert "…" in struck
    left = struck.removeprefix("you said ").replace("…", "")
    assert len(left) <= before + after + len(base64.b64encode(f"\0{user}\0".encode()))


def test_a_password_of_two_characters_is_struck() -> None:
    """Short ones are still secrets; one of a single character would strike every word."""
    line = base64.b64encode(b"\0robin\0zq").decode()
    assert without_secrets(f"AUTH {line}", ["zq"]) == "AUTH …"
    assert without_secrets(f"AUTH {line}", ["z"]) == f"AUTH {line}".replace("z", "…")


def test_eight_characters_of_base64_are_looked_into() -> None:
    """That is the shortest AUTH line there can be with a password worth the name."""
    line = base64.b64encode(b"\0ab\0cd").decode()
    assert len(line) == 8
    assert without_secrets(line, ["cd"]) == "…"
