"""Stops: a day's meetings on its timeline, their places, and the gaps between them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal

from briefgen.brief.brief import Brief, Face
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

MOST_NAMED: Final = 3
SHORTEST_FREE: Final = timedelta(minutes=30)
GapKind = Literal["free", "travel", "directly", "overlap"]
_ONLINE: Final = re.compile(
    r"\b(teams|zoom|google meet|webex|skype|jitsi|online|virtual|virtuell|remote|vidéo|video"
    r"|visio|phone|telephone|telefon|téléphone|teléfono|telefono|telefonisch|call|anruf|appel)\b"
    r"|電話|オンライン|هاتف|عبر الإنترنت",
    re.IGNORECASE,
)
_MAKERS: Final = re.compile(
    r"\b(?:microsoft teams|ms teams|teams[- ]?(?:meeting|besprechung|vergadering|call)|zoom"
    r"|google meet|meet\.google|webex|skype|jitsi|gotomeeting|facetime|whatsapp)\b"
    r"|réunion teams|reunión de teams",
    re.IGNORECASE,
)
"""Names of programs; a number beside one is not a street number."""
_TELEPHONE: Final = re.compile(r"\W*(?:tel\W*)?\+?[\d\s()./-]{6,}\W*\Z", re.IGNORECASE)
_UNSETTLED: Final = frozenset(
    {"tbd", "tba", "tbc", "n/a", "na", "-", "?", "offen", "noch offen", "à définir", "por definir",
     "da definire", "nader te bepalen", "ntb", "a definir", "未定", "يحدد لاحقا"}
)  # fmt: skip
_ROOM: Final = re.compile(
    r"\b(?:room|conf(?:erence)? ?room|meeting ?room|boardroom|raum|zimmer|besprechungsraum|büro"
    r"|salle|bureau|sala|despacho|ufficio|zaal|kantoor|vergaderruimte|office|floor|desk|stock|etage)\b"
    r"|会議室|قاعة|مكتب|\A[A-Z]{2,4}-\d+-\S+(?: \(\d+\))?\Z",
    re.IGNORECASE,
)
"""Rooms and floors, also in Google's form: `HQ-4-Alster (8)`."""
_STREET: Final = re.compile(r"\d")


class Gap(Value, frozen=True, kw_only=True):
    """The gap between a meeting and the one before it.

    Attributes:
        kind: free time; travel time to another place; none; or an overlap.
        minutes: how many, also of an overlap.
        text: the words for it, like `45 minutes free`.
    """

    kind: GapKind
    minutes: int
    text: str


class Stop(Value, frozen=True, kw_only=True):
    """One meeting on the timeline of the day.

    Attributes:
        when: the times, or the words for a whole day.
        names: the people: up to three by name, of more the first and a count.
        stance: the beginning of the brief's glance: `Listen first`.
        first: its first line: `Apologise, plainly and once: we missed the go-live`.
        gap: the gap before it; None for the first.
    """

    uid: str
    recurrence_id: str | None
    start: datetime
    end: datetime
    all_day: bool
    when: str
    title: str
    place: str = ""
    join_link: str | None = None
    organizations: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    faces: tuple[Face, ...] = ()
    names: str = ""
    stance: str = ""
    first: str = ""
    code: str = ""
    gap: Gap | None = None


def stops_of(briefs: Iterable[Brief], language: Language) -> tuple[Stop, ...]:
    """The meetings of a day's briefs in their order, each with the gap before it."""
    return tuple(_with_gaps([_stop(brief, language) for brief in briefs], language))


def summary(stops: Sequence[Stop], language: Language) -> str:
    """Like `4 meetings, the first at 09:00`."""
    if not stops:
        return language.text("No meetings.").rstrip(".")
    timed = [stop for stop in stops if not stop.all_day]
    if not timed:
        return language.plural("{count} meeting", "{count} meetings", len(stops))
    return language.plural(
        "{count} meeting, at {time}",
        "{count} meetings, the first at {time}",
        len(stops),
        time=language.clock_time(timed[0].start),
    )


def free_time(stops: Sequence[Stop], language: Language) -> str:
    """Like `Free 11:30 to 15:30 and 17:00 to 18:15`; gaps under half an hour do not count."""
    spans = []
    ends: datetime | None = None
    for stop in (one for one in stops if not one.all_day):
        if ends is not None and stop.start.astimezone(UTC) - ends.astimezone(UTC) >= SHORTEST_FREE:
            begin, end = language.clock_time(ends), language.clock_time(stop.start)
            spans.append(language.text("{start} to {end}", start=begin, end=end))
        if ends is None or stop.end.astimezone(UTC) > ends.astimezone(UTC):
            ends = stop.end
    return language.text("Free {spans}", spans=language.listed(spans)) if spans else ""


