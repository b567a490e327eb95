"""The answers of a reflection, from a file, a pipe or the dialogue, and drafts of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from briefgen.contacts.contact import (
    Apology,
    Birthday,
    Concern,
    Contact,
    Degree,
    Interaction,
    LifeEvent,
    Note,
    Party,
    Stance,
    Visibility,
)
from briefgen.contacts.dates import WholeDate
from briefgen.contacts.yaml_text import Word, Writable, as_yaml
from briefgen.workspace.atomic import sync_folder, write_whole
from briefgen.workspace.document import parse_documents, read_bytes
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language, language_of
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.validation import Kept, validate
from briefgen.workspace.values import Part, Text


class PromiseMade(Part):
    """Something one side said it would do; a plain text is my own promise.

    One that is open on file already is settled: kept, dropped, or moved to another due date.
    """

    plain_field = "text"

    by: Party | None = None
    """me or them; me if it is not given and nothing on file says otherwise."""
    text: Text
    """What was promised."""
    made: WholeDate | None = None
    """When; the day of the meeting if it is not given."""
    due: Text | None = None
    """When it is due: a date, or in words like Friday or in two weeks."""
    kept: WholeDate | None = None
    """When it was kept."""
    dropped: WholeDate | None = None
    """When it was dropped."""
    visibility: Visibility | None = None
    """print, private or never."""


class EarlierNeed(Part):
    """A need noted at an earlier meeting, and whether it is met now; a plain text is met."""

    plain_field = "text"

    text: Text
    """The need, or a piece of it."""
    met: Degree = "yes"
    """yes, partly or no."""


class Answers(Part):
    """The answers about one contact after a meeting; every question may be skipped."""

    contact: Text | None = None
    """Whom it is about, if several took part: the file's name, an address or the name."""
    summary: Text | None = None
    """What was said and decided."""
    words: Text | None = None
    """Their own words, worth keeping."""
    needs: Text | None = None
    """What they needed from you."""
    needs_met: Degree | None = None
    """Whether they got it: yes, partly or no."""
    needs_answered: Degree | None = None
    """Could I answer "What do they need from me?": yes, partly or no."""
    help_answered: Degree | None = None
    """Could I answer "How can I help based on their emotional signals?": yes, partly or no."""
    signals: tuple[Text, ...] = ()
    """Emotional signals seen."""
    unsaid: Text | None = None
    """What was left unsaid."""
    stance: Stance | None = None
    """listen, teach, advise or coach."""
    promises: tuple[PromiseMade, ...] = ()
    """Promises made, mine and theirs; and those on file that were kept, dropped or moved."""
    life_events: tuple[LifeEvent, ...] = ()
    """What happened in their life."""
    interests: tuple[Note, ...] = ()
    """What they care about."""
    concerns: tuple[Concern, ...] = ()
    """What they complained of; and what was `resolved` of it."""
    apologies: tuple[Apology, ...] = ()
    """What you apologised for, and how it was taken."""
    earlier_needs: tuple[EarlierNeed, ...] = ()
    """Needs of earlier meetings that are met now."""
    shared: tuple[Text, ...] = ()
    """Things to share that were shared: their text, or a piece of it."""
    used: tuple[Text, ...] = ()
    """Talking points that were used: their text, or a piece of it."""
    lines: tuple[Text, ...] = ()
    """Printed lines of the sheet that were used, by the keys that forms give them."""
    birthday: Birthday | None = None
    """Their birthday, if none is on file."""
    photo: Text | None = None
    """The path of a picture, to be copied to the contacts' photos if there is none."""
    adjust: Text | None = None
    """What to do differently next time."""

    @property
    def is_empty(self) -> bool:
        """Whether every question was skipped."""
        return not self.model_fields_set - {"contact"} or not any(
            getattr(self, name) for name in type(self).model_fields if name != "contact"
        )


