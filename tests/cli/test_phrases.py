"""A phrase is English as a text, and keeps what a translation needs."""

import pickle
from datetime import UTC, date, datetime

from briefgen.workspace.language import language_of
from briefgen.workspace.phrase import Phrase, WrittenDay, as_kept, as_said
from briefgen.workspace.problems import Problem, kept_problem

NESTED = Phrase("{one}; {other}", one=Phrase("no promise is overdue"), other="data/a.yaml")


def test_a_phrase_is_its_english() -> None:
    """Reports and comparisons see the English text, braces without values as they are."""
    assert Phrase("'{given}' is not a day", given="soon") == "'soon' is not a day"
    assert Phrase("write {name: office}") == "write {name: office}"
    assert Phrase.plural("{count} brief", "{count} briefs", 1) == "1 brief"
    assert Phrase.plural("{count} brief", "{count} briefs", 0) == "0 briefs"
    assert Phrase("left: {names}", names=["a", "b"]) == "left: a, b"


def test_a_phrase_within_a_phrase_is_said_in_the_language() -> None:
    """Values that are phrases are translated, other values are not."""
    german = language_of("de_DE")
    assert german.said(NESTED) == german.text(
        "{one}; {other}", one=german.text("no promise is overdue"), other="data/a.yaml"
    )
    assert german.said(NESTED) != NESTED


def test_an_empty_phrase_stays_empty() -> None:
    """Of an empty message gettext would say who translated the catalogue."""
    assert language_of("de_DE").said(Phrase("")) == ""


def test_a_phrase_survives_an_exception_a_cache_and_a_process() -> None:
    """What is raised, kept in JSON or pickled can still be said in a language."""
    german = language_of("de_DE")
    problem = Problem(file="a.yaml", message=NESTED)
    for again in (
        str(ValueError(NESTED)),
        as_said(as_kept(NESTED)),
        pickle.loads(pickle.dumps(NESTED)),
        kept_problem(problem.as_kept()).message,
    ):
        assert again == NESTED
        assert german.said(again) == german.said(NESTED)


def test_a_day_is_written_as_the_language_does() -> None:
    """English keeps its form; the others take theirs from CLDR."""
    moment = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
    written = WrittenDay("%a %d %b %H:%M", moment)
    assert written == "Wed 02 Dec 10:00"
    assert language_of("en_GB").said(written) == "Wed 02 Dec 10:00"
    assert language_of("de_DE").said(written) == "Mi., 2. Dez., 10:00"
    assert language_of("ja_JP").said(WrittenDay("%d %b %Y", date(2026, 12, 2))) == "2026年12月2日"
