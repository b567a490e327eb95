"""The index says what the files say, whatever happened to them, and reads no more than it must."""

import itertools
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from killing import killed_at
from whole_book import read_book

from briefgen.contacts import index
from briefgen.contacts.index import index_path, open_book
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import in_order

LONG_AGO = 1_700_000_000

_opened: list[str] = []
_listening: list[bool] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _listening and event == "open" and str(arguments[0]).endswith(".yaml"):
        _opened.append(Path(str(arguments[0])).name)


sys.addaudithook(_hear)


@contextmanager
def files_read() -> Iterator[list[str]]:
    """The names of the YAML files opened meanwhile."""
    _opened.clear()
    _listening.append(True)
    try:
        yield _opened
    finally:
        _listening.clear()


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace with no contacts yet."""
    (tmp_path / "data" / "contacts").mkdir(parents=True)
    (tmp_path / "data" / "organizations").mkdir()
    return Workspace(root=tmp_path)


def put(place: Workspace, stem: str, text: str) -> Path:
    """Write a contact file."""
    path = place.contacts / f"{stem}.yaml"
    path.write_text(text)
    return path


@contextmanager
def changed_cache(place: Workspace) -> Iterator[dict[str, Any]]:
    """What the cache holds, written back as it was changed."""
    held = json.loads(index_path(place).read_bytes())
    yield held
    index_path(place).write_text(json.dumps(held))


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file count as older than the clock's grain."""
    monkeypatch.setattr(index, "GRAIN_NS", -(10**18))


def test_the_index_is_readable_by_its_owner_alone(place: Workspace) -> None:
    """It holds names and addresses."""
    open_book(place)
    assert index_path(place).stat().st_mode & 0o777 == 0o600


