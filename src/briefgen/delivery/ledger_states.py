"""The life of a delivery as one table: what can happen to it at each stage, and what it is then.

`docs/nightly.md` shows it, drawn from here by `make docs`. The ledger's columns know five states;
whether a mail was already repeated, or may be tried again, makes eight stages of them.
"""

from collections.abc import Mapping
from typing import Final, Literal

State = Literal["intent", "sending", "sent", "failed", "unsure"]
"""What the ledger, the reports and `briefgen log` say."""

Stage = Literal[
    "intent", "sending", "sent", "waiting", "refused", "unsure", "repeating", "doubtful", "gone"
]
"""A state, and what may still come of it.

intent: decided, nothing has left yet; a death here costs nothing.
sending: written down just before the step after which the other side may have it (the final dot
    of a mail, the start of `lp`); whoever finds it later cannot know.
sent: the other side has said so.
waiting: it has not gone; a later run tries again.
refused: it has not gone, and is not tried again unless the user asks for it.
unsure: it may have gone; a mail may be sent once more, under the same Message-ID.
repeating: being sent that once more.
doubtful: repeated, and still nobody knows; this is the end.
gone: struck, since something newer takes its place.
"""

Event = Literal["begun", "taken", "put off", "refused", "lost", "withdrawn"]
"""Sending begins; the other side has it, says later, says no; nobody can know; it is outdated."""

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
"""Every stage with everything that can happen in it; anything else is a fault of ours."""

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
    """The stage that an entry's columns tell: its state, and whether it was or will be repeated.

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
    """The state by which the ledger knows a stage."""
    return _STATE_OF[stage]


def is_repeated(stage: Stage, *, before: bool) -> bool:
    """Whether an entry of this stage was sent a second time; `before` holds where it was sent."""
    return before if stage == "sent" else stage in {"repeating", "doubtful"}
