"""What `init` tries at once: a calendar, a mail server, and which brief comes first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from briefgen.day.prepare import ChosenMeeting, prepare
from briefgen.delivery.conversation import NoServer, Server, conversation
from briefgen.meetings.copies import soundness
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import Window
from briefgen.meetings.source import FetchFault, PathSource, Source
from briefgen.upkeep.setup import FeedAnswer, MailAnswer
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import DAY_AND_TIME, Phrase, WrittenDay
from briefgen.workspace.progress import waiting
from briefgen.workspace.secrets import Secret
from briefgen.workspace.settings import read_settings
from briefgen.workspace.value import Value

DAYS_LOOKED_AHEAD: Final = 30
_MAIL_SECONDS: Final = 15


class Trial(Value, frozen=True, kw_only=True):
    """The result of trying a calendar.

    Attributes:
        fault: why it cannot be used; empty if it can.
        wants_password: whether a user name and a password might help.
        meetings: how many are not over yet, up to and including the last day.
        last_day: the last day that was read.
        next_title: the next meeting's title.
        next_start: when it begins.
        names_people: whether any meeting says who is invited.
    """

    fault: str = ""
    wants_password: bool = False
    meetings: int = 0
    last_day: date | None = None
    next_title: str = ""
    next_start: datetime | None = None
    names_people: bool = True
    is_fetched: bool = False

    def sentence(self) -> str:
        """The result in one sentence."""
        if self.fault:
            return Phrase("It cannot be read: {fault}", fault=self.fault)
        found = Phrase.plural(
            "{count} meeting from now to {day}",
            "{count} meetings from now to {day}",
            self.meetings,
            day=WrittenDay("%a %d %b", self.last_day) if self.last_day else "",
        )
        if self.next_start is not None:
            found = Phrase(
                "{found}, next: {time} {title}",
                found=found,
                time=WrittenDay(DAY_AND_TIME, self.next_start),
                title=self.next_title,
            )
        if self.meetings == 0 and self.is_fetched:
            doubt = Phrase("is it the address of the calendar itself, not of the server?")
            found = Phrase("{one}; {other}", one=found, other=doubt)
        if not self.names_people:
            doubt = Phrase(
                "It does not say who is invited, so nobody can be recognised by "
                "address: use the account's private or CalDAV address, or write a name "
                "or [contact: FILE] into the titles of your meetings"
            )
            found = Phrase("{one}. {other}", one=found, other=doubt)
        return found


def calendars_at(answer: FeedAnswer) -> tuple[FeedAnswer, ...]:
    """The calendars that a CalDAV server has at an address; the answer itself if it has none.

    Raises:
        FetchFault: if the server refuses the user name and password, or asks for them.
    """
    from briefgen.meetings.caldav_calendar import served_calendars  # noqa: PLC0415  # an extra

    try:
        served = served_calendars(answer.request)
    except FetchFault as fault:
        if _is_refusal(str(fault)):
            raise
        served = ()
    found = (replace(answer, place=one.address, name=one.name, caldav=True) for one in served)
    return tuple(found) or (answer,)


def _is_refusal(told: str) -> bool:
    return any(sign in told for sign in ("401", "403", "user and password"))


def try_feeds(answers: Sequence[FeedAnswer], *, workspace: Workspace, as_of: datetime) -> Trial:
    """Fetch calendars and read their next thirty days. Nothing is kept.

    Args:
        answers: the calendars as the user named them, or chose them.
        workspace: paths are relative to it.
        as_of: the time of the trial, in the user's zone.
    """
    from briefgen.meetings.calendar import read_calendar  # noqa: PLC0415  # only where one is tried

    copies = []
    for answer in answers:
        try:
            with waiting(1, Phrase("Reading your calendar")):
                content = _fetched(answer, workspace)
        except FetchFault as fault:
            asks = answer.is_address and not answer.user and _wants_password(answer, str(fault))
            return Trial(fault=str(fault), wants_password=asks)
        copies.append(FeedCopy(name=answer.name, content=content))
    assert isinstance(as_of.tzinfo, ZoneInfo)  # noqa: S101  # it is in the user's zone
    window = Window.of_days(as_of.date(), DAYS_LOOKED_AHEAD, as_of.tzinfo)
    read = read_calendar(tuple(copies), window=window, zone=window.zone).meetings
    found = [one for one in read if one.end > as_of]
    first = next((one for one in found if one.start >= as_of), None)
    return Trial(
        meetings=len(found),
        last_day=window.days[-1],
        next_title=first.title if first else "",
        next_start=first.start if first else None,
        names_people=not read or any(one.attendees for one in read),
        is_fetched=any(one.is_address for one in answers),
    )


def _fetched(answer: FeedAnswer, workspace: Workspace) -> bytes:
    """A calendar's bytes.

    Raises:
        FetchFault: if they cannot be fetched, or are not a calendar.
    """
    source: Source
    if not answer.is_address:
        if not (workspace.root / answer.place).exists():
            raise FetchFault(Phrase("this is neither a web address nor a file that can be found"))
        most = answer.request.most_bytes
        source = PathSource(path=answer.place, workspace=workspace, most_bytes=most)
    elif answer.caldav:
        from briefgen.meetings.caldav_calendar import CaldavSource  # noqa: PLC0415  # an extra

        source = CaldavSource(request=answer.request)
    else:
        from briefgen.meetings.transport import HttpSource  # noqa: PLC0415  # slow to import

        source = HttpSource(request=answer.request)
    content = source.read(None).content or b""
    if fault := soundness(content).fault:
        raise FetchFault(fault)
    return content


def _wants_password(answer: FeedAnswer, told: str) -> bool:
    """Whether a user name and password might help: for the feed itself, or for its CalDAV."""
    if _is_refusal(told):
        return True
    try:
        calendars_at(answer)
    except FetchFault:
        return True
    return False


def mail_fault(answer: MailAnswer, password: str) -> str:
    """Why the mail server refuses the user name and password; empty if it accepts them."""
    server = Server(
        host=answer.host,
        port=answer.port,
        security=answer.security,
        user=answer.user or None,
        password=Secret(text=password) if password else None,
        seconds=_MAIL_SECONDS,
    )
    try:
        with waiting(1, Phrase("Asking {host}", host=answer.host)), conversation(server):
            return ""
    except NoServer as error:
        return str(error)


def next_brief(workspace: Workspace, as_of: datetime) -> ChosenMeeting | None:
    """The next meeting of the workspace that gets a brief, within thirty days."""
    settings, _ = read_settings(workspace.root)
    if settings is None:
        return None
    window = Window.of_days(as_of.date(), DAYS_LOOKED_AHEAD, settings.zone)
    day = prepare(workspace, settings, window=window, as_of=as_of)
    return next((one for one in day.chosen if one.meeting.start > as_of), None)
