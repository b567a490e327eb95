"""Redaction: what must not be mentioned, and who may see what.

An entry of `avoid` is either a matter, with every way of saying it, or a word in all its forms.
`divorce` belongs to the family of separation and divorce, and hides every way of saying that.
`marathon` belongs to no family, and hides its inflections and the compounds that end with it.
Families apply in the language of the workspace, in English, in the languages of the contacts, and
in those of the scripts found in a text.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Final

from briefgen.brief.brief import Face, LeftOut, Line
from briefgen.brief.own_words import OwnWords, own_words
from briefgen.brief.phrases import reading_languages
from briefgen.brief.word_families import (
    LANGUAGES,
    elsewhere,
    kinds,
    language_file,
    matters_by_family,
    mentions_in,
    possible_families,
    relations_of,
    with_scripts,
)
from briefgen.brief.word_families.patterns import (
    Token,
    pattern_of,
    tokens_of,
)
from briefgen.brief.words import fold, word_list
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

_NO_MATTER: Final = frozenset({"weak", "pitch", "confidence"})
_HALF: Final = 2
"""An entry belongs to a family if at least half of its content words do."""
_SMALL_WORDS: Final = word_list("articles_and_prepositions")


class Hidden(Value, frozen=True, kw_only=True):
    """Why a text is hidden.

    Attributes:
        entry: the entry of `avoid` that hides it.
        words: how the text says it.
    """

    entry: str
    words: str


class Avoided(Value, frozen=True, kw_only=True, dict=True):
    """One entry of `avoid`, as it is understood.

    Attributes:
        entry: as written.
        matters: the matters it belongs to; none if it belongs to no family.
        families: the families of words for them.
        languages: the languages to read texts in for it.
        words: its own words in their forms; None if they mean too much else.
    """

    entry: str
    matters: tuple[str, ...] = ()
    families: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    words: OwnWords | None = None

    def hides(self, text: str) -> Hidden | None:
        """Why this entry hides a text; None if it does not."""
        for mention in mentions_in(text, self.languages, among=self.families):
            return Hidden(entry=self.entry, words=mention.words)
        if self.words is not None and (found := self.words.found_in(text)):
            return Hidden(entry=self.entry, words=found)
        return None

    def may_be_in(self, text: str) -> bool:
        """Whether a text has a word that could mention it; most have none."""
        if self.words is not None and self.words.may_be_in(text):
            return True
        return not self.families.isdisjoint(possible_families(text))

    @cached_property
    def ways(self) -> int:
        """How many ways of saying it are known in its languages."""
        return sum(
            len(family.words) + len(family.also)
            for code in self.languages
            for name, family in language_file(code).families.items()
            if name in self.families
        )

    def names(self, language: str) -> tuple[str, ...]:
        """The names of its matters in a language."""
        families = language_file(language).families
        other = language_file("en").families
        return tuple(
            (families.get(matter) or other[matter]).name
            for matter in self.matters
            if matter in families or matter in other
        )


class Tact(Value, frozen=True, kw_only=True, dict=True):
    """What is avoided with the people of one meeting, and the edition it is for.

    Attributes:
        avoided: the entries.
        language: the language of the workspace.
        languages: those of the contacts, if given.
    """

    avoided: tuple[str, ...]
    language: str
    edition: Edition
    languages: tuple[str, ...] = ()

    @classmethod
    def with_words(
        cls,
        words: Iterable[str],
        *,
        language: str,
        edition: Edition,
        languages: Iterable[str | None] = (),
    ) -> "Tact":
        """Tact about these words; each counts once."""
        kept = dict.fromkeys(word.strip() for word in words if word.strip())
        return cls(
            avoided=tuple(kept),
            language=language,
            edition=edition,
            languages=tuple(dict.fromkeys(one for one in languages if one)),
        )

    def avoided_in(self, text: str) -> str | None:
        """The first entry that a text mentions."""
        hidden = self.hidden_by(text)
        return hidden.entry if hidden else None

    def hidden_by(self, text: str, *parts: str) -> Hidden | None:
        """The first entry that a text, or one of its parts, mentions, and how."""
        near = [one for one in self._understood if one.may_be_in(text)]
        found = (one.hides(part) for part in parts or (text,) for one in near)
        return next(filter(None, found), None)

    @cached_property
    def _understood(self) -> tuple[Avoided, ...]:
        languages = reading_languages(self.language, *self.languages)
        return tuple(understand(entry, languages) for entry in self.avoided)

    def refusals(self, lines: Sequence[Line]) -> dict[int, LeftOut]:
        """The lines that must not be in the brief, by their places, and why."""
        found: dict[int, LeftOut] = {}
        for at, line in enumerate(lines):
            if line.visibility == "never":
                found[at] = LeftOut(line=line, reason="visibility", by="never")
            elif self.edition == "table" and line.visibility != "print":
                found[at] = LeftOut(line=line, reason="edition", by="table")
            elif hidden := self._hidden_in(line):
                found[at] = LeftOut(line=line, reason="avoid", by=hidden.entry, words=hidden.words)
        return found

    def _hidden_in(self, line: Line) -> Hidden | None:
        """Why a line is hidden: as a whole, or by its note without our label.

        Beside our own words a note in another language would not be recognised as such.
        """
        _, colon, noted = line.text.partition(": ")
        said = f"{line.label}\n{line.channel}\n{line.text}\n{line.note}"
        parts = dict.fromkeys((said, line.text, noted if colon else "", line.note))
        return self.hidden_by(said, *filter(None, parts))

    def tactful(self, faces: Sequence[Face]) -> Sequence[Face]:
        """Faces without the roles, remarks and moods that mention what is avoided; names stay."""
        return tuple(map(self._tactful, faces)) if self.avoided else faces

    def _tactful(self, face: Face) -> Face:
        role = "" if self.avoided_in(face.role) else face.role
        remark = "" if self.avoided_in(face.remark) else face.remark
        mood = tuple(one for one in face.mood if not self.avoided_in(", ".join(one.signals)))
        if (role, remark, mood) == (face.role, face.remark, face.mood):
            return face
        return face.replace(role=role, remark=remark, mood=mood)


def mentions(text: str, avoided: str, *languages: str) -> bool:
    """Whether a text mentions the matter of an entry of `avoid`, read in some languages."""
    return understand(avoided, reading_languages(*languages)).hides(text) is not None


@lru_cache(maxsize=2_000)
def understand(entry: str, languages: tuple[str, ...]) -> Avoided:
    """What an entry means in some languages; if it is unknown in those, in any of the nine."""
    own = read_in = with_scripts(entry, languages)
    families = _families(entry, own)
    if not families:
        for code in LANGUAGES:
            if code not in own and (found := _families(entry, (code,), foreign=True)):
                families, read_in = found, (*own, code)
                break
    matters = dict.fromkeys(
        matter for family in families for matter in matters_by_family().get(family, (family,))
    )
    hidden = frozenset(one for matter in matters for one in kinds().matters.get(matter, (matter,)))
    is_ambiguous = any(fold(entry).strip() in language_file(code).ambiguous for code in own)
    return Avoided(
        entry=entry,
        matters=tuple(matters),
        families=hidden,
        languages=read_in,
        words=None if is_ambiguous else own_words(entry, own, hidden),
    )


def _families(entry: str, languages: tuple[str, ...], *, foreign: bool = False) -> tuple[str, ...]:
    """The families an entry belongs to; in a foreign language only if all of it does."""
    named = _named(entry, languages)
    found = mentions_in(entry, languages, strict=True) or mentions_in(entry, languages)
    telling = [one for one in tokens_of(entry) if not _is_small(one, languages)]
    least = len(telling) if foreign else len(telling) / _HALF
    full = dict.fromkeys(
        one.family
        for one in found
        if one.language in languages
        and one.family not in _NO_MATTER
        and (sum(not _is_small(t, languages) for t in tokens_of(one.words)) or 1) >= least
    )
    if foreign:
        others = (fold(one.strip("=~")) for code in languages for one in elsewhere(code))
        known = fold(entry) not in others
        full = {one: None for one in full if known and _is_written_so(entry, one, languages)}
    return tuple(dict.fromkeys((*named, *full)))


def _is_written_so(entry: str, family: str, languages: Iterable[str]) -> bool:
    """Whether a family lists an entry in this very form, or a word that it begins with."""
    flat = fold(entry).strip()
    return any(
        re.fullmatch(re.escape(fold(written)).replace(r"\*", ".*"), flat)
        for code in languages
        for written in (word.lstrip("=") for word in language_file(code).families[family].words)
    )


def _named(entry: str, languages: Sequence[str]) -> tuple[str, ...]:
    """The families called so, and those that list the entry among their `entries`."""
    return tuple(
        name
        for code in languages
        for name, family in language_file(code).families.items()
        if name in matters_by_family()
        and (
            fold(family.name) == fold(entry.strip())
            or any(_is_entry(entry, written, code) for written in family.entries)
        )
    )


def _is_entry(entry: str, written: str, language: str) -> bool:
    """Whether an entry is a word, or a phrase, that names a family."""
    if written == entry.strip():
        return True
    tokens = tokens_of(entry)
    pattern = pattern_of("", written, language)
    return bool(tokens) and pattern.ends_at(tokens, 0, relations_of(language)) == len(tokens)


def _is_small(token: Token, languages: tuple[str, ...]) -> bool:
    """Whether a word is an article, a preposition, a relation or a word before one."""
    if token.flat in _SMALL_WORDS:
        return True
    return any(
        relations_of(code).before.fits(token) or relations_of(code).words.fits(token)
        for code in languages
    )
