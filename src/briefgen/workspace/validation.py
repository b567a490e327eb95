"""Documents validated into models; every fault becomes a problem with its place and fix."""

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from briefgen.workspace.document import Document, Keys, Plain
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value

MAX_PROBLEMS = 100
"""The most problems reported for one field of a file."""

ModelT = TypeVar("ModelT", bound=BaseModel)


class Kept(Value, frozen=True, kw_only=True):
    """The list items of a document that a model was made from, so that their lines are known."""

    document: Document
    origins: Mapping[str, tuple[int, ...]]
    """For lists from which items were left out, the position in the file of each that was kept."""

    def line(self, *keys: str | int) -> int | None:
        """The line in the file of the model's value at `keys`."""
        return self.document.line(*(self.origin(keys) if self.origins else keys))

    def origin(self, keys: Keys) -> Keys:
        """The keys in the file of the model's value at `keys`."""
        if len(keys) > 1 and isinstance(keys[1], int) and keys[0] in self.origins:
            places = self.origins[str(keys[0])]
            if keys[1] < len(places):
                return (keys[0], places[keys[1]], *keys[2:])
        return keys


def validate(
    model: type[ModelT], document: Document
) -> tuple[ModelT | None, Kept, tuple[Problem, ...]]:
    """Make `model` of a document, leaving out the parts that are wrong, each with its problem.

    What is left out is the smallest list item, or else the whole top-level field, that holds the
    fault: half an item could say what its other half forbids. The model is None if it cannot be
    made without the faulty part.

    Returns:
        the model or None; what it was made of; every problem found.
    """
    left_out = {_left_out_with(keys) for keys in document.given_twice}
    found = _Found(model, document)
    while True:
        data, kept = _without(document, left_out)
        try:
            return model.model_validate(data), kept, found.problems()
        except ValidationError as error:
            faults = error.errors(include_url=False)
        known = len(left_out)
        for fault in faults:
            keys = kept.origin(_keys_in(data, fault["loc"]))
            found.add(fault, keys)
            if keys and keys[0] in document.data:
                left_out.add(_left_out_with(keys))
        if len(left_out) == known:
            return None, kept, found.problems()


def _left_out_with(keys: Keys) -> Keys:
    """The smallest list item, or else the whole top-level field, that holds the value at `keys`."""
    return keys[:2] if len(keys) > 1 and isinstance(keys[1], int) else keys[:1]


class _Found:
    """The problems of a document, each once; for a field with too many, the first and a count."""

    def __init__(self, model: type[BaseModel], document: Document) -> None:
        self._model = model
        self._document = document
        self._problems: dict[tuple[Keys, str], Problem] = {}
        self._counts: Counter[str | int] = Counter()

    def add(self, fault: ErrorDetails, keys: Keys) -> None:
        """Add a pydantic error at this place in the file."""
        field = keys[0] if keys and keys[0] in self._model.model_fields else ""
        self._counts[field] += 1
        if self._counts[field] <= MAX_PROBLEMS:
            message = _reworded(self._model, fault, keys)
            self._problems.setdefault((keys, message), self._document.problem(keys, message))

    def problems(self) -> tuple[Problem, ...]:
        """All of them, in the order they were found."""
        more = (
            self._document.problem(
                (field,) if field else (), Phrase("and {count} more", count=count - MAX_PROBLEMS)
            )
            for field, count in self._counts.items()
            if count > MAX_PROBLEMS
        )
        return (*self._problems.values(), *more)


def _keys_in(data: Plain, location: Iterable[str | int]) -> Keys:
    """The part of pydantic's location that is a path in `data`; the rest names union branches."""
    keys: list[str | int] = []
    for step in location:
        if isinstance(data, dict) and isinstance(step, str):
            keys.append(step)
            if step not in data:
                break
            data = data[step]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            keys.append(step)
            data = data[step]
    return tuple(keys)


def _without(document: Document, left_out: set[Keys]) -> tuple[dict[str, Any], Kept]:
    """The data of `document` without the list items and top-level fields in `left_out`."""
    data: dict[str, Any] = {}
    origins: dict[str, tuple[int, ...]] = {}
    for key, value in document.data.items():
        if (key,) in left_out:
            continue
        if isinstance(value, list):
            kept = tuple(at for at in range(len(value)) if (key, at) not in left_out)
            data[key] = [value[at] for at in kept]
            if len(kept) < len(value):
                origins[key] = kept
        else:
            data[key] = value
    return data, Kept(document=document, origins=origins)


