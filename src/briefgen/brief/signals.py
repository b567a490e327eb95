"""Signals: the vocabulary of emotional signals, and the stance each asks for."""

from dataclasses import dataclass
from pathlib import Path

from briefgen.language import Language
from briefgen.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Every signal briefgen knows."""


def read_vocabulary(
    user_folder: Path, language: Language
) -> tuple[Vocabulary, tuple[Problem, ...]]:
    """The vocabulary: the user's own where there is one, else the built-in."""
    del user_folder, language
    return Vocabulary(), ()
