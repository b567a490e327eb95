"""How a run reaches the mail server of the settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from briefgen.delivery.conversation import Server
from briefgen.delivery.secrets import smtp_password
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import Mail


@dataclass(frozen=True, kw_only=True)
class Connect:
    """How the mail server is reached, and the secrets for it.

    Attributes:
        environment: where the password may stand.
        learned: told of each secret, so that it appears in no log line.
        seconds: the longest one message may take.
    """

    environment: Mapping[str, str]
    learned: Callable[[str], None] = field(default=lambda _: None)
    seconds: float = 120

    def server(self, mail: Mail, workspace: Workspace) -> Server:
        """The server of the settings, with its password.

        Raises:
            NoPassword: where it cannot be had.
        """
        password = smtp_password(mail, root=workspace.root, environment=self.environment)
        if password is not None:
            self.learned(password.text)
        return Server(
            host=mail.host,
            port=mail.port,
            security=mail.security,
            user=mail.user,
            password=password,
            seconds=self.seconds,
        )
