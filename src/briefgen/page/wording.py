"""What the page says that is not in the brief's lines: times and links."""

import re
from datetime import datetime, time
from urllib.parse import quote, urlsplit

from briefgen.brief.brief import Brief
from briefgen.brief.stops import is_on_a_map
from briefgen.workspace.language import Language

_WEB = ("http", "https")
_ADDRESS = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,255}\Z")
_MAP = "https://www.openstreetmap.org/search?query="


def when(brief: Brief, language: Language) -> str:
    """Like "Monday 23 November 2026", the first day of the meeting."""
    return language.long_date(brief.start.date())


def hours(brief: Brief, language: Language) -> str:
    """Like "10:00–11:00"; an all-day meeting says so."""
    if _all_day(brief.start, brief.end):
        return language.text("all day")
    start = language.clock_time(brief.start)
    if brief.end <= brief.start:
        return start
    if brief.end.date() == brief.start.date():
        return f"{start}–{language.clock_time(brief.end)}"
    until = language.short_date(brief.end.date(), beside=brief.start.date())
    return f"{start} – {until} {language.clock_time(brief.end)}"


def _all_day(start: datetime, end: datetime) -> bool:
    return start.time() == time() == end.time() and end > start


def why_plain(kind: str, language: Language) -> str:
    """Why a page holds only the text of a brief, by the kind of `workers.Failure`."""
    match kind:
        case "time":
            why = language.text("typesetting took too long")
        case "memory":
            why = language.text("typesetting needed too much memory")
        case _:
            why = language.text("typesetting failed")
    return language.text("Only the essentials: {why}.", why=why)


def web_link(address: str | None) -> str | None:
    """`address` where it is a web address, else None."""
    if not address or any(sign.isspace() for sign in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme.lower() in _WEB and parts.netloc else None


def host(address: str) -> str:
    """The host of a web address, as people say it."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def mail_link(address: str | None) -> str | None:
    """A `mailto:` for an address, else None."""
    if not address or not _ADDRESS.match(address):
        return None
    return "mailto:" + quote(address, safe="@+.-_~!$'*=")


def telephone_link(number: str | None) -> str | None:
    """A `tel:` for a telephone number (RFC 3966), else None."""
    digits = re.sub(r"[\s()./\u2010-\u2015-]", "", number or "")
    return f"tel:{digits}" if re.fullmatch(r"\+?[0-9]{3,20}", digits) else None


def map_link(place: str) -> str | None:
    """Where to look a place up; nothing for what is no place one can go to."""
    if not is_on_a_map(place):
        return None
    return _MAP + quote(place[:200], safe="")
