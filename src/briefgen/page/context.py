"""What a template sees: the small, documented context of a page."""

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, Final

from briefgen.brief.brief import Changes, Face, GlanceLine, Line, Mood, Prompt
from briefgen.brief.said import since_words
from briefgen.brief.sections import Column, Part, section_heading, section_row
from briefgen.brief.terms import glance_label, stance_word
from briefgen.page import wording
from briefgen.page.binding import NO_BREAK
from briefgen.page.blocks import Block, readable, tidy
from briefgen.page.clip import length
from briefgen.page.contents import Contents
from briefgen.page.look import Look
from briefgen.page.mood import mood_line
from briefgen.page.people import in_crowd
from briefgen.page.plan import Plan
from briefgen.page.qr import qr_code
from briefgen.page.typeset import ASSETS
from briefgen.workspace.language import Language
from briefgen.workspace.settings import Size

_LONGEST_TITLE: Final = 300
_LONGEST_PLACE: Final = 110
_PLAIN_LINES: Final = 10
_ONE_LINE: Final = 70
"""About as many characters as a line of the glance may have for its small type to be worth it."""
_CLOCK: Final = re.compile(r"\d{1,2}[:.h]\d{2}")
_REASON: Final = re.compile(r"\s*[(（][^()（）]*[)）]")  # noqa: RUF001  # of Japanese
"""In brackets behind what is not to be done."""
_ARROW: Final = " → "
"""Between a state and the outcome that is wanted."""
_SHORT_AND_RIGHT_TO_LEFT: Final[dict[Size, tuple[int, int]]] = {
    "A4": (90, 60), "Letter": (90, 60), "A5": (48, 36),
}  # fmt: skip
"""Characters of a line of the glance, cut once and twice."""
_LATE: Final = frozenset({"overdue"})
_CAREFUL: Final = frozenset({"apology", "overdue", "warning", "space"})
_AT_RISK: Final = frozenset({"not-today"})


def paper_class(look: Look) -> str:
    """What the stylesheet calls the paper."""
    return look.size.lower()


def context(contents: Contents, plan: Plan) -> dict[str, Any]:
    """The values of one layout, by the names that docs/templates.md explains."""
    brief, look = contents.brief, contents.look
    language = look.language
    title = tidy(brief.title, _LONGEST_TITLE)
    date, hours = wording.when(brief, language), wording.hours(brief, language)
    clock = _CLOCK.match(hours)
    arranged = contents.people.arrangement
    page = {
        "lang": str(language.locale).replace("_", "-"),
        "dir": "rtl" if language.right_to_left else "ltr",
        "paper": paper_class(look),
        "edition": brief.edition,
        "kind": brief.kind,
        "color": look.color,
        "short": plan.short,
        "tight": plan.tight,
        "author": look.author,
        "document_title": title,
        "description": f"{date}, {hours}",
        "title": title,
        "date": date,
        "time": clock[0] if clock else hours,
        "until": hours[clock.end() :] if clock else "",
        "long_time": len(hours) > 20,  # noqa: PLR2004  # a night between, in words
        "where": _where(contents),
        "glance": _glance(contents, plan),
        "arrangement": arranged,
        "faces": [_face(contents, at, plan) for at in range(len(contents.people.faces))],
        "others": _others(contents),
        "crowd": _crowd(contents) if arranged == "crowd" else [],
        "left": _parts(contents, "left", plan),
        "right": _parts(contents, "right", plan),
        "questions": [
            _question(contents, at, one, plan) for at, one in enumerate(contents.prompts)
        ],
        "qr": qr_code(look.qr_address, brief.code, language) if look.qr_address else None,
        "arrow": "←" if language.right_to_left else "→",
        "private": brief.edition == "full",
        "more": _more(contents, plan),
        "remarks": _remarks(contents),
        "code": brief.code,
    }
    changes, day = brief.changes or Changes(day=brief.start.date()), brief.start.date()
    page["new_time"], page["new_title"], page["new_place"] = (
        changes.time, changes.title, changes.place,
    )  # fmt: skip
    page["since"] = since_words(changes, _count_new(page), language, beside=day)
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
    """What stands beneath the title: place, link, who comes along, what is special."""
    brief, language = contents.brief, contents.look.language
    facts: list[dict[str, str | None]] = []
    join = wording.web_link(brief.join_link)
    place = " ".join(brief.place.split())
    if place and not (join and (place.startswith(join) or "://" in place)):
        link = wording.web_link(place) or wording.map_link(place)
        facts.append({"text": tidy(place, _LONGEST_PLACE), "link": link})
    if join:
        host = tidy(wording.host(join), 40)
        said = language.text("or {host}", host=host) if facts else host
        facts.append({"text": said, "link": join})
    if brief.colleagues:
        names = [tidy(name, 24) for name in brief.colleagues[:4]]
        beyond = len(brief.colleagues) - len(names)
        if beyond:
            names.append(language.plural("{count} more", "{count} more", beyond))
        said = language.text("with you: {names}", names=_comma(language).join(names))
        facts.append({"text": said, "link": None})
    facts += [{"text": tidy(mark, 60), "link": None} for mark in brief.marks[:4]]
    return facts