@dataclass(frozen=True, kw_only=True)
class ReflectedMeeting:
    """The meeting that is reflected on, as contact files identify it.

    Attributes:
        day: its date in the user's zone.
        uid: its UID, or an empty text.
        recurrence_id: the original start of an instance of a series, as reports write it.
        language: of due dates in words, and of the words for what is added.
    """

    day: date
    uid: str = ""
    recurrence_id: str | None = None
    language: Language = field(default_factory=lambda: language_of("en"), repr=False)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answers about one contact, and where they were written.

    Attributes:
        source: the file of a form, or where else they came from.
    """

    answers: Answers
    source: str = "(dialogue)"
    kept: Kept | None = field(default=None, repr=False, compare=False)

    def problem(self, message: str, *keys: str | int) -> Problem:
        """A problem with the answer at `keys`, at its place where it was written in a file."""
        if self.kept is None:
            return Problem(file=self.source, field=str(keys[0]) if keys else "", message=message)
        return self.kept.document.problem(self.kept.origin(keys), message)


def interaction_of(contact: Contact, occasion: ReflectedMeeting) -> int | None:
    """The place of the user's own interaction of this meeting; None if there is none yet."""
    for at, interaction in enumerate(contact.interactions):
        if interaction.author is None and _is_of(interaction, occasion):
            return at
    return None


def _is_of(interaction: Interaction, occasion: ReflectedMeeting) -> bool:
    key = interaction.meeting
    if occasion.uid:
        return (
            key is not None
            and key.uid == occasion.uid.strip()
            and key.recurrence_id == occasion.recurrence_id
        )
    same_day = interaction.date == occasion.day and interaction.channel == "meeting"
    return key is None and same_day and interaction.reflection is not None


def answers_on_file(contact: Contact, occasion: ReflectedMeeting) -> Answers | None:
    """What the interaction of this meeting says already; None if there is none."""
    at = interaction_of(contact, occasion)
    if at is None:
        return None
    interaction = contact.interactions[at]
    reflection = interaction.reflection
    return Answers(
        summary=interaction.summary,
        words=interaction.words,
        needs=interaction.needs,
        needs_met=interaction.needs_met,
        needs_answered=reflection.needs_answered if reflection else None,
        help_answered=reflection.help_answered if reflection else None,
        signals=interaction.signals,
        unsaid=interaction.unsaid,
        stance=interaction.stance,
        adjust=reflection.adjust if reflection else None,
    )


def read_answers(content: bytes, file: str) -> tuple[tuple[Answered, ...], tuple[Problem, ...]]:
    """The answers in a YAML text: one mapping, or a list with one for each contact.

    If anything in them is wrong, none are returned: half a reflection would be forgotten.
    """
    documents, problems = parse_documents(content, file)
    found = []
    for document in documents:
        answers, kept, faults = validate(Answers, document)
        problems += faults
        if answers is not None:
            found.append(Answered(answers=answers, kept=kept))
    return (() if problems else tuple(found)), problems


def answers_text(answers: Sequence[Answers]) -> str:
    """The YAML that `read_answers` reads back as these."""
    return as_yaml(
        [{name: _value(name, value) for name, value in given_in(one).items()} for one in answers]
    )


_WORDS = frozenset(
    {"needs_met", "needs_answered", "help_answered", "stance", "by", "visibility"}
    | {"date", "due", "made", "kept", "dropped", "resolved", "birthday", "taken", "met"}
)
"""Fields that hold a word of the format, or a date."""


def given_in(answers: Answers) -> dict[str, Any]:
    """What was answered, as JSON, from which `Answers` can be made again."""
    return answers.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)


def _value(name: str, value: Any) -> Writable:  # noqa: ANN401  # whatever JSON can hold
    if isinstance(value, Mapping):
        return {key: _value(key, held) for key, held in value.items()}
    if isinstance(value, list):
        return [_value(name, held) for held in value]
    return Word(value) if name in _WORDS else str(value)


