import os
import pty
import select
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image
from small_workspaces import DANA, Place

from briefgen.cli import main

AFTER = "2026-11-23T18:00"
REVIEW = "review@calendar.example"


def _dana(place: Place) -> Path:
    return place.root / "data/contacts/dana-smith.yaml"


def _answered(place: Place, *lines: str, meeting: str = REVIEW) -> Result:
    """The dialogue with these lines typed, each with Enter behind it; then the input ends."""
    return place.runner.invoke(
        main,
        ["reflect", "-w", str(place.root), "--as-of", AFTER, meeting],
        input="".join(f"{line}\n" for line in lines),
        catch_exceptions=False,
    )


def _piped(place: Place, answers: str) -> Result:
    """The same meeting with answers from a pipe."""
    return place.runner.invoke(
        main,
        ["reflect", "-w", str(place.root), "--as-of", AFTER, REVIEW, "--from", "-"],
        input=answers,
        catch_exceptions=False,
    )


ALL = (
    "y",  # could you answer the first question
    "a named engineer",
    "p",  # was it met
    "n",  # the second question
    "Went through the plan",
    "finally somebody calls",
    "relieved, in a hurry",
    "listen",
    "budget",
    "send the plan",
    "soon",  # does not name a day, and is asked again
    "Friday",
    "",  # no other promise
    "name a lead",
    "",  # no due date
    "",
    "bought a boat",
    "",  # a life event
    "",  # this month
    "1y sailed to Norway",
    "sailing",
    "i",
    "",
    "1",  # the talking point
    "invoices come late",
    "",
    "",  # no photo
    "bring numbers",
    "",  # write it
)


def test_every_question_is_asked_and_written(place: Place) -> None:
    """The dialogue writes what the same answers from a file would."""
    result = _answered(place, *ALL)
    assert result.exit_code == 0, result.output
    text = _dana(place).read_text()
    for line in (
        "    summary: Went through the plan\n",
        "    signals: [relieved, in a hurry]\n",
        "    needs_met: partly\n",
        "      help_answered: no\n",
        "  - {by: me, text: send the plan, made: 2026-11-23, due: 2026-11-27}\n",
        "  - {by: them, text: name a lead, made: 2026-11-23}\n",
        "  - date: 2026-11\n    note: bought a boat\n",
        "interests: [sailing]\n",
        "{text: ask how the Lisbon trip went, used: [2026-11-23]}",
        "    text: invoices come late\n",
        "      adjust: bring numbers\n",
    ):
        assert line in text
    assert "does not name a day" in result.output
    assert not list((place.root / ".briefgen/drafts").glob("*"))


def test_every_question_can_be_skipped(place: Place) -> None:
    """Enter at every question writes nothing at all."""
    result = _answered(place, *[""] * 40)
    assert result.exit_code == 0, result.output
    assert _dana(place).read_text() == DANA


def test_what_broke_off_is_offered_next_time(place: Place) -> None:
    """The end of input, or Ctrl-C, keeps the answers so far; the next call goes on with them."""
    result = _answered(place, "y", "a named engineer")
    assert result.exit_code == 1
    assert ".briefgen/drafts/" in result.output
    assert _dana(place).read_text() == DANA
    result = _answered(place, "", *[""] * 40)
    assert "There is an earlier draft" in result.output
    assert "so far: a named engineer" in result.output
    assert result.exit_code == 0, result.output
    assert "    needs: a named engineer\n" in _dana(place).read_text()
    assert not list((place.root / ".briefgen/drafts").glob("*"))


@pytest.mark.parametrize("broken_off_at", [1, 5, 10, 15])
def test_ctrl_c_between_two_questions_keeps_a_draft(
    place: Place, monkeypatch: pytest.MonkeyPatch, broken_off_at: int
) -> None:
    """Ctrl-C need not meet a prompt that waits: at each question all answers before it are kept."""
    from briefgen.cli import reflect_questions

    said = []

    def asked(question: str, hint: str = "") -> None:
        said.append((question, hint))
        if len(said) > broken_off_at:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)  # impatiently

    monkeypatch.setattr(reflect_questions, "say_question", asked)
    before = signal.getsignal(signal.SIGINT)
    result = _answered(place, *ALL)
    assert signal.getsignal(signal.SIGINT) == before
    assert result.exit_code == 1, result.output
    (draft,) = (place.root / ".briefgen/drafts").iterdir()
    assert f"kept in .briefgen/drafts/{draft.name}" in result.output
    assert "needs_answered: yes" in draft.read_text()
    assert _dana(place).read_text() == DANA


