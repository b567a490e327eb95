"""Their life: birthdays, good news, questions, what probably followed, and sad anniversaries."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.company import names_in, without_verdicts
from briefgen.brief.events import Event, minds_birthday
from briefgen.brief.interactions import answers
from briefgen.brief.occasion import Person
from briefgen.brief.relations import relations_in
from briefgen.brief.word_families import mentions_in
from briefgen.contacts.dates import PartialDate
from briefgen.workspace.language import capitalised

_BIRTHDAY_AHEAD: Final = 21
_BIRTHDAY_PAST: Final = 10
NEAR_BIRTHDAY: Final = 82
"""The rank of one that is today, tomorrow or was yesterday."""


def birthdays(person: Person) -> Iterator[Line]:
    """At most one line, by the contact's local day; an adult's age is nobody's business."""
    birthday = person.contact.birthday
    if birthday is None or birthday.month is None:
        return
    if minds_birthday(person.contact, person.languages):
        return
    today = person.local_day()
    if not birthday.can_be_birthday(today):
        return  # a typing error
    if birthday.day is None:
        if birthday.month == today.month:
            said = person.text("Birthday this month (the day is not on file)")
            yield person.line("say", said, "birthday", "birthday", rank=60)
        return
    when = nearest(birthday, today)
    if when is None or not -_BIRTHDAY_PAST <= (when - today).days <= _BIRTHDAY_AHEAD:
        return
    yield person.line(
        "say",
        _birthday_in_words(person, when, (when - today).days),
        "birthday",
        "birthday",
        rank=NEAR_BIRTHDAY - abs((when - today).days) // 2,
    )


def nearest(birthday: PartialDate, today: date) -> date | None:
    """The anniversary nearest to `today`; None if the day is not known."""
    years = (today.year - 1, today.year, today.year + 1)
    whens = (birthday.in_year(year) for year in years if 1 <= year <= date.max.year)
    known = (when for when in whens if when is not None)
    return min(known, key=lambda when: (abs((when - today).days), when), default=None)


def _birthday_in_words(person: Person, when: date, days: int) -> str:
    language = person.occasion.language
    match days:
        case 0:
            return language.text("Birthday today: congratulate")
        case 1:
            return language.text("Birthday tomorrow")
        case -1:
            return language.text("Birthday yesterday: belated wishes")
        case _ if days < 0:
            day = language.day_and_month(when)
            return language.text("Birthday on {day}: belated wishes", day=day)
        case _:
            return language.text(
                "Birthday: {weekday} {day}",
                weekday=language.weekday(when),
                day=language.day_and_month(when),
            )


_AHEAD_DAYS: Final = 45
_AFTER_DAYS: Final = 182
"""How long before and after its due day a follow-up is worth asking about."""
_FRESH_DAYS: Final = 200
"""How long an event itself is worth asking about."""
_NEAR_A_BLOW: Final = 120
"""An event this close to a hard one may belong to it, and is not asked about."""
_NEWS_DAYS: Final = 30
"""How long to congratulate on good news even if you have talked since."""
_CONFIDENCE_FOR: Final = 730
_DATE_AHEAD: Final = 10
_DATE_PAST: Final = 4
_CAREFUL: Final = 7
_LOOKED_AT: Final = 24
_SAME: Final = 3
"""How many stems two notes on the same news have in common."""
_ROUND: Final = 5
_FIRST_YEARS: Final = frozenset({1, 2, 3})
_LOSSES: Final = frozenset({"death", "child_loss", "accident"})


def lines(person: Person) -> Iterator[Line]:
    """What each life event gives you to say or ask."""
    for event in person.events:
        match event.kind.kind:
            case "hard":
                yield from _hard_anniversary(person, event)
            case "confidential":
                yield from _confidence(person, event)
            case _:
                yield from _of_life(person, event)
                yield from _date(person, event)


