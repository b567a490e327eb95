"""The machine's own time zone."""

import warnings
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UNKNOWN: Final = ZoneInfo("UTC")
"""What counts where the machine names no zone, as in many containers."""


def local_zone() -> ZoneInfo:
    """The machine's zone by its IANA name; UTC where it names none.

    A bare Debian root has neither `/etc/localtime` nor `/etc/timezone`; tzlocal warns there, which
    tells a user nothing. `doctor` and `init` say which zone is taken.
    """
    from tzlocal import get_localzone_name  # noqa: PLC0415  # many settings name a zone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ZoneInfo(get_localzone_name() or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return UNKNOWN
