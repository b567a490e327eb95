"""Reflections: which meetings wait for one, and how answers get into contact files.

Over 400 lines, because planning and writing share the files as they were at the beginning.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from briefgen.brief.attention import tick_for
from briefgen.brief.brief import Brief
from briefgen.brief.sheet_codes import read_codes
from briefgen.brief.sheet_memory import add_line_uses
from briefgen.contacts.book import ContactFile, name_key, parse_contact
from briefgen.contacts.changes import HeldFile, hold, new_batch, put_in_place, put_new
from briefgen.contacts.edits import contact_text
from briefgen.contacts.layered_book import files_of, merged, seen_by
from briefgen.contacts.pictures import NewPhoto, read_new_photo
from briefgen.contacts.splice import Put, splice, without_unreadable
from briefgen.day.prepare import ChosenMeeting, Day
from briefgen.meetings.meeting import recurrence_text
from briefgen.reflection.answers import (
    Answered,
    Answers,
    Draft,
    ReflectedMeeting,
    draft_path,
    drop_draft,
    interaction_of,
    keep_draft,
)
from briefgen.reflection.decisions import Written
from briefgen.reflection.open_items import (
    OpenItem,
    PrintedLine,
    line_uses,
    open_items_of,
    printed_lines,
)
from briefgen.reflection.record import record
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, unwritten
from briefgen.workspace.settings import Me
from briefgen.workspace.value import Value


def occasion_of(chosen: ChosenMeeting, day: Day) -> ReflectedMeeting:
    """A meeting as contact files know it."""
    meeting = chosen.meeting
    return ReflectedMeeting(
        day=meeting.day,
        uid=without_unreadable(meeting.uid).strip(),
        recurrence_id=recurrence_text(meeting.recurrence_id),
        language=day.language,
    )


def contacts_of(chosen: ChosenMeeting) -> tuple[ContactFile, ...]:
    """A meeting's participants who are on file."""
    found = (participant.contact for participant in chosen.participants)
    return tuple(contact for contact in found if contact is not None)


def ended(day: Day) -> tuple[ChosenMeeting, ...]:
    """The meetings that are over, the newest first."""
    over = [chosen for chosen in day.chosen if chosen.meeting.end <= day.as_of]
    return tuple(sorted(over, key=lambda c: (c.meeting.end, c.meeting.start), reverse=True))


def waiting(day: Day) -> tuple[ChosenMeeting, ...]:
    """The meetings that ended without a reflection on anyone's file, the newest first."""
    return tuple(chosen for chosen in ended(day) if not is_reflected(chosen, day))


def is_reflected(chosen: ChosenMeeting, day: Day) -> bool:
    """Whether a reflection on the meeting is on anyone's file."""
    occasion = occasion_of(chosen, day)
    return any(interaction_of(c.contact, occasion) is not None for c in contacts_of(chosen))


class Rate(Value, frozen=True, kw_only=True):
    """How many of the last meetings with someone on file have a reflection."""

    reflected: int = 0
    meetings: int = 0