_WORDINGS = {
    "missing": Phrase("is missing; it is required"),
    "string_too_short": Phrase("is empty; write a text or delete the line"),
    "too_short": Phrase("is empty; write at least one, or delete the line"),
    "tuple_type": Phrase(
        "must be a list, not {given}; write `- ` before each item, or [in, brackets]"
    ),
    "model_type": Phrase("must be `field: value` lines, not {given}"),
    "dict_type": Phrase("must be `field: value` lines, not {given}"),
    "model_attributes_type": Phrase("must be `field: value` lines, not {given}"),
    "literal_error": Phrase("{given} is not one of {expected}"),
    "bool_type": Phrase("must be yes or no, not {given}"),
    "int_parsing": Phrase("must be a whole number, not {given}"),
    "int_type": Phrase("must be a whole number, not {given}"),
    "greater_than_equal": Phrase("{given} is too small; at least {ge}"),
    "less_than_equal": Phrase("{given} is too large; at most {le}"),
    "string_too_long": Phrase("is longer than {max_length} characters"),
}
"""Pydantic's errors in the user's words, by their type."""


def _reworded(model: type[BaseModel], fault: ErrorDetails, keys: Keys) -> str:
    """A pydantic error in the user's words, with the fix."""
    given = fault.get("input")
    kind = fault["type"]
    if kind == "extra_forbidden":
        return _unknown_field(model, keys)
    if kind == "string_type":
        return _not_a_text(given)
    said = fault.get("ctx", {})
    if kind in _WORDINGS:
        shown = f"'{given}'" if isinstance(given, str) else Phrase("this")
        if "expected" in said:  # pydantic's own list has an English "or"
            said = {**said, "expected": said["expected"].replace(" or ", ", ")}
        return _WORDINGS[kind].filled(given=shown, **said)
    return value_error(fault)


def value_error(fault: ErrorDetails) -> str:
    """The phrase that one of our own validators raised."""
    raised = fault.get("ctx", {}).get("error")
    return str(raised) if raised else fault["msg"].removeprefix("Value error, ")


def _not_a_text(given: object) -> str:
    if isinstance(given, dict):
        return Phrase("must be one text; if it holds a colon or braces, quote it")
    if isinstance(given, list):
        return Phrase("must be one text, not a list; if it begins with a bracket, quote it")
    return Phrase("is empty; write a text or delete the line")


def _unknown_field(model: type[BaseModel], keys: Keys) -> str:
    name = str(keys[-1]) if keys else ""
    if not name.isprintable():
        shown = ascii(name)[1:-1]
        return Phrase("there is an invisible character in '{name}'; delete it", name=shown)
    near = nearest_field(model, keys)
    if near:
        return Phrase("unknown field '{name}'; did you mean '{near}'?", name=name, near=near)
    if " " in name:
        return Phrase(
            "unknown field '{name}'; if it is part of a text with a comma or colon, quote it",
            name=name,
        )
    return Phrase("unknown field '{name}'; delete it, or keep it under `notes`", name=name)


def nearest_field(model: type[BaseModel], keys: Keys) -> str | None:
    """The known field that the name of an unknown one, at `keys`, is nearest to."""
    if not keys:
        return None
    nodes = field_schema(model, keys[:-1]) or ()
    names = [name for node in nodes for name in node.get("properties", {})]
    given = str(keys[-1]).casefold()
    meant = next((name for name, others in _OTHER_WORDS.items() if given in others), None)
    if meant in names:
        return meant
    near = difflib.get_close_matches(given, names, n=1, cutoff=0.7)
    return near[0] if near else None


_OTHER_WORDS: Final = {
    "telephones": {"phone", "phones", "tel", "mobile", "cell"},
    "emails": {"e-mail", "e-mails", "mail", "address", "addresses"},
    "organization": {"company", "org", "employer", "firm"},
    "title": {"job", "role", "position", "function"},
    "birthday": {"born", "dob", "birthdate", "birth date"},
    "interests": {"hobbies", "hobby", "likes"},
    "aliases": {"nickname", "nicknames", "aka"},
    "photo": {"picture", "image", "portrait"},
    "interactions": {"history", "meetings", "calls", "log"},
    "timezone": {"tz", "zone"},
    "summary": {"text", "note"},
}
"""Other names that people use for a field; used where that field is allowed."""


def field_schema(model: type[BaseModel], keys: Keys) -> tuple[Mapping[str, Any], ...] | None:
    """The JSON Schemas that a model has for a field; None if there is no such field."""
    nodes = _resolved(model, [_schema_of(model)])
    for key in keys:
        inner = []
        for node in nodes:
            if isinstance(key, int) and "items" in node:
                inner.append(node["items"])
            elif key in node.get("properties", {}):
                inner.append(node["properties"][key])
            elif isinstance(node.get("additionalProperties"), dict):
                inner.append(node["additionalProperties"])
        if not inner:
            return None
        nodes = _resolved(model, inner)
    return tuple(nodes)


@cache
def _schema_of(model: type[BaseModel]) -> Mapping[str, Any]:
    return model.model_json_schema()


def _resolved(
    model: type[BaseModel], nodes: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The schemas that `$ref` and `anyOf` lead to."""
    found: list[Mapping[str, Any]] = []
    for node in nodes:
        if "$ref" in node:
            name = node["$ref"].rsplit("/", 1)[-1]
            found += _resolved(model, [_schema_of(model)["$defs"][name]])
        elif "anyOf" in node:
            found += _resolved(model, node["anyOf"])
        else:
            found.append(node)
    return found
