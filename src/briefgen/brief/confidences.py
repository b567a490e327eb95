"""Confidences: what was told in confidence, or is to be in no brief, and what would hint at it.

A note of the day or the month in which it was told tells no need, no words and no mood, and nothing
that speaks of the same matter stands on a sheet. The terminal has it (`show --hidden`).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from briefgen.brief.events import Event
from briefgen.brief.subject import Subject
from briefgen.brief.topics import topic_words
from briefgen.brief.word_families.families import kinds, matters_by_family, mentions_in
from briefgen.brief.words import fold, sentences_of, stems, words_of
from briefgen.contacts.timeline import Dated
from briefgen.workspace.value import Value

_OWN_KINDS: Final = frozenset({"confidence", "weak", "pitch"})
"""Families that tell that something is told in confidence, and not what."""
_LONGEST_DAYS: Final = 31
"""Of an event of which only the year is known, no note is of the same time."""
_PLAIN: Final = frozenset(
    """
    told telling tells confidence confidential secret secretly wants wanted would like think
    thinks thinking plan plans planning looking look hope hopes maybe perhaps know knows nobody
    keep asked mention mentioned yourself going leave company business people team
    """.split()  # noqa: SIM905  # a list of words reads better as words
)
"""Words that tell no matter."""


class Confidence(Value, frozen=True, kw_only=True):
    """Something told in confidence, or to be in no brief.

    Attributes:
        families: the families of words that speak of its matter.
        words: where no family does, the stems of its own telling words.
        first, last: the days on which it can have been told; None where nobody knows.
    """

    families: frozenset[str]
    words: frozenset[str]
    first: date | None
    last: date | None

    def is_of(self, day: date) -> bool:
        """Whether it was told on a day, or in its month."""
        if self.first is None or self.last is None:
            return False
        short = (self.last - self.first).days < _LONGEST_DAYS
        return short and self.first <= day <= self.last

    def is_hinted_at(self, text: str, languages: tuple[str, ...]) -> bool:
        """Whether a text speaks of the same matter."""
        if self.words:
            spoken = (stems(word, languages[0]) for word in topic_words(text))
            return any(not self.words.isdisjoint(one) for one in spoken)
        return any(one.family in self.families for one in mentions_in(text, languages))


def confidences_of(
    subject: Subject, events: Sequence[Event], languages: tuple[str, ...]
) -> Iterator[Confidence]:
    """What of the events on file must not even be hinted at."""
    for event in events:
        never = event.event.visibility == "never"
        if not never and (event.kind.kind != "confidential" or _is_open(event)):
            continue
        note = event.event.note
        found = {one.family for one in mentions_in(note, languages)} - _OWN_KINDS
        matters = {matter for one in found for matter in matters_by_family().get(one, (one,))}
        families = found.union(*(kinds().matters.get(one, (one,)) for one in matters))
        yield Confidence(
            families=frozenset(families),
            words=frozenset() if families else _words_of_the_matter(subject, event, languages[0]),
            first=event.first,
            last=event.last,
        )


def _is_open(event: Event) -> bool:
    """Whether it is a new name, which they go by now."""
    return event.kind.family == "identity" and not event.kind.given


def _words_of_the_matter(subject: Subject, event: Event, language: str) -> frozenset[str]:
    """Its own words, and those of what is expected, wanted or needed in the same words."""
    contact = subject.contact
    own = _own_words(subject, event.event.note, language)
    if event.event.expect is not None:
        own |= _own_words(subject, event.event.expect.note, language)
    near = [one.interaction.needs or "" for one in subject.told]
    near += [(contact.situation.desired_outcome or "") if contact.situation else ""]
    found = (_own_words(subject, text, language) for text in near if text)
    return own.union(*(words for words in found if not words.isdisjoint(own)))


def _own_words(subject: Subject, note: str, language: str) -> frozenset[str]:
    contact = subject.contact
    names = words_of(f"{contact.name} {contact.organization or ''} {contact.title or ''}")
    plain = _PLAIN | {fold(name) for name in names}
    telling = (word for word in topic_words(note) if fold(word) not in plain)
    return frozenset().union(*(stems(word, language) for word in telling))


def kept_to_oneself(dated: Dated, told: Sequence[Confidence], languages: tuple[str, ...]) -> Dated:
    """An interaction without what would hint at a confidence."""
    one = dated.interaction
    changes: dict[str, object] = {}
    at_once = any(each.is_of(dated.day) for each in told)

    def hints(text: str) -> bool:
        return any(each.is_hinted_at(text, languages) for each in told)

    for field in ("words", "unsaid", "needs"):
        said = getattr(one, field)
        if said and (at_once or hints(said)):
            changes[field] = None
    if "needs" in changes:
        changes["needs_met"] = None
    if at_once and one.signals:
        changes["signals"] = ()
    if one.summary and hints(one.summary):
        kept = [part for part in sentences_of(one.summary) if not hints(part)]
        changes |= {"summary": " ".join(kept) or None, "signals": ()}
    return dated.changed(**changes) if changes else dated