def _comma(language: Language) -> str:
    """What stands between the items of a list: `, `, but `、` in Japanese and `، ` in Arabic."""
    return language.text("{one}, {other}", one="", other="")


def _semicolon(language: Language) -> str:
    """What stands between two remarks in one line."""
    return language.text("{one}; {other}", one="", other="")


# 2 The glance


def _glance(contents: Contents, plan: Plan) -> dict[str, Any] | None:
    glance, language = contents.brief.glance, contents.look.language
    if glance.stance is None and glance.lead is None and not glance.lines:
        return None
    lead = readable(glance.lead, language) if glance.lead is not None else None
    rows = [_glance_row(one, language, short=plan.short > 0) for one in glance.lines[:3]]
    if plan.short and language.right_to_left:  # there no style can cut: see brief.css
        most = _SHORT_AND_RIGHT_TO_LEFT[contents.look.size][plan.short - 1]
        for line in (line for row in rows for line in row["lines"]):
            line["text"] = tidy(line["text"], most)
    return {
        "stance": tidy(glance.stance.text, 60) if glance.stance else "",
        "evidence": tidy(glance.stance.evidence, 160) if glance.stance else "",
        "new": glance.stance is not None and glance.stance.new,
        "lead": _glance_line(lead) if lead else None,
        "quiet": glance.quiet,
        "rows": rows,
    }


def _glance_row(row: GlanceLine, language: Language, *, short: bool) -> dict[str, Any]:
    """A label and its line; only what is to be brought has two.

    Where it is cut, the reasons for what not to do go before any of that does.
    """
    lines = [readable(line, language) for line in row.lines]
    if short and row.label == "not-today":
        lines = [line.replace(text=_REASON.sub("", line.text)) for line in lines]
    careful = any(line.mark in _CAREFUL for line in row.lines) and row.label == "first"
    if row.label != "bring" and len(lines) > 1:
        texts = [line.text.rstrip(".") for line in lines]
        new = any(line.new for line in lines)
        lines = [lines[0].replace(text=_semicolon(language).join(texts), new=new)]
    if row.label not in {"first", "bring"}:
        lines = [
            line if length(line.text) + length(line.note) < _ONE_LINE else line.replace(note="")
            for line in lines
        ]
    return {
        "key": row.label,
        "label": glance_label(row.label, language),
        "careful": careful,
        "lines": [_glance_line(line) for line in lines[:2]],
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


# 3 The people


def _face(contents: Contents, at: int, plan: Plan) -> dict[str, Any]:
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
        "name": face.name,
        "mail": wording.mail_link(face.email) if full else None,
        "pronouns": tidy(face.pronouns, 20) if full else "",
        "role": face.role,
        "remark": face.remark if full else "",
        "decides": full and face.decides,
        "telephone": telephone,
        "call": wording.telephone_link(telephone),
        "initials": face.initials if full else "",
        "photo": f"{ASSETS}{photo.name}" if photo else "",
        "said": _last_mood(face.mood, look, contents) if full and not column else "",
        "lines": [_line(block, contents) for block in facts],
        "new": face.new,
        "new_mood": face.new_mood,
        "mood": mood_line(mood, day=contents.brief.start.date(), language=look.language),
    }


