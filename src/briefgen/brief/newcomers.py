"""Newcomers: attendees without a file, and what to find out from them."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Occasion

_NAMED: Final = 3


def newcomers(occasion: Occasion) -> Iterator[Line]:
    """What to find out, where there is somebody without a file."""
    unknown = [p for p in occasion.participants if p.contact is None]
    if not unknown:
        return
    text = occasion.language.text
    if not occasion.people:
        yield _line(occasion, text("What brings them here, and why now?"), rank=86)
        yield _line(
            occasion,
            text("Who else has a say? What would make this time well spent?"),
            rank=84,
        )
        return
    named = [occasion.shorts[p.key] for p in unknown if p.shown_name]
    if len(named) == 1:
        (one,) = (p for p in unknown if p.shown_name)
        said = text("What does {name} look after, and what does {name} hope for?", name=named[0])
        yield _line(occasion, said, rank=64, who=one.key)
    elif named:
        said = text("What do they look after, and what do they hope for?")
        yield _line(
            occasion, said, rank=64, label=occasion.words.series(_shortened(named, occasion))
        )


def _shortened(names: list[str], occasion: Occasion) -> list[str]:
    if len(names) <= _NAMED + 1:
        return names
    left = len(names) - _NAMED
    return [*names[:_NAMED], occasion.language.plural("{count} more", "{count} more", left)]


def _line(
    occasion: Occasion, said: str, *, rank: int, label: str = "", who: str | None = None
) -> Line:
    origin = occasion.language.text("not on file") if label or who else ""
    return occasion.feed_line(
        "say", said, "newcomer", rank=rank, label=label, who=who, origin=origin, mark="ask",
        visibility="private",
    )  # fmt: skip