def test_a_birthday_outlives_a_break(place: Place) -> None:
    """It is in the draft like every other answer, and lands in the file the next time."""
    up_to_it = [""] * 10  # nothing is open
    result = _answered(place, *up_to_it, "1980", "birthday", "1980", "1980-03-26")
    assert result.exit_code == 1
    assert result.output.count("like 03-26 or 1980-03-26") == 2, "asked, and asked again"
    assert "birthday" not in _dana(place).read_text()
    result = _answered(place, "", *[""] * 40)
    assert result.exit_code == 0, result.output
    assert "birthday: 1980-03-26\n" in _dana(place).read_text()


def test_a_second_dialogue_amends(place: Place) -> None:
    """What is on file is shown, stays where it is skipped, and gives way where it is not."""
    _answered(place, *ALL)
    result = _answered(place, "", "two engineers", *[""] * 40)
    assert "so far: a named engineer" in result.output
    text = _dana(place).read_text()
    assert "    needs: two engineers\n" in text
    assert "    summary: Went through the plan\n" in text
    assert text.count(REVIEW) == 1
    assert text.count("send the plan") == 1


def test_with_several_it_asks_whom_each_thing_belongs_to(place: Place) -> None:
    """A number names one of those present; Enter means all of them."""
    lines = ["y", "", "an engineer", "1", "a budget", "y", "2", "", "n", "", "", "", ""]
    result = _answered(place, *lines, *[""] * 40, meeting="steering@calendar.example")
    assert result.exit_code == 0, result.output
    lee = (place.root / "data/contacts/lee-wong.yaml").read_text()
    assert "    needs: an engineer\n" in _dana(place).read_text()
    assert "    needs: a budget\n" in lee
    assert "needs_answered: yes" in lee
    assert "an engineer" not in lee


def test_a_photo_is_copied_where_there_is_none(place: Place) -> None:
    """The picture lands in data/contacts/photos/ and the file names it; no picture is refused."""
    Image.new("RGB", (40, 40), "red").save(place.root / "me.png")
    place.write("no.png", "not a picture")
    skipped = [""] * 12
    answers = ["y", *skipped, str(place.root / "no.png"), str(place.root / "me.png"), "", ""]
    result = _answered(place, *answers)
    assert "not a picture that can be read" in result.output
    assert result.exit_code == 0, result.output
    assert "photo: photos/dana-smith.jpg\n" in _dana(place).read_text()
    assert (place.root / "data/contacts/photos/dana-smith.jpg").is_file()


