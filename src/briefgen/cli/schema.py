"""`briefgen schema`: JSON Schemas, so that editors complete and explain what is written."""

import json
from importlib import resources
from pathlib import Path
from typing import Final

import click
from pydantic import BaseModel

from briefgen import __version__
from briefgen.cli.call import Call, with_call
from briefgen.contacts.contact import Contact
from briefgen.contacts.organization import Organization
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.document import parse_document
from briefgen.workspace.folder import Workspace
from briefgen.workspace.schema import schema_of
from briefgen.workspace.settings import Settings

SCHEMAS: Final[dict[str, tuple[type[BaseModel], str]]] = {
    "contact": (Contact, "A contact file of briefgen"),
    "config": (Settings, "briefgen.yaml"),
    "organization": (Organization, "An organization file of briefgen"),
}
"""The kinds of files that have a schema: their model, and what the schema is called."""
_MADE_BY: Final = "briefgen "


@click.command("schema")
@click.argument("kind", type=click.Choice(list(SCHEMAS)))
@click.option("--write", is_flag=True, help="Write all of them into .briefgen/schemas/ instead.")
@with_call
def schema(*, call: Call, kind: str, write: bool) -> None:
    """The JSON Schema of a contact file, of briefgen.yaml (config) or of an organization file."""
    if write:
        write_schemas(call.workspace)
        folder = schema_folder(call.workspace)
        call.say(f"{call.workspace.relative(folder)}/ written")
        return
    click.echo(schema_text(kind), nl=False)


def schema_text(kind: str) -> str:
    """A schema as it is written: `kind` is one of `SCHEMAS`."""
    model, title = SCHEMAS[kind]
    example, _ = parse_document(example_file(kind), f"{kind}.yaml")
    made = schema_of(model, title=title, example=example.data if example else None)
    made["$comment"] = f"{_MADE_BY}{__version__}"
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def stale_schemas(workspace: Workspace) -> str | None:
    """The version of briefgen that wrote the workspace's schemas, where it was another one."""
    try:
        kept = json.loads((schema_folder(workspace) / "config.json").read_bytes())
        version = str(kept.get("$comment", f"{_MADE_BY}0.1")).removeprefix(_MADE_BY)
    except (OSError, ValueError, AttributeError):
        return None
    return None if version == __version__ else version


def example_file(kind: str) -> bytes:
    """A file of this kind in which every field stands; its values are the schema's examples."""
    return (resources.files("briefgen") / "examples" / f"{kind}.yaml").read_bytes()


def schema_folder(workspace: Workspace) -> Path:
    """Where the schemas lie that the first lines of a workspace's files name."""
    return workspace.memory / "schemas"


def write_schemas(workspace: Workspace) -> None:
    """Write every schema into `.briefgen/schemas/`, for the editors that open the files."""
    for kind in SCHEMAS:
        write_whole(schema_folder(workspace) / f"{kind}.json", schema_text(kind).encode())
