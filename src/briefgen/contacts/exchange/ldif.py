"""Address books in LDIF (RFC 2849), as Thunderbird and directories export them.

An entry is read as a row of a table; `ldif.yaml` says what columns its attributes are.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path

from briefgen.contacts.exchange.interface import Options
from briefgen.contacts.exchange.person import Item, Refused
from briefgen.contacts.exchange.table_files import MAX_BYTES, Row, read_rows
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import Phrase

_OF_GROUPS = frozenset({"groupofnames", "groupofuniquenames"})


class LdifImporter:
    """Entries of a directory, a person each."""

    def recognises(self, path: Path, start: bytes) -> bool:  # noqa: ARG002  # told by content
        """By the line that every entry begins with."""
        return re.match(rb"(?:version:[^\n]*\n\s*)?(?:#[^\n]*\n)*dn::? ?\S", start) is not None

    def read(self, path: Path, options: Options) -> Iterator[Item]:
        """Every entry; a list of people is none."""
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(Phrase("larger than {max_bytes} MB", max_bytes=MAX_BYTES // 2**20))
        entries = [*_entries(path.read_bytes())]
        header = [*dict.fromkeys(name for _, entry in entries for name in entry)]
        rows: list[Row] = [(1, header)]
        for line, entry in entries:
            if not _OF_GROUPS.isdisjoint(entry.get("objectclass", "").casefold().split()):
                reason = Phrase("a list of people: {name}", name=entry.get("Name", ""))
                yield Refused(line=line, reason=reason)
            else:
                rows.append((line, [entry.get(name, "") for name in header]))
        yield from read_rows(iter(rows), options)


def _entries(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The line each entry begins on, and its attributes under the names of columns."""
    names: dict[str, str] = read_built_in("contacts/exchange/ldif.yaml")
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    line = 1
    for block in re.split(r"(\n{2,})", text):
        entry: dict[str, str] = {}
        for unfolded in re.sub(r"\n ", "", block).splitlines():
            name, colon, value = unfolded.partition(":")
            if not colon or name.startswith("#") or name in {"dn", "version"}:
                continue
            shown = _decoded(value[1:]) if value.startswith(":") else value.strip()
            bare = name.partition(";")[0]
            key = names.get(bare.casefold(), bare)
            entry[key] = f"{entry[key]} ::: {shown}" if key in entry else shown
        if entry:
            yield line + len(block) - len(block.lstrip("\n")), entry
        line += block.count("\n")


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value.strip()).decode("utf-8", errors="replace")
    except (binascii.Error, ValueError):
        return ""
