"""What fuzzing began with, and what it found, is read again each time."""

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "tools"))

import fuzz

HERE = Path(__file__).parent
INPUTS = sorted(path for path in HERE.glob("*/*") if path.parent.name in fuzz.TARGETS)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_it_is_read(path: Path) -> None:
    """Without breaking off, and within two seconds."""
    began = time.process_time()
    fuzz.TARGETS[path.parent.name](path.read_bytes())
    assert time.process_time() - began < 2


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_each_target_has_its_inputs(target: str) -> None:
    """A target that is never fed would always pass."""
    assert any(path.parent.name == target for path in INPUTS)
