"""`briefgen contacts export`."""

from pathlib import Path

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.lookup import the_contact
from briefgen.contacts.book import ContactFile
from briefgen.contacts.exchange.export import table_text, vcard_text
from briefgen.contacts.index import open_book
from briefgen.contacts.pictures import small_picture
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import errors

_MAX_PHOTO = 10 * 1024 * 1024


@click.command("export")
@click.argument("contacts", nargs=-1, shell_complete=complete_contact)
@click.option(
    "--format",
    "form",
    type=click.Choice(["vcard", "vcard4", "csv"]),
    default="vcard",
    help="vCard 3.0, which every address book reads (the default); vCard 4.0; or CSV.",
)
@click.option("--photos/--no-photos", default=True, help="Photos in vCards; the default.")
@click.option("--notes", is_flag=True, help="Also your tags, notes and fields of your own.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Write to this file, not to the screen."
)
@with_call
def export(
    *,
    call: Call,
    contacts: tuple[str, ...],
    form: str,
    photos: bool,
    notes: bool,
    output: Path | None,
) -> None:
    """Write CONTACTS (default: all) for another address book: who they are, how to reach them.

    Nothing of what you noted about them goes along, unless you say --notes: then their tags, notes
    and fields of your own do. In CSV no cell is a formula.
    """
    book, problems = open_book(call.workspace)
    chosen = [the_contact(call, book, wanted, problems) for wanted in contacts] or list(book)
    if form == "csv":
        text = table_text((contact.contact for contact in chosen), with_notes=notes)
    else:
        version = "4.0" if form == "vcard4" else "3.0"
        text = "".join(
            vcard_text(
                contact.contact,
                version=version,
                photo=_photo(call.workspace, contact) if photos else None,
                with_notes=notes,
            )
            for contact in chosen
        )
    if output is not None:
        try:
            write_whole(output.absolute(), text.encode())
        except OSError as error:
            call.fail(f"{output}: {error.strerror}")
        call.complain(
            Phrase.plural(
                "{count} contact in {file}", "{count} contacts in {file}", len(chosen), file=output
            )
        )
    wrong = errors(problems)
    told = {
        "contacts": [contact.stem for contact in chosen],
        "format": form,
        "file": None if output is None else str(output),
        "text": text if output is None else None,
    }
    call.report(told, wrong)
    if output is None and not call.as_json:
        click.echo(text.encode(), nl=False)
    call.tell_problems(wrong)


def _photo(workspace: Workspace, contact: ContactFile) -> bytes | None:
    """The contact's photo, made small; None if there is none that can be used."""
    given = contact.contact.photo
    if given is None:
        return None
    path = (workspace.contacts / given).resolve()
    if not path.is_relative_to(workspace.contacts.resolve()) or not path.is_file():
        return None
    if path.stat().st_size > _MAX_PHOTO:
        return None
    made = small_picture(path.read_bytes())
    return made if isinstance(made, bytes) else None
