"""The schemas agree with the reader, explain every field, and give examples that are right."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from briefgen.cli import main
from briefgen.cli.schema import SCHEMAS, example_file
from briefgen.workspace.document import parse_document
from briefgen.workspace.validation import validate


def schema(kind: str) -> dict[str, Any]:
    """What `briefgen schema` prints."""
    made = CliRunner().invoke(main, ["schema", kind])
    assert made.exit_code == 0
    document = json.loads(made.stdout)
    assert isinstance(document, dict)
    return document


def groups(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every group of fields in a schema, by its name."""
    found = {"": document}
    for name, part in document["$defs"].items():
        found[name] = part["anyOf"][1] if "anyOf" in part else part
    return found


@pytest.mark.parametrize("kind", list(SCHEMAS))
def test_the_example_is_read_without_a_problem(kind: str) -> None:
    """What hovering shows may be typed."""
    document, problems = parse_document(example_file(kind), f"{kind}.yaml")
    assert document is not None
    _, _, faults = validate(SCHEMAS[kind][0], document)
    assert (*problems, *faults) == ()


@pytest.mark.parametrize("kind", list(SCHEMAS))
def test_every_field_is_described(kind: str) -> None:
    """Completion and hover say what each field is."""
    for group, part in groups(schema(kind)).items():
        for name, field in part["properties"].items():
            assert field.get("description"), f"{group}.{name}"


@pytest.mark.parametrize("kind", list(SCHEMAS))
def test_unknown_fields_are_marked(kind: str) -> None:
    """As the reader does."""
    for part in groups(schema(kind)).values():
        assert part["additionalProperties"] is False


def test_examples_stand_at_their_fields() -> None:
    """They come from the example file, by field."""
    parts = groups(schema("contact"))
    assert parts[""]["properties"]["title"]["examples"] == ["VP Operations"]
    assert parts[""]["properties"]["decides"]["examples"] == [True]
    assert parts["Expectation"]["properties"]["after"]["examples"] == ["4y"]
    assert groups(schema("config"))["Mail"]["properties"]["port"]["examples"] == [587]


def test_a_plain_text_may_stand_for_an_item() -> None:
    """As in `interests: [opera]`."""
    assert "string" in schema("contact")["$defs"]["Note"]["anyOf"][0]["type"]


def test_what_yaml_takes_for_numbers_or_words_is_not_marked() -> None:
    """`version: 1` is a number to an editor, `yes` a word, and a telephone number a number."""
    fields = schema("contact")["properties"]
    assert 1 in fields["version"]["enum"]
    assert "yes" in fields["decides"]["enum"]
    assert "number" in fields["telephones"]["items"]["type"]
