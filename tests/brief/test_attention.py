"""The week's one attention: which it is, for whom never, and how long it stays."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from briefgen.brief.attention import (
    attention_of,
    keep_attention,
    monday_of,
    open_attention,
    read_attention,
    tick,
)
from briefgen.contacts.book import ContactFile
from briefgen.workspace.folder import Workspace

from .conftest import contact_file

MONDAY = date(2026, 11, 23)


def chosen(folder: Path, *texts: str, today: date = MONDAY) -> tuple[str, str, str] | None:
    """The kind, the person and the text of what is chosen."""
    files = [contact_file(text, f"p{at}") for at, text in enumerate(texts)]
    found = attention_of(Workspace(root=folder), files, today, "en")
    return (found.kind, found.name, found.text) if open_attention(found) else None


BIRTHDAY = "name: Dana\nbirthday: 11-26"
SHARE = "name: Lee\nto_share: [{text: a paper on looms, fits: weaving}]"
KEPT = """name: Ann
promises: [{text: send the draft, kept: 2026-11-20}]
interactions: [{date: 2026-11-02}]"""
SILENCE = "name: Tom\nrelationship: {stay_in_touch: 6w}\ninteractions: [{date: 2026-09-01}]"


def test_a_birthday_comes_before_a_kept_promise_before_a_thing_before_a_silence(
    tmp_path: Path,
) -> None:
    """One for the week, by its kind."""
    every = [SILENCE, SHARE, KEPT, BIRTHDAY]
    assert chosen(tmp_path, *every) == ("birthday", "Dana", "")
    assert chosen(tmp_path, *every[:3]) == ("kept", "Ann", "send the draft")
    assert chosen(tmp_path, *every[:2]) == ("share", "Lee", "a paper on looms")
    assert chosen(tmp_path, *every[:1]) == ("silence", "Tom", "")
    assert chosen(tmp_path) is None


def test_nobody_in_grief_or_space_is_chosen(tmp_path: Path) -> None:
    """Nor anyone with whom things are strained; after a year of grief they are again."""
    for more in (
        "life_events: [{date: 2026-10-02, note: husband Peter died}]",
        "relationship: {give_space_until: 2026-12-01}",
        "relationship: {status: strained}",
    ):
        assert chosen(tmp_path, f"{BIRTHDAY}\n{more}") is None, more
    past = "life_events: [{date: 2024-10-02, note: husband Peter died}]"
    assert chosen(tmp_path, f"{BIRTHDAY}\n{past}") == ("birthday", "Dana", "")


def test_what_is_avoided_or_stays_on_file_is_not_sent(tmp_path: Path) -> None:
    """A thing about a divorce for someone who wants none of that."""
    assert (
        chosen(
            tmp_path,
            "name: Lee\navoid: [divorce]\nto_share: [{text: a book on custody, fits: weaving}]",
        )
        is None
    )
    hidden = "name: Lee\nto_share: [{text: a book, visibility: never}]"
    assert chosen(tmp_path, hidden) is None


def test_it_stays_the_same_all_week_until_it_is_ticked(tmp_path: Path) -> None:
    """Whatever else comes up; the next week has its own."""
    workspace = Workspace(root=tmp_path)
    files = [contact_file(SHARE, "lee")]
    first = attention_of(workspace, files, MONDAY, "en")
    keep_attention(workspace, first)
    assert read_attention(workspace, MONDAY) == first
    later = [contact_file(BIRTHDAY, "dana"), *files]
    assert attention_of(workspace, later, date(2026, 11, 27), "en") == first
    done = tick(first, date(2026, 11, 24))
    keep_attention(workspace, done)
    kept = attention_of(workspace, later, date(2026, 11, 25), "en")
    assert kept == done
    assert open_attention(kept) is None
    assert open_attention(first) == first
    after = attention_of(workspace, files, date(2026, 11, 30), "en")
    assert after.week == date(2026, 11, 30)


def test_the_files_are_read_only_where_the_week_has_nothing_yet(tmp_path: Path) -> None:
    """Not where something was chosen, nor if nobody was; a night may know two weeks."""

    def unread() -> Iterator[ContactFile]:
        pytest.fail("read again")
        yield

    workspace = Workspace(root=tmp_path)
    nobody = attention_of(workspace, [], MONDAY, "en")
    keep_attention(workspace, nobody)
    assert attention_of(workspace, unread(), date(2026, 11, 27), "en") == nobody
    later = attention_of(workspace, [contact_file(SHARE, "lee")], date(2026, 11, 29), "en")
    keep_attention(workspace, later)
    for week in (nobody, later):
        assert attention_of(workspace, unread(), week.week, "en") == week


def test_a_week_begins_on_monday_and_sunday_looks_ahead() -> None:
    """The night before Monday already chooses for it."""
    assert monday_of(date(2026, 11, 22)) == MONDAY
    assert monday_of(MONDAY) == MONDAY
    assert monday_of(date(2026, 11, 28)) == MONDAY


def test_a_broken_memory_is_no_memory(tmp_path: Path) -> None:
    """It is chosen again."""
    workspace = Workspace(root=tmp_path)
    workspace.memory.mkdir(parents=True)
    (workspace.memory / "attention.json").write_text("{")
    assert read_attention(workspace, MONDAY) is None
