"""What the pages on reliability name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KINDS = (ROOT / "tests" / "hostile_kinds.md").read_text(encoding="utf-8")
PROMISES = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", range(1, 17))
def test_each_kind_has_its_tests(kind: int) -> None:
    """Its row names tests that are there, two further inputs among them."""
    (row,) = re.findall(rf"^\| {kind} \| .*$", KINDS, re.MULTILINE)
    file = ""
    for name, test in re.findall(r"`([\w/]*\.py)?::(\w+)`", row):
        file = name or file
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), test
    assert file == "delivery/test_kinds_of_attack.py"


def test_each_promise_has_a_command() -> None:
    """Eight promises, each with the command that proves it; the tests it names are there."""
    numbers = re.findall(r"^(\d)\. \*\*", PROMISES, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 9)]
    commands = re.findall(r"^ {7}(\S.*)$", PROMISES, re.MULTILINE)
    assert len(commands) == len(numbers)
    for command in commands:
        for path in re.findall(r"tests/\S+", command):
            assert (ROOT / path).exists(), path
