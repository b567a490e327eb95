"""`briefgen contacts list`, `show`, `find`, `duplicates`, `export`, and what CONTACT names."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from briefgen.brief.words import fold
from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.contacts.book import ContactBook, ContactFile
from briefgen.contacts.dates import Span
from briefgen.contacts.entry import Entry
from briefgen.contacts.exchange.export import table_text, vcard_text
from briefgen.contacts.index import open_book
from briefgen.contacts.pictures import small_picture
from briefgen.contacts.search import duplicates as find_duplicates
from briefgen.contacts.search import find_entries, named_entries
from briefgen.night import exit_status
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors


def entries_of(workspace: Workspace) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Every contact of the workspace in short form, and what is wrong with the files."""
    book, problems = open_book(workspace)
    return book.entries(), problems


def open_own_book(call: Call) -> tuple[ContactBook, tuple[Problem, ...]]:
    """The contacts of the workspace, laid over those that several people share."""
    from briefgen.contacts.layered_book import open_layered_book  # noqa: PLC0415  # few commands

    settings = call.settings
    return open_layered_book(call.workspace, settings.shared_contacts, me=settings.me)


def say_problems_exist(call: Call, problems: Sequence[Problem]) -> None:
    """Say that a contact may be missing because its file is faulty."""
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
    """The one contact that `wanted` names; ends with status 2 if there is none, or several.

    If there is none, the errors among `problems` are reported: the contact may be in such a file.
    """
    entries = book.entries()
    found = named_entries(entries, wanted)
    contact = book.by_stem(found[0].stem) if len(found) == 1 else None
    if contact is None:
        if not found:
            call.report_problems(errors(problems))
        call.wrong_use(_unclear(wanted, found, find_entries(entries, wanted)))
    return contact


def contact_on_file(call: Call, wanted: str) -> ContactFile:
    """The one contact of the workspace's own files that `wanted` names, as `the_contact`."""
    book, problems = open_book(call.workspace)
    return the_contact(call, book, wanted, problems)


def stem_on_file(
    call: Call, wanted: str, place: Callable[[str], Path], *, with_shared: bool = False
) -> str:
    """The stem of the file that is meant; an unreadable file can still be named by its stem."""
    stem = wanted.removesuffix(".yaml")
    if "/" not in stem and place(stem).exists():
        return stem
    book, problems = open_own_book(call) if with_shared else open_book(call.workspace)
    return the_contact(call, book, wanted, problems).stem


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
    """A contact in one line."""
    return " · ".join(part for part in (entry.name, entry.role, ", ".join(entry.emails)) if part)


class SpanType(click.ParamType[Span]):
    """A length of time: a number and d, w, m (months) or y."""

    name = "span"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Span:
        """The span, or wrong use (status 2)."""
        if isinstance(value, Span):
            return value
        try:
            return Span.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _before(today: date, span: Span) -> date:
    """The day `span` before today, counted in days."""
    return date.fromordinal(max(1, 2 * today.toordinal() - span.after(today).toordinal()))


@click.command("list")
@click.option("--silent", type=SpanType(), help="Only those not in touch for this long, like 60d.")
@click.option(
    "--birthday", type=SpanType(), help="Only those with a birthday within this, like 30d."
)
@click.option("--strained", is_flag=True, help="Only those with a strained relationship.")
@with_call
def list_contacts(
    *, call: Call, silent: Span | None, birthday: Span | None, strained: bool
) -> None:
    """Every contact on file; with options, only those that match all of them."""
    today = call.today
    from briefgen.contacts.layered_book import is_by  # noqa: PLC0415  # few commands

    book, problems = open_book(call.workspace, is_mine=partial(is_by, call.settings.me, own=True))
    entries = tuple(sorted(book.entries(), key=lambda entry: fold(entry.name)))
    if strained:
        entries = tuple(entry for entry in entries if entry.status == "strained")
    if silent is not None:
        entries = tuple(e for e in entries if e.silent_since(_before(today, silent)))
        entries = tuple(sorted(entries, key=lambda e: (e.last or date.min, fold(e.name))))
    if birthday is not None:
        entries = _with_birthday(entries, today, birthday.after(today))
    if call.as_json:
        call.report({"contacts": [_as_json(entry, today) for entry in entries]}, problems)
        return
    for entry in entries:
        parts = _parts(entry, today, show_birthday=birthday is not None)
        call.say(" · ".join(map(call.said, parts)))
    if not entries:
        call.say(Phrase("No contact matches."))
    say_problems_exist(call, problems)


