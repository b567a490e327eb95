"""Two contact files of one person made one: what the other says is added, and nothing is lost."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from briefgen.contacts.book import ContactFile, name_key
from briefgen.contacts.edits import as_written, text_of
from briefgen.contacts.splice import Addition, Append, Put, Replace
from briefgen.contacts.splice_places import text_field
from briefgen.workspace.document import Keys, Plain
from briefgen.workspace.value import Value


class Merge(Value, frozen=True, kw_only=True):
    """What is added to the file that stays.

    Attributes:
        noted: values that contradict those of the file that stays; they go to its notes.
    """

    additions: tuple[Addition, ...]
    noted: tuple[str, ...] = field(default=())


def merge(kept: ContactFile, other: ContactFile) -> Merge:
    """What the other file says and the one that is kept does not."""
    merging = _Merging(kept=kept, other=other)
    additions = list(merging.additions())
    notes = merging.notes()
    if notes is not None:
        before = kept.contact.notes
        keys: Keys = ("notes",)
        additions.append(
            Put(keys=keys, value=notes)
            if before is None
            else Replace(keys=keys, value=f"{before.rstrip()}\n{notes}")
        )
    return Merge(additions=tuple(additions), noted=tuple(merging.noted))


@dataclass(kw_only=True)
class _Merging:
    kept: ContactFile
    other: ContactFile
    noted: list[str] = field(default_factory=list)

    def additions(self) -> Iterator[Addition]:
        held = self.kept.kept.document.data
        yield from self._names()
        for key, value in self.other.kept.document.data.items():
            if key not in {"version", "name", "aliases", "notes"} and value is not None:
                yield from self._field((key,), held.get(key), value)

    def _names(self) -> Iterator[Addition]:
        """The other's name and aliases, where this one is not known by them."""
        contact = self.kept.contact
        known = {name_key(name) for name in (contact.name, *contact.aliases)}
        for name in (self.other.contact.name, *self.other.contact.aliases):
            if name_key(name) not in known:
                known.add(name_key(name))
                yield Append(keys=("aliases",), value=name)

    def _field(self, keys: Keys, held: Plain, value: Plain) -> Iterator[Addition]:
        if held is None:
            yield Put(keys=keys, value=as_written(keys, value))
        elif isinstance(held, list) and isinstance(value, list):
            yield from self._items(keys, held, value)
        elif isinstance(held, dict) and isinstance(value, dict):
            for key, inner in value.items():
                if inner is not None:
                    yield from self._field((*keys, key), held.get(key), inner)
        elif _flat(held) != _flat(value):
            self.noted.append(f"{'.'.join(map(str, keys))}: {_told(value)}")

    def _items(self, keys: Keys, held: list[Plain], value: list[Plain]) -> Iterator[Addition]:
        """The items that are not there yet; interactions in the order in which the file runs.

        An item of the same text, with nothing that contradicts, gains what the other knows more.
        """
        known = {repr(_flat(item)) for item in held}
        dates = [item.get("date") for item in held if isinstance(item, dict)]
        falls = len(dates) > 1 and str(dates[0]) > str(dates[-1]) and keys == ("interactions",)
        new = []
        for item in value:
            if repr(_flat(item)) in known:
                continue
            same = next((at for at, one in enumerate(held) if _agree(one, item, keys)), None)
            if same is None:
                new.append(item)
            elif isinstance(item, dict):
                there = _group(held[same], keys)
                for name, inner in item.items():
                    if name not in there and inner is not None:
                        place = (*keys, same, name)
                        yield Put(keys=place, value=as_written((*keys, 0, name), inner))
        for item in reversed(new) if falls else new:
            yield Append(keys=keys, value=as_written((*keys, 0), item), first=falls)

    def notes(self) -> str | None:
        """The other's notes, and what contradicts."""
        lines = [f"{self.other.file} said {one}" for one in self.noted]
        other = self.other.contact.notes
        if other is not None and other not in (self.kept.contact.notes or ""):
            lines.append(other.rstrip())
        return "\n".join(lines) or None


def _group(item: Plain, keys: Keys) -> dict[str, Plain]:
    """An item of a list as a group: a plain text is one of its text alone."""
    return item if isinstance(item, dict) else {text_field(keys[0]): item}


def _agree(one: Plain, other: Plain, keys: Keys) -> bool:
    """Whether two items have the same text and differ in nothing that both say."""
    if not text_of(one) or text_of(one).casefold() != text_of(other).casefold():
        return False
    first, second = _group(one, keys), _group(other, keys)
    both = first.keys() & second.keys()
    return all(_flat(first[name]) == _flat(second[name]) for name in both)


def _flat(value: Plain) -> Plain:
    """A value as it is compared: texts without case, a plain item like the group it stands for."""
    if isinstance(value, dict):
        flat = {key: _flat(inner) for key, inner in value.items() if inner is not None}
        return flat.get("text") if flat.keys() == {"text"} else dict(sorted(flat.items()))
    if isinstance(value, list):
        return [_flat(item) for item in value]
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


def _told(value: Plain) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_told(item) for item in value)
    return str(value)
