"""Signals, trend and stance: only what the user noted, with the rule it follows."""

from pathlib import Path

import pytest

from briefgen.brief.signals import read_vocabulary
from briefgen.workspace.language import LANGUAGES, language_of

from .conftest import Desk, by_rule

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"


def with_signals(desk: Desk, **signals: str) -> Desk:
    """Dana with signals noted on days, like `d1102="frustrated, rushed"`."""
    rows = "".join(
        f"\n  - {{date: 2026-{key[1:3]}-{key[3:]}, signals: [{noted}]}}"
        for key, noted in signals.items()
    )
    return desk.with_contacts(HEAD + f"interactions:{rows}\n")


def test_a_frustrated_person_is_listened_to_first(desk: Desk) -> None:
    """The stance comes with its rule, the date, what helps and what to keep from."""
    brief = with_signals(desk, d1102="frustrated, rushed").compose()
    prompt = brief.prompts[1]
    assert prompt.suggested == "listen"
    assert prompt.stances == ("listen", "teach", "advise", "coach")
    assert [line.rule for line in prompt.lines] == ["stance", "helps"]
    assert prompt.lines[0].origin == "2 Nov"
    assert brief.glance.stance is not None
    assert brief.glance.stance.text == "Listen first"
    assert brief.glance.stance.evidence == "Dana, 2 Nov: frustrated, rushed"
    assert [line.rule for line in brief.glance.every_line] == ["keep-from"]


@pytest.mark.parametrize(
    ("noted", "stance"),
    [
        ("confused", "teach"),
        ("hesitant", "advise"),
        ("curious", None),
        ("calm", None),
        ("relieved", "coach"),
        ("relieved, sad", "listen"),
        ("begeistert, verwirrt", "teach"),
        ("a word of my own", None),
    ],
)
def test_each_family_asks_for_its_stance(desk: Desk, noted: str, stance: str | None) -> None:
    """Of several signals the one that asks for most care decides.

    Unknown words and neutral ones decide nothing.
    """
    brief = with_signals(desk, d1102=noted).compose()
    assert brief.prompts[1].suggested == stance
    assert (brief.glance.stance is None) == (stance is None)


def test_contradicting_signals_are_told_as_such(desk: Desk) -> None:
    """Hopeful and yet tired: care comes first, and nothing is smoothed over."""
    brief = with_signals(desk, d1102="hopeful, tired").compose()
    assert brief.glance.stance is not None
    assert brief.glance.stance.stance == "listen"
    assert brief.glance.stance.evidence == "Dana, 2 Nov: hopeful, but tired"
    assert brief.faces[0].mood[-1].tone == "mixed"


def test_the_trend_in_words(desk: Desk) -> None:
    """Since when things are better or worse; two dated signals of the same side tell it."""
    better = with_signals(desk, d0810="frustrated", d0901="happy", d1012="calm", d1102="relieved")
    assert by_rule(better.compose(), "trend") == ["Things have got better since 1 Sept."]
    worse = with_signals(desk, d0810="happy", d0901="open", d1012="angry", d1102="sad")
    assert by_rule(worse.compose(), "trend") == ["Things have got worse since 12 Oct."]
    assert by_rule(with_signals(desk, d1012="happy", d1102="sad").compose(), "trend") == []
    assert by_rule(with_signals(desk, d1012="sad", d1102="angry").compose(), "trend") == []


def test_after_three_months_a_signal_is_a_fact_and_no_stance(desk: Desk) -> None:
    """On the 92nd day it still suggests one; the day after it only says how they were."""
    fresh = with_signals(desk, d0823="angry").compose()
    assert fresh.prompts[1].suggested == "listen"
    old = with_signals(desk, d0822="angry").compose()
    assert old.prompts[1].suggested is None
    assert old.glance.stance is None
    assert by_rule(old, "signals") == ["In August: angry"]


def test_an_unknown_word_in_the_newest_note_leaves_no_stance(desk: Desk) -> None:
    """Whatever came before."""
    brief = with_signals(desk, d1012="angry", d1102="a word of my own").compose()
    assert brief.prompts[1].suggested is None
    assert brief.glance.stance is None


def test_old_signals_tell_nothing_of_today(desk: Desk) -> None:
    """After a year no stance is suggested from them."""
    desk.with_contacts(HEAD + "interactions: [{date: 2025-11-01, signals: [angry]}]")
    brief = desk.compose()
    assert brief.prompts[1].suggested is None
    assert brief.prompts[1].lines == ()
    assert brief.faces[0].mood == ()


def test_signals_come_only_from_what_was_noted(desk: Desk) -> None:
    """Angry words in a summary, a title or a description are no signal."""
    desk.with_contacts(
        HEAD + "interactions: [{date: 2026-11-02, summary: She was furious and angry.}]"
    )
    brief = desk.compose(title="Angry escalation", description="- frustrated customers")
    assert brief.prompts[1].lines == ()
    assert brief.prompts[1].suggested is None


def test_a_signal_to_be_avoided_suggests_nothing(desk: Desk) -> None:
    """Where tact hides the signal, its stance, its mood and its trend are hidden too."""
    desk.with_contacts(HEAD + "avoid: [sad]\ninteractions: [{date: 2026-11-02, signals: [sad]}]")
    brief = desk.compose()
    assert brief.prompts[1].suggested is None
    assert "sad" not in repr(brief.prompts).casefold()
    assert brief.faces[0].mood == ()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_vocabulary_speaks_every_language_of_the_page(code: str) -> None:
    """At least 24 signals, each with words in each language, each family with advice."""
    vocabulary, problems = read_vocabulary(Path("/nowhere"), language_of(code))
    assert problems == ()
    assert len(vocabulary.signals) >= 24
    for signal in vocabulary.signals:
        assert signal.words
        assert {language for _, language in signal.synonyms} == set(LANGUAGES)
        assert signal.family.rule
        assert signal.family.helps
        assert signal.family.keep_from
        for word in signal.words:
            assert vocabulary.find(word) is not None
    rules = {signal.family.rule for signal in vocabulary.signals}
    assert code == "en" or not rules & {
        signal.family.rule
        for signal in read_vocabulary(Path("/nowhere"), language_of("en"))[0].signals
    }


def test_a_vocabulary_of_the_users_wins_and_a_broken_one_is_a_problem(tmp_path: Path) -> None:
    """A copy in the templates folder; where it cannot be read, the built-in one serves."""
    own = tmp_path / "templates"
    own.mkdir()
    text = """
families:
  mine: {stance: teach, rule: show it, signals: {puzzled-cat: [wide-eyed]}}
"""
    (own / "signals.yaml").write_text(text)
    vocabulary, problems = read_vocabulary(own, language_of("de"))
    assert problems == ()
    assert vocabulary.find("wide-eyed") is not None
    assert vocabulary.find("frustrated") is None
    (own / "signals.yaml").write_text("families: {mine: {stance: shout, rule: x, signals: {}}}")
    vocabulary, problems = read_vocabulary(own, language_of("de"))
    assert [problem.file for problem in problems if problem.severity == "error"]
    assert all(problem.file == "templates/signals.yaml" for problem in problems)
    assert vocabulary.find("frustrated") is not None