def _last_mood(mood: Sequence[Mood], look: Look, contents: Contents) -> str:
    """Like `relieved, 29 Oct`."""
    if not mood:
        return ""
    day = look.language.short_date(mood[-1].date, beside=contents.brief.start.date())
    return _comma(look.language).join([*mood[-1].signals[:2], day.replace(" ", NO_BREAK)])


def _others(contents: Contents) -> dict[str, Any] | None:
    """Who has no block of their own, in one line."""
    people, language = contents.people, contents.look.language
    if people.arrangement == "crowd" or not (people.others or people.uncounted):
        return None
    names = [in_crowd(face) for face in people.others]
    if people.uncounted:
        names.append(language.plural("{count} more", "{count} more", people.uncounted))
    known = any(face.contact for face in people.others)
    label = language.text("Also") if known or not people.others else language.text("Not on file")
    if contents.brief.edition == "table":
        label = language.text("Also")
    return {
        "label": label,
        "names": _comma(language).join(name.replace(" ", NO_BREAK) for name in names),
        "new": any(face.new for face in people.others),
    }


def _crowd(contents: Contents) -> list[dict[str, Any]]:
    """Everybody by name, one row for each organization, those on file first."""
    people, language = contents.people, contents.look.language
    groups: dict[str, list[Face]] = {}
    for face in people.everybody:
        groups.setdefault(_organization(face, contents), []).append(face)
    rows = []
    for name, faces in groups.items():
        known = [in_crowd(face).replace(" ", NO_BREAK) for face in faces if face.contact]
        others = [in_crowd(face).replace(" ", NO_BREAK) for face in faces if not face.contact]
        if contents.brief.edition == "table":
            known, others = [], known + others
        rows.append(
            {
                "organization": tidy(name, 40) or language.text("Others"),
                "count": len(faces),
                "known": _comma(language).join(known),
                "others": _comma(language).join(others),
                "new": any(face.new for face in faces),
            }
        )
    if people.uncounted:
        more = language.plural("{count} more", "{count} more", people.uncounted)
        said = str(rows[-1]["others"])
        rows[-1]["others"] = f"{said}{_comma(language)}{more}" if said else more
    return rows


def _organization(face: Face, contents: Contents) -> str:
    """Whom they are with: by their file, else by an address of somebody who is on file."""
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


# 3 The sections


def _parts(contents: Contents, column: Column, plan: Plan) -> list[dict[str, Any]]:
    """The parts of a column that have anything to say."""
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
    names = people.names if people.alone or contents.brief.kind == "grief" else []
    lines = [_line(block, contents) for block in shown]
    if part == "matters" and not people.alone:
        lines = [{**line, "label": people.shorts.get(line["who"], "")} for line in lines]
    grouped = part == "raise" and not people.alone
    if part == "raise":
        lines = _grouped(lines, people.shorts if grouped else {})
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
    every = [_line(block, contents) for block in contents.of_part(part)]
    labels = [f"{line['label']} {line['channel']}".strip() for line in every]
    return {
        "part": part,
        "heading": section_heading(key, language, kind=contents.brief.kind, names=names[:1]),
        "note": _note(contents, part, shown),
        "lines": lines,
        "grouped": grouped,
        "label_column": _label_column(part, labels),
        "more": _more_of_agenda(contents) if part == "agenda" else "",
        "rules": plan.lines.get("own", 0) if part == "agenda" else 0,
        "id": f"h-{part}",
        "end": f"e-{part}",
        "own_id": "own",
    }


