"""Forget a person: find everything the workspace holds about them, then remove it."""

import json
import re
import shutil
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import field

from briefgen.brief.sheet_codes import read_codes, write_codes
from briefgen.contacts.book import ContactBook, ContactFile
from briefgen.contacts.changes import is_of
from briefgen.contacts.contact import Contact
from briefgen.contacts.index import open_book
from briefgen.contacts.layered_book import files_of, open_layered_book
from briefgen.delivery.folder import REPORT_FILE, open_day
from briefgen.delivery.ledger_file import LEDGER_FILE, open_ledger, read_ledger
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Settings, read_settings
from briefgen.workspace.value import Value

_DAY_FOLDER = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_ALL = 1_000_000
_LARGEST = 4 * 1024 * 1024


class BriefsOfDay(Value, frozen=True, kw_only=True):
    """What a day's folder holds about a person.

    Attributes:
        files: the briefs of their meetings, and files made from all the briefs of the day.
        codes: the codes of those briefs' sheets.
    """

    day: date
    files: tuple[str, ...]
    codes: tuple[str, ...]


class Traces(Value, frozen=True, kw_only=True):
    """Everything that a workspace knows about a person.

    Attributes:
        stem: their contact file's name.
        words: their names and addresses, to be looked for elsewhere.
        files: files and folders that are theirs alone: contact, photo, former versions, drafts.
        caches: what can be rebuilt and may hold something about them.
        days: their briefs.
        entries: how many deliveries and nights in the ledger name them.
        logs: logs with lines that name them.
        mentions: places in files that the user wrote, which are not changed.
    """

    stem: str
    words: tuple[str, ...]
    files: tuple[Path, ...]
    caches: tuple[Path, ...] = ()
    days: tuple[BriefsOfDay, ...] = ()
    entries: int = 0
    logs: tuple[Path, ...] = ()
    mentions: tuple[Problem, ...] = field(default=())


def find_traces(workspace: Workspace, stem: str) -> Traces:
    """Find everything about the person in the contact file of this name; change nothing.

    Raises:
        LedgerFault: if the ledger cannot be read.
    """
    settings, _ = read_settings(workspace.root)
    settings = settings or Settings()
    book, _ = open_layered_book(workspace, settings.shared_contacts, me=settings.me)
    file = book.by_stem(stem)
    contact = file.contact if file else None
    words = (*_unique_names(contact), *contact.emails) if contact else ()
    path = workspace.contacts / f"{stem}.yaml"
    stems = {stem, *(one.stem for one in files_of(file))}
    files = [path, *_photo(workspace, book, stem, contact), *_history(workspace, stems)]
    theirs = _reference_pattern(stem, words)
    files += _naming(workspace.memory / "drafts", theirs)
    files += _unfinished(workspace, theirs)
    named = _pattern((*words, f"{stem}.yaml"))
    files += [p for p in workspace.memory.glob("state-broken-*") if named.search(_text(p))]
    caches = [workspace.memory / "photos", *_rebuildable(workspace.memory, theirs)]
    return Traces(
        stem=stem,
        words=words,
        files=tuple(f for f in files if f.exists() or f.is_symlink()),
        caches=tuple(cache for cache in caches if cache.exists()),
        days=tuple(_briefs(workspace, stem, words)),
        entries=_entries(workspace, named),
        logs=tuple(p for p in workspace.memory.glob("*.log*") if named.search(_text(p))),
        mentions=(*_shared(file), *_mentions(workspace, settings, files_of(file), words)),
    )


def _unique_names(contact: Contact) -> Iterator[str]:
    """The names that can only mean this person; a short single word could mean anything."""
    for name in (contact.name, *contact.aliases):
        if len(name.split()) > 1 or not name.isascii():
            yield name


def _photo(
    workspace: Workspace, book: ContactBook, stem: str, contact: Contact | None
) -> Iterator[Path]:
    """The contact's photo, unless another contact uses it too."""
    if contact is None or contact.photo is None:
        return
    path = workspace.contacts / contact.photo
    inside = path.resolve().is_relative_to(workspace.contacts.resolve())
    others = (other.contact.photo for other in book if other.stem != stem)
    if inside and contact.photo not in others:
        yield path


