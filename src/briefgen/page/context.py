"""The context of a page: the few documented values that a template sees."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from briefgen.brief.brief import Changes, Prompt
from briefgen.brief.sections import Column, Part, quotes_last, section_heading, stance_word
from briefgen.brief.sheet_memory import since_words
from briefgen.brief.wording import capitalised
from briefgen.page.contents import Block, Contents
from briefgen.page.glance_and_people import (
    comma,
    crowd_of,
    dated_talks,
    face_of,
    glance_of,
    line_of,
    others_of,
)
from briefgen.page.look import Look
from briefgen.page.plan import Plan
from briefgen.page.text import (
    NO_BREAK,
    SHORT_FACT,
    bound,
    in_one_piece,
    length,
    meeting_day,
    meeting_hours,
    tidy,
    where_facts,
)
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

_LONGEST_TITLE: Final = 300
_LONG_TITLE: Final = 72
"""A longer title does not fit on two lines at full size."""
_PLAIN_LINES: Final = 10
_FIRST_LABELS: Final = 4
"""Samples of times that decide the width of their column."""
_LONGEST_STATE: Final = 40
_ADVICE: Final = frozenset({"stance", "helps"})
"""Rules of lines that say what to do, and so have no date."""
_CLOCK: Final = re.compile(r"\d{1,2}[:.h]\d{2}")


def paper_values(look: Look) -> dict[str, Any]:
    """The values that every sheet has: language, direction, paper, colour, author."""
    return {
        "lang": str(look.language.locale).replace("_", "-"),
        "dir": "rtl" if look.language.right_to_left else "ltr",
        "paper": look.size.lower(),
        "color": look.color,
        "author": look.author,
    }


def context(contents: Contents, plan: Plan, *, measured: bool = False) -> dict[str, Any]:
    """The values of one layout, by the names that docs/templates.md explains."""
    brief, look = contents.brief, contents.look
    language = look.language
    title = tidy(brief.title, _LONGEST_TITLE)
    date, hours = meeting_day(brief, language), meeting_hours(brief, language)
    clock = _CLOCK.match(hours)
    arranged = contents.people.arrangement
    page: dict[str, Any] = {
        **paper_values(look),
        "edition": brief.edition,
        "kind": brief.kind,
        "measured": measured,
        "short": plan.short,
        "tight": plan.tight,
        "document_title": title,
        "description": f"{date}, {hours}",
        "title": title,
        "date": bound(date, language),
        "time": clock[0] if clock else hours,
        "until": hours[clock.end() :] if clock else "",
        "long_time": len(hours) > 20,  # noqa: PLR2004  # a night between, in words
        "long_title": length(title) > _LONG_TITLE,
        "where": _where(contents),
        "glance": glance_of(contents, plan),
        "arrangement": arranged,
        "faces": [face_of(contents, at, plan) for at in range(len(contents.people.faces))],
        "others": others_of(contents),
        "crowd": crowd_of(contents) if arranged == "crowd" else [],
        "left": _parts(contents, "left", plan),
        "right": _parts(contents, "right", plan),
        "questions": [
            _question(contents, at, one, plan) for at, one in enumerate(contents.prompts)
        ],
        "qr": _qr_code(look.qr_address, brief.code, language) if look.qr_address else None,
        "arrow": "←" if language.right_to_left else "→",
        "private": brief.edition == "full",
        "code": brief.code,
    }
    changes, day = brief.changes or Changes(day=brief.start.date()), brief.start.date()
    page["new_time"], page["new_title"], page["new_place"] = (
        changes.time, changes.title, changes.place,
    )  # fmt: skip
    page["since"] = since_words(changes, _count_new(page), language, beside=day)
    page["remarks"] = _remarks(contents, plan, short=bool(page["since"]))
    return {"page": page, "text": language.text, "plural": language.plural}


def plain_context(contents: Contents, plan: Plan, reason: str) -> dict[str, Any]:
    """The values of the text-only page."""
    values = context(contents, plan)
    page = values["page"]
    lines = [reason, contents.brief.place]
    lines += [face.name for face in contents.people.everybody[:_PLAIN_LINES]]
    lines += [
        " ".join(part for part in (one.label, one.text, one.origin) if part)
        for block in contents.blocks
        if block.id not in plan.left_out
        for one in block.lines
    ]
    page["plain"] = [tidy(text, 160) for text in lines if text.strip()]
    page["questions"] = [tidy(prompt.question, 160) for prompt in contents.prompts[:2]]
    return values


def _where(contents: Contents) -> list[dict[str, str | None]]:
    """The line beneath the title: place, link, colleagues, what is special."""
    brief, language = contents.brief, contents.look.language
    facts = where_facts(brief.place, brief.join_link, language)
    if brief.colleagues:
        names = [tidy(name, 24) for name in brief.colleagues[:4]]
        beyond = len(brief.colleagues) - len(names)
        if beyond:
            names.append(language.plural("{count} more", "{count} more", beyond))
        said = language.text("with you: {names}", names=comma(language).join(names))
        facts.append({"text": said, "link": None})
    facts += [{"text": tidy(mark, 60), "link": None} for mark in brief.marks[:4]]
    for fact in facts[1:]:
        fact["text"] = in_one_piece(str(fact["text"]), SHORT_FACT)
    return facts


# 3 The sections


def _parts(contents: Contents, column: Column, plan: Plan) -> list[dict[str, Any]]:
    """The parts of a column that are not empty."""
    parts: list[dict[str, Any]] = []
    for part in contents.parts(column, plan):
        blocks = contents.matters() if part == "matters" else contents.of_part(part)
        shown = [block for block in blocks if block.id not in plan.left_out]
        own = part == "agenda" and contents.own_agenda
        if shown or own:
            parts.append(_part(contents, part, shown, plan))
    return parts


def _part(contents: Contents, part: Part, shown: list[Block], plan: Plan) -> dict[str, Any]:
    language, people = contents.look.language, contents.people
    key = next(b.section for b in shown) if shown else "agenda"
    names = people.names if people.alone or contents.brief.kind == "grief" else ()
    lines = [line_of(block, contents) for block in shown]
    if part == "matters" and not people.alone:
        lines = [{**line, "label": people.labels.get(line["who"], "")} for line in lines]
    if part in {"matters", "path"}:
        lines = [
            one if one["label"] else {**one, "text": capitalised(one["text"])} for one in lines
        ]
    grouped = part == "raise" and not people.alone
    if part == "raise":
        lines = _grouped(lines, people.labels if grouped else {})
    if part == "agenda":
        labelled = [line["label"] for line in lines]
        stretches = {block.id: key for key, block in contents.items.items()}
        lines = [
            {
                **line,
                "number": "" if any(labelled) else at + 1,
                "stretch": (stretch := stretches.get(line["id"], "")),
                "rules": plan.lines.get(stretch, 0),
            }
            for at, line in enumerate(lines)
        ]
    labels = [block.line.label for block in contents.of_part(part)[:_FIRST_LABELS]]
    if part == "last":
        lines = dated_talks(lines, language)
        names = names if quotes_last(contents.brief) else ()
    return {
        "part": part,
        "heading": section_heading(key, language, kind=contents.brief.kind, names=names[:1]),
        "note": _note(contents, part, shown),
        "lines": lines,
        "grouped": grouped,
        "label_column": _label_column(labels) if part == "agenda" else "d1",
        "more": _more_of_agenda(contents) if part == "agenda" else "",
        "rules": plan.lines.get("own", 0) if part == "agenda" else 0,
        "id": f"h-{part}",
        "end": f"e-{part}",
        "own_id": "own",
    }


def _grouped(lines: Iterable[dict[str, Any]], labels: dict[str, str]) -> list[dict[str, Any]]:
    """Lines by person, in the order of the people; each name once, before its first line.

    Lines about everyone come first, under no name.
    """
    order = {key: at for at, key in enumerate(labels)}
    place = itemgetter("rank")
    by_person = sorted(
        sorted(lines, key=place, reverse=True),
        key=lambda line: (bool(line["label"] or line["who"]), order.get(line["who"], len(order))),
    )
    before = None
    named = []
    for line in by_person:
        name = labels.get(line["who"], "")
        if labels and not name and _are_names(line["label"], labels):
            name, line["label"] = line["label"], ""
        named.append({**line, "name": name if name != before else ""})
        before = name
    return named


def _are_names(label: str, labels: dict[str, str]) -> bool:
    """Whether a label says which of those present a line is about."""
    said = re.split("[,、،] ?", label.replace(NO_BREAK, " "))
    return bool(label) and set(said) <= set(labels.values())


def _label_column(labels: Iterable[str]) -> str:
    """The width of the column for an agenda's numbers or times, as a class of the stylesheet."""
    longest = max(map(len, labels), default=0)
    return "n" if longest <= 4 else "times" if longest <= 7 else "spans"  # noqa: PLR2004  # `10:00`


