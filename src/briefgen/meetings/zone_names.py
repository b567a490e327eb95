"""What a time zone's name means: IANA, Windows, displayed, translated, abbreviated, offsets.

Names that are neither in the IANA database nor in CLDR are data: `zone_names.yaml`.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from babel.core import Locale, get_global

from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value
from briefgen.workspace.zone_data import iana

_UTC_NAMES: Final = frozenset(
    {"z", "utc", "gmt", "zulu", "tzone://microsoft/utc", "coordinated universal time"}
)
_BARE_ABBREVIATIONS: Final = frozenset({"EST", "MST", "HST"})
"""IANA names that never have summer time, though people in their zones write them all year."""
_OFFSET: Final = r"([+\-\u2212\u2013])\s*(\d{1,2})(?:[:.]?(\d\d))?"
_OFFSET_NAME = re.compile(rf"\(?(?:UTC|GMT)?\s*{_OFFSET}\)?\Z", re.IGNORECASE)
_DISPLAYED = re.compile(rf"\((?:UTC|GMT)\s*(?:{_OFFSET})?\)\s*(.*)\Z", re.IGNORECASE)
_OFFSET_FIRST = re.compile(rf"(?:UTC|GMT)\s*{_OFFSET}\b\s*(.*)\Z", re.IGNORECASE)
_TWO_OFFSETS = re.compile(
    rf"(?:UTC|GMT)?\s*{_OFFSET}\s*\(?Standard\)?\W+(?:UTC|GMT)?\s*{_OFFSET}\s*\(?Daylight\)?",
    re.IGNORECASE,
)
_POSIX = re.compile(r"([A-Z]{3,4}[+-]?\d{1,2}([A-Z]{3,4}))(?:,M.*)?\Z")
"""`EST5EDT,M3.2.0,M11.1.0`, `CET-1CEST` (POSIX, 8.3)."""
_NUMBERED = re.compile(r"(.*[^\W\d].*?)[ _-]*\(?\d{1,3}\)?\Z")
_SUMMER = re.compile(r"(?i)\b(?:daylight|summer)\b")
_IANA_INSIDE = re.compile(r"\b[A-Z][A-Za-z]+(?:/[A-Za-z][\w+-]*){1,2}")
_BRACKETED = re.compile(r"\s*[(\[（][^()\[\]（）]*[)\]）]\s*")  # noqa: RUF001  # as Windows writes them
_BETWEEN_CITIES = re.compile(r"[,;、，،/]| - ")  # noqa: RUF001  # as Windows writes them
_SHORTEST_PIECE: Final = 5
"""Letters by which a translated name, cut short by Windows, still identifies a zone."""
_LANGUAGES: Final = (
    ("en", "de", "fr", "es", "it", "nl", "pt", "ja", "ar"),
    ("sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "bg", "hr", "sl", "sr", "lt", "lv",
     "et", "el", "tr", "ru", "uk", "he", "ko", "zh", "zh_Hant", "th", "id", "vi", "ca"),
)  # fmt: skip
"""Languages in which names are looked for: the page's first, then those that Windows speaks."""


class Meaning(Value, frozen=True, kw_only=True):
    """What a name means.

    Attributes:
        zone: an IANA zone, or a fixed offset from UTC.
        shown: its name in messages.
        sure: whether a standard or a vendor defines this meaning.
    """

    zone: ZoneInfo | timedelta
    shown: str
    sure: bool = True


@lru_cache(maxsize=512)
def meaning_of(name: str, home: ZoneInfo | None = None) -> Meaning | None:
    """The zone that a name means; None if it is unknown.

    `home` is the user's zone, which is preferred if an abbreviation is ambiguous.
    """
    plain = " ".join(name.split()).strip("\"'").replace("\\", "")
    for way in (_standard, _path, _only_offset, _displayed):
        if found := way(plain):
            return found
    for guess in (_two_offsets, _abbreviation, _numbered, _of_summer, _respelled, _translated):
        if found := guess(plain, home):
            return Meaning(zone=found.zone, shown=found.shown, sure=False)
    return _rest_of_display(plain)


@cache
def _windows() -> dict[str, str]:
    found = get_global("windows_zone_mapping")
    return {str(name).casefold(): str(zone) for name, zone in found.items()}


@cache
def _names() -> Any:  # noqa: ANN401  # mappings of several shapes
    return read_built_in("meetings/zone_names.yaml")


def _of_iana(name: str) -> Meaning | None:
    zone = iana(name)
    return Meaning(zone=zone, shown=zone.key) if zone else None


