"""The user's templates, tried on a specimen of a brief that has every part."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import convert

from briefgen.brief.brief import Brief
from briefgen.page.look import PAGE, Look, has_own_templates
from briefgen.page.render import syntax_problems
from briefgen.page.workers import Failure, make_pages
from briefgen.workspace.language import language_of
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, in_order


def template_problems(own: Path) -> tuple[Problem, ...]:
    """Every mistake in the user's templates that shows up in a complete brief."""
    if not has_own_templates(own):
        return ()
    problems = list(syntax_problems(own))
    with TemporaryDirectory(prefix="briefgen-") as folder:
        look = Look(
            size="A4",
            color=True,
            language=language_of("en_GB"),
            templates=own,
            contacts=Path(folder),
            cache=Path(folder),
            author="Robin Keller",
        )
        for _, page in make_pages([specimen()], look):
            problems += [_failed(page, own)] if isinstance(page, Failure) else page.problems
    return in_order(problems)


def _failed(failure: Failure, own: Path) -> Problem:
    return Problem(
        file=f"{own.name}/{PAGE}",
        message=Phrase("cannot be typeset: {reason}", reason=failure.reason),
    )


def specimen() -> Brief:
    """A brief that has each part of a page once."""
    file = {"file": "data/contacts/dana-smith.yaml", "line": 1}

    def line(section: str, text: str, mark: str | None = None, **more: str) -> dict[str, Any]:
        made = {"section": section, "text": text, "rule": "specimen", "source": file, "mark": mark}
        return {**made, **more}

    dana = {
        "key": "dana-smith",
        "name": "Dana Smith",
        "email": "dana.smith@acme.example",
        "contact": "dana-smith",
        "role": "VP Operations, Acme Logistics",
        "initials": "DS",
        "decides": True,
        "telephone": "+1 555 0100",
        "lines": [line("person", "decides", "decides", who="dana-smith")],
        "mood": [
            {"date": "2026-08-14", "signals": ["open"], "tone": "neutral"},
            {"date": "2026-11-02", "signals": ["frustrated", "rushed"], "tone": "low"},
        ],
        "source": file,
    }
    unknown = {
        "key": "j.doe@acme.example",
        "name": "J. Doe",
        "email": "j.doe@acme.example",
        "remark": "no file for j.doe@acme.example",
        "initials": "JD",
        "source": {"file": "data/calendar.ics"},
    }
    call = {"label": "2 Nov", "channel": "call", "note": "frustrated", "who": "dana-smith"}
    brief: dict[str, Any] = {
        "edition": "full",
        "uid": "specimen@calendar.example",
        "recurrence_id": None,
        "start": "2026-11-23T10:00:00Z",
        "end": "2026-11-23T11:00:00Z",
        "feed": "data/calendar.ics",
        "title": "Quarterly review",
        "place": "Harbour Street 5",
        "join_link": "https://meet.example/quarterly",
        "organizations": ["Acme Logistics"],
        "marks": ["tentative"],
        "glance": {
            "stance": {
                "text": "Listen first",
                "stance": "listen",
                "evidence": "Dana, 2 November",
                "rule": "specimen",
                "source": file,
            },
            "lead": line("prompt", "Dana still needs: a named engineer"),
            "lines": [
                {"label": "first", "lines": [line("repair", "we missed the date", "apology")]},
                {"label": "bring", "lines": [line("promises", "the draft", "overdue")]},
            ],
        },
        "faces": [dana, unknown],
        "uncounted": 3,
        "lines": [
            line("agenda", "Service levels"),
            line("say", "Maya has probably graduated: ask", "ask"),
            line("promises", "send the draft service levels", "overdue"),
            line("promises", "name a project lead", "theirs"),
            line("bring", "article on carrier pricing", "due"),
            line("situation", "three carriers keyed by hand"),
            line("repair", "be direct; ask what is bothering them", "apology"),
            line("history", "went through the missed go-live", "verbatim", **call),
            line("reflection", "bring options next time"),
        ],
        "prompts": [
            {
                "question": "What do they need from me?",
                "lines": [line("prompt", "a named engineer", "open")],
            },
            {
                "question": "How can I help based on their emotional signals?",
                "stances": ["listen", "teach", "advise", "coach"],
                "suggested": "listen",
            },
        ],
        "code": "K7Q4",
        "calendar_as_of": "2026-11-22T22:10:00Z",
    }
    return convert(brief, Brief)
