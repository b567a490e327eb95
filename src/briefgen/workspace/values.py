"""Types of single values that contact files, settings and meetings share."""

import re
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, ClassVar, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from briefgen.workspace.addresses import exact_address
from briefgen.workspace.phrase import Phrase

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000)]
"""A text that is not empty."""


Address = Annotated[
    str,
    AfterValidator(exact_address),
    Field(json_schema_extra={"format": "email"}, examples=["dana.smith@acme.example"]),
]
"""An exact e-mail address, case folded."""

_TRUE = frozenset({"yes", "true", "on"})
_FALSE = frozenset({"no", "false", "off"})


def _flag(given: Any) -> Any:  # noqa: ANN401  # as pydantic hands it over
    if isinstance(given, str):
        word = given.strip().casefold()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        raise ValueError(Phrase("must be yes or no, not '{given}'", given=given))
    return given


Flag = Annotated[bool, BeforeValidator(_flag)]
"""yes or no; only in such a field do these words mean true and false."""


def without_empty_values(given: Any) -> Any:  # noqa: ANN401  # as pydantic hands it over
    """A mapping with the user's own keys, without those that have no value."""
    if isinstance(given, dict):
        return {key: value for key, value in given.items() if value is not None}
    return given


def without_empty(model: type[BaseModel], given: Any) -> Any:  # noqa: ANN401  # as pydantic's
    """Drop the model's fields that have no value.

    Other keys are kept: an unquoted `{text: send, then call}` makes a key `then call` without a
    value, which is really half of a text.
    """
    if isinstance(given, dict) and None in given.values():
        known = _names_of(model)
        return {k: value for k, value in given.items() if value is not None or k not in known}
    return given


@cache
def _names_of(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


def takes_text(model: type[BaseModel]) -> bool:
    """Whether a plain text can be given in place of this group of fields."""
    return bool(getattr(model, "plain_field", "")) or hasattr(model, "_from_text")


class Part(BaseModel):
    """A group of fields that people write; unknown fields are refused, empty ones ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    plain_field: ClassVar[str] = ""
    """The field that a plain text in place of the group stands for, if that is allowed."""

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, given: Any) -> Any:  # noqa: ANN401  # as pydantic hands it over
        if isinstance(given, str) and cls.plain_field:
            return {cls.plain_field: given}
        return without_empty(cls, given)


_ALMOST: Final = 0.8
"""From which likeness on one name may be meant by another: one wrong letter in five."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = _nearest_zone(name)
        raise ValueError(
            Phrase("unknown time zone '{name}'; did you mean {near}?", name=name, near=near)
            if near
            else Phrase("unknown time zone '{name}'; write it like Europe/Berlin", name=name)
        ) from None
    return name


def _nearest_zone(given: str) -> str:
    """The zone whose name, or the city in it, is written almost like this; empty if none is."""
    zones = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(available_timezones())}
    zones |= {zone.casefold(): zone for zone in zones.values()}
    wanted = given.strip().replace(" ", "_").casefold()
    near = get_close_matches(wanted, zones, n=1, cutoff=_ALMOST)
    return zones[near[0]] if near else ""


ZoneName = Annotated[Text, AfterValidator(_known_zone)]
"""The name of a time zone of the IANA database."""


_COUNTRY = re.compile(r"([A-Z]{2})(-[A-Z0-9]{1,3})?")


def _country(given: str) -> str:
    code = given.upper().replace("_", "-")
    parts = _COUNTRY.fullmatch(code)
    if parts is None or not _is_country(parts[1]):
        raise ValueError(
            Phrase(
                "unknown country '{given}'; write its code (ISO 3166), like US or DE-BY",
                given=given,
            )
        )
    return code


def _is_country(code: str) -> bool:
    from babel import Locale  # noqa: PLC0415  # slow to import; most contacts name no country

    return code in Locale("en").territories and code not in {"EU", "EZ", "UN", "ZZ", "QO"}


CountryCode = Annotated[
    Text,
    AfterValidator(_country),
    Field(json_schema_extra={"pattern": "^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$"}),
]
"""A country (ISO 3166-1), optionally with a part of it (ISO 3166-2)."""


def written_like(pattern: str, message: Phrase) -> AfterValidator:
    """Refuses a text that does not match; the message has it as `{given}`."""

    def check(given: str) -> str:
        if not re.fullmatch(pattern, given):
            raise ValueError(message.filled(given=given))
        return given

    return AfterValidator(check)


LanguageTag = Annotated[
    Text,
    written_like(
        r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*",
        Phrase("unknown language '{given}'; write its code, like fr or pt-BR"),
    ),
    AfterValidator(lambda given: given.replace("_", "-")),
    Field(json_schema_extra={"pattern": "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"}),
]
"""A language tag (RFC 5646)."""
WebAddress = Annotated[
    Text,
    written_like(
        r"(?is)https?://[^\s/].*",
        Phrase("not the address of a page: '{given}'; write it like https://acme.example"),
    ),
]
"""The address of a web page."""
HostName = Annotated[
    Text,
    written_like(
        r"[@.]?[^\W_]([\w.-]*[^\W_])?|\[?[0-9a-fA-F:.]+\]?",
        Phrase("not the name of a domain or server: '{given}'; write it like acme.example"),
    ),
]
"""A domain or the name of a server (RFC 1123 2.1), or an address of one; `@acme.example` too."""
