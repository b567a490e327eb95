"""`briefgen schema`: JSON Schemas, with which editors complete and explain YAML files."""

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import click
from pydantic import BaseModel

from briefgen import __version__
from briefgen.cli.call import Call, with_call
from briefgen.contacts.contact import Contact, Organization
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.document import Plain, parse_document
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import Settings
from briefgen.workspace.values import takes_text

SCHEMAS: Final[dict[str, tuple[type[BaseModel], str]]] = {
    "contact": (Contact, "A contact file of briefgen"),
    "config": (Settings, "briefgen.yaml"),
    "organization": (Organization, "An organization file of briefgen"),
}
"""The kinds of files that have a schema, with their model and the schema's title."""


@click.command("schema")
@click.argument("kind", type=click.Choice(list(SCHEMAS)))
@click.option("--write", is_flag=True, help="Write all of them into .briefgen/schemas/ instead.")
@with_call
def schema(*, call: Call, kind: str, write: bool) -> None:
    """The JSON Schema of a contact file, of briefgen.yaml (config) or of an organization file."""
    if write:
        write_schemas(call.workspace)
        call.say(f"{call.workspace.relative(call.workspace.schemas)}/ written")
        return
    click.echo(schema_text(kind), nl=False)


def schema_text(kind: str) -> str:
    """The text of a schema; `kind` is one of `SCHEMAS`."""
    model, title = SCHEMAS[kind]
    example, _ = parse_document(example_file(kind), f"{kind}.yaml")
    made = schema_of(model, title=title, example=example.data if example else None)
    made["$comment"] = f"briefgen {__version__}"
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def example_file(kind: str) -> bytes:
    """A file of this kind with every field; its values are the schema's examples."""
    return (resources.files("briefgen") / "examples" / f"{kind}.yaml").read_bytes()


def write_schemas(workspace: Workspace) -> None:
    """Write every schema into `.briefgen/schemas/`, for the editors that open the files."""
    for kind in SCHEMAS:
        write_whole(workspace.schemas / f"{kind}.json", schema_text(kind).encode())


DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NOISE = frozenset({"title", "maxLength"})
_TEXT = ("string", "number", "boolean")
"""What an editor may take an unquoted text for; briefgen reads all of them as text."""


def schema_of(model: type[BaseModel], *, title: str, example: Plain = None) -> dict[str, Any]:
    """The JSON Schema of a YAML file of this model, for editors.

    The values of `example`, a file's data, become the examples of their fields.
    """
    made = model.model_json_schema()
    parts = {part.__name__: part for part in _parts(model)}
    examples = _examples(model, example)
    definitions = {
        name: _object_schema(node, parts[name], examples)
        for name, node in made.pop("$defs", {}).items()
    }
    whole = _object_schema(made, model, examples)
    whole.pop("description", None)
    return {
        "$schema": DIALECT,
        "title": title,
        "description": inspect.getdoc(model) or "",
        **whole,
        "$defs": definitions,
    }


def field_descriptions(model: type[BaseModel]) -> dict[str, str]:
    """The description of each field of a model, by its name in files, in the order of the model."""
    said: dict[str, str] = {}
    for ancestor in reversed(model.__mro__):
        if issubclass(ancestor, BaseModel) and ancestor is not BaseModel:
            said |= _attribute_docstrings(ancestor)
    return {
        field.alias or name: said.get(name) or _of_type(field.annotation)
        for name, field in model.model_fields.items()
    }


def _of_type(annotation: object) -> str:
    """The description of a group of fields, taken from its type."""
    return next((inspect.getdoc(part) or "" for part in _parts_of_type(annotation)), "")


@cache
def _attribute_docstrings(model: type) -> Mapping[str, str]:
    """The docstrings below the fields in the source of a class."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101  # it is the source of a class
    said = {}
    for field, below in zip(definition.body, definition.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            said[field.target.id] = inspect.cleandoc(below.value.value)
    return said


def _parts(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The model and every model within it."""
    seen = [model]
    for part in seen:  # which grows meanwhile
        inner = (p for f in part.model_fields.values() for p in _parts_of_type(f.annotation))
        seen += [one for one in dict.fromkeys(inner) if one not in seen]
    return seen


_Examples = Mapping[tuple[type[BaseModel], str], Plain]


def _examples(model: type[BaseModel], data: Plain) -> _Examples:
    """The first value of each field, of the model and its parts, in an example file."""
    found: dict[tuple[type[BaseModel], str], Plain] = {}
    waiting = [(model, data)]
    while waiting:
        part, given = waiting.pop()
        if isinstance(given, list):
            waiting += [(part, item) for item in reversed(given)]
        elif isinstance(given, dict):
            for name, field in part.model_fields.items():
                written = field.alias or name
                if given.get(written) is None:
                    continue
                found.setdefault((part, written), given[written])
                inner = [p for p in _parts_of_type(field.annotation) if p is not part]
                waiting += [(p, given[written]) for p in inner]
    return found


def _parts_of_type(annotation: object) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _parts_of_type(inner)


def _example(schema: dict[str, Any], value: Plain) -> list[Any]:
    """A value as a schema's example: flags and numbers get their JSON type."""
    if isinstance(value, list | dict):
        return []
    if schema.get("type") == "integer":
        return [int(str(value))]
    if schema.get("enum", ())[:1] == [True]:
        return [value in {"true", "yes"}]
    return [value]


def _object_schema(
    node: dict[str, Any], model: type[BaseModel], examples: _Examples
) -> dict[str, Any]:
    """The schema of a group of fields with their descriptions, or of the text in its place."""
    described = {name: text for name, text in field_descriptions(model).items() if text}
    properties = {}
    for name, schema in node.get("properties", {}).items():
        properties[name] = made = _as_written(schema)
        if name in described:
            made["description"] = described[name]
        if shown := _example(made, examples.get((model, name), [])):
            made["examples"] = shown
    whole = {key: value for key, value in node.items() if key not in _NOISE}
    whole["properties"] = properties
    description = inspect.getdoc(model) or ""
    if takes_text(model):
        return {"description": description, "anyOf": [{"type": list(_TEXT)}, whole]}
    return {"description": description, **whole}


def _as_written(node: Any) -> Any:  # noqa: ANN401  # any part of a JSON Schema
    """A part of a schema for YAML, where an unquoted text may look like a number or a flag."""
    if isinstance(node, list):
        return [_as_written(part) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "boolean":
        return {**_kept(node), "enum": [True, False, "yes", "no"]}
    if "const" in node:
        return {**_kept(node), "enum": [node["const"], int(node["const"])]}
    made: dict[str, Any]
    made = {k: _as_written(v) if k != "default" else v for k, v in node.items() if k not in _NOISE}
    if made.get("type") == "string" and not made.keys() & {"enum", "pattern", "format"}:
        made["type"] = list(_TEXT)
    return _or_nothing(made)


def _or_nothing(node: dict[str, Any]) -> dict[str, Any]:
    """Write `X or null` as one list of types if X is plain, for shorter hovers in editors."""
    branches = node.get("anyOf", [])
    plain = [b for b in branches if b != {"type": "null"}]
    if len(plain) == 1 and len(branches) > 1 and "type" in plain[0]:
        types = plain[0]["type"]
        rest = {key: value for key, value in node.items() if key not in {"anyOf", "default"}}
        kinds = types if isinstance(types, list) else [types]
        made = {**plain[0], **rest, "type": [*kinds, "null"]}
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
        return made
    return node


def _kept(node: dict[str, Any]) -> dict[str, Any]:
    return {key: node[key] for key in ("default", "description", "examples") if key in node}
