"""Bring the catalogues up to date with the messages in the code and the templates.

`make catalogues` adds new messages to src/briefgen/languages/*.po, untranslated, and drops those
that are gone; what is translated stays. `--check` changes nothing and ends with status 1 where a
catalogue is behind or a message has no translation.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from briefgen.language import LANGUAGES, SOURCE_LANGUAGE

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "briefgen" / "languages"
KEYWORDS = {"text": None, "plural": (1, 2)}
METHODS = {".py": "python", ".j2": "jinja2.ext:babel_extract"}
PLACEHOLDER = re.compile(r"\{(\w*)[^}]*\}")
GENERATED = re.compile(rb'^"Generated-By: .*\n', re.MULTILINE)  # differs from machine to machine
HEADER = "# briefgen in {language}. The English text is the message; keep {{names}} in braces."
NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # a date of making would change the file every time


def sources() -> Iterator[Path]:
    """Every file that can hold messages, in a fixed order."""
    yield from sorted((ROOT / "src" / "briefgen").rglob("*.py"))
    yield from sorted((ROOT / "templates").rglob("*.j2"))


def extracted() -> Catalog:
    """Every message in the code and the templates, with the files it stands in."""
    catalog = Catalog(charset="utf-8")
    for path in sources():
        found = extract_from_file(METHODS[path.suffix], path, keywords=KEYWORDS)
        for entry in found:
            catalog.add(entry[1], locations=[(path.relative_to(ROOT).as_posix(), 0)])  # type: ignore[arg-type]  # the stub counts a field too many
    return catalog


def read(language: str) -> Catalog:
    """The catalogue of a language as it is on file, or an empty one."""
    path = FOLDER / f"{language}.po"
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def updated(language: str, messages: Catalog) -> Catalog:
    """The catalogue of a language with exactly these messages, and what was translated."""
    old = read(language)
    new = Catalog(
        locale=language,
        project="briefgen",
        version="1",
        charset="utf-8",
        msgid_bugs_address="",
        header_comment=HEADER.format(language=english_name(language)),
        creation_date=NEVER,
        revision_date=NEVER,
        last_translator="briefgen",
        language_team=language,
        fuzzy=False,
    )
    for message in messages:
        if message.id:
            known = old.get(message.id)
            kept = known.string if known is not None and type(known.id) is type(message.id) else ""
            places = sorted(set(message.locations))
            new.add(message.id, kept, locations=places, flags=message.flags - {"python-format"})
    return new


def english_name(language: str) -> str:
    """A language's English name."""
    return str(Catalog(locale=language).locale.english_name)  # type: ignore[union-attr]


def as_bytes(catalog: Catalog) -> bytes:
    """The catalogue as its file holds it."""
    stream = BytesIO()
    write_po(
        stream, catalog, width=96, sort_output=True, ignore_obsolete=True, include_lineno=False
    )
    return GENERATED.sub(b"", stream.getvalue())


def missing(catalog: Catalog) -> list[Message]:
    """The messages that have no translation, or not every plural form."""
    return [
        message
        for message in catalog
        if message.id and not all(message.string if message.pluralizable else [message.string])
    ]


def main() -> int:
    """Update or check every catalogue; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; 1 where behind")
    check = parser.parse_args().check
    messages = extracted()
    behind = False
    FOLDER.mkdir(exist_ok=True)
    for language in LANGUAGES:
        catalog = updated(language, messages)
        path = FOLDER / f"{language}.po"
        content = as_bytes(catalog)
        untranslated = [] if language == SOURCE_LANGUAGE else missing(catalog)
        behind |= bool(untranslated) or not path.is_file() or path.read_bytes() != content
        if not check:
            path.write_bytes(content)
        for message in untranslated:
            print(f"{path.name}: no translation of {message.id!r}")
        print(f"{path.name}: {len(catalog)} messages, {len(untranslated)} untranslated")
    return 1 if check and behind else 0


if __name__ == "__main__":
    sys.exit(main())
