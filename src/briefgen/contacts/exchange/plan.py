"""What an import will do, decided before anything is written: new files, additions, doubts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from briefgen.contacts.book import ContactBook, ContactFile, name_key
from briefgen.contacts.edits import stem_for
from briefgen.contacts.exchange.additions import (
    Remembered,
    additions_to,
    changes_since,
    fields_of,
    missing_lines,
    organization_fields,
)
from briefgen.contacts.exchange.person import Incoming, Item, Place, Refused, Remark
from briefgen.contacts.search import Verdict, compare
from briefgen.contacts.splice import Addition
from briefgen.contacts.yaml_text import Writable
from briefgen.workspace.phrase import Phrase

MAX_PEOPLE: Final = 100_000
"""The most people taken from one import."""
MAX_PHOTOS: Final = 200 * 1024 * 1024
"""The most photos held at once, in bytes; a second import takes the rest."""
_MOST_NAMESAKES: Final = 50
"""How many people of one name are compared with the next of that name."""

Action = Literal["new", "merge", "unchanged", "doubtful", "refused"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """What happens to one person or organization of the import.

    Attributes:
        line: where the card or row begins in the imported file, and `source` the file's name.
        stem: the file it goes into; empty if it goes into none.
        is_organization: whether that is an organization's file.
        adds: the fields that are new in the file, for the user.
        remarks: what is not taken, and why.
        fields: of a new file.
        additions: to an existing file.
        incoming: what was read; None if it was refused.
    """

    action: Action
    line: int
    source: str = ""
    name: str = ""
    stem: str = ""
    is_organization: bool = False
    adds: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    fields: dict[str, Writable] = field(default_factory=dict, repr=False)
    additions: tuple[Addition, ...] = field(default=(), repr=False)
    photo: bytes | None = field(default=None, repr=False)
    incoming: Incoming | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will happen to everyone, where each column goes, and what to know about the files."""

    steps: tuple[Step, ...]
    places: tuple[Place, ...] = ()
    remarks: tuple[Remark, ...] = ()


def plan_import(
    items: Iterable[Item],
    book: ContactBook,
    *,
    remembered: Mapping[str, Remembered] | None = None,
) -> Plan:
    """What to do with each person, and everything that is not taken.

    Args:
        items: what importers read, file after file.
        book: who is on file.
        remembered: what earlier imports with `--sync` took, by the other program's key; later
            changes there are made here too. None: no changes are made.
    """
    gathered = _Gathered()
    for item in items:
        gathered.take(item)
    known = _Known(book, remembered)
    steps = [(at, known.step(incoming)) for at, incoming in gathered.people]
    steps += gathered.steps
    in_order = tuple(step for _, step in sorted(steps, key=lambda pair: pair[0]))
    places = tuple(gathered.places.values())
    return Plan(steps=in_order, places=places, remarks=tuple(gathered.remarks))


