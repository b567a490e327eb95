"""What a command's exit status means."""

from typing import Final

DONE: Final = 0
"""All done; a day with no meetings too."""
NOTHING_MADE: Final = 1
"""Nothing usable could be made, or the settings cannot be read."""
WRONG_USE: Final = 2
"""Wrong use, or no workspace."""
PARTLY_DONE: Final = 3
"""Some briefs or deliveries failed, or a last good copy had to serve; the rest are done."""
LOCKED: Final = 75
"""Another run holds the lock."""