def _standard(name: str) -> Meaning | None:
    if name.casefold() in _UTC_NAMES:
        return Meaning(zone=timedelta(), shown="UTC")
    if (found := iana(name)) and found.key in _BARE_ABBREVIATIONS:
        shown = Phrase("{name}, without summer time", name=found.key)
        return Meaning(zone=found, shown=shown, sure=False)
    return _of_iana(name) or _of_iana(_windows().get(name.casefold(), ""))


def _path(name: str) -> Meaning | None:
    """`/Europe/Berlin`, `/mozilla.org/20050126_1/Europe/Berlin`: the longest IANA suffix."""
    rest = name.strip("/")
    if name.startswith("/") and (found := _standard(rest)):
        return found
    while "/" in rest:
        rest = rest.partition("/")[2]
        if found := _of_iana(rest) if "/" in rest or rest.casefold() in _UTC_NAMES else None:
            return found
    return None


def _only_offset(name: str) -> Meaning | None:
    if not (found := _OFFSET_NAME.match(name)):
        return None
    return _fixed(_signed(*found.groups()))


def _fixed(offset: timedelta, *, sure: bool = True) -> Meaning | None:
    if abs(offset) > timedelta(hours=18):
        return None
    return Meaning(
        zone=offset,
        shown=Phrase("UTC{written}, without summer time", written=_written(offset)),
        sure=sure,
    )


def _signed(sign: str, hours: str, minutes: str | None) -> timedelta:
    size = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return size if sign == "+" else -size


def _written(offset: timedelta) -> str:
    sign = "-" if offset < timedelta() else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{sign}{hours:02d}:{minutes:02d}"


def _cut_display(name: str) -> tuple[timedelta | None, str, bool]:
    """The offset before a displayed name, the name, and whether there was a bracket."""
    if shown := _DISPLAYED.match(name) or _OFFSET_FIRST.match(name):
        sign, hours, minutes, rest = shown.groups()
        return (_signed(sign, hours, minutes) if sign else None), rest, True
    return None, name, False


def _displayed(name: str) -> Meaning | None:
    """A name as Windows and Outlook show it, in English."""
    offset, rest, displayed = _cut_display(name)
    wanted = _key(rest)
    for shown_offset, names in _names()["display"].items():
        if offset is None or shown_offset == _written(offset):
            for shown, zone in names.items():
                if wanted and _key(shown) == wanted:
                    return _of_iana(zone)
    if displayed and rest:
        return _of_iana(_windows().get(rest.casefold(), "")) or _of_iana(rest)
    return None


def _key(text: str) -> str:
    """A name's letters and digits alone, without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def _two_offsets(name: str, home: ZoneInfo | None) -> Meaning | None:
    if not (found := _TWO_OFFSETS.search(name)):
        return None
    groups = found.groups()
    offsets = _signed(*groups[:3]), _signed(*groups[3:6])
    if home is not None and _offsets(home) == offsets:
        return Meaning(zone=home, shown=home.key)
    return _of_iana(_names()["two_offsets"].get(" ".join(map(_written, offsets)), ""))


def _offsets(zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """A zone's standard and summer offset this decade; equal if it has no summer time."""
    both = sorted(_rules(zone)[:12])
    return both[0], both[-1]


@lru_cache(maxsize=1024)
def _rules(zone: ZoneInfo) -> tuple[timedelta, ...]:
    """A zone's offset on the first and the sixteenth of each month of two years."""
    days = (datetime(2026 + n // 24, n % 24 // 2 + 1, 1 + n % 2 * 15) for n in range(48))  # noqa: DTZ001
    return tuple(day.replace(tzinfo=zone).utcoffset() or timedelta() for day in days)


def _abbreviation(name: str, home: ZoneInfo | None) -> Meaning | None:
    plain = name.upper().strip("()")
    if home is not None and plain in _home_abbreviations(home):
        return Meaning(zone=home, shown=home.key)
    return _of_iana(_names()["abbreviations"].get(plain, ""))


def _home_abbreviations(home: ZoneInfo) -> set[str]:
    halves = (datetime(2026, 1, 16, tzinfo=home), datetime(2026, 7, 16, tzinfo=home))
    return {name.upper() for half in halves if (name := half.tzname()) and name.isalpha()}


def _numbered(name: str, home: ZoneInfo | None) -> Meaning | None:
    """`GMT Standard Time 1`, as programs name a second zone of the same name."""
    found = _NUMBERED.fullmatch(name)
    return meaning_of(found[1].rstrip(" _-"), home) if found else None


def _of_summer(name: str, home: ZoneInfo | None) -> Meaning | None:
    """`Eastern Daylight Time`: the zone of its standard name, all year."""
    standard = _SUMMER.sub("Standard", name)
    return meaning_of(standard, home) if standard != name else None


def _respelled(name: str, home: ZoneInfo | None) -> Meaning | None:
    """`Europe_Berlin`, `America/New-York`, `Berlin, Europe/Berlin (CET)`."""
    if (inside := _IANA_INSIDE.search(name)) and (found := _of_iana(inside[0])):
        return found
    if posix := _POSIX.match(name):
        return _of_iana(posix[1]) or _abbreviation(posix[2], home)
    return _of_iana(_iana_by_letters().get(_key(name), ""))


@cache
def _iana_by_letters() -> dict[str, str]:
    return {_key(name): name for name in sorted(available_timezones()) if "/" in name and
            not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))}  # fmt: skip