class _Gathered:
    """The people of the files, each once, even if several cards or rows are about them.

    Attributes:
        people: each with the place of their first card.
        steps: the steps decided already: refused, or possible duplicates.
    """

    def __init__(self) -> None:
        self.people: list[tuple[int, Incoming]] = []
        self.steps: list[tuple[int, Step]] = []
        self.places: dict[tuple[str, str], Place] = {}
        self.remarks: list[Remark] = []
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._organizations: dict[str, int] = {}
        self._count = 0
        self._photos = 0
        self._is_full = False

    def take(self, item: Item) -> None:
        if isinstance(item, Place):
            known = self.places.get((item.file, item.source))
            if known is None or known.field is None:
                self.places[item.file, item.source] = item
        elif isinstance(item, Remark):
            self.remarks.append(item)
        elif isinstance(item, Refused):
            self._count += 1
            self._refuse(item.line, item.source, item.reason)
        elif not self._is_full:
            self._count += 1
            self._take_person(item)

    def _refuse(self, line: int, source: str, reason: str) -> None:
        step = Step(action="refused", line=line, source=source, remarks=(reason,))
        self.steps.append((self._count, step))

    def _take_person(self, incoming: Incoming) -> None:
        if len(self.people) >= MAX_PEOPLE:
            reason = Phrase(
                "only the first {max_people:,} are taken at once; split the file",
                max_people=MAX_PEOPLE,
            )
            self._refuse(incoming.line, incoming.source, reason)
            self._is_full = True
            return
        incoming = self._with_photo_that_fits(incoming)
        if incoming.kind == "organization":
            self._take_organization(incoming)
            return
        near = self._near(incoming)
        verdicts = {place: compare(self.people[place][1], incoming) for place in near}
        same = next((p for p, one in verdicts.items() if self._is_same(p, one, incoming)), None)
        if same is not None:
            at, first = self.people[same]
            self.people[same] = (at, first.joined(incoming))
            self._remember(same, incoming)
            return
        for place, verdict in verdicts.items():
            first = self.people[place][1]
            if _is_doubt(verdict, first, incoming):
                why = verdict.reason or Phrase("nothing in common except the name")
                reason = Phrase(
                    "perhaps '{name}' of line {line}: {why}",
                    name=first.name,
                    line=first.line,
                    why=why,
                )
                self.steps.append((self._count, doubt(incoming, reason)))
                return
        for place, verdict in verdicts.items():
            first = self.people[place][1]
            whose = Phrase("'{name}' of line {line}", name=first.name, line=first.line)
            incoming = _apart(incoming, first.emails, whose, verdict)
        self.people.append((self._count, incoming))
        self._remember(len(self.people) - 1, incoming)

    def _take_organization(self, incoming: Incoming) -> None:
        known = self._organizations.setdefault(incoming.name.casefold(), len(self.people))
        if known == len(self.people):
            self.people.append((self._count, incoming))
        else:
            at, first = self.people[known]
            self.people[known] = (at, first.joined(incoming))

    def _is_same(self, place: int, verdict: Verdict, incoming: Incoming) -> bool:
        """Whether a card is about a person already known from its file.

        An address book has a name twice if two people have it, or if a card is in it twice.
        """
        _, first = self.people[place]
        adds_nothing = replace(first.joined(incoming), remarks=first.remarks) == first
        return verdict.relation == "same" and (verdict.is_sure or adds_nothing)

    def _with_photo_that_fits(self, incoming: Incoming) -> Incoming:
        self._photos += len(incoming.photo or b"")
        if not incoming.photo or self._photos <= MAX_PHOTOS:
            return incoming
        reason = Phrase("the photo is left out, as there are too many; import the file again")
        return replace(incoming, photo=None, remarks=(*incoming.remarks, reason))

    def _near(self, incoming: Incoming) -> list[int]:
        """The people so far who share an address or a name with this one."""
        keys = (*incoming.emails, *incoming.keys)
        found = dict.fromkeys(place for key in keys for place in self._by_key.get(key, ()))
        return list(found)[:_MOST_NAMESAKES]

    def _remember(self, place: int, incoming: Incoming) -> None:
        for key in (*incoming.emails, *incoming.keys):
            if place not in self._by_key[key][-_MOST_NAMESAKES:]:
                self._by_key[key].append(place)


def _is_doubt(verdict: Verdict, first: Incoming, incoming: Incoming) -> bool:
    """Whether only the user can say if two cards of one file are about one person.

    An address book that has a name twice, with other organizations, means two people.
    """
    if verdict.relation == "other":
        return False
    both = first.organization and incoming.organization
    return not (both and verdict.reason in {"another organization", "no address in common"})


def _apart(incoming: Incoming, taken: Iterable[str], whose: str, verdict: Verdict) -> Incoming:
    """A second person, without the addresses that belong to someone else."""
    shared = [address for address in incoming.emails if address in set(taken)]
    if not shared:
        remark = f"not {whose}: {verdict.reason}"
        is_namesake = verdict.reason != Phrase("another name")
        return replace(incoming, remarks=(*incoming.remarks, remark)) if is_namesake else incoming
    remark = Phrase(
        "{shared} is left out: it is also the address of {whose}", shared=tuple(shared), whose=whose
    )
    return replace(
        incoming,
        emails=tuple(address for address in incoming.emails if address not in shared),
        remarks=(*incoming.remarks, remark),
    )


def doubt(incoming: Incoming, reason: str) -> Step:
    """A person left to the user to decide, with every field that is therefore not taken."""
    told = Phrase("{reason}; not taken: {value}", reason=reason, value=["name", *incoming.given])
    return _step("doubtful", incoming, remarks=(told, *incoming.remarks))


def _step(action: Action, incoming: Incoming, **more: Any) -> Step:  # noqa: ANN401  # as for a step
    """The step for one person."""
    more.setdefault("remarks", incoming.remarks)
    return Step(
        action=action,
        line=incoming.line,
        source=incoming.source,
        name=incoming.name,
        incoming=incoming,
        **more,
    )


