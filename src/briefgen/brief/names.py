"""Names: what a line calls someone, by which names a note mentions them, and who is a person.

Calendars list note-taking programs, mailing lists and no-reply senders among the people, and
directories write `Doe, Jane (External)`. How they are recognised is data: `parties.yaml`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cache, cached_property
from typing import Any, Final

from briefgen.brief.words import UNSPACED, fold, word_list
from briefgen.contacts.book import name_key
from briefgen.contacts.contact import Contact
from briefgen.contacts.exchange.values import turned_name
from briefgen.meetings.meeting import Attendee
from briefgen.workspace.addresses import domain_of, within
from briefgen.workspace.built_in import read_built_in

HONORIFICS: Final = word_list("honorifics")
_SHORTEST: Final = 3
_ALSO_WORDS: Final = word_list("names_that_are_words")
"""Given names that are also words; they count only if they are written as names."""
_BRACKETED: Final = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|（[^（）]*）)\s*")  # noqa: RUF001
_BEHIND_BAR: Final = re.compile(r"\s+(?:[|/–—]|-|via|c/o)\s+.*\Z", re.IGNORECASE)
_PREFIX: Final = re.compile(r"\A([^\W\d_]{2,12}\.?)\s*[:|–-]\s+")
_NAME: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’ -])*\Z")
_FEWEST_PARTS: Final = 2
_SHORTEST_NAME: Final = 3


def short_names(names: Sequence[str], own: Sequence[str | None]) -> list[str]:
    """What lines call several people: the given name, made distinct if two share it.

    Args:
        names: their full names.
        own: how each wants to be addressed, if known.
    """
    shorts = [wanted or given_name(name) for name, wanted in zip(names, own, strict=True)]
    folded = [fold(one) for one in shorts]
    return [
        _distinct(
            name, short, [n for n, key in zip(names, folded, strict=True) if key == fold(short)]
        )
        for name, short in zip(names, shorts, strict=True)
    ]


def _distinct(name: str, short: str, sharing: Sequence[str]) -> str:
    """`Anna B.` if the initials of the surnames differ, else the whole name."""
    if len(sharing) == 1:
        return short
    letters = [_surname(one)[:1] for one in sharing]
    if not all(letters) or len(set(letters)) < len(letters) or UNSPACED.search(name):
        return name
    return f"{short} {_surname(name)[0]}."


def given_name(name: str) -> str:
    """The first of several words; the whole name if that would be wrong or rude."""
    words = name.split()
    if len(words) < 2 or UNSPACED.search(name) or words[0].endswith((".", ",")):  # noqa: PLR2004
        return name.rstrip(",") if len(words) == 1 else name
    if fold(words[0]) in HONORIFICS:
        return name
    return words[0] if len(words[0]) > 1 else name


def _surname(name: str) -> str:
    words = name.split()
    return words[-1] if len(words) > 1 else ""


def names_of(contact: Contact, firms: Collection[str]) -> tuple[str, ...]:
    """The names by which a note may mention a contact, except words of a firm's name."""
    parts = [contact.name, *contact.aliases, contact.call_me or ""]
    parts += [given_name(contact.name), *map(_surname, (contact.name, *contact.aliases))]
    parts += [contact.name.split()[0]] if fold(contact.name.split()[0]) not in HONORIFICS else []
    found = dict.fromkeys(part for part in parts if part and fold(part) not in firms)
    return tuple(one for one in found if len(one) >= _SHORTEST or UNSPACED.search(one))


