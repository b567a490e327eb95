"""What is one person's stays theirs, and what is the firm's is on everyone's sheet."""

import json
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from mail_servers import PASSWORD, Office
from pypdf import PdfReader

from briefgen.contacts.book import parse_contact
from briefgen.contacts.contact import Contact
from briefgen.team.night import Tally, run_here, run_team, tasks_of
from briefgen.team.roster import parse_roster
from briefgen.team.task import Result

MakeTeam = Callable[..., Path]

AS_OF = datetime(2026, 11, 22, 22, 10, tzinfo=ZoneInfo("Europe/Berlin"))

CONTACT = """\
version: 1
name: Dana Smith
emails: [dana@acme.example]
aliases: [{mark}alias]
organization: Acme
past_organizations: [{mark}firm]
title: {mark}title
call_me: {mark}call
tags: [{mark}tag]
telephones: ["{mark}telephone"]
links: [{{label: {mark}link, url: "https://social.example/{mark}"}}]
next_step: {{text: {mark}step, due: 2026-12-15}}
avoid: [{mark}avoid]
apologies: [{{date: 2026-11-02, for: {mark}apology, taken: not yet, proof: {mark}proof}}]
address: {mark}address
custom: {{Key: {mark}custom}}
relationship: {{status: strained, since: 2026-09-01, reason: {mark}reason}}
situation:
  current_state: {mark}state
  already_have: {mark}have
  desired_outcome: {mark}outcome
  as_of: 2026-08-14
agreed: [{mark}agreed]
parked: [{mark}parked]
concerns: [{{date: 2026-09-01, text: {mark}concern}}]
approaches: [{{date: 2026-06-10, tried: {mark}tried, landed: badly}}]
interests: [{mark}interest]
life_events:
  - {{date: 2022-09, kind: good, note: {mark}event, expect: {{after: 4y, note: {mark}expect}}}}
promises: [{{by: me, text: {mark}promise, made: 2026-11-02, due: 2026-11-23}}]
talking_points: [{mark}point]
to_share: [{{text: {mark}share, url: "https://news.example/{mark}", fits: {mark}interest}}]
interactions:
  - date: 2026-11-02
    channel: call
    summary: {mark}summary
    words: {mark}words
    needs: {mark}needs
    unsaid: {mark}unsaid
    signals: [{mark}signal]
    reflection: {{needs_answered: no, adjust: {mark}adjust}}
notes: {mark}notes
"""
WITHOUT_WORDS = {
    "pronouns", "decides", "timezone", "photo", "country", "language", "birthday",
}  # fmt: skip
"""Fields of a contact that hold no words of your own."""


def run(file: Path) -> list[Result]:
    """A night of everyone in a roster."""
    roster, problems = parse_roster(file.read_bytes(), file=file.name, folder=file.parent)
    assert roster is not None, problems
    tasks = tasks_of(roster, Tally(), as_of=AS_OF, shard=None)
    from datetime import timedelta

    return list(run_team(tasks, partial(run_here, jobs=2), patience=timedelta()))


def sheets(root: Path) -> str:
    """What all sheets of a workspace say."""
    files = sorted((root / "briefings").rglob("*.pdf"))
    assert files
    return "\n".join(page.extract_text() for file in files for page in PdfReader(file).pages)


def test_nobody_reads_anybody_elses_notes(
    make_team: MakeTeam, office: Office, tmp_path: Path
) -> None:
    """Marked words in every field of two people's notes of one contact stay with their owner.

    They are on their sheets, and nowhere in the other's workspace, in results, in the team's
    ledger, or in a mail to the other; no more is the password of the mail server.
    """
    roster = make_team(2)
    marks = ("zarquon", "quuxly")
    held, problems = parse_contact(CONTACT.format(mark=marks[0]).encode(), "data/contacts/d.yaml")
    assert held is not None
    assert problems == ()
    assert Contact.model_fields.keys() - held.contact.model_fields_set == WITHOUT_WORDS
    for number, mark in enumerate(marks):
        contact = tmp_path / f"p{number}/data/contacts/dana.yaml"
        contact.write_text(CONTACT.format(mark=mark))
    results = run(roster)
    assert [one.state for one in results] == ["done", "done"]
    for number, mark in enumerate(marks):
        other = tmp_path / f"p{1 - number}"
        assert mark in sheets(tmp_path / f"p{number}")
        assert mark not in sheets(other).casefold()
        others = [file for file in other.rglob("*") if file.is_file()]
        assert not [file for file in others if mark.encode() in file.read_bytes()]
        common = [*tmp_path.glob(".briefgen/*"), roster]
        assert not [f for f in common if f.is_file() and mark.encode() in f.read_bytes()]
        assert mark not in json.dumps([one.as_json() for one in results])
        for envelope in office.mailbox.received:
            if envelope.rcpt_tos == [f"p{1 - number}@firm.example"]:
                assert mark.encode() not in bytes(envelope.content or b"")
    everything = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert not [file for file in everything if PASSWORD.encode() in file.read_bytes()]