def test_a_warm_book_reads_only_the_people_asked_for(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of twenty files one is opened."""
    settle(monkeypatch)
    for n in range(20):
        put(place, f"c{n}", f"name: Person {n}\nemails: [p{n}@acme.example]\n")
    open_book(place)
    with files_read() as opened:
        book, problems = open_book(place)
        (found,) = book.by_address("P7@acme.example")
        assert book.by_stem("c7") is found
        assert book.by_name("7 Person") == (found,)
        assert not book.by_address("nobody@acme.example")
        assert len(book.entries()) == 20
    assert opened == ["c7.yaml"]
    assert found.contact.name == "Person 7"
    assert not problems


def test_the_indexed_book_answers_as_the_plain_one(place: Workspace) -> None:
    """Every look-up, organizations, problems and conflicts."""
    put(
        place,
        "a",
        "name: Ann Ray\naliases: [Annie]\nemails: [x@acme.example]\norganization: Acme",
    )
    put(place, "b", "name: Ben\nemails: [y@b.example, X@acme.example]\norganization: ACME\nfoo: 1")
    put(place, "c", "name: [\n")
    put(place, "d", "name: Organization Zed\n")
    (place.contacts / "old.yml").write_text("name: Old\n")
    (place.organizations / "acme.yaml").write_text("name: Acme\nnope: 1\n")
    plain, said = read_book(place)
    for _ in range(2):
        book, problems = open_book(place)
        assert in_order(problems) == in_order(said)
        assert len(said) == 6
        assert [c.stem for c in book] == [c.stem for c in plain]
        assert book.by_address("x@acme.example") == plain.by_address("x@acme.example")
        assert book.by_name("annie") == plain.by_name("annie")
        assert book.by_name("zed organization") == plain.by_name("zed organization")
        assert book.of_organization("acme") == plain.of_organization("acme")
        assert book.organization("ACME") == plain.organization("ACME")
        assert book.organizations == plain.organizations
        assert book.by_stem("c") is plain.by_stem("c") is None
        assert book.entries() == plain.entries()


def test_a_change_within_the_clocks_grain_is_seen(place: Workspace) -> None:
    """Of the same size and with the same times: the content decides."""
    path = put(place, "a", "name: Ann\n")
    open_book(place)
    before = path.stat()
    path.write_text("name: Eve\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with changed_cache(place) as cache:  # as if ctime had not moved on
        cache["files"]["data/contacts/a.yaml"][2] = path.stat().st_ctime_ns
    book, _ = open_book(place)
    assert [entry.name for entry in book.entries()] == ["Eve"]


def test_a_change_with_the_old_time_set_back_is_seen(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a sync tool does it: size and mtime are the old ones, ctime is not."""
    settle(monkeypatch)
    path = put(place, "a", "name: Ann\n")
    os.utime(path, (LONG_AGO, LONG_AGO))
    open_book(place)
    path.write_text("name: Eve\n")
    os.utime(path, (LONG_AGO, LONG_AGO))
    book, _ = open_book(place)
    assert [entry.name for entry in book.entries()] == ["Eve"]


def test_renamed_added_and_removed_files_are_seen(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where two files change places."""
    settle(monkeypatch)
    put(place, "a", "name: Ann\n")
    put(place, "b", "name: Ben\n")
    open_book(place)
    (place.contacts / "a.yaml").rename(place.contacts / "t")
    (place.contacts / "b.yaml").rename(place.contacts / "a.yaml")
    (place.contacts / "t").rename(place.contacts / "b.yaml")
    book, _ = open_book(place)
    assert [(e.stem, e.name) for e in book.entries()] == [("a", "Ben"), ("b", "Ann")]
    (place.contacts / "a.yaml").unlink()
    put(place, "c", "name: Cy\n")
    book, _ = open_book(place)
    assert [(e.stem, e.name) for e in book.entries()] == [("b", "Ann"), ("c", "Cy")]


def test_a_removed_contact_leaves_no_trace_in_the_index(place: Workspace) -> None:
    """Nothing of it can be read out of the file any more."""
    put(place, "a", "name: Zacharias Unmistakable\nemails: [zacharias@acme.example]\n")
    open_book(place)
    (place.contacts / "a.yaml").unlink()
    open_book(place)
    content = index_path(place).read_bytes().lower()
    assert b"zacharias" not in content


@pytest.mark.parametrize("content", [b"", b"not a database at all, and long enough" * 40])
def test_a_lost_or_broken_index_is_made_anew(place: Workspace, content: bytes) -> None:
    """Nobody has to know that it is there."""
    put(place, "a", "name: Ann\n")
    open_book(place)
    index_path(place).write_bytes(content)
    book, _ = open_book(place)
    assert [entry.name for entry in book.entries()] == ["Ann"]
    index_path(place).unlink()
    assert book.by_stem("a") is not None


def test_an_index_of_another_version_is_made_anew(place: Workspace) -> None:
    """What an older briefgen found may be told in other words."""
    put(place, "a", "name: Ann\nnope: 1\n")
    _, said = open_book(place)
    with changed_cache(place) as cache:
        cache["layout"] = "old"
        cache["problems"] = []
    _, problems = open_book(place)
    assert problems == said


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_killed_at_every_step_the_index_is_right_the_next_time(place: Workspace) -> None:
    """After a kill -9 anywhere the next run agrees with the files, as if nothing had happened."""
    died = 0
    for step in itertools.count(1, 7):
        shutil.rmtree(place.memory, ignore_errors=True)
        put(place, "a", "name: Ann\nemails: [ann@acme.example]\n")
        put(place, "b", "name: Ben\nnope: 1\n")
        open_book(place)
        put(place, "a", "name: Anna\nemails: [anna@acme.example]\n")
        (place.contacts / "b.yaml").unlink()
        put(place, "c", "name: Cy\nemails: [anna@acme.example]\n")
        killed = killed_at(step, lambda: open_book(place), within=("index.py", "atomic.py"))
        died += killed
        book, problems = open_book(place)
        plain, said = read_book(place)
        assert book.entries() == plain.entries(), step
        assert in_order(problems) == in_order(said), step
        assert [c.stem for c in book.by_address("anna@acme.example")] == ["a", "c"], step
        assert book.by_address("ann@acme.example") == (), step
        if not killed:
            break
    assert died > 10


def test_where_there_can_be_no_index_every_file_is_read(place: Workspace) -> None:
    """Its folder's place is taken by a file, as good as a read-only disk."""
    put(place, "a", "name: Ann\n")
    place.memory.write_text("in the way")
    book, problems = open_book(place)
    assert [c.contact.name for c in book] == ["Ann"]
    assert not problems


def test_many_files_are_read_by_several_processes(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same result."""
    monkeypatch.setattr(index, "MANY", 3)
    for n in range(6):
        put(place, f"c{n}", f"name: Person {n}\nemails: [same@acme.example]\nnope: {n}\n")
    book, problems = open_book(place)
    plain, said = read_book(place)
    assert in_order(problems) == in_order(said)
    assert book.entries() == plain.entries()


def test_two_at_once_do_not_disturb_each_other(place: Workspace) -> None:
    """The second finds the index locked for a while, or finds it done."""
    from concurrent.futures import ThreadPoolExecutor

    for n in range(30):
        put(place, f"c{n}", f"name: Person {n}\n")
    with ThreadPoolExecutor(4) as pool:
        books = list(pool.map(lambda _: open_book(place)[0], range(4)))
    assert [len(book.entries()) for book in books] == [30] * 4


steps = st.lists(
    st.tuples(
        st.sampled_from(["write", "remove", "rename", "open"]),
        st.sampled_from("abc"),
        st.sampled_from("abc"),
        st.sampled_from(["Ann", "Ben", "Eve"]),
    ),
    max_size=12,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
def test_whatever_happens_the_index_agrees_with_the_files(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str, str]]
) -> None:
    """Any sequence of writing, removing and renaming, with looks in between."""
    root = tmp_path_factory.mktemp("w")
    place = Workspace(root=root)
    place.contacts.mkdir(parents=True)
    for action, one, two, name in (*steps, ("open", "a", "a", "Ann")):
        path = place.contacts / f"{one}.yaml"
        if action == "write":
            path.write_text(f"name: {name}\nemails: [{name}@acme.example]\n")
        elif action == "remove":
            path.unlink(missing_ok=True)
        elif action == "rename" and path.exists():
            path.rename(place.contacts / f"{two}.yaml")
        else:
            book, problems = open_book(place)
            plain, said = read_book(place)
            assert book.entries() == plain.entries()
            assert in_order(problems) == in_order(said)


def test_colleagues_are_known_without_reading_their_files(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that names an organization does not read all of it."""
    settle(monkeypatch)
    for n in range(5):
        put(place, f"c{n}", f"name: Person {n}\norganization: Acme\n")
    plain, _ = read_book(place)
    open_book(place)
    with files_read() as opened:
        book, _ = open_book(place)
        assert book.colleagues("ACME") == plain.colleagues("acme")
        assert len(book.colleagues("acme")) == 5
    assert not opened


def test_where_no_process_can_be_started_the_files_are_read_all_the_same(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a sandbox."""
    from concurrent import futures

    def refuse(**_: object) -> None:
        raise PermissionError(1, "not allowed")

    monkeypatch.setattr(index, "MANY", 1)
    monkeypatch.setattr(futures, "ProcessPoolExecutor", refuse)
    put(place, "a", "name: Ann\n")
    put(place, "b", "name: Ben\n")
    assert [entry.name for entry in open_book(place)[0].entries()] == ["Ann", "Ben"]


@pytest.mark.parametrize(
    "content", ['{"layout": 1}', "[]", "null", '{"files": {}}', '{"layout": "%s", "files": [1]}']
)
def test_a_cache_of_another_form_is_made_anew(place: Workspace, content: str) -> None:
    """Whatever wrote it."""
    put(place, "a", "name: Ann\n")
    open_book(place)
    index_path(place).write_text(content.replace("%s", index._LAYOUT))
    book, _ = open_book(place)
    assert [entry.name for entry in book.entries()] == ["Ann"]


def test_the_cache_of_older_versions_is_removed(place: Workspace) -> None:
    """It holds names and addresses, and nobody would clean it any more."""
    place.memory.mkdir()
    (place.memory / "index.sqlite").write_bytes(b"old")
    open_book(place)
    assert [path.name for path in place.memory.iterdir()] == ["index.json"]


def test_a_cache_that_is_up_to_date_is_not_written_again(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night on a full disk needs no room for it."""
    settle(monkeypatch)
    put(place, "a", "name: Ann\n")
    open_book(place)
    before = index_path(place).stat().st_ino
    open_book(place)
    assert index_path(place).stat().st_ino == before
    put(place, "b", "name: Ben\n")
    open_book(place)
    assert index_path(place).stat().st_ino != before