def test_a_file_changed_during_the_dialogue_is_left_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saved meanwhile: its text stays, the answers are a draft that says how to go on."""
    from briefgen.cli import reflect_questions

    changed = DANA + "notes: typed in an editor\n"
    say = reflect_questions.say_question

    def save_elsewhere(question: str, hint: str = "") -> None:
        _dana(place).write_text(changed)
        say(question, hint)

    monkeypatch.setattr(reflect_questions, "say_question", save_elsewhere)
    result = _answered(place, *ALL)
    assert result.exit_code == 1
    assert "changed in the meantime" in result.output
    assert _dana(place).read_text() == changed
    monkeypatch.undo()
    (draft,) = (place.root / ".briefgen/drafts").iterdir()
    again = place.call("reflect", REVIEW, "--from", str(draft), as_of=AFTER)
    assert again.exit_code == 0, again.output
    assert _dana(place).read_text().startswith(DANA.partition("interactions")[0][:60])
    assert "notes: typed in an editor\n" in _dana(place).read_text()
    assert "Went through the plan" in _dana(place).read_text()
    assert not draft.exists()


class _Terminal:
    """`briefgen reflect` in a real terminal."""

    def __init__(self, place: Place, *, program: Sequence[str] = ("-m", "briefgen")) -> None:
        self.screen = ""
        self.child, self.descriptor = pty.fork()
        if self.child == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a run in the background ignores it
            os.environ |= {"TERM": "xterm", "INPUTRC": "/dev/null"}
            words = ["reflect", "-w", str(place.root), "--as-of", AFTER, REVIEW]
            os.execv(sys.executable, [sys.executable, *program, *words])

    def wait_for(self, text: str) -> None:
        """Read what the terminal shows until `text` is there."""
        seen = len(self.screen)
        while text not in self.screen[max(seen - 200, 0) :]:
            ready, _, _ = select.select([self.descriptor], [], [], 60)
            assert ready, f"no {text!r} in {self.screen}"
            self.screen += os.read(self.descriptor, 4096).decode(errors="replace")

    def type(self, keys: str) -> None:
        os.write(self.descriptor, keys.encode())

    def status(self) -> int:
        """Wait until it ends."""
        while True:
            ready, _, _ = select.select([self.descriptor], [], [], 60)
            assert ready, f"it does not end: {self.screen}"
            try:
                if not os.read(self.descriptor, 4096):
                    break
            except OSError:  # the other side is closed
                break
        _, status = os.waitpid(self.child, 0)
        os.close(self.descriptor)
        return os.waitstatus_to_exitcode(status)


def test_in_a_real_terminal(place: Place) -> None:
    """Tab completes a signal from the vocabulary, and Ctrl-C keeps a draft."""
    terminal = _Terminal(place)
    try:
        for question, keys in (
            ("what they needed?", "yes\r"),
            ("need from you?", "zoë 🙂\r"),
            ("get it?", "\r"),
            ("how to help?", "\r"),
            ("decided?", "\r"),
            ("words, worth", "\r"),
            ("feelings did you notice?", "frus\t, reliev\t\r"),
        ):
            terminal.wait_for(question)
            terminal.wait_for("  > ")
            terminal.type(keys)
        terminal.wait_for("How did you respond?")
        assert "frustrated asks for: listen" in terminal.screen
        terminal.type("\x03")
        assert terminal.status() == 1
    except BaseException:
        os.kill(terminal.child, signal.SIGKILL)
        raise
    (draft,) = (place.root / ".briefgen/drafts").iterdir()
    text = draft.read_text()
    assert "  - frustrated\n  - relieved\n" in text
    assert "zoë 🙂" in text


@pytest.mark.parametrize(
    "kill",
    [
        pytest.param("partial(kill, getpid(), SIGINT)", id="unseen by Python before it waits"),
        pytest.param("lambda: kill(getpid(), SIGINT)", id="in a hook that swallows what is raised"),
    ],
)
def test_a_break_in_the_instant_before_the_terminal_is_read_is_not_lost(
    place: Place, kill: str
) -> None:
    """It ends the command without another key: readline alone would go on waiting for one."""
    program = f"""
import ctypes, readline
from functools import partial
from os import getpid
from signal import SIGINT
from briefgen.cli import main
kill = ctypes.CDLL(None).kill
def at_the_second_question():
    readline.set_pre_input_hook({kill})
