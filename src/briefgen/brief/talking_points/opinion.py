"""Ask their opinion: on an agenda item that is within their interest or their title."""

from collections.abc import Iterator

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person


def lines(person: Person) -> Iterator[Line]:
    """One line: the first agenda item that touches an interest or the title, or the first."""
    occasion = person.occasion
    if not occasion.agenda or person.status in {"strained", "lapsed"}:
        return
    text, title, given = occasion.language.text, person.contact.title, person.contact.interests
    touched = occasion.topics.touched_by([title or "", *[one.text for one in given]])
    of_title = touched.pop(0, frozenset())
    for item, topics in zip(occasion.agenda, occasion.topics.of_each[1:], strict=True):
        for place, of_interest in touched.items():
            if of_interest.isdisjoint(topics):
                continue
            interest = given[place - 1]
            yield person.line(
                "say",
                _asked(person, item),
                "opinion",
                "interests",
                place - 1,
                visibility=interest.visibility,
                rank=62,
                label="",
                note=text("interest: {interest}", interest=interest.text),
                mark="ask",
            )
            return
        if title and not of_title.isdisjoint(topics):
            yield _as_title(person, item, title, rank=58)
            return
    if title and person is occasion.people[0]:
        yield _as_title(person, occasion.agenda[0], title, rank=38)


def _as_title(person: Person, item: str, title: str, *, rank: int) -> Line:
    return person.line(
        "say", _asked(person, item), "opinion", "title", rank=rank, label="", note=title, mark="ask"
    )


def _asked(person: Person, item: str) -> str:
    return person.occasion.language.text(
        "Ask what {name} thinks: {item}.", name=person.short, item=item.rstrip(".?! ")
    )
