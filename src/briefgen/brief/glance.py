"""The glance: the stance, one lead sentence, and at most three short lines on top of a brief.

It is chosen from the lines that may be said; what it takes is not said again below.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from briefgen.brief.brief import (
    Glance,
    GlanceLabel,
    GlanceLine,
    GlanceStance,
    Line,
    Source,
)
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.signals import Signal
from briefgen.brief.stance import deciding_signal
from briefgen.contacts.contact import Stance

MOST_LABELS: Final = 3
_MOST_TO_BRING: Final = 2
_CROWD: Final = 10
"""From so many people on, a stance beside one name would point at that person."""
_FRESH: Final = timedelta(days=92)
"""Older signals choose no stance."""
_CARE: Final[dict[str, int]] = {"hurt": 0, "sorrow": 0, "frustration": 1, "strain": 2, "worry": 2}
"""Families of signals, those first that need most care."""
_LEAST_CARE: Final = 9
_LONGEST_INVITATION: Final = 160
Kept = Callable[[list[Line]], tuple[Line, ...]]


def glance(occasion: Occasion, lines: Sequence[Line], kept: Kept) -> Glance:
    """The glance of a full brief, of the lines that may be said; `kept` sieves what it adds."""
    if occasion.edition == "table":
        return Glance()
    lead = next(iter(_sieved(_leads(occasion, lines), kept)), None)
    used = {lead} if lead is not None else set()
    labels: list[GlanceLine] = []
    for label, find in _LABELS:
        found = tuple(find(occasion, [line for line in lines if line not in used]))
        if found:
            used.update(found)
            labels.append(GlanceLine(label=label, lines=found))
    return Glance(
        stance=_stance(occasion, {line.who for line in lines if line.rule == "stance"}),
        lead=lead,
        quiet=False,
        lines=_most_worth(labels),
    )


def without(lines: Iterable[Line], said: Glance) -> tuple[Line, ...]:
    """The lines that the glance does not say."""
    taken = frozenset(said.every_line)
    return tuple(line for line in lines if line not in taken)


def _sieved(lines: Iterable[Line], kept: Kept) -> Iterator[Line]:
    for line in lines:
        yield from kept([line])


def _most_worth(labels: Sequence[GlanceLine]) -> tuple[GlanceLine, ...]:
    """At most three labels; `then` is the first to go."""
    if len(labels) > MOST_LABELS:
        labels = [one for one in labels if one.label != "then"]
    if len(labels) > MOST_LABELS:
        labels = [one for one in labels if one.label != "ask"]
    return tuple(labels)


# The stance


def _stance(occasion: Occasion, shown: Collection[str | None]) -> GlanceStance | None:
    if not occasion.people:
        return _of_strangers(occasion)
    found = [
        (person, signal)
        for person in occasion.people
        if person.key in shown and (signal := _fresh_signal(person)) is not None
    ]
    if not found:
        return None
    person, signal = min(found, key=lambda one: _place(*one))
    return _of_signal(person, signal)


def _fresh_signal(person: Person) -> Signal | None:
    """The signal of the newest note with signals that asks for most, if it is of late."""
    if not person.felt or person.occasion.day - person.felt[0].day > _FRESH:
        return None
    found = deciding_signal(person, person.felt[0])
    return found if found is not None and found.family.tone != "neutral" else None


def _place(person: Person, signal: Signal) -> tuple[bool, bool, int, int, bool, int]:
    """The person who needs most care comes first."""
    relationship = person.contact.relationship
    owed = relationship is not None and relationship.apology_owed
    return (
        not owed,
        person.status != "strained",
        _CARE.get(signal.family.name, _LEAST_CARE),
        -person.felt[0].day.toordinal(),
        not person.contact.decides,
        person.place,
    )


def _of_signal(person: Person, signal: Signal) -> GlanceStance:
    occasion, last = person.occasion, person.felt[0]
    language = occasion.language
    return GlanceStance(
        text=_words_of_stance(person, signal),
        stance=signal.family.stance,
        evidence=language.text(
            "{name}, {date}: {signals}",
            name=person.short,
            date=occasion.words.on(last.day),
            signals=occasion.words.series(last.interaction.signals),
        ),
        who=person.key,
        rule="stance",
        source=person.source("interactions", last.at),
    )


def _words_of_stance(person: Person, signal: Signal) -> str:
    occasion, text = person.occasion, person.occasion.language.text
    if signal.family.tone == "high" and signal.family.name == "joy":
        return text("Enjoy it with them")
    several = 1 < len(occasion.participants) < _CROWD
    words: dict[Stance, str] = {
        "listen": text("Listen to {name}", name=person.short) if several else text("Listen first"),
        "teach": text("Explain"),
        "advise": text("Offer options"),
        "coach": text("Ask, then support"),
    }
    return words[signal.family.stance]


def _of_strangers(occasion: Occasion) -> GlanceStance | None:
    if not occasion.participants:
        return None
    language, meeting = occasion.language, occasion.meeting
    names = [name for p in occasion.participants[:3] if (name := p.shown_name)]
    evidence = ""
    if names:
        evidence = language.text(
            "{names}: not met, nothing on file", names=occasion.words.series(names)
        )
    return GlanceStance(
        text=language.text("Ask first"),
        evidence=evidence,
        rule="newcomer",
        source=Source(file=meeting.feed, line=meeting.line),
    )


# The lead


def _leads(occasion: Occasion, lines: Sequence[Line]) -> Iterator[Line]:
    """What the meeting is about, the most telling first."""
    yield from (line for line in lines if line.rule == "aim")
    yield from _open_needs(occasion)
    yield from _outcomes(occasion)
    yield from _invitation(occasion)


def _open_needs(occasion: Occasion) -> Iterator[Line]:
    text = occasion.language.text
    found = [
        (one.day, -person.place, person, one)
        for person in occasion.people
        for one in person.interactions[:6]
        if one.interaction.needs and one.interaction.needs_met in {"no", "partly"}
    ]
    for day, _, person, one in sorted(found, key=lambda each: each[:2], reverse=True):
        if (occasion.day - day).days <= 400:  # noqa: PLR2004  # as beneath the first question
            yield person.line(
                "prompt",
                text("{name} still needs: {need}", name=person.short, need=one.interaction.needs),
                "needs",
                "interactions",
                one.at,
                label="",
                note=occasion.words.on(day),
            )


def _outcomes(occasion: Occasion) -> Iterator[Line]:
    text = occasion.language.text
    for person in occasion.people:
        situation = person.contact.situation
        if situation is not None and situation.desired_outcome is not None:
            yield person.line(
                "situation",
                text(
                    "{name} wants: {outcome}", name=person.short, outcome=situation.desired_outcome
                ),
                "outcome",
                "situation",
                visibility=situation.visibility,
                label="",
            )


def _invitation(occasion: Occasion) -> Iterator[Line]:
    organizer = occasion.meeting.organizer
    if organizer is None or not organizer.name or len(occasion.agenda) != 1:
        return
    mine = {address.casefold() for address in occasion.settings.me.emails}
    sentence = occasion.agenda[0]
    if (organizer.address or "").casefold() in mine or len(sentence) > _LONGEST_INVITATION:
        return
    if sentence.endswith((".", "?", "!", "。", "؟")):
        said = occasion.language.text(
            "{name}’s invitation: “{words}”", name=organizer.name, words=sentence
        )
        yield occasion.feed_line("agenda", said, "invitation", visibility="private")


# The labels


def _first(_: Occasion, lines: Sequence[Line]) -> Iterator[Line]:
    found = (
        *(line for line in lines if line.rule == "apology"),
        *(line for line in lines if line.mark == "overdue"),
        *(line for line in lines if line.section == "bring"),
        *(line for line in lines if line.rule == "concern" and line.mark == "open"),
        *(line for line in lines if line.rule in {"first-meeting", "newcomer"}),
    )
    yield from found[:1]


def _bring(_: Occasion, lines: Sequence[Line]) -> Iterator[Line]:
    found = [line for line in lines if line.mark == "overdue" or line.section == "bring"]
    shared = [line for line in lines if line.rule == "to-share"][:1]
    yield from (*found, *shared)[:_MOST_TO_BRING]


def _ask(_: Occasion, lines: Sequence[Line]) -> Iterator[Line]:
    asked = [line for line in lines if line.rule in {"life-event", "birthday"}]
    yield from sorted(asked, key=lambda line: -line.rank)[:1]


def _then(_: Occasion, lines: Sequence[Line]) -> Iterator[Line]:
    found = (line for line in lines if line.rule == "concern" and line.mark == "open")
    yield from list(found)[:1]


def _not_today(_: Occasion, lines: Sequence[Line]) -> Iterator[Line]:
    found = [line for line in lines if line.mark == "not-today"]
    yield from found[:2]


_LABELS: Final[
    tuple[tuple[GlanceLabel, Callable[[Occasion, Sequence[Line]], Iterator[Line]]], ...]
] = (
    ("first", _first),
    ("bring", _bring),
    ("ask", _ask),
    ("then", _then),
    ("not-today", _not_today),
)
