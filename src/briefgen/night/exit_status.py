"""What a command's exit status means, and which outcome has which; `Locked` has its own, 75."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from briefgen.day.prepare import Day
    from briefgen.delivery.ledger_entry import Delivery
    from briefgen.delivery.report import Report
    from briefgen.night.plan import Night
    from briefgen.workspace.problems import Problem

DONE: Final = 0
"""Everything was done, or there were no meetings."""
NOTHING_MADE: Final = 1
"""Nothing usable could be made, or the settings cannot be read."""
WRONG_USE: Final = 2
"""Wrong use, or no workspace."""
PARTLY_DONE: Final = 3
"""Some briefs or deliveries failed, a feed's last good copy was used, a feed was cut, or a sheet
lost a contact that it had last time; the rest is done.
"""


def of_parts(done: int, failed: int) -> int:
    """Of several things: nothing made if all failed, partly done if some did.

    >>> of_parts(2, 0), of_parts(2, 1), of_parts(0, 1), of_parts(0, 0)
    (0, 3, 1, 0)
    """
    if not failed:
        return DONE
    return PARTLY_DONE if done else NOTHING_MADE


def of_run(day: "Day", report: "Report") -> int:
    """The status for briefs that were made, or would be, from the calendar or by hand."""
    failed = sum(brief.state == "failed" for brief in report.briefs)
    made = of_parts(len(report.briefs) - failed, failed)
    by_hand_alone = bool(day.chosen) and all(chosen.by_hand for chosen in day.chosen)
    if by_hand_alone or made == NOTHING_MADE:
        return made
    if day.calendar_lost:
        return NOTHING_MADE
    return PARTLY_DONE if made or not day.calendar_whole or report.lost_contacts else DONE


def of_night(night: "Night") -> int:
    """The status for a night: that of its briefs, or partly done if a delivery or packet failed."""
    status = of_run(night.plan.day, night.report)
    lost_packet = any(packet.state == "failed" for packet in night.packets)
    if status == DONE and (night.undelivered or night.faults or lost_packet):
        return PARTLY_DONE
    return status


def of_deliveries(deliveries: "Sequence[Delivery]", faults: Sequence[str] = ()) -> int:
    """The status for mails and print jobs sent by hand."""
    undone = [one for one in deliveries if one.state != "sent"]
    return PARTLY_DONE if undone or faults else DONE


def of_problems(problems: "Sequence[Problem]", *, strict: bool = False) -> int:
    """The status for checked files: nothing usable if there are errors or, `strict`, warnings."""
    counted = [problem for problem in problems if strict or problem.severity == "error"]
    return NOTHING_MADE if counted else DONE
