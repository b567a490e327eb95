import email
import email.policy
import json
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image
from small_workspaces import DANA, SETTINGS, Place

from briefgen.cli import main

AFTER = "2026-11-23T18:00"
REVIEW = "review@calendar.example"

NOTES = """\
summary: "Agreed: a named engineer"
words: finally somebody calls
needs: a named engineer
needs_met: yes
needs_answered: yes
help_answered: partly
signals: [relieved, in a hurry]
unsaid: budget may be at risk
stance: advise
promises:
  - send the plan
  - {by: them, text: name a lead, due: in two weeks}
life_events: [{date: 2026-11, note: bought a boat, expect: {after: 1y, note: sailed to Norway}}]
interests: [sailing]
concerns: [invoices come late]
used: [lisbon]
adjust: bring numbers
"""

WHOLE = """\
version: 1
name: Dana Smith
emails: [dana.smith@acme.example]
organization: Acme Logistics
title: VP Operations
talking_points: [{text: ask how the Lisbon trip went, used: [2026-11-23]}]
interactions:
  - {date: 2026-11-02, channel: call, summary: Went through the missed go-live.}
  - date: 2026-11-23
    channel: meeting
    meeting: {uid: review@calendar.example}
    summary: "Agreed: a named engineer"
    words: finally somebody calls
    signals: [relieved, in a hurry]
    needs: a named engineer
    needs_met: yes
    unsaid: budget may be at risk
    stance: advise
    reflection:
      needs_answered: yes
      help_answered: partly
      adjust: bring numbers
promises:
  - {by: me, text: send the plan, made: 2026-11-23}
  - {by: them, text: name a lead, made: 2026-11-23, due: 2026-12-07}
life_events:
  - date: 2026-11
    note: bought a boat
    expect: {after: 1y, note: sailed to Norway}
interests: [sailing]
concerns:
  - date: 2026-11-23
    text: invoices come late
"""


def _dana(place: Place) -> Path:
    return place.root / "data/contacts/dana-smith.yaml"


def _reflect(place: Place, notes: str, *options: str, meeting: str | None = REVIEW) -> Result:
    place.write("notes.yaml", notes)
    given = [] if meeting is None else [meeting]
    source = str(place.root / "notes.yaml")
    return place.call("reflect", *given, "--from", source, *options, as_of=AFTER)


def test_every_answer_finds_its_place(place: Place) -> None:
    """All keys at once: the file grows by exactly these lines."""
    result = _reflect(place, NOTES)
    assert result.exit_code == 0, result.output
    assert _dana(place).read_text() == WHOLE
    assert place.call("check", as_of=AFTER).exit_code == 0


def test_a_birthday_and_a_photo_where_there_is_none(place: Place) -> None:
    """The picture is copied to the contacts' photos; what is on file already stays."""
    Image.new("RGB", (40, 40), "red").save(place.root / "me.png")
    notes = f"birthday: 03-26\nphoto: {place.root / 'me.png'}\n"
    result = _reflect(place, notes)
    assert result.exit_code == 0, result.output
    text = _dana(place).read_text()
    assert "birthday: 03-26\n" in text
    assert "photo: photos/dana-smith.jpg\n" in text
    assert (place.root / "data/contacts/photos/dana-smith.jpg").is_file()
    assert _reflect(place, notes).exit_code == 0
    assert _dana(place).read_text() == text
    assert "says 03-26; change it there" in _reflect(place, "birthday: 03-27\n").output
    assert _dana(place).read_text() == text


def test_the_same_reflection_twice_changes_nothing(place: Place) -> None:
    """Two reflections on one meeting amend: what is there does not come in a second time."""
    _reflect(place, NOTES)
    result = _reflect(place, NOTES)
    assert "all of it was there already" in result.output
    assert _dana(place).read_text() == WHOLE


