"""Refusals: why a line must not be on the page, for its person or another who is present.

What the files mean is in `occasion.py`, what others may not read in `presence.py`, and which lines
go with which state of a person in `states.yaml`.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from briefgen.brief.brief import LeftOut, Line, Reason
from briefgen.brief.former_firms import mentions_firm
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.phrases import is_pitch
from briefgen.brief.silences import is_kept_from_them
from briefgen.brief.states import CARE, ESTATE, JOKE, OFFER, State, silencing_state
from briefgen.brief.word_families import mentions_in
from briefgen.brief.wording import last_day

_HURT: Final[tuple[State, ...]] = ("grief", "blow", "hidden", "apology", "strained")
_ASKS: Final = frozenset({"life-event", "good-news", "written", "date", "family", "to-share"})
"""Rules whose lines ask something, or invite a question."""
_OF_THEIR_LIFE: Final = _ASKS | {
    "interest", "occasion", "unsaid", "words", "birthday", "outcome", "situation", "approach",
    "promise", "promise-of-theirs", "needs",
}  # fmt: skip
"""Rules whose lines may mention someone who should no longer be mentioned."""
_MAY_BE_OVER: Final = frozenset(
    {"written", "to-share", "life-event", "concern", "agreed", "already-have", "unsaid", "needs"}
)
"""Rules whose lines a later note may have made untrue."""
_MAY_SELL: Final = frozenset(
    {"written", "to-share", "promise", "approach", "occasion", "next-step"}
)
"""Rules for lines the user wrote, which may sell something; what *they* said is not a pitch."""
_PROMISED: Final = frozenset({"promise", "promise-of-theirs"})
"""Rules whose lines stay when someone has left a firm, unless they name it."""
_UNDATED: Final = frozenset({"agreed", "parked", "already-have"})
"""Rules whose lines have no date: they are about the firm that someone has just left."""
_JUST_LEFT: Final = timedelta(days=182)
_OF_BUSINESS: Final = _PROMISED | _UNDATED | {
    "situation", "outcome", "no-agenda", "needs", "concern", "next-step", "unsaid",
}  # fmt: skip
"""Rules whose lines are about work, and perhaps about a firm someone has left."""
_EVENTS_THEMSELVES: Final = frozenset({"confidence", "hard-event", "hard-anniversary"})
REPROACH: Final = "reproach"
"""The rule of a line that criticises the person; shown only in the terminal."""


def refusal(occasion: Occasion, line: Line) -> LeftOut | None:
    """Why a line must not be on the page, for the person it is about or another present."""
    about = occasion.person_of(line)
    if about is not None and (refused := _refusal_for(about, line)) is not None:
        return refused
    return (
        occasion.presence.refusal(line)
        or _is_out_of_place(occasion, line, about)
        or _sells_to_another(occasion, line)
    )


def _is_out_of_place(occasion: Occasion, line: Line, about: Person | None) -> LeftOut | None:
    """Why a line is out of place beside someone else's grief, or at a celebration."""
    around: set[State] = set()
    if any(one is not about for one in _grieving(occasion)):
        around.add("beside")
    if occasion.celebrates:
        around.add("celebration")
    state = silencing_state((line.rule,), frozenset(around))
    return LeftOut(line=line, reason="state", by=state) if state else None


def _sells_to_another(occasion: Occasion, line: Line) -> LeftOut | None:
    """Why a pitch is out of place: someone else in the room is hurt or strained."""
    about = occasion.person_of(line)
    if about is None or line.rule not in _MAY_SELL or line.rule == "promise":
        return None
    if not would_sell(about, line):
        return None
    hurt = ((other, state) for other, state in _hurt(occasion) if other is not about)
    return next(
        (LeftOut(line=line, reason="state", by=f"{one.short}: {state}") for one, state in hurt),
        None,
    )


def _grieving(occasion: Occasion) -> list[Person]:
    return [one for one in occasion.people if one.in_grief]


def _hurt(occasion: Occasion) -> list[tuple[Person, State]]:
    """The people to whom nothing may be sold, and why."""
    states = [(one, one.states) for one in occasion.people]
    found = [(one, next((each for each in _HURT if each in has), None)) for one, has in states]
    return [(one, state) for one, state in found if state]


def _refusal_for(person: Person, line: Line) -> LeftOut | None:
    """Why a line about this person must not be on the page; None if it may."""
    reasons: tuple[tuple[Reason, Callable[[Person, Line], str | None]], ...] = (
        ("present", _is_reproach),
        ("silence", _silence),
        ("silence", _is_overtaken),
        ("unfit", _is_unfit),
        ("confidence", hints_at_a_confidence),
        ("former", _is_of_a_left_firm),
        ("duplicate", _is_the_wish),
        ("state", _state_against),
    )
    found = ((reason, why) for reason, find in reasons if (why := find(person, line)) is not None)
    return next((LeftOut(line=line, reason=reason, by=by) for reason, by in found), None)


def _is_reproach(person: Person, line: Line) -> str | None:
    return person.short if line.rule == REPROACH else None


def _state_against(person: Person, line: Line) -> str | None:
    """The state for which the table forbids a line."""
    rules = tuple(_rules_of(person, line))
    state = silencing_state(rules, person.states)
    if state is None and "blow" in person.states and _is_out_of_time(person, line):
        state = "blow"
    return state or forbidding(person, rules)


