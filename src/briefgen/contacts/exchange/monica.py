"""The JSON export of Monica (monicahq), version 4: people with calls, notes and activities."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.person import (
    Incoming,
    Item,
    Options,
    Past,
    Place,
    Refused,
)
from briefgen.contacts.exchange.values import Reading, web_address
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import Phrase, one_line

MAX_BYTES: Final = 256 * 1024 * 1024
"""The largest export that is read."""
_EMPTY: Final[tuple[object, ...]] = ("", None, False, [], {})
Lists = dict[str, list[Any]]


def _shape() -> Mapping[str, Any]:
    """The export's names for things, and the fields they go into."""
    shape: Mapping[str, Any] = read_built_in("contacts/exchange/monica.yaml")
    return shape


def read_monica(path: Path, _options: Options) -> Iterator[Item]:
    """Every contact of an export: an account with lists of things, each with its own uuid."""
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 2**20} MB")
    try:
        account = json.loads(path.read_bytes())["account"]
        lists = _lists(account)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not an export of Monica's: {error}") from None
    for kind in sorted(set(lists) - set(_shape()["of_the_account"])):
        yield Place(source=kind, field=_shape()["fields"].get(kind), is_fixed=True)
    types = _field_types(account)
    told: set[str] = set()
    for number, contact in enumerate(lists.get("contact", ()), 1):
        try:
            reader = _Reader(contact, types, lists)
            for source in reader.sources:
                if source not in told:
                    told.add(source)
                    yield Place(source=source, field=_shape()["fields"].get(source), is_fixed=True)
            yield reader.incoming(number)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            yield Refused(line=number, reason=f"contact {number} cannot be read: {error!r}")


def _lists(holder: Mapping[str, Any]) -> Lists:
    """The things that belong to an account or contact, by their type."""
    found: Lists = {}
    for group in holder.get("data") or ():
        found.setdefault(str(group["type"]), []).extend(group.get("values") or ())
    return found


def _field_types(account: Mapping[str, Any]) -> dict[str, str]:
    """The account's names for its kinds of contact fields, by uuid: Email, Phone, LinkedIn."""
    found = list(_lists(account).get("contact_field_type", ()))
    for holder in (account, account.get("instance") or {}, account.get("properties") or {}):
        values = holder.get("contact_field_types") or holder.get("contact_field_type") or ()
        found += values if isinstance(values, list) else ()
    return {str(one.get("uuid")): _text(one.get("properties") or one, "name") for one in found}


def _text(holder: Mapping[str, Any], *names: str) -> str:
    """What these fields say, on one line."""
    return ": ".join(text for name in names if (text := one_line(str(holder.get(name) or ""))))


def _name(about: Mapping[str, Any]) -> str:
    return one_line(" ".join(_text(about, f"{part}_name") for part in ("first", "middle", "last")))


