"""A roster is read like every file: strictly, with file, line and fix."""

from pathlib import Path

import pytest

from briefgen.team.night import check_member
from briefgen.team.roster import Member, Roster, parse_roster
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import read_settings


def parse(text: str, folder: Path = Path("/srv")) -> tuple[Roster | None, tuple[Problem, ...]]:
    """A roster of this text."""
    return parse_roster(text.encode(), file="roster.yaml", folder=folder)


def people(text: str) -> list[Member | Problem]:
    """Everyone in a roster of this text."""
    roster, problems = parse(text)
    assert roster is not None, problems
    return list(roster.people())


def test_people_are_read_with_their_lines_and_settings() -> None:
    """In one line each, or over several; comments and blank lines between do not matter."""
    found = people(
        "version: 1\npeople:\n"
        "  - {person: ann, workspace: /srv/ann}\n\n"
        "  # the new one\n"
        "  - person: bob\n"
        '    workspace: "s3://briefs/bob"\n'
        "    mail:\n      to:\n        - bob@firm.example\n"
        "common: {locale: de_DE}\n"
    )
    ann, bob = found
    assert isinstance(ann, Member)
    assert isinstance(bob, Member)
    assert (ann.person, ann.line, ann.remote) == ("ann", 3, False)
    assert (bob.person, bob.line, bob.remote) == ("bob", 6, True)
    assert bob.settings == {"mail": {"to": ["bob@firm.example"]}}


def test_an_entry_that_cannot_be_read_costs_nobody_else_theirs() -> None:
    """An open quote or brace is reported in its own line, and the people around it stay."""
    found = people(
        'people:\n- {person: ann, workspace: a}\n- {person: bob, workspace: "b}\n'
        "- {person: cy, workspace: c}\n- {person: di, workspace: d\n"
        "- person: ed\n  workspace: e\n"
    )
    assert [one.person for one in found if isinstance(one, Member)] == ["ann", "cy", "ed"]
    assert [one.line for one in found] == [2, 3, 4, 5, 6]
    assert all("not closed" in one.message for one in found if isinstance(one, Problem))


def test_many_people_keep_their_lines() -> None:
    """However far down the entry is."""
    rows = "".join(f"- {{person: p{n}, workspace: w{n}}}\n" for n in range(500))
    found = people(f"people:\n{rows}version: 1\n")
    assert [one.line for one in found if isinstance(one, Member)] == list(range(2, 502))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{person: ann}", "is missing"),
        ("ann", "must be `field: value` lines"),
        ("{person: ann, workspace: a, mial: {}}", "did you mean 'mail'?"),
        ("{person: bob, workspace: other}", "person: bob is already on line 2"),
        ("{person: ann, workspace: bob}", "workspace: bob is already on line 2"),
        ("{person: ann, workspace: ./x/../bob/}", "is already on line 2"),
        ("{person: ann, workspace: a, mail: {password: word}}", "unknown field 'password'"),
        ("{person: ann, workspace: a, feeds: [{pasword_command: x}]}", "did you mean"),
        ("{person: ann, workspace: a, feeds: [https://cal.example/secret]}", "`url_command`"),
        ('{person: ann, workspace: a, feeds: [" WEBCAL://cal.example/s"]}', "`url_command`"),
        ("{person: ann, workspace: a, feeds: [{path: https://cal.example/s}]}", "`url_command`"),
        ("{person: ann, workspace: a, feeds: [{url: https://cal.example/s}]}", "`url_command`"),
        ('{person: ann, workspace: "s3://key:word@host/a"}', "holds a password"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(row: str, message: str) -> None:
    """The others stay; someone who is wrong is left out."""
    good, bad = people(f"people:\n- {{person: bob, workspace: bob}}\n- {row}\nversion: 1\n")
    assert isinstance(good, Member)
    assert isinstance(bad, Problem)
    assert message in bad.message
    assert (bad.file, bad.line) == ("roster.yaml", 3)


def test_a_double_is_told_with_the_line_of_the_first() -> None:
    """Not with that of someone whose name holds theirs; once for each further one."""
    names = ("bobby", "bob", "bo", "bob")
    rows = "".join(f"- {{person: {one}, workspace: w{at}}}\n" for at, one in enumerate(names))
    *kept, double = people(f"people:\n{rows}- {{person: x, workspace: /srv/w2}}\n")[:4]
    assert all(isinstance(one, Member) for one in kept)
    assert isinstance(double, Problem)
    assert "person: bob is already on line 3" in double.message
    last = people(f"people:\n{rows}- {{person: x, workspace: /srv/w2}}\n")[4]
    assert isinstance(last, Problem)
    assert "workspace: /srv/w2 is already on line 4" in last.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: 1\n", "names nobody"),
        ("people:\n- {person: a, workspace: a}\nledgr: x\n", "did you mean 'ledger'?"),
        ("people:\n- {person: a, workspace: a}\ncommon: {mial: 1}\n", "did you mean 'mail'?"),
        ("people:\n- {person: a, workspace: a}\ncommon: {mail: {password: x}}\n", "'password'"),
        ("people:\n- {person: a, workspace: a}\nledger: postgresql://u:pw@h/d\n", "password"),
    ],
)
def test_a_roster_that_cannot_be_followed_is_refused(text: str, message: str) -> None:
    """Nobody's night is begun by half a roster."""
    roster, problems = parse(text)
    assert roster is None
    assert message in problems[0].message


def test_settings_lie_over_each_other(tmp_path: Path) -> None:
    """A person's own in the roster over the workspace's, and these over the common ones."""
    (tmp_path / "briefgen.yaml").write_text(
        "version: 1\nmail: {from: ann@firm.example, port: 25}\n"
    )
    roster, _ = parse(
        "people:\n- {person: ann, workspace: ., mail: {to: [x@firm.example]}}\n"
        "common: {locale: de_DE, mail: {host: mail.firm.example, port: 465, security: tls}}\n"
    )
    assert roster is not None
    (ann,) = roster.people()
    assert isinstance(ann, Member)
    over, under = roster.layers(ann)
    settings, problems = read_settings(tmp_path, over=over, under=under)
    assert settings is not None, problems
    assert settings.mail is not None
    assert settings.mail.to == ("x@firm.example",)
    assert (settings.mail.host, settings.mail.port) == ("mail.firm.example", 25)
    assert settings.locale == "de_DE"


def test_a_wrong_setting_is_told_where_it_stands(tmp_path: Path) -> None:
    """In the roster, if it is there."""
    (tmp_path / "briefgen.yaml").write_text("version: 1\n")
    roster, _ = parse("people:\n- {person: ann, workspace: ., page: {size: A0}}\n")
    assert roster is not None
    (ann,) = roster.people()
    assert isinstance(ann, Member)
    over, under = roster.layers(ann)
    _, problems = read_settings(tmp_path, over=over, under=under)
    assert [(one.file, one.line, one.field) for one in problems] == [
        ("roster.yaml", 2, "page.size")
    ]


def test_who_has_no_calendar_is_told_of(tmp_path: Path) -> None:
    """Their night would be done, and nothing in it; with the fix, as a warning."""
    (tmp_path / "briefgen.yaml").write_text("version: 1\n")
    for settings, fields in (("", ["feeds"]), (", feeds: [data/calendar.ics]", [])):
        roster, _ = parse(f"people:\n- {{person: ann, workspace: .{settings}}}\n", tmp_path)
        assert roster is not None
        (ann,) = roster.people()
        assert isinstance(ann, Member)
        problems = list(check_member(roster, ann))
        assert [(one.field, one.severity) for one in problems] == [(f, "warning") for f in fields]
