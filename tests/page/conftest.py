"""A look for every page test."""

from pathlib import Path

import pytest
from handmade import look_of

from briefgen.page.look import Look


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """A look of an empty workspace."""
    return look_of(tmp_path)
