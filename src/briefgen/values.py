"""Types of single values that contact files, settings and meetings share."""

import re
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

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000)]
"""A text that is not empty."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONGEST_LOCAL = 64
_PLAIN_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[a-z0-9_+-]{1,64}(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\Z",
    re.IGNORECASE | re.ASCII,
)


def exact_address(given: str) -> str:
    """An e-mail address as it is compared: without spaces and `mailto:`, case folded.

    Raises:
        ValueError: where it is no e-mail address (RFC 5321 mailbox, checked without a network).
    """
    address = re.sub(r"(?i)\Amailto:", "", given.strip())
    if (
        _PLAIN_ADDRESS.match(address)
        and address.index("@") <= _LONGEST_LOCAL
        and "xn--" not in address.casefold()  # else the same domain would compare as two
    ):
        return address.casefold()
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # slow to import

    if not _CONTROL.search(address):
        try:
            checked = validate_email(
                address,
                check_deliverability=False,
                allow_quoted_local=True,
                test_environment=True,
            )
        except EmailNotValidError:
            pass
        else:
            return str(checked.normalized).casefold()
    raise ValueError(f"not an email address: '{given}'; write it like dana@acme.example")


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
