"""Beneath the second question: the signals noted, their trend, and the stance they ask for.

Signals are only ever what the user noted; nothing is read out of other people's words.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from briefgen.brief.brief import Line, Mood, Tone
from briefgen.brief.occasion import BLOCKS, Occasion, Person
from briefgen.brief.signals import Signal
from briefgen.brief.wording import capitalised
from briefgen.contacts.contact import Stance
from briefgen.contacts.timeline import Dated

_DATED: Final = 3
_TWICE: Final = 2
_FEWEST_FOR_A_TREND: Final = 3
_SCORES: Final[dict[Tone, int]] = {"low": 0, "mixed": 1, "neutral": 2, "high": 3}
_CARE: Final[dict[Stance, int]] = {"listen": 0, "teach": 1, "advise": 2, "coach": 3}
"""Of several stances the one that asks for most care comes first."""


def lines(occasion: Occasion) -> Iterator[Line]:
    """For each of the first three people: stance with its rule, signals, trend, what helps."""
    for place, person in enumerate(occasion.people[:BLOCKS]):
        felt = person.felt
        if not felt:
            continue
        yield from _stance(person, felt[0])
        if (trend := _trend(person, felt)) is not None:
            yield trend
        if place == 0:
            yield from _what_helps(person, felt[0])
            yield _signals(person, felt)


def suggested(occasion: Occasion, shown: Collection[str | None]) -> Stance | None:
    """The stance to suggest for the meeting: what the person who needs most care asks for.

    Only of the people whose keys are in `shown`: tact may hide a signal, and then all it asks for.
    """
    found = [
        signal.family.stance
        for person in occasion.people[:BLOCKS]
        if person.key in shown
        for signal in _leading(person, person.felt[:1])
    ]
    return min(found, key=_CARE.__getitem__, default=None)


def moods(person: Person) -> tuple[Mood, ...]:
    """The last signals, oldest first, for the mood line."""
    vocabulary = person.occasion.vocabulary
    return tuple(
        Mood(
            date=one.day,
            signals=one.interaction.signals,
            tone=vocabulary.tone(one.interaction.signals),
        )
        for one in reversed(person.felt)
    )


def _leading(person: Person, felt: Sequence[Dated]) -> list[Signal]:
    """The signals of one interaction that decide: those that ask for most care."""
    vocabulary = person.occasion.vocabulary
    known = [
        signal
        for one in felt
        for word in one.interaction.signals
        if (signal := vocabulary.find(word)) is not None
    ]
    known.sort(key=lambda signal: (_CARE[signal.family.stance], _SCORES[signal.family.tone]))
    return known


def deciding_signal(person: Person, one: Dated) -> Signal | None:
    """The signal of one interaction that asks for most care."""
    return next(iter(_leading(person, [one])), None)


def _stance(person: Person, last: Dated) -> Iterator[Line]:
    known = _leading(person, [last])
    if not known:
        return
    occasion, lead = person.occasion, known[0]
    word = next(w for w in last.interaction.signals if occasion.vocabulary.find(w) == lead)
    high = next((s for s in known if s.family.tone == "high"), None)
    text = occasion.language.text
    values = {"signal": word, "rule": lead.family.rule}
    if lead.family.tone == "low" and high is not None:
        other = next(w for w in last.interaction.signals if occasion.vocabulary.find(w) == high)
        said = text("{signal} and yet {other} last time: {rule}.", other=other, **values)
    else:
        said = text("{signal} last time: {rule}.", **values)
    yield person.line(
        "prompt",
        capitalised(said),
        "stance",
        "interactions",
        last.at,
        rank=92,
        note=occasion.words.on(last.day),
        mark="suggested",
    )


def _signals(person: Person, felt: Sequence[Dated]) -> Line:
    words, text = person.occasion.words, person.occasion.language.text
    dated = [
        text("{signals} {date}", signals=", ".join(one.interaction.signals), date=words.on(one.day))
        for one in felt[:_DATED]
    ]
    return person.line(
        "prompt",
        text("Seen: {signals}", signals=words.joined(dated)),
        "signals",
        "interactions",
        felt[0].at,
        rank=62,
    )


def _trend(person: Person, felt: Sequence[Dated]) -> Line | None:
    parts = [part for part in (_most_often(person, felt), _direction(person, felt)) if part]
    if not parts:
        return None
    said = capitalised(", ".join(parts))
    return person.line(
        "prompt", said, "trend", "interactions", felt[0].at, rank=76, visibility=None
    )


def _most_often(person: Person, felt: Sequence[Dated]) -> str:
    vocabulary, language = person.occasion.vocabulary, person.occasion.language
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for one in felt:
        for word in dict.fromkeys(one.interaction.signals):
            signal = vocabulary.find(word)
            name = signal.name if signal else word.casefold()
            counts[name] += 1
            shown.setdefault(name, word)
    if not counts or (best := max(counts.values())) < _TWICE:
        return ""
    felt_most = next(shown[name] for name in counts if counts[name] == best)
    if best == _TWICE:
        return language.text("{signal} twice", signal=felt_most)
    return language.plural(
        "{signal} {count} time", "{signal} {count} times", best, signal=felt_most
    )


def _direction(person: Person, felt: Sequence[Dated]) -> str:
    """Whether the last signals were softer or harder than those before, and since when."""
    vocabulary = person.occasion.vocabulary
    low = [vocabulary.tone(one.interaction.signals) == "low" for one in felt]
    turned = next((at for at, was_low in enumerate(low) if was_low != low[0]), None)
    if turned is None or len(felt) < _FEWEST_FOR_A_TREND:
        return ""
    text, since = person.occasion.language.text, person.occasion.words.on(felt[turned - 1].day)
    if low[0]:
        return text("harder since {date}", date=since)
    return text("softer since {date}", date=since)


def _what_helps(person: Person, last: Dated) -> Iterator[Line]:
    text = person.occasion.language.text
    for signal in _leading(person, [last])[:1]:
        family = signal.family
        if family.helps:
            said = text("Helps: {what}.", what=family.helps)
            yield person.line("prompt", said, "helps", "interactions", last.at, rank=64)
        if family.keep_from:
            said = text("Keep from: {what}.", what=family.keep_from)
            yield person.line("prompt", said, "keep-from", "interactions", last.at, rank=60)