class NameSearch:
    """The names by which a note may mention someone, ready for a search.

    Attributes:
        hints: without case and accents; a text that mentions them contains at least one.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        flat = {bare(name).casefold() for name in self._names}
        self.hints = frozenset(one for one in flat if not any(o in one for o in flat - {one}))

    def in_text(self, text: str) -> bool:
        """Whether a text mentions them."""
        plain = bare(text)
        flat = plain.casefold()
        may_be = any(hint in flat for hint in self.hints)
        if may_be and any(one.search(plain) for one in self._spaced):
            return True
        return any(one in text.replace(" ", "") for one in self.unspaced)

    @cached_property
    def _spaced(self) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(name) for name in self._names if not UNSPACED.search(name))

    @cached_property
    def unspaced(self) -> tuple[str, ...]:
        """The names in a script without spaces between words."""
        return tuple(name.replace(" ", "") for name in self._names if UNSPACED.search(name))


def _pattern(name: str) -> re.Pattern[str]:
    flags = 0 if name.casefold() in _ALSO_WORDS else re.IGNORECASE
    return re.compile(rf"(?<!\w){re.escape(bare(name))}(?!\w)", flags)


def bare(text: str) -> str:
    """A text without accents, its case kept."""
    if text.isascii():
        return text
    split = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def cleaned(party: Attendee) -> Attendee:
    """A party under the name that people use, without a placeholder address.

    Without a name it is called by the words before the @: `ken.ito@acme.example` is Ken Ito. `MARIA
    LOPEZ` is written in mixed case if `maria.lopez@…` says the same. With nothing but a name it
    keeps what its directory adds, since that may distinguish two people.
    """
    name, address, kind, known = plain_name(party.name), party.address, party.kind, _known()
    if address in known["without_address"] or _local(address or "") in known["senders"]:
        address = None
    if address is None and name_key(name) != name_key(party.name):
        name = party.name
    if address is not None and kind == "INDIVIDUAL" and _is_group(name, address):
        kind = "GROUP"
    if address is not None and name.casefold() in known["no_names"]:
        name = ""
    if address is not None and kind == "GROUP":
        name = name or address
    elif address is not None and (not name or _is_only_local(name, address)):
        name = name_from(address) or name
    elif address is not None and _is_in_capitals(name, address):
        name = re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name)
    return party.replace(name=name, address=address, kind=kind)


def is_person(party: Attendee) -> bool:
    """Whether a cleaned party is a person or a group of people, and not a room or a program."""
    known, name = _known(), f"{party.name.casefold()} "
    is_room = any(name.startswith(f"{room} ") for room in known["rooms"])
    if party.kind in {"ROOM", "RESOURCE"} or is_note_taker(party) or is_room:
        return False
    if party.address is None:
        return bool(party.name)
    return not within(domain_of(party.address), known["room_domains"])


def is_nobody(party: Attendee) -> bool:
    """Whether a party is a placeholder or a mailbox that only sends."""
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
    is_maker = within(domain, known["makers"])
    if is_maker and party.name.casefold() in {domain, domain.partition(".")[0]}:
        return True
    words = set(re.split(r"[^a-z]+", _local(party.address)))
    return is_maker and not words.isdisjoint(known["words"])


def plain_name(name: str) -> str:
    """A name without what directories add, in the order in which people say it.

    `Doe, Jane (External)`, `[EXT] Jane Doe` and `Jane Doe | Acme` are Jane Doe.
    """
    plain = _BRACKETED.sub(" ", name).strip(" ,;")
    if (label := _PREFIX.match(plain)) and label[1].casefold() in _known()["labels"]:
        plain = plain[label.end() :]
    plain = _BEHIND_BAR.sub("", plain).strip(" ,;")
    parts = [part.strip() for part in plain.split(",")]
    while len(parts) > 1 and parts[-1].casefold().strip(". ") in _known()["after_a_comma"]:
        parts.pop()
    if len(parts) == 2 and all(map(_NAME.match, parts)):  # noqa: PLR2004  # Last, First
        plain = turned_name(", ".join(parts))
    return " ".join(plain.split()) or " ".join(name.split())


def name_from(address: str) -> str:
    """A name made from what is before the @; empty if that is only initials."""
    local = _local(address).partition("+")[0]
    parts = [part for part in re.split(r"[._]", local) if part]
    if len(parts) < _FEWEST_PARTS or not all(
        re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)*", p) for p in parts
    ):
        return local if len(local) >= _SHORTEST_NAME and local.isalpha() else ""
    return " ".join("-".join(word.capitalize() for word in part.split("-")) for part in parts)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same apart from spelling."""
    return bool(one) and name_key(plain_name(one)) == name_key(plain_name(other))


def _is_only_local(name: str, address: str) -> bool:
    """`dana.smith`, the words before the @ in place of a name."""
    return name.casefold() == _local(address) and not name.isalpha()


def _is_in_capitals(name: str, address: str) -> bool:
    """Whether all of a name is in capitals, which its address shows to be a first and last name.

    Initials (`AJ`), `MCDONALD` and names of more words (`VAN DER BERG`) stay, since nobody can
    tell from capitals how they are written; so do Turkish names, with their two kinds of I.
    """
    words = name.split()
    if len(words) != 2 or not name.isupper() or re.search("[İŞĞ]", name):  # noqa: PLR2004
        return False
    if any(len(word) < _SHORTEST_NAME or word.startswith(("MC", "MAC")) for word in words):
        return False
    return name_key(re.sub("['’]", "", name)) == name_key(name_from(address))


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