def _note(contents: Contents, part: Part, shown: Sequence[Block]) -> str:
    """Small type beside a heading: how many there are, or from when."""
    language = contents.look.language
    if part == "agenda" and not shown:
        return language.text("none in the invitation; yours:")
    if part == "last":
        count = sum(1 for block in shown if block.section == "history")
        every = sum(1 for block in contents.blocks if block.section == "history")
        every += sum(one.count for one in contents.brief.beyond if one.section == "history")
        if every > count > 0 and contents.brief.kind != "grief":
            return language.text("{count} of {total}", count=count, total=every)
    if part == "path":
        return next((b.line.origin or b.line.note for b in shown if b.line.rule == "situation"), "")
    return ""


def _more_of_agenda(contents: Contents) -> str:
    """The count of an agenda's items that are not shown."""
    language = contents.look.language
    if not (count := contents.agenda_beyond):
        return ""
    return language.plural(
        "{count} more in the invitation", "{count} more in the invitation", count
    )


# 4 The questions


def _question(contents: Contents, at: int, prompt: Prompt, plan: Plan) -> dict[str, Any]:
    language = contents.look.language
    mine = [b for b in contents.of_part("questions") if b.prompt == at]
    facts = [_dated(line_of(b, contents), language) for b in mine if b.id not in plan.left_out]
    if contents.people.alone:
        facts = [{**fact, "label": ""} for fact in facts]
    else:
        facts = [
            {**fact, "label": ""} if at and fact["label"] == facts[at - 1]["label"] else fact
            for at, fact in enumerate(facts)
        ]
    return {
        "id": f"q{at}",
        "question": tidy(prompt.question, 160),
        "facts": facts,
        "nothing": "" if mine else _nothing(contents, at),
        "stances": [
            {"word": stance_word(stance, language), "suggested": stance == prompt.suggested}
            for stance in prompt.stances
        ],
        "rules": plan.lines.get(f"q{at}", 0),
    }


