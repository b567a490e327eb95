"""Every vocabulary, a YAML file with one entry a language, has all languages of the catalogues."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefgen.workspace.built_in import parse_built_in
from briefgen.workspace.language import LANGUAGES

ROOT = Path(__file__).parents[2]
FILES = (
    ROOT / "templates" / "signals.yaml",
    *(ROOT / "src/briefgen" / room for room in ("brief/care.yaml", "brief/phrases.yaml")),
    *(ROOT / "src/briefgen/reflection").glob("*_*.yaml"),
)
SEVERAL = 3
"""A mapping with so many languages is one of words by language."""
WITHOUT = {
    "asking": {"de", "pt", "ja", "ar"},  # what follows cannot stand alone in its case
    "roles": {"ja", "ar"},
    "recipient": {"ja", "ar"},
    "more_or_no_more": set(LANGUAGES) - {"fr"},
    "not_negations": {"ja", "ar"},
}
"""What some languages do not need."""


def by_language(held: object, *names: str) -> Iterator[tuple[tuple[str, ...], dict[str, object]]]:
    """Each mapping from languages to words, with the names that lead to it."""
    if isinstance(held, dict):
        if len(held.keys() & set(LANGUAGES)) >= SEVERAL:
            yield names, held
        else:
            for name, inner in held.items():
                yield from by_language(inner, *names, str(name))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_language_has_every_vocabulary(file: Path) -> None:
    """No family of words is missing or empty in a language, unless it does not need it."""
    found = dict(by_language(parse_built_in(file)))
    assert found
    lacking = {
        ".".join(names): missing
        for names, words in found.items()
        if (
            missing := {code for code in LANGUAGES if not words.get(code)}
            - WITHOUT.get(names[-1] if names else "", set())
        )
    }
    assert lacking == {}
