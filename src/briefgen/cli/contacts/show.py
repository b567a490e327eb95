"""`briefgen contacts show`."""

from typing import Any

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.lookup import the_contact
from briefgen.contacts.index import open_book


@click.command("show")
@click.argument("contact", shell_complete=complete_contact)
@with_call
def show(*, call: Call, contact: str) -> None:
    """What is on file for CONTACT: a file's name, an address, or a piece of a name only one has."""
    book, problems = open_book(call.workspace())
    found = the_contact(call, book, contact, problems)
    data = found.contact.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    own = [problem for problem in problems if problem.file == found.file]
    if call.as_json:
        problems_json = [problem.as_json() for problem in own]
        call.report(
            {"contact": found.stem, "file": found.file, "data": data, "problems": problems_json}
        )
    call.say(found.file)
    for line in _lines(data):
        call.say(line)
    call.tell_problems(own)


def _lines(data: Any, indent: str = "") -> list[str]:  # noqa: ANN401  # whatever JSON can hold
    """Nested data as indented lines, for reading rather than for YAML."""
    lines = []
    for name, value in data.items():
        label = f"{indent}{name.replace('_', ' ')}"
        if isinstance(value, dict):
            lines += [label, *_lines(value, indent + "  ")]
        elif isinstance(value, list):
            lines.append(label)
            lines += [f"{indent}  - {_short(item)}" for item in value]
        else:
            lines.append(f"{label}: {_short(value)}")
    return lines


def _short(value: Any) -> str:  # noqa: ANN401  # whatever JSON can hold
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_short(item) for item in value)
    if isinstance(value, dict):
        text = value.get("text") or value.get("note") or value.get("tried")
        rest = [f"{k.replace('_', ' ')}: {_short(v)}" for k, v in value.items() if v != text]
        return " · ".join(part for part in (text, *rest) if part)
    return str(value)