def _dated(fact: dict[str, Any], language: Language) -> dict[str, Any]:
    """A fact beneath a question with its state and date: `A plan; not met (29 Oct)`."""
    said, when = fact["text"], fact["origin"] if fact["rule"] not in _ADVICE else ""
    if fact["note"] and when:
        said = language.text("{one}; {other}", one=said, other=fact["note"])
    if behind := when or fact["note"]:
        behind = in_one_piece(behind, _LONGEST_STATE)
        said = language.text("{text} ({note})", text=said, note=behind)
        said = said.replace(f" ({behind}", f"{NO_BREAK}({behind}")
    return {**fact, "text": said, "note": ""}


def _nothing(contents: Contents, at: int) -> str:
    """The line beneath a question if nothing is on file for it."""
    text = contents.look.language.text
    if at == 0 and not contents.on_table:
        return text("No need noted yet")
    first = at == 1 and contents.brief.kind == "first-meeting"
    return text("No signals on file yet") if first else ""


# 5 The foot


def _count_new(page: dict[str, Any]) -> int:
    """How many things on the page have a bar beside them."""
    glance = page["glance"] or {"new": False, "lead": None, "rows": ()}
    marked = [page["others"] or {}, *page["crowd"], *page["faces"], {"new": glance["new"]}]
    marked += [{"new": face["new_mood"] and bool(face["mood"])} for face in page["faces"]]
    marked += [glance["lead"] or {}, *(line for row in glance["rows"] for line in row["lines"])]
    for holder in (*page["faces"], *page["left"], *page["right"]):
        marked += holder["lines"]
    marked += [fact for question in page["questions"] for fact in question["facts"]]
    return sum(bool(one.get("new")) for one in marked)


def _more(contents: Contents, plan: Plan, *, short: bool) -> str:
    """What else is on file, and how to see it; left out if the foot is full."""
    brief, language = contents.brief, contents.look.language
    count = sum(sum(files.values()) for files in contents.left_out(plan.left_out).values())
    count -= contents.agenda_beyond
    if brief.edition == "table" or count <= 0:
        return ""
    told = language.plural("{count} more line on file", "{count} more lines on file", count)
    if not brief.code or short:
        return told
    return language.text("{label}: {text}", label=told, text=f"briefgen show {brief.code}")


def _remarks(contents: Contents, plan: Plan, *, short: bool) -> list[str]:
    """The small things at the foot."""
    language = contents.look.language
    more = _more(contents, plan, short=short)
    said = [more] if more else []
    if contents.brief.calendar_cut:
        said.append(language.text("calendar cut off: meetings may be missing"))
    if (moment := contents.brief.calendar_as_of) is not None:
        day = language.short_date(moment.date(), beside=contents.brief.start.date())
        time = language.clock_time(moment)
        said.append(language.text("calendar as of {day}, {time}", day=day, time=time))
    return said


# The code to scan for the five minutes after, if a phone is paired


class QrCode(Value, frozen=True, kw_only=True):
    """A drawing of `side` by `side` units.

    Attributes:
        path: the dark modules as the path of an SVG.
        title: what it is, in words.
    """

    side: int
    path: str
    title: str


def _qr_code(address: str, code: str, language: Language) -> QrCode:
    """The code that leads to the form of one sheet; it contains nothing of the brief."""
    side, path = _drawn(f"{address.rstrip('/')}/r/{code}")
    title = language.text("Reflect by phone: code {code}", code=code)
    return QrCode(side=side, path=path, title=title)


@lru_cache(maxsize=64)
def _drawn(content: str) -> tuple[int, str]:
    """Runs of dark modules, one rectangle each."""
    import segno  # noqa: PLC0415  # only where a phone is paired

    path = []
    rows = [list(row) for row in segno.make(content, error="m", micro=False).matrix]
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                path.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    return len(rows), "".join(path)
