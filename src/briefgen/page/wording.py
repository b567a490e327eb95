"""What the page says that is not in the brief's lines: headings, times, counts, links."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from urllib.parse import quote, urlsplit

from briefgen.brief.brief import Brief
from briefgen.workspace.language import Language

Sections = Mapping[str, Mapping[str, int]]
"""How many lines of each section, by file."""

_WEB = ("http", "https")
_ADDRESS = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,255}\Z")
_MAP = "https://www.openstreetmap.org/search?query="


def what_was_left_out(section: str, count: int, language: Language) -> str:
    """So many lines of a section, in words."""
    plural = language.plural
    said = {
        "agenda": plural("{count} agenda item", "{count} agenda items", count),
        "say": plural("{count} talking point", "{count} talking points", count),
        "promises": plural("{count} promise", "{count} promises", count),
        "history": plural("{count} earlier interaction", "{count} earlier interactions", count),
        "person": plural("{count} fact", "{count} facts", count),
        "repair": plural(
            "{count} line on the relationship", "{count} lines on the relationship", count
        ),
        "situation": plural(
            "{count} line on where they are", "{count} lines on where they are", count
        ),
        "reflection": plural("{count} line on last time", "{count} lines on last time", count),
        "bring": plural("{count} thing to bring", "{count} things to bring", count),
        "prompt": plural(
            "{count} hint for the questions", "{count} hints for the questions", count
        ),
    }
    return said.get(section) or plural("{count} line", "{count} lines", count)


def left_out_note(
    section: str, files: Mapping[str, int], language: Language, *, named: bool
) -> str:
    """Like "+4 earlier interactions in dana-smith.yaml"; without files where none may be named."""
    what = what_was_left_out(section, sum(files.values()), language)
    return _note(what, files, language, named=named)


def _note(what: str, files: Iterable[str], language: Language, *, named: bool) -> str:
    if not named:
        return language.text("+{what}", what=what)
    names = [file.rpartition("/")[2] for file in files]
    if len(names) > 3:  # noqa: PLR2004  # more would be a list, not a note
        more = language.plural("{count} more file", "{count} more files", len(names) - 2)
        names = [*names[:2], more]
    return language.text("+{what} in {files}", what=what, files=language.listed(names))


def gone_notes(sections: Sections, language: Language, *, named: bool) -> list[str]:
    """What is left out of several sections, those of the same files in one note.

    Of many files there is one note for all: to name them again and again would take the room of
    what was left out.
    """
    by_files: dict[tuple[str, ...], dict[str, int]] = {}
    for section, files in sections.items():
        by_files.setdefault(tuple(files), {})[section] = sum(files.values())
    if len(by_files) > 2:  # noqa: PLR2004  # more would fill lines
        everything = tuple(dict.fromkeys(file for files in sections.values() for file in files))
        by_files = {everything: {name: sum(files.values()) for name, files in sections.items()}}
    notes = []
    for names, counts in by_files.items():
        what = " · ".join(
            what_was_left_out(section, count, language) for section, count in counts.items()
        )
        notes.append(_note(what, names, language, named=named))
    return notes


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
    """Where to look a place up; nothing for an empty place or a web address."""
    if not place.strip() or "://" in place:
        return None
    return _MAP + quote(place[:200], safe="")
