"""An entry of the ledger, and the states of a delivery as one table.

`docs/states.md` shows the table, drawn from here by `make docs`. The ledger's columns know five
states; whether a mail was already repeated, or may be tried again, makes eight stages of them.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from briefgen.workspace.phrase import STATES, Phrase
from briefgen.workspace.value import Value

State = Literal["intent", "sending", "sent", "failed", "unsure"]
"""What the ledger, the reports and `briefgen log` say."""

Stage = Literal[
    "intent", "sending", "sent", "waiting", "refused", "unsure", "repeating", "doubtful", "gone"
]
"""A state, and what can still follow from it.

intent: decided, but nothing has left yet; a crash here costs nothing. sending: recorded just before
the step after which the other side may have it (the final dot of a mail, the start of `lp`); from
then on it is unknown. sent: the other side has confirmed it. waiting: it has not gone; a later run
tries again. refused: it has not gone, and is tried again only if the user asks for it. unsure: it
may have gone; a mail may be sent once more, under the same Message-ID. repeating: being sent that
once more. doubtful: repeated, and still unknown; this is the end. gone: removed, since something
newer takes its place.
"""

Event = Literal["begun", "taken", "put off", "refused", "lost", "withdrawn"]
"""Sending begins; it is accepted, deferred, refused; the outcome is unknown; it is outdated."""

TURNS: Final[Mapping[tuple[Stage, Event], Stage]] = {
    ("intent", "begun"): "sending",
    ("intent", "put off"): "waiting",
    ("intent", "refused"): "refused",
    ("intent", "withdrawn"): "gone",
    ("waiting", "begun"): "sending",
    ("waiting", "put off"): "waiting",
    ("waiting", "refused"): "refused",
    ("waiting", "withdrawn"): "gone",
    ("refused", "begun"): "sending",
    ("refused", "put off"): "waiting",
    ("refused", "refused"): "refused",
    ("refused", "withdrawn"): "gone",
    ("sending", "taken"): "sent",
    ("sending", "put off"): "waiting",
    ("sending", "refused"): "refused",
    ("sending", "lost"): "unsure",
    ("unsure", "begun"): "repeating",
    ("unsure", "taken"): "sent",
    ("unsure", "put off"): "unsure",
    ("unsure", "refused"): "doubtful",
    ("unsure", "lost"): "unsure",
    ("repeating", "taken"): "sent",
    ("repeating", "put off"): "unsure",
    ("repeating", "refused"): "doubtful",
    ("repeating", "lost"): "doubtful",
    ("doubtful", "taken"): "sent",
    ("doubtful", "put off"): "doubtful",
    ("doubtful", "refused"): "doubtful",
    ("doubtful", "lost"): "doubtful",
}
"""Every stage with everything that can happen in it; anything else is a bug."""

_STATE_OF: Final[Mapping[Stage, State]] = {
    "intent": "intent",
    "sending": "sending",
    "sent": "sent",
    "waiting": "failed",
    "refused": "failed",
    "unsure": "unsure",
    "repeating": "sending",
    "doubtful": "unsure",
}


def stage_of(state: State, *, repeated: bool, retried: bool) -> Stage:
    """The stage of an entry, from its state and whether it was or will be repeated.

    >>> stage_of("failed", repeated=False, retried=True)
    'waiting'
    """
    match state:
        case "failed":
            return "waiting" if retried else "refused"
        case "sending":
            return "repeating" if repeated else "sending"
        case "unsure":
            return "doubtful" if repeated else "unsure"
        case _:
            return state


def state_of(stage: Stage) -> State:
    """The ledger's state for a stage."""
    return _STATE_OF[stage]


def is_repeated(stage: Stage, *, before: bool) -> bool:
    """Whether an entry of this stage was sent a second time; `before` if already known."""
    return before if stage == "sent" else stage in {"repeating", "doubtful"}


Channel = Literal["mail", "print"]
Kind = Literal["first", "update", "cancellation"]

FIRST_WAIT: Final = timedelta(minutes=15)
LONGEST_WAIT: Final = timedelta(hours=6)


class Delivery(Value, frozen=True, kw_only=True):
    """One entry of the ledger.

    Attributes:
        number: its key in the ledger.
        about: its topic: `day 2026-11-23`, or `meeting <uid> <recurrence id>`.
        day: the day it is for; nothing is tried again after that day.
        recipient: a mail address, or the name of a printer's queue.
        version: a hash of what a reader would notice.
        message_id: with its angle brackets; the unique title of a print job.
        kind: the first of its thread, an update, or a cancellation.
        attempts: how often it was tried.
        resent: whether it was sent again after it had become `unsure`, or cannot be.
        retry_at: when a failed one may be tried again; None if it may not.
        reason: why it failed or is unsure.
        job: the id that the printer's queue gave.
        facts: what it told the reader, to find later what has changed; empty if lost.
        changed: when this entry was last written, in UTC.
    """

    number: int
    channel: Channel
    about: str
    day: date
    recipient: str
    version: str
    message_id: str
    kind: Kind
    state: State
    attempts: int
    resent: bool
    retry_at: datetime | None
    reason: str
    job: str | None
    facts: Mapping[str, Any]
    changed: datetime

    @property
    def sentence(self) -> str:
        """The outcome for people: `mail failed: the server was silent`."""
        return Phrase(
            "{channel} {state}: {reason}",
            channel=Phrase("mail") if self.channel == "mail" else Phrase("print"),
            state=STATES.get(self.state, self.state),
            reason=self.reason,
        )

    @property
    def stage(self) -> Stage:
        """Its stage in the table above."""
        return stage_of(self.state, repeated=self.resent, retried=self.retry_at is not None)

    @property
    def open(self) -> bool:
        """Whether a run may still have to do something about it."""
        if self.stage == "unsure":
            return self.channel == "mail"
        return self.stage in {"intent", "sending", "repeating", "waiting"}

    def as_json(self) -> dict[str, str]:
        """The delivery as the reports write it."""
        return {
            "channel": self.channel,
            "message_id": self.message_id,
            "recipient": self.recipient,
            "state": self.state,
        }


class Night(Value, frozen=True, kw_only=True):
    """One run of `nightly`, as `briefgen log` shows it.

    `ended` and `status` are None for a night that died.
    """

    number: int
    as_of: datetime
    ended: datetime | None = None
    status: int | None = None
    summary: Mapping[str, Any]


def wait_after(attempts: int) -> timedelta:
    """How long to leave a recipient alone after some attempts: 15 minutes, doubling to 6 hours.

    >>> wait_after(1), wait_after(3), wait_after(50)
    (datetime.timedelta(seconds=900), datetime.timedelta(seconds=3600), \
datetime.timedelta(seconds=21600))
    """
    doubled: timedelta = FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10)
    return min(doubled, LONGEST_WAIT)


def is_due(delivery: Delivery, as_of: datetime) -> bool:
    """Whether an open delivery may be tried now.

    A time further ahead than the longest wait was written by a clock that has been set back
    since; it is ignored.
    """
    if not delivery.open:
        return False
    if delivery.retry_at is None:
        return True
    return not as_of < delivery.retry_at <= as_of + LONGEST_WAIT
