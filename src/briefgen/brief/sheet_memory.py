"""What delivered sheets said, kept as hashes without words, and which of their lines were used.

`SheetDigest` is kept in the ledger and the day's folder, to mark what is new on the next sheet. The
uses of lines, from the reflections, are in `.briefgen/lines`: on each line a JSON object with the
day, a hash of the meeting, the line's rule, a hash of the line, and whether it was used.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any, Final

from msgspec.structs import asdict

from briefgen.brief.brief import Brief, Changes, Face, GlanceStance, Line
from briefgen.workspace.atomic import FILE_MODE, make_folder
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

_SIGN_LENGTH: Final = 10
_WEEK: Final = 7


class SheetDigest(Value, frozen=True, kw_only=True):
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
    def read(cls, stored: Mapping[str, Any]) -> "SheetDigest":
        """As it was kept.

        Raises:
            KeyError, TypeError: if it is not what was written.
        """
        texts = {name: str(stored[name]) for name in cls.__struct_fields__ if name != "lines"}
        return cls(**texts, lines=frozenset(map(str, stored["lines"])))


def sheet_key(brief: Brief) -> str:
    """The name of a meeting's sheet, which stays when the meeting moves."""
    return _sign(brief.uid or brief.title, brief.recurrence_id, brief.edition)


def said_of(brief: Brief) -> SheetDigest:
    """What is remembered of a delivered sheet."""
    return SheetDigest(
        key=sheet_key(brief),
        start=brief.start.astimezone(UTC).isoformat(),
        end=brief.end.astimezone(UTC).isoformat(),
        title=_sign(brief.title),
        place=_sign(brief.place, brief.join_link),
        people=_sign(*sorted(face.key for face in brief.faces), brief.uncounted),
        lines=frozenset(_signs(brief)),
    )


def marked(brief: Brief, delivered: Iterable[tuple[date, SheetDigest]]) -> Brief:
    """A brief, marked with what is new since the last different sheet that was delivered.

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


def _marked(brief: Brief, before: SheetDigest, changes: Changes) -> Brief:
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
    """The hashes of everything that a brief says about people, anywhere on the page."""
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


class LineUse(Value, frozen=True, kw_only=True):
    """One printed line, and whether it was used.

    Attributes:
        day: the meeting's, like `2026-11-23`.
        meeting: names the meeting; see `mark_of`.
        rule: the name of the rule that made the line.
        line: names the line, as above.
    """

    day: str
    meeting: str
    rule: str
    line: str
    used: bool


class Usage(Value, frozen=True, kw_only=True):
    """How often the lines of one rule were printed, and used."""

    printed: int = 0
    used: int = 0

    @property
    def share(self) -> float:
        """The share that was used; a half if nothing is known."""
        return self.used / self.printed if self.printed else 0.5

    def __str__(self) -> str:
        return f"{self.used} of {self.printed}"


def mark_of(*parts: str | None) -> str:
    """A hash that names a meeting or a line without saying which.

    A meeting's parts are its UID and recurrence id, a line's its rule, its person and its text.
    """
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def lines_file(workspace: Workspace) -> Path:
    """Where the uses are recorded."""
    return workspace.memory / "lines"


def read_line_uses(workspace: Workspace) -> tuple[LineUse, ...]:
    """Every use on record, each line of a meeting once: the last answer counts."""
    try:
        written = lines_file(workspace).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    found: dict[tuple[str, str, str], LineUse] = {}
    for text in written:
        try:
            use = LineUse(**json.loads(text))
        except (ValueError, TypeError):  # a line cut off by a full disk
            continue
        found[use.meeting, use.day, use.line] = use
    return tuple(found.values())


def add_line_uses(workspace: Workspace, uses: Iterable[LineUse]) -> None:
    """Record uses; two programs at once do not lose each other's.

    Raises:
        OSError: if they cannot be written.
    """
    written = "".join(json.dumps(asdict(use)) + "\n" for use in uses)
    path = lines_file(workspace)
    make_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        os.write(descriptor, written.encode())
    finally:
        os.close(descriptor)


_MOST_TOLD: Final = 5
_SETTLED: Final = timedelta(days=7)
"""How long after a meeting its reflection counts, so that no page changes when it arrives."""


def usage_for(uses: Iterable[LineUse], day: date) -> Mapping[str, Usage]:
    """How often each rule's lines were used, as it counts for a meeting on this day."""
    until = (day - _SETTLED).isoformat()
    return usage_by_rule(use for use in uses if use.day <= until)


def usage_by_rule(uses: Iterable[LineUse]) -> Mapping[str, Usage]:
    """How often each rule's lines were printed and used, the most used first."""
    printed: Counter[str] = Counter()
    used: Counter[str] = Counter()
    for use in uses:
        printed[use.rule] += 1
        used[use.rule] += use.used
    rules = sorted(printed, key=lambda rule: (-used[rule], -printed[rule], rule))
    return {rule: Usage(printed=printed[rule], used=used[rule]) for rule in rules}


def usage_in_words(usage: Mapping[str, Usage]) -> str:
    """Like `open promise 3/5, interest 1/8`: the rules whose lines were used most."""
    used = [(rule, held) for rule, held in usage.items() if held.used][:_MOST_TOLD]
    return ", ".join(f"{rule.replace('-', ' ')} {held.used}/{held.printed}" for rule, held in used)
