"""`briefgen promises`: what each side said it would do."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.lookup import the_contact
from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import COLLEAGUE, Promise
from briefgen.contacts.layered_book import open_layered_book
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

State = Literal["open", "kept", "dropped"]


@click.command("promises")
@click.option("--overdue", is_flag=True, help="Only those whose day has passed.")
@click.option(
    "--contact", shell_complete=complete_contact, help="Only those between you and this contact."
)
@with_call
def promises(*, call: Call, overdue: bool, contact: str | None) -> None:
    """What is open on both sides, by the day it is due.

    With --json the promises that were kept or dropped stand in the list too.
    """
    workspace = call.workspace()
    settings = call.settings(workspace)
    today = call.as_of(settings.zone).date()
    book, problems = open_layered_book(workspace, settings.shared_contacts, me=settings.me)
    wanted = (the_contact(call, book, contact, problems),) if contact else tuple(book)
    found = sorted(_of(wanted), key=lambda one: (one.promise.due or date.max, one.contact.stem))
    if overdue:
        found = [one for one in found if one.is_overdue(today)]
    if call.as_json:
        call.report({"promises": [one.as_json() for one in found]})
        return
    language = call.language
    still = [one for one in found if one.state == "open"]
    for one in still:
        call.say(_line(one, today, language))
    if not still:
        call.say(language.text("no promise is overdue") if overdue else language.text("none open"))


class _Promised(Value, frozen=True, kw_only=True):
    """A promise and whose file it stands in."""

    contact: ContactFile
    at: int

    @property
    def promise(self) -> Promise:
        return self.contact.contact.promises[self.at]

    @property
    def state(self) -> State:
        if self.promise.is_open:
            return "open"
        return "kept" if self.promise.kept is not None else "dropped"

    def is_overdue(self, today: date) -> bool:
        due = self.promise.due
        return self.promise.is_open and due is not None and due < today

    def as_json(self) -> dict[str, Any]:
        promise = self.promise
        file, line = self.contact.told_in("promises", self.at)
        return {
            "contact": self.contact.stem,
            "by": promise.by,
            "text": promise.text,
            "made": promise.made.isoformat() if promise.made else None,
            "due": promise.due.isoformat() if promise.due else None,
            "state": self.state,
            "file": file,
            "line": line,
        }


def _of(contacts: Iterable[ContactFile]) -> Iterator[_Promised]:
    for contact in contacts:
        for at in range(len(contact.contact.promises)):
            yield _Promised(contact=contact, at=at)


def _line(one: _Promised, today: date, language: Language) -> str:
    promise, name = one.promise, one.contact.contact.name
    if promise.due is None:
        when = language.text("no day")
    else:
        when = language.short_date(promise.due, beside=today)
    late = ""
    if one.is_overdue(today) and promise.due is not None:
        days = (today - promise.due).days
        late = f"  ({language.plural('{count} day late', '{count} days late', days)})"
    if promise.by == COLLEAGUE:
        author = promise.author or language.text("a colleague")
        whose = language.text("{author} to {name}", author=author, name=name)
    elif promise.by == "me":
        whose = language.text("you to {name}", name=name)
    else:
        whose = language.text("{name} to you", name=name)
    return f"{when}  {whose}: {promise.text}{late}"