def _line(block: Block, contents: Contents) -> dict[str, Any]:
    line = block.line
    section = block.section
    late = line.mark in _LATE
    shorts = contents.people.shorts
    said_by_name = line.label.rstrip(":") in shorts.values()
    origin = line.origin
    label = "" if said_by_name and section not in {"prompt", "person"} else line.label
    if section_row(section).ticked and label and line.mark != "theirs":
        origin, label = label, ""
    text = _comma(contents.look.language).join(one.text for one in block.lines)
    outcome = ""
    if section == "situation":
        text, _, outcome = text.partition(_ARROW)
    return {
        "id": block.id,
        "section": section,
        "label": label.rstrip(".:"),
        "channel": line.channel,
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


def _grouped(lines: Iterable[dict[str, Any]], shorts: dict[str, str]) -> list[dict[str, Any]]:
    """Lines by person, in the order of the people; each name once, before its first line.

    What is about all comes first, where it stands beneath nobody's name.
    """
    order = {key: at for at, key in enumerate(shorts)}
    place = itemgetter("rank")
    by_person = sorted(
        sorted(lines, key=place, reverse=True),
        key=lambda line: (bool(line["label"] or line["who"]), order.get(line["who"], len(order))),
    )
    before = None
    named = []
    for line in by_person:
        name = shorts.get(line["who"], "")
        if shorts and not name and _are_names(line["label"], shorts):
            name, line["label"] = line["label"], ""
        named.append({**line, "name": name if name != before else ""})
        before = name
    return named


def _are_names(label: str, shorts: dict[str, str]) -> bool:
    """Whether a label says whom of those present a line is about."""
    said = re.split("[,、،] ?", label.replace(NO_BREAK, " "))
    return bool(label) and set(said) <= set(shorts.values())


def _label_column(part: Part, labels: Iterable[str]) -> str:
    """How wide a column the dates or times of a part need: a class of the stylesheet."""
    longest = max(map(len, labels), default=0)
    names = ("n", "times", "spans") if part == "agenda" else ("d1", "d2", "d3")
    short, middle = (4, 7) if part == "agenda" else (11, 15)
    return names[0] if longest <= short else names[1] if longest <= middle else names[2]


def _note(contents: Contents, part: Part, shown: Sequence[Block]) -> str:
    """Small type beside a heading: of how many, or from when."""
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
    """What of an agenda is beyond its first items."""
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
    facts = [_line(block, contents) for block in mine if block.id not in plan.left_out]
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
        "nothing": _nothing(contents, at, facts),
        "stances": [
            {"word": stance_word(stance, language), "suggested": stance == prompt.suggested}
            for stance in prompt.stances
        ],
        "rules": plan.lines.get(f"q{at}", 0),
    }


def _nothing(contents: Contents, at: int, facts: Sequence[object]) -> str:
    """What stands beneath a question at a first meeting."""
    text = contents.look.language.text
    if facts or contents.brief.kind != "first-meeting":
        return ""
    return (text("Nothing on file yet"), text("No signals on file yet"), "")[at]


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


def _more(contents: Contents, plan: Plan) -> str:
    """What else is on file, and how to see it."""
    brief, language = contents.brief, contents.look.language
    count = sum(sum(files.values()) for files in contents.left_out(plan.left_out).values())
    count -= contents.agenda_beyond
    if brief.edition == "table" or count <= 0:
        return ""
    told = language.plural("{count} more line on file", "{count} more lines on file", count)
    if not brief.code:
        return told
    return language.text("{label}: {text}", label=told, text=f"briefgen show {brief.code}")


def _remarks(contents: Contents) -> list[str]:
    """Other small things at the foot."""
    brief, language = contents.brief, contents.look.language
    cut = [language.text("calendar cut off: meetings may be missing")] if brief.calendar_cut else []
    if brief.calendar_as_of is None:
        return cut
    moment = brief.calendar_as_of
    day = language.short_date(moment.date(), beside=brief.start.date())
    told = language.text("calendar as of {day}, {time}", day=day, time=language.clock_time(moment))
    return [*cut, told]
