"""Redaction: what must not be mentioned, and who may see what.

An entry of `avoid` hides every line that speaks of its matter (see `avoided`). Families of words
apply in the language of the workspace, in English, in the languages of the contacts, and in those
of the scripts found in a text.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

from briefgen.brief.avoided import Hidden, Sieve, sieve_of, understand
from briefgen.brief.brief import Face, LeftOut, Line, Mood
from briefgen.brief.noted_words import reading_languages
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value


class Tact(Value, frozen=True, kw_only=True, dict=True):
    """What is avoided with the people of one meeting, and the edition it is for.

    Attributes:
        avoided: the entries.
        language: the language of the workspace.
        languages: those of the contacts, where they are given.
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
        """The first entry whose matter a text mentions."""
        hidden = self.hidden_by(text)
        return hidden.entry if hidden else None

    def hidden_by(self, text: str) -> Hidden | None:
        """Why a text is hidden: the first entry whose matter it mentions, and how."""
        return self._sieve.hidden_by(text) if self.avoided else None

    @cached_property
    def _sieve(self) -> Sieve:
        return sieve_of(self.avoided, reading_languages(self.language, *self.languages))

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
        """Why a line is hidden: as a whole, or by what was noted, without our words before it.

        Beside those a note in another language would not be read in it.
        """
        if not self.avoided:
            return None
        _, colon, noted = line.text.partition(": ")
        parts = dict.fromkeys((_said(line), line.text, noted if colon else "", line.note))
        return next((hidden for part in parts if part and (hidden := self.hidden_by(part))), None)

    def tactful(self, faces: Sequence[Face]) -> Sequence[Face]:
        """Faces without roles, remarks and moods that mention what is avoided; names stay."""
        return tuple(map(self._tactful, faces)) if self.avoided else faces

    def _tactful(self, face: Face) -> Face:
        role = "" if self.avoided_in(face.role) else face.role
        remark = "" if self.avoided_in(face.remark) else face.remark
        mood = tuple(one for one in face.mood if not self.avoided_in(_felt(one)))
        if (role, remark, mood) == (face.role, face.remark, face.mood):
            return face
        return face.replace(role=role, remark=remark, mood=mood)


def _said(line: Line) -> str:
    return f"{line.label}\n{line.channel}\n{line.text}\n{line.note}"


def _felt(mood: Mood) -> str:
    return ", ".join(mood.signals)


def mentions(text: str, avoided: str, *languages: str) -> bool:
    """Whether a text mentions the matter of an entry of `avoid`, read in some languages."""
    return understand(avoided, reading_languages(*languages)).hides(text) is not None
