"""Words for signals that the vocabulary does not know, and what was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from briefgen.brief.signals import Vocabulary
from briefgen.brief.words import fold
from briefgen.workspace.value import Value

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