def _history(workspace: Workspace, stems: Collection[str]) -> Iterator[Path]:
    """The former versions of their own file, and of the one that several people share."""
    folder = workspace.memory / "history"
    found = sorted(folder.iterdir()) if folder.is_dir() else ()
    return (one for one in found if one.is_dir() and any(is_of(s, one.name) for s in stems))


def _shared(file: ContactFile | None) -> Iterator[Problem]:
    """That a file in the folder of several people stays: it is theirs too."""
    for one in files_of(file):
        if one.is_shared:
            message = Phrase(
                "stays, and your briefs still read it: your colleagues share this file, and "
                "only your own data is removed; delete it there if everyone is to forget them"
            )
            yield Problem(file=one.file, message=message, severity="warning")


def _reference_pattern(stem: str, words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the person's names and for references to their file.

    A stem like `may` is also an ordinary word: it counts only as a file's name, as a whole string
    in JSON, or after `contact:`.
    """
    name = re.escape(stem)
    reference = (
        rf'(?<![\w-]){name}\.ya?ml(?!\w)|"{name}"'
        rf"|(?m:^\s*(?:-\s+)?contacts?:\s*\[?['\"]?{name}['\"]?\s*(?:[,\]#]|$))"
    )
    telling = rf"|(?<!\w){name}(?!\w)" if "-" in stem else ""
    return re.compile(f"(?:{_pattern(words).pattern})|{reference}{telling}", re.IGNORECASE)


def _unfinished(workspace: Workspace, named: re.Pattern[str]) -> Iterator[Path]:
    """Half-written files about the person, left by a killed run."""
    for folder in (workspace.contacts, workspace.memory, workspace.briefings):
        for path in sorted(folder.rglob(".briefgen-*.part")) if folder.is_dir() else ():
            if path.is_file() and named.search(_text(path)):
                yield path


def _naming(folder: Path, named: re.Pattern[str]) -> Iterator[Path]:
    """The files in a folder whose name or content names the person."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and (named.search(path.name) or named.search(_text(path))):
            yield path


_HANDLED_ELSEWHERE = frozenset(
    {
        "drafts", "history", "feeds", "days", "schemas", "photos", "codes.json", "lock",
        "secrets", "web",
    }
)  # fmt: skip
"""Entries of `.briefgen/` that are handled elsewhere, or name nobody."""


def _rebuildable(memory: Path, named: re.Pattern[str]) -> Iterator[Path]:
    """Anything else in `.briefgen/` that names the person; all of it can be rebuilt."""
    for entry in sorted(memory.iterdir()) if memory.is_dir() else ():
        if entry.is_dir() and entry.name not in _HANDLED_ELSEWHERE:
            yield from _naming(entry, named)
        elif (
            entry.suffix == ".json"
            and entry.name not in _HANDLED_ELSEWHERE
            and named.search(_text(entry))
        ):
            yield entry


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the words, as whole words, with their accents composed or apart."""
    spelt = {unicodedata.normalize(form, word) for word in words if word for form in ("NFC", "NFD")}
    forms = spelt | {json.dumps(word)[1:-1] for word in spelt}
    given = sorted(map(re.escape, forms), key=len, reverse=True)
    form = rf"(?<!\w)(?:{'|'.join(given)})(?!\w)" if given else r"(?!)"
    return re.compile(form, re.IGNORECASE)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(_LARGEST).decode("utf-8", errors="replace")
    except OSError:
        return ""


def _briefs(workspace: Workspace, stem: str, words: Iterable[str]) -> Iterator[BriefsOfDay]:
    """The briefs of meetings the person takes part in, as each day's report names them."""
    folders = sorted(workspace.briefings.iterdir()) if workspace.briefings.is_dir() else ()
    for folder in folders:
        if not _DAY_FOLDER.match(folder.name):
            continue
        report = _report(folder)
        theirs = [b for b in report.get("briefs", ()) if _takes_part(b, stem, words)]
        named = _pattern(words).search(json.dumps(report, ensure_ascii=False))
        if not theirs and not named:
            continue
        stems = {Path(str(brief.get("path"))).stem.removesuffix("-table") for brief in theirs}
        files = [path.name for path in sorted(folder.iterdir()) if _is_of(path, stems)]
        codes = tuple(str(brief["code"]) for brief in theirs if brief.get("code"))
        yield BriefsOfDay(day=date.fromisoformat(folder.name), files=tuple(files), codes=codes)


def _is_of(path: Path, stems: Iterable[str]) -> bool:
    """Whether a file is one of these briefs, or made from all the briefs of the day."""
    if path.name == REPORT_FILE or not path.is_file():
        return False
    whole_day = path.name.startswith("packet") or path.suffix in {".eml", ".ics"}
    return whole_day or any(path.name.startswith(stem) for stem in stems)


def _report(folder: Path) -> dict[str, Any]:
    try:
        report = json.loads((folder / REPORT_FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    return report if isinstance(report, dict) else {}


def _takes_part(brief: Mapping[str, Any], stem: str, words: Iterable[str]) -> bool:
    known = {word.casefold() for word in words}
    for participant in brief.get("participants", ()):
        named = {str(participant.get(key) or "").casefold() for key in ("name", "email")}
        if participant.get("contact") == stem or known & named:
            return True
    return False


def _entries(workspace: Workspace, named: re.Pattern[str]) -> int:
    if not (workspace.memory / LEDGER_FILE).exists():
        return 0
    with read_ledger(workspace.memory) as ledger:
        told = [entry.facts for entry in ledger.since(date.min)]
        told += [night.summary for night in ledger.nights(_ALL)]
    return sum(bool(named.search(json.dumps(dict(one), ensure_ascii=False))) for one in told)


def _mentions(
    workspace: Workspace, settings: Settings, own: Collection[ContactFile], words: Iterable[str]
) -> Iterator[Problem]:
    """Other places in the user's own files, and in shared ones, that name the person."""
    named = _pattern(words)
    folders = [workspace.contacts, workspace.organizations, workspace.meetings]
    if (shared := workspace.shared_contacts(settings.shared_contacts)) is not None:
        folders += [shared, shared / "organizations"]
    theirs = {workspace.root / one.file for one in own}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            if path in theirs:
                continue
            inside = path.is_relative_to(workspace.root)
            for number, line in enumerate(_text(path).splitlines(), 1):
                if named.search(line):
                    yield Problem(
                        file=workspace.relative(path) if inside else str(path),
                        line=number,
                        message=Phrase("names them too; it stays as it is"),
                        severity="warning",
                    )

    for copy in sorted((workspace.memory / "feeds").glob("*.ics")):
        if named.search(_text(copy)):
            message = Phrase("your calendar names them; it is yours to change")
            yield Problem(file=workspace.relative(copy), message=message, severity="warning")


def forget(workspace: Workspace, traces: Traces) -> None:
    """Remove what was found. Stops at what cannot be removed; a second run continues from there.

    Raises:
        OSError: naming the file that could not be removed or written.
        LedgerFault: if the ledger cannot be written.
    """
    for day in traces.days:
        _forget_day(workspace, day, traces)
    codes = read_codes(workspace)
    gone = {code for day in traces.days for code in day.codes}
    if gone & codes.keys():
        write_codes(workspace, {code: of for code, of in codes.items() if code not in gone})
    named = _pattern((*traces.words, f"{traces.stem}.yaml"))
    if (workspace.memory / LEDGER_FILE).exists():
        with open_ledger(workspace.memory) as ledger:
            ledger.forget(named)
    for log in traces.logs:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        write_whole(log, "".join(line for line in lines if not named.search(line)).encode())
    for path in (
        *traces.caches,
        *reversed(traces.files),
    ):  # the contact file last, so that a second run still finds them
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    open_book(workspace)  # removes them from the index


def _forget_day(workspace: Workspace, day: BriefsOfDay, traces: Traces) -> None:
    folder = open_day(workspace, day.day)
    for name in day.files:
        (folder.path / name).unlink(missing_ok=True)
    if folder.files:
        folder.without(day.files).store()
    report = _report(folder.path)
    kept = {
        key: [item for item in items if not _is_theirs(item, traces)]
        if isinstance(items, list)
        else items
        for key, items in report.items()
    }
    if kept != report:
        content = json.dumps(kept, ensure_ascii=False, indent=2).encode() + b"\n"
        write_whole(folder.path / REPORT_FILE, content)


def _is_theirs(item: object, traces: Traces) -> bool:
    """Whether an entry of a report names the person or their file."""
    file = f"data/contacts/{traces.stem}.yaml"
    text = json.dumps(item, ensure_ascii=False)
    of_contact = isinstance(item, dict) and _takes_part(item, traces.stem, traces.words)
    return of_contact or f'"{file}"' in text or bool(_pattern(traces.words).search(text))