def _of_life(person: Person, event: Event) -> Iterator[Line]:
    if event.first is None or event.first > person.occasion.known_until:
        return
    if event.event.expect is not None:
        yield from _sequel(person, event)
    elif not _may_belong_to_a_blow(person, event):
        yield from _fresh(person, event)


def _may_belong_to_a_blow(person: Person, event: Event) -> bool:
    """Whether a hard event, or a separation in a note, is so close that this may be part of it."""
    if event.kind.kind == "good" or event.first is None:
        return False
    if mentions_in(event.event.note, person.languages, among=("identity",)):
        return True  # their present name is on the page, and nobody asks
    days = [one.first for one in person.events if one.is_hard and one.first]
    told = (*person.silences, *person.silences_in_notes)
    days += [one.since for one in told if one.since]
    return any(abs((event.first - day).days) <= _NEAR_A_BLOW for day in days)


def _sequel(person: Person, event: Event) -> Iterator[Line]:
    expect, then = event.event.expect, event.event.date
    assert expect is not None  # noqa: S101  # only such events come here
    assert then is not None  # noqa: S101
    assert event.first is not None  # noqa: S101
    first = expect.after.after(event.first)
    last = expect.after.after(event.last or event.first)
    if (first - person.day).days > _AHEAD_DAYS or (person.day - last).days > _AFTER_DAYS:
        return
    language = person.language
    if any(
        one.day > event.first and answers(one.interaction.summary or "", expect.note, language)
        for one in person.interactions_on_file[:_LOOKED_AT]
    ):
        return  # it has happened
    said = person.text("About now: {what}?", what=expect.note.rstrip(".!? "))
    yield person.line(
        "say",
        said,
        "life-event",
        "life_events",
        event.at,
        rank=79,
        note=event.event.note.rstrip("."),
        origin=person.words.partial(then),
        mark="ask",
    )


def _fresh(person: Person, event: Event) -> Iterator[Line]:
    then = event.event.date
    assert event.first is not None  # noqa: S101  # only such events come here
    age = (person.day - event.first).days
    if age > _FRESH_DAYS or then is None:
        return
    if person.says("harsh", event.event.note):
        return  # nobody asks about a quarrel
    if person.care.is_to_mind(event.event.note) or _another_says_it(person, event):
        return
    note = without_verdicts(event.event.note, person.languages).rstrip(".")
    if not note:
        return
    good = event.kind.kind == "good" and event.kind.family != "recovery"
    if good and age > _NEWS_DAYS and _was_met_since(person, event):
        return
    is_news = event.kind.family != "recovery" or not _was_met_since(person, event)
    if not good and (not is_news or _was_told(person, event)):
        return
    said = (
        person.text("Congratulate: {what}", what=note)
        if good
        else person.text("Ask about: {what}", what=note)
    )
    yield person.line(
        "say",
        said,
        "good-news" if good else "life-event",
        "life_events",
        event.at,
        rank=(78 if good else 74) - age // 25,
        origin=person.words.partial(then),
        mark="ask",
    )


def _was_met_since(person: Person, event: Event) -> bool:
    """Whether you have talked since, so that they were congratulated then, or never will be."""
    talk = person.last_talk
    return talk is not None and event.last is not None and talk.day > event.last


def _was_told(person: Person, event: Event) -> bool:
    """Whether a note of a talk since names the same person, or shares two words."""
    talk = person.last_talk
    words, note = person.content_stems(event.event.note), event.event.note
    names = frozenset().union(*(person.content_stems(one) for one in names_in(note[1:])))
    for one in person.interactions_on_file[:_LOOKED_AT]:
        if talk is None or event.first is None or one.day < event.first:
            return False
        shared = words & person.content_stems(one.interaction.summary or "")
        if one.day <= talk.day and (shared & names or len(shared) >= _SAME):
            return True
    return False


def _another_says_it(person: Person, event: Event) -> bool:
    """Whether an earlier participant's file has the same event of a child, which is said once."""
    names = _names_in(person, event)
    return any(
        one.first == event.first and names & _names_in(other, one)
        for other in person.occasion.people[: person.place]
        for one in other.events
    )


