"""Finds contacts by what the user types, and says whether two descriptions are of one person."""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.util import find_spec, module_from_spec
from itertools import combinations
from typing import Final, Literal, Protocol, TypeAlias

from briefgen.contacts.book import name_key
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.entry import Entry
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

_NEAR: Final = 74
"""How similar (of 100) a name must be to what was typed to be found."""
_SIMILAR: Final = 90
"""How close (of 100) two names must be to count as similar."""
_BLOCK: Final = 400
"""If more names than this begin alike, they are not compared pair by pair."""

_PREFIX: Final = 3
"""The fewest letters of a short form that begins another name: Tom, Tomas."""
_ALIKE: Final = 85
"""How similar (of 100) two words must be to count as one mistyped word."""
Relation: TypeAlias = Literal["same", "other", "unsure"]


@cache
def nearness() -> Callable[..., float]:
    """How similar two texts are, of 100: the `ratio` of rapidfuzz, imported on first use.

    The rest of the package is not imported, as it takes 2 MB in long-running programs.
    """
    package = find_spec("rapidfuzz")
    if package is not None:
        sys.modules.setdefault(package.name, module_from_spec(package))
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  # as said

    return ratio


def find_entries(entries: Iterable[Entry], wanted: str) -> tuple[Entry, ...]:
    """The contacts that `wanted` may mean by name, alias, address or organization, best first."""
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
    """How similar the words typed are to those of the name, each compared with its nearest.

    A word too far from every part counts nothing, which saves comparing it to its end.
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

    The file's stem, an exact address or an exact name decides; else a piece of a name that only one
    has. More than one entry means that it is ambiguous.
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
    """Two files that may be one person, and why."""

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
            if ratio(keys[one.stem], keys[two.stem], score_cutoff=_SIMILAR):
                reasons[one.stem, two.stem] = Phrase("nearly the same name")


class Described(Protocol):
    """What is known about a person, on file or being imported."""

    @property
    def name(self) -> str: ...  # noqa: D102  # as contact files have them
    @property
    def aliases(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def emails(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def telephones(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def organization(self) -> str | None: ...  # noqa: D102
    @property
    def birthday(self) -> PartialDate | None: ...  # noqa: D102


class Verdict(Value, frozen=True, kw_only=True):
    """Whether two descriptions are of one person, and why.

    Attributes:
        reason: the evidence against it.
        is_sure: whether there is more evidence for it than a name.
    """

    relation: Relation
    reason: str = ""
    is_sure: bool = False


def compare(known: Described, given: Described) -> Verdict:  # noqa: PLR0911  # a table of evidence
    """Whether `given` is the person that is known."""
    names = compare_names(known, given)
    if set(known.emails) & set(given.emails):
        if names == "unsure":
            return Verdict(relation="unsure", reason="the same address under another name")
        reason = "" if names == "same" else "another name"
        return Verdict(relation=names, reason=reason, is_sure=True)
    if not _have_one_name(known, given):
        return Verdict(relation="other", reason="another name")
    if numbers_of(known) & numbers_of(given):
        return Verdict(relation="same", is_sure=True)
    if name_key(known.name) != name_key(given.name) and _by_nickname(known, given):
        return Verdict(relation="unsure", reason="only a nickname in common")
    if _contradict(known.birthday, given.birthday):
        return Verdict(relation="other", reason="another birthday")
    if known.emails and given.emails:
        return Verdict(relation="unsure", reason="no address in common")
    if _differ(known.organization, given.organization):
        return Verdict(relation="unsure", reason="another organization")
    is_colleague = known.organization is not None and given.organization is not None
    if numbers_of(known) and numbers_of(given) and not is_colleague:
        return Verdict(relation="unsure", reason="other telephone numbers")
    is_born_then = known.birthday is not None and known.birthday == given.birthday
    return Verdict(relation="same", is_sure=is_colleague or is_born_then)


def _by_nickname(known: Described, given: Described) -> bool:
    """Whether they have only a single word in common: many people are called Bob."""
    return len(_words(known.name)) == 1 or len(_words(given.name)) == 1


def compare_names(known: Described, given: Described) -> Relation:
    """Whether the names alone are those of one person, of two, or could be either.

    The given name decides: Mara and Tomas Quill are two people, Mara Quill and Mara Brandt may be
    one who married, and D. Smith is short for Dana Smith.
    """
    if _have_one_name(known, given):
        return "same"
    pairs = [
        (_words(one), _words(two))
        for one in (known.name, *known.aliases)
        for two in (given.name, *given.aliases)
    ]
    if any(_is_short_for(*sorted(pair, key=len)) for pair in pairs if all(pair)):
        return "same"
    if any(len(words) == 1 for words in (_words(known.name), _words(given.name))):
        return "unsure"
    first_alike = any(one and two and _alike(one[0], two[0]) for one, two in pairs)
    return "unsure" if first_alike else "other"


def _have_one_name(known: Described, given: Described) -> bool:
    """Whether the name of one is the name, or another form of the name, of the other."""
    names, others = name_key(known.name), name_key(given.name)
    aliases, other_aliases = map(name_key, known.aliases), map(name_key, given.aliases)
    return names == others or others in set(aliases) or names in set(other_aliases)


def _words(name: str) -> list[str]:
    """A name's words as they are compared, the given name first: `Doe, Jane` is reversed."""
    family, comma, given = name.partition(",")
    turned = f"{given} {family}" if comma and given.strip() else name
    return [name_key(word) for word in re.split(r"[\s.]+", turned) if name_key(word)]


def _is_short_for(short: list[str], long: list[str]) -> bool:
    """Whether each word of one is in the other, perhaps as an initial or shortened."""
    rest = list(long)
    for word in short:
        found = next((other for other in rest if _alike(word, other)), None)
        if found is None:
            return False
        rest.remove(found)
    return True


def _alike(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    if short == long:
        return True
    if len(short) == 1 or (len(short) >= _PREFIX and long.startswith(short)):
        return long.startswith(short)
    return nearness()(short, long) >= _ALIKE


def numbers_of(one: Described) -> frozenset[str]:
    """Telephone numbers as they are compared: `+1 (555) 0100` and `001-555-0100` are the same."""
    return frozenset(digits_of(number) for number in one.telephones)


def digits_of(number: str) -> str:
    """A telephone number as it is compared."""
    bare = re.sub(r"\(0\)|[^\d+]", "", number)
    return re.sub(r"\A\+", "00", bare)


def _contradict(one: PartialDate | None, two: PartialDate | None) -> bool:
    """Whether two birthdays cannot be one person's; a missing year or day is no contradiction."""
    if one is None or two is None:
        return False
    parts = ((one.year, two.year), (one.month, two.month), (one.day, two.day))
    return any(a != b for a, b in parts if a is not None and b is not None)


def _differ(one: str | None, two: str | None) -> bool:
    """Whether two names are of different organizations, and neither is the other shortened."""
    if one is None or two is None:
        return False
    first, second = (set(re.findall(r"\w+", name.casefold())) for name in (one, two))
    return not (first <= second or second <= first)
