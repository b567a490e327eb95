"""The stance: what the last signals ask for, at the top of a brief and beneath the second question.

Signals are only ever what the user noted; nothing is inferred from other people's words. Over 400
lines, because stance, evidence and rule come from one choice among the signals.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from briefgen.brief.brief import GlanceStance, Line, Mood, Source, Tone
from briefgen.brief.occasion import FRESH, Occasion, Person
from briefgen.brief.relations import relations_in
from briefgen.brief.signals import Signal
from briefgen.brief.states import STATES
from briefgen.brief.subject import BLOCKS
from briefgen.contacts.book import Dated
from briefgen.contacts.contact import Stance
from briefgen.workspace.language import capitalised

_SCORES: Final[dict[Tone, int]] = {"low": 0, "mixed": 1, "neutral": 2, "high": 3}
_CARE: Final[dict[Stance, int]] = {"listen": 0, "teach": 1, "advise": 2, "coach": 3}
"""The order of stances: the one that asks for most care comes first."""
_TOLD_FOR: Final = timedelta(days=365)
_CROWD: Final = 10
"""From this many people on, a stance beside one name would point at that person."""
_CARING: Final[dict[str, int]] = {"hurt": 0, "sorrow": 0, "frustration": 1, "strain": 2, "worry": 2}
"""Families of signals, those first that need most care."""
_LEAST_CARE: Final = 9
_NEAREST: Final = frozenset(
    {"husband", "wife", "partner", "son", "daughter", "child", "mother", "father", "parent",
     "brother", "sister"}
)  # fmt: skip


def lines(occasion: Occasion) -> Iterator[Line]:
    """For each of the first three people, what the last signals ask for, and the trend.

    What grief asks for is said once, for the nearest relative; at a celebration nothing else is.
    """
    people = occasion.people[:BLOCKS]
    grieving = sorted((one for one in people if one.in_grief), key=care_order)
    for person in people:
        if person.in_grief:
            yield from _grief(person) if person is grieving[0] else ()
        elif person.felt and not _is_a_feast(occasion):
            yield from _of(person, person.felt[0])


def _is_a_feast(occasion: Occasion) -> bool:
    """Whether several meet to celebrate, when moods are not discussed."""
    return occasion.celebrates and not occasion.alone


def in_one_voice(
    occasion: Occasion, lines: Iterable[Line], stance: Stance | None
) -> tuple[Line, ...]:
    """The lines, without other advice if someone needs to be listened to; moods stay."""
    if stance != "listen":
        return tuple(lines)
    found = []
    for line in lines:
        person = next((one for one in occasion.people if one.key == line.who), None)
        signal = fresh_signal(person) if person and not person.in_grief else None
        if person is None or signal is None or signal.family.stance == "listen":
            found.append(line)
        elif line.rule == "stance" and signal.family.tone == "high":
            mood = capitalised(said_signals(person, person.felt[0]))
            found.append(line.replace(text=mood, rule="signals", note="", mark=None))
    return tuple(found)


def _grief(person: Person) -> Iterator[Line]:
    yield person.line(
        "prompt",
        person.text("Listen, and only listen. Leave silence. Offer one small thing."),
        "stance",
        "life_events",
        person.blows[0].at,
        rank=92,
        mark="suggested",
        visibility="private",
    )


def _of(person: Person, last: Dated) -> Iterator[Line]:
    signal = fresh_signal(person)
    if signal is not None and not _is_out_of_place(person, signal):
        yield _rule(person, last, signal)
        yield from _what_helps(person, last, signal)
        yield from _trend(person)
    elif signal is None and FRESH < person.day - last.day <= _TOLD_FOR:
        yield from _long_ago(person, last)


def fresh_signal(person: Person) -> Signal | None:
    """The signal of the last noted ones that asks for most care, if it is recently.

    Words that the vocabulary does not know, and neutral ones, ask for nothing.
    """
    if not person.felt or person.day - person.felt[0].day > FRESH:
        return None
    found = _leading(person, person.felt[0])
    if not found or found[0].family.tone == "neutral":
        return None
    needs = person.felt[0].interaction.needs or ""
    hurries = found[0].family.name == "impatience"
    return None if hurries and person.says("wants_time", needs) else found[0]


def given_stance(person: Person) -> Dated | None:
    """The newest interaction, if the file says what it asked for and its signals do not."""
    if not person.occasion.alone or "hidden" in person.states or fresh_signal(person):
        return None
    noted = (
        one
        for one in person.interactions_on_file
        if one.interaction.signals or one.interaction.stance
    )
    newest = next(noted, None)
    if newest is None or person.day - newest.day > FRESH:
        return None
    return newest if newest.interaction.stance else None


def unnamed_care(occasion: Occasion) -> Dated | None:
    """A recent mood that asks to listen and must not be shown, since someone else is there."""
    for person in occasion.people:
        newest = next((one for one in person.interactions_on_file if one.interaction.signals), None)
        if person.felt or newest is None or occasion.day - newest.day > FRESH or occasion.alone:
            continue
        found = _leading(person, newest)
        if found and found[0].family.stance == "listen":
            return newest
    return None


def _is_out_of_place(person: Person, signal: Signal) -> bool:
    """Whether a good signal would make light of an open conflict, or of a hard event."""
    if signal.family.tone != "high":
        return False
    hurt = {"grief", "blow", "hidden", "apology", "strained"}
    if not person.states.isdisjoint(hurt) or person.mourns:
        return True
    noted = person.contact.interactions[person.felt[0].at].summary or ""
    if not person.occasion.alone and person.says("apologised", noted):
        return True  # they were glad of your apology, which is not for the others
    return any(one.in_grief for one in person.occasion.people)


def suggested(occasion: Occasion, shown: Collection[str | None]) -> Stance | None:
    """The stance to suggest for the meeting: what the person who needs most care asks for.

    Only people whose keys are in `shown` count: `avoid` may hide a signal, and with it the stance.
    """
    found: list[Stance] = ["listen"] if unnamed_care(occasion) else []
    for person in occasion.people[:BLOCKS]:
        if (given := given_stance(person)) and given.interaction.stance:
            found.append(given.interaction.stance)
        if person.key not in shown:
            continue
        if person.in_grief:
            found.append("listen")
        elif (signal := fresh_signal(person)) and not _is_out_of_place(person, signal):
            found.append(signal.family.stance)
    return min(found, key=_CARE.__getitem__, default=None)


def moods(person: Person) -> tuple[Mood, ...]:
    """The last signals, oldest first, for the mood line; none in grief."""
    if not person.states.isdisjoint({"grief", "hidden"}):
        return ()
    vocabulary = person.occasion.vocabulary
    if not person.occasion.alone and any(
        vocabulary.tone(one.interaction.signals) in {"low", "mixed"} for one in person.felt
    ):
        return ()  # the others at the table would read it
    return tuple(
        Mood(
            date=one.day,
            signals=one.interaction.signals,
            tone=vocabulary.tone(one.interaction.signals),
        )
        for one in reversed(person.felt)
    )


def said_signals(person: Person, one: Dated) -> str:
    """The signals of one interaction; good and bad ones are joined: `friendly, but distrustful`."""
    vocabulary = person.occasion.vocabulary
    signals = one.interaction.signals
    known = [(word, vocabulary.find(word)) for word in signals]
    bad = [word for word, signal in known if signal and signal.family.tone == "low"]
    good = [word for word, signal in known if signal and signal.family.tone in {"high", "neutral"}]
    if good and bad:
        return person.text(
            "{good}, but {bad}", good=person.words.series(good), bad=person.words.series(bad)
        )
    return person.words.series(signals)


def _leading(person: Person, one: Dated) -> list[Signal]:
    """The signals of one interaction that decide: those that ask for most care."""
    vocabulary = person.occasion.vocabulary
    known = [s for word in one.interaction.signals if (s := vocabulary.find(word)) is not None]
    known.sort(key=lambda signal: (_CARE[signal.family.stance], _SCORES[signal.family.tone]))
    return known


def _rule(person: Person, last: Dated, signal: Signal) -> Line:
    return person.line(
        "prompt",
        person.text(
            "{rule}.", rule=capitalised(signal.family.rule.replace("{name}", person.short))
        ),
        "stance",
        "interactions",
        last.at,
        rank=92,
        note=said_signals(person, last),
        origin=person.words.on(last.day),
        mark="suggested",
    )


def _long_ago(person: Person, last: Dated) -> Iterator[Line]:
    """How they were months ago: a fact, not a stance."""
    vocabulary = person.occasion.vocabulary
    if vocabulary.tone(last.interaction.signals) == "neutral":
        return
    month = person.occasion.language.month_name(last.day)
    yield person.line(
        "prompt",
        person.text("In {month}: {signals}", month=month, signals=said_signals(person, last)),
        "signals",
        "interactions",
        last.at,
        rank=58,
    )


def _trend(person: Person) -> Iterator[Line]:
    """Since when things are better or worse, by two dated signals of the same side."""
    vocabulary, felt = person.occasion.vocabulary, person.felt
    sides = [(one, tone) for one in felt if (tone := vocabulary.tone(one.interaction.signals))]
    clear = [(one, tone) for one, tone in sides if tone in {"low", "high"}]
    if not clear:
        return
    same = [one for one, tone in _while_same(clear)]
    if len(same) < 2 or len(same) == len(clear):  # noqa: PLR2004  # two make a trend
        return
    since, text = person.words.on(same[-1].day), person.text
    if clear[0][1] == "low":
        said = text("Things have got worse since {date}.", date=since)
    else:
        said = text("Things have got better since {date}.", date=since)
    yield person.line("prompt", said, "trend", "interactions", felt[0].at, rank=76)


def _while_same(sides: Sequence[tuple[Dated, Tone]]) -> Iterator[tuple[Dated, Tone]]:
    for one in sides:
        if one[1] != sides[0][1]:
            return
        yield one


def _what_helps(person: Person, last: Dated, signal: Signal) -> Iterator[Line]:
    text, family = person.text, signal.family
    if family.helps and family.tone != "high":
        said = text("What helps: {what}.", what=family.helps)
        yield person.line("prompt", said, "helps", "interactions", last.at, rank=64)
    if family.keep_from and family.tone in {"low", "mixed"}:
        said = text("Avoid: {what}", what=family.keep_from)
        yield person.line(
            "prompt", said, "keep-from", "interactions", last.at, rank=60, mark="not-today"
        )


def care_order(person: Person) -> tuple[object, ...]:
    """The person who needs most care comes first."""
    signal = fresh_signal(person)
    strictest = STATES.index(person.ruling)
    return (
        min(strictest, STATES.index("worried")),
        _is_distant(person),
        _CARING.get(signal.family.name, _LEAST_CARE) if signal else _LEAST_CARE,
        -person.felt[0].day.toordinal() if person.felt else 0,
        not person.contact.decides,
        person.place,
    )


def _is_distant(person: Person) -> bool:
    """Whether the one who died or is ill is not one of the nearest kin."""
    if not person.blows:
        return False
    note = person.blows[0].event.note
    related = {one.relation for one in relations_in(note, person.languages)}
    return bool(related) and related.isdisjoint(_NEAREST)


def stance_on_top(
    occasion: Occasion, people: Sequence[Person], lines: Iterable[Line]
) -> GlanceStance | None:
    """The stance, if the signals of someone in the room ask for one and may be shown.

    `people` begin with the one who needs most care.
    """
    if not people:
        return _of_strangers(occasion) if occasion.is_first_meeting else None
    shown = {line.who for line in lines if line.rule == "stance"}
    hurt = not people[0].states.isdisjoint(STATES[:5])
    unnamed = unnamed_care(occasion)
    asked = (_asked_of(one, hurt=hurt, shown=shown, listen=bool(unnamed)) for one in people)
    if (found := next((one for one in asked if one is not None), None)) is not None:
        return found
    if unnamed:
        return _of_the_room(occasion, unnamed)
    return _of_strangers(occasion) if occasion.is_first_meeting else None


def _asked_of(
    person: Person, *, hurt: bool, shown: Collection[str | None], listen: bool
) -> GlanceStance | None:
    """What someone's grief, signals or file ask for; only to `listen` if another needs that."""
    if person.in_grief:
        return _of_grief(person)
    if (given := given_stance(person)) and (stance := given.interaction.stance):
        return _on_top(person, given, stance, _words_of_stance(person, stance))
    signal = fresh_signal(person)
    if signal is None or _is_a_feast(person.occasion) or "hidden" in person.states:
        return None
    if person.has_block and person.key not in shown:
        return None
    stance = signal.family.stance
    if (hurt and stance in {"advise", "coach"}) or (listen and stance != "listen"):
        return None
    return _of_signal(person, signal)


