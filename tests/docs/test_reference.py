"""The reference pages say what the code does."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def reference() -> ModuleType:
    """The script that writes the reference pages."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools/reference/make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "page", ["commands.md", "settings.md", "contact-files.md", "states.md", "man/briefgen.1"]
)
def test_a_reference_page_is_up_to_date(page: str) -> None:
    """Every command, option, setting and field is in the docs as the code has it now."""
    path = f"docs/{page}"
    written = (ROOT / path).read_text(encoding="utf-8")
    assert written == reference().pages()[path], "run `make docs`"


def test_every_option_is_explained() -> None:
    """No option of any command is without its help."""
    for line in reference().commands_page().splitlines():
        if line.startswith("- `"):
            assert line.rpartition("`:")[2].strip(), line
