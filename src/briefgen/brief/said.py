"""What a delivered sheet said, kept as hashes without words, and what has changed since then."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date
from typing import Any, Final

from briefgen.brief.brief import Brief, Changes, Face, GlanceStance, Line
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

_SIGN_LENGTH: Final = 10
_WEEK: Final = 7


class Said(Value, frozen=True, kw_only=True):
    """What one sheet said.

    Attributes:
        key: which meeting and edition it is of.
        start, end: of the meeting, in UTC.
        title, place, people: a hash each.
        lines: the hashes of everything it said about people.
    """

    key: str
    start: str
    end: str
    title: str
    place: str
    people: str
    lines: frozenset[str]

    def as_json(self) -> dict[str, Any]:
        """As the ledger and the day's folder keep it."""
        plain = {name: getattr(self, name) for name in self.__struct_fields__}
        return {**plain, "lines": sorted(self.lines)}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Said":
        """As it was kept.

        Raises:
            KeyError, TypeError: where it is not what was written.
        """
        texts = {name: str(stored[name]) for name in cls.__struct_fields__ if name != "lines"}
        return cls(**texts, lines=frozenset(map(str, stored["lines"])))


def sheet_key(brief: Brief) -> str:
    """The name of a meeting's sheet, which stays when the meeting moves."""
    return _sign(brief.uid or brief.title, brief.recurrence_id, brief.edition)


def said_of(brief: Brief) -> Said:
    """What is remembered of a delivered sheet."""
    return Said(
        key=sheet_key(brief),
        start=brief.start.astimezone(UTC).isoformat(),
        end=brief.end.astimezone(UTC).isoformat(),
        title=_sign(brief.title),
        place=_sign(brief.place, brief.join_link),
        people=_sign(*sorted(face.key for face in brief.faces), brief.uncounted),
        lines=frozenset(_signs(brief)),
    )


def marked(brief: Brief, delivered: Iterable[tuple[date, Said]]) -> Brief:
    """A brief with what is new in it since the last delivered sheet that says anything else.

    A delivered sheet that says the same as the brief is skipped, so that the page is the same
    before and after its delivery. `delivered` begins with the newest.
    """
    now = said_of(brief)
    for day, before in delivered:
        if before != now:
            changes = Changes(
                day=day,
                time=(before.start, before.end) != (now.start, now.end),
                title=before.title != now.title,
                place=before.place != now.place,
                people=before.people != now.people,
            )
            return _marked(brief, before, changes)
    return brief


def _marked(brief: Brief, before: Said, changes: Changes) -> Brief:
    def lines(given: Iterable[Line]) -> tuple[Line, ...]:
        return tuple(one.replace(new=_line(one) not in before.lines) for one in given)

    glance = brief.glance
    if glance.stance is not None:
        new = _stance(glance.stance) not in before.lines
        glance = glance.replace(stance=glance.stance.replace(new=new))
    (lead,) = lines([glance.lead]) if glance.lead is not None else (None,)
    rows = tuple(row.replace(lines=lines(row.lines)) for row in glance.lines)
    return brief.replace(
        changes=changes,
        glance=glance.replace(lead=lead, lines=rows),
        faces=tuple(
            face.replace(
                new=_face(face) not in before.lines,
                new_mood=bool(face.mood) and _mood(face) not in before.lines,
                lines=lines(face.lines),
            )
            for face in brief.faces
        ),
        lines=lines(brief.lines),
        prompts=tuple(one.replace(lines=lines(one.lines)) for one in brief.prompts),
    )


def count_new(brief: Brief) -> int:
    """How many things a brief says that the last delivered sheet did not."""
    prompted = (line for prompt in brief.prompts for line in prompt.lines)
    of_faces = (line for face in brief.faces for line in face.lines)
    every = (*brief.glance.every_line, *brief.lines, *prompted, *of_faces)
    count = sum(line.new for line in every)
    count += sum(face.new + face.new_mood for face in brief.faces)
    return count + (brief.glance.stance is not None and brief.glance.stance.new)


def since_words(changes: Changes, count: int, language: Language, *, beside: date) -> str:
    """Like `changed since Friday’s sheet: time, two lines`; empty if nothing has changed.

    Args:
        changes: what has changed.
        count: how many lines are new or changed, of those that are shown.
        language: of the words.
        beside: the day of the meeting.
    """
    text = language.text
    facts = (
        (changes.time, text("time")),
        (changes.title, text("title")),
        (changes.place, text("place")),
        (changes.people, text("people")),
        (count == 1, text("one line")),
        (count == 2, text("two lines")),  # noqa: PLR2004  # in words
        (count > 2, language.plural("{count} line", "{count} lines", count)),  # noqa: PLR2004  # as before
    )
    told = [word for is_so, word in facts if is_so]
    if not told:
        return ""
    what = text("{one}, {other}", one="", other="").join(told)
    if 0 <= (beside - changes.day).days < _WEEK:
        weekday = language.weekday(changes.day)
        return text("changed since {weekday}’s sheet: {what}", weekday=weekday, what=what)
    day = language.short_date(changes.day, beside=beside)
    return text("changed since the sheet of {day}: {what}", day=day, what=what)


def _signs(brief: Brief) -> Iterator[str]:
    """The hashes of everything a brief says about people, anywhere on the page."""
    if brief.glance.stance is not None:
        yield _stance(brief.glance.stance)
    for face in brief.faces:
        yield _face(face)
        if face.mood:
            yield _mood(face)
        yield from map(_line, face.lines)
    prompted = (line for prompt in brief.prompts for line in prompt.lines)
    yield from map(_line, (*brief.glance.every_line, *brief.lines, *prompted))


def _line(line: Line) -> str:
    """Its place on the page, its number in an agenda and how late it is do not count."""
    label = "" if line.section == "agenda" else line.label
    note = "" if line.mark == "overdue" else line.note
    return _sign(line.who, label, line.text, note)


def _face(face: Face) -> str:
    return _sign(face.key, face.name, face.role)


def _mood(face: Face) -> str:
    last = face.mood[-1]
    return _sign(face.key, last.date.isoformat(), *last.signals)


def _stance(stance: GlanceStance) -> str:
    return _sign(stance.text, stance.evidence)


def _sign(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_SIGN_LENGTH]
