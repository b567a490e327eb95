"""The stance on top of a brief: what the person who needs most care asks for, and its evidence."""

from collections.abc import Iterable, Sequence
from typing import Final

from briefgen.brief.brief import GlanceStance, Line, Source
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.relations import relations_in
from briefgen.brief.signals import Signal
from briefgen.brief.stance import fresh_signal, said_signals, unnamed_care
from briefgen.brief.states import STATES
from briefgen.contacts.contact import Stance

_CROWD: Final = 10
"""From so many people on, a stance beside one name would point at that person."""
_CARE: Final[dict[str, int]] = {"hurt": 0, "sorrow": 0, "frustration": 1, "strain": 2, "worry": 2}
"""Families of signals, those first that need most care."""
_LEAST_CARE: Final = 9
_NEAREST: Final = frozenset(
    {"husband", "wife", "partner", "son", "daughter", "child", "mother", "father", "parent",
     "brother", "sister"}
)  # fmt: skip


def place_in_care(person: Person) -> tuple[object, ...]:
    """The person who needs most care comes first."""
    signal = fresh_signal(person)
    strictest = STATES.index(person.known.ruling)
    return (
        min(strictest, STATES.index("worried")),
        _is_distant(person),
        _CARE.get(signal.family.name, _LEAST_CARE) if signal else _LEAST_CARE,
        -person.felt[0].day.toordinal() if person.felt else 0,
        not person.contact.decides,
        person.place,
    )


def _is_distant(person: Person) -> bool:
    """Whether who died, or was struck, is none of the nearest kin."""
    if not person.known.blows:
        return False
    note = person.known.blows[0].event.note
    related = {one.relation for one in relations_in(note, person.known.languages)}
    return bool(related) and related.isdisjoint(_NEAREST)


def stance_on_top(
    occasion: Occasion, people: Sequence[Person], lines: Iterable[Line]
) -> GlanceStance | None:
    """The stance, where the signals of somebody in the room ask for one and may be told.

    `people` begin with whoever needs most care.
    """
    if not people:
        return _of_strangers(occasion) if occasion.participants else None
    shown = {line.who for line in lines if line.rule == "stance"}
    in_care = not people[0].known.states.isdisjoint(STATES[:5])
    for person in people:
        if person.known.in_grief:
            return _of_grief(person)
        signal = fresh_signal(person)
        if signal is None or (person.has_block and person.key not in shown):
            continue
        if "hidden" in person.known.states or (
            in_care and signal.family.stance in {"advise", "coach"}
        ):
            continue
        if signal.family.stance != "listen" and unnamed_care(occasion):
            break
        return _of_signal(person, signal)
    if unnamed_care(occasion):
        return _of_the_room(occasion)
    if all(person.known.never_met for person in people):
        return _of_strangers(occasion)
    return None


def _of_grief(person: Person) -> GlanceStance:
    occasion, text = person.occasion, person.occasion.language.text
    evidence, spoken = "", person.last_talk
    if spoken is not None:
        evidence = text(
            "Last spoke {date} ({channel})",
            date=occasion.words.on(spoken.day),
            channel=occasion.words.channel(spoken.interaction.channel),
        )
    said = text("Only listen") if occasion.alone else text("Listen to {name}", name=person.short)
    return GlanceStance(
        text=said,
        stance="listen",
        evidence=evidence,
        who=person.key,
        rule="hard-event",
        source=person.source("life_events", person.known.blows[0].at),
    )


def _of_signal(person: Person, signal: Signal) -> GlanceStance:
    occasion, last = person.occasion, person.felt[0]
    return GlanceStance(
        text=_words_of_stance(person, signal),
        stance=signal.family.stance,
        evidence=occasion.language.text(
            "{name}, {date}: {signals}",
            name=person.short,
            date=occasion.words.on(last.day),
            signals=said_signals(person, last),
        ),
        who=person.key,
        rule="stance",
        source=person.source("interactions", last.at),
    )


def _words_of_stance(person: Person, signal: Signal) -> str:
    occasion, text = person.occasion, person.occasion.language.text
    if signal.family.tone == "high":
        return (
            text("Enjoy it with them") if signal.family.name == "joy" else text("Ask, then support")
        )
    several = 1 < len(occasion.participants) < _CROWD
    words: dict[Stance, str] = {
        "listen": text("Listen to {name}", name=person.short) if several else text("Listen first"),
        "teach": text("Explain"),
        "advise": text("Offer options"),
        "coach": text("Ask, then support"),
    }
    return words[signal.family.stance]


def _of_the_room(occasion: Occasion) -> GlanceStance:
    """Where somebody needs care and must not be named before another who is there."""
    return GlanceStance(
        text=occasion.language.text("Listen first"),
        stance="listen",
        rule="stance",
        source=Source(file=occasion.meeting.feed, line=occasion.meeting.line),
    )


def _of_strangers(occasion: Occasion) -> GlanceStance:
    language, meeting = occasion.language, occasion.meeting
    names = [occasion.shorts[p.key] for p in occasion.participants[:3] if p.shown_name]
    evidence = ""
    if names:
        said = occasion.words.series(names)
        evidence = language.text("{names}: not met, nothing on file", names=said)
    return GlanceStance(
        text=language.text("Ask first"),
        evidence=evidence,
        rule="newcomer",
        source=Source(file=meeting.feed, line=meeting.line),
    )
