"""How a file was understood, for `check`: what each entry of `avoid` hides, what kind an event is.

These are no problems: whoever reads them sees whether the words they chose mean what they meant.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from briefgen.brief.events import EventKind, event_kind
from briefgen.brief.phrases import reading_languages
from briefgen.brief.redaction import Avoided, understand
from briefgen.brief.relations import avoided_with
from briefgen.brief.word_families import language_file
from briefgen.contacts.book import ContactBook
from briefgen.contacts.contact import Contact
from briefgen.workspace.document import Keys, read_bytes
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem

_MAY_HOLD_ANY: Final = re.compile(
    rb"^(?:avoid|life_events)\b|[\"'](?:avoid|life_events)", re.MULTILINE
)


def understood_on_file(book: ContactBook, root: Path, language: str) -> Iterator[Problem]:
    """How every contact's entries were understood, each with its place."""
    for entry in book.entries():
        try:
            told = _MAY_HOLD_ANY.search(read_bytes(root / entry.file)) is not None
        except OSError:
            told = False
        file = book.by_stem(entry.stem) if told else None
        if file is not None:
            for keys, message in understood(file.contact, language):
                kept = file.kept
                yield kept.document.problem(kept.origin(keys), message, "warning")


def understood(contact: Contact, language: str) -> Iterator[tuple[Keys, str]]:
    """How the entries of one contact were understood: the place of each, and in words how."""
    languages = reading_languages(language, contact.language)
    for at, entry in enumerate(contact.avoid):
        understood_as = understand(entry, languages)
        also = avoided_with(contact.model_copy(update={"avoid": (entry,)}), languages)[1:]
        yield ("avoid", at), _of_entry(understood_as, also, language)
    for at, event in enumerate(contact.life_events):
        if event.kind is None:
            yield ("life_events", at), _of_event(event_kind(event, languages), language)


def _of_entry(avoided: Avoided, also: tuple[str, ...], language: str) -> str:
    if also:
        return Phrase("{entry}: also {names}", entry=avoided.entry, names=also)
    if not avoided.matters:
        return Phrase(
            "{entry}: this word, in all its forms; it is of no known matter", entry=avoided.entry
        )
    names = tuple(avoided.names(language))
    return Phrase.plural(
        "{entry}: {names}, {count} way of saying it",
        "{entry}: {names}, {count} ways of saying it",
        avoided.ways,
        entry=avoided.entry,
        names=names,
    )


def _of_event(kind: EventKind, language: str) -> str:
    said = tuple(f"'{one}'" for one in kind.words)
    if kind.family is not None:
        family = language_file(language).families[kind.family].name
        return Phrase(
            "counts as {kind} ({family}: {said})", kind=kind.kind, family=family, said=said
        )
    if said:
        return Phrase("counts as {kind} ({said})", kind=kind.kind, said=said)
    return Phrase("counts as {kind}", kind=kind.kind)
