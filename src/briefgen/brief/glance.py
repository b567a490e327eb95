"""The glance: the stance, one lead sentence, and at most three short lines at the top of a brief.

It is chosen from the lines that may be printed, and its lines are not repeated below. Over 400
lines, because its labels compete for the same lines.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from briefgen.brief.brief import (
    Glance,
    GlanceLabel,
    GlanceLine,
    Line,
)
from briefgen.brief.company import without_verdicts
from briefgen.brief.grief import asks_for_a_word, blow_line, leads, what_to_do
from briefgen.brief.interactions import answers
from briefgen.brief.occasion import Occasion, Person
from briefgen.brief.phrases import not_to_be_asked, says_where
from briefgen.brief.promises import apologies_promised
from briefgen.brief.sections import named
from briefgen.brief.situation import left_unsure
from briefgen.brief.stance import care_order, fresh_signal, stance_on_top
from briefgen.brief.talking_points.life_events import NEAR_BIRTHDAY
from briefgen.brief.words import fold, share_words
from briefgen.contacts.book import Dated
from briefgen.workspace.language import capitalised
from briefgen.workspace.value import Value

MOST_LABELS: Final = 3
_MOST_TO_BRING: Final = 2
_MOST_NOT_TODAY: Final = 2
_BEFORE_A_NOTE: Final = timedelta(days=14)
"""How long before the date of a note its news may have been discussed already."""
_OUTCOME_FOR_DAYS: Final = 365
_LONGEST_INVITATION: Final = 160
_QUIET: Final = frozenset({"hard-event", "hard-anniversary", "unanswered"})
"""Leads that would hurt a client who reads them upside down across the table."""
Kept = Callable[[list[Line]], tuple[Line, ...]]


class Choice(Value, frozen=True, kw_only=True):
    """A glance, and the lines it has taken, which the page does not repeat."""

    glance: Glance
    taken: frozenset[Line]


def choose_glance(occasion: Occasion, lines: Sequence[Line], kept: Kept) -> Choice:
    """The glance of a full brief, chosen from `lines`; what it adds must pass `kept`."""
    if occasion.edition == "table":
        return Choice(glance=Glance(), taken=frozenset())
    picker = _Picker(occasion, lines, kept)
    lead = picker.lead()
    finders: tuple[tuple[GlanceLabel, Callable[[], Iterator[Line]]], ...] = (
        ("first", picker.first),
        ("bring", picker.bring),
        ("ask", picker.ask),
        ("not-today", picker.not_today),
    )
    labels = [
        GlanceLine(label=label, lines=found) for label, find in finders if (found := tuple(find()))
    ]
    if len(labels) < MOST_LABELS and (then := tuple(picker.then())):
        labels.append(GlanceLine(label="then", lines=then))
    labels.sort(key=lambda one: _ORDER.index(one.label))
    return Choice(
        glance=Glance(
            stance=stance_on_top(occasion, picker.care, lines),
            lead=lead,
            quiet=lead is not None and lead.rule in _QUIET,
            lines=tuple(picker.most_worth(labels)),
        ),
        taken=frozenset(picker.taken),
    )


_ORDER: Final[tuple[GlanceLabel, ...]] = ("first", "bring", "ask", "then", "not-today")


class _Picker:
    """Picks the lines for the top of the page, and words them for the glance."""

    def __init__(self, occasion: Occasion, lines: Sequence[Line], kept: Kept) -> None:
        self._occasion = occasion
        self._lines = lines
        self._kept = kept
        self._by_key = {person.key: person for person in occasion.people}
        self.care = sorted(occasion.people, key=care_order)
        self._sources: dict[Line, Line] = {}
        self.taken: set[Line] = set()

    # The lead

    def lead(self) -> Line | None:
        """The most important thing about the meeting."""
        finders = (
            self._blows,
            partial(self._first_of, "hard-anniversary"),
            partial(self._first_of, "aim"),
            self._needs,
            partial(self._first_of, "unanswered"),
            self._outcomes,
            self._invitation,
        )
        return next((line for find in finders for line in find()), None)

    def _blows(self) -> Iterator[Line]:
        for person in self.care:
            if leads(person) and (line := blow_line(person)) is not None:
                for told in self._kept([line]):
                    yield self._named(told)

    def _first_of(self, rule: str) -> Iterator[Line]:
        for line in self._of(rule)[:1]:
            yield self._take(line, line)

    def _needs(self) -> Iterator[Line]:
        """The newest open need, if it may be printed."""
        text, found = self._occasion.language.text, []
        for person in self._occasion.people:
            wish = person.wish
            need = wish if wish is not None and "grief" not in person.states else person.need
            if need is None or left_unsure(need) or self._is_promised(person, need):
                continue
            if not _is_the_proof(person, need.interaction.needs or ""):
                found.append((need.day, -person.place, person, need, need is wish))
        for day, _, person, need, wished in sorted(found, key=lambda one: one[:2], reverse=True):
            source = person.source("interactions", need.at)
            for line in self._of("needs"):
                if line.source == source:
                    what = (need.interaction.needs or "").rstrip(".")
                    said = text("{name} still needs: {need}", name=person.short, need=what)
                    if "wish" in person.states:
                        said = text(
                            "{name} asked for: {need}. Bring it.", name=person.short, need=what
                        )
                    elif wished:
                        said = text("{name} asked for: {need}", name=person.short, need=what)
                    origin = self._occasion.words.on(day)
                    self._take_the_proof(person, what)
                    yield line.replace(text=said, label="", note="", origin=origin)

    def _is_promised(self, person: Person, need: Dated) -> bool:
        """Whether the need is the same as my promise that First will name."""
        language, what = self._occasion.vocabulary.language, need.interaction.needs or ""
        first = next((line for find in _FIRST[1:3] for line in self._lines if find(line)), None)
        return (
            first is not None
            and first.who == person.key
            and (promised := self._promised(first)) is not None
            and answers(promised[1], what, language)
        )

    def _take_the_proof(self, person: Person, need: str) -> None:
        """Drop the line about proof of an apology that repeats the need."""
        language = self._occasion.vocabulary.language
        self.taken |= {
            line
            for line in self._of("proof")
            if line.who == person.key and share_words(line.text, need, language)
        }

    def _outcomes(self) -> Iterator[Line]:
        text, day = self._occasion.language.text, self._occasion.day
        for line in self._of("situation"):
            person = self._by_key.get(line.who or "")
            if person is None or line.section != "prompt":
                continue
            wanted, as_of = person.situation.desired_outcome, person.situation.as_of
            first = as_of.first_day() if as_of else None
            if wanted is None or first is None or (day - first).days > _OUTCOME_FOR_DAYS:
                continue
            said = text("{name} wants: {outcome}", name=person.short, outcome=wanted.rstrip("."))
            yield line.replace(text=said, rule="outcome", label="", note="")
            return

    def _invitation(self) -> Iterator[Line]:
        """The invitation's own sentence, quoted."""
        for line in self._of("agenda"):
            if not line.label and len(line.text) <= _LONGEST_INVITATION:
                yield self._take(line, line)
                return

    # The labels

    def first(self) -> Iterator[Line]:
        """What to say or do before anything else."""
        hit = [one for one in self.care if leads(one) and asks_for_a_word(one)]
        told = {one.key: line for one in hit for line in self._kept([what_to_do(one)])}
        if told:
            yield self._to_all_it_befell(told)
            return
        for find in _FIRST:
            if found := [line for line in self._free() if find(line)]:
                yield self._take(found[0], self._as_first(found[0]))
                return

    def bring(self) -> Iterator[Line]:
        """Promises of mine that are late or due, and one thing to share."""
        free = [line for line in self._free() if not self._is_on_top(line)]
        late = [line for line in free if _is_late_or_due(line)]
        shared = [line for line in free if line.rule == "to-share"]
        before = None
        for line in (*late, *shared[:1])[:_MOST_TO_BRING]:
            said = self._as_brought(line) if line.rule == "to-share" else self._as_promised(line)
            same = before is not None and before == line.who  # named once
            yield self._take(line, said.replace(label="") if same else self._named(said))
            before = line.who

    def _is_on_top(self, line: Line) -> bool:
        """Whether First already asks for the same thing."""
        person, language = self._by_key.get(line.who or ""), self._occasion.vocabulary.language
        thing = person.noted_text(line) if person else line.text
        return any(
            one.who == line.who and answers(one.text, thing, language)
            for one in self._sources
            if one.rule == "apology"
        )

    def ask(self) -> Iterator[Line]:
        """The single most worthwhile personal question."""
        asked = [line for line in self._free() if line.rule in _PERSONAL]
        for line in sorted(asked, key=lambda one: -one.rank)[:1]:
            yield self._take(line, self._named(self._as_asked(line)))

    def _as_asked(self, line: Line) -> Line:
        """A line without `Ask`, which the label says."""
        person = self._by_key.get(line.who or "")
        match person.place_of(line) if person else ():
            case ("life_events", int(at)) if person is not None:
                event, text = person.contact.life_events[at], self._occasion.language.text
                if event.expect is None:
                    note = without_verdicts(event.note, person.languages).rstrip(".")
                    return line.replace(text=text("about: {what}", what=note))
        return line

    def then(self) -> Iterator[Line]:
        """What comes next, if there is room."""
        for find in _THEN:
            if found := [line for line in self._free() if find(line)]:
                yield self._take(found[0], self._named(found[0]))
                return

    def not_today(self) -> Iterator[Line]:
        """What to avoid, on one line."""
        found = list(self._kept_from())[:_MOST_NOT_TODAY]
        if found:
            said = self._occasion.words.joined(one.text for one in found)
            yield found[0].replace(text=capitalised(said), note="", label="", origin="")

    def _kept_from(self) -> Iterator[Line]:
        text = self._occasion.language.text
        marked = [line for line in self._free() if line.mark == "not-today"]
        main = self.care[0] if self.care else None
        if main is not None and main.in_grief:
            if self._goes_on(main):
                said = text("Cheering up, comparing")
            else:
                said = text(
                    "Cheering up, comparing; business, unless {name} begins", name=main.short
                )
            yield main.line(
                "say", said, "hard-event", "life_events", main.blows[0].at, visibility="private"
            )
        for rule in ("approach", "written", "adjust", "no-pitch", "keep-from"):
            for line in marked:
                if line.rule == rule and (
                    rule != "keep-from" or main is None or line.who == main.key
                ):
                    yield self._take_if_shown(line)

    def _goes_on(self, person: Person) -> bool:
        """Whether business is in order: several meet for it, or they asked to go on."""
        if self._occasion.agenda and not self._occasion.alone:
            return True
        first = person.blows[0].first
        since = first - _BEFORE_A_NOTE if first else None
        return any(
            person.says("goes_on", one.interaction.summary or "")
            for one in person.interactions_on_file
            if since is None or one.day >= since
        )

    def _take_if_shown(self, line: Line) -> Line:
        text, person = self._occasion.language.text, self._by_key.get(line.who or "")
        self.taken.add(line)
        place = person.place_of(line) if person else ()
        match line.rule, place:
            case "no-pitch", _:
                return line.replace(text=text("a pitch"))
            case "approach", ("approaches", int(at)) if person is not None:
                tried = person.contact.approaches[at]
                said = tried.tried.rstrip(".")
                if tried.date is not None and tried.date.day is not None:
                    day = self._occasion.words.partial(tried.date)
                    said = text("{tried} (it landed badly on {date})", tried=said, date=day)
                return line.replace(text=said)
            case "keep-from", _ if person is not None and (signal := fresh_signal(person)):
                return line.replace(text=signal.family.keep_from)
            case "written", _ if person is not None:
                noted = person.noted_text(line).rstrip(".")
                matters = not_to_be_asked(noted, person.languages)
                return line.replace(text=matters[0] if matters else noted)
            case "adjust", ("interactions", int(at)) if person is not None:
                reflection = person.contact.interactions[at].reflection
                return line.replace(
                    text=(reflection.adjust or "" if reflection else "").rstrip(".")
                )
        return line.replace(text=line.text.rstrip("."))

    def most_worth(self, labels: Sequence[GlanceLine]) -> Iterator[GlanceLine]:
        """At most three labels; if there are four, the personal question goes back to the page."""
        too_many = len(labels) > MOST_LABELS
        for one in labels:
            if too_many and one.label == "ask":
                self.taken -= {self._sources[line] for line in one.lines}
            else:
                yield one

    def _to_all_it_befell(self, told: dict[str, Line]) -> Line:
        """One line for everyone it applies to, like a family that lost someone."""
        first, *rest = told.values()
        others = [
            self._by_key[key]
            for key, line in list(told.items())[1:]
            if line.text == first.text and self._by_key[key].in_grief
        ]
        if not (rest and others):
            return self._named(first)
        people = [self._by_key[first.who or ""], *others]
        names = self._occasion.language.people([one.short for one in people])
        return first.replace(text=named(names, first.text, self._occasion.language), label="")

    # In the words of the glance

    def _free(self) -> list[Line]:
        return [line for line in self._lines if line not in self.taken]

    def _of(self, rule: str) -> list[Line]:
        return [line for line in self._lines if line.rule == rule]

    def _take(self, line: Line, shown: Line) -> Line:
        self.taken.add(line)
        self._sources[shown] = line
        return shown

    def _named(self, line: Line) -> Line:
        """A line that says whom it is about, if several people are met."""
        person = self._by_key.get(line.who or "")
        short = person.short if person else ""
        if line.rule == "concern" and not line.label:
            return line  # in front of who decides, nobody is named as having complained
        if self._occasion.alone or not short or short in line.text:
            return line.replace(label="")
        language = self._occasion.language
        return line.replace(text=named(language.person(short), line.text, language), label="")

    def _as_first(self, line: Line) -> Line:
        text, promised = self._occasion.language.text, self._promised(line)
        if promised is None:
            return self._named(line)
        person, what = promised
        if line.mark != "overdue":
            said = text("Promised for today: {promise}", promise=what)
            return self._named(line.replace(text=said, note="", origin=""))
        what = _thing(what, person)
        if self._occasion.alone:
            said = text("Own up: {promise}", promise=what)
        else:
            said = text("Own up to {name}: {promise}", name=person.short, promise=what)
        return line.replace(text=said, label="", origin="")

    def _as_promised(self, line: Line) -> Line:
        promised = self._promised(line)
        if promised is None:
            return line
        is_early = line.section == "bring" and not line.note
        what, origin = _thing(promised[1], promised[0]), line.origin if is_early else ""
        return line.replace(text=what, origin=origin)

    def _as_brought(self, line: Line) -> Line:
        person = self._by_key.get(line.who or "")
        match person.place_of(line) if person else ():
            case ("to_share", int(at)) if person is not None and person.status != "strained":
                return line.replace(text=person.contact.to_share[at].text.rstrip("."))
        return line

    def _promised(self, line: Line) -> tuple[Person, str] | None:
        person = self._by_key.get(line.who or "")
        match person.place_of(line) if person else ():
            case ("promises", int(at)) if person is not None and line.rule == "promise":
                return person, person.contact.promises[at].text.rstrip(".")
        return None


