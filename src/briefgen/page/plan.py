"""A plan: how a page is to be laid out. It holds ids and numbers, nothing of what is said."""

from collections.abc import Mapping

from msgspec import field

from briefgen.brief.brief import Section
from briefgen.workspace.value import Value


class Plan(Value, frozen=True, kw_only=True):
    """How a page is to be laid out.

    Attributes:
        left_out: ids of what is not on the page: blocks and mood lines.
        lines: how many ruled lines each stretch of them has, by its key.
        moved: the sections that stand in the right column because there is more room.
        short: how much the glance is cut to its height: 1 all but what is first, 2 that too.
        tight: whether each line is cut to one line of type, since what must stay is too much.
    """

    left_out: frozenset[str] = frozenset()
    lines: Mapping[str, int] = field(default_factory=dict)
    moved: frozenset[Section] = frozenset()
    short: int = 0
    tight: bool = False