class Outcome(Value, frozen=True, kw_only=True):
    """The outcome of writing answers.

    Attributes:
        written: the files that hold them now.
        problems: why others do not.
        draft: where the answers that are on no file are kept.
        before: a draft of the same meeting with other answers, which stays.
        unkept: those that could not be kept at all.
    """

    written: tuple[Written, ...] = ()
    problems: tuple[Problem, ...] = ()
    draft: Path | None = None
    before: Path | None = None
    unkept: tuple[Answers, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reflected:
    """A meeting that is reflected on, with its contacts' files as they were at the beginning.

    Attributes:
        held: by file.
        new: the first content of the user's own files that do not exist yet; the firm has one.
        refused: files that cannot be changed, and why.
        taken_up: the draft that its answers continue.
        brief: the meeting's full brief, if it has been composed already.
    """

    day: Day = field(repr=False)
    chosen: ChosenMeeting
    occasion: ReflectedMeeting
    contacts: tuple[ContactFile, ...]
    held: Mapping[str, HeldFile] = field(repr=False)
    new: Mapping[str, bytes] = field(repr=False)
    refused: Mapping[str, Problem]
    taken_up: Draft | None = None
    brief: Brief | None = field(default=None, repr=False)

    @classmethod
    def begin(cls, chosen: ChosenMeeting, day: Day, brief: Brief | None = None) -> "Reflected":
        """Read the files of the meeting's contacts again, in order to change them."""
        workspace = day.workspace
        held: dict[str, HeldFile] = {}
        new: dict[str, bytes] = {}
        refused: dict[str, Problem] = {}
        contacts = []
        for known in contacts_of(chosen):
            files = files_of(known)
            if known.is_shared:
                own, content = _own_file(known, workspace)
                new[own.file] = content
                files = (own, known)
            for one in files:
                if one.file in new:
                    continue
                found = hold(workspace.root / one.file, workspace=workspace)
                if isinstance(found, Problem):
                    refused[one.file] = found
                else:
                    held[one.file] = found
            contents = {**new, **{file: one.content for file, one in held.items()}}
            contacts.append(_read_again(files, contents, day.settings.me))
        return cls(
            day=day,
            chosen=chosen,
            occasion=occasion_of(chosen, day),
            contacts=tuple(contacts),
            held=held,
            new=new,
            refused=refused,
            brief=brief,
        )

    @property
    def workspace(self) -> Workspace:
        """The workspace of the day."""
        return self.day.workspace

    @cached_property
    def open_items(self) -> tuple[OpenItem, ...]:
        """What was open with the contacts before the meeting."""
        today, day = self.day.as_of.date(), self.occasion.day
        items = open_items_of(self.contacts, today=today, meeting=day)
        return tuple(item for item in items if not item.began_since(day))

    @cached_property
    def has_sheet(self) -> bool:
        """Whether a sheet was made for the meeting, so that its code is known."""
        return self.chosen.code in read_codes(self.workspace)

    @cached_property
    def lines(self) -> tuple[PrintedLine, ...]:
        """The printed lines of the meeting's sheet that could be used.

        If a sheet was printed or mailed, without lines added since then; if none was made, only the
        user's own talking points.
        """
        brief = self.brief or self.day.brief(self.chosen, "full")
        lines = printed_lines(brief, self.open_items)
        return lines if self.has_sheet else tuple(one for one in lines if one.item is not None)

    @property
    def own_file_notice(self) -> str:
        """What to say first about contacts who are only in the firm's folder; empty without any."""
        language = self.day.language
        names = [one.contact.name for one in self.contacts if one.file in self.new]
        if not names:
            return ""
        said = language.text(
            "your answers go into a new file of your own, which your colleagues do not read"
        )
        return language.labelled(language.listed(names), said)

    @property
    def title(self) -> str:
        """The meeting's title, never empty."""
        return self.chosen.meeting.title or Phrase("(no title)")

    def contact_named(self, wanted: str) -> ContactFile | None:
        """The contact of this meeting that `wanted` names: file, address or name."""
        flat = wanted.strip().casefold()
        for contact in self.contacts:
            names = (contact.contact.name, *contact.contact.aliases)
            if flat in {contact.stem.casefold(), contact.file, *contact.contact.emails}:
                return contact
            if name_key(wanted) in {name_key(name) for name in names}:
                return contact
        parts = [c for c in self.contacts if flat and flat in c.contact.name.casefold()]
        return parts[0] if len(parts) == 1 else None

    def contact_of(self, one: Answered) -> ContactFile | None:
        """The contact that answers are about; None if that is not clear."""
        contact = self._whom(one)
        return None if isinstance(contact, Problem) else contact

    def write(self, answered: Sequence[Answered], *, keep_answers: bool = True) -> Outcome:
        """Splice the answers into the files of those they are about.

        Either every file gets its answers or none is touched; only a file that is changed in
        between is left out. Answers that are on no file afterwards are kept as a draft.

        Args:
            answered: the answers, each about one contact.
            keep_answers: whether refused answers are kept as a draft too, since no other file has
                them.
        """
        plan = self.plan(answered)
        if plan.problems:
            outcome = Outcome(problems=plan.problems)
            return self._with_draft(outcome, answered) if keep_answers else outcome
        return self._carry_out(plan, answered)

    def plan(self, answered: Sequence[Answered]) -> "Plan":
        """What `write` would write, or the problems for which it would write nothing."""
        plan = Plan()
        for one in answered:
            contact = self._whom(one)
            if isinstance(contact, Problem):
                plan = plan.refused(contact)
            else:
                plan = self._plan_one(plan, one, contact)
        return plan

    def _whom(self, one: Answered) -> ContactFile | Problem:
        wanted = one.answers.contact
        names = ", ".join(contact.stem for contact in self.contacts)
        if wanted is None:
            if len(self.contacts) == 1:
                return self.contacts[0]
            message = Phrase("say whom it is about, with `contact`: {names}", names=names)
            return one.problem(message)
        message = Phrase(
            "'{name}' did not take part or is not on file: {names}", name=wanted, names=names
        )
        return self.contact_named(wanted) or one.problem(message, "contact")

    def _plan_one(self, plan: "Plan", one: Answered, contact: ContactFile) -> "Plan":
        """Record answers for the contact as it will be after the earlier ones."""
        now = _read_again(files_of(contact), plan.contents, self.day.settings.me)
        recording = record(one, now, self.occasion)
        if recording.problems:
            return plan.refused(*recording.problems)
        photo = self._new_photo(one, now)
        if isinstance(photo, Problem):
            return plan.refused(photo)
        language = self.occasion.language
        if photo is not None:
            plan = replace(plan, photos=(*plan.photos, photo))
            recording.additions[now.file].append(Put(keys=("photo",), value=photo.name))
            recording.said[now.file].append(language.text("photo: {item}", item=photo.name))
        additions = recording.additions or {now.file: []}
        for file, wanted in additions.items():
            if file in self.refused:
                return plan.refused(self.refused[file])
            before = self.new[file] if file in self.new else self.held[file].content
            content = splice(plan.contents.get(file, before), wanted, file=file)
            if isinstance(content, Problem):
                return plan.refused(content)
            said = (*plan.said.get(file, ()), *recording.said[file])
            if Path(file).is_absolute() and file not in plan.said:
                said = (*said, language.text("your colleagues can read this file"))
            plan = replace(
                plan,
                contents={**plan.contents, file: content},
                said={**plan.said, file: said},
                stems={**plan.stems, file: contact.stem},
            )
        return plan

    def _new_photo(self, one: Answered, contact: ContactFile) -> NewPhoto | Problem | None:
        """The photo that was given for someone who has none."""
        given = one.answers.photo
        if given is None or contact.contact.photo is not None:
            return None
        found = read_new_photo(self.workspace, contact, Path(given).expanduser())
        return one.problem(found.message, "photo") if isinstance(found, Problem) else found

    def _carry_out(self, plan: "Plan", answered: Sequence[Answered]) -> Outcome:
        for photo in plan.photos:
            try:
                write_whole(photo.place, photo.content)
            except OSError as error:
                fault = unwritten(self.workspace.relative(photo.place), error)
                return self._with_draft(Outcome(problems=(fault,)), answered)
        batch = new_batch()
        written: list[Written] = []
        problems: list[Problem] = []
        left: set[str] = set()
        keep = self.day.settings.keep.history_versions
        for file, content in plan.contents.items():
            stem, space = plan.stems[file], self.workspace
            if file in self.new:
                problem = put_new(space.root / file, content, workspace=space, batch=batch)
            else:
                problem = put_in_place(
                    self.held[file], content, workspace=space, keep=keep, batch=batch
                )
            if problem is not None:
                problems.append(problem)
            if problem is None or problem.severity == "warning":  # it is written all the same
                written.append(Written(contact=stem, file=file, said=plan.said[file]))
            else:
                left.add(stem)
        outcome = Outcome(written=tuple(written), problems=tuple(problems))
        for one in written:
            with suppress(OSError):  # the answers are on file, which is what counts
                tick_for(self.workspace, one.contact, self.occasion.day)
        used = {key for one in answered for key in one.answers.lines}
        if written and used:  # if nothing was ticked, nothing is known
            with suppress(OSError):  # this only helps to choose lines; the answers are on file
                add_line_uses(self.workspace, line_uses(self.lines, used, self.occasion))
        if left:
            rest = [one for one in answered if (o := self.contact_of(one)) and o.stem in left]
            return self._with_draft(outcome, rest)
        before = drop_draft(
            self.workspace,
            self.occasion,
            self._signed_ones([one.answers for one in answered]),
            title=self.title,
            taken_up=self.taken_up,
        )
        return outcome.replace(before=before)

    def _with_draft(self, outcome: Outcome, answered: Sequence[Answered]) -> Outcome:
        """The outcome with these answers kept as a draft, or in `unkept` if that fails."""
        answers = [one.answers for one in answered]
        try:
            kept = self.keep(answers)
        except OSError as error:
            folder = self.workspace.relative(draft_path(self.workspace, self.occasion).parent)
            message = Phrase("no draft can be kept: {reason}", reason=error.strerror)
            problems = (*outcome.problems, Problem(file=folder, message=message))
            return outcome.replace(problems=problems, unkept=self._signed_ones(answers))
        return outcome.replace(draft=kept.path, before=kept.before) if kept else outcome

    def _signed_ones(self, answers: Sequence[Answers]) -> tuple[Answers, ...]:
        """The answers that are not empty, each saying whom it is about."""
        only = self.contacts[0].stem if len(self.contacts) == 1 else None
        return tuple(
            one.model_copy(update={"contact": one.contact or only})
            for one in answers
            if not one.is_empty
        )

    def keep(self, answers: Sequence[Answers]) -> Draft | None:
        """Keep answers as a draft that says whom they are about; None if there are none.

        To keep them repeatedly, set `taken_up` to the draft returned last.

        Raises:
            OSError: if it cannot be written.
        """
        full = self._signed_ones(answers)
        if not full:
            return None
        return keep_draft(
            self.workspace, self.occasion, full, title=self.title, taken_up=self.taken_up
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will be written.

    Attributes:
        contents: the new content of each file to change.
        said: what is added to it, each thing in a few words.
        stems: which contact each file belongs to.
        problems: why nothing will be written.
    """

    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stems: Mapping[str, str] = field(default_factory=dict)
    photos: tuple[NewPhoto, ...] = ()
    problems: tuple[Problem, ...] = ()

    def refused(self, *problems: Problem) -> "Plan":
        """The plan with more problems."""
        return replace(self, problems=(*self.problems, *problems))


def _own_file(shared: ContactFile, workspace: Workspace) -> tuple[ContactFile, bytes]:
    """The user's own new file for answers about a contact of the firm."""
    file = workspace.relative(workspace.contacts / f"{shared.stem}.yaml")
    fields = {"name": shared.contact.name, "emails": list(shared.contact.emails)}
    content = contact_text(fields, hints=False).encode()
    own, _ = parse_contact(content, file)
    return own or shared, content


def _read_again(files: Sequence[ContactFile], contents: Mapping[str, bytes], me: Me) -> ContactFile:
    """A contact from its files' new content; a file without any stays as it was read."""
    seen = seen_by(me)
    parsed = [
        parse_contact(contents[one.file], one.file)[0] if one.file in contents else None
        for one in files
    ]
    now = [seen(new) if new else old for new, old in zip(parsed, files, strict=True)]
    return merged(*now) if len(now) > 1 else now[0]
