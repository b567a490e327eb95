"""What an open item is called, in the terminal, in a form and on the web page."""

from datetime import date

from briefgen.contacts.dates import PartialDate
from briefgen.reflection.open_items import OpenItem
from briefgen.workspace.language import Language


def item_title(item: OpenItem, today: date, language: Language) -> str:
    """Like `You promised Dana Smith: send the plan  (due 20 Nov, 3 days late)`."""
    text, name, what = language.text, item.name, item.text or "…"
    if item.kind == "promise" and item.by == "them":
        title = text("{name} promised you: {promise}", name=name, promise=what)
    else:
        title = {
            "promise": text("You promised {name}: {promise}", name=name, promise=what),
            "apology": text("You owe {name} an apology: {reason}", name=name, reason=what),
            "concern": text("{name} complained: {concern}", name=name, concern=what),
            "need": text("{name} needed: {need}", name=name, need=what),
            "to_share": text("To share with {name}: {thing}", name=name, thing=what),
            "talking_point": what,
        }[item.kind]
    return f"{title}{_when(item, today, language)}"


def _when(item: OpenItem, today: date, language: Language) -> str:
    """In brackets, by when it is due and how late, or since when it is open."""
    if item.kind == "promise":
        if item.due is None:
            return ""
        due = language.text("due {date}", date=language.short_date(item.due, beside=today))
        if item.is_overdue(today):
            late = (today - item.due).days
            due = f"{due}, " + language.plural("{count} day late", "{count} days late", late)
        return f"  ({due})"
    since = item.since.first_day() if isinstance(item.since, PartialDate) else item.since
    if since is None or item.kind in {"apology", "talking_point", "to_share"}:
        return ""
    return f"  ({language.short_date(since, beside=today)})"