def test_the_firms_contacts_lie_under_a_persons_own(
    make_team: MakeTeam, office: Office, tmp_path: Path
) -> None:
    """Who has no file of a contact has the firm's; who has one has both: their own word wins."""
    shared = tmp_path / "firm"
    shared.mkdir()
    (shared / "dana.yaml").write_text(CONTACT.format(mark="firmly"))
    roster = make_team(2, "contacts: firm")
    (tmp_path / "p0/data/contacts/dana.yaml").unlink()
    (tmp_path / "p1/data/contacts/dana.yaml").write_text(CONTACT.format(mark="mine"))
    assert [one.state for one in run(roster)] == ["done", "done"]
    assert "firmly" in sheets(tmp_path / "p0")
    assert "minetitle" in sheets(tmp_path / "p1")
    assert "firmlytitle" not in sheets(tmp_path / "p1")
    assert "Firmlysummary" in sheets(tmp_path / "p1")
    assert "mine" not in sheets(tmp_path / "p0").casefold()


def test_nobody_is_told_they_promised_what_a_colleague_did(
    make_team: MakeTeam, office: Office, tmp_path: Path
) -> None:
    """In the firm's file `author` says who `me` is; without one nobody is held to it.

    The author owns up; a colleague reads who promised it, and neither mail nor day sheet counts it.
    """
    shared = tmp_path / "firm"
    shared.mkdir()
    (shared / "dana.yaml").write_text(
        "version: 1\nname: Dana Smith\nemails: [dana@acme.example]\npromises:\n"
        "- {by: me, author: p0, text: send the blue draft, made: 2026-11-02, due: 2026-11-20}\n"
        "- {by: me, text: visit the green site, made: 2026-11-02, due: 2026-11-20}\n"
        "- {by: me, author: p0, text: fetch the red plan, made: 2026-11-02, kept: 2026-11-20}\n"
    )
    roster = make_team(2, "contacts: firm")
    for number in range(2):
        (tmp_path / f"p{number}/data/contacts/dana.yaml").unlink()
    assert [one.state for one in run(roster)] == ["done", "done"]
    author, colleague = (" ".join(sheets(tmp_path / f"p{n}").split()) for n in range(2))
    assert "p0 promised: send the blue draft" in colleague
    assert "Done since you spoke" not in colleague
    assert "Own up" not in colleague
    assert "ou promised" not in colleague
    assert "the blue draft" in author
    assert "Own up" in author
    assert "p0 promised" not in author
    assert "green site" not in author + colleague
    assert _due_in_mails(office) == {"p0@firm.example": True, "p1@firm.example": False}


def _due_in_mails(office: Office) -> dict[str, bool]:
    """Whether each one's mail speaks of the promise that is late."""
    return {
        envelope.rcpt_tos[0]: b"send the blue draft"
        in b"".join(
            part.get_payload(decode=True)
            for part in message_from_bytes(envelope.content).walk()
            if part.get_content_type() == "text/plain"
        )
        for envelope in office.mailbox.received
    }


def test_a_workspace_in_an_object_store_gets_its_sheets_back(
    make_team: MakeTeam, office: Office, tmp_path: Path
) -> None:
    """Each under its hash, and then the day's pointer; nothing else of the copy goes back."""
    make_team(1)
    before = {file for file in (tmp_path / "p0").rglob("*") if file.is_file()}
    roster = tmp_path / "far.yaml"
    roster.write_text(
        f"version: 1\npeople:\n- {{person: ann, workspace: 'file://{tmp_path}/p0'}}\n"
    )
    # As where such a folder was a workspace of this machine before.
    (tmp_path / "p0/briefings/2026-11-01").mkdir(parents=True)
    for _ in range(2):
        (result,) = run(roster)
        assert (result.state, result.briefs) == ("done", 2)
    assert len(office.mailbox.received) == 1
    after = {file for file in (tmp_path / "p0").rglob("*") if file.is_file()} - before
    pointers = [file for file in after if file.parent.name == "briefings"]
    assert [file.name for file in pointers] == ["2026-11-23.json"]
    named = json.loads(pointers[0].read_text())
    assert {"1000-review.pdf", "1400-lunch.pdf", "report.json"} <= named.keys()
    for name in named.values():
        assert (tmp_path / "p0/sheets" / name).is_file()
    assert all(file.parent.name in {"briefings", "sheets"} for file in after)


@pytest.mark.parametrize("engine", ["mars", "dask://somewhere:1"])
def test_an_engine_that_cannot_serve_is_refused(make_team: MakeTeam, engine: str) -> None:
    """Before anyone's night is begun; several machines need one ledger."""
    from click.testing import CliRunner

    from briefgen.cli import main

    roster = make_team(1)
    result = CliRunner().invoke(main, ["team", "run", "--roster", str(roster), "--on", engine])
    assert result.exit_code == 2
    assert "ledger" in result.output or "engine" in result.output
