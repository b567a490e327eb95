"""Company: how much of a note others who are present, or any client, may see.

No other client is named. In front of others a note has no private matter, no quarrel, no words of a
bad mood and nothing said off the record; a sentence that depends on one that is left out is left
out too.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from briefgen.brief.names import NameSearch
from briefgen.brief.phrases import PhraseKind, says, says_any
from briefgen.brief.word_families import mentions_in
from briefgen.brief.words import UNSPACED, fold, holds_a_quote, sentences_of, word_list, words_of
from briefgen.contacts.contact import Interaction
from briefgen.contacts.entry import Entry

_FEWEST_WORDS: Final = 3
"""A shorter sentence depends on the one before it."""
_FIRM_WORD: Final = 4
_NAME: Final = re.compile(r"[A-Z\u00c0-\u024f][\w\u2019'-]*|[\u0370-\U0010ffff][\w-]*")
_MONEY: Final = re.compile(
    r"[\u20ac$\u00a3\u00a5]\s?\d|\d\s?(?:%|k\b|cents?\b|euros?\b|dollars?\b|pounds?\b|chf\b|\u20ac|\u00a3|\u5186)",
    re.IGNORECASE,
)
_CLAUSES: Final = re.compile(r",\s+|\s+[-\u2013\u2014]\s+")
_PRIVATE: Final = frozenset(
    {
        "addiction", "alcohol", "affair", "separation", "pregnancy", "child_loss", "sexuality",
        "work_loss", "family_quarrel", "school_failure", "crime", "adoption", "birth_family",
    }
)  # fmt: skip
"""Families of what someone told you but not the others."""
WITHOUT_WORDS: Final[Mapping[str, None]] = {"summary": None, "words": None, "unsaid": None}
"""The changes to an interaction if nothing that was said may be printed."""
WITHOUT_NEEDS: Final[Mapping[str, None]] = {"needs": None, "needs_met": None}
_QUARREL: Final[tuple[PhraseKind, ...]] = (
    "harsh", "blame", "apologised", "settled", "left_to_them",
)  # fmt: skip
_MATTERS_KEPT: Final[tuple[PhraseKind, ...]] = ("job_search", "suspicion")
_COMMON_IN_FIRMS: Final = word_list("common_in_firms")
"""First words of firms' names that do not name the firm by themselves."""


class NotNamed:
    """Who may not be named on the sheet: other clients, and your own colleagues who come too.

    Args:
        entries: everyone on file.
        ours: the firms of those who meet, which may be named.
        colleagues: the names of your own colleagues who come too.
    """

    def __init__(
        self, entries: Iterable[Entry], *, ours: Iterable[str], colleagues: Iterable[str]
    ) -> None:
        self._colleagues = {
            name: NameSearch([name, name.split()[0], name.split()[-1]])
            for name in colleagues
            if name
        }
        own = {fold(one) for one in ours}
        self._clients: dict[str, set[str]] = {}
        for entry in entries:
            firm = entry.organization
            if firm is not None and fold(firm) not in own:
                for name in (as_called(firm), entry.name):
                    if " " in name or name != entry.name:
                        self._clients.setdefault(name.split()[0], set()).add(name)

    def client_in(self, text: str) -> str | None:
        """The other client that a text names, written as a name."""
        if not self._clients:
            return None
        for word in _NAME.findall(text):
            for name in self._clients.get(word.removesuffix("'s").removesuffix("\u2019s"), ()):
                if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                    return name
        return None

    def colleague_in(self, text: str) -> str | None:
        """The colleague of yours that a text names."""
        return next((name for name, one in self._colleagues.items() if one.in_text(text)), None)


def names_in(text: str) -> frozenset[str]:
    """The words of a text that are written as names."""
    return frozenset(
        fold(one[0].removesuffix("'s").removesuffix("\u2019s"))
        for one in _NAME.finditer(text)
        if one[0][0].isupper()
    )