def _translated(name: str, home: ZoneInfo | None) -> Meaning | None:
    """A name in another language: a list of cities, or what CLDR or Windows calls the zone."""
    offset, rest, _ = _cut_display(name)
    whole = _key(rest)
    rest = _BRACKETED.sub(" ", rest).strip()
    keys = {whole, _key(rest)} - {""}
    own = {_key(shown): zone for shown, zone in _names()["translated"].items()}
    if zone := next((own[key] for key in keys if key in own), None):
        return _of_iana(zone)
    pieces = [key for piece in _BETWEEN_CITIES.split(rest) if (key := _key(piece))]
    for languages in _LANGUAGES:
        cities, zones = _cldr(languages)
        found = [zone for key in keys for zone in zones.get(key, ())]
        found = found or [zone for piece in pieces for zone in cities.get(piece, ())]
        found = found or list(_cut_short(keys, zones))
        if chosen := _agreed(found, offset, home):
            return Meaning(zone=chosen, shown=chosen.key)
    return None


def _cut_short(keys: Iterable[str], zones: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Zones whose name begins or ends with a key, since Windows' names are shorter than CLDR's."""
    for key in keys:
        if len(key) >= _SHORTEST_PIECE:
            for known, named in zones.items():
                if known.startswith(key) or known.endswith(key):
                    yield from named


def _agreed(
    names: Iterable[str], offset: timedelta | None, home: ZoneInfo | None
) -> ZoneInfo | None:
    """The zone that most of the names mean; None if none fits, or several fit equally well."""
    zones = [zone for name in names if (zone := iana(name))]
    fitting = [zone for zone in zones if offset is None or _offsets(zone)[0] == offset]
    if not (zones := fitting or zones):
        return None
    rules = Counter(_rules(zone) for zone in zones).most_common()
    if home is not None and _rules(home) in dict(rules):
        return home
    if len(rules) > 1 and rules[0][1] == rules[1][1]:
        return None
    return next(zone for zone in zones if _rules(zone) == rules[0][0])


@cache
def _cldr(
    languages: tuple[str, ...],
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Cities and zones by what these languages call them, as IANA names."""
    cities: dict[str, dict[str, None]] = defaultdict(dict)
    zones: dict[str, dict[str, None]] = defaultdict(dict)
    if "en" in languages:
        for name in sorted(available_timezones()):
            if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/")):
                cities[_key(name.rpartition("/")[2])][name] = None
    primary = _primary_zones()
    for language in languages:
        locale = Locale.parse(language)
        for name, words in locale.time_zones.items():
            if city := words.get("city"):
                cities[_key(city)][name] = None
        for meta, words in locale.meta_zones.items():
            for shown in words.get("long", {}).values():
                if meta in primary:
                    zones[_key(shown)][primary[meta]] = None
    return (
        {key: tuple(found) for key, found in cities.items()},
        {key: tuple(found) for key, found in zones.items()},
    )


@cache
def _primary_zones() -> dict[str, str]:
    """A zone for each of CLDR's metazones: the one Windows' table names, else the first."""
    metas = {str(zone): str(meta) for zone, meta in get_global("meta_zones").items()}  # type: ignore[arg-type]
    first: dict[str, str] = {}
    for zone in (*_windows().values(), *sorted(metas)):
        if zone in metas:
            first.setdefault(metas[zone], zone)
    return first


def _rest_of_display(name: str) -> Meaning | None:
    """If only the part before the name is understood: `(UTC) …`, `(UTC+03:00) …`."""
    offset, rest, displayed = _cut_display(name)
    if not displayed:
        return None
    if offset is None:
        return Meaning(zone=timedelta(), shown="UTC", sure=False)
    return _fixed(offset, sure=not rest)
