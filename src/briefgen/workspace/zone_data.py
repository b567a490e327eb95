"""Time zones: which edition of the IANA database is used, and the machine's own zone.

A system that is seldom updated has old rules (of British Columbia before 2026, for example), and
the package `tzdata` may be older than an updated system. The newer of the two is used.
"""

import warnings
import zoneinfo
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from briefgen.workspace.value import Value

_EDITIONS: Final = ("tzdata.zi", "+VERSION")
"""Files that name the system's edition at the end of their first line."""
LONGEST_NAME: Final = 255
_UNKNOWN: Final = ""


class ZoneData(Value, frozen=True, kw_only=True):
    """The installed editions, like `2026a`; empty if missing or unknown."""

    system: str = _UNKNOWN
    package: str = _UNKNOWN

    @property
    def package_is_newer(self) -> bool:
        """Whether the package's edition is used; the system's is if its edition is unknown."""
        return bool(self.system) and self.package > self.system

    @property
    def used(self) -> str:
        """The edition that is used."""
        return self.package if self.package_is_newer or not self.system else self.system


@cache
def zone_data() -> ZoneData:
    """The installed editions; from the first call on, zones come from the newer one."""
    system = _system_edition(zoneinfo.TZPATH)
    try:
        import tzdata  # type: ignore[import-untyped]  # noqa: PLC0415  # not everywhere needed
    except ImportError:
        return ZoneData(system=system)
    found = ZoneData(system=system, package=tzdata.IANA_VERSION)
    if found.package_is_newer:
        folder = Path(tzdata.__file__).parent / "zoneinfo"
        zoneinfo.reset_tzpath([folder, *zoneinfo.TZPATH])
        zoneinfo.ZoneInfo.clear_cache()
    return found


def _system_edition(folders: tuple[str, ...]) -> str:
    for folder in folders:
        for name in _EDITIONS:
            with suppress(OSError), (Path(folder) / name).open("rb") as stream:
                words = stream.readline(100).decode(errors="replace").split()
                return words[-1] if words else _UNKNOWN
    return _UNKNOWN


@cache
def iana(name: str) -> zoneinfo.ZoneInfo | None:
    """The IANA zone of this name, in any case; None if there is none."""
    zone_data()
    if not name or len(name) > LONGEST_NAME or not name.isascii():
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        found = _iana_names().get(name.casefold().replace(" ", "_"))
        return zoneinfo.ZoneInfo(found) if found else None


@cache
def _iana_names() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones()}


UNKNOWN: Final = ZoneInfo("UTC")
"""Used if the machine names no zone, as in many containers."""


def local_zone() -> ZoneInfo:
    """The machine's zone by its IANA name; UTC if it names none.

    A bare Debian root has neither `/etc/localtime` nor `/etc/timezone`; tzlocal then warns, which
    means nothing to a user. `doctor` and `init` say which zone is used.
    """
    from tzlocal import get_localzone_name  # noqa: PLC0415  # many settings name a zone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ZoneInfo(get_localzone_name() or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return UNKNOWN
