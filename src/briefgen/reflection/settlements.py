"""A decision on one open item, written to the contact's file at once, with a way back."""

from contextlib import suppress
from dataclasses import replace

from briefgen.brief.attention import tick_for
from briefgen.contacts.changes import CHANGED, change, hold, new_batch
from briefgen.contacts.layered_book import seen_by
from briefgen.contacts.reader import parse_contact
from briefgen.reflection.decisions import Decision, settle
from briefgen.reflection.open_items import open_items
from briefgen.reflection.reflections import Written
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Settings

_TRIES = 20
"""How often a decision is tried where other programs write the same file at the same time."""


def write_decision(
    decision: Decision, *, workspace: Workspace, settings: Settings, language: Language
) -> Written | Problem:
    """Write what became of an item; `briefgen contacts undo` takes it back.

    The file is read again first: where the item is no longer open in it, nothing is written.
    """
    for _ in range(_TRIES):
        result = _write_once(decision, workspace, settings, language)
        if not (isinstance(result, Problem) and result.message == CHANGED):
            break
    return result


def _write_once(
    decision: Decision, workspace: Workspace, settings: Settings, language: Language
) -> Written | Problem:
    held = hold(workspace.root / decision.item.file, workspace=workspace)
    if isinstance(held, Problem):
        return held
    contact, problems = parse_contact(held.content, decision.item.file)
    if contact is None:
        return problems[-1]
    # Of two files of one person it goes by the name of their own.
    contact = replace(seen_by(settings.me)(contact), stem=decision.item.contact)
    items = open_items(contact, today=decision.day)
    item = next((one for one in items if one.key == decision.item.key), None)
    if item is None:
        message = Phrase("'{item}' is no longer open here", item=decision.item.text)
        return Problem(file=held.file, message=message)
    settlement = settle(replace(decision, item=item), contact, language)
    result = change(
        held,
        settlement.additions,
        workspace=workspace,
        keep=settings.keep.history_versions,
        batch=new_batch(),
    )
    if isinstance(result, Problem):
        return result
    if decision.state in {"kept", "shared"}:
        with suppress(OSError):  # the file says it; the sheet looks there too
            tick_for(workspace, held.stem, decision.day, text=item.text)
    return Written(contact=held.stem, file=held.file, said=(settlement.said,))
