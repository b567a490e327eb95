"""Finds contacts by a piece of what one remembers, and pairs that may be one person."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.util import find_spec, module_from_spec
from itertools import combinations

from briefgen.contacts.book import name_key
from briefgen.contacts.entry import Entry
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

_NEAR = 74
"""How near (of 100) a name must come to what was typed to be found."""
_ALIKE = 90
"""How close (of 100) two names must be to count as similar."""
_BLOCK = 400
"""More names than this with one beginning tell nothing; they are not compared pair by pair."""


@cache
def nearness() -> Callable[..., float]:
    """How near two texts come, of 100: the `ratio` of rapidfuzz, imported when names are compared.

    The rest of the package is left out, which would take 2 MB in programs that run long.
    """
    package = find_spec("rapidfuzz")
    if package is not None:
        sys.modules.setdefault(package.name, module_from_spec(package))
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  # as said

    return ratio


def find_entries(entries: Iterable[Entry], wanted: str) -> tuple[Entry, ...]:
    """The contacts `wanted` may mean by name, alias, address or organization, likeliest first."""
    ratio = nearness()
    key = name_key(wanted)
    found = []
    for entry in entries:
        names = [name_key(name) for name in (entry.name, *entry.aliases)]
        exact = key in names or wanted.casefold() in (*entry.emails, entry.stem.casefold())
        others = (*entry.emails, entry.organization or "", entry.title or "")
        flat = wanted.casefold().strip()
        within = any(flat in text.casefold() for text in (entry.name, *entry.aliases, *others))
        score: float = 200 if exact else 150 if within else 0
        if not score:
            score = max(_nearness(ratio, key, name) for name in names)
        if score >= _NEAR:
            found.append((-score, entry.name, entry))
    return tuple(entry for *_, entry in sorted(found, key=lambda f: (f[0], f[1], f[2].stem)))


def _nearness(ratio: Callable[..., float], key: str, name: str) -> float:
    """How near the words typed come to words of the name: each word against its nearest one.

    A word that is too far from every part for the whole to be near counts nothing, which saves
    comparing it to its end.
    """
    words = key.split()
    parts = name.split()
    if not words or not parts:
        return 0.0
    least = max(0, 100 - (100 - _NEAR) * len(words))
    nearest = (max(ratio(word, part, score_cutoff=least) for part in parts) for word in words)
    return float(sum(nearest) / len(words))


def named_entries(entries: Sequence[Entry], wanted: str) -> tuple[Entry, ...]:
    """The contacts that a `CONTACT` of the command line means.

    The file's stem, an exact address or an exact name decide; else a piece of the name that only
    one has. More than one entry means that it does not tell which.
    """
    folded = wanted.strip().casefold()
    key = name_key(wanted)
    tests: tuple[Callable[[Entry], bool], ...] = (
        lambda e: wanted in {e.stem, e.file},
        lambda e: folded in e.emails,
        lambda e: key in {name_key(name) for name in (e.name, *e.aliases)},
        lambda e: any(folded in name.casefold() for name in (e.name, *e.aliases)),
    )
    for test in tests:
        if folded and (found := tuple(entry for entry in entries if test(entry))):
            return found
    return ()


class Pair(Value, frozen=True, kw_only=True):
    """Two files that may be one person, and why it is thought so."""

    first: Entry
    second: Entry
    reason: str


def duplicates(entries: Iterable[Entry]) -> tuple[Pair, ...]:
    """Pairs of files with an address in common, one name, or nearly one name."""
    entries = tuple(entries)
    reasons: dict[tuple[str, str], str] = {}
    for address, owners in _owners(entries, lambda e: e.emails).items():
        _note(reasons, owners, Phrase("both have {address}", address=address))
    named = _owners(entries, lambda e: {name_key(name) for name in (e.name, *e.aliases)})
    for owners in named.values():
        _note(reasons, owners, Phrase("the same name"))
    _note_alike(reasons, entries)
    by_stem = {entry.stem: entry for entry in entries}
    return tuple(
        Pair(first=by_stem[one], second=by_stem[two], reason=reason)
        for (one, two), reason in sorted(reasons.items())
    )


def _owners(
    entries: Iterable[Entry], keys: Callable[[Entry], Iterable[str]]
) -> dict[str, list[Entry]]:
    owners: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for key in set(keys(entry)):
            owners[key].append(entry)
    return {key: found for key, found in owners.items() if 1 < len(found) <= _BLOCK}


def _note(reasons: dict[tuple[str, str], str], owners: list[Entry], reason: str) -> None:
    for one, two in combinations(sorted(owner.stem for owner in owners), 2):
        reasons.setdefault((one, two), reason)


def _note_alike(reasons: dict[tuple[str, str], str], entries: Sequence[Entry]) -> None:
    """Names that differ by a letter or two: compared only where a part of them begins alike."""
    ratio = nearness()
    keys = {entry.stem: name_key(entry.name) for entry in entries}
    beginnings = _owners(entries, lambda e: {part[:3] for part in keys[e.stem].split()})
    for owners in beginnings.values():
        for one, two in combinations(sorted(owners, key=lambda e: e.stem), 2):
            if (one.stem, two.stem) in reasons:
                continue
            if one.organization and two.organization and one.organization != two.organization:
                continue
            if ratio(keys[one.stem], keys[two.stem], score_cutoff=_ALIKE):
                reasons[one.stem, two.stem] = Phrase("nearly the same name")
