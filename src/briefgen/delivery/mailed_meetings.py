"""What a message said about each meeting, and which of the present meetings each one is.

A meeting is recognised by its UID. Some feeds make new UIDs at every fetch; then time, title and
people identify it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from briefgen.brief.brief import Brief, Face, Glance, Line
from briefgen.meetings.meeting import Meeting, recurrence_text
from briefgen.workspace.value import Value

MeetingKey = tuple[str, str | None]

_PUT_OFF_BY: Final = timedelta(days=14)
_FORM: Final = "3"
"""The version of the digests; those of different versions cannot be compared."""
_COUNTED: Final = frozenset({"count"})
"""Rules of lines that change when a feed drops its past; lines from files do not."""
_RANDOM_WORD: Final = re.compile(r"(?=\w*[^\W\d])(?=\w*\d)\w{8,}")
"""Letters mixed with digits, which booking tools change in every export."""


class MailedMeeting(Value, frozen=True, kw_only=True):
    """What must be remembered of what a message says about one meeting.

    Attributes:
        uid, recurrence_id: as the feed has them.
        people: the addresses of those in it, or their names; empty if unknown.
        digest: a hash of everything its page says.
    """

    uid: str
    recurrence_id: str | None
    start: datetime
    end: datetime
    title: str
    place: str
    people: frozenset[str] = frozenset()
    digest: str

    @property
    def key(self) -> MeetingKey:
        """What stays the same when a meeting moves."""
        return meeting_key(self.uid, self.recurrence_id, self.title)

    @property
    def folded_title(self) -> str:
        """The title in the form that is compared."""
        return words_in(self.title)

    def says_the_same(self, other: "MailedMeeting") -> bool:
        """Whether both pages say the same; assumed if their digests have different versions."""
        return self.digest == other.digest or _form(self.digest) != _form(other.digest)

    def as_json(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            "uid": self.uid,
            "recurrence_id": self.recurrence_id,
            "start": self.start.astimezone(UTC).isoformat(),
            "end": self.end.astimezone(UTC).isoformat(),
            "title": self.title,
            "place": self.place,
            "people": sorted(self.people),
            "digest": self.digest,
        }


def words_in(text: str) -> str:
    """The words of a text in which a reader would notice a change: no case, signs or tokens."""
    words = re.findall(r"\w+", text.casefold())
    return " ".join(word for word in words if not _RANDOM_WORD.fullmatch(word)) or text.strip()


def meeting_key(uid: str, recurrence_id: str | None, title: str) -> MeetingKey:
    """What stays the same when a meeting moves; without a UID, the title takes its place.

    Several meetings can have the same key: two events under one UID both count.
    """
    if uid:
        return (uid, recurrence_id)
    return (f"no-uid-{hashlib.sha256(title.encode()).hexdigest()[:16]}", recurrence_id)


def memory_of(brief: Brief) -> MailedMeeting:
    """What to remember about a brief that is sent."""
    return MailedMeeting(
        uid=brief.uid,
        recurrence_id=brief.recurrence_id,
        start=brief.start,
        end=brief.end,
        title=brief.title,
        place=brief.place,
        people=frozenset((face.email or face.name).casefold() for face in brief.faces),
        digest=_digest(brief),
    )


def memory_of_meeting(meeting: Meeting) -> MailedMeeting:
    """The same for a meeting without a brief, so that its page is not known."""
    named = (one.address or one.name for one in meeting.attendees)
    return MailedMeeting(
        uid=meeting.uid,
        recurrence_id=recurrence_text(meeting.recurrence_id),
        start=meeting.start,
        end=meeting.end,
        title=meeting.title,
        place=meeting.place,
        people=frozenset(name.casefold() for name in named if name),
        digest="",
    )


def remembered_meetings(facts: Mapping[str, Any], zone: ZoneInfo) -> tuple[MailedMeeting, ...]:
    """The meetings in an entry of the ledger."""
    return tuple(
        MailedMeeting(
            uid=one["uid"],
            recurrence_id=one["recurrence_id"],
            start=datetime.fromisoformat(one["start"]).astimezone(zone),
            end=datetime.fromisoformat(one["end"]).astimezone(zone),
            title=one["title"],
            place=one["place"],
            people=frozenset(filter(None, one.get("people", ()))),
            digest=one["digest"],
        )
        for one in facts.get("meetings", ())
    )


def facts_of(meetings: Iterable[MailedMeeting]) -> dict[str, Any]:
    """What the ledger keeps of a message."""
    return {"meetings": [told.as_json() for told in meetings]}


def same_meetings(before: Sequence[MailedMeeting], now: Sequence[MailedMeeting]) -> dict[int, int]:
    """Which meeting of `before` is which of `now`, as pairs of places.

    If time, title and people agree it is the same, whatever its UID: some feeds make new ones at
    every fetch, others number their events. Otherwise the key decides, with the same time or title
    first.
    """
    pairs: dict[int, int] = {}
    for alike in (_unchanged, _under_another_uid, _at_one_time, _of_one_title, _of_one_key):
        taken = set(pairs.values())
        for at, told in enumerate(before):
            if at in pairs:
                continue
            rest = (n for n, other in enumerate(now) if n not in taken and alike(told, other))
            if (found := next(rest, None)) is not None:
                pairs[at] = found
                taken.add(found)
    return pairs


def probably_same(before: Sequence[MailedMeeting], now: Sequence[MailedMeeting]) -> dict[int, int]:
    """Pairs of a missing and a new meeting that are most likely one.

    Two of time, title and people still agree, and no other meeting fits as well.
    """
    ways = (_with_other_people, _under_another_title, _at_another_hour)
    return _without_rivals(before, now, ways)


def put_off_meetings(
    before: Sequence[MailedMeeting], now: Sequence[MailedMeeting]
) -> dict[int, int]:
    """Pairs of a missing meeting and one of another day to which it was most likely moved.

    A new invitation has another UID: title, people and length agree, it is not part of a series, at
    most two weeks away, and no other meeting fits as well.
    """
    return _without_rivals(before, now, (_on_another_day,))


def _without_rivals(
    before: Sequence[MailedMeeting],
    now: Sequence[MailedMeeting],
    ways: Sequence[Callable[[MailedMeeting, MailedMeeting], bool]],
) -> dict[int, int]:
    """Pairs that are alike in one of the ways, if neither has a second candidate."""
    pairs: dict[int, int] = {}
    for alike in ways:
        left = [at for at in range(len(before)) if at not in pairs]
        free = [at for at in range(len(now)) if at not in pairs.values()]
        for at in left:
            found = [there for there in free if alike(before[at], now[there])]
            rivals = [one for one in left if found and alike(before[one], now[found[0]])]
            if len(found) == len(rivals) == 1:
                pairs[at] = found[0]
    return pairs


def _unchanged(one: MailedMeeting, other: MailedMeeting) -> bool:
    return one.key == other.key and _under_another_uid(one, other)


def _under_another_uid(one: MailedMeeting, other: MailedMeeting) -> bool:
    titled = not one.title or _of_like_title(one, other)  # titles with forgotten people are removed
    return one.start == other.start and titled and _same_people(one, other)


def _at_one_time(one: MailedMeeting, other: MailedMeeting) -> bool:
    return one.key == other.key and one.start == other.start


def _of_one_title(one: MailedMeeting, other: MailedMeeting) -> bool:
    return one.key == other.key and _of_like_title(one, other)


def _of_one_key(one: MailedMeeting, other: MailedMeeting) -> bool:
    """Whether the key is the same, and not merely a number reused for another meeting."""
    strangers = bool(one.people and other.people) and not one.people & other.people
    return one.key == other.key and not strangers


def _of_like_title(one: MailedMeeting, other: MailedMeeting) -> bool:
    return one.folded_title == other.folded_title


def _with_other_people(one: MailedMeeting, other: MailedMeeting) -> bool:
    return (
        one.start == other.start and _of_like_title(one, other) and bool(one.people & other.people)
    )


def _under_another_title(one: MailedMeeting, other: MailedMeeting) -> bool:
    return one.start == other.start and bool(one.people) and _same_people(one, other)


def _at_another_hour(one: MailedMeeting, other: MailedMeeting) -> bool:
    of_one_day = one.start.date() == other.start.date()
    return (
        of_one_day and _of_like_title(one, other) and bool(one.people) and _same_people(one, other)
    )


def _on_another_day(one: MailedMeeting, other: MailedMeeting) -> bool:
    is_single = one.recurrence_id is None and other.recurrence_id is None
    is_near = abs(other.start - one.start) <= _PUT_OFF_BY
    is_as_long = other.end - other.start == one.end - one.start
    titled = bool(one.title) and _of_like_title(one, other)
    is_like = is_single and is_near and is_as_long and titled and bool(one.people)
    return is_like and one.key != other.key and _same_people(one, other)


def _same_people(one: MailedMeeting, other: MailedMeeting) -> bool:
    """Whether the same people are in both, as far as known.

    A page shows people from outside, and only as many as fit; the calendar has them all.
    """
    return not one.people or one.people <= other.people or one.people > other.people


def _form(digest: str) -> str:
    return digest.partition(":")[0] if ":" in digest else ""


def _digest(brief: Brief) -> str:
    """A hash of what a reader would notice.

    The order of people does not count, nor does a feed that no longer says that a meeting was
    moved.
    """
    link = urlsplit(brief.join_link or "")
    said = [
        words_in(brief.title),
        words_in(brief.place),
        f"{link.netloc}{link.path}",  # its parameters change with every export of some tools
        brief.start.astimezone(UTC).isoformat(),
        brief.end.astimezone(UTC).isoformat(),
        brief.edition,
        sorted(words_in(mark) for mark in brief.marks if mark != brief.moved_mark),
        sorted(brief.organizations),
        sorted(_face(face) for face in brief.faces),
        brief.uncounted,
        _lines(brief.lines),
        [
            [prompt.question, *_lines(prompt.lines), prompt.suggested or ""]
            for prompt in brief.prompts
        ],
        _glance(brief.glance),
    ]
    return f"{_FORM}:{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]}"


def _face(face: Face) -> list[str]:
    name = " ".join(sorted(words_in(face.name).split()))
    facts = (face.role, face.remark, str(face.decides))
    return [name, *map(words_in, facts), *_lines(face.lines)]


def _glance(glance: Glance) -> list[str]:
    stance = [glance.stance.text, glance.stance.evidence] if glance.stance else []
    return [*map(words_in, stance), *_lines(glance.every_line)]


def _lines(lines: Iterable[Line]) -> list[str]:
    """What lines say, sorted, so that the order in the feed does not matter."""
    facts = ("section", "label", "text", "note", "channel", "mark", "who")
    told = (line for line in lines if line.rule not in _COUNTED)
    return sorted(words_in(" ".join(str(getattr(line, one)) for one in facts)) for line in told)