def test_a_second_reflection_amends_the_first(place: Place) -> None:
    """What is answered again takes the old answer's place; what was missing is added."""
    _reflect(place, "summary: short\nsignals: [relieved]\n")
    _reflect(place, "summary: longer\nunsaid: budget\nsignals: [open]\nneeds_answered: no\n")
    text = _dana(place).read_text()
    assert text.count("review@calendar.example") == 1
    assert "    summary: longer\n" in text
    assert "short" not in text
    assert "    signals: [relieved, open]\n" in text
    assert "    unsaid: budget\n" in text
    assert "    reflection: {needs_answered: no}\n" in text


def test_answers_come_through_a_pipe(place: Place) -> None:
    """`--from -` reads standard input."""
    result = place.runner.invoke(
        _main(),
        ["reflect", "-w", str(place.root), "--as-of", AFTER, REVIEW, "--from", "-"],
        input="summary: from a pipe\n",
    )
    assert result.exit_code == 0, result.output
    assert "summary: from a pipe" in _dana(place).read_text()


def _main():  # noqa: ANN202  # click's own type
    from briefgen.cli import main

    return main


def test_without_an_argument_it_takes_the_last_ended(place: Place) -> None:
    """At half past twelve the meeting at ten is the last one that ended."""
    place.write("notes.yaml", "summary: done\n")
    source = str(place.root / "notes.yaml")
    result = place.call("reflect", "--from", source, as_of="2026-11-23T12:30")
    assert result.exit_code == 0, result.output
    assert REVIEW in _dana(place).read_text()


def test_several_contacts_take_a_list(place: Place) -> None:
    """One mapping for each contact, by the file's name, an address or the name."""
    notes = """\
- contact: dana-smith
  summary: she decides
- contact: Lee Wong
  summary: he counts
  promises: [{by: them, text: send the budget, due: Friday}]
"""
    result = _reflect(place, notes, meeting="Steering")
    assert result.exit_code == 0, result.output
    assert "she decides" in _dana(place).read_text()
    lee = (place.root / "data/contacts/lee-wong.yaml").read_text()
    assert "he counts" in lee
    assert "{by: them, text: send the budget, made: 2026-11-23, due: 2026-11-27}" in lee
    assert "she decides" not in lee


@pytest.mark.parametrize(
    ("notes", "line", "said"),
    [
        ("sumary: typo\n", 1, "did you mean 'summary'"),
        ("summary: x\nneeds_met: maybe\n", 2, "is not one of"),
        ("promises:\n  - {by: me, text: x, due: soon}\n", 2, "does not name a day"),
        ("summary: [a\n", 1, "not closed"),
        ("- just text\n", 1, "list of such"),
        ("summary: x\nused: [the weather]\n", 2, "not a talking point"),
        ("summary: a\nsummary: b\n", 2, "is given twice"),
        ("contact: somebody\nsummary: x\n", 1, "did not take part"),
        ("signals: frustrated\n", 1, "must be a list"),
        ("birthday: 1980\n", 1, "a year alone is no birthday"),
        ("summary: x\nphoto: nowhere.jpg\n", 2, "nowhere.jpg is not a file"),
    ],
)
def test_wrong_notes_change_nothing(place: Place, notes: str, line: int, said: str) -> None:
    """Every fault is reported with its line, and neither file nor history is touched."""
    result = _reflect(place, notes)
    assert result.exit_code == 1, result.output
    assert f"notes.yaml:{line}" in result.output
    assert said in result.output
    assert _dana(place).read_text() == DANA
    assert not (place.root / ".briefgen/history").exists()


def test_who_is_meant_must_be_said(place: Place) -> None:
    """Where several took part, answers without `contact` are refused, and the names told."""
    result = _reflect(place, "summary: x\n", meeting="Steering")
    assert result.exit_code == 1
    assert "dana-smith, lee-wong" in result.output


def test_empty_notes_write_nothing(place: Place) -> None:
    """Notes that answer nothing are not a reflection."""
    assert _reflect(place, "contact: dana-smith\n").exit_code == 1
    assert _dana(place).read_text() == DANA


