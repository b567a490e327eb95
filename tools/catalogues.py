"""Bring the catalogues up to date with the messages in code, data and templates.

`make catalogues` adds new messages to src/briefgen/languages/*.po, untranslated, and drops those
that are gone; what is translated stays. `--check` changes nothing and ends with status 1 where a
catalogue is behind or a message has no translation.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from briefgen.cli.help import paragraphs
from briefgen.workspace.built_in import parse_built_in
from briefgen.workspace.language import LANGUAGES, REGIONAL_CATALOGUES, SOURCE_LANGUAGE

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "briefgen" / "languages"
COMMANDS = ROOT / "src" / "briefgen" / "cli"
KEYWORDS = {"text": None, "plural": (1, 2)}
TRANSLATORS = {"text", "plural"}  # of a `language`, or of a template
PHRASE = "Phrase"  # `Phrase("…")` and `Phrase.plural("…", "…", …)`
TELLERS = {"say", "detail", "complain", "fail", "wrong_use"}  # `call.say("…", name=name)`
PLACEHOLDER = re.compile(r"\{(\w*)[^}]*\}")
IN_DATA = {
    "cli/init_questions.yaml": {"title", "hint", "about"},
    "reflection/questions.yaml": {"title", "about"},
    "upkeep/providers.yaml": {"calendar", "mail_password"},
}
"""The YAML files that hold messages, and in which fields."""
GENERATED = re.compile(rb'^"Generated-By: .*\n', re.MULTILINE)  # differs from machine to machine
HEADER = "# briefgen in {language}. The English text is the message; keep {{names}} in braces."
NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # a date of making would change the file every time


def sources() -> Iterator[Path]:
    """Every file that can hold messages, in a fixed order."""
    yield from (ROOT / "src" / "briefgen" / file for file in sorted(IN_DATA))
    yield from sorted((ROOT / "src" / "briefgen").rglob("*.py"))
    yield from sorted((ROOT / "templates").rglob("*.j2"))


def extracted() -> Catalog:
    """Every message in the code, the data and the templates, with the files it is in."""
    catalog = Catalog(charset="utf-8")
    for path in sources():
        for message in READERS[path.suffix](path):
            catalog.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)])
    return catalog


def in_code(path: Path) -> Iterator[str | tuple[str, str]]:
    """The messages in a module: `language.text("…")`, or `text("…")` where it was taken out."""
    for call, texts in calls(path):
        first, *second = texts or [""]
        if first and len(second) == int(name_of(call.func) == "plural"):
            yield (first, second[0]) if second else first
    if path.is_relative_to(COMMANDS):
        yield from in_help(path)


def in_help(path: Path) -> Iterator[str]:
    """The help texts of the commands and options that a module defines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and name_of(node.func) in {"option", "argument"}:
            wanted = {"help", "metavar"} if name_of(node.func) == "option" else {"help"}
            given = (word.value for word in node.keywords if word.arg in wanted)
            yield from (str(one.value) for one in given if isinstance(one, ast.Constant))
        elif isinstance(node, ast.FunctionDef) and any(map(makes_command, node.decorator_list)):
            for sentences in paragraphs(ast.get_docstring(node) or ""):
                yield from sentences


def makes_command(decorator: ast.expr) -> bool:
    """Whether a decorator defines a command or a group: `@click.command(…)`."""
    made = decorator.func if isinstance(decorator, ast.Call) else decorator
    return name_of(made) in {"command", "group"}


def not_literal(path: Path) -> Iterator[str]:
    """The places where a message is not a literal, so that it cannot be in a catalogue."""
    for call, texts in calls(path):
        if len(texts) != 1 + int(name_of(call.func) == "plural"):
            yield f"{path.relative_to(ROOT)}:{call.lineno}: a message must be a literal text"


def calls(path: Path) -> Iterator[tuple[ast.Call, list[str]]]:
    """Every call for a translation, with its literal messages."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (translates(call.func) or fills(call, raised)):
            given = call.args[: 2 if name_of(call.func) == "plural" else 1]
            values = [one.value for one in given if isinstance(one, ast.Constant)]
            yield call, [value for value in values if isinstance(value, str)]


def translates(called: ast.expr) -> bool:
    """Whether a language, a phrase or someone's page is called; others have such names too."""
    if name_of(called) == PHRASE:
        return True
    of_language = isinstance(called, ast.Name) or (
        isinstance(called, ast.Attribute)
        and name_of(called.value) in {"language", "person", "self", PHRASE}
    )
    return of_language and name_of(called) in TRANSLATORS


def fills(call: ast.Call, raised: Sequence[ast.expr | None]) -> bool:
    """Whether it is a command's answer, or the reason why one stops, with values to fill in."""
    message = call.args[0] if call.args and call.keywords else None
    is_message = call in raised or name_of(call.func) in TELLERS
    return is_message and isinstance(message, ast.Constant) and "{" in str(message.value)


def name_of(expression: ast.expr) -> str:
    """The last name of `a.b.c`."""
    if isinstance(expression, ast.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, ast.Name) else ""


def in_template(path: Path) -> Iterator[str | tuple[str, str]]:
    """The messages in a template: `{{ text("…") }}`."""
    for entry in extract_from_file("jinja2.ext:babel_extract", path, keywords=KEYWORDS):
        yield entry[1]  # type: ignore[misc]  # the stub counts a field too many


def in_data(path: Path) -> Iterator[str]:
    """The messages in a YAML file: a group of fields for each thing."""
    names = IN_DATA[path.relative_to(ROOT / "src" / "briefgen").as_posix()]
    for fields in parse_built_in(path).values():
        yield from (text for name, text in fields.items() if name in names)


READERS = {".py": in_code, ".j2": in_template, ".yaml": in_data}
"""The function that finds the messages in each kind of file."""


def read(language: str) -> Catalog:
    """The catalogue of a language, or an empty one."""
    path = FOLDER / f"{language}.po"
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def updated(language: str, messages: Catalog) -> Catalog:
    """The catalogue of a language with exactly these messages and their old translations."""
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
    """The text of the catalogue's file."""
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
    """Update or check every catalogue; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; 1 where behind")
    check = parser.parse_args().check
    messages = extracted()
    behind = False
    FOLDER.mkdir(exist_ok=True)
    for language in (*LANGUAGES, *REGIONAL_CATALOGUES):
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
    faults = [fault for path in sources() if path.suffix == ".py" for fault in not_literal(path)]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if check and (behind or faults) else 0


if __name__ == "__main__":
    sys.exit(main())
