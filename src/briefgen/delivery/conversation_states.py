"""The conversation with a mail server (RFC 5321) as one table: what each reply means, and when.

`docs/states.md` shows it, drawn from here by `make docs`. A message counts as sent at the 250
after its final dot. Until that dot is written the server cannot have the message; from then until
the reply nobody can know.
"""

from collections.abc import Mapping
from typing import Final, Literal

from briefgen.workspace.value import Value

Step = Literal[
    "greeting", "ehlo", "greeted", "starttls", "auth", "ready",
    "mail", "rcpt", "data", "body", "dot", "rset", "closed",
]  # fmt: skip
"""What was sent last and waits for a reply.

In three states it is our turn: `greeted` to encrypt or sign in, `ready` for the next message,
`closed` for nothing more.
"""

Event = Literal["yes", "later", "no", "closing", "nonsense", "lost"]
"""The reply that was hoped for, 4xx, 5xx, 421, any other reply, or none: broken off or too slow."""

Verdict = Literal["go on", "no server", "sent", "failed for now", "failed for good", "unsure"]
"""What follows: for the conversation as a whole, or for the message that is being handed in."""

HOPED_FOR: Final[Mapping[Step, frozenset[int]]] = {
    "greeting": frozenset({220}),
    "ehlo": frozenset({250}),
    "starttls": frozenset({220}),  # RFC 3207, 4
    "auth": frozenset({235}),  # RFC 4954, 6
    "mail": frozenset({250}),
    "rcpt": frozenset({250, 251}),
    "data": frozenset({354}),
    "dot": frozenset({250}),
    "rset": frozenset({250}),
}
"""The codes by which a server agrees (RFC 5321, 4.3.2)."""

_CLOSING: Final = 421


class Turn(Value, frozen=True, kw_only=True):
    """What follows from an event."""

    verdict: Verdict
    then: Step


def _until_ready(step: Step, then: Step) -> dict[tuple[Step, Event], Turn]:
    """Before any message was offered, no failure is a message's fault."""
    others: tuple[Event, ...] = ("later", "no", "closing", "nonsense", "lost")
    ends = {(step, event): Turn(verdict="no server", then="closed") for event in others}
    return {(step, "yes"): Turn(verdict="go on", then=then), **ends}


def _offering(step: Step, then: Step) -> dict[tuple[Step, Event], Turn]:
    """Before the final dot: the server cannot have the message."""
    return {
        (step, "yes"): Turn(verdict="go on", then=then),
        (step, "later"): Turn(verdict="failed for now", then="rset"),
        (step, "no"): Turn(verdict="failed for good", then="rset"),
        (step, "closing"): Turn(verdict="failed for now", then="closed"),
        (step, "nonsense"): Turn(verdict="failed for now", then="closed"),
        (step, "lost"): Turn(verdict="failed for now", then="closed"),
    }


TURNS: Final[Mapping[tuple[Step, Event], Turn]] = {
    **_until_ready("greeting", "ehlo"),
    **_until_ready("ehlo", "greeted"),
    **_until_ready("starttls", "ehlo"),
    **_until_ready("auth", "ready"),
    ("auth", "no"): Turn(verdict="failed for good", then="auth"),  # the next way that is offered
    **_offering("mail", "rcpt"),
    **_offering("rcpt", "data"),
    **_offering("data", "body"),
    ("body", "yes"): Turn(verdict="go on", then="dot"),
    ("body", "lost"): Turn(verdict="failed for now", then="closed"),
    ("dot", "yes"): Turn(verdict="sent", then="ready"),
    ("dot", "later"): Turn(verdict="failed for now", then="ready"),
    ("dot", "no"): Turn(verdict="failed for good", then="ready"),
    ("dot", "closing"): Turn(verdict="failed for now", then="closed"),
    ("dot", "nonsense"): Turn(verdict="unsure", then="closed"),
    ("dot", "lost"): Turn(verdict="unsure", then="closed"),
    ("rset", "yes"): Turn(verdict="go on", then="ready"),
    ("rset", "later"): Turn(verdict="go on", then="closed"),
    ("rset", "no"): Turn(verdict="go on", then="closed"),
    ("rset", "closing"): Turn(verdict="go on", then="closed"),
    ("rset", "nonsense"): Turn(verdict="go on", then="closed"),
    ("rset", "lost"): Turn(verdict="go on", then="closed"),
}
"""Every step with everything that can happen in it; anything else is a bug."""

OURS: Final[Mapping[Step, frozenset[Step]]] = {
    "greeted": frozenset({"starttls", "auth", "ready"}),
    "ready": frozenset({"mail"}),
}
"""The states in which it is our turn, and what we may send next."""


def event_of(step: Step, code: int) -> Event:
    """What a reply code means in a step.

    >>> event_of("rcpt", 251), event_of("dot", 251), event_of("dot", 421)
    ('yes', 'nonsense', 'closing')
    """
    if code in HOPED_FOR[step]:
        return "yes"
    if code == _CLOSING:
        return "closing"
    classes: dict[int, Event] = {4: "later", 5: "no"}
    return classes.get(code // 100, "nonsense")
