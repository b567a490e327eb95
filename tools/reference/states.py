"""Draws the two state machines of a night from the tables that the code runs on."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, get_args

from briefgen.delivery.conversation_states import HOPED_FOR, OURS, Step
from briefgen.delivery.conversation_states import TURNS as SAID
from briefgen.delivery.ledger_entry import TURNS, Stage, state_of

HEAD = """\
# From sending to delivery: the states of a mail

Whether a mail is sent, waits, or may have arrived is decided by two tables, which the program
runs on. This page is drawn from them by `make docs`.

Nothing else changes the state of a delivery. A message is *sent* at the 250 that a server says
after its final dot; until that dot is written the server cannot have it, and from then until the
reply nobody can know.
"""

_Arrows: TypeAlias = dict[tuple[str, str], tuple[str, str]]
"""From where and by which event, to where and what is said of it."""


def states_page() -> str:
    """The page: a diagram and a table for the ledger, and for the conversation."""
    ledger: _Arrows = {(stage, event): (then, event) for (stage, event), then in TURNS.items()}
    said: _Arrows = {key: (turn.then, turn.verdict) for key, turn in SAID.items()}
    stages = [stage for stage in get_args(Stage) if stage != "gone"]
    steps = [step for step in get_args(Step) if step in HOPED_FOR or step == "body"]
    lines = [
        HEAD,
        "## A delivery in the ledger",
        "",
        "`briefgen log --deliveries` tells five states; whether a mail was repeated, or may be",
        "tried again, makes eight stages of them.",
        "",
        *_diagram(ledger),
        "",
        "| stage | state | " + " | ".join(_events(key for key in TURNS)) + " |",
        "| --- | --- |" + " --- |" * len(_events(TURNS)),
    ]
    for stage in stages:
        cells = [ledger.get((stage, event), ("", ""))[0] for event in _events(TURNS)]
        lines.append(f"| {stage} | {state_of(stage)} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "## The conversation with a mail server",
        "",
        "`yes` is the reply that was hoped for, `later` 4xx, `no` 5xx, `closing` 421, `nonsense`",
        "any other reply, and `lost` none: the connection broke, or the server took too long.",
        "",
        *_diagram({key: (then, key[1]) for key, (then, _) in said.items()} | _ours()),
        "",
        "| said last | " + " | ".join(_events(SAID)) + " |",
        "| --- |" + " --- |" * len(_events(SAID)),
    ]
    for step in steps:
        turns = (said.get((step, event)) for event in _events(SAID))
        cells = [f"{turn[1]}, then {turn[0]}" if turn else "" for turn in turns]
        lines.append(f"| {step} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _ours() -> _Arrows:
    """The arrows along which we go ourselves."""
    return {
        (step, f"to {then}"): (then, "our turn")
        for step, steps in OURS.items()
        for then in sorted(steps)
    }


def _events(keys: Iterable[tuple[str, str]]) -> list[str]:
    """Every event, in the order in which the table first names it."""
    return list(dict.fromkeys(event for _, event in keys))


def _diagram(turns: Mapping[tuple[str, str], tuple[str, str]]) -> Iterator[str]:
    """A state diagram: an arrow for each two states, with all that leads from one to the other."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (before, _), (then, why) in turns.items():
        arrows.setdefault((before, then), []).append(why)
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {next(iter(turns))[0]}"
    for (before, then), reasons in arrows.items():
        yield f"    {before} --> {then}: {', '.join(dict.fromkeys(reasons))}"
    yield "```"
