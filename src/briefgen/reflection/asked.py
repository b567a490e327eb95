"""What a reflection asks in the terminal and in a form, and the words of its answers."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Final

from briefgen.brief.signals import Vocabulary
from briefgen.brief.words import fold
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value


class Asked(Value, frozen=True):
    """One question.

    Attributes:
        hint: what can be answered, in small print.
        about: what `?` says of it.
    """

    title: Phrase
    about: str = ""
    hint: str = ""


_RECALLED: Final = Phrase(
    "Whether you knew it when you left the room. briefgen stats shows how these answers change."
)
_ONE_A_LINE: Final = Phrase(
    "One promise, and then when it is due. What is still open is asked about after the next "
    "meeting."
)
DEGREES: Final = ("yes", "partly", "no")
STANCES: Final = ("listen", "teach", "advise", "coach")
TAKEN: Final = ("accepted", "not yet", "refused")
ASKED: Final = {
    "needs_answered": Asked(Phrase("Could you answer: What do they need from me?"), _RECALLED),
    "needs": Asked(
        Phrase("What did they need from you?"),
        Phrase("In a few words. After the next meeting you are asked whether it was met."),
    ),
    "needs_met": Asked(
        Phrase("Did they get it?"), Phrase("Whether they left with what they had come for.")
    ),
    "help_answered": Asked(
        Phrase("Could you answer: How can I help based on their emotional signals?"), _RECALLED
    ),
    "summary": Asked(
        Phrase("What was said and decided?"),
        Phrase("One or two sentences; the next sheet recalls them."),
    ),
    "words": Asked(
        Phrase("Their own words, worth keeping?"),
        Phrase("One sentence as they said it; the next sheet quotes it."),
    ),
    "signals": Asked(Phrase("Which signals did you see?")),
    "stance": Asked(
        Phrase("How did you meet them?"),
        Phrase(
            "Listen: you let them speak. Teach: you explained. Advise: you recommended something. "
            "Coach: you asked until they found it."
        ),
    ),
    "unsaid": Asked(
        Phrase("What was left unsaid?"), Phrase("What you noticed although nobody said it.")
    ),
    "me": Asked(Phrase("What did you promise?"), _ONE_A_LINE),
    "them": Asked(Phrase("What did they promise?"), _ONE_A_LINE),
    "personal": Asked(
        Phrase("Something personal you learned?"),
        Phrase(
            "What matters to them outside of business: a child's exam, a journey, sailing. It "
            "comes back on the sheet when it is time to ask."
        ),
    ),
    "lines": Asked(
        Phrase("Which lines of your sheet did you use?"),
        Phrase("The numbers of what you spoke about."),
    ),
    "points": Asked(
        Phrase("Which of your talking points did you use?"),
        Phrase("The numbers of what you spoke about; it is not printed again."),
    ),
    "concerns": Asked(
        Phrase("Did they raise a concern?"),
        Phrase("What worries or annoys them; it is asked about until it is resolved."),
    ),
    "adjust": Asked(
        Phrase("What will you do differently next time?"),
        Phrase("One thing to try when you meet again."),
    ),
    "photo": Asked(
        Phrase("A photo of {name}?"),
        Phrase("The path of a picture, which is copied to the others."),
    ),
}
"""Those without an explanation show their words at `?`."""


def shown(choice: str, language: str) -> str:
    """What a choice is called in a language; itself where there is no word for it."""
    words = _words().get(choice, {})
    return (words.get(language) or words.get("en") or (choice,))[0]


def understood(given: str, choices: Sequence[str], language: str) -> str | None:
    """The choice that is meant: by its number, a word of any language, or the beginning of one.

    Words of the user's language decide before English ones, and these before the others'. None
    where nothing or more than one choice is meant.
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
    for code in dict.fromkeys((language, "en")):
        yield [(choice, _all_flat(known.get(choice, {}).get(code, ()))) for choice in choices]
    yield [(choice, [_flat(choice)]) for choice in choices]
    yield [
        (choice, [word for words in known.get(choice, {}).values() for word in _all_flat(words)])
        for choice in choices
    ]


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
    """A word that no signal is known by; it chooses no stance.

    Attributes:
        near: known words that it comes near, the nearest first.
    """

    word: str
    near: tuple[str, ...]


def unknown_signals(noted: Iterable[str], vocabulary: Vocabulary) -> tuple[UnknownSignal, ...]:
    """Those of the noted words that are not in the vocabulary."""
    by_flat = {fold(word): word for word in vocabulary.words}
    return tuple(
        UnknownSignal(
            word=word,
            near=tuple(
                by_flat[one] for one in get_close_matches(fold(word), by_flat, _MOST, _NEAR)
            ),
        )
        for word in noted
        if vocabulary.signals and vocabulary.find(word) is None
    )
