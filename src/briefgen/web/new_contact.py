"""A new contact file, made as `briefgen contacts new` makes it."""

from collections.abc import Mapping

from briefgen.contacts.changes import put_new
from briefgen.contacts.new_file import contact_text, stem_for
from briefgen.contacts.reader import parse_contact
from briefgen.web.desk import Desk
from briefgen.workspace.document import Plain
from briefgen.workspace.problems import Problem


def made_contact(desk: Desk, fields: Mapping[str, Plain], *, batch: str) -> str | Problem:
    """The stem of the file that was made; or why none was. Never writes over one that is there."""
    workspace = desk.workspace
    stem = stem_for(str(fields["name"]), lambda s: (workspace.contacts / f"{s}.yaml").exists())
    path = workspace.contacts / f"{stem}.yaml"
    content = contact_text(fields).encode()
    contact, problems = parse_contact(content, workspace.relative(path))
    if contact is None or problems:
        return problems[0]
    problem = put_new(path, content, workspace=workspace, batch=batch)
    desk.touch()
    return problem or stem
