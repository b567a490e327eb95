"""Stand-ins until the word families are there."""

import re
from dataclasses import dataclass
from typing import Any

from briefgen.contacts.contact import LifeEvent

_HARD = (
    ("death", r"\b(died|dead|passed away|funeral|widow\w*|gestorben|lost (?:his|her|their) )\b"),
    ("grave_illness", r"\b(cancer|tumou?r|chemo|stroke|krebs)\b"),
    ("child_loss", r"\b(miscarriage|stillb\w+|fehlgeburt)\b"),
    ("separation", r"\b(divorc\w*|separat\w*|split up|live apart|broke up|scheidung|getrennt)\b"),
    ("accident", r"\b(accident|crash)\b"),
    ("disaster", r"\b(fire|flood\w*|burn\w* down)\b"),
    ("illness", r"\b(operation|surgery|ill|sick|hospital|heart attack)\b"),
    ("work_loss", r"\b(laid off|redundant|lost \w+ job|let go|dismissed)\b"),
    ("school_failure", r"\b(dropped out|time out of|failed)\b"),
)
_GOOD = (
    ("birth", r"\b(born|baby)\b"),
    ("wedding", r"\b(married|wedding|engaged)\b"),
    ("graduation", r"\bgraduat\w*\b"),
    ("promotion", r"\bpromot\w*\b"),
    ("award", r"\b(award|prize|won)\b"),
)
_CONFIDENTIAL = (
    ("confidence", r"\b(in confidence|pregnan\w*)\b"),
    ("identity", r"\b(changed name|transition\w*)\b"),
)


@dataclass(frozen=True, kw_only=True)
class EventKind:
    kind: str
    gravity: int | None = None
    family: str | None = None
    sure: bool = True
    given: bool = False
    words: tuple[str, ...] = ()

    @property
    def is_grief(self) -> bool:
        return (
            self.family in {"death", "grave_illness", "child_loss", "separation"}
            and self.kind == "hard"
        )


def families_in(text: str) -> list[str]:
    return [name for name, pattern in _HARD if re.search(pattern, text, re.I)]


def event_kind(event: LifeEvent, languages: tuple[str, ...]) -> EventKind:
    text = event.note
    hard = families_in(text)
    order = [name for name, _ in _HARD]
    given: Any = event.kind
    if given is not None:
        family = hard[0] if hard else None
        return EventKind(
            kind=given, given=True, family=family, gravity=order.index(family) if family else 99
        )
    for name, pattern in _CONFIDENTIAL:
        if re.search(pattern, text, re.I):
            return EventKind(kind="confidential", family=name)
    if hard:
        return EventKind(kind="hard", family=hard[0], gravity=order.index(hard[0]))
    for name, pattern in _GOOD:
        if re.search(pattern, text, re.I):
            return EventKind(kind="good", family=name)
    return EventKind(kind="neutral")


@dataclass(frozen=True, kw_only=True)
class Relation:
    relation: str
    word: str
    names: tuple[str, ...] = ()


_REL = {
    "husband": "husband",
    "wife": "wife",
    "partner": "partner",
    "son": "son",
    "daughter": "daughter",
    "sons": "son",
    "daughters": "daughter",
    "kids": "child",
    "children": "child",
    "child": "child",
    "mother": "mother",
    "father": "father",
    "mum": "mother",
    "dad": "father",
    "brother": "brother",
    "sister": "sister",
    "parents": "parent",
    "Tochter": "daughter",
    "Sohn": "son",
    "Frau": "wife",
    "Mann": "husband",
}


def relations_in(text: str, languages: tuple[str, ...]) -> tuple[Relation, ...]:
    found = []
    for m in re.finditer(r"\b(" + "|".join(_REL) + r")\b(?: ([A-Z][\w-]+))?", text):
        found.append(Relation(relation=_REL[m[1]], word=m[1], names=(m[2],) if m[2] else ()))
    return tuple(found)


def is_nothing(needs: str, languages: tuple[str, ...]) -> bool:
    return needs.strip(" .").casefold() in {"nothing", "none", "no", "n/a", "silence", "-"}


def not_to_be_asked(text: str, languages: tuple[str, ...]) -> str | None:
    m = re.search(
        r"(?:do not|don't|don’t|never|not to|stop) (?:ask|mention|bring up|talk|raise|speak)\w*(?: \w+)?? (?:about |of |up )?(?P<x>.+)",
        text,
        re.I,
    )
    return m["x"].strip(" .") if m else None


def is_pitch(text: str, languages: tuple[str, ...]) -> bool:
    return bool(
        re.search(
            r"\b(upsell\w*|special offer|discount(?! complaint)|renewal(?! theology)|upgrade|premium|sell|quotation(?! from)|offer|proposal|subscription|price list|contract extension)\b",
            text,
            re.I,
        )
    )