def draft_path(workspace: Workspace, occasion: ReflectedMeeting) -> Path:
    """The file for the draft of a meeting's reflection."""
    key = repr((occasion.uid, occasion.recurrence_id, occasion.day.isoformat()))
    mark = hashlib.sha256(key.encode()).hexdigest()[:8]
    return _folder(workspace) / f"reflection-{occasion.day}-{mark}.yaml"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft as it was read or written, so that it is replaced only if it is unchanged.

    Attributes:
        mark: a hash of its content.
        before: a draft of the same meeting with other answers, which stays.
    """

    path: Path
    mark: str
    before: Path | None = None


def keep_draft(
    workspace: Workspace,
    occasion: ReflectedMeeting,
    answers: Sequence[Answers],
    *,
    title: str,
    taken_up: Draft | None,
) -> Draft:
    """Keep answers as a draft; the one they continue is replaced, any other is renamed.

    If the draft was changed meanwhile (in a second window, on a telephone), that version is renamed
    too.

    Raises:
        OSError: if it cannot be written.
    """
    content = _content(answers, title)
    path = taken_up.path if taken_up else draft_path(workspace, occasion)
    before = _put_aside(path, content, known=taken_up.mark if taken_up else None)
    write_whole(path, content)
    return Draft(path=path, mark=mark_of(content), before=before)


def mark_of(content: bytes) -> str:
    """A hash of the content of a draft."""
    return hashlib.sha256(content).hexdigest()[:16]


def _content(answers: Sequence[Answers], title: str) -> bytes:
    head = f"# {' '.join(title.split())}\n" if title.isprintable() else ""
    return (head + answers_text(answers)).encode()


def _put_aside(path: Path, content: bytes, *, known: str | None) -> Path | None:
    """Rename a draft with other content; None if there is none."""
    if not path.exists():
        return None
    held = path.read_bytes()
    if held == content or mark_of(held) == known:
        return None
    names = (path.with_name(f"{path.stem}-{number}.yaml") for number in count(2))
    free = next(name for name in names if not name.exists())
    path.rename(free)
    sync_folder(path.parent)  # before another file gets its name
    return free


def find_draft(
    workspace: Workspace, occasion: ReflectedMeeting
) -> tuple[Draft | None, tuple[Answered, ...], tuple[Problem, ...]]:
    """The draft of a meeting's reflection, its answers, and what is wrong in it."""
    path = draft_path(workspace, occasion)
    try:
        content = read_bytes(path)
    except FileNotFoundError:
        return None, (), ()
    except OSError as error:
        file = workspace.relative(path)
        return (
            None,
            (),
            (
                Problem(
                    file=file, message=Phrase("cannot be read: {reason}", reason=error.strerror)
                ),
            ),
        )
    answers, problems = read_answers(content, workspace.relative(path))
    return Draft(path=path, mark=mark_of(content)), answers, problems


def drop_draft(
    workspace: Workspace,
    occasion: ReflectedMeeting,
    answers: Sequence[Answers],
    *,
    title: str,
    taken_up: Draft | None,
) -> Path | None:
    """Remove the draft of answers now on file; returns one of other answers, which stays."""
    if taken_up is not None and _mark_at(taken_up.path) == taken_up.mark:
        taken_up.path.unlink(missing_ok=True)
    path = draft_path(workspace, occasion)
    if not path.exists():
        return None
    if path.read_bytes() == _content(answers, title):
        path.unlink()
        return None
    return path


def _mark_at(path: Path) -> str | None:
    return mark_of(path.read_bytes()) if path.exists() else None


def is_draft(path: Path, workspace: Workspace) -> bool:
    """Whether a file is one of the drafts of a workspace."""
    return path.resolve().parent == _folder(workspace).resolve()


def _folder(workspace: Workspace) -> Path:
    return workspace.memory / "drafts"
