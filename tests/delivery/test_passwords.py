import base64
import os
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from briefgen.night.log import WithoutSecrets
from briefgen.workspace.secrets import (
    MOST_PRINTED,
    CommandFailed,
    NoSecret,
    Printed,
    run_command,
    smtp_password,
    without_secrets,
)
from briefgen.workspace.settings import Mail


def mail(**changes: object) -> Mail:
    """Mail settings with a user."""
    fields = {
        "host": "smtp.example.com",
        "user": "robin",
        "from": "robin@keller.example",
        "to": ["robin@keller.example"],
        **changes,
    }
    return Mail.model_validate(fields)


def asked(settings: Mail, root: Path, **environment: str) -> str | None:
    """The password these settings give."""
    password = smtp_password(settings, root=root, environment=environment)
    return password.text if password else None


def test_no_user_no_password(tmp_path: Path) -> None:
    """A server that asks for no user gets no password."""
    assert asked(mail(user=None), tmp_path, BRIEFGEN_SMTP_PASSWORD="x") is None


def test_command_before_variable(tmp_path: Path) -> None:
    """What the settings name comes before what happens to be in the environment."""
    settings = mail(password_command=f"{sys.executable} -c \"print('geheim')\"")
    assert asked(settings, tmp_path, BRIEFGEN_SMTP_PASSWORD="other") == "geheim"
    assert asked(mail(), tmp_path, BRIEFGEN_SMTP_PASSWORD="other") == "other"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("false", "`false` ended with status 1: it printed nothing"),
        ("no-such-command-here x", "`no-such-command-here` is not installed"),
        ("/etc/passwd", "`/etc/passwd` cannot be run: Permission denied"),
        ("true", "`true`: the first line is empty"),
        ("'unbalanced", "cannot be run: No closing quotation"),
        (
            "sh -c 'echo secret-word; echo no key found >&2; exit 2'",
            "`sh` ended with status 2: no key",
        ),
        ("sh -c 'head -c 5000 /dev/zero | tr \\\\0 x'", "`sh`: the first line is longer than 4096"),
        ("printf '\\377\\376'", "`printf`: the first line is not text"),
        ("printf 'a\\000b'", "`printf`: the first line is not text"),
    ],
)
def test_command_that_fails(tmp_path: Path, command: str, reason: str) -> None:
    """A command that gives nothing is told by its setting, without what it printed."""
    with pytest.raises(NoSecret, match=rf"mail\.password_command: {reason}") as caught:
        asked(mail(password_command=command), tmp_path)
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize(
    ("command", "printed"),
    [
        ("cat ~/secret", "geheim"),
        ("cat $HOME/secret", "geheim"),
        ('cat "$HOME/secret"', "geheim"),
        ("cat ${HOME}/secret", "geheim"),
        ("echo '$HOME' '~/x'", "$HOME ~/x"),
        (r"echo \$HOME \~ a~b", "$HOME ~ a~b"),
        ('echo "~" $NO_SUCH_VARIABLE_HERE', "~ $NO_SUCH_VARIABLE_HERE"),
    ],
)
def test_home_in_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, printed: str
) -> None:
    """`~` and variables mean what they do in a shell, and quotes keep them as they are."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "secret").write_text("geheim\n")
    assert asked(mail(password_command=command), tmp_path) == printed


def test_a_child_that_keeps_the_output_open(tmp_path: Path) -> None:
    """What a command printed counts, although it leaves something running in the background."""
    began = time.monotonic()
    printed = run_command("sh -c 'echo geheim; sleep 20 & echo $! > child'", root=tmp_path)
    os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)
    assert printed == Printed(output=b"geheim\n", status=0)
    assert time.monotonic() - began < 5


def test_output_without_end(tmp_path: Path) -> None:
    """A command that prints for ever is read up to a bound, and ended."""
    printed = run_command("yes geheim", root=tmp_path, seconds=20)
    assert len(printed.output) == MOST_PRINTED
    assert asked(mail(password_command="yes geheim"), tmp_path) == "geheim"


def test_a_command_that_does_not_end(tmp_path: Path) -> None:
    """It is ended with all it has started, and told; a question it asks is no password."""
    began = time.monotonic()
    with pytest.raises(CommandFailed, match=r"`sh` did not end within 0\.3 seconds"):
        run_command("sh -c 'echo PIN:; sleep 20'", root=tmp_path, seconds=0.3)
    assert time.monotonic() - began < 5


def test_what_a_command_says_is_harmless(tmp_path: Path) -> None:
    """Its last line on standard error is reported, on one line, without controls, and cut."""
    script = r"printf 'first\nlast \033[1mline %0300d' 1 >&2; exit 1"
    command = f'sh -c "{script}"'.replace("\\", "\\\\")
    said = run_command(command, root=tmp_path).said
    assert said.startswith("last [1mline 000")
    assert len(said) == 200


@pytest.mark.parametrize(
    "form",
    [
        "hunter22/ä",
        "hunter22%2F%C3%A4",
        "hunter22/%C3%A4",
        r"hunter22/\u00e4",
        base64.b64encode("hunter22/ä".encode()).decode(),
        base64.b64encode("hunter22/ä".encode()).decode().rstrip("="),
        base64.b64encode("\0robin\0hunter22/ä".encode()).decode(),
        base64.b64encode("xhunter22/ä".encode()).decode(),
        base64.urlsafe_b64encode("xxhunter22/ä!".encode()).decode(),
        "hunter22/ä".encode().hex(),
    ],
)
def test_secrets_in_every_encoding(form: str) -> None:
    """However a secret travels, it is struck where it comes back."""
    said = without_secrets(f"before {form} after", ["hunter22/ä"])
    assert said == "before … after"
    logged = WithoutSecrets(["hunter22/ä"]).clean(f"before {form} after")
    assert logged == "before … after"


def test_words_that_are_no_secret_stay() -> None:
    """What only looks like base64 is left as it is."""
    said = "the server said: 550 aHVudGVyMjI= /home/robin/mailbox_with_a_long_name"
    assert without_secrets(said, ["another-secret"]) == said
    assert without_secrets(said, []) == said
    assert without_secrets(said, [""]) == said


def test_no_shell(tmp_path: Path) -> None:
    """A command is no line for a shell."""
    assert asked(mail(password_command="echo a; touch b"), tmp_path) == "a; touch b"
    assert list(tmp_path.iterdir()) == []


def test_private_file(tmp_path: Path) -> None:
    """A file is used if only its owner can read it; otherwise the fix is reported."""
    secret = tmp_path / "secret"
    secret.write_text("geheim\n")
    secret.chmod(0o644)
    with pytest.raises(NoSecret, match="others can read secret; type: chmod 600"):
        asked(mail(password_file="secret"), tmp_path)
    secret.chmod(0o600)
    assert asked(mail(password_file="secret"), tmp_path) == "geheim"
    with pytest.raises(NoSecret, match="No such file"):
        asked(mail(password_file="other"), tmp_path)
    with pytest.raises(NoSecret, match="is not a file"):
        asked(mail(password_file="."), tmp_path)
    secret.write_text("\n")
    with pytest.raises(NoSecret, match="secret: the first line is empty"):
        asked(mail(password_file="secret"), tmp_path)


def test_keyring_without_a_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyring that fails, as it does if nobody is logged in, is reported with the other ways."""

    def fail(*_: str) -> None:
        raise RuntimeError("no backend")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=fail))
    with pytest.raises(NoSecret, match="the keyring fails"):
        asked(mail(), tmp_path)
    found = SimpleNamespace(get_password=lambda service, user: f"{service}/{user}")
    monkeypatch.setitem(sys.modules, "keyring", found)
    assert asked(mail(), tmp_path) == "briefgen-smtp/robin"


