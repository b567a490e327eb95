"""Types of single values that contact files, settings and meetings share."""

from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000)]
"""A text that is not empty."""


def _address(given: str) -> str:
    return exact_address(given)


Address = Annotated[
    str,
    AfterValidator(_address),
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
        raise ValueError(f"must be yes or no, not '{given}'")
    return given


Flag = Annotated[bool, BeforeValidator(_flag)]
"""yes or no; only here do these words mean true and false."""


def without_empty(model: type[BaseModel], given: Any) -> Any:  # noqa: ANN401  # as pydantic's
    """A field with nothing behind its colon counts as not there.

    Only a field of the model, though: an unquoted `{text: send, then call}` makes a key `then call`
    with nothing behind it, and that is half of a text.
    """
    if isinstance(given, dict) and None in given.values():
        known = _names_of(model)
        return {k: value for k, value in given.items() if value is not None or k not in known}
    return given


@cache
def _names_of(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


def takes_text(model: type[BaseModel]) -> bool:
    """Whether a plain text may stand for this group of fields."""
    return hasattr(model, "_from_text")


class Part(BaseModel):
    """A group of fields that people write; unknown ones are refused, empty ones are not there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, given: Any) -> Any:  # noqa: ANN401  # as pydantic hands it over
        return without_empty(cls, given)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone '{name}'; write it like Europe/Berlin") from None
    return name


ZoneName = Annotated[Text, AfterValidator(_known_zone)]
"""The name of a time zone of the IANA database."""