def as_called(firm: str) -> str:
    """The word people use for a firm, if it has one: `Fennel` for `Fennel & Co`."""
    first, *rest = firm.split()
    own = rest and len(first) >= _FIRM_WORD and first not in _COMMON_IN_FIRMS
    return first.rstrip(",") if own else firm


def without(text: str | None, is_out: Callable[[str], bool], languages: tuple[str, ...]) -> str:
    """A note without some of its sentences, and without the ones that depend on them."""
    kept, cut = [], ""
    for sentence in sentences_of(text or ""):
        hangs = cut and (
            cut.endswith(";")
            or len(words_of(sentence)) < _FEWEST_WORDS
            or says("pointing", sentence, languages)
        )
        if hangs or is_out(sentence):
            cut = sentence
        else:
            kept.append(sentence)
    return _ended(" ".join(kept))


def _ended(text: str) -> str:
    return f"{text[:-1]}." if text.endswith(";") else text


def is_of_a_bargain(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text says what someone charges or would pay."""
    return says("bargaining", text, languages) or _MONEY.search(text) is not None


def points_at(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text beside one that is left out still shows what it said, or about whom."""
    few = len(words_of(text)) < _FEWEST_WORDS and UNSPACED.search(text) is None
    return few or holds_a_quote(text) or says_any(("pointing", "of_another"), text, languages)


def is_private(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text is nobody's business but theirs and yours."""
    if says_any(_MATTERS_KEPT, text, languages):
        return True
    return bool(mentions_in(text, languages, strict=True, among=_PRIVATE))


def is_off_the_record(text: str, languages: tuple[str, ...]) -> bool:
    """Whether something was said to you alone."""
    found = mentions_in(text, languages, strict=True, among=("confidence",))
    return bool(found) or says("sworn", text, languages)


def every_word(one: Interaction) -> str:
    """Everything noted about what was said."""
    return "\n".join([part for part in (one.summary, one.words, one.unsaid, one.needs) if part])


def fit_for_company(
    one: Interaction, *, is_low: bool, strangers: bool, languages: tuple[str, ...]
) -> dict[str, object]:
    """The changes to an interaction with one of them so that others present may read it.

    In front of strangers it has no price that one of them charges or would pay.
    """
    every = every_word(one)

    def is_out(text: str) -> bool:
        quarrels = says_any((*_QUARREL, "secret"), text, languages)
        bargains = strangers and is_of_a_bargain(text, languages)
        low = is_low and holds_a_quote(text)
        return bool(quarrels or bargains or low) or is_private(text, languages)

    doubtful = is_low or (strangers and one.unsaid) or is_out(every)
    if not doubtful and not says("one_to_one", one.needs or "", languages):
        return {}  # as with most notes: read once, and not sentence by sentence
    changes: dict[str, object] = {}
    if one.summary and (told := without(one.summary, is_out, languages)) != one.summary:
        changes["summary"] = told or None
    for field in ("words", "unsaid", "needs"):
        said = getattr(one, field)
        low = (is_low and field != "needs") or (strangers and field == "unsaid")
        aside = field == "needs" and says("one_to_one", said or "", languages)
        if said and (low or aside or is_out(said)):
            changes[field] = None
    if "needs" in changes:
        changes["needs_met"] = None
    return changes


def without_verdicts(text: str, languages: tuple[str, ...]) -> str:
    """A note without the clauses in which you judge someone (`a shocker`, `sells hard`)."""
    if not says("unkind", text, languages):
        return text
    kept = []
    for sentence in sentences_of(text):
        first, *rest = _CLAUSES.split(sentence)
        if not says("unkind", sentence, languages):
            kept.append(sentence)
        elif not says("unkind", first, languages):
            told = [first, *(clause for clause in rest if not says("unkind", clause, languages))]
            end = sentence[-1] if sentence[-1] in ".!?" else ""
            kept.append(", ".join(told).rstrip(".!?") + end)
    return _ended(" ".join(kept))
