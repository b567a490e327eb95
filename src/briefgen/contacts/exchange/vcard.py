"""Reads vCards as people and organizations, by the properties of every vendor.

Over 400 lines, because one class reads a card, with a method for each kind of property.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import dropwhile
from operator import attrgetter
from typing import Any, BinaryIO

from msgspec import field

from briefgen.contacts.book import name_key
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.charset import Charset, detect_charset
from briefgen.contacts.exchange.export import CUSTOM
from briefgen.contacts.exchange.person import Incoming, Item, Place, Refused, Remark
from briefgen.contacts.exchange.values import (
    EVERYBODY,
    Reading,
    address_of,
    event_note,
    turned_name,
    web_address,
    whole_name,
)
from briefgen.contacts.exchange.vcard_lines import (
    MAX_PHOTO,
    Card,
    Property,
    photo_of,
    properties_of,
    read_cards,
    unescaped,
)
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import one_line
from briefgen.workspace.value import Value

_APPLE_LABEL = re.compile(r"\A_\$!<(.*)>!\$_\Z")
_VENDOR = re.compile(r"X-(?:MS-|MS-OL-|EVOLUTION-|KADDRESSBOOK-X-|KADDRESSBOOK-|ABR-)?")


def _properties() -> Mapping[str, Any]:
    data: Mapping[str, Any] = read_built_in("contacts/exchange/vcard_properties.yaml")
    return data


@cache
def _known(part: str) -> Mapping[str, str]:
    """What properties go into, by their names: a field, or a label."""
    return {name: kind for kind, names in _properties()[part].items() for name in names}


def read_vcards(stream: BinaryIO, charset: Charset | None = None) -> Iterator[Item]:
    """Each card of a file as a person, or why it cannot be taken; cards are read one at a time."""
    charset = charset or detect_charset(stream)
    told: set[Place] = set()
    told_guess = False
    for card in read_cards(stream, charset):
        if card.fault is not None:
            yield Refused(line=card.line, reason=card.fault)
            continue
        reader = _Reader.of(card, charset)
        made = reader.incoming()
        if reader.is_guess and not told_guess:
            told_guess = True
            guessed = charset if charset.is_guess else Charset(codec="cp1252", is_guess=True)
            yield Remark(text=guessed.remark or "")
        yield from (place for place in reader.places() if place not in told)
        told |= set(reader.places())
        yield made


class _Reader(Value, frozen=True, kw_only=True):
    """What is known about one card while it is read.

    Attributes:
        labels: Apple's labels for the properties of a group.
        typed: the groups whose label is the user's own, not from Apple's list.
        is_guess: whether the charset of some text was guessed.
        taken: the fields that properties went to, if their name alone does not decide it.
    """

    card: Card
    properties: Mapping[str, list[Property]]
    labels: Mapping[str, str]
    typed: frozenset[str] = frozenset()
    reading: Reading
    is_guess: bool = False
    taken: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, card: Card, charset: Charset) -> "_Reader":
        found = properties_of(card, charset)
        remarks = list(found.remarks)
        marks = found.by_name.get("X-ABLABEL", ())
        labels = {p.group: one_line(_APPLE_LABEL.sub(r"\1", p.text.strip())) for p in marks}
        typed = frozenset(p.group for p in marks if labels[p.group] == one_line(p.text))
        if card.left_out:
            remarks.append(f"{card.left_out} is larger than {MAX_PHOTO // 2**20} MB and left out")
        return cls(
            card=card,
            properties=found.by_name,
            labels=labels,
            typed=typed,
            reading=Reading(remarks=remarks),
            is_guess=found.is_guess,
        )

    def all(self, *names: str) -> Iterator[Property]:
        """The properties of these names that are not empty."""
        for name in names:
            yield from (p for p in self.properties.get(name, ()) if p.value.strip(" ;"))

    def _texts(self, *names: str) -> list[str]:
        """What properties of these names say, each once and on one line."""
        return [*dict.fromkeys(text for p in self.all(*names) if (text := one_line(p.text)))]

    def _by_preference(self, name: str) -> list[str]:
        """What the properties of a name say, the preferred ones first."""
        found = sorted(self.all(name), key=attrgetter("rank"))
        return [one.text for one in found if one.text.strip()]

    def first(self, *names: str) -> str:
        return next(iter(self._texts(*names)), "")

    def places(self) -> list[Place]:
        """Where each property of the card goes."""
        found = []
        for name, properties in self.properties.items():
            says = any(p.value.strip(" ;") or p.raw.strip() for p in properties)
            if says and name not in _properties()["technical"]:
                found.append(
                    Place(
                        source=name,
                        field=self.taken.get(name, _known("fields").get(name)),
                        is_fixed=True,
                    )
                )
        return found

    def incoming(self) -> Incoming | Refused:
        kind = (self.first("KIND", "X-ADDRESSBOOKSERVER-KIND") or "individual").casefold()
        shown_as = self.first("X-ABSHOWAS").casefold()
        is_organization = (
            kind in {"org", "organization"} or shown_as == "company" or self._is_company()
        )
        emails = self.reading.emails(self._by_preference("EMAIL"))
        name, others = self._names()
        organizations = [*dict.fromkeys(self._organization(p) for p in self.all("ORG"))]
        if is_organization:
            name = name or next(iter(organizations), "")
        elif kind != "individual":
            reason = f"a card of kind '{kind}', not of a person"
            return Refused(line=self.card.line, reason=reason + (f": {name}" if name else ""))
        if not name:
            whose = next(iter((*emails, *organizations, *self._telephones())), "")
            reason = "no name (FN or N)" + (f" for {whose}" if whose else "")
            return Refused(line=self.card.line, reason=reason)
        titles, roles = self._texts("TITLE"), self._texts("ROLE")
        if roles and not titles:
            titles, roles = roles[:1], roles[1:]
            self.taken["ROLE"] = "title"
        self.reading.keep("Other organization", organizations[1:])
        self.reading.keep("Other title", titles[1:])
        self.reading.keep("Role", roles)
        for second in ("BDAY", "TZ", "PRONOUNS"):
            self.reading.keep(f"Other {_known('fields')[second]}", self._texts(second)[1:])
        for one in self.all("EMAIL", "TEL"):
            if one.group in self.typed and not self._kept_as(one):
                self.reading.custom.append((self.labels[one.group], one_line(one.text)))
        addresses, country = self._addresses()
        links = self._links()
        telephones = self._telephones()
        self._keep_vendors()
        self._keep_agents()
        return self.reading.person(
            self.card.line,
            name,
            kind="organization" if is_organization else "person",
            uid=self.first("UID"),
            emails=emails,
            aliases=self._aliases(name, others),
            organization=None if is_organization else next(iter(organizations), None),
            title=next(iter(titles), None),
            telephones=telephones,
            timezone=self.reading.zone(self.first("TZ")),
            pronouns=self.first("PRONOUNS"),
            language=self._language(),
            country=country,
            address=next(iter(addresses), None),
            birthday=self._birthday(),
            life_events=self._life_events(),
            interests=self._listed("HOBBY", "INTEREST"),
            tags=(t for t in self._listed("CATEGORIES") if t.casefold() not in EVERYBODY),
            links=links,
            photo=photo_of(self.properties.get("PHOTO", ()), self.reading.remarks),
            notes=self._notes(),
        )

    def _is_company(self) -> bool:
        """Whether the card's name is its organization's, and no part of it a person's."""
        organization, parts = next(self.all("ORG"), None), next(self.all("N"), None)
        if organization is None or one_line(organization.components()[0]) != self.first("FN"):
            return False
        is_persons = parts is not None and any(part.strip() for part in parts.components()[1:3])
        return bool(self.first("FN")) and not is_persons

    def _names(self) -> tuple[str, list[str]]:
        """The name, and other forms of it: FN, else N put together, else a nickname.

        Of several FN with one ALTID, which are one name in several scripts or languages, the first
        is the name (RFC 6350, 5.4).
        """
        full = [one.strip('"') for one in self._texts("FN")]
        forms = [self._structured(one, full[:1]) for one in self.all("N")]
        whole, filed = forms[0] if forms else ("", "")
        if full and not whole:
            full[0] = turned_name(full[0])
        elif full and (full[0] == filed or "@" in full[0]):  # as Outlook files it: "Okafor, Ada"
            full[0] = whole
        name = next(iter(full), whole) or one_line(self.first("NICKNAME", "X-NICKNAME"))
        shown = set(name_key(name).split())
        return name, [*full[1:], *(w for w, _ in forms if not set(name_key(w).split()) <= shown)]

    def _structured(self, one: Property, full: Sequence[str]) -> tuple[str, str]:
        """A name put together from its parts (N), and as it is filed; the rest is kept."""
        parts = [one_line(part.replace(",", " ")) for part in one.components()]
        family, first, middle, prefix, suffix = [*parts, *[""] * 5][:5]
        whole = whole_name(first, middle, family)
        whole = f"{whole} {suffix}" if whole and suffix else whole
        shown = name_key(next(iter(full), whole))
        for label, text in (("Salutation", prefix), ("Middle name", middle), ("Suffix", suffix)):
            if text and name_key(text) not in shown:
                self.reading.custom.append((label, text))
        return whole, f"{family}, {first}" if family and first else ""

    def _aliases(self, name: str, others: Iterable[str]) -> list[str]:
        nicknames = [*others, *self._listed("NICKNAME", "X-NICKNAME")]
        nicknames += [value for value, _ in self._android("nickname")]
        return [one for one in nicknames if one and one != name]

    def _listed(self, *names: str) -> Iterator[str]:
        for one in self.all(*names):
            for part in re.split(r"(?<!\\),", one.value):
                if text := one_line(unescaped(part)):
                    yield text

    def _organization(self, one: Property) -> str:
        name, *units = [one_line(part) for part in one.components()]
        units = [unit for unit in units if unit]
        if units:
            self.reading.custom.append(("Department", ", ".join(units)))
        return name

    def _telephones(self) -> tuple[str, ...]:
        numbers = []
        for one in sorted(self.all("TEL", "X-MS-TEL"), key=attrgetter("rank")):
            number = one.number
            kept = self._kept_as(one)
            if not number:
                continue
            if kept:
                if (kept, number) not in self.reading.custom:
                    self.reading.custom.append((kept, number))
            else:
                numbers.append(number)
        return tuple(dict.fromkeys(numbers))

    def _kept_as(self, one: Property) -> str:
        """The label of a number that nobody answers, like a fax; empty for any other."""
        label = self.labels.get(one.group, "")
        said = " ".join((label, *one.parameters.get("TYPE", ()))).upper()
        others = _properties()["no_telephones"].items()
        return next((shown for kind, shown in others if one.name != "EMAIL" and kind in said), "")

    def _addresses(self) -> tuple[list[str], str | None]:
        """Postal addresses, the preferred one first; and the country, if there is a code for it."""
        codes = {p.group: one_line(p.text) for p in self.all("X-ABADR")}
        found, country = [], None
        for one in sorted(self.all("ADR"), key=attrgetter("rank")):
            box, extended, street, city, region, code, land = (
                [
                    ", ".join(filter(None, map(one_line, part.splitlines()))).replace(",,", ",")
                    for part in one.components()
                ]
                + [""] * 7
            )[:7]
            where = ", ".join(filter(None, (street, extended, box)))
            if text := address_of(where, code, city, region, land):
                found.append(text)
                if one.group in self.typed:
                    self.reading.custom.append((self.labels[one.group], text))
                given = codes.get(one.group, "")
                country = country or (given.upper() if re.fullmatch("[A-Za-z]{2}", given) else None)
        for one in () if found else self.all("LABEL"):  # of 2.1 and 3.0, beside ADR
            found.append(", ".join(filter(None, map(one_line, one.text.splitlines()))))
            self.taken["LABEL"] = "address"
        self.reading.keep("Other address", dict.fromkeys(found[1:]))
        return found, country

    def _links(self) -> tuple[tuple[str, str], ...]:
        found: dict[str, str] = {}
        for one in self.all(*_properties()["fields"]["links"]):
            address = one_line(one.text).removeprefix("x-apple:")
            service = next(iter(one.parameters.get("SERVICE-TYPE", ())), "").capitalize()
            label = self.labels.get(one.group, "") or one.kind or service  # RFC 9554
            if url := web_address(address):
                found.setdefault(url, label)
            elif address:
                self.reading.custom.append((label or "Web page", address))
                self.taken.setdefault(one.name, "custom")
        return tuple((label, address) for address, label in found.items())

    def _keep_vendors(self) -> None:
        """Labelled values without a field: relations, messengers, an assistant."""
        self.reading.custom.extend(self._own())
        for one in self.all("RELATED", "X-ABRELATEDNAMES"):
            label = self.labels.get(one.group, "") or one.kind.capitalize() or "Related"
            if one.text.casefold().startswith("urn:"):
                self.reading.remarks.append(f"{label} is only a reference to another card")
            else:
                self.reading.custom.append((label, one_line(one.text)))
        for one in self.all("IMPP"):
            scheme, colon, handle = one_line(one.text).partition(":")
            service = next(iter(one.parameters.get("X-SERVICE-TYPE", ())), "") or one.kind
            service = service or (scheme if colon and scheme != "x-apple" else "")
            shown = _known("labels").get(service.upper(), service.capitalize() or "Messenger")
            self.reading.custom.append((shown, handle if colon else one_line(one.text)))
        for name in self.properties:
            is_own = name.startswith("X-") or name in {"EXPERTISE", "BIRTHPLACE"}
            kept = _known("labels").get(_VENDOR.sub("", name, count=1)) if is_own else None
            if kept is not None and name not in _known("fields"):
                self.reading.keep(kept, self._texts(name))
                self.taken[name] = "custom"
        self.reading.custom.extend(
            (label or "Related", value) for value, label in self._android("relation")
        )
        for one in self.all("X-ANDROID-CUSTOM"):
            kind = one.components()[0].rpartition("/")[2]
            self.taken[one.name] = "life_events" if kind == "contact_event" else "custom"
            if kind not in _properties()["android"]:
                self.reading.remarks.append(f"not taken: {one_line(one.text)[:80]}")

    def _android(self, kind: str) -> Iterator[tuple[str, str]]:
        """The value and label of each of Android's own entries of a kind."""
        labels = _properties()["android"][kind]
        for one in self.all("X-ANDROID-CUSTOM"):
            item, value, number, label, *_ = [*one.components(), "", "", "", ""]
            if item.endswith(f"/{kind}"):
                at = int(number) if number.strip().isdecimal() else 0
                yield one_line(value), labels[at] if 0 < at < len(labels) else one_line(label)

    def _notes(self) -> Iterator[str]:
        """The notes, without our own fields that exports repeat in them."""
        own = {f"{label}: {text}" for label, text in self._own()}
        for note in self.all("NOTE"):
            lines = note.text.split("\n")
            yield "\n".join(dropwhile(own.__contains__, lines))

    def _own(self) -> Iterator[tuple[str, str]]:
        for one in self.all(CUSTOM):
            yield self.labels.get(one.group, ""), one_line(one.text)

    def _keep_agents(self) -> None:
        for one in self.all("AGENT"):
            if not self.card.agents:
                self.reading.keep("Assistant", [one_line(one.text)])
        for line in self.card.agents:
            if (found := re.match(rb"(?i)FN[^:]*:(.*)", line)) is not None:
                name = one_line(found[1].decode("utf-8", errors="replace"))
                self.reading.custom.append(("Assistant", name))
                message = f"the card of {name} stands inside this one and is not taken as a person"
                self.reading.remarks.append(message)

    def _language(self) -> str | None:
        given, *others = [*self._by_preference("LANG"), ""]
        is_tag = re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", given)
        self.reading.keep(
            "Other language" if is_tag else "Language", others if is_tag else (given, *others)
        )
        return given if is_tag else None

    def _date(self, one: Property, kind: str) -> PartialDate | None:
        """A date, without the year that Apple writes if there is none."""
        made = self.reading.date(kind, one.text)
        omitted = "".join(one.parameters.get("X-APPLE-OMIT-YEAR", ()))
        if made and omitted and str(made.year) == omitted and made.day is not None:
            return PartialDate(month=made.month, day=made.day)
        return made

    def _birthday(self) -> PartialDate | None:
        dates = (self._date(one, "birthday") for one in self.all("BDAY", "X-BDAY"))
        return next((made for made in dates if made), None)

    def _life_events(self) -> tuple[tuple[PartialDate, str], ...]:
        """ANNIVERSARY and what vendors used before it, and Apple's and Android's labelled dates."""
        events = []
        for name in self.properties:
            if _VENDOR.sub("", name, count=1) == "ANNIVERSARY" or name == "ANNIVERSARY":
                self.taken[name] = "life_events"
                events += [(one, "anniversary") for one in self.all(name)]
        events += [(one, "death") for one in self.all("DEATHDATE")]
        for one in self.all("X-ABDATE"):
            label = self.labels.get(one.group, "")
            events.append((one, event_note(label)))
        made = [(date, note) for one, note in events if (date := self._date(one, note)) is not None]
        for value, label in self._android("contact_event"):
            if (date := self.reading.date(note := event_note(label), value)) is not None:
                made.append((date, note))
        return tuple(dict.fromkeys(made))