def test_due_lists_what_waits(place: Place) -> None:
    """The newest first; a meeting that was reflected on is gone from the list."""
    report = place.report("reflect", "--due", as_of=AFTER)
    assert [m["title"] for m in report["due"]] == ["Steering committee", "Q4 service review"]
    _reflect(place, "summary: x\n")
    report = place.report("reflect", "--due", as_of=AFTER)
    assert [m["title"] for m in report["due"]] == ["Steering committee"]
    assert place.report("reflect", "--due", as_of="2026-11-23T10:30")["due"] == []


def test_a_sheets_code_finds_its_meeting(place: Place) -> None:
    """The code that `list` shows and the sheet carries, in capitals or not."""
    listed = place.report("list", "--date", "2026-11-23", as_of=AFTER)
    code = next(b["code"] for b in listed["briefs"] if b["uid"] == REVIEW)
    result = _reflect(place, "summary: by its code\n", meeting=code.lower())
    assert result.exit_code == 0, result.output
    assert "by its code" in _dana(place).read_text()


def test_several_meetings_are_listed(place: Place) -> None:
    """A piece of two titles names neither; status 2 and the list."""
    result = _reflect(place, "summary: x\n", meeting="e")
    assert result.exit_code == 2
    assert "Q4 service review" in result.output
    assert "Steering committee" in result.output


def test_what_changed_comes_as_json(place: Place) -> None:
    """`--json` says which file got what."""
    result = _reflect(place, "summary: x\n", "--json")
    assert '"file": "data/contacts/dana-smith.yaml"' in result.stdout
    assert '"draft": null' in result.stdout


def _follow_up(place: Place, notes: str, dana: str = DANA) -> EmailMessage:
    """The mail that is drafted after these answers."""
    place.write("briefgen.yaml", SETTINGS.replace("timezone", "locale: en_GB\ntimezone"))
    place.write("data/contacts/dana-smith.yaml", dana)
    result = _reflect(place, notes, "--follow-up")
    assert result.exit_code == 0, result.output
    (path,) = (place.root / "briefings/2026-11-23").glob("*-follow-up.eml")
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_a_follow_up_is_drafted_and_not_sent(place: Place) -> None:
    """Thanks, what I will do by when; no harsh words, signals, titles or promises of theirs."""
    notes = NOTES.replace("  - send the plan\n", "  - send the plan\n  - call when divorced\n")
    mail = _follow_up(place, notes, DANA + "avoid: [divorce]\n")
    assert mail["To"] == "Dana Smith <dana.smith@acme.example>"
    assert mail["X-Unsent"] == "1"
    assert mail["Subject"] == "Thank you for your time on Monday 23 November 2026"
    text = mail.get_content()
    for said in ("what you need: a named engineer", "- send the plan"):
        assert said in text
    for hidden in ("relieved", "budget", "bring numbers", "boat", "divorced", "name a lead", "Q4"):
        assert hidden not in text


SHARING = "to_share: [{text: article on trains, url: 'https://news.example/t'}]\n"


@pytest.mark.parametrize(
    ("notes", "more", "offered"),
    [
        ("signals: [happy]", "", True),
        ("signals: [frustrated]", "", False),
        ("signals: [offended]", "", False),
        ("summary: x", "relationship: {status: strained}\n", False),
        ("summary: x", "life_events: [{date: 2026-10-20, note: her husband died}]\n", False),
        ("summary: x", "life_events: [{date: 2025-10-20, note: her husband died}]\n", True),
        ("summary: x", "avoid: [trains]\n", False),
        ("summary: x", "avoid: [divorce]\nlanguage: en\n", True),
        ("shared: [article on trains]", "", False),
    ],
)
def test_one_personal_thing_is_offered_where_it_is_the_moment(
    place: Place, notes: str, more: str, *, offered: bool
) -> None:
    """Not in grief, hurt, frustration or strain, nor what was shared or is avoided."""
    text = _follow_up(place, f"{notes}\n", DANA + SHARING + more).get_content()
    assert ("article on trains https://news.example/t" in text) == offered


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ("{words: at last one screen, signals: [happy]}", True),
        ("{words: at last one screen, signals: [frustrated]}", False),
        ("{words: at last one screen}", False),
        ("{words: i am so angry with you, signals: [happy]}", False),
    ],
)
def test_only_good_words_are_quoted(place: Place, notes: str, *, said: bool) -> None:
    """Their words come back to them only where they were said gladly, and are not harsh."""
    text = _follow_up(place, f"{notes}\n").get_content()
    assert ("“" in text) == said


