"""Mail sent by hand: what has been written, the mails as files to inspect, and a test mail."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from email.utils import make_msgid

from briefgen.day.make import as_planned
from briefgen.delivery.conversation import Connect, conversation
from briefgen.delivery.folder import WrittenFile, open_day
from briefgen.delivery.ledger import Ledger
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.ledger_file import open_whole_ledger, read_ledger
from briefgen.delivery.mail import parcel_of, part_id
from briefgen.delivery.message import MOST_BYTES, Envelope, Letter, as_bytes, in_parts
from briefgen.delivery.report import Outcome
from briefgen.meetings.meeting import Window
from briefgen.night.letters import Writer
from briefgen.night.plan import NightPlan
from briefgen.night.run import plan_night
from briefgen.night.steps import mail_night
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import language_of
from briefgen.workspace.settings import Settings
from briefgen.workspace.value import Value


class SendOutcome(Value, frozen=True, kw_only=True):
    """The result of `briefgen send`.

    Attributes:
        missing: titles of meetings for which no brief has been written.
        deliveries: what was sent, or tried.
        files: the mails written as files, by a dry run.
        faults: what went wrong beyond single deliveries.
    """

    plan: NightPlan
    missing: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    files: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def send_day(
    workspace: Workspace,
    settings: Settings,
    *,
    day: date,
    as_of: datetime,
    connect: Connect,
) -> SendOutcome:
    """Mail what has been written for a day. The caller holds the lock."""
    repaired: list[str] = []
    with open_whole_ledger(workspace, as_of, repaired) as ledger:
        ledger.recover("mail", as_of)
        found, outcome = _found(workspace, settings, day, as_of, ledger)
        if _nothing_written(found):
            return found
        before = {one.number: one for one in ledger.of_day(day)}
        faults = repaired + mail_night(found.plan, outcome, ledger, connect=connect)
        after = tuple(one for one in ledger.of_day(day) if before.get(one.number) != one)
    return found.replace(deliveries=after, faults=tuple(faults))


def write_mails(
    workspace: Workspace,
    settings: Settings,
    *,
    day: date,
    as_of: datetime,
) -> SendOutcome:
    """Write the mails of a day as `.eml` files into its folder; nothing is sent.

    If there is nothing new to send, the first mail of the day is written.

    Raises:
        OSError: if a file cannot be written.
    """
    with read_ledger(workspace.memory) as ledger:
        found, outcome = _found(workspace, settings, day, as_of, ledger)
    if not any(one.to_send for one in found.plan.mails):
        with read_ledger(workspace.memory / "none") as nothing:
            found, outcome = _found(workspace, settings, day, as_of, nothing)
    if _nothing_written(found):
        return found
    writer = Writer(night=found.plan, outcome=outcome, learned=lambda _: None)
    return found.replace(files=tuple(_write_files(found.plan, writer, day)))


def _found(
    workspace: Workspace, settings: Settings, day: date, as_of: datetime, ledger: Ledger
) -> tuple[SendOutcome, Outcome]:
    whole = Window.of_days(day, 1, as_of.tzinfo)  # type: ignore[arg-type]  # the user's zone
    plan = plan_night(
        workspace,
        settings,
        as_of=as_of,
        ledger=ledger,
        remember=False,
        window=whole.replace(start=as_of) if as_of in whole else whole,
        again=True,
        by_day=True,
    )
    outcome = as_planned(workspace, plan.briefs)
    missing = [one.title for one in outcome.briefs if not (workspace.root / one.path).is_file()]
    return SendOutcome(plan=plan, missing=tuple(missing)), outcome


def _nothing_written(found: SendOutcome) -> bool:
    return bool(found.missing) and len(found.missing) == len(found.plan.briefs)


def _write_files(plan: NightPlan, writer: Writer, day: date) -> Sequence[str]:
    workspace, settings = plan.day.workspace, plan.day.settings
    assert settings.mail is not None  # noqa: S101  # nothing is planned without one
    folder = open_day(workspace, day)
    paths: list[str] = []
    for planned in (one for one in plan.mails if one.to_send):
        letter = writer.write(planned)
        for number, part in enumerate(in_parts(letter, MOST_BYTES, plan.day.language), start=1):
            envelope = Envelope(
                sender=settings.mail.from_,
                sender_name=settings.me.name,
                recipient=planned.recipient,
                message_id=part_id(planned.message_id, number),
                thread=planned.decision.thread,
                moment=plan.day.as_of,
            )
            content = as_bytes(part, envelope)
            name = f"mail-{len(paths) + 1}.eml"
            mark = hashlib.sha256(content).hexdigest()
            folder = folder.write({name: (WrittenFile(fingerprint=mark, hashes=(mark,)), content)})
            paths.append(workspace.relative(folder.path / name))
    return paths


class TrialOutcome(Value, frozen=True, kw_only=True):
    """The outcome of a test mail to one recipient; `reason` is empty if it was accepted."""

    recipient: str
    reason: str = ""


def send_trial(
    workspace: Workspace, settings: Settings, *, as_of: datetime, connect: Connect
) -> tuple[TrialOutcome, ...]:
    """Send a short mail to every recipient of the settings. It is not recorded in the ledger.

    Raises:
        NoSecret: if there is no password.
        NoServer: if the server cannot be reached, or refuses to sign in.
    """
    mail = settings.mail
    assert mail is not None  # noqa: S101  # the caller has checked
    text = language_of(settings.locale).text
    words = text("This is a mail from briefgen, as it will reach you. It works.")
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
            answer = talk.deliver(parcel_of(letter, envelope), before_dot=lambda: None)
            reason = "" if answer.state == "sent" else answer.reason or answer.state
            tried.append(TrialOutcome(recipient=recipient, reason=reason))
    return tuple(tried)
