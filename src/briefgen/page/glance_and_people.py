"""The values a template sees for the glance, the people, their moods, and a line."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from briefgen.brief.brief import Face, GlanceLine, GlanceStance, Line, Mood, Tone
from briefgen.brief.sections import glance_label, is_careful, section_row
from briefgen.brief.wording import capitalised
from briefgen.page.contents import Block, Contents, readable
from briefgen.page.look import Look
from briefgen.page.people import in_crowd
from briefgen.page.plan import MOST_SHORT, Plan
from briefgen.page.text import (
    NO_BREAK,
    bound,
    breadth,
    in_one_piece,
    in_whole_parts,
    length,
    mail_link,
    telephone_link,
    tidy,
    unwidowed,
)
from briefgen.page.typeset import ASSETS
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Size
from briefgen.workspace.value import Value

_ONE_LINE: Final = 70
"""The most characters of a glance line for which its small type is worth showing."""
_REASON: Final = re.compile(r"\s*[(（][^()（）]*[)）]")  # noqa: RUF001  # of Japanese
"""In brackets after what is not to be done."""
_ARROW: Final = " → "
"""Between a state and the outcome that is wanted."""
_SHORT_AND_RIGHT_TO_LEFT: Final[dict[Size, tuple[int, int]]] = {
    "A4": (90, 60), "Letter": (90, 60), "A5": (48, 36),
}  # fmt: skip
"""Characters that a line of the glance may have on two lines of type, and on one."""
_SHORT_DATE: Final = 24
"""The breadth of `12. Okt. E-Mail`."""
_LATE: Final = frozenset({"overdue"})
_LONGEST_PART: Final[dict[Size, int]] = {"A4": 22, "Letter": 22, "A5": 16}
"""Characters of a title or an organization that is not broken beside a photo."""


def dated_talks(lines: list[dict[str, Any]], language: Language) -> list[dict[str, Any]]:
    """How the talks were, beside their dates; at the end of their lines where one is too long."""
    if all(breadth(f"{line['label']} {line['channel']}") <= _SHORT_DATE for line in lines):
        return lines
    return [
        {
            **line,
            "channel": "",
            "note": comma(language).join(filter(None, (line["channel"], line["note"]))),
        }
        for line in lines
    ]


def comma(language: Language) -> str:
    """The separator of a list: `, `, but `、` in Japanese and `، ` in Arabic."""
    return language.text("{one}, {other}", one="", other="")


def semicolon(language: Language) -> str:
    """The separator of two remarks on one line."""
    return language.text("{one}; {other}", one="", other="")


def line_of(block: Block, contents: Contents) -> dict[str, Any]:
    """A block as templates see it."""
    line = block.line
    section = block.section
    late = line.mark in _LATE
    labels = contents.people.labels
    said_by_name = line.label.rstrip(":") in labels.values()
    origin = line.origin
    label = "" if said_by_name and section not in {"prompt", "person"} else line.label
    if section_row(section).ticked and label and line.mark != "theirs":
        origin, label = label, ""
    text = comma(contents.look.language).join(one.text for one in block.lines)
    outcome = ""
    if section == "situation":
        text, _, outcome = text.partition(_ARROW)
    return {
        "id": block.id,
        "section": section,
        "rule": line.rule,
        "label": label.rstrip(".:") if section == "agenda" else label.rstrip(":"),
        "channel": "" if line.channel == contents.look.language.text("meeting") else line.channel,
        "text": text,
        "outcome": outcome,
        "note": "" if late else line.note,
        "origin": (line.note or origin) if late else origin,
        "mark": line.mark or "",
        "late": late,
        "ticked": section_row(section).ticked,
        "who": line.who or "",
        "new": any(one.new for one in block.lines),
        "rank": block.worth[0],
        "must_stay": block.must_stay,
        "name": "",
    }


def glance_of(contents: Contents, plan: Plan) -> dict[str, Any] | None:
    """The strip at the top; None if it is empty."""
    glance, language = contents.brief.glance, contents.look.language
    if glance.stance is None and glance.lead is None and not glance.lines:
        return None
    lead = readable(glance.lead, language) if glance.lead is not None else None
    rows = [_glance_row(one, language, short=plan.short > 0) for one in glance.lines[:3]]
    if plan.short and language.right_to_left:  # the stylesheet cannot cut there: see brief.css
        two_lines, one_line = _SHORT_AND_RIGHT_TO_LEFT[contents.look.size]
        for row in rows:
            whole = row["key"] == "first" and plan.short < MOST_SHORT
            for line in row["lines"]:
                line["text"] = tidy(line["text"], two_lines if whole else one_line)
        if lead is not None and plan.short == MOST_SHORT:
            lead = lead.replace(text=tidy(lead.text, one_line - len(lead.label)))
    return {
        "stance": tidy(glance.stance.text, 60) if glance.stance else "",
        "evidence": _evidence(glance.stance, language) if glance.stance else "",
        "new": glance.stance is not None and glance.stance.new,
        "lead": _glance_line(lead) if lead else None,
        "quiet": glance.quiet,
        "rows": rows,
    }


def _evidence(stance: GlanceStance, language: Language) -> str:
    return unwidowed(bound(tidy(stance.evidence, 160), language), language)


def _glance_row(row: GlanceLine, language: Language, *, short: bool) -> dict[str, Any]:
    """A label and its line; only what to bring has two.

    If it is cut, the reasons for what not to do are cut first.
    """
    lines = [readable(line, language) for line in row.lines]
    if short and row.label == "not-today":
        lines = [line.replace(text=_REASON.sub("", line.text)) for line in lines]
    if row.label != "bring" and len(lines) > 1:
        texts = [line.text.rstrip(".") for line in lines]
        new = any(line.new for line in lines)
        lines = [lines[0].replace(text=semicolon(language).join(texts), new=new)]
    if row.label not in {"first", "bring"}:
        lines = [
            line if length(line.text) + length(line.note) < _ONE_LINE else line.replace(note="")
            for line in lines
        ]
    shown = [_glance_line(line) for line in lines[:2]]
    if not any(one["ticked"] or one["label"] for one in shown):
        shown = [{**one, "text": capitalised(one["text"])} for one in shown]
    return {
        "key": row.label,
        "label": glance_label(row.label, language),
        "careful": is_careful(row),
        "lines": shown,
    }


def _glance_line(line: Line) -> dict[str, Any]:
    ticked = section_row(line.section).ticked
    when = line.label if ticked and line.label else line.origin
    late = line.mark in _LATE
    return {
        "label": "" if ticked else line.label.rstrip(":"),
        "text": line.text,
        "late": (line.note or when) if late else "",
        "note": "" if late else line.note,
        "when": "" if late or not ticked else when,
        "ticked": ticked,
        "new": line.new,
    }


def face_of(contents: Contents, at: int, plan: Plan) -> dict[str, Any]:
    """A person with a block."""
    face, look = contents.people.faces[at], contents.look
    photo = contents.photos.get(at)
    full = contents.brief.edition == "full"
    column = contents.people.arrangement == "column"
    facts = [block for block in contents.facts(at) if block.id not in plan.left_out]
    mood = contents.mood_of(face) if column and f"m{at}" not in plan.left_out else ()
    told = full and column and f"t{at}" not in plan.left_out
    telephone = tidy(face.telephone or "", 30) if told else ""
    return {
        "id": f"f{at}",
        "name": face.name if full else look.language.person(face.name),
        "mail": mail_link(face.email) if full else None,
        "pronouns": tidy(face.pronouns, 20) if full else "",
        "role": in_whole_parts(face.role, _LONGEST_PART[look.size]),
        "remark": face.remark if full else "",
        "decides": full and face.decides,
        "telephone": telephone,
        "call": telephone_link(telephone),
        "initials": face.initials if full else "",
        "photo": f"{ASSETS}{photo.name}" if photo else "",
        "said": _last_mood(face.mood, look, contents) if full and not column else "",
        "lines": [line_of(block, contents) for block in facts],
        "new": face.new,
        "new_mood": face.new_mood,
        "mood": mood_line(
            mood, day=contents.brief.start.date(), language=look.language, size=look.size
        ),
    }


def _last_mood(mood: Sequence[Mood], look: Look, contents: Contents) -> str:
    """Like `relieved, 29 Oct`."""
    if not mood:
        return ""
    day = look.language.short_date(mood[-1].date, beside=contents.brief.start.date())
    return comma(look.language).join([*mood[-1].signals[:2], in_one_piece(day)])


def others_of(contents: Contents) -> dict[str, Any] | None:
    """The people without a block, in one line."""
    people, language = contents.people, contents.look.language
    if people.arrangement == "crowd" or not (people.others or people.uncounted):
        return None
    names = [language.person(in_crowd(face)) for face in people.others]
    if people.uncounted:
        names.append(language.plural("{count} more", "{count} more", people.uncounted))
    known = any(face.contact for face in people.others)
    label = language.text("Also") if known or not people.others else language.text("Not on file")
    if contents.brief.edition == "table":
        label = language.text("Also")
    return {
        "label": label,
        "names": comma(language).join(name.replace(" ", NO_BREAK) for name in names),
        "new": any(face.new for face in people.others),
    }


def crowd_of(contents: Contents) -> list[dict[str, Any]]:
    """Everyone by name, one row for each organization, those on file first."""
    people, language = contents.people, contents.look.language
    groups: dict[str, list[Face]] = {}
    for face in people.everybody:
        groups.setdefault(_organization(face, contents), []).append(face)
    rows = []
    for name, faces in groups.items():
        names = {face.key: language.person(in_crowd(face)) for face in faces}
        known = [names[face.key].replace(" ", NO_BREAK) for face in faces if face.contact]
        others = [names[face.key].replace(" ", NO_BREAK) for face in faces if not face.contact]
        if contents.brief.edition == "table":
            known, others = [], known + others
        rows.append(
            {
                "organization": tidy(name, 40) or language.text("Others"),
                "count": len(faces),
                "known": comma(language).join(known),
                "others": comma(language).join(others),
                "new": any(face.new for face in faces),
            }
        )
    if people.uncounted:
        more = language.plural("{count} more", "{count} more", people.uncounted)
        said = str(rows[-1]["others"])
        rows[-1]["others"] = f"{said}{comma(language)}{more}" if said else more
    return rows


def _organization(face: Face, contents: Contents) -> str:
    """Their organization: from their file, else that of a contact with the same domain."""
    for name in contents.brief.organizations:
        if name and face.role.endswith(name):
            return name
    domain = (face.email or "").rpartition("@")[2]
    if not domain:
        return ""
    for other in contents.people.everybody:
        if other.contact and (other.email or "").endswith(f"@{domain}"):
            for name in contents.brief.organizations:
                if name and other.role.endswith(name):
                    return name
    return domain


WIDTH: Final = 52
"""Of the drawing, in units of its own."""
_EDGE: Final = 1.8
_HIGH: Final = 6.2
_FLAT: Final = 3.6
_LEVELS: Final[dict[Tone, float]] = {"high": 1.8, "neutral": 3.1, "mixed": 3.1, "low": 4.4}
_SHORTEST: Final = 14
"""The least width of a column, for a date, in halves of a letter."""
_ROUND: Final = 4
"""How much wider a column is than its words."""
_ROOM: Final[dict[Size, int]] = {"A4": 62, "Letter": 62, "A5": 44}
"""The width of all columns together, so that no word is broken."""


class Dot(Value, frozen=True, kw_only=True):
    """One interaction; dark is low and half is mixed, so that it is clear without colour too.

    Attributes:
        words, date: the two lines beneath it.
        share: of the width, in per cent, from it to the next.
        last: whether it is the newest, which is drawn larger.
    """

    x: float
    y: float
    tone: Tone
    words: str
    date: str
    share: float
    last: bool


class MoodLine(Value, frozen=True, kw_only=True):
    """A drawing `width` by `height` units, and what it shows in words.

    Attributes:
        narrow: whether a word is too long for its column and has to be hyphenated.
    """

    width: int
    height: float
    dots: tuple[Dot, ...]
    path: str
    words: str
    narrow: bool

    @property
    def flat(self) -> bool:
        """Whether nothing has changed."""
        return self.height == _FLAT


def mood_line(
    moods: tuple[object, ...], *, day: date, language: Language, size: Size
) -> MoodLine | None:
    """The last signals, oldest first; nothing if there are fewer than two.

    If their words are too long for the column, the last ones take a line each, then the oldest mood
    is dropped, then the second word of the last.
    """
    given = [mood for mood in moods if isinstance(mood, Mood)]
    comma = language.text("{one}, {other}", one="", other="")
    signals = [list(mood.signals[: 2 if mood is given[-1] else 1]) for mood in given]
    broad = [max(breadth(comma.join(each)), _SHORTEST) + _ROUND for each in signals]
    if sum(broad) > _ROOM[size]:
        broad[-1] = max(_SHORTEST, *(breadth(f"{each},") for each in signals[-1])) + _ROUND
    if sum(broad) > _ROOM[size] and len(given) > 2:  # noqa: PLR2004  # two are a line
        return mood_line(tuple(given[1:]), day=day, language=language, size=size)
    if sum(broad) > _ROOM[size] and len(signals[-1]) > 1:
        shorter = given[-1].replace(signals=given[-1].signals[:1])
        return mood_line((*given[:-1], shorter), day=day, language=language, size=size)
    if len(given) < 2:  # noqa: PLR2004  # one point is not a line
        return None
    flat = len({_LEVELS[mood.tone] for mood in given}) == 1
    places = [round(100 * each / sum(broad), 1) for each in broad]
    dots = []
    for at, mood in enumerate(given):
        place = _EDGE + WIDTH * sum(places[:at]) / 100
        x = WIDTH - place if language.right_to_left else place
        dots.append(
            Dot(
                x=round(x, 1),
                y=_FLAT / 2 if flat else _LEVELS[mood.tone],
                tone=mood.tone,
                words=comma.join(signals[at]),
                share=places[at],
                date=language.short_date(mood.date, beside=day),
                last=at == len(given) - 1,
            )
        )
    return MoodLine(
        width=WIDTH,
        height=_FLAT if flat else _HIGH,
        dots=tuple(dots),
        path=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        words=comma.join(f"{dot.date} {dot.words}" for dot in dots),
        narrow=sum(broad) > _ROOM[size],
    )
