"""The form of the five minutes: its questions, filled from the file, a draft and what was typed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from msgspec import field

from briefgen.brief.signals import Vocabulary
from briefgen.contacts.book import ContactFile
from briefgen.reflection.answers import Answers, answers_on_file, given_in
from briefgen.reflection.decisions import decision_in
from briefgen.reflection.open_items import OpenItem, PrintedLine, flat
from briefgen.reflection.reflections import Reflected
from briefgen.web.pages import Form
from briefgen.workspace.value import Value

SHARED: Final = ("needs_answered", "help_answered", "adjust")
"""Answers that are about all participants."""
OWN: Final = ("words", "summary", "needs", "needs_met", "unsaid", "stance")
"""Answers about one contact."""
PROMISES: Final = 3
"""How many new promises the form has room for."""
_FRIDAY: Final = 4
_WEEK: Final = 7


class Promised(Value, frozen=True, kw_only=True):
    """A row for a new promise."""

    number: int
    text: str = ""
    by: str = "me"
    due: str = ""
    whom: str = ""


class Asking(Value, frozen=True, kw_only=True):
    """The meeting that is reflected on, and the day of the reflection."""

    reflected: Reflected
    vocabulary: Vocabulary
    today: date
    items: Mapping[str, tuple[OpenItem, ...]] = field(default_factory=dict)
    lines: tuple[PrintedLine, ...] = ()

    @classmethod
    def of(cls, reflected: Reflected, vocabulary: Vocabulary, today: date) -> "Asking":
        """With everything that is open between the user and the participants."""
        return cls(
            reflected=reflected,
            vocabulary=vocabulary,
            today=today,
            items={
                contact.stem: tuple(
                    item
                    for item in reflected.open_items
                    if item.contact == contact.stem and item.kind != "talking_point"
                )
                for contact in reflected.contacts
            },
            lines=reflected.lines,
        )

    def due_days(self) -> tuple[date, date, date]:
        """The days of the due-date chips: Friday, in one week, in two weeks."""
        first = max(self.today, self.reflected.occasion.day)
        friday = first + timedelta(days=(_FRIDAY - first.weekday() - 1) % _WEEK + 1)
        return friday, first + timedelta(days=_WEEK), first + timedelta(days=2 * _WEEK)


def on_file(contact: ContactFile, asking: Asking) -> dict[str, Any]:
    """The answers about this meeting that are on file already, as JSON."""
    found = answers_on_file(contact.contact, asking.reflected.occasion)
    return given_in(found) if found is not None else {}


def typed_promises(typed: Form) -> Iterator[Promised]:
    """The new promises in the form."""
    for n in range(PROMISES):
        if text := typed.get(f"promise{n}"):
            yield Promised(
                number=n,
                text=text,
                by="them" if typed.get(f"by{n}") == "them" else "me",
                due=typed.get(f"day{n}") or typed.get(f"due{n}"),
                whom=typed.get(f"whom{n}"),
            )


def split_words(given_text: str) -> tuple[str, ...]:
    """The words between commas or semicolons."""
    return tuple(part.strip() for part in given_text.replace(";", ",").split(",") if part.strip())


_CHIPS: Final = 7
"""Signals that are visible at once."""
_AT_ONCE: Final = 3
"""Open items that are visible at once."""


class Ticked(Value, frozen=True, kw_only=True):
    """An open item in the form, and what is ticked for it.

    Attributes:
        urgent: whether it is visible at once; the others are folded away.
    """

    item: OpenItem
    state: str = ""
    moved: str = ""
    taken: str = ""
    late: bool = False
    urgent: bool = False

    @property
    def touched(self) -> bool:
        """Whether anything was ticked."""
        return bool(self.state or self.moved or self.taken)


class Printed(Value, frozen=True, kw_only=True):
    """A line of the sheet, and whether it is ticked as used."""

    line: PrintedLine
    ticked: bool


class About(Value, frozen=True, kw_only=True):
    """What the form asks about one contact.

    Attributes:
        chips, more: signals as words, and whether each is ticked.
        other: signals in the user's own words.
        seen: signals already on file for this meeting.
        values: the answers in `OWN`, a new concern and a new interest.
        base: what was on file, as the form carries it.
    """

    contact: ContactFile
    chips: tuple[tuple[str, bool], ...]
    more: tuple[tuple[str, bool], ...]
    other: str
    seen: tuple[str, ...]
    items: tuple[Ticked, ...]
    values: Mapping[str, str]
    base: str

    @property
    def stem(self) -> str:
        """How the form names the contact."""
        return self.contact.stem

    @property
    def name(self) -> str:
        """The contact's name."""
        return self.contact.contact.name


class Shown(Value, frozen=True, kw_only=True):
    """The whole form."""

    shared: Mapping[str, str]
    about: tuple[About, ...]
    promises: tuple[Promised, ...]
    lines: tuple[Printed, ...]


