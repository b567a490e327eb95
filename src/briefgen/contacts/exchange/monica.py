"""The JSON export of Monica (monicahq), version 4: people with calls, notes and activities."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.interface import Options
from briefgen.contacts.exchange.person import (
    Incoming,
    Item,
    Past,
    Place,
    Reading,
    Refused,
    combined,
    sorted_addresses,
)
from briefgen.contacts.exchange.text import one_line

MAX_BYTES: Final = 256 * 1024 * 1024
"""The largest export that is read."""
_TAKEN: Final[Mapping[str, str]] = {
    "first_name": "name", "middle_name": "name", "last_name": "name", "nickname": "aliases",
    "job": "title", "company": "organization", "birthdate": "birthday", "tags": "tags",
    "description": "notes", "food_preferences": "custom", "deceased_date": "life_events",
    "contact_field": "emails, telephones, links or custom", "address": "address", "note": "notes",
    "call": "interactions", "activity": "interactions", "conversation": "interactions",
    "life_event": "life_events", "pet": "custom", "reminder": "notes", "task": "notes",
    "gift": "notes", "debt": "notes", "how_you_met": "notes", "first_met_additional_info": "notes",
    "relationship": "custom", "stay_in_touch_frequency": "custom",
}  # fmt: skip
_TECHNICAL: Final = frozenset(
    {"is_starred", "is_partial", "is_active", "is_dead", "avatar", "number_of_views", "uuid",
     "created_at", "updated_at", "last_consulted_at", "should_be_reminded", "mood", "avatar_source"}
)  # fmt: skip
_OF_THE_ACCOUNT: Final = frozenset({"contact", "activity", "addressbook", "contact_field_type"})
"""Lists of the account that contacts are read from, or that hold nothing of them."""
_CHANNELS: Final = {"call": "call", "activity": "meeting", "conversation": "message"}
_EMPTY: Final[tuple[object, ...]] = ("", None, False, [], {})


class MonicaImporter:
    """Monica's export: an account with lists of things, each with its own uuid."""

    def recognises(self, path: Path, start: bytes) -> bool:  # noqa: ARG002  # told by content
        """JSON that names an account and the version of the export."""
        return start[:1] == b"{" and b'"account"' in start and b'"version"' in start

    def read(self, path: Path, options: Options) -> Iterator[Item]:  # noqa: ARG002  # JSON says all
        """Every contact of the account."""
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES // 2**20} MB")
        try:
            account = json.loads(path.read_bytes())["account"]
            lists = _lists(account)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not an export of Monica's: {error}") from None
        for kind in sorted(set(lists) - _OF_THE_ACCOUNT):
            yield Place(source=kind, field=None)
        types = _field_types(account)
        told: set[str] = set()
        for number, contact in enumerate(lists.get("contact", ()), 1):
            try:
                reader = _Reader(contact, types, lists)
                for source in reader.sources:
                    if source not in told:
                        told.add(source)
                        yield Place(source=source, field=_TAKEN.get(source))
                yield reader.incoming(number)
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                yield Refused(line=number, reason=f"contact {number} cannot be read: {error!r}")


