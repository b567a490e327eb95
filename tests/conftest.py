"""What every test shares: property tests look at the same examples each time.

A night of looking further: `HYPOTHESIS_PROFILE=explore make check`.
"""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