class _Known:
    """The contacts on file and those this import adds, by address and by name."""

    def __init__(self, book: ContactBook, remembered: Mapping[str, Remembered] | None) -> None:
        self._book = book
        self._remembered = remembered
        self._stems: set[str] = set()
        self._organizations: set[str] = set()
        self._owners: dict[str, set[str]] = defaultdict(set)
        self._namesakes: dict[str, set[str]] = defaultdict(set)
        for entry in book.entries():
            self._stems.add(entry.stem)
            for address in entry.emails:
                self._owners[address].add(entry.stem)
            for key in {name_key(name) for name in (entry.name, *entry.aliases)}:
                self._namesakes[key].add(entry.stem)

    def step(self, incoming: Incoming) -> Step:
        if incoming.kind == "organization":
            return self._organization(incoming)
        if (followed := self._followed(incoming)) is not None:
            return followed
        owners = {stem for address in incoming.emails for stem in self._owners[address]}
        if len(owners) > 1:
            return doubt(incoming, Phrase("its addresses are in {listed}", listed=_listed(owners)))
        namesakes = {stem for key in incoming.keys for stem in self._namesakes[key]}
        compared = {}
        for stem in sorted(owners) + sorted(namesakes - owners):
            file = self._book.by_stem(stem)
            if file is None:
                return doubt(incoming, Phrase("{stem}.yaml cannot be read now", stem=stem))
            compared[stem] = (file, compare(file.contact, incoming))
        return self._by_comparison(incoming, compared, owners)

    def _by_comparison(
        self,
        incoming: Incoming,
        compared: Mapping[str, tuple[ContactFile, Verdict]],
        owners: AbstractSet[str],
    ) -> Step:
        """The step for someone whose name or address is in these files."""
        of = {
            relation: {s: v for s, (_, v) in compared.items() if v.relation == relation}
            for relation in ("same", "unsure", "other")
        }
        for stem, verdict in of["other"].items():
            taken = compared[stem][0].contact.emails
            incoming = _apart(incoming, taken, f"{stem}.yaml", verdict)
        sure = [stem for stem in of["same"] if stem in owners]
        sure = sure or [stem for stem, verdict in of["same"].items() if verdict.is_sure]
        same = sure or list(of["same"])
        if len(same) > 1 or (same and not sure and of["unsure"]):
            return doubt(
                incoming, Phrase("{listed} have this name", listed=_listed({*same, *of["unsure"]}))
            )
        if same:
            return self._merge(incoming, compared[same[0]][0])
        if of["unsure"]:
            return doubt(incoming, _unsure(of["unsure"]))
        return self._new(incoming)

    def _followed(self, incoming: Incoming) -> Step | None:
        """The step for someone from an earlier `--sync` who is still on file."""
        record = (self._remembered or {}).get(incoming.uid)
        file = self._book.by_stem(record.stem) if record else None
        if record is None or file is None:
            return None
        additions, remarks = changes_since(record, file.contact, incoming)
        return self._merged(incoming, file, additions, remarks)

    def _organization(self, incoming: Incoming) -> Step:
        known = self._book.organization(incoming.name)
        step = _step("unchanged", incoming, is_organization=True)
        if known is not None:
            left = missing_lines(known.organization, incoming)
            kept = (
                Phrase(
                    "{file} stays as it is, without '{text}'", file=f"{known.stem}.yaml", text=text
                )
                for text in left
            )
            return replace(step, stem=known.stem, remarks=(*incoming.remarks, *kept))
        taken = {file.stem for file in self._book.organizations} | self._organizations
        stem = stem_for(incoming.name, lambda stem: stem in taken)
        self._organizations.add(stem)
        fields, remarks = organization_fields(incoming)
        return replace(
            step,
            action="new",
            stem=stem,
            fields=fields,
            adds=tuple(fields),
            remarks=(*incoming.remarks, *remarks),
        )

    def _new(self, incoming: Incoming) -> Step:
        stem = stem_for(incoming.name, lambda stem: stem in self._stems)
        self._stems.add(stem)
        fields = fields_of(incoming)
        adds = (*fields, *(("photo",) if incoming.photo else ()))
        return _step("new", incoming, stem=stem, adds=adds, fields=fields, photo=incoming.photo)

    def _merge(self, incoming: Incoming, file: ContactFile) -> Step:
        additions, kept = additions_to(file.contact, incoming)
        return self._merged(incoming, file, additions, kept)

    def _merged(
        self,
        incoming: Incoming,
        file: ContactFile,
        additions: Iterable[Addition],
        remarks: Iterable[str],
    ) -> Step:
        photo = incoming.photo if file.contact.photo is None else None
        additions = tuple(additions)
        adds = [str(addition.keys[0]) for addition in additions] + (["photo"] if photo else [])
        return _step(
            "merge" if adds else "unchanged",
            incoming,
            stem=file.stem,
            adds=tuple(dict.fromkeys(adds)),
            remarks=(*incoming.remarks, *remarks),
            additions=additions,
            photo=photo,
        )


def _unsure(verdicts: Mapping[str, Verdict]) -> str:
    """Why it is unclear which of the files with this name is meant, if it is."""
    if len(verdicts) > 1:
        return Phrase("{listed} have this name", listed=_listed(verdicts))
    ((stem, verdict),) = verdicts.items()
    if verdict.reason == Phrase("no address in common"):
        return Phrase("{stem}.yaml has this name, but no address of these", stem=stem)
    return Phrase("perhaps {stem}.yaml: {reason}", stem=stem, reason=verdict.reason)


def _listed(stems: Iterable[str]) -> str:
    return " and ".join(f"{stem}.yaml" for stem in sorted(stems))