def test_a_kept_promise_of_theirs_is_thanked_for(place: Place) -> None:
    """The concrete thing: what they did; what they have still to do is not held up to them."""
    promises = (
        "promises: [{by: them, text: name a lead}, {by: them, text: think about leaving us}]\n"
    )
    notes = "promises: [{by: them, text: name a lead, kept: 2026-11-23}]\n"
    text = _follow_up(place, notes, DANA + promises).get_content()
    assert "thank you for this: name a lead" in text
    assert "leaving us" not in text


def test_a_hostile_title_puts_no_header_into_the_follow_up(place: Place) -> None:
    """Line ends and encoded words of a stranger's title stay text."""
    from small_workspaces import event

    title = "=?utf-8?q?=0D=0ABcc:x@evil.example?= hello"
    place.feed(event("x@c.example", "20261123T100000", "20261123T110000", title))
    result = _reflect(place, "summary: x\n", "--follow-up", meeting="x@c.example")
    assert result.exit_code == 0, result.output
    (path,) = (place.root / "briefings/2026-11-23").glob("*-follow-up.eml")
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert mail["Bcc"] is None
    assert sorted(name.casefold() for name in mail) == sorted(
        [
            "subject",
            "from",
            "to",
            "x-unsent",
            "content-type",
            "content-transfer-encoding",
            "mime-version",
        ]
    )


def test_undo_takes_the_reflection_back(place: Place) -> None:
    """`briefgen contacts undo` gives both files back as they were."""
    notes = "- {contact: dana-smith, summary: a}\n- {contact: lee-wong, summary: b}\n"
    before = (place.root / "data/contacts/lee-wong.yaml").read_bytes()
    _reflect(place, notes, meeting="Steering")
    result = place.runner.invoke(_main(), ["contacts", "undo", "-w", str(place.root)])
    assert result.exit_code == 0, result.output
    assert _dana(place).read_text() == DANA
    assert (place.root / "data/contacts/lee-wong.yaml").read_bytes() == before


def test_a_symbolic_link_keeps_a_draft_of_nothing_else(place: Place) -> None:
    """A file that may not be written is said; the others of the meeting are not touched either."""
    lee = place.root / "data/contacts/lee-wong.yaml"
    elsewhere = place.root / "lee.yaml"
    lee.rename(elsewhere)
    lee.symlink_to(elsewhere)
    notes = "- {contact: dana-smith, summary: a}\n- {contact: lee-wong, summary: b}\n"
    result = _reflect(place, notes, meeting="Steering")
    assert result.exit_code == 1
    assert "symbolic link" in result.output
    assert _dana(place).read_text() == DANA


def test_a_meeting_made_by_hand_is_found_by_its_code(place: Place) -> None:
    """A sheet for a meeting that is in no calendar leads back to it, with all its contacts."""
    place.call(
        "run", "--with", "dana-smith", "--with", "lee-wong", "--at", "2026-11-23T16:00",
        as_of="2026-11-23T12:00",
    )  # fmt: skip
    report = json.loads((place.root / "briefings/2026-11-23/report.json").read_text())
    code = report["briefs"][0]["code"]
    notes = "- {contact: dana-smith, summary: a}\n- {contact: lee-wong, summary: b}\n"
    for _ in range(2):
        result = _reflect(place, notes, meeting=code)
        assert result.exit_code == 0, result.output
    assert _dana(place).read_text().count("by-hand.briefgen") == 1
    assert "summary: b" in (place.root / "data/contacts/lee-wong.yaml").read_text()


