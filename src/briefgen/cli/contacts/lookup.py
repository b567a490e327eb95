"""What the subcommands share: the contacts of a workspace, and the one that is meant."""

from collections.abc import Iterable, Sequence

from briefgen.cli.call import Call
from briefgen.contacts.book import ContactBook, ContactFile
from briefgen.contacts.entry import Entry
from briefgen.contacts.index import open_book
from briefgen.contacts.search import find_entries, named_entries
from briefgen.night import exit_status
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors


def entries_of(workspace: Workspace) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Every contact of the workspace as a list shows it, and what is wrong with the files."""
    book, problems = open_book(workspace)
    return book.entries(), problems


def tell_of_faulty(call: Call, problems: Sequence[Problem]) -> None:
    """Say that the list may lack somebody whose file is faulty."""
    if problems:
        call.complain(
            Phrase.plural(
                "{count} problem in the files; see: briefgen check",
                "{count} problems in the files; see: briefgen check",
                len(problems),
            )
        )


def the_contact(
    call: Call, book: ContactBook, wanted: str, problems: Iterable[Problem] = ()
) -> ContactFile:
    """The one contact that `wanted` names; with none or several, tells and ends with status 2.

    Where there is none, the errors among `problems` are told: one of those files may be theirs.
    """
    entries = book.entries()
    found = named_entries(entries, wanted)
    contact = book.by_stem(found[0].stem) if len(found) == 1 else None
    if contact is None:
        if not found:
            call.tell_problems(errors(problems))
        call.fail(_unclear(wanted, found, find_entries(entries, wanted)), exit_status.WRONG_USE)
    return contact


def _unclear(wanted: str, found: tuple[Entry, ...], near: tuple[Entry, ...]) -> str:
    if found:
        listed = "".join(f"\n  {entry.stem}: {described(entry)}" for entry in found)
        return Phrase.plural(
            "'{wanted}' fits {count} contact:{listed}",
            "'{wanted}' fits {count} contacts:{listed}",
            len(found),
            wanted=wanted,
            listed=listed,
        )
    if near:
        files = [entry.stem for entry in near[:3]]
        return Phrase("no contact '{wanted}'; did you mean {near}?", wanted=wanted, near=files)
    return Phrase("no contact '{wanted}'; briefgen contacts list shows all", wanted=wanted)


def described(entry: Entry) -> str:
    """A contact on one line."""
    return " · ".join(part for part in (entry.name, entry.role, ", ".join(entry.emails)) if part)
