"""The answers in a form that came back: the saved HTML page, a mail with it, its fields as text.

Browsers send a form by `mailto:` as lines like `dana-smith:needs=a named engineer` (the HTML
standard's `text/plain` encoding); a text of several lines continues until the next field.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from briefgen.meetings.markup import looks_like_html, plain_text
from briefgen.reflection.answers import Answered, Answers
from briefgen.reflection.asked import DEGREES, TAKEN
from briefgen.reflection.decisions import Decision, decided
from briefgen.reflection.due_dates import due_day
from briefgen.reflection.form import form_token
from briefgen.reflection.open_items import OpenItem
from briefgen.reflection.reflections import Reflected
from briefgen.workspace.atomic import FILE_MODE, make_folder, sync_folder
from briefgen.workspace.document import read_bytes
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value

_FIELD: Final = re.compile(
    r"\s*(briefgen|code|token|end|[^\s=]+:(?:needs_answered|help_answered|signals|needs|needs_met|words"
    r"|summary|concern|adjust|stance|line|promise\.(?:me|them)\.\d(?:\.due)?"
    r"|(?:item|due)\.[0-9a-f]{12}))=(.*)\Z",
    re.DOTALL,
)
_QUOTED: Final = re.compile(r"\A(?:[ \t]*>)+ ?")
_TEXTS: Final = ("needs", "words", "summary", "adjust")
_CHOICES: Final = ("needs_answered", "help_answered", "needs_met", "stance")
_LARGEST: Final = 2_000_000


@dataclass(frozen=True, kw_only=True)
class FormAnswers:
    """What a form holds.

    Attributes:
        code: of the meeting's sheet.
        token: shows that it is a form of this workspace.
        fields: by the contact's stem, each field's name and value, in order.
        file: where it was read, for problems.
    """

    code: str
    token: str
    fields: dict[str, list[tuple[str, str]]] = field(repr=False)
    file: str

    @property
    def mark(self) -> str:
        """A hash of the answers, whichever mail or file they came in."""
        told = repr((self.code, sorted(self.fields.items())))
        return hashlib.sha256(told.encode()).hexdigest()[:24]

    def is_of(self, workspace: Workspace) -> bool:
        """Whether a form of this workspace was filled in."""
        return hmac.compare_digest(form_token(workspace, self.code), self.token)


def read_form(content: bytes, file: str) -> FormAnswers | None:
    """The answers in the bytes of a file; None if it is not a form of briefgen's."""
    if len(content) > _LARGEST:
        return None
    for text in _texts(content):
        for pairs in _pairs_in(text):
            if form := _form(pairs, file):
                return form
    return None


def _pairs_in(text: str) -> Iterator[Sequence[tuple[str, str]]]:
    """The fields in a saved page, in lines, or in the lines of an HTML-only mail."""
    if "<form" in text.casefold():
        page = _Page()
        page.feed(text)
        yield page.pairs
        return
    yield _pairs_of_text(text)
    if looks_like_html(text):
        yield _pairs_of_text(plain_text(text))


def is_mail(content: bytes) -> bool:
    """Whether this looks like a mail: header fields that no file of answers has."""
    head = content[:4000].replace(b"\r\n", b"\n").partition(b"\n\n")[0].lower()
    return bool(
        re.search(rb"^(?:message-id|mime-version|received|return-path):", head, re.MULTILINE)
    )


def mail_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The texts in a mail: the name of each attachment, or an empty name, and its bytes."""
    mail = message_from_bytes(content, policy=policy.default)
    for part in mail.walk():
        if isinstance(part, EmailMessage) and part.get_content_maintype() in {
            "text",
            "application",
        }:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                text = _as_utf8(payload, part.get_content_charset())
                yield part.get_filename() or "", _unflowed(text, part)


def _as_utf8(payload: bytes, charset: str | None) -> bytes:
    if charset in {"idna", "punycode"}:  # Python's codecs for names, not charsets of a text
        return payload
    try:
        return payload.decode(charset or "utf-8", errors="replace").encode()
    except (LookupError, ValueError):  # a codec like `undefined`
        return payload


def _unflowed(text: bytes, part: EmailMessage) -> bytes:
    """A text with its original lines, which a mail program has broken (RFC 3676)."""
    if (part.get_param("format") or "") != "flowed":
        return text
    lines = re.sub(rb"(?m)^ ", b"", text.replace(b"\r\n", b"\n"))
    glue = b"" if part.get_param("delsp") == "yes" else b" "
    return re.sub(rb"(?m)(?<!^--) \n(?!\Z)", glue, lines)


def _texts(content: bytes) -> Iterator[str]:
    if is_mail(content):
        for _, part in mail_parts(content):
            yield part.decode(errors="replace")
    else:
        yield content.decode(errors="replace")


class _Page(HTMLParser):
    """Collects the fields of a form: those that are checked, and the text of the others."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._area: str | None = None
        self._written = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "textarea":
            self._area, self._written = name, ""
        elif tag == "input" and name:
            ticked = (given.get("type") or "").casefold() in {"radio", "checkbox"}
            if not ticked or "checked" in given:
                self.pairs.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._written += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            self.pairs.append((self._area, self._written.removeprefix("\n")))
            self._area = None


