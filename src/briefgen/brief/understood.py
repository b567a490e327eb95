"""How entries of `avoid` and life events were understood, for `briefgen check`.

The user sees whether that is what they meant.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from briefgen.brief.doubts import Doubt, content_of, warnings_of
from briefgen.brief.events import EventKind, event_kind
from briefgen.brief.phrases import reading_languages
from briefgen.brief.redaction import Avoided, understand
from briefgen.brief.relations import avoided_with
from briefgen.brief.word_families import language_file
from briefgen.contacts.book import ContactBook
from briefgen.contacts.contact import Contact
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem

_MAY_BE_UNDERSTOOD: Final = re.compile(
    rb"^(?:avoid|life_events)\b|[\"'](?:avoid|life_events)", re.MULTILINE
)


def understood_on_file(book: ContactBook, root: Path, language: str) -> Iterator[Problem]:
    """How every contact's entries were understood, each with its place."""
    for entry in book.entries():
        if _MAY_BE_UNDERSTOOD.search(content_of(root / entry.file)):
            file = book.by_stem(entry.stem)
            yield from warnings_of(file.kept, understood(file.contact, language)) if file else ()


def understood(contact: Contact, language: str) -> Iterator[Doubt]:
    """How the entries of one contact were understood: the place of each, and the words for it."""
    languages = reading_languages(language, contact.language)
    for at, entry in enumerate(contact.avoid):
        also = avoided_with(contact.model_copy(update={"avoid": (entry,)}), languages)[1:]
        yield ("avoid", at), _entry_in_words(understand(entry, languages), also, language)
    for at, event in enumerate(contact.life_events):
        if event.kind is None:
            yield ("life_events", at), _event_in_words(event_kind(event, languages), language)


def _entry_in_words(avoided: Avoided, also: tuple[str, ...], language: str) -> str:
    if also:
        return Phrase("{entry}: also {names}", entry=avoided.entry, names=also)
    if not avoided.matters:
        return Phrase(
            "{entry}: this word, in all its forms; it belongs to no known matter",
            entry=avoided.entry,
        )
    return Phrase.plural(
        "{entry}: {names}, {count} way of saying it",
        "{entry}: {names}, {count} ways of saying it",
        avoided.ways,
        entry=avoided.entry,
        names=tuple(avoided.names(language)),
    )


def _event_in_words(kind: EventKind, language: str) -> str:
    said = tuple(Phrase("“{words}”", words=one) for one in kind.words)
    if kind.family is not None:
        family = language_file(language).families[kind.family].name
        return Phrase(
            "counts as {kind} ({family}: {said})", kind=kind.kind, family=family, said=said
        )
    if said:
        return Phrase("counts as {kind} ({said})", kind=kind.kind, said=said)
    return Phrase("counts as {kind}", kind=kind.kind)
