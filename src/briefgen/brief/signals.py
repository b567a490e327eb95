"""Signals: the vocabulary of emotional signals, and the stance each asks for.

The vocabulary is data: `templates/signals.yaml`, of which a copy in the user's folder takes
precedence.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from briefgen.brief.brief import Tone
from briefgen.brief.words import UNSPACED, fold, stems, words_of
from briefgen.contacts.contact import Stance
from briefgen.workspace.built_in import kept, parse_built_in
from briefgen.workspace.document import read_document
from briefgen.workspace.language import Language, language_of
from briefgen.workspace.problems import Problem
from briefgen.workspace.validation import validate
from briefgen.workspace.value import Value
from briefgen.workspace.values import Part, Text

VOCABULARY_FILE: Final = "signals.yaml"
_NEAR: Final = 0.75
"""How similar an unknown word must be to the one that may be meant (difflib's ratio)."""
_BEGINNING: Final = 3
"""The fewest letters that two forms of a word share."""


def _in_english(given: Any) -> Any:  # noqa: ANN401  # as pydantic hands it over
    return {"en": given} if isinstance(given, (str, list)) else given


Worded = Annotated[dict[str, Text], BeforeValidator(_in_english)]
"""A text by language; a plain text is in English."""
WordLists = Annotated[dict[str, tuple[Text, ...]], BeforeValidator(_in_english)]
"""Words by language."""


class FamilyEntry(Part):
    """Signals that ask for the same stance."""

    tone: Tone = "neutral"
    """low, mixed, neutral or high."""
    stance: Stance
    """listen, teach, advise or coach."""
    rule: Worded
    """What to do, in a few words."""
    helps: Worded = Field(default_factory=dict)
    """What helps them."""
    keep_from: Worded = Field(default_factory=dict)
    """What to avoid."""
    signals: dict[str, WordLists]
    """Each signal, with the words that mean it."""


class VocabularyFile(Part):
    """Everything `signals.yaml` can say."""

    version: Literal["1"] = "1"
    """The version of this format."""
    families: dict[str, FamilyEntry]
    """The families of signals."""
    us: WordLists = Field(default_factory=dict)
    """Words by which an agenda item is about the user's side."""
    them: WordLists = Field(default_factory=dict)
    """Words by which it is about the others."""
    opposites: tuple[tuple[Text, Text], ...] = ()
    """Pairs of signals that nobody shows at once."""
    negated: dict[Text, Text] = Field(default_factory=dict)
    """What a signal means if it is negated; one that is not listed is then unknown."""
    negations: WordLists = Field(default_factory=dict)
    """Words that negate the signal beside them."""
    more_or_no_more: WordLists = Field(default_factory=dict)
    """Words that may mean `more` or `no longer`: with a low signal nothing is known."""
    not_negations: WordLists = Field(default_factory=dict)
    """Phrases with such a word that negate nothing."""
    pitch: WordLists = Field(default_factory=dict)
    """Words of selling; no longer used, since a pitch is known by its sense."""
    well: WordLists = Field(default_factory=dict)
    """Words for something that landed well."""
    badly: WordLists = Field(default_factory=dict)
    """Words for something that landed badly."""


class Family(Value, frozen=True, kw_only=True):
    """Signals that ask for the same stance, in the user's language."""

    name: str
    tone: Tone
    stance: Stance
    rule: str
    helps: str
    keep_from: str


class Signal(Value, frozen=True, kw_only=True):
    """One emotional signal.

    Attributes:
        words: what it is called in the user's language.
        synonyms: every word that means it, and that word's language.
    """

    name: str
    family: Family
    words: tuple[str, ...]
    synonyms: tuple[tuple[str, str], ...]


class Negations(Value, frozen=True, kw_only=True):
    """How people say that they did not see a signal.

    Attributes:
        words: words and phrases that negate.
        doubtful: words that may mean `more` or `no longer`.
        harmless: phrases that contain such a word and negate nothing.
        meanings: what a signal means when it is negated, by the names of signals.
    """

    words: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    harmless: frozenset[str] = frozenset()
    meanings: Mapping[str, str] = field(default_factory=dict)

    def negate(self, flat: str) -> bool:
        """Whether a noted text, without case and accents, negates its signal."""
        for phrase in self.harmless:
            flat = flat.replace(phrase, " ")
        return "n't " in f"{flat} " or any(
            word in flat if UNSPACED.search(word) else f" {word} " in f" {flat} "
            for word in self.words
        )

    def may_negate(self, flat: str) -> bool:
        """Whether it may do so."""
        return any(f" {word} " in f" {flat} " for word in self.doubtful)


def _flat(noted: str) -> str:
    """A noted text without case and accents, with single blanks and straight apostrophes."""
    return " ".join(fold(noted).replace("\u2019", "'").split())


def _single(flat: str) -> str:
    """A word without double letters."""
    return re.sub(r"(.)\1", r"\1", flat)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Every known signal, and a few words that notes and agendas use."""

    signals: tuple[Signal, ...] = ()
    us: frozenset[str] = frozenset()
    them: frozenset[str] = frozenset()
    opposites: frozenset[frozenset[str]] = frozenset()
    well: frozenset[str] = frozenset()
    badly: frozenset[str] = frozenset()
    negations: Negations = field(default_factory=Negations)
    language: str = "en"
    _known: dict[str, Signal | None] = field(default_factory=dict, repr=False, compare=False)
    _tones: dict[tuple[str, ...], Tone] = field(default_factory=dict, repr=False, compare=False)

    def find(self, noted: str) -> Signal | None:
        """The signal that a noted word means; None if it is unknown."""
        if noted not in self._known:
            self._known[noted] = self._find(noted)
        return self._known[noted]

    def tone(self, noted: tuple[str, ...]) -> Tone:
        """The tone of the signals of one interaction; low and high together are mixed."""
        if noted not in self._tones:
            self._tones[noted] = self._tone(noted)
        return self._tones[noted]

    def _tone(self, noted: tuple[str, ...]) -> Tone:
        tones = {signal.family.tone for word in noted if (signal := self.find(word))}
        if {"low", "high"} <= tones:
            return "mixed"
        for tone in ("low", "high", "mixed"):
            if tone in tones:
                return tone
        return "neutral"

    def contradictions(self, noted: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The pairs of noted words that mean opposite signals."""
        for one, other in combinations(noted, 2):
            signals = (self.find(one), self.find(other))
            if frozenset(signal.name for signal in signals if signal) in self.opposites:
                yield one, other

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the user's language, to complete a signal as it is typed."""
        return tuple(dict.fromkeys(word for signal in self.signals for word in signal.words))

    def nearest(self, noted: str) -> str | None:
        """The word of the user's language that is nearest to an unknown one."""
        own = (form for form, language, _ in self._forms() if language == self.language)
        words = {fold(word): word for word in (*self.words, *own)}
        near = get_close_matches(fold(noted), words, n=1, cutoff=_NEAR)
        return words[near[0]] if near else None

    def misspelt(self, noted: str) -> str | None:
        """The known word for one with a doubled or missing letter, like `hopefull`."""
        flat = _flat(noted)
        if flat in self._by_word or flat.removesuffix("e") in self._by_word:  # `agacée` of `agacé`
            return None
        return self._by_single_letters.get(_single(flat))

    @cached_property
    def _by_single_letters(self) -> Mapping[str, str]:
        return {_single(_flat(form)): form for form, _, _ in self._forms()}

    def _find(self, noted: str) -> Signal | None:
        flat = _flat(noted)
        if found := self._by_word.get(flat):
            return found
        signal, word = self._find_in(noted, flat)
        if signal is None:
            return None
        if self.negations.negate(flat.replace(word, " ")):
            return self._by_name.get(self.negations.meanings.get(signal.name, ""))
        if signal.family.tone == "low" and self.negations.may_negate(flat):
            return None
        return signal

    def _find_in(self, noted: str, flat: str) -> tuple[Signal | None, str]:
        """The signal that a part of a noted text means, negated or not, and that part."""
        phrase = next((one for one in self._phrases if f" {one} " in f" {flat} "), None)
        if phrase is not None:
            return self._by_word[phrase], phrase
        for word in (flat, *words_of(noted)):
            if found := self._by_word.get(fold(word)) or self._by_stem(word):
                return found, fold(word)
        if UNSPACED.search(flat):
            held = [word for word in self._by_word if word in flat and UNSPACED.search(word)]
            longest = max(held, key=len, default="")
            return self._by_word.get(longest), longest
        return None, ""

    def _by_stem(self, word: str) -> Signal | None:
        for form, language, signal in self._by_beginning.get(fold(word)[:_BEGINNING], ()):
            if not stems(word, language).isdisjoint(stems(form, language)):
                return signal
        return None

    @cached_property
    def _by_name(self) -> Mapping[str, Signal]:
        return {signal.name: signal for signal in self.signals}

    @cached_property
    def _phrases(self) -> tuple[str, ...]:
        """Those of several words, the longest first."""
        return tuple(sorted((one for one in self._by_word if " " in one), key=len, reverse=True))

    @cached_property
    def _by_word(self) -> Mapping[str, Signal]:
        found: dict[str, Signal] = {}
        for form, _, signal in self._forms():
            found.setdefault(_flat(form), signal)
        return found

    @cached_property
    def _by_beginning(self) -> Mapping[str, tuple[tuple[str, str, Signal], ...]]:
        """Words by their first letters, so that few must be stemmed to find another form of one."""
        found: dict[str, list[tuple[str, str, Signal]]] = {}
        for form, language, signal in self._forms():
            if " " not in form:
                found.setdefault(fold(form)[:_BEGINNING], []).append((form, language, signal))
        return {beginning: tuple(forms) for beginning, forms in found.items()}

    def _forms(self) -> Iterator[tuple[str, str, Signal]]:
        for signal in self.signals:
            yield signal.name, "en", signal
            for form, language in signal.synonyms:
                yield form, language, signal


def read_vocabulary(
    user_folder: Path, language: Language
) -> tuple[Vocabulary, tuple[Problem, ...]]:
    """The vocabulary: the user's own `signals.yaml` if there is one, else the built-in.

    If the user's file cannot be read, that is a problem, and the built-in one is used.
    """
    own = user_folder / VOCABULARY_FILE
    problems: tuple[Problem, ...] = ()
    if own.is_file() and own.resolve() != _built_in_file():
        document, problems = read_document(own, f"{user_folder.name}/{VOCABULARY_FILE}")
        if document is not None:
            read, _, faults = validate(VocabularyFile, document)
            problems += faults
            if read is not None:
                return _vocabulary(read, str(language.locale.language)), problems
    return _built_in(str(language.locale)), problems


@cache
def _built_in(locale: str) -> Vocabulary:
    path = _built_in_file()
    data = kept(VOCABULARY_FILE, [path], lambda: parse_built_in(path))
    language = language_of(locale)
    code = str(language.locale.language)
    return _vocabulary(VocabularyFile.model_validate(data), code, language.spelled)


def _built_in_file() -> Path:
    """The built-in vocabulary: in the installed package, or at the root of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "templates" / VOCABULARY_FILE
    return (
        installed if installed.is_file() else package.parent.parent / "templates" / VOCABULARY_FILE
    )


def _vocabulary(
    read: VocabularyFile, language: str, spelled: Callable[[str], str] = str
) -> Vocabulary:
    return Vocabulary(
        signals=tuple(_signals(read, language, spelled)),
        us=_folded(read.us),
        them=_folded(read.them),
        opposites=frozenset(frozenset(pair) for pair in read.opposites),
        well=_folded(read.well),
        badly=_folded(read.badly),
        negations=Negations(
            words=_folded(read.negations),
            doubtful=_folded(read.more_or_no_more),
            harmless=_folded(read.not_negations),
            meanings=dict(read.negated),
        ),
        language=language,
    )


def _signals(
    read: VocabularyFile, language: str, spelled: Callable[[str], str]
) -> Iterator[Signal]:
    for name, entry in read.families.items():
        family = Family(
            name=name,
            tone=entry.tone,
            stance=entry.stance,
            rule=spelled(_in(entry.rule, language)),
            helps=spelled(_in(entry.helps, language)),
            keep_from=spelled(_in(entry.keep_from, language)),
        )
        for signal, words in entry.signals.items():
            yield Signal(
                name=signal,
                family=family,
                words=words.get(language, (signal,)),
                synonyms=tuple((word, code) for code, forms in words.items() for word in forms),
            )


def _in(worded: Mapping[str, str], language: str) -> str:
    return worded.get(language) or worded.get("en") or next(iter(worded.values()), "")


def _folded(lists: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(" ".join(fold(word).split()) for words in lists.values() for word in words)
