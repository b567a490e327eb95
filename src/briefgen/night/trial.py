"""A test mail: whether the mail server of the settings takes what the nights will send."""

from datetime import datetime
from email.utils import make_msgid

from briefgen.delivery.conversation import Connect, Parcel, conversation
from briefgen.delivery.mail_address import ascii_domain
from briefgen.delivery.message import Envelope, Letter, as_bytes
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import language_of
from briefgen.workspace.settings import Settings
from briefgen.workspace.value import Value


class Tried(Value, frozen=True, kw_only=True):
    """What became of a test mail to one recipient; `reason` is empty where it was taken."""

    recipient: str
    reason: str = ""


def send_trial(
    workspace: Workspace, settings: Settings, *, as_of: datetime, connect: Connect
) -> tuple[Tried, ...]:
    """Send a short mail to every recipient of the settings. The ledger does not know of it.

    Raises:
        NoSecret: where the password cannot be had.
        NoServer: where the server cannot be reached, or does not let one in.
    """
    mail = settings.mail
    assert mail is not None  # noqa: S101  # the caller has looked
    text = language_of(settings.locale).text
    words = text("This is what a mail of briefgen looks like on its way to you. It works.")
    letter = Letter(
        subject=text("briefgen: a test mail"), text=f"{words}\n", html=f"<p>{words}</p>\n"
    )
    tried = []
    with conversation(connect.server(mail, workspace)) as talk:
        for recipient in mail.to:
            envelope = Envelope(
                sender=mail.from_,
                sender_name=settings.me.name,
                recipient=recipient,
                message_id=make_msgid(domain=mail.from_.rpartition("@")[2]),
                moment=as_of,
            )
            parcel = Parcel(
                sender=ascii_domain(mail.from_),
                recipient=ascii_domain(recipient),
                content=as_bytes(letter, envelope),
                utf8=envelope.needs_utf8,
            )
            answer = talk.deliver(parcel, before_dot=lambda: None)
            reason = "" if answer.state == "sent" else answer.reason or answer.state
            tried.append(Tried(recipient=recipient, reason=reason))
    return tuple(tried)