class _Reader:
    """One contact of the export."""

    def __init__(
        self, contact: Mapping[str, Any], types: Mapping[str, str], account: Lists
    ) -> None:
        self._about: Mapping[str, Any] = contact["properties"]
        self._uuid = str(contact.get("uuid") or "")
        self._lists = _lists(contact)
        self._types = types
        self._account = account
        self._reading = Reading()
        named = [
            k for k, v in self._about.items() if v not in _EMPTY and k not in _shape()["technical"]
        ]
        kinds = [kind for kind, values in self._lists.items() if values]
        labelled = [
            f"{kind} {label}"
            for kind, label in (("contact_field", "label"), ("address", "name"))
            if any(one.get(label) for one in self._each(kind))
        ]
        self.sources = (*named, *kinds, *labelled)

    def _each(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """The contact's things; some are in the account, with only a uuid here."""
        known = {str(one.get("uuid")): one for one in self._account.get(kind, ())}
        for one in self._lists.get(kind, ()):
            found = known.get(str(one), {}) if isinstance(one, str) else one
            if properties := found.get("properties"):
                yield properties

    def incoming(self, number: int) -> Incoming | Refused:
        name = _name(self._about)
        if not name:
            return Refused(line=number, reason=f"contact {number} has no name")
        reading = self._reading
        fields = [(*self._kind(one), _text(one, "data")) for one in self._each("contact_field")]
        others = [(label, text) for kind, label, text in fields if kind == "other"]
        for label, text in others:
            if not web_address(text):
                reading.keep(label or "Contact", [text])
        reading.keep("Food preferences", [_text(self._about, "food_preferences")])
        reading.keep("Pet", (_text(pet, "name") for pet in self._each("pet")))
        reading.custom += self._relations()
        address, *addresses = [*self._addresses(), ("", "")]
        for where, text in addresses:
            reading.keep(f"Address ({where})" if where else "Other address", [text])
        if address[0]:
            told = Phrase("the name of the address, '{name}', is not taken", name=address[0])
            reading.remarks.append(told)
        past, undated = self._past()
        nickname = _text(self._about, "nickname")
        notes = (str(one.get("body") or "") for one in self._each("note"))
        return reading.person(
            number,
            name,
            uid=self._uuid,
            emails=reading.emails(text for kind, _, text in fields if kind == "email"),
            aliases=[nickname] if nickname not in {"", name} else [],
            organization=_text(self._about, "company"),
            title=_text(self._about, "job"),
            telephones=(text for kind, _, text in fields if kind == "telephone"),
            address=address[1],
            birthday=self._date("birthdate"),
            life_events=self._life_events(),
            tags=(one_line(str(tag)) for tag in self._about.get("tags") or ()),
            links=((label, url) for label, text in others if (url := web_address(text))),
            interactions=past,
            notes=filter(None, (*self._described(), *notes, *undated, *self._matters())),
            photo=next(self._photos(), None),
        )

    def _kind(self, one: Mapping[str, Any]) -> tuple[str, str]:
        """The kind of a contact field, and the account's name for it; else from its value."""
        text = _text(one, "data")
        label = self._types.get(str(one.get("type")), "")
        if "@" in text and " " not in text and not text.startswith("@"):
            return "email", label
        is_number = re.fullmatch(r"[+\d][\d\s()./-]{5,}", text)
        if is_number or label.casefold() in {"phone", "telephone", "mobile"}:
            return "telephone", label
        return "other", label[:1].upper() + label[1:]

    def _relations(self) -> Iterator[tuple[str, str]]:
        """How others in the account are related to this person, like `Spouse: Sam`."""
        names = {
            str(one.get("uuid")): _name(one.get("properties") or {})
            for one in self._account.get("contact", ())
            if isinstance(one, Mapping)
        }
        for one in self._account.get("relationship", ()):
            about = one.get("properties") or {}
            other = names.get(str(about.get("contact_is")))
            if str(about.get("of_contact")) == self._uuid and other:
                yield _text(about, "type").capitalize() or "Related", other

    def _described(self) -> Iterator[str]:
        for name in ("description", "how_you_met", "first_met_additional_info"):
            yield str(self._about.get(name) or "").strip()
        met = self._date("first_met_date")
        through = str(self._about.get("first_met_through") or "")
        known = (one for one in self._account.get("contact", ()) if isinstance(one, Mapping))
        names = [_name(one["properties"]) for one in known if str(one.get("uuid")) == through]
        if told := [*([str(met)] if met else []), *(f"through {name}" for name in names)]:
            yield f"First met: {', '.join(told)}"
        if self._about.get("is_dead") and self._date("deceased_date") is None:
            yield "Died"

    def _matters(self) -> Iterator[str]:
        """Tasks, reminders, gifts and debts, as lines of the notes."""
        for kind, parts in _shape()["open_matters"].items():
            for one in self._each(kind):
                whose = {"yes": " (mine)", "no": " (theirs)"}.get(_text(one, "in_debt"), "")
                if text := _text(one, *parts):
                    yield f"{kind.capitalize()}{whose}: {text}"

    def _photos(self) -> Iterator[bytes]:
        for one in self._each("photo"):
            _, _, data = str(one.get("dataUrl") or "").partition(";base64,")
            try:
                yield base64.b64decode(data, validate=True)
            except (binascii.Error, ValueError):
                self._reading.remarks.append("the photo is broken")

    def _date(self, name: str) -> PartialDate | None:
        """A date whose year may be unknown; one guessed from an age does not count."""
        given = self._about.get(name)
        if not isinstance(given, Mapping) or not given.get("date"):
            return None
        if given.get("is_age_based"):
            if name == "birthdate":
                told = Phrase("birthday: only an age is known; not taken")
                self._reading.remarks.append(told)
            return None
        day = _day(given["date"])
        year = None if given.get("is_year_unknown") else day.year
        return PartialDate(year=year, month=day.month, day=day.day)

    def _addresses(self) -> Iterator[tuple[str, str]]:
        """Each address, and what it is called."""
        for one in self._each("address"):
            parts = ("street", "postal_code", "city", "province", "country")
            if text := ", ".join(part for key in parts if (part := _text(one, key))):
                yield _text(one, "name"), text

    def _life_events(self) -> Iterator[tuple[PartialDate, str]]:
        for one in self._each("life_event"):
            note = _text(one, "name", "note")
            if note and one.get("happened_at"):
                day = _day(one["happened_at"])
                yield PartialDate(year=day.year, month=day.month, day=day.day), note
        if (died := self._date("deceased_date")) is not None:
            yield died, "died"

    def _past(self) -> tuple[tuple[Past, ...], list[str]]:
        """Calls, activities and conversations; those without a day are for the notes."""
        made: list[Past] = []
        undated = []
        for kind, channel in _shape()["channels"].items():
            for one in self._each(kind):
                messages = [m.get("properties") or {} for m in one.get("messages") or ()]
                parts = [_text(one, name) for name in ("summary", "content", "description")]
                parts += [_text(message, "content") for message in messages]
                text = ". ".join(part.rstrip(".") for part in parts if part)
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
