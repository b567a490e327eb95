"""History: what happened, according to the notes; chosen, not just the newest.

An event that several participants share is one line, with who was there. Appointments without a
note are a number beneath the name, never lines.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.company import without, without_verdicts
from briefgen.brief.events import mentions_grief
from briefgen.brief.occasion import FRESH, Occasion, Person
from briefgen.brief.phrases import PhraseKind, flat, says_where
from briefgen.brief.subject import BLOCKS
from briefgen.brief.wording import capitalised, last_day
from briefgen.brief.words import sentences_of, topic_words, weights, words_of
from briefgen.contacts.book import Dated
from briefgen.contacts.contact import Interaction, Visibility
from briefgen.workspace.value import Value

_LATEST: Final = 2
_SHORT_SENTENCE: Final = 6
_ITS_OWN_MATTER: Final = 2
"""With so many words before its phrase a sentence says itself what is not to be spoken of."""
_SETTLING: Final[tuple[PhraseKind, ...]] = ("apologised", "settled")
_EACH: Final = 4
_EACH_OF_SEVERAL: Final = 2
_MOST: Final = 18
"""A few more than fit on the page, in case some of them must be hidden."""


class _Entry(Value, frozen=True, kw_only=True):
    person: Person
    dated: Dated
    rank: int
    rule: str
    others: tuple[Person, ...] = ()


def lines(occasion: Occasion) -> Iterator[Line]:
    """What happened, the newest first, each event once."""
    found: list[_Entry] = []
    for place, person in enumerate(occasion.people):
        if person.in_grief:
            found += _last_said(person)
        elif place < BLOCKS:
            found += _chosen(person)
        else:
            found += _last_only(person)
    found = [one for one in found if _says_something(one.person, one.dated)]
    best = sorted(_merged(found), key=lambda one: -one.rank)[:_MOST]
    best.sort(key=lambda one: one.dated.day, reverse=True)
    return (_line(one) for one in best)


def _says_something(person: Person, one: Dated) -> bool:
    """Whether anything in the note may still be printed."""
    return bool(_summary(person, one) or words_said(person, one))


def words_said(person: Person, one: Dated) -> str:
    """Their words; harsh ones only for a while, and not once they are in good spirits."""
    words, tone = one.interaction.words or "", person.occasion.vocabulary.tone
    if words and person.is_of_a_former_name(one.day):
        return ""
    is_over = person.day - one.day > FRESH or any(
        tone(later.interaction.signals) == "high" for later in person.felt if later.day > one.day
    )
    harsh = tone(one.interaction.signals) == "low" or person.says(
        "harsh", f"{words} {one.interaction.summary or ''}"
    )
    return "" if is_over and harsh else words


def _summary(person: Person, one: Dated) -> str:
    """What was noted and is still true, without what must not be mentioned.

    After some months, quarrels and losses are left out.
    """
    languages = person.languages
    summary = without_verdicts(one.interaction.summary or "", languages)
    told = person.in_grief or person.says("harsh", person.relationship.reason or "")
    is_old = person.day - one.day > FRESH
    if is_old and _is_of_a_bad_time_that_is_over(person, one):
        return ""
    if is_old and mentions_grief(person.contact.interactions[one.at].summary or "", languages):
        return ""
    summary = person.later_notes.without(summary, one.day)
    if is_old or told:
        kept = (part for part in sentences_of(summary) if not person.says("harsh", part))
        summary = " ".join(kept)

    if person.is_of_an_old_blow(one.day) or _is_not_to_be_raised(person, summary):
        return ""

    gone: list[str] = []

    def is_out(sentence: str) -> bool:
        if person.is_of_before(sentence, one.day):
            gone.append(sentence)
            return True
        if gone and person.speaks_of_another(sentence):
            return True  # `She did most of the talking`, after her name
        if person.not_asked.was_brought_up(sentence, one.day):
            return True
        if person.says_any(("rumour", "left_alone"), sentence):
            return True
        return person.is_unfit_to_read(sentence)

    return without(summary, is_out, languages)


def _is_not_to_be_raised(person: Person, summary: str) -> bool:
    """Whether a sentence says not to speak of what the others tell: `He won't talk about it`."""
    return any(
        len(topic_words(flat(sentence).partition(said)[0])) < _ITS_OWN_MATTER
        for sentence in sentences_of(summary)
        if (said := says_where("left_alone", sentence, person.languages))
        and (person.says("pointing", sentence) or len(words_of(sentence)) <= _SHORT_SENTENCE)
    )


def _is_of_a_bad_time_that_is_over(person: Person, one: Dated) -> bool:
    """Whether a note of months ago is about a bad mood that has passed, or how it was settled."""
    vocabulary, apologies = person.occasion.vocabulary, person.apologies
    if not person.felt or vocabulary.tone(person.felt[0].interaction.signals) != "high":
        return False
    noted = person.contact.interactions[one.at]
    if vocabulary.tone(noted.signals) == "low":
        return True
    settled = one.day in {each.on for each in apologies.settled}
    return settled and person.says_any(_SETTLING, noted.summary or "")


def _last_only(person: Person) -> Iterator[_Entry]:
    for dated in person.interactions.latest(1):
        yield _Entry(person=person, dated=dated, rank=57, rule="last")


def _last_said(person: Person) -> Iterator[_Entry]:
    """Of someone in grief, only what they said last, or what happened since.

    Nobody is reminded of earlier anger.
    """
    since = person.blows[0].first or date.min
    vocabulary = person.occasion.vocabulary
    said = (
        one
        for one in person.interactions.latest(_EACH)
        if _says_something(person, one)
        and (one.day >= since or one.interaction.words)
        and (one.day >= since or vocabulary.tone(one.interaction.signals) != "low")
        and not person.silenced_by(f"{one.interaction.words} {one.interaction.summary}", one.day)
    )
    for dated in islice(said, 1):
        rule = "last-said" if dated.interaction.words else "last"
        yield _Entry(person=person, dated=dated, rank=86, rule=rule)


def _chosen(person: Person) -> Iterator[_Entry]:
    """The last two, then open threads, then what touches the agenda, then a few more."""
    taken: set[int] = set()

    def entries(found: Iterable[Dated], rule: str, rank: int, step: int) -> Iterator[_Entry]:
        for place, one in enumerate(found):
            taken.add(one.at)
            yield _Entry(person=person, dated=one, rank=rank - step * place, rule=rule)

    yield from entries(person.interactions.latest(_LATEST), "last", 86, 8)
    alone = len(person.occasion.people) == 1
    most = _EACH if alone else _EACH_OF_SEVERAL
    yield from entries(_open_threads(person, taken)[:most], "open", 62, 1)
    yield from entries(_touching(person, taken)[:most], "agenda", 58, 1)
    rest = (one for one in person.interactions if one.at not in taken)
    yield from entries(list(islice(rest, most)), "earlier", 34, 2)


def _open_threads(person: Person, taken: Collection[int]) -> list[Dated]:
    """Interactions whose need was not met, or with a promise not kept."""
    waiting = {promise.made for promise in person.contact.promises if promise.is_open}

    def is_open(one: Dated) -> bool:
        noted = one.interaction
        unmet = noted.needs is not None and noted.needs_met in {"no", "partly"}
        return one.at not in taken and (unmet or one.day in waiting)

    found = filter(is_open, person.interactions.those(is_open, person.depth))
    return list(islice(found, _EACH))


def _touching(person: Person, taken: Collection[int]) -> list[Dated]:
    """Interactions that share words with the agenda, those with the rarest words first."""
    topics, interactions = person.occasion.topics, person.interactions
    noted = interactions.noted(person.depth)
    near = {noted[place].at for place in topics.touched_by(_summaries(noted))}
    looked_at = list(interactions.those(lambda one: one.at in near, person.depth))
    touches = topics.touched_by(_summaries(looked_at))
    worth = weights(touches.values())
    scored = [
        (sum([worth[topic] for topic in found]), looked_at[place])
        for place, found in touches.items()
        if looked_at[place].at not in taken
    ]
    scored.sort(key=itemgetter(0), reverse=True)  # of equals, the newest
    return [one for _, one in scored[:_EACH]]


def _summaries(interactions: Iterable[Dated]) -> list[str]:
    return [one.interaction.summary or "" for one in interactions]


def _merged(entries: Sequence[_Entry]) -> Iterator[_Entry]:
    """Events that several participants share, once, with all of them."""
    kept: dict[object, _Entry] = {}
    for entry in entries:
        key = _event(entry.dated.interaction, entry)
        before = kept.get(key)
        if before is None:
            kept[key] = entry
        elif before.person is not entry.person:
            best = before if before.rank >= entry.rank else entry
            kept[key] = before.replace(
                rank=best.rank,
                rule=best.rule,
                others=(*before.others, entry.person),
            )
    yield from kept.values()


def _event(interaction: Interaction, entry: _Entry) -> object:
    if interaction.meeting is not None:
        return interaction.date, interaction.meeting.uid
    if interaction.summary:
        return interaction.date, interaction.channel, interaction.summary.casefold()
    return entry.person.file.stem, entry.dated.at


def _line(entry: _Entry) -> Line:
    person, one = entry.person, entry.dated.interaction
    words = person.words
    full = person.occasion.edition == "full"
    return person.line(
        "history",
        _said(person, entry.dated, words_first=entry.rule == "last-said"),
        f"history-{entry.rule}",
        "interactions",
        entry.dated.at,
        visibility=_visibility(entry),
        rank=entry.rank,
        label=words.on(one.date),
        channel=words.channel(one.channel),
        note=words.series([*_then_at(entry), _with_whom(entry)]) if full else "",
    )


def _visibility(entry: _Entry) -> Visibility | None:
    """Who may see it: an event hidden in one of several files is hidden.

    Without a summary only their words are left, which are private.
    """
    one = entry.dated.interaction
    if any(one.date in other.file.days_never_told for other in entry.others):
        return "never"
    return one.visibility if one.summary else None


def _then_at(entry: _Entry) -> Iterator[str]:
    """Where someone who has since left worked at the time."""
    for firm in entry.person.firms.left:
        if firm.until is not None and (until := last_day(firm.until)) and entry.dated.day <= until:
            text = entry.person.text
            yield text("then at {organization}", organization=firm.organization)
            return


def _said(person: Person, dated: Dated, *, words_first: bool) -> str:
    words, quoted = words_said(person, dated), ""
    if words:
        quoted = person.text("“{words}”", words=words.strip("\"'“”"))
    if words_first and quoted:
        return quoted
    return capitalised(_summary(person, dated)) or quoted


def _with_whom(entry: _Entry) -> str:
    """Whom it was with, if several people are met, and which colleague noted it."""
    occasion, author, said = entry.person.occasion, entry.dated.interaction.author, []
    if not occasion.alone:
        names = [entry.person.short, *(other.short for other in entry.others)]
        said.append(occasion.language.text("with {names}", names=occasion.language.people(names)))
    if author:
        said.append(occasion.language.text("noted by {name}", name=author))
    return occasion.language.joined(said) if said else ""
