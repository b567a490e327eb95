"""What the file lists to say: the user's points, things to share, what was tried or parked."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.phrases import not_to_be_asked
from briefgen.brief.wording import last_day
from briefgen.brief.words import fold
from briefgen.contacts.contact import Approach, ToShare, Visibility
from briefgen.workspace.language import capitalised

_STALE_AFTER: Final = timedelta(days=365)
_APPROACHES: Final = 2
"""The most lines on what went badly, and on what went well."""


def written(person: Person) -> Iterator[Line]:
    """The user's own points within their dates, except those used the last time."""
    day, last = person.day, person.last.day if person.last else None
    for at, point in enumerate(person.contact.talking_points):
        early = point.from_ is not None and day < point.from_
        late = point.until is not None and day > point.until
        old = point.from_ and not point.until and day - point.from_ > _STALE_AFTER
        if early or late or (old and not person.occasion.topics.touched_by([point.text])):
            continue
        used = [when for when in point.used if when <= day]
        if used and (last is None or max(used) >= last):
            continue
        yield person.line(
            "say",
            capitalised(point.text),
            "written",
            "talking_points",
            at,
            mark="not-today" if not_to_be_asked(point.text, person.languages) else None,
            rank=(78 if point.from_ or point.until else 73) - (15 if used else 0),
        )


def to_share(person: Person) -> Iterator[Line]:
    """Each thing on file not shared yet; those that fit an interest first."""
    text, strained = person.text, person.status == "strained"
    for at, thing in enumerate(person.contact.to_share):
        if thing.shared is not None:
            continue
        interest, visibility = _interest(person, thing)
        what = thing.text.rstrip(".")
        yield person.line(
            "say",
            text("Offer, with no strings: {thing}", thing=what)
            if strained
            else text("Bring: {thing}", thing=what),
            "to-share",
            "to_share",
            at,
            visibility=visibility or "private",
            rank=69 if strained else 66 if interest else 55,
            origin=interest,
            mark="shared",
        )


def _interest(person: Person, thing: ToShare) -> tuple[str, Visibility | None]:
    """The interest that a thing fits, and who may see a line that names both."""
    for interest in person.contact.interests:
        if thing.fits and person.share_words(thing.fits, interest.text):
            if interest.visibility in {"print", thing.visibility}:
                return interest.text, thing.visibility
            if interest.visibility == "never":
                return "", thing.visibility
            return interest.text, None if thing.visibility == "print" else thing.visibility
    return thing.fits or "", thing.visibility


def approaches(person: Person) -> Iterator[Line]:
    """The last thing tried with them that landed badly, and the last that landed well."""
    text, vocabulary = person.text, person.occasion.vocabulary
    shown = {"badly": 0, "well": 0, "": 0}
    tried = sorted(enumerate(person.contact.approaches), key=lambda one: _day(one[1]), reverse=True)
    for at, approach in tried:
        if approach.date is not None and _day(approach) > str(person.occasion.known_until):
            continue
        said = " ".join(fold(approach.landed or "").split()).rstrip(".!")
        landed = "badly" if said in vocabulary.badly else "well" if said in vocabulary.well else ""
        since = approach.date.first_day() if approach.date else None
        is_over = landed == "badly" and person.not_asked.was_brought_up(approach.tried, since)
        if approach.landed is None or shown[landed] >= _APPROACHES or is_over:
            continue
        shown[landed] += 1
        what = approach.tried.rstrip(".")
        said, rank = {
            "badly": (text("Landed badly: {tried}", tried=what), 71),
            "well": (text("Went well: {tried}", tried=what), 58),
            "": (text("Tried: {tried} ({landed})", tried=what, landed=approach.landed), 48),
        }[landed]
        yield person.line(
            "say",
            said,
            "approach",
            "approaches",
            at,
            rank=rank,
            mark="not-today" if landed == "badly" else None,
            origin=person.words.partial(approach.date) if approach.date else "",
        )


def _day(approach: Approach) -> str:
    first = approach.date.first_day() if approach.date else None
    return str(first or "")


def parked(person: Person) -> Iterator[Line]:
    """Each disagreement that was put aside, once there is a success to build on."""
    if not person.contact.parked or not _ended_in_success(person):
        return
    for at, matter in enumerate(person.contact.parked):
        yield person.line(
            "say",
            person.text("Could be raised again: {matter}", matter=matter.text.rstrip(".")),
            "parked",
            "parked",
            at,
            rank=52,
            origin=person.text("put aside"),
        )


def _ended_in_success(person: Person) -> bool:
    """Whether the last talk was a success, and nothing has gone wrong since."""
    last, since = person.last_talk, person.relationship.since
    if last is None:
        return False
    met = last.interaction.needs_met
    tone = person.occasion.vocabulary.tone(last.interaction.signals)
    good = (met == "yes" and tone != "low") or (tone == "high" and met in {"yes", None})
    if person.status != "strained":
        return good
    strained = last_day(since) if since else date.max
    return good and (strained is None or last.day > strained)
