"""What a delivered sheet said, kept as hashes without words, and what has changed since then."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
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
        title, place, people: a sign each.
        lines: the signs of everything it said of people.
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
    """What is to be remembered of a sheet that is delivered."""
    return Said(
        key=sheet_key(brief),
        start=_moment(brief.start),
        end=_moment(brief.end),
        title=_sign(brief.title),
        place=_sign(brief.place, brief.join_link),
        people=_sign(*sorted(face.key for face in brief.faces), brief.uncounted),
        lines=frozenset(_signs(brief)),
    )


def marked(brief: Brief, delivered: Iterable[tuple[date, Said]]) -> Brief:
    """A brief with what is new in it since the last delivered sheet that says anything else.

    A sheet that is delivered says the same as the brief it was made of, and is passed over: so the
    same page comes out before and after. `delivered` begins with the newest.
    """
    now = said_of(brief)
    for day, before in delivered:
        if before != now:
            return _marked(brief, before, _changes(now, before, day))
    return brief


def _changes(now: Said, before: Said, day: date) -> Changes:
    return Changes(
        day=day,
        time=(before.start, before.end) != (now.start, now.end),
        title=before.title != now.title,
        place=before.place != now.place,
        people=before.people != now.people,
    )


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
    """Like `changed since Friday’s sheet: time, two lines`; empty where nothing is to be told.

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
    """The signs of everything a brief says of people, on whatever part of the page."""
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
    """Its place on the page and its number in an agenda are no part of it, nor how late it is."""
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


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _sign(*parts: object) -> str:
    told = json.dumps(parts)
    return hashlib.sha256(told.encode()).hexdigest()[:_SIGN_LENGTH]