def _pairs_of_text(text: str) -> list[tuple[str, str]]:
    """The fields in lines, which may be quoted, up to the end of the form or a signature."""
    pairs: list[tuple[str, str]] = []
    for quoted in text.splitlines():
        line = _QUOTED.sub("", quoted)
        if line == "-- " and pairs:
            break
        if found := _FIELD.match(line):
            if found[1] == "end":
                break
            pairs.append((found[1], found[2]))
        elif pairs:
            name, value = pairs[-1]
            pairs[-1] = (name, f"{value}\n{line}")
    return pairs


def _form(pairs: Sequence[tuple[str, str]], file: str) -> FormAnswers | None:
    given = {name: value.strip() for name, value in pairs if ":" not in name}
    if given.get("briefgen") != "1" or not given.get("code"):
        return None
    fields: dict[str, list[tuple[str, str]]] = {}
    for name, value in pairs:
        stem, _, key = name.rpartition(":")
        if stem and value.strip():
            fields.setdefault(stem, []).append((key, value.strip()))
    return FormAnswers(
        code=given["code"].upper(), token=given.get("token", ""), fields=fields, file=file
    )


def answers_of(
    form: FormAnswers, reflected: Reflected
) -> tuple[tuple[Answered, ...], tuple[Problem, ...]]:
    """The answers, each about one contact of the meeting, and what is wrong in them.

    An item that is no longer open is left out, with a warning.
    """
    answered: list[Answered] = []
    problems: list[Problem] = []
    for stem, fields in form.fields.items():
        if not any(contact.stem == stem for contact in reflected.contacts):
            message = Phrase("'{stem}' did not take part or is not on file", stem=stem)
            problems.append(Problem(file=form.file, field=stem, message=message))
            continue
        reader = _Reader(stem=stem, fields=fields, reflected=reflected, file=form.file)
        answers = reader.answers()
        problems += reader.problems
        if answers is not None and not answers.is_empty:
            answered.append(Answered(answers=answers, source=form.file))
    return tuple(answered), tuple(problems)