readline.set_pre_input_hook(at_the_second_question)
main()
"""
    terminal = _Terminal(place, program=("-c", program))
    terminal.wait_for("  > ")
    terminal.type("yes\r")
    assert terminal.status() == 1
    (draft,) = (place.root / ".briefgen/drafts").iterdir()
    assert "needs_answered: yes" in draft.read_text()


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGTERM])
def test_a_closed_window_keeps_a_draft(place: Place, ending: signal.Signals) -> None:
    """A terminal that is closed, or a machine that shuts down, costs no answer."""
    terminal = _Terminal(place)
    terminal.wait_for("what they needed?")
    terminal.wait_for("  > ")
    terminal.type("yes\r")
    terminal.wait_for("need from you?")
    os.kill(terminal.child, ending)
    assert terminal.status() == 1
    (draft,) = (place.root / ".briefgen/drafts").iterdir()
    assert "needs_answered: yes" in draft.read_text()


def test_a_terminal_that_is_gone_keeps_a_draft(place: Place) -> None:
    """If nothing can be shown any more, the answers are kept all the same."""
    terminal = _Terminal(place)
    terminal.wait_for("what they needed?")
    terminal.wait_for("  > ")
    terminal.type("yes\r")
    terminal.wait_for("need from you?")
    os.close(terminal.descriptor)
    os.waitpid(terminal.child, 0)
    (draft,) = (place.root / ".briefgen/drafts").iterdir()
    assert "needs_answered: yes" in draft.read_text()


def test_a_draft_that_cannot_be_read_is_kept(place: Place) -> None:
    """Who wrote into the draft and made a mistake is told where; it is not asked over, nor lost."""
    _answered(place, "y", "a named engineer")
    (draft,) = (place.root / ".briefgen/drafts").iterdir()
    draft.write_text(draft.read_text() + "summry: x\n")
    result = _answered(place, *ALL)
    assert result.exit_code == 1
    assert f"{draft.name}:" in result.output
    assert "did you mean 'summary'?" in result.output
    assert "correct it, or delete it" in result.output
    assert draft.exists()
    assert _dana(place).read_text() == DANA


def test_what_was_added_stands_on_lines_of_its_own(place: Place) -> None:
    """A terminal breaks a long line in the middle of a word."""
    result = _answered(place, *ALL)
    assert "\n  my promise: send the plan (by 27 Nov)\n" in result.output


def test_answers_that_no_disk_takes_are_shown(place: Place) -> None:
    """Where the file cannot be written and no draft either, they can be copied from the window."""
    (place.root / ".briefgen").mkdir()
    (place.root / ".briefgen/drafts").symlink_to(place.root / "a disk that is not there")
    _dana(place).chmod(0o444)
    whole = _answered(place, *ALL)
    assert whole.exit_code == 1
    assert "is read-only" in whole.stderr
    assert ".briefgen/drafts: no draft can be kept: " in whole.stderr
    assert "text: send the plan, due: 2026-11-27}" in whole.stderr
    broken_off = _answered(place, "y", "a named engineer")
    assert broken_off.exit_code == 1
    assert "needs: a named engineer\n" in broken_off.stderr
    assert _dana(place).read_text() == DANA


def test_answers_from_elsewhere_leave_a_draft_where_it_is(place: Place) -> None:
    """What was answered in a window and broken off is not lost to answers that come from a pipe."""
    _answered(place, "y", "a named engineer")
    (draft,) = (place.root / ".briefgen/drafts").iterdir()
    before = draft.read_bytes()
    piped = _piped(place, "summary: by phone\n")
    assert piped.exit_code == 0, piped.output
    assert draft.read_bytes() == before
    assert f"an earlier draft is kept in .briefgen/drafts/{draft.name}" in piped.output


def test_a_second_draft_takes_nothing_from_the_first(place: Place) -> None:
    """Answers that cannot be written lie beside those of before; each goes on by its name."""
    _answered(place, "y", "a named engineer")
    (draft,) = (place.root / ".briefgen/drafts").iterdir()
    before = draft.read_bytes()
    _dana(place).chmod(0o444)
    piped = _piped(place, "summary: by phone\n")
    assert piped.exit_code == 1
    older = draft.with_name(f"{draft.stem}-2.yaml")
    assert (older.read_bytes(), draft.read_text().splitlines()[1:]) == (
        before,
        ["contact: dana-smith", "summary: by phone"],
    )
    assert f"an earlier draft is kept in .briefgen/drafts/{older.name}" in piped.output


def test_a_draft_that_is_refused_is_not_written_over(place: Place) -> None:
    """Who says no to the draft of before, and breaks off again, has both."""
    _answered(place, "y", "a named engineer")
    result = _answered(place, "n", "no", "somebody to call")
    assert result.exit_code == 1
    kept = sorted((place.root / ".briefgen/drafts").iterdir())
    assert ["somebody to call" in one.read_text() for one in kept] == [False, True]
    assert "a named engineer" in kept[0].read_text()


def test_a_question_mark_shows_the_signals_and_a_new_answer_replaces_the_old(
    place: Place,
) -> None:
    """`?` is no signal but a wish to see them; after `<` the words typed again count alone."""
    before = ALL[: ALL.index("relieved, in a hurry")]
    result = _answered(place, *before, "?", "frustrated", "<", "relieved", *("",) * 30)
    assert "enthusiastic" in result.output
    text = _dana(place).read_text()
    assert "relieved" in text
    assert "frustrated" not in text
    assert '"?"' not in text
