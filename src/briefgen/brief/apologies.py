"""Apologies: which are owed, how those made were taken, and what an accepted one has closed.

An accepted apology, or a note that all is well again, closes its matter: the complaint, what was
said about it, and the strain, however the file words them.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from operator import attrgetter
from typing import Final

from briefgen.brief.company import every_word
from briefgen.brief.phrases import says
from briefgen.brief.subject import Subject
from briefgen.brief.words import share_words, topic_words
from briefgen.contacts.contact import Apology, Contact, Interaction, Promise
from briefgen.workspace.value import Value

_ANSWERS_OF: Final = timedelta(days=92)
"""An apology that shares no words with the file is for the last trouble of so many days before."""
_LOOKED_AT: Final = 12
_PARTS: Final = re.compile(r"\s+(?:and|und|et|y|e|en|&|و)\s+|[,;、]\s*")
"""What separates two things that would show that an apology is sincere."""


class Settled(Value, frozen=True, kw_only=True):
    """A matter that is closed.

    Attributes:
        on: the day on which it was closed; None if the file does not say. matter: what it was
            about; empty if the file does not say, so it was about everything.
        days: the days of the notes and complaints that it answers.
        language: the one to compare words in.
    """

    on: date | None
    matter: str
    days: frozenset[date]
    language: str

    def covers(self, text: str, written: date | None) -> bool:
        """Whether something noted on a day was about this matter, and is closed with it."""
        if self.on is not None and written is not None and written > self.on:
            return False
        if not self.matter or (written is not None and written in self.days):
            return True
        return share_words(self.matter, text, self.language)


class Apologies(Value, frozen=True, kw_only=True):
    """The apologies owed and made to one person.

    Attributes:
        owed: whether one is due.
        reason: for what.
        pending: those not accepted, the newest first, with their places in the file.
        proof: what would still show that one of them is sincere, and the place of the entry.
        settled: the matters that are closed.
        reconciled: whether a strain still in the file is closed too.
    """

    owed: bool = False
    reason: str = ""
    pending: tuple[tuple[int, Apology], ...] = ()
    proof: tuple[int, str] | None = None
    settled: tuple[Settled, ...] = ()
    reconciled: bool = False

    def closed(self, text: str, written: date | None) -> bool:
        """Whether a note of a day is about a closed matter."""
        return any(one.covers(text, written) for one in self.settled)


def apologies_of(subject: Subject) -> Apologies:
    """The apologies owed and made, and the matters closed by now."""
    contact, day = subject.contact, subject.occasion.known_until
    made = [
        (at, one)
        for at, one in enumerate(contact.apologies)
        if one.visibility != "never" and (one.date is None or one.date <= day)
    ]
    made.sort(key=lambda one: one[1].date or date.min, reverse=True)
    language, reason = subject.language, subject.relationship.reason or ""
    owed = subject.relationship.apology_owed
    accepted = [one for _, one in made if one.taken == "accepted"]
    settled = (*(_closed_by(one, subject) for one in accepted), *_told(subject))
    pending, proof = [], None
    for at, one in made:
        proof_of = one if one.proof else _with_proof(one, made, language)
        left = _open_proof(proof_of, one.date or date.min, subject)
        is_closed = any(
            _is_later(two, one) and _is_for(two, one.for_, language) for two in accepted
        )
        if one.taken in {"not yet", "refused"} and left != "" and not is_closed:
            pending.append((at, one))
            proof = proof or ((at, left) if left else None)
    owed = owed and not any(_is_for(one, reason, language) for _, one in made)
    return Apologies(
        owed=owed,
        reason=reason,
        pending=tuple(pending),
        proof=proof,
        settled=settled,
        reconciled=not (owed or pending) and any(_ends_strain(one, subject) for one in settled),
    )


def _is_later(one: Apology, other: Apology) -> bool:
    return one.date is None or other.date is None or one.date >= other.date


def _is_for(apology: Apology, matter: str | None, language: str) -> bool:
    """Whether an apology was made for a matter; if either has no words, it was."""
    if not matter or not apology.for_:
        return True
    return share_words(apology.for_, matter, language)


def _with_proof(
    apology: Apology, made: Iterable[tuple[int, Apology]], language: str
) -> Apology | None:
    """Another apology for the same matter, if the file says what would show its sincerity."""
    others = (one for _, one in made if one.proof and _is_for(one, apology.for_, language))
    return next(others, None)


def _open_proof(apology: Apology | None, since: date, subject: Subject) -> str | None:
    """What part of an apology's proof has not been done since a day; None without proof."""
    if apology is None or apology.proof is None:
        return None
    until = subject.occasion.known_until
    contact = subject.contact
    done = [one.text for one in contact.promises if is_done(one, since, until)]
    done += [
        one.text
        for one in contact.concerns
        if (day := one.resolved.first_day() if one.resolved else None) and since <= day <= until
    ]
    done += [
        one.interaction.needs or ""
        for one in subject.interactions_on_file
        if one.day >= since and one.interaction.needs_met == "yes"
    ]
    parts = [one.strip() for one in _PARTS.split(apology.proof) if one.strip()]
    if not all(len(topic_words(one)) > 1 for one in parts):
        parts = [apology.proof]  # "a name and telephone" is one thing
    left = [one for one in parts if not any(subject.share_words(text, one) for text in done)]
    return apology.proof if left == parts else ", ".join(left)