def shown(asking: Asking, draft: Sequence[Answers] = (), typed: Form | None = None) -> Shown:
    """The form, filled from the file, then a draft, then what was typed."""
    reflected = asking.reflected
    drafted: dict[str, dict[str, Any]] = {}
    for answers in draft:
        contact = reflected.contact_named(answers.contact or "")
        stem = contact.stem if contact else reflected.contacts[0].stem
        drafted[stem] = given_in(answers)
    about = tuple(
        _about(asking, contact, drafted.get(contact.stem, {}), typed)
        for contact in reflected.contacts
    )
    held = [
        {**on_file(contact, asking), **drafted.get(contact.stem, {})}
        for contact in reflected.contacts
    ]
    shared = {name: _common(str(one.get(name) or "") for one in held) for name in SHARED}
    if typed is not None:
        shared |= {name: typed.get(name) or shared[name] for name in SHARED}
    promises = typed_promises(typed) if typed else _drafted_promises(asking, drafted)
    ticked = {key for given in drafted.values() for key in given.get("lines", ())}
    if typed is not None:
        ticked = set(typed.all("lines"))
    rows = [*promises, *(Promised(number=0) for _ in range(PROMISES))][:PROMISES]
    return Shown(
        shared=shared,
        about=about,
        promises=tuple(row.replace(number=n) for n, row in enumerate(rows)),
        lines=tuple(Printed(line=one, ticked=one.key in ticked) for one in asking.lines),
    )


def _common(values: Iterable[str]) -> str:
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _about(
    asking: Asking, contact: ContactFile, draft: Mapping[str, Any], typed: Form | None
) -> About:
    stem = contact.stem
    base = on_file(contact, asking)
    values = {name: str(draft.get(name) or base.get(name) or "") for name in OWN}
    values |= {"concern": "", "interest": ""}
    for name, listed in (("concern", "concerns"), ("interest", "interests")):
        new = [one["text"] for one in draft.get(listed, ()) if not one.get("resolved")]
        values[name] = "; ".join(new)
    ticked = tuple(draft.get("signals", ()))
    if typed is not None:
        values |= {name: typed.get(f"{name}:{stem}") or held for name, held in values.items()}
        ticked = (*typed.all(f"signals:{stem}"), *split_words(typed.get(f"other:{stem}")))
    seen = tuple(base.get("signals", ()))
    chips, more = _chips(asking, contact, ticked, seen)
    known = {word for word, _ in (*chips, *more)}
    return About(
        contact=contact,
        chips=chips,
        more=more,
        other=", ".join(word for word in ticked if word not in known and word not in seen),
        seen=seen,
        items=tuple(_ticked(asking, item, draft, typed) for item in _urgent_first(asking, stem)),
        values=values,
        base=json.dumps({name: base.get(name) for name in (*SHARED, *OWN)}, ensure_ascii=False),
    )


def _chips(
    asking: Asking, contact: ContactFile, ticked: Sequence[str], seen: Sequence[str]
) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    """Signals to tap: those seen with this person before, heavy and light in turn, the rest."""
    vocabulary = asking.vocabulary
    words = list(dict.fromkeys(s.words[0] for s in vocabulary.signals if s.words))
    of_family = {s.family.name: s for s in reversed(vocabulary.signals) if s.words}
    families = [
        of_family[name]
        for name in dict.fromkeys(s.family.name for s in vocabulary.signals if s.words)
    ]
    heavy = [s.words[0] for s in families if s.family.tone == "low"]
    light = [s.words[0] for s in families if s.family.tone in {"high", "neutral"}]
    mixed = [word for pair in zip(heavy, light, strict=False) for word in pair]
    before = [
        found.words[0]
        for dated in contact.timeline[:4]
        for noted in dated.interaction.signals
        if (found := vocabulary.find(noted)) is not None and found.words
    ]
    order = list(dict.fromkeys([*before[:4], *mixed, *heavy, *words]))
    marked = [(word, word in ticked) for word in order if word not in seen]
    return tuple(marked[:_CHIPS]), tuple(marked[_CHIPS:])


def _urgent_first(asking: Asking, stem: str) -> tuple[tuple[OpenItem, bool], ...]:
    """The open items; at most three, an apology or due by the next day, are marked urgent."""
    soon = max(asking.today, asking.reflected.occasion.day) + timedelta(days=1)
    items = asking.items[stem]
    due = [i for i in items if i.kind == "apology" or (i.due is not None and i.due <= soon)]
    urgent = sorted(due, key=lambda i: (i.kind != "apology", i.by != "me"))[:_AT_ONCE]
    return tuple((item, item in urgent) for item in items)


def _ticked(
    asking: Asking, found: tuple[OpenItem, bool], draft: Mapping[str, Any], typed: Form | None
) -> Ticked:
    item, urgent = found
    late = item.is_overdue(asking.today)
    state, moved, taken = "", "", ""
    if typed is not None:
        state, moved, taken = (typed.get(f"{n}:{item.key}") for n in ("item", "moved", "taken"))
    elif decision := decision_in(Answers.model_validate(draft), item):
        state = "" if decision.due else decision.state
        moved, taken = str(decision.due or ""), decision.taken or ""
    return Ticked(item=item, state=state, moved=moved, taken=taken, late=late, urgent=urgent)


def _drafted_promises(
    asking: Asking, drafted: Mapping[str, Mapping[str, Any]]
) -> Iterator[Promised]:
    for stem, given in drafted.items():
        known = {(i.by, flat(i.text)) for i in asking.items[stem] if i.kind == "promise"}
        for one in given.get("promises", ()):
            by = str(one.get("by", "me"))
            if (by, flat(one["text"])) not in known:
                due = str(one.get("due") or "")
                yield Promised(number=0, text=one["text"], by=by, due=due, whom=stem)
