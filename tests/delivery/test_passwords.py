import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from briefgen.delivery.secrets import NoPassword, smtp_password
from briefgen.night.log import WithoutSecrets
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
        ("false", "ended with status 1"),
        ("no-such-command-here", "cannot be run"),
        ("true", "gives no password"),
        ("'unbalanced", "cannot be run"),
    ],
)
def test_command_that_fails(tmp_path: Path, command: str, reason: str) -> None:
    """A command that gives nothing is told by its setting, without what it printed."""
    with pytest.raises(NoPassword, match=rf"mail\.password_command: {reason}"):
        asked(mail(password_command=command), tmp_path)


def test_no_shell(tmp_path: Path) -> None:
    """A command is no line for a shell."""
    assert asked(mail(password_command="echo a; touch b"), tmp_path) == "a; touch b"
    assert list(tmp_path.iterdir()) == []


def test_private_file(tmp_path: Path) -> None:
    """A file serves if only its owner can read it; otherwise the mend is told."""
    secret = tmp_path / "secret"
    secret.write_text("geheim\n")
    secret.chmod(0o644)
    with pytest.raises(NoPassword, match="others can read secret; mend it with: chmod 600"):
        asked(mail(password_file="secret"), tmp_path)
    secret.chmod(0o600)
    assert asked(mail(password_file="secret"), tmp_path) == "geheim"
    with pytest.raises(NoPassword, match="No such file"):
        asked(mail(password_file="other"), tmp_path)


def test_keyring_without_a_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyring that fails, as it does where nobody is logged in, is told with the other ways."""

    def fail(*_: str) -> None:
        raise RuntimeError("no backend")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=fail))
    with pytest.raises(NoPassword, match="the keyring fails"):
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