def _closed_by(apology: Apology, subject: Subject) -> Settled:
    """The matter an accepted apology closes: by shared words, else the last trouble before it."""
    on, matter = apology.date, apology.for_ or ""
    language, vocabulary = subject.language, subject.occasion.vocabulary
    complaints = [
        (raised, one.text, True)
        for one in subject.contact.concerns
        if one.date and (raised := one.date.first_day()) and not one.resolved
    ]
    notes = [
        (one.day, every_word(one.interaction), vocabulary.tone(one.interaction.signals) == "low")
        for one in subject.interactions_on_file
    ]
    before = [one for one in (*complaints, *notes) if on is None or one[0] <= on]
    days = {day for day, text, _ in before if matter and subject.share_words(matter, text)}
    if not days and on is not None:
        days = {max((day for day, _, bad in before if bad and on - day <= _ANSWERS_OF), default=on)}
    return Settled(on=on, matter=matter, days=frozenset(days), language=language)


def _told(subject: Subject) -> Iterator[Settled]:
    """The matters that only a note says are well again."""
    contact = subject.contact
    if subject.status != "strained" and all(one.resolved for one in contact.concerns):
        return  # as in most files, there is nothing to close
    notes = map(attrgetter("interaction"), subject.interactions_on_file[:_LOOKED_AT])
    yield from settled_in(contact, notes, subject.languages)


def settled_in(
    contact: Contact, notes: Iterable[Interaction], languages: tuple[str, ...]
) -> Iterator[Settled]:
    """The matters that notes call closed: by their words, else the last complaint before."""
    raised = {
        day: one.text
        for one in contact.concerns
        if one.date and (day := one.date.first_day()) and not one.resolved
    }
    for one in notes:
        said = f"{one.summary or ''}\n{one.words or ''}"
        if not says("settled", said, languages):
            continue
        before = {day: text for day, text in raised.items() if day <= one.date <= day + _ANSWERS_OF}
        named = any(share_words(said, text, languages[0]) for text in before.values())
        days = frozenset() if named or not before else frozenset({max(before)})
        yield Settled(on=one.date, matter=said, days=days, language=languages[0])


def _ends_strain(settled: Settled, subject: Subject) -> bool:
    """Whether a closed matter caused the strain: by its words, or if nothing was wrong since."""
    relationship = subject.relationship
    if relationship.status != "strained":
        return False
    since = relationship.since.first_day() if relationship.since else None
    if settled.on is None or (since is not None and settled.on < since):
        return False
    if relationship.reason and share_words(settled.matter, relationship.reason, settled.language):
        return True
    tone = subject.occasion.vocabulary.tone
    return not any(
        one.day > settled.on and tone(one.interaction.signals) == "low"
        for one in subject.interactions_on_file
    )


def is_done(promise: Promise, since: date, until: date) -> bool:
    """Whether a promise of mine was kept between two days."""
    return promise.by == "me" and promise.kept is not None and since <= promise.kept <= until
