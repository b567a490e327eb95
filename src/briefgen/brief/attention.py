"""The week's one small kindness to one person: a birthday call, something to send, a word.

It is chosen on the week's first working day and kept until it is ticked or the week ends, so that
the day sheet and the mail say the same all week. Never for people in grief, or given space.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final, Literal, get_args

from msgspec.structs import asdict

from briefgen.brief.care import is_barred
from briefgen.brief.events import event_kind, minds_birthday
from briefgen.brief.phrases import reading_languages
from briefgen.brief.redaction import mentions
from briefgen.brief.relations import avoided_with
from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Contact, LifeEvent
from briefgen.contacts.entry import Entry
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.value import Value

FILE: Final = "attention.json"
_GRIEF: Final = timedelta(days=365)
_LONG: Final = timedelta(days=182)
"""Half a year is a long silence unless `stay_in_touch` says otherwise."""
_WEEK: Final = timedelta(days=7)
_SUNDAY: Final = 7

Kind = Literal["birthday", "kept", "share", "silence", "none"]
_ORDER: Final[tuple[Kind, ...]] = get_args(Kind)


class Attention(Value, frozen=True, kw_only=True):
    """One small attention for one person.

    Attributes:
        week: the Monday of the week it is for.
        contact: the stem of the person's file.
        kind: a birthday to call on, a kept promise to tell them about, something to send, or a
            silence to end; `nobody` saves reading every file again on each night of the week.
        text: the text in the file that it is about; empty for a birthday and a silence.
        day: the birthday, or the day of the last talk; None if there is none.
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
) -> Attention:
    """The attention of this week, for which the files are read only if it is not chosen yet."""
    week = monday_of(today)
    kept = read_attention(workspace, week)
    if kept is not None:
        return kept
    nobody = Attention(week=week, contact="", name="", kind="none")
    return min(_candidates(files, week, today, language), key=_rank, default=nobody)


def monday_of(day: date) -> date:
    """The Monday of a day's week; on a Sunday, that of the week to come."""
    if day.isoweekday() == _SUNDAY:
        return day + timedelta(days=1)
    return day - timedelta(days=day.weekday())


def open_attention(attention: Attention | None) -> Attention | None:
    """The attention, unless it was ticked or there is none."""
    if attention is None or attention.done is not None or attention.kind == "none":
        return None
    return attention


def still_holds(attention: Attention, contact: Contact, today: date, language: str) -> bool:
    """Whether the file still says it, and the person does not by now want to be left alone."""
    if wants_peace(contact, today, language):
        return False
    match attention.kind:
        case "share":
            return any(
                one.text == attention.text and one.shared is None and one.visibility != "never"
                for one in contact.to_share
            )
        case "kept":
            return any(
                one.text == attention.text and one.visibility != "never" for one in contact.promises
            )
        case "birthday":
            return contact.birthday is not None
        case _:
            return True


def tick_for(workspace: Workspace, stem: str, day: date, *, text: str | None = None) -> bool:
    """Tick the week's attention if it is this person's; with `text`, only if it is about that.

    Raises:
        OSError: if it cannot be remembered.
    """
    kept = open_attention(read_attention(workspace, monday_of(day)))
    if kept is None or kept.contact != stem:
        return False
    if text is not None and text != kept.text:
        return False
    keep_attention(workspace, tick(kept, day))
    return True


def tick(attention: Attention, day: date) -> Attention:
    """The attention, marked as done."""
    return attention.replace(done=day)


def read_attention(workspace: Workspace, week: date) -> Attention | None:
    """What was chosen for the week of this Monday; None if nothing was, or it cannot be read."""
    return next((one for one in _kept(workspace) if one.week == week), None)


def keep_attention(workspace: Workspace, attention: Attention) -> None:
    """Remember what was chosen, or that it is done; a night may look into the next week too.

    Raises:
        OSError: if it cannot be written.
    """
    near = [one for one in _kept(workspace) if abs(one.week - attention.week) == _WEEK]
    every = [asdict(one) for one in (*near, attention)]
    said = json.dumps(every, default=date.isoformat, ensure_ascii=False)
    write_whole(workspace.memory / FILE, said.encode())


def _kept(workspace: Workspace) -> tuple[Attention, ...]:
    try:
        every = json.loads((workspace.memory / FILE).read_text(encoding="utf-8"))
        return tuple(_from_json(one) for one in every)
    except (OSError, ValueError, TypeError, KeyError):
        return ()


def _from_json(said: dict[str, Any]) -> Attention:
    days = {key: said[key] and date.fromisoformat(said[key]) for key in ("week", "day", "done")}
    return Attention(**{**said, **days})


def _candidates(
    files: Iterable[ContactFile], week: date, today: date, language: str
) -> Iterator[Attention]:
    for file in files:
        contact = file.contact
        if wants_peace(contact, today, language):
            continue
        languages = [one for one in (language, contact.language) if one]
        for found in _of(file, week, today):
            said = found.text or found.kind
            reading = reading_languages(*languages)
            if found.kind == "share" and is_barred(contact, found.text, reading):
                continue
            avoided = avoided_with(contact, reading)
            if not any(mentions(said, word, *languages) for word in avoided):
                yield found


def wants_peace(contact: Contact, today: date, language: str) -> bool:
    """Whether someone is grieving, wants space, or was hurt by us."""
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
    is_near = birthday is not None and birthday < week + _WEEK
    can_be = entry.birthday is not None and entry.birthday.can_be_birthday(today)
    if is_near and can_be and not minds_birthday(contact, reading_languages(contact.language)):
        yield plain.replace(kind="birthday", day=birthday, line=file.line("birthday"))
    for at, promise in enumerate(contact.promises):
        told = promise.by == "me" and promise.kept is not None
        if told and promise.visibility != "never" and entry.silent_since(promise.kept or today):
            yield plain.replace(
                kind="kept",
                text=promise.text,
                day=promise.kept,
                line=file.line("promises", at),
            )
    for at, thing in enumerate(contact.to_share):
        if thing.shared is None and thing.visibility != "never" and thing.fits:
            yield plain.replace(kind="share", text=thing.text, line=file.line("to_share", at))
    if entry.last is not None and _is_silent(entry, today):
        yield plain.replace(day=entry.last)


def _is_silent(entry: Entry, today: date) -> bool:
    if entry.last is None:
        return False
    limit = entry.stay_in_touch.after(entry.last) if entry.stay_in_touch else entry.last + _LONG
    return limit <= today


def _rank(attention: Attention) -> tuple[int, date, str]:
    """The sorting key: by kind, then by who has waited longest, then by name."""
    return _ORDER.index(attention.kind), attention.day or date.max, attention.contact
