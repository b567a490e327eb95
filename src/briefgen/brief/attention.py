"""The week's one small attention, for one person: a birthday call, something to send, a word.

It is chosen on the week's first working day and kept until it is ticked or the week ends, so that
the day sheet and the mail say the same all week. Never for people in grief, or given space.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal, get_args

from briefgen.brief.event_kind import event_kind
from briefgen.brief.noted_words import reading_languages
from briefgen.brief.redaction import mentions
from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Contact, LifeEvent
from briefgen.contacts.entry import Entry
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace

FILE: Final = "attention.json"
_GRIEF: Final = timedelta(days=365)
_LONG: Final = timedelta(days=182)
"""A silence of half a year is long where `stay_in_touch` says nothing else."""
_SUNDAY: Final = 7

Kind = Literal["birthday", "kept", "share", "silence"]
_ORDER: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, kw_only=True)
class Attention:
    """One small attention for one person.

    Attributes:
        week: the Monday of the week it is for.
        contact: the stem of the person's file.
        kind: a birthday to call on, a kept promise to tell, something to send, a silence to end.
        text: what of the file it is about; empty for a silence.
        day: the birthday, or the day of the last talk; None where there is none.
        done: when it was ticked.
    """

    week: date
    contact: str
    name: str
    kind: Kind
    text: str = ""
    day: date | None = None
    file: str = ""
    line: int | None = None
    done: date | None = None


def attention_of(
    workspace: Workspace, files: Iterable[ContactFile], today: date, language: str
) -> Attention | None:
    """The attention of the week of `today`, chosen now where it was not yet; None where none is."""
    kept = read_attention(workspace)
    week = monday_of(today)
    if kept is not None and kept.week == week:
        return kept
    return next(iter(sorted(_candidates(files, week, today, language), key=_rank)), None)


def monday_of(day: date) -> date:
    """The Monday of a day's week; of a Sunday that of the week to come."""
    if day.isoweekday() == _SUNDAY:
        return day + timedelta(days=1)
    return day - timedelta(days=day.weekday())


def open_attention(attention: Attention | None) -> Attention | None:
    """The attention, unless it was ticked."""
    return attention if attention is not None and attention.done is None else None


def tick(attention: Attention, day: date) -> Attention:
    """The attention as done."""
    return replace(attention, done=day)


def read_attention(workspace: Workspace) -> Attention | None:
    """What was chosen last; None where nothing can be read."""
    try:
        said = json.loads((workspace.memory / FILE).read_text(encoding="utf-8"))
        days = {key: said[key] and date.fromisoformat(said[key]) for key in ("week", "day", "done")}
        return Attention(**{**said, **days})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def keep_attention(workspace: Workspace, attention: Attention) -> None:
    """Remember what was chosen, or that it is done."""
    said = json.dumps(asdict(attention), default=date.isoformat, ensure_ascii=False)
    write_whole(workspace.memory / FILE, said.encode())


def _candidates(
    files: Iterable[ContactFile], week: date, today: date, language: str
) -> Iterator[Attention]:
    for file in files:
        contact = file.contact
        if _wants_peace(contact, today, language):
            continue
        for found in _of(file, week, today):
            if not any(mentions(found.text, word, language) for word in contact.avoid):
                yield found


def _wants_peace(contact: Contact, today: date, language: str) -> bool:
    """Whether somebody grieves, or is given space, or is hurt by us."""
    relationship = contact.relationship
    if relationship is not None:
        space = relationship.give_space_until
        if relationship.status == "strained" or (space is not None and space > today):
            return True
    languages = reading_languages(language, contact.language)
    return any(_is_fresh_grief(event, today, languages) for event in contact.life_events)


def _is_fresh_grief(event: LifeEvent, today: date, languages: tuple[str, ...]) -> bool:
    first = event.date.first_day() if event.date is not None else None
    if first is None or first <= today - _GRIEF:
        return False
    return event_kind(event, languages).kind == "hard"


def _of(file: ContactFile, week: date, today: date) -> Iterator[Attention]:
    contact = file.contact
    entry = Entry.of(contact, stem=file.stem, file=file.file)
    plain = Attention(
        week=week, contact=file.stem, name=contact.name, kind="silence", file=file.file
    )
    birthday = entry.next_birthday(today)
    if birthday is not None and birthday < week + timedelta(days=7):
        yield replace(plain, kind="birthday", day=birthday, line=file.line("birthday"))
    for at, promise in enumerate(contact.promises):
        told = promise.by == "me" and promise.kept is not None
        if told and promise.visibility != "never" and entry.silent_since(promise.kept or today):
            yield replace(
                plain,
                kind="kept",
                text=promise.text,
                day=promise.kept,
                line=file.line("promises", at),
            )
    for at, thing in enumerate(contact.to_share):
        if thing.shared is None and thing.visibility != "never":
            yield replace(plain, kind="share", text=thing.text, line=file.line("to_share", at))
    if entry.last is not None and _is_silent(entry, today):
        yield replace(plain, day=entry.last)


def _is_silent(entry: Entry, today: date) -> bool:
    if entry.last is None:
        return False
    limit = entry.stay_in_touch.after(entry.last) if entry.stay_in_touch else entry.last + _LONG
    return limit <= today


def _rank(attention: Attention) -> tuple[int, date, str]:
    """What comes first: by kind, then what waits longest, then the name."""
    return _ORDER.index(attention.kind), attention.day or date.max, attention.contact
