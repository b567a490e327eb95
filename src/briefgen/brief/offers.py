"""Offers: whether a line puts something up for sale."""

from briefgen.brief.noted_words import is_pitch
from briefgen.brief.redaction import mentions
from briefgen.brief.signals import Vocabulary
from briefgen.brief.word_families.families import language_file


def sells(text: str, languages: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    """Whether a text sells, by its sense; in a language without such a family, by its words."""
    if is_pitch(text, languages):
        return True
    if all("pitch" in language_file(code).families for code in languages):
        return False
    return any(mentions(text, word, vocabulary.language) for word in vocabulary.pitch)
