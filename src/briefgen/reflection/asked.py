"""What a reflection asks in the terminal and in a form, and the words of its answers."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Final

from briefgen.brief.signals import Vocabulary
from briefgen.brief.words import fold
from briefgen.workspace.built_in import read_as, read_built_in
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value


class Asked(Value, frozen=True, kw_only=True):
    """One question.

    Attributes:
        hint: what can be answered, in small print.
        about: what `?` says about it.
    """

    title: Phrase
    hint: str = ""
    about: str = ""


DEGREES: Final = ("yes", "partly", "no")
STANCES: Final = ("listen", "teach", "advise", "coach")
TAKEN: Final = ("accepted", "not yet", "refused")
Catalogued: Final = Phrase
"""A message that the catalogues take from a YAML file."""


def read_asked(name: str, file: str = "reflection/questions.yaml") -> Asked:
    """A question in a YAML file of the program."""
    parts = read_as(dict[str, dict[str, str]], file)[name]
    return Asked(**{part: Catalogued(text) for part, text in parts.items()})


def shown(choice: str, language: str) -> str:
    """The word for a choice in a language; the choice itself if there is none."""
    words = _words().get(choice, {})
    return next((words[code][0] for code in _codes(language) if words.get(code)), choice)


def understood(given: str, choices: Sequence[str], language: str) -> str | None:
    """The choice that is meant: by its number, a word of any language, or the beginning of one.

    Words of the user's language come before English ones, and these before the others. None if
    nothing or more than one choice is meant.
    """
    wanted = _flat(given)
    if wanted.isdigit():
        number = int(wanted)
        return choices[number - 1] if 1 <= number <= len(choices) else None
    for words in _by_language(choices, language):
        for exact in (True, False):
            found = {
                choice
                for choice, forms in words
                if any(f == wanted if exact else f.startswith(wanted) for f in forms)
            }
            if len(found) == 1:
                return found.pop()
    return None


def _by_language(
    choices: Sequence[str], language: str
) -> Iterable[Sequence[tuple[str, Sequence[str]]]]:
    """Each choice with its words: of the language, of English, and of all the others."""
    known = _words()
    for code in _codes(language):
        yield [(choice, _all_flat(known.get(choice, {}).get(code, ()))) for choice in choices]
    yield [(choice, [_flat(choice)]) for choice in choices]
    yield [
        (choice, [word for words in known.get(choice, {}).values() for word in _all_flat(words)])
        for choice in choices
    ]


def _codes(language: str) -> Iterable[str]:
    """Where to look for the words of `pt_BR`: of Brazil, then Portuguese, then English."""
    return dict.fromkeys((language, language.partition("_")[0], "en"))


@cache
def _words() -> Mapping[str, Mapping[str, Sequence[str]]]:
    data = read_built_in("reflection/answer_words.yaml")
    found: dict[str, dict[str, Sequence[str]]] = {}
    for choice, languages in data.items():
        assert isinstance(languages, dict)  # noqa: S101  # the file belongs to the code
        found[choice] = {
            code: tuple(str(word) for word in words or ()) for code, words in languages.items()
        }
    return found


def _all_flat(words: Iterable[str]) -> list[str]:
    return [_flat(word) for word in words]


def _flat(text: str) -> str:
    split = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(sign for sign in split if not unicodedata.combining(sign))


_MOST = 3
_NEAR = 0.7


class UnknownSignal(Value, frozen=True, kw_only=True):
    """A word for no known signal; it chooses no stance unless it is only misspelt.

    Attributes:
        near: similar known words, the most similar first.
    """

    word: str
    near: tuple[str, ...]
    misspelt: bool = False

    def remark(self, language: Language) -> str:
        """What to say about it, with the nearest word if it is only misspelt."""
        if self.misspelt:
            return language.text(
                "'{noted}' is not in the vocabulary; did you mean '{near}'?",
                noted=self.word,
                near=self.near[0],
            )
        return language.text(
            "'{word}' is not in the vocabulary and chooses no stance", word=self.word
        )


def unknown_signals(noted: Iterable[str], vocabulary: Vocabulary) -> tuple[UnknownSignal, ...]:
    """The noted words that are not in the vocabulary, or are misspelt."""
    by_flat = {fold(word): word for word in vocabulary.words}
    found: list[UnknownSignal] = []
    for word in noted if vocabulary.signals else ():
        if meant := vocabulary.misspelt(word):
            found.append(UnknownSignal(word=word, near=(meant,), misspelt=True))
        elif vocabulary.find(word) is None:
            near = get_close_matches(fold(word), by_flat, _MOST, _NEAR)
            found.append(UnknownSignal(word=word, near=tuple(by_flat[one] for one in near)))
    return tuple(found)
