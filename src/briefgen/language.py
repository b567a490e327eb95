"""The user's language: words, plurals, dates and times as the page and the terminal print them."""

import gettext
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib import resources
from io import BytesIO

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "ja", "ar")
"""The languages that have a catalogue; English is the source."""


@dataclass(frozen=True, kw_only=True)
class Language:
    """Words and formats of one locale. Make it with `language_of`.

    Messages are the English texts themselves, with `{named}` values.
    """

    locale: Locale
    catalogue: gettext.NullTranslations

    def __reduce__(self) -> tuple[Callable[[str], "Language"], tuple[str]]:
        """Travels to a child process as its name; catalogues cannot be pickled."""
        return language_of, (str(self.locale),)

    @property
    def right_to_left(self) -> bool:
        """Whether the page runs from right to left."""
        return bool(self.locale.text_direction == "rtl")

    def text(self, message: str, /, **values: object) -> str:
        """`message` in the user's language, with its values put in."""
        translated = self.catalogue.gettext(message)
        return translated.format(**values) if values else translated

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The form of a message that goes with `count`, which is also its `{count}`."""
        return self.catalogue.ngettext(one, many, count).format(count=count, **values)

    def long_date(self, day: date) -> str:
        """`Monday 23 November 2026`."""
        return str(format_skeleton("yMMMMEEEEd", _as_datetime(day), locale=self.locale))

    def short_date(self, day: date, *, beside: date | None = None) -> str:
        """`2 Nov`, or `2 Nov 2025` where the year differs from that of `beside`."""
        skeleton = "MMMd" if beside is not None and beside.year == day.year else "yMMMd"
        return str(format_skeleton(skeleton, _as_datetime(day), locale=self.locale))

    def month(self, day: date) -> str:
        """`March 2025`."""
        return str(format_skeleton("yMMMM", _as_datetime(day), locale=self.locale))

    def short_month(self, day: date) -> str:
        """`Sep 2022`."""
        return str(format_skeleton("yMMM", _as_datetime(day), locale=self.locale))

    def day_and_month(self, day: date) -> str:
        """`26 March`."""
        return str(format_skeleton("MMMMd", _as_datetime(day), locale=self.locale))

    def weekday(self, day: date) -> str:
        """`Monday`."""
        return str(format_date(day, "EEEE", locale=self.locale))

    def clock_time(self, moment: datetime | time) -> str:
        """`10:00`, or `10:00 am` where that is the custom."""
        if isinstance(moment, datetime):
            moment = moment.timetz().replace(tzinfo=None)
        return str(format_time(moment, "short", locale=self.locale))

    def listed(self, items: Sequence[str]) -> str:
        """`a, b and c`."""
        return str(format_list(list(items), locale=self.locale))


def language_of(locale: str) -> Language:
    """The language of a locale identifier like `en_GB`, `de` or `pt-BR`.

    Raises:
        UnknownLocaleError: where there is no such locale.
        ValueError: where it is not written like one, or its language has no catalogue.
    """
    parsed = Locale.parse(locale.replace("-", "_"))
    if parsed.language not in LANGUAGES:
        raise ValueError(f"no words for '{parsed.language}'; take one of {', '.join(LANGUAGES)}")
    return Language(locale=parsed, catalogue=_catalogue(parsed.language))


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    source = resources.files("briefgen") / "languages" / f"{language}.po"
    if not source.is_file():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _as_datetime(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  # only formatted
