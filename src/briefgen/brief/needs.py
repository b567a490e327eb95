"""Beneath the first question: what they needed last time, and where they want to be."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import BLOCKS, Occasion, Person
from briefgen.brief.wording import last_day, whole_months
from briefgen.contacts.contact import Situation
from briefgen.contacts.dates import PartialDate

_NEED_DAYS: Final = 400
_ASK_AGAIN_MONTHS: Final = 6


def lines(occasion: Occasion) -> Iterator[Line]:
    """For each of the first three people what is known of their needs."""
    for person in occasion.people[:BLOCKS]:
        yield from _last_need(person)
        yield from _situation(person)


def _last_need(person: Person) -> Iterator[Line]:
    occasion = person.occasion
    for one in person.interactions:
        if (occasion.day - one.day).days > _NEED_DAYS:
            return
        if one.interaction.needs is None:
            continue
        text, met = occasion.language.text, one.interaction.needs_met
        match met:
            case "yes":
                how = text("met")
            case "partly":
                how = text("partly met")
            case "no":
                how = text("not met yet")
            case None:
                how = text("not noted whether met")
        yield person.line(
            "prompt",
            text("Last time: {needs}", needs=one.interaction.needs.rstrip(".")),
            "needs",
            "interactions",
            one.at,
            rank=80 if met == "yes" else 91,
            note=text("{how}; {date}", how=how, date=occasion.words.on(one.day)),
            mark=None if met == "yes" else "open",
        )
        return


def _situation(person: Person) -> Iterator[Line]:
    situation = person.contact.situation
    if situation is None or not (situation.current_state or situation.desired_outcome):
        return
    yield person.line(
        "prompt",
        path(person.occasion, situation),
        "situation",
        "situation",
        visibility=situation.visibility,
        rank=79,
        note=age_of_state(person.occasion, situation.as_of),
    )


def path(occasion: Occasion, situation: Situation) -> str:
    """From where they are to where they want to be, as far as is known."""
    text = occasion.language.text
    now, wanted = situation.current_state, situation.desired_outcome
    if now and wanted:
        return text("{now} → {wanted}", now=now.rstrip("."), wanted=wanted.rstrip("."))
    if now:
        return text("Now: {now}", now=now.rstrip("."))
    return text("Wanted: {wanted}", wanted=(wanted or "").rstrip("."))


def age_of_state(occasion: Occasion, as_of: PartialDate | None) -> str:
    """From when a state is; past six months it has to be asked again."""
    text = occasion.language.text
    latest = last_day(as_of) if as_of else None
    if as_of is None or latest is None:
        return text("undated: ask again")
    first = as_of.first_day()
    if first is not None and first > occasion.day:
        return text("undated: ask again")
    since = occasion.words.partial(as_of)
    again = whole_months(latest, occasion.day) >= _ASK_AGAIN_MONTHS
    if as_of.day is None:
        if again:
            return text("from {month}: ask again", month=since)
        return text("from {month}", month=since)
    if again:
        return text("from {date}: ask again", date=since)
    return text("from {date}", date=since)