def _thing(promise: str, person: Person) -> str:
    """The thing promised, without its verb: `the results` for `send the results`."""
    verb = says_where("handing", promise, person.languages)
    flat = fold(promise)
    if verb is None or len(flat) != len(promise):
        return promise
    if flat.startswith(f"{verb} "):
        rest = promise[len(verb) :].strip()
        named = any(one.called.in_text(rest.split()[0]) for one in person.occasion.people)
        to_them = (says_where("recipient", rest, person.languages) or "") == fold(rest.split()[0])
        return promise if named or to_them else rest
    if flat.endswith(f" {verb}"):
        return promise[: -len(verb)].strip()
    return promise


def _is_the_proof(person: Person, need: str) -> bool:
    """Whether a need is the proof of an apology, which has its own line."""
    proof = person.apologies.proof
    if proof is None or person.apologies.owed or apologies_promised(person):
        return False
    return person.share_words(need, proof[1])


_PERSONAL: Final = frozenset({"life-event"})
"""Rules whose lines ask something; a greeting or good news is not a question."""


def _is_glad(line: Line) -> bool:
    """Whether it is good news to congratulate on, or a birthday within days."""
    return line.rule == "good-news" or (line.rule == "birthday" and line.rank >= NEAR_BIRTHDAY)


def _is_late_or_due(line: Line) -> bool:
    return line.rule in {"promise", "promise-apart"} and (
        line.mark == "overdue" or line.section == "bring"
    )


_FIRST: Final[tuple[Callable[[Line], bool], ...]] = (
    lambda line: line.rule == "apology",
    lambda line: line.mark == "overdue",
    lambda line: line.section == "bring",
    lambda line: line.rule == "concern" and line.mark == "open",
    lambda line: line.rule == "unanswered",
    lambda line: line.rule == "done" or (line.rule == "concern" and line.mark == "resolved"),
    lambda line: line.rule in {"first-meeting", "newcomer"} and not line.who,
    lambda line: line.rule == "first-meeting",
    lambda line: line.rule == "relationship-lapsed" and line.mark == "ask",
    lambda line: line.rule == "relationship-strained" and line.mark == "ask",
    _is_glad,
    lambda line: line.rule == "newcomer" and not line.label,
)
_THEN: Final[tuple[Callable[[Line], bool], ...]] = (
    lambda line: line.rule == "apology",
    lambda line: line.rule == "concern" and line.mark == "open",
    lambda line: line.rule == "unanswered",
    lambda line: line.rule == "done",
    _is_glad,
    lambda line: line.rule == "newcomer" and not (line.who or line.label),
    lambda line: line.rule == "relationship-strained" and line.mark == "ask",
)