def _met(brief: Brief, language: Language) -> str:
    names = [face.name for face in brief.faces]
    more = len(names) + brief.uncounted - 1
    if not names or more < MOST_NAMED:
        return language.people(names)
    return language.plural(
        "{name} and {count} more", "{name} and {count} more", more, name=names[0]
    )


def _stop(brief: Brief, language: Language) -> Stop:
    all_day = brief.start.time() == brief.end.time() == time() and brief.end > brief.start
    return Stop(
        uid=brief.uid,
        recurrence_id=brief.recurrence_id,
        start=brief.start,
        end=brief.end,
        all_day=all_day,
        when=_when(brief, language, all_day=all_day),
        title=brief.title,
        place=brief.place,
        join_link=brief.join_link,
        organizations=brief.organizations,
        marks=brief.marks,
        faces=brief.faces,
        names=_met(brief, language),
        stance=brief.glance.stance.text if brief.glance.stance else "",
        first=_first(brief, language),
        code=brief.code,
    )


def _first(brief: Brief, language: Language) -> str:
    """What the glance puts first, in one sentence."""
    line = next((one.lines[0] for one in brief.glance.lines if one.label == "first"), None)
    if line is None:
        return ""
    label = line.label.rstrip(":")
    return language.text("{label}: {text}", label=label, text=line.text) if label else line.text


def _when(brief: Brief, language: Language, *, all_day: bool) -> str:
    if all_day:
        return language.text("all day")
    start, end = language.clock_time(brief.start), language.clock_time(brief.end)
    if brief.end <= brief.start:
        return start
    if brief.end.date() != brief.start.date():
        end = f"{end} ({language.short_date(brief.end.date(), beside=brief.start.date())})"
    return f"{start}–{end}"


def _with_gaps(stops: Sequence[Stop], language: Language) -> Iterator[Stop]:
    """The stops, each with the gap before it; whole days are ignored."""
    before: Stop | None = None
    for stop in stops:
        if stop.all_day:
            yield stop
            continue
        yield stop if before is None else stop.replace(gap=_gap(before, stop, language))
        if before is None or stop.end.astimezone(UTC) >= before.end.astimezone(UTC):
            before = stop


def _gap(before: Stop, stop: Stop, language: Language) -> Gap:
    """The gap between two meetings in real time, even if the clocks change."""
    between = stop.start.astimezone(UTC) - before.end.astimezone(UTC)
    minutes = abs(int(between.total_seconds())) // 60
    if between < timedelta():
        text = language.text("overlaps with {title}", title=before.title)
        return Gap(kind="overlap", minutes=minutes, text=text)
    if _elsewhere(before, stop):
        text = language.text(
            "{time} to get from {one} to {other}",
            time=_length(minutes, language),
            one=_first_line(before.place),
            other=_first_line(stop.place),
        )
        return Gap(kind="travel", minutes=minutes, text=text)
    if not minutes:
        return Gap(kind="directly", minutes=0, text=language.text("directly after"))
    text = language.text("{time} free", time=_length(minutes, language))
    return Gap(kind="free", minutes=minutes, text=text)


def _elsewhere(before: Stop, stop: Stop) -> bool:
    """Whether one has to travel: both are real places, and not in the same building."""
    if before.join_link or stop.join_link or not (before.place and stop.place):
        return False
    if is_online(before.place) or is_online(stop.place):
        return False
    return _house(before.place) != _house(stop.place)


def _house(place: str) -> str:
    return " ".join(_first_line(place).split()).casefold()


def _first_line(place: str) -> str:
    """The distinctive part of a place: `Acme House` of `Acme House, 4 Dock Road`."""
    return re.split(r"[,\n]", place, maxsplit=1)[0].strip() or place


def _length(minutes: int, language: Language) -> str:
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(language.plural("{count} hour", "{count} hours", hours))
    if rest or not hours:
        parts.append(language.plural("{count} minute", "{count} minutes", rest))
    return " ".join(parts)


def is_online(place: str) -> bool:
    """Whether nobody travels there: "Phone", "Zoom", "Microsoft Teams Meeting", a link.

    A place with a number, like "Call Lane 12", is a real one.
    """
    if "://" in place or _TELEPHONE.match(place) or place.strip().casefold() in _UNSETTLED:
        return True
    if _MAKERS.search(place) and "," not in place:
        return True
    return _ONLINE.search(place) is not None and not _STREET.search(place)


def is_on_a_map(place: str) -> bool:
    """Whether a map can show the place: no room, unless its building is named too."""
    if not re.search(r"[^\W\d_]{2}", place) or is_online(place):
        return False
    return "," in place or _ROOM.search(place) is None
