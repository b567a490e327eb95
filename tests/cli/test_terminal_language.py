"""The terminal speaks the user's language, and what programs read stays English.

The pseudo-language writes each message in full-width letters, so that whatever is left in plain
lower-case words was never given to a translator.
"""

import re
import string
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from briefgen.cli import main
from briefgen.cli.terminal import columns_of
from briefgen.workspace import language

AS_OF = "2026-11-22T22:10"
_WIDE = str.maketrans({letter: chr(ord(letter) + 0xFEE0) for letter in string.ascii_letters})
_COMMANDS = re.compile(r"briefgen [a-z]+(?: -[-a-z]+ \S+| [a-z]+)*")
_PARTS = re.compile(r"(\{[^}]*\})")
_PLAIN_WORDS = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")


def wide(text: str) -> str:
    """A text as the pseudo-language has it."""
    return text.translate(_WIDE)


class Pseudo(NullTranslations):
    """Each message in full-width letters, its `{named}` values as they are."""

    def gettext(self, message: str) -> str:
        """The message with its letters widened."""
        parts = _PARTS.split(message)
        return "".join(p if p.startswith("{") else wide(p) for p in parts)

    def ngettext(self, one: str, many: str, count: int) -> str:  # type: ignore[override]
        """The English form, widened."""
        return self.gettext(one if count == 1 else many)


