"""The texts of mails: about a day, a meeting, or a cancellation.

One value, the body, is made into plain text here and into HTML by `templates/mail.html.j2`, so that
both say the same. Over 400 lines, so that every sentence of every mail is in one place.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from briefgen.brief.brief import Brief, Line
from briefgen.brief.day import DaySheet, Remark, promised
from briefgen.brief.sections import named, sections_by_heading
from briefgen.brief.stops import Stop, summary
from briefgen.delivery.ledger_entry import Kind
from briefgen.delivery.mail_changes import Change, headline, main_changes, sentence
from briefgen.delivery.mailed_meetings import MeetingKey, meeting_key
from briefgen.delivery.message import Attachment, Letter, header_text
from briefgen.page.look import Look
from briefgen.page.render import render_mail
from briefgen.page.text import map_link
from briefgen.workspace.language import Language, capitalised
from briefgen.workspace.value import Value

_WIDTH = 72
_MOST_LINES = 8


class Item(Value, frozen=True, kw_only=True):
    """One meeting in a mail.

    Attributes:
        first: what comes first in it.
        gap: the travel time, or what it overlaps with.
        map: the address of a map.
        link: the online meeting's address.
        changed: whether it differs from what was said before.
    """

    when: str
    title: str
    people: str = ""
    first: str = ""
    place: str = ""
    map: str | None = None
    link: str | None = None
    gap: str = ""
    changed: bool = False


class Entry(Value, frozen=True, kw_only=True):
    """One line of a block, small type beside it, and an address; `late` stands out."""

    text: str
    note: str = ""
    late: bool = False
    url: str | None = None


class Block(Value, frozen=True, kw_only=True):
    """Lines under one heading."""

    heading: str
    entries: tuple[Entry, ...]


class Body(Value, frozen=True, kw_only=True):
    """Everything a mail says, before it is text or HTML.

    Attributes:
        preview: the words a phone shows beside the subject.
        beneath: small lines below the heading: the date, and the free time.
        due: promises, at the top.
        news: what has changed, a line each.
        attached: the names of the attached files.
    """

    preview: str
    heading: str
    beneath: tuple[str, ...] = ()
    news: tuple[str, ...] = ()
    due: Block | None = None
    items: tuple[Item, ...] = ()
    blocks: tuple[Block, ...] = ()
    remarks: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()


class MailReason(Value, frozen=True, kw_only=True):
    """The reason for a mail: the first one, an update, or a cancellation, and what changed."""

    kind: Kind
    changes: tuple[Change, ...] = ()

    @property
    def changed(self) -> frozenset[MeetingKey]:
        """The meetings that differ from what was said before."""
        return frozenset(change.now.key for change in self.changes if change.now)


def day_letter(
    sheet: DaySheet,
    *,
    occasion: MailReason,
    attachments: Sequence[Attachment],
    missing: Sequence[str] = (),
    reminder: str = "",
    look: Look,
    sealed: bool = False,
    private: bool = False,
) -> Letter:
    """The mail about one day; with `private` its first words may quote the briefs.

    With `sealed`, the attachments are encrypted and the body says nothing from contact files.
    `missing` are the titles of briefs that could not be made; `reminder` says what waits.
    """
    language = look.language
    unmade = [
        language.text("No brief could be made for {title}; `briefgen log` says why.", title=title)
        for title in missing
    ]
    body = Body(
        preview=_preview(sheet, language, private=private and not sealed),
        heading=summary(sheet.stops, language),
        beneath=tuple(filter(None, (sheet.heading, sheet.free))),
        due=None if sealed else _due(sheet, language),
        news=_news(occasion, language),
        items=tuple(_item(stop, occasion, sealed=sealed) for stop in sheet.stops),
        blocks=() if sealed else _blocks(sheet, language),
        remarks=tuple(filter(None, (*unmade, *_calendar_remarks(sheet, language), reminder))),
    )
    weekday, short = _weekday(sheet.day, language), _day_in_short(sheet.day, sheet.stops, language)
    return _letter(_subject(short, weekday, occasion, language), body, look, attachments)


def meeting_letter(
    brief: Brief,
    *,
    occasion: MailReason,
    attachments: Sequence[Attachment],
    look: Look,
    sealed: bool = False,
) -> Letter:
    """The mail about one meeting, hours before it."""
    language = look.language
    named = [(language.person(face.name), face.role) for face in brief.faces]
    people = language.listed([language.noted(name, role) for name, role in named])
    time = language.clock_time(brief.start)
    item = Item(
        when=f"{time}–{language.clock_time(brief.end)}" if brief.end > brief.start else time,
        title=brief.title,
        people=people,
        place=brief.place,
        link=brief.join_link,
    )
    names = language.listed([name for name, _ in named])
    body = Body(
        preview=" · ".join(part for part in (names, brief.place) if part),
        heading=language.day_heading(brief.start.date()),
        news=_news(occasion, language),
        items=(item,),
        blocks=() if sealed else _brief_blocks(brief, language),
        remarks=_calendar_remarks(brief, language),
    )
    first = language.text("{time} {title}", time=time, title=brief.title)
    subject = _subject(first, brief.title, occasion, language)
    return _letter(subject, body, look, attachments)


def short_letter(day: date, occasion: MailReason, left: Sequence[Stop], *, look: Look) -> Letter:
    """A short mail without attachments: what was cancelled, or moved to another day.

    `left` are the day's remaining meetings.
    """
    language = look.language
    news = _news(occasion, language)
    if occasion.kind == "update":
        subject = _subject("", _weekday(day, language), occasion, language)
    else:
        what = _cancelled_in_short(main_changes(occasion.changes), language)
        subject = language.text("Cancelled: {what}", what=what)
    body = Body(
        preview=news[0] if news else "",
        heading=language.day_heading(day),
        news=news,
        items=tuple(_item(stop, MailReason(kind="cancellation")) for stop in left),
    )
    return _letter(subject, body, look)


def _cancelled_in_short(changes: Sequence[Change], language: Language) -> str:
    before = changes[0].before
    if len(changes) != 1 or before is None:
        return language.plural("{count} meeting", "{count} meetings", len(changes))
    return language.text(
        "{title}, {time}",
        title=before.title or language.text("a meeting"),
        time=language.clock_time(before.start),
    )


def failure_letter(day: date, reasons: Sequence[str], *, look: Look) -> Letter:
    """The mail of a night that could make nothing: it says why, before any meeting."""
    language = look.language
    heading = language.text("The night's briefs could not be made")
    entries = tuple(Entry(text=reason) for reason in reasons)
    body = Body(
        preview=reasons[0] if reasons else "",
        heading=heading,
        blocks=(Block(heading=language.text("Why"), entries=entries),) if entries else (),
        remarks=(language.text("See `briefgen check` and `briefgen log`."),),
    )
    subject = language.text("{day}: no briefs could be made", day=_weekday(day, language))
    return _letter(subject, body, look)


def _letter(subject: str, body: Body, look: Look, attachments: Sequence[Attachment] = ()) -> Letter:
    language = look.language
    body = body.replace(attached=tuple(one.name for one in attachments))
    html = render_mail(
        {
            "body": body,
            "language": language.locale.language,
            "direction": "rtl" if language.right_to_left else "ltr",
            "text": language.text,
        },
        look,
    )
    text = as_text(body, language)
    return Letter(subject=subject, text=text, html=html, attachments=tuple(attachments))


def as_text(body: Body, language: Language) -> str:
    """The body as plain text, the most important first."""
    parts = ["\n".join(line for one in (body.heading, *body.beneath) for line in _wrapped(one))]
    if body.news:
        parts.append("\n".join(line for news in body.news for line in _wrapped(news, "* ", "  ")))
    if body.due:
        parts.append(_block_text(body.due, language))
    if body.items:
        parts.append("\n\n".join(_item_text(item, language) for item in body.items))
    parts += [_block_text(block, language) for block in body.blocks]
    parts += ["\n".join(_wrapped(remark)) for remark in body.remarks]
    if body.attached:
        attached = language.labelled(language.text("Attached"))
        parts.append("\n".join([attached, *(f"  {name}" for name in body.attached)]))
    return "\n\n".join(parts) + "\n"


def _block_text(block: Block, language: Language) -> str:
    lines = [block.heading]
    for entry in block.entries:
        lines += _wrapped(language.noted(entry.text, entry.note), "- ", "  ")
        lines += [f"  {_one_word(entry.url)}"] if entry.url else []
    return "\n".join(lines)


def _item_text(item: Item, language: Language) -> str:
    lines = [f"  ({item.gap})", ""] if item.gap else []
    lines += _wrapped(item.title, f"{item.when}  ", "    ")
    first = language.labelled(language.text("First"), item.first) if item.first else ""
    for detail in (item.people, first, item.place):
        lines += _wrapped(detail, "    ", "    ") if detail else []
    if item.link:
        lines.append(f"    {_one_word(item.link)}")
    return "\n".join(lines)


def _one_word(address: str) -> str:
    """An address as it can be followed, with nothing in it that ends a line."""
    return "".join(header_text(address, longest=4_000).split())


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Lines of 72 characters; addresses and long words stay whole, so that links work."""
    flat = header_text(text, longest=1_000)
    return textwrap.wrap(
        flat,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def _subject(first: str, what: str, occasion: MailReason, language: Language) -> str:
    if occasion.kind != "update":
        return first
    changes = main_changes(occasion.changes)
    if len(changes) == 1:
        told = changes[0].now or changes[0].before
        what = told.title if told and told.title else what
    return language.text(
        "Updated: {change} – {what}", change=headline(occasion.changes, language), what=what
    )


def _day_in_short(day: date, stops: Sequence[Stop], language: Language) -> str:
    weekday = _weekday(day, language)
    if not stops:
        return language.text("{day}: no meetings", day=weekday)
    first = stops[0]
    if len(stops) == 1:
        if first.all_day:
            return language.text("{day}: {title}", day=weekday, title=first.title)
        return language.text(
            "{day}: {time} {title}",
            day=weekday,
            time=language.clock_time(first.start),
            title=first.title,
        )
    return language.plural(
        "{day}: {count} meeting, the first at {time}",
        "{day}: {count} meetings, the first at {time}",
        len(stops),
        day=weekday,
        time=language.clock_time(first.start),
    )


def _weekday(day: date, language: Language) -> str:
    """`Monday, 23 November`, at the start of a subject."""
    return capitalised(
        language.text(
            "{weekday}, {date}", weekday=language.weekday(day), date=language.day_and_month(day)
        )
    )


def _preview(sheet: DaySheet, language: Language, *, private: bool) -> str:
    """`3 meetings, the first at 10:30`; with private words, also what comes first."""
    told = summary(sheet.stops, language)
    stop = next((one for one in sheet.stops if one.first), None)
    if not private or stop is None:
        return told
    first = language.text("First: {time} {text}", time=stop.when.partition("–")[0], text=stop.first)
    return f"{told}. {first}"


def _news(occasion: MailReason, language: Language) -> tuple[str, ...]:
    return tuple(sentence(change, language) for change in main_changes(occasion.changes))


def _item(stop: Stop, occasion: MailReason, *, sealed: bool = False) -> Item:
    gap = stop.gap if stop.gap and stop.gap.kind in {"travel", "overlap"} else None
    return Item(
        when=stop.when,
        title=stop.title,
        people=stop.names,
        first="" if sealed else stop.first,
        place=stop.place,
        map=map_link(stop.place),
        link=stop.join_link,
        gap=gap.text if gap else "",
        changed=meeting_key(stop.uid, stop.recurrence_id, stop.title) in occasion.changed,
    )


def _due(sheet: DaySheet, language: Language) -> Block | None:
    """The promises, the most overdue first."""
    due = [_entry(remark, language) for remark in sheet.mine]
    if sheet.more_promises:
        more = language.plural("and {count} more", "and {count} more", sheet.more_promises)
        due.append(Entry(text=more))
    if not due:
        return None
    heading = language.text("Promises you made")
    counted = promised(sheet, language)
    if any(remark.mark for remark in sheet.mine):
        heading = language.labelled(heading, counted)
    return Block(heading=heading, entries=tuple(due))


def _blocks(sheet: DaySheet, language: Language) -> tuple[Block, ...]:
    blocks = {
        language.text("This week"): [_entry(sheet.attention, language)] if sheet.attention else [],
        language.text("Promised to you"): [_entry(remark, language) for remark in sheet.theirs],
        language.text("Birthdays"): [
            _entry(one, language) for one in sheet.unsaid(sheet.birthdays)
        ],
        language.text("To share"): [_entry(one, language) for one in sheet.unsaid(sheet.shares)],
    }
    return _full(blocks)


def _entry(remark: Remark, language: Language) -> Entry:
    late = remark.mark == "overdue"
    text = language.labelled(remark.who, remark.text)
    return Entry(text=text, note=remark.note, late=late, url=remark.url)


def _brief_blocks(brief: Brief, language: Language) -> tuple[Block, ...]:
    blocks = {
        heading: [
            Entry(text=_labelled(line, language), note=line.note)
            for row, lines in rows
            if row.mailed
            for line in lines[:_MOST_LINES]
        ]
        for heading, rows in sections_by_heading(brief, language).items()
    }
    questions = [Entry(text=prompt.question) for prompt in brief.prompts]
    return _full({**blocks, language.text("Two questions"): questions})


def _labelled(line: Line, language: Language) -> str:
    label = line.label.rstrip(":")
    if not label or label.rstrip(".").isdigit():
        return f"{line.label} {line.text}".strip()
    return named(label, line.text, language)


def _full(blocks: Mapping[str, Iterable[Entry]]) -> tuple[Block, ...]:
    filled = {heading: tuple(entries) for heading, entries in blocks.items()}
    return tuple(Block(heading=h, entries=entries) for h, entries in filled.items() if entries)


def _calendar_remarks(told_of: Brief | DaySheet, language: Language) -> tuple[str, ...]:
    """What to say about a calendar that could not be read, or not to its end."""
    as_of = told_of.calendar_as_of
    remarks = []
    if told_of.calendar_cut:
        remarks.append(language.text("The calendar was cut off; meetings may be missing here."))
    if as_of is not None:
        remarks.append(
            language.text(
                "The calendar could not be read; this is its state of {date} at {time}.",
                date=language.short_date(as_of.date()),
                time=language.clock_time(as_of),
            )
        )
    return tuple(remarks)
