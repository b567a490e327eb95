"""States of a person, and which lines go with which state: the table in `states.yaml`."""

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, get_args

from briefgen.workspace.built_in import read_as
from briefgen.workspace.value import Value

State = Literal[
    "grief",
    "blow",
    "hidden",
    "apology",
    "strained",
    "heavy",
    "bereaved",
    "worried",
    "wish",
    "lapsed",
    "first",
    "steady",
    "beside",
    "celebration",
]
STATES: Final[tuple[State, ...]] = get_args(State)
"""The strictest first."""
CARE: Final[frozenset[State]] = frozenset(STATES[: STATES.index("worried") + 1])
"""States that ask for care; if one of them applies, the others do not count."""
OFFER: Final = "offer"
JOKE: Final = "joke"
ESTATE: Final = "estate"
"""The table's names for a line that sells, jokes, or asks for papers after a death."""


class Kind(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of line: the rules that make it, and the states in which it is not said."""

    rules: tuple[str, ...]
    silent: tuple[State, ...] = ()


class Table(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole table."""

    states: dict[State, str]
    lines: dict[str, Kind]


@cache
def table() -> Table:
    """The table in `states.yaml`."""
    return read_as(Table, "brief/states.yaml")


@cache
def _silent_by_rule() -> Mapping[str, frozenset[State]]:
    kinds = table().lines.values()
    return {rule: frozenset(kind.silent) for kind in kinds for rule in kind.rules}


@cache
def silencing_state(rules: tuple[str, ...], states: frozenset[State]) -> State | None:
    """The strictest of some states in which a line of these rules is not said, if any."""
    silent = _silent_by_rule()
    forbidden = frozenset().union(*(silent.get(rule, frozenset()) for rule in rules))
    return next((state for state in STATES if state in states and state in forbidden), None)