def _names_in(person: Person, event: Event) -> frozenset[str]:
    found = relations_in(event.event.note, person.languages)
    return frozenset(name for one in found for name in one.names)


def _date(person: Person, event: Event) -> Iterator[Line]:
    """An anniversary that is near: of good events every year, of others only round ones."""
    found = _nearest(person, event, _DATE_AHEAD, _DATE_PAST)
    if found is None:
        return
    when, years = found
    is_good = event.kind.kind == "good"
    if years == 0 and not (is_good and when > person.occasion.known_until):
        return  # a recent event is news, not an anniversary
    if not is_good and (years is None or years % _ROUND):
        return
    language = person.occasion.language
    note = language.plural("{count} year ago", "{count} years ago", years) if years else ""
    yield person.line(
        "say",
        language.text(
            "{day}: {what}", day=language.day_and_month(when), what=event.event.note.rstrip(".")
        ),
        "date",
        "life_events",
        event.at,
        rank=70 - abs((when - person.local_day()).days),
        note=note,
    )


def _nearest(person: Person, event: Event, ahead: int, past: int) -> tuple[date, int | None] | None:
    """The anniversary that is near, and how many years it is then."""
    then, today = event.event.date, person.local_day()
    when = nearest(then, today) if then is not None else None
    if then is None or when is None:
        return None
    years = when.year - then.year if then.year else None
    if not -past <= (when - today).days <= ahead or (years is not None and years < 0):
        return None
    return when, years


def _hard_anniversary(person: Person, event: Event) -> Iterator[Line]:
    if event.kind.family not in _LOSSES or event in person.blows or event.hidden:
        return
    if event.of_a_pet:
        return
    found = _nearest(person, event, _CAREFUL, _CAREFUL)
    when, years = found or (None, None)
    if when is None or not years or (years not in _FIRST_YEARS and years % _ROUND):
        return
    language, words = person.occasion.language, person.words
    what, name = event.event.note.rstrip("."), person.short
    if when == person.local_day():
        said = language.text(
            "{age} ago today: {what}. Be gentle; leave it to {name}.",
            age=words.years(years), what=what, name=name,
        )  # fmt: skip
    else:
        said = language.text(
            "{day}, {age} ago: {what}. Be gentle; leave it to {name}.",
            day=language.day_and_month(when), age=words.years(years), what=what, name=name,
        )  # fmt: skip
    yield person.line(
        "say",
        capitalised(said),
        "hard-anniversary",
        "life_events",
        event.at,
        rank=90,
        label="",
        mark="warning",
    )


def _confidence(person: Person, event: Event) -> Iterator[Line]:
    """That something happened, but never what."""
    then, occasion = event.event.date, person.occasion
    since = event.days_since(occasion.day)
    if event.hidden or (event.kind.family == "identity" and not event.kind.given):
        return  # it is their name now, and needs no mention
    if _was_lost(person, event):
        return
    if since is not None and not 0 <= since <= _CONFIDENCE_FOR:
        return
    text = occasion.language.text
    when = occasion.words.month_of(then) if then else ""
    if when:
        said = text(
            "Something told in confidence ({month}): wait for them to speak of it", month=when
        )
    else:
        said = text("Something told in confidence: wait for them to speak of it")
    yield person.line(
        "say",
        said,
        "confidence",
        "life_events",
        event.at,
        rank=71,
        note=event.event.note if occasion.in_confidence else "",
    )


def _was_lost(person: Person, event: Event) -> bool:
    """Whether it is a pregnancy that ended with the loss of the child."""

    def tells(one: Event, family: str) -> bool:
        return bool(mentions_in(one.event.note, person.languages, among=(family,)))

    return tells(event, "pregnancy") and any(
        tells(one, "child_loss") and (one.first or date.min) >= (event.first or date.min)
        for one in person.events
        if one is not event
    )
