"""Something thoughtful to bring, which fits what they care about and was not shared yet."""

from collections.abc import Iterator

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.words import share_words
from briefgen.contacts.contact import ToShare, Visibility


def lines(person: Person) -> Iterator[Line]:
    """A line for each thing on file that was not shared yet; what fits an interest first."""
    for at, thing in enumerate(person.contact.to_share):
        if thing.shared is None:
            yield _line(person, at, thing)


def _line(person: Person, at: int, thing: ToShare) -> Line:
    interest, visibility = _interest(person, thing)
    return person.line(
        "say",
        _said(person, thing),
        "to-share",
        "to_share",
        at,
        visibility=visibility,
        rank=69 if person.status == "strained" else 66 if interest else 55,
        origin=interest,
        mark="shared",
    )


def _said(person: Person, thing: ToShare) -> str:
    text, what = person.occasion.language.text, thing.text.rstrip(".")
    if person.status == "strained":
        return text("Offer, with no strings: {thing}", thing=what)
    return text("Bring: {thing}", thing=what)


def _interest(person: Person, thing: ToShare) -> tuple[str, Visibility | None]:
    """The interest a thing fits, and who may see a line that names both."""
    language = person.occasion.vocabulary.language
    for interest in person.contact.interests:
        if thing.fits and share_words(thing.fits, interest.text, language):
            if interest.visibility in {"print", thing.visibility}:
                return interest.text, thing.visibility
            if interest.visibility == "never":
                return "", thing.visibility
            return interest.text, None if thing.visibility == "print" else thing.visibility
    return thing.fits or "", thing.visibility