def test_a_contact_whose_file_is_faulty_is_not_said_to_have_none(place: Place) -> None:
    """The fault is reported with its line, if nobody else is on file and where someone is."""
    place.write("data/contacts/dana-smith.yaml", "name: Dana\nemails: [dana.smith@acme.example\n")
    alone = _reflect(place, "summary: x\n")
    assert alone.exit_code == 1
    assert "error: data/contacts/dana-smith.yaml:2: brackets are not closed" in alone.stderr
    assert "briefgen contacts new --meeting" in alone.stderr
    with_lee = _reflect(place, "summary: x\n", meeting="Steering")
    assert with_lee.exit_code == 0
    assert "error: data/contacts/dana-smith.yaml:2: brackets are not closed" in with_lee.stderr


def test_a_calendar_that_cannot_be_read_is_not_called_empty(place: Place) -> None:
    """No meeting is found, and why is said; the list of what waits does not claim to be whole."""
    place.write("data/calendar.ics", "<html>sign in</html>")
    fault = "error: data/calendar.ics: a web page came instead of a calendar"
    due = place.call("reflect", "--due", as_of=AFTER)
    assert due.exit_code == 1
    assert fault in due.stderr
    assert "no meeting waits" not in due.output
    assert place.report("reflect", "--due", as_of=AFTER)["problems"]
    for arguments in (("reflect",), ("reflect", "review"), ("show", "review")):
        assert fault in place.call(*arguments, as_of=AFTER).stderr


def test_a_meeting_that_is_not_found_says_where_it_was_looked_for(place: Place) -> None:
    """The days, the option for others, and the command that shows what there is."""
    result = _reflect(place, "summary: x\n", meeting="nothing")
    assert result.exit_code == 2
    assert "no meeting 'nothing' in these days (09 Nov 2026 to 07 Dec 2026)" in result.stderr
    assert "briefgen list --why --date 2026-11-09 --days 29" in result.stderr


def test_answers_with_a_mistake_are_to_be_put_right_first(place: Place) -> None:
    """The command that goes on would meet the same mistake again."""
    given = ("reflect", REVIEW, "--from", "-")
    result = place.runner.invoke(
        main, [*given, "-w", str(place.root), "--as-of", AFTER], input="used: [nothing]\n"
    )
    assert "correct there what is wrong, then:\n  briefgen reflect" in result.output
    dana = _dana(place)
    dana.chmod(0o444)
    kept = place.runner.invoke(
        main, [*given, "-w", str(place.root), "--as-of", AFTER], input="summary: x\n"
    )
    assert "; go on with:\n  briefgen reflect" in kept.output


def test_a_draft_is_found_from_any_folder(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command that goes on names the draft by its place in the workspace."""
    place.write(".briefgen/drafts/one.yaml", "summary: x\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    done = place.call("reflect", REVIEW, "--from", ".briefgen/drafts/one.yaml", as_of=AFTER)
    assert done.exit_code == 0, done.output
    missing = place.call("reflect", REVIEW, "--from", "nothing.yaml", as_of=AFTER)
    assert (missing.exit_code, missing.stderr) == (
        2,
        "briefgen: nothing.yaml: No such file or directory\n",
    )


def test_what_is_avoided_is_read_in_the_language_of_the_contact_too(place: Place) -> None:
    """A need in German that speaks of the separation is not sent back to a German contact."""
    notes, avoid = "needs: Ruhe nach der Trennung\n", "avoid: [divorce]\n"
    assert "Trennung" not in _follow_up(place, notes, DANA + avoid + "language: de\n").get_content()
