"""The user's language: words, plurals, dates and times as the page and the terminal print them.

Over 400 lines, because everything here depends on one locale and its catalogue.
"""

import gettext
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from unicodedata import bidirectional

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

from briefgen.workspace.phrase import FORMS, Phrase, WrittenDay
from briefgen.workspace.value import Value

SOURCE_LANGUAGE = "en"
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "ja", "ar")
"""The languages that have a catalogue; English is the source."""
REGIONAL_CATALOGUES = ("pt_BR",)
"""Locales that differ enough from their language to have a catalogue of their own."""

_ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
"""Characters that reorder nothing around them; a text of only these needs no isolate."""
_LEFT_TO_RIGHT = frozenset({"L"})
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


class Language(Value, frozen=True, kw_only=True, dict=True):
    """Words and formats of one locale. Make it with `language_of`.

    Messages are the English texts themselves, with `{named}` values.
    """

    locale: Locale
    catalogue: gettext.NullTranslations

    def __reduce__(self) -> tuple[Callable[[str], "Language"], tuple[str]]:
        """Pickled as its name, since catalogues cannot be pickled."""
        return language_of, (str(self.locale),)

    @cached_property
    def right_to_left(self) -> bool:
        """Whether the page runs from right to left."""
        return bool(self.locale.text_direction == "rtl")

    @cached_property
    def _is_plain(self) -> bool:
        """Whether ASCII values go into its messages unchanged."""
        return not self.right_to_left and self.locale.language != "it"

    def text(self, message: str, /, **values: object) -> str:
        """`message` in the user's language, with its values put in."""
        form = self.catalogue.gettext(message)
        return self._filled(form, values) if values else form

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The form of a message that goes with `count`, which is also its `{count}`."""
        form = self.catalogue.ngettext(one, many, count)
        return self._filled(form, {"count": count, **values})

    def said(self, text: str) -> str:
        """A phrase in the user's language; any other text as it is.

        In English a phrase is its own text: no catalogue is asked.
        """
        if self.locale.language == SOURCE_LANGUAGE:
            return str.__str__(text)
        if isinstance(text, WrittenDay):
            return self._day(text)
        if (
            not isinstance(text, Phrase) or not text
        ):  # gettext translates an empty text as the catalogue's header
            return text
        values = {name: self._value(value) for name, value in text.values.items()}
        if text.many:
            form = self.catalogue.ngettext(text.message, text.many, text.number)
        else:
            form = self.catalogue.gettext(text.message)
        return self._filled(form, values) if values else form

    def joined(self, texts: Sequence[str]) -> str:
        """Texts of any kind, joined with the comma of the language."""
        *others, last = [self.said(text) for text in texts] or [""]
        for other in reversed(others):
            last = self.text("{one}, {other}", one=other, other=last)
        return last

    def _value(self, value: object) -> object:
        if isinstance(value, str):
            return self.said(value)
        return self.joined(value) if isinstance(value, (list, tuple)) else value

    def _day(self, day: WrittenDay) -> str:
        if day.form == "%H:%M" and isinstance(day.moment, datetime):
            return self.clock_time(day.moment)
        form = day.form.removesuffix(" %H:%M").removesuffix(",")
        if form not in FORMS:
            return str.__str__(day)  # in figures
        written = self._formatted(day.moment, FORMS[form])
        if day.form == form or not isinstance(day.moment, datetime):
            return written
        return self.text("{date}, {time}", date=written, time=self.clock_time(day.moment))

    def _filled(self, form: str, values: dict[str, object]) -> str:
        """A message with its values; those of the other direction are isolated from its words."""
        if self._is_plain and (filled := form.format_map(values)).isascii():
            return filled  # nearly always
        if self.locale.language == "it":
            form = _elided(form, values)
        if self.locale.language == "ja":
            form = _with_one_honorific(form, values)
        return form.format_map(self._apart(values))

    def _apart(self, values: dict[str, object]) -> dict[str, object]:
        against = _LEFT_TO_RIGHT if self.right_to_left else _RIGHT_TO_LEFT
        return {
            name: f"\u2068{value}\u2069"
            if isinstance(value, str)
            and not against.isdisjoint(map(bidirectional, _ISOLATED.sub("", value)))
            else value
            for name, value in values.items()
        }

    def long_date(self, day: date) -> str:
        """`Monday 23 November 2026`."""
        return self._formatted(day, "EEEEyMMMMd")

    def day_heading(self, day: date) -> str:
        """The long date at the start of a line, where every language has a capital."""
        return capitalised(self.long_date(day))

    def short_date(self, day: date, *, beside: date | None = None) -> str:
        """`2 Nov`, or `2 Nov 2025` where the year differs from that of `beside`."""
        with_year = beside is None or beside.year != day.year
        return self._formatted(day, "yMMMd" if with_year else "MMMd")

    def month(self, day: date) -> str:
        """`March 2025`."""
        return self._formatted(day, "yMMMM")

    def short_month(self, day: date) -> str:
        """`Sep 2022`."""
        return self._formatted(day, "yMMM")

    def month_name(self, day: date) -> str:
        """`September`.

        The pattern is that of a month within a date: for a month alone Babel returns, in some
        languages, the names of whichever language was asked first.
        """
        return _named(day, "MMMM", self._name)

    def day_and_month(self, day: date) -> str:
        """`26 March`."""
        return self._formatted(day, "MMMMd")

    def whole_date(self, day: date) -> str:
        """`2 October 2025`."""
        return self._formatted(day, "yMMMMd")

    def city(self, zone: str) -> str:
        """The city a time zone is named for, as the language has it: `Athens`, `Athen`."""
        # For CLDR, Portuguese without a country is Brazil's; its catalogue here is Portugal's.
        locale = Locale("pt", "PT") if self._name == "pt" else self.locale
        named = locale.time_zones.get(zone, {}).get("city")
        return str(named or zone.rpartition("/")[2].replace("_", " "))

    def weekday(self, day: date) -> str:
        """`Monday`."""
        return _named(day, "EEEE", self._name)

    def clock_time(self, moment: datetime | time) -> str:
        """`10:00`, or `10:00 AM` where that is the custom."""
        if isinstance(moment, datetime):
            moment = moment.timetz().replace(tzinfo=None)
        return _clock_time(moment, self._name)

    def number(self, value: float | Decimal) -> str:
        """`1,250`, `1.250` or `1 250`, as the locale groups and points."""
        return str(format_decimal(value, locale=self.locale)).replace("\u202f", "\u00a0")

    def spelled(self, text: str) -> str:
        """A built-in text without catalogue, as the region writes it: `grosse`, not `große`."""
        for sign, other in self._regional_signs.items():
            text = text.replace(sign, other)
        return text

    @cached_property
    def _regional_signs(self) -> dict[str, str]:
        return _regional_signs(f"{self.locale.language}_{self.locale.territory}")

    @cached_property
    def colon(self) -> str:
        """The text after a label, with its spaces: `: `, or ` : ` in French."""
        return self.text("{label}: {text}", label="", text="")

    @cached_property
    def comma(self) -> str:
        """The text between two things in a list: `, `, or `、` in Japanese."""
        return self.text("{one}, {other}", one="", other="")

    @cached_property
    def semicolon(self) -> str:
        """The text between two statements."""
        return self.text("{one}; {other}", one="", other="")

    def labelled(self, label: str, text: str = "") -> str:
        """`label: text`, with the colon of the language."""
        return self.text("{label}: {text}", label=label, text=text).rstrip()

    def noted(self, text: str, note: str) -> str:
        """`text (note)`, or the text alone without a note."""
        return self.text("{text} ({note})", text=text, note=note) if note else text

    def listed(self, items: Sequence[str]) -> str:
        """`a, b and c`; items of the other direction are isolated from the words between."""
        if len(items) > 1 and (self.right_to_left or not all(map(str.isascii, items))):
            items = [str(self._apart({"item": item})["item"]) for item in items]
        return _listed(tuple(items), self._name)

    def people(self, names: Sequence[str]) -> str:
        """Names in a list, with the honorific that each has in a language like Japanese."""
        return self.listed([self.person(name) for name in names])

    def person(self, name: str) -> str:
        """A name as it is said of somebody: `佐藤 花子さん`; an address is none."""
        if "@" in name:
            return name
        form = self.said(Phrase("{name}"))
        return _with_one_honorific(form, {"name": name}).format(name=name)

    def _formatted(self, day: date, skeleton: str) -> str:
        return _by_skeleton(day, skeleton, self._name)

    @cached_property
    def _name(self) -> str:
        return str(self.locale)


def language_of(locale: str) -> Language:
    """The language of a locale identifier like `en_GB`, `de` or `pt-BR`.

    Raises:
        UnknownLocaleError: if there is no such locale.
        ValueError: if it is malformed, or its language has no catalogue.
    """
    parsed = Locale.parse(locale.replace("-", "_"))
    if parsed.language not in LANGUAGES:
        raise ValueError(
            Phrase(
                "no words for '{language}'; take one of {languages}",
                language=parsed.language,
                languages=tuple(LANGUAGES),
            )
        )
    name = f"{parsed.language}_{parsed.territory}"
    catalogue = name if name in REGIONAL_CATALOGUES else parsed.language
    return Language(locale=parsed, catalogue=_catalogue(catalogue, name))


def capitalised(text: str) -> str:
    """A text with a capital at its beginning, also in an isolate, unless an address is there."""
    if "://" in text.partition(" ")[0]:
        return text
    at = len(text) - len(text.lstrip("\u2068"))
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


_BEFORE_A_VOWEL = {"il": "l’", "Il": "L’", "al": "all’", "dal": "dall’", "del": "dell’"}
_ARTICLE_AND_DAY = re.compile(rf"\b({'|'.join(_BEFORE_A_VOWEL)}) (\{{(?:date|day)\}})")
_EIGHT_OR_ELEVEN = re.compile(r"(?:8|11)(?!\d)")


def _elided(form: str, values: Mapping[str, object]) -> str:
    """An Italian message with `dall’` and `l’` before the two days that begin with a vowel."""

    def elided(found: re.Match[str]) -> str:
        day = str(values.get(found[2][1:-1]))
        return _BEFORE_A_VOWEL[found[1]] + found[2] if _EIGHT_OR_ELEVEN.match(day) else found[0]

    return _ARTICLE_AND_DAY.sub(elided, form)


_HONORIFIC = re.compile(r"\{(\w+)\}(?:さん|様)")
_HONORIFICS = (
    *("さん", "さま", "様", "先生", "くん", "ちゃん", "-san"),
    *("社長", "会長", "部長", "課長", "専務", "常務"),
)


def _with_one_honorific(form: str, values: Mapping[str, object]) -> str:
    """A Japanese message without its さん behind a name that ends in an honorific or a rank."""

    def once(found: re.Match[str]) -> str:
        has_one = str(values.get(found[1], "")).endswith(_HONORIFICS)
        return f"{{{found[1]}}}" if has_one else found[0]

    return _HONORIFIC.sub(once, form)


@lru_cache(maxsize=4096)
def _by_skeleton(day: date, skeleton: str, locale: str) -> str:
    pattern = _pattern(locale, skeleton)
    if day.day == 1 and (first := _FIRST.get(locale) or _FIRST.get(_parsed(locale).language)):
        pattern = pattern.replace("d ", first)
    return _named(day, pattern, locale)


@lru_cache(maxsize=4096)
def _named(day: date, pattern: str, locale: str) -> str:
    """A day in a CLDR pattern; cached, since a run writes the same days again and again."""
    return str(format_date(day, pattern, locale=_parsed(locale)))


@lru_cache(maxsize=1024)
def _listed(items: tuple[str, ...], locale: str) -> str:
    return str(format_list(list(items), locale=_parsed(locale)))


@cache
def _parsed(locale: str) -> Locale:
    return Locale.parse(locale)


@lru_cache(maxsize=1500)
def _clock_time(moment: time, locale: str) -> str:
    # Few text fonts have the narrow no-break space of CLDR; the plain one looks the same.
    return str(format_time(moment, "short", locale=locale)).replace("\u202f", "\u00a0")


@cache
def _pattern(locale: str, skeleton: str) -> str:
    """The CLDR pattern of a locale for a skeleton, except for a few that read badly on paper."""
    parsed = _parsed(locale)
    if parsed.language == "pt" and skeleton in _PORTUGUESE:
        return _PORTUGUESE[skeleton]
    if skeleton == "EEEEyMMMMd":
        pattern = str(parsed.date_formats["full"].pattern)
        return pattern.replace("EEEE, d", "EEEE d") if parsed.language == "en" else pattern
    return str(parsed.datetime_skeletons[skeleton].pattern)


_FIRST = {"fr": "d'er' ", "it": "d'º' ", "pt_BR": "d'º' "}
"""`1er mai`, `1º maggio`, `1º de maio`: an ordinal, which CLDR does not know."""


_PORTUGUESE = {"MMMd": "d MMM", "yMMMd": "d MMM y", "yMMM": "MMM y"}
"""CLDR has 2/11 for Portugal, which names no month, and `2 de nov. de 2026` for Brazil."""


@cache
def _catalogue(name: str, region: str) -> gettext.NullTranslations:
    """The catalogue of this name, spelled as in a region like `de_CH`."""
    if name == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    from briefgen.workspace.built_in import PACKAGE, kept  # noqa: PLC0415  # not for English

    folder = PACKAGE / "languages"
    sources = [folder / f"{name}.po", folder / "regions.yaml"]
    compiled = kept(
        f"languages/{name}.{region}",
        sources,
        lambda: _compiled(sources[0], name, region),
        version="2",  # of `_compiled`
    )
    return gettext.GNUTranslations(BytesIO(compiled))


_EXAMPLE = re.compile(r"(?<![\w{=])(?:\d+(?:-\d+)+(?:T\d+:\d+)?|\d+[dwmy])(?![\w}])")
"""A date or span as people type it, like 03-26 or 6w; beside Arabic words it would be turned."""


def _compiled(source: Path, name: str, region: str) -> bytes:
    """A catalogue in the form gettext reads; from right to left, with examples isolated."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  # mostly it is kept
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = BytesIO()
    with source.open("rb") as stream:
        catalog = read_po(stream, locale=name)
    signs = _regional_signs(region)

    def written(form: str) -> str:
        for sign, other in signs.items():
            form = form.replace(sign, other)
        return form if ltr else _EXAMPLE.sub("\u2066\\g<0>\u2069", form)

    ltr = _parsed(name).text_direction != "rtl"
    for message in catalog if signs or not ltr else ():
        if not message.id:  # the header
            continue
        if isinstance(message.string, str):
            message.string = written(message.string)
        else:
            message.string = tuple(map(written, message.string))
    write_mo(compiled, catalog)
    return compiled.getvalue()


def _regional_signs(region: str) -> dict[str, str]:
    """The signs of a language's catalogue that a region writes in another way, with its own."""
    from briefgen.workspace.built_in import read_built_in  # noqa: PLC0415  # not for English

    found = read_built_in("languages/regions.yaml").get(region, {})
    return {sign: str(other) for sign, other in found.items()}
