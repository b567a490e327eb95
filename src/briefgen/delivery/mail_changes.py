"""Changes: what a reader of an earlier message would notice, and what to do about it.

Pure functions: from what was said before and what is true now to the one thing to send, if any.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from briefgen.delivery.ledger_entry import Delivery, Kind, is_due
from briefgen.delivery.mailed_meetings import (
    MailedMeeting,
    MeetingKey,
    probably_same,
    put_off_meetings,
    remembered_meetings,
    same_meetings,
    words_in,
)
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

ChangeKind = Literal["new", "moved", "place", "title", "words", "cancelled", "gone"]

_GONE: frozenset[ChangeKind] = frozenset({"cancelled", "gone"})


class Change(Value, frozen=True, kw_only=True):
    """A difference from what the reader was told; `before` or `now` may be None."""

    kind: ChangeKind
    before: MailedMeeting | None = None
    now: MailedMeeting | None = None


class Content(Value, frozen=True, kw_only=True):
    """What a message about one day or one meeting would say now.

    Attributes:
        meetings: what the message would say, in order of time.
        elsewhere: the other known meetings, including those moved to another day and those of this
            day that have begun.
        unheard: those of them that no message has mentioned yet.
        cancelled: meetings that the calendar says are cancelled.
        skipped: meetings that get no brief for another reason; their absence is not news.
        left_out: what is known about the cancelled and the skipped.
        doubtful: UIDs of events that could not be read; they may still take place.
        complete: whether the calendar was read well enough to say that something is gone.
        wanted_empty: whether to write even if there is no meeting.
        sheets: what the attached sheets say, as the ledger keeps it.
    """

    meetings: tuple[MailedMeeting, ...]
    elsewhere: tuple[MailedMeeting, ...] = ()
    unheard: tuple[MailedMeeting, ...] = ()
    cancelled: frozenset[MeetingKey] = frozenset()
    skipped: frozenset[MeetingKey] = frozenset()
    left_out: tuple[MailedMeeting, ...] = ()
    doubtful: frozenset[str] = frozenset()
    complete: bool = True
    wanted_empty: bool = False
    sheets: tuple[Mapping[str, Any], ...] = ()


class Decision(Value, frozen=True, kw_only=True):
    """What to do for one recipient about one day or meeting.

    Attributes:
        action: `send` something new, `resume` what was decided before, `resend` what is unsure,
            `wait` for a time to try again, `over` if it was refused permanently, or `nothing`.
        entry: the ledger's entry to continue; None to make one.
        withdraw: an entry that was never sent and is out of date.
        changes: what has changed since the last message.
        thread: the message ids before this one, oldest first.
        ordinal: how many messages came before.
    """

    action: Literal["send", "resume", "resend", "wait", "over", "nothing"]
    kind: Kind = "first"
    entry: Delivery | None = None
    withdraw: Delivery | None = None
    changes: tuple[Change, ...] = ()
    thread: tuple[str, ...] = ()
    ordinal: int = 0


def version_of(kind: Kind, meetings: Iterable[MailedMeeting]) -> str:
    """A hash of what a message says, the same whenever it says the same."""
    said = json.dumps([kind, [told.as_json() for told in meetings]], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def changes(
    before: Iterable[MailedMeeting], content: Content, as_of: datetime, *, forgotten: bool = False
) -> tuple[Change, ...]:
    """What a reader of `before` would notice about what is still ahead.

    A meeting that has begun is no longer news, unless it was moved to a later time or announced for
    one. With `forgotten`, texts of `before` may have been removed and are not compared.
    """
    keys_now = {told.key for told in content.meetings}
    earlier = tuple(_as_named_now(tuple(before), keys_now, content.cancelled))
    pairs = same_meetings(earlier, content.meetings)
    rest = [at for at in range(len(earlier)) if at not in pairs]
    away = same_meetings([earlier[at] for at in rest], content.elsewhere)
    now = {at: content.meetings[there] for at, there in pairs.items()}
    now |= {rest[at]: content.elsewhere[there] for at, there in away.items()}
    missing = [at for at in rest if at not in now and _left_out(earlier[at], content) is None]
    new = [at for at in range(len(content.meetings)) if at not in pairs.values()]
    alike = probably_same([earlier[at] for at in missing], [content.meetings[at] for at in new])
    now |= {missing[at]: content.meetings[new[there]] for at, there in alike.items()}
    lost = [at for at in missing if at not in now]
    put_off = put_off_meetings([earlier[at] for at in lost], content.unheard)
    now |= {lost[at]: content.unheard[there] for at, there in put_off.items()}
    found = [
        _difference(told, now[at], as_of, forgotten=forgotten)
        if at in now
        else _going(told, content, as_of)
        for at, told in enumerate(earlier)
    ]
    known = {*pairs.values(), *(new[there] for there in alike.values())}
    found += [
        Change(kind="new", now=told)
        for at, told in enumerate(content.meetings)
        if at not in known and told.start > as_of
    ]
    return tuple(change for change in found if change is not None)


def _as_named_now(
    before: Sequence[MailedMeeting],
    now: AbstractSet[MeetingKey],
    cancelled: AbstractSet[MeetingKey],
) -> Iterator[MailedMeeting]:
    """What was told, under the present keys if a whole series moved within the day.

    An instance is identified by its time in the series (RFC 5545, 3.8.4.4), so moving the series
    gives it another key. If one instance is missing and another is new, they are the same one.
    """
    missing = {told.key for told in before} - now - cancelled
    new = now - {told.key for told in before}
    missing_of = Counter(uid for uid, _ in missing)
    new_of = Counter(uid for uid, _ in new)
    key_now = dict(new)
    for told in before:
        if told.key in missing and missing_of[told.uid] == new_of[told.uid] == 1:
            yield told.replace(recurrence_id=key_now[told.uid])
        else:
            yield told


def _difference(
    before: MailedMeeting, now: MailedMeeting, as_of: datetime, *, forgotten: bool
) -> Change | None:
    if now.start <= as_of and before.start <= as_of:
        return None
    if (before.start, before.end) != (now.start, now.end):
        return Change(kind="moved", before=before, now=now)
    if before.says_the_same(now) or (forgotten and not before.title):
        return None
    if words_in(before.place) != words_in(now.place):
        return Change(kind="place", before=before, now=now)
    if before.folded_title != now.folded_title:
        return Change(kind="title", before=before, now=now)
    return Change(kind="words", before=before, now=now)


def _going(told: MailedMeeting, content: Content, as_of: datetime) -> Change | None:
    if told.start <= as_of:
        return None
    left_out = _left_out(told, content)
    key = told.key if left_out is None else left_out.key
    if key in content.cancelled:
        return Change(kind="cancelled", before=told)
    doubtful = told.uid in content.doubtful or not content.complete
    if key in content.skipped or doubtful or _is_only_busy(told, content):
        return None
    return Change(kind="gone", before=told)


def _is_only_busy(told: MailedMeeting, content: Content) -> bool:
    """Whether the time is still taken, in a calendar that no longer names anyone.

    A calendar shared as "free/busy only" has other UIDs, other titles and no people.
    """
    known = (*content.meetings, *content.elsewhere, *content.left_out)
    taken = any((one.start, one.end) == (told.start, told.end) for one in content.left_out)
    return taken and not any(one.people for one in known)


def _left_out(told: MailedMeeting, content: Content) -> MailedMeeting | None:
    """The cancelled or skipped meeting that it has become."""
    found = same_meetings([told], content.left_out)
    return content.left_out[found[0]] if found else None


def decide(
    thread: Sequence[Delivery], content: Content, *, as_of: datetime, zone: ZoneInfo
) -> Decision:
    """The one thing to do for a recipient, given everything sent to them about this before."""
    reached = [one for one in thread if one.state in {"sent", "unsure", "sending"}]
    last = reached[-1] if reached else None
    waiting = next((one for one in thread if one.state in {"intent", "failed"}), None)
    ids = tuple(one.message_id for one in reached)
    lost = last is not None and not last.facts  # a damaged ledger: nobody knows what it said
    told = remembered_meetings(last.facts, zone) if last else ()
    news = () if lost else changes(told, content, as_of, forgotten=True)
    if last is None:
        ahead = any(told.start > as_of for told in content.meetings)
        if not ahead and not (content.wanted_empty and not content.meetings):
            return Decision(action="nothing", withdraw=waiting)
        new = Decision(action="send", kind="first")
        return _send_or_resume(new, waiting, content, as_of=as_of, zone=zone)
    if not news:
        if last.state == "unsure" and last.open and _still_ahead(last, as_of, zone):
            before = remembered_meetings(reached[-2].facts, zone) if len(reached) > 1 else None
            return Decision(
                action="resend" if is_due(last, as_of) else "wait",
                kind=last.kind,
                entry=last,
                withdraw=waiting,
                changes=() if before is None else changes(before, content, as_of, forgotten=True),
                thread=ids[:-1],
                ordinal=len(reached) - 1,
            )
        return Decision(action="nothing", entry=last, withdraw=waiting)
    gone = all(change.kind in _GONE for change in main_changes(news))
    kind: Kind = "cancellation" if gone else "update"
    new = Decision(action="send", kind=kind, changes=news, thread=ids, ordinal=len(ids))
    return _send_or_resume(new, waiting, content, as_of=as_of, zone=zone)


def _send_or_resume(
    new: Decision, waiting: Delivery | None, content: Content, *, as_of: datetime, zone: ZoneInfo
) -> Decision:
    """A new message, or the one decided earlier if it still says the same."""
    if (
        waiting is None
        or waiting.kind != new.kind
        or changes(remembered_meetings(waiting.facts, zone), content, as_of, forgotten=True)
    ):
        return new.replace(withdraw=waiting)
    if not waiting.open:
        return new.replace(action="over", entry=waiting)
    return new.replace(action="resume" if is_due(waiting, as_of) else "wait", entry=waiting)


def _still_ahead(delivery: Delivery, as_of: datetime, zone: ZoneInfo) -> bool:
    """Whether what it says is still ahead."""
    told = remembered_meetings(delivery.facts, zone)
    if not told:
        return delivery.day >= as_of.date()
    return any(one.start > as_of for one in told)


def main_changes(news: Sequence[Change]) -> tuple[Change, ...]:
    """The changes worth mentioning; changed words of a brief are not, next to a bigger change.

    Often they follow from it: a meeting is no longer "right after" the one that moved.
    """
    greater = tuple(change for change in news if change.kind != "words")
    return greater or tuple(news)


def headline(news: Sequence[Change], language: Language) -> str:
    """What has changed in a few words, for the subject: `moved to 15:00`."""
    news = main_changes(news)
    if len(news) == 1:
        return _short(news[0], language)
    return language.plural("{count} change", "{count} changes", len(news))


def sentence(change: Change, language: Language) -> str:
    """What has changed as one line of the message: `Moved to 15:00 (was 10:00): Review`."""
    before, now = change.before, change.now
    told = now or before
    assert told is not None  # noqa: S101  # a change has at least one side
    title = told.title or language.text("a meeting")
    match change.kind:
        case "moved":
            assert before is not None  # noqa: S101  # both sides are known
            return language.text(
                "{title}: {change} (was {before})",
                title=title,
                change=_short(change, language),
                before=_moment(before.start, told.start, language),
            )
        case "cancelled":
            return language.text(
                "{title}, {time}: cancelled", title=title, time=language.clock_time(told.start)
            )
        case "gone":
            return language.text(
                "{title}, {time}: no longer in your calendar",
                title=title,
                time=language.clock_time(told.start),
            )
        case _:
            return language.text(
                "{title}, {time}: {change}",
                title=title,
                time=language.clock_time(told.start),
                change=_short(change, language),
            )


def _short(change: Change, language: Language) -> str:
    if change.kind == "moved" and change.before and change.now:
        return _moved(change.before, change.now, language)
    place = change.now.place if change.now else ""
    if change.kind == "place" and place:
        return language.text("now at {place}", place=place)
    words: dict[ChangeKind, str] = {
        "new": language.text("new meeting"),
        "place": language.text("the place has changed"),
        "title": language.text("has a new title"),
        "words": language.text("the brief has changed"),
        "cancelled": language.text("cancelled"),
        "gone": language.text("no longer in your calendar"),
    }
    return words[change.kind]


def _moved(before: MailedMeeting, now: MailedMeeting, language: Language) -> str:
    if before.start == now.start:
        return language.text("until {time}", time=language.clock_time(now.end))
    return language.text("moved to {time}", time=_moment(now.start, before.start, language))


def _moment(moment: datetime, beside: datetime, language: Language) -> str:
    """`15:00`, with its date if that is another day."""
    if moment.date() == beside.date():
        return language.clock_time(moment)
    return language.text(
        "{date}, {time}",
        date=language.short_date(moment.date(), beside=beside.date()),
        time=language.clock_time(moment),
    )
