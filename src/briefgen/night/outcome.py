"""What a night came to."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.packets import PacketOutcome
from briefgen.delivery.report import Report
from briefgen.night.plan import NightPlan


@dataclass(frozen=True, kw_only=True)
class Night:
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


def _is_refused_mail(one: Delivery) -> bool:
    return one.channel == "mail" and one.stage == "refused"
