"""The printed lines of a meeting's sheet, to be ticked afterwards: which of them were used?"""

from collections.abc import Collection, Iterator, Sequence

from briefgen.brief.brief import Brief, Line
from briefgen.brief.line_use import LineUse, line_mark, meeting_mark
from briefgen.reflection.answers import Occasion
from briefgen.reflection.open_items import OpenItem
from briefgen.workspace.value import Value

_LABELS = frozenset({"first", "bring", "ask", "then"})
"""The lines of the glance that say what to do; the rest says what to know."""
_SECTIONS = frozenset({"say", "bring"})


class PrintedLine(Value, frozen=True, kw_only=True):
    """A line of the sheet that could be used.

    Attributes:
        key: names it in a form and in `Answers.lines`.
        who: the stem of the contact it is about, or None.
        item: the talking point of the user's own that it prints, or None.
    """

    key: str
    text: str
    rule: str
    who: str | None
    item: OpenItem | None = None


def printed_lines(brief: Brief, items: Sequence[OpenItem]) -> tuple[PrintedLine, ...]:
    """The lines of a brief to be ticked, and talking points that had no room on it.

    What `items` ask about anyhow (promises, concerns, needs, things to share) is not asked twice.
    """
    by_place = {(item.file, item.line): item for item in items}
    found: dict[str, PrintedLine] = {}
    for line in _lines(brief):
        item = by_place.get((line.source.file, line.source.line))
        if item is not None and item.kind != "talking_point":
            continue
        key = line_mark(line.rule, line.who, line.text)
        text = item.text if item else line.text
        found.setdefault(
            item.key if item else key,
            PrintedLine(key=key, text=text, rule=line.rule, who=line.who, item=item),
        )
    for item in items:
        if item.kind == "talking_point" and item.key not in found:
            found[item.key] = PrintedLine(
                key=item.key, text=item.text, rule="written", who=item.contact, item=item
            )
    return tuple(found.values())


def _lines(brief: Brief) -> Iterator[Line]:
    """The lines that could be used, without those that are new since the delivered sheet."""
    of_glance = (line for one in brief.glance.lines if one.label in _LABELS for line in one.lines)
    below = (line for line in brief.lines if line.section in _SECTIONS)
    return (line for line in (*of_glance, *below) if not line.new)


def line_uses(
    lines: Sequence[PrintedLine], used: Collection[str], occasion: Occasion
) -> tuple[LineUse, ...]:
    """What is recorded of the lines of a meeting, of which those with a key in `used` were used."""
    meeting = meeting_mark(occasion.uid, occasion.recurrence_id)
    return tuple(
        LineUse(
            day=occasion.day.isoformat(),
            meeting=meeting,
            rule=line.rule,
            line=line.key,
            used=line.key in used,
        )
        for line in lines
    )