def _with_birthday(entries: tuple[Entry, ...], today: date, until: date) -> tuple[Entry, ...]:
    """Those whose birthday falls from today to `until`, the next first."""
    days = [(entry.next_birthday(today), entry) for entry in entries]
    near = [(day, entry) for day, entry in days if day is not None and day <= until]
    return tuple(entry for _, entry in sorted(near, key=lambda found: (found[0], found[1].name)))


def _as_json(entry: Entry, today: date) -> dict[str, object]:
    day = entry.next_birthday(today)
    silent = (today - entry.last).days if entry.last else None
    return {
        **entry.as_json(),
        "silent_days": silent,
        "next_birthday": day.isoformat() if day else None,
    }


def _parts(entry: Entry, today: date, *, show_birthday: bool) -> list[str]:
    parts = [described(entry)]
    if show_birthday and (day := entry.next_birthday(today)):
        parts.append(Phrase("birthday {day}", day=day))
    if entry.last is None:
        parts.append(Phrase("no interaction on file"))
    else:
        parts.append(_last(entry.last, (today - entry.last).days))
    if entry.status in {"strained", "lapsed", "new"}:
        parts.append(_STATUS[entry.status])
    return parts


_STATUS: Final = {
    "strained": Phrase("strained"),
    "lapsed": Phrase("lapsed"),
    "new": Phrase("new"),
}


def _last(day: date, days: int) -> str:
    if days <= 0:
        return Phrase("last {day}", day=day)
    if days == 1:
        return Phrase("last {day} (yesterday)", day=day)
    return Phrase.plural(
        "last {day} ({count} day ago)", "last {day} ({count} days ago)", days, day=day
    )


@click.command("find")
@click.argument("text")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(1),
    default=20,
    help="At most this many; default 20.",
)
@with_call
def find(*, call: Call, text: str, limit: int) -> None:
    """The contacts whose name, address, title or organization is like TEXT, the nearest first.

    Ends with status 1 if there is none.
    """
    entries, problems = entries_of(call.workspace)
    found = find_entries(entries, text)[:limit]
    call.report({"contacts": [entry.as_json() for entry in found]}, problems)
    for entry in found:
        call.say(f"{described(entry)} · {entry.file}")
    say_problems_exist(call, problems)
    if not found:
        call.say("No contact is similar to '{text}'.", text=text)
        raise SystemExit(exit_status.NOTHING_MADE)


@click.command("duplicates")
@with_call
def duplicates(*, call: Call) -> None:
    """Pairs of files that may be one person: one address in both, one name, or nearly one."""
    entries, problems = entries_of(call.workspace)
    pairs = find_duplicates(entries)
    listed = [
        {"files": [pair.first.file, pair.second.file], "reason": pair.reason} for pair in pairs
    ]
    call.report({"duplicates": listed}, problems)
    for pair in pairs:
        call.say(
            "{one} and {other}: {reason}",
            one=pair.first.file,
            other=pair.second.file,
            reason=pair.reason,
        )
    if not pairs:
        call.say(Phrase("No two files look like one person."))
    say_problems_exist(call, problems)


@click.command("show")
@click.argument("contact", shell_complete=complete_contact)
@with_call
def show(*, call: Call, contact: str) -> None:
    """What is on file for CONTACT: a file's name, an address, or a piece of a name only one has."""
    book, problems = open_book(call.workspace)
    found = the_contact(call, book, contact, problems)
    data = found.contact.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    own = [problem for problem in problems if problem.file == found.file]
    call.report({"contact": found.stem, "file": found.file, "data": data}, own)
    call.say(found.file)
    for line in _lines(data):
        call.say(line)
    call.report_problems(own)


def _lines(data: Any, indent: str = "") -> list[str]:  # noqa: ANN401  # whatever JSON can hold
    """Nested data as indented lines for people, not as YAML."""
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

    Your notes on them are not included, unless you say --notes: then their tags, notes and your own
    fields are. In CSV no cell is a formula.
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
    call.report_problems(wrong)


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
