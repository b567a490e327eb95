"""Built-in data is compiled once, and made again whenever its source changes."""

import os
import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import pytest

from briefgen.workspace import built_in
from briefgen.workspace.built_in import kept, parse_built_in, read_built_in


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source in a package of its own."""
    monkeypatch.setattr(built_in, "PACKAGE", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "words.yaml"
    path.write_text("words: [one]\n")
    return path


def _where(source: Path) -> Path:
    return Path(cache_from_source(f"{source}.data"))


def _kept(source: Path, calls: list[str], version: str = "") -> Any:  # noqa: ANN401  # as kept has it
    def make() -> object:
        calls.append("made")
        return parse_built_in(source)

    return kept("words.yaml", [source], make, version=version)


def test_what_was_made_is_taken_the_next_time(source: Path) -> None:
    """Two readings make it once, and say the same."""
    calls: list[str] = []
    assert _kept(source, calls) == _kept(source, calls) == {"words": ["one"]}
    assert calls == ["made"]


def test_a_changed_source_is_read_again(source: Path) -> None:
    """Another size, another time, or another version of a library makes it again."""
    calls: list[str] = []
    _kept(source, calls)
    source.write_text("words: [two, 3]\n")
    assert _kept(source, calls) == {"words": ["two", "3"]}
    os.utime(source, ns=(1, 1))
    _kept(source, calls)
    _kept(source, calls, version="2")
    assert len(calls) == 4


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xe3", b"i\x01\x00\x00\x00"])
def test_what_is_kept_and_broken_is_made_again(source: Path, content: bytes) -> None:
    """A file that a full disk or another program has spoilt does no harm."""
    calls: list[str] = []
    _kept(source, calls)
    _where(source).write_bytes(content)
    assert _kept(source, calls) == {"words": ["one"]}
    assert len(calls) == 2


def test_where_nothing_can_be_kept_it_is_made_each_time(source: Path) -> None:
    """A package that cannot be written to is read as it is."""
    _where(source).parent.write_text("no folder")
    calls: list[str] = []
    assert _kept(source, calls) == _kept(source, calls) == {"words": ["one"]}
    assert len(calls) == 2


def test_every_user_of_the_machine_may_read_it(source: Path) -> None:
    """What root has installed and run first serves others."""
    _kept(source, [])
    assert _where(source).stat().st_mode & 0o777 == 0o644


def test_a_broken_source_is_an_error(source: Path) -> None:
    """A fault in what is ours is never passed over."""
    source.write_text("words: [one\n")
    with pytest.raises(ValueError, match=r"words\.yaml is broken"):
        _kept(source, [])


def _sources() -> list[str]:
    root = built_in.PACKAGE
    own = (path.relative_to(root) for path in root.rglob("*.yaml"))
    return sorted(f"{path}" for path in own if path.parts[0] not in {"examples", "sample"})


@pytest.mark.parametrize("file", _sources())
def test_every_built_in_file_can_be_read(file: str) -> None:
    """Each is a mapping without a mistake, and what is kept of it is what stands in it."""
    assert read_built_in(file) == parse_built_in(built_in.PACKAGE / file)
