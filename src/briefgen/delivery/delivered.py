"""The sheets that were printed or mailed, as far as the ledger knows them."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from briefgen.brief.said import Said
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_file import read_ledger
from briefgen.workspace.folder import Workspace

_REACHED: Final = frozenset({"sent", "sending", "unsure"})
"""The states in which somebody may have the sheet."""
_MOVED_BY: Final = timedelta(days=31)
"""So far a meeting may have moved for its sheet to be known again."""


def delivered_sheets(
    workspace: Workspace, since: date, zone: ZoneInfo
) -> Mapping[str, list[tuple[date, Said]]]:
    """What went out of each sheet, newest first, with the day; by `said.sheet_key`.

    Empty where the ledger cannot be read: what a sheet says does not depend on it.
    """
    found: dict[str, list[tuple[date, Said]]] = {}
    with suppress(LedgerFault), read_ledger(workspace.memory) as ledger:
        entries = ledger.since(since - _MOVED_BY)
        for entry in sorted(entries, key=lambda one: (one.changed, one.number), reverse=True):
            if entry.state not in _REACHED:
                continue
            for stored in entry.facts.get("sheets", ()):
                with suppress(KeyError, TypeError, ValueError):
                    said = Said.read(stored)
                    found.setdefault(said.key, []).append(
                        (entry.changed.astimezone(zone).date(), said)
                    )
    return found