def _of_grief(person: Person) -> GlanceStance:
    occasion, text = person.occasion, person.text
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
        source=person.source("life_events", person.blows[0].at),
    )


def _of_signal(person: Person, signal: Signal) -> GlanceStance:
    text, stance = person.text, signal.family.stance
    if signal.family.name == "joy":
        said = text("Enjoy it with them")
    elif signal.family.tone == "high":
        said = text("Ask, then support")
    else:
        said = _words_of_stance(person, stance)
    return _on_top(person, person.felt[0], stance, said)


def _on_top(person: Person, last: Dated, stance: Stance, said: str) -> GlanceStance:
    occasion, language = person.occasion, person.occasion.language
    evidence = occasion.words.dated(last.day, last.interaction.channel)
    if last.interaction.signals:
        date, signals = occasion.words.on(last.day), said_signals(person, last)
        evidence = (
            language.labelled(date, signals)
            if person.short in said
            else language.text(
                "{name}, {date}: {signals}", name=person.short, date=date, signals=signals
            )
        )
    return GlanceStance(
        text=said,
        stance=stance,
        evidence=evidence,
        who=person.key,
        rule="stance",
        source=person.source("interactions", last.at),
    )


def _words_of_stance(person: Person, stance: Stance) -> str:
    occasion, text = person.occasion, person.text
    several = 1 < len(occasion.participants) < _CROWD
    words: dict[Stance, str] = {
        "listen": text("Listen to {name}", name=person.short) if several else text("Listen first"),
        "teach": text("Explain"),
        "advise": text("Offer options"),
        "coach": text("Ask, then support"),
    }
    return words[stance]


def _of_the_room(occasion: Occasion, unnamed: Dated) -> GlanceStance:
    """The stance if someone needs care but must not be named in front of another."""
    text = occasion.language.text
    return GlanceStance(
        text=text("Listen first"),
        stance="listen",
        evidence=text("Your note of {date}", date=occasion.words.on(unnamed.day)),
        rule="stance",
        source=Source(file=occasion.meeting.feed, line=occasion.meeting.line),
    )


def _of_strangers(occasion: Occasion) -> GlanceStance:
    language, meeting = occasion.language, occasion.meeting
    known = (occasion.shorts[p.key] for p in occasion.participants[:3] if p.shown_name)
    names = list(map(language.person, known))
    evidence = ""
    if names:
        said = occasion.words.series(names)
        evidence = (
            language.labelled(said, language.text("no meeting noted yet"))
            if occasion.people
            else language.text("{names}: not met, nothing on file", names=said)
        )
    return GlanceStance(
        text=language.text("Ask first"),
        evidence=evidence,
        rule="newcomer",
        source=Source(file=meeting.feed, line=meeting.line),
    )