def _lists(holder: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The things that belong to an account or contact, by their type."""
    found: dict[str, list[dict[str, Any]]] = {}
    for group in holder.get("data") or ():
        found.setdefault(str(group["type"]), []).extend(group.get("values") or ())
    return found


def _field_types(account: Mapping[str, Any]) -> dict[str, str]:
    """What the account calls its kinds of contact fields, by uuid: Email, Phone, LinkedIn."""
    kinds: dict[str, str] = {}
    for holder in (account, account.get("instance") or {}, account.get("properties") or {}):
        values = holder.get("contact_field_types") or holder.get("contact_field_type") or ()
        for one in values if isinstance(values, list) else ():
            properties = one.get("properties") or one
            kinds[str(one.get("uuid"))] = one_line(str(properties.get("name") or ""))
    for one in _lists(account).get("contact_field_type", ()):
        kinds[str(one.get("uuid"))] = one_line(str((one.get("properties") or {}).get("name") or ""))
    return kinds


class _Reader:
    """One contact of the export."""

    def __init__(
        self,
        contact: Mapping[str, Any],
        types: Mapping[str, str],
        account: Mapping[str, list[dict[str, Any]]],
    ) -> None:
        self._contact = contact
        self._about: Mapping[str, Any] = contact["properties"]
        self._lists = _lists(contact)
        self._types = types
        self._account = account
        named = [k for k, v in self._about.items() if v not in _EMPTY and k not in _TECHNICAL]
        self.sources = (*named, *(k for k, values in self._lists.items() if values))

    def _text(self, name: str) -> str:
        return one_line(str(self._about.get(name) or ""))

    def _each(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """What belongs to the contact; the export lists some of it beside, by uuid alone."""
        known = {str(one.get("uuid")): one for one in self._account.get(kind, ())}
        for one in self._lists.get(kind, ()):
            found = known.get(str(one), {}) if isinstance(one, str) else one
            properties = found.get("properties")
            if properties:
                yield properties

    def incoming(self, number: int) -> Incoming | Refused:
        parts = (self._text(p) for p in ("first_name", "middle_name", "last_name"))
        name = one_line(" ".join(parts))
        if not name:
            return Refused(line=number, reason=f"contact {number} has no name")
        reading = Reading()
        fields = [(self._kind(one), one_line(str(one.get("data") or ""))) for one in
                  self._each("contact_field")]  # fmt: skip
        emails, remarks = sorted_addresses(text for kind, text in fields if kind == "email")
        reading.remarks.extend(remarks)
        links = tuple((kind.capitalize(), text) for kind, text in fields
                      if re.match(r"https?://", text))  # fmt: skip
        taken = {"email", "telephone"}
        custom = [(kind.capitalize() or "Contact", text) for kind, text in fields
                  if kind not in taken and not re.match(r"https?://", text)]  # fmt: skip
        custom += [("Food preferences", self._text("food_preferences"))]
        custom += [("Pet", one_line(str(pet.get("name") or ""))) for pet in self._each("pet")]
        past, undated = self._past()
        notes = [str(one.get("body") or "") for one in self._each("note")]
        nickname = self._text("nickname")
        return Incoming(
            line=number,
            name=name,
            uid=str(self._contact.get("uuid") or ""),
            emails=emails,
            aliases=(nickname,) if nickname and nickname != name else (),
            organization=self._text("company") or None,
            title=self._text("job") or None,
            telephones=tuple(text for kind, text in fields if kind == "telephone"),
            address=next(self._addresses(), None),
            birthday=self._date("birthdate"),
            life_events=tuple(self._life_events()),
            tags=tuple(one_line(str(tag)) for tag in self._about.get("tags") or ()),
            links=links,
            custom=combined(custom),
            interactions=past,
            notes=reading.notes((*self._described(), *notes, *undated, *self._open_matters())),
            remarks=tuple(reading.remarks),
        )

    def _kind(self, one: Mapping[str, Any]) -> str:
        """What a contact field is: by the account's name for it, else by what it looks like."""
        text = one_line(str(one.get("data") or ""))
        named = self._types.get(str(one.get("type")), "").casefold()
        if "@" in text and " " not in text and not text.startswith("@"):
            return "email"
        if named in {"phone", "telephone", "mobile"} or re.fullmatch(r"[+\d][\d\s()./-]{5,}", text):
            return "telephone"
        return named

    def _described(self) -> Iterator[str]:
        for name in ("description", "how_you_met", "first_met_additional_info"):
            if text := str(self._about.get(name) or "").strip():
                yield text

    def _open_matters(self) -> Iterator[str]:
        """Tasks, reminders, gifts and debts, as lines of the notes."""
        for kind in ("task", "reminder", "gift", "debt"):
            for one in self._each(kind):
                parts = [one.get(k) for k in ("title", "name", "description", "reason", "comment")]
                if text := ": ".join(one_line(str(part)) for part in parts if part):
                    yield f"{kind.capitalize()}: {text}"

    def _date(self, name: str) -> PartialDate | None:
        """A date whose year may be unknown; one guessed from an age is none."""
        given = self._about.get(name)
        if not isinstance(given, Mapping) or given.get("is_age_based") or not given.get("date"):
            return None
        day = _day(given["date"])
        if given.get("is_year_unknown"):
            return PartialDate(month=day.month, day=day.day)
        return PartialDate(year=day.year, month=day.month, day=day.day)

    def _addresses(self) -> Iterator[str]:
        for one in self._each("address"):
            parts = (one.get(k) for k in ("street", "postal_code", "city", "province", "country"))
            if text := ", ".join(one_line(str(part)) for part in parts if part):
                yield text

    def _life_events(self) -> Iterator[tuple[PartialDate, str]]:
        for one in self._each("life_event"):
            note = one_line(str(one.get("name") or one.get("note") or ""))
            if note and one.get("happened_at"):
                day = _day(one["happened_at"])
                yield PartialDate(year=day.year, month=day.month, day=day.day), note
        if (died := self._date("deceased_date")) is not None:
            yield died, "died"

    def _past(self) -> tuple[tuple[Past, ...], list[str]]:
        """Calls and activities; and what has no day, for the notes."""
        made: list[Past] = []
        undated = []
        for kind, channel in (
            ("call", "call"),
            ("activity", "meeting"),
            ("conversation", "message"),
        ):
            for one in self._each(kind):
                parts = (one.get(k) for k in ("summary", "content", "description"))
                text = ". ".join(one_line(str(part)).rstrip(".") for part in parts if part)
                when = one.get("called_at") or one.get("happened_at") or one.get("happened_on")
                if not when:
                    undated += [text] if text else []
                    continue
                feelings = tuple(_words(e) for e in one.get("emotions") or ())
                summary = text or channel.capitalize()
                past = Past(date=_day(when), channel=channel, summary=summary, signals=feelings)
                made.append(past)
        return tuple(sorted(made, key=lambda past: past.date)), undated


def _words(given: object) -> str:
    return one_line(str(given.get("name") if isinstance(given, Mapping) else given))


def _day(given: object) -> date:
    return date.fromisoformat(str(given)[:10])
