"""What they need, where they are and want to be, what is agreed, and what was left open."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line, Source
from briefgen.brief.occasion import NEED_FOR, Occasion, Person
from briefgen.brief.phrases import reading_languages, says
from briefgen.brief.subject import BLOCKS, SPOKEN
from briefgen.brief.wording import last_day, whole_months
from briefgen.contacts.book import Dated, OrganizationFile
from briefgen.contacts.contact import Situation, Visibility
from briefgen.contacts.dates import PartialDate
from briefgen.workspace.language import Language, capitalised

_ORGANIZATIONS: Final = 3
_FOR_DAYS: Final = 400


def lines(occasion: Occasion) -> Iterator[Line]:
    """What is agreed and what works, for each person; of each organization once."""
    for person in occasion.people[:BLOCKS]:
        yield from _agreed(person)
        yield from _already(person)
    for file in _organizations(occasion):
        yield from _organization(occasion, file)


def _agreed(person: Person) -> Iterator[Line]:
    strained = person.status == "strained"
    for at, note in enumerate(person.contact.agreed):
        agreed = note.text.rstrip(".")
        if person.occasion.edition == "table":
            said = agreed  # under the heading "Agreed", in front of the client
        elif strained and at == 0:
            said = person.text("Begin with what is agreed: {agreed}", agreed=agreed)
        else:
            said = person.text("Agreed: {agreed}", agreed=agreed)
        yield person.line(
            "situation",
            said,
            "agreed",
            "agreed",
            at,
            rank=(84 if strained else 67) - 3 * min(at, 5),
        )


def _already(person: Person) -> Iterator[Line]:
    situation = person.contact.situation
    if situation is None or situation.already_have is None:
        return
    yield person.line(
        "situation",
        person.text("Works already: {what}", what=situation.already_have.rstrip(".")),
        "already-have",
        "situation",
        rank=54,
    )


def _organizations(occasion: Occasion) -> list[OrganizationFile]:
    names = dict.fromkeys(
        person.contact.organization
        for person in occasion.people
        if person.contact.organization and person.firms.former is None
    )
    files = (occasion.book.organization(name) for name in names)
    return [file for file in files if file is not None][:_ORGANIZATIONS]


def _organization(occasion: Occasion, file: OrganizationFile) -> Iterator[Line]:
    organization, text = file.organization, occasion.language.text
    situation = _without_cuts(occasion, organization.situation)
    if situation is not None and (situation.current_state or situation.desired_outcome):
        again, origin = age_of_state(occasion, situation.as_of)
        yield _line(
            file,
            path(occasion.language, situation),
            "situation",
            "situation",
            visibility=situation.visibility,
            rank=63,
            note=again,
            origin=origin,
        )
    for at, note in enumerate(organization.agreed):
        agreed = text("Agreed: {agreed}", agreed=note.text.rstrip("."))
        yield _line(
            file,
            agreed,
            "agreed",
            "agreed",
            at,
            visibility=note.visibility,
            rank=61 - 3 * min(at, 5),
        )
    for at, concern in enumerate(organization.concerns):
        raised = concern.date.first_day() if concern.date else None
        if concern.resolved is None and (raised is None or raised <= occasion.known_until):
            said = text("Complaint, still open: {concern}", concern=concern.text.rstrip("."))
            yield _line(
                file,
                said,
                "concern",
                "concerns",
                at,
                visibility=concern.visibility,
                rank=85,
                origin=occasion.words.partial(concern.date) if concern.date else "",
            )


def _without_cuts(occasion: Occasion, situation: Situation | None) -> Situation | None:
    """The situation of a firm, without what would cost its people their work: they read it too."""
    if situation is None:
        return None
    languages = reading_languages(occasion.vocabulary.language)
    return situation.model_copy(
        update={
            field: None
            for field in ("current_state", "desired_outcome")
            if says("harm", getattr(situation, field) or "", languages)
        }
    )


def _line(
    file: OrganizationFile,
    text: str,
    rule: str,
    *place: str | int,
    visibility: Visibility | None,
    rank: int,
    note: str = "",
    origin: str = "",
) -> Line:
    return Line(
        section="situation",
        text=text,
        rule=rule,
        source=Source(file=file.file, line=file.line(*place)),
        rank=rank,
        label=file.organization.name,
        note=note,
        origin=origin,
        visibility=visibility or "private",
    )


def last_time(occasion: Occasion) -> Iterator[Line]:
    """What the last talk with each of the first three people left to be done."""
    for person in occasion.people[:BLOCKS]:
        last = next((o for o in person.interactions if o.interaction.channel in SPOKEN), None)
        if last is not None and (occasion.day - last.day).days <= _FOR_DAYS:
            yield from _left_to_do(person, last)


def _left_to_do(person: Person, last: Dated) -> Iterator[Line]:
    reflection, text = last.interaction.reflection, person.text
    if reflection is None:
        return
    on = person.words.on(last.day)
    if reflection.needs_answered == "no":
        said = text(
            "On {date} you left without knowing what {name} needs. "
            "Ask it in the first five minutes.",
            date=on,
            name=person.short,
        )
        yield _unanswered(person, last, said)
    elif reflection.help_answered == "no":
        said = text("On {date} you left without knowing how to help. Ask what would help.", date=on)
        yield _unanswered(person, last, said)
    if reflection.adjust is not None:
        yield person.line(
            "reflection",
            text("Your note: {adjust}", adjust=reflection.adjust),
            "adjust",
            "interactions",
            last.at,
            rank=72,
            origin=on,
        )


def _unanswered(person: Person, last: Dated, said: str) -> Line:
    return person.line(
        "reflection", said, "unanswered", "interactions", last.at, rank=88, label="", mark="ask"
    )


_ASK_AGAIN_MONTHS: Final = 6
_LOOKED_AT: Final = 12


def needs(occasion: Occasion) -> Iterator[Line]:
    """For each of the first three people, the last open need, and where they want to be."""
    for person in occasion.people[:BLOCKS]:
        yield from _last_need(person)
        yield from _path_of(person)


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
    """Whether nothing grave has happened since, after which an older need is not mentioned."""
    if not person.in_grief:
        return True
    first = person.blows[0].first
    return first is None or one.day >= first


def _how(person: Person, one: Dated) -> str:
    text = person.text
    if person.day - one.day > NEED_FOR:
        return text("still true?")
    match one.interaction.needs_met:
        case "partly":
            return text("partly met")
        case "no":
            return text("not met")
        case _:
            return ""


def _when(person: Person, one: Dated) -> str:
    """The day; for a need long ago, the year."""
    if person.day - one.day > NEED_FOR:
        return str(one.day.year)
    return person.words.on(one.day)


def _path_of(person: Person) -> Iterator[Line]:
    situation = person.situation
    if not (situation.current_state or situation.desired_outcome):
        return
    former = person.firms.former
    if former is not None and former.sure:
        return  # it was about work they have left
    note, origin = age_of_state(person.occasion, situation.as_of)
    yield person.line(
        "prompt",
        capitalised(path(person.occasion.language, situation)),
        "situation",
        "situation",
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
    """Whether a state must be confirmed, as after six months, and from when it is."""
    again = occasion.language.text("still true?")
    latest = last_day(as_of) if as_of else None
    first = as_of.first_day() if as_of else None
    if as_of is None or latest is None or first is None or first > occasion.day:
        return again, ""
    old = whole_months(latest, occasion.day) >= _ASK_AGAIN_MONTHS
    return again if old else "", occasion.words.partial(as_of)
