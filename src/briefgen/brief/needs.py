"""Beneath the first question: what they needed last time, and where they want to be."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import NEED_FOR, Occasion, Person
from briefgen.brief.subject import BLOCKS
from briefgen.brief.wording import last_day, whole_months
from briefgen.contacts.book import Dated
from briefgen.contacts.contact import Situation
from briefgen.contacts.dates import PartialDate
from briefgen.workspace.language import Language, capitalised

_ASK_AGAIN_MONTHS: Final = 6
_LOOKED_AT: Final = 12


def lines(occasion: Occasion) -> Iterator[Line]:
    """For each of the first three people the last need that is open, and where they want to go."""
    for person in occasion.people[:BLOCKS]:
        yield from _last_need(person)
        yield from _situation(person)


def _last_need(person: Person) -> Iterator[Line]:
    for one in person.interactions.latest(_LOOKED_AT):
        need, met = one.interaction.needs, one.interaction.needs_met
        if need is None or met == "yes" or left_unsure(one) or not _is_since_a_loss(person, one):
            continue
        yield person.line(
            "prompt",
            capitalised(need.rstrip(".")),
            "needs",
            "interactions",
            one.at,
            rank=91,
            note=_how(person, one),
            origin=_when(person, one),
            mark="open",
        )
        return


def left_unsure(one: Dated) -> bool:
    """Whether the user noted beside a need that the first question stayed open."""
    reflection = one.interaction.reflection
    return reflection is not None and reflection.needs_answered == "no"


def _is_since_a_loss(person: Person, one: Dated) -> bool:
    """Whether nothing grave befell them since, after which an older need is not spoken of."""
    if not person.in_grief:
        return True
    first = person.blows[0].first
    return first is None or one.day >= first


def _how(person: Person, one: Dated) -> str:
    text = person.occasion.language.text
    if person.occasion.day - one.day > NEED_FOR:
        return text("still true?")
    match one.interaction.needs_met:
        case "partly":
            return text("partly met")
        case "no":
            return text("not met")
        case _:
            return ""


def _when(person: Person, one: Dated) -> str:
    """The day; of a need long ago, the year."""
    if person.occasion.day - one.day > NEED_FOR:
        return str(one.day.year)
    return person.occasion.words.on(one.day)


def _situation(person: Person) -> Iterator[Line]:
    situation = person.situation
    if situation is None or not (situation.current_state or situation.desired_outcome):
        return
    former = person.former
    if former is not None and former.sure:
        return  # it was told of the work they have left
    note, origin = age_of_state(person.occasion, situation.as_of)
    yield person.line(
        "prompt",
        capitalised(path(person.occasion.language, situation)),
        "situation",
        "situation",
        visibility=situation.visibility,
        rank=79,
        note=note,
        origin=origin,
    )


def path(language: Language, situation: Situation) -> str:
    """From where they are to where they want to be, as far as is known."""
    text = language.text
    now, wanted = situation.current_state, situation.desired_outcome
    if now and wanted:
        return text("{now} → {wanted}", now=now.rstrip("."), wanted=wanted.rstrip("."))
    if now:
        return text("Now: {now}", now=now.rstrip("."))
    return text("Wanted: {wanted}", wanted=(wanted or "").rstrip("."))


def age_of_state(occasion: Occasion, as_of: PartialDate | None) -> tuple[str, str]:
    """Whether a state must be asked again, as it must past six months, and from when it is."""
    again = occasion.language.text("still true?")
    latest = last_day(as_of) if as_of else None
    first = as_of.first_day() if as_of else None
    if as_of is None or latest is None or first is None or first > occasion.day:
        return again, ""
    old = whole_months(latest, occasion.day) >= _ASK_AGAIN_MONTHS
    return again if old else "", occasion.words.partial(as_of)
