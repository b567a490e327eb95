"""Dates as people remember them: whole, without the year, or without the day; and spans of time."""

import calendar
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final, Self

from dateutil.relativedelta import relativedelta
from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from briefgen.workspace.phrase import Phrase

OLDEST: Final = timedelta(days=80 * 365)
"""A date longer ago is a typing error: nobody met the user then."""
OLDEST_YEARS: Final = 120
"""A birthday longer ago is a typing error too: nobody is that old."""
_FULL = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
_YEARLESS = re.compile(r"(?:--)?(\d{2})-(\d{2})\Z")
_YEAR = re.compile(r"(\d{4})\Z")
_SPAN = re.compile(r"(\d{1,4})\s*([dwmy])\Z")
_LEAP_YEAR = 2024


def _no_such_day(given: str) -> ValueError:
    return ValueError(Phrase("there is no day '{given}'", given=given))


def whole_date(given: Any) -> Any:  # noqa: ANN401  # as pydantic hands it over
    """A date written `YYYY-MM-DD` (RFC 3339 full-date)."""
    if not isinstance(given, str):
        return given
    parts = _FULL.match(given.strip())
    if parts is None:
        raise ValueError(Phrase("not a date: '{given}'; write it like 2026-11-20", given=given))
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        raise _no_such_day(given) from None


WholeDate = Annotated[date, BeforeValidator(whole_date)]
"""A date whose year, month and day are known."""


class _FromText(ABC):
    """A value that pydantic reads from a text and serializes to one."""

    @classmethod
    @abstractmethod
    def parse(cls, given: str) -> Self:
        """Read the text.

        Raises:
            ValueError: if it is not of this kind.
        """

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda given: given if isinstance(given, cls) else cls.parse(_as_text(given)),
            serialization=core_schema.to_string_ser_schema(),
        )


@dataclass(frozen=True, kw_only=True)
class PartialDate(_FromText):
    """A date of which the year, or the day, or day and month may be unknown (RFC 6350, 4.3.1)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, given: str) -> Self:
        """Read `YYYY-MM-DD`, `MM-DD`, `YYYY-MM` or `YYYY`.

        Raises:
            ValueError: if it is none of them, or there is no such day.
        """
        text = given.strip()
        if parts := _FULL.match(text):
            made = cls(year=int(parts[1]), month=int(parts[2]), day=int(parts[3]))
        elif parts := _MONTH.match(text):
            made = cls(year=int(parts[1]), month=int(parts[2]))
        elif parts := _YEARLESS.match(text):
            made = cls(month=int(parts[1]), day=int(parts[2]))
        elif parts := _YEAR.match(text):
            made = cls(year=int(parts[1]))
        else:
            raise ValueError(
                Phrase(
                    "not a date: '{given}'; write it like 1980-03-26, 03-26 or 1980-03", given=given
                )
            )
        if not made._exists():
            raise _no_such_day(given)
        return made

    def _exists(self) -> bool:
        year = _LEAP_YEAR if self.year is None else self.year
        if not 1 <= year <= 9999:  # noqa: PLR2004  # what a calendar can hold
            return False
        if self.month is None:
            return True
        if not 1 <= self.month <= 12:  # noqa: PLR2004  # months of a year
            return False
        return self.day is None or 1 <= self.day <= calendar.monthrange(year, self.month)[1]

    def in_year(self, year: int) -> date | None:
        """The same day in a year, with the 28th for 29 February; None if the day is not known."""
        if self.month is None or self.day is None:
            return None
        return date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))

    def can_be_birthday(self, today: date) -> bool:
        """Whether a living person can have been born then."""
        return self.year is None or 0 < today.year - self.year <= OLDEST_YEARS

    def first_day(self) -> date | None:
        """The first day it can mean; None if the year is unknown."""
        return date(self.year, self.month or 1, self.day or 1) if self.year is not None else None

    def __str__(self) -> str:
        if self.year is None:
            return f"{self.month:02}-{self.day:02}"
        known = [f"{self.year:04}"]
        known += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(known)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": r"^(\d{4}(-\d{2}(-\d{2})?)?|\d{2}-\d{2})$"}


@dataclass(frozen=True, kw_only=True)
class Span(_FromText):
    """A length of time as people give it: 10 days, 6 weeks, 3 months, 4 years."""

    count: int
    unit: str

    @classmethod
    def parse(cls, given: str) -> Self:
        """Read a number and `d`, `w`, `m` (months) or `y`.

        Raises:
            ValueError: if it is anything else.
        """
        parts = _SPAN.match(given.strip())
        if parts is None:
            raise ValueError(
                Phrase(
                    "not a length of time: '{given}'; write it like 10d, 6w, 3m or 4y", given=given
                )
            )
        return cls(count=int(parts[1]), unit=parts[2])

    def after(self, day: date) -> date:
        """The day this long after `day`, by the calendar."""
        months = self.count * {"m": 1, "y": 12}.get(self.unit, 0)
        days = self.count * {"d": 1, "w": 7}.get(self.unit, 0)
        try:
            return day + relativedelta(months=months, days=days)
        except (ValueError, OverflowError):
            return date.max

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": r"^\d{1,4}[dwmy]$", "examples": ["6w"]}


def _as_text(given: object) -> str:
    if not isinstance(given, str):
        raise ValueError(Phrase("must be one text"))  # noqa: TRY004  # pydantic collects ValueErrors
    return given
