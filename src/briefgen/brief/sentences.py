"""The sentences of a note."""

import re
from typing import Final

_BETWEEN: Final = re.compile(r"(?<=[.!?\u3002\uff01\uff1f\u061f])\s*(?=\S)|;\s+")


def sentences_of(text: str) -> tuple[str, ...]:
    """A note sentence by sentence; what stands beside a semicolon counts as one."""
    return tuple(part.strip() for part in _BETWEEN.split(text) if part.strip())
