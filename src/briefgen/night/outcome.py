"""What a night came to."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.packets import PacketOutcome
from briefgen.delivery.report import Report, summary
from briefgen.night.plan import NightPlan
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

DARK_AFTER: Final = timedelta(hours=6)
"""How long a feed may be lost before the user is told though no meeting is known of."""


class Night(Value, frozen=True, kw_only=True):
    """What a night, or its plan, came to."""

    plan: NightPlan
    report: Report
    packets: tuple[PacketOutcome, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    faults: tuple[str, ...] = ()
    number: int | None = None

    @property
    def fresh(self) -> tuple[Delivery, ...]:
        """What this night has sent, or tried to."""
        moment = self.plan.day.as_of.replace(microsecond=0)
        return tuple(one for one in self.deliveries if one.changed == moment)

    @property
    def undelivered(self) -> tuple[Delivery, ...]:
        """What should have arrived and has not, or not for certain.

        A mail that was refused for good counts until a newer one of its thread has arrived: that
        the night before told of it makes nobody get it. A print job is told of once.
        """
        arrived = {
            (one.about, one.recipient): one.number for one in self.deliveries if one.state == "sent"
        }
        return tuple(
            one
            for one in self.deliveries
            if one.state != "sent"
            and one.number > arrived.get((one.about, one.recipient), 0)
            and (one.open or one in self.fresh or _is_refused_mail(one))
        )

    @property
    def due_at(self) -> datetime | None:
        """When a mail will be due although nothing has changed; None where none will."""
        mail = self.plan.day.settings.mail
        if mail is None or mail.ahead is None:
            return None
        as_of = self.plan.day.as_of
        moments = [one.named.brief.start - mail.ahead for one in self.plan.briefs]
        return min((moment for moment in moments if moment > as_of), default=None)

    def summary(self) -> dict[str, int]:
        """How many of what, as `briefgen log` keeps it."""
        states = Counter(str(brief.state) for brief in self.report.briefs)
        mails = Counter(f"{one.channel} {one.state}" for one in self.fresh)
        return {**states, **mails, "problems": len(self.report.problems)}

    @property
    def in_the_dark(self) -> bool:
        """Whether a feed has been lost for some time, and no brief is there that would say so.

        A day without meetings looks the same as one whose meetings nobody could read.
        """
        day = self.plan.day
        if day.calendar_whole or self.report.briefs:
            return False
        return day.calendar_as_of is None or day.as_of - day.calendar_as_of >= DARK_AFTER

    @property
    def in_a_line(self) -> str:
        """What came of it, for people: `2 briefs written to …; mailed to …`."""
        folders = sorted({brief.path.rpartition("/")[0] for brief in self.report.briefs})
        parts = [summary(self.report, folders)]
        if packets := [one.path for one in self.packets if one.state == "written"]:
            parts.append(Phrase("packed in {files}", files=packets))
        for channel, words in (
            ("mail", Phrase("mailed to {recipients}")),
            ("print", Phrase("printed on {recipients}")),
        ):
            fresh = [one for one in self.fresh if one.channel == channel]
            if done := sorted({one.recipient for one in fresh if one.state == "sent"}):
                parts.append(words.filled(recipients=done))
            if undone := [one for one in self.undelivered if one.channel == channel]:
                parts.append(undone[0].sentence)
        return Phrase.chained(parts)


def _is_refused_mail(one: Delivery) -> bool:
    return one.channel == "mail" and one.stage == "refused"
