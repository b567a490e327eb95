"""Mail: planned first, then sent, each step recorded in the ledger before it is taken."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from briefgen.delivery.conversation import (
    Answer,
    Conversation,
    NoServer,
    Parcel,
    Server,
    conversation,
)
from briefgen.delivery.ledger import Ledger
from briefgen.delivery.ledger_entry import Delivery, Kind, is_due
from briefgen.delivery.mail_changes import Content, Decision, decide, version_of
from briefgen.delivery.mailed_meetings import facts_of
from briefgen.delivery.message import MOST_BYTES, Envelope, Letter, NotAsWritten, as_bytes, in_parts
from briefgen.workspace.addresses import ascii_domain
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.secrets import NoSecret
from briefgen.workspace.value import Value

_ACTIVE: Final = frozenset({"send", "resume", "resend"})


class Topic(Value, frozen=True, kw_only=True):
    """What a message can be about: a day, or a meeting.

    Attributes:
        about: its name in the ledger.
        content: what the message would say now.
    """

    about: str
    day: date
    content: Content


class PlannedMail(Value, frozen=True, kw_only=True):
    """What to do for one recipient about one topic, and why.

    Attributes:
        again: send what was refused or is waiting, because the user asks for it.
    """

    topic: Topic
    recipient: str
    decision: Decision
    message_id: str
    version: str

    @property
    def to_send(self) -> bool:
        """Whether something goes out."""
        return self.decision.action in _ACTIVE

    @property
    def kind(self) -> Kind:
        """First, update or cancellation."""
        return self.decision.kind

    @property
    def reason(self) -> str:
        """Why, in words for `--dry-run`."""
        decision = self.decision
        words = {
            "send": {
                "first": Phrase("not sent yet"),
                "update": Phrase.plural(
                    "{count} changed since it was sent",
                    "{count} changed since it was sent",
                    len(decision.changes),
                ),
                "cancellation": Phrase("cancelled since it was sent"),
            }[decision.kind],
            "resume": Phrase("decided earlier, not sent yet"),
            "resend": Phrase(
                "it is unknown whether it arrived; sent again under the same Message-ID"
            ),
            "wait": Phrase("tried before; again at {when}", when=_when(decision.entry)),
            "over": Phrase(
                "refused: {reason}", reason=decision.entry.reason if decision.entry else ""
            ),
            "nothing": Phrase("nothing new"),
        }
        return words[decision.action]


class Post(Value, frozen=True, kw_only=True):
    """Everything that sending needs.

    Attributes:
        server: returns the server with its password; called only if something is to be sent.
        tell: called with each delivery once its outcome is known.
        wait_for_turn: returns when that many mails may go out; called before each conversation.
    """

    ledger: Ledger
    server: Callable[[], Server]
    sender: str
    sender_name: str
    language: Language
    as_of: datetime
    most_bytes: int = MOST_BYTES
    tell: Callable[[Delivery], None] = lambda _: None
    wait_for_turn: Callable[[int], None] = lambda _: None


def plan_mail(
    topics: Iterable[Topic],
    recipients: Sequence[str],
    *,
    ledger: Ledger,
    sender: str,
    as_of: datetime,
    zone: ZoneInfo,
    again: bool = False,
) -> tuple[PlannedMail, ...]:
    """What to send to whom. Nothing is written; the ledger is only read.

    With `again`, what is waiting or was refused permanently is tried once more.
    """
    planned = []
    for topic in topics:
        for recipient in dict.fromkeys(recipients):
            thread = ledger.thread("mail", topic.about, recipient)
            decision = decide(thread, topic.content, as_of=as_of, zone=zone)
            if again and decision.action in {"wait", "over"} and decision.entry is not None:
                unsure = decision.entry.state == "unsure"
                decision = decision.replace(action="resend" if unsure else "resume")
            if decision.action == "nothing" and _has_open_part(ledger, topic, recipient, as_of):
                decision = decision.replace(action="resume")
            planned.append(_planned(topic, recipient, decision, sender, owner=ledger.owner))
    return tuple(planned)


def _planned(
    topic: Topic, recipient: str, decision: Decision, sender: str, *, owner: str
) -> PlannedMail:
    if decision.entry is not None:
        version, message_id = decision.entry.version, decision.entry.message_id
    else:
        version = version_of(decision.kind, topic.content.meetings)
        message_id = message_id_of(
            sender=sender,
            about=topic.about,
            recipient=recipient,
            ordinal=decision.ordinal,
            version=version,
            owner=owner,
        )
    return PlannedMail(
        topic=topic,
        recipient=recipient,
        decision=decision,
        message_id=message_id,
        version=version,
    )


def message_id_of(
    *, sender: str, about: str, recipient: str, ordinal: int, version: str, owner: str = ""
) -> str:
    """The same name for a message, recipient and version of the content, whenever it is computed.

    A mail program shows a message that it gets twice only once; so the owner is part of the name if
    several people share a sender and a recipient.
    """
    told = json.dumps([sender, about, recipient, ordinal, version, *([owner] if owner else [])])
    domain = sender.rpartition("@")[2].encode("idna").decode("ascii")
    return f"<{hashlib.sha256(told.encode()).hexdigest()[:40]}@{domain}>"


def part_id(message_id: str, number: int) -> str:
    """The message id of a further part of a message that is too large for one."""
    return message_id if number == 1 else message_id.replace("@", f".{number}@", 1)


def part_about(about: str, number: int) -> str:
    """How the ledger names a further part."""
    return about if number == 1 else f"{about} part {number}"


def send_planned(
    planned: Sequence[PlannedMail], write: Callable[[PlannedMail], Letter], post: Post
) -> tuple[Delivery, ...]:
    """Send what is planned; returns the deliveries afterwards.

    Everything is recorded as intended before the server is contacted. A recipient that is refused
    does not stop the others.

    Raises:
        LedgerFault: if something cannot be recorded; what was sent before stays sent.
    """
    for one in planned:
        if one.decision.withdraw is not None:
            post.ledger.withdraw(one.decision.withdraw)
    entries = [(one, one.decision.entry or _intend(one, post, 1)) for one in planned if one.to_send]
    settled: list[Delivery] = []
    # A rebuilt ledger has some that were sent, but no longer knows what they were about.
    queue = [(one, entry) for one, entry in entries if entry.state != "sent"]
    while queue:
        queue = _converse(queue, write, post, settled)
    return tuple(settled)


def _converse(
    queue: list[tuple[PlannedMail, Delivery]],
    write: Callable[[PlannedMail], Letter],
    post: Post,
    settled: list[Delivery],
) -> list[tuple[PlannedMail, Delivery]]:
    """Hold one conversation; returns what is left for another.

    If a server is too slow, the rest waits for a later run: ten recipients would otherwise take ten
    times two minutes.
    """
    try:
        server = post.server()
        post.wait_for_turn(len(queue))
        with conversation(server) as talk:
            while queue:
                planned, entry = queue[0]
                letter = write(planned)
                queue.pop(0)
                deliveries, broken = _send_parts(planned, entry, letter, talk, post)
                settled += deliveries
                if broken is not None and not broken.slow:
                    return queue
                if broken is not None:
                    settled += _put_off(queue, broken.reason, post)
                    return []
    except (NoServer, NoSecret) as error:
        settled += _put_off(queue, str(error), post)
    return []


def _put_off(
    queue: Sequence[tuple[PlannedMail, Delivery]], reason: str, post: Post
) -> list[Delivery]:
    return [
        _with_state(post, post.ledger.failed(entry, reason, post.as_of, again=True))
        for _, entry in queue
    ]


def _intend(planned: PlannedMail, post: Post, number: int) -> Delivery:
    content = planned.topic.content
    return post.ledger.intend(
        channel="mail",
        about=part_about(planned.topic.about, number),
        day=planned.topic.day,
        recipient=planned.recipient,
        version=planned.version,
        message_id=part_id(planned.message_id, number),
        kind=planned.kind,
        facts={**facts_of(content.meetings), "sheets": content.sheets},
        as_of=post.as_of,
    )


def _send_parts(
    planned: PlannedMail, entry: Delivery, letter: Letter, talk: Conversation, post: Post
) -> tuple[list[Delivery], Answer | None]:
    """Send the message, in parts if it is too large; a part that has gone is not repeated.

    Returns:
        the deliveries, and the answer that ended the conversation, if one did.
    """
    limit = min(post.most_bytes, talk.most_bytes or post.most_bytes)
    parts = in_parts(letter, limit, post.language)
    entries = [entry, *(_intend(planned, post, n) for n in range(2, len(parts) + 1))]
    settled = []
    for number, (part, one) in enumerate(zip(parts, entries, strict=True), start=1):
        if one.state == "sent" or (not one.open and number > 1):
            continue
        thread = planned.decision.thread if number == 1 else (planned.message_id,)
        delivery, answer = _send_one(one, part, thread, talk, post)
        settled.append(_with_state(post, delivery))
        if answer is not None and not answer.usable:
            return settled, answer
    return settled, None


def _send_one(
    entry: Delivery, letter: Letter, thread: tuple[str, ...], talk: Conversation, post: Post
) -> tuple[Delivery, Answer | None]:
    envelope = Envelope(
        sender=post.sender,
        sender_name=post.sender_name,
        recipient=entry.recipient,
        message_id=entry.message_id,
        thread=thread,
        moment=post.as_of,
        repeated=entry.state == "unsure",
    )
    try:
        parcel = parcel_of(letter, envelope)
    except NotAsWritten as error:
        return post.ledger.failed(entry, str(error), post.as_of, again=False), None
    turned = entry

    def before_dot() -> None:
        nonlocal turned
        turned = post.ledger.sending(entry, post.as_of)

    answer = talk.deliver(parcel, before_dot=before_dot)
    return _settled(turned, answer, post), answer


def parcel_of(letter: Letter, envelope: Envelope) -> Parcel:
    """The letter in its envelope, ready for the server.

    Raises:
        NotAsWritten: as `as_bytes`.
    """
    return Parcel(
        sender=ascii_domain(envelope.sender),
        recipient=ascii_domain(envelope.recipient),
        content=as_bytes(letter, envelope),
        utf8=envelope.needs_utf8,
    )


def _settled(entry: Delivery, answer: Answer, post: Post) -> Delivery:
    if answer.state == "sent":
        return post.ledger.sent(entry, post.as_of)
    if answer.state == "failed":
        return post.ledger.failed(entry, answer.reason, post.as_of, again=answer.again)
    return post.ledger.unsure(entry, answer.reason, post.as_of)


def _with_state(post: Post, delivery: Delivery) -> Delivery:
    post.tell(delivery)
    return delivery


def _has_open_part(ledger: Ledger, topic: Topic, recipient: str, as_of: datetime) -> bool:
    thread = ledger.thread("mail", part_about(topic.about, 2), recipient)
    return any(is_due(one, as_of) and one.day >= as_of.date() for one in thread[-1:])


def _when(entry: Delivery | None) -> str:
    return (
        f"{entry.retry_at:%Y-%m-%d %H:%M} UTC"
        if entry and entry.retry_at
        else Phrase("a later run")
    )