def test_clear_text_only_to_this_machine() -> None:
    """`security: none` to another machine is refused with the settings."""
    with pytest.raises(ValueError, match="only for this machine"):
        mail(security="none")
    assert mail(security="none", host="localhost").security == "none"


def test_the_filter_of_log_lines() -> None:
    """Secrets and all of an address but its host are struck from whatever is logged."""
    secrets = WithoutSecrets(["hunter2"])
    said = "hunter2 https://u:p@cal.example/private-abc/basic.ics?token=1 webcal://x.example/y end"
    assert secrets.clean(said) == "… https://cal.example/… webcal://x.example/… end"


def test_log_lines_do_not_steer_a_terminal() -> None:
    """Control and bidi characters of a title or a server's words are in no line; line ends stay."""
    said = WithoutSecrets().clean("a\x1b[31mb\u202ec\nd\x00e")
    assert said == "a [31mb c\nd e"


@pytest.mark.parametrize(("secret", "struck"), [("ab", True), ("a", False)])
def test_short_secrets_within_a_word_of_base64(secret: str, *, struck: bool) -> None:
    """Two characters are looked for in what base64 says; one would be found everywhere."""
    word = base64.b64encode(f"xxxxxx{secret}xxx".encode()).decode()
    assert (without_secrets(word, [secret]) == "…") == struck