@dataclass(kw_only=True)
class _Reader:
    """Turns one contact's fields into answers."""

    stem: str
    fields: Sequence[tuple[str, str]]
    reflected: Reflected
    file: str
    problems: list[Problem] = field(default_factory=list)

    def answers(self) -> Answers | None:
        values: dict[str, list[str]] = {}
        for name, value in self.fields:
            values.setdefault(name, []).append(value)
        lines = [key for value in values.get("line", ()) for key in value.split()]
        given: dict[str, Any] = {
            "contact": self.stem,
            "signals": _words(values.get("signals", ())),
            "promises": list(self._promises(values)),
            "concerns": [{"text": _one_line(text)} for text in values.get("concern", ())],
            "lines": lines,
            "used": [
                line.item.text for line in self.reflected.lines if line.key in lines and line.item
            ],
        }
        given |= {name: values[name][-1] for name in (*_TEXTS, *_CHOICES) if name in values}
        if "needs" in given:
            given["needs"] = _one_line(given["needs"])
        try:
            answers = Answers.model_validate({n: v for n, v in given.items() if v})
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            self._problem(name, Phrase("is not one of its answers"))
            return None
        return self._with_items(answers, values)

    def _problem(self, name: str, message: str) -> None:
        self.problems.append(Problem(file=self.file, field=f"{self.stem}:{name}", message=message))

    def _promises(self, values: dict[str, list[str]]) -> Iterator[dict[str, str]]:
        for by in ("me", "them"):
            for row in range(10):
                name = f"promise.{by}.{row}"
                if name not in values:
                    continue
                promise = {"by": by, "text": _one_line(values[name][0])}
                if due := values.get(f"{name}.due"):
                    promise["due"] = due[0]
                yield promise

    def _with_items(self, answers: Answers, values: dict[str, list[str]]) -> Answers:
        by_key = {item.key: item for item in self.reflected.open_items}
        keys = [n.partition(".")[2] for n in values if n.startswith(("item.", "due."))]
        for key in dict.fromkeys(keys):
            item = by_key.get(key)
            if item is None or item.contact != self.stem:
                message = Phrase("something in the form is no longer open, and is left as it is")
                problem = Problem(file=self.file, message=message, severity="warning")
                self.problems.append(problem)
                continue
            chosen = values.get(f"item.{key}", [""])[-1]
            due = values.get(f"due.{key}", [""])[-1]
            decision = self._decision(item, chosen, due)
            if decision is not None:
                answers = decided(answers, decision)
        return answers

    def _decision(self, item: OpenItem, chosen: str, due: str) -> Decision | None:
        day, language = self.reflected.occasion.day, self.reflected.day.language
        what: Any = chosen
        if item.kind == "need" and chosen in DEGREES:
            return Decision(item=item, state="met", day=day, met=what)
        if item.kind == "apology" and chosen in TAKEN:
            return Decision(item=item, state="apologised", day=day, taken=what)
        if "moved" in item.states and (chosen == "moved" or (due and not chosen)):
            try:
                moved = due_day(due, day=day, language=language)
            except ValueError as error:
                self._problem(f"due.{item.key}", str(error))
                return None
            return Decision(item=item, state="moved", day=day, due=moved)
        if chosen in item.states:
            return Decision(item=item, state=what, day=day)
        self._problem(f"item.{item.key}", Phrase("is not one of its answers"))
        return None


def _words(values: Sequence[str]) -> list[str]:
    words = [word.strip() for value in values for word in re.split("[,\u3001\u060c\n]", value)]
    return list(dict.fromkeys(word for word in words if word))


def _one_line(text: str) -> str:
    return " ".join(text.split())


_SUFFIXES = frozenset({".eml", ".html", ".htm", ".txt"})
_MAILDIR = ("new", "cur")


class Inbox(Value, frozen=True, kw_only=True):
    """The forms found in a folder.

    Attributes:
        forms: those that were not taken yet, the oldest first.
        taken_before: how many were.
        strangers: files with a form from elsewhere.
    """

    forms: tuple[FormAnswers, ...]
    taken_before: int
    strangers: tuple[str, ...]


def read_inbox(folder: Path, workspace: Workspace) -> Inbox:
    """Search a folder, or the `new` and `cur` of a Maildir; other mail in it is skipped.

    Raises:
        OSError: if the folder cannot be read.
    """
    known = set(_taken(workspace))
    forms: dict[str, FormAnswers] = {}
    before = 0
    strangers: list[str] = []
    for path in _files(folder):
        try:
            form = read_form(read_bytes(path), path.name)
        except OSError:
            continue
        if form is None:
            continue
        if not form.is_of(workspace):
            strangers.append(path.name)
        elif form.mark in known:
            before += 1
        else:
            forms.setdefault(form.mark, form)
    return Inbox(forms=tuple(forms.values()), taken_before=before, strangers=tuple(strangers))


def _files(folder: Path) -> Iterator[Path]:
    maildir = all((folder / name).is_dir() for name in _MAILDIR)
    folders = [folder / name for name in _MAILDIR] if maildir else [folder]
    found = [path for one in folders for path in one.iterdir() if path.is_file()]
    found.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
    return (path for path in found if maildir or path.suffix.casefold() in _SUFFIXES)


def _taken(workspace: Workspace) -> list[str]:
    try:
        return (workspace.memory / "answers-taken").read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []


def note_taken(form: FormAnswers, workspace: Workspace) -> None:
    """Remember that the answers of a form are on file.

    Raises:
        OSError: if it cannot be written.
    """
    path = workspace.memory / "answers-taken"
    make_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        os.write(descriptor, f"\n{form.mark}\n".encode())  # the line before may have been cut off
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(path.parent)