def forbidding(person: Person, rules: tuple[str, ...]) -> State | None:
    """The longer-lasting state, if any, that forbids lines of some rules."""
    if silencing_state(rules, frozenset({"heavy"})) and person.is_heavy:
        return "heavy"
    if silencing_state(rules, frozenset({"bereaved"})) and person.is_bereaved:
        return "bereaved"
    return None


def _is_out_of_time(person: Person, line: Line) -> bool:
    """Whether it is good news from before a hard event, or a request not on the agenda."""
    if line.rule == "good-news":
        written = person.written_on(line)
        return written is None or any(
            one.first is None or written <= one.first for one in person.blows
        )
    if line.rule == "promise-of-theirs":
        topics = person.occasion.topics
        return not topics.touched_by([person.noted_text(line)])
    return False


def _silence(person: Person, line: Line) -> str | None:
    """The hard event of someone a line names, or the thing it must not ask about."""
    said = f"{line.text} {line.note}"
    why = None
    if line.rule in _OF_THEIR_LIFE:
        why = person.silenced_by(said, person.written_on(line)) or _is_of_the_parting(person, line)
    if why is None and line.rule in _ASKS and line.mark != "not-today" and person.not_asked.topics:
        why = person.not_asked.mentioned_in(said)
    return why


def _is_of_the_parting(person: Person, line: Line) -> str | None:
    """The separation that a question would touch: `kids every other weekend`."""
    if line.rule != "life-event":
        return None
    parted = (one.event.note for one in person.events if one.kind.family == "separation")
    why = next(parted, None)
    return why if why and mentions_in(line.text, person.languages, among=("separation",)) else None


def _is_overtaken(person: Person, line: Line) -> str | None:
    """What a line says, if a later note says that it is over."""
    if line.rule not in _MAY_BE_OVER or line.mark in {"not-today", "resolved"}:
        return None
    note = person.noted_text(line)
    is_over = person.later_notes.is_outdated(note, person.written_on(line) or date.min)
    return note if is_over else None


def _is_unfit(person: Person, line: Line) -> str | None:
    """The note that forbids bringing or mentioning a thing."""
    note = person.noted_text(line)
    if is_kept_from_them(person, note):
        return note
    if line.rule == "to-share":
        unfit = person.care.unfit(f"{note} ({line.origin})") or _money_owed(person)
        return unfit or _kept_from_them_about(person, note)
    if line.rule == "promise":
        return person.care.unfit_promise(note)
    if line.rule == "written" and person.says("handing", note):
        return person.care.bars(note)
    return person.care.is_avoided(note) if line.rule in {"interest", "occasion"} else None


def _kept_from_them_about(person: Person, thing: str) -> str | None:
    """The note of which they must not hear, if it is about the same as a thing to bring."""
    about = person.content_stems(thing)
    return next(
        (
            said
            for one in person.contact.interactions
            if (said := one.summary) and is_kept_from_them(person, said)
            if len(about & person.content_stems(said)) > 1
        ),
        None,
    )


def _money_owed(person: Person) -> str | None:
    """A late promise of mine to repay money, next to which a present looks like a bribe."""
    late = (
        one.text
        for one in person.contact.promises
        if one.by == "me" and one.is_open and one.due is not None and one.due < person.day
    )
    return next((text for text in late if person.says("money_owed", text)), None)


def _is_of_a_left_firm(person: Person, line: Line) -> str | None:
    """The former firm that a line about work concerns, by its name or its date."""
    if line.rule not in _OF_BUSINESS or not person.firms.left:
        return None
    written = person.written_on(line)
    for firm in person.firms.left:
        until = last_day(firm.until) if firm.until else None
        before = until is not None and (
            written <= until
            if written is not None
            else line.rule in _UNDATED and person.day - until <= _JUST_LEFT
        )
        if mentions_firm(person.noted_text(line), firm.organization) or (
            before and line.rule not in _PROMISED
        ):
            return firm.organization
    return None


def hints_at_a_confidence(person: Person, line: Line) -> str | None:
    """Whether a line hints at something told in confidence; the event has its own line."""
    if not person.confidences or line.rule in _EVENTS_THEMSELVES:
        return None
    said = f"{line.text} {line.note}"
    asks = line.rule == "written" and person.says("wellbeing", said)
    hinted = (asks and not person.occasion.alone) or any(
        one.is_hinted_at(said, person.languages) for one in person.confidences
    )
    return "told in confidence" if hinted else None


def _is_the_wish(person: Person, line: Line) -> str | None:
    """What they asked for, if the line would try to sell it to them."""
    if line.rule != "written" or person.wish is None or not is_pitch(line.text, person.languages):
        return None
    need = person.wish.interaction.needs or ""
    return need if person.share_words(line.text, need) else None


def _rules_of(person: Person, line: Line) -> Iterator[str]:
    """Its rule, and its other names in the table of states."""
    yield line.rule
    if line.rule == "promise-of-theirs" and person.says("estate", person.noted_text(line)):
        yield ESTATE
    if line.rule not in _MAY_SELL or line.mark == "not-today":
        return
    note = person.noted_text(line)
    invites = line.rule == "to-share" and person.says("celebration", note)
    if invites or person.says("joke", note):
        yield JOKE
    if CARE.isdisjoint(person.states):
        return
    if (line.rule != "promise" or person.in_grief) and would_sell(person, line):
        yield OFFER  # a promise is kept, except in grief


def would_sell(person: Person, line: Line) -> bool:
    """Whether the note behind a line offers something for sale."""
    note = person.noted_text(line)
    return is_pitch(note, person.languages)
