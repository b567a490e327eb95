"""What the form of the five minutes asks, shared by the form that is shown and what comes back."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from msgspec import field

from briefgen.brief.signals import Vocabulary
from briefgen.contacts.book import ContactFile
from briefgen.reflection.answers import given_in
from briefgen.reflection.open_items import OpenItem
from briefgen.reflection.printed_lines import PrintedLine
from briefgen.reflection.record import answers_on_file
from briefgen.reflection.reflections import Reflected
from briefgen.web.pages import Form
from briefgen.workspace.value import Value

SHARED: Final = ("needs_answered", "help_answered", "adjust")
"""Answers that hold for everybody who took part."""
OWN: Final = ("words", "summary", "needs", "needs_met", "unsaid", "stance")
"""Answers about one contact."""
PROMISES: Final = 3
"""How many new promises the form has room for."""
_FRIDAY: Final = 4
_WEEK: Final = 7


class Promised(Value, frozen=True, kw_only=True):
    """A row for a new promise."""

    number: int
    text: str = ""
    by: str = "me"
    due: str = ""
    whom: str = ""


class Asking(Value, frozen=True, kw_only=True):
    """A meeting that is reflected on, and the day on which it is asked."""

    reflected: Reflected
    vocabulary: Vocabulary
    today: date
    items: Mapping[str, tuple[OpenItem, ...]] = field(default_factory=dict)
    lines: tuple[PrintedLine, ...] = ()

    @classmethod
    def of(cls, reflected: Reflected, vocabulary: Vocabulary, today: date) -> "Asking":
        """With everything that is open with those who took part."""
        return cls(
            reflected=reflected,
            vocabulary=vocabulary,
            today=today,
            items={
                contact.stem: tuple(
                    item
                    for item in reflected.open_items
                    if item.contact == contact.stem and item.kind != "talking_point"
                )
                for contact in reflected.contacts
            },
            lines=reflected.lines,
        )

    def due_days(self) -> tuple[date, date, date]:
        """What the chips for a due day mean: Friday, one week, two weeks."""
        first = max(self.today, self.reflected.occasion.day)
        friday = first + timedelta(days=(_FRIDAY - first.weekday() - 1) % _WEEK + 1)
        return friday, first + timedelta(days=_WEEK), first + timedelta(days=2 * _WEEK)


def on_file(contact: ContactFile, asking: Asking) -> dict[str, Any]:
    """What is on file of this meeting already, as JSON has it."""
    found = answers_on_file(contact.contact, asking.reflected.occasion)
    return given_in(found) if found is not None else {}


def typed_promises(typed: Form) -> Iterator[Promised]:
    """The new promises as they were typed."""
    for n in range(PROMISES):
        if text := typed.get(f"promise{n}"):
            yield Promised(
                number=n,
                text=text,
                by="them" if typed.get(f"by{n}") == "them" else "me",
                due=typed.get(f"day{n}") or typed.get(f"due{n}"),
                whom=typed.get(f"whom{n}"),
            )


def split_words(given_text: str) -> tuple[str, ...]:
    """Words between commas."""
    return tuple(part.strip() for part in given_text.replace(";", ",").split(",") if part.strip())
