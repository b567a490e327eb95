"""Two writers of one field: what was there, what is there now, and what is to be there."""

from typing import Literal


def merged(mine: str, before: str, now: str) -> Literal["mine", "theirs", "both"]:
    """Whose value holds; `both` where each side changed it, and not alike."""
    if mine in {before, now}:
        return "theirs"
    return "mine" if now == before else "both"