@pytest.fixture(autouse=True)
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """German is the pseudo-language, with the dates of German."""
    monkeypatch.setattr(language, "_catalogue", lambda *_: Pseudo())


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a meeting, somebody unknown, a faulty file and a meeting left out."""
    root = tmp_path / "w"
    (root / "data" / "contacts").mkdir(parents=True)
    (root / "briefgen.yaml").write_text(
        "version: 1\nme: {name: Robin, emails: [robin@keller.example], "
        "internal_domains: [keller.example]}\n"
        "timezone: Europe/Berlin\nlocale: de_DE\nfeeds: [data/calendar.ics]\n"
    )
    contacts = root / "data" / "contacts"
    (contacts / "dana.yaml").write_text(
        "version: 1\nname: Dana Smith\nemails: [dana@acme.example]\n"
        "promises:\n  - {by: me, text: x, made: 2026-11-02, due: 2026-10-02}\n"
        "interactions:\n  - {date: 2027-01-02, signals: [grumpyish]}\n"
    )
    (contacts / "broken.yaml").write_text("version: 1\nname: [a\ncolour: red\n")
    (contacts / "wrong.yaml").write_text("version: 1\nname: Ann\nbirthday: soon\nphon: 1\n")
    event = (
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261123T{time}00Z\r\n"
        "DTEND:20261123T{time}30Z\r\nSUMMARY:{title}\r\n{more}END:VEVENT\r\n"
    )
    guests = (
        "ORGANIZER:mailto:robin@keller.example\r\n"
        "ATTENDEE:mailto:robin@keller.example\r\nATTENDEE:mailto:dana@acme.example\r\n"
        "ATTENDEE;CN=Dan Smith:mailto:dan@acme.example\r\n"
    )
    (root / "data" / "calendar.ics").write_bytes(
        (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
            + event.format(uid="a@x.example", time="1000", title="Review", more=guests)
            + event.format(uid="b@x.example", time="1100", title="Alone", more="")
            + "END:VCALENDAR\r\n"
        ).encode()
    )
    return root


def call(*arguments: str, root: Path) -> Result:
    """A command in this process, at the time of the sample."""
    return CliRunner().invoke(main, [*arguments, "-w", str(root), "--as-of", AS_OF])


def every_command(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    """The words that call each command, and each group of them."""
    yield before
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from every_command(command, *before, name)
        elif command is not None and not command.hidden:
            yield (*before, name)


@pytest.mark.parametrize("words", tuple(every_command(main)), ids=" ".join)
def test_help_is_translated(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command and its options do, its headings, and the commands of a group."""
    monkeypatch.setenv("BRIEFGEN_LANG", "de")
    help_text = CliRunner().invoke(main, [*words, "--help"], prog_name="briefgen").output
    assert wide("Options") in help_text
    assert wide("Showthismessageandexit") in "".join(help_text.split())
    assert _PLAIN_WORDS.findall(_COMMANDS.sub("", help_text)) == [], help_text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lst",), "there is no command"),
        (("list", "--nonsense"), "No such option"),
        (("list", "--date", "tomorow"), "did you mean"),
        (("list", "--date", "soon"), "is not a day"),
        (("list", "--days", "0"), "is not in the range"),
        (("run", "--at", "14:30"), "go together"),
        (("run", "--edition", "big"), "is not one of"),
        (("show",), "Missing argument"),
        (("list", "--as-of", "noon"), "is not a time"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else "",
)
def test_wrong_use_is_told_in_the_language(
    words: tuple[str, ...], told: str, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An option, argument or value that does not fit; click's own words too."""
    monkeypatch.chdir(workspace)
    done = CliRunner().invoke(main, list(words), prog_name="briefgen")
    assert done.exit_code == 2
    assert wide(told.replace(" ", "")) in "".join(done.output.split())
    assert _PLAIN_WORDS.findall(_COMMANDS.sub("", done.output)) == [], done.output


def test_what_an_option_takes_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--as-of TIME`, `--days N` and click's `[OPTIONS]`; an argument keeps its English name."""
    monkeypatch.setenv("BRIEFGEN_LANG", "de")
    shown = CliRunner().invoke(main, ["show", "--help"], prog_name="briefgen").output
    assert f"--as-of {wide('TIME')}" in shown
    assert f"--days {wide('N')}" in shown
    assert f"briefgen show {wide('[OPTIONS]')} MEETING" in shown
    assert "TIME" not in shown


def test_wide_characters_are_wrapped_by_their_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes two columns of a terminal, which is never overrun."""
    monkeypatch.setenv("BRIEFGEN_LANG", "de")
    for words in ("--help",), ("contacts", "new", "--help"):
        lines = CliRunner().invoke(main, words).output.splitlines()
        assert max(map(columns_of, lines)) <= 80
        assert len(lines) > 20


SPOKEN = (
    ("list", "--why"),
    ("list", "--date", "2026-12-01"),
    ("run", "--dry-run", "-v"),
    ("run", "--only", "Review"),
    ("nightly", "--dry-run", "-v"),
    ("check",),
    ("doctor", "--offline"),
    ("feed", "show", "-v"),
    ("feed", "fetch"),
    ("send",),
    ("print", "--date", "2026-12-24"),
    ("log",),
    ("promises",),
    ("stats",),
    ("stats", "Dana"),
    ("contacts", "list"),
    ("contacts", "find", "nobody at all"),
    ("contacts", "show", "somebody"),
    ("contacts", "duplicates"),
    ("contacts", "forget", "dana", "--dry-run"),
    ("contacts", "undo"),
    ("show", "Nothing"),
    ("templates", "list"),
    ("schedule", "show"),
    ("reflect", "--due"),
    ("done", "nothing of the kind"),
)
_DATA = ("nobody at all", "nothing of the kind", "hh mm")


@pytest.mark.parametrize("arguments", SPOKEN, ids=" ".join)
def test_every_sentence_of_a_command_is_translated(
    arguments: tuple[str, ...], workspace: Path
) -> None:
    """No two plain words of English stand beside each other, and something is said."""
    done = call(*arguments, root=workspace)
    said = _COMMANDS.sub("", done.output)
    for given in (*_DATA, str(workspace)):
        said = said.replace(given, "")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert any(ord(sign) > 0xFF00 for sign in said), said
    assert _PLAIN_WORDS.findall(said) == [], said


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "--why", "--json"),
        ("run", "--dry-run", "--json"),
        ("nightly", "--dry-run", "--json"),
        ("check", "--json"),
        ("doctor", "--offline", "--json"),
        ("contacts", "list", "--json"),
        ("feed", "show", "--json"),
    ],
    ids=" ".join,
)
def test_json_is_the_same_in_every_language(
    arguments: tuple[str, ...], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys, reasons and the text of problems stay English, from a cache too."""
    spoken = call(*arguments, root=workspace).stdout
    again = call(*arguments, root=workspace).stdout
    monkeypatch.setenv("BRIEFGEN_LANG", "en")
    english = call(*arguments, root=workspace).stdout
    assert spoken == again == english
    assert all(ord(sign) < 0xFF00 for sign in spoken)


def test_english_stays_with_a_variable(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`BRIEFGEN_LANG=en` makes the terminal English whatever `locale` says."""
    monkeypatch.setenv("BRIEFGEN_LANG", "en")
    assert "1 meeting gets a brief, 1 left out" in call("list", root=workspace).output


def test_the_settings_say_the_language_even_where_they_are_broken(workspace: Path) -> None:
    """A settings file with a fault still names the language in which the fault is reported."""
    settings = workspace / "briefgen.yaml"
    settings.write_text(settings.read_text() + "colour: red\n")
    told = call("list", root=workspace).output
    assert f"{wide('unknown field')} 'colour'" in told


def test_init_speaks_the_language_it_is_given(tmp_path: Path) -> None:
    """`--locale` decides from the first line on."""
    done = CliRunner().invoke(main, ["init", str(tmp_path / "new"), "--locale", "de_DE"])
    assert wide("made") in done.output
    assert _PLAIN_WORDS.findall(_COMMANDS.sub("", done.output)) == []


def test_problems_of_a_reflection_are_english_for_programs(workspace: Path) -> None:
    """The same fault is told to people in their language, and to programs in English."""
    answers = workspace / "answers.yaml"
    answers.write_text("contact: nobody\nsummary: x\n")
    arguments = ("reflect", "Review", "--from", str(answers))
    told = CliRunner().invoke(
        main, [*arguments, "--json", "-w", str(workspace), "--as-of", "2026-11-24T09:00"]
    )
    assert "'nobody' did not take part or is not on file: dana" in told.stdout
    assert f"{wide('did not take part')}" in told.stderr
