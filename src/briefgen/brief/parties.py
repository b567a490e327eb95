"""Parties of an invitation: which are people, and what they are called.

Calendars name note-taking programs, mailing lists and senders beside people, and directories write
`Doe, Jane (External)`. What is known of them is data: `parties.yaml`.
"""

import re
from functools import cache
from typing import Any, Final

from briefgen.contacts.book import name_key
from briefgen.meetings.meeting import Attendee
from briefgen.workspace.addresses import domain_of
from briefgen.workspace.built_in import read_built_in

_BRACKETED: Final = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|（[^（）]*）)\s*")  # noqa: RUF001
_BEHIND_BAR: Final = re.compile(r"\s+(?:[|/–—]|-|via|c/o)\s+.*\Z", re.IGNORECASE)
_PREFIX: Final = re.compile(r"\A([^\W\d_]{2,12}\.?)\s*[:|–-]\s+")
_NAME: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’ -])*\Z")
_MOST_WORDS: Final = 4
_FEWEST_PARTS: Final = 2
_SHORTEST_NAME: Final = 3


def tidied(party: Attendee) -> Attendee:
    """A party under the name that people use, without an address that is none.

    One without a name is called by the words before the @: `ken.ito@acme.example` is Ken Ito. One
    with nothing but a name keeps what its directory adds, since that may tell two people apart.
    """
    name, address, kind = plain_name(party.name), party.address, party.kind
    if address is not None and not _is_mailbox(address):
        address = None
    if address is None and name_key(name) != name_key(party.name):
        name = party.name
    if address is not None and kind == "INDIVIDUAL" and _is_group(name, address):
        kind = "GROUP"
    if not name and address is not None:
        name = address if kind == "GROUP" else name_from(address)
    return party.replace(name=name, address=address, kind=kind)


def is_person(party: Attendee) -> bool:
    """Whether a tidied party is somebody, or a group of people: no room, no program, not nobody."""
    known = _known()
    if party.kind in {"ROOM", "RESOURCE"} or is_note_taker(party) or _is_room(party.name):
        return False
    if party.address is None:
        return bool(party.name)
    return domain_of(party.address) not in known["room_domains"]


def _is_room(name: str) -> bool:
    return any(f"{name.casefold()} ".startswith(f"{room} ") for room in _known()["rooms"])


def is_nobody(party: Attendee) -> bool:
    """Whether a party as the feed has it stands for nobody, or only sends mail."""
    address = party.address or ""
    if address in _known()["nobody"]:
        return True
    return _local(address) in _known()["senders"] and len(plain_name(party.name).split()) < 2  # noqa: PLR2004  # a full name


def is_note_taker(party: Attendee) -> bool:
    """Whether a party is a program that takes notes."""
    if _names_of_note_takers().search(plain_name(party.name).casefold()):
        return True
    known = _known()
    if party.address is None:
        return False
    domain = domain_of(party.address)
    if party.address in known["addresses"] or domain in known["domains"]:
        return True
    if domain in known["makers"] and party.name.casefold() in {domain, domain.partition(".")[0]}:
        return True
    words = set(re.split(r"[^a-z]+", _local(party.address)))
    return domain in known["makers"] and not words.isdisjoint(known["words"])


def plain_name(name: str) -> str:
    """A name without what directories add, and in the order in which people say it.

    `Doe, Jane (External)`, `[EXT] Jane Doe` and `Jane Doe | Acme` are Jane Doe.
    """
    plain = _BRACKETED.sub(" ", name).strip(" ,;")
    if (label := _PREFIX.match(plain)) and label[1].casefold() in _known()["labels"]:
        plain = plain[label.end() :]
    plain = _BEHIND_BAR.sub("", plain).strip(" ,;")
    parts = [part.strip() for part in plain.split(",")]
    while len(parts) > 1 and parts[-1].casefold().strip(". ") in _known()["after_a_comma"]:
        parts.pop()
    if len(parts) == 2 and all(_is_name(part) for part in parts):  # noqa: PLR2004  # Last, First
        return " ".join(f"{parts[1]} {parts[0]}".split())
    return " ".join(plain.split()) or " ".join(name.split())


def name_from(address: str) -> str:
    """A name out of what stands before the @; an empty text where that is but initials."""
    local = _local(address).partition("+")[0]
    parts = [part for part in re.split(r"[._]", local) if part]
    if len(parts) < _FEWEST_PARTS or not all(
        re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)*", p) for p in parts
    ):
        return local if len(local) >= _SHORTEST_NAME and local.isalpha() else ""
    return " ".join("-".join(word.capitalize() for word in part.split("-")) for part in parts)


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, however they are written."""
    return bool(one) and name_key(plain_name(one)) == name_key(plain_name(other))


def _is_name(part: str) -> bool:
    words = [word.strip(".").casefold() for word in part.split()]
    firm = not _known()["after_a_comma"].isdisjoint(words)
    return bool(_NAME.match(part)) and len(words) <= _MOST_WORDS and not firm


def _is_mailbox(address: str) -> bool:
    return address not in _known()["without_address"] and _local(address) not in _known()["senders"]


def _is_group(name: str, address: str) -> bool:
    if domain_of(address) in _known()["group_domains"]:
        return True
    words = {_local(address), *re.split(r"[._-]", _local(address))}
    nameless = not name or name.casefold() in {address, _local(address)}
    return nameless and not words.isdisjoint(_known()["groups"])


def _local(address: str) -> str:
    return address.rpartition("@")[0].casefold()


@cache
def _names_of_note_takers() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(_known()["names"])))
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)")


@cache
def _known() -> dict[str, frozenset[str]]:
    data: Any = read_built_in("brief/parties.yaml")
    lists = {**data["note_takers"], **data["placeholders"]}
    lists |= {name: given for name, given in data.items() if isinstance(given, list)}
    return {name: frozenset(str(one).casefold() for one in given) for name, given in lists.items()}
